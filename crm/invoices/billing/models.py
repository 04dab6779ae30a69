"""Who issues the invoices and how each client is billed: names, addresses, tax, accounts, and how the numbers run."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint, case, update
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import Figure, LineType
from crm.core.db import Model, db
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, PartnersOnly
from crm.invoices.electronic import FileFormat
from crm.invoices.paper import Bank, Party, TaxCategory

TAX_RANGE = "tax_rate BETWEEN 0 AND 10000 AND (category = 'S') = (tax_rate > 0)"  # hundredths of a per cent


class OnInvoices:
    """Who stands on an invoice by name and address, how that is taxed, and in how many days it is paid."""

    legal_name: Mapped[str] = mapped_column(default="")
    line1: Mapped[str] = mapped_column(default="")
    line2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(LineType(20), default="")
    country: Mapped[str] = mapped_column(LineType(2), default="GB")
    tax_number: Mapped[str] = mapped_column(LineType(30), default="")
    company_number: Mapped[str] = mapped_column(LineType(30), default="")
    email: Mapped[str] = mapped_column(default="")
    category: Mapped[TaxCategory] = mapped_column(default=TaxCategory.STANDARD)
    tax_rate: Mapped[Figure] = mapped_column(default=Decimal(20))
    payment_days: Mapped[int] = mapped_column(default=30)

    @property
    def party(self) -> Party:
        return Party(
            self.legal_name, self.line1, self.line2, self.city, self.postcode, self.country, self.tax_number,
            self.company_number, self.email,
        )  # fmt: skip


class Issuer(OnInvoices, PartnersOnly, Model):
    """The practice as it stands on its invoices, and how it numbers them. What an invoice was issued with stays."""

    __tablename__ = "issuer"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("payment_days BETWEEN 0 AND 365", name="payment_days"),
        CheckConstraint(TAX_RANGE, name="tax"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    holder: Mapped[str] = mapped_column(default="")  # of the account
    iban: Mapped[str] = mapped_column(LineType(34), default="")
    bic: Mapped[str] = mapped_column(LineType(11), default="")
    sort_code: Mapped[str] = mapped_column(LineType(10), default="")
    account: Mapped[str] = mapped_column(LineType(20), default="")
    prefix: Mapped[str] = mapped_column(LineType(12), default="")
    yearly: Mapped[bool] = mapped_column(default=True)  # the year stands in the number, which begins anew with it
    sales_account: Mapped[str] = mapped_column(LineType(20), default="200")  # of the bookkeeping
    footer: Mapped[str] = mapped_column(LineType(500), default="")
    number_year: Mapped[int] = mapped_column(default=0)  # of the last number that was given; 0: they run on
    number_last: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def bank(self) -> Bank:
        return Bank(self.holder, self.iban, self.bic, self.sort_code, self.account)

    def number_of(self, year: int, sequence: int) -> str:
        """2026-0001, or LM-2026-0001; without the year LM-0001."""
        return f"{self.prefix}{f'{year}-' if self.yearly else ''}{sequence:04}"


def next_sequence(year: int) -> int:
    """The next number of the series, taken in this transaction; with a year it begins anew. One row, held until the end:
    whoever is second waits, and what is rolled back gives its number back. So there are no gaps."""
    last = case((Issuer.number_year == year, Issuer.number_last + 1), else_=1)
    taken = (
        update(Issuer).where(Issuer.id == 1).values(number_last=last, number_year=year).returning(Issuer.number_last)
    )
    number = db.session.scalar(taken, execution_options={"named": "invoices.next_number", "synchronize_session": False})
    if number is None:
        raise Refused("Say first how the practice stands on its invoices.")
    return int(number)


class Billing(OnInvoices, ClientOwned, PartnersOnly, Model):
    """How a client is invoiced: legal name and address, tax, days to pay, whose file format."""

    __tablename__ = "billing"
    __table_args__ = (
        UniqueConstraint("client_id"),
        CheckConstraint("payment_days BETWEEN 0 AND 365", name="payment_days"),
        CheckConstraint(TAX_RANGE, name="tax"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_order: Mapped[str] = mapped_column(LineType(60), default="")
    reference: Mapped[str] = mapped_column(LineType(60), default="")  # what the client wants to read on it
    file_format: Mapped[FileFormat] = mapped_column(default=FileFormat.UBL)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


def check_tax(category: TaxCategory, rate: Decimal) -> None:
    if category is TaxCategory.STANDARD and not 0 < rate <= 100:
        raise Refused("Write the rate in per cent, like 20", "tax_rate")
    if category is not TaxCategory.STANDARD and rate:
        raise Refused("Only what is taxed has a rate: write 0", "tax_rate")
