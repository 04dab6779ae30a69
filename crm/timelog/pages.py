"""One entry's own page, deleting and restoring it, and what an engagement offers to log on."""

from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.act import allow
from crm.access.pages import DESK, Pages
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.web import answer, is_part
from crm.core.words import day, spoken
from crm.timelog.approval.forms import ExplanationForm
from crm.timelog.approval.operations import explain as say_how_it_was
from crm.timelog.approval.queries import checks_of
from crm.timelog.forms import AdjustForm, EntryForm, LogForm, VoidForm, answers_of
from crm.timelog.models import TimeEntry, TimeKind
from crm.timelog.operations import Correction, Stint, adjust_entry, restore_entry, revise_entry, void_entry
from crm.timelog.queries import (
    Work,
    any_entry,
    corrections_of,
    day_before,
    former,
    open_deliverables,
    own_entry,
    work_of,
)

pages = Pages("timelog", __name__, roles=DESK, url_prefix="/time")
BACK = {"today": "today.show", "week": "week.show", "log": "phone.show"}  # the pages that carry the log line


def stint_of(form: EntryForm | LogForm, works: Sequence[Work]) -> Stint:
    """What was answered, as a stint. Practice time has no client, so nothing of it is for one to read."""
    work = next((one for one in works if str(one.engagement_id) == form.for_what), None)
    note, to_client = form.note.data, form.client_note.data or ""
    if work is None:
        kind, note, to_client = TimeKind(form.for_what), "\n".join(filter(None, (to_client, note))), ""
    else:
        kind = form.kind.data
    return Stint(
        work, form.minutes or 0, form.worked_on.data or today(), kind=kind, area=form.area.data,
        deliverable_id=form.deliverable.data if work else None, client_note=to_client, note=note,
        reason=form.reason.data or "",
    )  # fmt: skip


def mine(entry_id: int) -> TimeEntry:
    """One's own entry, or a 404: colleagues read each other's time on the engagement and change none of it."""
    entry: TimeEntry = db.one_or_404(own_entry(entry_id, g.viewer.person_id))
    return entry


@pages.get("/entries/<id:entry_id>")
def show(entry_id: int) -> ResponseReturnValue:
    entry = mine(entry_id)
    return page(entry, filled(entry))


def filled(entry: TimeEntry) -> EntryForm:
    return EntryForm(formdata=None, version=str(entry.version), **answers_of(entry))


def page(entry: TimeEntry, form: EntryForm, press: Form | None = None, answering: Form | None = None) -> str:
    """The entry's page. `press` is the form of a button on it that was refused, `answering` that of an answer to a
    question; in a locked or invoiced month there is no form."""
    before = day_before(entry.person_id, entry.worked_on, places=[(entry.engagement_id, entry.worked_on)])
    works = offered(entry, form, work_of(g.viewer.person_id, today()))
    open_ones = db.session.scalars(open_deliverables(work.engagement_id for work in works)).unique().all()
    deliverables = [one for one in open_ones if one.id != entry.deliverable_id]
    if entry.deliverable:
        deliverables.insert(0, entry.deliverable)
    press = press or VoidForm(formdata=None, version=str(entry.version))
    return render_template(
        "timelog/entry.html",
        entry=entry,
        form=form,
        press=press,
        works=works,
        deliverables=deliverables,
        today=today(),
        locked=before.locked or before.invoiced,
        invoiced=before.invoiced,
        checks=checks_of(entry.id),
        corrections=db.session.scalars(corrections_of(entry.id)).all(),
        answering=answering or ExplanationForm(formdata=None, version=str(entry.version)),
    )


def offered(entry: TimeEntry, form: EntryForm, works: Sequence[Work]) -> Sequence[Work]:
    """One's engagements, put into the form; where it was logged is among them, even after one has left there."""
    if entry.engagement_id and entry.engagement_id not in {work.engagement_id for work in works}:
        works = [*works, former(entry)]
    form.offer([(str(work.engagement_id), work.name) for work in works])
    return works


