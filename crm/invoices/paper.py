"""An invoice as plain values: what is printed, written as an electronic file and reckoned. No row, no session."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any


class TaxCategory(StrEnum):
    """How a line is taxed, by the letters of EN 16931."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE = "AE"
    OUTSIDE = "O"


CATEGORY_WORDS = {
    TaxCategory.STANDARD: "Taxed",
    TaxCategory.ZERO: "Zero-rated",
    TaxCategory.EXEMPT: "Exempt",
    TaxCategory.REVERSE: "Reverse charge: the client accounts for the tax",
    TaxCategory.OUTSIDE: "Outside the scope of tax, or we are not registered",
}
REASONS = {
    TaxCategory.EXEMPT: "Exempt from VAT",
    TaxCategory.REVERSE: "Reverse charge: the customer accounts for the VAT",
    TaxCategory.OUTSIDE: "Not subject to VAT",
}


class Unit(StrEnum):
    DAY = "day"
    MONTH = "month"
    HOUR = "hour"
    ONE = "one"


def line_sum(quantity: Decimal, price: int) -> int:
    """Quantity times price in whole pence, half up, away from zero (docs/domain.md, F5; RELIABILITY, money)."""
    return int((quantity * price).quantize(Decimal(1), ROUND_HALF_UP))


def tax_of(net: int, rate: Decimal) -> int:
    return int((net * rate / 100).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class Party:
    """Who sells or buys, as the law wants them named."""

    name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    tax_number: str = ""
    company_number: str = ""
    email: str = ""

    @property
    def address(self) -> list[str]:
        return [one for one in (self.line1, self.line2, self.city, self.postcode, self.country) if one]


@dataclass(frozen=True)
class Bank:
    """Where the money goes."""

    holder: str = ""
    iban: str = ""
    bic: str = ""
    sort_code: str = ""
    account: str = ""

    @property
    def number(self) -> str:
        """The account as a payment names it: the IBAN, else sort code and number."""
        return self.iban or f"{self.sort_code}{self.account}".replace("-", "").replace(" ", "")


@dataclass(frozen=True)
class PaperLine:
    text: str
    quantity: Decimal
    unit: Unit
    price: int
    net: int
    category: TaxCategory
    rate: Decimal


@dataclass(frozen=True)
class Tax:
    """What one rate adds: reckoned once over the sum of its lines."""

    category: TaxCategory
    rate: Decimal
    net: int
    tax: int


def taxes_of(lines: Iterable[Any]) -> list[Tax]:
    """The tax by category and rate, highest rate first. A line has net, category and rate."""
    nets: dict[tuple[TaxCategory, Decimal], int] = {}
    for line in lines:
        key = TaxCategory(line.category), line.rate
        nets[key] = nets.get(key, 0) + line.net
    order = sorted(nets.items(), key=lambda one: (-one[0][1], one[0][0].value))
    return [Tax(category, rate, net, tax_of(net, rate)) for (category, rate), net in order]


@dataclass(frozen=True)
class Paper:
    """Everything that an invoice or a credit note says."""

    number: str
    issued_on: date
    due_on: date
    currency: str
    seller: Party
    buyer: Party
    bank: Bank
    lines: Sequence[PaperLine]
    title: str = ""
    engagement: str = ""
    purchase_order: str = ""
    reference: str = ""
    note: str = ""
    first_day: date | None = None
    last_day: date | None = None
    credits_number: str = ""
    credits_on: date | None = None
    taxes: Sequence[Tax] = field(init=False)

    def address_of(self, party: Party) -> list[str]:
        """As it is read: the country only where the invoice goes abroad."""
        is_abroad = self.seller.country != self.buyer.country
        return party.address if is_abroad else replace(party, country="").address

    def __post_init__(self) -> None:
        object.__setattr__(self, "taxes", taxes_of(self.lines))

    @property
    def is_credit(self) -> bool:
        return bool(self.credits_number)

    @property
    def net(self) -> int:
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(one.tax for one in self.taxes)

    @property
    def total(self) -> int:
        return self.net + self.tax


def kept(value: Party | Bank) -> dict[str, str]:
    """As it is frozen beside an issued invoice."""
    return asdict(value)


def party_of(found: Mapping[str, str] | None) -> Party:
    return Party(**(found or {}))


def bank_of(found: Mapping[str, str] | None) -> Bank:
    return Bank(**(found or {}))
