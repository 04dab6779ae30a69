"""Invoices as they leave: issued with a number, closing their months for good; voided by a credit note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from crm.access.act import act, act_on_each
from crm.closing.operations import freeze_invoiced, mark_invoiced
from crm.closing.queries import engagement_month, held_period, statement_of
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo, Visibility
from crm.core.viewer import Viewer
from crm.engagements.states import PriceKind
from crm.files.models import StoredFile
from crm.invoices import queries as ask
from crm.invoices import to_bill
from crm.invoices.billing.models import Billing, Issuer, next_sequence
from crm.invoices.drafts import NO_STATEMENT, free
from crm.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState, LineKind, is_given
from crm.invoices.notices import announce
from crm.invoices.paper import Paper, Unit, kept
from crm.invoices.printed import lacks_of, paper_of
from crm.timelog.models import MonthState

ONLY_PARTNERS = OpenTo.PARTNERS


def as_it_stands(invoice: Invoice) -> Paper:
    """All that its file says, as it would be issued now."""
    return paper_of(invoice, ask.the_issuer(), ask.billing_of(invoice.client_id))


def issue_invoice(
    invoice: Invoice, *, checked: Paper, missing: Sequence[Refused], viewer: Viewer, press: Press | None
) -> Invoice:
    """It gets its number, and from then on never changes. `missing` is what was found in the paper that was `checked`
    before anything was held: another one is not issued."""
    with act(viewer, "invoice.issue", invoice, press=press, open_to=ONLY_PARTNERS):
        invoice.must_be_draft()
        for one in missing:
            raise one
        if as_it_stands(invoice) != checked:
            raise Refused("Something of it changed at this very moment. Look at it again, then issue it.")
        _issue(invoice, invoice.lines)
        _close_months(invoice, viewer)
        announce(invoice)
    return invoice


@dataclass(frozen=True)
class Checked:
    """A draft as it was looked at before anything was held: its version on the page, its paper, and what is missing."""

    version: int
    paper: Paper
    missing: Sequence[Refused]


@dataclass(frozen=True)
class Together:
    """What one press issued, and what stays a draft, with the reason."""

    issued: Sequence[Invoice]
    left: Sequence[tuple[str, Refused]]  # whom it is for


def issue_each(drafts: Sequence[Invoice], checked: Mapping[int, Checked], *, viewer: Viewer, press: Press) -> Together:
    """Several drafts at one press, in this order. One that cannot be issued stays as it is and takes no number; the others
    are issued, each with its own line in the trail. Where all are refused, nothing was done."""
    issued, left = [], []
    with act_on_each(viewer, press=press):
        for draft in drafts:
            whom, seen = draft.client.name, checked[draft.id]
            try:
                with db.session.begin_nested():  # with it a number that was taken goes back
                    if draft.version != seen.version:
                        raise Refused("It changed since you opened this page. Look at it again.")
                    issue_invoice(draft, checked=seen.paper, missing=seen.missing, viewer=viewer, press=None)
                issued.append(draft)
            except Refused as error:
                left.append((whom, error))
        if left and not issued:
            raise Refused(" ".join(["Nothing was issued.", *(f"{whom}: {error}" for whom, error in left)]))
    return Together(issued, left)


def _close_months(invoice: Invoice, viewer: Viewer) -> None:
    """The months that it bills stay as they are from now on, for this engagement (invariants 10 and 19): its own, and those
    whose corrections were carried on to it. Their first invoice does that; one that follows a credit note finds it done."""
    months = {one.month for one in invoice.lines if one.kind is LineKind.TIME and one.month} | {invoice.month} - {None}
    closing = sorted(month for month in months if month)
    for month in closing:
        held_period(month)  # from here on no newer statement takes the place of the one that stands
    if changed := outdated(invoice, stands_for([invoice])):
        raise Refused(newer(changed[0]))
    for month in closing:
        _close(invoice, month, viewer)


def _close(invoice: Invoice, month: date, viewer: Viewer) -> None:
    """A month that was locked before statements were kept has none: then the retainer's figures alone are frozen."""
    before, terms = engagement_month(invoice.engagement_id, month), invoice.engagement.terms
    if before is not None and before.state is MonthState.INVOICED:
        before.invoice(invoice.code, now())  # the one before was voided, or was that of a later month
        return
    if statement_of(invoice.engagement_id, month) is not None:
        mark_invoiced(invoice.engagement_id, month, invoice.code, viewer)
    elif terms and terms.price_kind is PriceKind.RETAINER:
        freeze_invoiced(invoice.engagement, month, invoice.code)


