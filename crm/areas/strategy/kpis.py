"""What Technology Strategy measures."""

from datetime import date

from sqlalchemy import ColumnElement, func

from crm.areas.strategy.models import Initiative, InitiativeStatus
from crm.registers.kpis import Kpi, Unit, share, target, total

LIVE = (InitiativeStatus.APPROVED, InitiativeStatus.ACTIVE)


def live(row: type[Initiative], on: date) -> ColumnElement[bool]:  # noqa: ARG001
    return row.status.in_(LIVE)


KPIS = (
    Kpi("STR-K1", "Initiatives tied to an objective", Unit.PCT, "Live initiatives with an objective, of all live ones",
        share(Initiative, lambda row, on: row.objective_id.is_not(None), live), target(">= 95")),
    Kpi("STR-K2", "Initiatives on baseline date", Unit.PCT, "Active initiatives whose baseline date is not past, of all active ones",
        share(Initiative, lambda row, on: row.baseline_due >= on, lambda row, on: row.status == InitiativeStatus.ACTIVE),
        target(">= 85")),
    Kpi("STR-K3", "Annual value of the live roadmap", Unit.MONEY, "Value a year of approved and active initiatives",
        total(Initiative, "annual_value", live)),
    Kpi("STR-K4", "Cross-department share", Unit.PCT, "Live initiatives that touch two departments or more, of all live ones",
        share(Initiative, lambda row, on: row.department_count >= 2, live), target(">= 50")),
)  # fmt: skip

SHARES = (  # F16
    KPIS[3],
    Kpi("STR-F16", "Technology-only share", Unit.PCT, "Live initiatives that tell of the technology lens alone, of all live ones",
        share(Initiative, lambda row, on: (row.lens_count == 1) & (func.trim(row.technology_change) != ""), live)),
)  # fmt: skip
