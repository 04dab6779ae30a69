"""What the client agreed to of a deliverable: what must hold for a yes, another date, that it is not wanted; and whose work
it is beside its owner's."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.ownership import EngagementOwned, InternalOnly, under, within
from crm.engagements.people import Assignment
from crm.people.models import Person

if TYPE_CHECKING:
    from crm.deliverables.models import Deliverable


class Criterion(EngagementOwned, InternalOnly, Model):
    """What must hold for the client to accept a deliverable, as it is being agreed."""

    __tablename__ = "criterion"
    __table_args__ = (within("deliverable"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(LineType(500))
    deliverable: Mapped["Deliverable"] = relationship(back_populates="criteria")


class Contribution(EngagementOwned, InternalOnly, Model):
    """The share of one assignment in a deliverable, beside its owner's."""

    __tablename__ = "contribution"
    __table_args__ = (
        within("deliverable"),
        within("assignment"),
        UniqueConstraint("deliverable_id", "assignment_id"),
        CheckConstraint("share BETWEEN 1 AND 100", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int]
    assignment_id: Mapped[int] = mapped_column(index=True)
    share: Mapped[int]  # %
    deliverable: Mapped["Deliverable"] = relationship(back_populates="contributions")
    assignment: Mapped[Assignment] = relationship(lazy="raise", viewonly=True)


class BaselineChange(EngagementOwned, Model):
    """An agreed change of a baseline date: who agreed, when and why."""

    __tablename__ = "baseline_change"
    __table_args__ = (within("deliverable"), under("contact", by="agreed_by_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column(index=True)
    was: Mapped[date | None]
    becomes: Mapped[date]
    agreed_by_id: Mapped[int]
    agreed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(LineType(500))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deliverable: Mapped["Deliverable"] = relationship(back_populates="baseline_changes")
    agreed_by: Mapped[Contact] = relationship(lazy="raise", viewonly=True)
    recorded_by: Mapped[Person] = relationship(lazy="raise", viewonly=True)


class Cancellation(EngagementOwned, Model):
    """Who of the client agreed that a deliverable is not wanted any more, when and why."""

    __tablename__ = "cancellation"
    __table_args__ = (
        within("deliverable"),
        under("contact", by="agreed_by_id"),
        UniqueConstraint("deliverable_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int]
    agreed_by_id: Mapped[int]
    agreed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(LineType(500))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agreed_by: Mapped[Contact] = relationship(lazy="raise", viewonly=True)
    recorded_by: Mapped[Person] = relationship(lazy="raise", viewonly=True)
