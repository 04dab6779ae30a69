"""One set of pages for every register of every area: list, add, change, archive, share, history."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas.catalogue import area_of, register_of, registers_of
from crm.areas.offers import offer_to
from crm.areas.starter import registers_with_usual
from crm.audit.trail import history_of
from crm.core import inputs
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Line, Press
from crm.core.lists import page_of
from crm.core.web import answer
from crm.registers import operations as do
from crm.registers.forms import EntryForm
from crm.registers.models import RegisterEntry
from crm.registers.place import Place
from crm.registers.queries import counts_of

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
    rule = next((one for one in place.area.rules_of(place.register) if one.id == listed.chosen.get("rule")), None)
    kept, shared = counts_of(client_id, place.area.code).get(place.register.kind, (0, 0))
    begins = place.register in registers_with_usual(place.area) and not kept
    usual = Form(None, data={"version": place.client.version}) if begins else None
    return place.render("index", page=listed, rule=rule, kept=kept, shared=shared, usual=usual)


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
            "entry", form=form, row=row, history_rows=history, press=lambda: Form(None, data={"version": row.version}),
            **place.register.beside(row),
        )  # fmt: skip

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
    offer_to(form, place.client, row).fill(form)
    if row is None and not form.is_submitted():
        for named in (*form.of_rows, *form.of_engagements):  # a link from what it is about
            named.data = request.args.get(named.name, named.data)
        _begin(form, next(iter(place.register.columns.values())))
    return form


def _begin(form: EntryForm, name: str) -> None:
    """What somebody began elsewhere: what the row is called, and of which kind it is. Kept only by the form itself."""
    with suppress(ValueError):
        if name in form and isinstance(form[name], Line):
            form[name].data = inputs.line(request.args.get(name, "")) or form[name].data
    if "type" in form:
        form["type"].data = request.args.get("type", form["type"].data)


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
