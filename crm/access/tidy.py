"""What the worker throws away each hour: it was kept for a while, and the while is over."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from crm.access.once import Once
from crm.accounts.factors import SignInLink
from crm.accounts.kept import KEPT_FOR
from crm.accounts.limits import storage
from crm.accounts.models import KeptForm, SignedIn, Standing
from crm.accounts.session import account_session
from crm.audit.models import Opening
from crm.audit.openings import KEPT as OPENING_KEPT
from crm.core.clock import now
from crm.core.settings import SESSION_LONGEST
from crm.outbox.models import Notice, Outbox

ONCE_KEPT = timedelta(days=30)
SESSION_KEPT = SESSION_LONGEST + timedelta(hours=12)
MESSAGE_KEPT = NOTICE_KEPT = timedelta(days=90)
LINK_KEPT = timedelta(days=1)  # long after it opens anything


def old_counts() -> None:
    storage.prune()


def old_keys() -> None:
    _forget(Once, Once.at < now() - ONCE_KEPT)


def ended_sessions() -> None:
    moment = now()
    over = or_(SignedIn.trusted_until.is_(None), SignedIn.trusted_until < moment, SignedIn.ended_at.is_not(None))
    _forget(SignedIn, and_(SignedIn.began_at < moment - SESSION_KEPT, over))


def old_links() -> None:
    _forget(SignInLink, SignInLink.made_at < now() - LINK_KEPT)


def kept_forms() -> None:
    _forget(KeptForm, KeptForm.at < now() - KEPT_FOR)


def told_messages() -> None:
    _forget(Outbox, Outbox.done_at < now() - MESSAGE_KEPT)


def old_openings() -> None:
    """The database itself lets nothing of the access log go before."""
    _forget(Opening, Opening.at < now() - OPENING_KEPT)


def old_notices() -> None:
    """What nobody read in all that time was not wanted; what still waits for a letter is kept until it left."""
    old = and_(Notice.at < now() - NOTICE_KEPT, or_(Notice.waits_for.is_(None), Notice.gathered_in != ""))
    mine = or_(Notice.person_id == Standing.person_id, Notice.contact_id == Standing.contact_id)
    unread = select(func.count(Notice.id)).where(Notice.read_at.is_(None), mine).scalar_subquery()
    with account_session(writes=True) as session:
        if session.scalar(select(Notice.id).where(old).limit(1)) is not None:
            session.execute(delete(Notice).where(old))
            session.execute(update(Standing).values(unread=unread), execution_options={"synchronize_session": False})


def _forget(kind: type, old: ColumnElement[bool]) -> None:
    with account_session(writes=True) as session:
        session.execute(delete(kind).where(old))


CHORES: tuple[Callable[[], None], ...] = (
    old_counts,
    old_keys,
    ended_sessions,
    old_links,
    kept_forms,
    told_messages,
    old_openings,
    old_notices,
)
