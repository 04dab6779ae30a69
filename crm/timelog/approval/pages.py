"""The time of a month, engagement by engagement: for whoever leads it, and for partners."""

from datetime import date

from flask import abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from crm.access.act import allow
from crm.access.pages import DESK, Pages
from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.viewer import Role
from crm.core.web import answer, month_or_404
from crm.core.words import plural
from crm.engagements.models import Engagement
from crm.people.models import Period, PeriodState
from crm.timelog.approval.forms import ApprovalForm, MonthForm, QuestionForm
from crm.timelog.approval.operations import approve_month, approve_time, ask_about
from crm.timelog.approval.queries import Standing, ToApprove, batches, entries_of, to_approve
from crm.timelog.models import TimeEntry

pages = Pages("approval", __name__, roles=DESK, url_prefix="/time/approval")
SHOWN = 3  # months


def the_engagement(engagement_id: int) -> Engagement:
    """Whose time one approves: 404 for what one does not see, 403 for what one does not lead."""
    engagement: Engagement = db.get_or_404(Engagement, engagement_id, options=[joinedload(Engagement.client)])
    allow(g.viewer, "time.approve", engagement)
    return engagement


@pages.get("")
def index() -> ResponseReturnValue:
    months = [month_after(month_of(today()), 1 - SHOWN + n) for n in range(SHOWN)]
    locked = set(
        db.session.scalars(select(Period.month).where(Period.month.in_(months), Period.state == PeriodState.LOCKED))
    )
    rows = to_approve(months, led_by=_led_by(), on=today())
    by_month: list[tuple[date, bool, list[ToApprove]]] = [
        (month, month in locked, [one for one in rows if one.month == month]) for month in reversed(months)
    ]
    return render_template(
        "timelog/approval/index.html", months=by_month,
        waiting=sum(one.waiting for one in rows if one.month not in locked), leads=g.viewer.role is not Role.PARTNER,
    )  # fmt: skip


def _led_by() -> int | None:
    return None if g.viewer.role is Role.PARTNER else g.viewer.person_id


@pages.route("/<string:month>", methods=["GET", "POST"])
def month(month: str) -> ResponseReturnValue:
    """All that waits in a month, of all engagements or of those ticked: what would be approved and what left, and one button."""
    begins = month_or_404(month)
    if request.method == "GET":
        return month_page(begins)
    form = MonthForm()
    numbers = [one for one in form.engagement.data if one.isascii() and one.isdigit() and len(one) < 10]
    form.engagement.of((one, "") for one in numbers)  # whose time it is, the engagement itself says

    def deed(press: Press) -> None:
        ids = form.engagement.data
        found = (
            select(Engagement)
            .where(Engagement.id.in_(ids))
            .order_by(Engagement.id)
            .options(lazyload("*"), selectinload(Engagement.assignments).lazyload("*"))
        )
        engagements = db.session.scalars(found).all()
        if len(engagements) < len(ids):
            abort(404)
        done = approve_month(engagements, begins, form.seen.data, viewer=g.viewer, press=press)
        said = f"{plural(done.entries, 'entry', 'entries')} of {plural(done.engagements, 'engagement')} approved."
        came = f" {plural(done.left, 'entry', 'entries')} of them came or changed meanwhile: look at what waits."
        flash(said + (came if done.left else ""), "a" if done.left else "g")

    return answer(form, deed, lambda form: month_page(begins, form), leads_to=url_for(".month", month=month))


def month_page(month: date, form: Form | None = None) -> str:
    """The engagements with something to approve, each ticked at first; and those of which all is with its authors."""
    rows, more = batches(month, led_by=_led_by(), on=today())
    waiting = [one for one in rows if one.seen]
    shown = MonthForm(None, data={"engagement": [one.engagement_id for one in waiting]}) if form is None else form
    return render_template(
        "timelog/approval/all.html", month=month, waiting=waiting, with_authors=[one for one in rows if not one.seen], more=more,
        form=shown, seen=",".join(f"{entry_id}-{version}" for one in waiting for entry_id, version in one.seen),
        entries=sum(len(one.seen) for one in waiting), minutes=sum(one.minutes for one in waiting),
        asked=sum(one.asked.total() for one in rows), leads=g.viewer.role is not Role.PARTNER,
        locked=db.session.scalar(select(Period.locked_at).where(Period.month == month, Period.state == PeriodState.LOCKED)),
    )  # fmt: skip


@pages.route("/<id:engagement_id>/<string:month>", methods=["GET", "POST"])
def one(engagement_id: int, month: str) -> ResponseReturnValue:
    engagement, begins = the_engagement(engagement_id), month_or_404(month)
    if request.method == "GET":
        return page(engagement, begins)
    form = ApprovalForm()

    def deed(press: Press) -> None:
        approve_time(engagement, begins, form.seen.data, viewer=g.viewer, press=press)
        flash(f"{begins:%B} is approved, as it stood on the page.", "g")

    return answer(
        form,
        deed,
        lambda form: page(the_engagement(engagement_id), begins, form),
        leads_to=url_for(".one", engagement_id=engagement_id, month=month),
    )


def page(engagement: Engagement, month: date, form: Form | None = None, asked: int = 0) -> str:
    """The month's entries; `asked` is the entry whose question was refused, with its form."""
    rows = entries_of(engagement.id, month)
    waiting = [one.entry for one in rows if one.standing is Standing.WAITING]
    seen = ",".join(f"{one.id}-{one.version}" for one in waiting)
    approve = ApprovalForm(formdata=None, version=str(engagement.version))
    if form is not None and not asked:
        approve.trouble = form.trouble
    return render_template(
        "timelog/approval/month.html", engagement=engagement, month=month, rows=rows, waiting=waiting, seen=seen,
        approve=approve, asked=asked, question=form,
        question_of=lambda entry: form if entry.id == asked else QuestionForm(formdata=None, version=str(entry.version)),
        minutes=sum(one.entry.minutes for one in rows if one.entry.kind == "billable"),
        locked=db.session.scalar(select(Period.locked_at).where(Period.month == month, Period.state == PeriodState.LOCKED)),
    )  # fmt: skip


@pages.post("/entries/<id:entry_id>")
def ask(entry_id: int) -> ResponseReturnValue:
    """A question to the author of one entry."""
    entry = db.get_or_404(TimeEntry, entry_id)
    if entry.engagement_id is None:
        abort(404)
    engagement = the_engagement(entry.engagement_id)
    form, month = QuestionForm(), month_of(entry.worked_on)
    there = url_for(".one", engagement_id=engagement.id, month=f"{month:%Y-%m}", _anchor=f"entry-{entry_id}")
    return answer(
        form,
        lambda press: ask_about(entry, form.said.data, viewer=g.viewer, press=press),
        lambda form: page(the_engagement(engagement.id), month, form, asked=entry_id),
        leads_to=there,
    )
