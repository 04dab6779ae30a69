"""Asking the index: words and prefixes, all of which must match; a code typed exactly or as its number comes first."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, column, func, literal, literal_column, or_, select, table
from sqlalchemy.orm import aliased

from crm.core.clock import today
from crm.core.codes import coded
from crm.core.db import db
from crm.core.lists import folded
from crm.deliverables.models import Deliverable
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Status
from crm.engagements.states import LIVE
from crm.search.models import Kind, SearchLine
from crm.search.rows import words_of

LONGEST = 200  # characters of a question
NUMBERED = re.compile(r"(?:(eng|del)[\s-]*)?0*([0-9]{1,9})")


@dataclass(frozen=True)
class Sought:
    """What somebody typed, as the index understands it."""

    text: str
    words: tuple[str, ...]
    codes: tuple[str, ...]

    @classmethod
    def in_text(cls, typed: str) -> "Sought":
        text = " ".join(typed.replace("\0", " ").split())[:LONGEST]
        return cls(text, tuple(dict.fromkeys(words_of(text))), _codes(folded(text)))

    def is_in(self, title: str) -> bool:
        """Whether every word begins some word of this title."""
        there = words_of(title)
        return all(any(one.startswith(word) for one in there) for word in self.words)


def _codes(plain: str) -> tuple[str, ...]:
    """231, del-231 and DEL 231 are DEL-231; brk is BRK."""
    if number := NUMBERED.fullmatch(plain):
        kinds = (number[1],) if number[1] else ("del", "eng")
        return tuple(coded(kind.upper(), int(number[2])) for kind in kinds)
    return (plain.upper(),) if re.fullmatch("[a-z]{2,6}", plain) else ()


def _holds(words: tuple[str, ...]) -> ColumnElement[bool]:
    """Lines with a word that begins with each of these: the full text of whichever engine this is.

    Words are letters and digits only; quoted all the same, so that none is ever taken for an operator.
    """
    if db.engine.dialect.name == "sqlite":
        index = table("search_text", column("rowid"), column("search_text"))
        asked = " ".join(f'"{word}"*' for word in words)
        return SearchLine.id.in_(
            select(index.c.rowid).where(index.c.search_text.op("MATCH", is_comparison=True)(asked))
        )
    simple: ColumnElement[Any] = literal_column("'simple'::regconfig")
    asked = " & ".join(f"'{word}':*" for word in words)
    return func.to_tsvector(simple, SearchLine.folded).op("@@", is_comparison=True)(func.to_tsquery(simple, asked))


def _wanted(sought: Sought) -> ColumnElement[bool]:
    return or_(SearchLine.code.in_(sought.codes), _holds(sought.words)) if sought.codes else _holds(sought.words)


def is_exact(sought: Sought) -> ColumnElement[int]:
    return case((SearchLine.code.in_(sought.codes), 0), else_=1)


def kind_rank() -> ColumnElement[int]:
    return case({kind.value: place for place, kind in enumerate(Kind)}, value=SearchLine.kind)


def nearness(sought: Sought) -> ColumnElement[int]:
    """Where the first word stands: it begins the title, is in the title, or elsewhere. A line begins with its title."""
    find = func.instr if db.engine.dialect.name == "sqlite" else func.strpos
    place = find(literal(" ").concat(SearchLine.folded), f" {sought.words[0]}")
    return case((place == 1, 0), (place <= func.length(SearchLine.title), 1), else_=2)


def lines(sought: Sought) -> Select[Any]:
    """What matches, unordered. At least one word is asked for."""
    return select(SearchLine).where(_wanted(sought))


def nearest(sought: Sought, number: int) -> Select[Any]:
    """The best few of any kind, for the palette."""
    order = (is_exact(sought), SearchLine.is_archived, nearness(sought), kind_rank(), SearchLine.title, SearchLine.id)
    return lines(sought).order_by(*order).limit(number)


def count_by_kind(sought: Sought) -> Select[Kind, int]:
    return lines(sought).with_only_columns(SearchLine.kind, func.count().label("number")).group_by(SearchLine.kind)


def one_works_on(person_id: int | None, number: int) -> Select[Any]:
    """Lines of one's own engagements first, then of the other live ones that one may see, newest first."""
    mine = aliased(Assignment)
    on = (mine.engagement_id == Engagement.id, mine.person_id == person_id, mine.status == Status.CONFIRMED)
    is_mine = select(mine.id).where(*on, mine.begins <= today(), today() <= mine.ends).exists()
    found = select(SearchLine).join(
        Engagement, and_(SearchLine.kind == Kind.ENGAGEMENT, SearchLine.thing_id == Engagement.id)
    )
    order = (case((is_mine, 0), else_=1), Engagement.starts.desc(), Engagement.id)
    return found.where(Engagement.state.in_(LIVE)).order_by(*order).limit(number)


def states_of(found: list[SearchLine]) -> dict[tuple[Kind, int], str]:
    """How the engagements and deliverables among these stand now."""
    standing: dict[tuple[Kind, int], str] = {}
    for kind, model in ((Kind.ENGAGEMENT, Engagement), (Kind.DELIVERABLE, Deliverable)):
        ids = [line.thing_id for line in found if line.kind is kind]
        if ids:
            rows = db.session.execute(select(model.id, model.state).where(model.id.in_(ids)))
            standing |= {(kind, key): state.value for key, state in rows}
    return standing


def marked(text: str, sought: Sought) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is what was looked for."""
    pieces: list[tuple[str, bool]] = []
    for piece in re.findall(r"\w+|\W+", text):
        length = max((_length_of(word, piece) for word in sought.words), default=0)
        pieces += [(part, hit) for part, hit in ((piece[:length], True), (piece[length:], False)) if part]
    return pieces


def _length_of(word: str, piece: str) -> int:
    """How many letters of the piece the word takes from its beginning; 0 when it does not begin with it."""
    if not folded(piece).startswith(word):
        return 0
    return next(length for length in range(1, len(piece) + 1) if len(folded(piece[:length])) >= len(word))
