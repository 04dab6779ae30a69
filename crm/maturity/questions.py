"""What an assessment asks of each area, and what its levels look like. The words stand in data/questions.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from crm.core.twelve import TWELVE, Area, Responsibility
from crm.reviews.models import LEVELS

WORDS = Path(__file__).parent / "data" / "questions.toml"
BEST = 5


@dataclass(frozen=True)
class Option:
    """One answer that a question offers, with what it scores."""

    score: int
    says: str


@dataclass(frozen=True)
class Question:
    """One of the 85. Its identifier and scores never change once released: answers point at them."""

    id: str
    area: Area
    number: int  # within its area
    ask: str
    options: tuple[Option, ...]

    def says(self, score: int) -> str:
        return next((one.says for one in self.options if one.score == score), str(score))


@dataclass(frozen=True)
class Chapter:
    """One area as an assessment treats it: what is asked, and what each level from 0 to 5 looks like there."""

    area: Responsibility
    questions: tuple[Question, ...]
    levels: tuple[str, ...]

    def describes(self, level: Decimal) -> str:
        """What a level looks like here; a half level has all of the whole one below it."""
        return self.levels[int(level)]

    def named(self, level: Decimal) -> str:
        """Repeatable; half way to Defined where it stands between."""
        name = LEVELS[int(level)][0]
        return name if level == int(level) else f"{name}, half way to {LEVELS[int(level) + 1][0]}"


@cache
def chapters() -> Mapping[Area, Chapter]:
    """The twelve in the order of the dial, read once."""
    written = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return {row.code: _chapter(row, written[row.code]) for row in TWELVE}


def _chapter(row: Responsibility, written: dict[str, Any]) -> Chapter:
    questions = (
        Question(one["id"], row.code, number, one["ask"], tuple(Option(**option) for option in one["options"]))
        for number, one in enumerate(written["questions"], 1)
    )
    return Chapter(row, tuple(questions), tuple(written["levels"]))


@cache
def by_id() -> Mapping[str, Question]:
    return {one.id: one for chapter in chapters().values() for one in chapter.questions}
