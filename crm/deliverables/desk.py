"""Deliverables on the desk of the practice: the lists, one of them whole, and every step of its life."""

import re
from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages, slow
from crm.access.policy import may
from crm.audit.models import Opened
from crm.audit.trail import history_of
from crm.clients.openings import seen_by
from crm.core.clock import today
from crm.core.db import db, writing
from crm.core.errors import Refused
from crm.core.forms import Form, Press
from crm.core.lists import Filter, Listing, all_rows, csv_of, page_of
from crm.core.web import answer, page_or_part
from crm.core.words import iso
from crm.deliverables import queries
from crm.deliverables.certificate import certificate, has_certificate, lines_of
from crm.deliverables.chains.graph import Graph
from crm.deliverables.chains.queries import graph_of, held_up
from crm.deliverables.checking import answered, asked
from crm.deliverables.forms import DeliverableForm, form_of
from crm.deliverables.measures import answer_due
from crm.deliverables.models import Deliverable
from crm.deliverables.operations import attach_files, detach_file, propose_deliverable, revise_deliverable
from crm.deliverables.states import SAID, State
from crm.deliverables.steps import DONE, STEPS, Step, offers_for, region_of, way_of, who_does_next
from crm.deliverables.tabs import tabs_of
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.files.forms import UploadForm
from crm.files.keeping import brought
from crm.files.showing import shown
from crm.library.queries import template_of
from crm.library.typical import Template

pages = Pages("deliverables", __name__, roles=DESK, url_prefix="/deliverables")

HELD = Filter(
    "held", "Held up", [("up", "Held up")], lambda _: Deliverable.id.in_(held_up(g.practice.region)), "Held up or not"
)
OTHERS = "any(mine,late,waiting,'signed-off',all)"


@pages.get("")
def everything_open() -> ResponseReturnValue:
    return listed_in(queries.VIEWS["open"])


@pages.get(f"/<{OTHERS}:view>")
def view(view: str) -> ResponseReturnValue:
    return listed_in(queries.VIEWS[view])


def _listing(view: queries.View) -> Listing:
    more = queries.of_engagement(request.args.get("engagement", ""))
    return queries.listing(view, queries.clients_with_any(), queries.owners_to_choose(), HELD, *more)


def listed_in(view: queries.View) -> str:
    """One tab of the list."""
    me, on = g.viewer.person_id, today()
    rows = queries.select_ids(view, me, on)
    page = page_of(rows, _listing(view))
    page.rows = queries.lines_of(page.rows)
    return page_or_part(
        "deliverables/list.html", "deliverables/_list.html", page=page, view=view, views=queries.VIEWS,
        numbers=queries.numbers_of_views(me, on), bound=queries.NUMBERED, today=on,
        export=page.exported_by(".export", view=view.slug),
    )  # fmt: skip


@pages.get("/<any(open,mine,late,waiting,'signed-off',all):view>.csv")
def export(view: str) -> Response:
    tab = queries.VIEWS[view]
    asked = queries.select_ids(tab, g.viewer.person_id, today())
    found = queries.lines_of_many(all_rows(asked, _listing(tab)))
    return csv_of(
        ("Reference", "Title", "Area", "Client", "Engagement", "Owner", "Contributors", "Stage", "Version", "Estimate",
         "Agreed date", "Current date", "Signed off"),
        ((owed.code, owed.title, owed.responsibility.name, owed.client.name, owed.engagement.code,
          owed.assignment.person.name if owed.assignment else "", ", ".join(line.people[1 if owed.assignment else 0:]),
          SAID[owed.state], line.version or "", owed.estimate, iso(owed.baseline_due), iso(owed.due), iso(owed.accepted_on))
         for line in found for owed in (line.owed,)),
        f"deliverables-{view}",
    )  # fmt: skip


@pages.get("/new")
def choose() -> ResponseReturnValue:
    """Which engagement it belongs to; said by the address, or the only one that is open: straight on to its form."""
    asked: dict[str, Any] = {
        name: request.args[name] for name in ("engagement", "area", "template") if name in request.args
    }
    where = asked.pop("engagement", "")
    if re.fullmatch("[0-9]{1,9}", where):
        return redirect(url_for(".new", engagement_id=int(where), **asked), 303)
    offered = [
        one for one in db.session.scalars(queries.engagements_open()) if may(g.viewer, "deliverable.propose", one)
    ]
    if len(offered) == 1:
        return redirect(url_for(".new", engagement_id=offered[0].id, **asked), 303)
    return render_template("deliverables/choose.html", engagements=offered, asked=asked)


