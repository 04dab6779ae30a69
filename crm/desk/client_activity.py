"""What passed between us and a client, and what is to be done next."""

from typing import Any

from flask import Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.clients import operations, queries
from crm.clients.followups import finish_follow_up, reopen_follow_up, revise_follow_up
from crm.clients.forms import ActivityForm, FollowUpForm
from crm.clients.models import Activity, Client, Contact, FollowUp
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.ownership import Visibility
from crm.core.web import answer, page_or_part
from crm.core.words import iso, worded
from crm.desk import client_queries
from crm.desk.clients import finished_just_now, press_of, tabs_of, the_client

pages = Pages("client_activity", __name__, roles=DESK, url_prefix="/clients/<id:client_id>")


@pages.get("/activity")
def show(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    return _page(client, _new(client))


def _new(client: Client) -> ActivityForm | None:
    """The composer, for whoever serves this client today."""
    if not may(g.viewer, "activity.log", client):
        return None
    return ActivityForm(formdata=None, data={"happened_on": today(), "kind": "note"})


def _page(client: Client, form: ActivityForm | None, trouble: str = "") -> str:
    engagements = db.session.scalars(client_queries.engagements_of(client.id)).all()
    if form:
        form.of(_contacts(client), _people(client), engagements)
    page = page_of(queries.timeline(Activity.client_id == client.id), queries.activities_listing())
    return page_or_part(
        "clients/activity.html", "clients/_timeline.html", client=client, tab="Activity", tabs=tabs_of(client), form=form, page=page, trouble=trouble,
        codes={one.id: one.code for one in engagements}, press_of=press_of, today=today(), finished=finished_just_now(client),
        follow_ups=db.session.scalars(queries.follow_ups_about(client.id)).all(),
        export=page.exported_by(".export", client_id=client.id),
    )  # fmt: skip


@pages.get("/activity.csv")
def export(client_id: int) -> Response:
    client = the_client(client_id)
    codes = {one.id: one.code for one in db.session.scalars(client_queries.engagements_of(client.id))}
    rows = (
        (iso(one.happened_on), worded(one.kind), one.title, one.body, codes.get(one.engagement_id, ""), one.person.name,
         "yes" if one.visibility is Visibility.CLIENT else "no")
        for one in all_rows(queries.timeline(Activity.client_id == client.id), queries.activities_listing())
    )  # fmt: skip
    heads = ("Day", "Kind", "What", "Notes", "Engagement", "Written by", "The client may read it")
    return csv_of(heads, rows, f"activity-{client.code.lower()}")


@pages.post("/activities")
def log(client_id: int) -> ResponseReturnValue:
    client, form = the_client(client_id), ActivityForm()
    _offer_what_was_chosen(client, form)
    return answer(
        form,
        lambda press: _log(client, form, press),
        lambda form: _page(the_client(client_id), form),
        leads_to=url_for(".show", client_id=client_id, _anchor="timeline"),
    )


def _log(client: Client, form: ActivityForm, press: Press) -> Activity:
    said, mine = form.fields(), {"client_id": client.id, "client": client}
    activity = Activity(
        kind=said["kind"], happened_on=said["happened_on"], title=said["title"], body=said["body"], engagement_id=said["engagement_id"],
        visibility=Visibility.CLIENT if said["shared"] else Visibility.TEAM, **mine,
    )  # fmt: skip
    next_step = None
    if said["next_step"]:
        owner = said["next_owner"] or g.viewer.person_id
        next_step = FollowUp(title=said["next_step"], due=said["next_due"], person_id=owner, **mine)
    return operations.log_activity(
        activity,
        contacts=said["contacts"],
        colleagues=said["colleagues"],
        next_step=next_step,
        viewer=g.viewer,
        press=press,
    )


@pages.route("/activities/<id:activity_id>/edit", methods=["GET", "POST"])
def edit(client_id: int, activity_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    activity = db.one_or_404(queries.timeline(Activity.id == activity_id, Activity.client_id == client_id))
    form = ActivityForm(obj=activity, data={
        "contacts": [one.contact_id for one in activity.attendees if one.contact_id],
        "colleagues": [one.person_id for one in activity.attendees if one.person_id],
    })  # fmt: skip
    form.for_a_correction()
    if request.method == "GET":
        if not may(g.viewer, "activity.revise", activity):
            abort(403)
        return _edit_page(client, activity, form)
    _offer_what_was_chosen(client, form)
    return answer(
        form,
        lambda press: operations.revise_activity(activity, form.fields(), viewer=g.viewer, press=press),
        lambda form: _edit_page(client, activity, form),
        leads_to=url_for(".show", client_id=client_id, _anchor=f"activity-{activity_id}"),
    )


def _edit_page(client: Client, activity: Activity, form: ActivityForm) -> str:
    engagements = db.session.scalars(client_queries.engagements_of(client.id)).all()
    form.of(_contacts(client, form.contacts.data or ()), _people(client), engagements)
    return render_template("clients/activity_form.html", client=client, activity=activity, form=form)


def _offer_what_was_chosen(client: Client, form: ActivityForm) -> None:
    """Look up only what was chosen: a note on nobody costs no question."""
    form.of(
        _contacts(client, form.contacts.data, only=True) if form.contacts.data else (),
        _people(client) if form.colleagues.data or ("next_owner" in form and form.next_owner.data) else (),
        db.session.scalars(client_queries.engagements_of(client.id)).all() if form.engagement_id.data else (),
    )


def _contacts(client: Client, chosen: Any = (), *, only: bool = False) -> Any:
    ids = [int(one) for one in map(str, chosen) if one.isascii() and one.isdigit() and len(one) < 10]
    found = queries.contacts_to_choose(client.id, ids)
    return db.session.scalars(found.where(Contact.id.in_(ids)) if only else found).all()


def _people(client: Client) -> Any:
    """Who of ours may have been there: whoever serves the client today, the partners, and whoever writes."""
    team = {one.person_id for one in client.assignments if one.runs(today())} | {g.viewer.person_id}
    return db.session.scalars(client_queries.colleagues(team)).all()


# Follow-ups


@pages.route("/follow-ups/new", methods=["GET", "POST"])
def follow_up(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    form = FollowUpForm(data={"person_id": g.viewer.person_id})
    if request.method == "GET":
        if not may(g.viewer, "followup.add", client):
            abort(403)
        return _follow_up_page(client, form)
    form.person_id.of((one.id, one.name) for one in _people(client))
    return answer(
        form,
        lambda press: operations.add_follow_up(
            FollowUp(client_id=client_id, client=client, **form.fields()), viewer=g.viewer, press=press
        ),
        lambda form: _follow_up_page(client, form),
        leads_to=url_for("clients.overview", client_id=client_id, _anchor="follow-ups"),
    )


@pages.route("/follow-ups/<id:follow_up_id>/edit", methods=["GET", "POST"])
def revise(client_id: int, follow_up_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    found = _follow_up(client_id, follow_up_id)
    form = FollowUpForm(obj=found)
    if request.method == "GET":
        if not may(g.viewer, "followup.revise", found):
            abort(403)
        return _follow_up_page(client, form, found)
    form.person_id.of((one.id, one.name) for one in _people(client))
    return answer(
        form,
        lambda press: revise_follow_up(found, form.fields(), changes=form.changes(found), viewer=g.viewer, press=press),
        lambda form: _follow_up_page(client, form, found),
        leads_to=_back(client_id),
    )


def _follow_up_page(client: Client, form: FollowUpForm, found: FollowUp | None = None) -> str:
    form.person_id.of((one.id, one.name) for one in _people(client))
    back = request.values.get("back", "")
    return render_template(
        "clients/follow_up_form.html", client=client, form=form, follow_up=found, back=back, leads_back=_back(client.id)
    )


def _follow_up(client_id: int, key: int) -> FollowUp:
    found: FollowUp = db.one_or_404(select(FollowUp).where(FollowUp.id == key, FollowUp.client_id == client_id))
    return found


def _back(client_id: int, done: int | None = None) -> str:
    """The list of follow-ups that one came from: one's own on Today, or the client's on either of its pages."""
    match request.values.get("back"):
        case "today":
            return url_for("today.show", done=done, _anchor="follow-ups")
        case "activity":
            return url_for(".show", client_id=client_id, done=done, _anchor="follow-ups")
    return url_for("clients.overview", client_id=client_id, done=done, _anchor="follow-ups")


@pages.post("/follow-ups/<id:follow_up_id>/done")
def finish(client_id: int, follow_up_id: int) -> ResponseReturnValue:
    return _pressed(client_id, follow_up_id, finish_follow_up, then=follow_up_id)


@pages.post("/follow-ups/<id:follow_up_id>/open")
def reopen(client_id: int, follow_up_id: int) -> ResponseReturnValue:
    return _pressed(client_id, follow_up_id, reopen_follow_up)


def _pressed(client_id: int, key: int, operation: Any, then: int | None = None) -> ResponseReturnValue:
    client = the_client(client_id)
    found = _follow_up(client_id, key)
    return answer(
        Form(),
        lambda press: operation(found, viewer=g.viewer, press=press),
        lambda form: _page(the_client(client_id), _new(client), form.trouble),
        leads_to=_back(client_id, then),
    )
