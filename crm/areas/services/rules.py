"""What the rows of this area say of it, as rules."""

from datetime import timedelta

from crm.areas.services.models import AssetGroup, AssetStage, Criticality, Service
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, avg, count, over, pct, under

WEIGHTY = (Criticality.CRITICAL, Criticality.IMPORTANT)
WORKING = (AssetStage.USE, AssetStage.MAINTAIN)
AHEAD = timedelta(days=180)

RULES = (
    Rule(
        "ITM-R1", Service, "{value} critical services missed their availability target",
        count(lambda row, today: (row.criticality == Criticality.CRITICAL, row.below_target.is_(True))),
        amber=over(0), red=over(1), empty=Rag.GREEN, critical=True, one="1 critical service missed its availability target",
    ),
    Rule(
        "ITM-R2", Service,
        "{value} critical or important services are out of support, or will be within 180 days, without a plan",
        count(lambda row, today: (
            row.criticality.in_(WEIGHTY), row.support_ends < today + AHEAD, row.replacement_plan.is_(False),
        )),
        amber=over(0), red=over(1), empty=Rag.GREEN, critical=True,
        one="1 critical or important service is out of support, or will be within 180 days, without a plan",
    ),
    Rule(
        "ITM-R3", Service, "{value} % of services have no business owner",
        pct(lambda row, today: (row.business_owner_id.is_(None),)),
        amber=over(10), red=over(30), empty=Rag.RED,
    ),
    Rule(
        "ITM-R4", Service, "{value} services are used without governance (shadow IT or unmanaged personal devices)",
        count(lambda row, today: (row.ungoverned.is_(True),)),
        amber=over(1), red=over(4), empty=Rag.GREEN,
        one="1 service is used without governance (shadow IT or unmanaged personal devices)",
    ),
    Rule(
        "ITM-R5", Service, "Average user satisfaction is {value} of 5", avg("satisfaction"),
        amber=under("3.7"), red=under(3), empty=None,
    ),
    Rule(
        "ITM-R6", AssetGroup, "{value} % of equipment groups in use are past vendor support",
        pct(lambda row, today: (row.support_ends < today,), over=lambda row, today: (row.stage.in_(WORKING),)),
        amber=over(5), red=over(20), empty=None,
    ),
)  # fmt: skip
