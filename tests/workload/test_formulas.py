"""F1 to F4 with the book's worked figures, and what must hold for any."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm.core.calendar import holidays_between, monday_of, month_after, month_end
from crm.core.words import half_up
from crm.workload.formulas import (
    Away,
    Band,
    CannotBePlaced,
    Pattern,
    Verdict,
    Work,
    allocation,
    band,
    capacity_of,
    is_overloaded,
    load,
    pattern_on,
    planned_days,
    utilisation,
    verdict,
)

DAY, WEEK = timedelta(1), timedelta(7)
LONG_AGO, FAR = date(2000, 1, 1), date(2100, 1, 1)
FIVE = (100, 100, 100, 100, 100, 0, 0)
FOUR = (100, 100, 100, 100, 0, 0, 0)
MAY_DAY = date(2028, 5, 1)  # a Monday and a public holiday in England
MAY = (date(2028, 5, 1), date(2028, 5, 31))


def pattern(shares=FIVE, begins=LONG_AGO, region="", **more):
    return Pattern(begins, shares, region, **more)


def a_year(patterns, leaves=(), year=2028, **more):
    return capacity_of(patterns, leaves, date(year - 1, 12, 1), date(year + 1, 1, 31), **more)


def work(days, begins=LONG_AGO, ends=FAR, **more):
    return Work(begins, ends, Decimal(str(days)), **more)


# F1


def test_f1_a_holiday_and_half_a_day_of_leave():
    friday = MAY_DAY + 4 * DAY
    capacity = a_year([pattern(region="GB-ENG")], [Away(friday, friday, 50)])
    assert capacity.net(MAY_DAY, MAY_DAY + 6 * DAY) == Fraction("3.5")


def test_f1_leave_on_the_holiday_changes_nothing():
    friday = MAY_DAY + 4 * DAY
    capacity = a_year([pattern(region="GB-ENG")], [Away(friday, friday, 50), Away(MAY_DAY, MAY_DAY)])
    assert capacity.net(MAY_DAY, MAY_DAY + 6 * DAY) == Fraction("3.5")


def test_f1_a_holiday_on_a_day_that_is_not_worked():
    good_friday = date(2028, 4, 14)
    capacity = a_year([pattern(FOUR, region="GB-ENG")])
    assert capacity.net(monday_of(good_friday), good_friday + 2 * DAY) == 4


def test_f1_patterns_change_from_a_day_on():
    capacity = a_year([pattern(), pattern(FOUR, begins=date(2028, 3, 8)), pattern((50,) * 7, begins=date(2028, 3, 13))])
    assert capacity.net(date(2028, 2, 28), date(2028, 3, 5)) == 5
    assert capacity.net(date(2028, 3, 6), date(2028, 3, 12)) == 4, "the Friday falls under the new pattern"
    assert capacity.net(date(2028, 3, 13), date(2028, 3, 19)) == Fraction("3.5")


def test_f1_nobody_works_before_they_join_or_after_they_leave():
    capacity = a_year([pattern()], joined=date(2028, 3, 8), left=date(2028, 3, 16))
    assert capacity.net(date(2028, 3, 6), date(2028, 3, 12)) == 3
    assert capacity.net(date(2028, 3, 13), date(2028, 3, 19)) == 4
    assert capacity.net(date(2028, 4, 3), date(2028, 4, 9)) == 0


def test_f1_who_has_no_pattern_has_no_capacity():
    assert a_year([]).net(*MAY) == 0
    assert pattern_on([], MAY_DAY) is None


# F2


def test_f2_the_worked_figure():
    assert utilisation(5985, Fraction(19)) == 70
    assert half_up(utilisation(5985, Fraction(19))) == Decimal("70.0")
    assert utilisation(450, Fraction(0)) is None


@pytest.mark.parametrize(
    ("found", "said"),
    [(70, "green"), (80, "green"), (60, "green"), ("80.001", "amber"), (50, "amber"), (90, "amber"), ("49.999", "red"), ("90.001", "red")],
)  # fmt: skip
def test_f2_above_is_as_far_from_the_target_as_below(found, said):
    assert verdict(Fraction(found), 70) == Verdict(said)
    assert verdict(None, 70) is None


# F3


def may_of_twenty():
    """Net 20 in May 2028 (23 weekdays, two holidays, two half days), 3.5 in its first week."""
    halves = [Away(day, day, 50) for day in (date(2028, 5, 5), date(2028, 5, 10))]
    return a_year([pattern(region="GB-ENG")], halves)


def test_f3_three_assignments_in_a_week():
    capacity, week = may_of_twenty(), (MAY_DAY, MAY_DAY + 6 * DAY)
    assert (capacity.net(*MAY), capacity.net(*week)) == (20, Fraction("3.5"))
    planned = [planned_days(work(days), capacity, *week) for days in (4, 8, 6)]
    assert planned == [Fraction("0.7"), Fraction("1.4"), Fraction("1.05")]
    assert sum(planned) == Fraction("3.15")
    assert half_up(allocation(sum(planned), capacity.net(*week))) == Decimal("90.0")


def test_f3_a_week_over_two_months_adds_both_parts():
    away = [Away(date(2026, 6, 4), date(2026, 6, 5)), Away(date(2026, 7, 23), date(2026, 7, 23))]
    capacity = a_year([pattern()], away, year=2026)
    assert capacity.net(date(2026, 6, 1), date(2026, 6, 30)) == 20
    assert capacity.net(date(2026, 7, 1), date(2026, 7, 31)) == 22
    planned = planned_days(work(4), capacity, date(2026, 6, 29), date(2026, 7, 5))
    assert planned == Fraction(2, 5) + Fraction(6, 11)
    assert half_up(planned, 3) == Decimal("0.945")


def test_f3_a_part_month_carries_a_part_of_the_days():
    capacity = a_year([pattern()])
    half = work(4, begins=date(2028, 5, 17))  # 11 of 23 weekdays
    assert planned_days(half, capacity, *MAY) == Fraction(4 * 11, 23)
    assert planned_days(half, capacity, date(2028, 5, 8), date(2028, 5, 14)) == 0


def test_f3_paused_days_do_not_count():
    capacity = a_year([pattern()])
    paused = work(4, pauses=((date(2028, 5, 8), date(2028, 5, 14)),))
    assert planned_days(paused, capacity, date(2028, 5, 8), date(2028, 5, 14)) == 0
    assert planned_days(paused, capacity, *MAY) == Fraction(4 * 18, 23)


def test_f3_pauses_may_overlap_and_reach_beyond():
    whole = work(4, begins=date(2028, 5, 3), ends=date(2028, 5, 26),
                 pauses=((date(2028, 4, 1), date(2028, 5, 5)), (date(2028, 5, 4), date(2028, 5, 9)), (date(2028, 5, 20), FAR)))  # fmt: skip
    assert whole.stretches == ((date(2028, 5, 10), date(2028, 5, 19)),)
    assert work(4, begins=date(2028, 5, 3), ends=date(2028, 5, 26), pauses=((LONG_AGO, FAR),)).stretches == ()


def test_f3_what_cannot_be_placed_is_said():
    capacity = a_year([pattern()], [Away(*MAY)])
    with pytest.raises(CannotBePlaced, match="4 days a month cannot be placed in May 2028") as error:
        planned_days(work(4), capacity, MAY_DAY, MAY_DAY + 6 * DAY)
    assert error.value.month == MAY_DAY
    assert planned_days(work(0), capacity, *MAY) == 0
    assert planned_days(work(4, ends=date(2028, 4, 30)), capacity, *MAY) == 0
    assert planned_days(work(4, pauses=(MAY,)), capacity, *MAY) == 0, "a paused month asks for nothing"


def test_f3_who_joins_in_the_month_is_measured_by_the_whole_month():
    """An assignment from the day somebody joins carries a part of the month, not all of it in half the days."""
    joined = date(2028, 5, 17)
    capacity = a_year([pattern(begins=joined)], joined=joined)
    assert planned_days(work(4, begins=joined), capacity, *MAY) == Fraction(4 * 11, 23)


# F4


def test_f4_the_worked_figure():
    capacity, week = may_of_twenty(), (MAY_DAY, MAY_DAY + 6 * DAY)
    planned, delivery = Fraction("3.15"), capacity.delivery(*week)
    assert delivery == Fraction("2.8")
    assert half_up(delivery - planned, 2) == Decimal("-0.35")
    assert half_up(load(planned, delivery)) == Decimal("112.5")
    assert band(load(planned, delivery)) is Band.OVER


def test_f4_a_week_with_nothing_has_no_load():
    assert load(Fraction(0), Fraction(0)) is None
    assert band(None) is None


@pytest.mark.parametrize(
    ("found", "said"),
    [("0", "spare"), ("59.99", "spare"), ("60", "healthy"), ("94.99", "healthy"), ("95", "full"), ("105", "full"),
     ("105.01", "over"), ("125", "over"), ("125.01", "severe")],
)  # fmt: skip
def test_f4_the_bands(found, said):
    assert band(Fraction(found)) == Band(said)


@pytest.mark.parametrize(
    ("loads", "is_so"),
    [([106, 106], True), ([106, 105], False), ([126], True), ([125, 90], False), ([125, 106], True), ([None, 106, None, 106], True), ([], False)],
)  # fmt: skip
def test_f4_overloaded_is_two_weeks_over_or_one_severe(loads, is_so):
    assert is_overloaded([None if one is None else Fraction(one) for one in loads]) is is_so


def test_the_share_for_clients_changes_with_the_pattern():
    capacity = a_year([pattern(delivery_share=80), pattern(begins=date(2028, 5, 4), delivery_share=40)])
    assert capacity.delivery(MAY_DAY, MAY_DAY + 6 * DAY) == 3 * Fraction("0.8") + 2 * Fraction("0.4")


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("0.05", 1, "0.1"), ("-0.05", 1, "-0.1"), ("0.049999", 1, "0.0"), ("-0.345", 2, "-0.35"), ("2", 2, "2.00"), ("112.45", 1, "112.5")],
)  # fmt: skip
def test_rounding_is_half_up_away_from_zero(value, places, shown):
    assert str(half_up(Fraction(value), places)) == shown


# What must hold for any

DATES = st.dates(date(2026, 1, 1), date(2029, 12, 31))
SHARES = st.tuples(*[st.integers(0, 100)] * 7)
PATTERNS = st.lists(
    st.builds(Pattern, DATES, SHARES, st.sampled_from(["", "GB-ENG", "GB-SCT", "DE-BY"]), st.integers(1, 100)),
    min_size=1, max_size=3, unique_by=lambda one: one.begins,
)  # fmt: skip
SPANS = st.tuples(DATES, st.integers(0, 40)).map(lambda one: (one[0], one[0] + one[1] * DAY))
LEAVES = st.lists(st.tuples(SPANS, st.integers(1, 100)).map(lambda one: Away(*one[0], one[1])), max_size=4)
WORKS = st.tuples(SPANS, st.integers(0, 2500), st.lists(SPANS, max_size=3)).map(
    lambda one: Work(one[0][0], one[0][1] + 200 * DAY, Decimal(one[1]) / 100, tuple(one[2]))
)
FIRST, LAST = date(2025, 12, 1), date(2030, 12, 31)


@given(PATTERNS, LEAVES, DATES)
def test_capacity_is_the_sum_of_its_days(patterns, leaves, day):
    """The look-up tables say what the book's formula says, date by date."""
    capacity, last = capacity_of(patterns, leaves, FIRST, LAST), day + 20 * DAY
    expected = Fraction(0)
    for n in range(21):
        on = day + n * DAY
        now = pattern_on(patterns, on)
        worked = Fraction(now.shares[on.weekday()], 100) * (on not in holidays_between(now.region, on, on))
        absent = min(100, sum(one.share for one in leaves if one.begins <= on <= one.ends))
        expected += worked * (1 - Fraction(absent, 100))
    assert capacity.net(day, last) == expected
    assert 0 <= capacity.delivery(day, last) <= expected


