"""What an evidence rule is: one measure over the rows of a register, and two limits. Data alone; no area is known here.

Counting is the database's, in whole numbers; what is worked out of them is exact. Nothing is rounded but what is shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, distinct, func, or_, true, type_coerce

from crm.core.columns import HundredthsType
from crm.core.words import NOTHING, amount, half_up
from crm.engagements.scopes import Rag

Conditions = Callable[[Any, date], tuple[ColumnElement[bool], ...]]  # of a row and today; all of them must hold
Asked = Callable[[int], Any]  # the rows of a client, where SQL cannot answer alone,
Folded = Callable[[Iterable[Any]], Fraction | None]  # and what they come to


class Fn(Enum):
    COUNT = "count"
    PCT = "pct"
    SUM = "sum"
    RATIO = "ratio"
    AVG = "avg"
    COUNT_DISTINCT = "count_distinct"
    DAYS_SINCE = "days_since"
    OLDEST_DAYS = "oldest_days"
    MONTHS_TO_THRESHOLD = "months_to_threshold"


UNITS = {
    Fn.PCT: " %",
    Fn.RATIO: " %",
    Fn.DAYS_SINCE: " days",
    Fn.OLDEST_DAYS: " days",
    Fn.MONTHS_TO_THRESHOLD: " months",
}


def every(row: Any, today: date) -> tuple[ColumnElement[bool], ...]:  # noqa: ARG001
    """Every row matches an empty list of conditions."""
    return ()


@dataclass(frozen=True)
class Counted:
    """What the database says of one measure: its whole numbers, its day, and how many rows there are at all."""

    rows: int
    numbers: tuple[int | None, ...] = (0, 0)
    day: date | None = None

    @property
    def top(self) -> int:
        return self.numbers[0] or 0

    @property
    def below(self) -> int:
        return self.numbers[1] or 0

    def with_(self, other: "Counted | None") -> "Counted":
        """One of several answers for the same area: what covers more than one area answers for each of them."""
        if other is None:
            return self
        numbers = tuple((one or 0) + (more or 0) for one, more in zip(self.numbers, other.numbers, strict=True))
        return Counted(self.rows + other.rows, numbers, max(filter(None, (self.day, other.day)), default=None))


@dataclass(frozen=True)
class Metric:
    """One measure over rows. Made by the functions of its names: `count(...)`, `pct(...)`."""

    fn: Fn
    where: Conditions = every
    over: Conditions | None = None
    field: str = ""
    field2: str = ""
    rows: Asked | None = None
    fold: Folded | None = None

    def numbers(self, row: Any, today: date) -> tuple[ColumnElement[Any], ...]:
        """The whole numbers that answer it: what is counted or summed, and what that is divided by."""
        over = holds(self.over or every, row, today)
        both = and_(over, holds(self.where, row, today))
        match self.fn:
            case Fn.COUNT | Fn.PCT:
                return _count(both), _count(over)
            case Fn.RATIO:
                return _sum(both, row, self.field), _sum(both, row, self.field2)
            case Fn.SUM | Fn.AVG:
                return _sum(both, row, self.field), _count(and_(both, getattr(row, self.field).is_not(None)))
            case Fn.COUNT_DISTINCT:
                return (func.count(distinct(case((both, getattr(row, self.field))))),)
            case _:
                return ()

    def day(self, row: Any, today: date) -> ColumnElement[Any] | None:
        """The day that answers it: the latest or the earliest of some."""
        if self.fn not in {Fn.DAYS_SINCE, Fn.OLDEST_DAYS}:
            return None
        pick = func.max if self.fn is Fn.DAYS_SINCE else func.min
        return pick(case((holds(self.where, row, today), getattr(row, self.field))))

    def value(self, found: Counted, entity: Any, today: date) -> Fraction | None:
        """None: there are no rows at all, or nothing to divide or compare."""
        value = None
        match self.fn:
            case Fn.COUNT if not self.over or found.below:
                value = Fraction(found.top)
            case Fn.COUNT_DISTINCT:
                value = Fraction(found.top)
            case Fn.PCT | Fn.RATIO if found.below:
                value = Fraction(100 * found.top, found.below)
            case Fn.SUM:
                value = Fraction(found.top, self._scale(entity))
            case Fn.AVG if found.below:
                value = Fraction(found.top, found.below * self._scale(entity))
            case Fn.DAYS_SINCE | Fn.OLDEST_DAYS if found.day:
                value = Fraction((today - found.day).days)
        return value if found.rows else None

    def _scale(self, entity: Any) -> int:
        """A measured number is kept in hundredths; a count of pence or of people as it is."""
        return 100 if isinstance(getattr(entity, self.field).type, HundredthsType) else 1

    def shown(self, value: Fraction | None) -> str:
        """As people read it: a count is whole, all else has one decimal, months have two; no value is a dash."""
        if value is None:
            return NOTHING
        places = {Fn.COUNT: 0, Fn.COUNT_DISTINCT: 0, Fn.DAYS_SINCE: 0, Fn.OLDEST_DAYS: 0, Fn.MONTHS_TO_THRESHOLD: 2}
        return f"{half_up(value, places.get(self.fn, 1)):,}"


def holds(conditions: Conditions, row: Any, today: date) -> ColumnElement[bool]:
    return and_(true(), *conditions(row, today))


def _count(matching: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count(case((matching, 1)))


def _sum(matching: ColumnElement[bool], row: Any, field: str) -> ColumnElement[Any]:
    return cast(func.sum(case((matching, type_coerce(getattr(row, field), BigInteger)))), BigInteger)


def count(where: Conditions, over: Conditions | None = None) -> Metric:
    """Rows that match; with `over`, of those that match it, and no value when none does."""
    return Metric(Fn.COUNT, where, over)


def pct(where: Conditions, over: Conditions = every) -> Metric:
    """Per cent of the rows that match `over` which match `where` too."""
    return Metric(Fn.PCT, where, over)


def total(field: str, where: Conditions = every) -> Metric:
    return Metric(Fn.SUM, where, field=field)


def ratio(field: str, field2: str, where: Conditions = every) -> Metric:
    """One sum in per cent of another; what is not known counts as nothing in a sum."""
    return Metric(Fn.RATIO, where, field=field, field2=field2)


def avg(field: str, where: Conditions = every) -> Metric:
    return Metric(Fn.AVG, where, field=field)


def count_distinct(field: str, where: Conditions = every) -> Metric:
    return Metric(Fn.COUNT_DISTINCT, where, field=field)


def days_since(field: str, where: Conditions = every) -> Metric:
    """Since the latest of these days."""
    return Metric(Fn.DAYS_SINCE, where, field=field)


def oldest_days(field: str, where: Conditions = every) -> Metric:
    """Since the earliest of these days."""
    return Metric(Fn.OLDEST_DAYS, where, field=field)


def months_to_threshold(where: Conditions, *, rows: Asked, fold: Folded) -> Metric:
    """To the nearest threshold (F13), which a function over the rows finds."""
    return Metric(Fn.MONTHS_TO_THRESHOLD, where, rows=rows, fold=fold)


@dataclass(frozen=True)
class Limit:
    """Where a better colour ends."""

    at: Fraction
    is_over: bool

    def is_crossed(self, value: Fraction) -> bool:
        return value > self.at if self.is_over else value < self.at

    @property
    def plain(self) -> Decimal:
        return half_up(self.at, 2)

    def __str__(self) -> str:
        return f"{'over' if self.is_over else 'under'} {amount(half_up(self.at, 2))}"


def over(at: int | str) -> Limit:
    return Limit(Fraction(at), is_over=True)


def under(at: int | str) -> Limit:
    return Limit(Fraction(at), is_over=False)


@dataclass(frozen=True)
class Rule:
    """One thing that the rows of a register say of an area. `red`: None never is; `empty`: None leaves the rule out."""

    id: str
    entity: Any
    says: str  # with {value}
    value: Metric
    amber: Limit
    red: Limit | None
    empty: Rag | None
    critical: bool = False
    one: str = ""  # how it is said of one

    @property
    def weight(self) -> int:
        return 2 if self.critical else 1

    def sentence(self, value: Fraction | None) -> str:
        """What it came to. Where nothing is there to count, a count is none, and a share is a dash."""
        if value is None and self.value.fn in {Fn.COUNT, Fn.COUNT_DISTINCT} and self.says.startswith("{value} "):
            return self.says.replace("{value}", "No", 1)
        return (self.one if self.one and value == 1 else self.says).replace("{value}", self.value.shown(value))

    @property
    def about(self) -> str:
        """What it measures, whatever that comes to."""
        return self.says.replace("{value}", "…")

    def limit_said(self, limit: Limit | None, *, red: bool = False) -> str:
        """Over 15 %; that of X1 hangs on how often the area is reviewed."""
        if limit is None:
            return "never"
        if self.id == "X1":
            return f"{limit} times the days between reviews" if red else f"{limit} days after it was due"
        return f"{limit}{UNITS.get(self.value.fn, '')}"

    def behind(self, today: date) -> ColumnElement[bool]:
        """The rows that count against the area: what matches, or, where more is better, what does not."""
        return self._against(today) if self._more_is_better else self._matching(today)

    def worsened_by(self, today: date) -> ColumnElement[bool]:
        """The rows that a count or a share is the worse for: where much is bad, what matches; else what does not."""
        return self._matching(today) if self.amber.is_over else self._against(today)

    def _matching(self, today: date) -> ColumnElement[bool]:
        return and_(holds(self.value.over or every, self.entity, today), holds(self.value.where, self.entity, today))

    def _against(self, today: date) -> ColumnElement[bool]:
        """A condition that a row leaves unanswered does not hold, so its contrary does."""
        misses = case((holds(self.value.where, self.entity, today), 1), else_=0) == 0
        return and_(holds(self.value.over or every, self.entity, today), misses)

    @property
    def _more_is_better(self) -> bool:
        """A share that should be high."""
        return self.value.fn is Fn.PCT and not self.amber.is_over

    def stales(self, today: date, later: date) -> ColumnElement[bool] | None:
        """The rows that time alone turns against the area between two days; None where the rule asks for no day."""
        asked = [holds(one, self.entity, today).compare(holds(one, self.entity, later)) for one in self._conditions]
        if all(asked) or self.value.fn not in {Fn.COUNT, Fn.PCT, Fn.COUNT_DISTINCT}:
            return None
        return and_(self.worsened_by(later), case((self.worsened_by(today), 1), else_=0) == 0)

    @property
    def _conditions(self) -> tuple[Conditions, ...]:
        return (self.value.where, self.value.over) if self.value.over else (self.value.where,)


@dataclass(frozen=True)
class Limits:
    """The limits in force for one rule: the book's, or the practice's own."""

    amber: Limit
    red: Limit | None

    def each(self, metric: Metric) -> tuple[str, str]:
        """Where amber and where red begins, with their unit: over 105 %, over 112 %; empty where it is never red."""
        unit = UNITS.get(metric.fn, "")
        return f"{self.amber}{unit}", f"{self.red}{unit}" if self.red else ""

    def said(self, metric: Metric) -> str:
        """Amber over 105 %, red over 112 %"""
        amber, red = self.each(metric)
        return f"Amber {amber}, " + (f"red {red}" if red else "never red")

    def verdict(self, value: Fraction) -> Rag:
        """Red first, then amber, else green."""
        if self.red and self.red.is_crossed(value):
            return Rag.RED
        return Rag.AMBER if self.amber.is_crossed(value) else Rag.GREEN


def overdue(column: Any, since: date) -> ColumnElement[bool]:
    """A day that is missing is not to read as good: it is overdue."""
    return or_(column.is_(None), column < since)
