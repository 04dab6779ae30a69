"""Holidays, working days, weeks and months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core import calendar, inputs

DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))


def test_the_holidays_of_a_region():
    england = calendar.public_holidays("GB-ENG", 2026)
    assert england[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 12, 28) in england, "Boxing Day falls on a Saturday, so Monday stands for it"
    assert date(2026, 11, 30) not in england
    assert date(2026, 11, 30) in calendar.public_holidays("GB-SCT", 2026), "St Andrew's Day"
    assert calendar.public_holidays("XX", 2026) == {}


def test_holidays_over_the_turn_of_the_year():
    found = calendar.holidays_between("GB-ENG", date(2026, 12, 24), date(2027, 1, 3))
    assert sorted(found) == [date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("typed", "known", "said"),
    [
        ("gb-eng", "GB-ENG", "England"),
        (" GB-SCT ", "GB-SCT", "Scotland"),
        ("ie", "IE", "Ireland"),
        ("de-by", "DE-BY", "Germany (Bayern)"),
    ],
)
def test_a_region_is_known_and_said(typed, known, said):
    assert inputs.region(typed) == known
    assert calendar.region_name(known) == said


@pytest.mark.parametrize("typed", ["", "England", "GB-XXX", "ZZ", "GB-ENG-LON"])
def test_an_unknown_region_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match="GB-ENG"):
        inputs.region(typed)


def working_days(first, last):
    return sum(calendar.is_working_day(first + calendar.DAY * n, "GB-ENG") for n in range((last - first).days + 1))


def test_working_days_leave_out_weekends_and_holidays():
    assert working_days(date(2026, 12, 21), date(2027, 1, 3)) == 7
    assert calendar.after_working_days(date(2026, 12, 24), 1, "GB-ENG") == date(2026, 12, 29)
    assert calendar.after_working_days(date(2026, 11, 20), 10, "GB-ENG") == date(2026, 12, 4)


@given(DAYS, st.integers(1, 30))
def test_so_many_working_days_later_there_are_so_many_between(day, number):
    later = calendar.after_working_days(day, number, "GB-ENG")
    assert working_days(day + calendar.DAY, later) == number
    assert calendar.is_working_day(later, "GB-ENG")


@given(DAYS, st.integers(-40, 40))
def test_months_and_weeks(day, number):
    assert calendar.monday_of(day).weekday() == 0
    assert 0 <= (day - calendar.monday_of(day)).days < 7
    assert calendar.month_of(day) <= day <= calendar.month_end(day)
    assert calendar.month_after(calendar.month_after(day, number), -number) == calendar.month_of(day)
