from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import Figure, Money, Prose
from crm.core.ownership import under
from crm.core.twelve import Area
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

    def derive(self) -> None:
        lenses = (self.people_change, self.process_change, self.project_plan, self.technology_change)
        self.lens_count = sum(bool(text and text.strip()) for text in lenses)
        self.department_count = len(self.departments or ())
        self.owner_and_sponsor = self.has_owner and self.sponsor_id is not None

    def is_baseline_overdue(self, today: date) -> bool:
        """The baseline day is empty or past."""
        return self.baseline_due is None or self.baseline_due < today

    def is_update_overdue(self, today: date) -> bool:
        """The last update is empty or more than 45 days ago."""
        return self.last_update is None or self.last_update < today - UPDATE_EVERY

    @property
    def payback_months(self) -> Decimal | None:
        """F14: the one-off cost over the value of a month."""
        if self.one_off_cost is None or not self.annual_value:
            return None
        return Decimal(self.one_off_cost) * 12 / self.annual_value
