"""Who hears that a colleague answers in a sponsor's place, and that it is over."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.core.db import db
from crm.core.words import day
from crm.engagements.people import Delegation
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice


def announce(event: str, delegation: Delegation) -> None:
    post(f"delegation.{event}", key=f"delegation:{delegation.id}:{event}", delegation_id=delegation.id)


def _found(delegation_id: int) -> Delegation | None:
    named = joinedload(Delegation.contact), joinedload(Delegation.delegate), joinedload(Delegation.engagement)
    return db.session.scalars(select(Delegation).where(Delegation.id == delegation_id).options(*named)).one_or_none()


@notice("delegation.named")
def tell_both(delegation_id: int) -> Iterator[Letter]:
    one = _found(delegation_id)
    if one is None or one.ended_at:
        return
    when = f"from {day(one.begins)} to {day(one.until)}"
    yield Letter(
        to=one.delegate, about=one.engagement, subject=f"You answer in place of {one.contact.name} for a while",
        text=f"{one.contact.name} asks you to sign off in their place {when}: {one.engagement.title}. You get a mail for "
        "each text. What you answer says that it is for them.",
        path="/portal", link="Your company’s page", kind=Kind.SIGN_OFF,
    )  # fmt: skip
    yield Letter(
        to=one.contact, about=one.engagement, subject=f"{one.delegate.name} answers in your place for a while",
        text=f"You named {one.delegate.name} to sign off in your place {when}: {one.engagement.title}. It ends by itself; "
        "you can end it earlier, and you can always answer yourself. If this was not you, tell us at once.",
        path="/portal/delegates", link="Who answers for you", kind=Kind.SIGN_OFF,
    )  # fmt: skip


@notice("delegation.ended")
def tell_both_that_it_is_over(delegation_id: int) -> Iterator[Letter]:
    one = _found(delegation_id)
    if one is None or one.ended_at is None:
        return
    for reader, other in ((one.delegate, one.contact), (one.contact, one.delegate)):
        whose = (
            f"You no longer sign off in place of {other.name}"
            if reader is one.delegate
            else f"{other.name} no longer signs off in your place"
        )
        yield Letter(
            to=reader, about=one.engagement, subject=whose, text=f"{whose}: {one.engagement.title}.",
            path="/portal", link="Your company’s page", kind=Kind.SIGN_OFF,
        )  # fmt: skip
