from collections.abc import Callable, Iterator
from typing import Any

from crm.areas.across.models import AssuranceProof, Decision, RaidItem, RaidType, Treatment
from crm.core.clock import today
from crm.core.errors import Refused
from crm.core.forms import Choice, Day, Form, Line, Lines, Prose, Sum
from crm.core.twelve import TWELVE, Area
from crm.registers.forms import (
    EngagementChoice,
    EntryForm,
    Link,
    OwnedForm,
    PartyChoice,
    PartyForm,
    PastForm,
    RowChoice,
    areas,
    maybe,
    one_of,
    owner_fields,
    whole,
)

BOARD = "The board"


class RaidItemForm(PartyForm):
    """What may go wrong or has, how likely and how bad it is, and what is done about it."""

    title = Line("In a few words", ask="Say it in a few words, like The stock system fails after its support ends")
    type = one_of("Type", RaidType, "Choose what it is", default=RaidType.RISK)
    likelihood = whole(
        "How likely", at_least=1, at_most=5, ask="Say how likely it is, from 1 to 5", description="1 hardly, 5 certain"
    )
    impact = whole(
        "How bad",
        at_least=1,
        at_most=5,
        ask="Say how bad it would be, from 1 to 5",
        description="1 a nuisance, 5 a threat",
    )
    owner_party, owner_name = owner_fields()
    treatment = maybe("How it is treated", Treatment, blank="Not decided")
    response = Prose("What is done about it")
    next_review = Day("Look again on")
    engagement_id = EngagementChoice("Engagement")


class ActionForm(OwnedForm):
    """What is to be done, by whom and by when."""

    title = Line("What is to be done", ask="Say what is to be done, like Ask three suppliers for a price")
    owner_party, owner_name = owner_fields()
    due = Day("Due", ask="Say by when it is due")
    raid_item_id = RowChoice("Risk or issue that it is about", "raid_item")
    decision_id = RowChoice("Decision that it follows from", "decision")
    engagement_id = EngagementChoice("Engagement")


class DecisionForm(OwnedForm):
    """A question for somebody to decide. What was decided is said on its page, by whoever decides."""

    question = Line("Question", ask="Ask in one sentence, like Renew the telephone lines, or change?")
    options = Lines(
        "Options",
        at_most=9,
        each=300,
        ask="Write at least two options, one a line",
        description="One a line; two at least",
    )
    recommendation = Prose("What we recommend, and why")
    owner_party = PartyChoice("Who decides", blank=f"Somebody else, by name, like {BOARD}")
    owner_name = Line("Name of who decides, if not in the list", description=f"Like {BOARD}")
    needed_by = Day("Needed by", ask="Say by when the answer is needed")
    cost_a_week = Sum("What a week of waiting costs", description="In money, like 350; whoever decides reads it")
    review_on = Day(
        "Look back on", description="What really came of it is asked on that day; 90 days after when nothing is said"
    )
    engagement_id = EngagementChoice("Engagement")

    def contradictions(self) -> Iterator[Refused]:
        if len(self.options.data) < 2:
            yield Refused("Write at least two options, one a line", "options")


class AssuranceForm(EntryForm):
    """What the board was told or shown, by whom, and which areas it speaks for."""

    title = Line("What was received", ask="Name it, like Penetration test of the product")
    received_on = Day("Received on", ask="Say when it was received")
    from_whom = Line("From whom", ask="Say who gave it, like The CTO or an outside tester")
    proof = one_of("Kind of proof", AssuranceProof, "Choose the kind of proof")
    also = areas("Areas that it covers besides this one")
    link = Link("Where it lies")
    notes = Prose("What it says")
    engagement_id = EngagementChoice("Engagement")


# What is done with a row: one small form for each step that asks for words.


class CloseForm(Form):
    how = Prose("How it ended", ask="Say how it ended, so that nobody opens it again")


class LookForm(Form):
    """A risk weighed anew on the day of its review."""

    likelihood = whole(
        "How likely now",
        at_least=1,
        at_most=5,
        ask="Say how likely it is, from 1 to 5",
        description="1 hardly, 5 certain",
    )
    impact = whole(
        "How bad now",
        at_least=1,
        at_most=5,
        ask="Say how bad it would be, from 1 to 5",
        description="1 a nuisance, 5 a threat",
    )
    next_review = Day("Look again on", ask="Say when somebody looks at it again")
    note = Prose("What has changed")

    def offer(self, item: RaidItem) -> None:
        """As it stands, until somebody says otherwise."""
        if not self.is_submitted():
            self.likelihood.data, self.impact.data = item.likelihood, item.impact


