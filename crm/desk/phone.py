"""Time from the phone: the page that the installed app opens, and the way in for entries that waited on the device."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask import abort, g, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy import inspect

from crm.access.once import answered_before
from crm.access.pages import DESK, Pages
from crm.core import inputs
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Form
from crm.core.web import answer
from crm.desk.log import line, logged, name_of
from crm.desk.typed import Shown, blame, known, own_works, stint_of_line
from crm.timelog.forms import LogForm, TypedForm
from crm.timelog.grammar import read
from crm.timelog.operations import log_several
from crm.timelog.queries import Work, own_entries

pages = Pages("phone", __name__, roles=DESK, url_prefix="/time")
OPENS = "A word with # opens a form, which needs a connection. Take it out, or write the line again on Today"


@pages.get("/log")
def show() -> ResponseReturnValue:
    return page()


def page(form: LogForm | None = None, works: Sequence[Work] | None = None) -> str:
    log = line(form, works, back="log")
    entries = db.session.scalars(own_entries(g.viewer.person_id, today(), today())).unique().all()
    return render_template(
        "desk/phone.html",
        log=log,
        form=log.form,
        entries=entries[::-1],
        names={entry.id: name_of(entry, log.works) for entry in entries},
        today=today(),
    )


@pages.post("/log")
def log() -> ResponseReturnValue:
    return logged(page, back="log")


@pages.get("/waiting")
def ready() -> ResponseReturnValue:
    """For the device, before it sends: a fresh token, and whose session this is."""
    return jsonify(token=generate_csrf(), mark=g.signed.mark)


@pages.post("/waiting")
def arrive() -> ResponseReturnValue:
    """One entry that waited, as the log line would have posted it. The device forgets it when it reads its own key here,
    and nothing else makes it forget: not a page of a proxy, not a redirect to the door."""
    if request.form.get("mark", g.signed.mark) != g.signed.mark:
        abort(403)  # somebody else signed in between the token and this
    once = request.form.get("once", "")
    if there := answered_before(g.viewer, once):  # whatever became of the engagement since: it is logged
        return jsonify(once=once, href=there)
    answered = make_response(_line() if "line" in request.form else logged(_refusal, back="log"))
    if answered.status_code != 303:
        return answered
    return jsonify(once=once, href=answered.location)


def _line() -> ResponseReturnValue:
    """A line of text that waited: `mon` is the Monday before the day it was written on."""
    works, form = own_works(hold=True), TypedForm()
    found = Shown()
    if form.validate():
        try:
            found = Shown(read(form.line.data, replace(known(works), today=_written_on())))
        except Refused as error:
            found = Shown(trouble=str(error))
        blame(form, found)
        if found.reading and found.reading.opening and not form.problems:
            form.blame(Refused(OPENS, "line"))
    if found.reading is None or form.problems:
        return make_response(_refusal(form), 422)
    stints = [stint_of_line(one, form.reason.data) for one in found.reading.entries]
    return answer(
        form,
        lambda press: log_several(stints, viewer=g.viewer, press=press)[0],
        _refusal,
        leads_to=lambda entry: url_for("phone.show", logged=inspect(entry).identity[0]),
    )


def _written_on() -> date:
    """The device's own day; its clock may be ahead of ours, or say nothing that can be read."""
    try:
        return min(inputs.day(request.form.get("written_on", "")), today())
    except ValueError:
        return today()


def _refusal(form: Form, works: Sequence[Work] = ()) -> ResponseReturnValue:  # noqa: ARG001
    problems = [{"field": name, "says": says} for name, says in form.problems]
    if form.trouble:
        problems.append({"field": "", "says": form.trouble})
    return jsonify(problems=problems)
