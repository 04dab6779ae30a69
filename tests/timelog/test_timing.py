"""A timer's minutes: an hour is an hour in every zone, midnight cuts it and loses nothing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.timelog.timing import STEPS, Rounding, by_day, proposed, ran

pytestmark = pytest.mark.engine_free
ZONES = sorted(name for name in available_timezones() if "/" in name)
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("seconds", "step", "up", "minutes"),
    [
        (0, 1, False, 1), (29, 1, False, 1), (90, 1, False, 2), (89, 1, False, 1), (61, 1, True, 2), (37 * 60, 15, False, 30),
        (38 * 60, 15, False, 45), (37 * 60, 15, True, 45), (31 * 60, 6, False, 30), (33 * 60, 6, False, 36), (31 * 60, 6, True, 36),
        (7 * 60, 5, False, 5), (7 * 60 + 30, 5, False, 10), (1, 15, False, 15), (60 * 60, 10, True, 60),
    ],
)  # fmt: skip
def test_rounding(seconds, step, up, minutes):
    assert Rounding(step, up).minutes(seconds) == minutes


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=LONDON), datetime(2026, 3, 29, 3, 30, tzinfo=LONDON), 2),  # put forward
        (datetime(2026, 10, 25, 0, 30, tzinfo=LONDON), datetime(2026, 10, 25, 3, 30, tzinfo=LONDON), 4),  # put back
        (
            datetime(2026, 11, 17, 9, 0, tzinfo=UTC),
            datetime(2026, 11, 17, 8, 0, tzinfo=UTC),
            0,
        ),  # a clock that went back
    ],
)
def test_an_hour_is_an_hour_when_clocks_change(begins, ends, hours):
    assert ran(begins, ends) == timedelta(hours=hours)


def test_midnight_makes_two_entries():
    begins, ends = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 7, 1, 23, 45, tzinfo=UTC)  # 23:30 in London
    assert proposed(begins, ends, LONDON, Rounding()) == [(date(2026, 7, 1), 30), (date(2026, 7, 2), 45)]
    assert proposed(begins, ends, ZoneInfo("UTC"), Rounding()) == [(date(2026, 7, 1), 75)]
    late = datetime(2026, 7, 1, 23, 2, tzinfo=UTC)
    assert proposed(begins, late, LONDON, Rounding(15)) == [(date(2026, 7, 1), 30)]  # two minutes are rounded away


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)), st.integers(0, 3 * 86400), st.sampled_from(ZONES),
    st.sampled_from(STEPS), st.booleans(),
)  # fmt: skip
@settings(max_examples=500)
def test_nothing_is_lost_in_any_zone(start, seconds, name, step, up):
    begins, zone = start.replace(tzinfo=UTC), ZoneInfo(name)
    ends = begins + timedelta(seconds=seconds)
    days = by_day(begins, ends, zone)
    assert sum(part for _, part in days) == seconds
    assert [day for day, _ in days] == sorted({day for day, _ in days})
    at = begins
    for day, part in days:  # each second lies on the day that the wall shows
        assert at.astimezone(zone).date() == (at + timedelta(seconds=part - 1)).astimezone(zone).date() == day
        at += timedelta(seconds=part)
    rounding = Rounding(step, up)
    told = proposed(begins, ends, zone, rounding)
    assert sum(minutes for _, minutes in told) == rounding.minutes(seconds)
    assert all(minutes > 0 for _, minutes in told)
