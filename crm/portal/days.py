"""Days used and left, month by month, and what they went into: for the sponsor who pays for them."""

import re
from datetime import date

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import Pages
from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.lists import csv_of
from crm.core.viewer import Role
from crm.core.words import days_of, iso
from crm.engagements.models import Engagement, EngagementState
from crm.portal import queries
from crm.portal.shell import page

pages = Pages("portal_time", __name__, roles={Role.SPONSOR}, url_prefix="/portal/time")
BACK = 12  # months before this one


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
        address=lambda one: url_for(".show", month=f"{one:%Y-%m}"),
    )  # fmt: skip


@pages.get("/entries.csv")
def export() -> Response:
    month = _month()
    rows = (
        (iso(one.worked_on), one.person.name, one.engagement.title if one.engagement else "",
         one.responsibility.plain if one.responsibility else "", days_of(one.minutes).split()[0],
         "yes" if one.kind == "billable" else "no", one.client_note)
        for one in db.session.scalars(queries.entries_of(month))
    )  # fmt: skip
    heads = ("Day", "Who", "Agreement", "Area", "Days", "Counts", "What was done")
    return csv_of(heads, rows, f"days-{month:%Y-%m}")
