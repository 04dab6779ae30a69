"""The trail: what was done, by whom, from where; and what was opened of what we publish. Insert only."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import Code, Prose
from crm.core.db import Model
from crm.core.ownership import Audited, Watched, under

if TYPE_CHECKING:
    from crm.clients.models import Contact
    from crm.people.models import Person


class AuditText(Audited, Model):
    """What somebody wrote, kept apart so that it can be erased and the trail still stand."""

    __tablename__ = "audit_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[Prose | None]


class AuditEntry(Audited, Model):
    """One deed: who, as what, did what to which thing, from which state to which, why, by which way, when."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entry_engagement_at", "engagement_id", "at"),
        Index("ix_audit_entry_client_at", "client_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    audience: Mapped[str]
    verb: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    code: Mapped[Code] = mapped_column(default="")  # DEL-231: what people call the thing
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("audit_text.id"))
    via: Mapped[str]
    request_id: Mapped[str]
    reason: Mapped[AuditText | None] = relationship(lazy="raise", viewonly=True)
    person: Mapped["Person | None"] = relationship(lazy="raise", viewonly=True)
    contact: Mapped["Contact | None"] = relationship(lazy="raise", viewonly=True)

    @property
    def who(self) -> str:
        """The name of whoever did it, as far as this viewer may know them."""
        if self.person or self.contact:
            return (self.person or self.contact).name  # type: ignore[union-attr]
        return (
            "The system"
            if self.audience == "system"
            else "Somebody of the client"
            if self.contact_id
            else "The practice"
        )


class Opened(StrEnum):
    """What of that which we publish was opened. Nothing else is noted, and nothing of how long or how often within the hour."""

    HOME = "home"  # the first page, with the twelve sentences
    REVIEW = "review"
    VERSION = "version"
    DECISION = "decision"
    RISK = "risk"
    MINUTES = "minutes"
    ARCHIVE = "archive"


class Opening(Watched, Model):
    """The access log: somebody opened something that was published. Insert only; kept 24 months."""

    __tablename__ = "opening"
    __table_args__ = (
        under("contact"),
        under("engagement"),
        Index("ix_opening_contact_id_at", "contact_id", "at"),
        Index("ix_opening_client_id_at", "client_id", "at"),
        Index("ix_opening_subject", "kind", "subject_id"),
        CheckConstraint("(contact_id IS NULL) <> (person_id IS NULL)", name="one_opens"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # one of ours, who took an archive away
    kind: Mapped[Opened]
    subject_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(default="")  # as it was called then
    contact: Mapped["Contact | None"] = relationship(lazy="raise", viewonly=True)
    person: Mapped["Person | None"] = relationship(lazy="raise", viewonly=True)

    @property
    def who(self) -> str:
        """The name of whoever opened it."""
        found = self.contact or self.person
        return found.name if found else "The practice"
