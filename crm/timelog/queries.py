"""What is asked about time: where one may log it, what stands on a day, what stands in a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from crm.clients.models import Client
from crm.core.calendar import month_of
from crm.core.codes import deliverable_code, engagement_code
from crm.core.db import db
from crm.core.twelve import Area, Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import LIVE as LIVE_DELIVERABLE
from crm.deliverables.states import State
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.engagements.scopes import AreaScope
from crm.engagements.states import LIVE, EngagementState
from crm.people.models import Period, PeriodState, Person
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry

STILL = timedelta(days=30)  # after an assignment ended, what was forgotten may still be logged
LOGGABLE = (*LIVE, EngagementState.CLOSED)
RECENT = 5
_OPEN = [state for state in LIVE_DELIVERABLE if state is not State.PROPOSED]


@dataclass(frozen=True)
class Owed:
    """A deliverable that time can be logged on."""

    id: int
    number: int
    area: Area
    title: str
    engagement_id: int
    due: date | None = None

    @property
    def code(self) -> str:
        return deliverable_code(self.number)


@dataclass(frozen=True)
class Work:
    """An engagement as one of its people logs time on it."""

    engagement_id: int
    client_id: int
    code: str
    title: str
    client: str
    client_code: str
    starts: date
    ends: date
    days_a_month: Decimal | None
    spans: tuple[tuple[date, date], ...]  # of one's own assignments
    areas: tuple[Area, ...]  # in scope, in the book's order
    last_area: Area | None
    last_on: date | None
    is_led: bool = False  # by this person, today
    name: str = ""  # the client, and the title too where one serves a client twice
    owed: tuple[Owed, ...] = ()  # deliverables that are planned and not yet over, oldest first

    def covers(self, day: date) -> bool:
        return self.starts <= day <= self.ends and any(begins <= day <= ends for begins, ends in self.spans)

    @property
    def usual_area(self) -> Area | None:
        return self.last_area if self.last_area in self.areas else next(iter(self.areas), None)

    @property
    def dates(self) -> tuple[date, date]:
        """The first and last day that one agreed to work on it."""
        begins = [max(first, self.starts) for first, _ in self.spans]
        ends = [min(last, self.ends) for _, last in self.spans]
        return min(begins, default=self.starts), max(ends, default=self.ends)


def work_of(person_id: int, today: date, *, hold: bool = False) -> list[Work]:
    """The engagements that somebody logs time on, those used last first: one statement.

    `hold` keeps the person's row until the end of the transaction, so that two logs of one person follow each other
    and no month is locked between the check and the deed.
    """
    mine = (TimeEntry.engagement_id == Engagement.id, TimeEntry.person_id == person_id, TimeEntry.voided_at.is_(None))
    latest = (TimeEntry.worked_on.desc(), TimeEntry.id.desc())
    in_scope = select(func.aggregate_strings(AreaScope.area, ",")).where(
        AreaScope.engagement_id == Engagement.id, AreaScope.scope != Scope.OUT
    )
    asked = (
        select(
            Engagement.id, Engagement.client_id, Engagement.number, Engagement.title, Client.name, Client.code,
            Engagement.starts, Engagement.ends, Engagement.days_a_month, Assignment.begins, Assignment.ends,
            and_(Assignment.role == AssignmentRole.LEAD, Assignment.status == Status.CONFIRMED, Assignment.ends >= today),
            in_scope.scalar_subquery(),
            _owed_in_one(),
            select(TimeEntry.area).where(*mine).order_by(*latest).limit(1).scalar_subquery(),
            select(TimeEntry.worked_on).where(*mine).order_by(*latest).limit(1).scalar_subquery(),
        )
        .select_from(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Engagement, Engagement.id == Assignment.engagement_id)
        .join(Client, Client.id == Engagement.client_id)
        .where(
            Person.id == person_id, Assignment.status.in_([Status.CONFIRMED, Status.ENDED]), Assignment.begins <= today,
            Engagement.state.in_(LOGGABLE),
        )
        .order_by(Client.name, Engagement.number)
    )  # fmt: skip
    if hold:
        asked = asked.with_for_update(of=Person, key_share=True)
    found = _gathered(db.session.execute(asked).all(), today)
    if hold and not found:
        keep_hold_of(person_id)
    return found


FIELD, ROW = "\t", "\n"  # in no title: one line of text holds neither


def _owed_in_one() -> ColumnElement[Any]:
    """The deliverables of an engagement in one value, so that they cost no statement of their own."""
    told: ColumnElement[Any] = cast(Deliverable.id, String)
    due = func.coalesce(cast(Deliverable.due, String), "")
    for column in (cast(Deliverable.number, String), cast(Deliverable.area, String), due, Deliverable.title):
        told = told.concat(literal(FIELD)).concat(column)
    return (
        select(func.aggregate_strings(told, ROW))
        .where(Deliverable.engagement_id == Engagement.id, Deliverable.state.in_(_OPEN))
        .scalar_subquery()
    )


def _owed(told: str | None, engagement_id: int) -> tuple[Owed, ...]:
    found = []
    for row in filter(None, (told or "").split(ROW)):
        key, number, area, due, title = row.split(FIELD, 4)
        found.append(
            Owed(int(key), int(number), Area(area), title, engagement_id, date.fromisoformat(due) if due else None)
        )
    return tuple(sorted(found, key=lambda one: one.number))


def _gathered(rows: Sequence[Any], today: date) -> list[Work]:
    """One for each engagement, whose rows are one's assignments on it; those that ended long ago are no choice."""
    by_engagement: dict[int, list[Any]] = {}
    for row in rows:
        by_engagement.setdefault(row[0], []).append(row)
    current = [own for own in by_engagement.values() if max(row[10] for row in own) >= today - STILL]
    clients = [own[0][1] for own in current]
    works = []
    for own in current:
        (
            engagement_id,
            client_id,
            number,
            title,
            client,
            code,
            starts,
            ends,
            days,
            *_,
            areas,
            owed,
            last_area,
            last_on,
        ) = own[0]
        in_scope = set((areas or "").split(","))
        works.append(
            Work(
                engagement_id, client_id, engagement_code(number), title, client, code, starts, ends, days,
                spans=tuple((row[9], row[10]) for row in own),
                areas=tuple(area for area in Area if area in in_scope), last_area=last_area, last_on=last_on,
                is_led=any(row[11] for row in own),
                name=client if clients.count(client_id) == 1 else f"{client}, {title}",
                owed=_owed(owed, engagement_id),
            )
        )  # fmt: skip
    return sorted(works, key=lambda work: work.last_on or date.min, reverse=True)


