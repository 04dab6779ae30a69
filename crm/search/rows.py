"""The rows of registers in the index, whichever area they are of: found by what they are called and by what they say.

Many rows are written at once by an import, so their lines are written together, after the rows: two statements for each
register, whatever their number. An archived row has no line. Clients have no search, so a line is the team's.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.orm import Session

from crm.areas.catalogue import registers
from crm.clients.models import Client, Contact
from crm.core.columns import LONGEST, LineType, ProseType
from crm.core.lists import folded
from crm.core.ownership import Visibility
from crm.core.twelve import OF
from crm.core.words import headed
from crm.registers.models import RegisterEntry, contact_name
from crm.registers.register import Register
from crm.search.models import Kind, Run, SearchLine

BATCH = 1000
NOT_WORDS = ("_url", "link", "kind")


def words_of(*texts: str | None) -> list[str]:
    """The words of a text as the index keeps them: letters and digits, in lower case without accents."""
    plain = folded(" ".join(text for text in texts if text))
    return "".join(letter if letter.isalnum() else " " for letter in plain).split()


def write_rows(run: Run, client_id: int | None = None) -> int:
    """A line for every row in use, of one client or of all. The lines of before are gone already."""
    written = 0
    for _, register in registers():
        mine = () if client_id is None else (register.entry.client_id == client_id,)
        written += _add(run, _lines(run, register, *mine))
    return written


def follow(session: Session, context: Any) -> None:  # noqa: ARG001
    """After a flush: the lines of the rows that it wrote, and of those that are called by a contact who is called anew."""

    def run(*statement: Any) -> Any:
        return session.execute(*statement, execution_options={"named": "search.write"})

    renamed = [
        one.id for one in session.dirty if isinstance(one, Contact) and inspect(one).attrs.name.history.has_changes()
    ]
    gone = {one.id for one in session.deleted if isinstance(one, RegisterEntry)}
    new = {one.id: type(one) for one in session.new if isinstance(one, RegisterEntry)}
    changed = {one.id: type(one) for one in session.dirty if isinstance(one, RegisterEntry) and _says_else(one)}
    if not (renamed or gone or new or changed):
        return
    _drop(run, [*gone, *changed])
    for _, register in registers():
        entry, keys = register.entry, [key for key, kind in (new | changed).items() if kind is register.entry]
        for first in range(0, len(keys), BATCH):
            _add(run, _lines(run, register, entry.id.in_(keys[first : first + BATCH])))
        if renamed and _is_called_by_contact(register):
            lines = list(_lines(run, register, getattr(entry, _name_of(register)).in_(renamed)))
            _drop(run, [line["thing_id"] for line in lines])
            _add(run, lines)


def _says_else(row: RegisterEntry) -> bool:
    """Whether something changed that its line is made of."""
    attributes = inspect(row).attrs
    return any(
        attributes[name].history.has_changes() for name in (*_texts(type(row)), "archived_at", *_keys(type(row)))
    )


def _texts(entry: type[RegisterEntry]) -> list[str]:
    """What a row says in words."""
    columns = inspect(entry).columns
    return [
        name for name, column in columns.items()
        if isinstance(column.type, LineType | ProseType) and not name.endswith(NOT_WORDS)
    ]  # fmt: skip


def _keys(entry: type[RegisterEntry]) -> list[str]:
    register = next(one for _, one in registers() if one.entry is entry)
    return [_name_of(register)] if _is_called_by_contact(register) else []


def _name_of(register: Register) -> str:
    """The column behind the first of the list."""
    first = next(iter(register.columns.values()))
    return register.contacts.get(first, first)


def _is_called_by_contact(register: Register) -> bool:
    return next(iter(register.columns.values())) in register.contacts


def _lines(run: Run, register: Register, *where: Any) -> Iterator[dict[str, Any]]:
    entry, slugs = register.entry, {code: area.slug for code, area in OF.items()}
    texts = _texts(entry)
    called = [(name, contact_name(getattr(entry, key))) for name, key in register.contacts.items()]
    asked = select(
        entry.id, entry.client_id, entry.area, *(getattr(entry, name) for name in texts),
        *(column.label(name) for name, column in called if name not in texts),
        Client.name.label("owner_name_"), Client.code.label("owner_code_"),
    ).join(Client, Client.id == entry.client_id).where(entry.archived_at.is_(None), *where)  # fmt: skip
    for row in run(asked).mappings():
        label = entry.label.fget(SimpleNamespace(**row))  # type: ignore[attr-defined]
        said = (row[name] for name in texts)
        found_by = (
            label,
            *said,
            register.one,
            register.title,
            OF[row["area"]].name,
            row["owner_name_"],
            row["owner_code_"],
        )
        yield {
            "kind": Kind.ROW, "thing_id": row["id"], "client_id": row["client_id"], "engagement_id": None, "code": "",
            "visibility": Visibility.TEAM, "is_archived": False, "title": label[:200],
            "beside": f"{headed(register.one)}, {row['owner_name_']}", "place": f"{slugs[row['area']]}/{register.slug}",
            "folded": " ".join(words_of(*found_by))[:LONGEST],
        }  # fmt: skip


def _add(run: Run, lines: Iterable[dict[str, Any]]) -> int:
    every = list(lines)
    for first in range(0, len(every), BATCH):
        run(insert(SearchLine), every[first : first + BATCH])
    return len(every)


def _drop(run: Run, keys: Sequence[int]) -> None:
    for first in range(0, len(keys), BATCH):
        run(delete(SearchLine).where(SearchLine.kind == Kind.ROW, SearchLine.thing_id.in_(keys[first : first + BATCH])))
