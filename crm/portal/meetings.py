"""Meetings as the client reads them: what is planned, the minutes that were shared, what waits for their own people, what
we promised."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, g, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, case, select
from sqlalchemy.orm import joinedload

from crm.access.pages import PORTAL, Pages
from crm.access.policy import may
from crm.areas.across.models import Action, ActionStatus
from crm.areas.across.operations import finish_action
from crm.areas.stakeholders.models import Commitment
from crm.audit.models import Opened
from crm.audit.openings import note_opening
from crm.clients.models import Contact, Department
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.twelve import OF
from crm.core.viewer import Role
from crm.core.web import answer
from crm.core.words import iso
from crm.meetings import queries as ask
from crm.meetings.models import KIND_WORDS, Meeting
from crm.portal import plain, queries
from crm.portal.shell import page

pages = Pages("portal_meetings", __name__, roles=PORTAL, url_prefix="/portal")
AT_MOST = 30


def theirs_to_do(contact_id: int | None) -> Select[Action]:
    """What people of the client have to do: one's own first, then one's department's, each by its day."""
    own = select(Contact.id).join(Department, Department.id == Contact.department_id)
    own = own.where(Department.kind == queries.own_department(contact_id))
    order = case((Action.owner_contact_id == contact_id, 0), (Action.owner_contact_id.in_(own), 1), else_=2)
    found = select(Action).where(
        Action.status == ActionStatus.OPEN, Action.owner_contact_id.is_not(None), Action.archived_at.is_(None)
    )
    return found.options(joinedload(Action.client)).order_by(order, Action.due, Action.id).limit(AT_MOST)


def promised() -> Sequence[Commitment]:
    """What was promised: to a viewer and their department, or to the whole company."""
    if g.viewer.role is Role.VIEWER:
        return db.session.scalars(queries.promises_to(g.viewer.contact_id, AT_MOST)).unique().all()
    is_open = Commitment.status == "open"
    order = (is_open.desc(), case((is_open, Commitment.due)), Commitment.due.desc(), Commitment.id)
    every = select(Commitment).where(Commitment.archived_at.is_(None)).order_by(*order)
    return db.session.scalars(every.limit(AT_MOST)).unique().all()


@pages.get("/meetings")
def index() -> ResponseReturnValue:
    return _overview()


def _overview(trouble: str = "") -> str:
    me = g.viewer
    company, listing = me.client_id or 0, ask.meetings_listing()
    found, planned = (
        page_of(ask.with_minutes(company), listing),
        db.session.scalars(ask.planned(company, today())).all(),
    )
    return page(
        "portal/meetings/index.html", found=found, planned=planned, actions=db.session.scalars(theirs_to_do(me.contact_id)).unique().all(), promises=promised(),
        today=today(), promise_of=plain.promise_of, export=found.exported_by(".export"), trouble=trouble, areas=OF, press_of=lambda row: Form(formdata=None, version=str(row.version)),
    )  # fmt: skip


@pages.get("/meetings/list.csv")
def export() -> Response:
    rows = (
        (iso(one.on), one.begins, one.title, KIND_WORDS[one.kind], one.place)
        for one in all_rows(ask.with_minutes(g.viewer.client_id or 0), ask.meetings_listing())
    )
    return csv_of(("Day", "Begins", "Meeting", "Kind", "Where"), rows, "meetings")


@pages.get("/meetings/<id:meeting_id>")
def show(meeting_id: int) -> ResponseReturnValue:
    """The appointment; and, once they are shared, the minutes with what was agreed."""
    meeting: Meeting = db.one_or_404(ask.one_meeting(g.viewer.client_id or 0, meeting_id))
    if not meeting.has_minutes:
        return page("portal/meetings/planned.html", meeting=meeting, today=today())
    agreed, _ = ask.agreed(meeting)
    note_opening(Opened.MINUTES, meeting.title, meeting.id, engagement_id=meeting.engagement_id)
    return page("portal/meetings/show.html", meeting=meeting, agreed=agreed, today=today(), href=address_of)


def address_of(one: ask.Agreed) -> str:
    return url_for("portal_registers.show", slug=OF[one.row.area].slug, register=one.register, entry_id=one.row.id)


@pages.post("/actions/<id:action_id>/done")
def finish(action_id: int) -> ResponseReturnValue:
    """Whoever of the client is named for it says that it is done."""
    wanted = (
        select(Action).where(Action.id == action_id, Action.archived_at.is_(None)).options(joinedload(Action.client))
    )
    action: Any = db.session.scalars(wanted).unique().one_or_none()
    if action is None:
        abort(404)
    if not may(g.viewer, "action.finish", action):
        abort(403)
    return answer(
        Form(),
        lambda press: finish_action(action, viewer=g.viewer, press=press),
        lambda form: _overview(form.trouble),
        leads_to=url_for(".index", _anchor="yours"),
    )
