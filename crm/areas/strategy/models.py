from datetime import date
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import Figure
from crm.core.ownership import under
from crm.registers.models import RegisterEntry, WithOwner, one_party


class ObjectiveStatus(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    MET = "met"
    DROPPED = "dropped"


class Objective(WithOwner, RegisterEntry):
    """A business goal of the client that technology serves, tied to the mission."""

    __tablename__ = "objective"
    __table_args__ = (
        under("register_entry", by="id"),
        under("contact", by="owner_contact_id"),
        UniqueConstraint("id", "client_id"),
        one_party("owner"),
    )
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
