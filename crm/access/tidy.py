"""What the worker throws away each hour: it was kept for a while, and the while is over."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete

from crm.access.once import Once
from crm.accounts.kept import KEPT_FOR
from crm.accounts.limits import storage
from crm.accounts.models import KeptForm, SignedIn
from crm.accounts.session import account_session
from crm.core.clock import now
from crm.core.settings import SESSION_LONGEST
from crm.outbox.models import Outbox

ONCE_KEPT = timedelta(days=30)
SESSION_KEPT = SESSION_LONGEST + timedelta(hours=12)
MESSAGE_KEPT = timedelta(days=90)


def old_counts() -> None:
    storage.prune()


def old_keys() -> None:
    _forget(Once, Once.at < now() - ONCE_KEPT)


def ended_sessions() -> None:
    _forget(SignedIn, SignedIn.began_at < now() - SESSION_KEPT)


def kept_forms() -> None:
    _forget(KeptForm, KeptForm.at < now() - KEPT_FOR)


def told_messages() -> None:
    _forget(Outbox, Outbox.done_at < now() - MESSAGE_KEPT)


def _forget(kind: type, old: ColumnElement[bool]) -> None:
    with account_session(writes=True) as session:
        session.execute(delete(kind).where(old))


CHORES: tuple[Callable[[], None], ...] = (old_counts, old_keys, ended_sessions, kept_forms, told_messages)
