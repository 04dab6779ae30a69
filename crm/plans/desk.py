"""Planning ahead on an engagement: the first 100 days at once, and what comes again."""

from flask import abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.web import answer
from crm.core.words import plural
from crm.deliverables.queries import engagement_for_new
from crm.engagements.models import Engagement
from crm.library.queries import template_of
from crm.library.typical import Template, typical
from crm.plans import operations as do
from crm.plans import queries
from crm.plans.first_days import Step, steps_for
from crm.plans.forms import FirstDaysForm, RecurrenceForm
from crm.plans.models import Recurrence

pages = Pages("plans", __name__, roles=DESK, url_prefix="/engagements/<id:engagement_id>")


def _region(engagement: Engagement) -> str:
    return engagement.client.region or str(g.practice.region)


@pages.route("/first-100-days", methods=["GET", "POST"])
def first_days(engagement_id: int) -> ResponseReturnValue:
    engagement = engagement_for_new(engagement_id)
    if request.method == "GET" and not may(g.viewer, "set.plan", engagement):
        abort(403)
    steps = steps_for(engagement, queries.types_there(engagement_id), _region(engagement), today())
    form = _set_of(engagement, steps)

    def page(form: Form) -> str:
        return render_template("plans/first_days.html", engagement=engagement, steps=steps, form=form)

    def deed(press: Press) -> None:
        picked = form.picked(steps)
        do.plan_first_days(engagement, picked, viewer=g.viewer, press=press, assignment_id=form.assignment_id.data)
        flash(f"{plural(len(picked), 'deliverable')} added.", "g")

    leads_to = url_for("engagement.deliverables", engagement_id=engagement_id)
    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=leads_to)


def _set_of(engagement: Engagement, steps: list[Step]) -> FirstDaysForm:
    """What is there already is not ticked; the lead makes what nobody else is said to."""
    lead = engagement.who_leads(today())
    form = FirstDaysForm(
        data={
            "version": str(engagement.version), "chosen": [str(step.number) for step in steps if not step.is_there],
            "due": {step.number: step.due.isoformat() for step in steps},
            "days": {step.number: f"{step.template.days.normalize():f}" for step in steps},
            "assignment_id": str(lead.id) if lead else None,
        }
    )  # fmt: skip
    form.offer(engagement, steps)
    return form


@pages.get("/repeats")
def index(engagement_id: int) -> ResponseReturnValue:
    engagement = engagement_for_new(engagement_id)
    rows = db.session.scalars(queries.of_engagement(engagement_id)).all()
    return render_template(
        "plans/index.html",
        engagement=engagement,
        rows=rows,
        press=lambda row: Form(None, data={"version": row.version}),
    )


@pages.route("/repeats/new", methods=["GET", "POST"])
def new(engagement_id: int) -> ResponseReturnValue:
    engagement = engagement_for_new(engagement_id)
    if request.method == "GET" and not may(g.viewer, "repeat.add", engagement):
        abort(403)
    form = RecurrenceForm(data=_begun())
    form.offer(engagement)

    def page(form: Form) -> str:
        return render_template(
            "plans/form.html", engagement=engagement, form=form, made=None, begins=_that_come_again(engagement)
        )

    if request.method == "GET":
        return page(form)
    return answer(
        form,
        lambda press: do.add_recurrence(engagement, viewer=g.viewer, press=press, **form.fields()),
        page,
        leads_to=url_for(".index", engagement_id=engagement_id),
    )


def _that_come_again(engagement: Engagement) -> list[Template]:
    """Typical ones of its areas, the most frequent first."""
    inside = {one.area for one in engagement.scopes if one.is_in}
    found = [one for one in typical().values() if one.cadence.months and one.area in inside]
    return sorted(found, key=lambda one: one.cadence.months)


def _begun() -> dict[str, object]:
    """What the template says, where the address names one."""
    asked: dict[str, object] = {"ahead": 21, "version": "1"}
    if template := template_of(request.args.get("template", "")):
        asked |= {
            "title": template.name, "area": template.area.value, "purpose": template.what, "type": template.key,
            "estimate": template.days, "criteria_lines": list(template.criteria), "cadence": template.cadence.value,
        }  # fmt: skip
    return asked


@pages.route("/repeats/<id:recurrence_id>/edit", methods=["GET", "POST"])
def edit(engagement_id: int, recurrence_id: int) -> ResponseReturnValue:
    engagement, made = engagement_for_new(engagement_id), queries.one_of(engagement_id, recurrence_id)
    if request.method == "GET" and not may(g.viewer, "repeat.revise", made):
        abort(403)
    form = RecurrenceForm(obj=made)
    form.offer(engagement)

    def page(form: Form) -> str:
        return render_template("plans/form.html", engagement=engagement, form=form, made=made)

    if request.method == "GET":
        return page(form)
    return answer(
        form,
        lambda press: do.revise_recurrence(made, viewer=g.viewer, press=press, **form.fields()),
        page,
        leads_to=url_for(".index", engagement_id=engagement_id),
    )


@pages.post("/repeats/<id:recurrence_id>/end")
def end(engagement_id: int, recurrence_id: int) -> ResponseReturnValue:
    made: Recurrence = queries.one_of(engagement_id, recurrence_id)
    return answer(
        Form(),
        lambda press: do.end_recurrence(made, viewer=g.viewer, press=press),
        lambda form: _again(engagement_id, form),
        leads_to=url_for(".index", engagement_id=engagement_id),
    )


def _again(engagement_id: int, form: Form) -> str:
    flash(form.trouble, "r")
    return str(index(engagement_id))
