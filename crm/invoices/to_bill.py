"""What a closed month leaves to bill: its engagements, days worked and expenses."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import extract, func, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from crm.closing.models import Statement
from crm.core.calendar import month_end
from crm.core.db import db
from crm.core.twelve import OF
from crm.engagements.models import Engagement
from crm.engagements.queries import engagements_named, named
from crm.engagements.states import LIVE, EngagementState
from crm.invoices.drafting import Worked
from crm.invoices.expenses.models import Expense, ExpenseState
from crm.people.models import Period, PeriodState, Person
from crm.timelog.models import TimeEntry, TimeKind


def months_closed(at_most: int = 24) -> list[date]:
    """The months that are locked, newest first."""
    locked = select(Period.month).where(Period.state == PeriodState.LOCKED).order_by(Period.month.desc()).limit(at_most)
    return list(db.session.scalars(locked))


def the_period(month: date) -> Period | None:
    """A month that is locked."""
    return db.session.scalars(
        select(Period).where(Period.month == month, Period.state == PeriodState.LOCKED)
    ).one_or_none()


def engagements_in(month: date) -> Sequence[Engagement]:
    """Of which a closed month may be billed: they ran then or had begun, and were agreed."""
    asked = (
        select(Engagement)
        .where(Engagement.state.in_([*LIVE, EngagementState.CLOSED]), Engagement.starts <= month_end(month))
        .options(lazyload("*"), joinedload(Engagement.terms))
        .order_by(Engagement.number)
    )
    return db.session.scalars(asked).unique().all()


def engagements_to_bill() -> list[tuple[int, str]]:
    """For whom a draft may be made."""
    found = engagements_named().where(Engagement.state.in_([*LIVE, EngagementState.CLOSED]))
    return [(row.id, named(row)) for row in db.session.execute(found)]


Whose = tuple[str, int, date]  # name and number of a person, and the month that is corrected; none: `date.min`


def worked_among(wanted: Mapping[int, Collection[date]]) -> dict[int, dict[date, list[Worked]]]:
    """Billable minutes of some months of some engagements, by person with the areas they went into, most first, what corrects
    another month apart: one statement."""
    months = {month for own in wanted.values() for month in own}
    if not months:
        return {}
    corrected = aliased(TimeEntry)
    year, number = extract("year", TimeEntry.worked_on), extract("month", TimeEntry.worked_on)
    whose = (
        TimeEntry.engagement_id,
        year,
        number,
        Person.id,
        extract("year", corrected.worked_on),
        extract("month", corrected.worked_on),
    )
    asked: Any = (
        select(*whose, Person.name, TimeEntry.area, func.sum(TimeEntry.minutes))
        .join(Person, Person.id == TimeEntry.person_id)
        .outerjoin(corrected, corrected.id == TimeEntry.adjusts_id)
        .where(
            TimeEntry.engagement_id.in_(wanted), TimeEntry.kind == TimeKind.BILLABLE, TimeEntry.voided_at.is_(None),
            TimeEntry.worked_on.between(min(months), month_end(max(months))),
        )
        .group_by(*whose, Person.name, TimeEntry.area)
    )  # fmt: skip
    people: dict[tuple[int, date], dict[Whose, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for engagement_id, in_year, in_month, person_id, of_year, of_month, name, *row in db.session.execute(asked):
        month = date(int(in_year), int(in_month), 1)
        corrects = date(int(of_year), int(of_month), 1) if of_year else date.min
        if month in wanted[engagement_id]:
            people[engagement_id, month][name, person_id, corrects].append(row)
    of: dict[int, dict[date, list[Worked]]] = defaultdict(dict)
    for (engagement_id, month), rows in people.items():
        of[engagement_id][month] = [_worked(whose, rows[whose]) for whose in sorted(rows)]
    return of


def _worked(whose: Whose, rows: Sequence[Any]) -> Worked:
    """One person out of their rows, one for each area, the largest first."""
    name, key, corrects = whose
    areas = sorted((-abs(int(minutes)), OF[area].short) for area, minutes in rows if area)
    minutes = sum(int(minutes) for _, minutes in rows)
    return Worked(key, name, minutes, tuple(short for _, short in areas), None if corrects == date.min else corrects)


def statement_ids(wanted: Iterable[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Which statement stands for each of these engagements and months: one statement at most."""
    places = set(wanted)
    if not places:
        return {}
    asked = select(Statement.engagement_id, Statement.month, Statement.id).where(
        Statement.engagement_id.in_({key for key, _ in places}), Statement.month.in_({month for _, month in places}),
        Statement.replaced_at.is_(None),
    )  # fmt: skip
    return {(row.engagement_id, row.month): row.id for row in db.session.execute(asked)}


def spent_of(engagement_ids: Collection[int], until: date) -> dict[int, list[Expense]]:
    """Approved, paid by the client, and on no invoice yet: by engagement, in one statement."""
    asked = (
        select(Expense)
        .where(
            Expense.engagement_id.in_(engagement_ids), Expense.state == ExpenseState.APPROVED, Expense.rebillable,
            Expense.billed_on_id.is_(None), Expense.spent_on <= until,
        )
        .order_by(Expense.spent_on, Expense.id)
        .options(lazyload("*"))
    )  # fmt: skip
    found: dict[int, list[Expense]] = defaultdict(list)
    for one in db.session.scalars(asked):
        found[one.engagement_id or 0].append(one)
    return found
