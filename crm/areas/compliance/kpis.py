"""What Compliance and Regulation measures."""

from crm.areas.compliance.models import POLICY_KEEPS, Obligation, ObligationOrigin, ObligationStatus
from crm.registers.kpis import Kpi, Unit, share, target, total

KPIS = (
    Kpi("CMP-K1", "Obligations met", Unit.PCT, "Obligations that are met, of those assessed",
        share(Obligation, lambda row, on: row.status == ObligationStatus.MET,
              lambda row, on: row.status != ObligationStatus.NOT_ASSESSED), target(">= 90")),
    Kpi("CMP-K2", "Checks on time", Unit.PCT, "Obligations whose next check is not past, of all",
        share(Obligation, lambda row, on: row.next_check_due >= on), target(">= 90")),
    Kpi("CMP-K3", "Policies current", Unit.PCT, "Policies approved within 365 days, of all policies",
        share(Obligation, lambda row, on: row.approved_by_id.is_not(None) & (row.approved_on >= on - POLICY_KEEPS),
              lambda row, on: row.origin == ObligationOrigin.POLICY), target("= 100")),
    Kpi("CMP-K4", "Technology energy use", Unit.KWH, "Energy that the services use in a year",
        total("service", "energy_kwh_year"), wish="Falling per user"),
)  # fmt: skip
