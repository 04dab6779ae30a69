"""What the figures of the areas were, month by month."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import Figure, LineType
from crm.core.db import Model
from crm.core.ownership import ClientOwned, InternalOnly
from crm.core.twelve import Area


class KpiReading(ClientOwned, InternalOnly, Model):
    """One figure of a client's area in one month, as it last stood in it. The team's alone, as rows behind it may be."""

    __tablename__ = "kpi_reading"
    __table_args__ = (CheckConstraint("noted_on >= month", name="noted_in_it"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    key: Mapped[str] = mapped_column(LineType(10), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    area: Mapped[Area]
    value: Mapped[Figure | None]  # none: there was nothing to measure
    noted_on: Mapped[date] = mapped_column(index=True)
