"""An invoice as a paper, as its electronic file, and as rows for the bookkeeping."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.core.calendar import month_end
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.log import log
from crm.core.pdf import pdf_of
from crm.core.words import amount, day, money
from crm.invoices import queries as ask
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.checks import lacks_of_buyer, lacks_of_lines, lacks_of_seller
from crm.invoices.electronic import FileFormat, xml_of
from crm.invoices.models import Invoice, InvoiceLine
from crm.invoices.paper import (
    CATEGORY_WORDS,
    REASONS,
    Paper,
    PaperLine,
    Party,
    TaxCategory,
    Unit,
    bank_of,
    party_of,
    tax_of,
    taxes_of,
)
from crm.practice.models import Practice

UNITS = {Unit.DAY: "days", Unit.MONTH: "month", Unit.HOUR: "hours", Unit.ONE: ""}
PARTY = set(Party.__dataclass_fields__)


def paper_of(invoice: Invoice, issuer: Issuer | None = None, billing: Billing | None = None) -> Paper:
    """What was issued, as it was issued; of a draft, as it would be issued today."""
    if invoice.is_draft and issuer and billing:
        seller, buyer, bank = issuer.party, billing.party, issuer.bank
    else:
        frozen = {name: value for name, value in (invoice.seller or {}).items() if name in PARTY}
        seller, buyer, bank = party_of(frozen), party_of(invoice.buyer), bank_of(invoice.bank)
    on = invoice.issued_on or today()
    months = [one.month for one in invoice.lines if one.month]
    return Paper(
        number=invoice.number or "DRAFT", issued_on=on, due_on=invoice.due_on or on + timedelta(days=invoice.payment_days),
        currency=invoice.currency, seller=seller, buyer=buyer, bank=bank, lines=[_said(one) for one in invoice.lines],
        engagement=f"{invoice.engagement.title} ({invoice.engagement.code})", purchase_order=invoice.purchase_order,
        reference=invoice.reference, note=invoice.note, first_day=min(months, default=None),
        last_day=month_end(max(months)) if months else None,
        credits_number=(invoice.credits.number or "") if invoice.credits else "",
        credits_on=invoice.credits.issued_on if invoice.credits else None,
    )  # fmt: skip


def _said(line: InvoiceLine) -> PaperLine:
    return PaperLine(
        line.text, line.quantity, Unit(line.unit), line.price, line.net, TaxCategory(line.category), line.tax_rate
    )


def lacks_of(invoice: Invoice, issuer: Issuer, billing: Billing) -> dict[str, list[Refused]]:
    """What stands before a draft is issued, by where it is mended: the practice, the client, the draft itself."""
    paper = paper_of(invoice, issuer, billing)
    reverse = any(one.category is TaxCategory.REVERSE for one in paper.taxes)
    found = {
        "practice": lacks_of_seller(issuer.party, issuer.bank),
        "client": lacks_of_buyer(billing.party, TaxCategory.REVERSE if reverse else None),
        "draft": lacks_of_lines(paper),
    }
    if not any(found.values()):
        found["draft"] = _of_the_file(paper, FileFormat(invoice.file_format))
    return found


def _of_the_file(paper: Paper, kind: FileFormat) -> list[Refused]:
    try:
        xml_of(paper, kind)
    except Exception as error:  # noqa: BLE001  the library raises nothing narrower
        log.warning("electronic invoice does not hold", error=type(error).__name__)
        return [Refused("The electronic file does not hold against its schema. Look at names and numbers again")]
    return []


def pdf_of_invoice(invoice: Invoice, practice: Practice, logo: bytes | None, paper: Paper) -> bytes:
    said = _printed(invoice, practice, paper)
    return pdf_of("invoice", said | {"logo": list(logo or b""), "accent": practice.accent or "#24418e"})


def _printed(invoice: Invoice, practice: Practice, paper: Paper) -> dict[str, Any]:
    def sum_of(minor: int) -> str:
        return money(minor, paper.currency) if minor % 100 else f"{money(minor, paper.currency)}.00"

    bank = paper.bank
    ways = [
        ("Account holder", bank.holder),
        ("IBAN", bank.iban),
        ("BIC", bank.bic),
        ("Sort code", bank.sort_code),
        ("Account number", bank.account),
    ]
    heads = [
        ("Number", paper.number), ("Date", day(paper.issued_on)),
        ("Credits invoice" if paper.is_credit else "To be paid by", paper.credits_number if paper.is_credit else day(paper.due_on)),
        ("For", paper.engagement), ("Purchase order", paper.purchase_order), ("Your reference", paper.reference),
    ]  # fmt: skip
    return {
        "heading": "Credit note" if paper.is_credit else "Invoice" if invoice.number else "Draft invoice",
        "practice": practice.name, "is_draft": invoice.is_draft, "number": paper.number,
        "seller": [paper.seller.name, *paper.address_of(paper.seller)],
        "seller_ids": [said for said in (
            paper.seller.tax_number and f"VAT number {paper.seller.tax_number}",
            paper.seller.company_number and f"Company number {paper.seller.company_number}", paper.seller.email) if said],
        "buyer": [paper.buyer.name, *paper.address_of(paper.buyer)],
        "buyer_tax": f"VAT number {paper.buyer.tax_number}" if paper.buyer.tax_number else "",
        "heads": [list(one) for one in heads if one[1]],
        "lines": [
            [one.text, f"{amount(one.quantity)} {UNITS[one.unit]}".strip(), sum_of(one.price), _rate(one.category, one.rate), sum_of(one.net)]
            for one in paper.lines
        ],
        "net": sum_of(paper.net),
        "taxes": [[f"VAT {_rate(one.category, one.rate)} on {sum_of(one.net)}", sum_of(one.tax)] for one in paper.taxes],
        "total": sum_of(paper.total), "total_word": "Credited" if paper.is_credit else "To be paid",
        "reasons": sorted({REASONS[one.category] for one in paper.taxes if one.category in REASONS}),
        "bank": [] if paper.is_credit else [list(one) for one in ways if one[1]],
        "note": paper.note, "footer": str((invoice.seller or {}).get("footer", "")),
    }  # fmt: skip


def _rate(category: TaxCategory, rate: Decimal) -> str:
    return (
        f"{amount(rate)} %"
        if category is TaxCategory.STANDARD
        else CATEGORY_WORDS[category].split(":")[0].split(" of ")[0]
    )


# For the bookkeeping

XERO = (
    "*ContactName", "EmailAddress", "POAddressLine1", "POAddressLine2", "POCity", "POPostalCode", "POCountry", "*InvoiceNumber",
    "Reference", "*InvoiceDate", "*DueDate", "*Description", "*Quantity", "*UnitAmount", "*AccountCode", "*TaxType", "TaxAmount", "Currency",
)  # fmt: skip
QUICKBOOKS = (
    "*InvoiceNo", "*Customer", "*InvoiceDate", "*DueDate", "Terms", "Memo", "Item(Product/Service)", "ItemDescription",
    "ItemQuantity", "ItemRate", "*ItemAmount", "*ItemTaxCode", "ItemTaxAmount", "Currency", "Service Date",
)  # fmt: skip
XERO_TAX = {
    TaxCategory.ZERO: "Zero Rated Income", TaxCategory.EXEMPT: "Exempt Income", TaxCategory.REVERSE: "Zero Rated EC Services",
    TaxCategory.OUTSIDE: "No VAT",
}  # fmt: skip
QUICKBOOKS_TAX = {
    TaxCategory.ZERO: "0.0% Z", TaxCategory.EXEMPT: "Exempt", TaxCategory.REVERSE: "0.0% ECS", TaxCategory.OUTSIDE: "No VAT",
}  # fmt: skip


def _taxes_shared(lines: Sequence[InvoiceLine]) -> dict[int, int]:
    """The tax of each line, so that together they are the tax of the invoice: the largest line of a rate takes the rest."""
    found = {one.id: tax_of(one.net, one.tax_rate) for one in lines}
    for tax in taxes_of(lines):
        own = [one for one in lines if (TaxCategory(one.category), one.tax_rate) == (tax.category, tax.rate)]
        rest = tax.tax - sum(found[one.id] for one in own)
        found[max(own, key=lambda one: (one.net, -one.id)).id] += rest
    return found


def _plain(minor: int) -> str:
    return f"{Decimal(minor) / 100:.2f}"


def _written(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else ""


def _by_invoice(lines: Sequence[InvoiceLine]) -> Iterator[tuple[Invoice, list[InvoiceLine]]]:
    gathered: dict[int, list[InvoiceLine]] = {}
    for one in lines:
        gathered.setdefault(one.invoice_id, []).append(one)
    for own in gathered.values():
        yield own[0].invoice, own


def xero_rows(lines: Sequence[InvoiceLine], issuer: Issuer) -> Iterator[Sequence[str]]:
    """One row a line, by Xero's names. A credit note is an invoice below nothing: that is how Xero takes it."""
    for invoice, own in _by_invoice(lines):
        buyer, sign = party_of(invoice.buyer), -1 if invoice.is_credit else 1
        taxes = _taxes_shared(own)
        for one in own:
            category = TaxCategory(one.category)
            kind = (
                f"{amount(one.tax_rate)}% (VAT on Income)" if category is TaxCategory.STANDARD else XERO_TAX[category]
            )
            yield (
                buyer.name or invoice.client.name, buyer.email, buyer.line1, buyer.line2, buyer.city, buyer.postcode, buyer.country,
                invoice.number or "", invoice.purchase_order or invoice.reference, _written(invoice.issued_on), _written(invoice.due_on),
                one.text, f"{one.quantity * sign:f}", _plain(one.price), issuer.sales_account, kind, _plain(sign * taxes[one.id]), invoice.currency,
            )  # fmt: skip


