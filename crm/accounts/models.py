"""Accounts: the keys of human beings. Whom an account stands for is another matter."""

import secrets
from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, CheckConstraint, ColumnElement, Float, ForeignKey, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.factors import Passkey, RecoveryCode
from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import AccountOwned, Sealed, under
from crm.core.settings import FRESH_FOR, SESSION_IDLE, SESSION_LONGEST
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
    with_timer: Mapped[bool] = mapped_column(default=False)  # whether pages show the timer of one's time
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    tf_totp_secret: Mapped[str | None] = mapped_column(LineType(500))  # encrypted; of the app that shows codes
    tf_counter: Mapped[int | None]  # of the last code that was taken: none is taken twice
    # what passkeys know the account by: it never changes
    fs_webauthn_user_handle: Mapped[str] = mapped_column(
        LineType(64), index=True, unique=True, default=lambda: secrets.token_hex(16)
    )
    version: Mapped[int] = mapped_column(default=1)
    standings: Mapped[list["Standing"]] = relationship(lazy="raise", order_by="Standing.id", back_populates="account")
    sessions: Mapped[list["SignedIn"]] = relationship(lazy="raise", order_by="SignedIn.seen_at.desc()")
    passkeys: Mapped[list[Passkey]] = relationship(lazy="raise", order_by=Passkey.id, cascade="all, delete-orphan")
    recovery_codes: Mapped[list[RecoveryCode]] = relationship(
        lazy="raise", order_by=RecoveryCode.id, cascade="all, delete-orphan"
    )

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
        self.end_links()

    def reopen(self) -> None:
        if self.active:
            raise Refused("This account is open already.")
        self.active = True

    def set_password(self, hashed: str, at: datetime) -> None:
        """Whoever was signed in with the old one is out, and every link of before is dead."""
        self.password = hashed
        self.end_sessions(at)
        self.end_links()

    def end_links(self) -> None:
        """Invitations, resets and changes of address that were mailed carry the mark of before; so does a sign-in that
        waits for its second step."""
        self.fs_uniquifier = secrets.token_hex(32)

    def end_sessions(self, at: datetime, *, but: int | None = None) -> None:
        for one in self.sessions:
            if one.id != but:
                one.end(at)

    @property
    def has_second_factor(self) -> bool:
        return bool(self.tf_totp_secret or self.passkeys)

    @property
    def may_sign_in_by_mail(self) -> bool:
        """People of clients only: whoever works for the practice has a password and more."""
        return self.active and bool(self.hats) and all(one.contact_id is not None for one in self.hats)

    @property
    def codes_left(self) -> int:
        return sum(1 for one in self.recovery_codes if one.used_at is None)

    @property
    def tf_primary_method(self) -> str | None:  # type: ignore[override]
        """Flask-Security asks so whether codes of an app are set up."""
        return "authenticator" if self.tf_totp_secret else None

    @property
    def webauthn(self) -> list[Passkey]:  # type: ignore[override]
        return self.passkeys

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
    unread: Mapped[int] = mapped_column(
        default=0
    )  # notices: counted where they are written and read (crm.outbox.inbox)
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
    trusted_until: Mapped[datetime | None]  # on a device that the person trusts
    proved_at: Mapped[datetime | None]  # when they last proved again who they are

    def is_open(self, moment: datetime) -> bool:
        """Whether it would still open a page. As `opens`, for a row at hand."""
        if self.ended_at:
            return False
        if self.trusted_until:
            return self.trusted_until > moment
        return self.seen_at > moment - SESSION_IDLE and self.began_at > moment - SESSION_LONGEST

    @classmethod
    def opens(cls, moment: datetime) -> ColumnElement[bool]:
        """Sessions that would still open a page."""
        short = and_(
            cls.trusted_until.is_(None), cls.seen_at > moment - SESSION_IDLE, cls.began_at > moment - SESSION_LONGEST
        )
        return and_(cls.ended_at.is_(None), or_(cls.trusted_until > moment, short))

    def is_fresh(self, moment: datetime) -> bool:
        """Whether acts of weight may be done in it. A session of a working day is fresh as long as it lasts; one that
        lasts for weeks, as long as its owner has lately proved who they are."""
        return not self.trusted_until or (self.proved_at or self.began_at) > moment - FRESH_FOR

    def end(self, at: datetime) -> None:
        self.ended_at = self.ended_at or at


class CalendarFeed(AccountOwned, Model):
    """The address under which a calendar reads the dates of one hat. It is shown once; the table holds its digest."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    standing_id: Mapped[int] = mapped_column(ForeignKey("standing.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        return "ended" if self.ended_at else "open"

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
