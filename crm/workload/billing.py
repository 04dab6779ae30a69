"""F2 over a range of months: billable work against what could have been worked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crm.core import words
from crm.core.calendar import DAY, month_end
from crm.core.inputs import MINUTES_A_DAY
from crm.timelog.models import TimeKind
from crm.workload.formulas import NONE, Verdict, pattern_on, utilisation, verdict
from crm.workload.queries import Member, load_team, logged


@dataclass(frozen=True)
class Billed:
    """Somebody's billable work in a range of months, against their target."""

    member: Member
    net: Fraction
    minutes: int
    target: int

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def days(self) -> Fraction:
        return Fraction(self.minutes, MINUTES_A_DAY)

    @property
    def share(self) -> Fraction | None:
        return utilisation(self.minutes, self.net)

    @property
    def verdict(self) -> Verdict | None:
        return verdict(self.share, self.target)

    @property
    def said(self) -> str:
        """On target, or how far from it."""
        if self.share is None:
            return "No capacity"
        off = self.share - self.target
        if abs(off) <= 10:
            return "On target"
        return f"{words.decimals(abs(off), 1)} points {'above' if off > 0 else 'below'}"


def billed_between(first: date, last: date, people: Sequence[int] | None = None) -> list[Billed]:
    """Everybody's utilisation between two dates, furthest from the target first."""
    minutes = logged([first, last + DAY], (TimeKind.BILLABLE,), people)
    found = []
    for member in load_team(first, last, people, planned=False):
        pattern = pattern_on(member.patterns, last)
        net = member.capacity.net(first, last)
        found.append(Billed(member, net, minutes[member.id][0], pattern.target if pattern else 0))
    return sorted(found, key=lambda one: (-abs(one.share - one.target) if one.share is not None else 1, one.name))


def counted_until(month: date, today: date) -> date:
    """The last day that counts of a range that ends with this month: nothing is billed ahead of today."""
    return min(month_end(month), today)


def share_of_all(billed: Iterable[Billed]) -> Fraction | None:
    every = list(billed)
    return utilisation(sum(one.minutes for one in every), sum((one.net for one in every), NONE))


def answer_of(billed: Sequence[Billed]) -> str:
    share = share_of_all(billed)
    if share is None:
        return "Nobody could work in these months."
    off = [one for one in billed if one.verdict is Verdict.RED]
    said = f"{words.percent(share)} of capacity was billable."
    if not off:
        return f"{said} Nobody is more than 20 points from target."
    who = (
        words.listed(one.name for one in off)
        if len(off) <= 2
        else f"{words.in_words(len(off))} of {words.in_words(len(billed)).lower()}"
    )
    return f"{said} {who} {'is' if len(off) == 1 else 'are'} more than 20 points from target."
