"""What pages that compose several features ask of them, a statement each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, extract, func, or_, select
from sqlalchemy.orm import joinedload

from crm.areas.strategy.models import Initiative, InitiativeStatus, Objective, ObjectiveStatus
from crm.areas.talent.models import MentoringPair, PairStatus
from crm.clients.models import Client, Contact
from crm.core.clock import today
from crm.core.codes import deliverable_code
from crm.core.db import db
from crm.core.twelve import Area
from crm.deliverables.agreed import Contribution
from crm.deliverables.models import Deliverable
from crm.deliverables.states import LIVE, OURS_TO_DO, State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import ClosingStep, Engagement
from crm.engagements.people import Assignment
from crm.engagements.scopes import AreaScope
from crm.people.models import Period, PeriodState, Person
from crm.timelog.models import TimeEntry, TimeKind

AT_MOST = 30  # rows of one list: who has more is not helped by seeing them all


def own_deliverables(person_id: int, until: date) -> Select[Deliverable]:
    """Ours to do and due by a day, as owner or contributor; and what a colleague asked one to review."""
    mine = select(Assignment.id).where(Assignment.person_id == person_id)
    shared = select(Contribution.deliverable_id).where(Contribution.assignment_id.in_(mine))
    in_hand = and_(
        Deliverable.state.in_([state for state in OURS_TO_DO if state is not State.INTERNAL_REVIEW]),
        or_(Deliverable.assignment_id.in_(mine), Deliverable.id.in_(shared)),
        Deliverable.due <= until,
    )
    asked = and_(Deliverable.state == State.INTERNAL_REVIEW, Deliverable.reviewer_id == person_id)
    return (
        select(Deliverable)
        .where(or_(in_hand, asked))
        .options(joinedload(Deliverable.engagement).joinedload(Engagement.client), joinedload(Deliverable.assignment))
        .order_by(Deliverable.due, Deliverable.id)
        .limit(AT_MOST)
    )


UNDER_WAY = (InitiativeStatus.ACTIVE, InitiativeStatus.APPROVED, InitiativeStatus.PAUSED)


def initiatives_for(client_id: int, area: Area) -> Select[*tuple[Any, ...]]:
    """What is under way for an area; what names no area is strategy's own."""
    served = Initiative.serves_area == area
    if area is Area.STR:
        served = or_(served, Initiative.serves_area.is_(None))
    return (
        select(Initiative.id, Initiative.title, Initiative.status, Initiative.baseline_due, Initiative.lens_count)
        .where(Initiative.client_id == client_id, Initiative.archived_at.is_(None), served)
        .where(Initiative.status.in_(UNDER_WAY))
        .order_by(Initiative.baseline_due.is_(None), Initiative.baseline_due, Initiative.id)
        .limit(AT_MOST)
    )


