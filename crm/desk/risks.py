"""Risks, questions and actions of a client, across the twelve areas."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas.across import operations as do
from crm.areas.across import queries as ask
from crm.areas.across.forms import NoteForm
from crm.areas.across.models import HIGH, MEDIUM, Action
from crm.areas.catalogue import ACROSS
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.forms import Form
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.ownership import Visibility
from crm.core.twelve import OF
from crm.core.web import answer
from crm.core.words import iso, worded
from crm.desk.clients import tabs_of, the_client
from crm.engagements.queries import assignable, contacts_of
from crm.registers.models import RegisterEntry

pages = Pages("risks", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/risks")
SLUGS: Mapping[type[RegisterEntry], str] = {one.entry: one.slug for one in ACROSS}


def address_of(row: RegisterEntry) -> str:
    """Where a row of these registers is read: in its own area."""
    return url_for(
        "registers.entry", client_id=row.client_id, slug=OF[row.area].slug, register=SLUGS[type(row)], entry_id=row.id
    )


def weight_of(score: int) -> str:
    """How a score is coloured: high, medium or neither (F15)."""
    return "r" if score >= HIGH else "a" if score >= MEDIUM else ""


def page_of_risks(client: Client, form: NoteForm) -> str:
    listed = page_of(ask.items_of(client.id), ask.items_listing())
    return render_template(
        "areas/across/risks.html", client=client, tab="Risks & decisions", tabs=tabs_of(client), today=today(), page=listed,
        cells=ask.cells_of(client.id), weight_of=weight_of, address_of=address_of, form=form,
        questions=db.session.scalars(ask.needed_decisions(client.id)).unique().all(),
        actions=db.session.scalars(ask.open_actions(client.id)).unique().all(), OF=OF,
        export=listed.exported_by(".export", client_id=client.id),
    )  # fmt: skip


def _note_form(client: Client) -> NoteForm:
    """In one line; whoever writes it does it, unless they choose somebody else."""
    mine = f"person-{g.viewer.person_id}" if g.viewer.person_id else None
    form = NoteForm(data={"version": "1", "owner_party": mine})
    people = [(f"person-{one.id}", one.name) for one in db.session.scalars(assignable(client.id))]
    theirs = [(f"contact-{one.id}", one.name) for one in db.session.scalars(contacts_of(client.id))]
    form.owner_party.of([*people, *theirs])
    return form


@pages.get("")
def show(client_id: int) -> ResponseReturnValue:
    client = the_client(client_id)
    return page_of_risks(client, _note_form(client))


HEADS = (
    "Risk or issue", "Type", "Area", "Likely", "Bad", "Score", "What is done about it", "Owner", "Look again", "Status",
    "Shared with the client",
)  # fmt: skip


@pages.get("/list.csv")
def export(client_id: int) -> Response:
    client = the_client(client_id)
    rows = (
        (one.title, worded(one.type), OF[one.area].short, one.likelihood, one.impact, one.score, one.response, one.owner,
         iso(one.next_review), worded(one.status), "yes" if one.visibility is Visibility.CLIENT else "no")
        for one in all_rows(ask.items_of(client.id), ask.items_listing())
    )  # fmt: skip
    return csv_of(HEADS, rows, f"risks-{client.code.lower()}")


@pages.post("/actions")
def note(client_id: int) -> ResponseReturnValue:
    """An action in one line."""
    client = the_client(client_id)
    if not may(g.viewer, "action.note", client):
        raise NotPermitted("action.note")
    form = _note_form(client)

    def deed(press: Any) -> Action:
        return do.note_action(client, viewer=g.viewer, press=press, **form.fields())

    def page(form: Form) -> str:
        return page_of_risks(the_client(client_id), form)

    return answer(form, deed, page, leads_to=url_for(".show", client_id=client_id, _anchor="actions"))
