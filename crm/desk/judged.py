"""What the rules say of an engagement's areas, as reviews keep it, and what changed since the last review."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from flask import url_for
from sqlalchemy import Select, String, cast, func, literal, select, union_all

from crm.areas.catalogue import registers_of
from crm.core.db import db
from crm.core.twelve import Area
from crm.core.words import half_up
from crm.engagements.scopes import AreaScope, Rag
from crm.evidence.common import COMMON
from crm.evidence.judging import AREAS, judge
from crm.evidence.verdicts import Finding, Judgement
from crm.evidence.why import address_of
from crm.figures import last_colours
from crm.registers.models import RegisterEntry
from crm.registers.rules import Rule
from crm.reviews.frozen import MOST_ROWS, Behind, Evidence, Told
from crm.reviews.models import Review
from crm.reviews.operations import Known


def evidence_of(scopes: Sequence[AreaScope], on: date) -> dict[Area, Evidence]:
    """What the rules say of each of these areas of one engagement that are in scope."""
    ours = [one for one in scopes if one.is_in]
    return {area: told(one) for area, one in judge(ours, on).items()}


def told(judgement: Judgement) -> Evidence:
    """A judgement as a review keeps it: what a rule left out is not said."""
    return Evidence(
        judgement.suggested,
        None if judgement.health is None else half_up(judgement.health, 2),
        half_up(100 * judgement.coverage, 2),
        tuple(_told(one, one.verdict) for one in judgement.worst_first if one.verdict),
    )


def _told(found: Finding, verdict: Rag) -> Told:
    amber, red = found.limits.each(found.rule.value)
    return Told(
        rule=found.rule.id, says=found.says, verdict=verdict, critical=found.rule.critical, value=_kept(found.value),
        amber=amber, red=red,
    )  # fmt: skip


def _kept(value: Fraction | None) -> Any:
    return None if value is None else half_up(value, 2)


def known_of(scopes: Sequence[AreaScope], on: date) -> dict[Area, Known]:
    """What whoever publishes these areas must know of each, with the rows behind whatever fired."""
    if not scopes:
        return {}
    last = last_colours(scopes[0].client_id)
    evidence = with_rows(scopes, evidence_of(scopes, on), on)
    return {one.area: Known(last.get(one.area), evidence.get(one.area)) for one in scopes}


def with_rows(scopes: Sequence[AreaScope], evidence: Mapping[Area, Evidence], on: date) -> dict[Area, Evidence]:
    """The same, with the rows that count against each area named: one statement."""
    arms = [arm for scope in scopes if scope.area in evidence for arm in _behind(scope, evidence[scope.area], on)]
    if not arms:
        return dict(evidence)
    every = union_all(*arms).subquery()
    named = select(every).where(every.c.place <= MOST_ROWS).order_by(every.c.rule, every.c.place)
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in db.session.execute(named):
        found[row.area, row.rule].append(row)
    return {
        area: replace(one, findings=tuple(_with(told, found.get((area, told.rule), ())) for told in one.findings))
        for area, one in evidence.items()
    }


def _with(told: Told, rows: Sequence[Any]) -> Told:
    named = tuple(Behind(row.kind, row.row, row.label or "", row.visibility) for row in rows)
    return replace(told, number=rows[0].number if rows else 0, rows=named)


def _behind(scope: AreaScope, evidence: Evidence, on: date) -> Iterator[Select[Any]]:
    rules = _rules_of(scope)
    for told in evidence.fired:
        rule = rules.get(told.rule)
        if rule and rule.entity is not Review:  # that nobody looked at the area is not a row
            yield _rows_of(rule, scope, on)


def _rows_of(rule: Rule, scope: AreaScope, on: date) -> Select[Any]:
    entity = rule.entity
    if issubclass(entity, RegisterEntry):
        whose = [entity.client_id == scope.client_id, entity.speaks_for(scope.area), entity.is_evidence()]
    else:
        whose = [entity.engagement_id == scope.engagement_id, entity.area == scope.area]
    return select(
        literal(scope.area.value).label("area"), literal(rule.id).label("rule"), literal(entity.__tablename__).label("kind"),
        entity.id.label("row"), cast(_name(entity, scope), String).label("label"), entity.visibility.label("visibility"),
        func.row_number().over(order_by=entity.id).label("place"), func.count().over().label("number"),
    ).where(*whose, rule.behind(on))  # fmt: skip


def _name(entity: Any, scope: AreaScope) -> Any:
    """What a row is called: the first column of its register's list."""
    for register in registers_of(AREAS[scope.area]):
        if register.entry is entity:
            return register.listing.sorts[next(iter(register.columns.values()))][0]
    return entity.title


def rows_behind(rule_id: str, scope: AreaScope) -> str | None:
    """The rows that a rule speaks of, filtered."""
    rule = _rules_of(scope).get(rule_id)
    return address_of(rule, scope) if rule else None


def _rules_of(scope: AreaScope) -> dict[str, Rule]:
    return {one.id: one for one in (*AREAS[scope.area].rules, *COMMON)}


def row_address(scope: AreaScope) -> Callable[[str, int], str | None]:
    """Where a row is that was behind a finding; None where it has no page of its own."""
    registers = {register.entry.__tablename__: register.slug for register in registers_of(AREAS[scope.area])}

    def address(kind: str, row_id: int) -> str | None:
        if kind == "deliverable":
            return url_for("deliverables.show", deliverable_id=row_id)
        if kind not in registers:
            return None
        slug, register = scope.responsibility.slug, registers[kind]
        return url_for("registers.entry", client_id=scope.client_id, slug=slug, register=register, entry_id=row_id)

    return address
