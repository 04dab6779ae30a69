"""The contracts of one client by the day to speak by, with what they cost and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from crm.areas.vendors.models import ContractStatus, RenewalDecision, VendorContract
from crm.areas.vendors.queries import SOON
from crm.core.calendar import month_after, month_of
from crm.core.words import part

MONTHS = 12  # that the drawing shows


@dataclass(frozen=True)
class Month:
    """What must be spoken about in a month."""

    first: date
    rows: Sequence[VendorContract]

    @property
    def cost(self) -> int:
        return sum(one.annual_cost for one in self.rows)


@dataclass(frozen=True)
class Calendar:
    """The contracts that are not over, on a day."""

    rows: Sequence[VendorContract]
    today: date

    @cached_property
    def active(self) -> list[VendorContract]:
        return [one for one in self.rows if one.status == ContractStatus.ACTIVE]

    @property
    def cost(self) -> int:
        """What the active ones cost in a year."""
        return sum(one.annual_cost for one in self.active)

    @cached_property
    def undecided(self) -> list[VendorContract]:
        return [one for one in self.active if one.decision == RenewalDecision.UNDECIDED and one.notice_by]

    @property
    def missed(self) -> list[VendorContract]:
        """They passed their day with nothing decided."""
        return [one for one in self.undecided if one.notice_by and one.notice_by < self.today]

    @property
    def soon(self) -> list[VendorContract]:
        """They need a decision within 60 days."""
        return [one for one in self.undecided if one.notice_by and self.today <= one.notice_by <= self.today + SOON]

    @property
    def incomplete(self) -> list[VendorContract]:
        """Owner, end or days of notice are missing (VEN-R3), so the day to speak by is not sure."""
        return [one for one in self.active if not one.complete]

    @property
    def uncovered(self) -> list[VendorContract]:
        """Personal data without data terms."""
        return [one for one in self.active if one.data_not_covered]

    @cached_property
    def months(self) -> list[Month]:
        """This month and the eleven after it."""
        firsts = [month_after(self.today, n) for n in range(MONTHS)]
        return [
            Month(first, [one for one in self.active if one.notice_by and month_of(one.notice_by) == first])
            for first in firsts
        ]

    def bar(self, month: Month) -> int:
        return part(month.cost, max(one.cost for one in self.months))
