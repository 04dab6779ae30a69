"""One letter when an invoice or a credit note is issued: to the sponsors, who pay."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.core.db import db
from crm.core.words import day, money
from crm.engagements.models import Engagement
from crm.engagements.people import Sponsorship
from crm.invoices.models import Invoice, InvoiceState
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice


def announce(invoice: Invoice) -> None:
    post("invoice.issued", key=f"invoice:{invoice.id}:issued", invoice_id=invoice.id)


@notice("invoice.issued")
def tell_who_pays(invoice_id: int) -> Iterator[Letter]:
    """What was voided meanwhile is not sent any more: its credit note tells the rest."""
    there = joinedload(Invoice.engagement).options(selectinload(Engagement.sponsors).joinedload(Sponsorship.contact))
    asked = select(Invoice).where(Invoice.id == invoice_id, Invoice.state.in_([InvoiceState.ISSUED, InvoiceState.PAID]))
    invoice = db.session.scalars(asked.options(there, joinedload(Invoice.credits))).unique().one_or_none()
    if invoice is None:
        return
    total = money(invoice.total, invoice.currency)
    said = f"{invoice.called} for {invoice.engagement.title} is there: {total}, to be paid by {day(invoice.due_on)}."
    if invoice.is_credit and invoice.credits:
        said = f"{invoice.called} takes back {invoice.credits.called.lower()}: {total}."
    for sponsor in invoice.engagement.sponsors:
        yield Letter(
            to=sponsor.contact, about=invoice, subject=f"{invoice.called}: {total}", text=said,
            path=f"/portal/invoices/{invoice.id}", link="See it", kind=Kind.INVOICE,
        )  # fmt: skip
