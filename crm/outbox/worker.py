"""The worker beside the server: takes messages by lease, tells them, tries again, and does the hourly chores.

Any number of workers share one database. What was committed is told at least once; twice only when a worker is killed
between "sent" and "marked", so every mail keeps one Message-ID for ever. A message that died with its worker is free
again when its lease ends.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import DBAPIError

from crm.core.clock import keep_time_of, now
from crm.core.db import db, reading, transaction
from crm.core.log import log
from crm.core.viewer import SYSTEM, viewing_as
from crm.outbox import held, inbox, mail
from crm.outbox.digests import gather
from crm.outbox.kinds import ALWAYS, Kind, Pace, pace_of
from crm.outbox.models import Outbox
from crm.outbox.notices import MAIL, NOTICES, Addressee, Letter, addressee_of, letters_of
from crm.outbox.topics import LOCAL, REMOTE, Dropped, Handler, Message
from crm.practice.models import Practice

LEASE = timedelta(seconds=90)  # longer than the slowest handler
AT_ONCE = 10  # messages of one lease
MINUTE, HOUR = 60.0, 3600.0


def tell_each(message: Message) -> Dropped | None:
    """An event becomes a line in the list of each of its readers, and a mail of its own where it comes at once."""
    letters = [(letter, addressee_of(letter)) for letter in letters_of(message.topic, message.payload)]
    kept = []
    for letter, addressee in letters:
        if addressee is None:
            continue
        pace = pace_for(letter, addressee)
        if letter.kind is not Kind.DIGEST and mail.sees(addressee.viewer, letter.about):
            kept.append(inbox.keep(letter, message.topic, message.payload, pace))
        if pace is Pace.AT_ONCE:
            db.session.add(as_mail(message, letter, addressee))
            if held.is_held(letter, addressee):
                held.ask_about(letter, addressee)
    inbox.count_anew(kept)
    return None if letters else Dropped("Nobody to tell.")


def pace_for(letter: Letter, addressee: Addressee) -> Pace:
    """A letter that gathers others has waited already."""
    if letter.kind is Kind.DIGEST or letter.kind in ALWAYS:
        return Pace.AT_ONCE
    choice = inbox.choice_of(addressee.viewer.account_id)
    return pace_of(letter.kind, addressee.viewer.audience, choice.paces if choice else {})


def as_mail(message: Message, letter: Letter, addressee: Addressee) -> Outbox:
    moment = now()
    return Outbox(
        topic=MAIL, key=f"{message.key}:{letter.mark}"[-200:], recipient=addressee.address, kind=letter.kind,
        payload={"of": message.topic, "with": message.payload, "to": letter.mark}, made_at=moment, due_at=moment,
    )  # fmt: skip


# A piece of longer work between two rounds of messages, if there is any: given who asks and whether they are to stop.
Errand = Callable[[str, Callable[[], bool]], bool]


class Worker:
    """One process that tells messages until it is asked to stop."""

    def __init__(
        self, app: Flask, *, chores: Sequence[Callable[[], object]] = (), errands: Sequence[Errand] = (),
        lease: timedelta = LEASE, idle: float = 1.0,
    ) -> None:  # fmt: skip
        self.app, self.chores, self.errands, self.lease, self.idle = app, chores, errands, lease, idle
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"[-200:]
        self.stopping = threading.Event()
        self.chores_at = self.round_at = time.monotonic()
        self.is_demo = False

    @property
    def local(self) -> dict[str, Handler]:
        """Without a mail server the demo keeps its mail to be looked at; a real practice's waits for the server."""
        kept: dict[str, Handler] = {MAIL: mail.keep} if self.is_demo and not self.app.config["MAIL_HOST"] else {}
        return LOCAL | dict.fromkeys(NOTICES, tell_each) | kept

    @property
    def remote(self) -> dict[str, Handler]:
        sent: dict[str, Handler] = {MAIL: mail.send} if self.app.config["MAIL_HOST"] else {}
        return REMOTE | sent

    @contextmanager
    def looking(self) -> Iterator[None]:
        """A context of its own for each step, with the system's eyes and the practice's days."""
        with self.app.app_context(), viewing_as(SYSTEM):
            with reading():
                practice = db.session.get(Practice, 1)
                db.session.expunge_all()
                db.session.rollback()
            if practice:
                keep_time_of(practice.zone)
                self.is_demo = practice.is_demo
            yield

    def run(self, *, until_empty: bool = False, leaves_when: Callable[[], bool] = lambda: False) -> None:
        """Tell what is due, until asked to stop; the message in hand is finished first.

        Who asked for one round hears when the database was not to be had; who waits is told later.
        """
        while not self.stopping.is_set() and not leaves_when():
            try:
                found = self.tell_some()
                self.do_chores()
                found = self.run_errands() or found
            except DBAPIError as error:  # busy or away: it will be back
                if until_empty:
                    raise
                log.warning("worker waits", error=type(error.orig).__name__)
                found = False
            if not found:
                if until_empty:
                    return
                self.stopping.wait(self.idle)

    def tell_some(self) -> bool:
        """One lease full of messages. False when nothing was due."""
        messages = self.claim()
        begun_by = time.monotonic() + self.lease.total_seconds() / 2
        for message in messages:
            if self.stopping.is_set() or time.monotonic() > begun_by:
                break  # the rest is free again when its lease ends
            if message.topic in self.remote:
                self._tell_the_world(message)
            else:
                self._tell_ourselves(message)
        return bool(messages)

    def _is_due(self) -> ColumnElement[bool]:
        moment = now()
        return and_(
            Outbox.done_at.is_(None),
            Outbox.dead_at.is_(None),
            Outbox.due_at <= moment,
            or_(Outbox.lease_until.is_(None), Outbox.lease_until < moment),
            Outbox.topic.in_([*self.local, *self.remote]),
        )

    def claim(self) -> list[Message]:
        """Take the oldest messages, each for this worker alone. Looks first, so that an idle worker locks nothing."""
        with self.looking():
            due = self._is_due()
            with reading():
                if db.session.scalar(select(Outbox.id).where(due).limit(1)) is None:
                    return []
                db.session.rollback()
            with transaction():
                oldest = select(Outbox).where(due).order_by(Outbox.due_at, Outbox.id).limit(AT_ONCE)
                rows = db.session.scalars(oldest.with_for_update(skip_locked=True)).all()
                for row in rows:
                    row.take(self.name, now() + self.lease)
                return [Message(row.id, row.key, row.topic, row.payload, row.recipient, row.kind) for row in rows]

    def _tell_the_world(self, message: Message) -> None:
        error: Exception | None = None
        answer = None
        with self.app.app_context():
            try:
                answer = self.remote[message.topic](message)
            except Exception as failure:  # noqa: BLE001  whatever it is: kept, shown, and tried again
                error = failure
        with self.looking(), transaction():
            row = self._still_mine(message)
            if row:
                self._settle(row, answer, error)

    def _tell_ourselves(self, message: Message) -> None:
        """Effect and mark in one transaction: exactly once."""
        with self.looking(), transaction():
            row = self._still_mine(message)
            if row is None:
                return
            error: Exception | None = None
            answer = None
            try:
                with db.session.begin_nested():
                    answer = self.local[message.topic](message)
            except DBAPIError as failure:
                if failure.connection_invalidated:
                    raise
                error = failure
            except Exception as failure:  # noqa: BLE001
                error = failure
            self._settle(row, answer, error)

    def _still_mine(self, message: Message) -> Outbox | None:
        """None when we were slower than our lease: another worker has it now."""
        row = db.session.get(Outbox, message.id, with_for_update=True)
        return row if row and row.lease_by == self.name and row.done_at is None else None

    def _settle(self, row: Outbox, answer: Dropped | None, error: Exception | None) -> None:
        if error is None:
            row.deliver(now(), answer.why if answer else None)
            return
        row.fail(" ".join(f"{type(error).__name__}: {error}".split()), now())
        log.warning("message waits", message=row.id, topic=row.topic, attempts=row.attempts, error=type(error).__name__)

    def run_errands(self) -> bool:
        """A piece of each longer work that waits."""
        found = False
        for errand in self.errands:
            if not self.stopping.is_set():
                with self.looking():
                    found = errand(self.name, self.stopping.is_set) or found
        return found

    def do_chores(self) -> None:
        """At the start: each minute the letters that gather others, once an hour the tidying."""
        if time.monotonic() >= self.round_at:
            self.round_at = time.monotonic() + MINUTE
            with self.app.app_context():
                gather()
        if time.monotonic() < self.chores_at:
            return
        self.chores_at = time.monotonic() + HOUR
        for chore in self.chores:
            with self.app.app_context():
                chore()
