"""What is agreed on the days of a retainer and on the price of a day, month by month, and the months whose figures are invoiced."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Dialect, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import Days, Money
from crm.core.db import Model
from crm.core.ownership import EngagementOwned, LeadsOnly, SponsorsOnly, under, within
from crm.engagements.states import Overage

HOURS_A_DAY = Decimal("7.5")
LONGEST_KEPT = 12  # months that unused days may keep


class Unit(StrEnum):
    """In what the days of a month were agreed."""

    DAYS = "days"
    HOURS = "hours"

    def in_days(self, quantity: Decimal) -> Decimal:
        per_day = HOURS_A_DAY if self is Unit.HOURS else Decimal(1)
        return (quantity / per_day).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Order(StrEnum):
    """Which days are used first."""

    ROLLED_FIRST = "rolled_first"
    GRANT_FIRST = "grant_first"


Kept = tuple[tuple[Decimal, int], ...]


class BatchesType(TypeDecorator[Kept]):
    """Days that rolled out, each with the months that they keep: "0.50/1 1.00/2"."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Kept | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else " ".join(f"{days:.2f}/{months}" for days, months in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Kept | None:  # noqa: ARG002
        if value is None:
            return None
        parts = (one.split("/") for one in value.split())
        return tuple((Decimal(days), int(months)) for days, months in parts)


class RetainerTerms(EngagementOwned, SponsorsOnly, Model):
    """What holds from a month on, until other terms begin: for the team, the partners and the sponsors."""

    __tablename__ = "retainer_terms"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("engagement_id", "begins"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        CheckConstraint("quantity >= 0 AND cap >= 0 AND cap <= quantity", name="days"),
        CheckConstraint(f"keeps BETWEEN 1 AND {LONGEST_KEPT}", name="keeps_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    begins: Mapped[date]  # the first of a month
    unit: Mapped[Unit] = mapped_column(default=Unit.DAYS)
    quantity: Mapped[Days]  # a month, in the unit
    cap: Mapped[Days]  # of what rolls out of one month, in the unit
    keeps: Mapped[int] = mapped_column(default=1)  # months after which rolled-in days lapse
    used_first: Mapped[Order] = mapped_column(default=Order.ROLLED_FIRST)
    overage: Mapped[Overage] = mapped_column(default=Overage.ASK)
    part_first: Mapped[bool] = mapped_column(default=True)  # the first and the last month grant by their working days
    part_last: Mapped[bool] = mapped_column(default=True)
    warns_sponsor: Mapped[bool] = mapped_column(default=False)
    agreed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    fee: Mapped["RetainerFee | None"] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def days(self) -> Decimal:
        return self.unit.in_days(self.quantity)

    @property
    def cap_days(self) -> Decimal:
        return self.unit.in_days(self.cap)


class RetainerFee(EngagementOwned, SponsorsOnly, LeadsOnly, Model):
    """What the days of these terms cost: for the lead, the partners and the sponsor who pays."""

    __tablename__ = "retainer_fee"
    __table_args__ = (
        under("engagement"),
        within("retainer_terms", by="terms_id"),
        UniqueConstraint("terms_id"),
        CheckConstraint("monthly_fee >= 0 AND overage_rate >= 0", name="sums"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    terms_id: Mapped[int]
    monthly_fee: Mapped[Money]
    overage_rate: Mapped[Money]


class DayRate(EngagementOwned, SponsorsOnly, LeadsOnly, Model):
    """What a day costs from a month on, where work is paid by the day: for the lead, the partners and the sponsor who pays."""

    __tablename__ = "day_rate"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("engagement_id", "begins"),
        CheckConstraint("rate >= 0", name="sum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    begins: Mapped[date]  # the first of a month
    rate: Mapped[Money]


class FrozenMonth(EngagementOwned, SponsorsOnly, Model):
    """A retainer month as its statement was invoiced (invariant 19): it never changes again."""

    __tablename__ = "retainer_month"
    __table_args__ = (under("engagement"), UniqueConstraint("engagement_id", "month"))

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    granted: Mapped[Days]
    rolled_in: Mapped[Days]
    minutes: Mapped[int]
    used: Mapped[Days]
    overage: Mapped[Days]
    rolled_out: Mapped[Days]
    lapsed: Mapped[Days]
    lapsing: Mapped[Days]
    batches: Mapped[Kept] = mapped_column(
        BatchesType(500), default=()
    )  # what rolled out: days, and for how many months
    paused: Mapped[bool] = mapped_column(default=False)
    frozen_at: Mapped[datetime]
