"""Registers that all twelve areas keep: a row's own area says in which it stands."""

from typing import Any

from crm.areas.across.forms import ActionForm, AssuranceForm, DecisionForm, RaidItemForm
from crm.areas.across.models import Action, Assurance, Decision, RaidItem
from crm.areas.across.queries import actions_of
from crm.areas.across.rules import X3, X4, X5, X6
from crm.core.db import db
from crm.core.twelve import OF
from crm.registers.register import Register


def its_actions(row: RaidItem | Decision) -> dict[str, Any]:
    """What was agreed about it, on its page."""
    return {"actions": db.session.scalars(actions_of(row)).unique().all(), "slug_of": lambda one: OF[one.area].slug}


RISKS = Register(
    slug="risks",
    title="Risks and issues",
    one="risk or issue",
    entry=RaidItem,
    form=RaidItemForm,
    columns={
        "Risk or issue": "title",
        "Type": "type",
        "Likely": "likelihood",
        "Bad": "impact",
        "Score": "score",
        "Owner": "owner",
        "Treatment": "treatment",
        "Response": "response",
        "Look again": "next_review",
        "Status": "status",
    },
    empty="Write down what may go wrong here, what has, what you take for granted and what you wait for.",
    plain="Risks and problems",
    told={
        "What it is about": "title",
        "Kind": "type",
        "How it stands": "status",
        "What is done about it": "response",
        "Answers for it": "owner",
        "Came true on": "happened_on",
        "Looked at again": "next_review",
        "How likely, of 5": "likelihood",
        "How bad, of 5": "impact",
        "How it ended": "closing",
        "Accepted on": "accepted_on",
        "Said when it was accepted": "acceptance",
    },
    rules=(X3,),
    beside=its_actions,
    across=True,
)

ACTIONS = Register(
    slug="actions",
    title="Actions",
    one="action",
    entry=Action,
    form=ActionForm,
    columns={"Action": "title", "Owner": "owner", "Due": "due", "Done on": "done_on", "Status": "status"},
    empty="Write down who does what by when, so that nothing agreed is forgotten.",
    plain="What is to be done",
    told={
        "What": "title",
        "Who does it": "owner",
        "By": "due",
        "How it stands": "status",
        "Done on": "done_on",
        "Why it was dropped": "dropped_reason",
    },
    rules=(X4,),
    across=True,
)

DECISIONS = Register(
    slug="decisions",
    title="Decisions",
    one="decision",
    entry=Decision,
    form=DecisionForm,
    columns={
        "Question": "question",
        "Who decides": "owner",
        "Needed by": "needed_by",
        "Recommended": "recommendation",
        "Cost of a week": "cost_a_week",
        "Outcome": "outcome",
        "Decided on": "decided_on",
        "Look back on": "review_on",
        "Status": "status",
    },
    empty="Write down what must be decided, the options, who decides and by when.",
    plain="Questions to decide",
    told={
        "Question": "question",
        "Who decides": "owner",
        "Needed by": "needed_by",
        "How it stands": "status",
        "Decided": "outcome",
        "Decided on": "decided_on",
        "What one can choose": "options",
        "What we advise": "recommendation",
        "Why": "reason",
        "What a week of waiting costs": "cost_a_week",
        "What came of it": "came_of_it",
    },
    rules=(X5,),
    beside=its_actions,
    across=True,
)

ASSURANCES = Register(
    slug="assurance",
    title="Assurance",
    one="assurance",
    entry=Assurance,
    form=AssuranceForm,
    columns={
        "Assurance": "title",
        "Received": "received_on",
        "From": "from_whom",
        "Kind of proof": "proof",
        "Covers": "covers",
        "What it says": "notes",
    },
    empty="Write down what the board was told or shown about this area, by whom and when.",
    plain="What the board was shown",
    told={
        "What": "title",
        "When": "received_on",
        "From whom": "from_whom",
        "Kind of proof": "proof",
        "Speaks for": "covers",
        "What it says": "notes",
        "Where it lies": "link",
    },
    rules=(X6,),
    across=True,
)

REGISTERS = (RISKS, ACTIONS, DECISIONS, ASSURANCES)
