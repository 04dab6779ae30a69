"""The sign-ins that the demo shows: one for each kind of people, with the password that they share."""

from dataclasses import dataclass

from flask_security import verify_password
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.accounts.models import Account
from crm.accounts.security import hash_password
from crm.accounts.session import account_session
from crm.practice.models import Practice

SHOWN = 8  # the first accounts of a demo: partner, two consultants, sponsor, viewer, another sponsor, admin, and one of two companies


@dataclass(frozen=True)
class SignIn:
    """One line of the list."""

    role: str
    email: str
    name: str


def is_a_demo() -> bool:
    with account_session(writes=False) as accounts:
        return bool(accounts.scalar(select(Practice.is_demo)))


def shown_accounts(password: str) -> list[SignIn]:
    """Who signs in with this password. Accounts made with another one get it now, so that the list is true."""
    first = select(Account).options(selectinload(Account.standings)).order_by(Account.id)
    with account_session(writes=False) as accounts:
        found = list(accounts.scalars(first))
    hashed = found[0].password if found else None
    if not (hashed and verify_password(password, hashed)):
        _set(hash_password(password))
    return [SignIn(one.standings[0].role.value, one.email, one.name) for one in found[:SHOWN]]


def _set(hashed: str) -> None:
    with account_session(writes=True) as accounts:
        for account in accounts.scalars(select(Account).where(Account.password.is_not(None))):  # not the invited
            account.password = hashed
