"""Rows of registers as people type them. An area's form names its fields; choosing people works the same everywhere."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from crm.clients.models import Client, Contact, DepartmentKind
from crm.core import inputs
from crm.core.clock import today
from crm.core.errors import Refused
from crm.core.forms import OURS, Choice, Chosen, Day, Form, Line, Parsed
from crm.core.twelve import Area
from crm.core.words import amount, worded
from crm.people.models import Person
from crm.registers.models import RegisterEntry


class ContactChoice(Choice):
    """Somebody of the client."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, kind=int, **options)


class ConsultantChoice(Choice):
    """Somebody of the practice."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, kind=int, **options)


class PartyChoice(Choice):
    """Somebody of either side, as contact-3 or person-2."""


class RowChoice(Choice):
    """A row of another register of the same client, or of this one: `of_kind` is what its rows are."""

    def __init__(self, label: str, of_kind: str, *, blank: str = "None", **options: Any) -> None:
        super().__init__(label, kind=int, blank=blank, **options)
        self.of_kind = of_kind


class EngagementChoice(Choice):
    """An engagement of the client that a row belongs to besides."""

    def __init__(self, label: str, *, blank: str = "None", **options: Any) -> None:
        super().__init__(label, kind=int, blank=blank, **options)


class YesNo(Choice):
    """Yes, no, or not known: where not knowing is an answer of its own."""

    def __init__(self, label: str, *, blank: str = "Not known", **options: Any) -> None:
        super().__init__(label, [("yes", "Yes"), ("no", "No")], kind=inputs.truth, blank=blank, **options)

    def read(self, value: Any) -> Any:
        return ("yes" if value else "no") if isinstance(value, bool) else super().read(value)


class Link(Line):
    """Where something lies on the web; empty is ""."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.parser = inputs.link


def one_of(label: str, words: type[StrEnum], ask: str, **options: Any) -> Choice:
    """One of a fixed list that must be chosen; nothing is chosen beforehand unless there is a default."""
    blank = "" if "default" in options else "Choose one"
    return Choice(label, [(one, worded(one)) for one in words], kind=words, ask=ask, blank=blank, **options)


def maybe(label: str, words: type[StrEnum], *, blank: str = "Not known", **options: Any) -> Choice:
    """One of a fixed list, or none of them."""
    return Choice(label, [(one, worded(one)) for one in words], kind=words, blank=blank, **options)


def department(label: str = "Department", *, ask: str = "", **options: Any) -> Choice:
    return one_of(label, DepartmentKind, ask, **options) if ask else maybe(label, DepartmentKind, **options)


def areas(label: str, **options: Any) -> Chosen:
    return Chosen(label, [(one, worded(one)) for one in Area], kind=Area, **options)


def departments(label: str, *, ask: str = "", **options: Any) -> Chosen:
    return Chosen(label, [(one, worded(one)) for one in DepartmentKind], kind=DepartmentKind, ask=ask, **options)


def number(label: str, **options: Any) -> Parsed:
    """Any measured number."""
    return Parsed(label, inputs.figure, show=amount, **options)


def size(label: str, **options: Any) -> Parsed:
    """A measured number that is never below nothing: hours, energy."""
    return Parsed(label, partial(inputs.figure, at_least=0), show=amount, **options)


def share(label: str, **options: Any) -> Parsed:
    return Parsed(label, partial(inputs.figure, at_least=0, at_most=100), show=amount, **options)


def mark(label: str, **options: Any) -> Parsed:
    """A mark from 1 to 5, 5 the best."""
    return Parsed(label, partial(inputs.figure, at_least=1, at_most=5), show=amount, description="1 to 5", **options)


def whole(label: str, *, at_least: int = 0, at_most: int = 999_999, **options: Any) -> Parsed:
    return Parsed(label, partial(inputs.whole, at_least=at_least, at_most=at_most), **options)


def level(label: str) -> Parsed:
    return whole(label, at_most=5, description="0 to 5")


class EntryForm(Form):
    """A row of a register."""

    def validate(self, *args: Any, **options: Any) -> bool:
        is_valid = super().validate(*args, **options)
        if is_valid:
            for contradiction in self.contradictions():
                self.blame(contradiction)
        return is_valid and not self.problems

    def contradictions(self) -> Iterator[Refused]:
        """Answers that are right each and wrong together; a leaf says which."""
        return iter(())

    @property
    def of_rows(self) -> list[RowChoice]:
        """The fields that name a row of a register."""
        return [one for one in self if isinstance(one, RowChoice)]

    @property
    def of_engagements(self) -> list[EngagementChoice]:
        return [one for one in self if isinstance(one, EngagementChoice)]

    def names_now(self, entry: RegisterEntry) -> tuple[set[int], set[int]]:
        """The contacts and the people of ours that a row names: they stay on its offer when they have left."""
        theirs, ours = set[int](), set[int]()
        for one in self:
            stands = (
                getattr(entry, one.name) if isinstance(one, ContactChoice | ConsultantChoice | PartyChoice) else None
            )
            if stands is not None and isinstance(one, PartyChoice):
                kind, key = inputs.party(stands)
                (theirs if kind == "contact" else ours).add(key)
            elif stands is not None:
                (theirs if isinstance(one, ContactChoice) else ours).add(stands)
        return theirs, ours

    def offer(self, client: Client, contacts: Sequence[Contact], persons: Sequence[Person]) -> None:  # noqa: ARG002
        """Fill in whom one may choose."""
        parties = [(f"contact-{one.id}", one.name) for one in contacts] + [
            (f"person-{one.id}", one.name) for one in persons
        ]
        for chosen in self:
            if isinstance(chosen, ContactChoice):
                chosen.of((one.id, one.name) for one in contacts)
            elif isinstance(chosen, ConsultantChoice):
                chosen.of((one.id, one.name) for one in persons)
            elif isinstance(chosen, PartyChoice):
                chosen.of(parties)

    def write(self, entry: RegisterEntry) -> None:
        """The answers of this form, by its own list of fields, into the row."""
        for answered in self:
            if answered.name not in OURS:
                answered.populate_obj(entry, answered.name)


def owner_fields() -> tuple[PartyChoice, Line]:
    """`owner_party, owner_name = owner_fields()`: one of the lists, or a plain name such as a supplier's."""
    return PartyChoice("Owner", blank="Somebody else, by name"), Line("Owner’s name, if it is not in the list")


class PartyForm(EntryForm):
    """A row that may have an owner. The leaf says where in its form the owner is asked for."""

    owner_party: PartyChoice
    owner_name: Line

    def validate(self, *args: Any, **options: Any) -> bool:
        is_valid = super().validate(*args, **options)
        if self.owner_party.data and self.owner_name.data:
            self.blame(Refused("Choose an owner or write a name, not both", "owner_name"))
        return is_valid and not self.problems


class OwnedForm(PartyForm):
    """A row that always has an owner."""

    def validate(self, *args: Any, **options: Any) -> bool:
        is_valid = super().validate(*args, **options)
        if not self.owner_party.data and not self.owner_name.data and not self.owner_name.errors:
            self.blame(Refused("Choose an owner, or write a name", "owner_party"))
        return is_valid and not self.problems


class PastForm(Form):
    """A step that says on which day it was: today or before."""

    on = Day("On", ask="Say on which day", default=today)

    def validate(self, *args: Any, **options: Any) -> bool:
        is_valid = super().validate(*args, **options)
        if is_valid and self.on.data > today():
            self.blame(Refused("This day is still to come: write today or a day before", "on"))
        return is_valid and not self.problems
