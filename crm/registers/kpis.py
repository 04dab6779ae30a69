"""What an area measures, as data: a name, a unit, a target, and a fraction that the database sums.

Each figure is what stands above a line over what stands below it, both whole numbers, for every client at once; so both
engines say the same, nothing is rounded on the way, and a figure with nothing below it has no value.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, literal, or_, select, true, type_coerce

from crm.clients.models import Client
from crm.core.columns import HundredthsType, days_between
from crm.core.words import measured
from crm.registers.models import RegisterEntry

Condition = Callable[[Any, date], ColumnElement[bool]]  # of a row, on a day
Which = Callable[[Any], ColumnElement[bool]]  # of the column with the client's key
Measure = Callable[[date, Which], Select[Any]]  # the client, what stands above, what stands below
Entry = type[RegisterEntry] | str  # a kind of row; by its name where it is another area's


def every(row: Any, on: date) -> ColumnElement[bool]:  # noqa: ARG001
    return true()


class Unit(StrEnum):
    PCT = "pct"
    MONEY = "money"
    SCORE_5 = "score_5"
    SCORE_100 = "score_100"
    COUNT = "count"
    HOURS = "hours"
    DAYS = "days"
    LEVELS = "levels"
    POINTS = "points"
    KWH = "kwh"


HOLDS: dict[str, tuple[str, Callable[[Fraction, Decimal], bool]]] = {
    ">=": ("at least", lambda value, limit: value >= limit),
    "<=": ("at most", lambda value, limit: value <= limit),
    ">": ("above", lambda value, limit: value > limit),
    "=": ("", lambda value, limit: value == limit),
}


@dataclass(frozen=True)
class Target:
    """What a figure should be. `over` says in which time, where that is more than a figure alone can tell."""

    sign: str
    limit: Decimal
    over: str = ""

    def met(self, value: Fraction) -> bool | None:
        """None where it is too early to say: what has a year may still get there."""
        holds = HOLDS[self.sign][1](value, self.limit)
        return holds or (None if self.over else False)

    def said(self, unit: Unit, currency: str) -> str:
        return " ".join(filter(None, (HOLDS[self.sign][0], measured(self.limit, unit, currency, tidy=True), self.over)))


def target(said: str) -> Target:
    """The book's own words for it: ">= 95", "<= 1", "= 100", "> 0", ">= 0.5 a year"."""
    sign, limit, *over = said.split(" ", 2)
    return Target(sign, Decimal(limit), *over)


@dataclass(frozen=True)
class Kpi:
    """One figure of an area. `wish` says in words what no limit can: a target that each client agrees for itself."""

    key: str
    name: str
    unit: Unit
    formula: str
    measure: Measure | None = None  # none: nothing of what it reads is written down yet
    target: Target | None = None
    wish: str = ""

    def met(self, value: Fraction | None) -> bool | None:
        return None if value is None or self.target is None else self.target.met(value)

    def wanted(self, currency: str) -> str:
        return self.target.said(self.unit, currency) if self.target else self.wish


# How a figure is summed


def share(entry: Entry, of: Condition, over: Condition = every, weight: str = "") -> Measure:
    """How many of those that are asked, in per cent; with a weight, how much."""

    def parts(row: Any, on: date) -> tuple[Any, Any]:
        heavy = raw(row, weight) if weight else literal(1)
        asked = over(row, on)
        return 100 * func.sum(case((asked & of(row, on), heavy), else_=0)), func.sum(case((asked, heavy), else_=0))

    return _of(entry, parts)


def number(entry: Entry, of: Condition) -> Measure:
    return _of(entry, lambda row, on: (func.sum(case((of(row, on), 1), else_=0)), 1))


def different(entry: Entry, column: str, of: Condition) -> Measure:
    """How many different values a column has among these rows."""
    return _of(entry, lambda row, on: (func.count(case((of(row, on), getattr(row, column))).distinct()), 1))


def total(entry: Entry, amount: str, of: Condition = every, less: str = "", per: str = "") -> Measure:
    """A sum, less another one row by row; or what of it falls to each of the client's heads or pounds."""

    def parts(row: Any, on: date) -> tuple[Any, Any]:
        summed = raw(row, amount) - raw(row, less) if less else raw(row, amount)
        above = func.coalesce(func.sum(case((of(row, on), summed))), 0)
        return above, scale(row, amount) * (func.max(raw(Client, per)) if per else 1)

    return _of(entry, parts, with_client=bool(per))


