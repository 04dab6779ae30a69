"""The door that sends each audience home, and what belongs to one's own account."""

from flask import Blueprint, Response, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from crm.access.pages import EVERYBODY, STAFF, OpenPages, Pages
from crm.accounts.mark import mark_of
from crm.accounts.session import wear
from crm.core.db import is_alive
from crm.core.log import log
from crm.core.viewer import Role
from crm.practice.look import style_sheet

pages = Pages("home", __name__, roles=EVERYBODY)
staff = Pages("menu", __name__, roles=STAFF)
look = OpenPages("look", __name__)
health = Blueprint("health", __name__)  # open to all: it says nothing of anybody

HOMES = {
    Role.CONSULTANT: "/today",
    Role.PARTNER: "/practice",
    Role.ADMIN: "/settings",
    Role.SPONSOR: "/portal",
    Role.VIEWER: "/portal",
}


@pages.get("/")
def door() -> ResponseReturnValue:
    return redirect(HOMES[g.viewer.role], 303)


@staff.get("/menu")
def menu() -> ResponseReturnValue:
    """On a phone: the places that do not fit into the bar."""
    return render_template("home/menu.html")


@pages.post("/standing")
def change_standing() -> ResponseReturnValue:
    """Look through another of one's own hats: two companies are never seen at once."""
    wanted = request.form.get("standing", "")
    worn = next((one for one in g.signed.standings if str(one.id) == wanted), None)
    if worn:
        wear(g.signed.session_id, worn.id)
    return redirect(url_for("home.door"), 303)


@look.get("/look.css")
def accent() -> Response:
    """The practice's colour, for pages that clients and whoever stands at the door see. The page may hold no style of its
    own, so it is a sheet of ours."""
    answer = Response(style_sheet(g.practice.accent if g.practice else ""), mimetype="text/css")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@look.get("/logo/<string(length=64):digest>.png")
def logo(digest: str) -> Response:
    """The practice's mark, under an address that another picture never gets."""
    picture = mark_of(digest)
    if picture is None:
        abort(404)
    answer = Response(picture, mimetype="image/png")
    answer.set_etag(digest)
    answer.make_conditional(request)
    return answer


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 when the application and its database work; 503 when not. For machines."""
    try:
        is_alive()
    except SQLAlchemyError as error:
        log.error("unhealthy", error=type(error).__name__)
        return jsonify(status="database unreachable"), 503
    return jsonify(status="ok", application=current_app.name)
