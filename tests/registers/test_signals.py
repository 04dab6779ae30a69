"""Signals: a month is added, corrected and removed in the page, and the forecast follows."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.areas.data.chart import Chart
from crm.areas.data.forecast import BadDirection, Reading
from crm.areas.data.models import Signal, SignalReading
from crm.audit.models import AuditEntry
from crm.clients.models import DepartmentKind
from crm.core import clock
from crm.core.calendar import month_after
from crm.core.errors import Refused
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from tests.cast import TODAY

BOOK = (640, 690, 730, 780, 820, 870)
HERE = "/clients/1/areas/data/signals/1/readings"
FIRST = date(2026, 1, 1)


def read(*values):
    return [Reading(month_after(FIRST, n), Decimal(value)) for n, value in enumerate(values)]


@pytest.fixture
def signal(cast, stage):
    own = {"client_id": 1, "area": Area.DAT, "made_at": clock.now(), "changed_at": clock.now()}
    made = Signal(id=1, name="Orders a night", department=DepartmentKind.SALES, unit="orders", threshold=1000,
                  bad_direction=BadDirection.UP, visibility=Visibility.CLIENT, **own)  # fmt: skip
    made.readings = read(*BOOK)
    stage.add(made)
    stage.commit()
    return made


def typed(signal, **more):
    return {"once": "k1", "version": str(signal.version), **more}


def months(stage):
    return {one.month: one.value for one in stage.scalars(select(SignalReading))}


def test_a_month_is_written_down_once(signal, sign_in, cast, stage):
    month = date(2026, 7, 1)
    ben = sign_in(cast.ben)
    said = typed(signal, month="2026-07", value="905")
    assert [ben.post(HERE, data=said).status_code for _ in range(2)] == [303, 303]
    stage.expire_all()
    assert months(stage)[month] == 905
    assert (signal.latest_on, signal.version) == (TODAY, 2)
    assert stage.scalars(select(SignalReading.visibility)).unique().all() == ["client"], (
        "read by whoever reads the signal"
    )
    told = stage.scalars(select(AuditEntry).options(joinedload(AuditEntry.reason))).one()
    assert (told.verb, told.reason.body) == ("signal.add_reading", "2026-07 905")


@pytest.mark.parametrize(
    ("month", "value", "status", "says"),
    [
        ("2026-06", "1", 422, "June 2026 is read already"),
        ("2199-01", "1", 422, "from 2000 to 2100"),
        ("2099-01", "1", 422, "That month has not begun"),
        ("June", "1", 422, "Write a month like 2026-11"),
        ("2026-07", "many", 422, "many"),
        ("", "", 422, "Choose the month that was read"),
    ],
)
def test_what_is_no_reading(month, value, status, says, signal, sign_in, cast, stage, words):
    answer = sign_in(cast.ben).post(HERE, data=typed(signal, month=month, value=value))
    assert answer.status_code == status
    assert says in answer.get_data(as_text=True)
    assert len(months(stage)) == 6


def test_who_saw_an_older_state_is_told(signal, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.post(HERE, data=typed(signal, month="2026-07", value="905"))
    late = ben.post(HERE, data=typed(signal, month="2026-08", value="930", once="k2"))
    assert late.status_code == 409
    assert 'value="930"' in late.get_data(as_text=True), "what was typed is kept"


def test_a_month_is_corrected_and_removed(signal, sign_in, cast, stage):
    ben, last = sign_in(cast.ben), signal.kept[-1].id
    assert ben.post(f"{HERE}/{last}", data=typed(signal, value="880")).status_code == 303
    stage.expire_all()
    assert months(stage)[date(2026, 6, 1)] == 880
    gone = [ben.post(f"{HERE}/{last}/removal", data=typed(signal, once="k2")).status_code for _ in range(2)]
    assert gone[0] == 303
    assert date(2026, 6, 1) not in months(stage)
    reasons = [
        one.reason.body
        for one in stage.scalars(select(AuditEntry).options(joinedload(AuditEntry.reason)).order_by(AuditEntry.id))
    ]
    assert reasons == ["2026-06 870, now 880", "2026-06 880"]


def test_who_may(signal, sign_in, cast, stage):
    said = typed(signal, month="2026-07", value="1")
    answers = {
        name: sign_in(getattr(cast, name)).post(HERE, data=said).status_code for name in ("cora", "abe", "eve", "finn")
    }
    assert answers == {"cora": 403, "abe": 403, "eve": 404, "finn": 404}
    signal.archived_at = clock.now()
    stage.commit()
    assert sign_in(cast.ben).post(HERE, data=said).status_code == 409, "an archived signal is read no more"


def test_the_page_says_when(signal, sign_in, cast, words, statements):
    ben = sign_in(cast.ben)
    with statements() as seen:
        page = ben.get(HERE)
    said = words(page)
    assert "2.89 months from the threshold of 1000: September 2026, if it goes on so" in said
    assert "rising by 45.43 orders a month" in said
    assert 'class="chart-forecast"' in page.get_data(as_text=True)
    assert len(seen) <= 12


def test_all_signals_the_nearest_first(signal, sign_in, cast, stage, words, statements):
    own = {
        "client_id": 1,
        "area": Area.DAT,
        "made_at": clock.now(),
        "changed_at": clock.now(),
        "department": "hr",
        "unit": "x",
    }
    for n, (name, values) in enumerate((("Falling", (2, 1, 0)), ("Bare", (1,)), ("Reached", (1, 2, 3))), 2):
        made = Signal(id=n, name=name, threshold=3, bad_direction="up", **own)
        made.readings = read(*values)
        stage.add(made)
    stage.commit()
    ben = sign_in(cast.ben)
    with statements() as seen:
        said = words(ben.get("/clients/1/areas/data/signals/forecast"))
    assert (
        said.index("Reached Human") if "Reached Human" in said else said.index("Reached") < said.index("Orders a night")
    )
    assert "The threshold of 3 is reached" in said
    assert "It does not go towards the threshold of 3" in said
    assert "Three readings make a forecast; there is 1" in said
    assert len(seen) <= 12
    rows = ben.get("/clients/1/areas/data/signals/readings.csv").get_data(as_text=True)
    assert "Orders a night,Sales,orders,2026-06,870,1000" in rows


@pytest.mark.engine_free
class TestTheChart:
    def of(self, *values, threshold=1000, bad="up"):
        signal = Signal(
            id=1, client_id=1, name="x", unit="x", threshold=Decimal(threshold), bad_direction=BadDirection(bad)
        )
        signal.readings = read(*values)
        return Chart(signal)

    def test_the_line_meets_the_threshold_in_the_picture(self):
        chart = self.of(*BOOK)
        assert chart.crosses_in == date(2026, 9, 1)
        assert chart.crossing.y == pytest.approx(chart.threshold)
        assert chart.points[-1].x < chart.crossing.x <= 508
        assert chart.fitted[0].x == 16

    def test_far_away_it_is_followed_for_a_year(self):
        chart = self.of(1, 2, 3)
        assert chart.crossing is None
        assert chart.fitted[1].month == date(2027, 3, 1)

    def test_what_is_small_is_good_or_bad(self):
        chart = self.of(9, 8, 7, threshold=5, bad="down")
        assert (chart.away, chart.crosses_in) == (2, date(2026, 5, 1))

    def test_less_than_two_readings_are_no_picture(self):
        assert not self.of(5).is_drawn
        assert self.of(5, 5).fitted is None

    def test_sixty_months_are_kept(self):
        signal = Signal(client_id=1, threshold=9, bad_direction=BadDirection.UP)
        signal.readings = [Reading(month_after(date(2020, 1, 1), n), Decimal(n)) for n in range(60)]
        with pytest.raises(Refused, match="60 months"):
            signal.read(Reading(date(2026, 1, 1), Decimal(1)), TODAY)
