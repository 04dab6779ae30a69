from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import Figure, Money
from crm.core.ownership import under
from crm.registers.models import RegisterEntry, at_least_nothing, derived, leaf, marks, shares


class ServiceType(StrEnum):
    BUSINESS_APP = "business_app"
    PRODUCTIVITY = "productivity"
    INFRASTRUCTURE = "infrastructure"
    NETWORK = "network"
    SUPPORT = "support"


class Criticality(StrEnum):
    CRITICAL = "critical"
    IMPORTANT = "important"
    NORMAL = "normal"


class Sourcing(StrEnum):
    """Who provides it; shadow is what a department bought by itself."""

    IN_HOUSE = "in_house"
    BROKERED = "brokered"
    MANAGED_SERVICE = "managed_service"
    SHADOW = "shadow"


class Hosting(StrEnum):
    SAAS = "saas"
    CLOUD = "cloud"
    ON_PREMISES = "on_premises"
    HYBRID = "hybrid"


class OwnDevices(StrEnum):
    """Whether people reach it from devices of their own."""

    NONE = "none"
    MANAGED = "managed"
    UNMANAGED = "unmanaged"


class Service(RegisterEntry):
    """Something of technology that the client works with every day, whoever provides it."""

    __tablename__ = "service"
    __table_args__ = leaf(
        under("contact", by="business_owner_id"),
        at_least_nothing("users", "annual_cost", "energy_kwh_year"),
        shares("availability_target", "availability_actual"),
        marks("satisfaction"),
    )
    __mapper_args__ = {"polymorphic_identity": "service"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    type: Mapped[ServiceType]
    criticality: Mapped[Criticality]
    business_owner_id: Mapped[int | None]
    provider: Mapped[str] = mapped_column(default="")
    sourcing: Mapped[Sourcing]
    hosting: Mapped[Hosting | None]
    byod_access: Mapped[OwnDevices | None]
    users: Mapped[int | None]
    annual_cost: Mapped[Money | None]
    availability_target: Mapped[Figure | None]
    availability_actual: Mapped[Figure | None]
    satisfaction: Mapped[Figure | None]
    support_ends: Mapped[date | None]
    replacement_plan: Mapped[bool] = mapped_column(default=False)
    energy_kwh_year: Mapped[Figure | None]
    last_reviewed: Mapped[date | None]
    below_target: Mapped[bool] = derived()
    ungoverned: Mapped[bool] = derived()
    business_owner: Mapped[Contact | None] = relationship(
        foreign_keys="[Service.business_owner_id, Service.client_id]", lazy="joined", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.name

    @property
    def business_owner_name(self) -> str:
        return self.business_owner.name if self.business_owner else ""

    def derive(self) -> None:
        target, actual = self.availability_target, self.availability_actual
        self.below_target = target is not None and actual is not None and Decimal(actual) < Decimal(target)
        self.ungoverned = self.sourcing == Sourcing.SHADOW or self.byod_access == OwnDevices.UNMANAGED


class AssetType(StrEnum):
    LAPTOP = "laptop"
    DESKTOP = "desktop"
    PHONE = "phone"
    TABLET = "tablet"
    SERVER = "server"
    NETWORK = "network"
    PRINTER = "printer"
    OTHER = "other"


class WhoseAsset(StrEnum):
    COMPANY = "company"
    PERSONAL = "personal"


class AssetStage(StrEnum):
    PLAN = "plan"
    BUY = "buy"
    DEPLOY = "deploy"
    USE = "use"
    MAINTAIN = "maintain"
    RETIRE = "retire"
    DISPOSED = "disposed"


class AssetGroup(RegisterEntry):
    """Equipment of one kind and age, counted together."""

    __tablename__ = "asset_group"
    __table_args__ = leaf(at_least_nothing("count"))
    __mapper_args__ = {"polymorphic_identity": "asset_group"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    type: Mapped[AssetType]
    count: Mapped[int]
    owner_type: Mapped[WhoseAsset]
    oldest_purchase: Mapped[date | None]
    support_ends: Mapped[date | None]
    stage: Mapped[AssetStage]
    disposal_route: Mapped[str] = mapped_column(default="")

    @property
    def label(self) -> str:
        return self.name
