"""F13: how many months a signal is from its threshold, by the line through its last readings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from crm.core.words import amount

LAST, LEAST = 6, 3  # readings that the line goes through, and how many it needs


class BadDirection(StrEnum):
    UP = "up"
    DOWN = "down"


class Reading(NamedTuple):
    """What a department said of one month."""

    month: date
    value: Decimal

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {amount(self.value)}"


@dataclass(frozen=True)
class Line:
    """The least-squares line through some readings: its value in the first and the last month of them, and its slope."""

    first_month: date
    last_month: date
    slope: Fraction  # a month
    fitted_last: Fraction

    def after(self, months: Fraction | int) -> Fraction:
        """Where the line stands so many months after the last reading, or before it."""
        return self.fitted_last + self.slope * months


def months_between(one: date, other: date) -> int:
    return (other.year - one.year) * 12 + other.month - one.month


def line_through(readings: Iterable[tuple[date, Decimal]]) -> Line | None:
    """Through the last six by their months, so that a month left out counts as a month; none below three."""
    last = _last_of(readings)
    if len(last) < LEAST:
        return None
    first_month, last_month = last[0].month, last[-1].month
    points = [(months_between(first_month, one.month), Fraction(one.value)) for one in last]
    n = len(points)
    mean_x, mean_y = Fraction(sum(x for x, _ in points), n), sum((y for _, y in points), Fraction(0)) / n
    across = sum(((x - mean_x) * (y - mean_y) for x, y in points), Fraction(0))
    slope = across / sum(((x - mean_x) ** 2 for x, _ in points), Fraction(0))
    return Line(first_month, last_month, slope, mean_y + slope * (points[-1][0] - mean_x))


def months_to_threshold(
    readings: Iterable[tuple[date, Decimal]], threshold: Decimal, direction: BadDirection
) -> Fraction | None:
    """How many months after the last reading the line meets the threshold, unrounded.

    0 when the last reading is there already; none where the line is flat, leads away or has too few readings.
    """
    last = _last_of(readings)
    line = line_through(last)
    if line is None:
        return None
    sign, limit = (1 if direction == BadDirection.UP else -1), Fraction(threshold)
    if sign * Fraction(last[-1].value) >= sign * limit:
        return Fraction(0)
    if sign * line.slope <= 0:
        return None
    return max((limit - line.fitted_last) / line.slope, Fraction(0))


def _last_of(readings: Iterable[tuple[date, Decimal]]) -> Sequence[Reading]:
    return [Reading(*one) for one in sorted(readings)][-LAST:]
