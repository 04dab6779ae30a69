"""The funnel: how many ideas are how far, what they cost against their limit, what was stopped."""

from datetime import timedelta

import pytest

from crm.areas.innovation.models import Idea
from crm.areas.innovation.queries import SHOWN
from crm.core import clock
from crm.core.twelve import Area
from tests.cast import TODAY

HERE = "/clients/1/areas/innovation/ideas/"


def ago(days):
    return TODAY - timedelta(days)


@pytest.fixture
def idea(cast, stage):
    def made(title="Order by voice", step="new", days=5, department="sales", **more):
        row = Idea(client_id=1, area=Area.INN, made_at=clock.now(), changed_at=clock.now(), title=title, problem="Wet hands", stage=step,
                   source_department=department, value_type="time", submitted_on=ago(days), stage_since=ago(days), **more)  # fmt: skip
        stage.add(row)
        stage.commit()
        return row

    return made


@pytest.fixture
def page(sign_in, cast, words):
    return lambda: words(sign_in(cast.ben).get(f"{HERE}funnel"))


def test_within_its_limit_and_its_time(idea, page):
    idea(step="experiment", cost_limit=250_000, spent=250_000, ends_on=TODAY)
    assert "1 idea is being tried at Northwind, within its limit and its time." in page()
    idea(step="pilot", cost_limit=10_000, spent=10_001)
    said = page()
    assert "2 ideas are being tried at Northwind: 1 past its end or without one, 1 beyond its limit." in said
    assert "£2,600.01 spent of £2,600" in said
    assert "No end agreed" in said


def test_what_is_over_is_no_longer_beyond_anything(idea, page):
    """Limits and ends are those of what is being tried (INN-R2, R6)."""
    idea(step="rejected", cost_limit=100, spent=500, ends_on=ago(9), result="failed")
    said = page()
    assert "Nothing is being tried at Northwind." in said
    assert "beyond the limit" not in said
    assert "Rejected, " in said
    assert "Failed" in said


def test_who_waits_for_an_answer(idea, page):
    idea(days=30)
    assert "waited more than" not in page()
    idea(days=31)
    assert "1 idea has waited more than 30 days for an answer." in page()


def test_where_ideas_come_from_and_what_stays(idea, page):
    for step, department, days in (("scaled", "it", 365), ("scaled", "sales", 366), ("parked", "hr", 1)):
        idea(step=step, department=department, days=days)
    said = page()
    assert "66.7 % from outside IT" in said
    assert "Kept in the last year 1" in said


def test_a_full_stage_shows_its_newest(idea, page):
    for days in range(SHOWN + 2):
        idea(f"Idea {days:02}", days=days)
    said = page()
    assert "2 more" in said
    assert "Idea 00" in said
    assert f"Idea {SHOWN + 1}" not in said
    assert f"New {SHOWN + 2}" in said, "the sums are of all"
