"""The sums of a budget: what was agreed, spent and expected, and what follows from them."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from crm.areas.budget.models import BudgetCategory, Spending
from crm.core.words import part

FAR_OVER = Decimal(15)  # per cent: BUD-R2


def share(value: int, whole: int) -> Decimal | None:
    """Per cent; of nothing there is none."""
    return Decimal(value) * 100 / whole if whole else None


@dataclass(frozen=True)
class Sums:
    """Of some lines, in minor units. What is compared is summed over the lines that know both."""

    lines: int = 0
    budget: int = 0
    approved: int = 0
    spent: int = 0
    spent_of_planned: int = 0
    planned: int = 0  # so far
    expected: int = 0
    budget_of_expected: int = 0
    known: int = 0  # lines with a forecast

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def over(self) -> int | None:
        """BUD-R1 reads the lines that have a forecast."""
        return self.expected - self.budget_of_expected if self.known else None

    @property
    def over_by(self) -> Decimal | None:
        return None if self.over is None else share(self.over, self.budget_of_expected)

    @property
    def of_budget(self) -> Decimal | None:
        """BUD-K1: what is expected, in per cent of what was agreed."""
        return share(self.expected, self.budget_of_expected) if self.known else None

    @property
    def of_plan(self) -> Decimal | None:
        """BUD-R6: what is spent, in per cent of what was planned so far."""
        return share(self.spent_of_planned, self.planned)

    @property
    def is_far_over(self) -> bool:
        return self.over_by is not None and self.over_by > FAR_OVER


@dataclass(frozen=True)
class Budget:
    """The lines of a year, summed."""

    year: str
    parts: Sequence[tuple[BudgetCategory, Spending, Sums]]

    @classmethod
    def of(cls, year: str, rows: Iterable[Any]) -> "Budget":
        return cls(year, [(row[0], row[1], Sums(*map(int, row[2:]))) for row in rows])

    @cached_property
    def total(self) -> Sums:
        return sum((sums for _, _, sums in self.parts), Sums())

    @cached_property
    def categories(self) -> list[tuple[BudgetCategory, Sums]]:
        """The largest budget first."""
        found = {one: sum((sums for of, _, sums in self.parts if of is one), Sums()) for one in BudgetCategory}
        return sorted(((one, sums) for one, sums in found.items() if sums.lines), key=lambda pair: -pair[1].budget)

    @cached_property
    def spending(self) -> list[tuple[Spending, Sums]]:
        """Run, grow, transform."""
        found = ((one, sum((sums for _, of, sums in self.parts if of is one), Sums())) for one in Spending)
        return [(one, sums) for one, sums in found if sums.lines]

    @property
    def run_share(self) -> Decimal | None:
        """BUD-K2."""
        return next((share(sums.budget, self.total.budget) for one, sums in self.spending if one is Spending.RUN), None)

    def bar(self, sums: Sums) -> tuple[int, int]:
        """How long the bar of what is expected is, and where the mark of the budget stands, by the longest of all."""
        longest = max((max(one.budget, one.expected) for _, one in self.categories), default=0)
        return part(sums.expected, longest), part(sums.budget, longest)


@dataclass(frozen=True)
class Savings:
    """What shall be saved in a year, what is, and what of it is proven."""

    number: int
    target: int
    realised: int
    proven: int
    due: int
    realised_of_due: int

    @property
    def of_due(self) -> Decimal | None:
        """BUD-R5: of what was agreed and is due, in per cent."""
        return share(self.realised_of_due, self.due)
