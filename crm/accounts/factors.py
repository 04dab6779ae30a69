"""What proves, beside a password, that somebody is who they say: a code of their app, a passkey, a recovery code, a mail.

The names of some columns are those that Flask-Security asks for.
"""

from datetime import datetime

from flask_security import WebAuthnMixin
from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.ownership import Sealed


class EitherFactor(str):
    """What a passkey is for. The library parts those that open the door from those that only confirm; ours ask their
    owner to prove themselves each time, so that each of them is two factors and serves as either."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other in {"first", "secondary"}

    __hash__ = str.__hash__


class Passkey(Sealed, WebAuthnMixin, Model):
    """A key in somebody's phone, computer or pocket that answers our challenge."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(LineType(64))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    backup_state: Mapped[bool] = mapped_column(default=False)  # kept by its maker, so that a lost phone does not end it
    device_type: Mapped[str] = mapped_column(LineType(30), default="")
    made_at: Mapped[datetime]
    lastuse_datetime: Mapped[datetime | None] = mapped_column("used_at")  # type: ignore[assignment]

    usage = EitherFactor("either")

    def get_user_mapping(self) -> dict[str, int]:
        return {"id": self.account_id}


class RecoveryCode(Sealed, Model):
    """One of ten codes on paper, for the day when phone and key are lost. Encrypted; used once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    secret: Mapped[str] = mapped_column(LineType(300))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInLink(Sealed, Model):
    """A mail that lets one person of a client in, once. Asked for by whom nobody knows, it has no account and no mail."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    salt: Mapped[str] = mapped_column(LineType(64))
    token_hash: Mapped[str] = mapped_column(LineType(64), unique=True)
    leads_to: Mapped[str] = mapped_column(LineType(1000), default="/")
    made_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
