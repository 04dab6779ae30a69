"""A signal as a picture: its readings, its threshold, and the line of F13 up to where they meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from crm.areas.data.forecast import Line, Reading, months_between
from crm.areas.data.models import Signal
from crm.core.calendar import month_after

WIDE, HIGH = 640, 220
LEFT, RIGHT, TOP, FOOT = 16, 132, 20, 28
SHOWN, AHEAD, BARE = 12, 12, 2  # readings; months that the line is followed at most; months ahead without a crossing
ROOM = Fraction(8, 100)  # of the height, above and below


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    month: date
    value: Decimal

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


class Chart:
    """Where everything stands, in the units of the picture."""

    def __init__(self, signal: Signal) -> None:
        self.signal = signal
        self.readings: Sequence[Reading] = signal.readings[-SHOWN:]
        self.line: Line | None = signal.line
        self.away = signal.months_to_threshold
        self.is_drawn = len(self.readings) > 1
        if self.is_drawn:
            self._scale()

    @property
    def crosses_in(self) -> date | None:
        """The first month whose reading is at or beyond the threshold, if the line goes on as it does."""
        if self.away is None or not self.readings:
            return None
        return month_after(self.readings[-1].month, ceil(self.away))

    @property
    def points(self) -> list[Point]:
        return [Point(self._x(self._at(one.month)), self._y(Fraction(one.value)), *one) for one in self.readings]

    @property
    def threshold(self) -> float:
        return self._y(Fraction(self.signal.threshold))

    @property
    def fitted(self) -> tuple[Point, Point] | None:
        """The two ends of the line through the last readings: where it begins, and where it meets the threshold."""
        if self.line is None:
            return None
        first = months_between(self.line.last_month, self.line.first_month)
        return self._on_line(Fraction(first)), self._on_line(self._ahead)

    @property
    def crossing(self) -> Point | None:
        """Where the line meets the threshold, as far as that is in the picture."""
        return self._on_line(self._ahead) if self.away and self.away <= AHEAD else None

    @property
    def months(self) -> list[tuple[float, date]]:
        """What is written under the picture: six months at most."""
        step = ceil((self._last + 1) / 6)
        return [(self._x(Fraction(n)), month_after(self.readings[0].month, n)) for n in range(0, self._last + 1, step)]

    def _scale(self) -> None:
        self._ahead = (
            min(Fraction(self.away), Fraction(AHEAD)) if self.away else Fraction(0 if self.away == 0 else BARE)
        )
        self._last = int(self._at(self.readings[-1].month)) + ceil(self._ahead)
        values = [Fraction(one.value) for one in self.readings] + [Fraction(self.signal.threshold)]
        if self.line:
            values += [
                self.line.after(self._ahead),
                self.line.after(months_between(self.line.last_month, self.line.first_month)),
            ]
        spread = (max(values) - min(values)) or Fraction(1)
        self._low, self._high = min(values) - spread * ROOM, max(values) + spread * ROOM

    def _at(self, month: date) -> Fraction:
        return Fraction(months_between(self.readings[0].month, month))

    def _on_line(self, after: Fraction) -> Point:
        last = self.readings[-1].month
        value = self.line.after(after) if self.line else Fraction(0)
        at = self._at(last) + after
        shown = Decimal(value.numerator) / value.denominator
        return Point(self._x(max(at, Fraction(0))), self._y(value), month_after(last, ceil(after)), shown)

    def _x(self, at: Fraction) -> float:
        return round(float(LEFT + (WIDE - LEFT - RIGHT) * at / max(self._last, 1)), 1)

    def _y(self, value: Fraction) -> float:
        return round(float(HIGH - FOOT - (HIGH - FOOT - TOP) * (value - self._low) / (self._high - self._low)), 1)
