"""Keeping the index true: whatever changes a client, contact, engagement or deliverable changes its line with it,
in the same transaction. Loaders that write past the session call write_lines()."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, event, insert, inspect, select, update
from sqlalchemy.orm import Mapper, Session, object_session

from crm.clients.models import Client, Contact
from crm.core.codes import deliverable_code, engagement_code
from crm.core.db import Model, db
from crm.core.ownership import Visibility
from crm.core.twelve import OF
from crm.core.words import day, headed, month
from crm.deliverables.models import Deliverable
from crm.engagements.models import Engagement
from crm.engagements.states import MODEL_WORDS
from crm.meetings.models import Meeting
from crm.search.models import Kind, Run, SearchLine
from crm.search.rows import follow as follow_rows
from crm.search.rows import words_of, write_rows

BATCH = 1000


class Owner(NamedTuple):
    """The client's words, by which everything of theirs is found too."""

    name: str
    code: str


def _line(kind: Kind, one: Any, beside: str, *texts: str | None, **own: Any) -> dict[str, Any]:
    return {
        "kind": kind, "thing_id": one.id, "client_id": one.id if kind is Kind.CLIENT else one.client_id,
        "engagement_id": None, "visibility": Visibility.CLIENT, "code": "", "beside": beside, "is_archived": False,
        "folded": " ".join(words_of(*texts)),
    } | own  # fmt: skip


