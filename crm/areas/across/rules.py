"""What these rows say of every area in scope, as rules; the two that read reviews and deliverables are elsewhere."""

from datetime import timedelta

from crm.areas.across.models import LIVE, Action, ActionStatus, Assurance, Decision, DecisionStatus, RaidItem, RaidType
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, days_since, over

HAPPENED_OR_MAY = (RaidType.RISK, RaidType.ISSUE)
HIGH = 15  # F15
GRACE = timedelta(days=7)

X3 = Rule(
    "X3", RaidItem, "{value} open risks or issues score 15 or more with no live action",
    count(lambda row, today: (
        row.type.in_(HAPPENED_OR_MAY), row.status.in_(LIVE), row.score >= HIGH, row.live_actions() == 0,
    )),
    amber=over(0), red=over(1), empty=Rag.GREEN, critical=True,
    one="1 open risk or issue scores 15 or more with no live action",
)  # fmt: skip
X4 = Rule(
    "X4", Action, "{value} actions are more than 7 days overdue",
    count(lambda row, today: (row.status == ActionStatus.OPEN, row.due < today - GRACE)),
    amber=over(0), red=over(2), empty=Rag.GREEN, one="1 action is more than 7 days overdue",
)  # fmt: skip
X5 = Rule(
    "X5", Decision, "{value} decisions are waiting past the date they were needed",
    count(lambda row, today: (row.status == DecisionStatus.NEEDED, row.needed_by < today)),
    amber=over(0), red=over(2), empty=Rag.GREEN, one="1 decision is waiting past the date it was needed",
)  # fmt: skip
X6 = Rule(
    "X6", Assurance, "Days since the board last received assurance on this area: {value}", days_since("received_on"),
    amber=over(100), red=over(190), empty=Rag.RED, critical=True,
)  # fmt: skip
