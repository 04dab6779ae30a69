"""What is left of what was earned: worked figures, no penny lost, and nobody but partners."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crm.core.calendar import month_after, month_of
from crm.invoices.models import Invoice, InvoiceLine, LineKind
from crm.margin.formulas import Earned, Worked, cells_of, cost_of, lines_by, summed
from crm.people.models import CostRate
from crm.timelog.models import TimeEntry
from tests.cast import TODAY

MONTH = date(2026, 10, 1)
LAST = month_after(month_of(TODAY), -1)


@pytest.mark.engine_free
def test_a_fee_is_shared_by_billable_time_and_days_cost_what_they_cost():
    """£4,200 between 2 days of one at £430 and 1 day of another at £620, who also gave half a day away."""
    earned = [Earned(1, MONTH, None, 420_000)]
    worked = [Worked(1, MONTH, 2, 900, 900, 900 * 43_000), Worked(1, MONTH, 5, 675, 450, 675 * 62_000)]
    cells = {one.person_id: one for one in cells_of(earned, worked)}
    assert (cells[2].revenue, cells[2].cost) == (280_000, 86_000)
    assert (cells[5].revenue, cells[5].cost) == (140_000, 93_000)
    total = summed("all", cells.values())
    assert (total.margin, total.percent) == (241_000, Fraction(24_100_000, 420_000))


@pytest.mark.engine_free
def test_where_nobody_worked_it_is_nobodys():
    cells = cells_of([Earned(1, MONTH, None, 100)], [])
    assert [(one.person_id, one.revenue, one.cost) for one in cells] == [(None, 100, 0)]
    assert summed("x", cells).percent == 100
    assert summed("x", []).percent is None


@pytest.mark.engine_free
def test_a_cost_is_rounded_half_up():
    assert [cost_of(one) for one in (224, 225, 450, 0)] == [0, 1, 1, 0]


keys = st.tuples(st.integers(1, 3), st.sampled_from([date(2026, month, 1) for month in (9, 10, 11)]))
earnings = st.lists(st.tuples(keys, st.none() | st.integers(1, 4), st.integers(-(10**7), 10**7)), max_size=12)
work = st.dictionaries(
    st.tuples(keys, st.integers(1, 4)), st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=12
)


@pytest.mark.engine_free
@given(earnings, work)
def test_no_penny_is_lost_by_any_way_of_looking(earned, worked):
    cells = cells_of(
        [Earned(*key, person, net) for key, person, net in earned],
        [Worked(*key, person, minutes, min(minutes, billable), minutes * 43_000) for (key, person), (minutes, billable) in worked.items()],
    )  # fmt: skip
    revenue, cost = sum(net for *_, net in earned), sum(cost_of(minutes * 43_000) for minutes, _ in worked.values())
    for by in ("engagement_id", "person_id", "month"):
        lines = lines_by(cells, lambda one, by=by: getattr(one, by))
        assert sum(one.revenue for one in lines) == revenue
        assert sum(one.cost for one in lines) == cost


@pytest.fixture
def earned(stage, cast):
    """Last month: a fee of £4,200 issued, a line credited, an expense; Ben's day at £430, after the rate rose."""
    on = {"client_id": 1, "engagement_id": 1}
    sums = {
        "net": 420_000,
        "tax": 0,
        "total": 420_000,
        "made_at": cast.ada.created_at,
        "issued_on": LAST,
        "due_on": TODAY,
    }
    stage.add(Invoice(id=1, state="issued", number="1", **sums | {"net": 425_000, "total": 425_000}, **on))
    stage.flush()
    stage.add(Invoice(id=2, state="issued", number="2", kind="credit_note", credits_id=1, **sums, **on))
    stage.add(Invoice(id=3, **{**sums, "issued_on": None, "due_on": None}, **on))
    stage.flush()
    for key, (invoice, kind, net) in enumerate(
        ((1, "fee", 420_000), (1, "expense", 5_000), (2, "fee", 20_000), (3, "fee", 900)), 1
    ):
        stage.add(
            InvoiceLine(
                id=key,
                invoice_id=invoice,
                position=1,
                kind=LineKind(kind),
                text="x",
                price=net,
                net=net,
                month=LAST,
                **on,
            )
        )
    for key, (begins, rate) in enumerate(((LAST - timedelta(400), 40_000), (LAST, 43_000), (TODAY, 99_000)), 1):
        stage.add(CostRate(id=key, person_id=2, begins=begins, per_day=rate))
    for key, (person, day, minutes, kind) in enumerate(
        ((2, LAST, 450, "billable"), (2, LAST, 45, "goodwill"), (5, LAST, 30, "billable"), (2, LAST - timedelta(1), 450, "billable")), 60
    ):  # fmt: skip
        stage.add(
            TimeEntry(
                id=key,
                person_id=person,
                area="SEC",
                worked_on=day,
                minutes=minutes,
                kind=kind,
                logged_at=cast.ada.created_at,
                **on,
            )
        )
    stage.commit()
    return cast


def test_one_screen_of_twelve_months(earned, sign_in, words, statements):
    """Revenue 4,200 less 200; Ben's 495 minutes at 430 = 473.00, and a day before at 400; Tess has no rate."""
    ada = sign_in(earned.ada)
    with statements() as seen:
        page = words(ada.get("/margin"))
    assert len(seen) <= 12
    assert "£4,000" in page
    assert "£873" in page
    assert "30 min cost nothing here" in page
    month = words(ada.get(f"/margin?by=person&month={LAST:%Y-%m}"))
    assert "£3,750" in month  # 4,000 by 450 of 480 billable minutes
    assert "£473" in month
    assert "£473" in words(ada.get(f"/margin/rows?person=2&month={LAST:%Y-%m}"))
    csv = ada.get(f"/margin/margin.csv?month={LAST:%Y-%m}").get_data(as_text=True)
    assert "3750.00,473.00,3277.00,495,0" in csv
    assert ada.get("/margin/margin.xlsx").data.startswith(b"PK")


@pytest.mark.parametrize("who", ["ben", "tess", "abe", "cora", "vic"])
@pytest.mark.parametrize("where", ["/margin", "/margin/rows", "/margin/margin.csv", "/margin/rates"])
def test_nobody_but_partners(who, where, sign_in, cast):
    assert sign_in(getattr(cast, who)).get(where).status_code == 403


def test_a_wall_takes_its_client_out(earned, sign_in, stage, words):
    from crm.clients.models import Wall

    stage.add(Wall(client_id=1, person_id=earned.persons.ada.id))
    stage.commit()
    page = words(sign_in(earned.ada).get("/margin"))
    assert "£4,000" not in page
    assert "Northwind" not in page


def test_a_rate_holds_from_its_day_on(sign_in, cast, stage, words):
    ada = sign_in(cast.ada)
    assert ada.send("/margin/rates", person_id="2", begins="2026-01-01", per_day="430").status_code == 303
    assert ada.send("/margin/rates", person_id="2", begins="2026-01-01", per_day="450").status_code == 303
    assert ada.send("/margin/rates", person_id="2", begins="2026-06-01", per_day="0").status_code == 422
    rate = stage.scalars(select(CostRate)).one()
    assert rate.per_day == 45_000
    assert ada.send(f"/margin/rates/{rate.id}/removal").status_code == 303
    assert stage.scalars(select(CostRate)).all() == []
