"""What comes again: a deliverable that is owed every month, quarter or year, and is opened ahead of its day."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.calendar import months_later, quarter_of, working_day_until
from crm.core.columns import Code, Days, LineType, Prose
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, InternalOnly, under, within
from crm.core.twelve import OF, Area, Responsibility
from crm.engagements.people import Assignment
from crm.library.typical import MONTHS, SAID, Cadence


class Recurrence(EngagementOwned, InternalOnly, Model):
    """A deliverable of an engagement that comes again by itself."""

    __tablename__ = "recurrence"
    __table_args__ = (
        under("engagement"),
        within("assignment"),
        ForeignKeyConstraint(
            ["engagement_id", "area", "client_id"],
            ["area_scope.engagement_id", "area_scope.area", "area_scope.client_id"],
            name="fk_recurrence_area",
        ),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint("estimate > 0", name="estimate"),
        CheckConstraint("ahead >= 1 AND ahead <= 90", name="ahead"),
        CheckConstraint("cadence IN ('monthly', 'quarterly', 'half_yearly', 'yearly')", name="comes_again"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[Area]
    title: Mapped[str]
    type: Mapped[Code] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(LineType(1000), default="")
    cadence: Mapped[Cadence]
    first_due: Mapped[date]
    steps: Mapped[int] = mapped_column(default=0)  # from the first one to the next
    next_due: Mapped[date] = mapped_column(index=True)
    ahead: Mapped[int] = mapped_column(default=21)  # days before its day that it is opened
    estimate: Mapped[Days]
    assignment_id: Mapped[int | None] = mapped_column(index=True)
    criteria: Mapped[Prose] = mapped_column(default="")  # one criterion a line
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    assignment: Mapped[Assignment | None] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        """What the history calls it."""
        return self.title

    @property
    def responsibility(self) -> Responsibility:
        return OF[self.area]

    @property
    def rhythm(self) -> str:
        return SAID[self.cadence]

    @property
    def criteria_lines(self) -> list[str]:
        return self.criteria.splitlines()

    @property
    def opens_on(self) -> date:
        return self.next_due - timedelta(days=self.ahead)

    @property
    def after_next(self) -> date:
        return months_later(self.first_due, MONTHS[self.cadence] * (self.steps + 1))

    @property
    def next_title(self) -> str:
        """Board pack, November 2026: two of them are told apart."""
        return f"{self.title[:170]}, {period(self.cadence, self.next_due)}"

    def day_due(self, region: str) -> date:
        """The next one's day, or the working day before it."""
        return working_day_until(self.next_due, region)

    def step(self) -> None:
        """The next one is the one after."""
        self.next_due = self.after_next
        self.steps += 1

    def revise(
        self, *, area: Area, title: str, type: str, purpose: str, cadence: Cadence, next_due: date, ahead: int,  # noqa: A002
        estimate: Decimal, assignment_id: int | None, criteria_lines: list[str],
    ) -> None:  # fmt: skip
        if self.ended_on:
            raise Refused("This has ended already.")
        if (next_due, cadence) != (self.next_due, self.cadence):
            self.first_due, self.next_due, self.steps = next_due, next_due, 0
        self.area, self.title, self.type, self.purpose, self.cadence = area, title, type, purpose, cadence
        self.ahead, self.estimate, self.assignment_id = ahead, estimate, assignment_id
        self.criteria = "\n".join(criteria_lines)

    def end(self, on: date) -> None:
        """What was opened stays; no other follows."""
        if self.ended_on:
            raise Refused("This has ended already.")
        self.ended_on = on


def period(cadence: Cadence, day: date) -> str:
    """The stretch of time that a deliverable due on this day is for."""
    if cadence is Cadence.MONTHLY:
        return f"{day:%B %Y}"
    if cadence is Cadence.QUARTERLY:
        return f"quarter {(quarter_of(day).month + 2) // 3} of {day.year}"
    if cadence is Cadence.HALF_YEARLY:
        return f"{'first' if day.month <= 6 else 'second'} half of {day.year}"
    return str(day.year)