def with_the_client(engagement_ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    """Submitted and not answered: what, whose, asked of whom, until when."""
    return (
        select(
            Deliverable.id, Deliverable.number, Deliverable.title, Deliverable.area, Client.name.label("client"),
            Contact.name.label("asked"), DeliverableVersion.submitted_at, DeliverableVersion.answer_by,
        )
        .join(DeliverableVersion, DeliverableVersion.deliverable_id == Deliverable.id)
        .join(Client, Client.id == Deliverable.client_id)
        .outerjoin(Contact, Contact.id == DeliverableVersion.asked_id)
        .where(
            Deliverable.engagement_id.in_(list(engagement_ids)), Deliverable.state == State.SUBMITTED,
            DeliverableVersion.state == State.SUBMITTED,
        )
        .order_by(DeliverableVersion.answer_by, Deliverable.id)
        .limit(AT_MOST)
    )  # fmt: skip


def scopes_of(engagement_ids: Iterable[int]) -> Select[AreaScope]:
    """The twelve of each of these engagements."""
    every = select(AreaScope).where(AreaScope.engagement_id.in_(list(engagement_ids)))
    return every.options(joinedload(AreaScope.override)).order_by(AreaScope.number)


@dataclass(frozen=True)
class Owed:
    """How many deliverables of an engagement are open, late and signed off."""

    open: int = 0
    late: int = 0
    accepted: int = 0


def owed_by(engagement_ids: Iterable[int]) -> dict[int, Owed]:
    """Open, late and accepted deliverables of each engagement, in one statement."""
    late = Deliverable.state.in_(OURS_TO_DO) & (Deliverable.baseline_due < today())

    def how_many(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    counted = (
        select(
            Deliverable.engagement_id, how_many(Deliverable.state.in_(LIVE)), how_many(late),
            how_many(Deliverable.state == State.ACCEPTED),
        )
        .where(Deliverable.engagement_id.in_(list(engagement_ids)))
        .group_by(Deliverable.engagement_id)
    )  # fmt: skip
    return {key: Owed(int(live), int(behind), int(done)) for key, live, behind, done in db.session.execute(counted)}


def deliverables_of(engagement_id: int, area: Area | None = None) -> Select[Deliverable]:
    """An engagement's deliverables, what is open first, soonest first."""
    found = select(Deliverable).where(Deliverable.engagement_id == engagement_id)
    if area:
        found = found.where(Deliverable.area == area)
    is_done = case((Deliverable.state.in_(LIVE), 0), else_=1)
    owner = joinedload(Deliverable.assignment).joinedload(Assignment.person)
    return found.options(owner).order_by(is_done, Deliverable.due.is_(None), Deliverable.due, Deliverable.number)


def live_deliverables(engagement_id: int) -> list[tuple[str, Area]]:
    """Code and area of whatever is not ended yet."""
    live = select(Deliverable.number, Deliverable.area).where(
        Deliverable.engagement_id == engagement_id, Deliverable.state.in_(LIVE)
    )
    return [(deliverable_code(number), area) for number, area in db.session.execute(live.order_by(Deliverable.number))]


def objectives_and_pairs(client_id: int) -> tuple[int, int]:
    """How many objectives and mentoring pairs of a client stand, for activation."""
    objectives = select(func.count(Objective.id)).where(
        Objective.client_id == client_id, Objective.archived_at.is_(None), Objective.status != ObjectiveStatus.DROPPED
    )
    pairs = select(func.count(MentoringPair.id)).where(
        MentoringPair.client_id == client_id, MentoringPair.archived_at.is_(None),
        MentoringPair.status.in_([PairStatus.ACTIVE, PairStatus.PAUSED]),
    )  # fmt: skip
    found = db.session.execute(select(objectives.scalar_subquery(), pairs.scalar_subquery())).one()
    return int(found[0]), int(found[1])


def is_locked(month: date) -> bool:
    locked = select(Period.id).where(Period.month == month, Period.state == PeriodState.LOCKED)
    return db.session.scalar(locked) is not None


def closing_steps(engagement_id: int) -> Select[ClosingStep]:
    return select(ClosingStep).where(ClosingStep.engagement_id == engagement_id).order_by(ClosingStep.number)


@dataclass(frozen=True)
class Spent:
    """Minutes of one person in one area in one month."""

    month: date
    person: str
    area: Area
    is_billable: bool
    minutes: int


def time_spent(engagement_id: int, since: date) -> list[Spent]:
    """An engagement's time since a day by month, person, area and kind, in one statement."""
    year, month = extract("year", TimeEntry.worked_on), extract("month", TimeEntry.worked_on)
    summed = (
        select(year, month, Person.name, TimeEntry.area, TimeEntry.kind, func.sum(TimeEntry.minutes))
        .join(Person, Person.id == TimeEntry.person_id)
        .where(TimeEntry.engagement_id == engagement_id, TimeEntry.worked_on >= since, TimeEntry.voided_at.is_(None))
        .group_by(year, month, Person.id, Person.name, TimeEntry.area, TimeEntry.kind)
    )
    return [
        Spent(date(int(y), int(m), 1), name, area, kind is TimeKind.BILLABLE, int(minutes))
        for y, m, name, area, kind, minutes in db.session.execute(summed)
        if area
    ]


def latest_entries(engagement_id: int, newest: int = 10) -> Select[TimeEntry]:
    """The newest entries of an engagement that are not deleted."""
    found = select(TimeEntry).where(TimeEntry.engagement_id == engagement_id, TimeEntry.voided_at.is_(None))
    return (
        found.options(joinedload(TimeEntry.person))
        .order_by(TimeEntry.worked_on.desc(), TimeEntry.id.desc())
        .limit(newest)
    )


def busy(live: Collection[tuple[str, Area]]) -> set[Area]:
    """Areas with deliverables under way, which cannot leave the scope."""
    return {area for _, area in live}
