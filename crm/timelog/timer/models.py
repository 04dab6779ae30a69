"""The timer of a person: one, which runs, was stopped, or is free."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import InternalOnly, PersonOwned


class TimerState(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    STOPPED = "stopped"  # its time is not logged yet


class Timer(PersonOwned, InternalOnly, Model):
    """The one timer of a person: what it runs for, as a line, and since when. It is kept and used again."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("person_id"),
        CheckConstraint("ended_at IS NULL OR begun_at IS NOT NULL", name="begun_before_ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(LineType(1000), default="")
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def state(self) -> TimerState:
        if self.begun_at is None:
            return TimerState.IDLE
        return TimerState.STOPPED if self.ended_at else TimerState.RUNNING

    def start(self, line: str, at: datetime) -> None:
        if self.begun_at is not None:
            raise Refused("Your timer runs already. Stop it first, and log its time or drop it.")
        self.line, self.begun_at, self.ended_at = line, at, None

    def stop(self, at: datetime) -> None:
        if self.state is not TimerState.RUNNING:
            raise Refused("Your timer does not run.")
        self.ended_at = at

    def go_on(self) -> None:
        """It was stopped too early: the time between counts."""
        if self.state is not TimerState.STOPPED:
            raise Refused("Your timer was not stopped.")
        self.ended_at = None

    def hand_over(self) -> None:
        """Its time is logged."""
        if self.state is not TimerState.STOPPED:
            raise Refused("Your timer was not stopped: its time may be logged already.")
        self.clear()

    def clear(self) -> None:
        """Free for the next time; what it ran is not wanted, or logged."""
        if self.begun_at is None:
            raise Refused("Your timer does not run.")
        self.line, self.begun_at, self.ended_at = "", None, None
