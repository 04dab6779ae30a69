"""What every area keeps beside its own lists: risks and their kin, actions, decisions, and assurance received."""

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, ScalarSelect, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from crm.core.columns import Lines, LineType, Money, Prose
from crm.core.errors import Refused
from crm.core.ownership import Visibility, under
from crm.core.twelve import Area
from crm.core.words import day, worded
from crm.registers.models import Areas, RegisterEntry, WithOwner, derived, leaf, names, owned, touches


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


class Treatment(StrEnum):
    """What one does about a risk: less likely or less bad, not at all, somebody else's to carry, or carried."""

    REDUCE = "reduce"
    AVOID = "avoid"
    TRANSFER = "transfer"
    ACCEPT = "accept"


LIVE = (RaidStatus.OPEN, RaidStatus.MITIGATING)
HIGH, MEDIUM = 15, 8  # F15
CERTAIN = 5


class RaidItem(WithOwner, RegisterEntry):
    """A risk, assumption, issue or dependency: how likely, how bad, whose it is, and what is done about it."""

    __tablename__ = "raid_item"
    __table_args__ = leaf(
        *owned(),
        under("contact", by="accepted_by_id"),
        CheckConstraint("likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5", name="one_to_five"),
    )
    __mapper_args__ = {"polymorphic_identity": "raid_item"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    engagement_id: Mapped[int | None] = names("engagement")
    title: Mapped[str]
    type: Mapped[RaidType]
    likelihood: Mapped[int]
    impact: Mapped[int]
    score: Mapped[int] = derived()
    status: Mapped[RaidStatus] = mapped_column(default=RaidStatus.OPEN)
    next_review: Mapped[date | None]
    reviewed_on: Mapped[date | None]  # somebody last looked at it on its day
    treatment: Mapped[Treatment | None]
    response: Mapped[Prose] = mapped_column(default="")
    happened_on: Mapped[date | None]  # a risk until then, an issue since
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
        """F15. Nobody is asked to live with what is no risk any more."""
        self.score = self.likelihood * self.impact
        if self.type is not RaidType.RISK:
            self.acceptance_asked_on = None

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_settled(self) -> bool:
        return not self.is_live

    @property
    def is_high(self) -> bool:
        return self.score >= HIGH

    @property
    def waits_for_the_sponsor(self) -> bool:
        return self.status is RaidStatus.OPEN and self.acceptance_asked_on is not None

    def mitigate(self) -> None:
        self.must_be_in_use()
        if self.status is not RaidStatus.OPEN:
            raise Refused(f"It is not open any more: {worded(self.status).lower()}.")
        if not self.response.strip():
            raise Refused("Say first what is done about it, and save that.")
        self.status, self.acceptance_asked_on = RaidStatus.MITIGATING, None

    def close(self, on: date, how: str) -> None:
        self.must_be_in_use()
        if self.status is RaidStatus.OPEN:
            raise Refused("Nothing is done about it yet. Say what is; close it when that has worked.")
        if self.status is not RaidStatus.MITIGATING:
            raise Refused(f"It is settled already: {worded(self.status).lower()}.")
        self.status, self.closed_on, self.closing = RaidStatus.CLOSED, on, how

    def is_due(self, today: date) -> bool:
        """Whether somebody should look at it again."""
        return self.is_live and self.next_review is not None and self.next_review <= today

    def look_at(self, on: date, likelihood: int, impact: int, next_review: date) -> None:
        """Weighed anew on its day, and the next day set."""
        self.must_be_in_use()
        if not self.is_live:
            raise Refused(f"It is settled: {worded(self.status).lower()}.")
        if next_review <= on:
            raise Refused("The next look comes after this one: write a day to come", "next_review")
        self.likelihood, self.impact, self.next_review, self.reviewed_on = likelihood, impact, next_review, on

    def happen(self, on: date) -> None:
        """The risk came true: it is an issue now, certain, and open again if somebody had accepted it."""
        self.must_be_in_use()
        if self.type is not RaidType.RISK:
            raise Refused("Only a risk can come true.")
        if self.status is RaidStatus.CLOSED:
            raise Refused("It is closed. Write down what happened as an issue of its own.")
        self.type, self.likelihood, self.acceptance_asked_on, self.happened_on = RaidType.ISSUE, CERTAIN, None, on
        if self.status is RaidStatus.ACCEPTED_RISK:
            self.status = RaidStatus.OPEN

    def must_be_acceptable(self) -> None:
        self.must_be_in_use()
        if self.type is not RaidType.RISK:
            raise Refused("Only a risk can be accepted; what has happened must be dealt with.")
        if self.status is not RaidStatus.OPEN:
            raise Refused(f"Only an open risk can be accepted; this one is {worded(self.status).lower()}.")

    def must_be_asked(self) -> None:
        if not self.waits_for_the_sponsor:
            raise Refused("Nobody asks for your word on this any more.")

    def ask_acceptance(self, on: date) -> None:
        self.must_be_acceptable()
        if self.acceptance_asked_on:
            raise Refused(f"The sponsor was asked on {day(self.acceptance_asked_on)} already.")
        if self.visibility is not Visibility.CLIENT:
            self.share()
        self.acceptance_asked_on = on

    def accept(self, on: date, words: str, *, contact_id: int | None = None, recorded_by_id: int | None = None) -> None:
        """One lives with it knowingly. A high one (F15) only the sponsor accepts; `recorded_by_id` says it in their name."""
        self.must_be_acceptable()
        if self.is_high and contact_id is None:
            raise Refused(f"A score of {self.score} is the sponsor’s to accept: ask them, or record what they said.")
        self.status, self.accepted_on, self.acceptance = RaidStatus.ACCEPTED_RISK, on, words
        self.accepted_by_id, self.recorded_by_id = contact_id, recorded_by_id

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
        Index("ix_action_owner_person_id_status", "owner_person_id", "status", "due"),
    )
    __mapper_args__ = {"polymorphic_identity": "action"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    engagement_id: Mapped[int | None] = names("engagement")
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

    @property
    def is_settled(self) -> bool:
        return self.status is not ActionStatus.OPEN

    def _must_be_open(self) -> None:
        self.must_be_in_use()
        if self.is_settled:
            raise Refused(f"This action is {worded(self.status).lower()} already.")

    def finish(self, on: date) -> None:
        self._must_be_open()
        self.status, self.done_on = ActionStatus.DONE, on

    def drop(self, reason: str) -> None:
        self._must_be_open()
        self.status, self.dropped_reason = ActionStatus.DROPPED, reason


class DecisionStatus(StrEnum):
    NEEDED = "needed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    REVISED = "revised"


LOOK_BACK = timedelta(days=90)  # after a decision, where nobody says another day


class Decision(WithOwner, RegisterEntry):
    """A question with options, who decides it and by when. The owner is whoever decides: a contact of the client, one of
    ours within their authority, or the board by name."""

    __tablename__ = "decision"
    __table_args__ = leaf(
        *owned(),
        Index("ix_decision_status_needed_by", "status", "needed_by"),
    )
    __mapper_args__ = {"polymorphic_identity": "decision"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    engagement_id: Mapped[int | None] = names("engagement")
    contract_id: Mapped[int | None] = names("vendor_contract")
    revises_id: Mapped[int | None] = names("decision")
    question: Mapped[str]
    options: Mapped[Lines]
    recommendation: Mapped[Prose] = mapped_column(default="")
    needed_by: Mapped[date]
    cost_a_week: Mapped[Money | None]  # of waiting for the answer
    status: Mapped[DecisionStatus] = mapped_column(default=DecisionStatus.NEEDED)
    outcome: Mapped[Prose] = mapped_column(default="")
    reason: Mapped[Prose] = mapped_column(default="")
    decided_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # for whoever decided elsewhere
    review_on: Mapped[date | None]  # when one looks back at it
    came_of_it: Mapped[Prose] = mapped_column(default="")  # what really did, said on that day or after it
    came_on: Mapped[date | None]

    @property
    def label(self) -> str:
        return self.question

    def waited(self, today: date) -> int:
        """Weeks past the day it was needed, each begun one counted."""
        return -(-(today - self.needed_by).days // 7) if self.is_late(today) else 0

    def waiting_has_cost(self, today: date) -> int | None:
        """What the waiting has cost so far, where somebody said what a week of it does."""
        weeks = self.waited(today)
        return weeks * self.cost_a_week if weeks and self.cost_a_week else None

    def is_late(self, today: date) -> bool:
        return self.status is DecisionStatus.NEEDED and self.needed_by < today

    @property
    def is_settled(self) -> bool:
        return self.status is not DecisionStatus.NEEDED

    def must_be_needed(self) -> None:
        self.must_be_in_use()
        if self.is_settled:
            when = f" on {day(self.decided_on)}" if self.decided_on else ""
            raise Refused(f"This question is {worded(self.status).lower()} already{when}.")

    def ask(self) -> None:
        """Put it before whoever decides, who reads it from now on."""
        self.must_be_needed()
        if self.owner_contact_id is None:
            raise Refused("Only somebody of the client is asked. Record the answer of anybody else.", "owner_party")
        if self.visibility is not Visibility.CLIENT:
            self.share()

    def decide(self, on: date, outcome: str, reason: str, *, recorded_by_id: int | None = None) -> None:
        self.must_be_needed()
        self.status, self.decided_on, self.outcome, self.reason = DecisionStatus.DECIDED, on, outcome, reason
        self.recorded_by_id = recorded_by_id
        if self.review_on is None or self.review_on <= on:
            self.review_on = on + LOOK_BACK

    def look_back(self, on: date, came_of_it: str) -> None:
        """What really came of it. Said once: what was thought of it then stays."""
        self.must_be_in_use()
        if self.status is not DecisionStatus.DECIDED:
            raise Refused("Only of what was decided, and not asked anew since, can one say what came of it.")
        if self.came_on:
            raise Refused(f"What came of it was said on {day(self.came_on)} already.")
        self.came_of_it, self.came_on = came_of_it, on

    def withdraw(self, reason: str) -> None:
        self.must_be_needed()
        self.status, self.reason = DecisionStatus.WITHDRAWN, reason

    def revise(self, needed_by: date) -> "Decision":
        """The question is open again as a new one; what was decided before stays, as it was said."""
        self.must_be_in_use()
        if self.status is not DecisionStatus.DECIDED:
            raise Refused("Only what was decided can be asked anew.")
        self.status = DecisionStatus.REVISED
        return Decision(
            client_id=self.client_id, area=self.area, visibility=self.visibility, question=self.question,
            options=list(self.options), recommendation=self.recommendation, needed_by=needed_by, revises_id=self.id,
            contract_id=self.contract_id, engagement_id=self.engagement_id, cost_a_week=self.cost_a_week, owner_contact_id=self.owner_contact_id,
            owner_person_id=self.owner_person_id, owner_name=self.owner_name,
        )  # fmt: skip


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
    __table_args__ = leaf()
    __mapper_args__ = {"polymorphic_identity": "assurance"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    engagement_id: Mapped[int | None] = names("engagement")
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

    @classmethod
    def speaks_for(cls, area: Area) -> ColumnElement[bool]:
        """One statement may assure the board of several areas: it stands in the list of each."""
        return touches(cls.covers, area)

    def derive(self) -> None:
        self.covers = [self.area, *(self.also or ())]
