"""How often a sign-in may fail: counted in our own database, so that several processes count together."""

import hashlib
import time
from collections.abc import Iterable
from typing import Any

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.accounts.models import Account, RateCount, SignedIn
from crm.accounts.session import AccountSession, account_session

PAIR = RateLimitItemPerMinute(10)  # one account from one address
ADDRESS = RateLimitItemPerMinute(60)  # one address, whatever the account
ASKED = RateLimitItemPerHour(3)  # mails that anybody may have sent to one address
ASKING = RateLimitItemPerHour(30)  # from one address, to whomever
ACCOUNT = RateLimitItemPerHour(100)  # one account from anywhere: slows guessing, and lets the owner in again soon


class DatabaseStorage(Storage):
    """Counts in the table rate_count; each hit is one short write of its own, kept when the request is undone."""

    STORAGE_SCHEME = ["app-db"]

    def __init__(self, **options: Any) -> None:
        super().__init__(None, **options)

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def _session(self, *, writes: bool) -> Session:
        session = AccountSession(expire_on_commit=False)
        session.writes = writes
        return session

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        moment = time.time()
        with self._session(writes=True) as session, session.begin():
            insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
            row = insert(RateCount).values(key=key, hits=amount, expires_at=moment + expiry)
            is_over = RateCount.expires_at <= moment
            counted = row.on_conflict_do_update(
                index_elements=[RateCount.key],
                set_={
                    "hits": case((is_over, amount), else_=RateCount.hits + amount),
                    "expires_at": case((is_over, moment + expiry), else_=RateCount.expires_at),
                },
            ).returning(RateCount.hits)
            return int(session.scalars(counted).one())

    def _row(self, key: str) -> RateCount | None:
        live = select(RateCount).where(RateCount.key == key, RateCount.expires_at > time.time())
        with self._session(writes=False) as session, session.begin():
            return session.scalars(live).one_or_none()

    def get(self, key: str) -> int:
        row = self._row(key)
        return row.hits if row else 0

    def get_expiry(self, key: str) -> float:
        row = self._row(key)
        return row.expires_at if row else time.time()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        return self._delete(RateCount.key.is_not(None))

    def clear(self, key: str) -> None:
        self._delete(RateCount.key == key)

    def prune(self) -> int:
        """Forget windows that are over; the worker does it each hour."""
        return self._delete(RateCount.expires_at < time.time())

    def _delete(self, which: Any) -> int:
        with self._session(writes=True) as session, session.begin():
            return int(session.execute(delete(RateCount).where(which)).rowcount)  # type: ignore[attr-defined]


storage = DatabaseStorage()
limiter = FixedWindowRateLimiter(storage)


def within(kind: str, keyed: Iterable[tuple[RateLimitItem, str]]) -> bool:
    """Count one try under each of these limits, and say whether it is within all. Every limit counts, whichever is full."""
    answers = [limiter.hit(limit, kind, key) for limit, key in keyed]
    return all(answers)


def _keyed(email: str, address: str) -> tuple[tuple[RateLimitItem, str], ...]:
    account = hashlib.sha256(email.strip().lower().encode()).hexdigest()[:40]
    return ((PAIR, f"{account}:{address}"), (ADDRESS, address), (ACCOUNT, account))


def may_try(email: str, address: str) -> bool:
    """Count one try, and say whether it is still within every limit. Every limit counts, whichever is full.

    Guessing from elsewhere keeps nobody out who signs in from where they did before: no lock-out that others can cause.
    """
    pair, of_address, of_account = (limiter.hit(limit, "sign-in", key) for limit, key in _keyed(email, address))
    return pair and of_address and (of_account or _was_here(email, address))


def may_ask(email: str, address: str) -> tuple[bool, bool]:
    """Count one wish for a mail: whether it is heard at all, and whether another mail may go to this address.

    The second is told to nobody: whoever asks reads the same, and whose address it is has the mails of before.
    """
    account = hashlib.sha256(email.strip().lower().encode()).hexdigest()[:40]
    return limiter.hit(ASKING, "ask", address), limiter.hit(ASKED, "ask", account)


def _was_here(email: str, address: str) -> bool:
    """Whether this account signed in from this address lately; the worker forgets sessions that are over for long."""
    from_here = select(SignedIn.id).join(Account, Account.id == SignedIn.account_id)
    with account_session(writes=False) as accounts:
        there = from_here.where(Account.email == email.strip().lower(), SignedIn.address == address)
        return accounts.scalar(there.limit(1)) is not None


def forgive(email: str, address: str) -> None:
    """A sign-in that worked is no failure: this account starts anew from this address."""
    limit, key = _keyed(email, address)[0]
    limiter.clear(limit, "sign-in", key)
