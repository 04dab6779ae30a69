"""Somebody leaves: the one screen for it, for people of the practice and of clients."""

from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.once import answered_before
from crm.access.pages import ADMINS, Pages
from crm.core.db import db
from crm.core.errors import Refused, Stale
from crm.core.forms import Choice, Form, Press
from crm.core.web import answer
from crm.core.words import plural
from crm.figures import ContactName, contacts_by_name
from crm.people.models import Person
from crm.settings import leaving, queries
from crm.settings.leaver_work import Case, cases_of

pages = Pages("leavers", __name__, roles=ADMINS, url_prefix="/settings/leavers")

WHOM = "<any(person,contact):kind>/<id:whom_id>"


@pages.get("")
def choose() -> ResponseReturnValue:
    words = " ".join(request.args.get("q", "").replace("\0", "").split())[:200]
    return render_template(
        "settings/choose.html", words=words, account=None, at_once=queries.AT_ONCE, leaving=True,
        people=queries.people_by_name(words), contacts=contacts_by_name(words, at_most=queries.AT_ONCE),
    )  # fmt: skip


def _whom(kind: str, whom_id: int) -> Person | ContactName:
    if kind == "person":
        return db.get_or_404(Person, whom_id)
    found = contacts_by_name(ids=[whom_id])
    return found[0] if found else abort(404)


def _cases(kind: str, whom_id: int) -> tuple[list[Case], str]:
    """What hangs on them, and the version of their row, which the form carries."""
    with leaving.house_session():
        whom = leaving.whoever(kind, whom_id)
        return cases_of(whom), str(whom.version)


def _form(cases: Sequence[Case], version: str) -> Form:
    """One choice for each client at which something waits."""
    choices = {
        f"to_{one.client_id}": Choice(
            f"Who takes over at {one.client}",
            one.options,
            kind=int,
            ask="Choose who takes over",
            blank="Choose somebody",
        )
        for one in cases
    }
    made: Form = type("LeaverForm", (Form,), choices)(
        data={f"to_{one.client_id}": one.suggested for one in cases} | {"version": version}
    )
    return made


@pages.get(f"/{WHOM}")
def show(kind: str, whom_id: int) -> ResponseReturnValue:
    cases, version = _cases(kind, whom_id)
    return _shown(kind, whom_id, cases, _form(cases, version))


def _shown(kind: str, whom_id: int, cases: Sequence[Case], form: Form) -> str:
    return render_template(
        "settings/leaver.html", kind=kind, whom=_whom(kind, whom_id), cases=cases, form=form,
        ways_in=queries.ways_in(g.viewer, kind, whom_id), fields={one.client_id: form[f"to_{one.client_id}"] for one in cases},
    )  # fmt: skip


@pages.post(f"/{WHOM}")
def part(kind: str, whom_id: int) -> ResponseReturnValue:
    led = answered_before(g.viewer, request.form.get("once", ""))
    if led:  # what was chosen is not asked any more: this press is known by its key alone
        return redirect(led, 303)
    _whom(kind, whom_id)
    cases, version = _cases(kind, whom_id)
    form = _form(cases, version)

    viewer = g.viewer  # the house's session has a `g` of its own

    def deed(press: Press) -> None:
        takers = {one.client_id: form[f"to_{one.client_id}"].data for one in cases}
        with leaving.house_session():
            try:
                name, moved = leaving.part_with(whom_id, kind, takers, viewer=viewer, press=press)
            except Stale:  # what stands now belongs to a session that is gone when the page is drawn
                raise Refused("Somebody changed this since you opened it. Open the page again.") from None
        went = f" {plural(moved, 'client was', 'clients were')} handed over." if moved else ""
        flash(f"{name} is out everywhere, and no way in is left.{went}", "g")

    return answer(form, deed, lambda form: _shown(kind, whom_id, cases, form), leads_to=url_for("settings.accounts"))
