"""Saying what a deliverable waits for, that it came, or that it need not wait."""

from datetime import date

from crm.access.act import act
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer
from crm.core.words import day
from crm.deliverables.chains.graph import reaches
from crm.deliverables.chains.models import Wait
from crm.deliverables.chains.queries import all_waits
from crm.deliverables.models import Deliverable
from crm.engagements.queries import hold
from crm.engagements.states import OVER


def _may_wait(owed: Deliverable) -> None:
    if owed.engagement.state in OVER or not owed.is_live:
        raise Refused(f"{owed.code} is not open any more, so it waits for nothing.")


def wait_for(
    owed: Deliverable,
    *,
    viewer: Viewer,
    press: Press,
    on_id: int | None = None,
    decision_id: int | None = None,
    what: str = "",
    needed_by: date | None = None,
    contact_id: int | None = None,
    said: str = "",
) -> Wait:
    """One thing more that must be there first. Two deliverables never wait for each other, also by way of others."""
    with act(viewer, "wait.add", owed, press=press, reason=said or what, open_to=OpenTo.TEAM):
        _may_wait(owed)
        if on_id is not None:
            hold(owed.client_id)  # nobody else ties the knot from the other side meanwhile
            if reaches(all_waits(owed.client_id), on_id, owed.id):
                raise Refused(f"That one waits for {owed.code} already, directly or by way of others.", "on_id")
        made = Wait(
            client_id=owed.client_id, engagement_id=owed.engagement_id, deliverable_id=owed.id, on_id=on_id,
            decision_id=decision_id, what=what, needed_by=needed_by, contact_id=contact_id,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
    return made


def wait_no_more(owed: Deliverable, wait: Wait, *, viewer: Viewer, press: Press, said: str) -> None:
    with act(viewer, "wait.end", owed, press=press, reason=said, open_to=OpenTo.TEAM):
        db.session.delete(wait)


def receive_input(owed: Deliverable, wait: Wait, *, viewer: Viewer, press: Press) -> None:
    said = f"{wait.what}, needed by {day(wait.needed_by)}"
    with act(viewer, "wait.receive", owed, press=press, reason=said, open_to=OpenTo.TEAM):
        wait.receive(today())
