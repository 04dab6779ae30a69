"""What a deliverable waits for and what waits for it, link by link; for the team."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.once import answered_before
from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.web import answer
from crm.deliverables.chains.forms import FORMS
from crm.deliverables.chains.graph import Graph, Key, Thing
from crm.deliverables.chains.models import Wait
from crm.deliverables.chains.operations import receive_input, wait_for, wait_no_more
from crm.deliverables.chains.queries import (
    contacts_to_ask,
    decisions_to_wait_for,
    deliverables_to_wait_for,
    graph_of,
    key_of,
    waits_of,
)
from crm.deliverables.models import Deliverable
from crm.deliverables.queries import for_head
from crm.deliverables.tabs import tabs_of

pages = Pages("deliverable_chain", __name__, roles=DESK, url_prefix="/deliverables/<id:deliverable_id>/chain")
DEEP = 12  # links that are drawn one under the other


def branches(graph: Graph, links: Mapping[Key, list[Key]], key: Key, depth: int = 1) -> list[tuple[Thing, list]]:  # type: ignore[type-arg]
    """A thing's own links, and under each of them theirs."""
    if depth > DEEP:
        return []
    return [(graph.things[one], branches(graph, links, one, depth + 1)) for one in links.get(key, ())]


def _form(owed: Deliverable, kind: str, waits: Sequence[Wait], **state: Any) -> Form:
    form = FORMS[kind](**state)
    if kind == "deliverable":
        form.on_id.of(deliverables_to_wait_for(owed, waits))
    elif kind == "decision":
        form.decision_id.of(decisions_to_wait_for(owed, waits))
    else:
        form.contact_id.of(contacts_to_ask(owed))
    return form


@pages.get("")
def show(deliverable_id: int) -> ResponseReturnValue:
    return chain_page(for_head(deliverable_id))


def chain_page(owed: Deliverable, kind: str = "", form: Form | None = None, failed: Form | None = None) -> str:
    graph, key, own = graph_of(owed.client_id, g.practice.region), ("deliverable", owed.id), waits_of(owed)
    changes, empty = (
        owed.is_live and may(g.viewer, "wait.add", owed),
        {"formdata": None, "version": str(owed.version)},
    )
    forms = {one: _form(owed, one, own, **empty) for one in FORMS} if changes else {}
    if form is not None:
        forms[kind] = form
    return render_template(
        "deliverables/chain.html", owed=owed, tabs=tabs_of(owed), graph=graph, today=today(), forms=forms, asked=kind,
        danger=graph.danger_of(key), up=branches(graph, graph.waits, key), down=branches(graph, graph.waited_for, key),
        own=[(one, graph.things[key_of(one)]) for one in own], press=failed or Form(**empty), changes=changes,
        receives=may(g.viewer, "wait.receive", owed),
    )  # fmt: skip


@pages.post("/<any(deliverable,decision,input):kind>")
def add(deliverable_id: int, kind: str) -> ResponseReturnValue:
    owed = for_head(deliverable_id)
    form = _form(owed, kind, waits_of(owed))
    return answer(
        form,
        lambda press: wait_for(owed, viewer=g.viewer, press=press, said=_called(form), **form.fields()),
        lambda form: chain_page(for_head(deliverable_id), kind, form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )


def _called(form: Form) -> str:
    """What was chosen, in the words of the list; what is typed says itself."""
    chosen = form.fields().get("on_id") or form.fields().get("decision_id")
    field = next((one for one in form if one.type == "Choice"), None)
    return dict(field.choices).get(str(chosen), "") if field is not None and chosen else ""


def _wait(owed: Deliverable, wait_id: int) -> Wait:
    found: Wait = db.first_or_404(db.select(Wait).where(Wait.id == wait_id, Wait.deliverable_id == owed.id))
    return found


@pages.post("/<id:wait_id>/end")
def end(deliverable_id: int, wait_id: int) -> ResponseReturnValue:
    owed = for_head(deliverable_id)
    if db.session.get(Wait, wait_id) is None and (place := answered_before(g.viewer, request.form.get("once", ""))):
        return redirect(place, 303)
    wait = _wait(owed, wait_id)
    said = graph_of(owed.client_id, g.practice.region).things[key_of(wait)].said
    return answer(
        Form(),
        lambda press: wait_no_more(owed, wait, viewer=g.viewer, press=press, said=said),
        lambda form: chain_page(for_head(deliverable_id), failed=form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )


@pages.post("/<id:wait_id>/received")
def receive(deliverable_id: int, wait_id: int) -> ResponseReturnValue:
    owed = for_head(deliverable_id)
    wait = _wait(owed, wait_id)
    return answer(
        Form(),
        lambda press: receive_input(owed, wait, viewer=g.viewer, press=press),
        lambda form: chain_page(for_head(deliverable_id), failed=form),
        leads_to=url_for(".show", deliverable_id=deliverable_id),
    )
