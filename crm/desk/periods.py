"""The months of the practice's time: what is in them, what is missing, and locking them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.access.pages import PARTNERS, Pages
from crm.audit.trail import history_of
from crm.core import inputs
from crm.core.calendar import DAY, month_after, month_end, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.web import answer
from crm.engagements.models import Engagement
from crm.figures import days_logged, minutes_logged
from crm.people.models import Period, PeriodState
from crm.timelog.forms import ReopenForm
from crm.timelog.models import TimeEntry, TimeKind
from crm.timelog.operations import lock_month, reopen_month
from crm.workload.queries import Member, load_team

pages = Pages("periods", __name__, roles=PARTNERS, url_prefix="/time/periods")
SHOWN, WATCHED = 12, 3  # months on a page; the newest of them, whose missing days are counted
AT_MOST = 200  # entries outside the agreed dates on one month's page


@dataclass(frozen=True)
class Month:
    """One calendar month and what is in it."""

    begins: date
    period: Period | None
    minutes: int = 0
    billable: int = 0
    people: int = 0
    outside: int = 0
    missing: int | None = None  # people with working days without time; None: not counted

    @property
    def is_locked(self) -> bool:
        return self.period is not None and self.period.state is PeriodState.LOCKED

    @property
    def is_over(self) -> bool:
        return month_end(self.begins) < today()


@dataclass(frozen=True)
class Hours:
    """One person in one month."""

    member: Member
    minutes: int
    billable: int
    missing: Sequence[date]


def months_from(newest: date) -> list[Month]:
    """Twelve months, newest first: seven statements, two of them for the missing days."""
    begins = [month_after(newest, -n) for n in range(SHOWN)]
    oldest = begins[-1]
    periods = {one.month: one for one in db.session.scalars(select(Period).where(Period.month >= oldest))}
    outside = select(TimeEntry.worked_on, func.count()).where(
        TimeEntry.outside, TimeEntry.voided_at.is_(None), TimeEntry.worked_on.between(oldest, month_end(newest))
    )
    strange: dict[date, int] = {}
    for day, number in db.session.execute(outside.group_by(TimeEntry.worked_on)):
        strange[month_of(day)] = strange.get(month_of(day), 0) + number
    bounds = [*reversed(begins), month_after(newest)]
    every, billable = (_by_month(bounds, kinds) for kinds in (list(TimeKind), [TimeKind.BILLABLE]))
    watched = [month for month in begins[:WATCHED] if not _is_locked(periods.get(month))]
    missing = _missing_people(watched) if watched and newest == month_of(today()) else {}
    return [
        Month(
            month, periods.get(month), sum(every.get(month, {}).values()), sum(billable.get(month, {}).values()),
            len(every.get(month, {})), strange.get(month, 0), missing.get(month),
        )
        for month in begins
    ]  # fmt: skip


def _is_locked(period: Period | None) -> bool:
    return period is not None and period.state is PeriodState.LOCKED


def _by_month(bounds: Sequence[date], kinds: Sequence[TimeKind]) -> dict[date, dict[int, int]]:
    """Minutes by month and person."""
    found: dict[date, dict[int, int]] = {}
    for row in minutes_logged(bounds, [kind.value for kind in kinds]):
        found.setdefault(bounds[row.stretch], {})[row.person_id] = int(row.minutes)
    return found


def _missing_people(months: Sequence[date]) -> dict[date, int]:
    """How many people have working days without time, by month."""
    first, last = min(months), month_end(max(months))
    team, logged = load_team(first, last), days_logged(first, last)
    return {month: sum(bool(missing_days(one, month, month_end(month), logged)) for one in team) for month in months}


def missing_days(member: Member, first: date, last: date, logged: set[tuple[int, date]]) -> list[date]:
    """Working days up to yesterday on which somebody logged nothing: pattern, holidays and leave taken into account."""
    last = min(last, today() - DAY)
    days = (first + DAY * n for n in range((last - first).days + 1))
    return [day for day in days if (member.id, day) not in logged and member.capacity.net(day, day)]


@pages.get("")
def show() -> ResponseReturnValue:
    this = month_of(today())
    newest = min(_month_asked(request.args.get("to", "")) or this, this)
    return render_template(
        "desk/periods.html", months=months_from(newest), newest=newest, this=this, earlier=month_after(newest, -SHOWN),
        later=month_after(newest, SHOWN) if newest < this else None,
    )  # fmt: skip


def _month_asked(text: str) -> date | None:
    try:
        return inputs.month(text)
    except ValueError:
        return None


def month_or_404(text: str) -> date:
    month = _month_asked(text)
    if month is None or month > today():
        abort(404)
    return month


def period_of(month: date) -> Period:
    """The row of a month; a month that nobody ever touched has none yet, and is open."""
    found = db.session.scalars(select(Period).where(Period.month == month)).one_or_none()
    return found or Period(month=month, state=PeriodState.OPEN, version=1)


@pages.get("/<string:month>")
def one(month: str) -> ResponseReturnValue:
    return page(month_or_404(month))


def page(month: date, form: Form | None = None) -> str:
    """One month: hours by person, missing days, entries outside the agreed dates with their reasons."""
    period, last = period_of(month), month_end(month)
    team, logged = load_team(month, last), days_logged(month, last)
    bounds = [month, month_after(month)]
    every, billable = (_by_month(bounds, kinds).get(month, {}) for kinds in (list(TimeKind), [TimeKind.BILLABLE]))
    people = [
        Hours(one, every.get(one.id, 0), billable.get(one.id, 0), missing_days(one, month, last, logged))
        for one in team
    ]
    outside = (
        select(TimeEntry)
        .where(TimeEntry.outside, TimeEntry.voided_at.is_(None), TimeEntry.worked_on.between(month, last))
        .options(
            joinedload(TimeEntry.person), joinedload(TimeEntry.note),
            joinedload(TimeEntry.engagement).joinedload(Engagement.client),
        )
        .order_by(TimeEntry.worked_on, TimeEntry.id)
        .limit(AT_MOST)
    )  # fmt: skip
    form = form or ReopenForm(formdata=None, version=str(period.version or 1))
    return render_template(
        "desk/period.html", month=Month(month, period, sum(every.values()), sum(billable.values()), len(every)),
        people=people, outside=db.session.scalars(outside).unique().all(), form=form,
        history=db.session.scalars(history_of(period)).unique().all() if period.id else [],
    )  # fmt: skip


@pages.post("/<string:month>/lock")
def lock(month: str) -> ResponseReturnValue:
    begins = month_or_404(month)
    period, form = period_of(begins), Form(request.form)
    return answer(
        form,
        lambda press: lock_month(period, viewer=g.viewer, press=press),
        lambda _: page(begins),
        leads_to=url_for("periods.one", month=month),
    )


@pages.post("/<string:month>/reopen")
def reopen(month: str) -> ResponseReturnValue:
    begins = month_or_404(month)
    period, form = period_of(begins), ReopenForm(request.form)
    return answer(
        form,
        lambda press: reopen_month(period, viewer=g.viewer, press=press, reason=form.reason.data or ""),
        lambda _: page(begins, form),
        leads_to=url_for("periods.one", month=month),
    )
