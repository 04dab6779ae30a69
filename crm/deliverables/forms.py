"""What is asked about deliverables. Labels and hints are shown as they stand here."""

from functools import partial
from typing import Any

from crm.core import inputs
from crm.core.forms import Choice, Day, Form, Line, Lines, Parsed, Prose, Several, Tick
from crm.core.twelve import OF, Area
from crm.core.words import amount
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement, Status

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

    text = Prose("Text", at_most=100_000, description="What the client reads. An empty line begins a new paragraph")
    link = Parsed("Link", inputs.link, description="Where the document lies, if it is not the text itself")
    changes = Line("What changed", at_most=500, description="Since the version before, in one sentence for the client")


class PlanForm(Form):
    """Planning needs nothing more, unless it goes beyond what was agreed."""

    outside = Tick("It lies outside what was agreed", description="Then the sponsor must have said yes")
    agreed_by_id = Choice("The sponsor who agreed", kind=int, blank="Nobody")
    agreed_on = Day("Agreed on")


class AskReviewForm(Form):
    reviewer_id = Choice("Who reviews it", kind=int, ask="Choose who reviews it", blank="Choose a colleague")


class PassForm(Form):
    remark = Prose("Remark", at_most=2000, description="For the author; the client never reads it")


class ReturnForm(Form):
    remark = Prose(
        "What is missing",
        at_most=2000,
        ask="Say what is missing",
        description="For the author; the client never reads it",
    )


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
    proof_link = Parsed("Link to the proof", inputs.link, description="A scan, a mail")
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
