"""What a staged file would do: each rule is one statement over all of its rows.

The rules are those of `timelog.models.fits` and `timelog.operations`, said in SQL; a test holds the two together.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from crm.clients.models import Wall
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.twelve import Scope
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Status
from crm.engagements.scopes import AreaScope
from crm.people.models import Period, PeriodState, Person
from crm.timelog.imports.models import ImportBatch, ImportName, ImportRow, NotesFor, Skip
from crm.timelog.models import A_DAY, REASON, EngagementMonth, MonthState, TimeEntry, TimeKind, TimeNote

STAGE = {"named": "imports.stage", "synchronize_session": False}
TAKE = {"named": "imports.take", "synchronize_session": False}
REASONS = 12  # shown above the rows
NOTE = 500  # characters that a note for the client may have

WIDTH = 20_000  # lines of one statement
FOR_MANY = (("enable_nestloop", "off"), ("statement_timeout", "120s"))


@dataclass(frozen=True)
class Span:
    """Lines of the file, the first and the last among them."""

    first: int = 1
    last: int = 2**31 - 1

    @property
    def rows(self) -> ColumnElement[bool]:
        return ImportRow.line.between(self.first, self.last)


ALL = Span()
FUTURE = "That day is still to come"
INVOICED = "Its month was invoiced at that engagement: correct it there, or take these rows out of the file"
LOCKED = "Its month is locked: ask a partner to open it, or take these rows out of the file"
WALLED = "This person is kept apart from this client"
NO_SCOPE = "Its area is not in scope at that engagement"
OUTSIDE = "It lies outside the dates of the engagement or of the assignment: give a reason"
LONG_NOTE = f"A note for the client has at most {NOTE} characters: let the notes be internal, or shorten it"
FULL_DAY = "A day has 24 hours: with this row more would stand on it"


def check(batch: ImportBatch) -> None:
    """Work out what every row means and whether it may be taken, and count. Inside a transaction."""
    for_many()
    for step in STEPS:
        db.session.execute(step(batch, ALL), execution_options=STAGE)
    sum_up(batch)


def judge(step: Any) -> None:
    """One of the `steps_of` a batch, inside a transaction of its own."""
    for_many()
    db.session.execute(step, execution_options=STAGE)


def for_many() -> None:
    """PostgreSQL knows nothing yet of rows that came a moment ago: it takes them for a few, would compare each with each,
    and stop that after some seconds. Until the end of this transaction."""
    if db.engine.dialect.name == "postgresql":
        said = (func.set_config(name, value, True) for name, value in FOR_MANY)
        db.session.execute(select(*said), execution_options=TAKE)


def steps_of(batch: ImportBatch) -> Sequence[Any]:
    """The same, cut into statements that each hold the database for a moment only; `sum_up` comes last."""
    first, last = db.session.execute(
        select(func.min(ImportRow.line), func.max(ImportRow.line)).where(of(batch)), execution_options=STAGE
    ).one()
    spans = [Span(line, line + WIDTH - 1) for line in range(first or 1, (last or 1) + 1, WIDTH)]
    return [step(batch, span) for step in STEPS for span in (spans if step is not _fill_days else [ALL])]


def sum_up(batch: ImportBatch) -> None:
    """How many rows are what, and by which state of the practice they were judged."""
    rows = of(batch)
    counted = select(
        func.count(), _number(is_new()), func.coalesce(func.sum(case((is_new(), ImportRow.minutes))), 0),
        _number(and_(is_new(), ImportRow.outside)), _number(and_(is_fine(), ImportRow.is_known)),
        _number(ImportRow.skip == Skip.EMPTY), _number(ImportRow.skip == Skip.LEFT_OUT), _number(is_bad()),
    ).where(rows)  # fmt: skip
    found = db.session.execute(counted, execution_options=STAGE).one()
    names = ("rows", "new", "minutes", "outside", "known", "empty", "left_out", "bad")
    said: dict[str, Any] = dict(zip(names, map(int, found), strict=True))
    db.session.flush()
    # by hand, so that the page on which it was asked for stays the newest
    changed = update(ImportBatch).where(ImportBatch.id == batch.id).values(world=world_of(batch), **said)
    db.session.execute(changed, execution_options=STAGE)
    db.session.refresh(batch)


def world_of(batch: ImportBatch) -> str:
    """A digest of all that the rows are judged by, the days of people aside: whether anything of it changed since is
    then told in a moment, however many rows there are."""
    named = select(ImportName).where(ImportName.batch_id == batch.id).subquery()
    people = select(named.c.by_id).where(named.c.by_id.is_not(None))
    places = select(named.c.engagement_id).where(named.c.engagement_id.is_not(None))
    asked = (
        _told("locked", Period.month).where(Period.state == PeriodState.LOCKED),
        _told("invoiced", EngagementMonth.id).where(EngagementMonth.engagement_id.in_(places), EngagementMonth.state == MonthState.INVOICED),
        _told("wall", Wall.person_id, Wall.client_id).where(Wall.person_id.in_(people)),
        _told("scope", AreaScope.engagement_id, AreaScope.area).where(AreaScope.engagement_id.in_(places), AreaScope.scope != Scope.OUT),
        _told("runs", Engagement.id, Engagement.starts, Engagement.ends, Engagement.state).where(Engagement.id.in_(places)),
        _told("serves", Assignment.id, Assignment.begins, Assignment.ends, Assignment.status)
        .where(Assignment.engagement_id.in_(places), Assignment.person_id.in_(people)),
    )  # fmt: skip
    found = sorted(map(repr, db.session.execute(union_all(*asked), execution_options=STAGE)))
    return hashlib.sha256("".join(found).encode()).hexdigest()[:40]


def _told(what: str, *columns: Any) -> Select[Any]:
    """One kind of row in the one shape that all of them are asked in."""
    words = [literal(what), *(cast(column, String) for column in columns), *[literal("")] * (4 - len(columns))]
    return select(*(word.label(f"c{n}") for n, word in enumerate(words)))  # type: ignore[return-value]


def still_holds(batch: ImportBatch) -> bool:
    """Whether what was worked out before is true now: asked while nobody else logs time of these people."""
    for_many()
    too_full = db.session.scalar(_too_full(batch).limit(1), execution_options=STAGE)
    return too_full is None and batch.world == world_of(batch)


def of(batch: ImportBatch) -> ColumnElement[bool]:
    return ImportRow.batch_id == batch.id


def is_bad() -> ColumnElement[bool]:
    return and_(ImportRow.skip != Skip.LEFT_OUT, or_(ImportRow.problem != "", ImportRow.refusal != ""))


def is_fine() -> ColumnElement[bool]:
    return and_(ImportRow.skip == Skip.NONE, ImportRow.problem == "", ImportRow.refusal == "")


def is_new() -> ColumnElement[bool]:
    return and_(is_fine(), ImportRow.is_known.is_(False))


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((which, 1)))


def _resolve(batch: ImportBatch, span: Span) -> Any:
    """Person, engagement and area by the names; what has no time or was left out is skipped."""
    who, what, task = aliased(ImportName), aliased(ImportName), aliased(ImportName)
    out = or_(who.left_out, what.left_out, and_(what.engagement_id.is_not(None), task.left_out))
    billable = case((ImportRow.billable, TimeKind.BILLABLE.value), else_=TimeKind.GOODWILL.value)
    meant = (
        select(
            ImportRow.id, who.by_id, what.engagement_id, what.client_id,
            case((what.engagement_id.is_not(None), billable), else_=what.time_kind).label("kind"),
            case((what.engagement_id.is_not(None), task.area)).label("area"),
            case(
                (out, Skip.LEFT_OUT.value), (and_(ImportRow.problem == "", ImportRow.minutes == 0), Skip.EMPTY.value),
                else_=Skip.NONE.value,
            ).label("skip"),
        )
        .join(who, who.id == ImportRow.person_name_id)
        .join(what, what.id == ImportRow.project_name_id)
        .join(task, task.id == ImportRow.task_name_id)
        .where(of(batch))
        .subquery()
    )  # fmt: skip
    return (
        update(ImportRow)
        .where(of(batch), span.rows, ImportRow.id == meant.c.id)
        .values(
            by_id=meant.c.by_id, engagement_id=meant.c.engagement_id, client_id=meant.c.client_id, kind=meant.c.kind,
            area=meant.c.area, skip=meant.c.skip, outside=False, is_known=False, import_key=None, refusal="",
        )
    )  # fmt: skip


def _recognise(batch: ImportBatch, span: Span) -> Any:
    """The natural key with its ordinal, for equal rows are legal; and whether an earlier run took it."""
    place = func.row_number().over(partition_by=[ImportRow.digest, ImportRow.by_id], order_by=ImportRow.line)
    key = ImportRow.digest + "-" + cast(ImportRow.by_id, String) + "-" + cast(place, String)
    keyed = select(ImportRow.id, key.label("key")).where(of(batch), is_fine()).subquery()
    taken = exists().where(TimeEntry.import_key == keyed.c.key)
    return (
        update(ImportRow)
        .where(of(batch), span.rows, ImportRow.id == keyed.c.id)
        .values(import_key=keyed.c.key, is_known=taken.correlate(keyed))
    )


def _place(batch: ImportBatch, span: Span) -> Any:
    """Whether a day lies outside what was agreed: the engagement's dates and those of one of the person's assignments."""
    runs = exists().where(
        Engagement.id == ImportRow.engagement_id,
        Engagement.starts <= ImportRow.worked_on, Engagement.ends >= ImportRow.worked_on,
    )  # fmt: skip
    serves = exists().where(
        Assignment.engagement_id == ImportRow.engagement_id, Assignment.person_id == ImportRow.by_id,
        Assignment.status.in_([Status.CONFIRMED, Status.ENDED]),
        Assignment.begins <= ImportRow.worked_on, Assignment.ends >= ImportRow.worked_on,
    )  # fmt: skip
    nobody = ImportRow.by_id.in_(select(Person.id).where(Person.is_placeholder))  # whom nobody could assign
    agreed = and_(runs.correlate(ImportRow), or_(nobody, serves.correlate(ImportRow)))
    return (
        update(ImportRow)
        .where(of(batch), span.rows, is_new(), ImportRow.engagement_id.is_not(None), ~agreed)
        .values(outside=True)
    )


def _refuse(batch: ImportBatch, span: Span) -> Any:
    """The rules that one row breaks by itself, the gravest first."""
    locked = select(Period.month).where(Period.state == PeriodState.LOCKED)
    walled = exists().where(Wall.person_id == ImportRow.by_id, Wall.client_id == ImportRow.client_id)
    in_scope = exists().where(
        AreaScope.engagement_id == ImportRow.engagement_id, AreaScope.area == ImportRow.area, AreaScope.scope != Scope.OUT
    )  # fmt: skip
    invoiced = exists().where(
        EngagementMonth.engagement_id == ImportRow.engagement_id, EngagementMonth.month == ImportRow.month,
        EngagementMonth.state == MonthState.INVOICED,
    )  # fmt: skip
    of_client = ImportRow.engagement_id.is_not(None)
    refused: list[tuple[ColumnElement[bool], str]] = [
        (ImportRow.worked_on > today(), FUTURE),
        (ImportRow.month.in_(locked), LOCKED),
        (and_(of_client, invoiced.correlate(ImportRow)), INVOICED),
        (and_(of_client, walled.correlate(ImportRow)), WALLED),
        (and_(of_client, ~in_scope.correlate(ImportRow)), NO_SCOPE),
    ]
    if len(batch.reason) < REASON:
        refused.append((ImportRow.outside.is_(True), OUTSIDE))
    if batch.notes_for is NotesFor.CLIENT:
        refused.append((and_(of_client, func.length(ImportRow.note) > NOTE), LONG_NOTE))
    return update(ImportRow).where(of(batch), span.rows, is_new()).values(refusal=case(*refused, else_=""))


def _fill_days(batch: ImportBatch, span: Span) -> Any:
    """From the top of the file: as many rows of a person's day as fit beside what is logged already."""
    return update(ImportRow).where(of(batch), span.rows, ImportRow.id.in_(_too_full(batch))).values(refusal=FULL_DAY)


