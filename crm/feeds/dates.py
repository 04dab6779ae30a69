"""Which dates a calendar shows somebody: what they find through their own eyes, and nothing of what is settled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from crm.areas.vendors.models import VendorContract
from crm.areas.vendors.queries import UNDECIDED, renewals
from crm.clients.models import Client
from crm.core.clock import zone
from crm.core.db import db
from crm.core.twelve import OF
from crm.core.viewer import Audience, Role, Viewer
from crm.deliverables.agreed import Contribution
from crm.deliverables.models import Deliverable
from crm.deliverables.states import LIVE, OURS_TO_DO, State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.engagements.scopes import AreaScope
from crm.engagements.states import LIVE as RUNNING
from crm.meetings.models import Meeting, MeetingAttendee

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MEETS_FOR = timedelta(hours=1)
AT_MOST = 500  # of one kind: a calendar is no archive


@dataclass(frozen=True)
class Dated:
    """One entry: a whole day, or a stretch of time. Its mark stays the same for ever, so a calendar knows it again."""

    mark: str
    on: date
    title: str
    text: str
    path: str
    begins: datetime | None = None
    place: str = ""
    sequence: int = 0  # of what may change under the same mark: a calendar takes the highest for the newest
    is_cancelled: bool = False

    @property
    def ends(self) -> datetime | None:
        return self.begins + MEETS_FOR if self.begins else None


def dates_of(viewer: Viewer, today: date) -> list[Dated]:
    """At most six statements, however many dates there are."""
    theirs = viewer.audience is Audience.CLIENT
    since, until = today - BACK, today + AHEAD
    found = chain(
        _to_answer(since, until) if theirs else (),
        _promised_texts(since, until) if theirs else _own_texts(viewer.person_id or 0, since, until),
        _looks(viewer, since, until),
        _renewals(today, until, named=not theirs),
        _meetings(viewer, since, until),
    )
    return sorted(found, key=lambda one: (one.on, one.mark))


def _to_answer(since: date, until: date) -> Iterator[Dated]:
    """Texts that wait for the client's word, by their answer date."""
    asked = select(DeliverableVersion).where(
        DeliverableVersion.state == State.SUBMITTED, DeliverableVersion.answer_by.between(since, until)
    )
    for one in db.session.scalars(asked.limit(AT_MOST)).unique():
        if one.answer_by:
            yield Dated(f"version-{one.id}-answer", one.answer_by, f"Your answer: {one.title}",
                        f"Version {one.number} waits for your sign-off.", f"/portal/deliverables/{one.deliverable_id}")  # fmt: skip


def _promised_texts(since: date, until: date) -> Iterator[Dated]:
    """What the client will get, by the day that was said."""
    coming = select(Deliverable).where(Deliverable.state.in_(LIVE), Deliverable.due.between(since, until))
    given = selectinload(Deliverable.versions).load_only(DeliverableVersion.number, DeliverableVersion.title)
    for one in db.session.scalars(coming.options(given).limit(AT_MOST)).unique():
        if one.due and one.state is not State.SUBMITTED:
            # as it was called when they were given it: what is being changed since is not theirs to read yet
            title = one.current.title if one.current and one.current.title else one.title
            yield Dated(f"deliverable-{one.id}", one.due, f"You get: {title}", "", f"/portal/deliverables/{one.id}")


def _own_texts(me: int, since: date, until: date) -> Iterator[Dated]:
    """Ours to write, as owner or contributor."""
    mine = select(Assignment.id).where(Assignment.person_id == me)
    shared = select(Contribution.deliverable_id).where(Contribution.assignment_id.in_(mine))
    owed = (
        select(Deliverable)
        .where(
            Deliverable.state.in_(OURS_TO_DO), Deliverable.due.between(since, until),
            or_(Deliverable.assignment_id.in_(mine), Deliverable.id.in_(shared)),
        )
        .options(joinedload(Deliverable.engagement).joinedload(Engagement.client))
        .order_by(Deliverable.due)
        .limit(AT_MOST)
    )  # fmt: skip
    for one in db.session.scalars(owed).unique():
        if one.due:
            yield Dated(f"deliverable-{one.id}", one.due, f"{one.code} due: {one.title}", one.engagement.client.name,
                        f"/deliverables/{one.id}")  # fmt: skip


