"""The door that sends each audience home, and what belongs to one's own account."""

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from crm.access.pages import EVERYBODY, STAFF, Pages
from crm.accounts.session import wear
from crm.core.db import is_alive
from crm.core.log import log
from crm.core.viewer import Role

pages = Pages("home", __name__, roles=EVERYBODY)
staff = Pages("menu", __name__, roles=STAFF)
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


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 when the application and its database work; 503 when not. For machines."""
    try:
        is_alive()
    except SQLAlchemyError as error:
        log.error("unhealthy", error=type(error).__name__)
        return jsonify(status="database unreachable"), 503
    return jsonify(status="ok", application=current_app.name)