def former(entry: TimeEntry) -> Work:
    """The engagement of an old entry, for whoever serves there no more: its day stays what it was, agreed or not."""
    engagement, day = entry.engagement, entry.worked_on
    name = engagement.client.name if engagement else "An engagement you left"
    area = entry.area or Area.STR
    return Work(
        entry.engagement_id or 0, entry.client_id or 0, engagement.code if engagement else "", name, name, "",
        day, day, None, () if entry.outside else ((day, day),), (area,), area, None, name=name,
    )  # fmt: skip


def keep_hold_of(*person_ids: int) -> None:
    """Until the end of this transaction nobody else logs time of these people. Without names: of anybody."""
    people = select(Person.id).order_by(Person.id).with_for_update(key_share=True)
    db.session.execute(people.where(Person.id.in_(person_ids)) if person_ids else people)


@dataclass(frozen=True)
class DayBefore:
    """What stands before an entry is written: minutes of that day, a locked or invoiced month, the deliverable's area."""

    minutes: int
    locked: date | None
    deliverable_area: Area | None
    invoiced: date | None = None


Place = tuple[int | None, date]  # an engagement, and a day on it


def day_before(
    person_id: int,
    day: date,
    *months: date,
    without: int | None = None,
    deliverable: tuple[int, int] | None = None,
    places: Sequence[Place] = (),
) -> DayBefore:
    """All that the rules ask, in one statement; one more, whether it is invoiced at one of the `places`, where a month was
    ever locked that is no earlier: with it every month before is frozen (invariant 19). `without` is the entry that changes;
    `deliverable` its id and its engagement's."""
    asked_of = {month_of(day), *map(month_of, months)}
    locked = select(func.min(Period.month)).where(Period.month.in_(asked_of), Period.state == PeriodState.LOCKED)
    touched = select(func.max(Period.month)).where(Period.month >= min(asked_of))
    deliverable_id, engagement_id = deliverable or (0, 0)
    area = select(Deliverable.area).where(
        Deliverable.id == deliverable_id,
        Deliverable.engagement_id == engagement_id,
        Deliverable.state.not_in([State.PROPOSED, State.CANCELLED]),
    )
    asked = select(
        func.coalesce(func.sum(TimeEntry.minutes), 0), locked.scalar_subquery(), area.scalar_subquery(), touched.scalar_subquery()
    ).where(
        TimeEntry.person_id == person_id,
        TimeEntry.worked_on == day,
        TimeEntry.voided_at.is_(None),
        TimeEntry.adjusts_id.is_(None),  # a correction is no work of that day
        TimeEntry.id != (without or 0),
    )  # fmt: skip
    minutes, month, of_deliverable, ever_locked = db.session.execute(asked).one()
    return DayBefore(int(minutes), month, of_deliverable, invoiced_among(places) if ever_locked else None)


def invoiced_among(places: Sequence[Place]) -> date | None:
    """The first month of these that is invoiced at its engagement. Asked also for whoever left there since."""
    of = [
        (EngagementMonth.engagement_id == engagement_id) & (EngagementMonth.month == month_of(day))
        for engagement_id, day in places
        if engagement_id
    ]
    if not of:
        return None
    found = select(func.min(EngagementMonth.month)).where(or_(*of), EngagementMonth.state == MonthState.INVOICED)
    month: date | None = db.session.scalar(found, execution_options={"named": "timelog.invoiced"})
    return month


