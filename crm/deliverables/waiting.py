"""What the worker does each hour about texts that wait for a client's answer: reminders, and the yes that silence is
where that was agreed. The clock counts working days of the client's region, and stands still with the engagement."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.exc import StaleDataError

from crm.core.clock import day_of, keep_time_of, today
from crm.core.db import db, reading, transaction
from crm.core.errors import Refused
from crm.core.log import log
from crm.core.viewer import SYSTEM, viewing_as
from crm.core.words import day, listed
from crm.deliverables.answers import deem_acceptance
from crm.deliverables.asking import ask
from crm.deliverables.measures import answer_due, is_review_day, review_day
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.engagements.people import Sponsorship
from crm.engagements.states import LIVE
from crm.links.models import MailLink, Opens
from crm.outbox.models import Outbox
from crm.practice.models import Practice

REMINDED_ON = (3, 7)  # working days of the review; and on the last one
LAST = "last day"
BEFORE_IT_COUNTS = 2  # reminders that really left


def each_hour() -> None:
    """The worker's chore. Each text is a transaction of its own; what another worker does first is left to it."""
    for deed in (remind, deem):
        for version_id in _waiting():
            with viewing_as(SYSTEM):
                keep_time_of(_practice().zone)
                try:
                    with transaction():
                        _do(deed, version_id)
                except (Refused, StaleDataError) as error:
                    log.info("left to another", version=version_id, error=type(error).__name__)


def _practice() -> Practice:
    with reading():
        found = db.session.get_one(Practice, 1)
        db.session.expunge_all()
        db.session.rollback()
    return found


def _waiting() -> Sequence[int]:
    with viewing_as(SYSTEM), reading():
        if db.session.get(Practice, 1) is None:
            return []
        asked = select(DeliverableVersion.id).join(Engagement, Engagement.id == DeliverableVersion.engagement_id)
        waits = DeliverableVersion.state == State.SUBMITTED, Engagement.state.in_(LIVE)
        return db.session.scalars(asked.where(*waits).order_by(DeliverableVersion.id)).all()


def _do(deed: Callable[[DeliverableVersion, str], None], version_id: int) -> None:
    version = db.session.scalars(_whole(version_id)).one_or_none()
    if version and version.is_waiting and version.answer_by and version.submitted_at:
        deed(version, version.deliverable.client.region or db.session.get_one(Practice, 1).region)


def _whole(version_id: int) -> Select[DeliverableVersion]:
    of = joinedload(DeliverableVersion.engagement)
    return (
        select(DeliverableVersion)
        .where(DeliverableVersion.id == version_id)
        .options(
            joinedload(DeliverableVersion.deliverable).joinedload(Deliverable.client),
            of.selectinload(Engagement.pauses), of.selectinload(Engagement.delegations),
            of.selectinload(Engagement.sponsors).joinedload(Sponsorship.contact),
            selectinload(DeliverableVersion.sign_offs),
        )
    )  # fmt: skip


def occasion_on(version: DeliverableVersion, on: date, region: str) -> str:
    """Which reminder is due on this day; none on other days. What the worker slept through is made up for later on."""
    pauses = version.engagement.pauses
    due = answer_due(version, region, pauses)
    if version.submitted_at is None or due is None or on > due or not is_review_day(on, region, pauses):
        return ""
    if on == due:
        return LAST
    passed = review_day(day_of(version.submitted_at), on, region, pauses)
    reached = [number for number in REMINDED_ON if number <= passed]
    return f"day {reached[-1]}" if reached else ""


def remind(version: DeliverableVersion, region: str) -> None:
    """Working days 3, 7 and the last, each once, with a fresh link that ends the older one."""
    due = answer_due(version, region, version.engagement.pauses)
    if due and (occasion := occasion_on(version, today(), region)):
        ask(version, "reminded", due, occasion, answer_by=due.isoformat())


def deem(version: DeliverableVersion, region: str) -> None:
    """Only where it was agreed, after the last review day, and after two reminders that really left."""
    due = answer_due(version, region, version.engagement.pauses)
    if not version.engagement.deemed or due is None or today() <= due:
        return
    sent = sorted(set(_sent(version)))
    if len(sent) >= BEFORE_IT_COUNTS:
        said = listed([day(one) for one in sent])
        deem_acceptance(
            version, basis=f"As agreed, no answer by {day(due)} counts as a yes. Reminders were sent on {said}."
        )


def _sent(version: DeliverableVersion) -> Iterable[date]:
    """The days on which a reminder of this asking left for the sponsor who was asked, as the outbox kept it."""
    links = select(MailLink.mail_key).where(
        MailLink.opens == Opens.VERSION, MailLink.thing_id == version.id, MailLink.asked_at == version.submitted_at,
        MailLink.occasion != "asked", MailLink.contact_id == version.asked_id,
    )  # fmt: skip
    left = select(Outbox.done_at).where(Outbox.key.in_(links), Outbox.done_at.is_not(None), Outbox.error.is_(None))
    return (day_of(at) for at in db.session.scalars(left) if at)
