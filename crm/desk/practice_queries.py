"""What the practice's page asks beyond the workload: how the engagements stand, what is coming, what needs a look."""

from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select

from crm.clients.models import Client
from crm.core.twelve import Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import OURS_TO_DO, State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import (
    LIVE,
    AreaScope,
    Assignment,
    AssignmentRole,
    Engagement,
    EngagementModel,
    EngagementState,
    Rag,
    Status,
)
from crm.engagements.queries import stands
from crm.people.models import Leave, LeaveStatus, Person
from crm.timelog.models import TimeEntry, TimeNote

RUNNING = (EngagementState.ACTIVE, EngagementState.CLOSING)  # a paused engagement stops its clocks (invariant 20)
AT_MOST = 500  # rows that are looked at: who has more in trouble is not helped by the rest
Rows = Select[*tuple[Any, ...]]


def portfolio(on: date) -> Rows:
    """Every live engagement and draft with its client and whoever leads it today: in mentoring, the mentor."""
    mentors = and_(Engagement.model == EngagementModel.MENTORING, Assignment.role == AssignmentRole.MENTOR)
    leads = and_(
        Assignment.engagement_id == Engagement.id,
        or_(Assignment.role == AssignmentRole.LEAD, mentors),
        Assignment.status == Status.CONFIRMED,
        Assignment.begins <= on,
        Assignment.ends >= on,
    )
    return (
        select(
            Engagement.id, Engagement.number, Engagement.title, Engagement.state, Engagement.starts, Engagement.ends,
            Engagement.notice_days, Engagement.notice_given_on, Client.name.label("client"), Person.name.label("lead"),
        )
        .join(Client, Client.id == Engagement.client_id)
        .outerjoin(Assignment, leads)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Engagement.state.in_((*LIVE, EngagementState.DRAFT)))
        .order_by(Client.name, Engagement.number)
    )  # fmt: skip


def areas_in_trouble(on: date) -> Rows:
    """Areas in scope that are red, also by evidence whose override has run out, or whose review is overdue."""
    colour = stands(on)
    overdue = and_(AreaScope.review_due < on, Engagement.state.in_(RUNNING))
    return (
        select(AreaScope.engagement_id, AreaScope.area, colour.label("confirmed"), AreaScope.ask, AreaScope.ask_by, AreaScope.review_due)
        .join(Engagement, Engagement.id == AreaScope.engagement_id)
        .outerjoin(AreaScope.override)
        .where(AreaScope.scope != Scope.OUT, Engagement.state.in_(LIVE), or_(colour == Rag.RED, overdue))
        .order_by(AreaScope.engagement_id, AreaScope.number)
        .limit(AT_MOST)
    )  # fmt: skip


def deliverables_in_trouble(on: date) -> Rows:
    """Ours to do and past the agreed day; or submitted, and past the day by which the client was to answer."""
    late = and_(Deliverable.state.in_(OURS_TO_DO), Deliverable.accepted_on.is_(None), Deliverable.baseline_due < on)
    waiting = and_(Deliverable.state == State.SUBMITTED, DeliverableVersion.answer_by < on)
    asked = and_(DeliverableVersion.deliverable_id == Deliverable.id, DeliverableVersion.state == State.SUBMITTED)
    return (
        select(
            Deliverable.engagement_id, Deliverable.id, Deliverable.number, Deliverable.title, Deliverable.state,
            Deliverable.baseline_due, DeliverableVersion.answer_by,
        )
        .join(Engagement, Engagement.id == Deliverable.engagement_id)
        .outerjoin(DeliverableVersion, asked)
        .where(Engagement.state.in_(RUNNING), or_(late, waiting))
        .order_by(Deliverable.baseline_due, Deliverable.id)
        .limit(AT_MOST)
    )  # fmt: skip


def leave_asked() -> Rows:
    return (
        select(Leave.id, Leave.begins, Leave.ends, Leave.share, Person.name)
        .join(Person, Person.id == Leave.person_id)
        .where(Leave.status == LeaveStatus.ASKED)
        .order_by(Leave.begins, Leave.id)
        .limit(AT_MOST)
    )


def logged_outside(since: date) -> Rows:
    """Entries outside the dates of an engagement or assignment, with their reasons (invariant 9)."""
    return (
        select(
            TimeEntry.id, TimeEntry.worked_on, TimeEntry.minutes, TimeEntry.engagement_id, TimeNote.reason,
            Person.name, Client.name.label("client"),
        )
        .join(Person, Person.id == TimeEntry.person_id)
        .join(Client, Client.id == TimeEntry.client_id)
        .outerjoin(TimeNote, TimeNote.entry_id == TimeEntry.id)
        .where(TimeEntry.outside, TimeEntry.voided_at.is_(None), TimeEntry.worked_on >= since)
        .order_by(TimeEntry.worked_on.desc(), TimeEntry.id.desc())
        .limit(AT_MOST)
    )  # fmt: skip
