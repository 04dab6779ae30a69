"""The suite's own day (`tests/evening.py`)."""

from datetime import UTC, datetime, timedelta

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


def test_today_is_still_today():
    assert datetime.now(UTC).date() == TODAY
