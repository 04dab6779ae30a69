"""Deliverables: what the practice owes, version by version, and the client's answer to each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
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
from sqlalchemy.orm import Mapped, Mapper, mapped_column, query_expression, relationship
from sqlalchemy.orm.attributes import flag_modified

from crm.clients.models import Client, Contact
from crm.core.clock import day_of
from crm.core.codes import deliverable_code
from crm.core.columns import Code, Days, LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, Proposable, Visibility, under, within
from crm.core.twelve import OF, Area, Responsibility
from crm.core.words import listed
from crm.deliverables.agreed import BaselineChange, Contribution, Criterion
from crm.deliverables.states import FROM, LIVE, OURS_TO_DO, SAID, State
from crm.deliverables.versions import Behalf, DeliverableVersion, VersionFile
from crm.engagements.people import Assignment
from crm.engagements.states import OVER
from crm.files.models import StoredFile
from crm.people.models import Person

FILES = 50  # of one version
SMALL = Decimal(1)  # days of estimate below which the internal review may be skipped


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
        CheckConstraint("state NOT IN ('accepted', 'superseded') OR accepted_on IS NOT NULL", name="accepted_when"),
        Index("ix_deliverable_engagement_id_state", "engagement_id", "state"),
        Index("ix_deliverable_state_due", "state", "due"),
        Index("ix_deliverable_state_accepted_on", "state", "accepted_on"),
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
    remaining: Mapped[Days | None]  # the owner's own figure, when given
    baseline_due: Mapped[date | None]  # moves by an agreed change only (invariant 8)
    due: Mapped[date | None]
    accepted_on: Mapped[date | None]  # the last yes; it stays while a correction is written
    confidential: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    said: Mapped[int | None] = query_expression()  # how much stands on its other pages, where a query asks
    rounds: Mapped[int | None] = query_expression()
    waits: Mapped[int | None] = query_expression()
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)
    assignment: Mapped[Assignment | None] = relationship(lazy="raise", viewonly=True)
    reviewer: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    proposed_by: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    versions: Mapped[list[DeliverableVersion]] = relationship(
        back_populates="deliverable", order_by="DeliverableVersion.number"
    )
    baseline_changes: Mapped[list[BaselineChange]] = relationship(
        back_populates="deliverable", order_by="BaselineChange.id"
    )
    criteria: Mapped[list[Criterion]] = relationship(
        back_populates="deliverable", order_by="Criterion.position", cascade="all, delete-orphan"
    )
    contributions: Mapped[list[Contribution]] = relationship(
        back_populates="deliverable", order_by="Contribution.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        return deliverable_code(self.number)

    @property
    def responsibility(self) -> Responsibility:
        return OF[self.area]

    @property
    def current(self) -> DeliverableVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def criteria_lines(self) -> list[str]:
        return [one.text for one in self.criteria]

    @property
    def shares(self) -> dict[int, int]:
        """Per cent of the work by assignment, beside the owner's, who has the rest."""
        return {one.assignment_id: one.share for one in self.contributions}

    @property
    def owners_share(self) -> int:
        return 100 - sum(self.shares.values())

    @property
    def accepted(self) -> DeliverableVersion | None:
        """The version that holds: accepted, and not superseded."""
        return next((one for one in self.versions if one.state is State.ACCEPTED), None)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_shown(self) -> bool:
        """Whether somebody of the client sees it: it was sent, or one of them asked for it."""
        return self.visibility is Visibility.CLIENT or self.proposed_by_id is not None

    @property
    def is_correction(self) -> bool:
        """Signed off once, and being written again."""
        return self.is_live and self.accepted_on is not None

    @property
    def is_small(self) -> bool:
        """Small enough to go out without a colleague's review."""
        return self.estimate is not None and self.estimate < SMALL

    def is_late(self, on: date) -> bool:
        """Ours to do and past the day that was agreed; what waits for the client or was signed off once is not late."""
        return (
            self.state in OURS_TO_DO
            and self.accepted_on is None
            and self.baseline_due is not None
            and self.baseline_due < on
        )

    def is_owned_by(self, person_id: int | None) -> bool:
        return self.assignment is not None and self.assignment.person_id == person_id

    def is_written_by(self, person_id: int | None) -> bool:
        """Its owner and whoever contributes: nobody who reviews it may be one of them (invariant 15)."""
        return self.is_owned_by(person_id) or any(one.assignment.person_id == person_id for one in self.contributions)

    # The life cycle (docs/domain.md, life cycles)

    def stops(self, verb: str) -> str:
        """Why this cannot be done now, in a sentence; empty when it can."""
        if self.engagement is not None and self.engagement.state in OVER:
            return f"The engagement is {self.engagement.state.value}: nothing moves on it any more."
        if self.state not in FROM[verb]:
            return f"{self.code} is {SAID[self.state]}; that is not possible from there."
        says = next((says for verbs, holds, says in HINDRANCES if verb in verbs and holds(self)), "")
        return says.format(missing=listed(self.missing)) if says else ""

    @property
    def missing(self) -> list[str]:
        """What it lacks to be planned."""
        wanted = {
            "an owner": self.assignment_id,
            "an estimate": self.estimate is not None,
            "a baseline date": self.baseline_due,
            "acceptance criteria": self.criteria,
        }
        return [words for words, there in wanted.items() if not there]

    def _may_now(self, verb: str) -> None:
        if sentence := self.stops(verb):
            raise Refused(sentence)

    def revise(
        self,
        *,
        title: str,
        area: Area,
        purpose: str,
        type: str,  # noqa: A002  the book's word
        assignment_id: int | None,
        estimate: Decimal | None,
        remaining: Decimal | None,
        due: date | None,
        confidential: bool,
        baseline_due: date | None = None,
    ) -> None:
        """What may change freely; the agreed date only as long as it is a proposal."""
        self.title, self.area, self.purpose, self.type = title, area, purpose, type
        self.assignment_id, self.estimate, self.remaining = assignment_id, estimate, remaining
        self.confidential = confidential
        if self.state is State.PROPOSED:
            self.baseline_due = baseline_due
        self.due = due or self.baseline_due

    def agree_on(self, criteria: Sequence[str], shares: Mapping[int, int]) -> None:
        """What must hold for a yes, and who does how much of the work beside the owner."""
        if sum(shares.values()) > 99:
            raise Refused("The shares leave nothing to the owner: together at most 99.", "shares")
        if self.assignment_id in shares:
            raise Refused("The owner has what the others leave: give no share for the owner.", "shares")
        writing = {self.assignment_id, *shares}
        if self.state is State.INTERNAL_REVIEW and any(
            one.person_id == self.reviewer_id and one.id in writing for one in self.engagement.assignments
        ):
            raise Refused("Whoever reviews it cannot write it too. End the review first.", "assignment_id")
        whose = {"client_id": self.client_id, "engagement_id": self.engagement_id}
        if list(criteria) != self.criteria_lines:
            self.criteria = [Criterion(position=n, text=text, **whose) for n, text in enumerate(criteria, 1)]
        kept = {one.assignment_id: one for one in self.contributions}
        for assignment_id, share in shares.items():
            if assignment_id in kept:
                kept[assignment_id].share = share
            else:
                self.contributions.append(Contribution(assignment_id=assignment_id, share=share, **whose))
        for assignment_id in kept.keys() - shares.keys():
            self.contributions.remove(kept[assignment_id])

    def plan(self) -> None:
        self._may_now("plan")
        self.due = self.due or self.baseline_due
        self.state = State.PLANNED

    def begin(self) -> None:
        """Work begins: on the first text, or on the next after changes were asked for."""
        self._may_now("begin")
        self._next_version()

    def correct(self) -> None:
        """A new version of what was signed off; the old one holds until the new one has its own sign-off."""
        self._may_now("correct")
        self._next_version()

    def _next_version(self) -> None:
        """It goes on from the text of the last one."""
        last = self.current
        whose = {"client_id": self.client_id, "engagement_id": self.engagement_id}
        version = DeliverableVersion(
            number=last.number + 1 if last else 1, state=State.IN_PROGRESS, text=last.text if last else "",
            link=last.link if last else "", **whose,
        )  # fmt: skip
        version.attached = [
            VersionFile(file_id=one.file_id, position=n, name=one.name, digest=one.digest, **whose)
            for n, one in enumerate(last.files if last else (), 1)
        ]
        self.versions.append(version)
        self.state = State.IN_PROGRESS

    def attach(self, files: Sequence[StoredFile]) -> None:
        """Put files into the version that is being written. One with the name of another takes its place."""
        self._may_now("attach")
        version = self.versions[-1]
        names = {file.name.casefold() for file in files}
        version.attached = [one for one in version.attached if one.name.casefold() not in names]
        if len(version.attached) + len(files) > FILES:
            raise Refused(f"A version holds at most {FILES} files. Take some out first.", "uploads")
        last = max((one.position for one in version.attached), default=0)
        version.attached += [
            VersionFile(
                file_id=file.id, position=n, name=file.name, digest=file.digest, client_id=self.client_id,
                engagement_id=self.engagement_id,
            )
            for n, file in enumerate(files, last + 1)
        ]  # fmt: skip
        flag_modified(self, "state")  # as with the text: whoever submits has seen these files

    def detach(self, file: VersionFile) -> None:
        self._may_now("attach")
        if file.of_version is not self.versions[-1]:
            raise Refused(f"{file.name} is no file of the version that is being written.")
        self.versions[-1].attached.remove(file)
        flag_modified(self, "state")

    def write(self, *, text: str, link: str, changes: str) -> None:
        self._may_now("write")
        version = self.versions[-1]
        version.text, version.link, version.changes = text, link, changes
        flag_modified(self, "state")  # whoever submits has seen this text, or is told that it changed

    def ask_for_review(self, *, reviewer_id: int | None) -> None:
        self._may_now("ask_review")
        if reviewer_id is None or self.is_written_by(reviewer_id):
            raise Refused("Choose a reviewer who is not the author.", "reviewer_id")
        self.reviewer_id, self.state = reviewer_id, State.INTERNAL_REVIEW

    def pass_review(self) -> None:
        self._may_now("pass_review")
        self.state = State.READY

    def return_from_review(self) -> None:
        self._may_now("return")
        self.state = State.IN_PROGRESS

    def submit(self, *, by: int, at: datetime, asked: int, answer_by: date) -> DeliverableVersion:
        """Freeze the current text and ask a named sponsor for an answer."""
        self._may_now("submit")
        version = self.versions[-1]
        version.freeze(self.title, [one.text for one in self.criteria])
        version.state, version.visibility = State.SUBMITTED, Visibility.CLIENT
        version.submitted_by_id, version.submitted_at = by, at
        version.asked_id, version.answer_by = asked, answer_by
        self.state, self.visibility = State.SUBMITTED, Visibility.CLIENT
        return version

    def withdraw(self) -> None:
        """Taken back before an answer: out of the client's sight, unless an earlier version stays in it."""
        self._may_now("withdraw")
        *others, last = self.versions
        last.thaw(others)
        self.state = State.IN_PROGRESS
        if not any(one.visibility is Visibility.CLIENT for one in self.versions):
            self.visibility = Visibility.TEAM

    def accept(
        self,
        version: DeliverableVersion,
        *,
        by: int | None,
        at: datetime,
        remark: str = "",
        behalf: Behalf | None = None,
        deemed: bool = False,
    ) -> DeliverableVersion | None:
        """The sponsor's yes to this version and no other. Gives the one accepted before, which is superseded."""
        self.must_wait(version, "record" if behalf else "deem" if deemed else "accept")
        earlier = self.accepted
        if earlier:
            earlier.state = State.SUPERSEDED
        version.state, version.decided_by_id, version.decided_at, version.remark = State.ACCEPTED, by, at, remark
        version.deemed = deemed  # for ever
        if behalf:
            version.note(behalf)
        self.state, self.accepted_on = State.ACCEPTED, version.given_on or day_of(at)
        return earlier

    def send_back(self, version: DeliverableVersion, *, by: int | None, at: datetime, remark: str = "") -> None:
        self.must_wait(version, "send_back")
        version.decided_by_id, version.decided_at, version.remark = by, at, remark
        self.state = version.state = State.CHANGES_REQUESTED

    def cancel(self) -> None:
        self._may_now("cancel")
        if self.state is State.SUBMITTED:
            self.withdraw()
        self.state = State.CANCELLED

    def drop_correction(self) -> None:
        """What was signed off holds on; the text begun since is given up."""
        self._may_now("drop_correction")
        if self.state is State.SUBMITTED:
            self.withdraw()
        self.state = State.ACCEPTED

    def change_baseline(self, to: date, *, agreed_by: int, agreed_on: date, reason: str, recorded_by: int) -> None:
        """By agreement only, and kept as a row of its own (invariant 8). The current date follows."""
        self._may_now("rebaseline")
        if to == self.baseline_due:
            raise Refused("That is the agreed date already.", "becomes")
        self.baseline_changes.append(
            BaselineChange(
                was=self.baseline_due, becomes=to, agreed_by_id=agreed_by, agreed_on=agreed_on, reason=reason,
                recorded_by_id=recorded_by, client_id=self.client_id, engagement_id=self.engagement_id,
            )
        )  # fmt: skip
        self.baseline_due = self.due = to

    def must_wait(self, version: DeliverableVersion, verb: str) -> None:
        """Refuses an answer to what was answered, taken back or overtaken."""
        if version.state is not State.SUBMITTED or version is not self.versions[-1]:
            raise Refused(f"Version {version.number} is not waiting for an answer any more.")
        self._may_now(verb)


