"""Engagements: the spine that everything hangs from. Terms, team, sponsors and the twelve area scopes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Client, Contact
from crm.core.columns import Days, Level, LineType, Money
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, LeadsOnly, OfOneClient, SponsorsOnly, under, within
from crm.core.twelve import CADENCE, OF, Area, Responsibility, Scope
from crm.people.models import Person

CLOSING_WITHIN = timedelta(days=60)  # of the end date, unless notice was given
LONGEST_PAUSE = 62  # days a year: "at most 2 months"
A_YEAR = timedelta(days=365)
MOST_SPONSORS = 2


class EngagementModel(StrEnum):
    VIRTUAL = "virtual"
    PART_TIME = "part_time"
    NON_EXEC = "non_exec"
    MENTORING = "mentoring"


MODEL_WORDS = {
    EngagementModel.VIRTUAL: "Virtual CIO",
    EngagementModel.PART_TIME: "Part-time CIO",
    EngagementModel.NON_EXEC: "Non-executive CIO",
    EngagementModel.MENTORING: "Mentoring",
}


class BoardRole(StrEnum):
    NONE = "none"
    REPORTS_TO_BOARD = "reports_to_board"
    ATTENDS_BOARD = "attends_board"
    BOARD_MEMBER = "board_member"
    COMMITTEE_MEMBER = "committee_member"


class PriceKind(StrEnum):
    RETAINER = "retainer"
    FIXED_PRICE = "fixed_price"
    DAY_RATE = "day_rate"


class Overage(StrEnum):
    """What happens to work beyond the available days."""

    ASK = "ask"
    BILL = "bill"
    ABSORB = "absorb"


class EngagementState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LIVE = (EngagementState.ACTIVE, EngagementState.PAUSED, EngagementState.CLOSING)


def days_paused(pauses: Iterable[tuple[date, date]], begins: date, ends: date) -> int:
    """Days between two dates, both counted, that lie in one of the pauses, each by its first and last day."""
    spans = ((max(begins, first), min(ends, last)) for first, last in pauses)
    return sum(max(0, (last - first).days + 1) for first, last in spans)


def default_scope(model: EngagementModel, area: Area) -> Scope:
    """The scope of an area when an engagement begins."""
    if model is EngagementModel.MENTORING:
        return Scope.ADVISE if area in {Area.TAL, Area.STK} else Scope.OUT
    return {
        EngagementModel.VIRTUAL: Scope.ADVISE,
        EngagementModel.PART_TIME: Scope.LEAD,
        EngagementModel.NON_EXEC: Scope.OVERSEE,
    }[model]


class Engagement(OfOneClient, Model):
    """An agreed period of service for one client under one model, with exactly twelve area scopes."""

    __tablename__ = "engagement"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        under("engagement", by="follows_id"),
        CheckConstraint("starts <= ends", name="order"),
        CheckConstraint("notice_days >= 0", name="notice"),
        CheckConstraint("days_a_month >= 0", name="days_a_month"),
        Index("ix_engagement_state_ends", "state", "ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str]
    model: Mapped[EngagementModel]
    board_role: Mapped[BoardRole] = mapped_column(default=BoardRole.NONE)
    state: Mapped[EngagementState] = mapped_column(default=EngagementState.DRAFT)
    starts: Mapped[date]
    ends: Mapped[date]
    signed_on: Mapped[date | None]
    notice_days: Mapped[int] = mapped_column(default=30)
    notice_given_on: Mapped[date | None]
    closing_began_on: Mapped[date | None]
    days_a_month: Mapped[Days | None]  # the retainer's grant; the price stands in Terms
    scope_note: Mapped[str] = mapped_column(LineType(1000), default="")
    authority_note: Mapped[str] = mapped_column(LineType(500), default="")
    handover_note: Mapped[str] = mapped_column(LineType(2000), default="")
    follows_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)
    follows: Mapped["Engagement | None"] = relationship(
        remote_side="[Engagement.id, Engagement.client_id]", lazy="raise", viewonly=True
    )
    assignments: Mapped[list["Assignment"]] = relationship(order_by="Assignment.id", viewonly=True)
    sponsors: Mapped[list["Sponsorship"]] = relationship(order_by="Sponsorship.id", viewonly=True)
    scopes: Mapped[list["AreaScope"]] = relationship(order_by="AreaScope.number", viewonly=True)
    pauses: Mapped[list["Pause"]] = relationship(order_by="Pause.begins", viewonly=True)
    terms: Mapped["Terms | None"] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        return f"ENG-{self.number:03}"

    @property
    def engagement(self) -> "Engagement":
        """So that a rule of the policy may ask an engagement as it asks what belongs to one."""
        return self

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def has_on_team(self, person_id: int, on: date) -> bool:
        return any(one.person_id == person_id and one.runs(on) for one in self.assignments)

    def is_led_by(self, person_id: int, on: date) -> bool:
        return any(
            one.person_id == person_id and one.role is AssignmentRole.LEAD and one.runs(on) for one in self.assignments
        )

    def is_sponsored_by(self, contact_id: int | None) -> bool:
        return contact_id is not None and any(one.contact_id == contact_id for one in self.sponsors)

    def who_leads(self, on: date) -> "Assignment | None":
        """The lead of this day, else whoever leads next, else whoever led last: the name that people ask for."""
        leads = [one for one in self.assignments if one.role is AssignmentRole.LEAD]
        coming = [one for one in leads if one.status is not Status.ENDED and one.ends >= on]
        if coming:
            return min(coming, key=lambda one: (one.status is not Status.CONFIRMED, one.begins))
        return max(leads, key=lambda one: one.ends, default=None)

    def scope_of(self, area: Area) -> "AreaScope":
        return next(one for one in self.scopes if one.area is area)

    def is_paused_on(self, day: date) -> bool:
        return any(pause.begins <= day <= (pause.ended_on or pause.until) for pause in self.pauses)

    def paused_days(self, begins: date, ends: date) -> int:
        """Days of pauses between two dates, both counted (invariant 20: first to last day of the pause)."""
        return days_paused(((one.begins, one.ended_on or one.until) for one in self.pauses), begins, ends)

    @property
    def is_open(self) -> bool:
        """Not history yet: its terms, team and scopes may still change."""
        return self.state not in {EngagementState.CLOSED, EngagementState.CANCELLED}

    def must_be_open(self) -> None:
        if not self.is_open:
            raise Refused(f"{self.code} is {self.state.value}: it stays as it was.")

    def must_be_live(self) -> None:
        if not self.is_live:
            raise Refused(f"{self.code} is {self.state.value}: that is for engagements that run.")

    def lead_between(self, begins: date, ends: date, *, besides: "Assignment | None" = None) -> "Assignment | None":
        """Who is confirmed as lead on any of these days: there is one at a time (invariant 3)."""
        return next(
            (
                one
                for one in self.assignments
                if one is not besides
                and one.role is AssignmentRole.LEAD
                and one.status is Status.CONFIRMED
                and one.begins <= ends
                and begins <= one.ends
            ),
            None,
        )

    # The life cycle (docs/domain.md, life cycles). conditions.py gathers what must hold; these move the state.

    def activate(self, today: date) -> None:
        self._move({EngagementState.DRAFT}, EngagementState.ACTIVE)
        for one in self.scopes:
            one.plan_review(max(self.starts, today))

    def cancel(self, today: date) -> None:
        self._move({EngagementState.DRAFT}, EngagementState.CANCELLED)
        self._release(today)

    def pause(self, begins: date, until: date) -> "Pause":
        """Stand still for a while, at most two months in any year."""
        if until < begins:
            raise Refused("It cannot end before it begins: choose today or a later day.", "until")
        if until > self.ends:
            raise Refused("The engagement ends before that: choose a day within its term.", "until")
        year = until - A_YEAR + timedelta(days=1)
        left = LONGEST_PAUSE - self.paused_days(year, until)
        if (until - begins).days + 1 > left:
            raise Refused(
                f"An engagement pauses at most {LONGEST_PAUSE} days a year, and {max(left, 0)} are left: "
                "choose an earlier day.", "until"
            )  # fmt: skip
        self._move({EngagementState.ACTIVE}, EngagementState.PAUSED)
        return Pause(engagement_id=self.id, client_id=self.client_id, begins=begins, until=until)

    def resume(self, today: date) -> None:
        self._move({EngagementState.PAUSED}, EngagementState.ACTIVE)
        self._end_pause(today)

    def begin_closing(self, today: date, notice_given_on: date | None = None) -> list["ClosingStep"]:
        """Within sixty days of its end, or by notice. Opens the handover checklist."""
        if notice_given_on and notice_given_on > today:
            raise Refused("Notice was given today or earlier.", "notice_given_on")
        self.notice_given_on = notice_given_on or self.notice_given_on
        if self.state is EngagementState.PAUSED and not self.notice_given_on:
            raise Refused("A paused engagement closes by notice: give the day notice was given.", "notice_given_on")
        if not self.notice_given_on and self.ends - today > CLOSING_WITHIN:
            raise Refused("It ends in more than 60 days: give the day notice was given.", "notice_given_on")
        self._move({EngagementState.ACTIVE, EngagementState.PAUSED}, EngagementState.CLOSING)
        self._end_pause(today)
        self.closing_began_on = today
        whose = {"engagement_id": self.id, "client_id": self.client_id}
        return [ClosingStep(number=n, title=title, **whose) for n, title in enumerate(CLOSING_STEPS, 1)]

    def close(self, today: date) -> None:
        self._move({EngagementState.CLOSING}, EngagementState.CLOSED)
        self._release(today)

    def _move(self, origins: set[EngagementState], to: EngagementState) -> None:
        if self.state not in origins:
            raise Refused(f"{self.code} is {self.state.value}; it cannot become {to.value} from there.")
        self.state = to

    def _end_pause(self, today: date) -> None:
        """Yesterday was the last paused day, unless the pause was over before."""
        for one in self.pauses:
            if one.ended_on is None:
                one.ended_on = max(one.begins, min(one.until, today - timedelta(days=1)))

    def _release(self, today: date) -> None:
        """Nobody is planned on what is over."""
        for one in self.assignments:
            if one.status is not Status.ENDED:
                one.status, one.ends = Status.ENDED, min(one.ends, max(today, one.begins))


class Terms(EngagementOwned, SponsorsOnly, LeadsOnly, Model):
    """What an engagement costs: for the lead, the partners and the sponsor who pays."""

    __tablename__ = "terms"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("engagement_id"),
        CheckConstraint("monthly_fee >= 0 AND amount >= 0 AND day_rate >= 0 AND overage_rate >= 0", name="sums"),
        CheckConstraint(
            "CASE price_kind WHEN 'retainer' THEN monthly_fee IS NOT NULL WHEN 'fixed_price' THEN amount IS NOT NULL"
            " ELSE day_rate IS NOT NULL END",
            name="price",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    price_kind: Mapped[PriceKind]
    monthly_fee: Mapped[Money | None]
    amount: Mapped[Money | None]  # fixed price
    budget_days: Mapped[Days | None]
    day_rate: Mapped[Money | None]
    overage: Mapped[Overage] = mapped_column(default=Overage.ASK)
    overage_rate: Mapped[Money | None]
    rollover_cap: Mapped[Days | None]
    authority_limit: Mapped[Money | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def price(self) -> int:
        """The one sum that the price is known by: a month's fee, the whole, or a day's."""
        of = {
            PriceKind.RETAINER: self.monthly_fee,
            PriceKind.FIXED_PRICE: self.amount,
            PriceKind.DAY_RATE: self.day_rate,
        }
        return of[self.price_kind] or 0


class Pause(EngagementOwned, Model):
    """Days on which an engagement stands still; its clocks do too."""

    __tablename__ = "pause"
    __table_args__ = (under("engagement"), CheckConstraint("begins <= until", name="order"))

    id: Mapped[int] = mapped_column(primary_key=True)
    begins: Mapped[date]
    until: Mapped[date]
    ended_on: Mapped[date | None]  # the last paused day, once it goes on


class AssignmentRole(StrEnum):
    LEAD = "lead"
    SPECIALIST = "specialist"
    MENTOR = "mentor"
    REVIEWER = "reviewer"

    @property
    def is_lead(self) -> bool:
        return self is AssignmentRole.LEAD


class Status(StrEnum):
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class Assignment(EngagementOwned, Model):
    """A person on an engagement, from one day to another."""

    __tablename__ = "assignment"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint("begins <= ends", name="order"),
        CheckConstraint("days_a_month >= 0", name="days"),
        Index("ix_assignment_person_id_begins_ends", "person_id", "begins", "ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[AssignmentRole] = mapped_column(default=AssignmentRole.SPECIALIST)
    mode: Mapped[EngagementModel]
    status: Mapped[Status] = mapped_column(default=Status.TENTATIVE)
    begins: Mapped[date]
    ends: Mapped[date]
    days_a_month: Mapped[Days]
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def runs(self, on: date) -> bool:
        return self.status is Status.CONFIRMED and self.begins <= on <= self.ends

    def confirm(self) -> None:
        if self.status is not Status.TENTATIVE:
            raise Refused(f"This assignment is {self.status} already.")
        self.status = Status.CONFIRMED

    def end(self, on: date, today: date) -> None:
        """The last day is kept, so that the past weeks stay as they were planned; one still to come only shortens."""
        if self.status is Status.ENDED:
            raise Refused("This assignment has ended already.")
        if on < self.begins:
            raise Refused("It cannot end before it began.", "ends")
        self.ends = min(on, self.ends)
        if on <= today:
            self.status = Status.ENDED


class Sponsorship(EngagementOwned, Model):
    """A contact who ordered an engagement, decides and signs off. At least one, at most two."""

    __tablename__ = "sponsorship"
    __table_args__ = (under("engagement"), under("contact"), UniqueConstraint("engagement_id", "contact_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(index=True)
    contact: Mapped[Contact] = relationship(lazy="raise", viewonly=True)


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


def twelve_scopes(engagement: Engagement) -> list[AreaScope]:
    """The twelve scopes of a new engagement, from its model's defaults."""
    return [
        AreaScope(
            engagement_id=engagement.id,
            client_id=engagement.client_id,
            area=area,
            number=row.number,
            scope=default_scope(engagement.model, area),
        )
        for area, row in OF.items()
    ]


class ClosingStep(EngagementOwned, Model):
    """One line of the handover checklist that opens when an engagement begins to close."""

    __tablename__ = "closing_step"
    __table_args__ = (under("engagement"), UniqueConstraint("engagement_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    title: Mapped[str]
    done_at: Mapped[datetime | None]


CLOSING_STEPS = (
    "Hand over the twelve area files",
    "Closing review in every area in scope",
    "Every deliverable accepted or cancelled",
    "Access and keys returned",
    "Handover note written",
)
