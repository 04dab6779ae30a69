"""What is asked about retainers: their months in order, their terms and fees. Through the viewer's own limits."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, func, null, select, type_coerce, union_all

from crm.core.calendar import month_after, month_end, month_of
from crm.core.columns import month_text
from crm.core.db import db
from crm.core.inputs import MINUTES_A_DAY
from crm.core.words import half_up
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.models import Engagement, Pause
from crm.engagements.retained import FrozenMonth, RetainerFee, RetainerTerms
from crm.engagements.states import EngagementState
from crm.practice.models import Practice
from crm.retainers.formulas import (
    NONE,
    Agreed,
    Batch,
    Burn,
    Forecast,
    RetainerMonth,
    Span,
    burn_of,
    in_days,
    in_force,
    last_in_order,
    month_on,
    months_in_order,
    remaining,
)
from crm.timelog.models import TimeEntry, TimeKind

Said = RetainerTerms  # short, for what is asked of it
COUNTED = (EngagementState.ACTIVE, EngagementState.PAUSED, EngagementState.CLOSING, EngagementState.CLOSED)


def months_of(engagement_ids: Collection[int], until: date) -> Mapping[int, Sequence[RetainerMonth]]:
    """F5: every month of these retainers up to that of a day, in order; what was invoiced stands as it was frozen.

    Only what is a retainer and seen by this viewer is there. Two statements, however many they are.
    """
    return {key: book.months for key, book in books_of(engagement_ids, until).items()}


@dataclass(frozen=True)
class Book:
    """One retainer: when it runs, what was agreed, and its months in order, each reckoned when it is asked for."""

    span: Span
    terms: tuple[Agreed, ...] = ()
    minutes: Mapping[date, int] = field(default_factory=dict)
    until: date = date.max
    frozen: Mapping[date, RetainerMonth] = field(default_factory=dict)

    def reckoned(self, minutes: Mapping[date, int], until: date, frozen: Mapping[date, RetainerMonth]) -> "Book":
        """With its months; a price of another kind has none."""
        return Book(self.span, self.terms, minutes, until, frozen) if self.terms else self

    @cached_property
    def months(self) -> Sequence[RetainerMonth]:
        return months_in_order(self.span, self.terms, self.minutes, self.until, self.frozen) if self.terms else ()

    def month(self, day: date) -> RetainerMonth | None:
        """The one alone: what many retainers are asked for."""
        if not self.terms or month_of(day) > self.until:
            return None
        return last_in_order(self.span, self.terms, self.minutes, month_of(day), self.frozen)

    def agreed(self, day: date) -> Agreed:
        return in_force(self.terms, month_of(day))

    def burn(self, day: date) -> Burn | None:
        """F6 of the month of this day; None where there is none."""
        month = self.month(day)
        return burn_of(month, self.span, day) if month else None


def books_of(engagement_ids: Collection[int], until: date) -> dict[int, Book]:
    """As `months_of`, with what the months were reckoned from. Two statements."""
    books, _ = books_and_minutes(engagement_ids, until)
    return {key: book for key, book in books.items() if book.terms}


@dataclass(frozen=True)
class Balance:
    """Days used in a month; and of a retainer, the days that there were for it, those that rolled in too (F5)."""

    minutes: int
    month: RetainerMonth | None = None

    @property
    def used(self) -> Decimal:
        return self.month.used if self.month else in_days(self.minutes)

    @property
    def available(self) -> Decimal | None:
        return self.month.available if self.month else None

    @property
    def left(self) -> Decimal | None:
        return self.month.left if self.month else None

    @property
    def rolled_in(self) -> Decimal:
        return self.month.rolled_in if self.month else NONE


def books_and_minutes(
    engagement_ids: Collection[int], until: date, *, last_only: bool = False
) -> tuple[dict[int, Book], Mapping[int, Mapping[date, int]]]:
    """All of these engagements with their months, and what was done in each month whatever the price. Two statements.

    `last_only`: of what is frozen, the last month alone, for whoever asks for the month of this day and no other.
    """
    books, stands = _books(engagement_ids, until)
    if not books:
        return {}, {}
    minutes, frozen = worked(books, until, stands if last_only else {})
    return {key: book.reckoned(minutes[key], until, frozen[key]) for key, book in books.items()}, minutes


def balances_of(engagement_ids: Collection[int], on: date) -> dict[int, Balance]:
    """How each of these engagements stands in the month of a day, whatever its price. Two statements."""
    return balances(*books_and_minutes(engagement_ids, on), on)


def balances(books: Mapping[int, Book], minutes: Mapping[int, Mapping[date, int]], on: date) -> dict[int, Balance]:
    """The same, out of what was read before."""
    return {key: Balance(minutes[key].get(month_of(on), 0), book.month(on)) for key, book in books.items()}


@dataclass(frozen=True)
class Ahead:
    """Where a month that runs leads, if it goes on as it did (F6): in days with two decimals."""

    month: RetainerMonth
    burn: Burn
    projected: Decimal
    at_end: RetainerMonth  # F5 of the month as it would end

    @property
    def over(self) -> Decimal:
        return self.at_end.overage


def ahead_of(book: Book, on: date) -> Ahead | None:
    """None before the fifth working day, when nothing is judged, and of what is no retainer."""
    month, burn = book.month(on), book.burn(on)
    if month is None or burn is None or not burn.is_judged or burn.projected is None:
        return None
    before = next((one for one in reversed(book.months) if one.month < month.month), None)
    projected = half_up(burn.projected, 2)
    at_end = month_on(
        month.month, grant=month.grant, used=projected, into=before.batches if before else (), agreed=book.agreed(on),
        paused=month.paused, last=book.span.is_last(month.month),
    )  # fmt: skip
    return Ahead(month, burn, projected, at_end)


def _books(engagement_ids: Iterable[int], until: date) -> tuple[dict[int, Book], dict[int, date]]:
    """When these engagements run, by whose calendar, and what was agreed on their days, no month yet; and the last month
    of each that is frozen, where one is. One statement."""
    region = select(Practice.region).scalar_subquery()
    stands = (
        select(func.max(FrozenMonth.month))
        .where(FrozenMonth.engagement_id == Engagement.id, FrozenMonth.month <= until)
        .correlate(Engagement)
        .scalar_subquery()
    )
    asked = (
        select(
            Engagement.id, Engagement.starts, Engagement.ends, region.label("region"), Pause.begins.label("stands"),
            func.coalesce(Pause.ended_on, Pause.until).label("goes_on"), Said.begins, Said.unit, Said.quantity, Said.cap, Said.keeps,
            Said.used_first, Said.overage, Said.part_first, Said.part_last, Said.warns_sponsor, stands.label("frozen"),
        )
        .outerjoin(Pause, Pause.engagement_id == Engagement.id)
        .outerjoin(Said, Said.engagement_id == Engagement.id)
        .where(Engagement.id.in_(list(engagement_ids)), Engagement.state.in_(COUNTED))
        .order_by(Engagement.id, Said.begins, Pause.begins)
    )  # fmt: skip
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(asked):
        rows[row.id].append(row)
    last = {key: of_one[0].frozen for key, of_one in rows.items() if of_one[0].frozen}
    return {key: _book(of_one) for key, of_one in rows.items()}, last


def _book(rows: Sequence[Any]) -> Book:
    """Out of the rows of one engagement: each of its terms beside each of its pauses."""
    first = rows[0]
    pauses = {(row.stands, row.goes_on): None for row in rows if row.stands and row.stands <= row.goes_on}
    terms = {row.begins: row for row in rows if row.begins}
    return Book(
        Span(first.starts, first.ends, tuple(pauses), first.region), tuple(as_agreed(row) for row in terms.values())
    )


def as_agreed(terms: Any) -> Agreed:
    """Terms in days, whatever unit was agreed."""
    return Agreed(
        terms.begins, terms.unit.in_days(terms.quantity), terms.unit.in_days(terms.cap), terms.keeps, terms.used_first,
        terms.overage, terms.part_first, terms.part_last, terms.warns_sponsor,
    )  # fmt: skip


# As they stand in the table: most rows are no frozen month, and nothing is to be made of what is not there.
KEPT = (
    FrozenMonth.granted, FrozenMonth.rolled_in, FrozenMonth.used, FrozenMonth.overage, FrozenMonth.rolled_out,
    FrozenMonth.lapsed, FrozenMonth.lapsing,
)  # fmt: skip
Minutes = dict[int, dict[date, int]]
Frozen = dict[int, dict[date, RetainerMonth]]


def worked(engagement_ids: Iterable[int], until: date, stands: Mapping[int, date]) -> tuple[Minutes, Frozen]:
    """Billable minutes by engagement and month, up to the end of a day's month; and the months that are frozen, as they
    were. One statement. `stands`: of these engagements, no month before this one, which is frozen."""
    ids, since = list(engagement_ids), min(stands.values(), default=None)
    kept = (
        *(type_coerce(one, Integer) for one in KEPT), FrozenMonth.batches, FrozenMonth.paused, FrozenMonth.id,
    )  # fmt: skip
    frozen = select(FrozenMonth.engagement_id, month_text(FrozenMonth.month), FrozenMonth.minutes, *kept)
    of_month = month_text(TimeEntry.worked_on)
    billed = (
        select(TimeEntry.engagement_id, of_month, func.sum(TimeEntry.minutes), *(null() for _ in kept))
        .where(
            TimeEntry.kind == TimeKind.BILLABLE, TimeEntry.voided_at.is_(None),
            TimeEntry.worked_on < month_after(month_of(until)),
        )
        .group_by(TimeEntry.engagement_id, of_month)
    )  # fmt: skip
    whole = [key for key in ids if key not in stands]
    parts = [
        frozen.where(FrozenMonth.engagement_id.in_(whole)), billed.where(TimeEntry.engagement_id.in_(whole))
    ]  # fmt: skip
    if since:
        parts += [
            frozen.where(FrozenMonth.engagement_id.in_(stands), FrozenMonth.month >= since),
            billed.where(TimeEntry.engagement_id.in_(stands), TimeEntry.worked_on >= since),
        ]
    minutes: Minutes = defaultdict(dict)
    found: Frozen = defaultdict(dict)
    months: dict[str, date] = {}
    rows: Any = db.session.execute(union_all(*parts))
    for row in rows:
        key, said, sum_of = row[0], row[1], row[2]
        month = months.get(said) or months.setdefault(said, date.fromisoformat(f"{said}-01"))
        if row[-1] is None:
            minutes[key][month] = int(sum_of)
        else:
            found[key][month] = _thawed(month, row[2:-1])
    return minutes, found


def _thawed(month: date, kept: Any) -> RetainerMonth:
    """What was frozen, as it was."""
    minutes, *hundredths, batches, paused = kept
    granted, rolled_in, used, overage, rolled_out, lapsed, lapsing = (Decimal(one) / 100 for one in hundredths)
    return RetainerMonth(
        month, granted, rolled_in, used, overage, rolled_out, lapsed, lapsing, tuple(Batch(*one) for one in batches),
        minutes, paused, frozen=True,
    )  # fmt: skip


OVER = {State.ACCEPTED, State.SUPERSEDED, State.CANCELLED}


def forecast_of(engagement_id: int, budget: Decimal) -> Forecast:
    """F7 of a fixed price or a capped time: all billable time, and what remains of each deliverable. Two statements."""
    asked = (
        select(TimeEntry.deliverable_id, func.sum(TimeEntry.minutes))
        .where(
            TimeEntry.engagement_id == engagement_id, TimeEntry.kind == TimeKind.BILLABLE, TimeEntry.voided_at.is_(None)
        )
        .group_by(TimeEntry.deliverable_id)
    )
    minutes = {key: int(total) for key, total in db.session.execute(asked)}
    owed = select(Deliverable.id, Deliverable.state, Deliverable.remaining, Deliverable.estimate).where(
        Deliverable.engagement_id == engagement_id
    )
    left = [
        remaining(
            over=row.state in OVER, owner_says=row.remaining, estimate=row.estimate,
            actual=Fraction(minutes.get(row.id, 0), MINUTES_A_DAY),
        )
        for row in db.session.execute(owed)
    ]  # fmt: skip
    return Forecast(budget, Fraction(sum(minutes.values()), MINUTES_A_DAY), sum(left, Fraction(0)))


def minutes_by_day(engagement_id: int, month: date) -> dict[date, int]:
    """Billable minutes of one month by day."""
    asked = (
        select(TimeEntry.worked_on, func.sum(TimeEntry.minutes))
        .where(
            TimeEntry.engagement_id == engagement_id, TimeEntry.kind == TimeKind.BILLABLE, TimeEntry.voided_at.is_(None),
            TimeEntry.worked_on.between(month, month_end(month)),
        )
        .group_by(TimeEntry.worked_on)
    )  # fmt: skip
    return {day: int(minutes) for day, minutes in db.session.execute(asked)}


@dataclass(frozen=True)
class Fee:
    """What a month costs from a month on. Minor units; for those who may know it."""

    begins: date
    monthly: int
    overage_rate: int


def fees_of(engagement_ids: Collection[int]) -> Mapping[int, Sequence[Fee]]:
    """Fees and overage rates with their history, the oldest first; nothing of what the viewer may not know. One statement."""
    asked = (
        select(RetainerTerms.engagement_id, RetainerTerms.begins, RetainerFee.monthly_fee, RetainerFee.overage_rate)
        .join(RetainerFee, RetainerFee.terms_id == RetainerTerms.id)
        .where(RetainerTerms.engagement_id.in_(list(engagement_ids)))
        .order_by(RetainerTerms.engagement_id, RetainerTerms.begins)
    )
    found: dict[int, list[Fee]] = defaultdict(list)
    for key, begins, monthly, rate in db.session.execute(asked):
        found[key].append(Fee(begins, monthly, rate))
    return found
