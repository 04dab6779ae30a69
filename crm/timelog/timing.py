"""How long a timer ran, on which days, and what that is as minutes of an entry. Instants are UTC; days are the zone's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FORGOTTEN = timedelta(hours=12)  # from here on nobody worked all the time: one is asked
STEPS = (1, 5, 6, 10, 15)  # minutes


@dataclass(frozen=True)
class Rounding:
    """The practice's way: to so many minutes, to the nearest or always up. To one minute is none."""

    step: int = 1
    up: bool = False

    def minutes(self, seconds: int) -> int:
        """Of so many seconds; never nothing, once a timer ran at all."""
        size = 60 * self.step
        steps = -(-seconds // size) if self.up else (2 * seconds + size) // (2 * size)
        return max(1, steps) * self.step


def ran(begins: datetime, ends: datetime) -> timedelta:
    """In UTC, so that an hour is an hour also where a clock is put forward or back."""
    return max(timedelta(0), ends.astimezone(UTC) - begins.astimezone(UTC))


def by_day(begins: datetime, ends: datetime, zone: ZoneInfo) -> list[tuple[date, int]]:
    """The seconds on each calendar day of the zone, cut at its midnights."""
    at, end = (one.astimezone(UTC).replace(microsecond=0) for one in (begins, ends))
    found: list[tuple[date, int]] = []
    while at < end:
        day = at.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
        until = min(end, midnight)
        found.append((day, int((until - at).total_seconds())))
        at = until
    return found


def proposed(begins: datetime, ends: datetime, zone: ZoneInfo, rounding: Rounding) -> Sequence[tuple[date, int]]:
    """The minutes for each day. Rounded is the whole, so that midnight adds nothing and takes nothing away."""
    parts = by_day(begins, ends, zone) or [(begins.astimezone(zone).date(), 0)]
    told, seconds, found = 0, 0, []
    for day, part in parts:
        seconds += part
        minutes = rounding.minutes(seconds) - told
        told += minutes
        found.append((day, minutes))
    return [one for one in found if one[1]]
