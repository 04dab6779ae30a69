"""What an area says about its working lists. Pages, operations and tests serve whatever stands in these values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from sqlalchemy import BigInteger, Boolean, Enum, and_, inspect

from crm.core.clock import today
from crm.core.columns import LineType, ProseType
from crm.core.lists import Filter, Listing
from crm.core.ownership import Visibility
from crm.core.twelve import OF
from crm.core.twelve import Area as Code
from crm.core.words import worded
from crm.registers.forms import EntryForm
from crm.registers.kpis import Kpi
from crm.registers.models import RegisterEntry, SeveralType, WithOwner, contact_name, touches
from crm.registers.rules import Rule

AT_A_GLANCE = 6  # columns of a list that the client reads
YES_NO = [("yes", "Yes"), ("no", "No")]
KEPT = [("kept", "In use"), ("archived", "Archived")]
SURE = [("no", "Confirmed"), ("yes", "To be confirmed")]
SHARED = [(Visibility.CLIENT.value, "Shared with the client"), (Visibility.TEAM.value, "Team only")]


def nothing(row: Any) -> Mapping[str, Any]:  # noqa: ARG001
    return {}


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
    brings: tuple[str, ...] = ()  # rows of other registers that the columns tell of
    contacts: Mapping[str, str] = field(default_factory=dict)  # the key behind each column that is a contact's name
    plain: str = ""  # what the client calls this list; empty: its title
    told: Mapping[str, str] = field(default_factory=dict)  # the client's headings, the ones that matter most first
    views: tuple[tuple[str, str], ...] = ()  # pages of its own: what the tab says, and the endpoint, of a client_id
    rules: tuple[Rule, ...] = ()  # those that read it in every area; an area's own stand with the area
    beside: Callable[[Any], Mapping[str, Any]] = nothing  # what the page of a row shows besides
    across: bool = False  # kept in every area: the row's own area says in which

    @property
    def kind(self) -> str:
        return str(inspect(self.entry).polymorphic_identity)

    @cached_property
    def listing(self) -> Listing:
        kinds, words = self._kinds, self._words
        sorts = {name: words[name] if name in words else getattr(self.entry, name)
                 for name in self.columns.values() if name in kinds or name in words}  # fmt: skip
        choices = (self._choice(name, kind) for name, kind in kinds.items())
        return Listing(
            sorts={name: (column,) for name, column in sorts.items()} | {"changed": (self.entry.changed_at,)},
            key=self.entry.id,
            search=list(words.values()),
            filters=[*(one for one in choices if one), self._sharing(), self._confirming(), self._keeping()],
        )

    @cached_property
    def for_the_client(self) -> "Register":
        """The same list as the client reads it: what `told` names and nothing else. A register that says nothing of it
        tells no more than what its rows are called."""
        told = dict(self.told) or dict([next(iter(self.columns.items()))])
        return replace(self, title=self.plain or self.title, columns=told)

    @cached_property
    def client_columns(self) -> Mapping[str, str]:
        """Those of them that a list has room for."""
        return dict(list(self.for_the_client.columns.items())[:AT_A_GLANCE])

    @cached_property
    def client_listing(self) -> Listing:
        """What the client sorts, filters and searches by: what is told. What only the team reads finds nothing."""
        whole = replace(self, columns=self.client_columns).listing
        return replace(
            whole,
            sorts={name: column for name, column in whole.sorts.items() if name != "changed"},
            search=self.for_the_client.listing.search,
            filters=[one for one in whole.filters if one.name in self.client_columns.values()],
        )

    @cached_property
    def sums(self) -> frozenset[str]:
        """The columns that are money."""
        return frozenset(name for name, kind in self._kinds.items() if isinstance(kind, BigInteger))

    @cached_property
    def worked_out(self) -> Mapping[str, str]:
        """Those of its columns that nobody types: what derive() fills."""
        stored = inspect(self.entry).columns
        return {
            text: name for text, name in self.columns.items() if name in stored and stored[name].info.get("derived")
        }

    @cached_property
    def _kinds(self) -> dict[str, Any]:
        """The type of each column of the list that the row itself keeps."""
        stored = inspect(self.entry).columns
        return {name: stored[name].type for name in self.columns.values() if name in stored}

    @cached_property
    def _words(self) -> dict[str, Any]:
        """What is searched: words that the row keeps, and those that are found by it."""
        kept = {
            name: getattr(self.entry, name)
            for name, kind in self._kinds.items()
            if isinstance(kind, LineType | ProseType)
        }
        named: dict[str, Any] = {name: contact_name(getattr(self.entry, key)) for name, key in self.contacts.items()}
        if issubclass(self.entry, WithOwner) and "owner" in self.columns.values():
            named["owner"] = self.entry.owner_words()
        return kept | named

    def _choice(self, name: str, kind: Any) -> Filter | None:
        """A filter for what has few answers: a fixed list, departments, yes or no."""
        column = getattr(self.entry, name)
        heading = next(text for text, attribute in self.columns.items() if attribute == name)
        blank = f"{heading}: any"
        if isinstance(kind, Enum):
            return Filter(name, heading, [(word, worded(word)) for word in kind.enums], column.__eq__, blank=blank)
        if isinstance(kind, SeveralType):
            offered = [(one.value, worded(one)) for one in kind.words]
            return Filter(name, heading, offered, partial(touches, column), blank=blank)
        if isinstance(kind, Boolean):
            return Filter(name, heading, YES_NO, lambda value: column.is_(value == "yes"), blank=blank)
        return None

    def _sharing(self) -> Filter:
        seen = self.entry.visibility
        return Filter(
            "shared", "Who reads it", SHARED, lambda value: seen == Visibility(value), blank="Shared or not", rare=True
        )

    def _confirming(self) -> Filter:
        waits = self.entry.to_be_confirmed
        return Filter(
            "sure",
            "Confirmed or not",
            SURE,
            lambda value: waits.is_(value == "yes"),
            blank="Confirmed or not",
            rare=True,
        )

    def _keeping(self) -> Filter:
        archived = self.entry.archived_at
        return Filter(
            "kept", "In use or archived", KEPT, lambda value: archived.is_(None) if value == "kept" else archived.is_not(None),
            blank="Also archived", default="kept", rare=True,
        )  # fmt: skip


@dataclass(frozen=True)
class Area:
    """One of the twelve as a package: where it sits, which registers it keeps, and which rules read them.

    The first register is its main one: its rules run when that holds a row, and nothing is green on fewer than `min_rows`.
    """

    number: int
    code: Code
    slug: str
    title: str
    registers: tuple[Register, ...] = ()
    rules: tuple[Rule, ...] = ()
    min_rows: int = 1
    kpis: tuple[Kpi, ...] = ()

    @classmethod
    def of(
        cls,
        code: Code,
        *registers: Register,
        rules: tuple[Rule, ...] = (),
        min_rows: int = 1,
        kpis: tuple[Kpi, ...] = (),
    ) -> "Area":
        row = OF[code]
        return cls(row.number, code, row.slug, row.name, registers, rules, min_rows, kpis)

    @property
    def main(self) -> Register:
        return self.registers[0]

    def listing_of(self, register: Register) -> Listing:
        """A register's list, which also shows the rows behind one rule that reads it."""
        reading = {rule.id: rule for rule in self.rules_of(register)}
        if not reading:
            return register.listing
        behind = Filter(
            "rule", "Counted by a rule", [(key, rule.about) for key, rule in reading.items()],
            lambda value: and_(register.entry.is_evidence(), reading[value].behind(today())), blank="Counted by any rule or none", rare=True,
        )  # fmt: skip
        return replace(register.listing, filters=[*register.listing.filters, behind])

    def rules_of(self, register: Register) -> list[Rule]:
        return [rule for rule in (*self.rules, *register.rules) if rule.entity is register.entry]
