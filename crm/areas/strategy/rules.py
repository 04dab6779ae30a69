"""What the rows of this area say of it, as rules."""

from crm.areas.strategy.models import UPDATE_EVERY, Initiative, InitiativeStatus, Objective, ObjectiveStatus
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, over, overdue, pct

LIVE = (InitiativeStatus.APPROVED, InitiativeStatus.ACTIVE)
MEANT = (*LIVE, InitiativeStatus.PAUSED)
OPEN = (ObjectiveStatus.ON_TRACK, ObjectiveStatus.AT_RISK, ObjectiveStatus.OFF_TRACK)

RULES = (
    Rule(
        "STR-R1", Initiative, "{value} % of approved, active or paused initiatives serve no business objective",
        pct(lambda row, today: (row.objective_id.is_(None),), over=lambda row, today: (row.status.in_(MEANT),)),
        amber=over(10), red=over(30), empty=Rag.RED, critical=True,
    ),
    Rule(
        "STR-R2", Initiative, "{value} % of active initiatives are past their baseline date or have none",
        pct(lambda row, today: (overdue(row.baseline_due, today),), over=lambda row, today: (row.status == InitiativeStatus.ACTIVE,)),
        amber=over(15), red=over(35), empty=None, critical=True,
    ),
    Rule(
        "STR-R3", Initiative, "{value} % of active initiatives had no update for 45 days",
        pct(lambda row, today: (overdue(row.last_update, today - UPDATE_EVERY),),
            over=lambda row, today: (row.status == InitiativeStatus.ACTIVE,)),
        amber=over(20), red=over(50), empty=None,
    ),
    Rule(
        "STR-R4", Initiative, "{value} % of live initiatives describe fewer than 3 of the 4 lenses",
        pct(lambda row, today: (row.lens_count < 3,), over=lambda row, today: (row.status.in_(LIVE),)),
        amber=over(25), red=over(60), empty=None,
    ),
    Rule(
        "STR-R5", Initiative, "{value} live initiatives have no owner or no sponsor",
        count(lambda row, today: (row.status.in_(LIVE), row.owner_and_sponsor.is_(False))),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 live initiative has no owner or no sponsor",
    ),
    Rule(
        "STR-R6", Objective, "{value} % of open objectives are off track",
        pct(lambda row, today: (row.status == ObjectiveStatus.OFF_TRACK,), over=lambda row, today: (row.status.in_(OPEN),)),
        amber=over(15), red=over(40), empty=Rag.AMBER,
    ),
)  # fmt: skip
