"""The form for other terms of a retainer, from a month on."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crm.core import inputs
from crm.core.calendar import month_after, month_of
from crm.core.forms import Choice, Form, Parsed, Sum, Tick
from crm.core.words import amount, month, plural
from crm.engagements.forms import OVERAGE_WORDS
from crm.engagements.models import Engagement
from crm.engagements.retained import LONGEST_KEPT, Order, Unit
from crm.engagements.retaining import Offer
from crm.engagements.states import Overage

UNIT_WORDS = {Unit.DAYS: "Days", Unit.HOURS: "Hours"}
ORDER_WORDS = {
    Order.ROLLED_FIRST: "Days that rolled in, then the month’s own",
    Order.GRANT_FIRST: "The month’s own days, then those that rolled in",
}
MONTHS = 24  # to choose from
MOST = 250  # hours a month


def so_much(text: str) -> Decimal:
    return inputs.days(text, at_most=MOST)


class RetainerForm(Form):
    """What shall hold, and from when on."""

    begins = Choice("From", kind=inputs.month, ask="Choose the month from which this holds")
    quantity = Parsed("A month", so_much, ask="Write how much a month, like 4 or 30", show=amount)
    unit = Choice("In", UNIT_WORDS.items(), kind=Unit, ask="Choose days or hours", default=Unit.DAYS)
    monthly_fee = Sum("Monthly fee", ask="Write the monthly fee, like 4200")
    cap = Parsed("Of it rolls over at most", so_much, ask="Write how much may roll over, or 0", show=amount)
    keeps = Choice(
        "What rolled in keeps for", [(n, plural(n, "month")) for n in range(1, LONGEST_KEPT + 1)], kind=int,
        ask="Choose how long", default=1,
    )  # fmt: skip
    used_first = Choice(
        "Used first", ORDER_WORDS.items(), kind=Order, ask="Choose an order", default=Order.ROLLED_FIRST
    )
    overage = Choice("Work beyond", OVERAGE_WORDS.items(), kind=Overage, ask="Choose one", default=Overage.ASK)
    overage_rate = Sum("Overage rate a day", ask="Write the price of a day beyond, like 1100")
    part_first = Tick("A first month that is not whole grants by its working days")
    part_last = Tick("A last month that is not whole grants by its working days")
    warns_sponsor = Tick("Tell the sponsors at 75, 90 and 100 %, as we tell the lead")

    def offer_months(self, months: Sequence[date]) -> None:
        self.begins.of([(f"{one:%Y-%m}", month(one)) for one in months])

    @property
    def offer(self) -> Offer:
        return Offer(**{name: value for name, value in self.fields().items() if name != "begins"})

    def validate(self, *args: Any, **options: Any) -> bool:
        super().validate(*args, **options)
        if not self.problems and self.cap.data > self.quantity.data:
            self.cap.errors = [f"At most what a month brings rolls over: write {amount(self.quantity.data)} or less"]
        return not self.problems


def months_to_choose(engagement: Engagement, settled: date | None) -> list[date]:
    """From the first month that is neither locked nor invoiced, as long as the engagement runs."""
    first = max(month_of(engagement.starts), month_after(settled) if settled else date.min)
    found: list[date] = []
    while first <= engagement.ends and len(found) < MONTHS:
        found.append(first)
        first = month_after(first)
    return found
