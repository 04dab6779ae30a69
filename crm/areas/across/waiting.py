"""What the worker does each hour about questions that wait for a decision: reminders, each with a fresh link."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.areas.across.models import Decision, DecisionStatus
from crm.areas.across.notices import ask_decider
from crm.core.calendar import before_working_days, is_working_day
from crm.core.clock import day_of, keep_time_of, today
from crm.core.db import db, reading, transaction
from crm.core.ownership import Visibility
from crm.core.viewer import SYSTEM, viewing_as
from crm.links.models import MailLink, Opens
from crm.practice.models import Practice

BEFORE = (7, 2, 0)  # working days before it is needed


def each_hour() -> None:
    """The worker's chore. Each question is a transaction of its own."""
    with viewing_as(SYSTEM), reading():
        practice = db.session.get(Practice, 1)
        if practice is None:
            return
        zone, region = practice.zone, practice.region
        needed = select(Decision.id).where(
            Decision.status == DecisionStatus.NEEDED, Decision.archived_at.is_(None),
            Decision.visibility == Visibility.CLIENT, Decision.owner_contact_id.is_not(None),
        )  # fmt: skip
        waiting = db.session.scalars(needed.order_by(Decision.id)).all()
    for decision_id in waiting:
        with viewing_as(SYSTEM):
            keep_time_of(zone)
            with transaction():
                remind(decision_id, region)


def remind(decision_id: int, region: str) -> None:
    asked = select(Decision).where(Decision.id == decision_id).options(joinedload(Decision.client))
    decision = db.session.scalars(asked).one_or_none()
    if decision is None or decision.is_settled:
        return
    first = select(func.min(MailLink.made_at)).where(MailLink.opens == Opens.DECISION, MailLink.thing_id == decision_id)
    asked_at = db.session.scalar(first)
    if asked_at is None:
        return  # nobody was asked by mail yet
    occasion = occasion_on(decision.needed_by, day_of(asked_at), today(), decision.client.region or region)
    if occasion:
        ask_decider(decision, "decision.reminded", f"{occasion} {decision.needed_by.isoformat()}")


def occasion_on(needed_by: date, asked_on: date, on: date, region: str) -> str:
    """Which reminder is due on this day: seven and two working days before it is needed, and on the day; none that lies
    before the question was asked. What the worker slept through is made up for on the next working day."""
    if not is_working_day(on, region) or on > needed_by:
        return ""
    days = ((number, before_working_days(needed_by, number, region)) for number in BEFORE)
    reached = [number for number, day in days if asked_on < day <= on]
    return f"{reached[-1]} before" if reached else ""
