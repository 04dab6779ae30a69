"""Judging the areas of an engagement: every rule that SQL can answer, in one statement, through the viewer's eyes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from crm.areas.across.models import Assurance
from crm.areas.catalogue import TWELVE
from crm.core.db import db
from crm.core.twelve import Area as Code
from crm.core.twelve import Scope
from crm.evidence.common import COMMON, X1, common_rules, empty_of, kept_limits, limits_of
from crm.evidence.models import RuleLimit
from crm.evidence.verdicts import Finding, Judgement, days_open, verdict_of_area
from crm.registers.models import RegisterEntry
from crm.registers.rules import Counted, Rule

AREAS = {area.code: area for area in TWELVE}
DAY = timedelta(days=1)
LIMITS = "limits"
NOTHING = cast(null(), BigInteger)
Found = Mapping[tuple[str, str], Counted]  # by rule, or by kind of row, and area
Kept = Mapping[str, tuple[int, int | None]]  # by rule: the practice's own limits, in hundredths


class Clock(Protocol):
    """An engagement, for the rule that counts days."""

    @property
    def starts(self) -> date: ...
    def paused_days(self, begins: date, ends: date) -> int: ...


class Subject(Protocol):
    """An area of an engagement that is to be judged: its scope, as a row or as the columns of one."""

    @property
    def area(self) -> Code: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def rows_shared(self) -> bool: ...
    @property
    def is_in(self) -> bool: ...
    @property
    def client_id(self) -> int: ...
    @property
    def engagement_id(self) -> int: ...
    @property
    def engagement(self) -> Clock: ...


def judge(scopes: Sequence[Subject], on: date, *, options: Mapping[str, Any] | None = None) -> dict[Code, Judgement]:
    """What the evidence says, on a day, of some areas of one engagement. `options` are the statements' own."""
    if not scopes:
        return {}
    sight = dict(options or {})
    found, kept = counted(scopes, on, sight)
    return {scope.area: _judged(scope, on, found, kept, sight) for scope in scopes}


def reads_rows(scope: Subject) -> bool:
    """Whether an area's own rules may run: where it is overseen, only if the client shares its rows with us."""
    return scope.is_in and (scope.scope is not Scope.OVERSEE or scope.rows_shared)


def _judged(scope: Subject, on: date, found: Found, kept: Kept, sight: dict[str, Any]) -> Judgement:
    area, common = AREAS[scope.area], common_rules(scope.scope)
    rows = found[area.main.kind, scope.area].rows if reads_rows(scope) else 0
    rules = (*(area.rules if rows else ()), *common)
    findings = [_finding(rule, scope, on, _value(rule, scope, on, found, sight), kept) for rule in rules]
    every = len(area.rules) + len(common)
    return verdict_of_area(scope.area, scope.scope, findings, rows=rows, min_rows=area.min_rows, rules=every)


def _value(rule: Rule, scope: Subject, on: date, found: Found, sight: dict[str, Any]) -> Fraction | None:
    there = found.get((rule.id, scope.area), Counted(0))
    if rule is X1:
        return unseen_for(scope.engagement, there.day, on)
    if rule.value.rows and rule.value.fold:
        return rule.value.fold(db.session.execute(rule.value.rows(scope.client_id), execution_options=sight))
    return rule.value.value(there, rule.entity, on)


def unseen_for(engagement: Clock, last: date | None, on: date) -> Fraction:
    """X1: days since the last review, or since the start when there never was one. A paused day is not counted."""
    since = last or engagement.starts
    return Fraction(days_open(since, on, engagement.paused_days(since + DAY, on)))


def _finding(rule: Rule, scope: Subject, on: date, value: Fraction | None, kept: Kept) -> Finding:
    limits = limits_of(rule, scope.scope, kept_limits(rule, *kept[rule.id]) if rule.id in kept else None)
    if value is None:
        return Finding(rule, None, empty_of(rule, scope.engagement.starts, on), limits)
    return Finding(rule, value, limits.verdict(value), limits)


