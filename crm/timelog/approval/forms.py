"""What is asked when time is approved, asked about or explained."""

from functools import partial

from crm.core import inputs
from crm.core.forms import Chosen, Form, Line, Parsed

MOST = 500  # entries of one engagement in one month on its page


MOST_OF_ALL = 5000  # entries of a month that are approved at one press


def seen_entries(text: str, at_most: int = MOST) -> dict[int, int]:
    """Which entries stood on the page, each in its version: 12-1,13-4."""
    found = {}
    for one in text.split(","):
        entry_id, _, version = one.partition("-")
        found[inputs.whole(entry_id)] = inputs.whole(version)
    if len(found) > at_most:
        raise ValueError(f"at most {at_most} entries at once")
    return found


class ApprovalForm(Form):
    """Everything that was on the page, and nothing that came later."""

    seen = Parsed("What was on the page", seen_entries, ask="There is nothing to approve")


class MonthForm(Form):
    """The engagements whose time is approved together, and every entry that was on the page."""

    engagement = Chosen("Engagements", kind=int, ask="Tick the engagements whose time you approve")
    seen = Parsed("What was on the page", partial(seen_entries, at_most=MOST_OF_ALL), ask="There is nothing to approve")


class QuestionForm(Form):
    said = Line("Your question", at_most=500, ask="Ask what you want to know, like “Was the workshop not on Tuesday?”")


class ExplanationForm(Form):
    said = Line("Your answer", at_most=500, ask="Say how it was, or change the entry instead")
