"""What a figure was: written down each night and with a review, and told on the page of its area."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
import time_machine
from sqlalchemy import select, update

from crm.areas.catalogue import area_of
from crm.areas.data.models import DataAsset, Signal
from crm.areas.strategy.models import Initiative
from crm.areas.vendors.models import VendorContract
from crm.core.twelve import Area, Scope
from crm.kpis.lines import Line
from crm.kpis.models import KpiReading
from crm.kpis.operations import each_night
from tests.cast import TODAY

PAGE = "/engagements/1/areas/vendors"
THIS_MONTH = TODAY.replace(day=1)
VALUE = {"status": "active", "owner_name": "A", "end": TODAY, "notice_days": 1, "annual_cost": 5_000_00}
REVIEW = {"rag": "red", "sentence": "A contract runs out.", "trend": "", "maturity": "", "ask": "A decision", "ask_of": "Cora",
          "ask_by": TODAY.isoformat(), "once": "k1", "version": "0"}  # fmt: skip


def months_before(number):
    years, month = divmod(THIS_MONTH.month - 1 - number, 12)
    return date(THIS_MONTH.year + years, month + 1, 1)


@pytest.fixture
def noted(stage):
    return lambda: {
        (one.client_id, one.key, one.month): one.value for one in stage.scalars(select(KpiReading)).unique()
    }


@pytest.fixture
def readings(cast, stage):
    def before(key, *values):
        for back, value in enumerate(reversed(values), 1):
            month = months_before(back)
            stage.add(KpiReading(client_id=1, area=Area.VEN, key=key, month=month, value=value, noted_on=month))
        stage.commit()

    return before


def test_the_page_of_an_area_tells_its_figures(put, readings, sign_in, cast, words, statements):
    put(VendorContract, VALUE)
    readings("VEN-K2", 3000, 4000)
    ben = sign_in(cast.ben)
    with statements() as seen:
        answer = ben.get(PAGE)
    said = words(answer)
    assert "Contract value under management Cost a year of active contracts with owner, end and notice £5,000" in said
    assert "Renewals decided before the notice day" in said
    assert "Missed" in said
    assert "£4,000 in" in said
    assert "The figures month by month" in said
    assert 'class="kpi-line"' in answer.get_data(as_text=True)
    assert len(seen) <= 12


def test_no_area_asks_more_than_a_page_may(put, sign_in, cast, statements):
    """Signals have a rule that SQL alone cannot answer, and what was published has its evidence."""
    put(DataAsset, {})
    put(Signal, {})
    ben = sign_in(cast.ben)
    assert ben.post("/engagements/1/areas/data/publication", data=REVIEW).status_code == 303
    with statements() as seen:
        ben.get("/engagements/1/areas/data")
    assert len(seen) <= 12


def test_more_rows_and_months_ask_no_more(put, readings, sign_in, cast, statements):
    ben = sign_in(cast.ben)
    counts = []
    for number in (1, 20):
        put(VendorContract, *[VALUE] * number)
        with statements() as seen:
            ben.get(PAGE)
        counts.append(len(seen))
        readings("VEN-K2", *range(number % 2, 6)) if number == 1 else None
    assert counts[0] == counts[1]


def test_what_the_client_keeps_to_itself_is_not_measured(put, sign_in, cast, stage, words):
    put(VendorContract, VALUE)
    scope = next(one for one in cast.north.scopes if one.area is Area.VEN)
    scope.scope = Scope.OVERSEE
    stage.commit()
    said = words(sign_in(cast.ben).get(PAGE))
    assert "The client keeps the rows of this area to itself" in said
    assert "£5,000" not in said


def test_a_published_review_writes_them_down(put, sign_in, cast, noted):
    put(VendorContract, VALUE)
    ben = sign_in(cast.ben)
    assert [ben.post(f"{PAGE}/publication", data=REVIEW).status_code for _ in range(2)] == [303, 303]
    assert noted()[1, "VEN-K2", THIS_MONTH] == 5000
    assert {key for _, key, _ in noted()} == {"VEN-K1", "VEN-K2", "VEN-K3"}, "of this area alone, what has rows to read"


def test_publishing_stays_within_its_statements(put, sign_in, cast, statements):
    put(VendorContract, VALUE)
    ben = sign_in(cast.ben)
    with statements() as seen:
        assert ben.post(f"{PAGE}/publication", data=REVIEW).status_code == 303
    assert sum("kpi_reading" in one for one in seen) == 2, "what stands is read once, and all of it written at once"


def test_each_night_every_client_once(app, put, noted, stage):
    put(VendorContract, VALUE)
    put(Initiative, {"status": "active", "annual_value": 700_00}, client_id=2)
    with app.app_context():
        each_night()
    first = noted()
    assert (first[1, "VEN-K2", THIS_MONTH], first[2, "STR-K3", THIS_MONTH]) == (5000, 700)
    put(VendorContract, VALUE)
    with app.app_context():
        each_night()
    stage.expire_all()
    assert noted() == first, "once a day"
    with time_machine.travel(TODAY.replace(year=TODAY.year + 1), tick=False), app.app_context():
        each_night()
    stage.expire_all()
    later = THIS_MONTH.replace(year=TODAY.year + 1)
    assert noted() | first == noted()
    assert noted()[1, "VEN-K2", later] == 10_000


def test_a_review_that_is_published_early_does_not_spare_the_night(app, put, noted, stage):
    night = date(TODAY.year + 1, 3, 10)
    put(VendorContract, VALUE)
    put(Initiative, {"status": "active", "annual_value": 700_00}, client_id=2)
    with time_machine.travel(night, tick=False), app.app_context():
        each_night()
    stage.execute(update(KpiReading).where(KpiReading.client_id == 1).values(noted_on=night + timedelta(1)))
    stage.commit()
    put(Initiative, {"status": "active", "annual_value": 300_00}, client_id=2)
    with time_machine.travel(night + timedelta(1), tick=False), app.app_context():
        each_night()
    stage.expire_all()
    assert noted()[2, "STR-K3", night.replace(day=1)] == 1000


def test_the_command_writes_them_down_again(app, put, noted, stage):
    for number in (1, 2):
        put(VendorContract, VALUE)
        said = app.test_cli_runner().invoke(args=["kpis", "note"]).output
        assert said == "Noted the figures of 1 client.\n"
        stage.expire_all()
        assert noted()[1, "VEN-K2", THIS_MONTH] == 5000 * number, "a month says what it ended with"


@pytest.mark.engine_free
def test_the_little_line():
    kpi = area_of("vendors").kpis[1]
    before = {date(2025, 12, 1): Fraction(10), date(2026, 9, 1): None, date(2026, 10, 1): Fraction(30)}
    line = Line(kpi, Fraction(20), date(2026, 11, 1), before)
    assert line.points == [(3, 25.0), (106, 3.0), (117, 14.0)], "by its month, between the least and the most"
    assert line.former == (date(2026, 10, 1), 30)
    assert Line(kpi, None, date(2026, 11, 1), {}).points == [], "one reading is no line"
    assert Line(kpi, Fraction(1), date(2026, 11, 1), {date(2026, 10, 1): Fraction(1)}).points == [
        (106, 14.0),
        (117, 14.0),
    ]
