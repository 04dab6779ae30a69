"""The practice's mark, read for whoever stands at the door: nobody needs to be known for it."""

from sqlalchemy import select

from crm.accounts.session import account_session
from crm.practice.models import Logo


def mark_of(digest: str) -> bytes | None:
    """The picture with this digest; None where there is no such one (any more)."""
    with account_session(writes=False) as reading:
        return reading.scalar(select(Logo.image).where(Logo.digest == digest)) if digest else None
