"""Accounts, sign-in, sessions and rate limits live in short transactions of their own, ended before the request's own
begins: a second writer on one SQLite file would wait for itself."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import has_request_context, request, session
from flask.globals import app_ctx
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from crm.accounts.models import Account, SignedIn, Standing
from crm.core.clock import now
from crm.core.db import db
from crm.core.settings import SESSION_IDLE, SESSION_LONGEST
from crm.core.viewer import Viewer
from crm.practice.models import Practice

SEEN_EVERY = timedelta(minutes=1)
SIGNED = "twelvefold.signed"


class TooLate(RuntimeError):
    """The request already writes; a second writer on one SQLite file would wait for itself."""


class AccountSession(Session):
    """Reads and writes accounts. No viewer's limits apply, so nothing else is asked here."""

    writes: bool | None = None

    def get_bind(self, *args: Any, **options: Any) -> Engine:  # noqa: ARG002
        if has_request_context() and request.method not in {"GET", "HEAD"} and db.session().in_transaction():
            raise TooLate
        if "engine" not in self.info:  # one engine a session, or its second statement would open a second transaction
            said: dict[str, Any] = {} if self.writes is None else {"writes": self.writes}
            self.info["engine"] = db.engine.execution_options(opened_by="accounts", **said)
        engine: Engine = self.info["engine"]
        return engine


account_sessions = scoped_session(
    sessionmaker(class_=AccountSession, expire_on_commit=False),
    scopefunc=lambda: id(app_ctx._get_current_object()),  # type: ignore[attr-defined]
)


@contextmanager
def account_session(*, writes: bool | None = None) -> Iterator[Session]:
    """One short transaction over accounts; `writes` where the request's method does not say it."""
    opened = AccountSession(expire_on_commit=False)
    opened.writes = writes
    with opened, opened.begin():
        yield opened


@dataclass(frozen=True)
class Signed:
    """Who is at the door: the account, all its hats, the one worn now, and the practice they come to."""

    session_id: int
    account: Account
    standings: tuple[Standing, ...]
    standing: Standing
    practice: Practice

    @property
    def viewer(self) -> Viewer:
        return self.standing.viewer()


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def whoever_signed_in() -> Signed | None:
    """The live session that the cookie names, read from the database once in every request (V8.3.2)."""
    if SIGNED not in request.environ:  # of the request, not of g, which a context around it would keep for the next
        request.environ[SIGNED] = _look_up()
    found: Signed | None = request.environ[SIGNED]
    return found


def _look_up() -> Signed | None:
    token = session.get("sid")
    if not isinstance(token, str):
        return None
    moment = now()
    asked = (
        select(SignedIn, Account, Standing, Practice)
        .join(Account, Account.id == SignedIn.account_id)
        .join(Standing, Standing.account_id == Account.id)
        .join(Practice, Practice.id == 1)
        .where(
            SignedIn.token_hash == digest_of(token), SignedIn.ended_at.is_(None), Account.active, Standing.ended_at.is_(None),
            SignedIn.seen_at > moment - SESSION_IDLE, SignedIn.began_at > moment - SESSION_LONGEST,
        )
        .order_by(Standing.id)
    )  # fmt: skip
    with account_session(writes=False) as accounts:
        rows = accounts.execute(asked).all()
    if not rows:
        return None
    live, account, first, practice = rows[0]
    standings = tuple(row.Standing for row in rows)
    worn = next((one for one in standings if one.id == live.standing_id), first)
    if moment - live.seen_at > SEEN_EVERY:
        _note_seen(live.id, moment)
    return Signed(live.id, account, standings, worn, practice)


def _note_seen(session_id: int, moment: datetime) -> None:
    """The one thing that a GET may write here, at most once a minute."""
    with account_session(writes=True) as accounts:
        accounts.execute(update(SignedIn).where(SignedIn.id == session_id).values(seen_at=moment))


def begin_session(account: Account, standing_id: int | None = None) -> None:
    """A new random id at every sign-in; the cookie carries it, the database its digest."""
    token = secrets.token_urlsafe(32)
    session["sid"] = token
    request.environ.pop(SIGNED, None)
    moment = now()
    with account_session(writes=True) as accounts:
        accounts.add(
            SignedIn(
                account_id=account.id, standing_id=standing_id, token_hash=digest_of(token), began_at=moment, seen_at=moment,
                address=(request.remote_addr or "")[:200], device=request.headers.get("User-Agent", "")[:200],
            )
        )  # fmt: skip
        accounts.execute(update(Account).where(Account.id == account.id).values(signed_in_at=moment))


def end_session() -> None:
    token = session.pop("sid", None)
    request.environ.pop(SIGNED, None)
    if isinstance(token, str):
        with account_session(writes=True) as accounts:
            ended = update(SignedIn).where(SignedIn.token_hash == digest_of(token), SignedIn.ended_at.is_(None))
            accounts.execute(ended.values(ended_at=now()))


def wear(session_id: int, standing_id: int) -> None:
    """Look through another of one's own hats from the next request on."""
    with account_session(writes=True) as accounts:
        accounts.execute(update(SignedIn).where(SignedIn.id == session_id).values(standing_id=standing_id))
