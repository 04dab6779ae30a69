"""Files that were brought: what is known of each. What is in it lies in the store, under a name that says nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from crm.core.columns import LineType, Money
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, Sealed, Shareable, under
from crm.files.kinds import KINDS, TEXTS, FileKind, Kind
from crm.people.models import Person


class StoredFile(EngagementOwned, Shareable, Model):
    """A file of an engagement. Who sees it follows from the thing that it belongs to."""

    __tablename__ = "stored_file"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("key"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint("size > 0 AND pages >= 0", name="measured"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[FileKind]
    size: Mapped[Money]  # bytes
    digest: Mapped[str] = mapped_column(LineType(64))  # SHA-256 of what is kept
    source_digest: Mapped[str] = mapped_column(
        LineType(64)
    )  # of what was brought: pictures lose what is hidden in them
    key: Mapped[str] = mapped_column(LineType(64))  # its name in the store
    pages: Mapped[int] = mapped_column(default=0)  # that can be shown as pictures
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    missing_since: Mapped[datetime | None] = mapped_column(index=True)  # the store has lost it: an alarm
    added_by: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)

    @property
    def about(self) -> Kind:
        return KINDS[self.kind]

    @property
    def is_drawn(self) -> bool:
        """Shown as pictures made here."""
        return self.pages > 0

    @property
    def is_text(self) -> bool:
        return self.kind in TEXTS


MAY_CHANGE = {"visibility", "missing_since"}


@event.listens_for(StoredFile, "before_update")
def a_file_stays_as_it_is(mapper: Mapper[Any], connection: Connection, file: StoredFile) -> None:  # noqa: ARG001
    changed = {name for name, attribute in inspect(file).attrs.items() if attribute.history.has_changes()}
    if changed - MAY_CHANGE:
        raise Refused("A file never changes. Bring the new one beside it.")


class ClientQuota(Sealed, Model):
    """How much room the files of one client have, where that is not what the practice gives everybody."""

    __tablename__ = "client_quota"
    __table_args__ = (
        UniqueConstraint("client_id"),
        CheckConstraint("megabytes BETWEEN 1 AND 1000000", name="megabytes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    megabytes: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
