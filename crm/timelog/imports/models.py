"""Imports of time: rows wait in a staging table until all of them are right, and names stay mapped."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import InternalOnly, PersonOwned
from crm.core.twelve import Area
from crm.people.models import Person


class Source(StrEnum):
    HARVEST = "harvest"
    TOGGL = "toggl"
    CLOCKIFY = "clockify"
    KIMAI = "kimai"
    SOLIDTIME = "solidtime"
    GENERIC = "generic"


class DayOrder(StrEnum):
    """How a file writes its dates: told by the whole column, or asked when it could be either."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class BatchState(StrEnum):
    ASKING = "asking"  # which comes first, the day or the month
    READING = "reading"  # now, or by the worker as soon as it comes to it
    NAMING = "naming"  # what the names mean here
    CHECKING = "checking"  # what each row would do: now, or by the worker
    CHECKED = "checked"
    TAKEN = "taken"
    DROPPED = "dropped"
    UNDONE = "undone"  # taken, and taken back whole


AT_WORK = (BatchState.READING, BatchState.CHECKING)


class NotesFor(StrEnum):
    """Who reads the notes of the other tool from now on."""

    INTERNAL = "internal"
    CLIENT = "client"


class ImportBatch(PersonOwned, InternalOnly, Model):
    """One file that somebody brought: whose it is, what it is, and how far it got."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_made_at", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    digest: Mapped[str] = mapped_column(LineType(64))
    source: Mapped[Source]
    encoding: Mapped[str] = mapped_column(LineType(30), default="utf-8")
    delimiter: Mapped[str] = mapped_column(LineType(1), default=",")
    header_line: Mapped[int] = mapped_column(default=1)
    day_order: Mapped[DayOrder | None]
    example: Mapped[str] = mapped_column(LineType(30), default="")  # a date of it that could be read either way
    notes_for: Mapped[NotesFor] = mapped_column(default=NotesFor.INTERNAL)
    reason: Mapped[str] = mapped_column(LineType(500), default="")  # of time outside the agreed dates
    state: Mapped[BatchState] = mapped_column(default=BatchState.READING)
    rows: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    outside: Mapped[int] = mapped_column(default=0)  # of the new ones: outside the agreed dates
    minutes: Mapped[int] = mapped_column(default=0)  # of the new ones
    bad: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    world: Mapped[str] = mapped_column(LineType(40), default="")  # what the rows were judged by, as a digest
    done: Mapped[int] = mapped_column(default=0)  # rows of the step at hand that are behind it
    lease_by: Mapped[str] = mapped_column(default="")  # whoever is at that step
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)  # how often that step was begun
    trouble: Mapped[str] = mapped_column(LineType(500), default="")  # why it was given up
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_over(self) -> bool:
        return self.state in {BatchState.TAKEN, BatchState.DROPPED, BatchState.UNDONE}

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def percent(self) -> int:
        """How much of the step at hand is behind it."""
        return min(100, 100 * self.done // self.rows) if self.rows else 0

    def be_read(self, order: DayOrder) -> None:
        """Which comes first, the day or the month, has been said or told by the dates themselves."""
        if self.state is not BatchState.ASKING:
            raise Refused("The dates of this file are read already.")
        self.day_order = order
        self._begin(BatchState.READING)

    def be_named(self) -> None:
        """All rows are there, and the names in them are known."""
        self._rest(BatchState.NAMING)

    def be_checked_by(self, *, notes_for: NotesFor, reason: str) -> None:
        """What the names mean was said; now each row is judged by it."""
        if self.state not in {BatchState.NAMING, BatchState.CHECKED}:
            raise Refused(f"The names of this import cannot be changed any more: it is {self.state.value}.")
        self.notes_for, self.reason = notes_for, reason
        self._begin(BatchState.CHECKING)

    def be_checked(self, at: datetime) -> None:
        self.checked_at = at
        self._rest(BatchState.CHECKED)

    def _begin(self, step: BatchState) -> None:
        self.state, self.done, self.tries, self.lease_by, self.lease_until = step, 0, 0, "", None

    def _rest(self, state: BatchState) -> None:
        self.state, self.lease_by, self.lease_until = state, "", None

    def take(self, at: datetime) -> None:
        if self.state is not BatchState.CHECKED:
            raise Refused(f"This import is {self.state.value}; only one that was checked can be taken.")
        if self.bad:
            raise Refused("Nothing was imported: some rows cannot be taken, and an import takes all or nothing.")
        if not self.new:
            raise Refused("There is nothing new in this file: every row is here already, empty or left out.")
        self.state, self.taken_at = BatchState.TAKEN, at

    def drop(self, trouble: str = "") -> None:
        if self.is_over:
            raise Refused(f"This import is {self.state.value} already.")
        self.trouble = trouble[:500]
        self._rest(BatchState.DROPPED)

    def undo(self, at: datetime) -> None:
        if self.state is not BatchState.TAKEN:
            raise Refused(f"This import is {self.state.value}; only one that was taken can be undone.")
        self.state, self.undone_at = BatchState.UNDONE, at


class ImportPart(PersonOwned, InternalOnly, Model):
    """A piece of a file that waits for somebody to say how its dates are meant. Gone once they have."""

    __tablename__ = "import_part"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    number: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class MappedKind(StrEnum):
    PERSON = "person"
    PROJECT = "project"  # client and project of the other tool: our engagement, or practice time
    TASK = "task"  # the other tool's task: our area


class ImportName(PersonOwned, InternalOnly, Model):
    """A name as a file writes it, how often, and what it means here once that is known."""

    __tablename__ = "import_name"
    __table_args__ = (UniqueConstraint("batch_id", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    kind: Mapped[MappedKind]
    name: Mapped[str] = mapped_column(LineType(420))  # its parts, with tabs between them
    code: Mapped[str] = mapped_column(default="")  # a project code, a mail address: what helps to guess
    rows: Mapped[int] = mapped_column(default=0)
    target: Mapped[str] = mapped_column(default="")  # as in MappedName; empty: nobody has said yet
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    engagement_id: Mapped[int | None]
    client_id: Mapped[int | None]
    time_kind: Mapped[str | None] = mapped_column(LineType(30))
    area: Mapped[Area | None]
    left_out: Mapped[bool] = mapped_column(default=False)

    @property
    def parts(self) -> list[str]:
        """Name and mail address of a person; client and project; a task alone."""
        return self.name.split("\t")


@dataclass(frozen=True)
class Meaning:
    """What a name of the other tool stands for here."""

    target: str = ""
    by_id: int | None = None
    engagement_id: int | None = None
    client_id: int | None = None
    time_kind: str | None = None
    area: Area | None = None
    left_out: bool = False


class Skip(StrEnum):
    """Why a row is not taken, though nothing is wrong with it."""

    NONE = "none"
    EMPTY = "empty"  # no time
    LEFT_OUT = "left_out"  # its project or person, on purpose


class ImportRow(PersonOwned, InternalOnly, Model):
    """One line of a file, as it was read and as it would be taken."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int]
    person_name_id: Mapped[int | None]  # of ImportName
    project_name_id: Mapped[int | None]
    task_name_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(LineType(2000), default="")
    date_text: Mapped[str] = mapped_column(default="")
    time_text: Mapped[str] = mapped_column(default="")
    worked_on: Mapped[date | None]
    month: Mapped[date | None]
    minutes: Mapped[int | None]
    billable: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[str] = mapped_column(LineType(40), default="")  # of what makes the row what it is
    problem: Mapped[str] = mapped_column(LineType(500), default="")  # why it cannot be read
    # Filled in when all names are known, and again when the names change:
    skip: Mapped[Skip] = mapped_column(default=Skip.NONE)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    engagement_id: Mapped[int | None]
    client_id: Mapped[int | None]
    kind: Mapped[str | None] = mapped_column(LineType(30))
    area: Mapped[Area | None]
    outside: Mapped[bool] = mapped_column(default=False)
    import_key: Mapped[str | None] = mapped_column(LineType(64))
    is_known: Mapped[bool] = mapped_column(default=False)  # taken by an earlier run
    refusal: Mapped[str] = mapped_column(LineType(500), default="")  # why it may not be taken


class MappedName(PersonOwned, InternalOnly, Model):
    """What a name in another tool means here, remembered for whoever said so."""

    __tablename__ = "mapped_name"
    __table_args__ = (UniqueConstraint("person_id", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MappedKind]
    name: Mapped[str] = mapped_column(LineType(420))
    target: Mapped[str]  # a mail address, ENG-014, an area's code, a kind of practice time, or skip
    said_at: Mapped[datetime]
