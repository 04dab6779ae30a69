from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Contact
from crm.core.columns import LineType
from crm.core.ownership import under
from crm.registers.models import RegisterEntry, WithOwner, at_least_nothing, derived, leaf, owned


class ObligationOrigin(StrEnum):
    """Where the duty comes from. The book calls it the source; the stem's own source says where a row came from."""

    LAW = "law"
    REGULATION = "regulation"
    CONTRACT = "contract"
    STANDARD = "standard"
    INSURANCE = "insurance"
    POLICY = "policy"


class Topic(StrEnum):
    DATA_PROTECTION = "data_protection"
    SECURITY = "security"
    RECORDS = "records"
    FINANCIAL = "financial"
    ACCESSIBILITY = "accessibility"
    ENERGY_ENVIRONMENT = "energy_environment"
    BYOD = "byod"
    CLOUD = "cloud"
    ACCEPTABLE_USE = "acceptable_use"
    AI = "ai"
    SECTOR = "sector"
    OTHER = "other"


class ObligationStatus(StrEnum):
    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"


class Impact(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


CHECK_EVERY, POLICY_KEEPS = 365, timedelta(days=365)


class Obligation(WithOwner, RegisterEntry):
    """A duty from law, contract, standard or one's own policy, and whether it is met."""

    __tablename__ = "obligation"
    __table_args__ = leaf(
        *owned(), under("contact", by="approved_by_id"), at_least_nothing("check_interval_days", "department_variants"),
    )  # fmt: skip
    __mapper_args__ = {"polymorphic_identity": "obligation"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    origin: Mapped[ObligationOrigin]
    topic: Mapped[Topic]
    why_it_applies: Mapped[str] = mapped_column(LineType(500), default="")
    status: Mapped[ObligationStatus] = mapped_column(default=ObligationStatus.NOT_ASSESSED)
    impact: Mapped[Impact]
    check_interval_days: Mapped[int | None]
    last_checked: Mapped[date | None]
    next_check_due: Mapped[date] = derived()
    evidence_url: Mapped[str] = mapped_column(LineType(1000), default="")
    approved_by_id: Mapped[int | None]
    approved_on: Mapped[date | None]
    department_variants: Mapped[int | None]
    approved_by: Mapped[Contact | None] = relationship(
        foreign_keys="[Obligation.approved_by_id, Obligation.client_id]", lazy="joined", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.title

    @property
    def approved_by_name(self) -> str:
        return self.approved_by.name if self.approved_by else ""

    def derive(self) -> None:
        every = CHECK_EVERY if self.check_interval_days is None else self.check_interval_days
        self.next_check_due = (self.last_checked or self.made_on) + timedelta(days=every)
