"""Who of the own company looks in: the sponsor lets colleagues in and ends it, without asking anybody."""

from collections.abc import Sequence

from flask import abort, flash, g, url_for
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerHour
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from crm.access.pages import Pages
from crm.accounts.limits import within
from crm.accounts.models import Standing
from crm.clients.models import Contact, Department
from crm.core.clock import now
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.viewer import Role
from crm.core.web import answer
from crm.portal.shell import page
from crm.settings import colleague_queries, viewers
from crm.settings.forms import ViewerForm

INVITING = RateLimitItemPerHour(30)  # by one sponsor: each is a mail to whomever they name
AGAIN = RateLimitItemPerHour(3)  # to one person, by one sponsor

pages = Pages("portal_people", __name__, roles={Role.SPONSOR}, url_prefix="/portal/people")


def _departments() -> Sequence[Department]:
    own = select(Department).where(Department.client_id == g.viewer.client_id, Department.archived_at.is_(None))
    return db.session.scalars(own.order_by(Department.name)).all()


def _form() -> ViewerForm:
    form = ViewerForm()
    form.department_id.of((one.id, one.name) for one in _departments())
    return form


def _shown(form: Form, again: Form | None = None) -> str:
    """The people and the form, with what was refused: the form itself, or a button beside somebody."""
    return page(
        "portal/people.html",
        form=form,
        trouble=again or form,
        people=colleague_queries.colleagues(g.viewer),
        press=Form,
        moment=now(),
    )


@pages.get("")
def show() -> ResponseReturnValue:
    return _shown(_form())


def _count(*more: tuple[RateLimitItemPerHour, str]) -> None:
    """Counted apart from the mails that one may have sent to oneself: who lets many in can still ask for a password."""
    if not within("invite", [(INVITING, f"account:{g.signed.account.id}"), *more]):
        raise TooManyRequests(retry_after=600)


@pages.post("")
def invite() -> ResponseReturnValue:
    _count()
    form = _form()

    def deed(press: Press) -> Standing:
        made = viewers.invite_viewer(
            viewer=g.viewer, press=press, name=form.name.data or "", email=form.email.data or "",
            department_id=form.department_id.data,
        )  # fmt: skip
        flash(f"{form.name.data} is let in. A mail with a link is on its way to {form.email.data}.", "g")
        return made

    return answer(form, deed, _shown, leads_to=url_for(".show"))


def _standing(standing_id: int) -> Standing:
    return colleague_queries.standing_of_a_viewer(g.viewer, standing_id) or abort(404)


@pages.post("/<id:standing_id>/again")
def again(standing_id: int) -> ResponseReturnValue:
    _count((AGAIN, f"{g.signed.account.id}:{standing_id}"))  # before anything is read: it counts on its own
    standing = _standing(standing_id)
    return answer(
        Form(),
        lambda press: viewers.invite_viewer_again(standing, viewer=g.viewer, press=press),
        lambda form: _shown(_form(), form),
        leads_to=url_for(".show"),
    )


@pages.post("/<id:standing_id>/remove")
def remove(standing_id: int) -> ResponseReturnValue:
    standing = _standing(standing_id)
    contact = db.get_or_404(Contact, standing.contact_id)
    return answer(
        Form(),
        lambda press: viewers.remove_viewer(standing, contact, viewer=g.viewer, press=press),
        lambda form: _shown(_form(), form),
        leads_to=url_for(".show"),
    )
