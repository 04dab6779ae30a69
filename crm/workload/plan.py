"""Weeks of people: what SQL added up, folded by the formulas."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

from crm.core import words
from crm.core.calendar import DAY, WEEK
from crm.people.models import PersonKind
from crm.workload.formulas import (
    NONE,
    OVER,
    SEVERE,
    WEEKS_AHEAD,
    Band,
    Work,
    allocation,
    band,
    days_in,
    is_overloaded,
    load,
    parts_of,
    placed,
)
from crm.workload.queries import Member

WEEKS_SHOWN = 13
ROOM = Fraction(1)  # days a week, on average, from which somebody "has room"


@dataclass(frozen=True)
class Week:
    """One week of one person, from Monday to Sunday."""

    begins: date
    net: Fraction
    delivery: Fraction
    planned: Fraction
    tentative: Fraction = NONE
    unplaced: tuple[Work, ...] = ()
    holidays: int = 0
    days_away: int = 0
    is_here: bool = True

    @property
    def ends(self) -> date:
        return self.begins + 6 * DAY

    @cached_property
    def load(self) -> Fraction | None:
        return load(self.planned, self.delivery)

    @cached_property
    def band(self) -> Band | None:
        return band(self.load)

    @property
    def allocation(self) -> Fraction | None:
        return allocation(self.planned, self.net)

    @property
    def free(self) -> Fraction:
        return self.delivery - self.planned

    @property
    def is_over(self) -> bool:
        return self.band in {Band.OVER, Band.SEVERE}

    @property
    def closed(self) -> str:
        """Why there is no capacity in this week, in a word; "" when there is some."""
        if self.net:
            return ""
        if not self.is_here:
            return "Not here"
        return "Leave" if self.days_away else "Holiday" if self.holidays else "Off"


def weeks_from(monday: date, number: int = WEEKS_SHOWN) -> list[date]:
    return [monday + n * WEEK for n in range(number)]


@lru_cache(maxsize=512)
def days_of(monday: date) -> frozenset[date]:
    return frozenset(monday + n * DAY for n in range(7))


def weeks_of(member: Member, mondays: Sequence[date]) -> tuple[Week, ...]:
    """F3 and F4 of somebody, week by week. The numerators of all assignments are added up before they are divided."""
    capacity = member.capacity
    by_week = [parts_of(capacity, monday, monday + 6 * DAY) for monday in mondays]
    parts = [part for week in by_week for part in week]
    planned, tentative = [0] * len(parts), [0] * len(parts)
    unplaced: dict[int, list[Work]] = {}
    for work in member.works:
        sums = tentative if work.tentative else planned
        for n, numerator in enumerate(placed(work, capacity, parts)):
            if numerator is None:
                unplaced.setdefault(n, []).append(work)
            else:
                sums[n] += numerator
    weeks, begins = [], 0
    for monday, week in zip(mondays, by_week, strict=True):
        ends = begins + len(week)
        sunday, days = monday + 6 * DAY, days_of(monday)
        weeks.append(
            Week(
                begins=monday,
                net=capacity.net(monday, sunday),
                delivery=capacity.delivery(monday, sunday),
                planned=days_in(planned[begins:ends], capacity, week),
                tentative=days_in(tentative[begins:ends], capacity, week),
                unplaced=tuple(dict.fromkeys(work for n in range(begins, ends) for work in unplaced.get(n, ()))),
                holidays=len(days & capacity.holidays.keys()),
                days_away=len(days & capacity.away),
                is_here=capacity.is_here(monday, sunday),
            )
        )
        begins = ends
    return tuple(weeks)


@dataclass(frozen=True)
class Row:
    """One person over several weeks."""

    member: Member
    weeks: tuple[Week, ...]

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def is_partner(self) -> bool:
        return self.member.kind is PersonKind.PARTNER

    @property
    def ahead(self) -> tuple[Week, ...]:
        """The six weeks that a partner looks at: these weeks, if they begin with the running one."""
        return self.weeks[:WEEKS_AHEAD]

    @cached_property
    def is_overloaded(self) -> bool:
        return is_overloaded(week.load for week in self.ahead)

    @property
    def weeks_over(self) -> list[Week]:
        return [week for week in self.ahead if week.is_over]

    @cached_property
    def worst(self) -> Week:
        return max(self.weeks, key=lambda week: -1 if week.load is None else week.load)

    @cached_property
    def free(self) -> Fraction:
        """Days free in the six weeks: what is over in one week does not take from another."""
        return sum((max(week.free, NONE) for week in self.ahead), NONE)

    @cached_property
    def too_much(self) -> Fraction:
        """Days planned beyond delivery capacity in the six weeks."""
        return sum((max(-week.free, NONE) for week in self.ahead), NONE)

    @property
    def worst_ahead(self) -> Week:
        return max(self.ahead, key=lambda week: -1 if week.load is None else week.load)

    @property
    def has_room(self) -> bool:
        return not self.is_overloaded and self.free >= ROOM * len(self.ahead)

    @property
    def said(self) -> str:
        """How the six weeks ahead look, in words."""
        if self.is_overloaded:
            return f"Over in {len(self.weeks_over)} of {len(self.ahead)} weeks"
        if self.weeks_over:
            return "Over in one week"
        if self.has_room:
            return f"{words.decimals(self.free, 1)} days free"
        return "On leave or away" if self.load is None else "Well filled"

    @property
    def unplaced(self) -> tuple[Work, ...]:
        return tuple({work.assignment_id: work for week in self.weeks for work in week.unplaced}.values())

    @property
    def load(self) -> Fraction | None:
        return total_load(self.weeks)

    @property
    def band(self) -> Band | None:
        """Of all these weeks together."""
        return band(self.load)


def total_load(weeks: Iterable[Week]) -> Fraction | None:
    """The load of several weeks together: all that is planned against all that can be delivered."""
    every = list(weeks)
    return load(sum((one.planned for one in every), NONE), sum((one.delivery for one in every), NONE))


def rows_of(members: Iterable[Member], mondays: Sequence[date]) -> list[Row]:
    """Everybody over these weeks, worst first."""
    rows = [Row(member, weeks_of(member, mondays)) for member in members]
    return sorted(rows, key=lambda row: (-(row.worst.load or NONE), row.name))


def goes_over(before: Sequence[Week], after: Sequence[Week]) -> list[Week]:
    """The weeks that a change pushes above the limit, or from over to severe."""
    return [
        then
        for now, then in zip(before, after, strict=True)
        if then.load is not None and any(then.load > limit >= (now.load or NONE) for limit in (OVER, SEVERE))
    ]
