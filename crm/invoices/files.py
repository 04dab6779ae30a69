"""An invoice as the file that is sent: for people, and by the standard."""

from flask import Response, abort, g

from crm.accounts.mark import mark_of
from crm.core.lists import download
from crm.invoices import queries as ask
from crm.invoices.electronic import FileFormat, xml_of
from crm.invoices.models import Invoice
from crm.invoices.printed import paper_of, pdf_of_invoice


def pdf_answer(invoice: Invoice) -> Response:
    draft = (ask.the_issuer(), ask.billing_of(invoice.client_id)) if invoice.is_draft else (None, None)
    body = pdf_of_invoice(invoice, g.practice, mark_of(g.practice.logo), paper_of(invoice, *draft))
    return download(body, f"{_file_name(invoice)}.pdf", "application/pdf")


def xml_answer(invoice: Invoice) -> Response:
    """By the standard; a draft has none."""
    if invoice.is_draft:
        abort(404)
    body = xml_of(paper_of(invoice), FileFormat(invoice.file_format))
    return download(body, f"{_file_name(invoice)}.xml", "application/xml")


def _file_name(invoice: Invoice) -> str:
    what = "credit-note" if invoice.is_credit else "invoice"
    return f"{what}-{invoice.number}" if invoice.number else f"draft-{what}"
