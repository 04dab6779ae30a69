"""Clients on the desk of the practice: the list, one of them whole, and what is done with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import DESK, PARTNERS, Pages
from crm.access.policy import may
from crm.areas.catalogue import TWELVE
from crm.areas.starter import registers_with_usual
from crm.clients import operations, queries
from crm.clients.forms import ClientForm, NoteForm, ReasonForm, WallForm
from crm.clients.models import TITLE_WORDS, Activity, Client, ClientNote, FollowUp, Title, Wall
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.ring import Dial, dial
from crm.core.viewer import Role
from crm.core.web import answer, page_or_part
from crm.core.words import day, iso, listed, plural
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.desk import client_queries
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole
from crm.engagements.queries import dials_of_engagements, speaking_scopes, standing
from crm.engagements.scopes import AreaScope, Rag
from crm.engagements.states import MODEL_WORDS, EngagementState
from crm.registers.queries import counts_of

pages = Pages("clients", __name__, roles=DESK, url_prefix="/clients")
partners = Pages("client_office", __name__, roles=PARTNERS, url_prefix="/clients")

SOON = 6  # dates, contacts and deliverables on the first page of a client


def the_client(client_id: int) -> Client:
    """The client of the address with who serves it, or 404."""
    found: Client = db.one_or_404(client_queries.one_client(client_id))
    return found


TABS = {
    "Overview": "clients.overview", "People": "client_people.show", "Departments": "client_departments.show", "Activity": "client_activity.show",
    "Meetings & promises": "client_meetings.index",
    "Registers": "clients.registers", "Risks & decisions": "risks.show", "Engagements": "clients.engagements", "Maturity": "client_maturity.index",
    "History": "clients.history",
}  # fmt: skip


def tabs_of(client: Client) -> list[tuple[str, str, None]]:
    return [(name, url_for(endpoint, client_id=client.id), None) for name, endpoint in TABS.items()]


# The list


@pages.get("")
def index() -> ResponseReturnValue:
    page = page_of(_asked(), client_queries.listing())
    lines = client_queries.lines_of(page.rows)
    export = page.exported_by(".export")
    return page_or_part(
        "clients/list.html", "clients/_list.html", page=page, lines=lines, export=export, sentence=_sentence(client_queries.how_many())
    )  # fmt: skip


@pages.get("/list.csv")
def export() -> Response:
    lines = client_queries.lines_of(all_rows(_asked(), client_queries.listing()))
    return csv_of(
        ("Code", "Client", "Sector", "Town", "People", "Engagement", "Ends", "Lead", "Red", "Amber", "Not reviewed", "Last contact"),
        (
            (line.client.code, line.client.name, line.client.sector, line.client.town, line.client.headcount,
             "; ".join(f"{one.code} {one.title}" for one in line.served), "; ".join(iso(one.ends) for one in line.served),
             listed(line.leads), *((line.dial.number_of("r"), line.dial.number_of("a"), line.dial.unseen) if line.dial else ("", "", "")),
             iso(line.last_contact))
            for line in lines
        ),
        "clients",
    )  # fmt: skip


def _asked() -> Any:
    return client_queries.clients(request.args.get("q", ""), request.args.get("state", ""))


def _sentence(numbers: dict[str, int]) -> str:
    said = (("served", "served now"), ("earlier", "served earlier"), ("prospect", "not served yet"))
    return ", ".join(f"{numbers[name]} {words}" for name, words in said if numbers[name]) or "No clients yet"


# A new one, and what its first page says of it


@partners.get("/new")
def new() -> ResponseReturnValue:
    return _form_page(ClientForm())


@partners.post("/new")
def add() -> ResponseReturnValue:
    form = ClientForm()
    return answer(
        form,
        lambda press: operations.add_client(form.fields(), holders=form.holders, viewer=g.viewer, press=press),
        _form_page,
        leads_to=lambda client: url_for("clients.overview", client_id=client.id),
    )


def _form_page(form: Form, client: Client | None = None) -> str:
    sectors = db.session.scalars(queries.sectors()).all()
    return render_template("clients/form.html", form=form, client=client, sectors=sectors, titles=list(Title))


@dataclass(frozen=True)
class Ahead:
    """A date that comes, and what it is about."""

    day: date
    words: str
    href: str


@pages.get("/<id:client_id>")
def overview(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    engagements = db.session.scalars(client_queries.engagements_of(client_id)).all()
    live = [one for one in engagements if one.is_live]
    scopes = db.session.scalars(speaking_scopes(client_id)).all()
    ring, owed = dial(standing(scopes, today())), db.session.scalars(client_queries.owed_next(client_id, SOON)).all()
    return _tab(
        "show", client, "Overview", engagements=engagements, ring=ring, worst=_worst(list(scopes)), owed=owed,
        sentence=_how_it_stands(live, ring), ahead=_ahead(live, list(scopes), list(owed)),
        note=db.session.scalars(queries.note_of(client_id)).one_or_none(), team=_team(client), titles=TITLE_WORDS,
        follow_ups=db.session.scalars(queries.follow_ups_about(client_id)).all(), press_of=press_of, finished=finished_just_now(client),
        contacts=db.session.scalars(queries.contacts_first(client_id, SOON)).all(),
        activities=db.session.scalars(queries.timeline(Activity.client_id == client_id).limit(3)).all(),
        since=min((one.starts for one in engagements if one.state not in client_queries.NOT_AGREED), default=None),
        models=MODEL_WORDS,
    )  # fmt: skip


def finished_just_now(client: Client) -> FollowUp | None:
    """The follow-up that the last press finished, so that it can be undone."""
    asked = request.args.get("done", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    mine = (FollowUp.client_id == client.id, FollowUp.person_id == g.viewer.person_id, FollowUp.done_at.is_not(None))
    return db.session.scalar(select(FollowUp).where(FollowUp.id == int(asked), *mine))


def press_of(thing: Any) -> Form:
    """A button's own key and version."""
    return Form(formdata=None, version=str(thing.version))


