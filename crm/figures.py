"""Figures and names over rows that the viewer may not see: values, never rows. What a page says of them is words or sums.

Each is one of the statements that crm/sight.py names, and says itself for whom it is.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from crm.core.clock import today
from crm.core.db import Unguarded, db
from crm.core.lists import holds
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, Role
from crm.engagements.models import LIVE, EngagementState, Pause, Rag, Status
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

pause = seen(Pause)


def minutes_used(engagement_ids: Collection[int], begins: date, ends: date) -> dict[int, int]:
    """Billable minutes on engagements between two days: a figure for those who may not read the entries behind it.

    Nothing is said of an engagement that this viewer does not see.
    """
    viewer = db.session.info["viewer"]
    used = (
        select(entry.c.engagement_id, func.sum(entry.c.minutes))
        .where(
            entry.c.engagement_id.in_(engagement_ids), entry.c.worked_on.between(begins, ends),
            entry.c.kind == TimeKind.BILLABLE, entry.c.voided_at.is_(None),
        )
        .group_by(entry.c.engagement_id)
    )  # fmt: skip
    if viewer is not SYSTEM:
        used = used.where(entry.c.engagement_id.in_(engagements_of(viewer, today())))
    found = db.session.execute(used, execution_options={"named": "timelog.figures"})
    return {engagement_id: int(minutes) for engagement_id, minutes in found}


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
