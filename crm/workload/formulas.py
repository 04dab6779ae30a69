"""F1 to F4 of the domain book, over plain values: net capacity, utilisation, allocation, load.

Nothing here asks a database or rounds before it compares. Net capacity is kept in whole ten-thousandths of a day (a
weekday's share in % times the share that is not leave in %), so that every figure is an exact fraction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import mul

from crm.core.calendar import holidays_between, month_after, month_end, month_of
from crm.core.inputs import MINUTES_A_DAY

DAY = 10_000  # units of net capacity in one day
NONE = Fraction(0)


@dataclass(frozen=True)
class Pattern:
    """How somebody works from a day on: % of each weekday, where, and how much of it for clients."""

    begins: date
    shares: tuple[int, ...]  # Monday to Sunday
    region: str = ""
    delivery_share: int = 80
    target: int = 70


@dataclass(frozen=True)
class Away:
    """Approved leave: a share in % of each day from one day to another."""

    begins: date
    ends: date
    share: int = 100


Stretch = tuple[date, date]


@dataclass(frozen=True)
class Work:
    """What one assignment plans: so many days a month between two dates, but not while its engagement is paused."""

    begins: date
    ends: date
    days_a_month: Decimal
    pauses: tuple[Stretch, ...] = ()
    tentative: bool = False
    assignment_id: int = 0
    engagement_id: int = 0

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The dates that count: inside the assignment and outside every pause."""
        left: list[Stretch] = []
        begins = self.begins
        for first, last in sorted(self.pauses):
            if begins <= min(first - timedelta(1), self.ends):
                left.append((begins, min(first - timedelta(1), self.ends)))
            begins = max(begins, last + timedelta(1))
        return (*left, (begins, self.ends)) if begins <= self.ends else tuple(left)


class CannotBePlaced(ValueError):
    """Days are planned in a month in which the person does not work at all."""

    def __init__(self, work: Work, month: date) -> None:
        super().__init__(f"{work.days_a_month} days a month cannot be placed in {month:%B %Y}")
        self.work, self.month = work, month


def place_of(day: date, origin: date, length: int) -> int:
    """Where a day stands among the days from the origin on; the nearest end for one outside."""
    place = day.toordinal() - origin.toordinal()
    return 0 if place < 0 else length if place > length else place


@dataclass(frozen=True)
class Capacity:
    """Somebody's capacity day by day, summed up so that any stretch of days costs two look-ups."""

    first: date
    sums: Sequence[int]  # net capacity of all days before the n-th
    delivery_sums: Sequence[int]  # the same, of the share that is meant for clients, in % of it
    begins: int = 0  # the first and the one after the last of these days on which they are with us
    ends: int = 0
    holidays: Mapping[date, str] = field(default_factory=dict)  # that would have been worked
    away: frozenset[date] = frozenset()  # days with leave, likewise

    def place(self, day: date) -> int:
        return place_of(day, self.first, len(self.sums) - 1)

    def _here(self, first: date, last: date) -> tuple[int, int]:
        """Where the stretch begins and ends, as far as they are with us."""
        begins, ends = max(self.place(first), self.begins), min(self.place(last + timedelta(1)), self.ends)
        return (begins, ends) if begins < ends else (begins, begins)

    def net(self, first: date, last: date) -> Fraction:
        """F1: days that can be worked between two dates, both counted."""
        begins, ends = self._here(first, last)
        return Fraction(self.sums[ends] - self.sums[begins], DAY)

    def delivery(self, first: date, last: date) -> Fraction:
        """F4: the part of them that is meant for clients."""
        begins, ends = self._here(first, last)
        return Fraction(self.delivery_sums[ends] - self.delivery_sums[begins], DAY * 100)

    def is_here(self, first: date, last: date) -> bool:
        begins, ends = self._here(first, last)
        return begins < ends


