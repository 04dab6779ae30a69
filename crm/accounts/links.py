"""Links that sign somebody in by mail: short-lived, for one account, used once. Only their digest is kept."""

import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from crm.accounts.factors import SignInLink
from crm.accounts.invitations import Invitation
from crm.accounts.models import Account
from crm.accounts.session import account_session, digest_of
from crm.core.clock import now

LASTS = timedelta(minutes=15)


def invitation_lapsed(session: Session, account: Account) -> bool:
    """Somebody was invited and never came: what the invitation opened for seven days, a link opens no longer."""
    if account.password or account.signed_in_at:
        return False
    late = (Invitation.account_id == account.id, Invitation.accepted_at.is_(None), Invitation.expires_at <= now())
    return session.scalar(select(Invitation.id).where(*late, Invitation.ended_at.is_(None)).limit(1)) is not None


def token_of(salt: str, secret: str, mark: str = "") -> str:
    """Made anew each time the mail is written: nothing that opens a door lies in the database. `mark` is the account's
    own (`fs_uniquifier`): with a new password or a new address every link of before is dead, as those of tokens.py are."""
    return hmac.new(secret.encode(), f"sign-in-link:{salt}:{mark}".encode(), hashlib.sha256).hexdigest()


def opens(token: str) -> bool:
    """Whether the link would still let somebody in. Looking changes nothing: mail scanners look."""
    return _found(token) is not None


def use(token: str) -> tuple[Account, str] | None:
    """Take it: whose it is and where they were going. Of many that come at once, one gets it."""
    found = _found(token)
    if found is None:
        return None
    link, account = found
    taken = update(SignInLink).where(SignInLink.id == link.id, SignInLink.used_at.is_(None)).values(used_at=now())
    with account_session(writes=True) as accounts:
        is_first = bool(accounts.execute(taken).rowcount)  # type: ignore[attr-defined]
    return (account, link.leads_to) if is_first else None


def _found(token: str) -> tuple[SignInLink, Account] | None:
    asked = (
        select(SignInLink, Account)
        .join(Account, Account.id == SignInLink.account_id)
        .where(
            SignInLink.token_hash == digest_of(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now(),
            Account.active,
        )
        .options(selectinload(Account.standings))
    )  # fmt: skip
    with account_session(writes=False) as accounts:
        row = accounts.execute(asked).one_or_none()
        if row is None or not row[1].may_sign_in_by_mail or invitation_lapsed(accounts, row[1]):
            return None
    link, account = row
    of_now = token_of(link.salt, current_app.config["SECRET_KEY"], account.fs_uniquifier)
    return (link, account) if hmac.compare_digest(of_now.encode(), token.encode()) else None
