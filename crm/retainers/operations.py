"""What is done with retainers: terms agreed from a month on, months frozen with their invoice, thresholds told once."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from crm.access.act import act
from crm.core.calendar import month_of
from crm.core.clock import now, today
from crm.core.db import db, transaction
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import SYSTEM, Viewer, viewing_as
from crm.core.words import month as named
from crm.engagements.models import Engagement, Terms
from crm.engagements.retained import FrozenMonth, RetainerFee, RetainerTerms
from crm.engagements.retaining import Offer, head, history_of, must_be_unsettled, put_terms, standing_on
from crm.engagements.states import LIVE, PriceKind
from crm.practice.models import practice_of_a_chore
from crm.retainers.formulas import RetainerMonth
from crm.retainers.notices import THRESHOLDS, crossed, key_of, told_before, warn
from crm.retainers.queries import books_of, months_of


def agree_terms(
    engagement: Engagement, offer: Offer, begins: date, *, viewer: Viewer, press: Press, changes: str
) -> Engagement:
    """Other terms from the first of a month on; every month before it stays as it was agreed.

    What changed is written for partners: it names sums.
    """
    with act(viewer, "retainer.agree", engagement, press=press, reason=changes, open_to=OpenTo.PARTNERS):
        engagement.must_be_open()
        if engagement.terms is None or engagement.terms.price_kind is not PriceKind.RETAINER:
            raise Refused("Only a retainer has days a month: agree its price first.")
        if not month_of(engagement.starts) <= begins <= engagement.ends:
            raise Refused("It does not run in that month: choose one between its start and its end.", "begins")
        must_be_unsettled(engagement, begins)
        history = history_of(engagement.id)
        put_terms(engagement, offer, begins, history)
        flag_modified(engagement, "notice_days")  # the terms stand elsewhere; whoever had them open shall be told
        _head(engagement, history_of(engagement.id))
    return engagement


def _head(engagement: Engagement, history: Sequence[RetainerTerms]) -> None:
    stands = standing_on(history, today())
    if stands and stands.fee and engagement.terms:
        head(engagement, engagement.terms, stands, stands.fee)


def take_effect() -> None:
    """Each hour: what was agreed to hold from this month on stands at the head of its engagement."""
    with viewing_as(SYSTEM), transaction():
        if practice_of_a_chore() is None:
            return
        due = (
            select(Engagement, Terms, RetainerTerms, RetainerFee)
            .join(Terms, Terms.engagement_id == Engagement.id)
            .join(RetainerTerms, RetainerTerms.engagement_id == Engagement.id)
            .join(RetainerFee, RetainerFee.terms_id == RetainerTerms.id)
            .where(RetainerTerms.begins == month_of(today()), Engagement.state.in_(LIVE))
        )
        for engagement, terms, stands, fee in db.session.execute(due).unique():
            head(engagement, terms, stands, fee)


def warn_of_burn() -> None:
    """Each hour: whose month reached 75, 90 or 100 % of what is there is told so, once a threshold and month.

    Where several were passed at once, the highest alone; what was told stays told until the next month.
    """
    with viewing_as(SYSTEM), transaction():
        if practice_of_a_chore() is None:
            return
        on = today()
        live = db.session.scalars(select(Engagement.id).where(Engagement.state.in_(LIVE))).all()
        months = {key: book.month(on) for key, book in books_of(live, on).items()}
        reached = {key: crossed(one.share, one.used > 0) for key, one in months.items() if one}
        due = {key: threshold for key, threshold in reached.items() if threshold}
        told = told_before(due, month_of(on))
        for key, threshold in due.items():
            if not any(key_of(key, month_of(on), one) in told for one in THRESHOLDS if one >= threshold):
                warn(key, month_of(on), threshold)


def freeze_month(engagement: Engagement, month: date) -> RetainerMonth:
    """Invariant 19: the figures of a month as its statement was invoiced. Every month before it is frozen with it.

    Part of the deed of whoever issues the invoice: inside their `act`. Frozen before, it stands as it is.
    """
    found: RetainerMonth | None = None
    for one in months_of([engagement.id], month).get(engagement.id, ()):
        if not one.frozen:
            db.session.add(_frozen(engagement, one))
        found = one if one.month == month else found
    if found is None:
        raise Refused(f"{engagement.code} has no retainer month in {named(month)}.")
    db.session.flush()
    return found


def _frozen(engagement: Engagement, one: RetainerMonth) -> FrozenMonth:
    return FrozenMonth(
        engagement_id=engagement.id, client_id=engagement.client_id, month=one.month, granted=one.grant,
        rolled_in=one.rolled_in, minutes=one.minutes, used=one.used, overage=one.overage, rolled_out=one.rolled_out,
        lapsed=one.lapsed, lapsing=one.lapsing, batches=tuple((kept.days, kept.months) for kept in one.batches), paused=one.paused, frozen_at=now(),
    )  # fmt: skip
