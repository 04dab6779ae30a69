"""What Innovation Leadership measures."""

from datetime import timedelta

from crm.areas.innovation.models import Idea, IdeaStage
from crm.clients.models import DepartmentKind
from crm.core.columns import days_between
from crm.registers.kpis import Kpi, Unit, median_days, number, share, target

ANSWERED_IN = 30  # days
A_YEAR = timedelta(days=365)

KPIS = (
    Kpi("INN-K1", "Ideas answered within 30 days", Unit.PCT, "Ideas that had an answer within 30 days, of those older than that",
        share(Idea, lambda row, on: days_between(row.answered_on, row.submitted_on) <= ANSWERED_IN,
              lambda row, on: row.submitted_on < on - timedelta(days=ANSWERED_IN)), target(">= 90")),
    Kpi("INN-K2", "Ideas scaled in 12 months", Unit.COUNT, "Ideas that were scaled in the last 365 days",
        number(Idea, lambda row, on: (row.stage == IdeaStage.SCALED) & (row.stage_since >= on - A_YEAR)), target(">= 1")),
    Kpi("INN-K3", "From outside IT", Unit.PCT, "Ideas of other departments than IT, of all ideas",
        share(Idea, lambda row, on: row.source_department != DepartmentKind.IT), target(">= 60")),
    Kpi("INN-K4", "Days from idea to decision", Unit.DAYS, "The middle one of the days from an idea to its answer",
        median_days(Idea, "submitted_on", "answered_on"), target("<= 30")),
)  # fmt: skip
