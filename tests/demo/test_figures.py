"""The key figures of the two engagements that the demo shows in depth are the book's, and each has a past."""

import pytest
from sqlalchemy import func, select

from crm.areas.catalogue import TWELVE
from crm.clients.models import Client
from crm.closing.models import HealthFigure
from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.viewer import SYSTEM, viewing_as
from crm.core.words import measured
from crm.engagements.scopes import Rag
from crm.health.queries import healths
from crm.kpis.models import KpiReading
from crm.kpis.queries import figures_of

KPIS = [kpi for area in TWELVE for kpi in area.kpis]
BOOK = {  # promises 6/7 and 7/8, trust, forecast, savings proven, hours saved, F16, contracts
    "BRK": {"STK-K1": "85.7 %", "STK-K2": "4.04", "BUD-K1": "101.4 %", "BUD-K4": "£4,180", "DXT-K1": "4 h", "STR-K4": "75.0 %",
            "VEN-K2": "£61,600"},
    "SAL": {"STK-K1": "87.5 %", "STK-K2": "3.42", "BUD-K1": "106.4 %", "DXT-K1": "64 h", "STR-K4": "100.0 %", "VEN-K2": "£132,800"},
}  # fmt: skip


@pytest.mark.parametrize("code", BOOK)
def test_the_figures_of_the_book(code, demo, app):
    client = demo.scalar(select(Client.id).where(Client.code == code))
    with app.app_context(), viewing_as(SYSTEM):
        found = figures_of(KPIS, client, today())
    assert {kpi.key: measured(found[kpi.key], kpi.unit, "GBP") for kpi in KPIS if kpi.key in BOOK[code]} == BOOK[code]


def test_each_has_a_past_and_no_more_than_that(demo):
    """One a month since the engagement began; this month is what the registers say today."""
    first, last = demo.execute(select(func.min(KpiReading.month), func.max(KpiReading.month))).one()
    assert (first, last) == (month_after(month_of(today()), -11), month_after(month_of(today()), -1))
    client = demo.scalar(select(Client.id).where(Client.code == "BRK"))
    told = (
        select(KpiReading.value)
        .where(KpiReading.client_id == client, KpiReading.key == "STK-K1")
        .order_by(KpiReading.month)
    )
    values = demo.scalars(told).all()
    assert len(values) >= 6
    assert all(0 <= value <= 100 for value in values)


@pytest.mark.engine_free
def test_health_of_the_engagements_and_its_history(demo, see):
    with see(SYSTEM) as session:
        found = {one.engagement.client: one.health.verdict for one in healths(today()).values()}
        months = session.execute(
            select(HealthFigure.engagement_id, func.count()).group_by(HealthFigure.engagement_id)
        ).all()
    assert found["Northgate Veterinary Group"] is Rag.RED, "an invoice is long overdue"
    assert Rag.GREEN in found.values()
    assert max(number for _, number in months) >= 6
