"""Ideas from the first word to what stays, and what was stopped on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from crm.areas.innovation.models import RUNNING, Idea, IdeaStage
from crm.core.words import part

THROUGH = (IdeaStage.NEW, IdeaStage.SCREENED, IdeaStage.EXPERIMENT, IdeaStage.PILOT, IdeaStage.SCALED)
OUT = (IdeaStage.PARKED, IdeaStage.REJECTED)


@dataclass(frozen=True)
class Sums:
    """Of the ideas of a stage, money in minor units."""

    number: int = 0
    limit: int = 0
    spent: int = 0
    overspent: int = 0  # while it is being tried (INN-R6)
    past_end: int = 0  # likewise, or without an end (INN-R2)
    unanswered: int = 0  # new for more than 30 days (INN-R1)
    from_outside: int = 0  # not from IT
    scaled: int = 0  # in the last 12 months (INN-K2)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Funnel:
    """The ideas of a client: sums of all, and the newest of each stage."""

    sums: dict[IdeaStage, Sums]
    rows: Sequence[Idea]

    @classmethod
    def of(cls, counted: Iterable[Any], rows: Sequence[Idea]) -> "Funnel":
        return cls({row[0]: Sums(*map(int, row[1:])) for row in counted}, rows)

    @property
    def total(self) -> Sums:
        return sum(self.sums.values(), Sums())

    @property
    def running(self) -> Sums:
        """Experiments and pilots."""
        return sum((self.at(stage) for stage in RUNNING), Sums())

    @property
    def outside_share(self) -> Decimal | None:
        """INN-K3: from outside IT, in per cent."""
        return Decimal(self.total.from_outside) * 100 / self.total.number if self.total.number else None

    def at(self, stage: IdeaStage) -> Sums:
        return self.sums.get(stage, Sums())

    def rows_at(self, *stages: IdeaStage) -> list[Idea]:
        return [one for one in self.rows if one.stage in stages]

    def bar(self, stage: IdeaStage) -> int:
        """How long the bar of a stage is, by the fullest."""
        return part(self.at(stage).number, max((one.number for one in self.sums.values()), default=0))