@pages.post("/entries/<id:entry_id>")
def revise(entry_id: int) -> ResponseReturnValue:
    held = work_of(g.viewer.person_id, today(), hold=True)
    entry, form = mine(entry_id), EntryForm(request.form)
    works = offered(entry, form, held)
    return answer(
        form,
        lambda press: revise_entry(entry, stint_of(form, works), viewer=g.viewer, press=press),
        lambda _: page(mine(entry_id), form),
        leads_to=lambda one: url_for("week.show", day=one.worked_on, _anchor=f"day-{one.worked_on}"),
    )


@pages.post("/entries/<id:entry_id>/void")
def void(entry_id: int) -> ResponseReturnValue:
    entry, form = mine(entry_id), VoidForm(request.form)
    return answer(
        form,
        lambda press: void_entry(entry, viewer=g.viewer, press=press, reason=form.reason.data or ""),
        lambda _: refused_press(entry_id, form),
        leads_to=url_for(back(), deleted=entry_id),
    )


@pages.post("/entries/<id:entry_id>/restore")
def restore(entry_id: int) -> ResponseReturnValue:
    entry, form = mine(entry_id), Form(request.form)
    return answer(
        form,
        lambda press: restore_entry(entry, viewer=g.viewer, press=press),
        lambda _: refused_press(entry_id, form),
        leads_to=url_for(back(), logged=entry_id),
    )


@pages.post("/entries/<id:entry_id>/explanation")
def explain(entry_id: int) -> ResponseReturnValue:
    """The answer to whoever asked about it."""
    entry, form = mine(entry_id), ExplanationForm(request.form)

    def again(form: Form) -> str:
        entry = mine(entry_id)
        return page(entry, filled(entry), answering=form)

    return answer(
        form,
        lambda press: say_how_it_was(entry, form.said.data or "", viewer=g.viewer, press=press),
        again,
        leads_to=url_for(".show", entry_id=entry_id),
    )


@pages.route("/entries/<id:entry_id>/adjustment", methods=["GET", "POST"])
def adjust(entry_id: int) -> ResponseReturnValue:
    """An entry of an invoiced month, put right in the open one: by whoever logged it, or by a partner."""
    entry = db.one_or_404(any_entry(entry_id))
    allow(g.viewer, "time.adjust", entry)
    form = AdjustForm(data={"worked_on": today(), "version": entry.version})

    def page(form: Form) -> str:
        entry = db.one_or_404(any_entry(entry_id))
        corrections = db.session.scalars(corrections_of(entry_id)).all()
        return render_template(
            "timelog/adjust.html", entry=entry, form=form, corrections=corrections, today=today(),
            now=entry.minutes + sum(one.minutes for one in corrections), is_mine=entry.person_id == g.viewer.person_id,
        )  # fmt: skip

    def deed(press: Press) -> TimeEntry:
        right = Correction(form.duration.data, form.worked_on.data, form.client_note.data, form.reason.data)
        made = adjust_entry(entry, right, viewer=g.viewer, press=press)
        flash(f"{spoken(made.minutes)} stands on {day(made.worked_on)} as a correction.", "g")
        return made

    return (
        page(form)
        if request.method == "GET"
        else answer(form, deed, page, leads_to=url_for(".adjust", entry_id=entry_id))
    )


def refused_press(entry_id: int, form: Form) -> str:
    entry = mine(entry_id)
    return page(entry, filled(entry), press=form)


def back() -> str:
    """The page that the button stood on."""
    return BACK.get(request.form.get("back", ""), "week.show")


@pages.get("/choices")
def choices() -> ResponseReturnValue:
    """For htmx: areas and deliverables of the engagement that was just ticked. Without script all are in one list."""
    if not is_part():
        return redirect(url_for("week.show"), 303)
    works = work_of(g.viewer.person_id, today())
    form = LogForm(request.args)
    chosen = next((work for work in works if str(work.engagement_id) == form.for_what), None)
    open_ones = db.session.scalars(open_deliverables([chosen.engagement_id] if chosen else [])).unique().all()
    return render_template("timelog/_choices.html", form=form, chosen=chosen, works=works, deliverables=open_ones)
