"""The search index: one line for each thing that can be found, kept true in the transaction that changes it.

The full-text structures over it are each engine's own and stand in the migration."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import LineType, Prose
from crm.core.db import Model
from crm.core.ownership import Indexed

Run = Callable[..., Any]  # executes a statement: a connection's own, or the session's under its name


class Kind(StrEnum):
    """What can be found, in the order in which results are shown."""

    CLIENT = "client"
    CONTACT = "contact"
    ENGAGEMENT = "engagement"
    DELIVERABLE = "deliverable"
    ROW = "row"  # of a register
    MEETING = "meeting"


class SearchLine(Indexed, Model):
    """What one client, contact, engagement, deliverable or row of a register is found by. Seen as the thing itself is seen."""

    __tablename__ = "search_line"
    __table_args__ = (UniqueConstraint("kind", "thing_id"), Index("ix_search_line_code", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    thing_id: Mapped[int]
    code: Mapped[str] = mapped_column(LineType(30), default="")
    title: Mapped[str]
    beside: Mapped[str] = mapped_column(LineType(500), default="")  # what stands beside the title in a result
    is_archived: Mapped[bool] = mapped_column(default=False)  # still found, but after what is not
    place: Mapped[str] = mapped_column(LineType(100), default="")  # of a row: its area and register, as in its address
    folded: Mapped[Prose]  # everything it is found by, its title first, in lower case without accents

    @property
    def href(self) -> str:
        """Where a result leads."""
        if self.kind is Kind.CONTACT:
            return f"/clients/{self.client_id}/contacts/{self.thing_id}"
        if self.kind is Kind.ROW:
            return f"/clients/{self.client_id}/areas/{self.place}/{self.thing_id}"
        if self.kind is Kind.MEETING:
            return f"/clients/{self.client_id}/meetings/{self.thing_id}"
        return f"/{self.kind}s/{self.thing_id}"
