"""What waits for what: the rows of a client as a graph, the keys that are held up, and what may be waited for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload

from crm.clients.models import Client, Contact
from crm.core.clock import today
from crm.core.codes import deliverable_code
from crm.core.db import db
from crm.deliverables.chains.graph import Graph, Key, Thing, is_done, work_left
from crm.deliverables.chains.models import Wait
from crm.deliverables.models import Deliverable
from crm.deliverables.states import LIVE

D, W = Deliverable, Wait
HIDDEN = "a deliverable of another engagement"


def decision_model() -> Any:
    """The model of decisions: an area's, known by the key alone."""
    return Wait.decision.property.mapper.class_


FACTS = (
    "id",
    "number",
    "title",
    "state",
    "due",
    "baseline_due",
    "estimate",
    "remaining",
    "accepted_on",
    "engagement_id",
)


def _graphs(where: ColumnElement[bool], region: str) -> dict[int, Graph]:
    """One graph for each client, in one statement."""
    waiting, awaited, decision = aliased(D), aliased(D), decision_model()
    asked = (
        select(
            W.id.label("wait_id"), W.client_id, W.on_id, W.decision_id, W.what, W.needed_by, W.received_on,
            *(getattr(waiting, name).label(f"x_{name}") for name in FACTS),
            *(getattr(awaited, name).label(f"y_{name}") for name in FACTS),
            decision.question, decision.needed_by.label("asked_by"), decision.status, decision.decided_on,
            Client.region, Contact.name.label("from_whom"),
        )
        .join(waiting, waiting.id == W.deliverable_id)
        .outerjoin(awaited, awaited.id == W.on_id)
        .outerjoin(decision, decision.id == W.decision_id)
        .outerjoin(Client, Client.id == W.client_id)
        .outerjoin(Contact, Contact.id == W.contact_id)
        .where(where)
        .order_by(W.id)
    )  # fmt: skip
    found: dict[int, Graph] = {}
    for row in db.session.execute(asked):
        graph = found.setdefault(row.client_id, Graph(today(), row.region or region))
        graph.link(_deliverable(row, "x"), _awaited(row))
    return found


def _deliverable(row: Any, side: str) -> Thing:
    of = {name: getattr(row, f"{side}_{name}") for name in FACTS}
    return Thing(
        ("deliverable", of["id"]), of["title"], due=of["due"] or of["baseline_due"], state=of["state"],
        is_done=is_done(of["state"], of["accepted_on"]), done_on=of["accepted_on"], code=deliverable_code(of["number"]),
        work=work_left(of["state"], of["estimate"], of["remaining"]), engagement_id=of["engagement_id"],
    )  # fmt: skip


def _awaited(row: Any) -> Thing:
    if row.on_id is not None:
        if row.y_id is None:
            return Thing(("deliverable", row.on_id), HIDDEN, is_hidden=True)
        return _deliverable(row, "y")
    if row.decision_id is not None:
        if row.question is None:
            return Thing(("decision", row.decision_id), "a decision of the client", is_hidden=True)
        needed = row.status == "needed"
        return Thing(
            ("decision", row.decision_id), row.question, row.asked_by, is_done=not needed, done_on=row.decided_on
        )
    done = row.received_on is not None
    return Thing(("input", row.wait_id), row.what, row.needed_by, is_done=done, done_on=row.received_on, who=row.from_whom or "")  # fmt: skip


def key_of(wait: Wait) -> Key:
    """What a row waits for, as it is called in the graph."""
    if wait.on_id is not None:
        return "deliverable", wait.on_id
    return ("input", wait.id) if wait.decision_id is None else ("decision", wait.decision_id)


def graph_of(client_id: int, region: str) -> Graph:
    """All that waits at a client, as far as this viewer sees it."""
    return _graphs(W.client_id == client_id, region).get(client_id) or Graph(today(), region)


def held_up(region: str) -> list[int]:
    """The deliverables whose date is in danger, of all clients that this viewer sees."""
    open_ones = select(D.id).where(D.state.in_(LIVE))
    graphs = _graphs(W.deliverable_id.in_(open_ones), region).values()
    return [danger.thing.key[1] for graph in graphs for danger in graph.dangers()]


def waits_of(owed: Deliverable) -> Sequence[Wait]:
    """What one deliverable waits for, as rows to be taken away or received."""
    kept = select(W).where(W.deliverable_id == owed.id).order_by(W.id)
    return db.session.scalars(kept.options(joinedload(W.contact))).all()


def all_waits(client_id: int) -> Mapping[int, list[int]]:
    """Keys alone, of every engagement of the client, whoever asks: so that nothing comes to wait for itself."""
    edges = select(W.deliverable_id, W.on_id).where(W.client_id == client_id, W.on_id.is_not(None))
    found: dict[int, list[int]] = defaultdict(list)
    for row in db.session.execute(edges, execution_options={"named": "deliverables.chain"}):
        found[row.deliverable_id].append(row.on_id)
    return found


def deliverables_to_wait_for(owed: Deliverable, waits: Sequence[Wait]) -> list[tuple[int, str]]:
    """Others of the client that are not done, the engagement's own first."""
    known = {one.on_id for one in waits} | {owed.id}
    others = select(D.id, D.number, D.title, D.engagement_id).where(D.client_id == owed.client_id, D.state.in_(LIVE))
    rows = [row for row in db.session.execute(others.order_by(D.number)) if row.id not in known]
    rows.sort(key=lambda row: row.engagement_id != owed.engagement_id)
    return [(row.id, f"{deliverable_code(row.number)} {row.title}") for row in rows]


def decisions_to_wait_for(owed: Deliverable, waits: Sequence[Wait]) -> list[tuple[int, str]]:
    """Questions of the client that are not answered yet."""
    known, of = {one.decision_id for one in waits}, decision_model()
    asked = select(of.id, of.question, of.needed_by).where(
        of.client_id == owed.client_id, of.status == "needed", of.archived_at.is_(None)
    )
    return [(row.id, row.question) for row in db.session.execute(asked.order_by(of.needed_by)) if row.id not in known]


def contacts_to_ask(owed: Deliverable) -> list[tuple[int, str]]:
    found = select(Contact.id, Contact.name).where(Contact.client_id == owed.client_id, Contact.archived_at.is_(None))
    return [(row.id, row.name) for row in db.session.execute(found.order_by(Contact.name))]
