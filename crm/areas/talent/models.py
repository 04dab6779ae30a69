from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.ownership import under
from crm.people.models import Person
from crm.registers.models import RegisterEntry


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
    __table_args__ = (
        under("register_entry", by="id"),
        under("contact", by="mentee_id"),
        UniqueConstraint("id", "client_id"),
        CheckConstraint(
            "level_start BETWEEN 0 AND 5 AND level_now BETWEEN 0 AND 5 AND level_goal BETWEEN 0 AND 5", name="levels"
        ),
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
