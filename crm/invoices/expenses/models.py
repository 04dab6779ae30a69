"""What somebody of the practice paid for an engagement, with its receipt: waiting, approved or refused."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import LineType, Money
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import InternalOnly, OwnWork
from crm.files.models import StoredFile
from crm.people.models import Person


class ExpenseCategory(StrEnum):
    TRAVEL = "travel"
    LODGING = "lodging"
    MEALS = "meals"
    SOFTWARE = "software"
    EVENT = "event"
    OTHER = "other"


EXPENSE_WORDS = {
    ExpenseCategory.TRAVEL: "Travel",
    ExpenseCategory.LODGING: "Hotel",
    ExpenseCategory.MEALS: "Meals",
    ExpenseCategory.SOFTWARE: "Software and licences",
    ExpenseCategory.EVENT: "Rooms and events",
    ExpenseCategory.OTHER: "Other",
}


class ExpenseState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Expense(OwnWork, InternalOnly, Model):
    """What somebody paid for an engagement, with its receipt. Billed to the client at cost where it is rebillable."""

    __tablename__ = "expense"
    __table_args__ = (
        ForeignKeyConstraint(["engagement_id", "client_id"], ["engagement.id", "engagement.client_id"]),
        ForeignKeyConstraint(
            ["receipt_id", "engagement_id", "client_id"],
            ["stored_file.id", "stored_file.engagement_id", "stored_file.client_id"],
        ),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint("amount > 0 AND tax >= 0 AND tax < amount", name="sums"),
        CheckConstraint("engagement_id IS NOT NULL AND client_id IS NOT NULL", name="for_an_engagement"),
        Index("ix_expense_person_id_spent_on", "person_id", "spent_on"),
        Index("ix_expense_engagement_id_state", "engagement_id", "state"),
        Index("ix_expense_client_id", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    spent_on: Mapped[date]
    category: Mapped[ExpenseCategory]
    amount: Mapped[Money]  # as paid
    tax: Mapped[Money] = mapped_column(default=0)  # of that, which we get back
    note: Mapped[str] = mapped_column(LineType(300), default="")
    rebillable: Mapped[bool] = mapped_column(default=True)
    receipt_id: Mapped[int | None]
    state: Mapped[ExpenseState] = mapped_column(default=ExpenseState.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(LineType(300), default="")  # why it was refused
    billed_on_id: Mapped[int | None]  # the invoice that it stands on
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(foreign_keys="Expense.person_id", lazy="raise", viewonly=True)
    decided_by: Mapped[Person | None] = relationship(foreign_keys="Expense.decided_by_id", lazy="raise", viewonly=True)
    receipt: Mapped[StoredFile | None] = relationship(
        foreign_keys="[Expense.receipt_id, Expense.engagement_id, Expense.client_id]", lazy="raise", viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def net(self) -> int:
        """What it costs us, and the client: the tax we get back."""
        return self.amount - self.tax

    @property
    def can_change(self) -> bool:
        return self.state is ExpenseState.WAITING

    def must_wait(self) -> None:
        if not self.can_change:
            raise Refused(f"This expense is {self.state.value}: it stays as it is.")

    def describe(
        self,
        *,
        spent_on: date,
        category: ExpenseCategory,
        amount: int,
        tax: int,
        note: str,
        rebillable: bool,
        today: date,
    ) -> None:
        self.must_wait()
        if spent_on > today:
            raise Refused("That day is still to come. Choose today or an earlier day.", "spent_on")
        if amount <= 0:
            raise Refused("Write what was paid, like 45.50", "amount")
        if tax >= amount:
            raise Refused("The tax is a part of what was paid, and less than it", "tax")
        self.spent_on, self.category, self.amount, self.tax = spent_on, category, amount, tax
        self.note, self.rebillable = note, rebillable

    def approve(self, by: int | None, at: datetime, *, is_partner: bool) -> None:
        self.must_wait()
        if by == self.person_id and not is_partner:
            raise Refused("Somebody else approves what you paid: ask a partner.")
        if self.receipt_id is None and not self.note:
            raise Refused("There is neither a receipt nor a note that says what this was. Ask for one.")
        self.state, self.decided_by_id, self.decided_at = ExpenseState.APPROVED, by, at

    def refuse(self, by: int | None, at: datetime, remark: str) -> None:
        self.must_wait()
        self.state, self.decided_by_id, self.decided_at, self.remark = ExpenseState.REFUSED, by, at, remark

    def withdraw(self) -> None:
        self.must_wait()
        self.state = ExpenseState.WITHDRAWN
