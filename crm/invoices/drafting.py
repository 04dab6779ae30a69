"""What a closed month comes to, as the lines of an invoice: pure, from plain values (engagement-models.md, price mechanics)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from crm.core.inputs import MINUTES_A_DAY
from crm.core.words import day as full_day
from crm.core.words import listed
from crm.core.words import month as month_words
from crm.invoices.expenses.models import EXPENSE_WORDS, Expense
from crm.invoices.models import LineKind
from crm.invoices.paper import Unit, line_sum
from crm.retainers.formulas import fee_of

HUNDRED = 100


@dataclass(frozen=True)
class Proposed:
    """A line that a draft begins with; the tax is the client's."""

    kind: LineKind
    text: str
    quantity: Decimal
    unit: Unit
    price: int
    month: date | None = None
    worked_by_id: int | None = None
    expense_id: int | None = None
    receipt_id: int | None = None


@dataclass(frozen=True)
class Worked:
    """Billable minutes of one person in a month, and the areas they went into: work, or corrections of an earlier month."""

    person_id: int
    name: str
    minutes: int
    areas: tuple[str, ...] = ()
    corrects: date | None = None  # the month that it corrects
    price: int | None = None  # of a day, where it is not that of the month: what the month that it corrects was paid at


def fee_line(month: date, fee: int, *, granted: Decimal, agreed: Decimal, paused: bool = False) -> Proposed | None:
    """The fee of a month, in advance. It follows the days granted; a wholly paused month costs nothing."""
    if paused or not fee or (agreed and not granted):
        return None
    price = fee
    text = f"Fee for {month_words(month)}"
    if agreed and granted != agreed:
        price = fee_of(fee, granted, agreed)
        text += f", {granted:f} of {agreed:f} days"
    return Proposed(LineKind.FEE, text, Decimal(1), Unit.MONTH, price, month)


def overage_line(month: date, billed: Decimal, rate: int) -> Proposed | None:
    """Only what was approved as billed."""
    if billed <= 0 or not rate:
        return None
    return Proposed(
        LineKind.OVERAGE, f"Days beyond the retainer in {month_words(month)}", billed, Unit.DAY, rate, month
    )


def shared_out(whole: int, parts: Sequence[int]) -> list[int]:
    """A whole split as its parts stand to each other, so that nothing is lost: the largest remainders get what is left.
    The same parts always get the same. Of parts that come to nothing or less nothing is shared out."""
    total = sum(parts)
    if total <= 0:
        return [0 for _ in parts]
    found = [whole * part // total for part in parts]
    order = sorted(range(len(parts)), key=lambda n: (-(whole * parts[n] % total), n))
    for n in order[: whole - sum(found)]:
        found[n] += 1
    return found


def hundredths(minutes: int) -> int:
    """Hundredths of a day, rounded once for a month (F5); less than nothing where corrections take off more than was worked."""
    return int((Decimal(minutes) * HUNDRED / MINUTES_A_DAY).quantize(Decimal(1), ROUND_HALF_UP))


def in_hundredths(minutes: Sequence[int]) -> list[int]:
    """Hundredths of a day of each, so that together they are those of the whole, which is rounded once (F5): the largest
    remainders get what is left. What takes off is below nothing."""
    whole = hundredths(sum(minutes))
    sign = -1 if whole < 0 else 1
    parts = [sign * HUNDRED * one for one in minutes]
    found = [part // MINUTES_A_DAY for part in parts]
    order = sorted(range(len(parts)), key=lambda n: (-(parts[n] % MINUTES_A_DAY), n))
    for n in order[: abs(whole) - sum(found)]:
        found[n] += 1
    return [sign * one for one in found]


def time_lines(month: date, worked: Iterable[Worked], rate: int) -> Iterator[Proposed]:
    """Days worked by person, and what corrects earlier months beside them, each at its price. Together they are the days of
    the statement. Where corrections take off more than was worked, so do all lines of a month together."""
    people = [one for one in worked if one.minutes]
    for one, part in zip(people, in_hundredths([one.minutes for one in people]), strict=True):
        if part:
            price = rate if one.price is None else one.price
            yield Proposed(
                LineKind.TIME, _said(one, month)[:300], Decimal(abs(part)) / HUNDRED, Unit.DAY, price if part > 0 else -price,
                month, one.person_id,
            )  # fmt: skip


def _said(one: Worked, month: date) -> str:
    areas = f": {listed(one.areas)}" if one.areas else ""
    if one.corrects:
        return f"{one.name}, correction of {month_words(one.corrects)}{areas}"
    return (
        f"{one.name}, {month_words(month)}{areas}"
        if one.minutes > 0
        else f"{one.name}, corrections in {month_words(month)}"
    )


def worth(lines: Iterable[Proposed]) -> int:
    """What lines come to, each rounded as it is shown."""
    return sum(line_sum(one.quantity, one.price) for one in lines)


def billed_together(month: date, balances: Mapping[date, int]) -> list[date]:
    """The months whose days stand on the draft of one month: its own, and those that came to less than nothing.

    `balances` are what the days of each closed month come to that stand on no draft or invoice yet, in pence: corrections have
    the price of the month that they correct. What takes off more than was worked is carried on: month after month is added until something is to be paid, and then all of them are billed
    together. What no later month has taken up comes off the draft of an earlier one, as far as that has room for it: so a
    last invoice that was voided and drafted anew gives it back.
    """
    groups: list[list[date]] = [[]]
    for one in sorted(balances):
        groups[-1].append(one)
        if _sum(balances, groups[-1]) > 0:
            groups.append([])
    carried = groups.pop()
    found = next((group for group in groups if group[-1] == month), [])
    for one in carried if found else ():
        if _sum(balances, [*found, one]) <= 0:
            break
        found.append(one)
    return found


def _sum(balances: Mapping[date, int], months: Iterable[date]) -> int:
    return sum(balances[one] for one in months)


def still_to_bill(lines: Sequence[Proposed], done: Collection[tuple[LineKind, date | None]]) -> list[Proposed]:
    """What stands on no draft or invoice yet. Days that come to nothing or less are carried on instead."""
    left = [one for one in lines if (one.kind, one.month) not in done]
    days = worth(one for one in left if one.kind is LineKind.TIME)
    return [one for one in left if one.kind is not LineKind.TIME or days > 0]


def milestone_line(price: int, percent: Decimal, text: str) -> Proposed:
    """A part of a fixed price, like 30 % on signing."""
    part = int((price * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))
    said = f"{percent.normalize():f} % of the fixed price"
    return Proposed(LineKind.MILESTONE, f"{said}, {text}" if text else said, Decimal(1), Unit.ONE, part)


def expense_line(expense: Expense, *, takes_tax_back: bool) -> Proposed:
    """At cost: without the tax that we get back, where we do."""
    text = f"{EXPENSE_WORDS[expense.category]}, {full_day(expense.spent_on)}"
    price = expense.net if takes_tax_back else expense.amount
    return Proposed(
        LineKind.EXPENSE, f"{text}: {expense.note}"[:300] if expense.note else text, Decimal(1), Unit.ONE, price,
        expense.spent_on.replace(day=1), expense.person_id, expense.id, expense.receipt_id,
    )  # fmt: skip
