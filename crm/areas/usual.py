"""Starting with the usual rows, of one register or of an area."""

from collections.abc import Sequence

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.areas.catalogue import area_of
from crm.areas.starter import registers_with_usual, usual_entries
from crm.areas.views import the_place
from crm.clients.models import Client
from crm.core.db import db
from crm.core.forms import Form
from crm.core.words import plural
from crm.registers.operations import start_rows
from crm.registers.register import Area, Register

pages = Pages("usual", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/<slug>")


@pages.post("/<register>/usual-rows")
def of_register(client_id: int, slug: str, register: str) -> ResponseReturnValue:
    place = the_place(client_id, slug, register)
    if place.register not in registers_with_usual(place.area):
        raise NotFound
    return _start(place.client, place.area, [place.register])


@pages.post("/usual-rows")
def of_area(client_id: int, slug: str) -> ResponseReturnValue:
    """Of every register of the area that has usual rows."""
    area = area_of(slug)
    found = registers_with_usual(area) if area else []
    if area is None or not found:
        raise NotFound
    return _start(db.get_or_404(Client, client_id), area, found)


def _start(client: Client, area: Area, registers: Sequence[Register]) -> ResponseReturnValue:
    here = url_for("registers.index", client_id=client.id, slug=area.slug, register=registers[0].slug)
    form = Form(request.form)
    entries = [entry for one in registers for entry in usual_entries(client, area, one, g.viewer)]
    start_rows(client, entries, area.title, viewer=g.viewer, press=form.press(leads_to=here))
    flash(
        f"{plural(len(entries), 'usual row')} written down. Look at each and confirm it, change it or archive it.", "g"
    )
    return redirect(here, 303)
