"""Saying who a placeholder is: its time of open months becomes theirs, and its name means them from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from crm.access.act import act
from crm.clients.models import Client, Wall
from crm.core.columns import month_text
from crm.core.db import db, writing
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import day, plural
from crm.people.models import Period, PeriodState, Person, PersonKind
from crm.timelog.approval.models import TimeCheck
from crm.timelog.imports.checking import TAKE
from crm.timelog.imports.undoing import in_month
from crm.timelog.models import A_DAY, EngagementMonth, MonthState, TimeEntry, TimeNote
from crm.timelog.queries import keep_hold_of

AT_ONCE, DAYS_NAMED = 5000, 20  # entries moved by one statement; days that are named
ABOUT_ENTRIES = (TimeNote, TimeCheck)  # what hangs on an entry and repeats whose it is


@dataclass(frozen=True)
class MonthOf:
    """One month of a placeholder: what would become the real person's, and what stays."""

    month: date
    moves: int
    minutes: int
    stays: int


@dataclass(frozen=True)
class Preview:
    """What saying who somebody is would do, and what keeps it from being done."""

    months: Sequence[MonthOf]
    full: Sequence[date]  # days that would have more than 24 hours
    walled: bool
    unseen: int

    @property
    def moves(self) -> int:
        return sum(one.moves for one in self.months)

    @property
    def stays(self) -> int:
        return sum(one.stays for one in self.months)

    @property
    def trouble(self) -> str:
        if self.unseen:
            return "You do not see all of this time; ask another partner."
        if self.walled:
            return (
                "A wall stands between this person and a client of this time. Lower it first, or choose somebody else."
            )
        if self.full:
            more = len(self.full) - DAYS_NAMED
            named = ", ".join(day(one) for one in self.full[:DAYS_NAMED])
            rest = f" and {plural(more, 'more day')}" if more > 0 else ""
            return f"A day has 24 hours. More would stand on {named}{rest}."
        return ""


def people_to_choose(person: Person) -> Sequence[Person]:
    """Whoever of ours works for clients; once somebody is named, nobody else."""
    asked = select(Person).where(Person.is_placeholder.is_(False), Person.kind != PersonKind.ADMIN)
    if person.stands_for_id:
        asked = asked.where(Person.id == person.stands_for_id)
    return db.session.scalars(asked.order_by(Person.name, Person.id)).all()


def _of(person: Person) -> ColumnElement[bool]:
    return TimeEntry.person_id == person.id


def _shut() -> ColumnElement[bool]:
    """Locked or invoiced; and a correction stays beside what it corrects."""
    locked = exists().where(Period.state == PeriodState.LOCKED, in_month(TimeEntry.worked_on, Period.month))
    invoiced = exists().where(
        EngagementMonth.engagement_id == TimeEntry.engagement_id, EngagementMonth.state == MonthState.INVOICED,
        in_month(TimeEntry.worked_on, EngagementMonth.month),
    )  # fmt: skip
    return or_(locked.correlate(TimeEntry), invoiced.correlate(TimeEntry), TimeEntry.adjusts_id.is_not(None))


def _moves(person: Person) -> ColumnElement[bool]:
    return and_(_of(person), TimeEntry.voided_at.is_(None), ~_shut())


def preview(person: Person, real: Person) -> Preview:
    """Months as the viewer sees them; whether it may be done, by all there is."""
    month = month_text(TimeEntry.worked_on)
    each = select(month.label("month"), case((_shut(), 0), else_=1).label("moves"), TimeEntry.minutes).where(
        _of(person), TimeEntry.voided_at.is_(None)
    )
    one = each.subquery()
    found = db.session.execute(
        select(one.c.month, func.sum(one.c.moves), func.sum(one.c.moves * one.c.minutes), func.sum(1 - one.c.moves))
        .group_by(one.c.month).order_by(one.c.month)
    )  # fmt: skip
    months = [
        MonthOf(date.fromisoformat(f"{month}-01"), int(moves), int(minutes), int(stays))
        for month, moves, minutes, stays in found
    ]
    every = select(func.count(TimeEntry.id)).where(_of(person), TimeEntry.voided_at.is_(None))
    number = db.session.scalar(every, execution_options=TAKE) or 0
    return Preview(
        months, _too_full(person, real), _walled(person, real), number - sum(one.moves + one.stays for one in months)
    )


