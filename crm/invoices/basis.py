"""What a closed month of an engagement comes to: terms, days and overage, gathered as the lines of a draft."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from crm.closing.models import Statement
from crm.core.calendar import month_after, month_end
from crm.core.db import db
from crm.engagements.models import Engagement
from crm.engagements.retained import DayRate
from crm.engagements.retaining import rate_in, rates_of
from crm.engagements.states import Overage, PriceKind
from crm.invoices import billed, to_bill
from crm.invoices.drafting import Proposed, Worked, billed_together, fee_line, overage_line, time_lines, worth
from crm.invoices.drafts import NO_STATEMENT, Basis
from crm.retainers.formulas import grant_of, is_wholly_paused
from crm.retainers.queries import Book, Fee, books_of, fees_of


def basis_of(engagement: Engagement, month: date | None, currency: str) -> Basis:
    """For a closed month: its fee where it was never billed, the fee of the next one in advance, and what was worked
    beyond or by the day. Fixed prices are billed by their parts, which a partner adds."""
    return bases_of([engagement], month, currency)[engagement.id] if month else Basis(None, (), currency)


def bases_of(engagements: Sequence[Engagement], month: date, currency: str) -> dict[int, Basis]:
    """The same of several: what is asked does not grow with them."""
    kinds = {one.id: one.terms.price_kind for one in engagements if one.terms}
    retainers = [key for key, kind in kinds.items() if kind is PriceKind.RETAINER]
    stands = statements_of([one.id for one in engagements], month)
    books, fees = books_of(retainers, month), fees_of(retainers)
    worked = _by_the_day([one for one in engagements if kinds.get(one.id) is PriceKind.DAY_RATE], month, stands)
    found = {}
    for one in engagements:
        made_from = {month: stands[one.id].id if one.id in stands else NO_STATEMENT}
        lines: list[Proposed | None] = []
        if one.id in books:
            lines = list(_of_retainer(books[one.id], fees.get(one.id, ()), stands.get(one.id), month))
        for worked_in, (statement_id, of_days) in worked.get(one.id, {}).items():
            lines += of_days
            made_from[worked_in] = statement_id
        found[one.id] = Basis(month, [line for line in lines if line is not None], currency, made_from)
    return found


Rates = Mapping[int, Sequence[DayRate]]
Days = dict[date, tuple[int, Sequence[Proposed]]]  # by month: its statement, and its lines


def _by_the_day(engagements: Sequence[Engagement], month: date, stands: Mapping[int, Statement]) -> dict[int, Days]:
    """What a draft of each engagement bills by the day: this month, and those whose corrections were carried on to it."""
    if not engagements:
        return {}
    ids = [one.id for one in engagements]
    unbilled, rates = billed.unbilled_days(ids), rates_of(ids)
    for key in ids:
        if key not in stands:  # locked before statements were kept
            unbilled[key].setdefault(month, None)
    worked = to_bill.worked_among({key: set(unbilled[key]) for key in ids})
    corrected = [key for key, months in worked.items() if any(one.corrects for own in months.values() for one in own)]
    paid = billed.prices_paid(corrected) if corrected else {}
    found: dict[int, Days] = {}
    for engagement in engagements:
        key = engagement.id
        own = {
            at: list(
                time_lines(
                    at,
                    _priced(engagement, worked.get(key, {}).get(at, ()), rates, paid),
                    _rate(engagement, rates, at),
                )
            )
            for at in unbilled[key]
        }
        together = billed_together(month, {at: worth(lines) for at, lines in own.items()})
        found[key] = {at: (_id_of(unbilled[key][at]), own[at]) for at in sorted(together)}
    return found


def _id_of(statement: Any) -> int:
    return statement.id if statement else NO_STATEMENT


def _rate(engagement: Engagement, rates: Rates, month: date) -> int:
    """What a day cost in the month that it was worked in, whatever it costs now."""
    then = rate_in(rates.get(engagement.id, ()), month)
    return then if then is not None else (engagement.terms and engagement.terms.day_rate) or 0


def _priced(
    engagement: Engagement, worked: Sequence[Worked], rates: Rates, paid: Mapping[tuple[int, date, int], int]
) -> Iterator[Worked]:
    """A correction gives back what was paid, and asks what would have been: at the price on the invoice of the month that it
    corrects, else at what a day cost then."""
    for one in worked:
        if one.corrects is None:
            yield one
        else:
            price = paid.get((engagement.id, one.corrects, one.person_id))
            yield replace(one, price=_rate(engagement, rates, one.corrects) if price is None else price)


def statements_of(engagement_ids: Sequence[int], month: date) -> dict[int, Statement]:
    """The statements of a month that stand, without their lines."""
    stands = (Statement.engagement_id.in_(engagement_ids), Statement.month == month, Statement.replaced_at.is_(None))
    asked = select(Statement).where(*stands).options(defer(Statement.lines))
    return {one.engagement_id: one for one in db.session.scalars(asked)}


def _of_retainer(
    book: Book, fees: Sequence[Fee], statement: Statement | None, month: date
) -> Iterator[Proposed | None]:
    for one in (month, month_after(month)):
        fee = fee_in(fees, one)
        if fee and one <= book.span.ends and month_end(one) >= book.span.starts:
            agreed = book.agreed(one)
            yield fee_line(
                one, fee.monthly, granted=grant_of(one, agreed, book.span), agreed=agreed.days, paused=is_wholly_paused(one, book.span)
            )  # fmt: skip
    fee = fee_in(fees, month)
    yield overage_line(month, _billed(statement, book, month), fee.overage_rate if fee else 0)


def fee_in(fees: Sequence[Fee], month: date) -> Fee | None:
    """What holds in a month: the newest that began by then, else the first that was ever agreed."""
    begun = [one for one in fees if one.begins <= month]
    return begun[-1] if begun else next(iter(fees), None)


def _billed(statement: Statement | None, book: Book, month: date) -> Decimal:
    """Of the overage, what the statement says is billed. Without one, what is agreed to be: the rest is absorbed (F5)."""
    if statement is not None:
        return statement.billed or Decimal(0)
    found = book.month(month)
    return found.overage if found and book.agreed(month).overage is Overage.BILL else Decimal(0)
