"""How good an area is, from the answers given: a mean, rounded down to the half level, held down by its weakest link."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

WEAK_LINK = 2  # levels that an area may stand above its lowest answer
ENOUGH = Fraction(3, 4)  # of an area's questions answered; fewer and its level is provisional


@dataclass(frozen=True)
class Score:
    """What the answers on one area come to (docs/maturity.md). "Not applicable" is not an answer and is not in `scores`."""

    scores: tuple[int, ...]
    questions: int

    @property
    def answered(self) -> int:
        return len(self.scores)

    @property
    def raw(self) -> Fraction | None:
        """The mean of what was answered."""
        return Fraction(sum(self.scores), len(self.scores)) if self.scores else None

    @property
    def level(self) -> Decimal | None:
        """The mean rounded down to the half level, at most two above the lowest answer; nothing where nothing was said."""
        if self.raw is None:
            return None
        return Decimal(min(self.raw * 2 // 1, (min(self.scores) + WEAK_LINK) * 2)) / 2

    @property
    def is_held_down(self) -> bool:
        """A weak link keeps the level below what the mean would give."""
        return self.raw is not None and self.raw * 2 // 1 > (min(self.scores) + WEAK_LINK) * 2

    @property
    def is_provisional(self) -> bool:
        return self.answered < ENOUGH * self.questions


def score_of(scores: Sequence[int | None], questions: int) -> Score:
    """`scores`: one for each answer, None where a question does not apply or was only commented on."""
    return Score(tuple(one for one in scores if one is not None), questions)
