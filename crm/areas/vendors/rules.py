"""What the rows of this area say of it, as rules."""

from datetime import timedelta

from crm.areas.vendors.models import ContractStatus, RenewalDecision, Tier, VendorContract
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, over, pct

SOON = timedelta(days=60)

RULES = (
    Rule(
        "VEN-R1", VendorContract, "{value} active contracts passed their notice day or end without a decision",
        count(lambda row, today: (
            row.status == ContractStatus.ACTIVE, row.decision == RenewalDecision.UNDECIDED, row.notice_by < today,
        )),
        amber=over(0), red=over(1), empty=Rag.GREEN, critical=True,
        one="1 active contract passed its notice day or end without a decision",
    ),
    Rule(
        "VEN-R2", VendorContract, "{value} contracts need a decision within 60 days and have none",
        count(lambda row, today: (
            row.status == ContractStatus.ACTIVE, row.decision == RenewalDecision.UNDECIDED,
            row.notice_by >= today, row.notice_by <= today + SOON,
        )),
        amber=over(0), red=over(3), empty=Rag.GREEN, critical=True,
        one="1 contract needs a decision within 60 days and has none",
    ),
    Rule(
        "VEN-R3", VendorContract, "{value} % of active contracts lack an owner or an end or notice date",
        pct(lambda row, today: (row.complete.is_(False),), over=lambda row, today: (row.status == ContractStatus.ACTIVE,)),
        amber=over(15), red=over(40), empty=Rag.RED,
    ),
    Rule(
        "VEN-R4", VendorContract, "{value} strategic suppliers have not been reviewed on time",
        count(lambda row, today: (
            row.status == ContractStatus.ACTIVE, row.tier == Tier.STRATEGIC, row.review_due < today,
        )),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 strategic supplier has not been reviewed on time",
    ),
    Rule(
        "VEN-R5", VendorContract, "{value} suppliers hold personal data, or may do, without signed data terms",
        count(lambda row, today: (row.status == ContractStatus.ACTIVE, row.data_not_covered.is_(True))),
        amber=over(0), red=over(2), empty=Rag.GREEN, critical=True,
        one="1 supplier holds personal data, or may do, without signed data terms",
    ),
    Rule(
        "VEN-R6", VendorContract,
        "{value} strategic suppliers missed 95 % of their service level or score under 3 of 5",
        count(lambda row, today: (
            row.status == ContractStatus.ACTIVE, row.tier == Tier.STRATEGIC, row.underperforming.is_(True),
        )),
        amber=over(0), red=over(1), empty=Rag.GREEN,
        one="1 strategic supplier missed 95 % of its service level or scores under 3 of 5",
    ),
)  # fmt: skip
