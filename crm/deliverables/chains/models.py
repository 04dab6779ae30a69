"""What a deliverable waits for: another deliverable of the client, a decision of theirs, or something they send us."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, InternalOnly, under, within

if TYPE_CHECKING:
    from crm.areas.across.models import Decision


class Wait(EngagementOwned, InternalOnly, Model):
    """One thing that must be there before a deliverable can be finished."""

    __tablename__ = "deliverable_wait"
    __table_args__ = (
        within("deliverable"),
        ForeignKeyConstraint(["on_id", "client_id"], ["deliverable.id", "deliverable.client_id"]),
        under("decision"),
        under("contact"),
        UniqueConstraint("deliverable_id", "on_id"),
        UniqueConstraint("deliverable_id", "decision_id"),
        CheckConstraint(
            "(CASE WHEN on_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN decision_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN needed_by IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
        CheckConstraint("on_id != deliverable_id", name="not_itself"),
        CheckConstraint("needed_by IS NULL OR what != ''", name="input_has_words"),
        CheckConstraint("received_on IS NULL OR needed_by IS NOT NULL", name="received_input"),
        Index("ix_deliverable_wait_deliverable_id", "deliverable_id"),
        Index("ix_deliverable_wait_on_id", "on_id"),
        Index("ix_deliverable_wait_decision_id", "decision_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int]
    on_id: Mapped[int | None]
    decision_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(default="")  # what the client sends us; else a word on why it waits
    contact_id: Mapped[int | None]  # who of them
    needed_by: Mapped[date | None]  # of what the client sends us
    received_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    contact: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    decision: Mapped["Decision | None"] = relationship("Decision", lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def receive(self, on: date) -> None:
        if self.needed_by is None:
            raise Refused("Only what the client sends us is received.")
        if self.received_on:
            raise Refused("It is here already.")
        self.received_on = on
