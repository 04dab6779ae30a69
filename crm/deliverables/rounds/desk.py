"""The history of the internal review, for the team."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.deliverables.queries import for_head
from crm.deliverables.rounds.queries import remarks_before_rounds, rounds_of
from crm.deliverables.states import State
from crm.deliverables.tabs import tabs_of

pages = Pages("deliverable_rounds", __name__, roles=DESK, url_prefix="/deliverables/<id:deliverable_id>/reviews")


@pages.get("")
def show(deliverable_id: int) -> ResponseReturnValue:
    """Every round, newest first; what was found against each criterion in the words it had then."""
    owed = for_head(deliverable_id)
    return render_template(
        "deliverables/rounds.html", owed=owed, tabs=tabs_of(owed), rounds=rounds_of(owed), before=remarks_before_rounds(owed),
        to_review=owed.state is State.INTERNAL_REVIEW and may(g.viewer, "deliverable.pass_review", owed),
    )  # fmt: skip
