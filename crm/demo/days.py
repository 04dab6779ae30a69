"""Who works on which day, as far as the making of the demo needs it: patterns, holidays, leave and pauses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from crm.core.calendar import DAY, month_end, month_of, public_holidays
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.people.models import Leave, LeaveStatus, WorkingPattern


def each_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


@dataclass
class Worker:
    """One person's days: F1 for a single date."""

    pattern: WorkingPattern
    leaves: list[Leave]

    def net(self, day: date) -> Decimal:
        if day in public_holidays(self.pattern.region, day.year):
            return Decimal(0)
        share = self._away.get(day, 0)
        return self.pattern.share_on(day) * (100 - share) / 100

    @cached_property
    def _away(self) -> dict[date, int]:
        approved = [one for one in self.leaves if one.status == LeaveStatus.APPROVED]
        return {day: one.share for one in approved for day in each_day(one.begins, one.ends)}

    @cached_property
    def _months(self) -> dict[date, Decimal]:
        return {}

    def net_of_month(self, day: date) -> Decimal:
        month = month_of(day)
        if month not in self._months:
            self._months[month] = sum((self.net(one) for one in each_day(month, month_end(month))), Decimal(0))
        return self._months[month]

    def planned(self, assignment: Assignment, engagement: Engagement, day: date) -> Decimal:
        """F3 for one date: the part of the month's days that falls on it."""
        if not assignment.begins <= day <= assignment.ends or engagement.is_paused_on(day):
            return Decimal(0)
        month = self.net_of_month(day)
        return assignment.days_a_month * self.net(day) / month if month else Decimal(0)
