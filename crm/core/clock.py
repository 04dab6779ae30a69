"""The one clock. Instants are aware UTC; a calendar day is a day in the practice's zone."""

from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

UTC_ZONE = ZoneInfo("UTC")
_zone: ContextVar[ZoneInfo] = ContextVar("zone", default=UTC_ZONE)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The date in the practice's zone, which also says what is "future" (docs/domain.md, conventions)."""
    return now().astimezone(zone()).date()


def zone() -> ZoneInfo:
    return _zone.get()


def keep_time_of(name: str) -> None:
    """From here on, in this request or job, days are days in the zone of this IANA name."""
    _zone.set(ZoneInfo(name))


def day_of(moment: datetime) -> date:
    """The calendar day of an instant, in the practice's zone."""
    return moment.astimezone(zone()).date()
