"""What is done with engagements: begun, agreed, staffed, moved through their life, closed.

An engagement comes here held (queries.held), so that nobody else changes its team or its twelve meanwhile.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from crm.access.act import act
from crm.clients.models import Client, Contact
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.twelve import Area, Scope
from crm.core.viewer import Viewer
from crm.core.words import day, listed
from crm.engagements import conditions, queries
from crm.engagements.models import (
    MOST_SPONSORS,
    AreaScope,
    Assignment,
    AssignmentRole,
    BoardRole,
    ClosingStep,
    Engagement,
    EngagementModel,
    EngagementState,
    Sponsorship,
    Status,
    Terms,
    twelve_scopes,
)
from crm.engagements.terms import Part, Price, ScopeOf
from crm.people.models import Person
from crm.practice.models import next_number


def add_engagement(
    client: Client,
    *,
    viewer: Viewer,
    press: Press,
    title: str,
    model: EngagementModel,
    board_role: BoardRole,
    starts: date,
    ends: date,
    signed_on: date | None,
    notice_days: int,
    price: Price | None,
    sponsors: Sequence[int],
    team: Sequence[Part],
    said_yes: bool,
    follows_id: int | None,
    scope_note: str = "",
    authority_note: str = "",
) -> Engagement:
    """A draft with its twelve scopes, as far as it is agreed."""
    made = Engagement(
        client_id=client.id, title=title, model=model, board_role=board_role, starts=starts, ends=ends, signed_on=signed_on,
        notice_days=notice_days, follows_id=follows_id, scope_note=scope_note, authority_note=authority_note,
    )  # fmt: skip
    with act(viewer, "engagement.add", made, press=press):
        made.number = next_number("engagement")
        db.session.add(made)
        db.session.flush()
        _keep_walls(client, [part.person_id for part in team])
        status = Status.CONFIRMED if said_yes else Status.TENTATIVE
        whose = {"engagement_id": made.id, "client_id": client.id}
        for part in team:
            db.session.add(
                Assignment(
                    person_id=part.person_id, role=part.role, mode=model, status=status, begins=starts, ends=ends,
                    days_a_month=part.days, **whose,
                )
            )  # fmt: skip
        lead = next((part.person_id for part in team if part.role is AssignmentRole.LEAD), None)
        for row in twelve_scopes(made):
            row.holder_person_id = lead if row.scope is Scope.LEAD else None
            db.session.add(row)
        db.session.add_all(Sponsorship(contact_id=one, **whose) for one in sponsors)
        if price:
            _write_price(made, price)
            made.days_a_month = price.days_a_month
    return made


def revise_engagement(
    engagement: Engagement,
    *,
    viewer: Viewer,
    press: Press,
    changes: str,
    title: str,
    board_role: BoardRole,
    scope_note: str,
    authority_note: str,
) -> Engagement:
    with act(viewer, "engagement.revise", engagement, press=press, reason=changes):
        engagement.must_be_open()
        engagement.title, engagement.board_role = title, board_role
        engagement.scope_note, engagement.authority_note = scope_note, authority_note
    return engagement


def price_engagement(
    engagement: Engagement,
    *,
    viewer: Viewer,
    press: Press,
    changes: str,
    starts: date,
    ends: date,
    signed_on: date | None,
    notice_days: int,
    price: Price | None,
) -> Engagement:
    """Dates and price. Parts of the team that end with the engagement move with its end.

    What changed is written for partners: it names sums.
    """
    with act(
        viewer,
        "engagement.price",
        engagement,
        press=press,
        reason=changes,
        open_to=OpenTo.PARTNERS if changes else None,
    ):
        engagement.must_be_open()
        if engagement.state is not EngagementState.DRAFT and not (price and signed_on):
            raise Refused("It runs: its price and the day it was signed stay.", "signed_on" if price else "price_kind")
        _move_dates(engagement, starts, ends)
        engagement.signed_on, engagement.notice_days = signed_on, notice_days
        engagement.days_a_month = price.days_a_month if price else None
        flag_modified(engagement, "notice_days")  # the price stands elsewhere; whoever had it open shall be told
        db.session.flush()
        if price:
            _write_price(engagement, price, engagement.terms)
        elif engagement.terms:
            db.session.delete(engagement.terms)
    return engagement


def _write_price(engagement: Engagement, price: Price, terms: Terms | None = None) -> None:
    terms = terms or Terms(engagement_id=engagement.id, client_id=engagement.client_id)
    price.write(terms, engagement.model)
    db.session.add(terms)


def _move_dates(engagement: Engagement, starts: date, ends: date) -> None:
    was_start, was_end = engagement.starts, engagement.ends
    for one in engagement.assignments:
        if one.status is Status.ENDED:
            continue
        begins = starts if one.begins == was_start else max(one.begins, starts)
        last = ends if one.ends == was_end else min(one.ends, ends)
        if begins > last:
            raise Refused(f"{one.person.name}’s part lies outside these dates: end or move it first.", "ends")
        one.begins, one.ends = begins, last
    engagement.starts, engagement.ends = starts, ends


# The team


def _keep_walls(client: Client, person_ids: Collection[int]) -> None:
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
        _keep_walls(engagement.client, [person.id])
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
        _keep_walls(assignment.engagement.client, [assignment.person_id])
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


def add_sponsor(engagement: Engagement, contact: Contact, *, viewer: Viewer, press: Press) -> Sponsorship:
    made = Sponsorship(engagement_id=engagement.id, client_id=engagement.client_id, contact_id=contact.id)
    with act(viewer, "sponsorship.add", made, press=press, reason=contact.name):
        engagement.must_be_open()
        others = sponsors_now(engagement)
        if contact.id in others:
            raise Refused(f"{contact.name} is a sponsor already.", "contact_id")
        if len(others) >= MOST_SPONSORS:
            raise Refused("An engagement has two sponsors at most: remove one first.", "contact_id")
        if not contact.decides:
            raise Refused(f"{contact.name} is not marked as somebody who decides.", "contact_id")
        db.session.add(made)
    return made


def remove_sponsor(sponsorship: Sponsorship, *, viewer: Viewer, press: Press) -> None:
    engagement = sponsorship.engagement
    with act(viewer, "sponsorship.end", sponsorship, press=press, reason=sponsorship.contact.name):
        engagement.must_be_open()
        if engagement.state is not EngagementState.DRAFT and len(sponsors_now(engagement)) == 1:
            raise Refused("A running engagement has a sponsor: add the next one first.")
        db.session.delete(sponsorship)


def sponsors_now(engagement: Engagement) -> list[int]:
    """Read again: another may have come or gone before the client's row was held."""
    return list(db.session.scalars(select(Sponsorship.contact_id).where(Sponsorship.engagement_id == engagement.id)))


