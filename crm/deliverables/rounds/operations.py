"""The internal review of a deliverable: asked for, passed, returned."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crm.access.act import act
from crm.core.clock import now
from crm.core.db import db
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer
from crm.deliverables.models import Deliverable
from crm.deliverables.notices import announce_review
from crm.deliverables.rounds.models import Outcome
from crm.deliverables.rounds.queries import new_round, open_round
from crm.deliverables.states import State


def ask_for_review(owed: Deliverable, *, viewer: Viewer, press: Press, reviewer_id: int) -> None:
    with act(viewer, "deliverable.ask_review", owed, press=press, open_to=OpenTo.TEAM):
        owed.ask_for_review(reviewer_id=reviewer_id)
        new_round(owed).asked_at = now()
        db.session.flush()
        announce_review("review_asked", owed)


@dataclass(frozen=True)
class Findings:
    """What the internal review found: which criteria hold, remarks by criterion, and one on the whole."""

    holds: Collection[int] = ()
    points: Mapping[int, str] = field(default_factory=dict)
    remark: str = ""

    def said(self, owed: Deliverable) -> str:
        """For the trail."""
        against = [f"On “{one.text}”: {self.points[one.id]}" for one in owed.criteria if one.id in self.points]
        return "\n\n".join(filter(None, [self.remark, *against]))


def pass_review(owed: Deliverable, *, viewer: Viewer, press: Press, found: Findings) -> None:
    reason = found.said(owed)
    with act(viewer, "deliverable.pass_review", owed, press=press, reason=reason, open_to=OpenTo.TEAM):
        owed.pass_review()
        _end_round(owed, Outcome.PASSED, found)


def return_from_review(owed: Deliverable, *, viewer: Viewer, press: Press, found: Findings) -> None:
    reason = found.said(owed)
    with act(viewer, "deliverable.return", owed, press=press, reason=reason, open_to=OpenTo.TEAM):
        owed.return_from_review()
        _end_round(owed, Outcome.RETURNED, found)


def _end_round(owed: Deliverable, outcome: Outcome, found: Findings) -> None:
    criteria = [(one.id, one.text) for one in owed.criteria]
    open_round(owed).end(
        outcome, now(), remark=found.remark, criteria=criteria, holds=found.holds, remarks=found.points
    )
    db.session.flush()
    announce_review("review_ended", owed)


def leave_review(owed: Deliverable) -> None:
    """Something else ends a review that runs."""
    if owed.state is State.INTERNAL_REVIEW:
        open_round(owed).end(Outcome.DROPPED, now())
