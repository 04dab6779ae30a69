"""What is asked about time: where one may log it, what stands on a day, what stands in a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from crm.clients.models import Client
from crm.core.calendar import month_of
from crm.core.db import db
from crm.core.twelve import Area, Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import LIVE as LIVE_DELIVERABLE
from crm.deliverables.states import State
from crm.engagements.models import LIVE, AreaScope, Assignment, AssignmentRole, Engagement, EngagementState, Status
from crm.people.models import Period, PeriodState, Person
from crm.timelog.models import TimeEntry

STILL = timedelta(days=30)  # after an assignment ended, what was forgotten may still be logged
LOGGABLE = (*LIVE, EngagementState.CLOSED)
RECENT = 5


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


def _gathered(rows: Sequence[Any], today: date) -> list[Work]:
    """One for each engagement, whose rows are one's assignments on it; those that ended long ago are no choice."""
    by_engagement: dict[int, list[Any]] = {}
    for row in rows:
        by_engagement.setdefault(row[0], []).append(row)
    current = [own for own in by_engagement.values() if max(row[10] for row in own) >= today - STILL]
    clients = [own[0][1] for own in current]
    works = []
    for own in current:
        engagement_id, client_id, number, title, client, code, starts, ends, days, *_, areas, last_area, last_on = own[
            0
        ]
        in_scope = set((areas or "").split(","))
        works.append(
            Work(
                engagement_id, client_id, f"ENG-{number:03}", title, client, code, starts, ends, days,
                spans=tuple((row[9], row[10]) for row in own),
                areas=tuple(area for area in Area if area in in_scope), last_area=last_area, last_on=last_on,
                is_led=any(row[11] for row in own),
                name=client if clients.count(client_id) == 1 else f"{client}, {title}",
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
    """What stands before an entry is written: minutes of that day, a locked month, the deliverable's area."""

    minutes: int
    locked: date | None
    deliverable_area: Area | None


def day_before(
    person_id: int,
    day: date,
    *months: date,
    without: int | None = None,
    deliverable: tuple[int, int] | None = None,
) -> DayBefore:
    """All that the rules ask, in one statement. `without` is the entry that changes; `deliverable` its id and its
    engagement's."""
    locked = select(func.min(Period.month)).where(
        Period.month.in_({month_of(day), *map(month_of, months)}), Period.state == PeriodState.LOCKED
    )
    deliverable_id, engagement_id = deliverable or (0, 0)
    area = select(Deliverable.area).where(
        Deliverable.id == deliverable_id,
        Deliverable.engagement_id == engagement_id,
        Deliverable.state.not_in([State.PROPOSED, State.CANCELLED]),
    )
    asked = select(
        func.coalesce(func.sum(TimeEntry.minutes), 0), locked.scalar_subquery(), area.scalar_subquery()
    ).where(
        TimeEntry.person_id == person_id,
        TimeEntry.worked_on == day,
        TimeEntry.voided_at.is_(None),
        TimeEntry.id != (without or 0),
    )
    minutes, month, of_deliverable = db.session.execute(asked).one()
    return DayBefore(int(minutes), month, of_deliverable)


def own_entry(entry_id: int, person_id: int | None) -> Select[TimeEntry]:
    """One's own entry with all that its page shows; nobody else's."""
    return _shown(select(TimeEntry)).where(TimeEntry.id == entry_id, TimeEntry.person_id == person_id)


def own_entries(person_id: int, begins: date, ends: date) -> Select[TimeEntry]:
    """What somebody logged between two days, deleted entries left out."""
    return (
        _shown(select(TimeEntry))
        .where(
            TimeEntry.person_id == person_id, TimeEntry.worked_on.between(begins, ends), TimeEntry.voided_at.is_(None)
        )
        .order_by(TimeEntry.worked_on, TimeEntry.id)
    )


def _shown(query: Select[TimeEntry]) -> Select[TimeEntry]:
    engagement = joinedload(TimeEntry.engagement)
    return query.options(
        engagement.joinedload(Engagement.client),
        joinedload(TimeEntry.note),
        joinedload(TimeEntry.deliverable),
    )


def open_deliverables(engagement_ids: Iterable[int]) -> Select[Deliverable]:
    """What time can be logged on: planned and not yet over, oldest first."""
    return (
        select(Deliverable)
        .where(
            Deliverable.engagement_id.in_(list(engagement_ids)),
            Deliverable.state.in_([state for state in LIVE_DELIVERABLE if state is not State.PROPOSED]),
        )
        .order_by(Deliverable.number)
        .limit(200)
    )