# The twelve


def revise_scopes(
    engagement: Engagement,
    answers: Mapping[Area, ScopeOf],
    *,
    viewer: Viewer,
    press: Press,
    changes: str,
    busy: Collection[Area],
) -> Engagement:
    """All twelve at once. `busy`: areas with deliverables in a live state, which cannot leave the scope (invariant 5)."""
    with act(viewer, "scope.revise", engagement, press=press, reason=changes):
        queries.hold(engagement.client_id)
        engagement.must_be_open()
        for row in engagement.scopes:
            _revise_scope(row, answers[row.area], is_busy=row.area in busy)
        if engagement.is_live:
            for row in engagement.scopes:
                row.plan_review(today())
            _refuse_first(engagement)
        flag_modified(engagement, "scope_note")  # so that a colleague who had the twelve open is told
    return engagement


def _revise_scope(row: AreaScope, said: ScopeOf, *, is_busy: bool) -> None:
    if said.scope is Scope.OUT and row.is_in and is_busy:
        raise Refused(f"{row.responsibility.short} has deliverables under way: end them first", f"{row.area}_scope")
    if said.scope is Scope.LEAD and said.contact_id is not None:
        raise Refused(f"{row.responsibility.short} is led by us: choose a consultant", f"{row.area}_holder")
    if said.scope is not Scope.LEAD and said.person_id is not None:
        sentence = f"{row.responsibility.short} is held by somebody of the client: choose a contact"
        raise Refused(sentence, f"{row.area}_holder")
    row.scope, row.reason = said.scope, said.reason if said.scope is Scope.OUT else ""
    row.holder_person_id, row.holder_contact_id = said.person_id, said.contact_id
    row.target, row.rows_shared = said.target, said.rows_shared and said.scope is Scope.OVERSEE
    row.review_due = said.review_due if row.is_in else None


def _refuse_first(engagement: Engagement) -> None:
    """What holds from activation on holds after every change."""
    conditions.refuse("Not saved", conditions.to_hold(engagement, queries.led_elsewhere(engagement)))


# The life cycle


