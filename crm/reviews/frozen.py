"""The evidence of a published review: what the rules said on that day and which rows were behind it. Written once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import Code, Figure, LineType
from crm.core.db import Model
from crm.core.ownership import EngagementOwned, Shareable, Visibility, under, within
from crm.engagements.scopes import Rag

MOST_ROWS = 20  # kept of one finding: who must see more looks into the register

# What is handed in to be kept: values of whatever judged the area.


@dataclass(frozen=True)
class Behind:
    """A row that a rule counted: what it is, its number, its name, and who could read it."""

    kind: str
    row_id: int
    label: str
    visibility: Visibility


@dataclass(frozen=True)
class Told:
    """What one rule said: its sentence with the value in it, the limits that held, and the rows behind it."""

    rule: str
    says: str
    verdict: Rag
    critical: bool
    value: Decimal | None = None
    amber: str = ""
    red: str = ""
    number: int = 0  # of rows behind it, also where fewer are named
    rows: tuple[Behind, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """All that the rules say of an area at one moment. `suggested` is None for grey: out of scope, or not evidenced."""

    suggested: Rag | None
    health: Decimal | None = None
    coverage: Decimal | None = None
    findings: tuple[Told, ...] = ()

    @property
    def fired(self) -> list[Told]:
        """What is not as it should be, worst first, critical before the others."""
        worst = [one for one in self.findings if one.verdict is not Rag.GREEN]
        return sorted(worst, key=lambda one: (one.verdict is not Rag.RED, not one.critical))

    @property
    def held(self) -> list[Told]:
        return [one for one in self.findings if one.verdict is Rag.GREEN]


class FrozenEvidence(EngagementOwned, Shareable, Model):
    """How the evidence of a review stood when it was published. A review from before there were rules has none."""

    __tablename__ = "review_evidence"
    __table_args__ = (
        under("engagement"),
        within("review"),
        UniqueConstraint("review_id"),
        CheckConstraint("health BETWEEN 0 AND 10000 AND coverage BETWEEN 0 AND 10000", name="shares"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int]
    at: Mapped[datetime]
    suggested: Mapped[Rag | None]  # none: grey, not evidenced
    health: Mapped[Figure | None]
    coverage: Mapped[Figure | None]


class FrozenFinding(EngagementOwned, Shareable, Model):
    """What one rule said on the day of the review."""

    __tablename__ = "review_finding"
    __table_args__ = (
        under("engagement"),
        within("review"),
        UniqueConstraint("id", "engagement_id", "client_id"),
        UniqueConstraint("review_id", "rule"),
        CheckConstraint("number >= 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int]
    position: Mapped[int]
    rule: Mapped[Code]
    says: Mapped[str] = mapped_column(LineType(500))
    verdict: Mapped[Rag]
    critical: Mapped[bool]
    value: Mapped[Figure | None]
    amber: Mapped[str] = mapped_column(LineType(50), default="")
    red: Mapped[str] = mapped_column(LineType(50), default="")
    number: Mapped[int] = mapped_column(default=0)
    rows: Mapped[list["FrozenRow"]] = relationship(order_by="FrozenRow.id", lazy="raise", viewonly=True)


class FrozenRow(EngagementOwned, Shareable, Model):
    """A row that was behind a finding, by the name it had. A client reads those that were shared then."""

    __tablename__ = "review_finding_row"
    __table_args__ = (
        under("engagement"),
        within("review_finding", by="finding_id"),
        Index("ix_review_finding_row_finding_id", "finding_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int]
    kind: Mapped[Code]
    row_id: Mapped[int]
    label: Mapped[str] = mapped_column(LineType(400))


def frozen(evidence: Evidence, whose: dict[str, int], review_id: int, at: datetime) -> Iterator[Model]:
    """The rows that keep this evidence; those of the findings are made once the findings have their numbers."""
    shown = {"visibility": Visibility.CLIENT, "review_id": review_id, **whose}
    yield FrozenEvidence(
        at=at, suggested=evidence.suggested, health=evidence.health, coverage=evidence.coverage, **shown
    )
    for position, one in enumerate((*evidence.fired, *evidence.held), 1):
        yield FrozenFinding(
            position=position, rule=one.rule, says=one.says[:500], verdict=one.verdict, critical=one.critical, value=one.value,
            amber=one.amber, red=one.red, number=one.number, **shown,
        )  # fmt: skip


def frozen_rows(evidence: Evidence, findings: dict[str, FrozenFinding], whose: dict[str, int]) -> Iterator[FrozenRow]:
    for one in evidence.findings:
        for row in one.rows[:MOST_ROWS]:
            yield FrozenRow(
                finding_id=findings[one.rule].id, kind=row.kind, row_id=row.row_id, label=row.label[:400],
                visibility=row.visibility, **whose,
            )  # fmt: skip
