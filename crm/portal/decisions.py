"""Questions to the client: what is asked, what one can choose, what we advise; and risks to live with knowingly."""

from typing import Any

from flask import abort, g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.access.pages import PORTAL, Pages
from crm.access.policy import may
from crm.areas.across.forms import AcceptRiskForm, DecideForm
from crm.areas.across.models import Decision, RaidItem
from crm.areas.across.operations import accept_risk
from crm.areas.asking import decide
from crm.audit.models import Opened
from crm.audit.openings import note_opening
from crm.clients.models import Contact
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.twelve import OF
from crm.core.web import answer
from crm.people.models import Person
from crm.portal.shell import page

pages = Pages("portal_decisions", __name__, roles=PORTAL, url_prefix="/portal")


def _one(model: Any, key: int) -> Any:
    wanted = select(model).where(model.id == key, model.archived_at.is_(None))
    found = db.session.scalars(wanted.options(joinedload(model.client))).one_or_none()
    if found is None:
        abort(404)
    return found


@pages.get("/decisions/<id:decision_id>")
def show(decision_id: int) -> ResponseReturnValue:
    question = _one(Decision, decision_id)
    note_opening(Opened.DECISION, question.question, question.id, engagement_id=question.engagement_id)
    return _question_page(question, _form_of(question))


def _form_of(question: Decision) -> DecideForm:
    form = DecideForm(data={"version": str(question.version)})
    form.offer(question)
    return form


def _question_page(question: Decision, form: Form, late: str = "") -> str:
    asked_by = db.session.get(Person, question.made_by_id) if question.made_by_id else None
    answers = not question.is_settled and may(g.viewer, "decision.decide", question)
    return page(
        "portal/decisions/question.html", question=question, form=form, late=late, answers=answers, asked_by=asked_by,
        area=OF[question.area], thanks="answered" in request.args and question.owner_contact_id == g.viewer.contact_id, today=today(),
    )  # fmt: skip


@pages.post("/decisions/<id:decision_id>")
def answer_question(decision_id: int) -> ResponseReturnValue:
    """The sponsor decides. A contract that the question is about follows in the same breath."""
    question = _one(Decision, decision_id)
    if not may(g.viewer, "decision.decide", question):
        abort(403)
    form = _form_of(question)

    def again(form: Form) -> str:
        found = _one(Decision, decision_id)
        late = "Your answer was not recorded: somebody was faster, or the question changed." if found.is_settled else ""
        return _question_page(found, form, late)

    return answer(
        form,
        lambda press: decide(question, form.option.data, form.reason.data, viewer=g.viewer, press=press),
        again,
        leads_to=url_for(".show", decision_id=decision_id, answered=1),
    )


@pages.get("/risks/<id:item_id>")
def risk(item_id: int) -> ResponseReturnValue:
    item = _one(RaidItem, item_id)
    note_opening(Opened.RISK, item.title, item.id, engagement_id=item.engagement_id)
    return _risk_page(item, AcceptRiskForm(data={"version": str(item.version)}))


def _risk_page(item: RaidItem, form: Form) -> str:
    accepted_by = db.session.get(Contact, item.accepted_by_id) if item.accepted_by_id else None
    answers = item.waits_for_the_sponsor and may(g.viewer, "raid.accept", item)
    return page(
        "portal/decisions/risk.html", item=item, form=form, answers=answers, area=OF[item.area], accepted_by=accepted_by,
        thanks="answered" in request.args and item.accepted_by_id == g.viewer.contact_id,
    )  # fmt: skip


@pages.post("/risks/<id:item_id>")
def accept(item_id: int) -> ResponseReturnValue:
    """The sponsor lives with it knowingly."""
    item = _one(RaidItem, item_id)
    if not may(g.viewer, "raid.accept", item):
        abort(403)
    form = AcceptRiskForm(data={"version": str(item.version)})
    return answer(
        form,
        lambda press: accept_risk(item, form.words.data, viewer=g.viewer, press=press),
        lambda form: _risk_page(_one(RaidItem, item_id), form),
        leads_to=url_for(".risk", item_id=item_id, answered=1),
    )
