"""Why we think so: what was found when a review was published, in the client's words, and the rows that they may read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import g, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.areas.catalogue import TWELVE, registers_of
from crm.core.db import db
from crm.core.ring import PLAIN
from crm.core.twelve import OF, Area
from crm.core.viewer import Role
from crm.core.words import day
from crm.deliverables.models import Deliverable
from crm.engagements.scopes import AreaScope, Rag
from crm.portal.reasons import REASONS
from crm.registers.models import RegisterEntry
from crm.reviews.frozen import FrozenFinding, FrozenRow
from crm.reviews.models import Review, is_better


@dataclass(frozen=True)
class Behind:
    """Something that was behind a finding, where the reader may read it still."""

    label: str
    href: str


@dataclass(frozen=True)
class Point:
    """One thing that was found."""

    rule: str
    says: str
    rag: Rag
    number: int
    rows: tuple[Behind, ...]
    unnamed: bool = False

    @property
    def remark(self) -> str:
        """How much of what it rests on the reader does not see here."""
        if len(self.rows) == self.number:
            return ""
        if self.unnamed:
            return "Whom this is about is not told here."
        if not self.rows:
            return (
                "The entry behind this is not shared with you."
                if self.number == 1
                else f"None of the {self.number} entries behind this is shared with you."
            )
        return f"You see {len(self.rows)} of the {self.number} entries behind this; the others are not shared with you."


@dataclass(frozen=True)
class Why:
    """The reasons of one published review."""

    review: Review
    points: tuple[Point, ...]
    missing: str  # the list that holds too little, where we saw too little
    withheld: int = 0  # what only sponsors are told: findings about persons

    @property
    def bad(self) -> list[Point]:
        return [one for one in self.points if one.rag is not Rag.GREEN]

    @property
    def good(self) -> list[Point]:
        return [one for one in self.points if one.rag is Rag.GREEN]

    def lead(self, on: date) -> list[str]:
        """What was found against what we say, where the two differ, why, and until when."""
        if not self.points:
            return []
        said, found = self.review.rag, self.review.suggested
        sentences = []
        if found is None:
            sentences.append(f"What we keep for you showed too little that day to say how this stands. {self.missing}")
        if found is not None and said is not found:
            sentences.append(f"What we keep for you pointed to “{_plain(found)}”.")
        if self.review.override_reason and is_better(said, found):
            sentences += self._all_the_same(on)
        elif found is not None and is_better(found, said):
            sentences.append(f"We say “{_plain(said)}”, which is more careful, because of what we know besides.")
        return sentences

    def _all_the_same(self, on: date) -> list[str]:
        until, reason = self.review.override_until, self.review.override_reason.rstrip(".")
        said = f"“{_plain(self.review.rag)}”"
        if until and until < on:
            return [
                f"We said {said} all the same, because: {reason}. That held until {day(until)} and has run out, so it does not count any more: we look again."
            ]
        return [f"We say {said} all the same, until {day(until)}, because: {reason}."]


def _plain(rag: Rag) -> str:
    return PLAIN[rag.value[:1]]


def speaks(said: Sequence[Review], scope: AreaScope | None) -> Review | None:
    """The review behind the colour that is shown: the newest of the engagement that speaks for the area."""
    if scope is None or not scope.is_in:
        return None
    return next((one for one in said if one.engagement_id == scope.engagement_id), said[0] if said else None)


def why_of(review: Review, papers: Iterable[Deliverable] | None = None) -> Why:
    """In three statements at most. `papers`: the client's documents, where the page has read them already."""
    findings = db.session.scalars(
        select(FrozenFinding).where(FrozenFinding.review_id == review.id).order_by(FrozenFinding.position)
        .options(selectinload(FrozenFinding.rows))
    ).all()  # fmt: skip
    named = [row for one in findings for row in one.rows]
    addresses = _of_registers(review.area, named) | _of_papers(named, papers)
    known = [one for one in findings if one.rule in REASONS]
    told = [one for one in known if g.viewer.role is Role.SPONSOR or not REASONS[one.rule].of_persons]
    points = tuple(_point(one, addresses) for one in told)
    main = TWELVE[OF[review.area].number - 1].main
    return Why(
        review, points, f"What was missing: more entries in “{main.for_the_client.title}”.", len(known) - len(told)
    )


def _point(found: FrozenFinding, addresses: Mapping[tuple[str, int], str]) -> Point:
    reason = REASONS[found.rule]
    named = [] if reason.unnamed else found.rows
    open_to = [(row.label, addresses.get((row.kind, row.row_id), "")) for row in named]
    rows = tuple(Behind(label, href) for label, href in open_to if href)
    return Point(found.rule, reason.say(found.value), found.verdict, found.number, rows, reason.unnamed)


def _of_registers(area: Area, named: Sequence[FrozenRow]) -> dict[tuple[str, int], str]:
    """Where the rows of registers are read that this reader may read now: what was taken back or put away is not there."""
    registers = {one.kind: one for one in registers_of(TWELVE[OF[area].number - 1])}
    keys = [row.row_id for row in named if row.kind in registers]
    if not keys:
        return {}
    there = select(RegisterEntry.id, RegisterEntry.kind).where(
        RegisterEntry.id.in_(keys), RegisterEntry.archived_at.is_(None)
    )
    return {
        (kind, key): url_for("portal_registers.show", slug=OF[area].slug, register=registers[kind].slug, entry_id=key)
        for key, kind in db.session.execute(there)
        if kind in registers
    }


def _of_papers(named: Sequence[FrozenRow], papers: Iterable[Deliverable] | None) -> dict[tuple[str, int], str]:
    keys = [row.row_id for row in named if row.kind == Deliverable.__tablename__]
    if not keys:
        return {}
    if papers is None:
        there = set(db.session.scalars(select(Deliverable.id).where(Deliverable.id.in_(keys))))
    else:
        there = {one.id for one in papers}
    return {
        (Deliverable.__tablename__, key): url_for("portal_deliverables.show", deliverable_id=key)
        for key in keys
        if key in there
    }
