"""What Vendor and Partnership Management measures."""

from crm.areas.vendors.models import SLA_WANTED, ContractStatus, RenewalDecision, Tier, VendorContract
from crm.registers.kpis import Kpi, Unit, first_of_quarter, share, target, total

KPIS = (
    Kpi("VEN-K1", "Renewals decided before the notice day", Unit.PCT,
        "Contracts whose notice day fell in this quarter and that were decided before it, of all such",
        share(VendorContract, lambda row, on: (row.decision != RenewalDecision.UNDECIDED) & (row.decided_on < row.notice_by),
              lambda row, on: row.notice_by.between(first_of_quarter(on), on)), target("= 100")),
    Kpi("VEN-K2", "Contract value under management", Unit.MONEY, "Cost a year of active contracts with owner, end and notice",
        total(VendorContract, "annual_cost", lambda row, on: (row.status == ContractStatus.ACTIVE) & row.complete.is_(True))),
    Kpi("VEN-K3", "Strategic suppliers on service level", Unit.PCT, "Strategic contracts that met 95 % or more, of those measured",
        share(VendorContract, lambda row, on: row.sla_met >= SLA_WANTED,
              lambda row, on: (row.tier == Tier.STRATEGIC) & (row.status != ContractStatus.ENDED) & row.sla_met.is_not(None)),
        target(">= 90")),
    Kpi("VEN-K4", "Saved at renewals", Unit.MONEY, "Savings a year on contracts that fell due since the quarter began",
        total("saving", "annual_realised",
              lambda row, on: row.contract_id.is_not(None) & row.due.between(first_of_quarter(on), on))),
)  # fmt: skip
