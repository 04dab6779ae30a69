"""What is agreed, as plain values: the price by its mechanic, a person's part, the scope of an area."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crm.core.errors import Refused
from crm.core.twelve import Scope
from crm.engagements.models import Terms
from crm.engagements.people import AssignmentRole
from crm.engagements.states import EngagementModel, Overage, PriceKind


@dataclass(frozen=True)
class Price:
    """What an engagement costs (engagement-models.md, price mechanics). Sums in minor units."""

    kind: PriceKind
    days_a_month: Decimal | None = None
    monthly_fee: int | None = None
    rollover_cap: Decimal | None = None
    amount: int | None = None
    budget_days: Decimal | None = None
    day_rate: int | None = None
    overage: Overage = Overage.ASK
    overage_rate: int | None = None
    authority_limit: int | None = None

    @classmethod
    def answers(cls) -> list[str]:
        return [one.name for one in fields(cls) if one.name != "kind"]

    @classmethod
    def of(cls, kind: PriceKind, **given: Any) -> "Price":
        """Only what belongs to the mechanic."""
        return cls(kind, **{name: value for name, value in given.items() if name in OF_EVERY | BELONGS[kind]})

    def lacks(self, model: EngagementModel) -> Iterator[Refused]:
        """What is missing or does not fit, each beside its answer."""
        for name, sentence in ASKED[self.kind].items():
            if getattr(self, name) is None:
                yield Refused(sentence, name)
        if model is EngagementModel.MENTORING and self.kind is not PriceKind.FIXED_PRICE:
            yield Refused("Mentoring is a package at a fixed price", "price_kind")
        if model is EngagementModel.NON_EXEC and self.kind is not PriceKind.RETAINER:
            yield Refused("A non-executive is paid a retainer", "price_kind")
        if model is EngagementModel.NON_EXEC and self.rollover_cap:
            yield Refused("Days of a non-executive do not roll over: write 0", "rollover_cap")
        if self.rollover_cap and self.days_a_month and self.rollover_cap > self.days_a_month:
            yield Refused("At most a month’s days roll over", "rollover_cap")

    def write(self, terms: Terms, model: EngagementModel) -> None:
        """Into the row, with the defaults of the book: half the days roll over, overage costs the fee of a day."""
        for error in self.lacks(model):
            raise error
        cap, rate = self.rollover_cap, self.overage_rate
        if self.kind is PriceKind.RETAINER and self.days_a_month and self.monthly_fee is not None:
            share = Decimal(0) if model is EngagementModel.NON_EXEC else Decimal("0.5")
            cap = self.days_a_month * share if cap is None else cap
            daily = (self.monthly_fee / self.days_a_month).quantize(Decimal(1), ROUND_HALF_UP)
            rate = int(daily) if rate is None else rate
        terms.price_kind, terms.monthly_fee, terms.amount = self.kind, self.monthly_fee, self.amount
        terms.budget_days, terms.day_rate, terms.rollover_cap = self.budget_days, self.day_rate, cap
        terms.overage, terms.overage_rate, terms.authority_limit = self.overage, rate, self.authority_limit


OF_EVERY = {"overage", "authority_limit"}
BELONGS = {
    PriceKind.RETAINER: {"days_a_month", "monthly_fee", "rollover_cap", "overage_rate"},
    PriceKind.FIXED_PRICE: {"amount", "budget_days", "overage_rate"},
    PriceKind.DAY_RATE: {"day_rate", "budget_days"},
}
ASKED = {
    PriceKind.RETAINER: {
        "days_a_month": "Write the days a month, like 4 or 1.5",
        "monthly_fee": "Write the monthly fee, like 4200",
    },
    PriceKind.FIXED_PRICE: {
        "amount": "Write the price, like 8400",
        "budget_days": "Write the days that it may take, like 8",
    },
    PriceKind.DAY_RATE: {"day_rate": "Write the price of a day, like 1050"},
}


@dataclass(frozen=True)
class Part:
    """A person's part when an engagement begins."""

    person_id: int
    role: AssignmentRole
    days: Decimal


@dataclass(frozen=True)
class ScopeOf:
    """What is said of one area."""

    scope: Scope
    person_id: int | None
    contact_id: int | None
    reason: str
    target: Decimal | None
    review_due: date | None
    rows_shared: bool


class Agreed:
    """An engagement and its price, or terms and their fee, as one thing to show and to compare."""

    def __init__(self, *of: Any) -> None:
        self._of = [one for one in of if one is not None]

    def __getattr__(self, name: str) -> Any:
        for one in self._of:
            if hasattr(one, name):
                return getattr(one, name)
        raise AttributeError(name)
