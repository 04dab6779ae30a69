"""Links in mail: each opens one thing to one person, without a password, once."""

import hashlib
import hmac
import secrets
from datetime import date, datetime
from enum import StrEnum

from flask import current_app
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import DoneBefore, Refused, UsedKey
from crm.core.forms import Press
from crm.core.ownership import OfOneClient, Sealed, under

TRIES = 5  # of one code


class Opens(StrEnum):
    """What a link opens: the table of the thing."""

    VERSION = "deliverable_version"
    DECISION = "decision"


def derived(*parts: str) -> str:
    """A secret that only this installation can make, and makes again from the same parts."""
    key = hashlib.sha256(b"links:" + str(current_app.config["SECRET_KEY"]).encode()).digest()
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class MailLink(Sealed, OfOneClient, Model):
    """One link for one person and one version or question. The secret is in no column: it is made from the salt by
    whoever has the key of the installation, so that a mail that is sent again carries the same address."""

    __tablename__ = "mail_link"
    __table_args__ = (
        under("contact"),
        UniqueConstraint("id", "client_id"),
        UniqueConstraint("contact_id", "opens", "thing_id", "asked_at", "occasion"),
        Index("ix_mail_link_opens_thing_id", "opens", "thing_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(index=True)
    opens: Mapped[Opens]
    thing_id: Mapped[int]
    asked_at: Mapped[datetime]  # of which asking: what is taken back and sent again is asked anew
    digest: Mapped[str] = mapped_column(default="")  # of the version that was asked about
    occasion: Mapped[str] = mapped_column(LineType(30))  # asked, or which reminder
    salt: Mapped[str] = mapped_column(LineType(64), default=lambda: secrets.token_hex(16))
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_on: Mapped[date]  # the last day on which it opens
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # a newer one took its place
    mail_key: Mapped[str] = mapped_column(default="")  # of the message that carries it: whether it was really sent
    once: Mapped[str] = mapped_column(LineType(64), default="")  # of the press that used it
    press: Mapped[str] = mapped_column(default="")  # what was in the form then

    @property
    def secret(self) -> str:
        return derived("link", self.salt, self.opens.value, str(self.thing_id), str(self.contact_id))

    @property
    def form_token(self) -> str:
        """What a form of its page carries, in place of the session's token: nobody else can write it."""
        return derived("form", self.salt)

    def seal(self) -> None:
        self.token_hash = digest_of(self.secret)

    def use(self, press: Press, at: datetime) -> None:
        """Once. The same press of the same button gets the first answer again."""
        if self.used_at is None:
            self.used_at, self.once, self.press = at, press.once, press.digest
            return
        if self.once != press.once:
            raise Refused("This link was used already. What was answered stands below.")
        if self.press != press.digest:
            raise UsedKey
        raise DoneBefore(str(press.leads_to))


class LinkCode(Sealed, OfOneClient, Model):
    """A code of six digits, sent by mail before a link shows something confidential. Only its digest is kept."""

    __tablename__ = "link_code"
    __table_args__ = (
        under("mail_link", by="link_id"),
        CheckConstraint(f"tries BETWEEN 0 AND {TRIES}", name="tries"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(index=True)
    salt: Mapped[str] = mapped_column(LineType(64), default=lambda: secrets.token_hex(16))
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    passed_at: Mapped[datetime | None]

    @property
    def code(self) -> str:
        return f"{int(derived('code', self.salt)[:12], 16) % 1_000_000:06}"

    @property
    def proof(self) -> str:
        """What the browser that typed it right keeps for a while."""
        return derived("passed", self.salt)

    def seal(self) -> None:
        self.code_hash = digest_of(f"{self.salt}{self.code}")

    def fits(self, typed: str, at: datetime) -> bool:
        """Counts the try. Right, in time, and not tried too often."""
        if self.passed_at or at >= self.expires_at or self.tries >= TRIES:
            return False
        self.tries += 1
        right = hmac.compare_digest(digest_of(f"{self.salt}{typed}"), self.code_hash)
        if right:
            self.passed_at = at
        return right
