"""Pressing twice does it once."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from crm.core import inputs
from crm.core.clock import now
from crm.core.columns import LineType
from crm.core.db import Model, db
from crm.core.errors import DoneBefore, UsedKey
from crm.core.forms import Press
from crm.core.ownership import AccountOwned
from crm.core.viewer import Viewer


class Once(AccountOwned, Model):
    """A button that was pressed, and the answer it got. Kept 30 days."""

    __tablename__ = "once"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(LineType(64))
    digest: Mapped[str]
    location: Mapped[str] = mapped_column(LineType(1000), default="")
    at: Mapped[datetime] = mapped_column(index=True)


def only_once(viewer: Viewer, press: Press) -> Once | None:
    """Keep the key in the deed's own transaction; a second press of the same button ends here. Where a link from a mail
    opened the page, the link itself is used once (crm/links)."""
    if viewer.only:
        return None
    known = press.leads_to if isinstance(press.leads_to, str) else ""
    row = Once(account_id=viewer.account_id, key=press.once, digest=press.digest, location=known, at=now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        kept = select(Once).where(Once.account_id == viewer.account_id, Once.key == press.once)
        first = db.session.scalars(kept).one_or_none()
        if first is None or first.digest != press.digest:
            raise UsedKey from None
        raise DoneBefore(first.location) from None
    return row


def answered_before(viewer: Viewer, key: str) -> str:
    """Where the first press of this button led; empty when nothing was done by it."""
    try:
        asked = Once.key == inputs.line(key, at_most=64)
    except ValueError:
        return ""
    return db.session.scalar(select(Once.location).where(Once.account_id == viewer.account_id, asked)) or ""
