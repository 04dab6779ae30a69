"""Who answers in the sponsor's place, and until when."""

from collections.abc import Sequence
from datetime import timedelta

from flask import g, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.access.pages import Pages
from crm.clients.models import Contact
from crm.core.clock import today
from crm.core.db import db, transaction
from crm.core.forms import Choice, Day, Form, Press
from crm.core.viewer import Role
from crm.core.web import answer
from crm.deliverables.asking import ask
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.people import Delegation
from crm.engagements.sponsors import end_delegation, name_delegate
from crm.portal import queries
from crm.portal.shell import page

pages = Pages("portal_delegates", __name__, roles={Role.SPONSOR}, url_prefix="/portal/delegates")
USUAL = timedelta(days=14)


class DelegateForm(Form):
    """A colleague who answers for a while."""

    delegate_id = Choice("Who answers for you", kind=int, ask="Choose a colleague", blank="Choose a colleague")
    begins = Day("From", ask="Write the first day")
    until = Day("Until", ask="Write the last day")


def _form() -> DelegateForm:
    form = DelegateForm()
    others = select(Contact.id, Contact.name, Contact.email).where(
        Contact.archived_at.is_(None),
        Contact.id != g.viewer.contact_id,
        Contact.email.is_not(None),
        Contact.email != "",
    )
    form.delegate_id.of(
        (row.id, f"{row.name}, {row.email}") for row in db.session.execute(others.order_by(Contact.name))
    )
    if not form.is_submitted():
        form.begins.data, form.until.data = today(), today() + USUAL
    return form


@pages.get("")
def show() -> ResponseReturnValue:
    return _shown(_form())


def _shown(form: Form) -> str:
    own = select(Delegation).where(
        Delegation.contact_id == g.viewer.contact_id, Delegation.ended_at.is_(None), Delegation.until >= today()
    )
    named = own.options(joinedload(Delegation.delegate), joinedload(Delegation.engagement)).order_by(Delegation.begins)
    return page(
        "portal/delegates.html", form=form, named=db.session.scalars(named).all(), today=today(),
        press=lambda one: Form(formdata=None, version=str(one.version)),
    )  # fmt: skip


@pages.post("")
def name() -> ResponseReturnValue:
    form = _form()
    return answer(form, lambda press: _name(form, press), _shown, leads_to=url_for(".show"))


def _name(form: DelegateForm, press: Press) -> None:
    """From now on they are asked too; what waits already goes to them at once."""
    delegate = db.get_or_404(Contact, form.delegate_id.data)
    engagements = db.session.scalars(queries.sponsored(g.viewer.contact_id)).all()
    with transaction():
        for one in name_delegate(
            engagements, delegate, begins=form.begins.data, until=form.until.data, viewer=g.viewer, press=press
        ):
            if one.runs(today()):
                for version in _waiting(one.engagement_id):
                    ask(version, "submitted", version.answer_by or today(), f"delegate {one.id}", to=[delegate.id])


def _waiting(engagement_id: int) -> Sequence[DeliverableVersion]:
    V = DeliverableVersion  # noqa: N806
    waits = select(V).join(Deliverable, Deliverable.id == V.deliverable_id)
    return db.session.scalars(
        waits.where(V.engagement_id == engagement_id, V.state == State.SUBMITTED, V.asked_id == g.viewer.contact_id)
    ).all()


@pages.post("/<id:delegation_id>/end")
def end(delegation_id: int) -> ResponseReturnValue:
    delegation = db.get_or_404(Delegation, delegation_id)
    return answer(
        Form(),
        lambda press: end_delegation(delegation, viewer=g.viewer, press=press),
        lambda _: _shown(_form()),
        leads_to=url_for(".show"),
    )
