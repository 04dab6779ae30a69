"""What the portal asks. Every row comes through the client's own limits: nothing here asks who may see it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ScalarSelect, Select, String, case, extract, func, literal, or_, select, type_coerce
from sqlalchemy.orm import aliased, defer, joinedload, selectinload

from crm.areas.across.models import Decision
from crm.areas.across.queries import needed_decisions, risks_to_accept
from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.areas.strategy.models import Initiative, InitiativeStatus, Objective, ObjectiveStatus
from crm.clients.models import Activity, Attendee, Contact, Department, DepartmentKind
from crm.core.calendar import month_after, month_of
from crm.core.db import db
from crm.core.inputs import MINUTES_A_DAY
from crm.core.twelve import Area
from crm.core.words import half_up
from crm.deliverables.models import Deliverable
from crm.deliverables.states import OURS_TO_DO, State
from crm.deliverables.versions import DeliverableVersion, VersionComment
from crm.engagements.models import LIVE, Assignment, Engagement, Sponsorship
from crm.timelog.models import TimeEntry, TimeKind

D, V = Deliverable, DeliverableVersion
AT_MOST = 50  # documents or reviews of one list: further back one searches
LATELY = timedelta(days=60)

_WITHOUT_TEXT = defer(V.text)  # a list names documents; their texts are long
_SPONSORS = selectinload(Engagement.sponsors).joinedload(Sponsorship.contact)


def live_engagements() -> Select[Engagement]:
    """What is agreed and running, with its team."""
    team = joinedload(Engagement.assignments).joinedload(Assignment.person)  # few each: one statement
    return select(Engagement).where(Engagement.state.in_(LIVE)).options(team).order_by(Engagement.starts, Engagement.id)


def sponsored(contact_id: int | None) -> Select[Engagement]:
    """The running engagements on which this contact decides, with what a new proposal must fit into."""
    own = select(Sponsorship.engagement_id).where(Sponsorship.contact_id == contact_id)
    needed = (_SPONSORS, selectinload(Engagement.scopes), selectinload(Engagement.assignments))
    running = select(Engagement).where(Engagement.id.in_(own), Engagement.state.in_(LIVE))
    return running.options(*needed).order_by(Engagement.number)


def waiting(*, answers: bool) -> Select[DeliverableVersion]:
    """What was sent and not answered, the most urgent first; for whoever `answers`, with who may."""
    who = [joinedload(V.engagement).options(_SPONSORS)] if answers else []
    return (
        select(V)
        .join(D, D.id == V.deliverable_id)
        .where(V.state == State.SUBMITTED, D.state == State.SUBMITTED)
        .options(_WITHOUT_TEXT, joinedload(V.submitted_by), joinedload(V.asked), *who)
        .order_by(V.answer_by, V.id)
        .limit(AT_MOST)
    )


def questions() -> Select[Any]:
    """What somebody is asked to decide, the most urgent first."""
    return needed_decisions().options(joinedload(Decision.owner_contact), joinedload(Decision.owner_person))


def risks() -> Select[Any]:
    return risks_to_accept()


def signed_since(day: date, newest: int) -> Select[DeliverableVersion]:
    """What was signed off lately, newest first."""
    answered = select(V).where(V.state == State.ACCEPTED, V.decided_at.is_not(None))
    return (
        answered.join(D, D.id == V.deliverable_id)
        .where(D.accepted_on >= day)
        .options(_WITHOUT_TEXT, joinedload(V.decided_by))
        .order_by(V.decided_at.desc())
        .limit(newest)
    )


def activities() -> Select[Activity]:
    """What passed between us and was written for the client to read."""
    there = selectinload(Activity.attendees).options(joinedload(Attendee.contact), joinedload(Attendee.person))
    return select(Activity).options(joinedload(Activity.person), there)


def latest_activities(newest: int) -> Select[Activity]:
    shared = select(Activity).options(joinedload(Activity.person))
    return shared.order_by(Activity.happened_on.desc(), Activity.id.desc()).limit(newest)


def being_changed() -> Select[DeliverableVersion]:
    """What goes through our hands again because changes were asked for: the last version that the client had."""
    sent = aliased(V)
    last = select(func.max(sent.number)).where(sent.deliverable_id == V.deliverable_id, sent.submitted_at.is_not(None))
    return (
        select(V)
        .join(D, D.id == V.deliverable_id)
        .where(V.state == State.CHANGES_REQUESTED, D.state.in_(OURS_TO_DO), V.number == last.scalar_subquery())
        .options(_WITHOUT_TEXT, joinedload(V.deliverable))
        .order_by(D.due, V.id)
        .limit(AT_MOST)
    )


def goals(area: Area | None = None) -> Select[Objective]:
    """The client's own goals that are shown to them and still open."""
    over = [ObjectiveStatus.MET, ObjectiveStatus.DROPPED]
    found = select(Objective).where(Objective.archived_at.is_(None), Objective.status.not_in(over))
    if area:
        found = found.where(Objective.area == area)
    return found.order_by(Objective.due.is_(None), Objective.due, Objective.id).limit(AT_MOST)