def fill_gaps(
    engagement: Engagement,
    *,
    signed_on: date | None,
    lead_holder_id: int | None,
    holder_id: int | None,
    out_reason: str,
    out_holder_id: int | None,
) -> None:
    """What activation asks for is written where nothing is said yet."""
    engagement.signed_on = engagement.signed_on or signed_on
    for row in engagement.scopes:
        if row.scope is Scope.LEAD:
            row.holder_person_id = row.holder_person_id or lead_holder_id
        elif row.is_in:
            row.holder_contact_id = row.holder_contact_id or holder_id
        else:
            row.reason = row.reason or out_reason
            row.holder_contact_id = row.holder_contact_id or out_holder_id


def activate_engagement(
    engagement: Engagement,
    *,
    viewer: Viewer,
    press: Press,
    objectives: int,
    pairs: int,
    signed_on: date | None = None,
    lead_holder_id: int | None = None,
    holder_id: int | None = None,
    out_reason: str = "",
    out_holder_id: int | None = None,
) -> None:
    """Draft to active. How many objectives and mentoring pairs the client has is handed in."""
    with act(viewer, "engagement.activate", engagement, press=press):
        queries.hold(engagement.client_id)
        fill_gaps(
            engagement, signed_on=signed_on, lead_holder_id=lead_holder_id, holder_id=holder_id, out_reason=out_reason,
            out_holder_id=out_holder_id,
        )  # fmt: skip
        missing = conditions.to_activate(
            engagement, is_priced=queries.is_priced(engagement.id), objectives=objectives, pairs=pairs,
            elsewhere=queries.led_elsewhere(engagement),
        )  # fmt: skip
        conditions.refuse("Not active yet", missing)
        engagement.activate(today())


def cancel_engagement(engagement: Engagement, *, viewer: Viewer, press: Press, reason: str) -> None:
    with act(viewer, "engagement.cancel", engagement, press=press, reason=reason):
        engagement.cancel(today())


def pause_engagement(engagement: Engagement, *, viewer: Viewer, press: Press, reason: str, until: date) -> None:
    with act(viewer, "engagement.pause", engagement, press=press, reason=reason):
        db.session.add(engagement.pause(today(), until))


def resume_engagement(engagement: Engagement, *, viewer: Viewer, press: Press, planned: Mapping[int, Decimal]) -> None:
    """It goes on, with the planned days of everybody on the team confirmed again."""
    with act(viewer, "engagement.resume", engagement, press=press):
        queries.hold(engagement.client_id)
        team = queries.running_team(engagement)
        if {one.id for one in team} != set(planned):
            raise Refused("The team changed meanwhile: confirm the planned days again.")
        for one in team:
            one.days_a_month = planned[one.id]
        conditions.refuse("Not resumed", conditions.to_resume(engagement, queries.led_elsewhere(engagement)))
        engagement.resume(today())


def begin_closing(engagement: Engagement, *, viewer: Viewer, press: Press, notice_given_on: date | None) -> None:
    with act(viewer, "engagement.begin_closing", engagement, press=press):
        db.session.add_all(engagement.begin_closing(today(), notice_given_on))


def tick_step(step: ClosingStep, *, viewer: Viewer, press: Press, is_done: bool) -> None:
    with act(
        viewer, "closing_step.tick", step, press=press, reason=f"{step.title}: {'done' if is_done else 'open again'}"
    ):
        step.engagement.must_be_live()
        step.done_at = now() if is_done else None


def write_handover(engagement: Engagement, *, viewer: Viewer, press: Press, handover_note: str) -> None:
    """The note for whoever comes after; it is written while the engagement closes."""
    with act(viewer, "engagement.revise", engagement, press=press, reason="Handover note"):
        engagement.must_be_live()
        engagement.handover_note = handover_note


def close_engagement(
    engagement: Engagement, *, viewer: Viewer, press: Press, live: Sequence[str], is_locked: bool
) -> None:
    """Closing to closed. Which deliverables are live, and whether the last month is locked, is handed in."""
    with act(viewer, "engagement.close", engagement, press=press):
        conditions.refuse("Not closed", conditions.to_close(engagement, live=live, is_locked=is_locked))
        engagement.close(today())


def not_offered(team: Iterable[tuple[Person, EngagementModel]]) -> str:
    """A warning when somebody is assigned a way of working that they do not offer; empty when all do."""
    found = [f"{person.name} ({mode.value.replace('_', '-')})" for person, mode in team if not person.offers(mode)]
    return f"Not among the ways of working that they offer: {listed(found)}." if found else ""
