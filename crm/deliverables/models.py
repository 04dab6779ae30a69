"""Deliverables: what the practice owes, version by version, and the client's answer to each."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import Code, Days, LineType, Prose
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, InternalOnly, Proposable, Shareable, Visibility, under, within
from crm.core.twelve import OF, Area, Responsibility
from crm.engagements.models import Assignment
from crm.people.models import Person

SMALL = Decimal(1)  # days of estimate below which the internal review may be skipped


class State(StrEnum):
    PROPOSED = "proposed"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    INTERNAL_REVIEW = "internal_review"
    READY = "ready"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


LIVE = (
    State.PROPOSED, State.PLANNED, State.IN_PROGRESS, State.INTERNAL_REVIEW, State.READY, State.SUBMITTED,
    State.CHANGES_REQUESTED,
)  # fmt: skip
OURS_TO_DO = (State.PLANNED, State.IN_PROGRESS, State.INTERNAL_REVIEW, State.READY, State.CHANGES_REQUESTED)  # rule X2


class Deliverable(EngagementOwned, Proposable, Model):
    """A thing that the practice owes."""

    __tablename__ = "deliverable"
    __table_args__ = (
        under("engagement"),
        within("assignment"),
        under("contact", by="proposed_by_id"),
        ForeignKeyConstraint(
            ["engagement_id", "area", "client_id"],
            ["area_scope.engagement_id", "area_scope.area", "area_scope.client_id"],
            name="fk_deliverable_area",
        ),
        UniqueConstraint("id", "client_id"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint("estimate >= 0 AND remaining >= 0", name="days"),
        CheckConstraint(
            "state IN ('proposed', 'cancelled') OR (assignment_id IS NOT NULL AND estimate IS NOT NULL AND baseline_due IS NOT NULL)",
            name="planned_is_complete",
        ),
        Index("ix_deliverable_engagement_id_state", "engagement_id", "state"),
        Index("ix_deliverable_state_due", "state", "due"),
        Index("ix_deliverable_due", "due"),
        Index("ix_deliverable_baseline_due", "baseline_due"),
        Index("ix_deliverable_title", "title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str]
    type: Mapped[Code] = mapped_column(default="")  # a typical deliverable of the area, like STR-D1
    area: Mapped[Area]
    purpose: Mapped[str] = mapped_column(LineType(1000), default="")
    state: Mapped[State] = mapped_column(default=State.PROPOSED)
    assignment_id: Mapped[int | None] = mapped_column(index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    estimate: Mapped[Days | None]
    remaining: Mapped[Days | None]  # the owner's own figure, when given (F7)
    baseline_due: Mapped[date | None]  # moves by an agreed change only (invariant 8)
    due: Mapped[date | None]
    confidential: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    assignment: Mapped[Assignment | None] = relationship(lazy="raise", viewonly=True)
    reviewer: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    proposed_by: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    versions: Mapped[list["DeliverableVersion"]] = relationship(
        back_populates="deliverable", order_by="DeliverableVersion.number"
    )
    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="deliverable", order_by="Criterion.position", cascade="all, delete-orphan"
    )
    contributions: Mapped[list["Contribution"]] = relationship(
        back_populates="deliverable", order_by="Contribution.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        return f"DEL-{self.number:03}"

    @property
    def responsibility(self) -> Responsibility:
        return OF[self.area]

    @property
    def current(self) -> "DeliverableVersion | None":
        return self.versions[-1] if self.versions else None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def is_late(self, on: date) -> bool:
        """Ours to do and past the day that was agreed; what waits for the client is not late."""
        return self.state in OURS_TO_DO and self.baseline_due is not None and self.baseline_due < on

    def is_owned_by(self, person_id: int | None) -> bool:
        return self.assignment is not None and self.assignment.person_id == person_id

    # The life cycle (DOMAIN section 4)

    def plan(self) -> None:
        self._from(State.PROPOSED)
        missing = [
            words
            for words, there in (
                ("an owner", self.assignment_id), ("an estimate", self.estimate is not None),
                ("a baseline date", self.baseline_due), ("acceptance criteria", self.criteria),
            )
            if not there
        ]  # fmt: skip
        if missing:
            raise Refused(f"To be planned it still needs {' and '.join(missing)}.")
        self.state = State.PLANNED

    def begin(self) -> None:
        """Work begins on the next text: from planned, from changes asked for, or to correct an accepted one."""
        self._from(State.PLANNED, State.CHANGES_REQUESTED, State.ACCEPTED)
        number = self.versions[-1].number + 1 if self.versions else 1
        whose = {"client_id": self.client_id, "engagement_id": self.engagement_id}
        self.versions.append(DeliverableVersion(number=number, state=State.IN_PROGRESS, **whose))
        self.state = State.IN_PROGRESS

    def ask_for_review(self, *, reviewer_id: int | None) -> None:
        self._from(State.IN_PROGRESS)
        if not (self.current and self.current.has_content):
            raise Refused("Attach the draft first: a text or a link.", "text")
        if reviewer_id is None or self.is_owned_by(reviewer_id):
            raise Refused("Choose a reviewer who is not the author.", "reviewer_id")
        self.reviewer_id, self.state = reviewer_id, State.INTERNAL_REVIEW

    def pass_review(self) -> None:
        self._from(State.INTERNAL_REVIEW)
        self.state = State.READY

    def return_from_review(self) -> None:
        self._from(State.INTERNAL_REVIEW)
        self.state = State.IN_PROGRESS

    def submit(self, *, by: int, at: datetime, asked: int, answer_by: date) -> "DeliverableVersion":
        """Freeze the current text and ask a named sponsor for an answer."""
        small = self.estimate is not None and self.estimate < SMALL
        if self.state is State.IN_PROGRESS and not small:
            raise Refused("It takes a day or more: ask a colleague to review it first.")
        self._from(State.READY, State.IN_PROGRESS)
        version = self.versions[-1]
        if not version.has_content:
            raise Refused("There is nothing to sign yet: add a text or a link.", "text")
        if not self.criteria:
            raise Refused("Write at least one acceptance criterion first.", "criteria")
        version.freeze(self.title, [one.text for one in self.criteria])
        version.state, version.visibility = State.SUBMITTED, Visibility.CLIENT
        version.submitted_by_id, version.submitted_at = by, at
        version.asked_id, version.answer_by = asked, answer_by
        self.state, self.visibility = State.SUBMITTED, Visibility.CLIENT
        return version

    def withdraw(self) -> None:
        """Taken back before an answer: out of the client's sight, unless an earlier version stays in it."""
        self._from(State.SUBMITTED)
        version = self.versions[-1]
        version.thaw()
        self.state = State.IN_PROGRESS
        if not any(one.visibility is Visibility.CLIENT for one in self.versions):
            self.visibility = Visibility.TEAM

    def accept(self, version: "DeliverableVersion", *, by: int | None, at: datetime, remark: str = "") -> None:
        """The sponsor's yes to this version and no other; the one accepted before is superseded."""
        self._answer(version)
        for earlier in self.versions:
            if earlier.state is State.ACCEPTED:
                earlier.state = State.SUPERSEDED
        version.state, version.decided_by_id, version.decided_at, version.remark = State.ACCEPTED, by, at, remark
        self.state = State.ACCEPTED

    def send_back(self, version: "DeliverableVersion", *, by: int | None, at: datetime, remark: str = "") -> None:
        self._answer(version)
        version.state, version.decided_by_id, version.decided_at, version.remark = (
            State.CHANGES_REQUESTED,
            by,
            at,
            remark,
        )
        self.state = State.CHANGES_REQUESTED

    def cancel(self) -> None:
        if not self.is_live:
            raise Refused(f"It is {self.state.value} and cannot be cancelled.")
        if self.state is State.SUBMITTED:
            self.withdraw()
        self.state = State.CANCELLED

    def change_baseline(self, to: date) -> date | None:
        """By agreement only; the change itself is kept as a row (invariant 8)."""
        if not self.is_live:
            raise Refused(f"It is {self.state.value}; its date does not move any more.")
        was, self.baseline_due = self.baseline_due, to
        return was

    def _from(self, *origins: State) -> None:
        if self.state not in origins:
            raise Refused(f"{self.code} is {self.state.value.replace('_', ' ')}; that is not possible from there.")

    def _answer(self, version: "DeliverableVersion") -> None:
        if version.state is not State.SUBMITTED or version is not self.versions[-1]:
            raise Refused(f"Version {version.number} is not waiting for an answer any more.")


