"""The months of the practice's time: what is in them, what stands in the way of closing one, and closing it (J11)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from crm.access.pages import PARTNERS, Pages
from crm.audit.trail import history_of
from crm.closing.forms import OverageForm
from crm.closing.models import MonthFigure, Statement
from crm.closing.operations import Lacking, Utilised, decide_overage, lock_month, remind_people, reopen_month
from crm.closing.queries import (
    WHICH,
    Closing,
    Lacks,
    closings_of,
    figures_of,
    lacks_of,
    period_with_reminders,
    rows_behind,
    statements,
)
from crm.core import inputs
from crm.core.calendar import month_after, month_end, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.inputs import MINUTES_A_DAY
from crm.core.web import answer, from_address, month_or_404
from crm.core.words import half_up, plural
from crm.engagements.models import Engagement
from crm.engagements.people import Sponsorship
from crm.figures import days_logged, days_with_minutes, minutes_logged
from crm.health.queries import healths_at
from crm.invoices.billed import billed_in
from crm.people.models import Period, PeriodState
from crm.practice.models import Approval
from crm.sight import everything
from crm.timelog.forms import ReopenForm
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry, TimeKind
from crm.workload.billing import billed_between
from crm.workload.formulas import realisation, utilisation
from crm.workload.missing import working_days_without
from crm.workload.queries import Member, load_team

pages = Pages("periods", __name__, roles=PARTNERS, url_prefix="/time/periods")
SHOWN, WATCHED = 12, 3  # months on a page; the newest of them, whose missing days are counted
AT_MOST = 200  # entries outside the agreed dates on one month's page
OVER_SHOWN = 100  # retainers with overage, on the checklist; all of them when asked for
LAPSING_SHOWN = 25  # retainers whose days lapse, on the checklist; all of them when asked for


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
    noteless: int = 0


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
    team, logged = load_team(first, last, planned=False), days_logged(first, last)
    return {month: sum(bool(missing_days(one, month, month_end(month), logged)) for one in team) for month in months}


def missing_days(member: Member, first: date, last: date, logged: set[tuple[int, date]]) -> list[date]:
    """Working days up to yesterday on which somebody logged nothing: pattern, holidays and leave taken into account."""
    return working_days_without(lambda day: (member.id, day) in logged, member.capacity, first, last)


@pages.get("")
def show() -> ResponseReturnValue:
    this = month_of(today())
    newest = min(from_address("to", inputs.month) or this, this)
    return render_template(
        "desk/periods.html", months=months_from(newest), newest=newest, this=this, earlier=month_after(newest, -SHOWN),
        later=month_after(newest, SHOWN) if newest < this else None,
    )  # fmt: skip


def period_of(month: date) -> Period:
    """The row of a month; a month that nobody ever touched has none yet, and is open."""
    found = db.session.scalars(select(Period).where(Period.month == month)).one_or_none()
    return found or Period(month=month, state=PeriodState.OPEN, version=1)


@pages.get("/<string:month>")
def one(month: str) -> ResponseReturnValue:
    return page(month_or_404(month))


@dataclass(frozen=True)
class Checklist:
    """What stands in the way of closing a month, and what is good to know before."""

    lacks: Lacks
    late: int  # people with working days without time
    overages: Sequence[Closing]
    lapsing: Sequence[Closing]

    @property
    def waits(self) -> Sequence[Closing]:
        return [one for one in self.overages if one.waits]

    def overages_first(self, every_one: bool) -> Sequence[Closing]:
        """By client; where they are more than a page holds, those that wait and have the most days over, unless all are
        asked for."""
        if every_one or not self.overages_more:
            return self.overages
        return sorted(self.overages, key=lambda one: (not one.waits, -one.overage))[:OVER_SHOWN]

    @property
    def overages_more(self) -> int:
        return max(len(self.overages) - OVER_SHOWN, 0)

    def lapsing_most(self, every_one: bool) -> Sequence[Closing]:
        """Whose most days lapse, first; a page of them unless all are asked for."""
        ordered = sorted(self.lapsing, key=lambda one: -one.lapsed)
        return ordered if every_one else ordered[:LAPSING_SHOWN]

    @property
    def lapsing_more(self) -> int:
        return max(len(self.lapsing) - LAPSING_SHOWN, 0)

    @property
    def in_the_way(self) -> int:
        lacks = self.lacks
        return sum(map(bool, (self.late, lacks.noteless, lacks.waiting + lacks.asked, self.waits)))


def people_in(month: date, noteless: Mapping[int, int]) -> list[Hours]:
    """Everybody of the team with what they logged and what is missing."""
    last = month_end(month)
    team, days = load_team(month, last, planned=False), days_with_minutes(month, last)
    logged = {(one.person_id, one.day) for one in days}
    every: dict[int, int] = defaultdict(int)
    billable: dict[int, int] = defaultdict(int)
    for one in days:
        every[one.person_id] += one.minutes
        billable[one.person_id] += one.billable
    return [
        Hours(who, every[who.id], billable[who.id], missing_days(who, month, last, logged), noteless.get(who.id, 0))
        for who in team
    ]


def page(month: date, form: Form | None = None, status: str = "") -> str:
    """The checklist of an open month; what was frozen of a locked one. `status` says whose form was refused."""
    period, names = period_with_reminders(month, today())
    period = period or Period(month=month, state=PeriodState.OPEN, version=1)
    fresh = {"formdata": None, "version": str(period.version or 1)}
    shown: dict[str, Any] = {
        "form": form if status != "reopen" and form else Form(**fresh),
        "reopening": form if status == "reopen" and form else ReopenForm(**fresh),
        "history": db.session.scalars(history_of(period)).unique().all() if period.id else [],
    }
    if period.state is PeriodState.LOCKED:
        return _closed(month, period, shown)
    lacks, noteless = lacks_of(month)
    people = people_in(month, noteless)
    closings = closings_of(month)
    check = Checklist(
        lacks, sum(bool(one.missing) for one in people), [one for one in closings if one.overage > 0],
        [one for one in closings if one.lapsed > 0],
    )  # fmt: skip
    return render_template(
        "desk/period.html", month=Month(month, period, sum(one.minutes for one in people), sum(one.billable for one in people)),
        people=people, check=check, every_one=request.args.get("lapsing") == "all",
        every_over=request.args.get("over") == "all", required=g.practice.approval is Approval.REQUIRE,
        reminded=names, **shown,
    )  # fmt: skip


def _closed(month: date, period: Period, shown: Mapping[str, Any]) -> str:
    """A locked month: its statements, and F2 as it was written then."""
    every = db.session.scalars(
        statements().where(Statement.month == month).options(
            joinedload(Statement.engagement).joinedload(Engagement.client), defer(Statement.lines)
        )
    ).all()  # fmt: skip
    invoiced = db.session.execute(
        select(EngagementMonth.engagement_id, EngagementMonth.invoice_number).where(
            EngagementMonth.month == month, EngagementMonth.state == MonthState.INVOICED
        )
    )
    closed: dict[int, str] = {row.engagement_id: row.invoice_number for row in invoiced}
    figures = figures_of(month)
    return render_template(
        "desk/period_locked.html", month=Month(month, period), statements=every, closed=closed,
        billed=billed_in(month, {one.engagement_id: "" for one in every} | closed),
        together=figures[0] if figures else None, figures=figures[1:], utilisation=utilised, realisation=realised, **shown,
    )  # fmt: skip


def utilised(figure: MonthFigure) -> Fraction | None:
    return utilisation(figure.minutes, Fraction(figure.net))


def realised(figure: MonthFigure) -> Fraction | None:
    """F2: what of the billable work was not absorbed."""
    return realisation(figure.minutes, Fraction(figure.absorbed or 0) * MINUTES_A_DAY)


@pages.get("/<string:month>/entries")
def entries(month: str) -> ResponseReturnValue:
    """The rows behind a figure of the checklist."""
    begins, which = month_or_404(month), request.args.get("show", "outside")
    if which not in WHICH:
        abort(404)
    rows = rows_behind(begins, which, AT_MOST)
    return render_template("desk/period_entries.html", month=begins, which=which, rows=rows, at_most=AT_MOST)


def overage_of(month: date, engagement_id: int) -> tuple[Engagement, Closing]:
    """An engagement with its sponsors, and its month; 404 where nothing is over."""
    engagement = db.get_or_404(
        Engagement, engagement_id,
        options=[joinedload(Engagement.client), selectinload(Engagement.sponsors).joinedload(Sponsorship.contact)],
    )  # fmt: skip
    found = next(iter(closings_of(month, engagement_id)), None)
    if found is None or found.overage <= 0:
        abort(404)
    return engagement, found


def filled(of_month: Closing) -> OverageForm:
    stands = of_month.decision
    if stands is None:
        return OverageForm(data={"choice": of_month.settled.value, "version": 1})
    return OverageForm(
        data={
            "choice": stands.choice.value, "version": stands.version, "agreed_by_id": stands.agreed_by_id,
            "agreed_on": stands.agreed_on, "reason": stands.reason,
        }
    )  # fmt: skip


@pages.route("/<string:month>/overage/<id:engagement_id>", methods=["GET", "POST"])
def overage(month: str, engagement_id: int) -> ResponseReturnValue:
    """What happens to the overage of one engagement's month."""
    begins = month_or_404(month)
    engagement, of_month = overage_of(begins, engagement_id)
    form = filled(of_month)
    form.offer((one.contact_id, one.contact.name) for one in engagement.sponsors)

    def shown(form: Form, it: tuple[Engagement, Closing]) -> str:
        return render_template(
            "desk/overage.html", form=form, month=begins, engagement=it[0], it=it[1], decision=it[1].decision
        )

    def deed(press: Press) -> None:
        decide_overage(engagement, of_month, begins, viewer=g.viewer, press=press, **form.fields())

    if request.method == "GET":
        return shown(form, (engagement, of_month))
    there = url_for(".one", month=month, _anchor="h-overage")
    return answer(form, deed, lambda form: shown(form, overage_of(begins, engagement_id)), leads_to=there)


