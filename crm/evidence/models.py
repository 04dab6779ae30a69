"""What is kept of judging: the limits a practice has set itself, and each area's judgement as it stands."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import Code, Figure, LineType
from crm.core.db import Model
from crm.core.ownership import EngagementOwned, InternalOnly, under
from crm.core.twelve import Area
from crm.engagements.scopes import Rag
from crm.evidence.verdicts import Grey
from crm.registers.rules import Limit, Limits, Rule


class RuleLimit(InternalOnly, Model):
    """The limits of one rule that the practice has set itself. No row, or no amber in it: the book's hold."""

    __tablename__ = "rule_limit"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[Code] = mapped_column(unique=True)
    amber: Mapped[Figure | None]
    red: Mapped[Figure | None]  # none: never red
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        """What the history calls it."""
        return self.rule

    def limits(self, rule: Rule) -> Limits | None:
        return own_limits(rule, self.amber, self.red)


def own_limits(rule: Rule, amber: Decimal | None, red: Decimal | None) -> Limits | None:
    if amber is None:
        return None
    is_over = rule.amber.is_over
    return Limits(Limit(Fraction(amber), is_over), None if red is None else Limit(Fraction(red), is_over))


class AreaSummary(EngagementOwned, InternalOnly, Model):
    """What the evidence says of one area of an engagement that runs: judge() said it on `computed_on`.

    Written by crm.evidence.keeping alone, in the transaction of whatever changed the evidence.
    """

    __tablename__ = "area_summary"
    __table_args__ = (
        under("engagement"),
        UniqueConstraint("engagement_id", "area"),
        CheckConstraint("(suggested IS NULL) = (grey IS NOT NULL)", name="colour_or_grey"),
        CheckConstraint("health BETWEEN 0 AND 10000 AND coverage BETWEEN 0 AND 10000", name="shares"),
        Index("ix_area_summary_computed_on", "computed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[Area]
    suggested: Mapped[Rag | None]
    grey: Mapped[Grey | None]
    health: Mapped[Figure | None]  # F9, two decimals: it sorts and trends
    coverage: Mapped[Figure]  # per cent of the rules that were counted
    fired: Mapped[str] = mapped_column(
        LineType(200), default=""
    )  # rules that are red or amber, worst first: "VEN-R1 X4"
    since: Mapped[date]  # the day on which it began to say this colour, or to be grey
    computed_on: Mapped[date]
