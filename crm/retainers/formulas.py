"""F5, F6 and F7 of the domain book, over plain values: retainer months, burn and projection, forecast at completion.

Nothing here asks a database. Days are Decimals with two decimals; what is compared is an exact fraction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol, TypeVar

from crm.core.calendar import holidays_between, month_after, month_end, month_of
from crm.core.inputs import MINUTES_A_DAY
from crm.core.words import half_up
from crm.engagements.retained import Order
from crm.engagements.scopes import Rag
from crm.engagements.states import Overage

NONE = Decimal(0)
QUARTERS = 4  # of a day: to the nearest of these a part month's grant is rounded
Stretch = tuple[date, date]


@lru_cache(maxsize=8192)
def in_days(minutes: int) -> Decimal:
    """F5: rounded before anything else, so that statement and invoice agree."""
    return half_up(Decimal(minutes) / MINUTES_A_DAY, 2)


@dataclass(frozen=True)
class Agreed:
    """What was agreed on the days of a month, from the first of a month on."""

    begins: date
    days: Decimal  # a month
    cap: Decimal  # of the days that roll out of one month
    keeps: int = 1  # months after which rolled-in days lapse
    order: Order = Order.ROLLED_FIRST
    overage: Overage = Overage.ASK
    part_first: bool = True  # the first and the last month grant by their working days
    part_last: bool = True
    warns_sponsor: bool = False


class Begins(Protocol):
    """Something that holds from a month on."""

    @property
    def begins(self) -> date: ...


Held = TypeVar("Held", bound=Begins)


def in_force(terms: Sequence[Held], month: date) -> Held:
    """What holds in a month: the newest that began by then, else the first that was ever agreed."""
    if len(terms) == 1:
        return terms[0]
    ordered = sorted(terms, key=lambda one: one.begins)
    return next((one for one in reversed(ordered) if one.begins <= month), ordered[0])


@dataclass(frozen=True)
class Batch:
    """Unused days on their way: so many, for so many months to come."""

    days: Decimal
    months: int


@dataclass(frozen=True)
class RetainerMonth:
    """F5: one month of one retainer. Of a month that runs, as if it ended with what was logged so far."""

    month: date  # its first day
    grant: Decimal
    rolled_in: Decimal
    used: Decimal
    overage: Decimal
    rolled_out: Decimal
    lapsed: Decimal
    lapsing: Decimal = NONE  # of what was rolled in and is not used: what this month's end takes
    batches: tuple[Batch, ...] = ()  # what rolls out, the oldest first
    minutes: int = 0
    paused: bool = False  # wholly
    frozen: bool = False  # its statement was invoiced: it never changes (invariant 19)

    @property
    def available(self) -> Decimal:
        return self.grant + self.rolled_in

    @property
    def left(self) -> Decimal:
        """Days left; below nothing where more was used than is there."""
        return self.available - self.used

    @property
    def share(self) -> Fraction | None:
        """F6, burn: used of available. Nothing is said of nothing."""
        return Fraction(self.used) / Fraction(self.available) if self.available else None


# --- Working days of an engagement in a month ---


@dataclass(frozen=True)
class Span:
    """When an engagement runs: its dates, and the pauses in which its clocks stand."""

    starts: date
    ends: date
    pauses: tuple[Stretch, ...] = ()
    region: str = ""  # whose public holidays are no working days

    def runs_on(self, day: date) -> bool:
        return self.starts <= day <= self.ends and not self.is_paused(day)

    def is_paused(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.pauses)

    def is_whole(self, month: date) -> bool:
        """It runs on every day of the month."""
        last = month_end(month)
        is_within = self.starts <= month and last <= self.ends
        return is_within and not any(begins <= last and ends >= month for begins, ends in self.pauses)

    def is_last(self, month: date) -> bool:
        """No month comes after it into which days could roll."""
        return self.ends < month_after(month)


@lru_cache(maxsize=1024)
def working_days(month: date, region: str) -> tuple[date, ...]:
    """Monday to Friday of a month, without the public holidays of the region. `month` is its first day."""
    holidays = holidays_between(region, month, month_end(month))
    days = (month + timedelta(n) for n in range((month_end(month) - month).days + 1))
    return tuple(day for day in days if day.weekday() < 5 and day not in holidays)


def grant_of(month: date, agreed: Agreed, span: Span) -> Decimal:
    """F5: a part month grants by its working days, to the nearest quarter day, half up."""
    if month_end(month) < span.starts or month > span.ends:
        return NONE
    if span.is_whole(month):
        return agreed.days
    days = working_days(month, span.region)
    counted = [
        day
        for day in days
        if not span.is_paused(day)
        and (day >= span.starts or not agreed.part_first)
        and (day <= span.ends or not agreed.part_last)
    ]
    if len(counted) == len(days):
        return agreed.days
    quarters = half_up(Fraction(agreed.days) * len(counted) / len(days) * QUARTERS, 0)
    return min(agreed.days, half_up(quarters / QUARTERS, 2))


def is_wholly_paused(month: date, span: Span) -> bool:
    """It would run on a working day of the month, and is paused on each of them."""
    if not span.pauses:
        return False
    days = [day for day in working_days(month, span.region) if span.starts <= day <= span.ends]
    return bool(days) and all(span.is_paused(day) for day in days)


# --- F5 ---


def month_on(
    month: date, *, grant: Decimal, used: Decimal, into: Sequence[Batch], agreed: Agreed, paused: bool = False,
    last: bool = False, minutes: int = 0,
) -> RetainerMonth:  # fmt: skip
    """F5: one month, from what rolled into it. `into` is ordered, the days that lapse first before the others."""
    one = _ended(grant, used, into, agreed, paused=paused, last=last)
    rolled_out = _days(one.batches)
    lapsing = NONE if paused and not last else _days([it for it in one.left if last or it.months <= 1])
    return RetainerMonth(
        month, grant, one.rolled_in, used, one.overage, rolled_out,
        lapsed=one.rolled_in - one.from_rolled + one.unused_grant - rolled_out, lapsing=lapsing, batches=one.batches,
        minutes=minutes, paused=paused,
    )  # fmt: skip


class _Ended(NamedTuple):
    """What the end of a month comes to."""

    rolled_in: Decimal
    overage: Decimal
    from_rolled: Decimal
    unused_grant: Decimal
    left: Sequence[Batch]  # of what rolled in
    batches: tuple[Batch, ...]


def _ended(grant: Decimal, used: Decimal, into: Sequence[Batch], agreed: Agreed, *, paused: bool, last: bool) -> _Ended:
    rolled_in = _days(into)
    overage = max(used - grant - rolled_in, NONE)
    counted = used - overage  # below nothing where adjustments give back more than was done: then the grant grows
    if agreed.order is Order.GRANT_FIRST:
        from_rolled = max(counted - grant, NONE)
    else:
        from_rolled = min(max(counted, NONE), rolled_in)
    unused_grant = grant - (counted - from_rolled)
    left = _without(into, from_rolled)
    if last:
        kept, new = [], NONE
    elif paused:  # the balance is kept as it is
        kept, new = left, unused_grant
    else:
        kept = [Batch(one.days, one.months - 1) for one in left if one.months > 1]
        new = max(min(unused_grant, agreed.cap - _days(kept)), NONE)
    batches = (*kept, Batch(new, agreed.keeps)) if new else tuple(kept)
    return _Ended(rolled_in, overage, from_rolled, unused_grant, left, batches)


def _days(batches: Sequence[Batch]) -> Decimal:
    if len(batches) == 1:
        return batches[0].days
    return sum((one.days for one in batches), NONE)


def _without(into: Iterable[Batch], used: Decimal) -> list[Batch]:
    """What is left of the batches after so many days were taken, the oldest first."""
    left = []
    for one in into:
        taken = min(one.days, used)
        used -= taken
        if one.days > taken:
            left.append(Batch(one.days - taken, one.months))
    return left


Minutes = Mapping[date, int]  # billable, by the first of the month
Frozen = Mapping[date, "RetainerMonth"]


def months_in_order(
    span: Span, terms: Sequence[Agreed], minutes: Minutes, until: date, frozen: Frozen | None = None
) -> list[RetainerMonth]:
    """Every month from the first to that of a day, in order (invariant 19). What is frozen stands as it was frozen.

    Months outside the dates stand here when something was done in them; they grant nothing.
    """
    frozen = frozen or {}
    first, last = _bounds(span, minutes, until, frozen)
    found: list[RetainerMonth] = []
    into: tuple[Batch, ...] = ()
    month = first
    while month <= last:
        one = frozen.get(month) or _month(month, span, terms, minutes.get(month, 0), into)
        found.append(one)
        into = one.batches
        month = month_after(month)
    return found


def last_in_order(
    span: Span, terms: Sequence[Agreed], minutes: Minutes, month: date, frozen: Frozen | None = None
) -> RetainerMonth | None:
    """The one month of `months_in_order`: of those before it, what they hand on alone, from the last that is frozen."""
    frozen = frozen or {}
    first, last = _bounds(span, minutes, month, frozen)
    if not first <= month <= last:
        return None
    if month in frozen:
        return frozen[month]
    at = first
    into: tuple[Batch, ...] = ()
    stands = max((one for one in frozen if one < month), default=None)
    if stands:
        at, into = month_after(stands), frozen[stands].batches
    while at < month:
        agreed = in_force(terms, at)
        into = _ended(
            grant_of(at, agreed, span), in_days(minutes.get(at, 0)), into, agreed, paused=is_wholly_paused(at, span),
            last=span.is_last(at),
        ).batches  # fmt: skip
        at = month_after(at)
    return _month(month, span, terms, minutes.get(month, 0), into)


def _bounds(span: Span, minutes: Minutes, until: date, frozen: Frozen) -> tuple[date, date]:
    worked = [month for month, sum_of in minutes.items() if sum_of] + list(frozen)
    first = min([month_of(span.starts), *worked])
    return first, min(month_of(until), max([month_of(span.ends), *worked]))


def _month(month: date, span: Span, terms: Sequence[Agreed], minutes: int, into: Sequence[Batch]) -> RetainerMonth:
    agreed = in_force(terms, month)
    return month_on(
        month, grant=grant_of(month, agreed, span), used=in_days(minutes), into=into, agreed=agreed,
        paused=is_wholly_paused(month, span), last=span.is_last(month), minutes=minutes,
    )  # fmt: skip


def fee_of(fee: int, granted: Decimal, agreed: Decimal) -> int:
    """The fee of a month follows the days that it grants (price mechanics, part month). Minor units, half up."""
    return int(half_up(Fraction(fee) * Fraction(granted) / Fraction(agreed), 0)) if agreed else fee


# --- F6 ---

JUDGED_FROM = 5  # working days of the month that have passed
GREEN, AMBER = (Fraction(75, 100), Fraction(115, 100)), (Fraction(50, 100), Fraction(135, 100))


@dataclass(frozen=True)
class Burn:
    """F6: how fast a month's days go, and where that leads. Nothing is rounded."""

    available: Decimal
    used: Decimal
    elapsed: int  # working days, today counted
    days: int  # working days of the month that count
    left: tuple[date, ...] = field(default=(), repr=False)  # those of them still to come

    @cached_property
    def burn(self) -> Fraction | None:
        return Fraction(self.used) / Fraction(self.available) if self.available else None

    @cached_property
    def pace(self) -> Fraction | None:
        return Fraction(self.elapsed, self.days) if self.days else None

    @property
    def is_judged(self) -> bool:
        return self.elapsed >= JUDGED_FROM and (self.available > 0 or self.used > 0)

    @cached_property
    def ratio(self) -> Fraction | None:
        return self.burn / self.pace if self.burn is not None and self.pace else None

    @property
    def projected(self) -> Fraction | None:
        """Days used at the end of the month, if it goes on like this."""
        return Fraction(self.used) * self.days / self.elapsed if self.elapsed else None

    @property
    def overage_ahead(self) -> Fraction:
        return max((self.projected or Fraction(0)) - Fraction(self.available), Fraction(0))

    @property
    def verdict(self) -> Rag | None:
        """Red first, then amber, then green; the limits belong to the better colour. None before the fifth working day."""
        if not self.is_judged:
            return None
        if self.ratio is None or not AMBER[0] <= self.ratio <= AMBER[1]:
            return Rag.RED
        return Rag.GREEN if GREEN[0] <= self.ratio <= GREEN[1] else Rag.AMBER


