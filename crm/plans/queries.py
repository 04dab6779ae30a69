"""What is asked about what comes again."""

from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.core.db import db
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.engagements.states import EngagementState
from crm.plans.models import Recurrence

R = Recurrence
MOST_AHEAD = timedelta(days=90)


def of_engagement(engagement_id: int) -> Select[Recurrence]:
    """Those that run first, by their next day."""
    owner = joinedload(R.assignment).joinedload(Assignment.person)
    found = select(R).where(R.engagement_id == engagement_id).options(owner)
    return found.order_by(R.ended_on.is_not(None), R.next_due, R.id)


def one_of(engagement_id: int, recurrence_id: int) -> Recurrence:
    found: Recurrence = db.first_or_404(of_engagement(engagement_id).where(R.id == recurrence_id))
    return found


def types_there(engagement_id: int) -> list[str]:
    """Which typical deliverables an engagement has already, but for those that were cancelled."""
    kept = (Deliverable.engagement_id == engagement_id, Deliverable.type != "", Deliverable.state != State.CANCELLED)
    return list(db.session.scalars(select(Deliverable.type).where(*kept).distinct()))


def soon(on: date) -> Select[int]:
    """Which may have to be opened by this day; how far ahead each is, the row says."""
    running = Engagement.state.in_((EngagementState.ACTIVE, EngagementState.CLOSING))
    return (
        select(R.id)
        .join(Engagement, Engagement.id == R.engagement_id)
        .where(running, R.ended_on.is_(None), R.next_due <= on + MOST_AHEAD, R.next_due <= Engagement.ends)
        .order_by(R.id)
    )


def locked(recurrence_id: int) -> Select[Recurrence]:
    """One of them, held until the commit, with all that opening the next asks for."""
    engagement = joinedload(R.engagement)
    needed = (
        engagement.joinedload(Engagement.client),
        engagement.selectinload(Engagement.assignments).joinedload(Assignment.person),
        engagement.selectinload(Engagement.scopes),
        engagement.selectinload(Engagement.pauses),
    )
    return select(R).where(R.id == recurrence_id).options(*needed).with_for_update(of=R)
