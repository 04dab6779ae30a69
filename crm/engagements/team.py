"""Who works on an engagement: put on it, changed, confirmed, ended, with one lead at a time and no wall in between."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal

from crm.access.act import act
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import day, listed
from crm.engagements import queries
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.engagements.states import EngagementModel, EngagementState
from crm.people.models import Person


def keep_walls(client: Client, person_ids: Collection[int]) -> None:
    """Invariant 14."""
    walled = queries.walled_off(client.id, person_ids)
    if walled:
        raise Refused(
            f"A wall stands between {listed(walled)} and {client.name}: they cannot be assigned.", "person_id"
        )


def add_assignment(
    engagement: Engagement,
    person: Person,
    *,
    viewer: Viewer,
    press: Press,
    role: AssignmentRole,
    mode: EngagementModel,
    begins: date,
    ends: date,
    days_a_month: Decimal,
    said_yes: bool,
    takes_over: bool,
) -> Assignment:
    """A person's part. A new lead may take over: the present one's part ends the day before."""
    made = Assignment(
        engagement_id=engagement.id, client_id=engagement.client_id, person_id=person.id, role=role, mode=mode,
        begins=begins, ends=ends, days_a_month=days_a_month, status=Status.CONFIRMED if said_yes else Status.TENTATIVE,
    )  # fmt: skip
    with act(viewer, "assignment.add", made, press=press, reason=person.name):
        engagement.must_be_open()
        keep_walls(engagement.client, [person.id])
        _fit(engagement, begins, ends)
        if role is AssignmentRole.LEAD and said_yes:
            _make_room(engagement, made, takes_over=takes_over)
        db.session.add(made)
    return made


def _fit(engagement: Engagement, begins: date, ends: date) -> None:
    if begins < engagement.starts or ends > engagement.ends:
        field = "begins" if begins < engagement.starts else "ends"
        raise Refused(f"The engagement runs from {day(engagement.starts)} to {day(engagement.ends)}", field)


def _make_room(engagement: Engagement, coming: Assignment, *, takes_over: bool = False) -> None:
    """There is one lead at a time (invariant 3)."""
    present = engagement.lead_between(coming.begins, coming.ends, besides=coming)
    if present is None:
        return
    if not takes_over or present.begins >= coming.begins:
        raise Refused(
            f"{present.person.name} leads until {day(present.ends)}: begin later, or say that they take over.", "begins"
        )
    present.end(coming.begins - timedelta(days=1), today())
    _make_room(engagement, coming)


def revise_assignment(
    assignment: Assignment,
    *,
    viewer: Viewer,
    press: Press,
    changes: str,
    role: AssignmentRole,
    mode: EngagementModel,
    begins: date,
    ends: date,
    days_a_month: Decimal,
) -> Assignment:
    with act(viewer, "assignment.revise", assignment, press=press, reason=changes):
        engagement = assignment.engagement
        engagement.must_be_open()
        if assignment.status is Status.ENDED:
            raise Refused("This part has ended; what was planned stays as it was.")
        _fit(engagement, begins, ends)
        was_lead = assignment.role is AssignmentRole.LEAD
        assignment.role, assignment.mode, assignment.days_a_month = role, mode, days_a_month
        assignment.begins, assignment.ends = begins, ends
        if assignment.status is Status.CONFIRMED:
            if role is AssignmentRole.LEAD:
                _make_room(engagement, assignment)
            if was_lead:
                _stay_led(engagement)
    return assignment


def confirm_assignment(assignment: Assignment, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "assignment.confirm", assignment, press=press, reason=assignment.person.name):
        assignment.engagement.must_be_open()
        keep_walls(assignment.engagement.client, [assignment.person_id])
        if assignment.role is AssignmentRole.LEAD:
            _make_room(assignment.engagement, assignment)
        assignment.confirm()


def end_assignment(assignment: Assignment, *, viewer: Viewer, press: Press, ends: date) -> None:
    """The last day of a part. Whoever leads a running engagement hands over first."""
    with act(viewer, "assignment.end", assignment, press=press, reason=f"{assignment.person.name}, {day(ends)}"):
        assignment.end(ends, today())
        if assignment.role is AssignmentRole.LEAD:
            _stay_led(assignment.engagement)


def _stay_led(engagement: Engagement) -> None:
    """Invariant 3, today and on the days to come that somebody leads now."""
    if engagement.state is EngagementState.ACTIVE and engagement.lead_between(today(), today()) is None:
        raise Refused("A running engagement has a lead: add who takes over, and this part ends the day before.", "ends")


def not_offered(team: Iterable[tuple[Person, EngagementModel]]) -> str:
    """A warning when somebody is assigned a way of working that they do not offer; empty when all do."""
    found = [f"{person.name} ({mode.value.replace('_', '-')})" for person, mode in team if not person.offers(mode)]
    return f"Not among the ways of working that they offer: {listed(found)}." if found else ""
