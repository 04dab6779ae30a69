from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import Figure, LineType, Prose
from crm.registers.models import RegisterEntry, WithOwner, at_least_nothing, derived, leaf, owned, shares


class ControlOrigin(StrEnum):
    """Who asks for it. The book calls it the source; the stem's own source says where a row came from."""

    CYBER_ESSENTIALS = "cyber_essentials"
    CIS_IG1 = "cis_ig1"
    INSURANCE = "insurance"
    CONTRACT = "contract"
    CLIENT = "client"


class SecurityFunction(StrEnum):
    GOVERN = "govern"
    IDENTIFY = "identify"
    PROTECT = "protect"
    DETECT = "detect"
    RESPOND = "respond"
    RECOVER = "recover"


class ControlState(StrEnum):
    NOT_STARTED = "not_started"
    PARTIAL = "partial"
    IN_PLACE = "in_place"
    NOT_APPLICABLE = "not_applicable"


class ControlTag(StrEnum):
    """What a figure of the area looks for."""

    MFA = "mfa"
    PATCH14 = "patch14"
    BACKUP = "backup"
    AWARENESS = "awareness"
    NONE = "none"


TEST_EVERY, EVIDENCE_KEEPS = 180, timedelta(days=365)


class SecurityControl(WithOwner, RegisterEntry):
    """One measure of protection: how far it is in place, and what proves it."""

    __tablename__ = "security_control"
    __table_args__ = leaf(*owned(), shares("coverage"), at_least_nothing("test_interval_days"))
    __mapper_args__ = {"polymorphic_identity": "security_control"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    ref: Mapped[str] = mapped_column(LineType(60))
    title: Mapped[str]
    origin: Mapped[ControlOrigin]
    csf_function: Mapped[SecurityFunction]
    state: Mapped[ControlState] = mapped_column(default=ControlState.NOT_STARTED)
    auto_fail: Mapped[bool] = mapped_column(default=False)  # a must: without it the whole check fails
    coverage: Mapped[Figure | None]
    evidence_url: Mapped[str] = mapped_column(LineType(1000), default="")
    last_tested: Mapped[date | None]
    test_interval_days: Mapped[int | None]
    next_test_due: Mapped[date] = derived()
    tag: Mapped[ControlTag | None]

    @property
    def label(self) -> str:
        return self.title

    def derive(self) -> None:
        every = TEST_EVERY if self.test_interval_days is None else self.test_interval_days
        self.next_test_due = (self.last_tested or self.made_on) + timedelta(days=every)


class Incident(RegisterEntry):
    """Something that went wrong in security, or nearly did."""

    __tablename__ = "incident"
    __table_args__ = leaf(
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
        CheckConstraint("closed_on >= happened_on", name="closed_after"),
    )
    __mapper_args__ = {"polymorphic_identity": "incident"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    happened_on: Mapped[date]
    summary: Mapped[Prose]
    severity: Mapped[int]  # 1 the worst, 4 the least
    personal_data: Mapped[bool] = mapped_column(default=False)
    reported_within_72h: Mapped[bool | None]
    closed_on: Mapped[date | None]
    lessons_done: Mapped[bool] = mapped_column(default=False)

    @property
    def label(self) -> str:
        return self.summary if len(self.summary) <= 120 else f"{self.summary[:119]}…"
