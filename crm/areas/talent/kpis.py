"""What Talent Management measures."""

from crm.areas.talent.models import Employment, MentoringPair, PairStatus, PlanState, SkillRecord
from crm.registers.kpis import Kpi, Unit, mean, share, target

PEOPLE = (Employment.EMPLOYEE, Employment.CONTRACTOR, Employment.PROVIDER)
AGREED = (PlanState.AGREED, PlanState.IN_PROGRESS, PlanState.DONE)

KPIS = (
    Kpi("TAL-K1", "Critical roles covered", Unit.PCT, "Critical roles that are filled and have cover named, of all critical roles",
        share(SkillRecord, lambda row, on: row.covered.is_(True), lambda row, on: row.critical_role.is_(True)), target("= 100")),
    Kpi("TAL-K2", "Skill gap", Unit.PCT, "People two levels or more below what their role asks, of all people",
        share(SkillRecord, lambda row, on: row.skill_gap >= 2, lambda row, on: row.employment.in_(PEOPLE)), target("<= 20")),
    Kpi("TAL-K3", "Plans agreed", Unit.PCT, "Employees with an agreed development plan, of all employees",
        share(SkillRecord, lambda row, on: row.development_plan.in_(AGREED),
              lambda row, on: row.employment == Employment.EMPLOYEE), target(">= 90")),
    Kpi("TAL-K4", "Mentoring progress", Unit.LEVELS, "Levels gained since the start, as the mean of active pairs",
        mean(MentoringPair, "level_now", lambda row, on: row.status == PairStatus.ACTIVE, less="level_start"),
        target(">= 0.5 a year")),
)  # fmt: skip