def own_department(contact_id: int | None) -> ScalarSelect[DepartmentKind]:
    """What part of the client this contact works in."""
    there = select(Department.kind).join(Contact, Contact.department_id == Department.id)
    return there.where(Contact.id == contact_id).scalar_subquery()


def promises_to(contact_id: int | None, newest: int) -> Select[Commitment]:
    """What was promised to somebody and to their department, open ones first and of these the nearest."""
    theirs = or_(Commitment.to_contact_id == contact_id, Commitment.department == own_department(contact_id))
    is_open = Commitment.status == CommitmentStatus.OPEN
    by_day = case((is_open, Commitment.due)), Commitment.due.desc(), Commitment.id
    return (
        select(Commitment)
        .where(theirs, Commitment.archived_at.is_(None))
        .order_by(is_open.desc(), *by_day)
        .limit(newest)
    )


def changes_that_touch(contact_id: int | None, newest: int) -> Select[Initiative]:
    """Changes agreed or under way that the department of this contact will notice, the nearest first."""
    live = Initiative.status.in_([InitiativeStatus.APPROVED, InitiativeStatus.ACTIVE])
    word = literal(",") + type_coerce(own_department(contact_id), String) + ","
    touched = type_coerce(Initiative.departments, String).contains(word)
    found = select(Initiative).where(live, touched, Initiative.archived_at.is_(None))
    return found.order_by(Initiative.due.is_(None), Initiative.due, Initiative.id).limit(newest)


def papers() -> Select[Deliverable]:
    """The documents of this client, each with the versions that they were given."""
    versions = selectinload(D.versions).options(_WITHOUT_TEXT, joinedload(V.decided_by), joinedload(V.recorded_by))
    return select(D).options(versions)


def paper(deliverable_id: int) -> Deliverable:
    """One document with all that the client may read of it; 404 when it is not there for this viewer."""
    version = selectinload(D.versions)
    comments = version.selectinload(V.comments)
    needed = (
        joinedload(D.engagement).options(_SPONSORS),
        joinedload(D.proposed_by),
        *(version.joinedload(one) for one in (V.submitted_by, V.recorded_by, V.asked, V.decided_by)),
        version.selectinload(V.criteria),
        comments.joinedload(VersionComment.contact),
    )
    found: Deliverable = db.first_or_404(select(D).where(D.id == deliverable_id).options(*needed))
    return found


# --- Days used ---


@dataclass(frozen=True)
class MonthUsed:
    """One month of one engagement: what was agreed and what was used of it."""

    engagement: Engagement
    month: date
    minutes: int

    @property
    def used(self) -> Decimal:
        """In days, rounded before anything else, so that statement and invoice agree (F5)."""
        return half_up(Decimal(self.minutes) / MINUTES_A_DAY, 2)

    @property
    def agreed(self) -> Decimal | None:
        return self.engagement.days_a_month

    @property
    def left(self) -> Decimal | None:
        return None if self.agreed is None else self.agreed - self.used


def billed_minutes(engagement_ids: Iterable[int], since: date) -> dict[tuple[int, date], int]:
    """Billable minutes by engagement and month, in one statement."""
    year, month = extract("year", TimeEntry.worked_on), extract("month", TimeEntry.worked_on)
    found = db.session.execute(
        select(TimeEntry.engagement_id, year, month, func.sum(TimeEntry.minutes))
        .where(
            TimeEntry.engagement_id.in_(list(engagement_ids)),
            TimeEntry.kind == TimeKind.BILLABLE,
            TimeEntry.voided_at.is_(None),
            TimeEntry.worked_on >= since,
        )
        .group_by(TimeEntry.engagement_id, year, month)
    )
    minutes: dict[tuple[int, date], int] = defaultdict(int)
    for engagement_id, y, m, total in found:
        minutes[engagement_id or 0, date(int(y), int(m), 1)] = int(total)
    return minutes


def months_used(engagements: Sequence[Engagement], on: date, back: int = 0) -> list[MonthUsed]:
    """This month and so many before it, newest first, each engagement as long as it ran."""
    since = month_after(month_of(on), -back)
    minutes = billed_minutes([one.id for one in engagements], since)
    months = [month_after(month_of(on), -n) for n in range(back + 1)]
    return [
        MonthUsed(one, month, minutes.get((one.id, month), 0))
        for month in months
        for one in engagements
        if month_of(one.starts) <= month <= one.ends
    ]


def entries_of(month: date) -> Select[TimeEntry]:
    """What was done in a month, day by day: what stands on the statement, and nothing of our own notes."""
    return _entries().where(TimeEntry.worked_on >= month, TimeEntry.worked_on < month_after(month))


def _entries() -> Select[TimeEntry]:
    there: Select[Any] = select(TimeEntry).where(TimeEntry.voided_at.is_(None), TimeEntry.engagement_id.is_not(None))
    named = there.options(joinedload(TimeEntry.person), joinedload(TimeEntry.engagement))
    return named.order_by(TimeEntry.worked_on.desc(), TimeEntry.id.desc())
