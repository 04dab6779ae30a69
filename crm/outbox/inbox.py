"""The notices that a person reads inside the house: a line for each letter, and how many of them are unread.

The number stands beside the hat that one wears, which every page reads anyway: so the header asks nothing. It is counted
anew, never added to, wherever a notice is written or read.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, or_, select, union_all, update

from crm.accounts.models import Standing
from crm.core.clock import now
from crm.core.db import Model, db, transaction
from crm.outbox.kinds import Pace
from crm.outbox.models import MailChoice, Notice
from crm.outbox.notices import Letter

COUNT: dict[str, Any] = {"named": "notices.count", "synchronize_session": False}


def keep(letter: Letter, topic: str, payload: dict[str, Any], pace: Pace) -> Notice:
    """The line of this letter, and whether a later letter waits for it."""
    is_ours = letter.to.__tablename__ == "person"
    row = Notice(
        person_id=letter.to.id if is_ours else None, contact_id=None if is_ours else letter.to.id,
        client_id=None if is_ours else letter.to.client_id, kind=letter.kind, topic=topic, payload=payload,
        subject=" ".join(letter.subject.split())[:300], path=letter.behind_the_door[:500], about=letter.about.__tablename__,
        about_id=letter.about.id, at=now(), waits_for=pace if pace in {Pace.DAILY, Pace.WEEKLY} else None,
    )  # fmt: skip
    db.session.add(row)
    return row


def count_anew(rows: Iterable[Notice]) -> None:
    """How many notices the readers of these rows have not read, written beside each of their hats."""
    every = list(rows)
    persons = {one.person_id for one in every if one.person_id}
    contacts = {one.contact_id for one in every if one.contact_id}
    if every:
        _count(persons, contacts)


def _count(persons: Collection[int], contacts: Collection[int]) -> None:
    db.session.flush()
    theirs = or_(Standing.person_id.in_(persons), Standing.contact_id.in_(contacts))
    # the hats first: whoever else counts for the same reader waits here, and counts what this transaction wrote
    held = select(Standing.id).where(theirs).order_by(Standing.id).with_for_update()
    hats = db.session.scalars(held, execution_options=COUNT).all()
    unread = (
        select(func.count(Notice.id))
        .where(
            Notice.read_at.is_(None),
            or_(Notice.person_id == Standing.person_id, Notice.contact_id == Standing.contact_id),
        )
        .scalar_subquery()
    )
    db.session.execute(update(Standing).where(Standing.id.in_(hats)).values(unread=unread), execution_options=COUNT)


def own_notices() -> Select[Any]:
    """All of one's own: sight leaves no others."""
    return select(Notice)


def still_seen(rows: Sequence[Notice]) -> set[tuple[str, int]]:
    """Which of the things that these are about the viewer may still see: one statement, through their own eyes."""
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Model.registry.mappers}
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row.about, set()).add(row.about_id)
    arms = [
        select(literal(table).label("about"), models[table].id.label("id")).where(models[table].id.in_(keys))
        for table, keys in sorted(ids.items())
        if table in models
    ]
    if not arms:
        return set()
    found = union_all(*arms).subquery()
    return {(about, number) for about, number in db.session.execute(select(found.c.about, found.c.id))}


def read(rows: Sequence[Notice], at: datetime) -> None:
    """One's own were read. What changes nothing writes nothing."""
    unread = [row for row in rows if row.read_at is None]
    if unread:
        with transaction():
            for row in unread:
                row.read(at)
            count_anew(unread)


def unread_notices() -> Select[Any]:
    return own_notices().where(Notice.read_at.is_(None))


def choice_of(account_id: int | None) -> MailChoice | None:
    """What somebody chose, where they have."""
    return db.session.scalars(select(MailChoice).where(MailChoice.account_id == account_id)).one_or_none()
