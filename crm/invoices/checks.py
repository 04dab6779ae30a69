"""What an invoice must say before it is issued: each lack in a sentence, beside the answer that it is about."""

from collections.abc import Iterator

from crm.core.errors import Refused
from crm.invoices.paper import Bank, Paper, Party, TaxCategory


def lacks_of_seller(seller: Party, bank: Bank) -> list[Refused]:
    return list(_seller(seller, bank))


def _seller(seller: Party, bank: Bank) -> Iterator[Refused]:
    if not seller.name:
        yield Refused("Say under which legal name the practice sells", "legal_name")
    if not seller.line1:
        yield Refused("Write the practice’s street", "line1")
    if not seller.city:
        yield Refused("Write the practice’s town", "city")
    if not seller.country:
        yield Refused("Write the practice’s country, like GB", "country")
    if not seller.tax_number and not seller.company_number:
        yield Refused("Write the practice’s VAT number, or its company number where it has none", "tax_number")
    if not bank.number:
        yield Refused("Say where the money goes: an IBAN, or sort code and account number", "iban")


def lacks_of_buyer(buyer: Party, category: TaxCategory | None = None) -> list[Refused]:
    return list(_buyer(buyer, category))


def _buyer(buyer: Party, category: TaxCategory | None) -> Iterator[Refused]:
    if not buyer.name:
        yield Refused("Write the client’s legal name", "legal_name")
    if not buyer.line1:
        yield Refused("Write the client’s street", "line1")
    if not buyer.city:
        yield Refused("Write the client’s town", "city")
    if not buyer.country:
        yield Refused("Write the client’s country, like GB", "country")
    if category is TaxCategory.REVERSE and not buyer.tax_number:
        yield Refused("With a reverse charge the client’s VAT number must stand on the invoice", "tax_number")


def lacks_of_lines(paper: Paper) -> list[Refused]:
    return list(_lines(paper))


def _lines(paper: Paper) -> Iterator[Refused]:
    categories = {one.category for one in paper.taxes}
    if not paper.lines:
        yield Refused("There is no line yet. Add what is to be paid")
    if paper.lines and not paper.total:
        yield Refused("The total is nothing. Add what is to be paid")
    if TaxCategory.OUTSIDE in categories and len(categories) > 1:
        yield Refused("Lines outside the scope of tax stand on an invoice of their own")
    if categories & {TaxCategory.STANDARD, TaxCategory.REVERSE} and not paper.seller.tax_number:
        yield Refused("Tax is charged, but the practice has no VAT number", "tax_number")
