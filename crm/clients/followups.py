"""What one of us promised themselves to do next about a client."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.access.act import act
from crm.clients.models import FollowUp
from crm.core.clock import now
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import day


def own_follow_ups(person_id: int, until: date) -> Select[FollowUp]:
    """One's own, not done, due by a day; the oldest first."""
    return (
        select(FollowUp)
        .where(FollowUp.person_id == person_id, FollowUp.done_at.is_(None), FollowUp.due <= until)
        .options(joinedload(FollowUp.client))
        .order_by(FollowUp.due, FollowUp.id)
        .limit(50)
    )


def revise_follow_up(
    follow_up: FollowUp, said: Mapping[str, Any], *, changes: str, viewer: Viewer, press: Press
) -> FollowUp:
    """Said better, moved to another day, or handed to a colleague, on whose Today it is from then on."""
    with act(viewer, "followup.revise", follow_up, press=press, reason=changes):
        follow_up.revise(**said)
    return follow_up


def move_follow_up(follow_up: FollowUp, due: date, *, viewer: Viewer, press: Press) -> FollowUp:
    said = {"title": follow_up.title, "person_id": follow_up.person_id, "due": due}
    moved = f"By: {day(follow_up.due)}, now {day(due)}"
    return revise_follow_up(follow_up, said, changes=moved, viewer=viewer, press=press)


def finish_follow_up(follow_up: FollowUp, *, viewer: Viewer, press: Press) -> FollowUp:
    with act(viewer, "followup.finish", follow_up, press=press):
        follow_up.finish(now())
    return follow_up


def reopen_follow_up(follow_up: FollowUp, *, viewer: Viewer, press: Press) -> FollowUp:
    with act(viewer, "followup.reopen", follow_up, press=press):
        follow_up.reopen()
    return follow_up
