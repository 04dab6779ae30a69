"""What changed in an area since it was last spoken of: what the rules say now against what they said then, and its rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, case, false, func, select

from crm.areas.catalogue import registers_of
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.engagements.scopes import AreaScope, Rag
from crm.evidence.judging import AREAS
from crm.registers.models import RegisterEntry
from crm.registers.queries import speaking_for
from crm.reviews.frozen import Evidence, FrozenFinding, Told
from crm.reviews.models import RANK, Review


@dataclass(frozen=True)
class Turn:
    """A rule that says something else than it did. `was`: None had nothing to say then; `now`: None has nothing now."""

    says: str
    was: Rag | None
    now: Rag | None

    @property
    def is_worse(self) -> bool:
        return self.now in {Rag.RED, Rag.AMBER} and (self.was is None or RANK[self.now] < RANK[self.was])

    @property
    def is_better(self) -> bool:
        return self.was in {Rag.RED, Rag.AMBER} and (self.now is None or RANK[self.now] > RANK[self.was])


@dataclass(frozen=True)
class Moved:
    """How many rows of a register were added, changed and archived."""

    title: str
    address: str
    added: int
    changed: int
    archived: int


@dataclass(frozen=True)
class Since:
    """All that changed since a moment. `is_compared`: the evidence of that day was kept."""

    at: datetime
    turns: tuple[Turn, ...]
    rows: tuple[Moved, ...]
    is_compared: bool

    @property
    def worse(self) -> list[Turn]:
        return [one for one in self.turns if one.is_worse]

    @property
    def better(self) -> list[Turn]:
        return [one for one in self.turns if one.is_better]

    @property
    def other(self) -> list[Turn]:
        return [one for one in self.turns if not one.is_worse and not one.is_better]


def turns_of(then: Iterable[FrozenFinding], now: Evidence) -> tuple[Turn, ...]:
    """Rule by rule: another colour, or the same colour with another figure. Days that only pass are no news."""
    told: Mapping[str, Told] = {one.rule: one for one in now.findings}
    before = {one.rule: one for one in then}
    found = []
    for rule, one in told.items():
        was = before.get(rule)
        if was is None or was.verdict is not one.verdict or (was.value != one.value and rule != "X1"):
            found.append(Turn(one.says, was.verdict if was else None, one.verdict))
    found += [Turn(one.says, one.verdict, None) for rule, one in before.items() if rule not in told]
    return tuple(found)


@dataclass(frozen=True)
class Counts:
    """The rows of one register: kept now, shared with the client, and what happened to them since a moment."""

    kept: int = 0
    shared: int = 0
    added: int = 0
    changed: int = 0
    archived: int = 0


def counts_since(scope: AreaScope, moment: datetime | None) -> dict[str, Counts]:
    """By kind of row, in one statement; where nobody spoke of the area yet nothing happened since."""
    entry = RegisterEntry
    kept = entry.archived_at.is_(None)
    added: ColumnElement[bool] = false()
    archived: ColumnElement[bool] = false()
    changed: ColumnElement[bool] = false()
    if moment:
        added, archived = entry.made_at > moment, entry.archived_at > moment
        changed = (entry.changed_at > moment) & ~added & kept

    def how_many(what: Any) -> Any:
        return func.sum(case((what, 1), else_=0))

    shared = kept & (entry.visibility == Visibility.CLIENT)
    asked = (
        select(entry.kind, *map(how_many, (kept, shared, added, changed, archived)))
        .where(entry.client_id == scope.client_id, speaking_for(scope.client_id, scope.area))
        .group_by(entry.kind)
    )
    return {kind: Counts(*map(int, numbers)) for kind, *numbers in db.session.execute(asked)}


def since(
    scope: AreaScope, last: Review | None, evidence: Evidence | None, counts: Mapping[str, Counts] | None = None
) -> Since | None:
    """One statement for the findings of that day, and one where the rows are not counted yet. None where nobody spoke
    of the area yet."""
    if last is None or last.published_at is None:
        return None
    counts = counts_since(scope, last.published_at) if counts is None else counts
    then: Sequence[FrozenFinding] = db.session.scalars(
        select(FrozenFinding).where(FrozenFinding.review_id == last.id).order_by(FrozenFinding.position)
    ).all()
    turns = turns_of(then, evidence) if then and evidence else ()
    return Since(last.published_at, turns, tuple(_moved(scope, counts)), is_compared=bool(then))


def _moved(scope: AreaScope, counts: Mapping[str, Counts]) -> Iterator[Moved]:
    slug = scope.responsibility.slug
    for register in registers_of(AREAS[scope.area]):
        found = counts.get(register.kind, Counts())
        if found.added or found.changed or found.archived:
            address = url_for("registers.index", client_id=scope.client_id, slug=slug, register=register.slug)
            yield Moved(register.title, address, found.added, found.changed, found.archived)
