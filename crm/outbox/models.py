"""Messages that leave because the deed was committed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.clock import now
from crm.core.columns import LineType, Prose
from crm.core.db import Model, db
from crm.core.ownership import Sealed


class Outbox(Sealed, Model):
    """Something to tell, written in the transaction of the deed; the worker tells it at least once."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    topic: Mapped[str] = mapped_column(LineType(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_by: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(LineType(500))
    recipient: Mapped[str] = mapped_column(default="")  # once known: what an administrator may see of it


Index("ix_outbox_open", Outbox.due_at, postgresql_where=Outbox.done_at.is_(None), sqlite_where=Outbox.done_at.is_(None))


class DemoMail(Sealed, Model):
    """A mail that the demo did not send: the mailbox page shows it. Production has none."""

    __tablename__ = "demo_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str] = mapped_column(LineType(300))
    body: Mapped[Prose]
    at: Mapped[datetime]


def post(topic: str, *, key: str, **payload: Any) -> None:
    """Queue a message in this transaction. The key says what it is about: the same thing is never queued twice."""
    moment = now()
    db.session.add(Outbox(topic=topic, key=key, payload=payload, made_at=moment, due_at=moment))
