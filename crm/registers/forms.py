"""Rows of registers as people type them. An area's form names its fields; choosing people works the same everywhere."""

from collections.abc import Sequence
from typing import Any

from crm.clients.models import Client, Contact
from crm.core.errors import Refused
from crm.core.forms import OURS, Choice, Form, Line
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


class EntryForm(Form):
    """A row of a register."""

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


class OwnedForm(EntryForm):
    """A row that always has an owner. The leaf says where in its form the owner is asked for."""

    owner_party: PartyChoice
    owner_name: Line

    def validate(self, *args: Any, **options: Any) -> bool:
        is_valid = super().validate(*args, **options)
        if not self.owner_party.data and not self.owner_name.data and not self.owner_name.errors:
            self.blame(Refused("Choose an owner, or write a name", "owner_party"))
        if self.owner_party.data and self.owner_name.data:
            self.blame(Refused("Choose an owner or write a name, not both", "owner_name"))
        return is_valid and not self.problems