def capacity_of(
    patterns: Iterable[Pattern],
    leaves: Iterable[Away],
    first: date,
    last: date,
    *,
    joined: date | None = None,
    left: date | None = None,
) -> Capacity:
    """F1, day by day. The first pattern holds before it begins too; whoever has none has no capacity."""
    length = (last - first).days + 1
    shares, given = [0] * length, [0] * length
    holidays: dict[date, str] = {}
    for pattern, begins, ends in _in_force(sorted(patterns, key=lambda one: one.begins), first, last):
        here, there = (begins - first).days, (ends - first).days + 1
        turn = begins.weekday()
        week = pattern.shares[turn:] + pattern.shares[:turn]
        shares[here:there] = (week * ((there - here) // 7 + 1))[: there - here]
        given[here:there] = [pattern.delivery_share] * (there - here)
        holidays.update(holidays_between(pattern.region, begins, ends))
    holidays = {day: name for day, name in holidays.items() if shares[(day - first).days]}
    for day in holidays:
        shares[(day - first).days] = 0
    present = [100] * length
    for leave in leaves:
        for n in range(max((leave.begins - first).days, 0), min((leave.ends - first).days + 1, length)):
            present[n] = max(0, present[n] - leave.share)
    net = list(map(mul, shares, present))
    return Capacity(
        first,
        (0, *accumulate(net)),
        (0, *accumulate(map(mul, net, given))),
        max(0, min((joined - first).days, length)) if joined else 0,
        max(0, min((left - first).days + 1, length)) if left else length,
        holidays,
        frozenset(first + timedelta(n) for n, share in enumerate(present) if share < 100 and shares[n]),
    )


def _in_force(patterns: Sequence[Pattern], first: date, last: date) -> Iterable[tuple[Pattern, date, date]]:
    """Each pattern with the days between two dates on which it holds."""
    for n, pattern in enumerate(patterns):
        begins = first if n == 0 else max(pattern.begins, first)
        ends = min(patterns[n + 1].begins - timedelta(1), last) if n + 1 < len(patterns) else last
        if begins <= ends:
            yield pattern, begins, ends


def pattern_on(patterns: Iterable[Pattern], day: date) -> Pattern | None:
    """The pattern in force on a day."""
    found = None
    for pattern in sorted(patterns, key=lambda one: one.begins):
        if found is None or pattern.begins <= day:
            found = pattern
    return found


# F2


def utilisation(billable: int, net: Fraction) -> Fraction | None:
    """F2: billable minutes as % of net capacity. None when there was no capacity."""
    return Fraction(billable * 100, MINUTES_A_DAY) / net if net else None


def realisation(billable: int, absorbed: Fraction) -> Fraction | None:
    """F2: what of the billable minutes is paid for, as %: overage that was absorbed is not. None without any."""
    return (billable - absorbed) * 100 / billable if billable else None


class Verdict(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def verdict(found: Fraction | None, target: int) -> Verdict | None:
    """F2: how far from the target, above as well as below."""
    if found is None:
        return None
    off = abs(found - target)
    return Verdict.RED if off > 20 else Verdict.AMBER if off > 10 else Verdict.GREEN


# F3


@dataclass(frozen=True)
class Part:
    """The days of one month within a stretch, and the whole month, as places in a Capacity."""

    begins: int
    ends: int  # one after the last
    month: date
    month_begins: int
    month_ends: int


def months_of(first: date, last: date) -> Iterable[tuple[date, date, date]]:
    """A stretch month by month: first and last day in the month, and the month."""
    while first <= last:
        month = month_of(first)
        yield first, min(last, month_end(month)), month
        first = month_after(month)


def parts_of(capacity: Capacity, first: date, last: date) -> tuple[Part, ...]:
    return _parts_of(capacity.first, len(capacity.sums) - 1, first, last)


@lru_cache(maxsize=4096)
def _parts_of(origin: date, length: int, first: date, last: date) -> tuple[Part, ...]:
    """The same for everybody whose capacity covers the same days."""

    def place(day: date) -> int:
        return place_of(day, origin, length)

    return tuple(
        Part(place(begins), place(ends + timedelta(1)), month, place(month), place(month_after(month)))
        for begins, ends, month in months_of(first, last)
    )


def placed(work: Work, capacity: Capacity, parts: Iterable[Part]) -> list[int | None]:
    """The numerator of F3 in each part: hundredths of days a month times the net capacity of the dates that count.

    None where days are planned in a month without any capacity.
    """
    hundredths, sums = int(work.days_a_month * 100), capacity.sums
    spans = [
        (max(capacity.place(first), capacity.begins), min(capacity.place(last + timedelta(1)), capacity.ends))
        for first, last in work.stretches
    ]
    found: list[int | None] = []
    for part in parts:
        units: int | None = 0
        for begins, ends in spans:
            here = begins if begins > part.begins else part.begins
            there = ends if ends < part.ends else part.ends
            if here < there and units is not None:
                is_empty = sums[part.month_begins] == sums[part.month_ends] and hundredths
                units = None if is_empty else units + sums[there] - sums[here]
        found.append(units and units * hundredths)
    return found


def days_in(numerators: Iterable[int | None], capacity: Capacity, parts: Iterable[Part]) -> Fraction:
    """F3: numerators over the net capacity of the whole month, added up over the parts.

    The month is measured as if they had been with us on each of its days, so that who joins in it carries a part.
    """
    total, sums = NONE, capacity.sums
    for numerator, part in zip(numerators, parts, strict=True):
        if numerator:
            total += Fraction(numerator, 100 * (sums[part.month_ends] - sums[part.month_begins]))
    return total


def planned_days(work: Work, capacity: Capacity, first: date, last: date) -> Fraction:
    """F3: the days that an assignment plans between two dates. Raises CannotBePlaced."""
    parts = parts_of(capacity, first, last)
    numerators = placed(work, capacity, parts)
    for numerator, part in zip(numerators, parts, strict=True):
        if numerator is None:
            raise CannotBePlaced(work, part.month)
    return days_in(numerators, capacity, parts)


def allocation(planned: Fraction, net: Fraction) -> Fraction | None:
    """F3: confirmed planned days as % of net capacity."""
    return planned * 100 / net if net else None


# F4


class Band(StrEnum):
    SPARE = "spare"
    HEALTHY = "healthy"
    FULL = "full"
    OVER = "over"
    SEVERE = "severe"


OVER, SEVERE = 105, 125
WEEKS_AHEAD = 6  # the running week and the five after it


def load(planned: Fraction, delivery: Fraction) -> Fraction | None:
    """F4: planned days as % of delivery capacity. None when there is no capacity, and so nothing planned."""
    return planned * 100 / delivery if delivery else None


def band(found: Fraction | None) -> Band | None:
    """F4: the band of a load in per cent, compared unrounded. None where there is no capacity."""
    if found is None:
        return None
    if found > SEVERE:
        return Band.SEVERE
    if found > OVER:
        return Band.OVER
    return Band.FULL if found >= 95 else Band.HEALTHY if found >= 60 else Band.SPARE


def is_overloaded(loads: Iterable[Fraction | None]) -> bool:
    """F4, over the six weeks ahead: two weeks or more above 105 %, or one above 125."""
    above = [one for one in loads if one is not None and one > OVER]
    return len(above) >= 2 or any(one > SEVERE for one in above)