def burn_of(month: RetainerMonth, span: Span, on: date) -> Burn:
    """F6 of the month of a day: only working days inside the engagement and outside a pause count."""
    counted = [day for day in working_days(month.month, span.region) if span.runs_on(day)]
    coming = tuple(day for day in counted if day > on)
    return Burn(month.available, month.used, len(counted) - len(coming), len(counted), coming)


# --- F7 ---

LEAST = Fraction(1, 10)  # of an estimate, as long as it is not accepted
WITHIN, BEYOND = Fraction(5, 100), Fraction(15, 100)


def remaining(
    *, over: bool, owner_says: Decimal | None, estimate: Decimal | None, actual: Fraction | Decimal
) -> Fraction:
    """F7: what is left of one deliverable. `over`: accepted, superseded or cancelled."""
    if over:
        return Fraction(0)
    if owner_says is not None:
        return Fraction(owner_says)
    whole = Fraction(estimate or 0)
    return max(whole - Fraction(actual), whole * LEAST)


@dataclass(frozen=True)
class Forecast:
    """F7: what a fixed price or a capped time will have taken when all is done."""

    budget: Decimal
    actual: Fraction
    remaining: Fraction

    @property
    def eac(self) -> Fraction:
        return self.actual + self.remaining

    @property
    def variance(self) -> Fraction | None:
        """Above the budget, as a part of it."""
        return (self.eac - Fraction(self.budget)) / Fraction(self.budget) if self.budget else None

    @property
    def verdict(self) -> Rag | None:
        if self.variance is None:
            return None
        return Rag.RED if self.variance > BEYOND else Rag.AMBER if self.variance > WITHIN else Rag.GREEN