class CameForm(Form):
    """What really came of a decision."""

    words = Prose(
        "What really came of it",
        ask="Say what came of it, like: the lines cost 40 a month less, the porting took a week longer",
    )


class ReasonForm(Form):
    reason = Prose("Why", ask="Say why in a sentence")


class RecordAcceptanceForm(PastForm):
    """On behalf of the sponsor, with what proves it."""

    contact_id = Choice("Who accepted it", kind=int, ask="Choose who accepted it", blank="Choose one")
    on = Day("Accepted on", ask="Say on which day", default=today)
    proof = Prose("What proves it", ask="Say what proves it, like: minutes of the meeting, point 4")


class DecideForm(Form):
    """The answer: one of the options, and why."""

    option = Choice("Your decision", ask="Choose one of the options")
    reason = Prose("In your words")

    def offer(self, decision: Decision) -> None:
        self.option.of((one, one) for one in decision.options)
        self.option.choices = [one for one in self.option.choices if one[0]]


class AcceptRiskForm(Form):
    """The sponsor's word to a risk."""

    words = Prose("In your words", ask="Say in a sentence why you live with it")


class RecordDecisionForm(PastForm):
    """What was decided elsewhere: by the board, or by somebody who does not sign in here."""

    option = Choice("What was decided", blank="Something else, in words")
    other = Line("Something else")
    on = Day("Decided on", ask="Say on which day", default=today)
    reason = Prose("How one knows", ask="Say how one knows, like: minutes of the board, point 4")

    def offer(self, decision: Decision) -> None:
        self.option.of((one, one) for one in decision.options)

    @property
    def outcome(self) -> str:
        return str(self.option.data or self.other.data)

    def validate(self, *args: Any, **options: Any) -> bool:
        is_valid = super().validate(*args, **options)
        if not self.other.errors and bool(self.option.data) == bool(self.other.data):
            self.blame(Refused("Choose an option, or say what else was decided", "option"))
        return is_valid and not self.problems


class ReviseForm(Form):
    needed_by = Day("Answer needed by", ask="Say by when the new answer is needed")
    reason = Prose("Why it is asked anew", ask="Say what has changed since it was decided")


class NoteForm(Form):
    """An action in one line."""

    title = Line("What is to be done", ask="Say what is to be done")
    area = Choice("Area", [(row.code, row.name) for row in TWELVE], kind=Area, ask="Choose an area", blank="Choose one")
    owner_party = PartyChoice("Who", ask="Choose who does it", blank="Choose one")
    due = Day("By", ask="Say by when")


class RenewalForm(Form):
    """A question about a contract. Each option begins with what becomes of the contract."""

    question = Line("Question", ask="Ask in one sentence")
    contact_id = Choice("Who decides", kind=int, ask="Choose who decides", blank="Choose one")
    options = Lines(
        "Options", at_most=9, each=300, ask="Write at least two options, one a line",
        description="One a line; each begins with Renew, Renegotiate, Replace or Exit",
    )  # fmt: skip
    recommendation = Prose("What we recommend, and why", ask="Say what we recommend, and why")
    needed_by = Day("Answer needed by", ask="Say by when the answer is needed")

    def __init__(self, *, is_option: Callable[[str], bool], **more: Any) -> None:
        super().__init__(**more)
        self.is_option = is_option

    def validate(self, *args: Any, **options: Any) -> bool:
        is_valid = super().validate(*args, **options)
        if not self.options.errors:
            wrong = next((one for one in self.options.data if not self.is_option(one)), None)
            if wrong:
                self.blame(Refused(f"“{wrong}” must begin with Renew, Renegotiate, Replace or Exit", "options"))
            elif len(self.options.data) < 2:
                self.blame(Refused("Write at least two options, one a line", "options"))
        if not self.needed_by.errors and self.needed_by.data and self.needed_by.data < today():
            self.blame(Refused("This day is past: write today or a day to come", "needed_by"))
        return is_valid and not self.problems
