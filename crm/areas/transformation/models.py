from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from crm.clients.models import DepartmentKind
from crm.core.columns import Figure, Money, Prose
from crm.registers.models import (
    Departments,
    RegisterEntry,
    ValueType,
    WithOwner,
    at_least_nothing,
    derived,
    leaf,
    marks,
    owned,
)


class ChangeStep(StrEnum):
    """The five steps that a person goes through in a change."""

    AWARENESS = "awareness"
    DESIRE = "desire"
    KNOWLEDGE = "knowledge"
    ABILITY = "ability"
    REINFORCEMENT = "reinforcement"


class ImprovementStage(StrEnum):
    CANDIDATE = "candidate"
    MAPPED = "mapped"
    REDESIGNED = "redesigned"
    BUILDING = "building"
    LIVE = "live"
    BENEFIT_CONFIRMED = "benefit_confirmed"
    DROPPED = "dropped"


class ProcessImprovement(WithOwner, RegisterEntry):
    """A way of working that is being made better, measured before and after."""

    __tablename__ = "process_improvement"
    __table_args__ = leaf(
        *owned(),
        at_least_nothing(
            "hours_per_month_before", "hours_per_month_after", "annual_value_expected", "annual_value_realised"
        ),
    )
    __mapper_args__ = {"polymorphic_identity": "process_improvement"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]  # the book says process, a name that forms keep for themselves
    problem: Mapped[Prose]
    owner_department: Mapped[DepartmentKind | None]
    departments: Mapped[Departments]
    measure: Mapped[str] = mapped_column(default="")
    baseline: Mapped[Figure | None]
    target: Mapped[Figure | None]
    current: Mapped[Figure | None]
    hours_per_month_before: Mapped[Figure | None]
    hours_per_month_after: Mapped[Figure | None]
    value_type: Mapped[ValueType]
    annual_value_expected: Mapped[Money | None]
    annual_value_realised: Mapped[Money | None]
    weakest_change_step: Mapped[ChangeStep | None]
    stage: Mapped[ImprovementStage] = mapped_column(default=ImprovementStage.CANDIDATE)
    go_live_due: Mapped[date | None]
    benefit_check_due: Mapped[date | None]
    benefit_checked_on: Mapped[date | None]
    business_owned: Mapped[bool] = derived()

    @property
    def label(self) -> str:
        return self.title

    def derive(self) -> None:
        elsewhere = self.owner_department is not None and self.owner_department != DepartmentKind.IT
        self.business_owned = self.has_owner and elsewhere


class ChannelType(StrEnum):
    WEBSITE = "website"
    SHOP = "shop"
    PORTAL = "portal"
    APP = "app"
    MARKETPLACE = "marketplace"
    SOCIAL = "social"


class DigitalChannel(WithOwner, RegisterEntry):
    """Where the client's customers meet it online."""

    __tablename__ = "digital_channel"
    __table_args__ = leaf(*owned(), at_least_nothing("revenue_last_quarter", "revenue_year_ago"), marks("satisfaction"))
    __mapper_args__ = {"polymorphic_identity": "digital_channel"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    type: Mapped[ChannelType]
    revenue_last_quarter: Mapped[Money | None]
    revenue_year_ago: Mapped[Money | None]
    satisfaction: Mapped[Figure | None]
    last_reviewed: Mapped[date | None]

    @property
    def label(self) -> str:
        return self.name
