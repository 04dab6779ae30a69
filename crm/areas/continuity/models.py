from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import Figure, LineType
from crm.core.ownership import under
from crm.registers.models import RegisterEntry, at_least_nothing, derived, leaf, names


class ExerciseResult(StrEnum):
    NONE = "none"
    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"


class Backup(StrEnum):
    NONE = "none"
    UNVERIFIED = "unverified"
    VERIFIED = "verified"


EXERCISE_EVERY, RESTORE_EVERY = 365, timedelta(days=180)


class CriticalService(RegisterEntry):
    """What the business cannot be without for long: how long it bears it, and how fast it came back when tried."""

    __tablename__ = "critical_service"
    __table_args__ = leaf(
        under("contact", by="business_owner_id"),
        at_least_nothing(
            "mtpd_hours", "rto_hours", "rpo_hours", "rto_reached_hours", "rpo_reached_hours", "exercise_interval_days"
        ),
    )
    __mapper_args__ = {"polymorphic_identity": "critical_service"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    service_id: Mapped[int | None] = names("service")
    business_owner_id: Mapped[int | None]
    mtpd_hours: Mapped[Figure | None]  # what the business can bear
    rto_hours: Mapped[Figure | None]  # back within
    rpo_hours: Mapped[Figure | None]  # work lost at most
    rto_reached_hours: Mapped[Figure | None]
    rpo_reached_hours: Mapped[Figure | None]
    last_exercise: Mapped[date | None]
    exercise_interval_days: Mapped[int | None]
    next_exercise_due: Mapped[date] = derived()
    exercise_result: Mapped[ExerciseResult] = mapped_column(default=ExerciseResult.NONE)
    backup: Mapped[Backup] = mapped_column(default=Backup.NONE)
    last_restore_test: Mapped[date | None]
    offline_copy: Mapped[bool] = mapped_column(default=False)
    plan_url: Mapped[str] = mapped_column(LineType(1000), default="")
    plan_updated: Mapped[date | None]
    single_point_of_failure: Mapped[bool] = mapped_column(default=False)
    targets_agreed: Mapped[bool] = derived()
    target_missed: Mapped[bool] = derived()
    service: Mapped[RegisterEntry | None] = relationship(
        "Service", foreign_keys="[CriticalService.service_id, CriticalService.client_id]", lazy="raise", viewonly=True
    )
    business_owner: Mapped[Contact | None] = relationship(
        foreign_keys="[CriticalService.business_owner_id, CriticalService.client_id]", lazy="joined", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.name

    @property
    def business_owner_name(self) -> str:
        return self.business_owner.name if self.business_owner else ""

    def derive(self) -> None:
        every = EXERCISE_EVERY if self.exercise_interval_days is None else self.exercise_interval_days
        self.next_exercise_due = (self.last_exercise or self.made_on) + timedelta(days=every)
        self.targets_agreed = exceeds(self.mtpd_hours, self.rto_hours) and self.rpo_hours is not None
        failed = self.exercise_result == ExerciseResult.FAIL
        self.target_missed = failed or self.came_back_late or self.lost_too_much or self.is_unbearable

    @property
    def came_back_late(self) -> bool:
        return exceeds(self.rto_reached_hours, self.rto_hours)

    @property
    def lost_too_much(self) -> bool:
        return exceeds(self.rpo_reached_hours, self.rpo_hours)

    @property
    def is_unbearable(self) -> bool:
        """What was agreed is not less than what the business can bear."""
        known = self.mtpd_hours is not None and self.rto_hours is not None
        return known and not exceeds(self.mtpd_hours, self.rto_hours)

    @property
    def target_met(self) -> bool:
        """Both were measured when it was last tried, and neither was missed (BCD-K2)."""
        targets = (self.rto_hours, self.rpo_hours, self.rto_reached_hours, self.rpo_reached_hours)
        return self.last_exercise is not None and None not in targets and not self.target_missed

    def is_exercise_overdue(self, today: date) -> bool:
        """There never was one, or the next is past due."""
        return self.last_exercise is None or self.next_exercise_due < today

    def is_restore_test_overdue(self, today: date) -> bool:
        """The last restore is empty or more than 180 days ago."""
        return self.last_restore_test is None or self.last_restore_test < today - RESTORE_EVERY


def exceeds(one: Decimal | None, other: Decimal | None) -> bool:
    """More than the other; what is not known exceeds nothing."""
    return one is not None and other is not None and Decimal(one) > Decimal(other)