def _tab(template: str, client: Client, tab: str, **shown: Any) -> str:
    return render_template(
        f"clients/{template}.html", client=client, tab=tab, tabs=tabs_of(client), today=today(), **shown
    )


def _how_it_stands(live: list[Engagement], ring: Dial) -> str:
    if not live:
        return "Nothing runs here now."
    first = live[0]
    runs = f"runs to {day(first.ends)}" if first.state is EngagementState.ACTIVE else f"is {first.state}"
    return f"{first.code} {runs}; {ring.words} in the twelve."


def _worst(scopes: list[AreaScope]) -> list[AreaScope]:
    """The red areas, then the amber ones: what the client's page says in words beside its ring."""
    return [one for rag in (Rag.RED, Rag.AMBER) for one in scopes if one.is_in and one.stands(today()) is rag]


def _team(client: Client) -> list[tuple[str, str]]:
    """Who serves them today, the leads first, each with what they are there."""
    on = today()
    roles: dict[str, list[str]] = {}
    for one in sorted((one for one in client.assignments if one.runs(on)), key=_leads_first):
        roles.setdefault(one.person.name, []).append(f"{one.role.capitalize()} on {one.engagement.code}")
    return [(name, ", ".join(said)) for name, said in roles.items()]


def _leads_first(one: Assignment) -> tuple[bool, str]:
    return one.role is not AssignmentRole.LEAD, one.person.name


def _ahead(live: list[Engagement], scopes: list[AreaScope], owed: list[Deliverable]) -> list[Ahead]:
    """What comes next: deliverables due, reviews due, ends of engagements."""
    found = [Ahead(one.ends, f"{one.code} ends", f"/engagements/{one.id}") for one in live]
    reviews = [one for one in scopes if one.is_in and one.review_due]
    if reviews:
        first = min(reviews, key=lambda one: (one.review_due, one.number))
        same_day = sum(one.review_due == first.review_due for one in reviews)
        words = f"Review of {first.responsibility.short}" if same_day == 1 else f"Review of {plural(same_day, 'area')}"
        found.append(Ahead(first.review_due or date.max, words, f"/engagements/{first.engagement_id}"))
    ours = [one for one in owed if one.due and one.state is not State.SUBMITTED]  # that one waits for the client
    found += [Ahead(one.due, f"{one.code} {one.title}", f"/deliverables/{one.id}") for one in ours if one.due]
    return sorted(found, key=lambda one: one.day)[:SOON]


