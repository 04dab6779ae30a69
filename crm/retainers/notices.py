"""Who hears that a month's days go: the lead, and the sponsors where that was agreed. Once a threshold and month."""

from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.core.clock import today
from crm.core.db import db
from crm.core.words import amount, count_days
from crm.core.words import month as _named
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Sponsorship
from crm.outbox.kinds import Kind
from crm.outbox.models import Outbox, post
from crm.outbox.notices import Letter, notice
from crm.retainers.queries import books_of

THRESHOLDS = (100, 90, 75)  # per cent of what is there


def crossed(share: Fraction | None, used: bool) -> int | None:
    """The highest threshold that is reached. Days used where none are there are beyond all of them."""
    if share is None:
        return THRESHOLDS[0] if used else None
    return next((one for one in THRESHOLDS if share >= Fraction(one, 100)), None)


def key_of(engagement_id: int, first: date, threshold: int) -> str:
    return f"retainer:{engagement_id}:{first:%Y-%m}:{threshold}"


def told_before(engagement_ids: Collection[int], first: date) -> set[str]:
    """The keys of what was told of this month already. One statement."""
    keys = [key_of(one, first, threshold) for one in engagement_ids for threshold in THRESHOLDS]
    return set(db.session.scalars(select(Outbox.key).where(Outbox.key.in_(keys))))


def warn(engagement_id: int, first: date, threshold: int) -> None:
    post(
        "retainer.used", key=key_of(engagement_id, first, threshold), engagement_id=engagement_id, month=first.isoformat(),
        threshold=threshold,
    )  # fmt: skip


@notice("retainer.used")
def tell_how_much_is_used(engagement_id: int, month: str, threshold: int) -> Iterator[Letter]:
    """By what is true when it is sent: what was taken back meanwhile is no news."""
    first = date.fromisoformat(month)
    book = books_of([engagement_id], first).get(engagement_id)
    now = book.month(first) if book else None
    if book is None or now is None or (crossed(now.share, now.used > 0) or 0) < threshold:
        return
    engagement = db.session.scalars(
        select(Engagement)
        .where(Engagement.id == engagement_id)
        .options(
            joinedload(Engagement.client), joinedload(Engagement.assignments).joinedload(Assignment.person),
            joinedload(Engagement.sponsors).joinedload(Sponsorship.contact),
        )
    ).unique().one()  # fmt: skip
    used = f"{amount(now.used)} of {count_days(now.available)} of {_named(first)} are used"
    left = (
        f"{count_days(now.left)} left"
        if now.left > 0
        else "nothing is left"
        if not now.left
        else f"{count_days(-now.left)} over"
    )
    lead = engagement.who_leads(today())
    if lead:
        beyond = {
            "ask": "Work beyond needs the sponsor’s yes.",
            "bill": "Work beyond is billed.",
            "absorb": "Work beyond is not billed.",
        }
        yield Letter(
            to=lead.person, about=engagement, subject=f"{engagement.client.name}: {threshold} % of {_named(first)}’s days used",
            text=f"{engagement.code}, {engagement.title}: {used}, {left}. {beyond[book.agreed(first).overage]}",
            path=f"/engagements/{engagement_id}/time", link="See the burn", kind=Kind.TIME,
        )  # fmt: skip
    if book.agreed(first).warns_sponsor:
        for one in engagement.sponsors:
            yield Letter(
                to=one.contact, about=engagement, subject=f"{threshold} % of the days of {_named(first)} are used",
                text=f"{engagement.title}: {used}, {left}.", path="/portal/time", link="See what they went into",
                kind=Kind.OTHER,  # clients have no choice for time and leave
            )  # fmt: skip
