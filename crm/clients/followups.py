"""What one of us promised themselves to do next about a client."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.access.act import act
from crm.clients.models import FollowUp
from crm.core.clock import now
from crm.core.forms import Press
from crm.core.viewer import Viewer


def own_follow_ups(person_id: int, until: date) -> Select[FollowUp]:
    """One's own, not done, due by a day; the oldest first."""
    return (
        select(FollowUp)
        .where(FollowUp.person_id == person_id, FollowUp.done_at.is_(None), FollowUp.due <= until)
        .options(joinedload(FollowUp.client))
        .order_by(FollowUp.due, FollowUp.id)
        .limit(50)
    )


def finish_follow_up(follow_up: FollowUp, *, viewer: Viewer, press: Press) -> FollowUp:
    with act(viewer, "followup.finish", follow_up, press=press):
        follow_up.finish(now())
    return follow_up


def reopen_follow_up(follow_up: FollowUp, *, viewer: Viewer, press: Press) -> FollowUp:
    with act(viewer, "followup.reopen", follow_up, press=press):
        follow_up.reopen()
    return follow_up
