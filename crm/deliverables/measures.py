"""Dates and figures of deliverables: when an answer is due, F11 and F12. Paused days of an engagement count in none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from crm.core.calendar import DAY, after_working_days, is_working_day
from crm.core.clock import day_of
from crm.deliverables.models import Deliverable
from crm.deliverables.states import ANSWERED, State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Pause

WINDOW = 90  # dates that are not paused, up to yesterday
OWES_NOTHING = (State.PROPOSED, State.CANCELLED)


def is_paused(day: date, pauses: Iterable[Any]) -> bool:
    return any(one.begins <= day <= (one.ended_on or one.until) for one in pauses)


def answer_day(sent: date, days: int, region: str, pauses: Sequence[Pause] = ()) -> date:
    """The last review day: so many working days after the day of submission, pauses left out (invariant 20)."""
    day = sent
    while days > 0:
        day = after_working_days(day, 1, region)
        days -= not is_paused(day, pauses)
    return day


def is_review_day(day: date, region: str, pauses: Iterable[Pause] = ()) -> bool:
    return is_working_day(day, region) and not is_paused(day, pauses)


def review_day(sent: date, on: date, region: str, pauses: Sequence[Pause] = ()) -> int:
    """How many working days of the review have come by this day, it counted; the day of submission is none."""
    return sum(is_review_day(sent + DAY * n, region, pauses) for n in range(1, (on - sent).days + 1))


def answer_due(version: DeliverableVersion, region: str, pauses: Sequence[Pause] = ()) -> date | None:
    """The answer date as it stands now: a pause agreed since the submission moves it on."""
    if version.answer_by is None or version.submitted_at is None:
        return version.answer_by
    sent = day_of(version.submitted_at)
    later = [one for one in pauses if one.begins > sent]
    day, left = sent, version.answer_by
    while day < left:
        day += DAY
        if is_paused(day, later) and is_working_day(day, region):
            left = after_working_days(left, 1, region)
    return left


def on_time_window(today: date, pauses: Sequence[Any] = (), length: int = WINDOW) -> tuple[date, date]:
    """First and last day of the last so many dates that are not paused, up to yesterday."""
    last = day = today - DAY
    earliest = today - timedelta(days=10 * 366)
    left = length - (not is_paused(day, pauses))
    while left > 0 and day > earliest:
        day -= DAY
        left -= not is_paused(day, pauses)
    return day, last


@dataclass(frozen=True)
class OnTime:
    """F11: how many of the deliverables whose agreed date has come were submitted by then."""

    kept: int
    due: int

    @property
    def rate(self) -> Decimal | None:
        """Per cent, unrounded; none when nothing was due."""
        return Decimal(100 * self.kept) / self.due if self.due else None


def on_time(owed: Iterable[Deliverable], first: date, last: date, pauses: Sequence[Pause] = ()) -> OnTime:
    """F11. What was cancelled, or only proposed, was never owed."""
    due = [one for one in owed if due_between(one, first, last, pauses)]
    return OnTime(sum(was_on_time(one) for one in due), len(due))


def due_between(owed: Any, first: date, last: date, pauses: Sequence[Any] = ()) -> bool:
    """Whether it counts in F11: agreed for one of these days, on which its engagement did not stand still."""
    return bool(
        owed.baseline_due
        and first <= owed.baseline_due <= last
        and owed.state not in OWES_NOTHING
        and not is_paused(owed.baseline_due, pauses)
    )


def counts_for(owed: Any) -> Any:
    """The version that F11 looks at: the first accepted one, or else the one that waits; what was sent back does not count."""
    accepted = [one for one in owed.versions if one.state in {State.ACCEPTED, State.SUPERSEDED}]
    waiting = [one for one in owed.versions if one.state is State.SUBMITTED]
    return next(iter(accepted or waiting), None)


def was_on_time(owed: Any) -> bool:
    """F11: the version that counts was sent by the agreed day. False where nothing was sent or no day was agreed."""
    counts = counts_for(owed)
    return bool(
        counts and counts.submitted_at and owed.baseline_due and day_of(counts.submitted_at) <= owed.baseline_due
    )


def sign_off_days(version: Any, region: str, pauses: Sequence[Any] = ()) -> int:
    """Working days from submission to decision: the day of submission does not count, that of the decision does."""
    if version.submitted_at is None or version.decided_at is None:
        raise ValueError("only a version that was answered took its time")
    sent, decided = day_of(version.submitted_at), version.given_on or day_of(version.decided_at)
    return review_day(sent, decided, region, pauses)


def sign_off_time(
    versions: Iterable[DeliverableVersion], region: str, pauses: Callable[[int], Sequence[Pause]] = lambda _: ()
) -> Decimal | None:
    """F12: the median over the versions that were answered. `pauses` gives those of an engagement."""
    taken = [sign_off_days(one, region, pauses(one.engagement_id)) for one in versions if one.state in ANSWERED]
    return Decimal(str(median(taken))) if taken else None
