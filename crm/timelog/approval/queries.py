"""How the time of a month stands: approved, asked about, or waiting for somebody to look at it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from crm.clients.models import Client
from crm.core.calendar import month_end
from crm.core.codes import engagement_code
from crm.core.db import db
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.people.models import Person
from crm.timelog.approval.forms import MOST, MOST_OF_ALL
from crm.timelog.approval.models import TimeCheck, Verdict
from crm.timelog.models import TimeEntry


class Standing(StrEnum):
    WAITING = "waiting"
    ASKED = "asked"
    APPROVED = "approved"


@dataclass(frozen=True)
class Checked:
    """An entry, and what was last said of it."""

    entry: TimeEntry
    check: TimeCheck | None

    @property
    def standing(self) -> Standing:
        """Whatever was said of an entry holds for it as it stood then."""
        if self.check is None or self.check.entry_version != self.entry.version:
            return Standing.WAITING
        return {Verdict.APPROVED: Standing.APPROVED, Verdict.ASKED: Standing.ASKED}.get(
            self.check.verdict, Standing.WAITING
        )

    @property
    def has_lost_it(self) -> bool:
        """It was approved, and changed since."""
        return self.standing is Standing.WAITING and bool(self.check and self.check.verdict is Verdict.APPROVED)


def newest() -> ColumnElement[bool]:
    """Of the checks of an entry the last one."""
    later = aliased(TimeCheck)
    return TimeCheck.id == select(func.max(later.id)).where(later.entry_id == TimeEntry.id).scalar_subquery()


def holds() -> ColumnElement[bool]:
    return TimeCheck.entry_version == TimeEntry.version


def in_month(month: date) -> ColumnElement[bool]:
    """Work for clients that counts, dated in a month."""
    return and_(
        TimeEntry.worked_on.between(month, month_end(month)), TimeEntry.voided_at.is_(None),
        TimeEntry.engagement_id.is_not(None),
    )  # fmt: skip


def with_checks(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(TimeCheck, and_(TimeCheck.entry_id == TimeEntry.id, newest()))


def is_approved() -> ColumnElement[bool]:
    return func.coalesce(and_(holds(), TimeCheck.verdict == Verdict.APPROVED), False)


def is_asked() -> ColumnElement[bool]:
    return func.coalesce(and_(holds(), TimeCheck.verdict == Verdict.ASKED), False)


def entries_of(engagement_id: int, month: date) -> list[Checked]:
    """The entries of one engagement in one month with what was said of them, by day: one statement. Where they are more than
    a page holds, those that still wait come before those that are approved."""
    both: Any = select(TimeEntry, TimeCheck)
    asked = (
        with_checks(both)
        .where(in_month(month), TimeEntry.engagement_id == engagement_id)
        .options(
            joinedload(TimeEntry.person), joinedload(TimeEntry.note), joinedload(TimeEntry.adjusts),
            joinedload(TimeCheck.by),
        )
        .order_by(is_approved(), TimeEntry.worked_on, TimeEntry.id)
        .limit(MOST)
    )  # fmt: skip
    found = [Checked(*row) for row in db.session.execute(asked).unique()]
    return sorted(found, key=lambda one: (one.entry.worked_on, one.entry.id))


def checks_of(entry_id: int) -> Sequence[TimeCheck]:
    """All that was said of one entry, oldest first."""
    said = select(TimeCheck).where(TimeCheck.entry_id == entry_id).options(joinedload(TimeCheck.by))
    return db.session.scalars(said.order_by(TimeCheck.id)).all()


@dataclass(frozen=True)
class ToApprove:
    """One engagement in one month: how many of its entries wait, and how many are with their authors."""

    engagement_id: int
    code: str
    title: str
    client: str
    month: date
    entries: int
    waiting: int
    asked: int


def to_approve(months: Sequence[date], *, led_by: int | None, on: date) -> list[ToApprove]:
    """What a lead, or a partner (`led_by` none), may approve in these months: one statement."""
    which = case(*((TimeEntry.worked_on <= month_end(month), n) for n, month in enumerate(months)))
    open_ones = case((is_approved(), 0), else_=1)
    query = (
        with_checks(
            select(
                Engagement.id, Engagement.number, Engagement.title, Client.name, which.label("which"), func.count(),
                func.sum(open_ones), func.sum(case((is_asked(), 1), else_=0)),
            )
            .select_from(TimeEntry)
            .join(Engagement, Engagement.id == TimeEntry.engagement_id)
            .join(Client, Client.id == Engagement.client_id)
        )
        .where(
            TimeEntry.worked_on.between(months[0], month_end(months[-1])), TimeEntry.voided_at.is_(None)
        )
        .group_by(Engagement.id, Engagement.number, Engagement.title, Client.name, "which")
        .order_by(Client.name, Engagement.number)
    )  # fmt: skip
    query = _led(query, led_by, on)
    return [
        ToApprove(key, engagement_code(number), title, client, months[which], every, int(left) - int(asked), int(asked))
        for key, number, title, client, which, every, left, asked in db.session.execute(query)
    ]


def _led(query: Select[Any], led_by: int | None, on: date) -> Select[Any]:
    """Of the engagements that somebody leads on a day; of all for a partner."""
    if led_by is None:
        return query
    leads = select(Assignment.engagement_id).where(
        Assignment.person_id == led_by, Assignment.role == AssignmentRole.LEAD, Assignment.begins <= on,
        Assignment.status == Status.CONFIRMED, Assignment.ends >= on,
    )  # fmt: skip
    return query.where(Engagement.id.in_(leads))


@dataclass
class Batch:
    """One engagement in a month that is approved together with others: what would be approved, and what would be left."""

    engagement_id: int
    code: str
    title: str
    client: str
    seen: list[tuple[int, int]] = field(default_factory=list)  # entries that wait, each in its version
    minutes: int = 0  # of these
    changed: int = 0  # of these, since they were approved or asked about
    asked: Counter[str] = field(default_factory=Counter)  # entries that were sent back, by author


def batches(month: date, *, led_by: int | None, on: date, at_most: int = MOST_OF_ALL) -> tuple[list[Batch], bool]:
    """All of a month that is not approved, by engagement, and whether there is more than that: one statement."""
    columns: Any = (
        Engagement.id, Engagement.number, Engagement.title, Client.name, TimeEntry.id, TimeEntry.version, TimeEntry.minutes,
        Person.name, is_asked(), TimeCheck.entry_version.is_not(None) & ~holds(),
    )  # fmt: skip
    query = (
        with_checks(
            select(*columns)
            .select_from(TimeEntry)
            .join(Engagement, Engagement.id == TimeEntry.engagement_id)
            .join(Client, Client.id == Engagement.client_id)
            .join(Person, Person.id == TimeEntry.person_id)
        )
        .where(in_month(month), ~is_approved())
        .order_by(Client.name, Engagement.number, TimeEntry.worked_on, TimeEntry.id)
        .limit(at_most + 1)
    )
    rows = db.session.execute(_led(query, led_by, on)).all()
    found: dict[int, Batch] = {}
    for key, number, title, client, entry_id, version, minutes, person, asked, changed in rows[:at_most]:
        one = found.setdefault(key, Batch(key, engagement_code(number), title, client))
        if asked:
            one.asked[person] += 1
        else:
            one.seen.append((entry_id, version))
            one.minutes += minutes
            one.changed += bool(changed)
    return list(found.values()), len(rows) > at_most


def waiting_in(month: date, engagement_ids: Collection[int]) -> Sequence[TimeEntry]:
    """The entries of these engagements in a month that wait to be approved, bare: one statement."""
    asked = with_checks(select(TimeEntry)).where(
        in_month(month), TimeEntry.engagement_id.in_(engagement_ids), ~is_approved(), ~is_asked()
    )
    return db.session.scalars(asked.order_by(TimeEntry.id).options(lazyload("*"))).all()