Stands = Mapping[tuple[int, date], int]  # which statement stands, by engagement and month


def stands_for(invoices: Sequence[Invoice]) -> Stands:
    """The statements of the months that drafts were made from, as they are now: one statement."""
    return to_bill.statement_ids((one.engagement_id, month) for one in invoices for month in one.rests_on)


def outdated(invoice: Invoice, stands: Stands) -> list[date]:
    """The months of a draft for which another statement stands than the one that it was made from."""
    made_from = invoice.rests_on.items()
    return [month for month, key in made_from if stands.get((invoice.engagement_id, month), NO_STATEMENT) != key]


def in_the_way(invoice: Invoice, issuer: Issuer, billing: Billing, stands: Stands) -> dict[str, list[Refused]]:
    """What stands before a draft is issued, by where it is mended."""
    found = lacks_of(invoice, issuer, billing)
    return found | {"draft": [*(Refused(newer(month)) for month in outdated(invoice, stands)), *found["draft"]]}


def newer(month: date) -> str:
    return (
        f"The statement of {month:%B %Y} is newer than this draft: its days were opened and locked again. Throw the draft "
        "away and make it anew."
    )


Named = tuple[dict[str, Any] | None, dict[str, Any] | None, dict[str, Any] | None]  # seller, buyer, bank


def _issue(invoice: Invoice, lines: Sequence[InvoiceLine], named: Named | None = None) -> None:
    """With the next number, and the names of today unless others are told. The lines first: those of an issued invoice
    never change."""
    issuer, billing, on = ask.the_issuer(), ask.billing_of(invoice.client_id), today()
    for line in lines:
        line.visibility = Visibility.CLIENT
        line.month = line.month or on.replace(day=1)
    db.session.flush()
    year = on.year if issuer.yearly else 0
    number = issuer.number_of(on.year, next_sequence(year))
    while is_given(number):  # by an older series of the same look: this one goes on behind it
        number = issuer.number_of(on.year, next_sequence(year))
    ours = kept(issuer.party) | {"footer": issuer.footer}
    seller, buyer, bank = named or (ours, kept(billing.party), kept(issuer.bank))
    invoice.issue(number, on, seller=seller, buyer=buyer, bank=bank)
    receipts = [one.receipt_id for one in lines if one.receipt_id]
    for file in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(receipts))) if receipts else ():
        file.visibility = Visibility.CLIENT


def void_invoice(invoice: Invoice, reason: str, *, viewer: Viewer, press: Press) -> Invoice:
    """A credit note over all of it, with a number of its own. What it billed may be billed anew."""
    with act(viewer, "invoice.void", invoice, press=press, reason=reason, open_to=ONLY_PARTNERS):
        invoice.void()
        note = Invoice(
            kind=InvoiceKind.CREDIT_NOTE, client_id=invoice.client_id, engagement_id=invoice.engagement_id, month=invoice.month,
            made_at=now(), currency=invoice.currency, payment_days=0, purchase_order=invoice.purchase_order,
            reference=invoice.reference, file_format=invoice.file_format, note="", credits_id=invoice.id, state=InvoiceState.DRAFT,
        )  # fmt: skip
        lines = [_credited(one, note) for one in invoice.lines]
        note.reckon(lines)
        db.session.add(note)
        db.session.flush()
        for line in lines:
            line.invoice_id = note.id
        db.session.add_all(lines)
        named = invoice.seller, invoice.buyer, invoice.bank  # it credits whom the invoice named, wherever they live now
        _issue(note, lines, named)
        free(invoice.lines)
        announce(note)
    return note


def _credited(line: InvoiceLine, note: Invoice) -> InvoiceLine:
    return InvoiceLine(
        invoice_id=note.id, client_id=note.client_id, engagement_id=note.engagement_id, position=line.position, kind=line.kind,
        text=line.text, quantity=line.quantity, unit=Unit(line.unit), price=line.price, net=line.net, category=line.category,
        tax_rate=line.tax_rate, month=line.month, worked_by_id=line.worked_by_id,
    )  # fmt: skip
