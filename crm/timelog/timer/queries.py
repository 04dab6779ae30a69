"""Whose timer it is."""

from sqlalchemy import select

from crm.core.db import db
from crm.timelog.timer.models import Timer


def own_timer(person_id: int) -> Timer | None:
    """One's timer, where one ever started it."""
    return db.session.scalars(select(Timer).where(Timer.person_id == person_id)).one_or_none()
