"""Saying what a day of somebody costs, from a day on."""

from datetime import date

from sqlalchemy import select

from crm.access.act import act
from crm.clients.operations import unless_taken
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer
from crm.people.models import CostRate


def set_rate(*, person_id: int, begins: date, per_day: int, viewer: Viewer, press: Press) -> CostRate:
    """From this day on. A rate that began on the same day is said anew; what began earlier holds until the day before."""
    rate = CostRate(person_id=person_id, begins=begins, per_day=per_day)
    with act(viewer, "cost_rate.set", rate, press=press, open_to=OpenTo.PARTNERS):
        if per_day <= 0:
            raise Refused("Write what a day costs the practice, like 430", "per_day")
        stands = select(CostRate).where(CostRate.person_id == person_id, CostRate.begins == begins)
        before = db.session.scalars(stands.with_for_update()).one_or_none()
        if before is not None:
            db.session.delete(before)
            db.session.flush()
        with unless_taken("Another partner said what this day costs a moment ago. Look at it again", "begins"):
            db.session.add(rate)
    return rate


def drop_rate(rate: CostRate, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "cost_rate.drop", rate, press=press, open_to=OpenTo.PARTNERS):
        db.session.delete(rate)
