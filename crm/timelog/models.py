"""Time: minutes of one person on one day, for one engagement and area or for the practice itself."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, InternalOnly, OwnWork, SponsorsOnly, under
from crm.core.twelve import OF, Area, Responsibility
from crm.deliverables.models import Deliverable
from crm.people.models import Person


class TimeKind(StrEnum):
    BILLABLE = "billable"
    GOODWILL = "goodwill"
    INTERNAL = "internal"
    PRESALES = "presales"
    TRAINING = "training"
    TRAVEL = "travel"


FOR_NOBODY = (TimeKind.INTERNAL, TimeKind.PRESALES, TimeKind.TRAINING, TimeKind.TRAVEL)  # need no engagement
A_DAY, A_LONG_DAY = 24 * 60, 12 * 60  # minutes: more is refused, more is warned of (invariant 9)
REASON = 10  # characters at least
INVOICED = (
    "{:%B %Y} was invoiced at this engagement: its time stays as it is. Correct it, or log what was forgotten, by an entry in "
    "the open month."
)


def fits(
    worked_on: date, minutes: int, *, logged: int, locked: date | None, today: date, invoiced: date | None = None
) -> None:
    """Invariants 9 and 10 for minutes that are to stand on a day beside those that stand there already."""
    if worked_on > today:
        raise Refused("That day is still to come. Log time for today or an earlier day.", "worked_on")
    if locked:
        raise Refused(f"{locked:%B %Y} is locked: its time can no longer be changed. Ask a partner.", "worked_on")
    if invoiced:
        raise Refused(INVOICED.format(invoiced), "worked_on")
    if logged + minutes > A_DAY:
        left = A_DAY - logged
        room = f"{left} more minutes fit in" if left > 0 else "no more fits in"
        raise Refused(f"A day has 24 hours: {logged // 60}:{logged % 60:02} are logged, {room}.", "duration")


class TimeEntry(OwnWork, SponsorsOnly, Model):
    """All that stands here the sponsor may read. Never hard deleted: voided, with a reason (invariant 11)."""

    __tablename__ = "time_entry"
    __table_args__ = (
        ForeignKeyConstraint(["engagement_id", "client_id"], ["engagement.id", "engagement.client_id"]),
        ForeignKeyConstraint(
            ["deliverable_id", "engagement_id", "client_id"],
            ["deliverable.id", "deliverable.engagement_id", "deliverable.client_id"],
        ),
        ForeignKeyConstraint(["adjusts_id"], ["time_entry.id"]),
        UniqueConstraint("id", "person_id"),
        UniqueConstraint("import_key"),
        CheckConstraint(
            "minutes BETWEEN 1 AND 1440 OR (adjusts_id IS NOT NULL AND minutes BETWEEN -1440 AND -1)", name="minutes"
        ),
        CheckConstraint("(engagement_id IS NULL) = (client_id IS NULL)", name="client_of_engagement"),
        CheckConstraint("engagement_id IS NULL OR area IS NOT NULL", name="area_of_engagement"),
        CheckConstraint(
            "engagement_id IS NOT NULL OR kind NOT IN ('billable', 'goodwill')", name="billable_has_engagement"
        ),
        Index("ix_time_entry_person_id_worked_on", "person_id", "worked_on"),
        Index(  # with all that the sums of months read, so that they read it alone
            "ix_time_entry_engagement_id_worked_on",
            *("engagement_id", "worked_on", "kind", "voided_at", "minutes", "client_id", "person_id"),
        ),
        Index("ix_time_entry_worked_on", "worked_on", "person_id", "kind", "minutes", "voided_at"),
        Index("ix_time_entry_client_id", "client_id"),
        Index(
            "ix_time_entry_outside",
            "worked_on",
            sqlite_where=literal_column("outside"),
            postgresql_where=literal_column("outside"),
        ),
        Index("ix_time_entry_deliverable_id", "deliverable_id"),
        Index("ix_time_entry_adjusts_id", "adjusts_id"),
        Index("ix_time_entry_import_batch_id", "import_batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    worked_on: Mapped[date]
    minutes: Mapped[int]
    kind: Mapped[TimeKind] = mapped_column(default=TimeKind.BILLABLE)
    area: Mapped[Area | None]
    deliverable_id: Mapped[int | None]
    client_note: Mapped[str] = mapped_column(LineType(500), default="")
    outside: Mapped[bool] = mapped_column(default=False)  # the dates agreed; the reason stands in TimeNote
    adjusts_id: Mapped[int | None]  # the entry of an invoiced month that this one corrects
    import_key: Mapped[str | None] = mapped_column(LineType(64))  # of an import: the same row is never taken twice
    import_batch_id: Mapped[int | None]  # which import brought it
    logged_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    adjusts: Mapped["TimeEntry | None"] = relationship(remote_side="TimeEntry.id", lazy="raise", viewonly=True)
    note: Mapped["TimeNote | None"] = relationship(back_populates="entry", lazy="raise")
    deliverable: Mapped[Deliverable | None] = relationship(
        foreign_keys="[TimeEntry.deliverable_id, TimeEntry.engagement_id, TimeEntry.client_id]",
        lazy="raise",
        viewonly=True,
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def responsibility(self) -> Responsibility | None:
        return OF[self.area] if self.area else None

    def revise(self, *, worked_on: date, minutes: int, kind: TimeKind, area: Area | None, deliverable_id: int | None,
               client_note: str, outside: bool) -> None:  # fmt: skip
        if self.voided_at:
            raise Refused("This entry is deleted; restore it before you change it.")
        if self.adjusts_id:
            raise Refused("This is a correction. Delete it and make another one where it is wrong.")
        self.worked_on, self.minutes, self.kind, self.area = worked_on, minutes, kind, area
        self.deliverable_id, self.client_note, self.outside = deliverable_id, client_note, outside

    def void(self, at: datetime) -> None:
        if self.voided_at:
            raise Refused("This entry is deleted already.")
        self.voided_at = at

    def restore(self) -> None:
        if not self.voided_at:
            raise Refused("This entry is not deleted.")
        if self.import_batch_id and not self.import_key:
            raise Refused("The import that brought this entry was undone. Import the file again.")
        self.voided_at = None


class TimeNote(OwnWork, InternalOnly, Model):
    """What the team says about an entry, and why it lies outside the agreed dates; never on the client's page."""

    __tablename__ = "time_note"
    __table_args__ = (
        ForeignKeyConstraint(["engagement_id", "client_id"], ["engagement.id", "engagement.client_id"]),
        ForeignKeyConstraint(["entry_id", "person_id"], ["time_entry.id", "time_entry.person_id"]),
        UniqueConstraint("entry_id"),
        Index("ix_time_note_person_id", "person_id"),
        Index("ix_time_note_engagement_id", "engagement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int]
    body: Mapped[str] = mapped_column(LineType(2000), default="")
    reason: Mapped[str] = mapped_column(LineType(500), default="")
    entry: Mapped[TimeEntry] = relationship(back_populates="note", lazy="raise")


class MonthState(StrEnum):
    OPEN = "open"
    INVOICED = "invoiced"


class EngagementMonth(EngagementOwned, InternalOnly, Model):
    """One engagement in one calendar month, once its statement is invoiced: from then on its time stays as it is, also
    where the practice opens the month again (invariants 10 and 19)."""

    __tablename__ = "engagement_month"
    __table_args__ = (under("engagement"), UniqueConstraint("engagement_id", "month"))

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(index=True)
    state: Mapped[MonthState] = mapped_column(default=MonthState.OPEN)
    invoice_number: Mapped[str] = mapped_column(LineType(40), default="")
    invoiced_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def invoice(self, number: str, at: datetime) -> None:
        """By the newest invoice of the month: one that was voided is followed by another."""
        self.state, self.invoice_number, self.invoiced_at = MonthState.INVOICED, number, at
