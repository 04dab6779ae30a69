"""What the rows of this area say of it, as rules."""

from datetime import timedelta

from sqlalchemy import func

from crm.areas.security.models import EVIDENCE_KEEPS, ControlState, Incident, SecurityControl
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, over, pct, under

LACKING = (ControlState.NOT_STARTED, ControlState.PARTIAL)
APPLICABLE = (*LACKING, ControlState.IN_PLACE)
SERIOUS, LATELY = 2, timedelta(days=180)

RULES = (
    Rule(
        "SEC-R1", SecurityControl, "{value} must-have controls (automatic fail) are not fully in place",
        count(lambda row, today: (row.state.in_(LACKING),), over=lambda row, today: (row.auto_fail.is_(True),)),
        amber=over(0), red=over(1), empty=Rag.AMBER, critical=True,
        one="1 must-have control (automatic fail) is not fully in place",
    ),
    Rule(
        "SEC-R2", SecurityControl, "{value} % of applicable controls are fully in place",
        pct(lambda row, today: (row.state == ControlState.IN_PLACE,), over=lambda row, today: (row.state.in_(APPLICABLE),)),
        amber=under(85), red=under(60), empty=Rag.RED, critical=True,
    ),
    Rule(
        "SEC-R3", SecurityControl, "{value} % of the controls in place have evidence",
        pct(lambda row, today: (func.trim(row.evidence_url) != "", row.last_tested >= today - EVIDENCE_KEEPS),
            over=lambda row, today: (row.state == ControlState.IN_PLACE,)),
        amber=under(80), red=under(50), empty=Rag.RED,
    ),
    Rule(
        "SEC-R4", SecurityControl, "{value} % of the controls in place are past their test date",
        pct(lambda row, today: (row.next_test_due < today,), over=lambda row, today: (row.state == ControlState.IN_PLACE,)),
        amber=over(15), red=over(40), empty=None,
    ),
    Rule(
        "SEC-R5", Incident, "{value} serious incidents (severity 1 or 2) are open",
        count(lambda row, today: (row.severity <= SERIOUS, row.closed_on.is_(None))),
        amber=over(0), red=over(1), empty=Rag.GREEN, critical=True, one="1 serious incident (severity 1 or 2) is open",
    ),
    Rule(
        "SEC-R6", Incident, "{value} incidents closed in the last 180 days have no lessons recorded",
        count(lambda row, today: (row.closed_on >= today - LATELY, row.lessons_done.is_(False))),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 incident closed in the last 180 days has no lessons recorded",
    ),
)  # fmt: skip
