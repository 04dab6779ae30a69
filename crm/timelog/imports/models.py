"""Imports of time: rows wait in a staging table until all of them are right, and names stay mapped."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.ownership import InternalOnly, PersonOwned


class Source(StrEnum):
    HARVEST = "harvest"
    TOGGL = "toggl"
    CLOCKIFY = "clockify"
    GENERIC = "generic"


class DayOrder(StrEnum):
    """How a file writes its dates: told by the whole column, or asked when it could be either."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class BatchState(StrEnum):
    READING = "reading"
    CHECKED = "checked"
    TAKEN = "taken"
    DROPPED = "dropped"


class ImportBatch(PersonOwned, InternalOnly, Model):
    """One file that somebody brought: whose it is, what it is, and how far it got."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    digest: Mapped[str]
    source: Mapped[Source]
    day_order: Mapped[DayOrder | None]
    state: Mapped[BatchState] = mapped_column(default=BatchState.READING)
    rows: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ImportRow(PersonOwned, InternalOnly, Model):
    """One line of a file, as it was read and as it would be taken."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        Index("ix_import_row_batch_id_names", "batch_id", "client_name", "project_name", "task_name"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    line: Mapped[int]
    person_name: Mapped[str] = mapped_column(default="")
    person_mail: Mapped[str] = mapped_column(default="")
    client_name: Mapped[str] = mapped_column(default="")
    project_name: Mapped[str] = mapped_column(default="")
    task_name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(LineType(2000), default="")
    date_text: Mapped[str] = mapped_column(default="")
    worked_on: Mapped[date | None]
    minutes: Mapped[int | None]
    billable: Mapped[bool] = mapped_column(default=True)
    import_key: Mapped[str | None] = mapped_column(LineType(64))
    is_known: Mapped[bool] = mapped_column(default=False)  # taken by an earlier run
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who worked
    engagement_id: Mapped[int | None]
    client_id: Mapped[int | None]
    area: Mapped[str | None] = mapped_column(LineType(3))
    kind: Mapped[str | None] = mapped_column(LineType(30))
    problem: Mapped[str] = mapped_column(LineType(500), default="")


class MappedKind(StrEnum):
    PERSON = "person"
    PROJECT = "project"  # client and project of the other tool: our engagement, or practice time
    TASK = "task"  # the other tool's task: our area


class MappedName(PersonOwned, InternalOnly, Model):
    """What a name in another tool means here, remembered for whoever said so."""

    __tablename__ = "mapped_name"
    __table_args__ = (UniqueConstraint("person_id", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MappedKind]
    name: Mapped[str] = mapped_column(LineType(420))
    target: Mapped[str]  # a mail address, ENG-014, an area's code, or practice
    said_at: Mapped[datetime]
