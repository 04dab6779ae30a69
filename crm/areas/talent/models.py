from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact, DepartmentKind
from crm.core.ownership import under
from crm.people.models import Person
from crm.registers.models import RegisterEntry, derived, leaf, levels


class Competency(StrEnum):
    """The six of a CPIO (competencies.yaml)."""

    PROFESSIONAL = "professional"
    SOCIAL = "social"
    MANAGERIAL = "managerial"
    TRANSFORMATIONAL = "transformational"
    BUSINESS = "business"
    INNOVATION = "innovation"


class PairStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED = "stopped"


SESSION_EVERY = timedelta(days=45)


class MentoringPair(RegisterEntry):
    """A mentor of the practice and a mentee of the client, with a goal. What they say to each other stays with them."""

    __tablename__ = "mentoring_pair"
    __table_args__ = leaf(
        under("contact", by="mentee_id"),
        levels("level_start", "level_now", "level_goal"),
        CheckConstraint("sessions_planned >= 0 AND sessions_held >= 0", name="sessions"),
    )
    __mapper_args__ = {"polymorphic_identity": "mentoring_pair"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    mentee_id: Mapped[int]
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    goal: Mapped[str]
    competency: Mapped[Competency]
    level_start: Mapped[int | None]
    level_now: Mapped[int | None]
    level_goal: Mapped[int | None]
    sessions_planned: Mapped[int | None]
    sessions_held: Mapped[int | None]
    last_session: Mapped[date | None]
    status: Mapped[PairStatus] = mapped_column(default=PairStatus.ACTIVE)
    mentee: Mapped[Contact] = relationship(
        foreign_keys="[MentoringPair.mentee_id, MentoringPair.client_id]", lazy="joined", viewonly=True
    )
    mentor: Mapped[Person] = relationship(foreign_keys="[MentoringPair.mentor_id]", lazy="joined", viewonly=True)

    @property
    def label(self) -> str:
        return self.goal

    @property
    def mentee_name(self) -> str:
        return self.mentee.name

    @property
    def mentor_name(self) -> str:
        return self.mentor.name

    def is_overdue(self, today: date) -> bool:
        """The last session is empty or more than 45 days ago."""
        return self.last_session is None or self.last_session < today - SESSION_EVERY


class Employment(StrEnum):
    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"
    PROVIDER = "provider"
    VACANT = "vacant"


class PlanState(StrEnum):
    """How far somebody's development plan is."""

    NONE = "none"
    DRAFT = "draft"
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class FlightRisk(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


ONE_TO_ONE_EVERY = timedelta(days=45)


class SkillRecord(RegisterEntry):
    """A role in technology, who fills it, and what it asks for against what is there."""

    __tablename__ = "skill_record"
    __table_args__ = leaf(levels("level_now", "level_needed"))
    __mapper_args__ = {"polymorphic_identity": "skill_record"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    role: Mapped[str]
    person: Mapped[str] = mapped_column(default="")
    department: Mapped[DepartmentKind]
    employment: Mapped[Employment]
    critical_role: Mapped[bool] = mapped_column(default=False)
    cover_named: Mapped[bool] = mapped_column(default=False)
    main_skill: Mapped[str]
    level_now: Mapped[int | None]
    level_needed: Mapped[int | None]
    skill_gap: Mapped[int | None] = derived()
    development_plan: Mapped[PlanState | None]
    last_one_to_one: Mapped[date | None]
    flight_risk: Mapped[FlightRisk | None]
    covered: Mapped[bool] = derived()

    @property
    def label(self) -> str:
        return self.role

    def derive(self) -> None:
        known = self.level_now is not None and self.level_needed is not None
        self.skill_gap = max((self.level_needed or 0) - (self.level_now or 0), 0) if known else None
        self.covered = bool(self.cover_named) and self.employment != Employment.VACANT
