from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import Figure, Money
from crm.core.errors import Refused
from crm.registers.models import RegisterEntry, WithOwner, at_least_nothing, derived, leaf, marks, names, owned, shares


class Tier(StrEnum):
    STRATEGIC = "strategic"
    IMPORTANT = "important"
    COMMODITY = "commodity"


class ContractStatus(StrEnum):
    ACTIVE = "active"
    IN_NOTICE = "in_notice"
    ENDED = "ended"


class RenewalDecision(StrEnum):
    UNDECIDED = "undecided"
    RENEW = "renew"
    RENEGOTIATE = "renegotiate"
    REPLACE = "replace"
    EXIT = "exit"


REVIEW_EVERY = timedelta(days=100)
SLA_WANTED, SATISFACTION_WANTED = Decimal(95), Decimal(3)


class VendorContract(WithOwner, RegisterEntry):
    """What a vendor has promised, for how long, and how early one must speak to get out."""

    __tablename__ = "vendor_contract"
    __table_args__ = leaf(
        *owned(),
        Index("ix_vendor_contract_notice_by", "notice_by", "client_id"),
        at_least_nothing("annual_cost", "notice_days"),
        shares("sla_met"),
        marks("satisfaction"),
        CheckConstraint('"end" >= start', name="ends_after"),
    )
    __mapper_args__ = {"polymorphic_identity": "vendor_contract"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    vendor: Mapped[str]
    what: Mapped[str]
    service_id: Mapped[int | None] = names("service")
    tier: Mapped[Tier]
    status: Mapped[ContractStatus] = mapped_column(default=ContractStatus.ACTIVE)
    annual_cost: Mapped[Money]
    start: Mapped[date | None]
    end: Mapped[date | None]
    notice_days: Mapped[int | None]
    notice_by: Mapped[date | None] = derived()
    auto_renew: Mapped[bool] = mapped_column(default=False)
    decision: Mapped[RenewalDecision] = mapped_column(default=RenewalDecision.UNDECIDED)
    decided_on: Mapped[date | None]
    sla_met: Mapped[Figure | None]
    satisfaction: Mapped[Figure | None]
    last_review: Mapped[date | None]
    review_due: Mapped[date] = derived()
    alternatives_checked: Mapped[date | None]
    exit_plan: Mapped[bool] = mapped_column(default=False)
    personal_data: Mapped[bool | None]  # none: not known
    data_terms_signed: Mapped[bool] = mapped_column(default=False)
    complete: Mapped[bool] = derived()
    underperforming: Mapped[bool] = derived()
    data_not_covered: Mapped[bool] = derived()
    service: Mapped[RegisterEntry | None] = relationship(
        "Service", foreign_keys="[VendorContract.service_id, VendorContract.client_id]", lazy="raise", viewonly=True
    )

    @property
    def label(self) -> str:
        return f"{self.vendor}, {self.what}"

    def must_be_undecided(self) -> None:
        if self.decision is not RenewalDecision.UNDECIDED:
            raise Refused(f"This contract is decided already: {self.decision.value}.")

    def derive(self) -> None:
        self.notice_by = self.end and self.end - timedelta(days=self.notice_days or 0)
        self.review_due = (self.last_review or self.start or self.made_on) + REVIEW_EVERY
        self.complete = self.has_owner and self.end is not None and self.notice_days is not None
        slipped = self.sla_met is not None and Decimal(self.sla_met) < SLA_WANTED
        unloved = self.satisfaction is not None and Decimal(self.satisfaction) < SATISFACTION_WANTED
        self.underperforming = slipped or unloved
        self.data_not_covered = self.personal_data is not False and not self.data_terms_signed
