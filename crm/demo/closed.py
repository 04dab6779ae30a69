"""Months that were closed: time approved, statements as they were frozen, and F2 and F10 as they were written then."""

from datetime import date

from sqlalchemy import select

from crm.closing.operations import Utilised, freeze, write_figures, write_healths
from crm.closing.queries import closings_of
from crm.core.calendar import month_after, month_end, month_of
from crm.core.db import db
from crm.core.words import half_up
from crm.demo.scene import Scene
from crm.health.queries import healths_at
from crm.people.models import Period, PeriodState
from crm.timelog.approval.models import TimeCheck, Verdict
from crm.timelog.models import TimeEntry
from crm.workload.billing import billed_between

BACK = 12  # months with statements


def freeze_months(scene: Scene) -> None:
    """The statements of the locked months, oldest first."""
    oldest = month_after(scene.almanac.day("BOM"), -BACK)
    periods = select(Period).where(Period.month >= oldest, Period.state == PeriodState.LOCKED).order_by(Period.month)
    for period in db.session.scalars(periods).all():
        at = period.locked_at
        if at is not None:
            closings = closings_of(period.month)
            freeze(period.month, closings, at)
            write_healths(period.month, healths_at(period.month), at)
            write_figures(
                period.month, _utilised(period.month), sum((one.absorbed for one in closings), half_up(0, 2)), at
            )


def _utilised(month: date) -> list[Utilised]:
    return [
        Utilised(one.member.id, half_up(one.net, 2), one.minutes, one.target)
        for one in billed_between(month, month_end(month))
    ]


def approve_some(scene: Scene) -> None:
    """The time of the last two months is approved, and that of this month but for its last week."""
    almanac, helen = scene.almanac, scene.people["helen"]
    first = month_after(month_of(almanac.today), -2)
    entries = db.session.scalars(
        select(TimeEntry).where(
            TimeEntry.worked_on.between(first, almanac.ago(7)), TimeEntry.engagement_id.is_not(None),
            TimeEntry.voided_at.is_(None),
        )
    )  # fmt: skip
    db.session.add_all(
        TimeCheck(
            entry_id=one.id, entry_version=1, person_id=one.person_id, client_id=one.client_id,
            engagement_id=one.engagement_id, verdict=Verdict.APPROVED, by_id=helen.id, at=almanac.at(almanac.ago(6), 17, 5),
        )
        for one in entries.all()
    )  # fmt: skip
