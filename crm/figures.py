"""Figures and names over rows that the viewer may not see: values, never rows. What a page says of them is words or sums.

Each is one of the statements that crm/sight.py names, and says itself for whom it is.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from crm.clients.models import Activity, ActivityKind, Attendee
from crm.core.clock import today
from crm.core.db import Unguarded, db
from crm.core.lists import holds
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, Role
from crm.engagements.models import Pause, Terms
from crm.engagements.people import AssignmentRole, Sponsorship, Status
from crm.engagements.scopes import Rag
from crm.engagements.states import LIVE, EngagementModel, EngagementState
from crm.invoices.models import Invoice, InvoiceKind, InvoiceState
from crm.reviews.models import ReviewState
from crm.sight import (
    assignment,
    client,
    clients_of,
    contact,
    engagement,
    engagements_of,
    entry,
    person,
    review,
    seen,
    standing,
    walled,
)
from crm.timelog.models import TimeKind

pause, invoice, terms = seen(Pause), seen(Invoice), seen(Terms)
sponsorship, activity, attendee = seen(Sponsorship), seen(Activity), seen(Attendee)
IN_PERSON = (ActivityKind.CALL, ActivityKind.MEETING, ActivityKind.VISIT)
CONTACTS_SINCE = timedelta(days=200)  # the longest pause and a red contact lie within it


def days_late(engagement_ids: Collection[int]) -> dict[int, int]:
    """By how many days the latest unpaid invoice of each is late (F10): the days alone, for those who may not read it.

    Nothing is said of an engagement that this viewer does not see.
    """
    viewer, on = db.session.info["viewer"], today()
    owed = (invoice.c.state == InvoiceState.ISSUED, invoice.c.kind == InvoiceKind.INVOICE, invoice.c.due_on < on)
    late = (
        select(invoice.c.engagement_id, func.min(invoice.c.due_on))
        .where(invoice.c.engagement_id.in_(engagement_ids), *owed)
        .group_by(invoice.c.engagement_id)
    )
    if viewer is not SYSTEM:
        late = late.where(invoice.c.engagement_id.in_(engagements_of(viewer, on)))
    found = db.session.execute(late, execution_options={"named": "invoices.late"})
    return {engagement_id: (on - due_on).days for engagement_id, due_on in found}


def standings(on: date, engagement_ids: Collection[int] | None = None) -> dict[int, Any]:
    """How each engagement stands on a day, for its health (F10), also for those who read neither its terms nor its
    invoices: no sum is in it, and nothing is said of what this viewer does not see.

    By id, the client's name first: who leads it (in mentoring, the mentor), the last sponsor contact, since when an
    invoice is unpaid, and what its days are judged by.
    """
    viewer = db.session.info["viewer"]
    mentors = and_(engagement.c.model == EngagementModel.MENTORING, assignment.c.role == AssignmentRole.MENTOR)
    leads = and_(
        assignment.c.engagement_id == engagement.c.id, or_(assignment.c.role == AssignmentRole.LEAD, mentors),
        assignment.c.status == Status.CONFIRMED, assignment.c.begins <= on, assignment.c.ends >= on,
    )  # fmt: skip
    unpaid = select(func.min(invoice.c.due_on)).where(
        invoice.c.engagement_id == engagement.c.id, invoice.c.state == InvoiceState.ISSUED,
        invoice.c.kind == InvoiceKind.INVOICE, invoice.c.due_on < on,
    )  # fmt: skip
    met = (
        select(func.max(activity.c.happened_on))
        .join(attendee, attendee.c.activity_id == activity.c.id)
        .join(sponsorship, sponsorship.c.contact_id == attendee.c.contact_id)
        .where(
            activity.c.client_id == engagement.c.client_id, sponsorship.c.engagement_id == engagement.c.id,
            activity.c.kind.in_(IN_PERSON), activity.c.visibility == Visibility.CLIENT,
            activity.c.happened_on.between(on - CONTACTS_SINCE, on),
        )
    )  # fmt: skip
    asked = (
        select(
            *(engagement.c[name] for name in ("id", "client_id", "number", "title", "state", "model", "starts", "ends", "notice_days", "notice_given_on")),
            client.c.name.label("client"), person.c.name.label("lead"), terms.c.price_kind, terms.c.budget_days,
            *(one.correlate(engagement).scalar_subquery().label(name) for name, one in (("unpaid_since", unpaid), ("met_on", met))),
        )
        .join(client, client.c.id == engagement.c.client_id)
        .outerjoin(terms, terms.c.engagement_id == engagement.c.id)
        .outerjoin(assignment, leads)
        .outerjoin(person, person.c.id == assignment.c.person_id)
        .where(engagement.c.state.in_((*LIVE, EngagementState.DRAFT)))
        .order_by(client.c.name, engagement.c.number)
    )  # fmt: skip
    if engagement_ids is not None:
        asked = asked.where(engagement.c.id.in_(engagement_ids))
    if viewer is not SYSTEM:
        asked = asked.where(engagement.c.id.in_(engagements_of(viewer, on)))
    found = db.session.execute(asked, execution_options={"named": "engagements.standing"})
    return {row.id: row for row in found}


@dataclass(frozen=True)
class EngagementCard:
    """What a consultant may know of an engagement that they are not on (docs/domain.md, who sees what)."""

    client: str
    sector: str
    team: tuple[str, ...]
    starts: date
    ends: date


CONFIDENTIAL = "Confidential client"


def cards() -> list[EngagementCard]:
    """The live engagements of others, by client: for consultants, who see the rows of their own only.

    A confidential client that the viewer does not serve has neither name nor sector, and stands last. Values, never
    rows: there is nothing to follow. Behind a wall there is nothing.
    """
    viewer, on = db.session.info["viewer"], today()
    if viewer.role is not Role.CONSULTANT:
        return []
    masked = client.c.confidential & client.c.id.not_in(clients_of(viewer, on))
    others = (
        select(engagement.c.id, engagement.c.starts, engagement.c.ends, client.c.name, client.c.sector, masked.label("masked"))
        .join_from(engagement, client, client.c.id == engagement.c.client_id)
        .where(
            engagement.c.state.in_(LIVE), engagement.c.id.not_in(engagements_of(viewer, on)), client.c.id.not_in(walled(viewer, on))
        )
        .order_by(masked, case((masked, ""), else_=client.c.name), engagement.c.starts, engagement.c.id)
    )  # fmt: skip
    found = db.session.execute(others, execution_options={"named": "sight.cards"}).all()
    serving_now = (
        select(assignment.c.engagement_id, person.c.name)
        .join_from(assignment, person, person.c.id == assignment.c.person_id)
        .where(
            assignment.c.engagement_id.in_([row.id for row in found]), assignment.c.status == Status.CONFIRMED,
            assignment.c.begins <= on, assignment.c.ends >= on,
        )
        .order_by(person.c.name)
    )  # fmt: skip
    teams: dict[int, list[str]] = defaultdict(list)
    for engagement_id, name in db.session.execute(serving_now, execution_options={"named": "sight.cards"}):
        teams[engagement_id].append(name)
    return [
        EngagementCard(
            CONFIDENTIAL if row.masked else row.name, "" if row.masked else row.sector,
            tuple(dict.fromkeys(teams[row.id])), row.starts, row.ends,
        )
        for row in found
    ]  # fmt: skip


def days_logged(begins: date, ends: date) -> set[tuple[int, date]]:
    """Who logged anything on which day, for whomever it was: so that a partner knows whose days are missing."""
    found = (
        select(entry.c.person_id, entry.c.worked_on)
        .where(entry.c.worked_on.between(begins, ends), entry.c.voided_at.is_(None))
        .distinct()
    )
    return {
        (person_id, day) for person_id, day in db.session.execute(found, execution_options={"named": "timelog.figures"})
    }


@dataclass(frozen=True)
class DayLogged:
    """What one person logged on one day, for whomever it was."""

    person_id: int
    day: date
    minutes: int
    billable: int


def days_with_minutes(begins: date, ends: date) -> list[DayLogged]:
    """Every person's days between two dates on which they logged anything: what a month's checklist counts."""
    billable = case((entry.c.kind == TimeKind.BILLABLE, entry.c.minutes), else_=0)
    found = (
        select(entry.c.person_id, entry.c.worked_on, func.sum(entry.c.minutes), func.sum(billable))
        .where(entry.c.worked_on.between(begins, ends), entry.c.voided_at.is_(None))
        .group_by(entry.c.person_id, entry.c.worked_on)
    )
    rows = db.session.execute(found, execution_options={"named": "timelog.figures"})
    return [DayLogged(person_id, day, int(minutes), int(paid)) for person_id, day, minutes, paid in rows]


@dataclass(frozen=True)
class ContactName:
    """A contact as whoever gives access knows them: by name, company and mail address, and nothing more."""

    id: int
    name: str
    email: str
    client_id: int
    client: str


def contacts_by_name(
    words: str = "", *, ids: Collection[int] | None = None, at_most: int = 50
) -> Sequence[ContactName]:
    """Clients and contacts by name, for admins (docs/domain.md, who sees what): those of these ids, or whose names hold the words."""
    if db.session.info["viewer"].role not in {Role.ADMIN, Role.SYSTEM}:
        raise Unguarded("names are for whoever gives access")
    asked = (
        select(contact.c.id, contact.c.name, contact.c.email, contact.c.client_id, client.c.name)
        .join(client, client.c.id == contact.c.client_id)
        .order_by(client.c.name, contact.c.name, contact.c.id)
    )
    if ids is not None:
        asked = asked.where(contact.c.id.in_(ids))
    else:
        said = client.c.code + " " + client.c.name + " " + contact.c.name + " " + contact.c.email
        asked = asked.where(contact.c.archived_at.is_(None), holds(said, words)).limit(at_most)
    return [ContactName(*row) for row in db.session.execute(asked, execution_options={"named": "sight.names"})]


def last_colours(client_id: int) -> dict[Area, Rag]:
    """What was last published on each of a client's areas, whichever engagement said it: the word that a trend is
    measured against, for those who may not read the review behind it. Nothing of a client that this viewer does not
    see."""
    viewer = db.session.info["viewer"]
    place = func.row_number().over(
        partition_by=review.c.area, order_by=(review.c.published_at.desc(), review.c.id.desc())
    )
    said = select(review.c.area, review.c.rag, place.label("place")).where(
        review.c.client_id == client_id, review.c.state != ReviewState.DRAFT
    )
    if viewer is not SYSTEM:
        said = said.where(review.c.client_id.in_(clients_of(viewer, today())))
    newest = said.subquery()
    last = select(newest.c.area, newest.c.rag).where(newest.c.place == 1)
    return {row.area: row.rag for row in db.session.execute(last, execution_options={"named": "reviews.last"})}


def own_companies() -> dict[int, str]:
    """The companies that the viewer's own account stands for, by name: to change from one to the other."""
    viewer = db.session.info["viewer"]
    asked = (
        select(client.c.id, client.c.name)
        .join(standing, standing.c.client_id == client.c.id)
        .where(standing.c.account_id == viewer.account_id, standing.c.ended_at.is_(None))
        .distinct()
    )
    return {row.id: row.name for row in db.session.execute(asked, execution_options={"named": "sight.names"})}


