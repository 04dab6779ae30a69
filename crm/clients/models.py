"""Clients: the businesses we serve, their departments, their people, and what passed between us."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from crm.core.columns import LineType, Money, Prose
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, InternalOnly, PartnersOnly, Shareable, Visibility, under
from crm.core.words import listed
from crm.people.models import Person

if TYPE_CHECKING:
    from crm.engagements.people import Assignment


class Archivable:
    """Put away when it is not needed any more, and brought back when it is; never deleted."""

    archived_at: Mapped[datetime | None] = mapped_column()

    @property
    def status(self) -> str:
        return "archived" if self.archived_at else "current"

    def put_away(self, at: datetime) -> None:
        if self.archived_at:
            raise Refused("This is archived already.")
        self.archived_at = at

    def restore(self) -> None:
        if not self.archived_at:
            raise Refused("This is not archived.")
        self.archived_at = None


class Client(Archivable, Model):
    """A business served or to be served."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("length(code) BETWEEN 2 AND 6", name="code_length"),
        CheckConstraint("headcount >= 0", name="headcount"),
        CheckConstraint("revenue >= 0", name="revenue"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(LineType(6), unique=True)
    name: Mapped[str] = mapped_column(index=True)
    sector: Mapped[str] = mapped_column(default="")
    town: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")  # of public holidays; empty: the practice's
    headcount: Mapped[int | None]
    revenue: Mapped[Money | None]
    mission: Mapped[str] = mapped_column(LineType(500), default="")
    has_cto: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)
    viewers_see_registers: Mapped[bool] = mapped_column(default=False)  # the sponsor allows it
    viewers_see_promises: Mapped[bool] = mapped_column(default=True)  # those made to their own department
    version: Mapped[int] = mapped_column(default=1)
    roster: Mapped[list["RosterSeat"]] = relationship(order_by="RosterSeat.id", viewonly=True)
    assignments: Mapped[list["Assignment"]] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def is_served_by(self, person_id: int, on: date) -> bool:
        return any(one.person_id == person_id and one.runs(on) for one in self.assignments)

    def is_led_by(self, person_id: int, on: date) -> bool:
        return any(one.person_id == person_id and one.role.is_lead and one.runs(on) for one in self.assignments)

    @property
    def holders(self) -> dict[str, str]:
        """Who holds which of the technology titles."""
        return {seat.title.value: seat.holder for seat in self.roster}

    def open_to_viewers(self, *, promises: bool, registers: bool) -> None:
        """What those who only read may read of the rows shared with the client."""
        self.viewers_see_promises, self.viewers_see_registers = promises, registers

    def archive(self, at: datetime, *, unfinished: Sequence[str]) -> None:
        """`unfinished` are the codes of their engagements that are neither closed nor cancelled."""
        if unfinished:
            are = "is" if len(unfinished) == 1 else "are"
            raise Refused(f"{listed(unfinished)} {are} not finished. Close or cancel first, then archive the client.")
        self.put_away(at)


