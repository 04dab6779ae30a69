"""What a consultant hears on Monday: what is due in the week that begins, and what was due before. From what Today shows."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.areas.vendors.models import VendorContract
from crm.areas.vendors.queries import UNDECIDED, renewals
from crm.clients.followups import own_follow_ups
from crm.core.clock import day_of
from crm.core.db import db
from crm.core.twelve import OF
from crm.core.viewer import Role, Viewer
from crm.core.words import distance
from crm.deliverables.states import State
from crm.desk.due import REGISTER, Kind, due_for
from crm.desk.queries import own_deliverables, scopes_of
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.engagements.scopes import AreaScope
from crm.outbox.notices import Item

WEEK = timedelta(days=6)  # Monday to Sunday


def of_the_week(viewer: Viewer, hour: datetime) -> Iterator[Item]:
    """The most urgent kind first; nothing that is due later, nothing that others do."""
    me, monday = viewer.person_id, day_of(hour)
    if me is None:
        return
    until = monday + WEEK
    yield from _deliverables(me, until)
    yield from _reviews(me, monday, until)
    yield from _dated(me, monday, until)
    if viewer.role is Role.CONSULTANT:
        yield from _renewals(until, monday)
    for one in db.session.scalars(own_follow_ups(me, until)).unique():
        yield Item(one.title, _when(one.client.name, one.due), "/today#follow-ups", "Follow-ups")


def _when(client: str, on: date | None) -> str:
    said = distance(on)
    if said == "Tomorrow":
        said = "Due tomorrow"
    elif not said.endswith("overdue") and not said.startswith("Due"):
        said = f"Due {said}"
    return f"{client}. {said}"


def _deliverables(me: int, until: date) -> Iterator[Item]:
    for one in db.session.scalars(own_deliverables(me, until)).unique():
        asks = one.state is State.INTERNAL_REVIEW and one.reviewer_id == me
        text = (
            f"{one.engagement.client.name}. It waits for your review"
            if asks
            else _when(one.engagement.client.name, one.due)
        )
        yield Item(f"{one.code} {one.title}", text, f"/deliverables/{one.id}", "Deliverables")


def _reviews(me: int, monday: date, until: date) -> Iterator[Item]:
    """Areas that one holds, and all of an engagement that one leads."""
    serves = select(Assignment).where(
        Assignment.person_id == me, Assignment.status == Status.CONFIRMED, Assignment.begins <= monday, Assignment.ends >= monday
    ).options(joinedload(Assignment.engagement).joinedload(Engagement.client))  # fmt: skip
    on = {one.engagement_id: one for one in db.session.scalars(serves)}
    scopes: Iterable[AreaScope] = db.session.scalars(scopes_of(on)) if on else ()
    for scope in scopes:
        work = on[scope.engagement_id]
        mine = scope.holder_person_id == me or work.role is AssignmentRole.LEAD
        if mine and scope.is_in and scope.review_due and scope.review_due <= until:
            row = OF[scope.area]
            yield Item(f"Review {row.name}", _when(work.engagement.client.name, scope.review_due),
                       f"/engagements/{scope.engagement_id}/areas/{row.slug}", "Reviews")  # fmt: skip


GROUPS = {
    Kind.ACTION: "Actions", Kind.DECISION: "Waiting for a decision", Kind.OUTCOME: "Decisions to look back at",
    Kind.RISK: "Risks to look at", Kind.PROMISE: "Promises", Kind.MEETING: "Meetings", Kind.MINUTES: "Minutes to share",
}  # fmt: skip


def _dated(me: int, monday: date, until: date) -> Iterator[Item]:
    """Actions, decisions, risks, promises and meetings: those of one kind together."""
    rank = list(GROUPS)
    for one in sorted(due_for(me, monday, until), key=lambda row: rank.index(row.kind)):
        where = f"{OF[one.area].slug}/{REGISTER[one.kind]}" if one.area else ""
        place = f"areas/{where}/{one.id}" if where else f"meetings/{one.id}"
        clock = f", {one.begins}" if one.begins else ""
        yield Item(
            one.title, f"{_when(one.client, one.due)}{clock}", f"/clients/{one.client_id}/{place}", GROUPS[one.kind]
        )


def _renewals(until: date, monday: date) -> Iterator[Item]:
    near = renewals(monday).where(UNDECIDED, VendorContract.notice_by <= until).order_by(VendorContract.notice_by)
    for one in db.session.scalars(near):
        yield Item(one.vendor, f"Speak to them in time. {_when(one.client.name, one.notice_by)}",
                   f"/clients/{one.client_id}/areas/vendors/contracts/", "Renewals")  # fmt: skip
