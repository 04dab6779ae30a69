"""Clients: the businesses we serve, their departments, their people, and what passed between us."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from crm.core.columns import LineType, Money, Prose
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, InternalOnly, PartnersOnly, Shareable, Visibility, under
from crm.people.models import Person

if TYPE_CHECKING:
    from crm.engagements.models import Assignment


class Client(Model):
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
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    departments: Mapped[list["Department"]] = relationship(
        back_populates="client", order_by="Department.name", lazy="raise"
    )
    contacts: Mapped[list["Contact"]] = relationship(back_populates="client", order_by="Contact.name", lazy="raise")
    roster: Mapped[list["RosterSeat"]] = relationship(back_populates="client", order_by="RosterSeat.id", lazy="raise")
    assignments: Mapped[list["Assignment"]] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def is_served_by(self, person_id: int, on: date) -> bool:
        return any(one.person_id == person_id and one.runs(on) for one in self.assignments)


class ClientNote(ClientOwned, InternalOnly, Model):
    """What the practice says about a client among itself: the problem as we see it."""

    __tablename__ = "client_note"
    __table_args__ = (UniqueConstraint("client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[Prose]


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
    client: Mapped[Client] = relationship(back_populates="roster", lazy="raise")


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


class Department(ClientOwned, Model):
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
    client: Mapped[Client] = relationship(back_populates="departments", lazy="raise")
    contacts: Mapped[list["Contact"]] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}


class Consent(StrEnum):
    """Whether a contact agreed to be written to beyond what the engagement needs."""

    NOT_ASKED = "not_asked"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Contact(ClientOwned, Model):
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
    phone: Mapped[str] = mapped_column(LineType(40), default="")
    department_id: Mapped[int | None] = mapped_column(index=True)
    is_head: Mapped[bool] = mapped_column(default=False)  # of their department
    decides: Mapped[bool] = mapped_column(default=False)  # may sponsor an engagement
    consent: Mapped[Consent] = mapped_column(default=Consent.NOT_ASKED)
    consent_on: Mapped[date | None]
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(back_populates="contacts", lazy="raise")
    department: Mapped[Department | None] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}


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
    attendees: Mapped[list["Attendee"]] = relationship(back_populates="activity", lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @validates("visibility")
    def never_switched(self, key: str, value: Visibility) -> Visibility:  # noqa: ARG002
        if self.visibility is not None and self.visibility != value:
            raise Refused("Who may read a note is chosen when it is written, and never switched.")
        return value


class Attendee(ClientOwned, Shareable, Model):
    """A contact who was part of an activity, visible as the activity is."""

    __tablename__ = "attendee"
    __table_args__ = (under("activity"), under("contact"), UniqueConstraint("activity_id", "contact_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int]
    contact_id: Mapped[int] = mapped_column(index=True)
    activity: Mapped[Activity] = relationship(back_populates="attendees", lazy="raise")
    contact: Mapped[Contact] = relationship(lazy="raise", viewonly=True)


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
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def finish(self, at: datetime) -> None:
        if self.done_at:
            raise Refused("This follow-up is done already.")
        self.done_at = at

    def reopen(self) -> None:
        self.done_at = None
