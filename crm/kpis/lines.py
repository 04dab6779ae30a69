"""One figure as a page tells it: what it is, what it should be, and the little line of what it was."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crm.core.calendar import month_after
from crm.registers.kpis import Kpi

MONTHS = 12  # in the little line, this one among them
WIDE, HIGH, EDGE = 120, 28, 3


@dataclass(frozen=True)
class Line:
    """A figure now and in the months before, as far as they are known."""

    kpi: Kpi
    value: Fraction | None
    month: date
    before: dict[date, Fraction | None]

    @property
    def met(self) -> bool | None:
        return self.kpi.met(self.value)

    @property
    def readings(self) -> list[tuple[date, Fraction]]:
        """Every month with a value, oldest first, this one last."""
        known = [(month, value) for month, value in sorted(self.before.items()) if value is not None]
        return [*known, *([] if self.value is None else [(self.month, self.value)])]

    @property
    def former(self) -> tuple[date, Fraction] | None:
        """The last value before this month's."""
        return next((one for one in reversed(self.readings) if one[0] < self.month), None)

    @property
    def points(self) -> list[tuple[int, float]]:
        """Where each reading stands in the little line: by its month, and between the least and the most."""
        readings = self.readings
        if len(readings) < 2:
            return []
        values = [value for _, value in readings]
        low, spread = min(values), max(values) - min(values)
        first = month_after(self.month, 1 - MONTHS)
        step = Fraction(WIDE - 2 * EDGE, MONTHS - 1)
        return [
            (
                int(EDGE + step * ((month.year - first.year) * 12 + month.month - first.month)),
                round(float(HIGH / 2 if not spread else HIGH - EDGE - (HIGH - 2 * EDGE) * (value - low) / spread), 1),
            )
            for month, value in readings
        ]
