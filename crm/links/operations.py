"""Links in mail: made when somebody is asked, one after the other, and used once."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.core.clock import now
from crm.core.db import db
from crm.core.forms import Press
from crm.links.models import LinkCode, MailLink, Opens

ASKED = "asked"  # the occasion of the first mail; reminders say which they are
CODE_LASTS = timedelta(minutes=10)
PRESSED_TWICE = timedelta(seconds=20)
UNLIMITED = {"named": "links.keep"}


def make_link(
    contact_id: int,
    client_id: int,
    opens: Opens,
    thing_id: int,
    *,
    asked_at: datetime,
    answer_by: date,
    occasion: str = ASKED,
    digest: str = "",
    mail_key: str = "",
) -> MailLink | None:
    """A fresh link, in whatever transaction is open; the older ones of this person to this thing end. None when this
    occasion has its link already."""  # fmt: skip
    moment = now()
    link = MailLink(
        contact_id=contact_id, client_id=client_id, opens=opens, thing_id=thing_id, asked_at=asked_at, occasion=occasion,
        digest=digest, made_at=moment, expires_on=answer_by + timedelta(days=1), mail_key=mail_key[-200:],
        salt=secrets.token_hex(16),
    )  # fmt: skip
    link.seal()
    older = select(MailLink).where(
        MailLink.contact_id == contact_id, MailLink.opens == opens, MailLink.thing_id == thing_id,
        MailLink.ended_at.is_(None), MailLink.used_at.is_(None),
    )  # fmt: skip
    replaced = db.session.scalars(older, execution_options=UNLIMITED).all()
    try:
        with db.session.begin_nested():
            db.session.add(link)
    except IntegrityError:
        return None
    for one in replaced:
        one.ended_at = moment
    return link


def use_link(link_id: int, press: Press) -> None:
    """In the transaction of the answer, and held until it ends: of two presses at once one is the first."""
    _held(MailLink, link_id).use(press, now())


def make_code(link_id: int) -> LinkCode | None:
    """A new one; none where one was made a moment ago: who presses twice gets one mail."""
    link, moment = _held(MailLink, link_id), now()
    last = newest_code(link_id)
    if last and last.passed_at is None and moment - last.made_at < PRESSED_TWICE:
        return None
    code = LinkCode(
        link_id=link.id, client_id=link.client_id, made_at=moment, expires_at=moment + CODE_LASTS, salt=secrets.token_hex(16)
    )  # fmt: skip
    code.seal()
    db.session.add(code)
    db.session.flush()
    return code


def newest_code(link_id: int) -> LinkCode | None:
    newest = select(LinkCode).where(LinkCode.link_id == link_id).order_by(LinkCode.id.desc()).limit(1)
    return db.session.scalars(newest, execution_options=UNLIMITED).one_or_none()


def try_code(link_id: int, typed: str) -> LinkCode | None:
    """The newest code counts, and each try of it."""
    _held(MailLink, link_id)
    code = newest_code(link_id)
    return code if code and code.fits(typed, now()) else None


def _held(kind: Any, key: int) -> Any:
    asked = select(kind).where(kind.id == key).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(asked, execution_options=UNLIMITED).one()
