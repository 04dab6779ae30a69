"""How much room the files of each client take. For admins, who see names and sums and nothing of any file."""

from functools import partial

from flask import abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import ADMINS, Pages
from crm.core import inputs
from crm.core.db import db
from crm.core.forms import Form, Parsed
from crm.core.web import answer
from crm.practice.models import Practice
from crm.settings import storage_queries
from crm.settings.operations import give_room, give_room_to_all

pages = Pages("storage", __name__, roles=ADMINS, url_prefix="/settings/storage")
megabytes = partial(inputs.whole, at_least=1, at_most=1_000_000)


class EverybodysRoomForm(Form):
    file_quota = Parsed("MB for the files of each client", megabytes, ask="Write how many MB, like 2048")


class RoomForm(Form):
    megabytes = Parsed(
        "MB for the files of this client", megabytes, description="Left empty it is as much as for everybody"
    )


def the_practice() -> Practice:
    return db.get_or_404(Practice, 1)


@pages.get("")
def show() -> ResponseReturnValue:
    return page(EverybodysRoomForm(obj=the_practice()))


def page(form: Form) -> str:
    return render_template(
        "settings/storage.html", form=form, practice=the_practice(), rooms=storage_queries.rooms(g.viewer)
    )


@pages.post("")
def revise() -> ResponseReturnValue:
    practice, form = the_practice(), EverybodysRoomForm()
    return answer(
        form,
        lambda press: give_room_to_all(practice, form.file_quota.data, viewer=g.viewer, press=press),
        page,
        leads_to=url_for(".show"),
    )


@pages.get("/<id:client_id>")
def one(client_id: int) -> ResponseReturnValue:
    room = _room(client_id)
    return one_page(room, RoomForm(data={"megabytes": room.own, "version": str(the_practice().version)}))


def _room(client_id: int) -> storage_queries.ClientRoom:
    return next(iter(storage_queries.rooms(g.viewer, client_id)), None) or abort(404)


def one_page(room: storage_queries.ClientRoom, form: Form) -> str:
    return render_template("settings/room.html", form=form, room=room, practice=the_practice())


@pages.post("/<id:client_id>")
def give(client_id: int) -> ResponseReturnValue:
    room, form = _room(client_id), RoomForm()
    return answer(
        form,
        lambda press: give_room(
            the_practice(), client_id, room.client, form.megabytes.data, viewer=g.viewer, press=press
        ),
        lambda form: one_page(_room(client_id), form),
        leads_to=url_for(".show"),
    )
