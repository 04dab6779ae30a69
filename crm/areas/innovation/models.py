from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact, DepartmentKind
from crm.core.columns import Money, Prose
from crm.core.ownership import under
from crm.registers.models import RegisterEntry, ValueType, WithOwner, at_least_nothing, derived, leaf, names, owned


class IdeaStage(StrEnum):
    """The funnel, and the two ways out of it."""

    NEW = "new"
    SCREENED = "screened"
    EXPERIMENT = "experiment"
    PILOT = "pilot"
    SCALED = "scaled"
    PARKED = "parked"
    REJECTED = "rejected"


RUNNING = (IdeaStage.EXPERIMENT, IdeaStage.PILOT)


class IdeaResult(StrEnum):
    UNKNOWN = "unknown"
    WORKED = "worked"
    MIXED = "mixed"
    FAILED = "failed"


class Idea(WithOwner, RegisterEntry):
    """Something worth trying, who put it forward, and how far it came inside its limit."""

    __tablename__ = "idea"
    __table_args__ = leaf(
        *owned(),
        under("contact", by="submitted_by_id"),
        at_least_nothing("cost_limit", "spent"),
    )
    __mapper_args__ = {"polymorphic_identity": "idea"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    source_department: Mapped[DepartmentKind]
    submitted_by_id: Mapped[int | None]
    submitted_on: Mapped[date]
    problem: Mapped[Prose]
    value_type: Mapped[ValueType]
    stage: Mapped[IdeaStage] = mapped_column(default=IdeaStage.NEW)
    stage_since: Mapped[date]
    cost_limit: Mapped[Money | None]
    spent: Mapped[Money | None]
    ends_on: Mapped[date | None]
    result: Mapped[IdeaResult | None]
    answered_on: Mapped[date | None]
    initiative_id: Mapped[int | None] = names("initiative")
    overspent: Mapped[bool] = derived()
    submitted_by: Mapped[Contact | None] = relationship(
        foreign_keys="[Idea.submitted_by_id, Idea.client_id]", lazy="joined", viewonly=True
    )
    initiative: Mapped[RegisterEntry | None] = relationship(
        "Initiative", foreign_keys="[Idea.initiative_id, Idea.client_id]", lazy="raise", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.title

    @property
    def submitted_by_name(self) -> str:
        return self.submitted_by.name if self.submitted_by else ""

    def derive(self) -> None:
        self.overspent = self.cost_limit is not None and self.spent is not None and self.spent > self.cost_limit

    def is_end_overdue(self, today: date) -> bool:
        """The day it ends is empty or past."""
        return self.ends_on is None or self.ends_on < today
