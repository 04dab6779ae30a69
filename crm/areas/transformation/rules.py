"""What the rows of this area say of it, as rules."""

from crm.areas.transformation.models import ImprovementStage, ProcessImprovement
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, over, overdue, pct, ratio, under

BUILDING = (ImprovementStage.REDESIGNED, ImprovementStage.BUILDING)
UNDER_WAY = (*BUILDING, ImprovementStage.LIVE)
BEGUN = (*UNDER_WAY, ImprovementStage.BENEFIT_CONFIRMED)

RULES = (
    Rule(
        "DXT-R1", ProcessImprovement, "{value} % of improvements under way have no baseline number",
        pct(lambda row, today: (row.baseline.is_(None),), over=lambda row, today: (row.stage.in_(UNDER_WAY),)),
        amber=over(20), red=over(50), empty=None, critical=True,
    ),
    Rule(
        "DXT-R2", ProcessImprovement, "{value} % of improvements being built are past their go-live date or have none",
        pct(lambda row, today: (overdue(row.go_live_due, today),), over=lambda row, today: (row.stage.in_(BUILDING),)),
        amber=over(15), red=over(40), empty=None, critical=True,
    ),
    Rule(
        "DXT-R3", ProcessImprovement, "{value} live improvements have missed their benefit check",
        count(lambda row, today: (
            row.stage == ImprovementStage.LIVE, row.benefit_check_due < today, row.benefit_checked_on.is_(None),
        )),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 live improvement has missed its benefit check",
    ),
    Rule(
        "DXT-R4", ProcessImprovement, "{value} % of the expected value of confirmed improvements was realised",
        ratio("annual_value_realised", "annual_value_expected",
              lambda row, today: (row.stage == ImprovementStage.BENEFIT_CONFIRMED,)),
        amber=under(80), red=under(50), empty=None,
    ),
    Rule(
        "DXT-R5", ProcessImprovement, "{value} improvements under way are owned by IT or by nobody",
        count(lambda row, today: (row.stage.in_(UNDER_WAY), row.business_owned.is_(False))),
        amber=over(0), red=over(2), empty=Rag.GREEN, one="1 improvement under way is owned by IT or by nobody",
    ),
    Rule(
        "DXT-R6", ProcessImprovement, "{value} improvements are under way or have gone live",
        count(lambda row, today: (row.stage.in_(BEGUN),)),
        amber=under(1), red=None, empty=Rag.AMBER, one="1 improvement is under way or has gone live",
    ),
)  # fmt: skip