def plan_of(first: date, last: date, people: Collection[int] | None = None) -> Sequence[Any]:
    """What is planned between two dates, of everybody or of these people: one value for each assignment."""
    plan = (
        select(
            assignment.c.id, assignment.c.person_id, assignment.c.engagement_id, assignment.c.status, assignment.c.begins,
            assignment.c.ends, assignment.c.days_a_month,
        )
        .join(engagement, engagement.c.id == assignment.c.engagement_id)
        .where(assignment.c.begins <= last, assignment.c.ends >= first, engagement.c.state != EngagementState.CANCELLED)
        .order_by(assignment.c.id)
    )  # fmt: skip
    if people is not None:
        plan = plan.where(assignment.c.person_id.in_(people))
    return db.session.execute(plan, execution_options={"named": "workload.plan"}).all()


def pauses_between(first: date, last: date) -> Sequence[Any]:
    """When engagements stand still between two dates."""
    until = func.coalesce(pause.c.ended_on, pause.c.until)
    found = select(pause.c.engagement_id, pause.c.begins, until.label("ends")).where(
        pause.c.begins <= last, until >= first
    )
    return db.session.execute(found, execution_options={"named": "workload.plan"}).all()


def minutes_logged(
    bounds: Sequence[date], kinds: Collection[str], people: Collection[int] | None = None
) -> Sequence[Any]:
    """Minutes by person and stretch: the n-th stretch runs from bounds[n] to the day before bounds[n + 1]."""
    stretch = case(*((entry.c.worked_on < bound, n) for n, bound in enumerate(bounds[1:])))
    found = (
        select(entry.c.person_id, stretch.label("stretch"), func.sum(entry.c.minutes).label("minutes"))
        .where(
            entry.c.worked_on >= bounds[0],
            entry.c.worked_on < bounds[-1],
            entry.c.kind.in_(kinds),
            entry.c.voided_at.is_(None),
        )
        .group_by(entry.c.person_id, "stretch")
    )
    if people is not None:
        found = found.where(entry.c.person_id.in_(people))
    return db.session.execute(found, execution_options={"named": "workload.logged"}).all()
