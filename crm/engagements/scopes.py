"""The twelve areas of an engagement: what is ours in each, who holds it, and how it was last judged."""

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import Level, LineType
from crm.core.db import Model
from crm.core.ownership import EngagementOwned, under, within
from crm.core.twelve import CADENCE, OF, Area, Responsibility, Scope
from crm.engagements.states import EngagementModel
from crm.people.models import Person


def default_scope(model: EngagementModel, area: Area) -> Scope:
    """The scope of an area when an engagement begins."""
    if model is EngagementModel.MENTORING:
        return Scope.ADVISE if area in {Area.TAL, Area.STK} else Scope.OUT
    return {
        EngagementModel.VIRTUAL: Scope.ADVISE,
        EngagementModel.PART_TIME: Scope.LEAD,
        EngagementModel.NON_EXEC: Scope.OVERSEE,
    }[model]


class Rag(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Trend(StrEnum):
    IMPROVING = "improving"
    STEADY = "steady"
    WORSENING = "worsening"


class AreaScope(EngagementOwned, Model):
    """What is ours in one area of one engagement, who holds it, and how it was last judged.

    One row for each of the twelve; none can be deleted. "Out" is a value (invariant 1).
    """

    __tablename__ = "area_scope"
    __table_args__ = (
        under("engagement"),
        under("contact", by="holder_contact_id"),
        UniqueConstraint("engagement_id", "area"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        UniqueConstraint("engagement_id", "area", "client_id"),
        CheckConstraint("holder_person_id IS NULL OR holder_contact_id IS NULL", name="one_holder"),
        CheckConstraint("number BETWEEN 1 AND 12", name="number"),
        CheckConstraint("maturity BETWEEN 0 AND 10 AND target BETWEEN 0 AND 10", name="levels"),
        Index("ix_area_scope_review_due", "review_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[Area]
    number: Mapped[int]  # of the area: its place on the dial, and the order of every list of the twelve
    scope: Mapped[Scope]
    reason: Mapped[str] = mapped_column(LineType(500), default="")  # why it is out
    rows_shared: Mapped[bool] = mapped_column(default=False)
    holder_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    holder_contact_id: Mapped[int | None]
    target: Mapped[Level | None]  # of maturity
    review_due: Mapped[date | None]
    # The last published review speaks for the area; Review.publish() copies its verdict here.
    confirmed: Mapped[Rag | None]
    trend: Mapped[Trend | None]
    maturity: Mapped[Level | None]
    sentence: Mapped[str] = mapped_column(LineType(500), default="")
    ask: Mapped[str] = mapped_column(LineType(500), default="")
    ask_by: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    holder_person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    holder_contact: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    override: Mapped["AreaOverride | None"] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def responsibility(self) -> Responsibility:
        return OF[self.area]

    @property
    def is_in(self) -> bool:
        return self.scope is not Scope.OUT

    @property
    def holder(self) -> str:
        held_by = self.holder_person or self.holder_contact
        return held_by.name if held_by else ""

    @property
    def has_holder(self) -> bool:
        """Invariant 2: a consultant where we lead, a contact of the client everywhere else."""
        return (self.holder_person_id if self.scope is Scope.LEAD else self.holder_contact_id) is not None

    def is_overdue(self, on: date) -> bool:
        return self.is_in and self.review_due is not None and self.review_due < on

    def lapsed(self, on: date) -> "AreaOverride | None":
        """The override of the colour that is published, when its day has passed."""
        return self.override if self.override and self.override.until < on else None

    def stands(self, on: date) -> Rag | None:
        """The colour that the practice works with: the published one, or what the evidence said against it once the
        reason for a better one has run out (docs/domain.md, reviews)."""
        lapsed = self.lapsed(on)
        return lapsed.suggested if lapsed else self.confirmed

    def plan_review(self, counted_from: date) -> None:
        """The first review is due a cadence after the beginning; a day that was set by hand stands."""
        if self.is_in and self.review_due is None:
            self.review_due = counted_from + timedelta(days=CADENCE[self.scope])


class AreaOverride(EngagementOwned, Model):
    """The colour published of an area is better than its evidence: until when that holds, and what the evidence said."""

    __tablename__ = "area_override"
    __table_args__ = (under("engagement"), within("area_scope", by="scope_id"), UniqueConstraint("scope_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    scope_id: Mapped[int]
    until: Mapped[date] = mapped_column(index=True)
    suggested: Mapped[Rag | None]