def _commas(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def of_client(one: Any, owner: Owner) -> dict[str, Any]:  # noqa: ARG001
    found_by = (one.name, one.code, one.sector, one.town, one.mission)
    own = {"code": one.code, "title": one.name, "is_archived": one.archived_at is not None}
    return _line(Kind.CLIENT, one, headed(_commas(one.sector, one.town)), *found_by, **own)


def of_contact(one: Any, owner: Owner) -> dict[str, Any]:
    """Seen by the team, and by the client's own people, who see each other."""
    own = {"title": one.name, "is_archived": one.archived_at is not None}
    return _line(Kind.CONTACT, one, _commas(one.role, owner.name), one.name, one.role, one.email, *owner, **own)


def of_engagement(one: Any, owner: Owner) -> dict[str, Any]:
    """Open to the client by its line; that a draft is not theirs to see is the lock's to say."""
    code = engagement_code(one.number)
    own = {"title": one.title, "code": code, "engagement_id": one.id}
    found_by = (one.title, code, str(one.number), MODEL_WORDS[one.model], *owner)
    return _line(Kind.ENGAGEMENT, one, owner.name, *found_by, **own)


def of_deliverable(one: Any, owner: Owner) -> dict[str, Any]:
    code = deliverable_code(one.number)
    own = {"title": one.title, "code": code, "engagement_id": one.engagement_id, "visibility": one.visibility}
    found_by = (one.title, code, str(one.number), one.type, OF[one.area].name, *owner)
    return _line(Kind.DELIVERABLE, one, owner.name, *found_by, **own)


def of_meeting(one: Any, owner: Owner) -> dict[str, Any]:
    own = {"title": one.title, "visibility": one.visibility}
    beside = f"Meeting, {day(one.on)}, {owner.name}"
    return _line(Kind.MEETING, one, beside, one.title, "meeting minutes", one.place, month(one.on), *owner, **own)


@dataclass(frozen=True)
class Indexing:
    """How one model is indexed: the columns its line is made of, and the line."""

    columns: tuple[Any, ...]
    line: Callable[[Any, Owner], dict[str, Any]]


INDEXED: dict[type[Model], Indexing] = {
    Client: Indexing(
        (Client.id, Client.code, Client.name, Client.sector, Client.town, Client.mission, Client.archived_at), of_client
    ),
    Contact: Indexing(
        (Contact.id, Contact.client_id, Contact.name, Contact.role, Contact.email, Contact.archived_at), of_contact
    ),
    Engagement: Indexing(
        (Engagement.id, Engagement.client_id, Engagement.number, Engagement.title, Engagement.model), of_engagement
    ),
    Deliverable: Indexing(
        (Deliverable.id, Deliverable.client_id, Deliverable.engagement_id, Deliverable.number, Deliverable.title,
         Deliverable.type, Deliverable.area, Deliverable.visibility), of_deliverable
    ),
    Meeting: Indexing(
        (Meeting.id, Meeting.client_id, Meeting.title, Meeting.on, Meeting.place, Meeting.visibility), of_meeting
    ),
}  # fmt: skip


def write_lines(run: Run, client_id: int | None = None) -> dict[str, int]:
    """Write every line anew, of one client or of all, and say how many of each kind there are."""
    mine = () if client_id is None else (SearchLine.client_id == client_id,)
    run(delete(SearchLine).where(*mine))
    written = {}
    for model, indexing in INDEXED.items():
        of_whom: Any = Client.id if model is Client else indexing.columns[1]
        rows = select(*indexing.columns, Client.name.label("owner_name"), Client.code.label("owner_code"))
        rows = rows if model is Client else rows.join(Client, Client.id == of_whom)
        if client_id is not None:
            rows = rows.where(of_whom == client_id)
        lines = [indexing.line(row, Owner(row.owner_name, row.owner_code)) for row in run(rows).all()]
        for first in range(0, len(lines), BATCH):
            run(insert(SearchLine), lines[first : first + BATCH])
        written[model.__name__.lower()] = len(lines)
    return written | {"row": write_rows(run, client_id)}


def rebuild() -> dict[str, int]:
    """The whole index from the things themselves: after a load that wrote past the session, or when in doubt.

    For whoever looks as SYSTEM, inside a transaction.
    """
    return write_lines(lambda *statement: db.session.execute(*statement, execution_options={"named": "search.write"}))


def follow() -> None:
    """From now on the index follows what any session writes."""
    for model in INDEXED:
        event.listen(model, "after_insert", _added)
        event.listen(model, "after_update", _changed)
        event.listen(model, "after_delete", _gone)
    event.listen(Session, "after_flush", follow_rows)


def _added(mapper: Mapper[Any], connection: Connection, thing: Any) -> None:  # noqa: ARG001
    connection.execute(insert(SearchLine).values(_line_of(connection, thing)))


def _changed(mapper: Mapper[Any], connection: Connection, thing: Any) -> None:
    attributes = inspect(thing).attrs
    if not any(attributes[column.key].history.has_changes() for column in INDEXED[mapper.class_].columns):
        return
    if isinstance(thing, Client) and (attributes.name.history.has_changes() or attributes.code.history.has_changes()):
        write_lines(connection.execute, thing.id)  # everything of theirs is found by their name
        return
    line = _line_of(connection, thing)
    done = connection.execute(update(SearchLine).where(*_is_of(thing)).values(line))
    if not done.rowcount:
        connection.execute(insert(SearchLine).values(line))


def _gone(mapper: Mapper[Any], connection: Connection, thing: Any) -> None:  # noqa: ARG001
    connection.execute(delete(SearchLine).where(*_is_of(thing)))


def _is_of(thing: Any) -> tuple[Any, Any]:
    return SearchLine.kind == Kind(thing.__tablename__), SearchLine.thing_id == thing.id


def _line_of(connection: Connection, thing: Any) -> dict[str, Any]:
    return INDEXED[type(thing)].line(thing, _owner_of(connection, thing))


def _owner_of(connection: Connection, thing: Any) -> Owner:
    """The client's words: from the row that the session holds already, else from the database."""
    if isinstance(thing, Client):
        return Owner(thing.name, thing.code)
    session = object_session(thing)
    held = session.identity_map.get(session.identity_key(Client, thing.client_id)) if session else None
    if held is not None and {"name", "code"} <= held.__dict__.keys():
        return Owner(held.name, held.code)
    found = connection.execute(select(Client.name, Client.code).where(Client.id == thing.client_id)).one()
    return Owner(*found)