@pages.get("/<id:client_id>/engagements")
def engagements(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    found = db.session.scalars(client_queries.engagements_of(client_id)).all()
    return _tab(
        "engagements",
        client,
        "Engagements",
        engagements=found,
        dials=dials_of_engagements(one.id for one in found),
        models=MODEL_WORDS,
    )


@pages.get("/<id:client_id>/registers")
def registers(client_id: int) -> ResponseReturnValue:
    """The door to what is kept of the twelve areas, also where no engagement runs."""
    client = the_client(client_id)
    return _tab("registers", client, "Registers", **lists_of(client))


def lists_of(client: Client) -> dict[str, Any]:
    """Every register with its rows, and where an area can begin with the usual ones."""
    starts = {area.slug for area in TWELVE if registers_with_usual(area)}
    return {"counts": counts_of(client.id), "areas": TWELVE, "starts": starts, "press": lambda: press_of(client)}


@pages.get("/<id:client_id>/history")
def history(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    entries, names = client_queries.history(client_id)
    return _tab("history", client, "History", entries=entries, names=names)


# What is done with it


@pages.get("/<id:client_id>/edit")
def edit(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    if not may(g.viewer, "client.revise", client):
        abort(403)
    return _form_page(_form_of(client), client)


@pages.post("/<id:client_id>/edit")
def revise(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    form = _form_of(client)
    return answer(
        form,
        lambda press: operations.revise_client(
            client, form.fields(), holders=form.holders, changes=form.changes(client), viewer=g.viewer, press=press
        ),
        lambda form: _form_page(form, client),
        leads_to=url_for(".overview", client_id=client_id),
    )


def _form_of(client: Client) -> ClientForm:
    form = ClientForm(obj=client, data=client.holders)
    if g.viewer.role is not Role.PARTNER:
        form.for_a_consultant()
    return form


@pages.get("/<id:client_id>/note")
def edit_note(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    note = _note_of(client)
    if not may(g.viewer, "client.note", note):
        abort(403)
    return _note_page(client, NoteForm(obj=note))


@pages.post("/<id:client_id>/note")
def write_note(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    note, form = _note_of(client), NoteForm()
    return answer(
        form,
        lambda press: operations.write_note(note, body=form.body.data, viewer=g.viewer, press=press),
        lambda form: _note_page(client, form),
        leads_to=url_for(".overview", client_id=client_id),
    )


def _note_of(client: Client) -> ClientNote:
    found = db.session.scalars(queries.note_of(client.id)).one_or_none()
    return found or ClientNote(client_id=client.id, client=client, version=1)


def _note_page(client: Client, form: Form) -> str:
    return render_template("clients/note.html", client=client, form=form)


@partners.post("/<id:client_id>/archive")
def archive(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    return _pressed(client, lambda press: operations.archive_client(
        client, unfinished=client_queries.unfinished_of(client_id), viewer=g.viewer, press=press
    ))  # fmt: skip


@partners.post("/<id:client_id>/restore")
def restore(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    return _pressed(client, lambda press: operations.restore_client(client, viewer=g.viewer, press=press))


def _pressed(client: Client, deed: Any) -> ResponseReturnValue:
    """A button on the form's page: where it is refused, that page says why."""
    form = Form()
    return answer(
        form, deed, lambda form: _refused(client, form), leads_to=url_for("clients.overview", client_id=client.id)
    )


def _refused(client: Client, form: Form) -> str:
    shown = _form_of(the_client(client.id))
    shown.trouble = form.trouble
    return _form_page(shown, client)


# Walls


@partners.get("/<id:client_id>/walls")
def walls(client_id: int) -> ResponseReturnValue:
    return _walls_page(the_client(client_id), _wall_form())


@partners.post("/<id:client_id>/walls")
def raise_wall(client_id: int) -> ResponseReturnValue:
    client, form = the_client(client_id), _wall_form()
    people = {one.id: one for one in db.session.scalars(client_queries.to_wall_off())}
    return answer(
        form,
        lambda press: operations.raise_wall(
            Wall(client_id=client_id, person_id=form.person_id.data, reason=form.reason.data), people[form.person_id.data],
            serves_until=client_queries.assigned_until(client_id, form.person_id.data, today()), viewer=g.viewer, press=press,
        ),
        lambda form: _walls_page(client, form),
        leads_to=url_for(".walls", client_id=client_id),
    )  # fmt: skip


@partners.route("/<id:client_id>/walls/<id:wall_id>/lower", methods=["GET", "POST"])
def lower_wall(client_id: int, wall_id: int) -> ResponseReturnValue:
    client, form = the_client(client_id), ReasonForm()
    raised = queries.walls_of(client_id).where(Wall.id == wall_id)
    wall = db.one_or_404(raised)
    if request.method == "GET":
        return _lowering_page(client, wall, form)
    return answer(
        form,
        lambda press: operations.lower_wall(
            wall, name=wall.person.name, reason=form.reason.data, viewer=g.viewer, press=press
        ),
        lambda form: _lowering_page(client, db.one_or_404(raised), form),
        leads_to=url_for(".walls", client_id=client_id),
    )


def _lowering_page(client: Client, wall: Wall, form: Form) -> str:
    return render_template("clients/wall.html", client=client, wall=wall, form=form)


def _wall_form() -> WallForm:
    form = WallForm()
    form.person_id.of((one.id, one.name) for one in db.session.scalars(client_queries.to_wall_off()))
    return form


def _walls_page(client: Client, form: Form) -> str:
    return render_template(
        "clients/walls.html", client=client, form=form, walls=db.session.scalars(queries.walls_of(client.id)).all()
    )
