"""The stem of every register: what all rows have in common, whatever the area."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    ScalarSelect,
    SQLColumnExpression,
    String,
    TypeDecorator,
    UniqueConstraint,
    and_,
    event,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Mapped, MappedColumn, Mapper, declared_attr, mapped_column, relationship
from sqlalchemy.schema import SchemaItem

from crm.clients.models import Client, Contact, DepartmentKind
from crm.core import inputs
from crm.core.clock import day_of
from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, Shareable, Visibility, under
from crm.core.twelve import Area
from crm.people.models import Person


class RowSource(StrEnum):
    MANUAL = "manual"
    REVIEW = "review"
    PULSE = "pulse"
    IMPORT = "import"


class ValueType(StrEnum):
    """What a change brings to the business."""

    COST = "cost"
    TIME = "time"
    REVENUE = "revenue"
    QUALITY = "quality"
    RISK = "risk"
    CUSTOMER = "customer"


class RegisterEntry(ClientOwned, Shareable, Model):
    """One line in an area's working register. It belongs to client and area, and outlives engagements."""

    follows_engagement = False

    __tablename__ = "register_entry"
    __table_args__: tuple[SchemaItem, ...] = (
        UniqueConstraint("id", "client_id"),
        Index("ix_register_entry_client_id_kind", "client_id", "kind", "archived_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(LineType(30))
    area: Mapped[Area]
    source: Mapped[RowSource] = mapped_column(default=RowSource.MANUAL)
    to_be_confirmed: Mapped[bool] = mapped_column(default=False)  # of a starter set, and nobody has looked: no evidence
    archived_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version}
    once_for: ClassVar[str] = ""  # a column: of the rows in use only one has a value of it

    @property
    def label(self) -> str:
        """What this row is called in lists, history and search; each leaf says."""
        raise NotImplementedError

    @classmethod
    def speaks_for(cls, area: Area) -> ColumnElement[bool]:
        """Rows of an area: those that stand in it. A leaf whose rows cover other areas besides says it otherwise."""
        return cls.area == area

    @classmethod
    def is_evidence(cls) -> ColumnElement[bool]:
        """Rows that rules read: in use, and looked at by somebody."""
        return and_(cls.archived_at.is_(None), cls.to_be_confirmed.is_(False))

    def must_be_in_use(self) -> None:
        if self.archived_at:
            raise Refused("This row is archived: restore it to change it.")

    def must_be_changeable(self) -> None:
        """What is settled stays as it was said; a leaf says what that is."""
        self.must_be_in_use()
        if self.is_settled:
            raise Refused("This is settled: what was said then stays.")

    @property
    def is_settled(self) -> bool:
        return False

    def touch(self, at: datetime, by: int | None) -> None:
        """Whoever changes a row has looked at it, so it need not be confirmed any more."""
        self.changed_at, self.changed_by_id, self.to_be_confirmed = at, by, False

    def confirm(self, at: datetime, by: int | None) -> None:
        self.must_be_in_use()
        if not self.to_be_confirmed:
            raise Refused("This row is confirmed already.")
        self.touch(at, by)

    def archive(self, at: datetime) -> None:
        self.must_be_in_use()
        self.archived_at = at

    def restore(self) -> None:
        if not self.archived_at:
            raise Refused("This row is in use already.")
        self.archived_at = None

    def share(self) -> None:
        self.must_be_in_use()
        if self.to_be_confirmed:
            raise Refused("Confirm this row first: nothing goes to the client that nobody has looked at.")
        if self.visibility is Visibility.CLIENT:
            raise Refused("The client reads this row already.")
        self.visibility = Visibility.CLIENT

    def take_back(self) -> None:
        if self.visibility is not Visibility.CLIENT:
            raise Refused("Only the team reads this row.")
        self.visibility = Visibility.TEAM

    @property
    def made_on(self) -> date:
        """What stands in for a missing "last" day (docs/registers.md)."""
        return day_of(self.made_at)

    def derive(self) -> None:
        """Work out the columns nobody types in, so that rules and indexes can use them."""


@event.listens_for(RegisterEntry, "before_insert", propagate=True)
@event.listens_for(RegisterEntry, "before_update", propagate=True)
def derive(mapper: Mapper[Any], connection: Connection, entry: RegisterEntry) -> None:  # noqa: ARG001
    entry.derive()


class Origin(ClientOwned, Model):
    """Where a row came from, beside what it names itself: the meeting that agreed it, or the review that asked for it."""

    follows_engagement = False

    __tablename__ = "row_origin"
    __table_args__ = (
        under("register_entry", by="entry_id"),
        under("review"),
        UniqueConstraint("entry_id"),
        CheckConstraint("(meeting_id IS NULL) != (review_id IS NULL)", name="one_origin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int]
    meeting_id: Mapped[int | None] = mapped_column(index=True, info={"names": "meeting"})
    review_id: Mapped[int | None] = mapped_column(index=True)


def leaf(*more: SchemaItem) -> tuple[SchemaItem, ...]:
    """What the table of every leaf carries: the key to its stem with the client, and one for what hangs under it."""
    return (under("register_entry", by="id"), UniqueConstraint("id", "client_id"), *more)


def owned() -> tuple[SchemaItem, ...]:
    """What the table of a leaf with an owner carries besides."""
    return under("contact", by="owner_contact_id"), one_party("owner")


def at_least_nothing(*columns: str) -> CheckConstraint:
    """Sums, counts and intervals that are never below nothing."""
    return CheckConstraint(" AND ".join(f"{one} >= 0" for one in columns), name="at_least_nothing")


def shares(*columns: str) -> CheckConstraint:
    """Figures in per cent, kept as hundredths."""
    return CheckConstraint(" AND ".join(f"{one} BETWEEN 0 AND 10000" for one in columns), name="shares")


def marks(*columns: str) -> CheckConstraint:
    """Marks from 1 to 5, kept as hundredths."""
    return CheckConstraint(" AND ".join(f"{one} BETWEEN 100 AND 500" for one in columns), name="marks")


def levels(*columns: str) -> CheckConstraint:
    """Levels of a skill, 0 to 5."""
    return CheckConstraint(" AND ".join(f"{one} BETWEEN 0 AND 5" for one in columns), name="levels")


def derived() -> MappedColumn[Any]:
    """A column that derive() fills. No form asks for it, and a test looks."""
    return mapped_column(info={"derived": True})


def names(leaf_table: str) -> MappedColumn[Any]:
    """The key of a row in a register of another area: the areas do not know each other, so `tie` makes it one."""
    return mapped_column(index=True, info={"names": leaf_table})


def tie(metadata: MetaData) -> None:
    """Make the keys between the areas' registers, once all their tables are known."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if "names" in column.info:
                table.append_constraint(under(column.info["names"], by=column.name))


class SeveralType(TypeDecorator[list[Any]]):
    """Several of a fixed list as ",finance,sales,": read by people, searched with `touches`, in the order of the list."""

    impl = String
    cache_ok = True
    words: type[StrEnum]

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        chosen = {self.words(one) for one in value or ()}
        return "".join(f",{one.value}" for one in self.words if one in chosen) + "," * bool(chosen)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[Any]:  # noqa: ARG002
        return [self.words(word) for word in (value or "").split(",") if word]


class DepartmentsType(SeveralType):
    cache_ok = True
    words = DepartmentKind


class AreasType(SeveralType):
    cache_ok = True
    words = Area


Departments = Annotated[list[DepartmentKind], mapped_column(DepartmentsType(200))]
Areas = Annotated[list[Area], mapped_column(AreasType(60))]


def touches(column: Any, one: str) -> ColumnElement[bool]:
    """Rows that have this one among their several: a department, an area."""
    return type_coerce(column, String).contains(f",{one},", autoescape=True)


def contact_name(key: Any) -> ScalarSelect[str]:
    """The name of the contact that a row keeps the key of, to search and sort by."""
    return select(Contact.name).where(Contact.id == key).correlate(key.class_).scalar_subquery()


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

    @classmethod
    def owner_words(cls) -> SQLColumnExpression[str]:
        """Whoever the owner is, as words to search and sort by."""
        contact = contact_name(cls.owner_contact_id)
        person = select(Person.name).where(Person.id == cls.owner_person_id).correlate(cls).scalar_subquery()
        return func.coalesce(contact, person, cls.owner_name)

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
    def has_owner(self) -> bool:
        return self.owner_contact_id is not None or self.owner_person_id is not None or bool(self.owner_name)

    @classmethod
    def names_an_owner(cls) -> ColumnElement[bool]:
        """`has_owner` in SQL."""
        return or_(cls.owner_contact_id.is_not(None), cls.owner_person_id.is_not(None), cls.owner_name != "")

    @property
    def owner(self) -> str:
        named = self.owner_contact or self.owner_person
        return named.name if named else self.owner_name
