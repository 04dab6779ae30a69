"""Figures over entries that the reader may not see, and what one may correct for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.core import clock
from crm.core.calendar import month_of
from crm.core.db import Unguarded, db
from crm.core.twelve import Area
from crm.engagements.people import Assignment
from crm.timelog.models import TimeEntry, TimeKind
from tests.cast import TODAY

MONTH = month_of(TODAY)


def entry(cast, who, minutes, *, on=None, kind=TimeKind.BILLABLE, day=TODAY, **more):
    on = on or cast.north
    return TimeEntry(
        person_id=getattr(cast.persons, who).id, client_id=on.client_id, engagement_id=on.id, worked_on=day, minutes=minutes,
        kind=kind, area=Area.STR, logged_at=clock.now(), **more,
    )  # fmt: skip


@pytest.fixture
def logged(cast, stage):
    stage.add_all([
        entry(cast, "ben", 90, id=1), entry(cast, "tess", 30), entry(cast, "ben", 60, kind=TimeKind.GOODWILL),
        entry(cast, "ben", 45, voided_at=clock.now()), entry(cast, "ben", 15, day=MONTH - timedelta(1)),
        entry(cast, "finn", 20, on=cast.umbra),
    ])  # fmt: skip
    stage.commit()
    return cast


def test_one_s_own_time_is_corrected_long_after_the_assignment(see, logged, stage):
    """And nothing else is written there: no entry is added, no other engagement is touched."""
    mine = stage.scalars(select(Assignment).where(Assignment.person_id == logged.persons.ben.id)).one()
    mine.begins, mine.ends = TODAY - timedelta(300), TODAY - timedelta(200)
    stage.commit()
    with see(logged.ben):
        own = db.session.get(TimeEntry, 1)
        own.voided_at = clock.now()
        db.session.flush()
        db.session.add(entry(logged, "ben", 10, on=logged.umbra))
        with pytest.raises(Unguarded):
            db.session.flush()
    with see(logged.ben):
        db.session.add(entry(logged, "ben", 10))
        with pytest.raises(Unguarded):
            db.session.flush()


def test_own_time_is_not_moved_to_where_one_may_not_write(see, logged, stage):
    free = TimeEntry(
        person_id=2, worked_on=TODAY, minutes=10, kind=TimeKind.INTERNAL, area=Area.STR, logged_at=clock.now()
    )
    stage.add(free)
    stage.commit()
    with see(logged.ben):
        own = db.session.get(TimeEntry, free.id)
        own.client_id, own.engagement_id = 2, 2
        with pytest.raises(Unguarded):
            db.session.flush()
