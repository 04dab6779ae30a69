"""Who hears of a question about their time, and of the answer."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.core.db import db
from crm.core.words import day, spoken
from crm.engagements.models import Engagement
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.timelog.approval.models import TimeCheck, Verdict
from crm.timelog.models import TimeEntry


def announce(check: TimeCheck, event: str) -> None:
    post(f"time.{event}", key=f"time_check:{check.id}", check_id=check.id)


def _of(check_id: int) -> tuple[TimeCheck, TimeEntry] | None:
    """The question or answer with its entry, as long as the entry stands as it was looked at."""
    row = db.session.execute(
        select(TimeCheck, TimeEntry)
        .join(TimeEntry, TimeEntry.id == TimeCheck.entry_id)
        .where(TimeCheck.id == check_id, TimeEntry.voided_at.is_(None), TimeEntry.version == TimeCheck.entry_version)
        .options(
            joinedload(TimeCheck.by), joinedload(TimeEntry.person),
            joinedload(TimeEntry.engagement).joinedload(Engagement.client),
        )
    ).one_or_none()  # fmt: skip
    return (row[0], row[1]) if row else None


def _what(entry: TimeEntry) -> str:
    whom = f" for {entry.engagement.client.name}" if entry.engagement else ""
    return f"{spoken(entry.minutes)} on {day(entry.worked_on)}{whom}"


@notice("time.asked")
def ask_the_author(check_id: int) -> Iterator[Letter]:
    found = _of(check_id)
    if found:
        check, entry = found
        yield Letter(
            to=entry.person, about=entry, subject=f"A question about {_what(entry)}",
            text=f"{check.by.name} asks about your entry of {_what(entry)}:\n\n{check.said}\n\nChange the entry, or say how it was.",
            path=f"/time/entries/{entry.id}", link="Open the entry", kind=Kind.TIME,
        )  # fmt: skip


@notice("time.explained")
def tell_who_asked(check_id: int) -> Iterator[Letter]:
    found = _of(check_id)
    if found is None:
        return
    check, entry = found
    asked = db.session.scalars(
        select(TimeCheck)
        .where(TimeCheck.entry_id == entry.id, TimeCheck.id < check.id, TimeCheck.verdict == Verdict.ASKED)
        .options(joinedload(TimeCheck.by))
        .order_by(TimeCheck.id.desc())
        .limit(1)
    ).one_or_none()
    if asked:
        yield Letter(
            to=asked.by, about=entry, subject=f"{entry.person.name} answered about {_what(entry)}",
            text=f"You asked: {asked.said}\n\n{entry.person.name} says: {check.said}",
            path=f"/time/approval/{entry.engagement_id}/{entry.worked_on:%Y-%m}", link="Look at the month", kind=Kind.TIME,
        )  # fmt: skip
