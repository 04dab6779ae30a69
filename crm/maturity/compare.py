"""Two runs beside each other: area by area, and answer by answer. And the wedges that the ring draws of levels."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from crm.core.twelve import Area
from crm.maturity.models import Answer, Result
from crm.maturity.questions import Question

HALVES = 10  # of a wedge: five levels


@dataclass(frozen=True)
class Change:
    """One question that was answered otherwise, and both answers."""

    question: Question
    before: Answer | None
    now: Answer | None


@dataclass(frozen=True)
class Difference:
    """One area then and now."""

    before: Result
    now: Result

    @property
    def by(self) -> Decimal | None:
        """Levels won or lost; nothing where one of the two was not assessed."""
        if self.before.level is None or self.now.level is None:
            return None
        return self.now.level - self.before.level

    @property
    def changes(self) -> list[Change]:
        pairs = ((one, self.before.answer_to(one), self.now.answer_to(one)) for one in self.now.chapter.questions)
        return [Change(question, then, now) for question, then, now in pairs if _figure(then) != _figure(now)]


def _figure(answer: Answer | None) -> tuple[int | None, bool]:
    return (answer.score, answer.not_applicable) if answer else (None, False)


@dataclass(frozen=True)
class Comparison:
    """All twelve, then and now."""

    rows: tuple[Difference, ...]

    @property
    def before(self) -> Decimal:
        return total(one.before for one in self.rows)

    @property
    def now(self) -> Decimal:
        return total(one.now for one in self.rows)

    @property
    def better(self) -> int:
        return sum(one.by is not None and one.by > 0 for one in self.rows)

    @property
    def worse(self) -> int:
        return sum(one.by is not None and one.by < 0 for one in self.rows)

    @property
    def most(self) -> list[Difference]:
        """The areas that won most, by at most three; none where nothing was won."""
        won = [(one.by, one) for one in self.rows if one.by is not None and one.by > 0]
        best = max((by for by, _ in won), default=None)
        return [one for by, one in won if by == best][:3]


def compared(before: Iterable[Result], now: Iterable[Result]) -> Comparison:
    return Comparison(tuple(Difference(then, later) for then, later in zip(before, now, strict=True)))


def total(results: Iterable[Result]) -> Decimal:
    """The sum of the levels, of 60."""
    return sum((one.level or Decimal(0) for one in results), Decimal(0))


@dataclass(frozen=True)
class Wedge:
    """One area as the ring of levels draws it: the level now, then if there is a then, and the target."""

    n: int
    name: str
    now: Decimal | None
    target: Decimal | None
    before: Decimal | None = None
    is_provisional: bool = False
    href: str = ""

    @property
    def halves(self) -> Iterator[tuple[int, str]]:
        """The ten half levels from the middle outward: won, or kept from the run before, or lost since; or empty."""
        now, before = int((self.now or 0) * 2), int((self.before or 0) * 2)
        for half in range(1, HALVES + 1):
            if half <= now:
                yield half, "kept" if half <= before else "won"
            else:
                yield half, "lost" if half <= before else ""

    @property
    def words(self) -> str:
        if self.now is None:
            return "not assessed"
        then = "" if self.before is None else f", before {self.before.normalize():f}"
        aim = "" if self.target is None else f", target {self.target.normalize():f}"
        return f"level {self.now.normalize():f} of 5{then}{aim}{', provisional' if self.is_provisional else ''}"


def wedges(
    results: Iterable[Result],
    targets: Mapping[Area, Decimal],
    *,
    before: Iterable[Result] | None = None,
    href: Callable[[str], str] | None = None,
    plain: bool = False,
) -> list[Wedge]:
    """The twelve as the ring draws them. `plain`: in the client's words."""
    then = {one.area.code: one.level for one in before or ()}
    return [
        Wedge(
            one.area.number, one.area.plain if plain else one.area.name, one.level, targets.get(one.area.code), then.get(one.area.code),
            one.is_provisional, href(one.area.slug) if href else "",
        )
        for one in results
    ]  # fmt: skip
