"""F5, F6 and F7 with the book's worked figures, and what must hold for any."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.calendar import month_after, month_end, month_of
from crm.core.words import half_up
from crm.engagements.retained import Order
from crm.engagements.scopes import Rag
from crm.retainers.formulas import (
    Agreed,
    Batch,
    Burn,
    Forecast,
    Span,
    burn_of,
    fee_of,
    grant_of,
    in_days,
    in_force,
    last_in_order,
    month_on,
    months_in_order,
    remaining,
    working_days,
)

pytestmark = pytest.mark.engine_free
D = Decimal
LONG_AGO, FAR = date(2000, 1, 1), date(2100, 1, 1)
ALWAYS = Span(LONG_AGO, FAR)
FOUR = Agreed(LONG_AGO, D(4), D(2))
JAN = date(2026, 1, 1)


def minutes(*days):
    """Of months in order, from January 2026."""
    return {month_after(JAN, n): int(D(one) * 450) for n, one in enumerate(days)}


def table(months):
    return [(one.rolled_in, one.available, one.used, one.overage, one.rolled_out, one.lapsed) for one in months]


def figures(*rows):
    return [tuple(map(D, row.split())) for row in rows]


def test_the_table_of_the_book():
    months = months_in_order(Span(JAN, FAR), [FOUR], minutes("2.5", 1, 7, 4), date(2026, 4, 30))
    assert table(months) == figures("0 4 2.5 0 1.5 0", "1.5 5.5 1 0 2 2.5", "2 6 7 1 0 0", "0 4 4 0 0 0")
    assert sum(one.grant for one in months) == D("14.5") - 1 + D("2.5") == 16


def test_minutes_become_days_rounded_before_anything_else():
    assert [in_days(one) for one in (2, 3, 7, 450, -2, -3)] == [D("0"), D("0.01"), D("0.02"), D(1), D("0"), D("-0.01")]


@pytest.mark.parametrize(
    ("month", "span", "granted"),
    [
        (date(2026, 9, 1), Span(date(2026, 9, 16), FAR), "2"),  # 11 of 22: half of four
        (date(2026, 10, 1), Span(LONG_AGO, date(2026, 10, 12)), "1.5"),  # 8 of 22 is 1.455
        (date(2027, 2, 1), Span(LONG_AGO, FAR, ((date(2027, 2, 8), date(2027, 2, 14)),)), "3"),  # paused for 5 of 20
        (date(2027, 2, 1), Span(LONG_AGO, FAR, ((date(2027, 1, 8), date(2027, 3, 14)),)), "0"),
        (date(2026, 9, 1), Span(date(2026, 10, 1), FAR), "0"),
        (date(2026, 8, 1), Span(date(2026, 8, 3), FAR), "4"),  # begins after a weekend: a whole month
    ],
)
def test_a_part_month_grants_to_the_nearest_quarter_day(month, span, granted):
    assert grant_of(month, FOUR, span) == D(granted)


def test_the_first_month_of_the_book():
    """From the 16th, 11 of 21: 2.095 is 2.0."""
    december = date(2027, 12, 1)
    span = Span(date(2027, 12, 15), FAR, region="GB-ENG")
    assert len(working_days(december, "GB-ENG")) == 21
    assert sum(span.runs_on(day) for day in working_days(december, "GB-ENG")) == 11
    assert grant_of(december, FOUR, span) == D(2)


def test_a_part_month_may_grant_in_full_where_that_was_agreed():
    whole = Agreed(LONG_AGO, D(4), D(2), part_first=False, part_last=False)
    short = Span(date(2026, 9, 16), date(2026, 10, 9))
    assert [grant_of(date(2026, n, 1), whole, short) for n in (8, 9, 10, 11)] == [0, 4, 4, 0]


def test_rounding_to_a_quarter_never_grants_more_than_a_whole_month():
    assert grant_of(date(2026, 9, 1), Agreed(LONG_AGO, D("1.2"), D(0)), Span(date(2026, 9, 2), FAR)) == D("1.2")


def test_a_wholly_paused_month_grants_nothing_and_keeps_the_balance():
    span = Span(JAN, FAR, ((date(2026, 2, 1), date(2026, 2, 28)),))
    _, paused, after = months_in_order(span, [FOUR], minutes("2.5"), date(2026, 3, 31))
    assert (paused.grant, paused.rolled_in, paused.used, paused.rolled_out, paused.lapsed) == (
        0,
        D("1.5"),
        0,
        D("1.5"),
        0,
    )
    assert paused.paused
    assert paused.lapsing == 0
    assert (after.rolled_in, after.lapsed) == (D("1.5"), D("3.5"))


def test_rolled_in_days_are_used_first_unless_the_grant_was_agreed_to_be():
    first = month_on(JAN, grant=D(4), used=D(3), into=[Batch(D(2), 1)], agreed=FOUR)
    assert (first.rolled_out, first.lapsed, first.lapsing) == (D(2), D(1), D(0))
    last = month_on(
        JAN, grant=D(4), used=D(3), into=[Batch(D(2), 1)], agreed=Agreed(LONG_AGO, D(4), D(2), order=Order.GRANT_FIRST)
    )
    assert (last.rolled_out, last.lapsed, last.lapsing) == (D(1), D(2), D(2))


def test_days_that_keep_for_two_months_are_used_from_the_oldest_on():
    keeping = Agreed(LONG_AGO, D(4), D(3), keeps=2)
    months = months_in_order(Span(JAN, FAR), [keeping], minutes(0, 1, "0.5"), date(2026, 3, 31))
    assert [(one.rolled_in, one.rolled_out, one.lapsed) for one in months] == [(0, 3, 1), (3, 3, 3), (3, 3, D("3.5"))]
    assert months[1].batches == (Batch(D(2), 1), Batch(D(1), 2))
    assert [one.lapsing for one in months] == [0, 0, D("1.5")]


def test_the_cap_holds_for_all_that_rolls_out_together():
    keeping = Agreed(LONG_AGO, D(4), D(2), keeps=12)
    months = months_in_order(Span(JAN, FAR), [keeping], minutes(3, 3, 3), date(2026, 3, 31))
    assert [one.rolled_out for one in months] == [1, 2, 2]
    assert months[-1].lapsed == 1


def test_nothing_rolls_out_of_the_last_month():
    months = months_in_order(Span(JAN, date(2026, 2, 28)), [FOUR], minutes("2.5", 1), date(2026, 6, 30))
    assert table(months) == figures("0 4 2.5 0 1.5 0", "1.5 5.5 1 0 0 4.5")


def test_work_outside_the_dates_has_its_month():
    span = Span(date(2026, 2, 1), date(2026, 3, 31))
    months = months_in_order(span, [FOUR], {JAN: 450, date(2026, 5, 1): 225}, date(2026, 6, 30))
    assert [(one.month.month, one.grant, one.overage) for one in months] == [
        (1, 0, 1), (2, 4, 0), (3, 4, 0), (4, 0, 0), (5, 0, D("0.5")),
    ]  # fmt: skip


def test_changed_terms_take_effect_and_old_months_stay():
    changed = [FOUR, Agreed(date(2026, 3, 1), D(6), D(1))]
    months = months_in_order(Span(JAN, FAR), changed, minutes("2.5", 4, 2), date(2026, 3, 31))
    assert [(one.grant, one.rolled_out) for one in months] == [(4, D("1.5")), (4, D("1.5")), (6, 1)]
    assert in_force(changed[::-1], date(2026, 2, 1)) is FOUR
    assert in_force(changed[1:], JAN).days == 6


def test_what_is_frozen_stands_whatever_was_edited_since():
    before = months_in_order(Span(JAN, FAR), [FOUR], minutes("2.5", 1), date(2026, 2, 28))
    frozen = {one.month: one for one in before[:1]}
    after = months_in_order(Span(JAN, FAR), [FOUR], minutes(0, 1), date(2026, 2, 28), frozen)
    assert table(after) == table(before)


def test_the_fee_follows_the_days_granted():
    assert [fee_of(420_000, D(one), D(4)) for one in (4, 2, "1.5", 0)] == [420_000, 210_000, 157_500, 0]
    assert fee_of(100_001, D(1), D(2)) == 50_001


def test_burn_as_in_the_book():
    burn = Burn(D("5.5"), D(4), 12, 21)
    assert (half_up(100 * burn.burn, 1), half_up(100 * burn.pace, 1)) == (D("72.7"), D("57.1"))
    assert (half_up(burn.ratio, 2), burn.projected, burn.overage_ahead) == (D("1.27"), 7, Fraction(3, 2))
    assert burn.verdict is Rag.AMBER


@pytest.mark.parametrize(
    ("used", "verdict"),
    [("4.99", "red"), ("5", "amber"), ("7.49", "amber"), ("7.5", "green"), ("11.5", "green"), ("11.51", "amber"),
     ("13.5", "amber"), ("13.51", "red")],
)  # fmt: skip
def test_limits_belong_to_the_better_colour(used, verdict):
    assert Burn(D(20), D(used), 10, 20).verdict == verdict


def test_burn_is_judged_from_the_fifth_working_day_on():
    span = Span(
        date(2026, 9, 3), FAR, ((date(2026, 9, 7), date(2026, 9, 8)),), "GB-ENG"
    )  # a Thursday; the 7th a Monday
    month = months_in_order(span, [FOUR], {date(2026, 9, 1): 900}, date(2026, 9, 10))[-1]
    on = {day: burn_of(month, span, date(2026, 9, day)) for day in (2, 4, 9, 11, 30)}
    assert {day: one.elapsed for day, one in on.items()} == {2: 0, 4: 2, 9: 3, 11: 5, 30: 18}
    assert [day for day, one in on.items() if one.verdict] == [11, 30]
    assert on[2].projected is None
    assert on[30].projected == 2


def test_days_used_of_nothing_are_red_and_nothing_of_nothing_is_not_judged():
    assert Burn(D(0), D(1), 6, 20).verdict is Rag.RED
    assert Burn(D(0), D(0), 6, 20).verdict is None


def book_of_three(owner):
    a = remaining(over=True, owner_says=None, estimate=D(8), actual=D(9))
    b = remaining(over=False, owner_says=owner, estimate=D(10), actual=D(6))
    c = remaining(over=False, owner_says=None, estimate=D(12), actual=D(0))
    return Forecast(D(30), Fraction(31, 2), a + b + c)


def test_the_forecast_as_in_the_book():
    said, unsaid = book_of_three(D(5)), book_of_three(None)
    assert (said.eac, half_up(100 * said.variance, 1), said.verdict) == (D("32.5"), D("8.3"), Rag.AMBER)
    assert (unsaid.eac, half_up(100 * unsaid.variance, 1), unsaid.verdict) == (D("31.5"), D("5.0"), Rag.GREEN)
    assert remaining(over=False, owner_says=None, estimate=D(10), actual=D("9.5")) == 1
    assert Forecast(D(100), Fraction(116), Fraction(0)).verdict is Rag.RED
    assert Forecast(D(0), Fraction(1), Fraction(0)).verdict is None


# --- What must hold for any ---

hundredths = st.integers(0, 1200).map(lambda n: D(n) / 100)
agreements = st.builds(
    Agreed, st.integers(0, 18).map(lambda n: month_after(JAN, n)), hundredths, hundredths, st.integers(1, 4),
    st.sampled_from(Order), part_first=st.booleans(), part_last=st.booleans(),
)  # fmt: skip
days = st.dates(date(2025, 12, 1), date(2027, 8, 1))
pauses = st.tuples(days, st.integers(0, 62)).map(lambda one: (one[0], one[0] + timedelta(one[1])))
entries = st.lists(st.tuples(days, st.integers(-1440, 1440)), max_size=40)


def by_month(worked):
    found = {}
    for day, sum_of in worked:
        found[month_of(day)] = found.get(month_of(day), 0) + sum_of
    return found


@given(
    st.lists(agreements, min_size=1, max_size=4, unique_by=lambda one: one.begins), entries, days, st.integers(0, 500),
    st.lists(pauses, max_size=3), st.randoms(),
)  # fmt: skip
def test_no_hundredth_of_a_day_is_lost_and_no_order_of_edits_matters(terms, worked, starts, term, stands, chance):
    """Logged, used, rolled, lapsed and over: in every month, over all, and frozen at any point in between."""
    span = Span(starts, starts + timedelta(term), tuple(stands), "GB-ENG")
    months = months_in_order(span, terms, by_month(worked), FAR)
    before = D(0)
    for one in months:
        assert one.rolled_in == before
        assert one.grant + one.rolled_in + one.overage == one.used + one.rolled_out + one.lapsed
        assert min(one.grant, one.rolled_in, one.overage, one.rolled_out, one.lapsed, one.lapsing) >= 0
        assert one.overage == max(one.used - one.available, 0)
        assert one.rolled_out == sum(batch.days for batch in one.batches)
        assert one.used == in_days(one.minutes)
        assert all(figure == half_up(figure, 2) for figure in (one.grant, one.used, one.rolled_out, one.lapsed))
        before = one.rolled_out
    assert sum(one.minutes for one in months) == sum(sum_of for _, sum_of in worked)
    assert sum(one.grant + one.overage for one in months) == sum(one.used + one.lapsed for one in months) + before
    shuffled, again = chance.sample(terms, len(terms)), chance.sample(worked, len(worked))
    assert months_in_order(span, shuffled, by_month(again), FAR) == months
    cut = chance.randint(0, len(months))
    frozen = {one.month: one for one in months[:cut]}
    assert months_in_order(span, terms, by_month(worked), FAR, frozen) == months
    one = chance.choice(months)
    assert last_in_order(span, terms, by_month(worked), one.month, frozen) == one
    beyond = month_after(months[-1].month)
    assert last_in_order(span, terms, by_month(worked), beyond, frozen) is None


@given(days, st.integers(1, 31), st.lists(pauses, max_size=2))
def test_a_part_month_never_grants_more_than_a_whole_one(month, day, stands):
    month = month_of(month)
    starts = min(month_end(month), month.replace(day=min(day, month_end(month).day)))
    granted = grant_of(month, FOUR, Span(starts, FAR, tuple(stands), "GB-ENG"))
    assert 0 <= granted <= 4
    assert granted * 4 == int(granted * 4)