# What else may stand in the way, although the state is right.
HINDRANCES: tuple[tuple[set[str], Callable[[Deliverable], object], str], ...] = (
    ({"plan"}, lambda d: d.missing, "To be planned it still needs {missing}."),
    ({"ask_review", "submit"}, lambda d: not (d.current and d.current.has_content),
     "There is nothing to read yet: write the text, add a file or give a link first."),
    ({"submit"}, lambda d: d.state is State.IN_PROGRESS and not d.is_small,
     "It takes a day or more: ask a colleague to review it first."),
    ({"submit"}, lambda d: not d.criteria, "Write at least one acceptance criterion first."),
    ({"cancel"}, lambda d: d.accepted_on, "A version of it is signed off and stays so; give up the correction instead."),
    ({"drop_correction"}, lambda d: not d.is_correction,
     "It was not signed off yet, so there is no correction to give up."),
)  # fmt: skip


@event.listens_for(Deliverable, "before_update")
def baseline_never_moves_silently(mapper: Mapper[Any], connection: Connection, owed: Deliverable) -> None:  # noqa: ARG001
    """Invariant 8. From the day it is planned, the date moves together with the row that says who agreed."""
    moved, state = inspect(owed).attrs.baseline_due.history, inspect(owed).attrs.state.history
    was_state = (state.deleted or [owed.state])[0]
    if not moved.deleted or moved.deleted[0] is None or was_state is State.PROPOSED:
        return
    last = owed.baseline_changes[-1] if owed.baseline_changes else None
    if last is None or (last.was, last.becomes) != (moved.deleted[0], owed.baseline_due):
        raise Refused("The baseline date moves by an agreed change only: who of the client agreed, when and why.")
