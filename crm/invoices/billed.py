"""What is on invoices already, and of which month nothing is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from crm.closing.models import Statement
from crm.core.db import db
from crm.engagements.states import PriceKind
from crm.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState, LineKind
from crm.invoices.paper import Unit
from crm.people.models import Period, PeriodState


def prices_paid(engagement_ids: Collection[int]) -> dict[tuple[int, date, int], int]:
    """What was charged for a day of somebody in a month, by engagement, month and person: where an invoice that stands says
    one price. One statement."""
    price: Any = func.min(InvoiceLine.price)
    asked = (
        _with_invoice(select(InvoiceLine.engagement_id, InvoiceLine.month, InvoiceLine.worked_by_id, price.label("price")))
        .where(
            InvoiceLine.engagement_id.in_(engagement_ids), InvoiceLine.kind == LineKind.TIME, InvoiceLine.unit == Unit.DAY,
            InvoiceLine.price > 0, Invoice.state != InvoiceState.DRAFT, _counts(),
        )
        .group_by(InvoiceLine.engagement_id, InvoiceLine.month, InvoiceLine.worked_by_id)
        .having(func.count(InvoiceLine.price.distinct()) == 1)
    )  # fmt: skip
    return {(row.engagement_id, row.month, row.worked_by_id): row.price for row in db.session.execute(asked)}


def _counts() -> ColumnElement[bool]:
    """A line that stands on a draft or on an invoice that was not voided."""
    return and_(Invoice.state != InvoiceState.VOIDED, Invoice.kind == InvoiceKind.INVOICE)


def _with_invoice(query: Select[Any]) -> Select[Any]:
    return query.join(Invoice, and_(Invoice.id == InvoiceLine.invoice_id, Invoice.client_id == InvoiceLine.client_id))


@dataclass(frozen=True)
class BilledBy:
    """Which invoice bills a month of an engagement, and whether it still stands."""

    number: str = ""  # none: there is only a draft
    invoice_id: int | None = None  # none: it has no row here
    is_voided: bool = False
    is_own: bool = True  # else it bills a later month, and closed this one with it
    draft_id: int | None = None  # where no invoice stands

    @property
    def is_open_again(self) -> bool:
        return self.is_own and self.is_voided


def billed_in(month: date, closed: Mapping[int, str]) -> dict[int, BilledBy]:
    """By engagement, what became of the invoice of a month; `closed` names the one that closed it, or none. One statement."""
    if not closed:
        return {}
    numbers = {one for one in closed.values() if one}
    of_days = (
        select(InvoiceLine.id)
        .where(InvoiceLine.invoice_id == Invoice.id, InvoiceLine.month == month, InvoiceLine.kind == LineKind.TIME)
        .correlate(Invoice)
    )
    own = or_(func.coalesce(Invoice.month == month, False), of_days.exists())
    asked = (
        select(Invoice.engagement_id, Invoice.id, Invoice.number, Invoice.state, own.label("own"))
        .where(Invoice.engagement_id.in_(closed), Invoice.kind == InvoiceKind.INVOICE, or_(own, Invoice.number.in_(numbers)))
        .order_by(Invoice.id)
    )  # fmt: skip
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(asked):
        rows[row.engagement_id].append(row)
    return {key: _billed_by(number, rows.get(key, ())) for key, number in closed.items() if number or key in rows}


def _billed_by(number: str, rows: Sequence[Any]) -> BilledBy:
    """The newest that stands, else the newest that was voided, else the one of a later month."""

    def newest(*states: InvoiceState, own: bool = True) -> Any:
        return next((one for one in reversed(rows) if one.state in states and bool(one.own) is own), None)

    given = (InvoiceState.ISSUED, InvoiceState.PAID)
    found = newest(*given) or newest(InvoiceState.VOIDED) or newest(*given, InvoiceState.VOIDED, own=False)
    draft = newest(InvoiceState.DRAFT)
    if found is None:
        return BilledBy(number, draft_id=draft.id if draft else None)
    return BilledBy(
        found.number, found.id, found.state is InvoiceState.VOIDED, bool(found.own), draft.id if draft else None
    )


def billed_of(engagement_ids: Collection[int]) -> dict[int, set[tuple[LineKind, date | None]]]:
    """What is billed already, by engagement: kind and month. One statement."""
    of_lines: Any = select(InvoiceLine.engagement_id, InvoiceLine.kind, InvoiceLine.month).distinct()
    asked = _with_invoice(of_lines)
    found: dict[int, set[tuple[LineKind, date | None]]] = defaultdict(set)
    for row in db.session.execute(asked.where(InvoiceLine.engagement_id.in_(engagement_ids), _counts())):
        found[row.engagement_id].add((row.kind, row.month))
    return found


def unbilled_days(engagement_ids: Collection[int]) -> dict[int, dict[date, Any]]:
    """The statements of closed months by the day whose days stand on no draft or invoice yet: id and minutes, by month.
    One statement."""
    billed = (
        _with_invoice(select(InvoiceLine.id))
        .where(
            InvoiceLine.engagement_id == Statement.engagement_id, InvoiceLine.month == Statement.month,
            InvoiceLine.kind == LineKind.TIME, _counts(),
        )
        .correlate(Statement)
    )  # fmt: skip
    asked = (
        select(Statement.engagement_id, Statement.month, Statement.id, Statement.minutes)
        .join(Period, and_(Period.month == Statement.month, Period.state == PeriodState.LOCKED))
        .where(
            Statement.engagement_id.in_(engagement_ids), Statement.replaced_at.is_(None),
            Statement.price_kind == PriceKind.DAY_RATE, ~billed.exists(),
        )
    )  # fmt: skip
    found: dict[int, dict[date, Any]] = defaultdict(dict)
    for row in db.session.execute(asked):
        found[row.engagement_id][row.month] = row
    return found


def milestones_of(engagement_id: int) -> int:
    """How much of a fixed price is on invoices already."""
    asked = _with_invoice(select(func.coalesce(func.sum(InvoiceLine.net), 0))).where(
        InvoiceLine.engagement_id == engagement_id, InvoiceLine.kind == LineKind.MILESTONE, _counts()
    )
    return int(db.session.scalar(asked) or 0)