@dataclass(frozen=True)
class Arm:
    """One SELECT of the one statement: the rules that read one kind of row, in one area or by area."""

    name: str
    rules: tuple[Rule, ...]
    entity: Any
    area: ColumnElement[Any]
    where: tuple[ColumnElement[bool], ...]
    on: date
    is_by_area: bool = False

    @property
    def numbers(self) -> list[ColumnElement[Any]]:
        return [number for rule in self.rules for number in rule.value.numbers(self.entity, self.on)]

    def asked(self, width: int) -> Select[Any]:
        numbers = self.numbers
        padding = [NOTHING] * (width - len(numbers))
        days = (rule.value.day(self.entity, self.on) for rule in self.rules)
        day = next((one for one in days if one is not None), cast(null(), Date))
        columns = [literal(self.name), self.area, func.count(self.entity.id), day, *numbers, *padding]
        named = [column.label(f"c{n}") for n, column in enumerate(columns)]
        asked = select(*named).select_from(self.entity).where(*self.where)
        return asked.group_by(self.area) if self.is_by_area else asked

    def read(self, rows: int, day: date | None, numbers: Sequence[int | None]) -> Iterator[tuple[str, Counted]]:
        yield self.name, Counted(rows)
        left = list(numbers)
        for rule in self.rules:
            width = len(rule.value.numbers(self.entity, self.on))
            yield rule.id, Counted(rows, tuple(left[:width]), day)
            del left[:width]


def counted(scopes: Sequence[Subject], on: date, sight: Mapping[str, Any]) -> tuple[Found, Kept]:
    """Every measure that SQL answers, by rule and area; and with it the limits that the practice has set."""
    arms = {arm.name: arm for arm in (*_of_registers(scopes, on), *_of_all_areas(scopes, on))}
    width = max((len(arm.numbers) for arm in arms.values()), default=0)
    found: dict[tuple[str, str], Counted] = {}
    kept: dict[str, tuple[int, int | None]] = {}
    asked = union_all(*(arm.asked(width) for arm in arms.values()), *([_limits(width)] if arms else []))
    for name, areas, rows, day, *numbers in db.session.execute(asked, execution_options=sight) if arms else ():
        if name == LIMITS:
            kept[areas] = numbers[0], numbers[1]
            continue
        for key, one in arms[name].read(rows, day, numbers):
            for area in filter(None, areas.split(",")):
                found[key, area] = one.with_(found.get((key, area)))
    return found, kept


def _limits(width: int) -> Any:
    """They ride along: a page that judges an area asks the database no more often for them."""
    numbers = [type_coerce(one, BigInteger) for one in (RuleLimit.amber, RuleLimit.red)]
    return select(
        literal(LIMITS), RuleLimit.rule, literal(0), cast(null(), Date), *numbers, *([NOTHING] * (width - 2))
    ).where(RuleLimit.amber.is_not(None))


def _of_registers(scopes: Sequence[Subject], on: date) -> Iterator[Arm]:
    """A register that rules read is one SELECT, with all its rules."""
    for scope in filter(reads_rows, scopes):
        area = AREAS[scope.area]
        for entity in dict.fromkeys([area.main.entry, *(rule.entity for rule in area.rules)]):
            rules = tuple(rule for rule in area.rules if rule.entity is entity and not rule.value.rows)
            kept = (entity.client_id == scope.client_id, entity.is_evidence())
            yield Arm(entity.__mapper__.polymorphic_identity, rules, entity, literal(scope.area.value), kept, on)


def _of_all_areas(scopes: Sequence[Subject], on: date) -> Iterator[Arm]:
    """A common rule is one SELECT for all areas in scope: of the engagement, or of the client where its rows are."""
    first, areas = scopes[0], [scope.area for scope in scopes if scope.is_in]
    for rule in COMMON if areas else ():
        entity = rule.entity
        if issubclass(entity, RegisterEntry):
            where = (entity.client_id == first.client_id, entity.is_evidence())
        else:
            where = (entity.engagement_id == first.engagement_id, entity.area.in_(areas))
        named = type_coerce(entity.covers, String) if entity is Assurance else cast(entity.area, String)
        yield Arm(f"of {rule.id}", (rule,), entity, named, where, on, is_by_area=True)
