"""The stem of every register: what all rows have in common, whatever the area."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column, relationship
from sqlalchemy.schema import SchemaItem

from crm.clients.models import Client, Contact
from crm.core import inputs
from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, Shareable, Visibility
from crm.core.twelve import Area
from crm.people.models import Person


class RowSource(StrEnum):
    MANUAL = "manual"
    REVIEW = "review"
    PULSE = "pulse"
    IMPORT = "import"


class RegisterEntry(ClientOwned, Shareable, Model):
    """One line in an area's working register. It belongs to client and area, and outlives engagements."""

    __tablename__ = "register_entry"
    __table_args__: tuple[SchemaItem, ...] = (
        UniqueConstraint("id", "client_id"),
        Index("ix_register_entry_client_id_kind", "client_id", "kind", "archived_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(LineType(30))
    area: Mapped[Area]
    source: Mapped[RowSource] = mapped_column(default=RowSource.MANUAL)
    archived_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version}

    @property
    def label(self) -> str:
        """What this row is called in lists, history and search; each leaf says."""
        raise NotImplementedError

    def must_be_in_use(self) -> None:
        if self.archived_at:
            raise Refused("This row is archived: restore it to change it.")

    def touch(self, at: datetime, by: int | None) -> None:
        self.changed_at, self.changed_by_id = at, by

    def archive(self, at: datetime) -> None:
        self.must_be_in_use()
        self.archived_at = at

    def restore(self) -> None:
        if not self.archived_at:
            raise Refused("This row is in use already.")
        self.archived_at = None

    def share(self) -> None:
        self.must_be_in_use()
        if self.visibility is Visibility.CLIENT:
            raise Refused("The client reads this row already.")
        self.visibility = Visibility.CLIENT

    def take_back(self) -> None:
        if self.visibility is not Visibility.CLIENT:
            raise Refused("Only the team reads this row.")
        self.visibility = Visibility.TEAM

    def derive(self) -> None:
        """Work out the columns nobody types in, so that rules and indexes can use them."""


@event.listens_for(RegisterEntry, "before_insert", propagate=True)
@event.listens_for(RegisterEntry, "before_update", propagate=True)
def derive(mapper: Mapper[Any], connection: Connection, entry: RegisterEntry) -> None:  # noqa: ARG001
    entry.derive()


def one_party(column: str) -> CheckConstraint:
    """At most one of the three ways to name a party."""
    named = f"({column}_contact_id IS NOT NULL)", f"({column}_person_id IS NOT NULL)", f"({column}_name != '')"
    return CheckConstraint(
        " + ".join(f"CASE WHEN {one} THEN 1 ELSE 0 END" for one in named) + " <= 1", name=f"{column}_party"
    )


class WithOwner:
    """A row whose owner is a party: a contact, a consultant or a plain name such as a supplier."""

    owner_contact_id: Mapped[int | None] = mapped_column()
    owner_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    owner_name: Mapped[str] = mapped_column(default="")

    @declared_attr
    def owner_contact(cls) -> Mapped[Contact | None]:  # noqa: N805
        name = cls.__name__  # type: ignore[attr-defined]
        keys = f"[{name}.owner_contact_id, {name}.client_id]"
        return relationship(Contact, foreign_keys=keys, lazy="joined", viewonly=True)

    @declared_attr
    def owner_person(cls) -> Mapped[Person | None]:  # noqa: N805
        keys = f"[{cls.__name__}.owner_person_id]"  # type: ignore[attr-defined]
        return relationship(Person, foreign_keys=keys, lazy="joined", viewonly=True)

    @property
    def owner_party(self) -> str | None:
        """The owner as a choice: contact-3 or person-2; none where it is a plain name."""
        if self.owner_contact_id is not None:
            return f"contact-{self.owner_contact_id}"
        return f"person-{self.owner_person_id}" if self.owner_person_id is not None else None

    @owner_party.setter
    def owner_party(self, value: str | None) -> None:
        kind, key = inputs.party(value) if value else ("", 0)
        self.owner_contact_id = key if kind == "contact" else None
        self.owner_person_id = key if kind == "person" else None

    @property
    def owner(self) -> str:
        named = self.owner_contact or self.owner_person
        return named.name if named else self.owner_name
