"""What the practice's page asks beyond the workload and the health of its engagements."""

from datetime import date
from typing import Any

from sqlalchemy import Select, select

from crm.clients.models import Client
from crm.people.models import Leave, LeaveStatus, Person
from crm.timelog.models import TimeEntry, TimeNote

AT_MOST = 500  # rows that are looked at: who has more in trouble is not helped by the rest
Rows = Select[*tuple[Any, ...]]


def leave_asked() -> Rows:
    return (
        select(Leave.id, Leave.begins, Leave.ends, Leave.share, Person.name)
        .join(Person, Person.id == Leave.person_id)
        .where(Leave.status == LeaveStatus.ASKED)
        .order_by(Leave.begins, Leave.id)
        .limit(AT_MOST)
    )


def logged_outside(since: date) -> Rows:
    """Entries outside the dates of an engagement or assignment, with their reasons (invariant 9)."""
    return (
        select(
            TimeEntry.id, TimeEntry.worked_on, TimeEntry.minutes, TimeEntry.engagement_id, TimeNote.reason,
            Person.name, Client.name.label("client"),
        )
        .join(Person, Person.id == TimeEntry.person_id)
        .join(Client, Client.id == TimeEntry.client_id)
        .outerjoin(TimeNote, TimeNote.entry_id == TimeEntry.id)
        .where(TimeEntry.outside, TimeEntry.voided_at.is_(None), TimeEntry.worked_on >= since)
        .order_by(TimeEntry.worked_on.desc(), TimeEntry.id.desc())
        .limit(AT_MOST)
    )  # fmt: skip
