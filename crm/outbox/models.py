"""Messages that leave because the deed was committed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.clock import now
from crm.core.columns import LineType, Prose
from crm.core.db import Model, db
from crm.core.errors import Refused
from crm.core.ownership import AccountOwned, Addressed, Sealed, under
from crm.outbox.kinds import Pace

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
TRIES = 21  # the waits between them, a minute doubled up to six hours, are three days


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
    kind: Mapped[str] = mapped_column(LineType(30), default="")  # of a letter: crm.outbox.kinds

    def take(self, by: str, until: datetime) -> None:
        """This worker has it until then; if it dies before, another one takes it."""
        self.lease_by, self.lease_until = by, until
        self.attempts += 1

    def deliver(self, at: datetime, note: str | None = None) -> None:
        """Told, or with a note: nobody is left who should be told."""
        self.done_at, self.error = at, note
        self.lease_by = self.lease_until = None

    def fail(self, error: str, at: datetime) -> None:
        """Try again later, and later again, for three days; then it waits for a person."""
        self.error = error[:500]
        self.lease_by = self.lease_until = None
        if self.attempts >= TRIES:
            self.dead_at = at
        else:
            self.due_at = at + min(FIRST_WAIT * 2 ** (self.attempts - 1), LONGEST_WAIT)

    def retry(self, at: datetime) -> None:
        """A person says: try now, with all its tries anew."""
        if self.done_at:
            raise Refused("This message has left already.")
        self.attempts, self.due_at, self.dead_at = 0, at, None


Index("ix_outbox_open", Outbox.due_at, postgresql_where=Outbox.done_at.is_(None), sqlite_where=Outbox.done_at.is_(None))


class DemoMail(Sealed, Model):
    """A mail that the demo did not send: the mailbox page shows it. Production has none."""

    __tablename__ = "demo_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str] = mapped_column(LineType(300))
    body: Mapped[Prose]
    html: Mapped[Prose] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(LineType(30), default="")
    at: Mapped[datetime]


class Notice(Addressed, Model):
    """One line in the list that a person reads inside the house, and what a gathered letter is made of.

    It names the event, so that a letter says what is true when it leaves; and the thing, so that the list shows only
    what its reader may still see.
    """

    __tablename__ = "notice"
    __table_args__ = (
        under("contact"),
        CheckConstraint("(person_id IS NULL) != (contact_id IS NULL)", name="one_reader"),
        CheckConstraint("(contact_id IS NULL) = (client_id IS NULL)", name="client_of_the_contact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(LineType(30))
    topic: Mapped[str] = mapped_column(LineType(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    subject: Mapped[str] = mapped_column(LineType(300))
    path: Mapped[str] = mapped_column(LineType(500))
    about: Mapped[str] = mapped_column(LineType(60))  # the table of the thing
    about_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    waits_for: Mapped[Pace | None]  # the letter that it will come with
    gathered_in: Mapped[str] = mapped_column(default="", index=True)  # the key of that letter, once there is one

    @property
    def mark(self) -> str:
        return f"person:{self.person_id}" if self.person_id else f"contact:{self.contact_id}"

    def read(self, at: datetime) -> None:
        self.read_at = self.read_at or at


Index(
    "ix_notice_waiting",
    Notice.waits_for,
    postgresql_where=Notice.waits_for.is_not(None),
    sqlite_where=Notice.waits_for.is_not(None),
)


class MailChoice(AccountOwned, Model):
    """How often an account wants mail of each kind; what it does not name is as the house thinks best."""

    __tablename__ = "mail_choice"
    __table_args__ = (UniqueConstraint("account_id"), CheckConstraint("weekly_on BETWEEN 0 AND 6", name="weekday"))

    id: Mapped[int] = mapped_column(primary_key=True)
    paces: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    weekly_on: Mapped[int] = mapped_column(default=0)  # Monday is 0
    zone: Mapped[str] = mapped_column(LineType(60), default="")  # of whose morning; empty is the practice's
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


def post(topic: str, *, key: str, **payload: Any) -> bool:
    """Queue a message in this transaction. The key says what it is about: the same thing is never queued twice.

    False when it was queued before.
    """
    moment = now()
    db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.add(Outbox(topic=topic, key=key, payload=payload, made_at=moment, due_at=moment))
    except IntegrityError:
        return False
    return True
