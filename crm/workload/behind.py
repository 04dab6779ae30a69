"""What is behind one week of one person: assignments, leave, holidays, what was logged, and who else has room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.core.calendar import DAY
from crm.core.db import db
from crm.core.inputs import MINUTES_A_DAY
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.people.models import Leave, LeaveStatus, Person
from crm.timelog.models import TimeEntry
from crm.workload.formulas import NONE, CannotBePlaced, Work, pattern_on, planned_days
from crm.workload.plan import Row, Week, rows_of
from crm.workload.queries import FOR_CLIENTS, Member, load_team


@dataclass(frozen=True)
class Planned:
    """One assignment in this week. `assignment` is None where the viewer may not see the engagement."""

    work: Work
    assignment: Assignment | None
    days: Fraction | None  # None: cannot be placed
    logged: Fraction

    @property
    def engagement(self) -> Engagement | None:
        return self.assignment.engagement if self.assignment else None


@dataclass(frozen=True)
class OneDay:
    """A day of the week: how much of it is worked, and why not more."""

    day: date
    net: Fraction
    holiday: str
    is_away: bool


@dataclass(frozen=True)
class Behind:
    """All that one cell of the heat map stands for."""

    person: Person
    row: Row
    planned: Sequence[Planned]
    days: Sequence[OneDay]
    leaves: Sequence[Leave]
    share: int  # % of net capacity meant for clients
    room: Sequence[Row]
    unplanned: Fraction = NONE  # logged for clients, on no assignment of this week

    @property
    def week(self) -> Week:
        return self.row.weeks[0]

    @property
    def counted(self) -> list[Planned]:
        return [one for one in self.planned if not one.work.tentative]

    @property
    def tentative(self) -> list[Planned]:
        return [one for one in self.planned if one.work.tentative]

    @property
    def logged(self) -> Fraction:
        return sum((one.logged for one in self.planned), self.unplanned)


def behind(person: Person, monday: date, *, with_room: bool) -> Behind | None:
    """None when they are not with us in this week. `with_room` adds who else has days free in it."""
    rows = rows_of(load_team(monday, monday + 6 * DAY, None if with_room else [person.id]), [monday])
    row = next((one for one in rows if one.member.id == person.id), None)
    if row is None:
        return None
    pattern = pattern_on(row.member.patterns, monday + 6 * DAY)
    planned, unplanned = _planned(row.member, monday)
    return Behind(
        person=person,
        row=row,
        planned=planned,
        unplanned=unplanned,
        days=[_day(row.member, monday + n * DAY) for n in range(7)],
        leaves=db.session.scalars(_leaves(person.id, monday)).all(),
        share=pattern.delivery_share if pattern else 0,
        room=sorted(
            (one for one in rows if one.weeks[0].free >= 1 and one is not row), key=lambda one: -one.weeks[0].free
        ),
    )


def _planned(member: Member, monday: date) -> tuple[list[Planned], Fraction]:
    sunday = monday + 6 * DAY
    here = [work for work in member.works if any(a <= sunday and b >= monday for a, b in work.stretches)]
    seen = {one.id: one for one in db.session.scalars(_assignments([work.assignment_id for work in here]))}
    minutes = {row.engagement_id: row.minutes for row in db.session.execute(_minutes(member.id, monday))}
    found = []
    for work in here:
        try:
            days: Fraction | None = planned_days(work, member.capacity, monday, sunday)
        except CannotBePlaced:
            days = None
        logged = Fraction(int(minutes.pop(work.engagement_id, 0)), MINUTES_A_DAY)
        found.append(Planned(work, seen.get(work.assignment_id), days, logged))
    rest = Fraction(sum(int(one) for one in minutes.values()), MINUTES_A_DAY)
    return sorted(found, key=lambda one: (one.work.tentative, -(one.days or NONE))), rest


def _assignments(ids: Sequence[int]) -> Any:
    """Those that the viewer may see, with engagement and client."""
    engagement = joinedload(Assignment.engagement)
    return select(Assignment).where(Assignment.id.in_(ids)).options(engagement.joinedload(Engagement.client))


def _minutes(person_id: int, monday: date) -> Any:
    return (
        select(TimeEntry.engagement_id, func.sum(TimeEntry.minutes).label("minutes"))
        .where(
            TimeEntry.person_id == person_id,
            TimeEntry.worked_on.between(monday, monday + 6 * DAY),
            TimeEntry.kind.in_(FOR_CLIENTS),
            TimeEntry.voided_at.is_(None),
        )
        .group_by(TimeEntry.engagement_id)
    )


def _leaves(person_id: int, monday: date) -> Any:
    return (
        select(Leave)
        .where(
            Leave.person_id == person_id,
            Leave.begins <= monday + 6 * DAY,
            Leave.ends >= monday,
            Leave.status.in_((LeaveStatus.ASKED, LeaveStatus.APPROVED)),
        )
        .order_by(Leave.begins)
    )


def _day(member: Member, day: date) -> OneDay:
    capacity = member.capacity
    return OneDay(day, capacity.net(day, day), capacity.holidays.get(day, ""), day in capacity.away)
