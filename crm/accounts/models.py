"""Accounts: the keys of human beings. Whom an account stands for is another matter."""

import secrets
from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import Sealed, under
from crm.core.viewer import Role, Viewer


class Account(Sealed, UserMixin, Model):
    """The keys of one human being."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None] = mapped_column(LineType(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(32))
    theme: Mapped[str] = mapped_column(default="")  # light, dark or the system's
    single_keys: Mapped[bool] = mapped_column(default=True)  # shortcuts of one letter (WCAG 2.1.4)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    standings: Mapped[list["Standing"]] = relationship(lazy="raise", order_by="Standing.id", back_populates="account")
    sessions: Mapped[list["SignedIn"]] = relationship(lazy="raise", order_by="SignedIn.seen_at.desc()")

    __mapper_args__ = {"version_id_col": version}

    @property
    def state(self) -> str:
        return "open" if self.active else "closed"

    @property
    def hats(self) -> list["Standing"]:
        """What it stands for now."""
        return [one for one in self.standings if one.ended_at is None]

    def close(self, at: datetime) -> None:
        if not self.active:
            raise Refused("This account is closed already.")
        self.active = False
        self.end_sessions(at)

    def reopen(self) -> None:
        if self.active:
            raise Refused("This account is open already.")
        self.active = True

    def set_password(self, hashed: str, at: datetime) -> None:
        """Whoever was signed in with the old one is out."""
        self.password = hashed
        self.end_sessions(at)

    def end_sessions(self, at: datetime) -> None:
        for one in self.sessions:
            one.end(at)

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """Flask-Security's roles are not used: a standing says the role."""
        return []


class Standing(Sealed, Model):
    """One hat an account may wear: a person of the practice, or a contact of one client."""

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('sponsor', 'viewer')) = (contact_id IS NOT NULL AND client_id IS NOT NULL AND person_id IS NULL)",
            name="contact_for_client_roles",
        ),
        CheckConstraint("role != 'system'", name="nobody_is_the_system"),
        CheckConstraint("role IN ('sponsor', 'viewer') OR person_id IS NOT NULL", name="person_for_our_roles"),
        under("contact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    ended_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(back_populates="standings", lazy="raise")

    def viewer(self) -> Viewer:
        return Viewer(self.role, self.account_id, self.person_id, self.contact_id, self.client_id)

    def end(self, at: datetime) -> None:
        if self.ended_at:
            raise Refused("This has ended already.")
        self.ended_at = at


class SignedIn(Sealed, Model):
    """One session of one account on one device. The cookie holds the token, the table only its digest."""

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("standing.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(default="")
    device: Mapped[str] = mapped_column(default="")

    def end(self, at: datetime) -> None:
        self.ended_at = self.ended_at or at


class KeptForm(Sealed, Model):
    """What somebody sent after their session had ended: kept for a while, for nobody but them, and never sent by itself."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    path: Mapped[str] = mapped_column(LineType(1000))
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)


class RateCount(Sealed, Model):
    """How often something limited was tried in one window of time, over all processes."""

    __tablename__ = "rate_count"

    key: Mapped[str] = mapped_column(LineType(250), primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[float] = mapped_column(Float, index=True)
