"""What the office reads that no viewer's limits would show: accounts for admins, mail without its text, one's own
account. Each statement here says whom it is for, and nothing else of the house runs it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import selectinload

from crm.accounts.models import Account, SignedIn, Standing
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.settings import SESSION_IDLE, SESSION_LONGEST
from crm.core.viewer import Role, Viewer
from crm.outbox.models import DemoMail, Outbox

UNLIMITED = {"named": "settings.accounts"}
LETTERS = {"named": "settings.mail"}
LONG_UNUSED = timedelta(days=90)


def for_the_office(viewer: Viewer) -> None:
    if viewer.role not in {Role.ADMIN, Role.SYSTEM}:
        raise NotPermitted("accounts are the admins' to see")


def accounts(viewer: Viewer) -> Select[Any]:
    """Every account with what it stands for."""
    for_the_office(viewer)
    return select(Account).options(selectinload(Account.standings)).execution_options(**UNLIMITED)


def account_of(viewer: Viewer, account_id: int) -> Account | None:
    """One account for an admin, or one's own, with standings and sessions."""
    if account_id != viewer.account_id:
        for_the_office(viewer)
    whole = (selectinload(Account.standings), selectinload(Account.sessions))
    return db.session.scalars(
        select(Account).where(Account.id == account_id).options(*whole).execution_options(**UNLIMITED)
    ).one_or_none()


def account_by_mail(viewer: Viewer, email: str) -> Account | None:
    for_the_office(viewer)
    asked = select(Account).where(Account.email == email).options(selectinload(Account.standings))
    return db.session.scalars(asked.execution_options(**UNLIMITED)).one_or_none()


def is_live(moment: datetime) -> ColumnElement[bool]:
    """Sessions that would still open a page."""
    return and_(
        SignedIn.ended_at.is_(None),
        SignedIn.seen_at > moment - SESSION_IDLE,
        SignedIn.began_at > moment - SESSION_LONGEST,
    )


def own_sessions(viewer: Viewer) -> Sequence[SignedIn]:
    """Where this account is signed in now, last used first."""
    asked = select(SignedIn).where(SignedIn.account_id == viewer.account_id, is_live(now()))
    return db.session.scalars(asked.order_by(SignedIn.seen_at.desc()).execution_options(**UNLIMITED)).all()


def own_session(viewer: Viewer, session_id: int) -> SignedIn | None:
    asked = select(SignedIn).where(SignedIn.id == session_id, SignedIn.account_id == viewer.account_id)
    return db.session.scalars(asked.execution_options(**UNLIMITED)).one_or_none()


def never_used() -> ColumnElement[bool]:
    return and_(Account.active, Account.signed_in_at.is_(None))


def long_unused(moment: datetime) -> ColumnElement[bool]:
    return and_(Account.active, Account.signed_in_at < moment - LONG_UNUSED)


def other_admins(account: Account) -> int:
    """How many other accounts can still run the installation."""
    asked = (
        select(func.count(Account.id.distinct()))
        .join(Standing, Standing.account_id == Account.id)
        .where(Account.id != account.id, Account.active, Standing.role == Role.ADMIN, Standing.ended_at.is_(None))
    )
    return db.session.scalar(asked.execution_options(**UNLIMITED)) or 0


def waiting_mail(viewer: Viewer) -> Select[Any]:
    """Messages that have not left: waiting, or given up."""
    for_the_office(viewer)
    return select(Outbox).where(Outbox.done_at.is_(None)).execution_options(**LETTERS)


def message_of(viewer: Viewer, message_id: int) -> Outbox | None:
    for_the_office(viewer)
    asked = select(Outbox).where(Outbox.id == message_id)
    return db.session.scalars(asked.execution_options(**LETTERS)).one_or_none()


def demo_mail(viewer: Viewer) -> Select[Any]:
    """What the demo would have sent, with its text. A real practice has none."""
    for_the_office(viewer)
    return select(DemoMail).execution_options(**LETTERS)
