"""What is done with engagements: begun, agreed, priced, their twelve areas said.

An engagement comes here held (queries.held), so that nobody else changes its team or its twelve meanwhile.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from crm.access.act import act
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.twelve import Area, Scope
from crm.core.viewer import Viewer
from crm.engagements import conditions, queries
from crm.engagements.models import Engagement, Terms, twelve_scopes
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.retaining import keep_price
from crm.engagements.scopes import AreaScope
from crm.engagements.states import BoardRole, EngagementModel, EngagementState, Signers
from crm.engagements.team import keep_walls
from crm.engagements.terms import Part, Price, ScopeOf
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
        keep_walls(client, [part.person_id for part in team])
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
            made.days_a_month = price.days_a_month
            _write_price(made, price)
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
            keep_price(engagement, None, None)
    return engagement


def _write_price(engagement: Engagement, price: Price, terms: Terms | None = None) -> None:
    terms = terms or Terms(engagement_id=engagement.id, client_id=engagement.client_id)
    price.write(terms, engagement.model)
    db.session.add(terms)
    keep_price(engagement, terms, price.days_a_month)


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


def agree_on_signing(
    engagement: Engagement, *, viewer: Viewer, press: Press, changes: str, signers: Signers, deemed: bool
) -> None:
    """Whose yes it takes, and whether silence is one: as the agreement says it, with what changed in the history."""
    with act(viewer, "engagement.sign_off", engagement, press=press, reason=changes, open_to=OpenTo.CLIENT):
        engagement.must_be_open()
        engagement.signers, engagement.deemed = signers, deemed
