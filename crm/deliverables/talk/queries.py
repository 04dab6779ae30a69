"""Comments by the page, and who may be mentioned in them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account, Standing
from crm.clients.models import Contact, Wall
from crm.core.clock import today
from crm.core.db import db
from crm.core.viewer import Audience
from crm.deliverables.models import Deliverable
from crm.deliverables.talk.models import Comment, TeamComment
from crm.people.models import Person, PersonKind

PER_PAGE = 20
Any_ = Comment | TeamComment
NAMES: dict[Any, tuple[Any, ...]] = {
    Comment: (joinedload(Comment.person), joinedload(Comment.contact)),
    TeamComment: (joinedload(TeamComment.person),),
}


@dataclass(frozen=True)
class Talk:
    """One page of what was said, newest first."""

    rows: Sequence[Any_]
    total: int
    number: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def talk_about(owed: Deliverable, number: int, *, kinds: Sequence[type[Any_]] = (Comment, TeamComment)) -> Talk:
    """The rows of this page by key, so that a long talk costs what a short one does."""
    keys = union_all(
        *(
            select(literal(kind.is_open).label("is_open"), kind.id.label("key"), kind.at.label("at")).where(
                kind.deliverable_id == owed.id
            )
            for kind in kinds
        )
    ).subquery("said")
    asked = select(keys.c.is_open, keys.c.key, func.count().over().label("total")).order_by(
        keys.c.at.desc(), keys.c.is_open, keys.c.key.desc()
    )
    page = db.session.execute(asked.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    rows: dict[tuple[bool, int], Any_] = {}
    for kind in kinds:
        if wanted := [row.key for row in page if bool(row.is_open) is kind.is_open]:
            asked_rows: Any = select(kind).where(kind.id.in_(wanted)).options(*NAMES[kind])
            rows |= {(kind.is_open, one.id): one for one in db.session.scalars(asked_rows)}
    found = [rows[bool(row.is_open), row.key] for row in page]
    return Talk(found, page[0].total if page else 0, number)


@dataclass(frozen=True)
class Mentionable:
    """Somebody who reads a comment, and so may be called by name in it."""

    mark: str  # person:3
    name: str
    is_ours: bool


def who_may_be_mentioned(owed: Deliverable, *, is_open: bool, audience: Audience) -> list[Mentionable]:
    """Those who may see the comment: the team as it runs today and, among ourselves, the partners whom no wall keeps
    out; before the client also those of them who have a way in. Nobody else's name is shown."""
    on = today()
    ours = {one.person_id: one.person.name for one in owed.engagement.assignments if one.runs(on)}
    if audience is not Audience.CLIENT:
        ours |= _partners(owed.client_id)
    found = [Mentionable(f"person:{key}", name, is_ours=True) for key, name in ours.items()]
    if is_open:
        found += [Mentionable(f"contact:{key}", name, is_ours=False) for key, name in _readers(owed.client_id)]
    return sorted(found, key=lambda one: (not one.is_ours, one.name))


def _partners(client_id: int) -> dict[int, str]:
    walled = select(Wall.person_id).where(Wall.client_id == client_id)
    asked = select(Person.id, Person.name).where(
        Person.kind == PersonKind.PARTNER, or_(Person.left_on.is_(None), Person.left_on >= today()), Person.id.not_in(walled)
    )  # fmt: skip
    found = db.session.execute(asked, execution_options={"named": "comments.readers"})
    return {row.id: row.name for row in found}


def _readers(client_id: int) -> Iterable[tuple[int, str]]:
    """Contacts of this client with a standing that holds: names of those who can open what is said."""
    asked = (
        select(Contact.id, Contact.name)
        .join(Standing, Standing.contact_id == Contact.id)
        .join(Account, Account.id == Standing.account_id)
        .where(
            Contact.client_id == client_id, Standing.client_id == client_id, Standing.ended_at.is_(None), Account.active,
            Contact.archived_at.is_(None),
        )
        .distinct()
    )  # fmt: skip
    found = db.session.execute(asked, execution_options={"named": "comments.readers"})
    return [(row.id, row.name) for row in found]


def mentioned_in(body: str, among: Collection[Mentionable]) -> list[Mentionable]:
    """Whose names stand in it with an @ before them; of two names that begin alike the longer one is meant."""
    names = sorted({one.name for one in among}, key=len, reverse=True)
    if not names or "@" not in body:
        return []
    pattern = re.compile("@(" + "|".join(re.escape(name) for name in names) + r")(?!\w)")
    called = set(pattern.findall(body))
    return [one for one in among if one.name in called]
