"""The internal review: round by round, what a colleague found against each criterion. Never the client's to read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, InternalOnly, within
from crm.people.models import Person


class Outcome(StrEnum):
    PASSED = "passed"
    RETURNED = "returned"
    DROPPED = "dropped"  # ended by something else: a cancellation, a correction given up


class ReviewRound(EngagementOwned, InternalOnly, Model):
    """One time that a draft was read by somebody who did not write it."""

    __tablename__ = "review_round"
    __table_args__ = (
        within("deliverable"),
        UniqueConstraint("deliverable_id", "number"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_when"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int]
    number: Mapped[int]
    about: Mapped[int | None]  # the number of the version that was read
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    remark: Mapped[str] = mapped_column(LineType(2000), default="")
    reviewer: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    points: Mapped[list["ReviewPoint"]] = relationship(back_populates="round", order_by="ReviewPoint.position")

    def end(
        self,
        outcome: Outcome,
        at: datetime,
        *,
        remark: str = "",
        criteria: Sequence[tuple[int, str]] = (),
        holds: Collection[int] = (),
        remarks: Mapping[int, str] | None = None,
    ) -> None:
        """What was found against each criterion as it stood: it holds, or a remark. To pass, nothing is left unsaid."""
        remarks = remarks or {}
        if outcome is Outcome.PASSED and any(key not in holds and key not in remarks for key, _ in criteria):
            raise Refused("Say of each criterion that it holds, or what you remark.", "holds")
        if outcome is Outcome.RETURNED and not (remark or remarks):
            raise Refused("Say what is missing, beside a criterion or on the whole.", "remark")
        self.outcome, self.ended_at, self.remark = outcome, at, remark
        self.points = [
            ReviewPoint(
                client_id=self.client_id, engagement_id=self.engagement_id, position=position, criterion=text,
                holds=key in holds and key not in remarks, remark=remarks.get(key, ""),
            )
            for position, (key, text) in enumerate(criteria, 1)
        ]  # fmt: skip


class ReviewPoint(EngagementOwned, InternalOnly, Model):
    """What was found against one criterion, in the words that it had then."""

    __tablename__ = "review_point"
    __table_args__ = (
        within("review_round", by="round_id"),
        UniqueConstraint("round_id", "position"),
        CheckConstraint("NOT (holds AND remark != '')", name="holds_or_remark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    position: Mapped[int]
    criterion: Mapped[str] = mapped_column(LineType(500))
    holds: Mapped[bool]  # neither this nor a remark: it was returned before that was looked at
    remark: Mapped[str] = mapped_column(LineType(2000), default="")
    round: Mapped[ReviewRound] = relationship(back_populates="points")


class ReviewRemark(EngagementOwned, InternalOnly, Model):
    """What a colleague said about a draft before its review rounds were kept; never the client's to read."""

    __tablename__ = "review_remark"
    __table_args__ = (within("deliverable"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str] = mapped_column(LineType(2000))
    at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
