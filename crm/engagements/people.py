"""Who is part of an engagement: the practice's people on it, the client's sponsors, and who answers in their place."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import Days
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, under
from crm.engagements.states import EngagementModel
from crm.people.models import Person

MOST_SPONSORS = 2


class AssignmentRole(StrEnum):
    LEAD = "lead"
    SPECIALIST = "specialist"
    MENTOR = "mentor"
    REVIEWER = "reviewer"

    @property
    def is_lead(self) -> bool:
        return self is AssignmentRole.LEAD


class Status(StrEnum):
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class Assignment(EngagementOwned, Model):
    """A person on an engagement, from one day to another."""

    __tablename__ = "assignment"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint("begins <= ends", name="order"),
        CheckConstraint("days_a_month >= 0", name="days"),
        Index("ix_assignment_person_id_begins_ends", "person_id", "begins", "ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[AssignmentRole] = mapped_column(default=AssignmentRole.SPECIALIST)
    mode: Mapped[EngagementModel]
    status: Mapped[Status] = mapped_column(default=Status.TENTATIVE)
    begins: Mapped[date]
    ends: Mapped[date]
    days_a_month: Mapped[Days]
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def runs(self, on: date) -> bool:
        return self.status is Status.CONFIRMED and self.begins <= on <= self.ends

    def confirm(self) -> None:
        if self.status is not Status.TENTATIVE:
            raise Refused(f"This assignment is {self.status} already.")
        self.status = Status.CONFIRMED

    def end(self, on: date, today: date) -> None:
        """The last day is kept, so that the past weeks stay as they were planned; one still to come only shortens."""
        if self.status is Status.ENDED:
            raise Refused("This assignment has ended already.")
        if on < self.begins:
            raise Refused("It cannot end before it began.", "ends")
        self.ends = min(on, self.ends)
        if on <= today:
            self.status = Status.ENDED


class Sponsorship(EngagementOwned, Model):
    """A contact who ordered an engagement, decides and signs off. At least one, at most two."""

    __tablename__ = "sponsorship"
    __table_args__ = (under("engagement"), under("contact"), UniqueConstraint("engagement_id", "contact_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(index=True)
    contact: Mapped[Contact] = relationship(lazy="raise", viewonly=True)


class Delegation(EngagementOwned, Model):
    """A sponsor lets a colleague answer in their place, from one day to another."""

    __tablename__ = "delegation"
    __table_args__ = (
        under("engagement"),
        under("contact"),
        under("contact", by="delegate_id"),
        CheckConstraint("begins <= until", name="order"),
        CheckConstraint("contact_id != delegate_id", name="somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int]
    delegate_id: Mapped[int] = mapped_column(index=True)
    begins: Mapped[date]
    until: Mapped[date]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    contact: Mapped[Contact] = relationship(foreign_keys="[Delegation.contact_id, Delegation.client_id]", lazy="raise", viewonly=True)  # fmt: skip
    delegate: Mapped[Contact] = relationship(foreign_keys="[Delegation.delegate_id, Delegation.client_id]", lazy="raise", viewonly=True)  # fmt: skip

    __mapper_args__ = {"version_id_col": version}

    def runs(self, on: date) -> bool:
        return self.ended_at is None and self.begins <= on <= self.until

    def end(self, at: datetime) -> None:
        if self.ended_at:
            raise Refused("This has ended already.")
        self.ended_at = at
