from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact, DepartmentKind
from crm.core.columns import Figure, LineType, Prose
from crm.core.errors import Refused
from crm.core.ownership import under
from crm.core.words import worded
from crm.people.models import Person
from crm.registers.models import RegisterEntry, at_least_nothing, derived, leaf, marks


class Stance(StrEnum):
    CHAMPION = "champion"
    SUPPORTER = "supporter"
    NEUTRAL = "neutral"
    SCEPTIC = "sceptic"
    OPPONENT = "opponent"


CONTACT_EVERY = 90
FALL = Decimal("0.4")  # of a mark: less is noise


class Stakeholder(RegisterEntry):
    """Somebody at the client whose view of technology matters, and where they stand. Each contact once."""

    once_for = "contact_id"
    __tablename__ = "stakeholder"
    __table_args__ = leaf(
        under("contact"),
        CheckConstraint("influence BETWEEN 1 AND 5", name="influence"),
        marks("trust_score", "trust_before"),
        at_least_nothing("contact_interval_days"),
    )
    __mapper_args__ = {"polymorphic_identity": "stakeholder"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    contact_id: Mapped[int]
    department: Mapped[DepartmentKind]
    influence: Mapped[int]
    stance: Mapped[Stance]
    trust_score: Mapped[Figure | None]
    trust_before: Mapped[Figure | None]
    last_contact: Mapped[date | None]
    contact_interval_days: Mapped[int | None]
    next_contact_due: Mapped[date] = derived()
    trust_falling: Mapped[bool] = derived()
    next_step: Mapped[str] = mapped_column(LineType(500), default="")
    contact: Mapped[Contact] = relationship(
        foreign_keys="[Stakeholder.contact_id, Stakeholder.client_id]", lazy="joined", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.contact_name

    @property
    def contact_name(self) -> str:
        return self.contact.name

    def derive(self) -> None:
        every = CONTACT_EVERY if self.contact_interval_days is None else self.contact_interval_days
        self.next_contact_due = (self.last_contact or self.made_on) + timedelta(days=every)
        known = self.trust_score is not None and self.trust_before is not None
        self.trust_falling = known and Decimal(self.trust_score or 0) < Decimal(self.trust_before or 0) - FALL


class CommitmentStatus(StrEnum):
    """Late is done after the day it was due; withdrawn is agreed by whoever it was promised to."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class Commitment(RegisterEntry):
    """A promise to somebody of a department, with a day."""

    __tablename__ = "commitment"
    __table_args__ = leaf(under("contact", by="to_contact_id"))
    __mapper_args__ = {"polymorphic_identity": "commitment"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    to_contact_id: Mapped[int]
    department: Mapped[DepartmentKind]
    what: Mapped[str]
    promised_on: Mapped[date]
    due: Mapped[date]
    done_on: Mapped[date | None]
    status: Mapped[CommitmentStatus] = mapped_column(default=CommitmentStatus.OPEN)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # who of us keeps it
    closing: Mapped[Prose] = mapped_column(default="")  # why it was broken, or how it was agreed to drop it
    agreed_on: Mapped[date | None]  # when whoever it was promised to agreed to drop it
    keeper: Mapped[Person | None] = relationship(lazy="joined", viewonly=True)
    to_contact: Mapped[Contact] = relationship(
        foreign_keys="[Commitment.to_contact_id, Commitment.client_id]", lazy="joined", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.what

    @property
    def to_contact_name(self) -> str:
        return self.to_contact.name

    @property
    def keeper_name(self) -> str:
        return self.keeper.name if self.keeper else ""

    def is_overdue(self, today: date) -> bool:
        return self.status is CommitmentStatus.OPEN and self.due < today

    def _must_be_open(self) -> None:
        self.must_be_in_use()
        if self.status is not CommitmentStatus.OPEN:
            raise Refused(f"This promise is {worded(self.status).lower()} already.")

    def keep(self, on: date) -> None:
        """Done: kept in time, late after its day."""
        self._must_be_open()
        if on < self.promised_on:
            raise Refused("It cannot be done before it was promised", "on")
        self.status = CommitmentStatus.KEPT if on <= self.due else CommitmentStatus.LATE
        self.done_on = on

    def break_off(self, why: str) -> None:
        """It was not kept, and will not be: said openly."""
        self._must_be_open()
        self.status, self.closing = CommitmentStatus.BROKEN, why

    def withdraw(self, agreed_on: date, words: str) -> None:
        """Dropped, because whoever it was promised to agreed."""
        self._must_be_open()
        self.status, self.agreed_on, self.closing = CommitmentStatus.WITHDRAWN, agreed_on, words
