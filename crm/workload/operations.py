"""What the worker does each hour about working days without time."""

from collections.abc import Sequence
from datetime import date, datetime, time

from crm.core.calendar import monday_of
from crm.core.clock import day_of, now
from crm.core.db import db, reading, transaction
from crm.core.viewer import SYSTEM, viewing_as
from crm.core.words import local
from crm.practice.models import practice_of_a_chore
from crm.workload.notices import announce_missing, lacking_before, told_in
from crm.workload.queries import team_here

BEGINS = time(5, 30)  # on Mondays: an hour and a half before the letters that gather others (crm.outbox.digests)


def remind_of_missing_days() -> None:
    """Whoever has working days without time before this week hears of it, once a week and alone.

    Each person is a transaction of its own. What another worker told first has its key, and is not told again.
    """
    with viewing_as(SYSTEM):
        with reading():
            if practice_of_a_chore() is None:
                return
            moment = now()
            monday = monday_of(day_of(moment))
            late = _late(day_of(moment), monday) if has_begun(local(moment)) else []
            db.session.rollback()
        for person_id in late:
            with transaction():
                announce_missing(person_id, monday)


def has_begun(there: datetime) -> bool:
    """On Mondays not in the night."""
    return there.weekday() > 0 or there.time() >= BEGINS


def _late(on: date, monday: date) -> Sequence[int]:
    """Nothing more is asked about those who were told."""
    here = [row.id for row in db.session.execute(team_here(on, on))]
    told = told_in(monday, here)
    return [one for one in here if one not in told and lacking_before(one, monday)]
