"""Who hears that the next one was opened."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.core.clock import today
from crm.core.db import db
from crm.core.words import day
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice


def announce_opened(owed: Deliverable) -> None:
    post("deliverable.opened", key=f"deliverable:{owed.id}:opened", deliverable_id=owed.id)


@notice("deliverable.opened")
def tell_who_makes_it(deliverable_id: int) -> Iterator[Letter]:
    """Its owner; the lead where nobody owns it yet."""
    team = joinedload(Deliverable.engagement).selectinload(Engagement.assignments).joinedload(Assignment.person)
    asked = select(Deliverable).where(Deliverable.id == deliverable_id)
    owed = db.session.scalars(asked.options(team, joinedload(Deliverable.assignment))).one_or_none()
    if owed is None or owed.state not in {State.PROPOSED, State.PLANNED} or owed.baseline_due is None:
        return
    whose = owed.assignment_id
    there = next((one for one in owed.engagement.assignments if one.id == whose), owed.engagement.who_leads(today()))
    if there:
        yield Letter(
            to=there.person, about=owed, subject=f"Opened for you: {owed.title}",
            text=f"“{owed.title}” comes again and was opened for you. It is due by {day(owed.baseline_due)}.",
            path=f"/deliverables/{owed.id}", link=f"Open {owed.code}", kind=Kind.DELIVERABLE,
        )  # fmt: skip