@pages.post("/<string:month>/reminders")
def remind(month: str) -> ResponseReturnValue:
    """One notice to each whose month is not complete."""
    begins, form = month_or_404(month), Form(request.form)

    def deed(press: Press) -> None:
        _, noteless = lacks_of(begins)
        lacking = [
            Lacking(one.member.id, len(one.missing), one.noteless)
            for one in people_in(begins, noteless)
            if one.missing or one.noteless
        ]
        number = remind_people(begins, lacking, viewer=g.viewer, press=press)
        flash(f"{plural(number, 'person was', 'people were')} reminded.", "g")

    return answer(form, deed, lambda form: page(begins, form), leads_to=url_for(".one", month=month))


def figures_at(month: date) -> list[Utilised]:
    """F2 of everybody, as it is written into the history."""
    return [
        Utilised(one.member.id, half_up(one.net, 2), one.minutes, one.target)
        for one in billed_between(month, month_end(month))
    ]


@pages.post("/<string:month>/lock")
def lock(month: str) -> ResponseReturnValue:
    begins = month_or_404(month)
    period, form = period_of(begins), Form(request.form)
    return answer(
        form,
        lambda press: lock_month(
            period,
            viewer=g.viewer,
            press=press,
            approval=g.practice.approval,
            figures=figures_at,
            healths=healths_at,
            everything=everything,
        ),
        lambda form: page(begins, form),
        leads_to=url_for("periods.one", month=month),
    )


@pages.post("/<string:month>/reopen")
def reopen(month: str) -> ResponseReturnValue:
    begins = month_or_404(month)
    period, form = period_of(begins), ReopenForm(request.form)
    return answer(
        form,
        lambda press: reopen_month(period, viewer=g.viewer, press=press, reason=form.reason.data or ""),
        lambda form: page(begins, form, "reopen"),
        leads_to=url_for("periods.one", month=month),
    )
