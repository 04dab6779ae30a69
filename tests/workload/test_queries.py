"""What the team page reads: a handful of statements, whoever looks and however many there are."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.clients.models import Wall
from crm.core.calendar import monday_of
from crm.core.clock import now
from crm.engagements.models import Pause
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.engagements.states import EngagementState
from crm.people.models import Leave, LeaveStatus, Person, PersonKind, WorkingPattern
from crm.timelog.models import TimeEntry, TimeKind
from crm.workload.plan import rows_of, weeks_from
from crm.workload.queries import FOR_CLIENTS, bounds_of, load_team, logged
from tests.cast import TODAY, YEAR, assignment

MONDAY = monday_of(TODAY)
WEEKS = weeks_from(MONDAY)
LAST = WEEKS[-1] + timedelta(6)
NOW = now()


def team(see, who, people=None):
    with see(who):
        return {member.name: member for member in load_team(MONDAY, LAST, people)}


def planned(see, who):
    return {name: sum(work.days_a_month for work in member.works) for name, member in team(see, who).items()}


@pytest.mark.parametrize("who", ["ada", "ben", "eve"])
def test_the_figures_are_the_same_whoever_looks(who, see, cast):
    assert planned(see, getattr(cast, who)) == {"Ada": 0, "Ben": 4, "Eve": 0, "Finn": 4, "Tess": 4}


def test_a_wall_does_not_make_a_colleague_look_free(see, cast, stage):
    stage.add(Wall(client_id=1, person_id=cast.persons.ada.id))
    stage.commit()
    assert planned(see, cast.ada)["Ben"] == 4


def test_what_is_cancelled_or_over_is_not_planned(see, cast, stage):
    cast.umbra.state = EngagementState.CANCELLED
    for one in stage.scalars(select(Assignment).where(Assignment.person_id == cast.persons.ben.id)):
        one.status, one.ends = Status.ENDED, MONDAY.replace(day=1) - timedelta(1)
    stage.add(assignment(cast.north, cast.persons.eve, AssignmentRole.SPECIALIST, status=Status.TENTATIVE, days=2))
    stage.commit()
    found = team(see, cast.ada)
    assert (found["Finn"].works, found["Ben"].works) == ((), ())
    assert [(one.days_a_month, one.tentative) for one in found["Eve"].works] == [(Decimal(2), True)]


def test_an_ended_assignment_keeps_its_past_weeks(see, cast, stage):
    his = stage.scalars(select(Assignment).where(Assignment.person_id == cast.persons.ben.id)).one()
    his.status, his.ends = Status.ENDED, MONDAY + timedelta(13)
    stage.commit()
    with see(cast.ada):
        ben = next(row for row in rows_of(load_team(MONDAY, LAST), WEEKS) if row.name == "Ben")
    assert [week.planned > 0 for week in ben.weeks] == [True, True] + [False] * 11


def test_leave_counts_once_it_is_approved(see, cast, stage):
    for n, status in enumerate(LeaveStatus):
        day = MONDAY + timedelta(7 * n)
        stage.add(Leave(person_id=cast.persons.ben.id, begins=day, ends=day, status=status))
    stage.commit()
    assert [one.begins for one in team(see, cast.ada)["Ben"].leaves] == [MONDAY + timedelta(7)]


def test_a_pause_stops_the_plan(see, cast, stage):
    stage.add(Pause(client_id=1, engagement_id=1, begins=MONDAY, until=LAST, ended_on=MONDAY + timedelta(6)))
    stage.commit()
    with see(cast.ada):
        ben = next(row for row in rows_of(load_team(MONDAY, LAST), WEEKS) if row.name == "Ben")
    assert [week.planned > 0 for week in ben.weeks] == [False] + [True] * 12


def test_who_is_shown(see, cast, stage):
    cast.persons.eve.left_on, cast.persons.finn.joined_on = MONDAY - timedelta(1), LAST + timedelta(1)
    stage.commit()
    assert set(team(see, cast.ada)) == {"Ada", "Ben", "Tess"}
    assert set(team(see, cast.ada, [cast.persons.ben.id])) == {"Ben"}


def entry(cast, who, day, minutes, kind=TimeKind.BILLABLE, voided=None):
    on = {"client_id": 1, "engagement_id": 1, "area": "SEC"} if kind in FOR_CLIENTS else {}
    return TimeEntry(person_id=getattr(cast.persons, who).id, worked_on=day, minutes=minutes, kind=kind, logged_at=voided or NOW,
                     voided_at=voided, **on)  # fmt: skip


def test_minutes_are_added_up_by_person_and_week(see, cast, stage):
    last = MONDAY - timedelta(7)
    stage.add_all(
        [
            entry(cast, "ben", last, 60),
            entry(cast, "ben", last + timedelta(6), 30, TimeKind.GOODWILL),
            entry(cast, "ben", last + timedelta(6), 500, TimeKind.INTERNAL),
            entry(cast, "ben", MONDAY, 45),
            entry(cast, "ben", MONDAY, 45, voided=NOW),
            entry(cast, "tess", last, 15),
            entry(cast, "tess", last - timedelta(1), 15),
        ]
    )
    stage.commit()
    with see(cast.eve):
        found = logged(bounds_of([last, MONDAY]), FOR_CLIENTS)
        assert {person: dict(weeks) for person, weeks in found.items()} == {2: {0: 90, 1: 45}, 5: {0: 15}}
        assert set(logged(bounds_of([last, MONDAY]), FOR_CLIENTS, [5])) == {5}


def test_the_number_of_statements_does_not_grow(see, cast, stage, statements):
    with see(cast.ada), statements() as few:
        load_team(MONDAY, LAST)
    for n in range(30):
        person = Person(name=f"P{n}", email=f"p{n}@larkmoor.example", kind=PersonKind.CONSULTANT)
        stage.add(person)
        stage.flush()
        stage.add(WorkingPattern(person_id=person.id, begins=TODAY - YEAR))
        stage.add(assignment(cast.north, person, AssignmentRole.SPECIALIST))
    stage.commit()
    with see(cast.ada), statements() as many:
        assert len(load_team(MONDAY, LAST)) == 35
    assert len(few) == len(many) <= 5