def _too_full(person: Person, real: Person) -> Sequence[date]:
    """Invariant 9: days on which more than 24 hours of the real person would stand. Corrections are no work of a day."""
    stands = and_(TimeEntry.voided_at.is_(None), TimeEntry.adjusts_id.is_(None))
    touched = select(TimeEntry.worked_on).where(_moves(person))
    both = or_(_moves(person), and_(_of(real), stands))
    days = (
        select(TimeEntry.worked_on)
        .where(both, TimeEntry.worked_on.in_(touched))
        .group_by(TimeEntry.worked_on)
        .having(func.sum(TimeEntry.minutes) > A_DAY)
        .order_by(TimeEntry.worked_on)
    )
    return db.session.scalars(days, execution_options=TAKE).all()


def _walled(person: Person, real: Person) -> bool:
    between = (
        select(Client.id)
        .join(Wall, and_(Wall.client_id == Client.id, Wall.person_id == real.id))
        .join(TimeEntry, TimeEntry.client_id == Client.id)
        .where(_moves(person))
        .limit(1)
    )
    return db.session.scalar(between, execution_options=TAKE) is not None


def say_who(person: Person, real: Person, *, viewer: Viewer, press: Press) -> Person:
    """Entries of open months become the real person's, all or none; those that are locked or invoiced stay as they are.
    An entry keeps its version: what was approved of it stands, and its import can still be undone."""
    with writing():
        keep_hold_of(person.id, real.id)
        found = preview(person, real)
        said = f"{real.name}. {plural(found.moves, 'entry', 'entries')} moved, {plural(found.stays, 'entry', 'entries')} stayed."
        with act(viewer, "person.tie", person, press=press, reason=said):
            person.stand_for(real)
            if found.trouble:
                raise Refused(found.trouble)
            _hand_over(person, real)
            _rename_keys(person, real)
    return person


def _hand_over(person: Person, real: Person) -> None:
    """What hangs on an entry names its author too: taken off first, and put back with the other name."""
    ids = db.session.scalars(select(TimeEntry.id).where(_moves(person)), execution_options=TAKE).all()
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        kept = [(table, _taken_off(table, some)) for table in ABOUT_ENTRIES]
        moved = update(TimeEntry).where(TimeEntry.id.in_(some)).values(person_id=real.id)
        db.session.execute(moved, execution_options=TAKE)
        for table, rows in kept:
            if rows:
                again = [row | {"person_id": real.id} for row in rows]
                db.session.execute(insert(table), again, execution_options=TAKE)


def _taken_off(table: Any, entry_ids: Sequence[int]) -> list[dict[str, Any]]:
    columns = [getattr(table, column.key) for column in table.__mapper__.column_attrs]
    rows = db.session.execute(select(*columns).where(table.entry_id.in_(entry_ids)), execution_options=TAKE)
    found = [dict(row) for row in rows.mappings()]
    if found:
        db.session.execute(delete(table).where(table.entry_id.in_(entry_ids)), execution_options=TAKE)
    return found


def _rename_keys(person: Person, real: Person) -> None:
    """The natural key of an imported row says whose it is: now the real person's, so that the same file changes nothing.
    A row that they have too gets the next place among its equals."""
    theirs, old, new = aliased(TimeEntry), f"-{person.id}-", f"-{real.id}-"
    renamed = func.replace(TimeEntry.import_key, old, new)
    mine = TimeEntry.import_key.like(f"%{old}%")
    whose = TimeEntry.person_id.in_([person.id, real.id])
    taken = exists().where(theirs.import_key == renamed).correlate(TimeEntry)
    equal = select(TimeEntry.id, TimeEntry.import_key).where(whose, mine, taken).order_by(TimeEntry.id)
    twice = db.session.execute(equal, execution_options=TAKE).all()
    here = select(TimeEntry.import_key).where(whose, TimeEntry.import_key.is_not(None))
    keys = {str(key).replace(old, new) for key in db.session.scalars(here, execution_options=TAKE)} if twice else set()
    for start in range(0, len(twice), AT_ONCE // 10):
        names: dict[int, str] = {}
        for entry_id, key in twice[start : start + AT_ONCE // 10]:
            keys.add(names.setdefault(entry_id, _free(str(key).partition("-")[0] + new, keys)))
        said = {entry_id: literal(key, TimeEntry.import_key.type) for entry_id, key in names.items()}
        again = update(TimeEntry).where(TimeEntry.id.in_(names)).values(import_key=case(said, value=TimeEntry.id))
        db.session.execute(again, execution_options=TAKE)
    db.session.execute(update(TimeEntry).where(whose, mine).values(import_key=renamed), execution_options=TAKE)


def _free(stem: str, keys: set[str]) -> str:
    place = 1
    while f"{stem}{place}" in keys:
        place += 1
    return f"{stem}{place}"
