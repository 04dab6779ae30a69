"""Drafts of invoices: made from closed months, changed line by line, thrown away. No number is given yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, insert, null, select, update
from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act, allow
from crm.audit.trail import Deed, record_each
from crm.core.calendar import month_end
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer
from crm.engagements.models import Engagement
from crm.invoices import billed, to_bill
from crm.invoices import queries as ask
from crm.invoices.billing.models import Billing
from crm.invoices.drafting import Proposed, expense_line, milestone_line, still_to_bill
from crm.invoices.expenses.models import Expense
from crm.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState, LineKind
from crm.invoices.paper import TaxCategory
from crm.people.models import Period

Answers = Mapping[str, Any]
ONLY_PARTNERS = OpenTo.PARTNERS
DRAFTS: dict[str, Any] = {"named": "invoices.draft", "render_nulls": True}  # lines of one shape are one statement
MARKS: dict[str, Any] = {"named": "invoices.mark_billed", "synchronize_session": False}
NO_STATEMENT = 0  # of a month that was locked before statements were kept


@dataclass(frozen=True)
class Basis:
    """What a draft is made from: the lines of the mechanic, and the statements that they were reckoned from, by month."""

    month: date | None
    lines: Sequence[Proposed]
    currency: str
    statements: Mapping[date, int] = field(default_factory=dict)


def draft_invoice(engagement: Engagement, basis: Basis, *, viewer: Viewer, press: Press) -> Invoice:
    """A draft with the lines of a closed month that stand on no invoice yet, and what was spent for the client."""
    invoice = _blank(engagement, basis, ask.billing_of(engagement.client_id))
    with act(viewer, "invoice.draft", invoice, press=press, open_to=ONLY_PARTNERS):
        lines = _left([(engagement, basis)], basis.month)[engagement.id]
        if basis.month and not lines:
            raise Refused(_nothing_left(engagement, basis.month), "month")
        _write([(invoice, lines)])
    return invoice


def draft_month(
    period: Period, wanted: Sequence[tuple[Engagement, Basis]], *, viewer: Viewer, press: Press
) -> list[Invoice]:
    """A draft for every engagement of which something of a closed month is not billed yet. What it asks and writes does not
    grow with them."""
    with act(viewer, "invoice.draft_month", period, press=press, open_to=ONLY_PARTNERS):
        left = _left(wanted, period.month)
        due = [(engagement, basis) for engagement, basis in wanted if left[engagement.id]]
        billings = ask.billings_of({engagement.client_id for engagement, _ in due})
        made = [(_blank(one, basis, billings[one.client_id]), left[one.id]) for one, basis in due]
        for invoice, _ in made:
            allow(viewer, "invoice.draft", invoice)
        _write(made)
        record_each(viewer, [Deed("invoice.draft", invoice, open_to=ONLY_PARTNERS) for invoice, _ in made])
    return [invoice for invoice, _ in made]


def _blank(engagement: Engagement, basis: Basis, billing: Billing) -> Invoice:
    invoice = Invoice(
        client_id=engagement.client_id, engagement_id=engagement.id, month=basis.month, made_at=now(), currency=basis.currency,
        payment_days=billing.payment_days, purchase_order=billing.purchase_order, reference=billing.reference,
        file_format=billing.file_format, kind=InvoiceKind.INVOICE, state=InvoiceState.DRAFT, note="", basis={},
    )  # fmt: skip
    invoice.rest_on(basis.statements)
    set_committed_value(invoice, "engagement", engagement)
    return invoice


def _left(wanted: Sequence[tuple[Engagement, Basis]], month: date | None) -> dict[int, list[Proposed]]:
    """What of each stands on no draft or invoice yet, its expenses with it. Nobody else drafts for them until the end."""
    ids = [engagement.id for engagement, _ in wanted]
    hold(*ids)
    done, spent = billed.billed_of(ids), to_bill.spent_of(ids, month_end(month)) if month else {}
    takes_tax_back = bool(ask.the_issuer().tax_number)
    return {
        engagement.id: still_to_bill(basis.lines, done.get(engagement.id, ()))
        + [expense_line(one, takes_tax_back=takes_tax_back) for one in spent.get(engagement.id, ())]
        for engagement, basis in wanted
    }


def _nothing_left(engagement: Engagement, month: date) -> str:
    return (
        f"Nothing of {month:%B %Y} is left to bill for {engagement.code}. Where corrections take off more than was worked, "
        "the rest comes off the next month that is billed."
    )


OF_A_DRAFT = (
    "client_id", "engagement_id", "kind", "state", "month", "basis", "payment_days", "purchase_order", "reference", "note",
    "currency", "file_format", "net", "tax", "total", "made_at",
)  # fmt: skip
OF_A_LINE = (
    "client_id", "engagement_id", "invoice_id", "position", "kind", "text", "quantity", "unit", "price", "net", "category",
    "tax_rate", "month", "worked_by_id", "expense_id", "receipt_id",
)  # fmt: skip


def _write(made: Sequence[tuple[Invoice, Sequence[Proposed]]]) -> None:
    """The drafts with their lines, and the expenses marked: as many statements for all as for one. Each is of another
    engagement, and of one that this viewer held."""
    billings = ask.billings_of({invoice.client_id for invoice, _ in made})
    with_lines = []
    for invoice, proposed in made:
        lines = [_line_of(invoice, n, one, billings[invoice.client_id]) for n, one in enumerate(proposed, 1)]
        invoice.reckon(lines)
        with_lines.append((invoice, lines))
    if made:
        rows = [{name: getattr(invoice, name) for name in OF_A_DRAFT} for invoice, _ in made]
        kept = insert(Invoice).values(rows).returning(Invoice.engagement_id, Invoice.id)
        ids = {row.engagement_id: row.id for row in db.session.execute(kept, execution_options=DRAFTS)}
        for invoice, lines in with_lines:
            invoice.id = ids[invoice.engagement_id]
            for line in lines:
                line.invoice_id = invoice.id
    every = [line for _, lines in with_lines for line in lines]
    if every:
        below = [{name: getattr(line, name) for name in OF_A_LINE} for line in every]
        db.session.execute(insert(InvoiceLine), below, execution_options=DRAFTS)
    _mark_billed({one.expense_id: one.invoice_id for one in every if one.expense_id})


def hold(*engagement_ids: int) -> None:
    """Until the end of this transaction nobody else makes a draft for these engagements."""
    held = select(Engagement.id).where(Engagement.id.in_(engagement_ids)).order_by(Engagement.id).with_for_update()
    db.session.scalars(held).all()


def _line_of(invoice: Invoice, position: int, one: Proposed, billing: Billing) -> InvoiceLine:
    line = InvoiceLine(
        invoice_id=invoice.id, client_id=invoice.client_id, engagement_id=invoice.engagement_id, position=position, kind=one.kind,
        month=one.month, worked_by_id=one.worked_by_id, expense_id=one.expense_id,
        receipt_id=one.receipt_id,
    )  # fmt: skip
    line.say(
        text=one.text, quantity=one.quantity, unit=one.unit, price=one.price, category=TaxCategory(billing.category),
        tax_rate=Decimal(billing.tax_rate),
    )  # fmt: skip
    return line


def _mark_billed(bills: Mapping[int, int | None]) -> None:
    """Expenses are on these invoices, or on none again: one statement."""
    if bills:
        on = case(bills, value=Expense.id) if any(bills.values()) else null()
        marked = update(Expense).where(Expense.id.in_(bills)).values(billed_on_id=on, version=Expense.version + 1)
        db.session.execute(marked, execution_options=MARKS)


def free(lines: Iterable[InvoiceLine]) -> None:
    """What was spent may be billed anew."""
    _mark_billed({one.expense_id: None for one in lines if one.expense_id})


def revise_draft(invoice: Invoice, said: Answers, *, changes: str, viewer: Viewer, press: Press) -> Invoice:
    with act(viewer, "invoice.revise", invoice, press=press, reason=changes, open_to=ONLY_PARTNERS):
        invoice.must_be_draft()
        invoice.payment_days, invoice.purchase_order = said["payment_days"], said["purchase_order"]
        invoice.reference, invoice.note = said["reference"], said["note"]
    return invoice


def add_line(invoice: Invoice, said: Answers, *, viewer: Viewer, press: Press) -> Invoice:
    line = InvoiceLine(kind=LineKind.OTHER)
    with act(viewer, "invoice.revise", invoice, press=press, open_to=ONLY_PARTNERS):
        line.say(**said)
        _append(invoice, line)
    return invoice


def add_milestone(
    invoice: Invoice, price: int, percent: Decimal, what: str, *, viewer: Viewer, press: Press
) -> Invoice:
    """A part of the fixed price. All parts together are never more than it."""
    billing = ask.billing_of(invoice.client_id)
    with act(viewer, "invoice.revise", invoice, press=press, open_to=ONLY_PARTNERS):
        hold(invoice.engagement_id)
        left = price - billed.milestones_of(invoice.engagement_id)
        part = milestone_line(price, percent, what)
        if part.price <= 0:
            raise Refused("Write the part in per cent, more than nothing, like 30", "percent")
        if part.price > left:
            raise Refused("So much of the price is not left: the other parts are on invoices already.", "percent")
        _append(invoice, _line_of(invoice, 0, part, billing))
    return invoice


def _append(invoice: Invoice, line: InvoiceLine) -> None:
    invoice.must_be_draft()
    line.invoice_id, line.client_id, line.engagement_id = invoice.id, invoice.client_id, invoice.engagement_id
    line.position = max((one.position for one in invoice.lines), default=0) + 1
    db.session.add(line)
    invoice.reckon([*invoice.lines, line])
    _touch(invoice)


def _touch(invoice: Invoice) -> None:
    """Whoever looks at the draft must see its lines as they are: a line changes the version of the whole."""
    invoice.made_at = now()


def revise_line(line: InvoiceLine, invoice: Invoice, said: Answers, *, viewer: Viewer, press: Press) -> InvoiceLine:
    with act(viewer, "invoice.revise", line, press=press, open_to=ONLY_PARTNERS):
        invoice.must_be_draft()
        line.say(**said)
        if line.kind is LineKind.MILESTONE:
            _within_the_price(invoice)
        invoice.reckon(invoice.lines)
        _touch(invoice)
    return line


def _within_the_price(invoice: Invoice) -> None:
    hold(invoice.engagement_id)
    terms = invoice.engagement.terms
    if terms and terms.amount is not None and billed.milestones_of(invoice.engagement_id) > terms.amount:
        raise Refused("All parts together are more than the fixed price. Write a smaller one.", "price")


def remove_line(line: InvoiceLine, invoice: Invoice, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "invoice.revise", invoice, press=press, open_to=ONLY_PARTNERS):
        invoice.must_be_draft()
        db.session.delete(line)
        invoice.reckon([one for one in invoice.lines if one is not line])
        _touch(invoice)
        free([line])


def drop_draft(invoice: Invoice, *, viewer: Viewer, press: Press) -> None:
    """A draft has no number yet, so nothing is missing when it goes."""
    with act(viewer, "invoice.drop", invoice, press=press, open_to=ONLY_PARTNERS):
        invoice.must_be_draft()
        free(invoice.lines)
        for line in invoice.lines:
            db.session.delete(line)
        db.session.flush()
        db.session.delete(invoice)
