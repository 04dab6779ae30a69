"""Initiatives by the quarter that they are due in: what the page draws, and the lanes that it lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from crm.areas.strategy.models import Initiative
from crm.core.calendar import quarter_after, quarter_of, quarters_between

COLUMNS, BEHIND, AHEAD = 8, 2, 12  # quarters that the drawing shows, those of them behind us, and where one may move to


@dataclass(frozen=True)
class Lane:
    """What is due in one quarter; without a quarter what has no day yet."""

    quarter: date | None
    rows: Sequence[Initiative]

    @property
    def value(self) -> int:
        return sum(one.annual_value or 0 for one in self.rows)


@dataclass(frozen=True)
class Bar:
    """An initiative in the drawing: the columns that it runs through, counted from 1, and where it was agreed to end."""

    row: Initiative
    first: int
    last: int
    agreed: int | None

    @property
    def span(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Roadmap:
    """The initiatives of a client on a day."""

    rows: Sequence[Initiative]
    today: date

    @cached_property
    def open(self) -> list[Initiative]:
        return [one for one in self.rows if not one.is_over]

    @cached_property
    def over(self) -> list[Initiative]:
        return [one for one in self.rows if one.is_over]

    @cached_property
    def live(self) -> list[Initiative]:
        """Approved or active (F16)."""
        return [one for one in self.rows if one.is_live]

    @cached_property
    def late(self) -> list[Initiative]:
        """Live, and past the day that was agreed first."""
        return [one for one in self.live if one.baseline_due and one.baseline_due < self.today]

    @property
    def value(self) -> int:
        """STR-K3: what the live ones are worth in a year."""
        return sum(one.annual_value or 0 for one in self.live)

    @property
    def cross_share(self) -> Decimal | None:
        """F16: live initiatives that touch two departments or more, in per cent."""
        return self._share(sum(one.department_count >= 2 for one in self.live))

    @property
    def technology_share(self) -> Decimal | None:
        """F16: live initiatives that tell of technology alone, in per cent."""
        return self._share(sum(one.is_technology_only for one in self.live))

    def _share(self, number: int) -> Decimal | None:
        return Decimal(number) * 100 / len(self.live) if self.live else None

    @cached_property
    def quarters(self) -> list[date]:
        """The columns of the drawing: two years, with up to half a year of what led here."""
        now = quarter_of(self.today)
        begun = [min(one.start or one.planned_for, one.planned_for) for one in self.open if one.planned_for]
        behind = max(0, min(BEHIND, quarters_between(min(begun), now))) if begun else 0
        return [quarter_after(now, n - behind) for n in range(COLUMNS)]

    @property
    def goes_on(self) -> bool:
        """Something is due beyond the last column."""
        return any(one.planned_for and quarter_of(one.planned_for) > self.quarters[-1] for one in self.open)

    @property
    def ahead(self) -> list[date]:
        """The quarters that one may move to."""
        return [quarter_after(self.today, n) for n in range(AHEAD)]

    @cached_property
    def lanes(self) -> list[Lane]:
        by_quarter: dict[date | None, list[Initiative]] = {}
        for one in self.open:
            day = one.planned_for
            by_quarter.setdefault(quarter_of(day) if day else None, []).append(one)
        return [Lane(quarter, rows) for quarter, rows in by_quarter.items()]

    @cached_property
    def bars(self) -> list[Bar]:
        return [self._bar(one, one.planned_for) for one in self.open if one.planned_for]

    def _bar(self, row: Initiative, ends: date) -> Bar:
        last = self._column(ends)
        first = min(self._column(row.start), last) if row.start else last
        is_moved = row.baseline_due and row.due and quarter_of(row.baseline_due) != quarter_of(row.due)
        return Bar(row, first, last, self._column(row.baseline_due) if is_moved and row.baseline_due else None)

    def _column(self, day: date) -> int:
        """What lies before or beyond the drawing stands at its edge."""
        return max(1, min(COLUMNS, quarters_between(self.quarters[0], day) + 1))
