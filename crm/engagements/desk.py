"""The forms of an engagement: begun, agreed, priced, staffed, paused, closed. Its tabs stand in crm/desk."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, PARTNERS, Pages
from crm.access.policy import may
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press
from crm.core.web import answer
from crm.core.words import short_day
from crm.engagements import life, queries, sponsors, team
from crm.engagements import operations as do
from crm.engagements.forms import (
    AgreementForm,
    ClosingForm,
    HandoverForm,
    LastDayForm,
    NewEngagementForm,
    NewForm,
    NewPartForm,
    PartForm,
    PauseForm,
    ReasonForm,
    ResumeForm,
    SigningForm,
    SponsorForm,
    TermsOfOneForm,
    a_year_from,
    named,
)
from crm.engagements.models import ClosingStep, Engagement
from crm.engagements.people import Assignment, Sponsorship
from crm.people.models import Person

pages = Pages("engagement_forms", __name__, roles=DESK, url_prefix="/engagements")
partners = Pages("engagement_new", __name__, roles=PARTNERS, url_prefix="/engagements")


def the_engagement(engagement_id: int, *, sponsors: bool = True) -> Engagement:
    """The engagement of the address with its team, held when the request may write it, or 404."""
    query = queries.one_engagement(engagement_id, sponsors=sponsors)
    found = db.session.scalars(query if request.method == "GET" else queries.held(query)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def again(engagement: Engagement) -> None:
    """A refused deed leaves rows behind that nobody has read since: read them anew before the page shows them."""
    if inspect(engagement).expired:
        the_engagement(engagement.id)


def page_of(engagement: Engagement, tab: str = "team") -> str:
    return url_for(f"engagement.{tab}", engagement_id=engagement.id)


def shown(template: str, verb: str, subject: Any, engagement: Engagement, **more: Any) -> str:
    """A form's page, for whoever may send it."""
    again(engagement)
    if not may(g.viewer, verb, subject):
        raise NotPermitted(verb)
    return render_template(f"engagements/{template}.html", engagement=engagement, **more)


def filled(
    template: str, verb: str, engagement: Engagement, form: Form, deed: Callable[[Press], Any], *, subject: Any = None,
    **more: Any,
) -> ResponseReturnValue:  # fmt: skip
    """The page of one form, then its deed and back to the team."""

    def page(form: Form) -> str:
        return shown(template, verb, subject or engagement, engagement, form=form, **more)

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=page_of(engagement))


# A new one


@partners.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """First for whom, then what: without script the client's sponsors are known only when the client is."""
    client = db.session.get(Client, _asked_client())
    if client is None or client.archived_at:
        clients = queries.clients_to_choose()
        return render_template("engagements/new_for.html", clients=db.session.scalars(clients).all())
    form = NewEngagementForm(data={"starts": today(), "ends": a_year_from(today())})
    people = db.session.scalars(queries.assignable(client.id)).all()
    deciders = db.session.scalars(queries.contacts_of(client.id, deciding=True)).all()
    form.offer(people, deciders, db.session.scalars(queries.earlier_of(client.id)).all())
    if request.method == "GET":
        return render_template("engagements/new.html", form=form, client=client)
    return answer(
        form,
        lambda press: _begin(client, form, press, {one.id: one for one in people}),
        lambda form: render_template("engagements/new.html", form=form, client=client),
        leads_to=lambda made: url_for("engagement.areas", engagement_id=made.id),
    )


