"""Working days without time: told to the person alone, until the month is closed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, select

from crm.core.calendar import DAY, month_after, month_end, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.people.models import Leave, LeaveStatus, Period, PeriodState, Person, WorkingPattern
from crm.timelog.models import TimeEntry
from crm.workload.formulas import Away, Capacity, Pattern, capacity_of
from crm.workload.queries import WHOLE_WEEK

MONTHS = 3  # this one and the two before: what lies further back is closed, or nobody asks for it any more
FIELD, ROW = "\t", "\n"


def days_without_time(person_id: int, *, of: date | None = None) -> list[date]:
    """Working days up to yesterday on which somebody logged nothing, in months that are open: one statement.

    Pattern, holidays, leave and employment are taken into account. Whoever never logged anything is not asked for a day.
    `of` is a month: its days alone, also those before the first entry, for so whoever closes the month counts them.
    """
    first, last = of or month_after(month_of(today()), 1 - MONTHS), today() - DAY
    last = min(last, month_end(of)) if of else last
    row = db.session.execute(_asked(person_id, first)).one_or_none()
    if row is None or last < first or (row.began is None and not of):
        return []
    patterns = [
        Pattern(date.fromisoformat(begins), tuple(map(int, shares)), region)
        for begins, region, *shares in _rows(row.patterns)
    ]
    leaves = [
        Away(date.fromisoformat(begins), date.fromisoformat(ends), int(share))
        for begins, ends, share in _rows(row.leaves)
    ]
    logged = {date.fromisoformat(day) for (day,) in _rows(row.days)}
    locked = {date.fromisoformat(month) for (month,) in _rows(row.locked)}
    capacity = capacity_of(patterns, leaves, first, last, joined=row.joined_on, left=row.left_on)
    begins = first if of else max(first, row.began)
    return [
        day for day in working_days_without(logged.__contains__, capacity, begins, last) if month_of(day) not in locked
    ]


def working_days_without(has_time: Callable[[date], bool], capacity: Capacity, first: date, last: date) -> list[date]:
    """Days up to yesterday that somebody works, by F1, and that have no time."""
    last = min(last, today() - DAY)
    days = (first + DAY * n for n in range((last - first).days + 1))
    return [day for day in days if not has_time(day) and capacity.net(day, day)]


def _asked(person_id: int, first: date) -> Any:
    mine = (TimeEntry.person_id == person_id, TimeEntry.voided_at.is_(None))
    return select(
        Person.joined_on,
        Person.left_on,
        select(func.min(TimeEntry.worked_on)).where(*mine).scalar_subquery().label("began"),
        select(_told(WorkingPattern.begins, WorkingPattern.region, *WHOLE_WEEK))
        .where(WorkingPattern.person_id == person_id)
        .scalar_subquery()
        .label("patterns"),
        select(_told(Leave.begins, Leave.ends, Leave.share))
        .where(Leave.person_id == person_id, Leave.status == LeaveStatus.APPROVED, Leave.ends >= first)
        .scalar_subquery()
        .label("leaves"),
        select(_told(TimeEntry.worked_on)).where(*mine, TimeEntry.worked_on >= first).scalar_subquery().label("days"),
        select(_told(Period.month))
        .where(Period.state == PeriodState.LOCKED, Period.month >= first)
        .scalar_subquery()
        .label("locked"),
    ).where(Person.id == person_id)


def _told(*columns: Any) -> ColumnElement[Any]:
    """Several rows in one value, so that they cost no statement of their own."""
    told: ColumnElement[Any] = cast(columns[0], String)
    for column in columns[1:]:
        told = told.concat(literal(FIELD)).concat(cast(column, String))
    return func.aggregate_strings(told, ROW)


def _rows(told: str | None) -> list[list[str]]:
    return [row.split(FIELD) for row in (told or "").split(ROW) if row]
