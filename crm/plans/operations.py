"""The deeds: the set of the first 100 days at once, what comes again, and opening the next ahead of its day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crm.access.act import act
from crm.access.policy import may
from crm.core.clock import today
from crm.core.db import db, reading, transaction
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import SYSTEM, Viewer, viewing_as
from crm.deliverables.models import Deliverable
from crm.deliverables.operations import propose_deliverable
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole
from crm.plans import queries
from crm.plans.first_days import Picked
from crm.plans.models import Recurrence
from crm.plans.notices import announce_opened
from crm.practice.models import practice_of_a_chore


def plan_first_days(
    engagement: Engagement, picked: Sequence[Picked], *, viewer: Viewer, press: Press, assignment_id: int | None
) -> None:
    """All of the set or none; planned at once where the lead says who makes them, else as proposals."""
    with act(viewer, "set.plan", engagement, press=press, open_to=OpenTo.TEAM):
        planned = assignment_id is not None and may(viewer, "deliverable.plan", engagement)
        for one in picked:
            _not_outside(engagement, one)
            propose_deliverable(
                engagement, viewer=viewer, planned=planned, criteria_lines=one.template.criteria, title=one.template.name,
                area=one.template.area, type=one.template.key, purpose=one.template.what, estimate=one.days,
                baseline_due=one.due, due=one.due, assignment_id=assignment_id,
            )  # fmt: skip


def _not_outside(engagement: Engagement, one: Picked) -> None:
    if not engagement.starts <= one.due <= engagement.ends:
        raise Refused(f"“{one.template.name}” would be due outside the dates of the engagement.", "due")


def add_recurrence(engagement: Engagement, *, viewer: Viewer, press: Press, **answers: Any) -> Recurrence:
    made = Recurrence(client_id=engagement.client_id, engagement_id=engagement.id, engagement=engagement)
    with act(viewer, "repeat.add", made, press=press, open_to=OpenTo.TEAM):
        _inside(engagement, answers)
        made.revise(**answers)
        db.session.add(made)
    return made


def revise_recurrence(made: Recurrence, *, viewer: Viewer, press: Press, **answers: Any) -> None:
    with act(viewer, "repeat.revise", made, press=press, open_to=OpenTo.TEAM):
        _inside(made.engagement, answers)
        made.revise(**answers)


def _inside(engagement: Engagement, answers: dict[str, Any]) -> None:
    if not engagement.scope_of(answers["area"]).is_in:
        raise Refused("This area is out of scope on this engagement. Choose one that is in.", "area")
    if answers["next_due"] <= today():
        raise Refused("The next one must still be to come.", "next_due")


def end_recurrence(made: Recurrence, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "repeat.end", made, press=press, open_to=OpenTo.TEAM):
        made.end(today())


def open_ahead() -> None:
    """The worker's chore: whatever is near enough is opened, each in a transaction of its own."""
    with viewing_as(SYSTEM):
        with reading():
            practice = practice_of_a_chore()
            if practice is None:
                return
            region, near = practice.region, db.session.scalars(queries.soon(today())).all()
            db.session.rollback()
        for recurrence_id in near:
            with transaction():
                made = db.session.scalars(queries.locked(recurrence_id)).one()
                open_next(made, made.engagement.client.region or region)


def open_next(made: Recurrence, region: str) -> Deliverable | None:
    """Opens what is due and moves on, under the caller's lock: a second worker finds nothing left to open.

    Days that fell into a pause or found the area out of scope are left out, and of several that were missed only the last
    is opened.
    """
    opened, on = None, today()
    while made.ended_on is None and made.opens_on <= on and made.next_due <= made.engagement.ends:
        if _is_wanted(made, on):
            opened = _open(made, region)
        with act(SYSTEM, "repeat.make", made, reason=opened.code if opened else "Left out", open_to=OpenTo.TEAM):
            made.step()
    return opened


def _is_wanted(made: Recurrence, on: date) -> bool:
    is_missed = made.after_next <= on
    return not (is_missed or made.engagement.is_paused_on(made.next_due)) and made.engagement.scope_of(made.area).is_in


def _open(made: Recurrence, region: str) -> Deliverable:
    due = made.day_due(region)
    owner = _who_makes(made, due)
    owed = propose_deliverable(
        made.engagement, viewer=SYSTEM, planned=owner is not None, criteria_lines=made.criteria_lines, title=made.next_title,
        area=made.area, type=made.type, purpose=made.purpose, estimate=made.estimate, baseline_due=due, due=due,
        assignment_id=owner.id if owner else None,
    )  # fmt: skip
    db.session.flush()
    announce_opened(owed)
    return owed


def _who_makes(made: Recurrence, due: date) -> Assignment | None:
    """Who was named, while they are there; else whoever leads on the day."""
    there = [one for one in made.engagement.assignments if one.runs(due)]
    named = next((one for one in there if one.id == made.assignment_id), None)
    return named or next((one for one in there if one.role is AssignmentRole.LEAD), None)
