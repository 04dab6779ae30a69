"""What is asked of whoever says something."""

from crm.core.forms import Choice, Form, Prose
from crm.deliverables.versions import DeliverableVersion

WHO_READS = (("team", "Our team only"), ("open", "The client too"))
MARKS = "Markdown: **bold**, - for a list, > for a quote"


class CommentForm(Form):
    """A comment before the client: they write these only."""

    body = Prose("Your comment", at_most=4000, ask="Write what you want to say", description=MARKS)
    about = Choice("About", kind=int, blank="The whole")

    def offer(self, versions: list[DeliverableVersion]) -> None:
        self.about.of((one.number, f"Version {one.number}") for one in reversed(versions))


class DeskCommentForm(CommentForm):
    """A comment of ours: who reads it is chosen now, and stays so for ever."""

    readers = Choice("Who reads it", WHO_READS, ask="Say who reads it: our team only, or the client too")


class EditCommentForm(Form):
    """The words alone: who reads them stays as it was chosen."""

    body = Prose("Your comment", at_most=4000, ask="Write what you want to say, or withdraw it", description=MARKS)

    @classmethod
    def after(cls, failed: Form, said: object) -> "EditCommentForm":
        """The words as they stand, with why the other button was refused."""
        made = cls(formdata=None, obj=said)
        made.trouble = failed.trouble
        return made