def ratio(entry: Entry, amount: str, over: str, of: Condition = every, less: bool = False) -> Measure:
    """One sum in per cent of another; `less`: how much more it is than that."""

    def parts(row: Any, on: date) -> tuple[Any, Any]:
        first, second = (func.coalesce(func.sum(case((of(row, on), raw(row, name)))), 0) for name in (amount, over))
        return 100 * (first - second if less else first), second

    return _of(entry, parts)


def part_of_revenue(entry: Entry, amount: str) -> Measure:
    """A sum in per cent of what the client turns over."""
    return _of(
        entry, lambda row, on: (100 * func.sum(raw(row, amount)), func.max(raw(Client, "revenue"))), with_client=True
    )  # fmt: skip


def mean(entry: Entry, amount: str, of: Condition = every, less: str = "", weight: str = "") -> Measure:
    """The mean of what is known; of a difference; or with a weight."""

    def parts(row: Any, on: date) -> tuple[Any, Any]:
        value = raw(row, amount) - raw(row, less) if less else raw(row, amount)
        heavy = raw(row, weight) if weight else case((value.is_not(None), 1))
        counted = and_(of(row, on), value.is_not(None), heavy.is_not(None))
        return func.sum(case((counted, value * heavy))), scale(row, amount) * func.sum(case((counted, heavy)))

    return _of(entry, parts)


def least(entry: Entry, amount: str, of: Condition) -> Measure:
    """The lowest of what is known: a chain is as strong as its weakest link."""
    return _of(entry, lambda row, on: (func.min(case((of(row, on), raw(row, amount)))), scale(row, amount)))


def days_since(entry: Entry, day: str) -> Measure:
    """How long ago the latest of these days is."""
    return _of(entry, lambda row, on: (days_between(on, func.max(getattr(row, day))), 1))


def regular(entry: Entry, group: str, broken: Condition) -> Measure:
    """Of the different values of a column, in per cent, those without one broken row."""

    def parts(row: Any, on: date) -> tuple[Any, Any]:
        column = getattr(row, group)
        every = func.count(column.distinct())
        return 100 * (every - func.count(case((broken(row, on), column)).distinct())), every

    return _of(entry, parts)


def median_days(entry: Entry, first: str, last: str) -> Measure:
    """The middle one of the stretches from one day to another, or the mean of the middle two."""

    def asked(on: date, which: Which) -> Select[Any]:  # noqa: ARG001
        row = leaf_of(entry)
        days = days_between(getattr(row, last), getattr(row, first))
        ranked = (
            select(
                row.client_id, days.label("days"), func.row_number().over(partition_by=row.client_id, order_by=days).label("place"),
                func.count().over(partition_by=row.client_id).label("number"),
            )
            .where(*_counts(row, which), getattr(row, last).is_not(None))
            .subquery()
        )  # fmt: skip
        middle = (2 * ranked.c.place).between(ranked.c.number, ranked.c.number + 2)
        found = select(ranked.c.client_id, func.sum(ranked.c.days), func.count()).where(middle)
        return found.group_by(ranked.c.client_id)

    return asked


def _of(entry: Entry, parts: Callable[[Any, date], tuple[Any, Any]], *, with_client: bool = False) -> Measure:
    def asked(on: date, which: Which) -> Select[Any]:
        row = leaf_of(entry)
        above, below = parts(row, on)
        found = select(row.client_id, above, literal(below) if isinstance(below, int) else below).select_from(row)
        if with_client:
            found = found.join(Client, Client.id == row.client_id)
        return found.where(*_counts(row, which)).group_by(row.client_id)

    return asked


def _counts(row: Any, which: Which) -> tuple[ColumnElement[bool], ...]:
    """In use, and looked at by somebody: a starter set says nothing of the client yet."""
    return which(row.client_id), row.archived_at.is_(None), row.to_be_confirmed.is_(False)


def leaf_of(entry: Entry) -> Any:
    """What the rows of a kind are: the areas do not know each other, so some name it."""
    if isinstance(entry, str):
        return RegisterEntry.__mapper__.polymorphic_map[entry].class_
    return entry


def raw(row: Any, name: str) -> Any:
    """What the database keeps: pence, hundredths or a plain number."""
    return type_coerce(getattr(row, name), BigInteger)


def scale(row: Any, name: str) -> int:
    """How many of what the database keeps make one."""
    return 100 if isinstance(getattr(row, name).type, BigInteger | HundredthsType) else 1


# What conditions share


def first_of_quarter(on: date) -> date:
    return date(on.year, on.month - (on.month - 1) % 3, 1)


def is_owned(row: Any) -> ColumnElement[bool]:
    """A party answers for it: a contact, one of ours, or a plain name."""
    return or_(row.owner_contact_id.is_not(None), row.owner_person_id.is_not(None), row.owner_name != "")