@pages.get("/new/<id:engagement_id>")
def new(engagement_id: int) -> ResponseReturnValue:
    engagement = queries.engagement_for_new(engagement_id)
    template = template_of(request.args.get("template", ""))
    form = DeliverableForm(data=begun_with(template)) if template else DeliverableForm(area=request.args.get("area"))
    form.offer(engagement)
    return new_page(engagement, form)


@pages.post("/new/<id:engagement_id>")
def add(engagement_id: int) -> ResponseReturnValue:
    engagement = queries.engagement_for_new(engagement_id)
    form = DeliverableForm()
    form.offer(engagement)
    return answer(
        form,
        lambda press: propose_deliverable(
            engagement, viewer=g.viewer, press=press, planned="plan" in request.form, shares=form.shares.data,
            criteria_lines=form.criteria_lines.data, **form.answers(),
        ),
        lambda form: new_page(queries.engagement_for_new(engagement_id), form),
        leads_to=lambda owed: url_for(".show", deliverable_id=owed.id),
    )  # fmt: skip


def begun_with(template: Template) -> dict[str, Any]:
    """What a template answers before anybody has typed."""
    return {
        "title": template.name, "area": template.area.value, "purpose": template.what, "type": template.key,
        "estimate": template.days, "criteria_lines": list(template.criteria),
    }  # fmt: skip


def new_page(engagement: Engagement, form: Form) -> str:
    return render_template("deliverables/new.html", engagement=engagement, form=form)


@pages.get("/<id:deliverable_id>")
def show(deliverable_id: int) -> ResponseReturnValue:
    return shown_whole(queries.for_page(deliverable_id))


def shown_whole(owed: Deliverable, uploading: Form | None = None) -> str:
    """Its page; the files alone to whoever asks for a part, with the form that was refused."""
    first, others = offers_for(owed, partial(may, g.viewer))
    may_attach = bool(owed.current) and may(g.viewer, "deliverable.attach", owed) and not owed.stops("attach")
    history = db.session.scalars(history_of(owed, *owed.versions)).all()
    graph = graph_of(owed.client_id, g.practice.region) if owed.is_live else Graph(today(), "")
    waiting = owed.current if owed.current and owed.current.is_waiting else None
    return page_or_part(
        "deliverables/show.html", "deliverables/_files.html", owed=owed, first=first, others=others, turn=who_does_next(owed), today=today(),
        way=way_of(owed, history), history=history, done=DONE, press=Form(version=str(owed.version)),
        answer_by=answer_due(waiting, region_of(owed), owed.engagement.pauses) if waiting else None,
        asked=queries.asked_of(owed, waiting) if waiting else [],
        cancelled=queries.cancellation_of(owed) if owed.state is State.CANCELLED else None,
        ratings=queries.ratings_of(owed), lines_of=lines_of,
        seen=seen_by(Opened.VERSION, [one.id for one in owed.versions if one.submitted_at]),
        tabs=tabs_of(owed), chain=graph, danger=graph.danger_of(("deliverable", owed.id)),
        awaited=[graph.things[one] for one in graph.waits.get(("deliverable", owed.id), ())],
        may_attach=may_attach,
        uploading=uploading or UploadForm(formdata=None, version=str(owed.current.version if owed.current else 1)),
        press_file=Form(formdata=None, version=str(owed.current.version if owed.current else 1)),
        shown=shown(one.file for one in owed.current.files) if owed.current else (),
    )  # fmt: skip


@pages.post("/<id:deliverable_id>/files")
@slow
def attach(deliverable_id: int) -> ResponseReturnValue:
    """Files for the version that is being written. They are looked at before anything is written."""
    owed = queries.for_deed(deliverable_id)
    if not may(g.viewer, "deliverable.attach", owed):
        abort(403)
    form, stopped = UploadForm(), owed.stops("attach")

    def deed(press: Press) -> None:
        if stopped:
            raise Refused(stopped)
        with brought(form.uploads.data) as files, writing():
            now = queries.for_deed(deliverable_id)
            attach_files(_written(now), files, viewer=g.viewer, press=press)

    return answer(
        form,
        deed,
        lambda form: shown_whole(queries.for_page(deliverable_id), form),
        leads_to=url_for(".show", deliverable_id=deliverable_id, _anchor="files"),
    )


