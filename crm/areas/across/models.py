"""What every area keeps beside its own lists: risks and their kin, actions, decisions, and assurance received."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, ScalarSelect, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from crm.core.columns import Lines, LineType, Prose
from crm.core.ownership import under
from crm.registers.models import Areas, RegisterEntry, WithOwner, derived, leaf, names, owned


class RaidType(StrEnum):
    RISK = "risk"
    ASSUMPTION = "assumption"
    ISSUE = "issue"
    DEPENDENCY = "dependency"


class RaidStatus(StrEnum):
    OPEN = "open"
    MITIGATING = "mitigating"
    CLOSED = "closed"
    ACCEPTED_RISK = "accepted_risk"


LIVE = (RaidStatus.OPEN, RaidStatus.MITIGATING)


class RaidItem(WithOwner, RegisterEntry):
    """A risk, assumption, issue or dependency: how likely, how bad, whose it is, and what is done about it."""

    __tablename__ = "raid_item"
    __table_args__ = leaf(
        *owned(),
        under("engagement"),
        under("contact", by="accepted_by_id"),
        CheckConstraint("likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5", name="one_to_five"),
    )
    __mapper_args__ = {"polymorphic_identity": "raid_item"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str]
    type: Mapped[RaidType]
    likelihood: Mapped[int]
    impact: Mapped[int]
    score: Mapped[int] = derived()
    status: Mapped[RaidStatus] = mapped_column(default=RaidStatus.OPEN)
    next_review: Mapped[date | None]
    response: Mapped[Prose] = mapped_column(default="")
    closed_on: Mapped[date | None]
    closing: Mapped[Prose] = mapped_column(default="")  # how it ended
    acceptance_asked_on: Mapped[date | None]  # the sponsor was asked to live with it
    accepted_on: Mapped[date | None]
    accepted_by_id: Mapped[int | None] = mapped_column(index=True)
    acceptance: Mapped[Prose] = mapped_column(default="")  # the words of whoever accepted it
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # on behalf of the sponsor

    @property
    def label(self) -> str:
        return self.title

    def derive(self) -> None:
        """F15."""
        self.score = self.likelihood * self.impact

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @classmethod
    def live_actions(cls) -> ScalarSelect[int]:
        """How many open actions belong to an item, as a column for a question about items."""
        own = aliased(Action, name="own_action")
        counted = select(func.count(own.id)).where(
            own.raid_item_id == cls.id, own.status == ActionStatus.OPEN, own.archived_at.is_(None)
        )
        return counted.correlate(cls).scalar_subquery()


class ActionStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Action(WithOwner, RegisterEntry):
    """A small task with a day: of a review, a risk, a decision or a meeting."""

    __tablename__ = "action"
    __table_args__ = leaf(
        *owned(),
        under("engagement"),
        Index("ix_action_owner_person_id_status", "owner_person_id", "status", "due"),
    )
    __mapper_args__ = {"polymorphic_identity": "action"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    raid_item_id: Mapped[int | None] = names("raid_item")
    decision_id: Mapped[int | None] = names("decision")
    title: Mapped[str]
    due: Mapped[date]
    status: Mapped[ActionStatus] = mapped_column(default=ActionStatus.OPEN)
    done_on: Mapped[date | None]
    dropped_reason: Mapped[Prose] = mapped_column(default="")

    @property
    def label(self) -> str:
        return self.title

    def is_overdue(self, today: date) -> bool:
        return self.status is ActionStatus.OPEN and self.due < today


class DecisionStatus(StrEnum):
    NEEDED = "needed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    REVISED = "revised"


class Decision(WithOwner, RegisterEntry):
    """A question with options, who decides it and by when. The owner is whoever decides: a contact of the client, one of
    ours within their authority, or the board by name."""

    __tablename__ = "decision"
    __table_args__ = leaf(
        *owned(),
        under("engagement"),
        Index("ix_decision_status_needed_by", "status", "needed_by"),
    )
    __mapper_args__ = {"polymorphic_identity": "decision"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    contract_id: Mapped[int | None] = names("vendor_contract")
    revises_id: Mapped[int | None] = names("decision")
    question: Mapped[str]
    options: Mapped[Lines]
    recommendation: Mapped[Prose] = mapped_column(default="")
    needed_by: Mapped[date]
    status: Mapped[DecisionStatus] = mapped_column(default=DecisionStatus.NEEDED)
    outcome: Mapped[Prose] = mapped_column(default="")
    reason: Mapped[Prose] = mapped_column(default="")
    decided_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # for whoever decided elsewhere

    @property
    def label(self) -> str:
        return self.question

    def is_late(self, today: date) -> bool:
        return self.status is DecisionStatus.NEEDED and self.needed_by < today


class AssuranceProof(StrEnum):
    STATEMENT = "statement"
    PAPER = "paper"
    INTERVIEWS = "interviews"
    TEST = "test"
    AUDIT = "audit"
    CERTIFICATE = "certificate"


class Assurance(RegisterEntry):
    """A statement or proof that the board received, on the area that it stands in and on those that it covers besides."""

    __tablename__ = "assurance"
    __table_args__ = leaf(under("engagement"))
    __mapper_args__ = {"polymorphic_identity": "assurance"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str]
    received_on: Mapped[date]
    from_whom: Mapped[str]
    proof: Mapped[AssuranceProof]
    also: Mapped[Areas]
    covers: Mapped[Areas] = derived()  # its own area is always among them
    link: Mapped[str] = mapped_column(LineType(1000), default="")
    notes: Mapped[Prose] = mapped_column(default="")

    @property
    def label(self) -> str:
        return self.title

    def derive(self) -> None:
        self.covers = [self.area, *(self.also or ())]
