"""What Stakeholder Communication measures."""

from datetime import timedelta

from crm.areas.stakeholders.models import Commitment, CommitmentStatus, Stakeholder
from crm.registers.kpis import Kpi, Unit, mean, regular, share, target

LOOKED_BACK = timedelta(days=180)

KPIS = (
    Kpi("STK-K1", "Promises kept on time", Unit.PCT, "Promises kept, of those due in the last 180 days and not withdrawn",
        share(Commitment, lambda row, on: row.status == CommitmentStatus.KEPT,
              lambda row, on: (row.due >= on - LOOKED_BACK) & (row.due < on) & (row.status != CommitmentStatus.WITHDRAWN)),
        target(">= 85")),
    Kpi("STK-K2", "Average trust", Unit.SCORE_5, "Mean trust of the stakeholders, of 5",
        mean(Stakeholder, "trust_score"), target(">= 3.8")),
    Kpi("STK-K3", "Departments met on rhythm", Unit.PCT, "Departments in which no contact is overdue, of all that we meet",
        regular(Stakeholder, "department", lambda row, on: row.next_contact_due < on), target(">= 90")),
    Kpi("STK-K4", "Pulse gap", Unit.POINTS, "Largest gap between IT’s view of itself and a department’s; it needs a pulse",
        target=target("<= 1.0")),
)  # fmt: skip