def _too_full(batch: ImportBatch) -> Select[Any]:
    """Rows with which more than 24 hours would stand on a person's day."""
    day = [ImportRow.by_id, ImportRow.worked_on]
    summed = func.sum(ImportRow.minutes).over(partition_by=day, order_by=ImportRow.line)
    filled = (
        select(ImportRow.id, ImportRow.by_id, ImportRow.worked_on, summed.label("minutes"))
        .where(of(batch), is_new())
        .subquery()
    )
    there = (
        select(TimeEntry.person_id, TimeEntry.worked_on, func.sum(TimeEntry.minutes).label("minutes"))
        .where(
            TimeEntry.voided_at.is_(None), TimeEntry.adjusts_id.is_(None),  # a correction is no work of that day
            TimeEntry.person_id.in_(people_of(batch)), TimeEntry.worked_on.in_(days_of(batch)),
        )
        .group_by(TimeEntry.person_id, TimeEntry.worked_on)
        .subquery()
    )  # fmt: skip
    return (
        select(filled.c.id)
        .outerjoin(there, and_(there.c.person_id == filled.c.by_id, there.c.worked_on == filled.c.worked_on))
        .where(filled.c.minutes + func.coalesce(there.c.minutes, 0) > A_DAY)
    )


STEPS = (_resolve, _recognise, _place, _refuse, _fill_days)


