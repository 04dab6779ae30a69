"""Templates that the practice has written for itself, beside the book's."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import Days, LineType, Prose
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import InternalOnly
from crm.core.twelve import OF, Area, Responsibility
from crm.library.typical import SAID, Cadence, Template
from crm.people.models import Person

OWN = "OWN-"


class OwnTemplate(InternalOnly, Model):
    """A deliverable as this practice usually makes it."""

    __tablename__ = "own_template"
    __table_args__ = (CheckConstraint("days > 0", name="days"), Index("ix_own_template_name", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[Area]
    name: Mapped[str]
    days: Mapped[Days]
    cadence: Mapped[Cadence]
    what: Mapped[str] = mapped_column(LineType(500), default="")
    outline: Mapped[Prose] = mapped_column(default="")  # one heading a line
    criteria: Mapped[Prose] = mapped_column(default="")  # one criterion a line
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    author: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def key(self) -> str:
        return f"{OWN}{self.id}"

    @property
    def code(self) -> str:
        """What the history calls it."""
        return self.key

    @property
    def responsibility(self) -> Responsibility:
        return OF[self.area]

    @property
    def rhythm(self) -> str:
        return SAID[self.cadence]

    @property
    def outline_lines(self) -> list[str]:
        return self.outline.splitlines()

    @property
    def criteria_lines(self) -> list[str]:
        return self.criteria.splitlines()

    def revise(
        self, *, area: Area, name: str, days: Days, cadence: Cadence, what: str, outline: list[str], criteria: list[str]
    ) -> None:
        self.area, self.name, self.days, self.cadence, self.what = area, name, days, cadence, what
        self.outline, self.criteria = "\n".join(outline), "\n".join(criteria)

    def archive(self, at: datetime) -> None:
        """Offered to nobody any more; what was made from it keeps its key."""
        if self.archived_at:
            raise Refused("This template is archived already.")
        self.archived_at = at

    def restore(self) -> None:
        if not self.archived_at:
            raise Refused("This template is in use already.")
        self.archived_at = None

    def as_template(self) -> Template:
        return Template(
            self.key, self.area, self.name, self.days, self.cadence, self.what, tuple(self.outline_lines),
            tuple(self.criteria_lines),
        )  # fmt: skip
