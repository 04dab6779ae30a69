"""A retainer on the engagement's page: its months in order, and the month that runs as a picture (F5, F6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from crm.core.calendar import month_end, month_of
from crm.core.inputs import MINUTES_A_DAY
from crm.retainers.formulas import Agreed, Burn, RetainerMonth, Span, working_days
from crm.retainers.queries import Ahead, Book, ahead_of, minutes_by_day

WIDE, HIGH = 1140, 270
LEFT, RIGHT, TOP, FOOT = 40, 1120, 20, 236
ROOM = Fraction(110, 100)  # above what is drawn
NEAR = 70  # units of the picture within which two words would touch
WORDS = 150  # as wide as a label is at most
DAY = timedelta(1)
SHOWN = 24  # months of the table


@dataclass(frozen=True)
class Point:
    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


@dataclass(frozen=True)
class Words:
    """Where a word of the picture stands, and which end of it."""

    x: float
    y: float
    anchor: str


def _height(points: Sequence[Point], x: float) -> float:
    """How high a line is there."""
    for one, after in pairwise(points):
        if one.x <= x <= after.x:
            return round(one.y + (after.y - one.y) * (x - one.x) / ((after.x - one.x) or 1), 1)
    return points[-1].y


@dataclass(frozen=True)
class BurnPage:
    """What the Time tab shows of a retainer."""

    on: date
    month: RetainerMonth | None  # that runs
    months: Sequence[RetainerMonth]  # the newest first
    earlier: int  # months before those
    agreed: Agreed
    burn: Burn | None
    ahead: Ahead | None
    chart: "BurnChart | None"

    @property
    def last_day(self) -> date:
        return month_end(self.on)

    @cached_property
    def runs_out(self) -> date | None:
        """The day on which the last available day is used, if it goes on like this (F6)."""
        if self.ahead is None or self.burn is None or not self.ahead.over or self.burn.used >= self.burn.available:
            return None
        pace = Fraction(self.burn.used) / self.burn.elapsed
        needed = (Fraction(self.burn.available) - Fraction(self.burn.used)) / pace
        place = int(needed) if needed < len(self.burn.left) else len(self.burn.left) - 1
        return self.burn.left[place] if self.burn.left else None


def burn_page(book: Book, engagement_id: int, on: date) -> BurnPage:
    """What the Time tab of a retainer shows; no picture where nothing was granted or used."""
    month = book.month(on)
    chart = None
    if month and month.grant + month.used > 0:
        chart = BurnChart(month, book.span, on, minutes_by_day(engagement_id, month.month))
    ordered = list(reversed(book.months))
    return BurnPage(
        on,
        month,
        ordered[:SHOWN],
        max(len(ordered) - SHOWN, 0),
        book.agreed(on),
        book.burn(on),
        ahead_of(book, on),
        chart,
    )


class BurnChart:
    """Days used in a month, day by day, beside what an even pace would use, up to what is there."""

    def __init__(self, month: RetainerMonth, span: Span, on: date, minutes: dict[date, int]) -> None:
        self.month, self.span, self.on = month, span, on
        self.minutes = minutes
        self.first, self.last = month.month, month_end(month.month)
        self.counted = [day for day in working_days(month.month, span.region) if span.runs_on(day)]
        passed = sum(day <= on for day in self.counted)
        self.projected = Fraction(month.used) * len(self.counted) / passed if passed else Fraction(month.used)
        self.top = max(Fraction(month.available), Fraction(month.used), self.projected, Fraction(1)) * ROOM

    @property
    def cap(self) -> float:
        return self._y(Fraction(self.month.available))

    @property
    def today(self) -> Point:
        return Point(self._x(min(self.on, self.last) + DAY), self._y(Fraction(self.month.used)))

    @property
    def end(self) -> Point:
        return Point(float(RIGHT), self._y(self.projected))

    @property
    def plan(self) -> list[Point]:
        """An even pace over the working days that count."""
        return [Point(self._x(day), self._y(value)) for day, value in self._even()]

    def _even(self) -> Iterator[tuple[date, Fraction]]:
        available, done = Fraction(self.month.available), 0
        day = self.first
        while day <= self.last + DAY:
            yield day, available * done / len(self.counted) if self.counted else Fraction(0)
            done += day in set(self.counted)
            day += DAY

    @property
    def actual(self) -> list[Point]:
        """What was used up to the end of each day, until today."""
        points, total, day = [Point(float(LEFT), float(FOOT))], 0, self.first
        while day <= min(self.on, self.last):
            total += self.minutes.get(day, 0)
            points.append(Point(self._x(day + DAY), self._y(Fraction(total, MINUTES_A_DAY))))
            day += DAY
        return points

    @property
    def weeks(self) -> list[tuple[float, date]]:
        """The first, and each Monday: what is written under the picture."""
        days = [self.first + DAY * n for n in range((self.last - self.first).days + 1)]
        mondays = [(self._x(day), day) for day in days if day.weekday() == 0 and self._x(day) > LEFT + NEAR]
        return [(float(LEFT), self.first), *mondays]

    @property
    def marks(self) -> list[tuple[float, Decimal]]:
        """Lines to read the height by: four at most, none of them beside the line of what is there."""
        step = next(one for one in (1, 2, 3, 5, 10, 20, 50, 100) if self.top / one <= 4 or one == 100)
        found = [Decimal(n * step) for n in range(int(self.top / step) + 1)]
        return [
            (self._y(Fraction(one)), one) for one in found if abs(self._y(Fraction(one)) - self.cap) > 14 or not one
        ]

    @property
    def today_words(self) -> Words:
        """Beside the dot where no line crosses them: above its left where more was used than planned, else below its
        right; close to the foot above it, close to the right below what leads to the dot."""
        x, y = self.today.x, self.today.y
        if y < _height(self.plan, x) and x > LEFT + WORDS:
            over = y - 12
            return Words(x - 10, min(over, self.cap - 7) if abs(over - 4 - self.cap) < 14 else over, "end")
        if y + 20 > FOOT - 4:
            return Words(x - 10, y - 12, "end") if x > LEFT + WORDS else Words(x + 10, y - 12, "start")
        if x <= RIGHT - 2 * WORDS:
            return Words(x + 10, y + 20, "start")
        return Words(x - 10, min(_height(self.actual, x - WORDS) + 16, FOOT - 4), "end")

    @property
    def end_words(self) -> Words:
        """Where it leads: above the end where that lies above what is there, else below what leads to it."""
        if self.projected > Fraction(self.month.available):
            return Words(RIGHT, self.end.y - 12 if self.end.y > TOP + 16 else self.end.y + 20, "end")
        return Words(RIGHT, min(_height([*self.actual, self.end], RIGHT - WORDS) + 16, FOOT - 4), "end")

    @property
    def is_running(self) -> bool:
        return month_of(self.on) == self.first and self.on < self.last

    def _x(self, day: date) -> float:
        share = Fraction((day - self.first).days, (self.last - self.first).days + 1)
        return round(float(LEFT + (RIGHT - LEFT) * share), 1)

    def _y(self, value: Fraction) -> float:
        return round(float(FOOT - (FOOT - TOP) * max(value, Fraction(0)) / self.top), 1)
