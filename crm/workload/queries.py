"""The team as the formulas need it: a handful of statements, whatever the number of people and weeks."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from crm.core.calendar import DAY, month_end, month_of
from crm.core.db import db
from crm.engagements.people import Status
from crm.figures import minutes_logged, pauses_between, plan_of
from crm.people.models import WEEKDAYS, Leave, LeaveStatus, Person, PersonKind, WorkingPattern
from crm.timelog.models import TimeKind
from crm.workload.formulas import Away, Capacity, Pattern, Work, capacity_of

FOR_CLIENTS = (TimeKind.BILLABLE, TimeKind.GOODWILL)  # what a plan of client work is measured by
WHOLE_WEEK = tuple(getattr(WorkingPattern, day) for day in WEEKDAYS)


@dataclass(frozen=True)
class Member:
    """Somebody of the team between two dates: what they can do, and what is planned for them."""

    id: int
    name: str
    kind: PersonKind
    joined: date | None
    left: date | None
    patterns: tuple[Pattern, ...]
    leaves: tuple[Away, ...]
    works: tuple[Work, ...]
    capacity: Capacity

    def with_leave(self, leave: Away) -> "Member":
        """The same person if this leave were approved."""
        return self._away((*self.leaves, leave))

    def without_leave(self, leave: Away) -> "Member":
        """The same person if this leave were taken back."""
        return self._away(tuple(one for one in self.leaves if one != leave))

    def _away(self, leaves: tuple[Away, ...]) -> "Member":
        first = self.capacity.first
        last = first + DAY * (len(self.capacity.sums) - 2)
        changed = capacity_of(self.patterns, leaves, first, last, joined=self.joined, left=self.left)
        return replace(self, leaves=leaves, capacity=changed)


def team_here(first: date, last: date, people: Collection[int] | None = None) -> Select[*tuple[Any, ...]]:
    """Partners and consultants who are here on one of these days."""
    found = (
        select(Person.id, Person.name, Person.kind, Person.joined_on, Person.left_on)
        .where(
            Person.kind != PersonKind.ADMIN,
            or_(Person.joined_on.is_(None), Person.joined_on <= last),
            or_(Person.left_on.is_(None), Person.left_on >= first),
        )
        .order_by(Person.name, Person.id)
    )
    return found if people is None else found.where(Person.id.in_(people))


def load_team(first: date, last: date, people: Collection[int] | None = None, *, planned: bool = True) -> list[Member]:
    """The team between two dates, measured over whole months: five statements; three without what is planned."""
    here = db.session.execute(team_here(first, last, people)).all()
    first, last = month_of(first), month_end(last)
    patterns, leaves = _patterns(last, people), _leaves(first, last, people)
    works = _works(first, last, people) if planned else defaultdict(list)
    return [
        Member(
            id=row.id,
            name=row.name,
            kind=row.kind,
            joined=row.joined_on,
            left=row.left_on,
            patterns=tuple(patterns[row.id]),
            leaves=tuple(leaves[row.id]),
            works=tuple(works[row.id]),
            capacity=capacity_of(patterns[row.id], leaves[row.id], first, last, joined=row.joined_on, left=row.left_on),
        )
        for row in here
    ]


def _patterns(last: date, people: Collection[int] | None) -> Mapping[int, list[Pattern]]:
    columns = (
        WorkingPattern.begins,
        WorkingPattern.region,
        WorkingPattern.delivery_share,
        WorkingPattern.utilisation_target,
    )
    found = select(WorkingPattern.person_id, *columns, *WHOLE_WEEK).order_by(WorkingPattern.begins)
    if people is not None:
        found = found.where(WorkingPattern.person_id.in_(people))
    by_person: dict[int, list[Pattern]] = defaultdict(list)
    for person_id, begins, region, delivery, target, *shares in db.session.execute(found):
        if begins <= last or person_id not in by_person:
            by_person[person_id].append(Pattern(begins, tuple(shares), region, delivery, target))
    return by_person


def _leaves(first: date, last: date, people: Collection[int] | None) -> Mapping[int, list[Away]]:
    found = select(Leave.person_id, Leave.begins, Leave.ends, Leave.share).where(
        Leave.status == LeaveStatus.APPROVED, Leave.begins <= last, Leave.ends >= first
    )
    if people is not None:
        found = found.where(Leave.person_id.in_(people))
    by_person: dict[int, list[Away]] = defaultdict(list)
    for person_id, begins, ends, share in db.session.execute(found):
        by_person[person_id].append(Away(begins, ends, share))
    return by_person


def _works(first: date, last: date, people: Collection[int] | None) -> Mapping[int, list[Work]]:
    pauses: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for row in pauses_between(first, last):
        pauses[row.engagement_id].append((row.begins, row.ends))
    by_person: dict[int, list[Work]] = defaultdict(list)
    for row in plan_of(first, last, people):
        by_person[row.person_id].append(
            Work(
                begins=row.begins,
                ends=row.ends,
                days_a_month=row.days_a_month,
                pauses=tuple(pauses[row.engagement_id]),
                tentative=row.status is Status.TENTATIVE,
                assignment_id=row.id,
                engagement_id=row.engagement_id,
            )
        )
    return by_person


Minutes = Mapping[int, Mapping[int, int]]


def logged(bounds: Sequence[date], kinds: Collection[TimeKind], people: Collection[int] | None = None) -> Minutes:
    """Minutes by person and stretch of time: the n-th runs from bounds[n] to the day before the next bound."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in minutes_logged(bounds, [kind.value for kind in kinds], people):
        found[row.person_id][row.stretch] = int(row.minutes)
    return found


def bounds_of(weeks: Sequence[date]) -> list[date]:
    return [*weeks, weeks[-1] + 7 * DAY]
