"""Months that were closed: time approved, overage decided, statements as they were frozen, F2 and F10 as they were written
then, and what was invoiced since."""

from datetime import date, timedelta

from sqlalchemy import func, select

from crm.closing.models import OverageDecision, Settled
from crm.closing.operations import Utilised, freeze, freeze_invoiced, write_figures, write_healths
from crm.closing.queries import Closing, closings_of
from crm.core.calendar import month_after, month_end, month_of
from crm.core.db import db
from crm.core.words import half_up
from crm.demo.invoiced import closed_until
from crm.demo.scene import Scene
from crm.engagements.models import Engagement
from crm.engagements.people import Sponsorship
from crm.health.queries import healths_at
from crm.invoices.models import Invoice, InvoiceLine, LineKind
from crm.people.models import Period, PeriodState
from crm.timelog.approval.models import TimeCheck, Verdict
from crm.timelog.models import EngagementMonth, TimeEntry
from crm.workload.billing import billed_between

BACK = 12  # months with statements
SAID_YES = {"E13": None, "E02": "BOM-2"}  # whose sponsor agreed to pay for overage, and of which month alone


def freeze_months(scene: Scene) -> None:
    """The statements of the locked months, oldest first."""
    oldest = month_after(scene.almanac.day("BOM"), -BACK)
    periods = select(Period).where(Period.month >= oldest, Period.state == PeriodState.LOCKED).order_by(Period.month)
    for period in db.session.scalars(periods).all():
        at = period.locked_at
        if at is not None:
            _agree(scene, period.month, closings_of(period.month))
            closings = closings_of(period.month)
            freeze(period.month, closings, at)
            write_healths(period.month, healths_at(period.month), at)
            write_figures(
                period.month, _utilised(period.month), sum((one.absorbed for one in closings), half_up(0, 2)), at
            )


def _agree(scene: Scene, month: date, closings: list[Closing]) -> None:
    """Where the sponsor said yes, what was worked beyond the retainer is billed; elsewhere it is absorbed (F5)."""
    over, almanac, helen = (
        {one.engagement_id: one for one in closings if one.overage > 0},
        scene.almanac,
        scene.people["helen"],
    )
    for key, only in SAID_YES.items():
        engagement = scene.engagements[key]
        if engagement.id not in over or month > engagement.ends or (only and month != almanac.day(only)):
            continue
        asked = select(func.min(Sponsorship.contact_id)).where(Sponsorship.engagement_id == engagement.id)
        said_on = month_after(month)
        decision = OverageDecision(
            engagement_id=engagement.id, client_id=engagement.client_id, month=month, choice=Settled.BILL,
            agreed_by_id=db.session.scalar(asked), agreed_on=said_on, decided_by_id=helen.id, decided_at=almanac.at(said_on, 16),
        )  # fmt: skip
        db.session.add(decision)
        db.session.flush()


def close_for_good(scene: Scene) -> None:
    """Months that are invoiced stay as they are: of each retainer those up to the month before last (invariants 10, 19)."""
    almanac, until = scene.almanac, closed_until(scene)
    for engagement in scene.engagements.values():
        numbers = _numbers(engagement)
        billed = {month: number for month, number in numbers.items() if month <= until[engagement.id]}
        for month, number in billed.items():
            row = EngagementMonth(engagement_id=engagement.id, client_id=engagement.client_id, month=month)
            row.invoice(number, almanac.at(month_after(month) + timedelta(5), 9))
            db.session.add(row)
        if billed:
            db.session.flush()
            freeze_invoiced(engagement, max(billed), billed[max(billed)])


def _numbers(engagement: Engagement) -> dict[date, str]:
    """Which invoice bills each month of a retainer: that of its overage, else that of its fee."""
    asked = (
        select(InvoiceLine.month, Invoice.number)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            InvoiceLine.engagement_id == engagement.id, InvoiceLine.kind.in_([LineKind.FEE, LineKind.OVERAGE]),
            Invoice.number.is_not(None),
        )
        .order_by(Invoice.issued_on, Invoice.number)
    )  # fmt: skip
    return {row.month: row.number for row in db.session.execute(asked)}


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
