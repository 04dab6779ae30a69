"""Margin: what was earned and what the days cost, by engagement, person and month. Pure; docs/invoices.md says how."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from crm.core.inputs import MINUTES_A_DAY
from crm.invoices.drafting import shared_out


@dataclass(frozen=True)
class Earned:
    """Net of what was issued, less what was credited, of one engagement and month; with a person where a line names one."""

    engagement_id: int
    month: date
    person_id: int | None
    net: int


@dataclass(frozen=True)
class Worked:
    """Minutes of one person on one engagement in a month: all, those billable, and minutes times the rate of their day."""

    engagement_id: int
    month: date
    person_id: int
    minutes: int
    billable: int
    rated: int  # the sum of minutes times pence a day
    unrated: int = 0  # minutes on days for which nobody said what they cost


@dataclass(frozen=True)
class Cell:
    """One person's part in one engagement and month."""

    engagement_id: int
    month: date
    person_id: int | None  # none: earned where nobody worked
    revenue: int = 0
    cost: int = 0
    minutes: int = 0
    unrated: int = 0


def cost_of(rated: int) -> int:
    """Minutes times the cost of a day, over 450, in whole pence half up."""
    return int((Decimal(rated) / MINUTES_A_DAY).quantize(Decimal(1), ROUND_HALF_UP))


def cells_of(earned: Iterable[Earned], worked: Sequence[Worked]) -> list[Cell]:
    """What a line says of a person is theirs; all else of a month is shared as its billable minutes are, to the penny.
    Where nobody worked billably, it is nobody's."""
    revenue: dict[tuple[int, date, int | None], int] = defaultdict(int)
    teams: dict[tuple[int, date], list[Worked]] = defaultdict(list)
    for one in worked:
        teams[one.engagement_id, one.month].append(one)
    for sum_of in earned:
        key = sum_of.engagement_id, sum_of.month
        team = [one for one in teams[key] if one.billable > 0]
        if sum_of.person_id is not None or not team:
            revenue[*key, sum_of.person_id] += sum_of.net
            continue
        sign = -1 if sum_of.net < 0 else 1
        for one, part in zip(team, shared_out(abs(sum_of.net), [one.billable for one in team]), strict=True):
            revenue[*key, one.person_id] += sign * part
    costs = {(one.engagement_id, one.month, one.person_id): one for one in worked}
    found = []
    every: dict[tuple[int, date, int | None], None] = dict.fromkeys([*revenue, *costs])
    for engagement_id, month, person_id in every:
        own = costs.get((engagement_id, month, person_id or 0))
        found.append(
            Cell(
                engagement_id, month, person_id, revenue.get((engagement_id, month, person_id), 0), cost_of(own.rated) if own else 0,
                own.minutes if own else 0, own.unrated if own else 0,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Line:
    """What some cells come to together."""

    key: Hashable
    revenue: int
    cost: int
    minutes: int
    unrated: int

    @property
    def margin(self) -> int:
        return self.revenue - self.cost

    @property
    def percent(self) -> Fraction | None:
        """Of the revenue; nothing is said of nothing."""
        return Fraction(100 * self.margin, self.revenue) if self.revenue > 0 else None


def summed(key: Hashable, cells: Iterable[Cell]) -> Line:
    """Cells as one line: sums in minor units, and minutes."""
    every = list(cells)
    return Line(
        key, sum(one.revenue for one in every), sum(one.cost for one in every), sum(one.minutes for one in every),
        sum(one.unrated for one in every),
    )  # fmt: skip


def lines_by(cells: Iterable[Cell], by: Callable[[Cell], Hashable]) -> list[Line]:
    """A line for each key, in the order in which the keys came."""
    gathered: Mapping[Hashable, list[Cell]] = defaultdict(list)
    for one in cells:
        gathered[by(one)].append(one)
    return [summed(key, own) for key, own in gathered.items()]
