"""One set of pages for every register of every area: list, add, change, archive, share, history, CSV."""

from collections.abc import Callable
from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas.catalogue import area_of, entry_of, register_of, registers_of
from crm.audit.trail import history_of
from crm.clients.models import Contact
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press, plain_sum
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.ownership import Visibility
from crm.core.web import answer
from crm.core.words import cell, iso
from crm.engagements.queries import assignable, contacts_of, engagements_to_choose
from crm.people.models import Person
from crm.registers import operations as do
from crm.registers.forms import EngagementChoice, EntryForm
from crm.registers.models import RegisterEntry
from crm.registers.place import Place
from crm.registers.queries import counts_of, rows_to_choose
from crm.registers.register import Register

pages = Pages("registers", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/<slug>/<register>")
pages.add_app_template_global(registers_of)  # the tabs of every register


def the_place(client_id: int, slug: str, register: str) -> Place:
    """404 where there is no such area, register or client."""
    area = area_of(slug)
    found = area and register_of(area, register)
    if not area or not found:
        raise NotFound
    return Place.of(client_id, area, found)


@pages.get("/")
def index(client_id: int, slug: str, register: str) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    listed = page_of(place.rows(), place.listing)
    rule = place.area.rule(listed.chosen.get("rule", ""))
    kept, shared = counts_of(client_id, place.area.code).get(place.register.kind, (0, 0))
    return place.render("index", page=listed, rule=rule, kept=kept, shared=shared)


@pages.get("/rows.csv")
def export(client_id: int, slug: str, register: str) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    rows = all_rows(place.rows(), place.listing)
    headings = [*place.register.columns, "Shared with the client", "Archived"]
    return csv_of(headings, (_cells(place.register, row) for row in rows), f"{place.client.code}-{place.register.slug}")


def _cells(register: Register, row: RegisterEntry) -> list[str]:
    cells = [_said(register, name, getattr(row, name)) for name in register.columns.values()]
    flags = (row.visibility is Visibility.CLIENT, row.archived_at is not None)
    return [*cells, *("yes" if flag else "no" for flag in flags)]


def _said(register: Register, name: str, value: Any) -> str:
    """As a spreadsheet wants it: nothing is an empty cell, a sum is a plain number, a day is ISO."""
    if value in (None, "", []):
        return ""
    return plain_sum(value) if name in register.sums else cell(value, iso)


@pages.route("/new", methods=["GET", "POST"])
def new(client_id: int, slug: str, register: str) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    form = _form_of(place, None)

    def page(form: Form) -> str:
        if not may(g.viewer, "register.add", place.client):
            raise NotPermitted("register.add")
        return place.render("new", form=form)

    def deed(press: Press) -> RegisterEntry:
        return do.add_entry(place.register, place.client, place.area.code, form.write, viewer=g.viewer, press=press)

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=place.url())


@pages.route("/<id:entry_id>", methods=["GET", "POST"])
def entry(client_id: int, slug: str, register: str, entry_id: int) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    row = place.row(entry_id)
    form = _form_of(place, row)

    def page(form: Form) -> str:
        if inspect(row).expired:  # a refused deed leaves it unread
            place.row(entry_id)
        history = db.session.scalars(history_of(row)).all()
        return place.render(
            "entry", form=form, row=row, history_rows=history, press=lambda: Form(None, data={"version": row.version})
        )

    def deed(press: Press) -> RegisterEntry:
        changes = form.changes(row)
        return do.revise_entry(row, form.write, viewer=g.viewer, press=press, changes=changes)

    return (
        page(form)
        if request.method == "GET"
        else answer(form, deed, page, leads_to=place.url("entry", entry_id=row.id))
    )


def _form_of(place: Place, row: RegisterEntry | None) -> EntryForm:
    form = place.register.form(obj=row)
    contacts = list(db.session.scalars(contacts_of(place.client.id)))
    persons = list(db.session.scalars(assignable(place.client.id)))
    if row:
        theirs, ours = form.names_now(row)
        gone = (db.session.get(Contact, key) for key in sorted(theirs - {one.id for one in contacts}))
        left = (db.session.get(Person, key) for key in sorted(ours - {one.id for one in persons}))
        contacts, persons = [*contacts, *filter(None, gone)], [*persons, *filter(None, left)]
    form.offer(place.client, contacts, persons)
    for named in form.of_rows:
        stands = getattr(row, named.name) if row else None
        rows = db.session.scalars(rows_to_choose(entry_of(named.of_kind), place.client.id, stands))
        named.of((one.id, one.label) for one in rows)
    for tracked in form.of_engagements:
        _offer_engagements(tracked, place.client.id, getattr(row, tracked.name) if row else None)
    return form


def _offer_engagements(field: EngagementChoice, client_id: int, stands: int | None) -> None:
    """Those that the viewer sees; one that they do not see stays where it is, without its name."""
    offered = {one.id: f"{one.code}, {one.title}" for one in db.session.scalars(engagements_to_choose(client_id))}
    field.of((offered if stands is None else {stands: "An engagement of another team"} | offered).items())


def _press(client_id: int, slug: str, register: str, entry_id: int, deed: Callable[..., None]) -> ResponseReturnValue:
    """One button: what is done to a row as a whole."""
    place = the_place(client_id, slug, register)
    row = place.row(entry_id)
    here = place.url("entry", entry_id=row.id)
    deed(row, viewer=g.viewer, press=Form().press(leads_to=here))
    return redirect(here, 303)


@pages.post("/<id:entry_id>/confirmation")
def confirm(**address: Any) -> ResponseReturnValue:
    return _press(**address, deed=do.confirm_entry)


@pages.post("/<id:entry_id>/archive")
def archive(**address: Any) -> ResponseReturnValue:
    return _press(**address, deed=do.archive_entry)


@pages.post("/<id:entry_id>/restoration")
def restore(**address: Any) -> ResponseReturnValue:
    return _press(**address, deed=do.restore_entry)


@pages.post("/<id:entry_id>/sharing")
def share(**address: Any) -> ResponseReturnValue:
    return _press(**address, deed=do.share_entry)


@pages.post("/<id:entry_id>/return")
def take_back(**address: Any) -> ResponseReturnValue:
    return _press(**address, deed=do.take_back_entry)