@given(PATTERNS, LEAVES, DATES, st.integers(0, 2500))
def test_the_weeks_of_a_month_add_up_to_its_days(patterns, leaves, day, hundredths):
    month = day.replace(day=1)
    capacity, planned = capacity_of(patterns, leaves, FIRST, LAST), work(Decimal(hundredths) / 100)
    assume(capacity.net(month, month_end(month)) > 0)
    parts, begins = Fraction(0), month
    while begins <= month_end(month):
        ends = min(monday_of(begins) + 6 * DAY, month_end(month))
        parts += planned_days(planned, capacity, begins, ends)
        begins = ends + DAY
    assert parts == Fraction(hundredths, 100)


@given(PATTERNS, LEAVES, WORKS, DATES)
def test_a_week_is_the_sum_of_its_days(patterns, leaves, planned, day):
    capacity, monday = capacity_of(patterns, leaves, FIRST, LAST), monday_of(day)
    try:
        whole = planned_days(planned, capacity, monday, monday + 6 * DAY)
    except CannotBePlaced:
        return
    assert whole == sum(planned_days(planned, capacity, monday + n * DAY, monday + n * DAY) for n in range(7))
    assert whole >= 0


@given(PATTERNS, LEAVES, DATES)
def test_leave_on_a_holiday_changes_nothing(patterns, leaves, day):
    plain = capacity_of(patterns, leaves, FIRST, LAST)
    more = [Away(one, one) for one in plain.holidays]
    assert capacity_of(patterns, [*leaves, *more], FIRST, LAST).sums == plain.sums


@given(PATTERNS, LEAVES, WORKS)
def test_nothing_is_planned_where_nothing_can_be_done(patterns, leaves, planned):
    """A week without net capacity has no planned days either: no load is hidden behind a dash."""
    capacity, month = capacity_of(patterns, leaves, FIRST, LAST), planned.begins.replace(day=1)
    for n in range(70):
        day = month + n * DAY
        whole = day.replace(day=1)
        if capacity.net(day, day) == 0 and capacity.net(whole, month_end(whole)):
            assert planned_days(planned, capacity, day, day) == 0


@given(WORKS)
def test_stretches_are_the_days_that_are_not_paused(planned):
    days = (planned.ends - planned.begins).days + 1
    every = [planned.begins + n * DAY for n in range(days)]
    expected = {day for day in every if not any(first <= day <= last for first, last in planned.pauses)}
    assert {day for a, b in planned.stretches for n in range((b - a).days + 1) for day in [a + n * DAY]} == expected


@given(DATES)
def test_months_follow_each_other(day):
    assert month_after(day) == month_end(day) + DAY
