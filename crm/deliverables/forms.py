"""What is asked about deliverables. Labels and hints are shown as they stand here."""

from functools import partial
from typing import Any

from crm.core import inputs
from crm.core.forms import Choice, Chosen, Day, Form, Line, Lines, Parsed, Prose, Several, Tick
from crm.core.twelve import OF, Area
from crm.core.words import amount
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.engagements.people import Status
from crm.files.forms import HINT, Files

ADDRESS = {"inputmode": "url"}  # long, so its field is as wide as the form

share = partial(inputs.whole, at_least=1, at_most=99)
review_days = partial(inputs.whole, at_least=1, at_most=60)


class ProposalForm(Form):
    """A deliverable in a few words: what the client is asked, too."""

    title = Line("Title", ask="Give it a title, like Supplier exit plan")
    area = Choice("Area", kind=Area, ask="Choose the area it belongs to", blank="Choose an area")
    purpose = Prose(
        "What it is for", at_most=1000, description="Two or three sentences. The client reads them once it was sent."
    )

    def offer(self, engagement: Engagement, *, plain: bool = False) -> None:
        inside = [one.area for one in engagement.scopes if one.is_in]
        self.area.of((area, f"{OF[area].number} {OF[area].plain if plain else OF[area].name}") for area in inside)


class DeliverableForm(ProposalForm):
    """A deliverable whole, as it is agreed and as it is revised."""

    type = Line("Catalogue key", at_most=30, description="Of a typical deliverable of the area, like VEN-D3")
    assignment_id = Choice("Owner", kind=int, blank="Nobody yet")
    estimate = Parsed("Estimate in days", inputs.days, show=amount)
    remaining = Parsed(
        "Days still to do", inputs.days, show=amount, description="Your own figure; else estimate less time logged"
    )
    baseline_due = Day("Agreed date", description="The baseline. Once planned it moves by an agreed change only")
    due = Day("Current date", description="When you expect it. Left empty it is the agreed date")
    confidential = Tick("Confidential", description="Marked on every page that names it")
    criteria_lines = Lines("Done when", description="One criterion a line. The client answers against them")
    shares = Several("Contributors", share, description="Per cent of the work, beside the owner")

    def offer(self, engagement: Engagement, *, plain: bool = False) -> None:
        super().offer(engagement, plain=plain)
        there = [(one.id, one.person.name) for one in engagement.assignments if one.status is not Status.ENDED]
        self.assignment_id.of(there)
        self.shares.of(there)

    def show_clash(self, subject: Any) -> None:
        super().show_clash(subject)
        names = dict(self.shares.things)
        if "shares" in self.clash:
            stands = (f"{names.get(key, 'somebody who left')} {share} %" for key, share in subject.shares.items())
            self.clash["shares"] = ", ".join(stands) or "nobody"

    def answers(self) -> dict[str, Any]:
        """Columns only; criteria and shares are rows of their own."""
        return {name: value for name, value in self.fields().items() if name not in {"criteria_lines", "shares"}}


def form_of(owed: Deliverable) -> DeliverableForm:
    """The form of what stands now. What was agreed has no field for its date any more."""
    form = DeliverableForm(obj=owed)
    form.offer(owed.engagement)
    if owed.state is not State.PROPOSED:
        del form.baseline_due
    return form


class TextForm(Form):
    """The text of the version that is being written."""

    text = Prose(
        "Text",
        at_most=100_000,
        description="What the client reads, in Markdown: ## begins a heading, - an item of a list",
    )
    link = Parsed(
        "Link", inputs.link, description="Where the document lies, if it is not the text itself", render_kw=ADDRESS
    )
    changes = Line("What changed", at_most=500, description="Since the version before, in one sentence for the client")


class PlanForm(Form):
    """Planning needs nothing more, unless it goes beyond what was agreed."""

    outside = Tick("It lies outside what was agreed", description="Then the sponsor must have said yes")
    agreed_by_id = Choice("The sponsor who agreed", kind=int, blank="Nobody")
    agreed_on = Day("Agreed on")


class AskReviewForm(Form):
    reviewer_id = Choice("Who reviews it", kind=int, ask="Choose who reviews it", blank="Choose a colleague")


class ReviewForm(Form):
    """What a colleague found, criterion by criterion. Passing and returning ask the same."""

    everything = Tick("Every criterion holds")
    holds = Chosen("It holds", kind=int)
    points = Several("Remark", partial(inputs.prose, at_most=2000))
    remark = Prose("On the whole", at_most=2000, description="For the team; the client never reads any of this")

    @property
    def held(self) -> list[int]:
        """The criteria that hold: those that were ticked, or all that have no remark."""
        return [key for key, _ in self.points.things] if self.everything.data else list(self.holds.data)

    def offer(self, owed: Deliverable) -> None:
        criteria = [(one.id, one.text) for one in owed.criteria]
        self.holds.of(criteria)
        self.points.of(criteria)


class SubmitForm(Form):
    asked_id = Choice("Who signs it off", kind=int, ask="Choose the sponsor who is asked", blank="Choose a sponsor")
    review_days = Parsed("Working days to answer", review_days, ask="Write how many working days they have, like 10")


class WithdrawForm(Form):
    reason = Line("Why it is taken back", at_most=500, ask="Say why: the sponsor reads it")


class ReasonForm(Form):
    reason = Line("Why", at_most=500, ask="Say why")


class RecordForm(Form):
    """A yes that was given on paper or by phone."""

    given_by_id = Choice("Who accepted", kind=int, ask="Choose the sponsor who accepted", blank="Choose a sponsor")
    given_on = Day("On which day", ask="Write the day they said so")
    proof = Prose("What proves it", at_most=2000, description="Where and how they said so. The sponsor reads it")
    uploads = Files("File that proves it", description=f"A scan or a mail. {HINT}")
    proof_link = Parsed(
        "Link to the proof", inputs.link, description="Where it lies, if it is not brought here", render_kw=ADDRESS
    )
    remark = Prose("What they said about it", at_most=2000)


class AgreedForm(Form):
    """Whatever needs the sponsor's agreement: who, when, why."""

    agreed_by_id = Choice(
        "Who of the client agreed", kind=int, ask="Choose the sponsor who agreed", blank="Choose a sponsor"
    )
    agreed_on = Day("Agreed on", ask="Write the day they agreed")
    reason = Line("Why", at_most=500, ask="Say why")


class BaselineForm(AgreedForm):
    becomes = Day("New agreed date", ask="Write the new date")


class AcceptForm(Form):
    """The client's yes."""

    remark = Prose("Anything we should know?", at_most=2000)


class SignForm(AcceptForm):
    """The client's yes from a mail: the name under it is written, for nobody is signed in."""

    name = Line("Your name", ask="Write your full name under your answer, like Ada Lark")


class RatingForm(Form):
    """What the client thinks of what they accepted."""

    score = Choice(
        "From 1, of no use, to 5, just what we needed",
        [(n, str(n)) for n in range(1, 6)],
        kind=int,
        ask="Choose one to five",
    )
    sentence = Line("In a sentence", at_most=500)


class SendBackForm(Form):
    """What should be different: criterion by criterion, and about the whole."""

    comments = Several(
        "What does not hold yet",
        partial(inputs.prose, at_most=2000),
        ask="Say what is missing, beside at least one point",
    )
    remark = Prose("Anything else?", at_most=2000)

    def offer(self, version: DeliverableVersion) -> None:
        self.comments.of((one.id, one.text) for one in version.criteria)


class SignBackForm(SendBackForm):
    """Changes asked for from a mail."""

    name = Line("Your name", ask="Write your full name under your answer, like Ada Lark")
