"""What an area says about its working lists. Pages, operations and tests serve whatever stands in these values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Enum, inspect

from crm.core.columns import LineType, ProseType
from crm.core.lists import Filter, Listing
from crm.core.ownership import Visibility
from crm.core.twelve import OF
from crm.core.twelve import Area as Code
from crm.core.words import worded
from crm.registers.forms import EntryForm
from crm.registers.models import RegisterEntry

KEPT = [("kept", "In use"), ("archived", "Archived")]
SHARED = [(Visibility.CLIENT.value, "Shared with the client"), (Visibility.TEAM.value, "Team only")]


@dataclass(frozen=True)
class Register:
    """One working list of an area: what its rows are, what they are typed with, and what a list of them shows.

    `columns` maps a heading to an attribute of the row; the first is the row's name and its link. Those that the
    database keeps can be sorted by; words among them are searched, and those with a fixed list are filters.
    """

    slug: str
    title: str
    one: str  # what a row is called in a sentence
    entry: type[RegisterEntry]
    form: type[EntryForm]
    columns: Mapping[str, str]
    empty: str  # what to do when there is nothing yet
    loads: tuple[Any, ...] = ()  # options that bring what the columns need

    @property
    def kind(self) -> str:
        return str(inspect(self.entry).polymorphic_identity)

    @cached_property
    def listing(self) -> Listing:
        stored = inspect(self.entry).columns
        attributes = [name for name in self.columns.values() if name in stored]
        kinds = {name: stored[name].type for name in attributes}
        chosen = {name: kind for name, kind in kinds.items() if isinstance(kind, Enum)}
        words = [name for name, kind in kinds.items() if isinstance(kind, LineType | ProseType)]
        return Listing(
            sorts={name: (getattr(self.entry, name),) for name in attributes} | {"changed": (self.entry.changed_at,)},
            key=self.entry.id,
            search=[getattr(self.entry, name) for name in words],
            filters=[*(self._choice(name, kind) for name, kind in chosen.items()), self._sharing(), self._keeping()],
        )

    def _choice(self, name: str, kind: Enum) -> Filter:
        column = getattr(self.entry, name)
        heading = next(text for text, attribute in self.columns.items() if attribute == name)
        return Filter(
            name, heading, [(word, worded(word)) for word in kind.enums], column.__eq__, blank=f"Any {heading.lower()}"
        )

    def _sharing(self) -> Filter:
        seen = self.entry.visibility
        return Filter("shared", "Who reads it", SHARED, lambda value: seen == Visibility(value), blank="Shared or not")

    def _keeping(self) -> Filter:
        archived = self.entry.archived_at
        return Filter(
            "kept", "In use or archived", KEPT, lambda value: archived.is_(None) if value == "kept" else archived.is_not(None),
            blank="Also archived", default="kept",
        )  # fmt: skip


@dataclass(frozen=True)
class Area:
    """One of the twelve as a package: where it sits, and which registers it keeps. Rules join it with the evidence."""

    number: int
    code: Code
    slug: str
    title: str
    registers: tuple[Register, ...] = ()
    rules: tuple[Any, ...] = field(default=())

    @classmethod
    def of(cls, code: Code, *registers: Register) -> "Area":
        row = OF[code]
        return cls(row.number, code, row.slug, row.name, registers)

    def register(self, slug: str) -> Register | None:
        return next((one for one in self.registers if one.slug == slug), None)
