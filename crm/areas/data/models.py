from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.areas.data.forecast import BadDirection, Line, Reading, line_through, months_to_threshold
from crm.clients.models import DepartmentKind
from crm.core.calendar import month_of
from crm.core.columns import Figure, LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, Shareable, under
from crm.core.words import month as month_name
from crm.registers.models import Departments, RegisterEntry, WithOwner, leaf, names, owned, shares


class DataDomain(StrEnum):
    CUSTOMER = "customer"
    FINANCE = "finance"
    PEOPLE = "people"
    PRODUCT = "product"
    OPERATIONS = "operations"
    SUPPLIER = "supplier"
    OTHER = "other"


class Classification(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


CHECK_EVERY = timedelta(days=120)
MOST_READINGS = 60


class DataAsset(WithOwner, RegisterEntry):
    """A set of data that the business works with, who answers for it, and how good it is."""

    __tablename__ = "data_asset"
    __table_args__ = leaf(*owned(), shares("quality_score"))
    __mapper_args__ = {"polymorphic_identity": "data_asset"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    domain: Mapped[DataDomain]
    owner_department: Mapped[DepartmentKind]
    system_id: Mapped[int | None] = names("service")
    personal_data: Mapped[bool]
    classification: Mapped[Classification]
    critical: Mapped[bool] = mapped_column(default=False)
    quality_score: Mapped[Figure | None]
    last_quality_check: Mapped[date | None]
    retention_rule: Mapped[bool] = mapped_column(default=False)
    shared_with: Mapped[Departments]
    used_in_reports: Mapped[bool] = mapped_column(default=False)
    system: Mapped[RegisterEntry | None] = relationship(
        "Service", foreign_keys="[DataAsset.system_id, DataAsset.client_id]", lazy="raise", viewonly=True
    )

    @property
    def label(self) -> str:
        return self.name


class Signal(WithOwner, RegisterEntry):
    """A monthly figure of a department with a threshold, read to foresee what it will need."""

    __tablename__ = "signal"
    __table_args__ = leaf(*owned())
    __mapper_args__ = {"polymorphic_identity": "signal"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str]
    department: Mapped[DepartmentKind]
    unit: Mapped[str] = mapped_column(LineType(60))
    threshold: Mapped[Figure]
    bad_direction: Mapped[BadDirection]
    latest_on: Mapped[date | None]
    need_if_crossed: Mapped[str] = mapped_column(default="")
    plan_in_place: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[list["SignalReading"]] = relationship(
        order_by="SignalReading.month", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def label(self) -> str:
        return self.name

    @property
    def readings(self) -> list[Reading]:
        """By month, the latest last."""
        return [Reading(one.month, Decimal(one.value)) for one in self.kept]

    @readings.setter
    def readings(self, said: Iterable[Reading]) -> None:
        wanted = {one.month: one.value for one in said}
        for one in [one for one in self.kept if one.month not in wanted]:
            self.kept.remove(one)
        for one in self.kept:
            one.value = wanted.pop(one.month)
        self.kept += [
            SignalReading(client_id=self.client_id, month=month, value=value, visibility=self.visibility)
            for month, value in sorted(wanted.items())
        ]
        self.kept.sort(key=lambda one: one.month)

    def reading(self, reading_id: int) -> "SignalReading | None":
        return next((one for one in self.kept if one.id == reading_id), None)

    def read(self, said: Reading, on: date) -> None:
        """A month more. That of the newest month says that somebody looked."""
        self.must_be_in_use()
        if said.month > month_of(on):
            raise Refused("That month has not begun: write this month or an earlier one", "month")
        if any(one.month == said.month for one in self.kept):
            raise Refused(f"{month_name(said.month)} is read already: change what stands there", "month")
        if len(self.kept) >= MOST_READINGS:
            raise Refused(f"{MOST_READINGS} months are kept: remove the oldest first", "month")
        if not self.kept or said.month > self.kept[-1].month:
            self.latest_on = on
        self.readings = [*self.readings, said]

    def correct(self, reading: "SignalReading", value: Decimal) -> None:
        self.must_be_in_use()
        reading.value = value

    def strike(self, reading: "SignalReading") -> None:
        """It was never so: the month is empty again."""
        self.must_be_in_use()
        self.kept.remove(reading)

    @property
    def line(self) -> Line | None:
        """The line of F13, where there are readings enough."""
        return line_through(self.readings)

    @property
    def latest(self) -> Decimal | None:
        return self.readings[-1].value if self.kept else None

    @property
    def months_to_threshold(self) -> Decimal | None:
        """F13, unrounded as a Decimal would show it: none where the line is flat, leads away or has too few readings."""
        found = months_to_threshold(self.readings, Decimal(self.threshold), self.bad_direction)
        return None if found is None else Decimal(found.numerator) / found.denominator

    def share(self) -> None:
        super().share()
        self._show_readings()

    def take_back(self) -> None:
        super().take_back()
        self._show_readings()

    def _show_readings(self) -> None:
        """Whoever reads a signal reads what was said of it, and nobody else."""
        for one in self.kept:
            one.visibility = self.visibility


class SignalReading(ClientOwned, Shareable, Model):
    """The figure of one month. Seen as its signal is."""

    __tablename__ = "signal_reading"
    __table_args__ = (under("signal"), UniqueConstraint("signal_id", "month"))

    id: Mapped[int] = mapped_column(primary_key=True)
    signal_id: Mapped[int]
    month: Mapped[date]
    value: Mapped[Figure]
