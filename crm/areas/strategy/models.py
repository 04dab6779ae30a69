from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.calendar import quarter_end, quarter_of
from crm.core.columns import Figure, Money, Prose
from crm.core.errors import Refused
from crm.core.ownership import under
from crm.core.twelve import Area
from crm.core.words import quarter, short_day
from crm.registers.models import (
    Departments,
    RegisterEntry,
    ValueType,
    WithOwner,
    at_least_nothing,
    derived,
    leaf,
    owned,
)


class ObjectiveStatus(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    MET = "met"
    DROPPED = "dropped"


class Objective(WithOwner, RegisterEntry):
    """A business goal of the client that technology serves, tied to the mission."""

    __tablename__ = "objective"
    __table_args__ = leaf(*owned())
    __mapper_args__ = {"polymorphic_identity": "objective"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    mission_link: Mapped[str]
    measure: Mapped[str] = mapped_column(default="")
    target: Mapped[Figure | None]
    current: Mapped[Figure | None]
    due: Mapped[date | None]
    status: Mapped[ObjectiveStatus] = mapped_column(default=ObjectiveStatus.ON_TRACK)

    @property
    def label(self) -> str:
        return self.title


class InitiativeStatus(StrEnum):
    IDEA = "idea"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


LIVE = (InitiativeStatus.APPROVED, InitiativeStatus.ACTIVE)
OVER = (InitiativeStatus.DONE, InitiativeStatus.STOPPED)
UPDATE_EVERY = timedelta(days=45)


class Initiative(WithOwner, RegisterEntry):
    """A change that serves an objective, told on four lenses: people, process, project and technology."""

    __tablename__ = "initiative"
    __table_args__ = leaf(
        *owned(),
        under("objective"),
        under("contact", by="sponsor_id"),
        at_least_nothing("annual_value", "one_off_cost"),
    )
    __mapper_args__ = {"polymorphic_identity": "initiative"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    objective_id: Mapped[int | None] = mapped_column(index=True)
    mission_link: Mapped[str] = mapped_column(default="")
    people_change: Mapped[Prose] = mapped_column(default="")
    process_change: Mapped[Prose] = mapped_column(default="")
    project_plan: Mapped[Prose] = mapped_column(default="")
    technology_change: Mapped[Prose] = mapped_column(default="")
    departments: Mapped[Departments]
    sponsor_id: Mapped[int | None]
    status: Mapped[InitiativeStatus] = mapped_column(default=InitiativeStatus.IDEA)
    start: Mapped[date | None]
    due: Mapped[date | None]
    baseline_due: Mapped[date | None]
    value_type: Mapped[ValueType | None]
    annual_value: Mapped[Money | None]
    one_off_cost: Mapped[Money | None]
    last_update: Mapped[date | None]
    serves_area: Mapped[Area | None]  # none: strategy itself
    lens_count: Mapped[int] = derived()
    department_count: Mapped[int] = derived()
    owner_and_sponsor: Mapped[bool] = derived()
    objective: Mapped[Objective | None] = relationship(
        foreign_keys="[Initiative.objective_id, Initiative.client_id]", lazy="raise", viewonly=True
    )
    sponsor: Mapped[Contact | None] = relationship(
        foreign_keys="[Initiative.sponsor_id, Initiative.client_id]", lazy="joined", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.title

    @property
    def objective_title(self) -> str:
        return self.objective.title if self.objective else ""

    @property
    def sponsor_name(self) -> str:
        return self.sponsor.name if self.sponsor else ""

    @property
    def lenses(self) -> dict[str, bool]:
        """Which of the four are told."""
        told = {
            "people": self.people_change,
            "process": self.process_change,
            "project": self.project_plan,
            "technology": self.technology_change,
        }
        return {lens: bool(text and text.strip()) for lens, text in told.items()}

    @property
    def is_technology_only(self) -> bool:
        return [lens for lens, is_told in self.lenses.items() if is_told] == ["technology"]

    def derive(self) -> None:
        self.lens_count = sum(self.lenses.values())
        self.department_count = len(self.departments or ())
        self.owner_and_sponsor = self.has_owner and self.sponsor_id is not None

    @property
    def planned_for(self) -> date | None:
        """The day that it stands under on the roadmap: the one due now, or else the one agreed first."""
        return self.due or self.baseline_due

    @property
    def quarter(self) -> date | None:
        return quarter_of(self.due) if self.due else None

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    def move_to(self, chosen: date) -> None:
        """Due at the end of that quarter. The day agreed first stays (invariant 8)."""
        self.must_be_in_use()
        if self.is_over:
            raise Refused("What is done or stopped is not moved.")
        if self.quarter == chosen:
            raise Refused(f"It is due in {quarter(chosen)} already: choose another quarter.", "quarter")
        if self.start and quarter_end(chosen) < self.start:
            raise Refused(f"It begins on {short_day(self.start)}: it cannot be due before that.", "quarter")
        self.due = quarter_end(chosen)

    @property
    def payback_months(self) -> Decimal | None:
        """F14: the one-off cost over the value of a month."""
        if self.one_off_cost is None or not self.annual_value:
            return None
        return Decimal(self.one_off_cost) * 12 / self.annual_value
