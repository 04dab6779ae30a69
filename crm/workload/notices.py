"""Days without time, told to the person alone: once a week by the house, and when a partner asks before a month is closed.

Both are found anew when the mail leaves: what was filled meanwhile, or whose month was closed, is not told any more.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.closing.models import TimeReminder
from crm.closing.queries import lacks_of
from crm.core.calendar import DAY, monday_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.words import in_words, listed, month, plural, short_day, span
from crm.outbox.kinds import Kind
from crm.outbox.models import Outbox, post
from crm.outbox.notices import Item, Letter, notice
from crm.people.models import Period, PeriodState, Person
from crm.workload.missing import days_without_time


def key_of(person_id: int, monday: date) -> str:
    """time.missing:2026-W47:5"""
    year, week, _ = monday.isocalendar()
    return f"time.missing:{year}-W{week:02}:{person_id}"


def told_in(monday: date, people: Collection[int]) -> set[int]:
    """Who heard of their days in this week, from the house or from a partner. Two statements."""
    keys = {key_of(one, monday): one for one in people}
    by_us = db.session.scalars(select(Outbox.key).where(Outbox.key.in_(keys)))
    asked: Select[Any] = select(TimeReminder.person_id).where(TimeReminder.sent_on >= monday, TimeReminder.missing > 0)
    return {keys[key] for key in by_us} | set(db.session.scalars(asked))


def lacking_before(person_id: int, monday: date) -> list[date]:
    """What a week's reminder is about: the days before it."""
    return [day for day in days_without_time(person_id) if day < monday]


def announce_missing(person_id: int, monday: date) -> None:
    post("time.missing", key=key_of(person_id, monday), person_id=person_id, week=monday.isoformat())


@notice("time.missing")
def tell_of_missing_days(person_id: int, week: str) -> Iterator[Letter]:
    """Each week has its own; where it waited for a later letter, the newer one says it all."""
    person, monday = db.session.get(Person, person_id), date.fromisoformat(week)
    this = monday_of(today())
    if person is None or not person.is_here(today()):
        return
    if monday < this and db.session.scalar(select(Outbox.id).where(Outbox.key == key_of(person_id, this))):
        return
    days = lacking_before(person_id, monday)
    if days:
        have = "day has" if len(days) == 1 else "days have"
        said = f"{in_words(len(days))} working {have} no time. Only you are told, until the month is closed."
        yield _letter(person, person, days, without_time(days), said)


@notice("time.reminded")
def ask_to_complete(reminder_id: int) -> Iterator[Letter]:
    """As long as the month is open and something lacks in it: after that nobody can, or need, complete it."""
    asked = select(TimeReminder).where(TimeReminder.id == reminder_id).options(joinedload(TimeReminder.person))
    found = db.session.scalars(asked).one_or_none()
    if found is None or db.session.scalar(
        select(Period.id).where(Period.month == found.month, Period.state == PeriodState.LOCKED)
    ):
        return
    days = days_without_time(found.person_id, of=found.month)
    noteless = lacks_of(found.month)[1].get(found.person_id, 0)
    lacks = [without_time(days)] if days else []
    lacks += [f"{plural(noteless, 'entry', 'entries')} without a note for the client"] if noteless else []
    if lacks:
        said = f"{month(found.month)} is about to be closed: {listed(lacks)}"
        text = f"{said}. Please complete it before that."
        yield _letter(found.person, found, days, said, text, of=found.month)


def without_time(days: Sequence[date]) -> str:
    return f"{plural(len(days), 'working day')} without time"


def _letter(
    person: Person, about: Any, days: Sequence[date], subject: str, text: str, *, of: date | None = None
) -> Letter:
    """The weeks that lack days, each with a way to fill it."""
    weeks = tuple(
        Item(span(monday, monday + 6 * DAY), listed([short_day(day) for day in its]), f"/time/grid?day={its[0]}")
        for monday, its in ((monday, list(group)) for monday, group in groupby(days, monday_of))
    )
    return Letter(
        to=person, about=about, subject=subject, text=text,
        path=f"/time/grid?day={days[0]}" if days else f"/time?day={of}", link="Fill them in" if days else "Open the month",
        kind=Kind.TIME, items=weeks,
    )  # fmt: skip
