"""What Data Management and Analytics measures."""

from datetime import timedelta

from crm.areas.data.models import DataAsset, Signal
from crm.registers.kpis import Kpi, Unit, different, is_owned, mean, share, target

READ_WITHIN = timedelta(days=45)

KPIS = (
    Kpi("DAT-K1", "Critical data with owner", Unit.PCT, "Critical data sets with an owner, of all critical ones",
        share(DataAsset, lambda row, on: is_owned(row), lambda row, on: row.critical.is_(True)), target("= 100")),
    Kpi("DAT-K2", "Quality of critical data", Unit.SCORE_100, "Mean quality of critical data sets, of 100",
        mean(DataAsset, "quality_score", lambda row, on: row.critical.is_(True)), target(">= 90")),
    Kpi("DAT-K3", "Departments feeding the forecast", Unit.COUNT, "Departments with a signal that was read within 45 days",
        different(Signal, "department", lambda row, on: row.latest_on >= on - READ_WITHIN), target(">= 4")),
)  # fmt: skip
