from crm.areas.across.models import AssuranceProof, RaidType
from crm.core.forms import Day, Line, Lines, Prose
from crm.registers.forms import (
    EngagementChoice,
    EntryForm,
    Link,
    OwnedForm,
    PartyChoice,
    PartyForm,
    RowChoice,
    areas,
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
    engagement_id = EngagementChoice("Engagement")


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
