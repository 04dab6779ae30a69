"""Closing a month: what happens to overage, the statement that is frozen at the lock, the figures that are kept."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import Days, LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, InternalOnly, LeadsOnly, PartnersOnly, PersonOwned, SponsorsOnly, under
from crm.engagements.scopes import Rag
from crm.engagements.states import Overage, PriceKind
from crm.people.models import Person


class Settled(StrEnum):
    """What happens to overage."""

    BILL = "bill"
    ABSORB = "absorb"


WHY = 10  # characters at least


class OverageDecision(EngagementOwned, InternalOnly, Model):
    """What a partner decided on the overage of one month. Without one the agreement decides (F5)."""

    __tablename__ = "overage_decision"
    __table_args__ = (
        under("engagement"),
        under("contact", by="agreed_by_id"),
        UniqueConstraint("engagement_id", "month"),
        CheckConstraint("(agreed_by_id IS NULL) = (agreed_on IS NULL)", name="who_and_when"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(index=True)
    choice: Mapped[Settled]
    agreed_by_id: Mapped[int | None]  # the sponsor who said yes
    agreed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(LineType(500), default="")
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    agreed_by: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    decided_by: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def settle(
        self, choice: Settled, *, agreed: Overage, contact_id: int | None, on: date | None, reason: str, today: date
    ) -> None:
        """Billing needs the sponsor's yes unless it is agreed; giving away what could be billed needs a reason."""
        if choice is Settled.BILL and agreed is not Overage.BILL:
            if contact_id is None:
                raise Refused("Choose the sponsor who said yes. Without a yes it is absorbed", "agreed_by_id")
            if on is None:
                raise Refused("Say on which day they said yes, like 2026-11-20", "agreed_on")
        if on and on > today:
            raise Refused("That day is still to come", "agreed_on")
        if choice is Settled.ABSORB and agreed is Overage.BILL and len(reason) < WHY:
            raise Refused(f"Say why we do not bill what is agreed, in {WHY} characters or more", "reason")
        said_yes = choice is Settled.BILL and contact_id is not None and on is not None
        self.choice, self.reason = choice, reason
        self.agreed_by_id, self.agreed_on = (contact_id, on) if said_yes else (None, None)


def settled_by(agreed: Overage, decision: OverageDecision | None) -> Settled:
    """F5: under `ask` without a yes it is absorbed."""
    if decision is not None:
        return decision.choice
    return Settled.BILL if agreed is Overage.BILL else Settled.ABSORB


class Statement(EngagementOwned, SponsorsOnly, LeadsOnly, Model):
    """What one engagement's month came to, as it was frozen at the lock: never changed, only followed by a newer one.

    Days and no money: what they cost stands on the invoice. `lines` is what the sponsor reads of each entry.
    """

    __tablename__ = "statement"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        UniqueConstraint("engagement_id", "month", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(index=True)
    number: Mapped[int] = mapped_column(default=1)  # 2: the month was opened and locked again
    price_kind: Mapped[PriceKind]
    minutes: Mapped[int]  # billable
    used: Mapped[Days]
    granted: Mapped[Days | None]  # from here on: of a retainer (F5)
    rolled_in: Mapped[Days | None]
    available: Mapped[Days | None]
    overage: Mapped[Days | None]
    billed: Mapped[Days | None]  # of the overage
    absorbed: Mapped[Days | None]
    rolled_out: Mapped[Days | None]
    lapsed: Mapped[Days | None]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(LineType(64))
    frozen_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    def replace(self, at: datetime) -> None:
        if self.replaced_at:
            raise Refused("A newer statement stands in its place already.")
        self.replaced_at = at


Index(
    "ix_statement_stands",
    Statement.engagement_id,
    Statement.month,
    unique=True,
    sqlite_where=Statement.replaced_at.is_(None),
    postgresql_where=Statement.replaced_at.is_(None),
)


class MonthFigure(PartnersOnly, Model):
    """What F2 said when a month was locked, of one person or of the whole practice. A later lock adds its own."""

    __tablename__ = "month_figure"
    __table_args__ = (UniqueConstraint("month", "person_id", "written_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # none: all together
    net: Mapped[Days]
    minutes: Mapped[int]  # billable
    absorbed: Mapped[Days | None]  # overage that was not billed; of the whole practice only
    target: Mapped[int | None]  # per cent
    written_at: Mapped[datetime]
    person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)


class HealthFigure(EngagementOwned, InternalOnly, Model):
    """What F10 said of an engagement when a month was locked: score and parts of a hundred. A later lock adds its own."""

    __tablename__ = "health_figure"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("engagement_id", "month", "written_at"),
        CheckConstraint(
            "score BETWEEN 0 AND 10000 AND delivery BETWEEN 0 AND 10000 AND progress BETWEEN 0 AND 10000"
            " AND commercial BETWEEN 0 AND 10000 AND relationship BETWEEN 0 AND 10000",
            name="of_a_hundred",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    verdict: Mapped[Rag]
    score: Mapped[Days]
    delivery: Mapped[Days]
    progress: Mapped[Days]
    commercial: Mapped[Days]
    relationship: Mapped[Days]
    written_at: Mapped[datetime]


class TimeReminder(PersonOwned, InternalOnly, Model):
    """Somebody was asked to complete their month; once a day at most."""

    __tablename__ = "time_reminder"
    __table_args__ = (UniqueConstraint("person_id", "month", "sent_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    sent_on: Mapped[date]
    missing: Mapped[int]  # working days without time
    noteless: Mapped[int]  # entries that say nothing to the client
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys="TimeReminder.person_id", lazy="raise", viewonly=True)
