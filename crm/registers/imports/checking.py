"""The dry run: every line through the register's own form, with choices loaded once and nothing written."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import inspect, select

from crm.core.clock import now
from crm.core.db import db
from crm.core.tables import plain
from crm.core.twelve import Area
from crm.core.viewer import Viewer
from crm.registers.cells import Offer, Reader
from crm.registers.forms import EntryForm
from crm.registers.imports.files import Table
from crm.registers.models import RegisterEntry, RowSource
from crm.registers.register import Register


class Found(NamedTuple):
    """A line, a column, what stands there, and what is to be said of it."""

    line: int
    heading: str
    value: str
    says: str


@dataclass
class Checked:
    """What a file would become."""

    entries: list[tuple[RegisterEntry, bool]] = field(default_factory=list)  # and whether its name is known already
    bad: list[Found] = field(default_factory=list)
    remarks: list[Found] = field(default_factory=list)

    @property
    def bad_lines(self) -> int:
        return len({one.line for one in self.bad})

    @property
    def known(self) -> int:
        return sum(known for _, known in self.entries)


def check(register: Register, table: Table, form: EntryForm, offer: Offer, *, viewer: Viewer, area: Area) -> Checked:
    """Read every line. The rows that it makes stand in no session yet."""
    offer.fill(form)
    reader = Reader(form, offer, [cells for _, cells in table.cells()])
    headings = {one.name: one.label.text for one in form} | dict(table.headings)
    found, moment = Checked(), now()
    here, names = _name_of(register), _known(register, offer.client.id, area)
    for line, cells in table.cells():
        answers = reader.read(cells)
        found.bad += (Found(line, headings.get(name, ""), shown(cells.get(name, "")), says)
                      for name, says in answers.problems.items())  # fmt: skip
        found.remarks += (Found(line, headings[name], shown(cells.get(name, "")), says)
                          for name, says in answers.remarks.items())  # fmt: skip
        if answers.problems:
            continue
        entry = register.entry(
            client_id=offer.client.id, area=area, source=RowSource.IMPORT, made_at=moment, made_by_id=viewer.person_id,
            changed_at=moment, changed_by_id=viewer.person_id,
        )  # fmt: skip
        form.write(entry)
        name = _folded(form[here].data) if here in form else None
        if is_known := name in names:
            says = f"A {register.one} of this name is in the list already, or higher up in this file"
            found.remarks.append(Found(line, headings[here], shown(cells.get(here, "")), says))
        names |= {name} - {None}
        found.entries.append((entry, is_known))
    return found


def _name_of(register: Register) -> str:
    """The field behind the first column of the list, by which two rows are taken for the same."""
    first = next(iter(register.columns.values()))
    return register.contacts.get(first, first)


def _known(register: Register, client_id: int, area: Area) -> set[Any]:
    name = _name_of(register)
    if name not in inspect(register.entry).columns:
        return set()
    kept = select(getattr(register.entry, name)).where(
        register.entry.client_id == client_id, register.entry.area == area, register.entry.archived_at.is_(None)
    )
    return {_folded(one) for one in db.session.scalars(kept)}


def _folded(value: Any) -> Any:
    return plain(value) if isinstance(value, str) else value


def shown(text: str) -> str:
    """A cell as it is shown beside its problem."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:120]
