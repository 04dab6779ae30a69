"""Days without time: working days in open months, told to the person alone."""

from datetime import date

import pytest

from crm.core import clock
from crm.people.models import Leave, LeaveStatus, Period, PeriodState
from crm.timelog.models import TimeEntry, TimeKind
from crm.workload.missing import days_without_time


@pytest.fixture
def november(cast, time_machine):
    time_machine.move_to("2026-11-18T12:00:00Z")


def log(stage, *days, who=2):
    stage.add_all(
        TimeEntry(person_id=who, worked_on=day, minutes=60, kind=TimeKind.INTERNAL, logged_at=clock.now())
        for day in days
    )
    stage.commit()


def missing(see, who):
    with see(who):
        return days_without_time(2)


def test_working_days_since_the_first_entry_up_to_yesterday(november, see, cast, stage):
    log(stage, date(2026, 11, 6))
    stage.add(Leave(person_id=2, begins=date(2026, 11, 10), ends=date(2026, 11, 11), status=LeaveStatus.APPROVED))
    stage.add(Leave(person_id=2, begins=date(2026, 11, 12), ends=date(2026, 11, 12), status=LeaveStatus.ASKED))
    log(stage, date(2026, 11, 16))
    assert missing(see, cast.ben) == [date(2026, 11, 9), date(2026, 11, 12), date(2026, 11, 13), date(2026, 11, 17)]


def test_whoever_never_logged_is_not_asked(november, see, cast):
    assert missing(see, cast.ben) == []


def test_a_closed_month_is_asked_for_no_more(november, see, cast, stage):
    log(stage, date(2026, 10, 1), *(date(2026, 11, day) for day in range(2, 18)))
    assert len(missing(see, cast.ben)) == 21  # the rest of October
    stage.add(Period(month=date(2026, 10, 1), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()
    assert missing(see, cast.ben) == []


def test_today_and_the_week_say_so_to_the_person_and_to_nobody_else(november, sign_in, cast, stage):
    log(stage, date(2026, 11, 16))
    for page in ("/today", "/time"):
        said = sign_in(cast.ben).get(page).text
        assert "One working day has no time." in said
        assert "/time/grid?day=2026-11-17" in said
        assert "has no time." not in sign_in(cast.ada).get(page).text
