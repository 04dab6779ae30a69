"""The people of the practice: who they are to the world, when they work, when they are away, what they cost."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import LineType, Money
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import InternalOnly, PartnersOnly, PersonOwned

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PersonKind(StrEnum):
    PARTNER = "partner"
    CONSULTANT = "consultant"
    ADMIN = "admin"


NOWHERE = "placeholder.invalid"  # where the address of a placeholder would be: no such place is ever given out


class Person(Model):
    """Somebody of the practice, as the world may know them."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[PersonKind]
    base: Mapped[str] = mapped_column(default="")
    modes: Mapped[str] = mapped_column(default="")  # virtual,part_time: the ways of working they offer
    background: Mapped[str] = mapped_column(default="")
    story: Mapped[str] = mapped_column(LineType(500), default="")
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    # A name that came with imported time: nobody of ours, without account or capacity, here on no day
    is_placeholder: Mapped[bool] = mapped_column(default=False)
    stands_for_id: Mapped[int | None] = mapped_column(index=True)  # who took its time over
    version: Mapped[int] = mapped_column(default=1)
    patterns: Mapped[list["WorkingPattern"]] = relationship(
        back_populates="person", order_by="WorkingPattern.begins", lazy="raise"
    )
    leaves: Mapped[list["Leave"]] = relationship(back_populates="person", order_by="Leave.begins", lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    def offers(self, mode: str) -> bool:
        """Whether they work in this way. Who names none has not said."""
        return not self.modes or mode in self.modes.split(",")

    @property
    def ways(self) -> list[str]:
        return [one for one in self.modes.split(",") if one]

    def employ(self, joined_on: date | None, left_on: date | None) -> None:
        """From their first day to their last one; both may be open."""
        if joined_on and left_on and left_on < joined_on:
            raise Refused("The last day lies before the first one", "left_on")
        self.joined_on, self.left_on = joined_on, left_on

    def stand_for(self, real: "Person") -> None:
        """Say who a placeholder is. Once said it stays so: its time is theirs then."""
        if not self.is_placeholder or real.is_placeholder or real.kind is PersonKind.ADMIN:
            raise Refused("Choose somebody of ours who works for clients, for a name that came with imported time.")
        if self.stands_for_id not in {None, real.id}:
            raise Refused("This name stands for somebody else already.")
        self.stands_for_id = real.id

    def is_here(self, on: date) -> bool:
        return (self.joined_on is None or self.joined_on <= on) and (self.left_on is None or on <= self.left_on)


class WorkingPattern(InternalOnly, Model):
    """From a day on: which share of each weekday a person works, in which region, and how much of it for clients."""

    __tablename__ = "working_pattern"
    __table_args__ = (
        UniqueConstraint("person_id", "begins"),
        *(CheckConstraint(f"{day} BETWEEN 0 AND 100", name=f"{day}_share") for day in WEEKDAYS),
        CheckConstraint("delivery_share BETWEEN 1 AND 100", name="delivery_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    begins: Mapped[date]
    mon: Mapped[int] = mapped_column(default=100)  # % of a day
    tue: Mapped[int] = mapped_column(default=100)
    wed: Mapped[int] = mapped_column(default=100)
    thu: Mapped[int] = mapped_column(default=100)
    fri: Mapped[int] = mapped_column(default=100)
    sat: Mapped[int] = mapped_column(default=0)
    sun: Mapped[int] = mapped_column(default=0)
    region: Mapped[str] = mapped_column(default="GB-ENG")
    delivery_share: Mapped[int] = mapped_column(default=80)  # % of net capacity meant for clients (F4)
    utilisation_target: Mapped[int] = mapped_column(default=70)  # % (F2)
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(back_populates="patterns", lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def week(self) -> dict[str, int]:
        """% of each day, from Monday to Sunday."""
        shares = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)
        return dict(zip(WEEKDAYS, shares, strict=True))

    def share_on(self, day: date) -> Decimal:
        """The part of this weekday that is worked, 0 to 1."""
        return Decimal(getattr(self, WEEKDAYS[day.weekday()])) / 100


class LeaveStatus(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Leave(InternalOnly, Model):
    """Days somebody is away, wholly or in part. Colleagues see the dates and nothing else."""

    __tablename__ = "leave"
    __table_args__ = (
        UniqueConstraint("id", "person_id"),
        CheckConstraint("begins <= ends", name="order"),
        CheckConstraint("share BETWEEN 1 AND 100", name="share"),
        Index("ix_leave_person_id_begins", "person_id", "begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    begins: Mapped[date]
    ends: Mapped[date]
    share: Mapped[int] = mapped_column(default=100)  # % of each day
    status: Mapped[LeaveStatus] = mapped_column(default=LeaveStatus.ASKED)
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(back_populates="leaves", lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    def approve(self) -> None:
        self._decide(LeaveStatus.APPROVED)

    def refuse(self) -> None:
        self._decide(LeaveStatus.REFUSED)

    @property
    def is_open(self) -> bool:
        """Whether it counts, or may still come to count."""
        return self.status in {LeaveStatus.ASKED, LeaveStatus.APPROVED}

    def revise(self, begins: date, ends: date, share: int) -> None:
        """Other days are asked for anew, for a partner said yes to those before."""
        self._still_open()
        self.begins, self.ends, self.share = begins, ends, share
        self.status = LeaveStatus.ASKED

    def withdraw(self) -> None:
        self._still_open()
        self.status = LeaveStatus.WITHDRAWN

    def _still_open(self) -> None:
        if not self.is_open:
            raise Refused(f"This leave is {self.status} already.")

    def _decide(self, to: LeaveStatus) -> None:
        if self.status is not LeaveStatus.ASKED:
            raise Refused(f"This leave is {self.status} already; only leave that is asked for can be decided.")
        self.status = to


class LeaveReason(PersonOwned, InternalOnly, Model):
    """Why somebody is away: theirs and the partners' to know."""

    __tablename__ = "leave_reason"

    id: Mapped[int] = mapped_column(primary_key=True)
    leave_id: Mapped[int] = mapped_column(ForeignKey("leave.id"), unique=True)
    kind: Mapped[str] = mapped_column(default="annual")
    note: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")  # why a partner said no


class CostRate(PartnersOnly, Model):
    """What a day of somebody costs us, from a day on. Kept apart from Person so that a Person may be seen."""

    __tablename__ = "cost_rate"
    __table_args__ = (UniqueConstraint("person_id", "begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    begins: Mapped[date]
    per_day: Mapped[Money]


class PeriodState(StrEnum):
    OPEN = "open"
    LOCKED = "locked"


class Period(InternalOnly, Model):
    """A calendar month of the practice's time: open, or closed for everybody."""

    __tablename__ = "period"
    __table_args__ = (CheckConstraint("month >= '2000-01-01'", name="month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(unique=True)
    state: Mapped[PeriodState] = mapped_column(default=PeriodState.OPEN)
    locked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def lock(self, at: datetime) -> None:
        if self.state is PeriodState.LOCKED:
            raise Refused("This month is locked already.")
        self.state, self.locked_at = PeriodState.LOCKED, at

    def reopen(self) -> None:
        if self.state is PeriodState.OPEN:
            raise Refused("This month is open already.")
        self.state, self.locked_at = PeriodState.OPEN, None
