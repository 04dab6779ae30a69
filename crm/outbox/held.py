"""Mails that hold a key, to somebody whose address nobody stands for: they wait, and leave once somebody does."""

from sqlalchemy import select

from crm.core.clock import now
from crm.core.db import db
from crm.outbox.models import Outbox, post
from crm.outbox.notices import MAIL, Addressee, Letter
from crm.outbox.topics import Message, local

UNPROVEN = "contact.unproven"


class Unproven(Exception):
    """Nobody has said yet that this address is theirs."""


def is_held(letter: Letter, addressee: Addressee) -> bool:
    return letter.holds_a_key and not addressee.proven


def ask_about(letter: Letter, addressee: Addressee) -> None:
    """Partners are asked once about each address."""
    post(UNPROVEN, key=f"{letter.mark}:unproven:{addressee.address}"[-200:], contact_id=letter.to.id)


@local("mail.let_go")
def let_go(message: Message) -> None:
    """What waits for this reader is tried now, with all its tries anew."""
    waits = select(Outbox).where(Outbox.topic == MAIL, Outbox.done_at.is_(None), Outbox.attempts > 0)
    for row in db.session.scalars(waits.with_for_update()):
        if row.payload["to"] == message.payload["to"]:
            row.retry(now())