@dataclass(frozen=True)
class Shut:
    """Which months take no time any more: those locked for everybody, and those invoiced at an engagement."""

    locked: frozenset[date]
    invoiced: frozenset[tuple[int, date]]

    def of(self, engagement_id: int | None, day: date) -> tuple[date | None, date | None]:
        """The month of that day, where it is locked; and where it is invoiced there."""
        month = month_of(day)
        return (
            month if month in self.locked else None,
            month if (engagement_id or 0, month) in self.invoiced else None,
        )


def shut_among(places: Iterable[Place]) -> Shut:
    """For several days: one statement, and one more where a month was ever locked that is no earlier than one of them."""
    places = set(places)
    months = {month_of(day) for _, day in places}
    asked = select(Period.month, Period.state).where(Period.month >= min(months, default=date.max))
    touched = {row[0]: row[1] for row in db.session.execute(asked)}
    newest = max(touched, default=date.min)
    engagements = {engagement_id for engagement_id, day in places if engagement_id and month_of(day) <= newest}
    invoiced = select(EngagementMonth.engagement_id, EngagementMonth.month).where(
        EngagementMonth.engagement_id.in_(engagements),
        EngagementMonth.month.in_(months),
        EngagementMonth.state == MonthState.INVOICED,
    )
    found: Iterable[Any] = (
        db.session.execute(invoiced, execution_options={"named": "timelog.invoiced"}) if engagements else []
    )
    locked = (month for month, state in touched.items() if state is PeriodState.LOCKED)
    return Shut(frozenset(locked), frozenset((row[0], row[1]) for row in found))


def own_entry(entry_id: int, person_id: int | None) -> Select[TimeEntry]:
    """One's own entry with all that its page shows; nobody else's."""
    return shown(select(TimeEntry)).where(TimeEntry.id == entry_id, TimeEntry.person_id == person_id)


def entry_in_its_day(entry_id: int, person_id: int | None) -> Select[Any]:
    """One's own entry, and the minutes of all that one logged on its day."""
    other = aliased(TimeEntry)
    on_that_day = select(func.coalesce(func.sum(other.minutes), 0)).where(
        other.person_id == TimeEntry.person_id,
        other.worked_on == TimeEntry.worked_on,
        other.voided_at.is_(None),
        other.adjusts_id.is_(None),
    )
    return own_entry(entry_id, person_id).add_columns(on_that_day.scalar_subquery())


def any_entry(entry_id: int) -> Select[TimeEntry]:
    """An entry that the viewer sees, whoever logged it."""
    return shown(select(TimeEntry)).options(joinedload(TimeEntry.person)).where(TimeEntry.id == entry_id)


def own_entries(person_id: int, begins: date, ends: date) -> Select[TimeEntry]:
    """What somebody logged between two days, deleted entries left out."""
    return (
        shown(select(TimeEntry))
        .where(
            TimeEntry.person_id == person_id, TimeEntry.worked_on.between(begins, ends), TimeEntry.voided_at.is_(None)
        )
        .order_by(TimeEntry.worked_on, TimeEntry.id)
    )


def latest_entries(person_id: int, many: int) -> Select[TimeEntry]:
    """What somebody logged last, the newest first, deleted entries and corrections of invoiced months left out."""
    return (
        select(TimeEntry)
        .options(joinedload(TimeEntry.note))
        .where(TimeEntry.person_id == person_id, TimeEntry.voided_at.is_(None), TimeEntry.adjusts_id.is_(None))
        .order_by(TimeEntry.id.desc())
        .limit(many)
    )


def shown(query: Select[TimeEntry]) -> Select[TimeEntry]:
    """With all that a list of entries names."""
    engagement = joinedload(TimeEntry.engagement)
    return query.options(
        engagement.joinedload(Engagement.client),
        joinedload(TimeEntry.note),
        joinedload(TimeEntry.deliverable),
        joinedload(TimeEntry.adjusts),
    )


def corrections_of(entry_id: int) -> Select[TimeEntry]:
    """What corrects an entry, oldest first; deleted ones left out."""
    return (
        select(TimeEntry)
        .where(TimeEntry.adjusts_id == entry_id, TimeEntry.voided_at.is_(None))
        .options(joinedload(TimeEntry.note), joinedload(TimeEntry.person))
        .order_by(TimeEntry.id)
    )


def open_deliverables(engagement_ids: Iterable[int]) -> Select[Deliverable]:
    """What time can be logged on: planned and not yet over, oldest first."""
    return (
        select(Deliverable)
        .where(
            Deliverable.engagement_id.in_(list(engagement_ids)),
            Deliverable.state.in_(_OPEN),
        )
        .order_by(Deliverable.number)
        .limit(200)
    )
