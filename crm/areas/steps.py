"""The steps in the life of a risk, an action and a decision: a button where nothing is asked, else a small form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas import asking
from crm.areas.across import forms
from crm.areas.across import operations as do
from crm.areas.across.models import Action, ActionStatus, Decision, DecisionStatus, RaidItem, RaidStatus, RaidType
from crm.areas.catalogue import area_of, register_of
from crm.areas.stakeholders import forms as promised
from crm.areas.stakeholders import operations as promise
from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press
from crm.core.viewer import Viewer
from crm.core.web import answer
from crm.engagements.queries import contacts_of
from crm.registers.models import RegisterEntry
from crm.registers.place import Place

pages = Pages(
    "steps", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/<slug>/<register>/<id:entry_id>/steps"
)


@dataclass(frozen=True)
class Step:
    """One step: the verb that the policy knows, the button, the form it asks, and when it is offered."""

    slug: str
    verb: str
    button: str
    do: Callable[..., Any]  # the row, viewer=, press=, and the form where there is one
    offered: Callable[[Any], bool]
    form: type[Form] | None = None  # none: the button does it at once
    lead: str = ""  # what the page of the form says


def _open(row: RaidItem) -> bool:
    return row.status is RaidStatus.OPEN


def _risk(row: RaidItem) -> bool:
    return row.status is RaidStatus.OPEN and row.type is RaidType.RISK


def _needed(row: Decision) -> bool:
    return row.status is DecisionStatus.NEEDED


def _at_work(row: Action) -> bool:
    return row.status is ActionStatus.OPEN


def _promised(row: Commitment) -> bool:
    return row.status is CommitmentStatus.OPEN


STEPS: dict[type[RegisterEntry], tuple[Step, ...]] = {
    RaidItem: (
        Step("mitigation", "raid.mitigate", "It is being dealt with", do.mitigate_item, _open),
        Step("closure", "raid.close", "Close it",
             lambda row, form, viewer, press: do.close_item(row, form.how.data, viewer=viewer, press=press),
             lambda row: row.status is RaidStatus.MITIGATING, forms.CloseForm, "What was done about it has worked, or it is over."),
        Step("look", "raid.look_at", "Look at it again",
             lambda row, form, viewer, press: do.look_at_item(
                 row, form.likelihood.data, form.impact.data, form.next_review.data, form.note.data, viewer=viewer, press=press),
             lambda row: row.is_live, forms.LookForm, "Weigh it anew, and say when somebody looks again."),
        Step("issue", "raid.happen", "It has happened", do.turn_into_issue,
             lambda row: row.type is RaidType.RISK and row.status is not RaidStatus.CLOSED),
        Step("living", "raid.live_with", "Live with it",
             lambda row, form, viewer, press: do.live_with_risk(row, form.reason.data, viewer=viewer, press=press),
             lambda row: _risk(row) and not row.is_high, forms.ReasonForm, "Nothing more is done about it, knowingly."),
        Step("asking", "raid.ask", "Ask the sponsor to accept it", do.ask_acceptance,
             lambda row: _risk(row) and not row.acceptance_asked_on),
        Step("record", "raid.record", "Record the sponsor’s yes",
             lambda row, form, viewer, press: do.record_acceptance(
                 row, form.contact_id.data, form.on.data, form.proof.data, viewer=viewer, press=press),
             _risk, forms.RecordAcceptanceForm, "On behalf of the sponsor, who is told and reads what you write."),
    ),
    Action: (
        Step("done", "action.finish", "Done", do.finish_action, _at_work),
        Step("dropping", "action.drop", "Drop it",
             lambda row, form, viewer, press: do.drop_action(row, form.reason.data, viewer=viewer, press=press),
             _at_work, forms.ReasonForm, "It will not be done. Whoever asked for it reads why."),
    ),
    Decision: (
        Step("asking", "decision.ask", "Ask for the answer", do.ask_decision,
             lambda row: _needed(row) and row.owner_contact_id is not None),
        Step("decision", "decision.decide", "Decide",
             lambda row, form, viewer, press: asking.decide(row, form.option.data, form.reason.data, viewer=viewer, press=press),
             _needed, forms.DecideForm, "Within your authority. The answer stays as you give it."),
        Step("record", "decision.record", "Record what was decided",
             lambda row, form, viewer, press: asking.record_decision(
                 row, form.outcome, form.reason.data, form.on.data, viewer=viewer, press=press),
             _needed, forms.RecordDecisionForm, "What the board decided, or somebody who does not sign in here. The sponsor is told."),
        Step("withdrawal", "decision.withdraw", "Withdraw the question",
             lambda row, form, viewer, press: do.withdraw_decision(row, form.reason.data, viewer=viewer, press=press),
             _needed, forms.ReasonForm, "Nobody needs to answer it any more. It stays in sight with your reason."),
        Step("outcome", "decision.look_back", "Say what came of it",
             lambda row, form, viewer, press: do.look_back(row, form.words.data, viewer=viewer, press=press),
             lambda row: row.status is DecisionStatus.DECIDED and not row.came_on, forms.CameForm,
             "What was hoped for, and what really happened. It stays beside the decision."),
        Step("revision", "decision.revise", "Ask it anew",
             lambda row, form, viewer, press: do.revise_decision(
                 row, form.needed_by.data, form.reason.data, viewer=viewer, press=press),
             lambda row: row.status is DecisionStatus.DECIDED, forms.ReviseForm,
             "What was decided stays as it is; the question stands open again beside it."),
    ),
    Commitment: (
        Step("keeping", "commitment.keep", "It is done",
             lambda row, form, viewer, press: promise.keep_promise(row, form.on.data, viewer=viewer, press=press),
             _promised, promised.KeptForm, "Done by its day it counts as kept, after it as late."),
        Step("breaking", "commitment.break", "We cannot keep it",
             lambda row, form, viewer, press: promise.break_promise(row, form.reason.data, viewer=viewer, press=press),
             _promised, promised.BrokenForm, "Say it openly. Whoever it was promised to is told, where the client reads this promise."),
        Step("withdrawal", "commitment.withdraw", "Drop it, as agreed",
             lambda row, form, viewer, press: promise.withdraw_promise(
                 row, form.on.data, form.words.data, viewer=viewer, press=press),
             _promised, promised.AgreedForm, "Only with whoever it was promised to. They are told what you write, where the client reads this promise."),
    ),
}  # fmt: skip


def steps_of(row: RegisterEntry, viewer: Viewer) -> list[Step]:
    """What this viewer may do with it now."""
    if row.archived_at or row.to_be_confirmed:
        return []
    return [one for one in STEPS.get(type(row), ()) if one.offered(row) and may(viewer, one.verb, row)]


pages.add_app_template_global(steps_of)


def _where(client_id: int, slug: str, register: str, entry_id: int, step: str) -> tuple[Place, Any, Step]:
    area = area_of(slug)
    found = area and register_of(area, register)
    wanted = next((one for one in STEPS.get(found.entry, ()) if one.slug == step), None) if found else None
    if not area or not found or not wanted:
        raise NotFound
    place = Place.of(client_id, area, found)
    return place, place.row(entry_id), wanted


def _offer(form: Form, row: Any) -> None:
    """Fill in what may be chosen."""
    if isinstance(form, forms.DecideForm | forms.RecordDecisionForm | forms.LookForm):
        form.offer(row)
    elif isinstance(form, forms.RecordAcceptanceForm):
        deciding = db.session.scalars(contacts_of(row.client_id, deciding=True))
        form.contact_id.of((one.id, one.name) for one in deciding)


@pages.route("/<step>", methods=["GET", "POST"])
def take(client_id: int, slug: str, register: str, entry_id: int, step: str) -> ResponseReturnValue:
    place, row, wanted = _where(client_id, slug, register, entry_id, step)
    here = place.url("entry", entry_id=row.id)
    if not may(g.viewer, wanted.verb, row):
        raise NotPermitted(wanted.verb)
    if wanted.form is None:
        if request.method == "POST":
            wanted.do(row, viewer=g.viewer, press=Form().press(leads_to=here))
        return redirect(here, 303)
    form = wanted.form(data={"version": str(row.version)})
    _offer(form, row)

    def page(form: Form) -> str:
        if inspect(row).expired:  # a refused deed leaves it unread
            place.row(entry_id)
        return place.show("areas/across/step.html", row=row, step=wanted, form=form)

    def deed(press: Press) -> None:
        wanted.do(row, form, viewer=g.viewer, press=press)

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=here)