def _written(owed: Deliverable) -> DeliverableVersion:
    """The version at hand. Without one there is nothing that could take a file."""
    if owed.current is None:
        raise Refused(f"{owed.code} has no version yet: begin it first.")
    return owed.current


@pages.post("/<id:deliverable_id>/files/<id:file_id>/removal")
def detach(deliverable_id: int, file_id: int) -> ResponseReturnValue:
    owed = queries.for_deed(deliverable_id)
    attached = owed.current.attached if owed.current else ()
    file = next((one for one in attached if one.file_id == file_id), None) or abort(404)
    return answer(
        Form(),
        lambda press: detach_file(file, viewer=g.viewer, press=press),
        lambda form: shown_whole(queries.for_page(deliverable_id), _saying(form.trouble)),
        leads_to=url_for(".show", deliverable_id=deliverable_id, _anchor="files"),
    )


def _saying(trouble: str) -> Form:
    form = UploadForm(formdata=None)
    form.trouble = trouble
    return form


@pages.get("/check")
def check() -> ResponseReturnValue:
    """Which version a file is."""
    return asked(render_template, "deliverables/check.html")


@pages.post("/check")
@slow
def checked() -> ResponseReturnValue:
    return answered(render_template, "deliverables/check.html")


@pages.get("/<id:deliverable_id>/versions/<id:version_id>/certificate.pdf")
def sheet(deliverable_id: int, version_id: int) -> ResponseReturnValue:
    """A sign-off on paper, from the record."""
    owed = queries.for_page(deliverable_id)
    version = next((one for one in owed.versions if one.id == version_id), None)
    if version is None or not has_certificate(version):
        abort(404)
    return certificate(version, owed.client, g.practice, full=True)


@pages.get("/<id:deliverable_id>/edit")
def edit(deliverable_id: int) -> ResponseReturnValue:
    owed = queries.for_deed(deliverable_id)
    if not may(g.viewer, "deliverable.revise", owed):
        abort(403)
    return edit_page(owed, form_of(owed))


@pages.post("/<id:deliverable_id>/edit")
def revise(deliverable_id: int) -> ResponseReturnValue:
    owed = queries.for_deed(deliverable_id)
    form = form_of(owed)
    return answer(
        form,
        lambda press: revise_deliverable(
            owed, viewer=g.viewer, press=press, shares=form.shares.data, criteria_lines=form.criteria_lines.data,
            **form.answers(),
        ),
        lambda form: edit_page(queries.for_deed(deliverable_id), form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )  # fmt: skip


def edit_page(owed: Deliverable, form: Form) -> str:
    return render_template("deliverables/edit.html", owed=owed, form=form)


def look_at(step: Step, deliverable_id: int) -> ResponseReturnValue:
    """The page of one step. Where it is not possible now, it says why."""
    owed = queries.for_deed(deliverable_id)
    if not may(g.viewer, step.rule, owed):
        abort(403)
    return step_page(step, owed, step.made(owed))


def take(step: Step, deliverable_id: int) -> ResponseReturnValue:
    """The button of one step."""
    owed = queries.for_deed(deliverable_id)
    form = step.made(owed)
    return answer(
        form,
        lambda press: step.deed(owed, form, press),
        lambda form: step_page(step, queries.for_deed(deliverable_id), form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )


def step_page(step: Step, owed: Deliverable, form: Form) -> str:
    return render_template("deliverables/step.html", step=step, owed=owed, form=form, stopped=owed.stops(step.verb))


def _of(step: Step, view: Callable[[Step, int], ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """This step's own view. It keeps a name, which the guard against forged forms asks for."""
    return update_wrapper(partial(view, step), view)


for step in STEPS.values():
    address = f"/<id:deliverable_id>/{step.slug}"
    pages.add_url_rule(address, f"{step.verb}_page", _of(step, look_at), methods=["GET"])
    taken = _of(step, take)
    pages.add_url_rule(address, step.verb, slow(taken) if step.is_slow else taken, methods=["POST"])
