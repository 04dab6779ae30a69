"""What the rows of this area say of it, as rules."""

from crm.areas.talent.models import (
    ONE_TO_ONE_EVERY,
    SESSION_EVERY,
    Employment,
    FlightRisk,
    MentoringPair,
    PairStatus,
    PlanState,
    SkillRecord,
)
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, over, overdue, pct, under

FILLED = (Employment.EMPLOYEE, Employment.CONTRACTOR, Employment.PROVIDER)
AGREED = (PlanState.AGREED, PlanState.IN_PROGRESS, PlanState.DONE)
WIDE = 2  # levels of a gap

RULES = (
    Rule(
        "TAL-R1", SkillRecord, "{value} critical roles have no named cover or are vacant",
        count(lambda row, today: (row.critical_role.is_(True), row.covered.is_(False))),
        amber=over(0), red=over(1), empty=Rag.RED, critical=True, one="1 critical role has no named cover or is vacant",
    ),
    Rule(
        "TAL-R2", SkillRecord, "{value} % of people have a skill gap of two levels or more",
        pct(lambda row, today: (row.skill_gap >= WIDE,), over=lambda row, today: (row.employment.in_(FILLED),)),
        amber=over(25), red=over(50), empty=None,
    ),
    Rule(
        "TAL-R3", SkillRecord, "{value} % of employees have an agreed development plan",
        pct(lambda row, today: (row.development_plan.in_(AGREED),), over=lambda row, today: (row.employment == Employment.EMPLOYEE,)),
        amber=under(70), red=under(30), empty=None,
    ),
    Rule(
        "TAL-R4", SkillRecord, "{value} employees had no one-to-one for 45 days",
        count(lambda row, today: (row.employment == Employment.EMPLOYEE, overdue(row.last_one_to_one, today - ONE_TO_ONE_EVERY))),
        amber=over(0), red=over(3), empty=Rag.GREEN, one="1 employee had no one-to-one for 45 days",
    ),
    Rule(
        "TAL-R5", SkillRecord, "{value} people in critical roles are likely to leave",
        count(lambda row, today: (row.critical_role.is_(True), row.flight_risk == FlightRisk.HIGH)),
        amber=over(0), red=over(1), empty=Rag.GREEN, critical=True, one="1 person in a critical role is likely to leave",
    ),
    Rule(
        "TAL-R6", MentoringPair, "{value} active mentoring pairs had no session for 45 days",
        count(lambda row, today: (row.status == PairStatus.ACTIVE, overdue(row.last_session, today - SESSION_EVERY))),
        amber=over(0), red=over(2), empty=None, one="1 active mentoring pair had no session for 45 days",
    ),
)  # fmt: skip
