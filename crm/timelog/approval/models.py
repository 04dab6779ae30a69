"""Time looked at by whoever answers for it: approved, or asked about. Rows are only added; the newest one says how it stands."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.ownership import InternalOnly, OwnWork
from crm.people.models import Person


class Verdict(StrEnum):
    APPROVED = "approved"
    ASKED = "asked"
    EXPLAINED = "explained"


class TimeCheck(OwnWork, InternalOnly, Model):
    """What was said of an entry as it stood. An entry that changed since has another version: nothing said holds for it."""

    __tablename__ = "time_check"
    __table_args__ = (
        ForeignKeyConstraint(["engagement_id", "client_id"], ["engagement.id", "engagement.client_id"]),
        ForeignKeyConstraint(["entry_id", "person_id"], ["time_entry.id", "time_entry.person_id"]),
        CheckConstraint("verdict = 'approved' OR said != ''", name="words"),
        Index("ix_time_check_entry_id", "entry_id"),
        Index("ix_time_check_engagement_id", "engagement_id"),
        Index("ix_time_check_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int]
    entry_version: Mapped[int]  # of the entry that was looked at
    verdict: Mapped[Verdict]
    said: Mapped[str] = mapped_column(LineType(500), default="")  # the question, or the answer to it
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="raise", viewonly=True)
