"""Leave: asked for, changed, taken back, and decided by a partner who sees first what it does to the load."""

from dataclasses import dataclass
from fractions import Fraction

from flask import abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.core.calendar import DAY, WEEK, monday_of, month_end, month_of
from crm.core.db import db
from crm.core.forms import Form
from crm.core.viewer import Role
from crm.core.web import answer
from crm.people import queries
from crm.people.forms import LEAVE_KINDS, LeaveForm, RefusalForm, leave_form_of
from crm.people.models import Leave, LeaveReason, LeaveStatus, Person
from crm.people.operations import approve_leave, ask_leave, refuse_leave, revise_leave, withdraw_leave
from crm.workload.formulas import NONE, Away
from crm.workload.plan import Week, goes_over, weeks_of
from crm.workload.queries import load_team

pages = Pages("leave", __name__, roles=DESK, url_prefix="/people")
LONGEST = 57  # weeks whose load is shown


@dataclass(frozen=True)
class Effect:
    """F4 of the months that leave touches, without it and with it: what is planned moves to their other weeks (F3)."""

    weeks: tuple[tuple[Week, Week], ...]
    over: tuple[Week, ...]

    @property
    def days(self) -> Fraction:
        """Working days that it takes."""
        return sum((without.net - given.net for without, given in self.weeks), NONE)


def effect_of(leave: Leave) -> Effect | None:
    """None where there is nothing to weigh: they are not with us then, or the leave counts for nothing."""
    if not leave.is_open:
        return None
    first = monday_of(month_of(leave.begins))
    last = min(monday_of(month_end(leave.ends)), first + (LONGEST - 1) * WEEK)
    mondays = [first + n * WEEK for n in range((last - first).days // 7 + 1)]
    member = next(iter(load_team(first, last + 6 * DAY, [leave.person_id])), None)
    if member is None:
        return None
    away = Away(leave.begins, leave.ends, leave.share)
    if leave.status is LeaveStatus.APPROVED:
        without, given = weeks_of(member.without_leave(away), mondays), weeks_of(member, mondays)
    else:
        without, given = weeks_of(member, mondays), weeks_of(member.with_leave(away), mondays)
    return Effect(tuple(zip(without, given, strict=True)), tuple(goes_over(without, given)))


def leave_or_404(leave_id: int) -> Leave:
    """One's own, or anybody's to a partner: of colleagues one knows the dates, and nothing that has a page."""
    leave = db.session.scalars(queries.leave_with_person(leave_id)).one_or_none()
    if leave is None or (g.viewer.role is not Role.PARTNER and leave.person_id != g.viewer.person_id):
        abort(404)
    return leave


def reason_of(leave: Leave) -> LeaveReason | None:
    return db.session.scalars(queries.reason_for(leave.id)).one_or_none()


def whose(person_id: int) -> Person:
    """Somebody for whom this viewer may ask: oneself, or anybody to a partner."""
    person = db.get_or_404(Person, person_id)
    if not may(g.viewer, "leave.ask", Leave(person_id=person.id)):
        abort(404)
    return person


@pages.get("/<id:person_id>/leave/new")
def new(person_id: int) -> ResponseReturnValue:
    return form_page(whose(person_id), None, LeaveForm(share=100, kind="annual"))


@pages.post("/<id:person_id>/leave/new")
def ask(person_id: int) -> ResponseReturnValue:
    person, form = whose(person_id), LeaveForm()
    return answer(
        form,
        lambda press: ask_leave(person, viewer=g.viewer, press=press, **form.fields()),
        lambda form: form_page(whose(person_id), None, form),
        leads_to=lambda leave: url_for(".show", leave_id=leave.id),
    )


def form_page(person: Person, leave: Leave | None, form: Form) -> str:
    return render_template(
        "people/leave_form.html", person=person, leave=leave, form=form, own=person.id == g.viewer.person_id
    )


@pages.get("/leave/<id:leave_id>")
def show(leave_id: int) -> ResponseReturnValue:
    return leave_page(leave_id, None)


def leave_page(leave_id: int, form: Form | None) -> str:
    leave = leave_or_404(leave_id)
    refusal = form if isinstance(form, RefusalForm) else RefusalForm(formdata=None, version=str(leave.version))
    return render_template(
        "people/leave.html", leave=leave, person=leave.person, reason=reason_of(leave), effect=effect_of(leave),
        own=leave.person_id == g.viewer.person_id, kinds=dict(LEAVE_KINDS), form=form or refusal, refusal=refusal,
        press=Form(formdata=None, version=str(leave.version)),
    )  # fmt: skip


@pages.get("/leave/<id:leave_id>/edit")
def edit(leave_id: int) -> ResponseReturnValue:
    leave = leave_or_404(leave_id)
    if not may(g.viewer, "leave.revise", leave):
        abort(403)
    return form_page(leave.person, leave, form_of(leave))


def form_of(leave: Leave) -> LeaveForm:
    reason = reason_of(leave)
    return leave_form_of(leave, reason.kind if reason else "annual", reason.note if reason else "")


@pages.post("/leave/<id:leave_id>/edit")
def revise(leave_id: int) -> ResponseReturnValue:
    leave = leave_or_404(leave_id)
    form = form_of(leave)
    return answer(
        form,
        lambda press: revise_leave(leave, reason_of(leave), viewer=g.viewer, press=press, **form.fields()),
        lambda form: form_page((again := leave_or_404(leave_id)).person, again, form),
        leads_to=url_for(".show", leave_id=leave_id),
    )


@pages.post("/leave/<id:leave_id>/approval")
def approve(leave_id: int) -> ResponseReturnValue:
    leave = leave_or_404(leave_id)
    return answer(
        Form(),
        lambda press: approve_leave(leave, viewer=g.viewer, press=press),
        lambda form: leave_page(leave_id, form),
        leads_to=url_for(".show", leave_id=leave_id),
    )


@pages.post("/leave/<id:leave_id>/refusal")
def refuse(leave_id: int) -> ResponseReturnValue:
    leave, form = leave_or_404(leave_id), RefusalForm()
    return answer(
        form,
        lambda press: refuse_leave(
            leave, reason_of(leave), viewer=g.viewer, press=press, answer=form.answer.data or ""
        ),
        lambda form: leave_page(leave_id, form),
        leads_to=url_for(".show", leave_id=leave_id),
    )


@pages.post("/leave/<id:leave_id>/withdrawal")
def withdraw(leave_id: int) -> ResponseReturnValue:
    leave = leave_or_404(leave_id)
    return answer(
        Form(),
        lambda press: withdraw_leave(leave, viewer=g.viewer, press=press),
        lambda form: leave_page(leave_id, form),
        leads_to=url_for(".show", leave_id=leave_id),
    )
