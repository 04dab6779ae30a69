"""An import of rows into a register: what a file holds waits here until all of it can be taken."""

import json
import zlib
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Client
from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, InternalOnly, PersonOwned
from crm.core.twelve import Area


class ImportState(StrEnum):
    CHECKED = "checked"
    TAKEN = "taken"
    DROPPED = "dropped"


class RowImport(ClientOwned, PersonOwned, InternalOnly, Model):
    """One file that somebody brought for a register of a client, and how far it got."""

    __tablename__ = "row_import"
    __table_args__ = (Index("ix_row_import_open", "client_id", "person_id", "kind", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(LineType(30))  # of register
    area: Mapped[Area]
    file_name: Mapped[str]
    digest: Mapped[str] = mapped_column(LineType(64))
    state: Mapped[ImportState] = mapped_column(default=ImportState.CHECKED)
    rows: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)  # whose name is in the register or higher up in the file already
    taken: Mapped[int] = mapped_column(default=0)
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)  # gone once it is over
    made_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_over(self) -> bool:
        return self.state is not ImportState.CHECKED

    @property
    def kept(self) -> dict[str, Any]:
        """The lines of the file, and what the dry run found."""
        return json.loads(zlib.decompress(self.body)) if self.body else {}

    def keep(self, kept: dict[str, Any]) -> None:
        self.body = zlib.compress(json.dumps(kept).encode())

    def take(self, at: datetime, taken: int) -> None:
        self._must_wait()
        if not taken:
            raise Refused("There is nothing new in this file: every row is here already or left out.")
        self.state, self.taken_at, self.taken, self.body = ImportState.TAKEN, at, taken, b""

    def drop(self) -> None:
        self._must_wait()
        self.state, self.body = ImportState.DROPPED, b""

    def _must_wait(self) -> None:
        if self.is_over:
            raise Refused(f"This import is {self.state.value} already.")
