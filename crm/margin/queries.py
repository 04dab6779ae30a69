"""What margin is reckoned from: lines that were issued, minutes, and what a day of somebody cost then. For partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, extract, func, select
from sqlalchemy.orm import joinedload

from crm.core.calendar import month_end
from crm.core.db import db
from crm.engagements.models import Engagement
from crm.engagements.queries import engagements_named, named
from crm.engagements.states import EngagementModel
from crm.invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState, LineKind
from crm.margin.formulas import Cell, Earned, Worked, cells_of
from crm.people.models import CostRate, Person, PersonKind
from crm.timelog.models import TimeEntry, TimeKind

SIGN = case((Invoice.kind == InvoiceKind.CREDIT_NOTE, -1), else_=1)
COUNTED = and_(Invoice.state != InvoiceState.DRAFT, InvoiceLine.kind != LineKind.EXPENSE)
ROWS = 500  # of time behind one figure


@dataclass(frozen=True)
class Known:
    """An engagement by name, as far as this partner sees it."""

    id: int
    name: str
    model: EngagementModel


def engagements() -> dict[int, Known]:
    """Every engagement that the viewer sees, by its id: its name for a list, and its model."""
    found = db.session.execute(engagements_named(Engagement.model))
    return {row.id: Known(row.id, named(row), row.model) for row in found}


def people() -> dict[int, str]:
    """The names of all who may work for clients, by id."""
    found = db.session.execute(
        select(Person.id, Person.name).where(Person.kind != PersonKind.ADMIN).order_by(Person.name)
    )
    return {row.id: row.name for row in found}


def rate_of_the_day() -> Any:
    """What a day of whoever worked cost on that day: the newest rate that had begun."""
    return (
        select(CostRate.per_day)
        .where(CostRate.person_id == TimeEntry.person_id, CostRate.begins <= TimeEntry.worked_on)
        .order_by(CostRate.begins.desc())
        .limit(1)
        .correlate(TimeEntry)
        .scalar_subquery()
    )


def cells_between(first: date, last: date) -> list[Cell]:
    """Margin by engagement, person and month, between two months: two statements."""
    return cells_of(_earned(first, last), _worked(first, month_end(last)))


def _earned(first: date, last: date) -> list[Earned]:
    found = db.session.execute(
        select(
            InvoiceLine.engagement_id,
            InvoiceLine.month,
            InvoiceLine.worked_by_id,
            func.sum(SIGN * InvoiceLine.net).label("net"),
        )
        .join(InvoiceLine.invoice)
        .where(COUNTED, InvoiceLine.month.between(first, last))
        .group_by(InvoiceLine.engagement_id, InvoiceLine.month, InvoiceLine.worked_by_id)
    )
    return [Earned(row.engagement_id, row.month, row.worked_by_id, int(row.net)) for row in found]


def _worked(first: date, last: date) -> list[Worked]:
    year, month = extract("year", TimeEntry.worked_on), extract("month", TimeEntry.worked_on)
    rate = rate_of_the_day()
    each = (
        select(
            TimeEntry.engagement_id, TimeEntry.person_id, year.label("year"), month.label("month"), TimeEntry.minutes, TimeEntry.kind,
            rate.label("rate"),
        )
        .where(
            TimeEntry.engagement_id.in_(select(Engagement.id)), TimeEntry.voided_at.is_(None), TimeEntry.worked_on.between(first, last)
        )
        .subquery()
    )  # fmt: skip
    is_billable = each.c.kind == TimeKind.BILLABLE
    found = db.session.execute(
        select(
            each.c.engagement_id, each.c.person_id, each.c.year, each.c.month, func.sum(each.c.minutes),
            func.sum(case((is_billable, each.c.minutes), else_=0)), func.sum(each.c.minutes * func.coalesce(each.c.rate, 0)),
            func.sum(case((each.c.rate.is_(None), each.c.minutes), else_=0)),
        ).group_by(each.c.engagement_id, each.c.person_id, each.c.year, each.c.month)
        .order_by(each.c.engagement_id, each.c.person_id)
    )  # fmt: skip
    return [
        Worked(engagement_id, date(int(y), int(m), 1), person_id, int(minutes), int(billable), int(rated), int(unrated))
        for engagement_id, person_id, y, m, minutes, billable, rated, unrated in found
    ]


# The rows behind a figure


def lines_behind(first: date, last: date, ids: Sequence[int]) -> Select[InvoiceLine]:
    """The lines of invoices behind a revenue, between the first days of two months, both counted."""
    return (
        select(InvoiceLine)
        .join(InvoiceLine.invoice)
        .where(COUNTED, InvoiceLine.month.between(first, last), InvoiceLine.engagement_id.in_(ids))
        .options(joinedload(InvoiceLine.invoice).joinedload(Invoice.client))
        .order_by(InvoiceLine.month, Invoice.number, InvoiceLine.position)
        .limit(ROWS)
    )


def time_behind(first: date, last: date, ids: Sequence[int], person_id: int | None) -> Sequence[Any]:
    """Minutes by day and person with the rate of the day."""
    rate = rate_of_the_day()
    asked = (
        select(TimeEntry.worked_on, Person.name, TimeEntry.engagement_id, TimeEntry.kind, TimeEntry.minutes, rate.label("rate"))
        .join(Person, Person.id == TimeEntry.person_id)
        .where(
            TimeEntry.engagement_id.in_(ids), TimeEntry.voided_at.is_(None), TimeEntry.worked_on.between(first, month_end(last))
        )
        .order_by(TimeEntry.worked_on, Person.name, TimeEntry.id)
        .limit(ROWS)
    )  # fmt: skip
    if person_id is not None:
        asked = asked.where(TimeEntry.person_id == person_id)
    return db.session.execute(asked).all()


# Cost rates


def rates() -> list[tuple[CostRate, str]]:
    """What a day of each person costs, newest first, with the name."""
    found = db.session.execute(
        select(CostRate, Person.name)
        .join(Person, Person.id == CostRate.person_id)
        .order_by(Person.name, CostRate.begins.desc())
    )
    return [(row[0], row[1]) for row in found]


def without_a_rate() -> list[str]:
    """Whoever works for clients and costs nothing yet, as far as anybody said."""
    known = select(CostRate.person_id)
    asked = select(Person.name).where(
        Person.kind != PersonKind.ADMIN, Person.left_on.is_(None), Person.id.not_in(known)
    )
    return list(db.session.scalars(asked.order_by(Person.name)))
