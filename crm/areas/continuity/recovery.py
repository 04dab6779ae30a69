"""What was agreed for critical services against what was reached when that was last tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from crm.areas.continuity.models import CriticalService, ExerciseResult
from crm.core.words import amount, part


def shortfalls(one: CriticalService) -> list[str]:
    """What is wrong with a service, in words."""
    found = []
    if one.came_back_late:
        found.append(f"Back {_more(one.rto_reached_hours, one.rto_hours)} too late")
    if one.lost_too_much:
        found.append(f"{_more(one.rpo_reached_hours, one.rpo_hours)} of work too much lost")
    if one.exercise_result == ExerciseResult.FAIL:
        found.append("The exercise failed")
    if one.is_unbearable:
        found.append("Agreed later than what is bearable")
    return found


def _more(reached: Decimal | None, agreed: Decimal | None) -> str:
    return f"{amount((reached or Decimal()) - (agreed or Decimal()))} h"


def scale(one: CriticalService) -> tuple[int, int]:
    """How long the bar is, and where its mark stands, of what the business can bear."""
    reached, agreed = one.rto_reached_hours or Decimal(), one.rto_hours or Decimal()
    longest = max(one.mtpd_hours or Decimal(), reached, agreed)
    return part(reached, longest), part(agreed, longest)


@dataclass(frozen=True)
class Recovery:
    """The critical services of a client on a day."""

    rows: Sequence[CriticalService]
    today: date

    @cached_property
    def missed(self) -> list[CriticalService]:
        return [one for one in self.rows if one.target_missed]

    @cached_property
    def met(self) -> list[CriticalService]:
        return [one for one in self.rows if one.target_met]

    @cached_property
    def untried(self) -> list[CriticalService]:
        return [one for one in self.rows if one.last_exercise is None]

    @cached_property
    def overdue(self) -> list[CriticalService]:
        return [one for one in self.rows if one.is_exercise_overdue(self.today)]

    @cached_property
    def unrestored(self) -> list[CriticalService]:
        return [one for one in self.rows if one.is_restore_test_overdue(self.today)]

    @property
    def met_share(self) -> Decimal | None:
        """BCD-K2: of the services that were exercised, in per cent."""
        tried = len(self.rows) - len(self.untried)
        return Decimal(len(self.met)) * 100 / tried if tried else None

    @property
    def on_time_share(self) -> Decimal | None:
        """BCD-K1: exercised on time, in per cent."""
        return Decimal(len(self.rows) - len(self.overdue)) * 100 / len(self.rows) if self.rows else None

    @property
    def next_exercise(self) -> date | None:
        return min((one.next_exercise_due for one in self.rows), default=None)

    @property
    def last_restore(self) -> date | None:
        return max((one.last_restore_test for one in self.rows if one.last_restore_test), default=None)
