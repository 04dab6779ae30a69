"""A reason for a better colour holds until its day: what the practice sees before and after, and what the client reads."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.core.twelve import Area
from crm.engagements.scopes import AreaOverride, AreaScope, Rag
from tests.cast import TODAY


@pytest.fixture
def until(cast, stage):
    """Vendors is published green against red evidence, with a reason until this day."""

    def say(day):
        row = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area.VEN)).one()
        row.confirmed, row.sentence, row.reviewed_on = Rag.GREEN, "Signed next week.", TODAY - timedelta(20)
        row.review_due = min(day, TODAY + timedelta(11))
        stage.add(AreaOverride(scope_id=row.id, engagement_id=1, client_id=1, until=day, suggested=Rag.RED))
        stage.commit()

    return say


def part(page, begins, ends):
    return page[page.index(begins) : page.index(ends, page.index(begins))]


def test_it_falls_back_wherever_the_practice_looks(until, sign_in, cast, words):
    until(TODAY - timedelta(1))
    ben, ada = sign_in(cast.ben), sign_in(cast.ada)
    today = words(ben.get("/today"))
    assert "the reason for green ran out on" in part(today, "My areas to review", "Follow-ups")
    assert "One area wants a review" in today
    areas = words(ben.get("/engagements/1"))
    assert "Green was published; its reason ran out on" in areas
    assert "1 red" in areas, "the ring counts what stands"
    assert "Vendors is red" in words(ada.get("/practice"))
    assert "green until" in words(ben.get("/clients/1"))


def test_the_client_reads_what_was_published_until_the_next_review(until, sign_in, cast, words):
    until(TODAY - timedelta(1))
    page = words(sign_in(cast.cora).get("/portal"))
    assert "Signed next week." in page
    assert "Needs action" not in page


def test_it_is_told_two_weeks_ahead(until, sign_in, cast, words):
    until(TODAY + timedelta(14))
    today = words(sign_in(cast.ben).get("/today"))
    assert "falls back to red" in part(today, "Better than the evidence, for not much longer", "Follow-ups")
    assert "better than the evidence until" in words(sign_in(cast.ben).get("/engagements/1"))
    assert "1 red" not in words(sign_in(cast.ben).get("/engagements/1"))


def test_further_away_it_is_not_told(until, sign_in, cast, words):
    until(TODAY + timedelta(15))
    assert "for not much longer" not in words(sign_in(cast.ben).get("/today"))
