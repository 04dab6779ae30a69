"""What IT Management measures."""

from crm.areas.services.models import AssetGroup, AssetStage, Criticality, Service
from crm.registers.kpis import Kpi, Unit, mean, number, share, target, total

IN_USE = (AssetStage.USE, AssetStage.MAINTAIN)

KPIS = (
    Kpi("ITM-K1", "Critical services on target", Unit.PCT, "Critical services that reached what was agreed, of those measured",
        share(Service, lambda row, on: row.availability_actual >= row.availability_target,
              lambda row, on: (row.criticality == Criticality.CRITICAL) & row.availability_actual.is_not(None)
              & row.availability_target.is_not(None)), target(">= 95")),
    Kpi("ITM-K2", "User satisfaction", Unit.SCORE_5, "Mean satisfaction with the services, weighted by their users",
        mean(Service, "satisfaction", weight="users"), target(">= 4.0")),
    Kpi("ITM-K3", "Cost per user", Unit.MONEY, "Cost a year of all services, by the client’s headcount",
        total(Service, "annual_cost", per="headcount")),
    Kpi("ITM-K4", "Ungoverned services", Unit.COUNT, "Services that departments bought themselves, or that own devices reach unmanaged",
        number(Service, lambda row, on: row.ungoverned.is_(True)), target("<= 1")),
    Kpi("ITM-K5", "Equipment past support", Unit.PCT, "Devices in groups past support, of all devices in use",
        share(AssetGroup, lambda row, on: row.support_ends < on, lambda row, on: row.stage.in_(IN_USE), weight="count"),
        target("<= 5")),
)  # fmt: skip
