"""What Digital Transformation measures."""

from crm.areas.transformation.models import DigitalChannel, ImprovementStage, ProcessImprovement
from crm.registers.kpis import Kpi, Unit, ratio, target, total

DELIVERED = (ImprovementStage.LIVE, ImprovementStage.BENEFIT_CONFIRMED)

KPIS = (
    Kpi("DXT-K1", "Hours saved per month", Unit.HOURS, "Hours a month before, less those after, of live and confirmed improvements",
        total(ProcessImprovement, "hours_per_month_before", lambda row, on: row.stage.in_(DELIVERED), less="hours_per_month_after")),
    Kpi("DXT-K2", "Realised annual value", Unit.MONEY, "Value a year that improvements have brought so far",
        total(ProcessImprovement, "annual_value_realised")),
    Kpi("DXT-K3", "Realisation rate", Unit.PCT, "Value realised, of what was expected of confirmed improvements",
        ratio(ProcessImprovement, "annual_value_realised", "annual_value_expected",
              lambda row, on: row.stage == ImprovementStage.BENEFIT_CONFIRMED), target(">= 80")),
    Kpi("DXT-K4", "Online revenue change", Unit.PCT, "Last quarter against the same a year ago, over all channels",
        ratio(DigitalChannel, "revenue_last_quarter", "revenue_year_ago", less=True), target("> 0")),
)  # fmt: skip
