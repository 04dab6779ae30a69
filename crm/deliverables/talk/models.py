"""What is said about a deliverable: before the client, or among ourselves. Two tables, so that no deed leads from one to
the other: who writes chooses, and it stays where it was written."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, InternalOnly, under, within
from crm.deliverables.models import Deliverable
from crm.people.models import Person


class Said:
    """What a comment has on either side."""

    is_open: ClassVar[bool]

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable_id: Mapped[int] = mapped_column()
    about: Mapped[int | None] = mapped_column()  # the number of the version; none: the whole
    body: Mapped[str] = mapped_column(LineType(4000))
    at: Mapped[datetime] = mapped_column()
    edited_at: Mapped[datetime | None] = mapped_column()
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805
        return {"version_id_col": cls.version}

    def revise(self, body: str, at: datetime) -> None:
        if self.withdrawn_at:
            raise Refused("It was withdrawn; write a new one.")
        if body == self.body:
            raise Refused("That is what it says already.", "body")
        self.body, self.edited_at = body, at

    def withdraw(self, at: datetime) -> None:
        """Its words are gone; that something was said stays."""
        if self.withdrawn_at:
            raise Refused("It was withdrawn already.")
        self.body, self.withdrawn_at = "", at


class Comment(Said, EngagementOwned, Model):
    """Said before the client, by them or by us."""

    __tablename__ = "comment"
    __table_args__ = (
        within("deliverable"),
        under("contact"),
        CheckConstraint("(person_id IS NULL) != (contact_id IS NULL)", name="one_author"),
        Index("ix_comment_deliverable_id_at", "deliverable_id", "at"),
    )
    is_open = True

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    contact_id: Mapped[int | None]
    person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    contact: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    deliverable: Mapped[Deliverable] = relationship(lazy="raise", viewonly=True)

    @property
    def author(self) -> str:
        found = self.person or self.contact
        return found.name if found else "Somebody"


class TeamComment(Said, EngagementOwned, InternalOnly, Model):
    """Said among ourselves: it never leaves the team."""

    __tablename__ = "team_comment"
    __table_args__ = (within("deliverable"), Index("ix_team_comment_deliverable_id_at", "deliverable_id", "at"))
    is_open = False

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    contact_id: ClassVar[None] = None

    @property
    def author(self) -> str:
        return self.person.name


KINDS: dict[str, type[Comment] | type[TeamComment]] = {"open": Comment, "team": TeamComment}