def _looks(viewer: Viewer, since: date, until: date) -> Iterator[Dated]:
    """Areas that are looked at again: of ours those that one holds, and all where one leads; of a client's, all of theirs."""
    theirs = viewer.audience is Audience.CLIENT
    due = (
        select(AreaScope, Engagement.title, Client.name)
        .join(Engagement, Engagement.id == AreaScope.engagement_id)
        .join(Client, Client.id == Engagement.client_id)
        .where(Engagement.state.in_(RUNNING), AreaScope.review_due.between(since, until))
        .order_by(AreaScope.review_due, AreaScope.number)
        .limit(AT_MOST)
    )
    if not theirs:
        leads = select(Assignment.engagement_id).where(
            Assignment.person_id == viewer.person_id, Assignment.role == AssignmentRole.LEAD, Assignment.status == Status.CONFIRMED
        )  # fmt: skip
        due = due.where(or_(AreaScope.holder_person_id == viewer.person_id, AreaScope.engagement_id.in_(leads)))
    for scope, engagement, client in db.session.execute(due):
        if scope.is_in and scope.review_due:
            row = OF[scope.area]
            title = f"We look again at: {row.plain}" if theirs else f"Review: {row.short}, {client}"
            path = f"/portal/areas/{row.slug}" if theirs else f"/engagements/{scope.engagement_id}/areas/{row.slug}"
            yield Dated(f"scope-{scope.id}-{scope.review_due.isoformat()}", scope.review_due, title, engagement, path)


def _renewals(today: date, until: date, *, named: bool) -> Iterator[Dated]:
    """Contracts that nobody decided on, by the day to speak by."""
    near = renewals(today).where(UNDECIDED, VendorContract.notice_by <= until)
    for one in db.session.scalars(near.order_by(VendorContract.notice_by).limit(AT_MOST)):
        if one.notice_by:
            whose = f", {one.client.name}" if named else ""
            path = f"/clients/{one.client_id}/areas/vendors/contracts/" if named else "/portal/areas/vendors"
            yield Dated(f"contract-{one.id}-{one.notice_by.isoformat()}", one.notice_by, f"Speak by: {one.vendor}{whose}",
                        "The last day to give notice or to agree on other terms.", path)  # fmt: skip


def _meetings(viewer: Viewer, since: date, until: date) -> Iterator[Dated]:
    """Of ours, meetings and visits that one is asked to, or arranged. Of the client's, all for a sponsor; for whoever only
    reads, those that they are asked to, and those to which nobody of the company is asked by name."""
    theirs = viewer.audience is Audience.CLIENT
    of_theirs = select(MeetingAttendee.meeting_id).where(MeetingAttendee.contact_id.is_not(None))
    who = MeetingAttendee.contact_id == viewer.contact_id if theirs else MeetingAttendee.person_id == viewer.person_id
    asked = Meeting.id.in_(select(MeetingAttendee.meeting_id).where(who))
    mine = or_(asked, Meeting.id.not_in(of_theirs) if theirs else Meeting.made_by_id == viewer.person_id)
    if viewer.role is Role.SPONSOR:
        mine = true()
    held = (
        select(Meeting, Client.name)
        .join(Client, Client.id == Meeting.client_id)
        .where(and_(mine, Meeting.on.between(since, until)))
        .order_by(Meeting.on)
        .limit(AT_MOST)
    )
    for one, client in db.session.execute(held):
        path = f"/portal/meetings/{one.id}" if theirs else f"/clients/{one.client_id}/meetings/{one.id}"
        # said in the title as well: some calendars show what is cancelled like anything else
        title = f"Cancelled: {one.title}" if one.is_cancelled else one.title
        yield Dated(f"meeting-{one.id}", one.on, title if theirs else f"{title}, {client}", one.cancelled_because, path,
                    begins=_begin(one.on, one.begins), place=one.place, sequence=one.version, is_cancelled=one.is_cancelled)  # fmt: skip


def _begin(on: date, clock: str) -> datetime | None:
    """An hour on the practice's clock, as the instant that it is."""
    hour, _, minute = clock.partition(":")
    if not (hour.isdigit() and minute.isdigit()):
        return None
    return datetime.combine(on, time(int(hour), int(minute)), zone())
