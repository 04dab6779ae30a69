"""Taking a whole import back: its entries are voided, and the file can be imported again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select, update
from sqlalchemy.orm import aliased

from crm.access.act import act
from crm.clients.models import Client
from crm.core import clock
from crm.core.columns import month_text
from crm.core.db import db, writing
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import hours, plural
from crm.engagements.models import Engagement
from crm.people.models import Period, PeriodState, Person
from crm.timelog.imports.checking import TAKE
from crm.timelog.imports.models import BatchState, ImportBatch
from crm.timelog.models import REASON, EngagementMonth, MonthState, TimeEntry
from crm.timelog.queries import keep_hold_of

NAMED_ONES = 20  # entries that are named one by one


@dataclass(frozen=True)
class InTheWay:
    """Why an import stays: what it is, how many entries, and some of them to look at."""

    what: str
    entries: int
    some: Sequence[Any] = ()


@dataclass(frozen=True)
class Preview:
    """What undoing would do."""

    entries: int
    minutes: int
    gone: int  # deleted by hand since
    first: date | None
    last: date | None
    by_person: Sequence[Any]
    in_the_way: Sequence[InTheWay]


def came_by(batch: ImportBatch) -> ColumnElement[bool]:
    return TimeEntry.import_batch_id == batch.id


def stands(batch: ImportBatch) -> ColumnElement[bool]:
    return and_(came_by(batch), TimeEntry.voided_at.is_(None))


def preview(batch: ImportBatch) -> Preview:
    """Read through the viewer's own eyes."""
    number, minutes, first, last = db.session.execute(
        select(func.count(TimeEntry.id), func.coalesce(func.sum(TimeEntry.minutes), 0), func.min(TimeEntry.worked_on),
               func.max(TimeEntry.worked_on)).where(stands(batch))
    ).one()  # fmt: skip
    by_person = db.session.execute(
        select(Person.name, Client.name.label("client"), func.count(TimeEntry.id).label("entries"),
               func.sum(TimeEntry.minutes).label("minutes"))
        .select_from(TimeEntry).join(Person, Person.id == TimeEntry.person_id).outerjoin(Client, Client.id == TimeEntry.client_id)
        .where(stands(batch)).group_by(Person.name, Client.name).order_by(Person.name, Client.name)
    ).all()  # fmt: skip
    return Preview(number, int(minutes), max(0, batch.new - number), first, last, by_person, in_the_way(batch))


def in_the_way(batch: ImportBatch) -> list[InTheWay]:
    """All that keeps an import where it is, the gravest first."""
    found = [*_locked(batch), *_invoiced(batch), *_corrected(batch), *_changed(batch), *_unseen(batch)]
    return [one for one in found if one.entries]


def _locked(batch: ImportBatch) -> list[InTheWay]:
    months = db.session.execute(
        select(Period.month, func.count(TimeEntry.id))
        .join(TimeEntry, in_month(TimeEntry.worked_on, Period.month))
        .where(stands(batch), Period.state == PeriodState.LOCKED)
        .group_by(Period.month).order_by(Period.month),
        execution_options=TAKE,
    )  # fmt: skip
    return [InTheWay(f"{month:%B %Y} is locked", number) for month, number in months]


def _invoiced(batch: ImportBatch) -> list[InTheWay]:
    months = db.session.execute(
        select(EngagementMonth.month, func.count(TimeEntry.id))
        .join(TimeEntry, and_(TimeEntry.engagement_id == EngagementMonth.engagement_id, in_month(TimeEntry.worked_on, EngagementMonth.month)))
        .where(stands(batch), EngagementMonth.state == MonthState.INVOICED)
        .group_by(EngagementMonth.month).order_by(EngagementMonth.month),
        execution_options=TAKE,
    )  # fmt: skip
    return [InTheWay(f"{month:%B %Y} was invoiced", number) for month, number in months]


def in_month(day: Any, month: Any) -> ColumnElement[bool]:
    """The first letters of a day are those of its month, on both engines."""
    return month_text(day) == month_text(month)


def _corrected(batch: ImportBatch) -> list[InTheWay]:
    later = aliased(TimeEntry)
    asked = select(func.count()).select_from(TimeEntry).join(later, later.adjusts_id == TimeEntry.id)
    number = db.session.scalar(asked.where(stands(batch), later.voided_at.is_(None)), execution_options=TAKE) or 0
    return [InTheWay("Later entries correct some of it", number)]


def _changed(batch: ImportBatch) -> list[InTheWay]:
    changed = and_(stands(batch), TimeEntry.version > 1)
    number = db.session.scalar(select(func.count(TimeEntry.id)).where(changed), execution_options=TAKE) or 0
    if not number:
        return []
    some = db.session.execute(
        select(TimeEntry.id, TimeEntry.person_id, TimeEntry.worked_on, TimeEntry.minutes, Person.name)
        .join(Person, Person.id == TimeEntry.person_id)
        .where(changed).order_by(TimeEntry.worked_on, TimeEntry.id).limit(NAMED_ONES)
    ).all()  # fmt: skip
    return [InTheWay("Somebody changed entries of it since", number, some)]


def _unseen(batch: ImportBatch) -> list[InTheWay]:
    """Time behind a wall, or at an engagement that one left: whoever sees it undoes it."""
    every = db.session.scalar(select(func.count(TimeEntry.id)).where(stands(batch)), execution_options=TAKE) or 0
    seen = db.session.scalar(select(func.count(TimeEntry.id)).where(stands(batch))) or 0
    wanted = set(
        db.session.scalars(
            select(TimeEntry.engagement_id).where(stands(batch), TimeEntry.engagement_id.is_not(None)).distinct(),
            execution_options=TAKE,
        )
    )
    reached = set(db.session.scalars(select(Engagement.id).where(Engagement.id.in_(wanted))))
    if wanted - reached:
        return [InTheWay("Some of it belongs to engagements that you do not see; ask a partner", max(1, every - seen))]
    return [InTheWay("You do not see all of it; ask a partner", every - seen)]


def undo_import(batch: ImportBatch, reason: str, *, viewer: Viewer, press: Press) -> ImportBatch:
    """Void every entry of it in one statement and free its rows to be imported again; or nothing, where something of it
    is locked, invoiced, corrected or changed since. What was deleted by hand stays so."""
    if len(reason) < REASON:
        raise Refused(f"Say why in {REASON} characters or more; it stands in the history.", "reason")
    said = f"{batch.file_name}: {plural(batch.new, 'entry', 'entries')}, {hours(batch.minutes)}. {reason}"
    with writing(), act(viewer, "import.undo", batch, press=press, reason=said):
        people = select(TimeEntry.person_id).where(came_by(batch)).distinct()
        keep_hold_of(*db.session.scalars(people, execution_options=TAKE))
        batch.undo(clock.now())
        found = in_the_way(batch)
        if found:
            raise Refused(f"Nothing was undone. {found[0].what}: {plural(found[0].entries, 'entry', 'entries')}.")
        db.session.flush()
        at = func.coalesce(TimeEntry.voided_at, literal(clock.now(), TimeEntry.voided_at.type))
        voided: dict[str, Any] = {"voided_at": at, "import_key": None, "version": TimeEntry.version + 1}
        db.session.execute(update(TimeEntry).where(came_by(batch)).values(voided), execution_options=TAKE)
    return batch


def can_be_undone(batch: ImportBatch) -> bool:
    return batch.state is BatchState.TAKEN and batch.new > 0