class ClientNote(ClientOwned, InternalOnly, Model):
    """What the practice says about a client among itself: the problem as we see it."""

    __tablename__ = "client_note"
    __table_args__ = (UniqueConstraint("client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[Prose]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who wrote what stands there now
    written_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    client: Mapped[Client] = relationship(lazy="raise_on_sql", viewonly=True)

    __mapper_args__ = {"version_id_col": version}


TITLE_WORDS = {
    "cio": "CIO",
    "cto": "CTO",
    "it_director": "IT director",
    "it_manager": "IT manager",
    "it_lead": "IT lead",
}


class Title(StrEnum):
    """Leadership titles of a client: who holds what (engagement-models.md)."""

    CIO = "cio"
    CTO = "cto"
    IT_DIRECTOR = "it_director"
    IT_MANAGER = "it_manager"
    IT_LEAD = "it_lead"


class RosterSeat(ClientOwned, Model):
    """Who at the client holds one of the technology titles."""

    __tablename__ = "roster_seat"
    __table_args__ = (UniqueConstraint("client_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[Title]
    holder: Mapped[str]


class DepartmentKind(StrEnum):
    EXECUTIVE = "executive"
    FINANCE = "finance"
    HR = "hr"
    LEGAL = "legal"
    OPERATIONS = "operations"
    SALES = "sales"
    MARKETING = "marketing"
    CUSTOMER_SERVICE = "customer_service"
    IT = "it"
    PRODUCT = "product"
    FACILITIES = "facilities"


class Department(Archivable, ClientOwned, Model):
    """A part of the client, with a head."""

    __tablename__ = "department"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        UniqueConstraint("client_id", "name"),
        CheckConstraint("people >= 0", name="people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DepartmentKind]
    name: Mapped[str]
    people: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise_on_sql", viewonly=True)

    __mapper_args__ = {"version_id_col": version}


class Consent(StrEnum):
    """Whether a contact agreed to be written to beyond what the engagement needs."""

    NOT_ASKED = "not_asked"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Contact(Archivable, ClientOwned, Model):
    """A person at the client, with a login or without."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        under("department"),
        Index("ix_contact_client_id_name", "client_id", "name"),
        CheckConstraint("(consent = 'not_asked') = (consent_on IS NULL)", name="consent_has_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="", index=True)
    vouched: Mapped[str] = mapped_column(
        default=""
    )  # the address that somebody stands for: keys in mails go to no other
    phone: Mapped[str] = mapped_column(LineType(40), default="")
    department_id: Mapped[int | None] = mapped_column(index=True)
    is_head: Mapped[bool] = mapped_column(default=False)  # of their department
    decides: Mapped[bool] = mapped_column(default=False)  # may sponsor an engagement
    consent: Mapped[Consent] = mapped_column(default=Consent.NOT_ASKED)
    consent_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise_on_sql", viewonly=True)
    department: Mapped[Department | None] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def archive(self, at: datetime, *, sponsors: Sequence[str]) -> None:
        """`sponsors` are the codes of the engagements that they sponsor and that are not finished."""
        if sponsors:
            raise Refused(f"{self.name} sponsors {listed(sponsors)}. Name another sponsor there first.")
        self.put_away(at)
        self.is_head = False

    @property
    def is_vouched(self) -> bool:
        """Somebody other than whoever typed it may be sure that mail there reaches them."""
        return bool(self.email) and self.email == self.vouched

    def vouch(self) -> None:
        if not self.email:
            raise Refused(f"No mail address of {self.name} is known: write it down first.")
        self.vouched = self.email


Index(
    "ix_contact_head",
    Contact.department_id,
    unique=True,
    sqlite_where=literal_column("is_head"),
    postgresql_where=literal_column("is_head"),
)


class Wall(ClientOwned, PartnersOnly, Model):
    """For this person, this client does not exist."""

    __tablename__ = "wall"
    __table_args__ = (UniqueConstraint("client_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(LineType(500), default="")
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)


class ActivityKind(StrEnum):
    CALL = "call"
    MEETING = "meeting"
    VISIT = "visit"
    MAIL = "mail"
    NOTE = "note"


class Activity(ClientOwned, Shareable, Model):
    """A call, meeting, visit, mail or note. Internal or client-visible is chosen when written, and never switched."""

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        under("engagement"),
        Index("ix_activity_client_id_happened_on", "client_id", "happened_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[ActivityKind]
    happened_on: Mapped[date]
    title: Mapped[str]
    body: Mapped[Prose] = mapped_column(default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    edited_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    client: Mapped[Client] = relationship(lazy="raise_on_sql", viewonly=True)
    attendees: Mapped[list["Attendee"]] = relationship(back_populates="activity", lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @validates("visibility")
    def never_switched(self, key: str, value: Visibility) -> Visibility:  # noqa: ARG002
        if self.visibility is not None and self.visibility != value:
            raise Refused("Who may read a note is chosen when it is written, and never switched.")
        return value


class Attendee(ClientOwned, Shareable, Model):
    """Who else was part of an activity: a contact of the client or a colleague. Visible as the activity is."""

    __tablename__ = "attendee"
    __table_args__ = (
        under("activity"),
        under("contact"),
        UniqueConstraint("activity_id", "contact_id"),
        UniqueConstraint("activity_id", "person_id"),
        CheckConstraint("(contact_id IS NULL) != (person_id IS NULL)", name="one_party"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int]
    contact_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    activity: Mapped[Activity] = relationship(back_populates="attendees", lazy="raise")
    contact: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)

    @property
    def name(self) -> str:
        there = self.contact or self.person
        return there.name if there else ""


class FollowUp(ClientOwned, InternalOnly, Model):
    """What one of us promised themselves to do next about a client; it appears on their Today."""

    __tablename__ = "follow_up"
    __table_args__ = (under("activity"), Index("ix_follow_up_person_id_due", "person_id", "due"))

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    due: Mapped[date]
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    client: Mapped[Client] = relationship(lazy="raise_on_sql", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def status(self) -> str:
        return "done" if self.done_at else "open"

    def finish(self, at: datetime) -> None:
        if self.done_at:
            raise Refused("This follow-up is done already.")
        self.done_at = at

    def reopen(self) -> None:
        self.done_at = None

    def revise(self, *, title: str, due: date, person_id: int) -> None:
        if self.done_at:
            raise Refused("This follow-up is done already. Reopen it first.")
        self.title, self.due, self.person_id = title, due, person_id