def _asked_client() -> int:
    asked = request.args.get("client", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0


def _begin(client: Client, form: NewForm, press: Press, people: dict[int, Person]) -> Engagement:
    made = do.add_engagement(
        client, viewer=g.viewer, press=press, title=form.title.data, model=form.model.data, board_role=form.board_role.data,
        starts=form.starts.data, ends=form.ends.data, signed_on=form.signed_on.data, notice_days=form.notice_days.data,
        price=form.price, sponsors=form.sponsors.data, team=form.team, said_yes=form.said_yes.data,
        follows_id=form.follows_id.data, scope_note=form.scope_note.data, authority_note=form.authority_note.data,
    )  # fmt: skip
    _warn(team.not_offered((people[part.person_id], made.model) for part in form.team))
    flash(f"{made.code} is a draft. Nothing is sent to the client, and nobody’s week is changed yet.", "g")
    return made


def _warn(sentence: str) -> None:
    if sentence:
        flash(sentence, "a")


# What is agreed


@pages.route("/<id:engagement_id>/edit", methods=["GET", "POST"])
def edit(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = AgreementForm(obj=engagement)

    def deed(press: Press) -> Engagement:
        return do.revise_engagement(
            engagement, viewer=g.viewer, press=press, changes=form.changes(engagement), **form.fields()
        )

    return filled("edit", "engagement.revise", engagement, form, deed)


@pages.route("/<id:engagement_id>/terms", methods=["GET", "POST"])
def terms(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = TermsOfOneForm(engagement)

    def deed(press: Press) -> Engagement:
        return do.price_engagement(
            engagement, viewer=g.viewer, press=press, changes=form.changes_of_terms(), starts=form.starts.data,
            ends=form.ends.data, signed_on=form.signed_on.data, notice_days=form.notice_days.data, price=form.price,
        )  # fmt: skip

    return filled("terms", "engagement.price", engagement, form, deed)


@pages.route("/<id:engagement_id>/sign-off", methods=["GET", "POST"])
def signing(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = SigningForm(obj=engagement)

    def deed(press: Press) -> None:
        do.agree_on_signing(engagement, viewer=g.viewer, press=press, changes=form.changes(engagement), **form.fields())

    return filled("signing", "engagement.sign_off", engagement, form, deed)


# The team


@pages.route("/<id:engagement_id>/assignments/new", methods=["GET", "POST"])
def add_part(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    people = {one.id: one for one in db.session.scalars(queries.assignable(engagement.client_id))}
    dates = {"begins": max(engagement.starts, today()), "ends": engagement.ends, "mode": engagement.model}
    form = NewPartForm(data=dates)
    form.person_id.of(named(people.values()))

    def deed(press: Press) -> Assignment:
        answers = form.fields()
        person = people[answers.pop("person_id")]
        made = team.add_assignment(engagement, person, viewer=g.viewer, press=press, **answers)
        _warn(team.not_offered([(person, made.mode)]))
        return made

    return filled("part", "assignment.add", engagement, form, deed, assignment=None)


def the_part(engagement: Engagement, assignment_id: int) -> Assignment:
    found = next((one for one in engagement.assignments if one.id == assignment_id), None)
    if found is None:
        raise NotFound
    return found


@pages.route("/<id:engagement_id>/assignments/<id:assignment_id>", methods=["GET", "POST"])
def edit_part(engagement_id: int, assignment_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    assignment = the_part(engagement, assignment_id)
    form = PartForm(obj=assignment)

    def deed(press: Press) -> Assignment:
        changes, person = form.changes(assignment), assignment.person
        made = team.revise_assignment(assignment, viewer=g.viewer, press=press, changes=changes, **form.fields())
        _warn(team.not_offered([(person, made.mode)]))
        return made

    return filled("part", "assignment.revise", engagement, form, deed, subject=assignment, assignment=assignment)


@pages.post("/<id:engagement_id>/assignments/<id:assignment_id>/confirmation")
def confirm_part(engagement_id: int, assignment_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    press = Form().press(leads_to=page_of(engagement))
    team.confirm_assignment(the_part(engagement, assignment_id), viewer=g.viewer, press=press)
    return redirect(page_of(engagement), 303)


@pages.route("/<id:engagement_id>/assignments/<id:assignment_id>/end", methods=["GET", "POST"])
def end_part(engagement_id: int, assignment_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    assignment = the_part(engagement, assignment_id)
    form = LastDayForm(data={"ends": min(today(), assignment.ends), "version": assignment.version})

    def deed(press: Press) -> None:
        team.end_assignment(assignment, viewer=g.viewer, press=press, ends=form.ends.data)

    return filled("part_end", "assignment.end", engagement, form, deed, subject=assignment, assignment=assignment)


@pages.route("/<id:engagement_id>/sponsors/new", methods=["GET", "POST"])
def add_sponsor(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    deciders = {one.id: one for one in db.session.scalars(queries.contacts_of(engagement.client_id, deciding=True))}
    form = SponsorForm()
    form.contact_id.of(named(deciders.values()))

    def deed(press: Press) -> Sponsorship:
        return sponsors.add_sponsor(engagement, deciders[form.contact_id.data], viewer=g.viewer, press=press)

    return filled("sponsor", "sponsorship.add", engagement, form, deed)


@pages.post("/<id:engagement_id>/sponsors/<id:sponsorship_id>/removal")
def remove_sponsor(engagement_id: int, sponsorship_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    found = next((one for one in engagement.sponsors if one.id == sponsorship_id), None)
    if found is None:
        raise NotFound
    sponsors.remove_sponsor(found, viewer=g.viewer, press=Form().press(leads_to=page_of(engagement)))
    return redirect(page_of(engagement), 303)


# Its life


@pages.route("/<id:engagement_id>/cancellation", methods=["GET", "POST"])
def cancel(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = ReasonForm(data={"version": engagement.version})

    def deed(press: Press) -> None:
        life.cancel_engagement(engagement, viewer=g.viewer, press=press, reason=form.reason.data)

    return filled("cancel", "engagement.cancel", engagement, form, deed)


@pages.route("/<id:engagement_id>/pause", methods=["GET", "POST"])
def pause(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = PauseForm(data={"version": engagement.version})

    def deed(press: Press) -> None:
        life.pause_engagement(engagement, viewer=g.viewer, press=press, **form.fields())
        flash(f"Paused until {short_day(form.until.data)}. Its clocks stand still.", "g")

    return filled("pause", "engagement.pause", engagement, form, deed)


@pages.route("/<id:engagement_id>/resumption", methods=["GET", "POST"])
def resume(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = ResumeForm.of(queries.running_team(engagement), version=engagement.version)

    def deed(press: Press) -> None:
        life.resume_engagement(engagement, viewer=g.viewer, press=press, planned=form.planned)

    return filled("resume", "engagement.resume", engagement, form, deed)


@pages.route("/<id:engagement_id>/closing", methods=["GET", "POST"])
def begin_closing(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = ClosingForm(obj=engagement)

    def deed(press: Press) -> None:
        life.begin_closing(engagement, viewer=g.viewer, press=press, notice_given_on=form.notice_given_on.data)
        flash("Closing. The handover checklist is open.", "g")

    return filled("closing", "engagement.begin_closing", engagement, form, deed)


@pages.route("/<id:engagement_id>/handover", methods=["GET", "POST"])
def handover(engagement_id: int) -> ResponseReturnValue:
    engagement = the_engagement(engagement_id)
    form = HandoverForm(obj=engagement)

    def deed(press: Press) -> None:
        life.write_handover(engagement, viewer=g.viewer, press=press, handover_note=form.handover_note.data)

    return filled("handover", "engagement.revise", engagement, form, deed)


@pages.post("/<id:engagement_id>/closing/<id:step_id>")
def tick_step(engagement_id: int, step_id: int) -> ResponseReturnValue:
    """Done, or open again."""
    engagement = the_engagement(engagement_id)
    step = db.session.get(ClosingStep, step_id)
    if step is None or step.engagement_id != engagement.id:
        raise NotFound
    is_done = request.form.get("done") == "yes"
    life.tick_step(step, viewer=g.viewer, press=Form().press(leads_to=page_of(engagement)), is_done=is_done)
    return redirect(page_of(engagement), 303)
