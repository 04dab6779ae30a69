"""What waits for an answer to a mail: an invitation to set a first password, and a new address to be confirmed."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import Sealed

INVITED_FOR = timedelta(days=7)
CONFIRMED_WITHIN = timedelta(days=2)


class Invitation(Sealed, Model):
    """An account that waits for its owner: the link in the mail is used once, within seven days."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent: Mapped[int] = mapped_column(default=1)  # how often; each time ends the link of before
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.ended_at is None

    def is_over(self, at: datetime) -> bool:
        return self.expires_at <= at

    def send_again(self, at: datetime) -> None:
        self._still_open()
        self.sent += 1
        self.expires_at = at + INVITED_FOR

    def accept(self, at: datetime) -> None:
        self._still_open()
        self.accepted_at = at

    def withdraw(self, at: datetime) -> None:
        self._still_open()
        self.ended_at = at

    def _still_open(self) -> None:
        if not self.is_open:
            raise Refused("This invitation was answered or withdrawn already.")


class AddressChange(Sealed, Model):
    """A new mail address, asked for and not confirmed yet: nothing changes until it is."""

    __tablename__ = "address_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    email: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def is_open(self, at: datetime) -> bool:
        return self.confirmed_at is None and self.ended_at is None and at < self.expires_at

    def confirm(self, at: datetime) -> None:
        if not self.is_open(at):
            raise Refused("This change of address is over. Ask for it again.")
        self.confirmed_at = at

    def end(self, at: datetime) -> None:
        if self.confirmed_at is None:
            self.ended_at = self.ended_at or at
