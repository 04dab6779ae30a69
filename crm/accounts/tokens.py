"""The secrets in the links of mails: Flask-Security's signed tokens, each of one kind, for one account and one thing.

A token names the account's own mark (`fs_uniquifier`), which changes with every new password and when an account is
closed: then every link of before is dead. What else a link needs to be alive stands in the row that it is about.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import current_app
from flask_security.utils import check_and_get_token_status
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.accounts.invitations import CONFIRMED_WITHIN, INVITED_FOR
from crm.accounts.models import Account
from crm.accounts.session import account_session

RESET_WITHIN = timedelta(hours=2)


class Link(StrEnum):
    """Named as the library names its signers: a token of one opens nothing of another."""

    INVITATION = "confirm"
    RESET = "reset"
    ADDRESS = "change_email"


WITHIN = {Link.INVITATION: INVITED_FOR, Link.RESET: RESET_WITHIN, Link.ADDRESS: CONFIRMED_WITHIN}


@dataclass(frozen=True)
class Opened:
    """Whose link it is and what it is about. `is_live`: in time, and of the account's present mark."""

    account: Account
    about: int
    way: str
    is_live: bool


def token_of(link: Link, account: Account, about: int = 0, way: str = "") -> str:
    """`about` is the id of a row; `way` tells two links about one row apart."""
    signer = getattr(current_app.extensions["security"], f"{link.value}_serializer")
    return str(signer.dumps([account.fs_uniquifier, account.id, about, way]))


def opened(link: Link, token: str) -> Opened | None:
    """What a link says; None for one that we never wrote. Read in a transaction of its own, which changes nothing."""
    expired, invalid, said = check_and_get_token_status(token, link.value, WITHIN[link])
    if invalid or not isinstance(said, list) or len(said) != 4:
        return None
    mark, account_id, about, way = said
    asked = select(Account).where(Account.id == account_id).options(selectinload(Account.standings))
    with account_session(writes=False) as accounts:
        account = accounts.scalars(asked).one_or_none()
    if account is None:
        return None
    is_live = not expired and account.active and account.fs_uniquifier == mark and bool(account.hats)
    return Opened(account, about, way, is_live)
