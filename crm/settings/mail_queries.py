"""What the office reads of the mail that leaves: how much is stuck, and what of it, without its text; the demo's with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import defer

from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.core.viewer import Viewer
from crm.outbox.kinds import CALLED
from crm.outbox.models import DemoMail, Outbox
from crm.settings.queries import for_the_office

LETTERS = {"named": "settings.mail"}


def mail_stuck(viewer: Viewer) -> tuple[int, int, datetime | None]:
    """How many messages were given up, how many wait, and since when the oldest does."""
    for_the_office(viewer)
    dead = func.coalesce(func.sum(case((Outbox.dead_at.is_not(None), 1), else_=0)), 0)
    asked = select(dead, func.count(Outbox.id) - dead, func.min(Outbox.made_at)).where(Outbox.done_at.is_(None))
    failed, waiting, oldest = db.session.execute(asked.execution_options(**LETTERS)).one()
    return failed, waiting, oldest


KINDS = [(kind.value, text) for kind, text in CALLED.items()]
LETTERS_KEPT = Listing(
    sorts={"at": (DemoMail.at,)}, key=DemoMail.id, search=(DemoMail.recipient, DemoMail.subject), newest_first=True,
    filters=(Filter("kind", "About", KINDS, DemoMail.kind.__eq__, "About anything"),),
)  # fmt: skip

FAILED = and_(Outbox.dead_at.is_not(None), Outbox.done_at.is_(None))
STUCK_AS = {
    "failed": FAILED,
    "again": and_(Outbox.dead_at.is_(None), Outbox.attempts > 0),
    "waiting": and_(Outbox.dead_at.is_(None), Outbox.attempts == 0),
}
NOT_LEFT = Listing(
    sorts={"made": (Outbox.made_at,), "tries": (Outbox.attempts,), "to": (Outbox.recipient,)}, key=Outbox.id,
    search=(Outbox.recipient, Outbox.error),
    filters=(
        Filter("state", "State", [("failed", "Given up"), ("again", "Trying again"), ("waiting", "Waiting")], STUCK_AS.__getitem__, "Any state"),
        Filter("kind", "About", KINDS, Outbox.kind.__eq__, "About anything"),
    ),
)  # fmt: skip


def waiting_mail(viewer: Viewer) -> Select[Any]:
    """Messages that have not left. What they say is read by nobody here."""
    for_the_office(viewer)
    unread = defer(Outbox.payload, raiseload=True)
    return select(Outbox).where(Outbox.done_at.is_(None)).options(unread).execution_options(**LETTERS)


def failed_mail(viewer: Viewer) -> Sequence[Outbox]:
    """All that was given up, held for whoever tries it again."""
    for_the_office(viewer)
    asked = select(Outbox).where(FAILED).order_by(Outbox.id).with_for_update().execution_options(**LETTERS)
    return db.session.scalars(asked).all()


def message_of(viewer: Viewer, message_id: int) -> Outbox | None:
    for_the_office(viewer)
    asked = select(Outbox).where(Outbox.id == message_id)
    return db.session.scalars(asked.execution_options(**LETTERS)).one_or_none()


def demo_mail(viewer: Viewer) -> Select[Any]:
    """What the demo would have sent, with its text. A real practice has none."""
    for_the_office(viewer)
    return select(DemoMail).execution_options(**LETTERS)


def demo_letter(viewer: Viewer, letter_id: int) -> DemoMail | None:
    return db.session.scalars(demo_mail(viewer).where(DemoMail.id == letter_id)).one_or_none()
