"""What a line that logs time was understood to say: its entries, what is wrong in them, and the small form that it opens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.core.twelve import Area
from crm.timelog.models import TimeKind
from crm.timelog.queries import Owed, Work


class Form(StrEnum):
    """The small form that a line opens, already filled."""

    DECISION = "decision"
    RISK = "risk"
    PROMISE = "promise"
    ACTION = "action"


@dataclass(frozen=True)
class Known:
    """What a line may name: one's engagements with what is owed there, those used last first."""

    works: Sequence[Work]
    today: date
    day_first: bool = True


@dataclass(frozen=True)
class Offer:
    """What was perhaps meant: how it is called, and the line that says so."""

    says: str
    line: str


@dataclass(frozen=True)
class Problem:
    """Why an entry cannot be kept as it stands, with what was perhaps meant; or, as a hint, what one may have overlooked."""

    says: str
    offers: tuple[Offer, ...] = ()
    field: str = "line"


@dataclass(frozen=True)
class Entry:
    """One entry as it is understood."""

    minutes: int | None
    day: date
    work: Work | None = None
    kind: TimeKind | None = None
    area: Area | None = None
    owed: Owed | None = None
    client_note: str = ""
    note: str = ""
    guessed: frozenset[str] = frozenset()  # which of day and area nobody said
    problems: tuple[Problem, ...] = ()
    hints: tuple[Problem, ...] = ()

    @property
    def is_outside(self) -> bool:
        """Whether it lies outside the agreed dates, so that a reason is asked (invariant 9)."""
        return self.work is not None and not self.work.covers(self.day)


@dataclass(frozen=True)
class Opening:
    """The small form that the line opens, and what stands in it."""

    form: Form
    text: str
    work: Work | None
    area: Area | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A line as it is understood."""

    line: str
    entries: tuple[Entry, ...]
    opening: Opening | None = None

    @property
    def problems(self) -> list[tuple[int, Problem]]:
        """All that is wrong, each with the place of its entry."""
        found = [(place, one) for place, entry in enumerate(self.entries, 1) for one in entry.problems]
        return found + [(len(self.entries) + 1, one) for one in (self.opening.problems if self.opening else ())]

    @property
    def is_sure(self) -> bool:
        return not self.problems

    @property
    def is_several(self) -> bool:
        return len(self.entries) > 1


def each_problem(reading: Reading) -> Iterator[str]:
    """What is wrong, in sentences; with several entries each with its place."""
    for place, one in reading.problems:
        yield f"Entry {place}: {one.says}" if reading.is_several or (reading.entries and reading.opening) else one.says
