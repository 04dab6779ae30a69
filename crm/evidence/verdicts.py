"""What the findings of an area come to: its suggested colour, its health and how much of it the rules could see.

Plain functions over values (docs/evidence.md). Red is tested first, and grey beats green.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from crm.core.twelve import Area, Scope
from crm.engagements.scopes import Rag
from crm.registers.rules import Limits, Rule

POINTS = {Rag.GREEN: Fraction(1), Rag.AMBER: Fraction(1, 2), Rag.RED: Fraction(0)}


class Grey(StrEnum):
    """Why an area has no colour."""

    OUT = "out"
    NOT_EVIDENCED = "not_evidenced"


@dataclass(frozen=True)
class Finding:
    """What one rule says of an area on one day. `verdict`: None is left out. `value`: None is nothing to measure."""

    rule: Rule
    value: Fraction | None
    verdict: Rag | None
    limits: Limits

    @property
    def says(self) -> str:
        return self.rule.sentence(self.value)

    @property
    def limits_said(self) -> str:
        return self.limits.said(self.rule.value)

    @property
    def fired(self) -> bool:
        return self.verdict in {Rag.RED, Rag.AMBER}


@dataclass(frozen=True)
class Judgement:
    """What the evidence says of one area. `suggested`: None is grey, and `grey` says why. Health is unrounded (F9)."""

    area: Area
    suggested: Rag | None
    grey: Grey | None
    health: Fraction | None
    coverage: Fraction
    findings: tuple[Finding, ...]
    rows: int = 0  # of the main register, in use and open to us
    min_rows: int = 0

    @property
    def worst_first(self) -> list[Finding]:
        """Red, amber, green, then what had nothing to say; critical ones first among equals."""
        rank = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREEN: 2, None: 3}
        return sorted(self.findings, key=lambda one: (rank[one.verdict], not one.rule.critical))

    @property
    def fired(self) -> list[Finding]:
        return [one for one in self.worst_first if one.fired]


def colour_of(findings: Iterable[Finding]) -> Rag:
    """Red: a critical rule is red, or two are. Amber: one is red, a critical one is amber, or two are. Else green."""
    said = [(one.verdict, one.rule.critical) for one in findings]
    reds = sum(verdict is Rag.RED for verdict, _ in said)
    ambers = sum(verdict is Rag.AMBER for verdict, _ in said)
    if reds > 1 or (Rag.RED, True) in said:
        return Rag.RED
    return Rag.AMBER if reds or ambers > 1 or (Rag.AMBER, True) in said else Rag.GREEN


def health_score(findings: Iterable[Finding]) -> Fraction | None:
    """F9: points by weight over the rules that were counted."""
    counted = [(one.rule.weight, POINTS[one.verdict]) for one in findings if one.verdict]
    weight = sum(weight for weight, _ in counted)
    return 100 * sum((weight * points for weight, points in counted), Fraction(0)) / weight if weight else None


def verdict_of_area(
    area: Area, scope: Scope, findings: Sequence[Finding], *, rows: int, min_rows: int, rules: int
) -> Judgement:
    """`rows`: of the main register; `rules`: how many there are for this area, whether they ran or not."""
    if scope is Scope.OUT:
        return Judgement(area, None, Grey.OUT, None, Fraction(0), ())
    colour = colour_of(findings)
    assured = scope is Scope.OVERSEE and any(one.rule.id == "X6" and one.verdict is Rag.GREEN for one in findings)
    bare = colour is Rag.GREEN and rows < min_rows and not assured
    counted = sum(one.verdict is not None for one in findings)
    return Judgement(
        area, None if bare else colour, Grey.NOT_EVIDENCED if bare else None, None if bare else health_score(findings),
        Fraction(counted, rules) if rules else Fraction(0), tuple(findings), rows, min_rows,
    )  # fmt: skip


def days_open(since: date, today: date, paused: int) -> int:
    """Days of a clock that stands still in a pause (X1)."""
    return max((today - since).days - paused, 0)
