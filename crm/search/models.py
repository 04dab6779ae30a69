"""The search index: one line for each thing that can be found, kept true in the transaction that changes it.

The full-text structures over it are each engine's own and stand in the migration."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import LineType, Prose
from crm.core.db import Model
from crm.core.ownership import Indexed


class SearchLine(Indexed, Model):
    """What one client, contact, engagement or deliverable is found by. Seen as the thing itself is seen."""

    __tablename__ = "search_line"
    __table_args__ = (UniqueConstraint("kind", "thing_id"), Index("ix_search_line_code", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(LineType(30))
    thing_id: Mapped[int]
    code: Mapped[str] = mapped_column(LineType(30), default="")
    title: Mapped[str]
    beside: Mapped[str] = mapped_column(default="")  # what stands beside the title in a result
    folded: Mapped[Prose]  # everything it is found by, in lower case without accents
