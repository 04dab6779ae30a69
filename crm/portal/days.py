"""Days used and left, month by month, and what they went into; and a year of them: for the sponsor who pays for them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import defer, joinedload

from crm.access.pages import Pages
from crm.closing.models import Statement
from crm.closing.queries import statements
from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.inputs import FIRST_DAY
from crm.core.lists import csv_of
from crm.core.twelve import OF
from crm.core.viewer import Role
from crm.core.words import day_month, decimals, iso
from crm.engagements.models import Engagement
from crm.engagements.states import EngagementState
from crm.portal import queries
from crm.portal.shell import page
from crm.retainers.formulas import in_days
from crm.retainers.queries import COUNTED
from crm.timelog.models import TimeEntry

pages = Pages("portal_time", __name__, roles={Role.SPONSOR}, url_prefix="/portal/time")
BACK = 12  # months before this one
NONE = Decimal(0)


def _month() -> date:
    """The month that the address names, else this one; 404 for what is no month or too far from now."""
    asked = request.args.get("month", "")
    if not asked:
        return month_of(today())
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", asked):
        abort(404)
    return date(int(asked[:4]), int(asked[5:]), 1)


@pages.get("")
def show() -> ResponseReturnValue:
    month, on = _month(), today()
    engagements = db.session.scalars(
        select(Engagement).where(Engagement.state != EngagementState.CLOSED).order_by(Engagement.starts, Engagement.id)
    ).all()
    months = queries.months_used(engagements, on, BACK)
    entries = db.session.scalars(queries.entries_of(month)).all()
    return page(
        "portal/time.html", months=months, month=month, this_month=month_of(on), entries=entries,
        now=[one for one in months if one.month == month_of(on)], several=len({one.engagement.id for one in months}) > 1,
        earlier=month_after(month, -1), later=month_after(month) if month < month_of(on) else None,
        statements=db.session.scalars(statements().options(defer(Statement.lines), joinedload(Statement.engagement)).limit(BACK)).all(),
        address=lambda one: url_for(".show", month=f"{one:%Y-%m}"),
    )  # fmt: skip


def note_of(entry: TimeEntry) -> str:
    """What was done, and of a correction what it corrects."""
    said = f"Correction of {day_month(entry.adjusts.worked_on)}" if entry.adjusts else ""
    return ": ".join(filter(None, (said, entry.client_note)))


@pages.get("/entries.csv")
def export() -> Response:
    month = _month()
    return _sheet(queries.entries_of(month), f"days-{month:%Y-%m}")


def _sheet(entries: Select[TimeEntry], name: str) -> Response:
    rows = (
        (iso(one.worked_on), one.person.name, one.engagement.title if one.engagement else "",
         one.responsibility.plain if one.responsibility else "", decimals(in_days(one.minutes)),
         "yes" if one.kind == "billable" else "no", note_of(one))
        for one in db.session.scalars(entries)
    )  # fmt: skip
    heads = ("Day", "Who", "Agreement", "Area", "Days", "Counts", "What was done")
    return csv_of(heads, rows, name)


# --- A year ---


@dataclass(frozen=True)
class Year:
    """The months of a calendar year, and whom and what their days went to."""

    months: Sequence[queries.MonthUsed]
    parts: Sequence[queries.Part]

    @property
    def agreed(self) -> Decimal:
        return sum((one.agreed for one in self.months if one.agreed is not None), NONE)

    @property
    def used(self) -> Decimal:
        return sum((one.used for one in self.months), NONE)

    @property
    def lapsed(self) -> Decimal:
        """At the ends of the months that are over."""
        over = [one.of for one in self.months if one.of and month_after(one.month) <= today()]
        return sum((one.lapsed for one in over), NONE)

    @property
    def people(self) -> list[tuple[str, Decimal]]:
        return _summed((one.person, one.days) for one in self.parts)

    @property
    def areas(self) -> list[tuple[str, Decimal]]:
        return _summed((OF[one.area].plain, one.days) for one in self.parts)


def _summed(days: Iterable[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """By name, most first."""
    found: dict[str, Decimal] = {}
    for name, share in days:
        found[name] = found.get(name, NONE) + share
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


@pages.get("/<int(fixed_digits=4):year>")
def of_year(year: int) -> ResponseReturnValue:
    agreed = db.session.scalars(
        select(Engagement).where(Engagement.state.in_(COUNTED)).order_by(Engagement.starts, Engagement.id)
    ).all()
    first = min((one.starts.year for one in agreed), default=today().year)
    if not first <= year <= today().year:
        abort(404)
    until = min(today(), date(year, 12, 31))
    months = queries.months_used(agreed, until, until.month - 1)
    return page(
        "portal/year.html", year=Year(months, queries.parts_of_year(year)), number=year, this_month=month_of(today()),
        several=len({one.engagement.id for one in months}) > 1, earlier=year - 1 if year > first else None,
        later=year + 1 if year < today().year else None, month=None,
        address=lambda one: url_for(".show", month=f"{one:%Y-%m}"),
    )  # fmt: skip


@pages.get("/<int(fixed_digits=4):year>/entries.csv")
def export_year(year: int) -> Response:
    if not FIRST_DAY.year <= year <= today().year:
        abort(404)
    return _sheet(queries.entries_of(date(year, 1, 1), 12), f"days-{year}")
