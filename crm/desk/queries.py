"""What Today asks: what is mine to do, and what waits for the client."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from crm.clients.models import Client, Contact
from crm.deliverables.models import OURS_TO_DO, Contribution, Deliverable, DeliverableVersion, State
from crm.engagements.models import AreaScope, Assignment, Engagement

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
    return select(AreaScope).where(AreaScope.engagement_id.in_(list(engagement_ids))).order_by(AreaScope.number)
