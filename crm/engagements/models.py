"""Engagements: the spine that everything hangs from. Their life cycle, what they cost, their pauses and their handover."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Client
from crm.core.codes import engagement_code
from crm.core.columns import Days, LineType, Money
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, LeadsOnly, OfOneClient, SponsorsOnly, under
from crm.core.twelve import OF, Area
from crm.engagements.people import Assignment, AssignmentRole, Delegation, Sponsorship, Status
from crm.engagements.scopes import AreaScope, default_scope
from crm.engagements.states import LIVE, OVER, BoardRole, EngagementModel, EngagementState, Overage, PriceKind, Signers

CLOSING_WITHIN = timedelta(days=60)  # of the end date, unless notice was given
LONGEST_PAUSE = 62  # days a year: "at most 2 months"
A_YEAR = timedelta(days=365)


def days_paused(pauses: Iterable[tuple[date, date]], begins: date, ends: date) -> int:
    """Days between two dates, both counted, that lie in one of the pauses, each by its first and last day."""
    spans = ((max(begins, first), min(ends, last)) for first, last in pauses)
    return sum(max(0, (last - first).days + 1) for first, last in spans)


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
    signers: Mapped[Signers] = mapped_column(default=Signers.ANY)
    deemed: Mapped[bool] = mapped_column(default=False)  # agreed: no answer in the review days is a yes
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)
    follows: Mapped["Engagement | None"] = relationship(
        remote_side="[Engagement.id, Engagement.client_id]", lazy="raise", viewonly=True
    )
    assignments: Mapped[list["Assignment"]] = relationship(order_by="Assignment.id", viewonly=True)
    sponsors: Mapped[list["Sponsorship"]] = relationship(order_by="Sponsorship.id", viewonly=True)
    delegations: Mapped[list["Delegation"]] = relationship(order_by="Delegation.id", viewonly=True)
    scopes: Mapped[list["AreaScope"]] = relationship(order_by="AreaScope.number", viewonly=True)
    pauses: Mapped[list["Pause"]] = relationship(order_by="Pause.begins", viewonly=True)
    terms: Mapped["Terms | None"] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        return engagement_code(self.number)

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

    def stands_for(self, contact_id: int | None, on: date) -> int | None:
        """Whose answer this contact gives on a day: a sponsor their own, a delegate that of whoever named them."""
        if self.is_sponsored_by(contact_id):
            return contact_id
        named = (one.contact_id for one in self.delegations if one.delegate_id == contact_id and one.runs(on))
        return next((one for one in named if self.is_sponsored_by(one)), None)

    def delegates_of(self, contact_id: int, on: date) -> list[int]:
        return [one.delegate_id for one in self.delegations if one.contact_id == contact_id and one.runs(on)]

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
        return self.state not in OVER

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