class DeliverableVersion(EngagementOwned, Shareable, Model):
    """One text of a deliverable: what is submitted, answered and, once accepted, never changed."""

    __tablename__ = "deliverable_version"
    __table_args__ = (
        within("deliverable"),
        under("contact", by="asked_id"),
        under("contact", by="decided_by_id"),
        UniqueConstraint("deliverable_id", "number"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint(
            "state IN ('in_progress', 'submitted', 'changes_requested', 'accepted', 'superseded', 'cancelled')",
            name="state_of_a_version",
        ),
        CheckConstraint("(state = 'in_progress') = (submitted_at IS NULL)", name="submitted_when"),
        CheckConstraint(
            "state NOT IN ('accepted', 'superseded', 'changes_requested') OR decided_at IS NOT NULL",
            name="decided_when",
        ),
        Index("ix_deliverable_version_state", "state", "answer_by"),
        Index("ix_deliverable_version_client_id_state", "client_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    state: Mapped[State] = mapped_column(default=State.IN_PROGRESS)
    title: Mapped[str] = mapped_column(default="")  # as it was called when submitted
    text: Mapped[Prose] = mapped_column(default="")
    link: Mapped[str] = mapped_column(LineType(1000), default="")
    digest: Mapped[str] = mapped_column(default="")  # SHA-256 of what was submitted
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    asked_id: Mapped[int | None]  # the sponsor who was asked
    answer_by: Mapped[date | None]
    decided_by_id: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    on_behalf: Mapped[bool] = mapped_column(default=False)  # recorded by the lead, with proof (invariant 7)
    deemed: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(LineType(2000), default="")
    version: Mapped[int] = mapped_column(default=1)
    deliverable: Mapped[Deliverable] = relationship(back_populates="versions")
    submitted_by: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    asked: Mapped[Contact | None] = relationship(foreign_keys="[DeliverableVersion.asked_id, DeliverableVersion.client_id]", lazy="raise", viewonly=True)  # fmt: skip
    decided_by: Mapped[Contact | None] = relationship(foreign_keys="[DeliverableVersion.decided_by_id, DeliverableVersion.client_id]", lazy="raise", viewonly=True)  # fmt: skip
    criteria: Mapped[list["FrozenCriterion"]] = relationship(
        back_populates="of_version", order_by="FrozenCriterion.position", cascade="all, delete-orphan"
    )
    comments: Mapped[list["VersionComment"]] = relationship(back_populates="of_version", order_by="VersionComment.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def has_content(self) -> bool:
        return bool(self.text or self.link)

    def freeze(self, title: str, criteria: Sequence[str]) -> None:
        whose = {"client_id": self.client_id, "engagement_id": self.engagement_id, "visibility": Visibility.CLIENT}
        self.title = title
        self.criteria = [FrozenCriterion(position=n, text=text, **whose) for n, text in enumerate(criteria, 1)]
        sealed = json.dumps([self.number, title, self.text, self.link, list(criteria)], ensure_ascii=False)
        self.digest = hashlib.sha256(sealed.encode()).hexdigest()

    def thaw(self) -> None:
        if self.state is not State.SUBMITTED:
            raise Refused(f"Version {self.number} is {self.state.value}; only a submitted one can be withdrawn.")
        self.state, self.visibility, self.criteria = State.IN_PROGRESS, Visibility.TEAM, []
        self.submitted_at = self.submitted_by_id = self.asked_id = self.answer_by = None
        self.digest = ""


FINAL = {State.ACCEPTED, State.SUPERSEDED}


@event.listens_for(DeliverableVersion, "before_update")
def accepted_is_for_ever(mapper: Mapper[Any], connection: Connection, version: DeliverableVersion) -> None:  # noqa: ARG001
    """Invariant 6. The only thing that may still happen to an accepted version is to be superseded."""
    seen = inspect(version)
    was = seen.attrs.state.history.deleted
    stood = was[0] if was else version.state
    if stood not in FINAL:
        return
    changed = {name for name, attribute in seen.attrs.items() if attribute.history.has_changes()} - {
        "version",
        "comments",
    }
    if changed - {"state"} or (changed and version.state is not State.SUPERSEDED):
        raise Refused("An accepted version never changes. Correct it by a new version.")


@event.listens_for(DeliverableVersion, "before_delete")
def accepted_is_kept(mapper: Mapper[Any], connection: Connection, version: DeliverableVersion) -> None:  # noqa: ARG001
    if version.submitted_at:
        raise Refused("A version that was submitted is never deleted.")


class Criterion(EngagementOwned, InternalOnly, Model):
    """What must hold for the client to accept a deliverable, as it is being agreed."""

    __tablename__ = "criterion"
    __table_args__ = (within("deliverable"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(LineType(500))
    deliverable: Mapped[Deliverable] = relationship(back_populates="criteria")


class FrozenCriterion(EngagementOwned, Shareable, Model):
    """A criterion as it stood when a version was submitted."""

    __tablename__ = "frozen_criterion"
    __table_args__ = (
        within("deliverable_version", by="version_id"),
        UniqueConstraint("version_id", "position"),
        UniqueConstraint("id", "engagement_id", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int]
    position: Mapped[int]
    text: Mapped[str] = mapped_column(LineType(500))
    of_version: Mapped[DeliverableVersion] = relationship(back_populates="criteria")


class VersionComment(EngagementOwned, Shareable, Model):
    """What the client says about a version, against a criterion or about the whole."""

    __tablename__ = "version_comment"
    __table_args__ = (
        within("deliverable_version", by="version_id"),
        within("frozen_criterion", by="criterion_id"),
        under("contact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(index=True)
    criterion_id: Mapped[int | None]
    contact_id: Mapped[int | None]
    body: Mapped[str] = mapped_column(LineType(2000))
    at: Mapped[datetime]
    of_version: Mapped[DeliverableVersion] = relationship(back_populates="comments")
    criterion: Mapped[FrozenCriterion | None] = relationship(lazy="raise", viewonly=True)
    contact: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)


class ReviewRemark(EngagementOwned, InternalOnly, Model):
    """What a colleague says about a draft in the internal review; never the client's to read."""

    __tablename__ = "review_remark"
    __table_args__ = (within("deliverable"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str] = mapped_column(LineType(2000))
    at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)


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
    deliverable: Mapped[Deliverable] = relationship(back_populates="contributions")
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
    agreed_by: Mapped[Contact] = relationship(lazy="raise", viewonly=True)
