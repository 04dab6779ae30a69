"""The history of a price, of a retainer or of a day: written when it is agreed, and from a month on when it changes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.core.calendar import month_of
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.words import month
from crm.engagements.models import Engagement, Terms
from crm.engagements.retained import DayRate, FrozenMonth, Order, RetainerFee, RetainerTerms, Unit
from crm.engagements.states import EngagementModel, EngagementState, Overage
from crm.people.models import Period, PeriodState


@dataclass(frozen=True)
class Offer:
    """What shall hold from a month on."""

    quantity: Decimal
    cap: Decimal
    monthly_fee: int
    overage_rate: int
    unit: Unit = Unit.DAYS
    keeps: int = 1
    used_first: Order = Order.ROLLED_FIRST
    overage: Overage = Overage.ASK
    part_first: bool = True
    part_last: bool = True
    warns_sponsor: bool = False


def history_of(engagement_id: int) -> Sequence[RetainerTerms]:
    """All terms, the oldest first, with what the viewer may know of the fee. One statement."""
    asked = select(RetainerTerms).where(RetainerTerms.engagement_id == engagement_id).order_by(RetainerTerms.begins)
    return db.session.scalars(asked.options(joinedload(RetainerTerms.fee))).unique().all()


def standing_on(history: Sequence[RetainerTerms], day: date) -> RetainerTerms | None:
    """What holds in the month of a day: the newest that began by then, else the first."""
    begun = [one for one in history if one.begins <= month_of(day)]
    return begun[-1] if begun else next(iter(history), None)


def settled_until(engagement_id: int) -> date | None:
    """The last month whose figures stand: invoiced for this engagement, or locked for everybody. One statement."""
    frozen = select(func.max(FrozenMonth.month)).where(FrozenMonth.engagement_id == engagement_id)
    locked = select(func.max(Period.month)).where(Period.state == PeriodState.LOCKED)
    found = db.session.execute(select(frozen.scalar_subquery(), locked.scalar_subquery())).one()
    return max((one for one in found if one), default=None)


def rates_of(engagement_ids: Collection[int]) -> dict[int, list[DayRate]]:
    """What a day cost and costs, the oldest first; nothing of what the viewer may not know. One statement."""
    asked = select(DayRate).where(DayRate.engagement_id.in_(engagement_ids)).order_by(DayRate.begins)
    found: dict[int, list[DayRate]] = defaultdict(list)
    for one in db.session.scalars(asked):
        found[one.engagement_id].append(one)
    return found


def rate_in(rates: Sequence[DayRate], day: date) -> int | None:
    """What a day of this month costs: the newest rate that began by then, else the first."""
    begun = [one.rate for one in rates if one.begins <= month_of(day)]
    return begun[-1] if begun else next((one.rate for one in rates), None)


def must_be_unsettled(engagement: Engagement, begins: date) -> None:
    """Old months stay: what is locked or invoiced is not reckoned anew by other terms."""
    until = settled_until(engagement.id)
    if until and begins <= until:
        raise Refused(f"{month(until)} is locked or invoiced: choose a later month.", "begins")


def put_terms(engagement: Engagement, offer: Offer, begins: date, history: Sequence[RetainerTerms]) -> RetainerTerms:
    """Terms from the first of a month on; those that began there before give way to them."""
    if engagement.model is EngagementModel.NON_EXEC and offer.cap:
        raise Refused("Days of a non-executive do not roll over: write 0", "cap")
    if offer.cap > offer.quantity:
        raise Refused("At most a month’s days roll over", "cap")
    whose = {"engagement_id": engagement.id, "client_id": engagement.client_id}
    terms = next((one for one in history if one.begins == begins), None) or RetainerTerms(begins=begins, **whose)
    terms.unit, terms.quantity, terms.cap, terms.keeps = offer.unit, offer.quantity, offer.cap, offer.keeps
    terms.used_first, terms.overage, terms.warns_sponsor = offer.used_first, offer.overage, offer.warns_sponsor
    terms.part_first, terms.part_last, terms.agreed_at = offer.part_first, offer.part_last, now()
    fee = (terms.fee if terms.id else None) or RetainerFee(**whose)
    fee.monthly_fee, fee.overage_rate = offer.monthly_fee, offer.overage_rate
    db.session.add(terms)
    db.session.flush()
    fee.terms_id = terms.id
    db.session.add(fee)
    return terms


def head(engagement: Engagement, terms: Terms, stands: RetainerTerms, fee: RetainerFee) -> None:
    """The engagement's own line and price say what holds now: lists and searches read them there."""
    engagement.days_a_month = stands.days
    terms.rollover_cap, terms.overage = stands.cap_days, stands.overage
    terms.monthly_fee, terms.overage_rate = fee.monthly_fee, fee.overage_rate


def keep_price(engagement: Engagement, terms: Terms | None, days: Decimal | None) -> None:
    """A price was agreed: of a draft from its first month on, of what runs from this month on. Old months stay."""
    _keep_rate(engagement, terms.day_rate if terms else None)
    history = history_of(engagement.id)
    if terms is None or days is None or terms.monthly_fee is None:
        if history:
            must_be_unsettled(engagement, history[0].begins)
        for one in history:
            db.session.delete(one.fee)
            db.session.flush()
            db.session.delete(one)
        return
    first, cap, rate = month_of(engagement.starts), terms.rollover_cap or Decimal(0), terms.overage_rate or 0
    if not history or engagement.state is EngagementState.DRAFT:
        for one in history[1:]:
            db.session.delete(one.fee)
            db.session.flush()
            db.session.delete(one)
        if history:
            history[0].begins = first
        put_terms(engagement, Offer(days, cap, terms.monthly_fee, rate, overage=terms.overage), first, history[:1])
        return
    stands = standing_on(history, today())
    if stands is None or stands.fee is None:
        return
    was = (stands.days, stands.cap_days, stands.overage, stands.fee.monthly_fee, stands.fee.overage_rate)
    if was == (days, cap, terms.overage, terms.monthly_fee, rate):
        return
    begins = max(month_of(today()), first)
    must_be_unsettled(engagement, begins)
    offer = Offer(
        days, cap, terms.monthly_fee, rate, keeps=stands.keeps, used_first=stands.used_first, overage=terms.overage,
        part_first=stands.part_first, part_last=stands.part_last, warns_sponsor=stands.warns_sponsor,
    )  # fmt: skip
    put_terms(engagement, offer, begins, history)


def _keep_rate(engagement: Engagement, rate: int | None) -> None:
    history = rates_of([engagement.id]).get(engagement.id, [])
    if engagement.state is EngagementState.DRAFT:
        for one in history:
            db.session.delete(one)
        db.session.flush()
        history = []
    if rate is None or rate_in(history, today()) == rate:
        return
    first = month_of(engagement.starts)
    begins = max(month_of(today()), first) if history else first
    if history:
        must_be_unsettled(engagement, begins)
    there = next((one for one in history if one.begins == begins), None)
    there = there or DayRate(begins=begins, engagement_id=engagement.id, client_id=engagement.client_id)
    there.rate = rate
    db.session.add(there)
