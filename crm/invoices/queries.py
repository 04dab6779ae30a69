"""What pages ask about invoices and who is billed how."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, and_, case, func, select, true
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from crm.clients.models import Client
from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.electronic import FileFormat
from crm.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState
from crm.invoices.paper import TaxCategory

STANDING_WORDS = {
    "draft": "Draft",
    "issued": "Issued",
    "part_paid": "Part paid",
    "late": "Late",
    "paid": "Paid",
    "voided": "Voided",
}


def the_issuer() -> Issuer:
    """The practice on its invoices; before anybody said how, with what is usual."""
    return db.session.get(Issuer, 1) or Issuer(
        id=None,
        country="GB",
        payment_days=30,
        category=TaxCategory.STANDARD,
        tax_rate=Decimal(20),
        yearly=True,
        sales_account="200",
        version=0,  # nobody said anything yet: whoever saves second is told
    )


def billing_of(client_id: int) -> Billing:
    """How a client is billed; before anybody said how, as the practice usually does."""
    return billings_of([client_id])[client_id]


def billings_of(client_ids: Collection[int]) -> dict[int, Billing]:
    """The same of several: two statements at most, beside the practice's own."""
    said = db.session.scalars(select(Billing).where(Billing.client_id.in_(client_ids)))
    found = {one.client_id: one for one in said}
    if missing := set(client_ids) - set(found):
        usual = the_issuer()
        for client in db.session.scalars(select(Client).where(Client.id.in_(missing))):
            found[client.id] = _as_usual(client, usual)
    return found


def _as_usual(client: Client, usual: Issuer) -> Billing:
    return Billing(
        client_id=client.id, legal_name=client.name, country=usual.country, category=usual.category, tax_rate=usual.tax_rate,
        payment_days=usual.payment_days, file_format=FileFormat.UBL, version=0, line1="", line2="", city="", postcode="", tax_number="",
        company_number="", email="", purchase_order="", reference="",
    )  # fmt: skip


def invoices() -> Select[Invoice]:
    return select(Invoice).options(joinedload(Invoice.client), joinedload(Invoice.engagement).lazyload("*"))


def one_invoice(invoice_id: int) -> Select[Invoice]:
    """With all that its page shows."""
    return select(Invoice).where(Invoice.id == invoice_id).options(joinedload(Invoice.engagement), *_on_its_page())


def _on_its_page() -> list[ExecutableOption]:
    return [
        joinedload(Invoice.client), selectinload(Invoice.lines).joinedload(InvoiceLine.receipt), selectinload(Invoice.payments),
        joinedload(Invoice.credits), joinedload(Invoice.credited_by),
    ]  # fmt: skip


def drafts_in(month: date) -> Select[Invoice]:
    """What is drafted of a month, by client, with all that an invoice says."""
    drafts = select(Invoice).where(
        Invoice.state == InvoiceState.DRAFT, Invoice.kind == InvoiceKind.INVOICE, Invoice.month == month
    )
    whole = drafts.options(joinedload(Invoice.engagement), *_on_its_page())
    return whole.join(Invoice.client).order_by(func.lower(Client.name), Invoice.id)


def newest_drafts() -> date | None:
    """The last month of which something is drafted."""
    return db.session.scalar(select(func.max(Invoice.month)).where(Invoice.state == InvoiceState.DRAFT))


PLAIN_WORDS = {
    "issued": "To be paid", "part_paid": "Paid in part", "late": "Past its day", "paid": "Paid", "voided": "Taken back",
}  # fmt: skip


def one_issued(invoice_id: int) -> Select[Invoice]:
    """As its client reads it."""
    return (
        select(Invoice)
        .where(Invoice.id == invoice_id, Invoice.state != InvoiceState.DRAFT)
        .options(joinedload(Invoice.engagement).lazyload("*"), *_on_its_page())
    )


def issued_invoices() -> Select[Invoice]:
    return invoices().where(Invoice.state != InvoiceState.DRAFT)


def issued_listing() -> Listing:
    """Of the company's own page: newest first, nothing to choose."""
    return Listing(
        sorts={"issued": (Invoice.issued_on, Invoice.number)}, key=Invoice.id, newest_first=True, per_page=25
    )


def invoices_listing(on: date) -> Listing:
    owed = and_(Invoice.state == InvoiceState.ISSUED, Invoice.kind == InvoiceKind.INVOICE)
    stands = {
        "draft": Invoice.state == InvoiceState.DRAFT,
        "open": owed,
        "late": and_(owed, Invoice.due_on < on),
        "part_paid": and_(owed, Invoice.paid > 0),
        "paid": Invoice.state == InvoiceState.PAID,
        "voided": Invoice.state == InvoiceState.VOIDED,
    }
    words = {"open": "Open"} | STANDING_WORDS
    return Listing(
        sorts={
            "issued": (func.coalesce(Invoice.issued_on, date.max), Invoice.number), "number": (func.coalesce(Invoice.number, ""),),
            "client": (func.lower(Client.name),), "due": (Invoice.due_on,), "total": (Invoice.total,),
        },
        key=Invoice.id,
        search=[Invoice.number, Client.name, Client.code, Invoice.purchase_order],
        filters=[
            Filter("state", "State", [(name, words[name]) for name in stands], lambda value: stands[value], blank="Any state"),
            Filter("kind", "Kind", [("invoice", "Invoices"), ("credit_note", "Credit notes")], lambda value: Invoice.kind == InvoiceKind(value), blank="Invoices and credit notes"),
            Filter("year", "Year", [(str(year), str(year)) for year in range(on.year, on.year - 6, -1)],
                   lambda value: Invoice.issued_on.between(date(int(value), 1, 1), date(int(value), 12, 31)), blank="Any year"),
        ],
        newest_first=True,
    )  # fmt: skip


def listed_invoices() -> Select[Invoice]:
    return invoices().join(Client, Client.id == Invoice.client_id)


@dataclass(frozen=True)
class Sums:
    """What all invoices come to that somebody sees."""

    drafts: int
    open: int
    owed: int
    late: int
    late_sum: int


def sums(on: date, *where: object) -> Sums:
    """How many drafts, and how many invoices are open and late with what is left to pay on them, in minor units; `where` narrows
    them. One statement."""
    owed = and_(Invoice.state == InvoiceState.ISSUED, Invoice.kind == InvoiceKind.INVOICE)
    late = and_(owed, Invoice.due_on < on)
    left = Invoice.total - Invoice.paid
    found = db.session.execute(
        select(
            func.count(case((Invoice.state == InvoiceState.DRAFT, 1))), func.count(case((owed, 1))),
            func.coalesce(func.sum(case((owed, left), else_=0)), 0), func.count(case((late, 1))),
            func.coalesce(func.sum(case((late, left), else_=0)), 0),
        ).where(true(), *where)  # type: ignore[arg-type]
    ).one()  # fmt: skip
    return Sums(*(int(one) for one in found))


def lines_issued(first: date, last: date) -> Select[InvoiceLine]:
    """For the bookkeeping: every line of what was issued between two days, with its invoice and client."""
    return (
        select(InvoiceLine)
        .join(InvoiceLine.invoice)
        .where(Invoice.issued_on.between(first, last))
        .options(joinedload(InvoiceLine.invoice).joinedload(Invoice.client))
        .order_by(Invoice.number, InvoiceLine.position, InvoiceLine.id)
    )


def invoices_of_engagements(ids: Collection[int]) -> Select[Invoice]:
    return invoices().where(Invoice.engagement_id.in_(list(ids)))
