"""What the company is asked to pay, and what it has paid: for the sponsor."""

from flask import Response, abort
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from crm.access.pages import Pages
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import plain_sum
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.viewer import Role
from crm.core.words import iso
from crm.files.serving import download
from crm.invoices import queries as ask
from crm.invoices.files import pdf_answer, xml_answer
from crm.invoices.models import Invoice
from crm.invoices.paper import CATEGORY_WORDS
from crm.invoices.printed import paper_of
from crm.portal.shell import page

pages = Pages("portal_invoices", __name__, roles={Role.SPONSOR}, url_prefix="/portal/invoices")
HEADS = (
    "Number",
    "Kind",
    "For",
    "Date",
    "To be paid by",
    "Net",
    "Tax",
    "Sum",
    "Paid",
    "Still to be paid",
    "Currency",
    "State",
)


def the_invoice(invoice_id: int) -> Invoice:
    found: Invoice | None = db.session.scalars(ask.one_issued(invoice_id)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


@pages.get("")
def index() -> ResponseReturnValue:
    on = today()
    found = page_of(ask.issued_invoices(), ask.issued_listing())
    return page(
        "portal/invoices.html",
        page=found,
        export=found.exported_by(".export"),
        sums=ask.sums(on),
        on=on,
        WORDS=ask.PLAIN_WORDS,
    )


@pages.get("/list.csv")
def export() -> Response:
    """A credit note takes off: its sums are below nothing."""
    on = today()
    rows = (
        (one.number, "Credit note" if one.is_credit else "Invoice", one.engagement.title, iso(one.issued_on), "" if one.is_credit else iso(one.due_on),
         *(f"{'-' if one.is_credit and minor else ''}{plain_sum(minor)}" for minor in (one.net, one.tax, one.total)), plain_sum(one.paid), plain_sum(one.owed),
         one.currency, "Credited" if one.is_credit else ask.PLAIN_WORDS[one.standing(on)])
        for one in all_rows(ask.issued_invoices(), ask.issued_listing())
    )  # fmt: skip
    return csv_of(HEADS, rows, "invoices")


@pages.get("/<id:invoice_id>")
def show(invoice_id: int) -> ResponseReturnValue:
    invoice = the_invoice(invoice_id)
    return page(
        "portal/invoice.html",
        CATEGORY_WORDS=CATEGORY_WORDS,
        invoice=invoice,
        paper=paper_of(invoice),
        on=today(),
        WORDS=ask.PLAIN_WORDS,
    )


@pages.get("/<id:invoice_id>/invoice.pdf")
def pdf(invoice_id: int) -> Response:
    return pdf_answer(the_invoice(invoice_id))


@pages.get("/<id:invoice_id>/invoice.xml")
def xml(invoice_id: int) -> Response:
    return xml_answer(the_invoice(invoice_id))


@pages.get("/<id:invoice_id>/files/<id:line_id>")
def receipt(invoice_id: int, line_id: int) -> Response:
    """What was paid for them, as it was paid."""
    line = next((one for one in the_invoice(invoice_id).lines if one.id == line_id), None)
    return download(line.receipt) if line and line.receipt else abort(404)
