"""What was sent after the session had ended: kept for half an hour, and shown to the same person after they signed in."""

from collections.abc import Sequence
from datetime import timedelta

from flask import session
from sqlalchemy import delete, select

from crm.accounts.models import Account, KeptForm, SignedIn
from crm.accounts.session import account_session, digest_of
from crm.core.clock import now

KEPT_FOR = timedelta(minutes=30)
EACH = 5  # forms of one account: the newest


def keep(path: str, fields: Sequence[tuple[str, str]]) -> int | None:
    """The number under which it is kept; None where no session says whose it was."""
    token = session.get("sid")
    if not isinstance(token, str) or not fields:
        return None
    whose = (
        select(Account.id)
        .join(SignedIn, SignedIn.account_id == Account.id)
        .where(SignedIn.token_hash == digest_of(token), Account.active)
    )
    with account_session(writes=True) as accounts:
        account_id = accounts.scalar(whose)
        if account_id is None:
            return None
        kept = KeptForm(account_id=account_id, path=path[:1000], fields=[list(pair) for pair in fields], at=now())
        accounts.add(kept)
        accounts.flush()
        newest = select(KeptForm.id).where(KeptForm.account_id == account_id).order_by(KeptForm.id.desc()).limit(EACH)
        accounts.execute(
            delete(KeptForm).where(
                KeptForm.account_id == account_id, KeptForm.id.not_in(accounts.scalars(newest).all())
            )
        )
        return kept.id


def kept_form(account_id: int, kept_id: int) -> KeptForm | None:
    """One's own only, and not for ever."""
    asked = select(KeptForm).where(
        KeptForm.id == kept_id, KeptForm.account_id == account_id, KeptForm.at > now() - KEPT_FOR
    )
    with account_session(writes=False) as accounts:
        return accounts.scalars(asked).one_or_none()
