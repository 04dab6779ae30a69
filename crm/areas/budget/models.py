from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import DepartmentKind
from crm.core.columns import Figure, LineType, Money
from crm.core.words import half_up
from crm.registers.models import RegisterEntry, WithOwner, at_least_nothing, derived, leaf, names, owned


class BudgetCategory(StrEnum):
    PEOPLE = "people"
    SOFTWARE = "software"
    CLOUD = "cloud"
    HARDWARE = "hardware"
    CONNECTIVITY = "connectivity"
    SECURITY = "security"
    PROJECTS = "projects"
    SERVICES = "services"
    TRAINING = "training"
    ENERGY = "energy"


class Spending(StrEnum):
    """What the money does for the business."""

    RUN = "run"
    GROW = "grow"
    TRANSFORM = "transform"


UPDATE_EVERY = timedelta(days=45)
BEYOND = Decimal(999_999)  # per cent: a budget of a penny says no more than that


class BudgetLine(WithOwner, RegisterEntry):
    """One line of the technology budget of a year: agreed, spent and expected."""

    __tablename__ = "budget_line"
    __table_args__ = leaf(
        *owned(), at_least_nothing("annual_budget", "ytd_budget"),
    )  # fmt: skip
    __mapper_args__ = {"polymorphic_identity": "budget_line"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    fiscal_year: Mapped[str] = mapped_column(LineType(20))
    category: Mapped[BudgetCategory]
    type: Mapped[Spending]
    capex: Mapped[bool] = mapped_column(default=False)
    department: Mapped[DepartmentKind | None]
    contract_id: Mapped[int | None] = names("vendor_contract")
    annual_budget: Mapped[Money]
    ytd_budget: Mapped[Money | None]
    ytd_actual: Mapped[Money | None]
    forecast_full_year: Mapped[Money | None]
    approved: Mapped[bool] = mapped_column(default=False)
    last_update: Mapped[date | None]
    over_by_pct: Mapped[Figure | None] = derived()
    unowned_or_unapproved: Mapped[bool] = derived()
    contract: Mapped[RegisterEntry | None] = relationship(
        "VendorContract", foreign_keys="[BudgetLine.contract_id, BudgetLine.client_id]", lazy="raise", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.name

    def derive(self) -> None:
        self.over_by_pct = None
        if self.forecast_full_year is not None and self.annual_budget:
            over = Decimal(self.forecast_full_year - self.annual_budget) * 100 / self.annual_budget
            self.over_by_pct = half_up(min(over, BEYOND), 2)
        self.unowned_or_unapproved = not self.has_owner or (not self.approved and (self.ytd_actual or 0) > 0)


class SavingType(StrEnum):
    COST_OUT = "cost_out"
    COST_AVOIDED = "cost_avoided"
    EFFICIENCY = "efficiency"


class Proof(StrEnum):
    NONE = "none"
    ESTIMATE = "estimate"
    INVOICE = "invoice"
    LEDGER = "ledger"


PROVEN = (Proof.INVOICE, Proof.LEDGER)


class SavingStatus(StrEnum):
    IDEA = "idea"
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    REALISED = "realised"
    DROPPED = "dropped"


class Saving(RegisterEntry):
    """Money that shall come out, and the proof that it did."""

    __tablename__ = "saving"
    __table_args__ = leaf(at_least_nothing("annual_target", "annual_realised"))
    __mapper_args__ = {"polymorphic_identity": "saving"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    type: Mapped[SavingType]
    annual_target: Mapped[Money]
    annual_realised: Mapped[Money | None]
    proof: Mapped[Proof] = mapped_column(default=Proof.NONE)
    due: Mapped[date | None]
    status: Mapped[SavingStatus] = mapped_column(default=SavingStatus.IDEA)
    contract_id: Mapped[int | None] = names("vendor_contract")
    department: Mapped[DepartmentKind | None]
    contract: Mapped[RegisterEntry | None] = relationship(
        "VendorContract", foreign_keys="[Saving.contract_id, Saving.client_id]", lazy="raise", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.title

    @property
    def contract_label(self) -> str:
        return self.contract.label if self.contract else ""
