"""Invoices: drafts, numbers, lines, payments."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    UniqueConstraint,
    event,
    inspect,
    literal_column,
    select,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from crm.clients.models import Client
from crm.core.columns import Days, Figure, LineType, Money
from crm.core.db import Model, db
from crm.core.errors import Refused
from crm.core.ownership import (
    EngagementOwned,
    LeadsOnly,
    Shareable,
    SponsorsOnly,
    Visibility,
    under,
    within,
)
from crm.files.models import StoredFile
from crm.invoices.billing.models import TAX_RANGE, check_tax
from crm.invoices.electronic import FileFormat
from crm.invoices.expenses.models import Expense
from crm.invoices.paper import TaxCategory, Unit, line_sum, taxes_of


class InvoiceKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class InvoiceState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    PAID = "paid"
    VOIDED = "voided"


class LineKind(StrEnum):
    FEE = "fee"
    OVERAGE = "overage"
    TIME = "time"
    MILESTONE = "milestone"
    EXPENSE = "expense"
    OTHER = "other"


LINE_WORDS = {
    LineKind.FEE: "Monthly fee",
    LineKind.OVERAGE: "Days beyond the retainer",
    LineKind.TIME: "Days worked",
    LineKind.MILESTONE: "Part of a fixed price",
    LineKind.EXPENSE: "Expense",
    LineKind.OTHER: "Other",
}
TAKE_OFF = {LineKind.TIME, LineKind.OTHER}
MAY_CHANGE = {"state", "paid", "paid_on", "version"}  # of what was issued


class Invoice(EngagementOwned, SponsorsOnly, LeadsOnly, Shareable, Model):
    """What a client owes for one engagement: a draft, then numbered and never changed again, paid or voided."""

    __tablename__ = "invoice"
    __table_args__ = (
        under("engagement"),
        within("invoice", by="credits_id"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        UniqueConstraint("number"),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="number_when_issued"),
        CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credits_an_invoice"),
        CheckConstraint("net >= 0 AND tax >= 0 AND total = net + tax AND paid >= 0", name="sums"),
        CheckConstraint("payment_days BETWEEN 0 AND 365", name="payment_days"),
        Index("ix_invoice_state_due_on", "state", "due_on"),
        Index("ix_invoice_issued_on", "issued_on"),
        Index(
            "ix_invoice_credited_once",
            "credits_id",
            unique=True,
            sqlite_where=literal_column("credits_id IS NOT NULL"),
            postgresql_where=literal_column("credits_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[InvoiceKind] = mapped_column(default=InvoiceKind.INVOICE)
    state: Mapped[InvoiceState] = mapped_column(default=InvoiceState.DRAFT)
    number: Mapped[str | None] = mapped_column(LineType(40))
    month: Mapped[date | None] = mapped_column(index=True)  # the closed month that it bills
    basis: Mapped[dict[str, int]] = mapped_column(
        JSON, default=dict
    )  # by month, the statement it was reckoned from; 0: none
    payment_days: Mapped[int] = mapped_column(default=30)
    purchase_order: Mapped[str] = mapped_column(LineType(60), default="")
    reference: Mapped[str] = mapped_column(LineType(60), default="")
    note: Mapped[str] = mapped_column(LineType(500), default="")
    currency: Mapped[str] = mapped_column(LineType(3), default="GBP")
    file_format: Mapped[FileFormat] = mapped_column(default=FileFormat.UBL)
    seller: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # from here on: as things stood when it was issued
    buyer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    bank: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    net: Mapped[Money] = mapped_column(default=0)
    tax: Mapped[Money] = mapped_column(default=0)
    total: Mapped[Money] = mapped_column(default=0)
    paid: Mapped[Money] = mapped_column(default=0)
    paid_on: Mapped[date | None]  # in full
    issued_on: Mapped[date | None]
    due_on: Mapped[date | None]
    credits_id: Mapped[int | None]
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    lines: Mapped[list["InvoiceLine"]] = relationship(
        order_by="InvoiceLine.position, InvoiceLine.id", lazy="raise", viewonly=True
    )
    payments: Mapped[list["Payment"]] = relationship(
        order_by="Payment.paid_on, Payment.id", lazy="raise", viewonly=True
    )
    credits: Mapped["Invoice | None"] = relationship(
        remote_side="[Invoice.id, Invoice.engagement_id, Invoice.client_id]", lazy="raise", viewonly=True
    )
    credited_by: Mapped["Invoice | None"] = relationship(
        primaryjoin="Invoice.id == foreign(remote(Invoice.credits_id))", lazy="raise", viewonly=True, uselist=False
    )
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        return self.number or "Draft"

    @property
    def called(self) -> str:
        """Invoice 2026-0004, Credit note 2026-0005, Draft invoice."""
        what = "Credit note" if self.is_credit else "Invoice"
        return f"{what} {self.number}" if self.number else "Draft invoice"

    @property
    def is_draft(self) -> bool:
        return self.state is InvoiceState.DRAFT

    @property
    def is_credit(self) -> bool:
        return self.kind is InvoiceKind.CREDIT_NOTE

    @property
    def owed(self) -> int:
        """What is still to be paid; nothing of a credit note or of what was voided."""
        return max(0, self.total - self.paid) if self.state is InvoiceState.ISSUED and not self.is_credit else 0

    @property
    def over(self) -> int:
        """Paid beyond what was owed: to be sent back or set against the next."""
        owed = 0 if self.state is InvoiceState.VOIDED else self.total
        return max(0, self.paid - owed)

    def days_late(self, on: date) -> int:
        """Late from the day after its due date."""
        return max(0, (on - self.due_on).days) if self.owed and self.due_on else 0

    def standing(self, on: date) -> str:
        """How it stands, in a word: draft, issued, part paid, late, paid, voided; a credit note is issued."""
        if self.state is InvoiceState.ISSUED and not self.is_credit:
            return "late" if self.days_late(on) else "part_paid" if self.paid else "issued"
        return self.state.value

    @property
    def rests_on(self) -> dict[date, int]:
        """The statements that it was reckoned from, by month."""
        return {date.fromisoformat(month): key for month, key in (self.basis or {}).items()}

    def rest_on(self, statements: Mapping[date, int]) -> None:
        self.basis = {month.isoformat(): key for month, key in statements.items()}

    def must_be_draft(self) -> None:
        if not self.is_draft:
            raise Refused(f"{self.called} was issued: it never changes. Void it with a credit note instead.")

    def reckon(self, lines: list["InvoiceLine"]) -> None:
        """The sums: tax once for each rate, the total of what is shown."""
        self.must_be_draft()
        taxes = taxes_of(lines)
        self.net, self.tax = sum(one.net for one in lines), sum(one.tax for one in taxes)
        if any(one.net < 0 for one in taxes):
            raise Refused(
                "Lines that take off are larger than what is charged with the same tax: an invoice is not below nothing. "
                "Take off less",
                "price",
            )
        self.total = self.net + self.tax

    def issue(
        self, number: str, on: date, *, seller: dict[str, Any] | None, buyer: dict[str, Any] | None,
        bank: dict[str, Any] | None,
    ) -> None:  # fmt: skip
        self.must_be_draft()
        self.number, self.issued_on, self.due_on = number, on, on + timedelta(days=self.payment_days)
        self.seller, self.buyer, self.bank = seller, buyer, bank
        self.state, self.visibility = InvoiceState.ISSUED, Visibility.CLIENT
        if self.total == 0 and not self.is_credit:
            self.state, self.paid_on = InvoiceState.PAID, on

    def void(self) -> None:
        if self.is_credit:
            raise Refused("A credit note is not voided: issue a new invoice.")
        if self.state not in {InvoiceState.ISSUED, InvoiceState.PAID}:
            raise Refused(f"{self.called} is {self.state.value}: only what was issued is voided.")
        self.state = InvoiceState.VOIDED

    def settle(self, paid: int, last: date | None) -> None:
        """What was paid so far, all payments together."""
        if self.is_credit or self.is_draft:
            raise Refused("Payments are recorded of an issued invoice.")
        self.paid = paid
        if self.state is not InvoiceState.VOIDED:
            is_paid = paid >= self.total
            self.state = InvoiceState.PAID if is_paid else InvoiceState.ISSUED
            self.paid_on = last if is_paid else None


@event.listens_for(Invoice, "before_update")
def what_was_issued_stays(mapper: Mapper[Any], connection: Connection, invoice: Invoice) -> None:  # noqa: ARG001
    states = inspect(invoice).attrs
    changed = {name for name, attribute in states.items() if attribute.history.has_changes()}
    before = states["state"].history.deleted or (invoice.state,)
    if before[0] is not InvoiceState.DRAFT and changed - MAY_CHANGE:
        raise Refused(f"{invoice.called} was issued: it never changes. Void it with a credit note instead.")


def is_given(number: str) -> bool:
    """Whether an invoice has this number: a practice that changes its series may come back to an older one."""
    found = select(Invoice.id).where(Invoice.number == number)
    return db.session.scalar(found, execution_options={"named": "invoices.next_number"}) is not None


class InvoiceLine(EngagementOwned, SponsorsOnly, LeadsOnly, Shareable, Model):
    """One line: so much of something at a price, its tax, and the month that it is earned in."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        within("invoice"),
        within("expense"),
        within("stored_file", by="receipt_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(TAX_RANGE, name="tax"),
        Index("ix_invoice_line_month", "month", "kind"),
        Index("ix_invoice_line_invoice_id", "invoice_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int]
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(default=LineKind.OTHER)
    text: Mapped[str] = mapped_column(LineType(300))
    quantity: Mapped[Days] = mapped_column(default=Decimal(1))
    unit: Mapped[Unit] = mapped_column(default=Unit.ONE)
    price: Mapped[Money]  # of one
    net: Mapped[Money]
    category: Mapped[TaxCategory] = mapped_column(default=TaxCategory.STANDARD)
    tax_rate: Mapped[Figure] = mapped_column(default=Decimal(20))
    month: Mapped[date | None]  # earned in; where it says none, in the month of issue
    worked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # of days worked
    expense_id: Mapped[int | None] = mapped_column(index=True)
    receipt_id: Mapped[int | None]  # of the expense: whoever reads the invoice reads it
    version: Mapped[int] = mapped_column(default=1)
    invoice: Mapped[Invoice] = relationship(
        foreign_keys="[InvoiceLine.invoice_id, InvoiceLine.engagement_id, InvoiceLine.client_id]",
        lazy="raise",
        viewonly=True,
    )
    expense: Mapped[Expense | None] = relationship(
        foreign_keys="[InvoiceLine.expense_id, InvoiceLine.engagement_id, InvoiceLine.client_id]",
        lazy="raise",
        viewonly=True,
    )

    receipt: Mapped[StoredFile | None] = relationship(
        foreign_keys="[InvoiceLine.receipt_id, InvoiceLine.engagement_id, InvoiceLine.client_id]",
        lazy="raise",
        viewonly=True,
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def rate(self) -> Decimal:
        return self.tax_rate

    def say(
        self, *, text: str, quantity: Decimal, unit: Unit, price: int, category: TaxCategory, tax_rate: Decimal
    ) -> None:
        """What takes off has a price below nothing: a correction of days, which stays one, or a line by hand."""
        if quantity <= 0:
            raise Refused("Write how many, more than nothing, like 1 or 2.5", "quantity")
        if price < 0 and self.kind not in TAKE_OFF:
            raise Refused("Write a price above nothing. What is taken off stands on a line of its own", "price")
        if self.kind is LineKind.TIME and self.price is not None and (self.price < 0) != (price < 0):
            said = (
                "takes off: write a price below nothing, like -1100"
                if self.price < 0
                else "charges days that were worked"
            )
            raise Refused(f"This line {said}. Remove it where it should not be there", "price")
        check_tax(category, tax_rate)
        self.text, self.quantity, self.unit, self.price = text, quantity, unit, price
        self.net = line_sum(quantity, price)
        self.category, self.tax_rate = category, tax_rate


class Payment(EngagementOwned, SponsorsOnly, LeadsOnly, Shareable, Model):
    """Money that came in for an invoice. One that was recorded by mistake is taken back and stays in sight."""

    __tablename__ = "payment"
    __table_args__ = (
        within("invoice"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_payment_invoice_id", "invoice_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int]
    paid_on: Mapped[date]
    amount: Mapped[Money]
    reference: Mapped[str] = mapped_column(LineType(100), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def counts(self) -> bool:
        return self.withdrawn_at is None

    def withdraw(self, at: datetime) -> None:
        if self.withdrawn_at:
            raise Refused("This payment was taken back already.")
        self.withdrawn_at = at