def quickbooks_rows(lines: Sequence[InvoiceLine], issuer: Issuer) -> Iterator[Sequence[str]]:  # noqa: ARG001
    """One row a line, by the names of QuickBooks Online. It takes no credit notes this way: they are left out."""
    for invoice, own in _by_invoice([one for one in lines if not one.invoice.is_credit]):
        buyer = party_of(invoice.buyer)
        taxes = _taxes_shared(own)
        for one in own:
            category = TaxCategory(one.category)
            code = f"{amount(one.tax_rate, 1)}% S" if category is TaxCategory.STANDARD else QUICKBOOKS_TAX[category]
            yield (
                invoice.number or "", buyer.name or invoice.client.name, _written(invoice.issued_on), _written(invoice.due_on),
                f"Net {invoice.payment_days}", invoice.purchase_order or invoice.reference, "Services", one.text, f"{one.quantity:f}",
                _plain(one.price), _plain(one.net), code, _plain(taxes[one.id]), invoice.currency, _written(one.month),
            )  # fmt: skip


BOOKS = {"xero": (XERO, xero_rows), "quickbooks": (QUICKBOOKS, quickbooks_rows)}


def rows_for(book: str, first: date, last: date) -> tuple[Sequence[str], list[Sequence[str]]]:
    heads, rows = BOOKS[book]
    lines = db.session.scalars(ask.lines_issued(first, last)).unique().all()
    return heads, list(rows(lines, ask.the_issuer()))
