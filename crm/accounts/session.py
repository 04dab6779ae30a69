"""Accounts, sign-in, sessions and rate limits live in short transactions of their own, ended before the request's own
begins: a second writer on one SQLite file would wait for itself."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, has_request_context, request, session
from flask.globals import app_ctx
from sqlalchemy import Engine, exists, select, update
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from crm.accounts.factors import Passkey
from crm.accounts.models import Account, SignedIn, Standing
from crm.core.clock import now
from crm.core.db import db
from crm.core.settings import SESSION_TRUSTED
from crm.core.viewer import Audience, Viewer
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
    trusted_until: datetime | None
    is_fresh: bool
    has_second_factor: bool

    @property
    def viewer(self) -> Viewer:
        return replace(self.standing.viewer(), fresh=self.is_fresh)

    @property
    def mark(self) -> str:
        """What a device files this account's waiting entries under: it names nobody, and stays from one sign-in to the
        next."""
        key = str(current_app.config["PASSWORD_SALT"]).encode()
        return hmac.new(key, f"device of account {self.account.id}".encode(), "sha256").hexdigest()[:24]

    @property
    def must_set_up(self) -> bool:
        """Whether the practice asks its own people for a second factor, and this one has none yet."""
        is_staff = any(one.viewer().audience is Audience.PRACTICE for one in self.standings)
        return self.practice.staff_second_factor and is_staff and not self.has_second_factor


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
        select(SignedIn, Account, Standing, Practice, exists().where(Passkey.account_id == Account.id).label("has_key"))
        .join(Account, Account.id == SignedIn.account_id)
        .join(Standing, Standing.account_id == Account.id)
        .join(Practice, Practice.id == 1)
        .where(
            SignedIn.token_hash == digest_of(token), SignedIn.opens(moment), Account.active, Standing.ended_at.is_(None),
        )
        .order_by(Standing.id)
    )  # fmt: skip
    with account_session(writes=False) as accounts:
        rows = accounts.execute(asked).all()
    if not rows:
        return None
    live, account, first, practice, has_key = rows[0]
    standings = tuple(row.Standing for row in rows)
    worn = next((one for one in standings if one.id == live.standing_id), first)
    if moment - live.seen_at > SEEN_EVERY:
        _note_seen(live.id, moment)
    return Signed(
        live.id, account, standings, worn, practice, trusted_until=live.trusted_until, is_fresh=live.is_fresh(moment),
        has_second_factor=bool(account.tf_totp_secret or has_key),
    )  # fmt: skip


def _note_seen(session_id: int, moment: datetime) -> None:
    """The one thing that a GET may write here, at most once a minute."""
    with account_session(writes=True) as accounts:
        accounts.execute(update(SignedIn).where(SignedIn.id == session_id).values(seen_at=moment))


def begin_session(
    account: Account, standing_id: int | None = None, *, trusted: bool = False, until: datetime | None = None
) -> None:
    """A new random id at every sign-in; the cookie carries it, the database its digest.

    On a trusted device it lasts thirty days, or `until` then, where it takes the place of one that was trusted before.
    """
    token = secrets.token_urlsafe(32)
    moment = now()
    until = moment + SESSION_TRUSTED if trusted else until
    session["sid"], session.permanent = token, until is not None
    request.environ.pop(SIGNED, None)
    with account_session(writes=True) as accounts:
        accounts.add(
            SignedIn(
                account_id=account.id, standing_id=standing_id, token_hash=digest_of(token), began_at=moment, seen_at=moment,
                trusted_until=until, address=(request.remote_addr or "")[:200], device=request.headers.get("User-Agent", "")[:200],
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


def prove(session_id: int) -> None:
    """They have proved again who they are: acts of weight are open to this session for a while."""
    request.environ.pop(SIGNED, None)
    with account_session(writes=True) as accounts:
        accounts.execute(update(SignedIn).where(SignedIn.id == session_id).values(proved_at=now()))


def wear(session_id: int, standing_id: int) -> None:
    """Look through another of one's own hats from the next request on."""
    with account_session(writes=True) as accounts:
        accounts.execute(update(SignedIn).where(SignedIn.id == session_id).values(standing_id=standing_id))
