"""The life of an engagement: activated, cancelled, paused, resumed, closed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from crm.access.act import act
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.twelve import Scope
from crm.core.viewer import Viewer
from crm.engagements import conditions, queries
from crm.engagements.models import ClosingStep, Engagement


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
