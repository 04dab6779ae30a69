"""Invariant 19: what an invoice froze takes no time again, also in months that nobody ever locked."""

import pytest
from sqlalchemy import select

from crm.closing.operations import freeze_invoiced
from crm.core.calendar import DAY, month_after, month_of
from crm.core.clock import now
from crm.core.db import db, transaction
from crm.core.errors import Refused
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.engagements.retained import FrozenMonth
from crm.people.models import Period, PeriodState
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry
from crm.timelog.queries import shut_among
from tests.cast import TODAY, looking

LAST = month_after(month_of(TODAY), -1)
BEFORE, EARLIER = month_after(LAST, -1), month_after(LAST, -2)


@pytest.fixture
def billed(app, cast, stage):
    """Ben serves since half a year; the month before this one is locked, those before it nobody ever touched."""
    cast.north.starts = EARLIER
    for one in stage.scalars(select(Assignment).where(Assignment.person_id == 2)):
        one.begins = EARLIER
    stage.add(Period(id=9, month=LAST, state=PeriodState.LOCKED))
    stage.commit()

    def bill():
        with looking(app, SYSTEM), transaction():
            freeze_invoiced(db.session.get(Engagement, 1), LAST, "2026-0001")

    return bill


def worked(stage, day, minutes=60):
    entry = TimeEntry(client_id=1, engagement_id=1, person_id=2, worked_on=day, minutes=minutes, area=Area.STR, logged_at=now())  # fmt: skip
    stage.add(entry)
    stage.commit()
    return entry


def test_a_frozen_month_that_was_never_locked_takes_no_time(app, billed, sign_in, cast, stage, words):
    """It was frozen with the months after it: what came to it now would be in no figure of F5."""
    billed()
    frozen = set(stage.scalars(select(FrozenMonth.month).where(FrozenMonth.engagement_id == 1)))
    shut = stage.scalars(select(EngagementMonth.month).where(EngagementMonth.state == MonthState.INVOICED)).all()
    assert {EARLIER, BEFORE, LAST} <= frozen == set(shut)
    ben = sign_in(cast.ben)
    for day in (EARLIER + 9 * DAY, BEFORE):
        said = ben.send("/time", work="1", duration="1", area="STR", worked_on=day.isoformat())
        assert said.status_code == 422
        assert f"{day:%B %Y} was invoiced at this engagement" in words(said)
        assert 'href="#worked_on"' in said.text, "beside the day"
    with looking(app, cast.ben):  # as the week grid and the changes of several entries ask
        assert shut_among([(1, BEFORE), (1, TODAY), (2, BEFORE)]).invoiced == {(1, BEFORE)}
    assert stage.scalars(select(TimeEntry)).all() == []
    assert ben.send("/time", work="1", duration="1", area="STR", worked_on=TODAY.isoformat()).status_code == 303


def test_nothing_is_frozen_over_time_that_may_still_change(billed, stage):
    """Of no month before, however long ago: not of the last one alone."""
    entry = worked(stage, EARLIER + 3 * DAY)
    with pytest.raises(Refused, match=f"{EARLIER:%B %Y} is not locked yet"):
        billed()
    assert stage.scalars(select(FrozenMonth)).all() == []
    stage.add(Period(id=10, month=EARLIER, state=PeriodState.LOCKED))
    stage.commit()
    billed()
    assert stage.scalars(select(FrozenMonth.minutes).where(FrozenMonth.month == EARLIER)).one() == entry.minutes