def people_of(batch: ImportBatch) -> Select[Any]:
    return select(ImportRow.by_id).where(of(batch), ImportRow.by_id.is_not(None)).distinct()


def days_of(batch: ImportBatch) -> Select[Any]:
    return select(ImportRow.worked_on).where(of(batch), ImportRow.worked_on.is_not(None)).distinct()


def people_in(batch: ImportBatch) -> Sequence[int]:
    return db.session.scalars(people_of(batch), execution_options=STAGE).all()


def engagements_in(batch: ImportBatch) -> set[int]:
    found = select(ImportRow.engagement_id).where(of(batch), is_new(), ImportRow.engagement_id.is_not(None)).distinct()
    return set(db.session.scalars(found, execution_options=STAGE))


def take_rows(batch: ImportBatch) -> int:
    """Every new row becomes an entry, in one statement; what the client does not read goes into a note of its own."""
    to_client = batch.notes_for is NotesFor.CLIENT
    note = case((ImportRow.engagement_id.is_not(None), func.replace(ImportRow.note, "\n", " ")), else_="")
    entries = select(
        ImportRow.by_id, ImportRow.client_id, ImportRow.engagement_id, ImportRow.worked_on, ImportRow.minutes, ImportRow.kind,
        ImportRow.area, note if to_client else literal(""), ImportRow.outside, ImportRow.import_key, literal(now(), TimeEntry.logged_at.type), literal(1),
        literal(batch.id),
    ).where(of(batch), is_new()).order_by(ImportRow.line)  # fmt: skip
    columns = [
        "person_id", "client_id", "engagement_id", "worked_on", "minutes", "kind", "area", "client_note", "outside", "import_key",
        "logged_at", "version", "import_batch_id",
    ]  # fmt: skip
    taken = db.session.execute(insert(TimeEntry).from_select(columns, entries), execution_options=TAKE)
    inside = case((and_(ImportRow.engagement_id.is_not(None), to_client), ""), else_=ImportRow.note)  # type: ignore[arg-type]
    reason = case((ImportRow.outside, batch.reason), else_="")
    notes = (
        select(TimeEntry.id, TimeEntry.person_id, TimeEntry.client_id, TimeEntry.engagement_id, inside, reason)
        .join(ImportRow, ImportRow.import_key == TimeEntry.import_key)
        .where(of(batch), is_new(), or_(inside != "", ImportRow.outside))
        .order_by(ImportRow.line)
    )
    places = ["entry_id", "person_id", "client_id", "engagement_id", "body", "reason"]
    db.session.execute(insert(TimeNote).from_select(places, notes), execution_options=TAKE)
    return int(taken.rowcount)  # type: ignore[attr-defined]


