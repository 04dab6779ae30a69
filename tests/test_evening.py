"""The suite's own day (`tests/evening.py`)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import evening
from tests.cast import TODAY

pytestmark = pytest.mark.engine_free


@pytest.mark.parametrize(("hour", "back"), [(0, 0), (12, 0), (21, 0), (22, 3), (23, 3)])
def test_a_late_run_begins_earlier_on_the_same_day(hour, back):
    begins = datetime(2026, 11, 22, hour, 59, tzinfo=UTC)
    assert evening.hours_back(begins) == back
    held = begins - timedelta(hours=back)
    assert held.date() == begins.date() == (held + timedelta(hours=2)).date()


@pytest.mark.parametrize(("day", "hour", "back"), [(23, 2, 0), (23, 3, 3), (23, 6, 3), (23, 7, 0), (24, 6, 0)])
def test_a_run_does_not_pass_the_hour_of_the_letters_of_the_week(day, hour, back):
    begins = datetime(2026, 11, day, hour, 59, tzinfo=UTC)
    assert evening.hours_back(begins) == back
    held = begins - timedelta(hours=back)
    due = [datetime(2026, 11, 23, 7, tzinfo=ZoneInfo(zone)) for zone in ("UTC", "Europe/Paris")]
    assert not any(held < one < held + timedelta(hours=2) for one in due)
    assert held.date() == begins.date()


def test_today_is_still_today():
    assert datetime.now(UTC).date() == TODAY
