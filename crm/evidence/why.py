"""Why an area is judged as it is: each rule with the rows behind it, and what time alone is about to turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import Select, String, and_, case, cast, literal, select, union_all

from crm.areas.catalogue import registers_of
from crm.core.db import db
from crm.core.words import plural
from crm.deliverables.models import Deliverable
from crm.engagements.scopes import AreaScope, Rag
from crm.evidence.common import X1, common_rules
from crm.evidence.judging import AREAS, judge, reads_rows
from crm.evidence.models import AreaSummary
from crm.evidence.verdicts import Finding, Judgement
from crm.registers.register import Register
from crm.registers.rules import Fn, Rule
from crm.reviews.models import RANK

AHEAD = timedelta(days=30)
SOONER = (7, 14)  # days: how near it is said to be
AT_MOST = 30


@dataclass(frozen=True)
class Stale:
    """A row that counts against the area from some day in the next thirty on, if nobody does anything about it."""

    rule: Rule
    scope: AreaScope
    register: Register
    row: int
    label: str
    within: int

    @property
    def address(self) -> str:
        return _at("entry", self.register, self.scope, entry_id=self.row)


@dataclass(frozen=True)
class Why:
    """An area's judgement as its page tells it."""

    scope: AreaScope
    judged: Judgement
    stale: tuple[Stale, ...]
    on: date
    grey_since: date | None = None

    @property
    def reads_rows(self) -> bool:
        return reads_rows(self.scope)

    @property
    def differs(self) -> bool:
        return differs(self.scope.confirmed, self.judged.suggested)

    @property
    def fired(self) -> list[Finding]:
        return self.judged.fired

    @property
    def quiet(self) -> list[Finding]:
        return [one for one in self.judged.worst_first if one.verdict is Rag.GREEN]

    @property
    def silent(self) -> list[Finding]:
        """Rules that had nothing to measure and are left out."""
        return [one for one in self.judged.findings if one.verdict is None]

    @property
    def clocks(self) -> list[tuple[Finding, date]]:
        """Rules that count days, green today, and the day in the next thirty on which they are not any more."""
        found = []
        for one in self.quiet:
            if one.rule.value.fn is Fn.DAYS_SINCE and one.value is not None:
                left = one.limits.amber.at - one.value
                if left < AHEAD.days:
                    found.append((one, self.on + timedelta(days=int(left) + 1)))
        return found

    @property
    def counted(self) -> int:
        return sum(one.verdict is not None for one in self.judged.findings)

    @property
    def rules(self) -> int:
        return len(AREAS[self.scope.area].rules) + len(common_rules(self.scope.scope))

    @property
    def grey_because(self) -> str:
        main = AREAS[self.scope.area].main
        if not reads_rows(self.scope):
            return "The client does not share its rows with us, and no assurance speaks for the area."
        if not self.judged.rows:
            return f"{main.title} holds no row yet, so no rule of the area can speak."
        return f"{main.title} holds {plural(self.judged.rows, 'row')}; green needs {self.judged.min_rows} or more."

    def address(self, finding: Finding) -> str | None:
        return address_of(finding.rule, self.scope)


def why_of(scope: AreaScope, on: date) -> Why:
    """At most three statements: the measures, the readings of signals, the rows that are about to turn."""
    judged = judge([scope], on)[scope.area]
    since = grey_since(scope) if judged.grey else None
    return Why(scope, judged, tuple(going_stale(scope, on)), on, since)


def grey_since(scope: AreaScope) -> date | None:
    """Since when an area is not evidenced, as it was last judged."""
    its = (AreaSummary.engagement_id == scope.engagement_id, AreaSummary.area == scope.area)
    since: date | None = db.session.scalar(select(AreaSummary.since).where(*its, AreaSummary.suggested.is_(None)))
    return since


def differs(confirmed: Rag | None, suggested: Rag | None) -> bool:
    """Whether what was published is not what the evidence says now; where nothing was, there is nothing to compare."""
    return confirmed is not None and confirmed is not suggested


def is_worse(suggested: Rag | None, confirmed: Rag | None) -> bool:
    """Whether the evidence says less good a thing than was published; grey is worse than green alone."""
    if confirmed is None or suggested is confirmed:
        return False
    return confirmed is Rag.GREEN if suggested is None else RANK[suggested] < RANK[confirmed]


def address_of(rule: Rule, scope: AreaScope) -> str | None:
    """The rows behind a rule, filtered."""
    if rule is X1:
        return url_for("area.show", engagement_id=scope.engagement_id, slug=scope.responsibility.slug, _anchor="h-his")
    if rule.entity is Deliverable:
        return url_for("deliverables.view", view="late", engagement=scope.engagement_id, area=scope.area.value)
    register = _register_of(rule, scope)
    return _at("index", register, scope, rule=rule.id) if register else None


def _register_of(rule: Rule, scope: AreaScope) -> Register | None:
    return next((one for one in registers_of(AREAS[scope.area]) if one.entry is rule.entity), None)


def _at(page: str, register: Register, scope: AreaScope, **more: Any) -> str:
    slug = scope.responsibility.slug
    return url_for(f"registers.{page}", client_id=scope.client_id, slug=slug, register=register.slug, **more)


# What time alone turns


def going_stale(scope: AreaScope, on: date) -> Iterator[Stale]:
    """Rows of the area's own rules that newly count against it within thirty days, the nearest first; one statement."""
    rules = {rule.id: rule for rule in AREAS[scope.area].rules} if reads_rows(scope) else {}
    arms = [arm for rule in rules.values() for arm in _turning(rule, scope, on)]
    if not arms:
        return
    every = union_all(*arms).subquery()
    for key, row, label, within in db.session.execute(
        select(every).order_by(every.c.within, every.c.rule, every.c.row).limit(AT_MOST)
    ):
        if register := _register_of(rules[key], scope):
            yield Stale(rules[key], scope, register, row, label, within)


def _turning(rule: Rule, scope: AreaScope, on: date) -> Iterator[Select[Any]]:
    turns = rule.stales(on, on + AHEAD)
    register = _register_of(rule, scope)
    if turns is None or register is None:
        return
    name = register.listing.sorts[next(iter(register.columns.values()))][0]
    near = [(sooner, days) for days in SOONER if (sooner := rule.stales(on, on + timedelta(days=days))) is not None]
    within = case(*near, else_=AHEAD.days)
    entity = rule.entity
    yield select(
        literal(rule.id).label("rule"),
        entity.id.label("row"),
        cast(name, String).label("label"),
        within.label("within"),
    ).where(and_(entity.client_id == scope.client_id, entity.is_evidence(), turns))