def summary(batch: ImportBatch) -> Select[Any]:
    """What would be taken, by person and by what it was for."""
    return (
        select(  # type: ignore[return-value]
            ImportRow.by_id, ImportRow.engagement_id, ImportRow.kind, func.count().label("rows"),
            func.sum(ImportRow.minutes).label("minutes"), func.min(ImportRow.worked_on).label("first"),
            func.max(ImportRow.worked_on).label("last"),
        )
        .where(of(batch), is_new())
        .group_by(ImportRow.by_id, ImportRow.engagement_id, ImportRow.kind)
        .order_by(ImportRow.by_id, ImportRow.engagement_id, ImportRow.kind)
    )  # fmt: skip


def bad_reasons(batch: ImportBatch) -> Select[Any]:
    """Why rows cannot be taken, the most frequent reason first."""
    why = case((ImportRow.problem != "", ImportRow.problem), else_=ImportRow.refusal).label("reason")
    number = func.count().label("rows")
    found: Any = select(why, number).where(of(batch), is_bad()).group_by(why).order_by(number.desc(), why)
    return found.limit(REASONS)  # type: ignore[no-any-return]


def bad_rows(batch: ImportBatch) -> Select[Any]:
    """Every row that cannot be taken, in the order of the file, with the names that stand in it."""
    who, what, task = aliased(ImportName), aliased(ImportName), aliased(ImportName)
    why = case((ImportRow.problem != "", ImportRow.problem), else_=ImportRow.refusal)
    return (
        select(
            ImportRow.line, why.label("reason"), ImportRow.date_text, ImportRow.time_text, who.name.label("person"),
            what.name.label("project"), task.name.label("task"), ImportRow.note,
        )
        .join(who, who.id == ImportRow.person_name_id)
        .join(what, what.id == ImportRow.project_name_id)
        .join(task, task.id == ImportRow.task_name_id)
        .where(of(batch), is_bad())
        .order_by(ImportRow.line)
    )  # fmt: skip
