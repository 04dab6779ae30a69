"""What somebody's calendar file says they did: events of one week or month, read without trusting a byte of it."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from icalendar import Calendar
from rapidfuzz import fuzz

from crm.core.calendar import DAY, monday_of, month_after, month_end
from crm.core.lists import folded
from crm.timelog.queries import Work

BYTES, EVENTS, STEPS, SHOWN = 2 * 1024 * 1024, 5_000, 200_000, 100
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
FEW = 4  # letters that one word of a name has at least
LIKE = 90  # of 100: how well a title must name a client


@dataclass(frozen=True)
class Happened:
    """One event on one day, in the zone of whoever reads it."""

    mark: str  # of its UID and which time of it this is: taken once
    title: str
    day: date
    begins: datetime
    minutes: int
    mails: tuple[str, ...]


class Asked(NamedTuple):
    """Which days, and who reads."""

    first: date
    last: date
    zone: tzinfo
    me: str


@dataclass
class Found:
    events: list[Happened] = field(default_factory=list)
    unread: int = 0  # events that repeat in a way, or say their times in a way, that is not understood
    steps: int = 0


def events_of(data: bytes, first: date, last: date, zone: tzinfo, me: str = "") -> Found:
    """Events between two days, by time. All-day, cancelled and declined ones, and those that keep nobody busy, are left
    out. Raises ValueError where the file is no calendar or too much of one."""
    if len(data) > BYTES:
        raise ValueError("Choose a calendar file of at most 2 MB. Export a shorter time")
    try:
        parts = [part for calendar in Calendar.from_ical(data, multiple=True) for part in calendar.walk("VEVENT")]
    except Exception:  # noqa: BLE001 - whatever a hostile file makes the reader raise, it is a file that cannot be read
        raise ValueError("This is no calendar file. Export one from your calendar, like calendar.ics") from None
    if len(parts) > EVENTS:
        raise ValueError(f"This file holds more than {EVENTS:,} events. Export a shorter time")
    found, moved = Found(), _moved(parts)
    for part in parts:
        try:
            found.events += _happened(part, moved, Asked(first, last, zone, me), found)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError):
            found.unread += 1
        except TooMuch:
            raise ValueError("This file holds too many repeating events. Export a shorter time") from None
        if (
            len(found.events) > EVENTS
        ):  # in a month: a few events that repeat may be as many as there are letters in them
            raise ValueError("This file holds too many repeating events. Export a shorter time")
    found.events.sort(key=lambda one: (one.begins, one.title))
    return found


def _moved(parts: Sequence[Any]) -> set[tuple[str, datetime]]:
    """Which times of a repeating event are said apart."""
    moved = set()
    for part in parts:
        if "RECURRENCE-ID" in part and isinstance(at := part["RECURRENCE-ID"].dt, datetime) and at.tzinfo:
            moved.add((str(part.get("UID", "")), at.astimezone(UTC)))
    return moved


def _happened(part: Any, moved: set[tuple[str, datetime]], asked: Asked, found: Found) -> Iterator[Happened]:
    first, last, zone, me = asked
    begins, uid = part["DTSTART"].dt, str(part.get("UID", ""))
    if not isinstance(begins, datetime) or _is_no_work(part, me):
        return
    begins = begins if begins.tzinfo else begins.replace(tzinfo=zone)
    length = _length(part, begins, zone)
    mails = tuple(sorted({mail for one in _each(part, "ATTENDEE") if (mail := _mail(one))} - {me.lower()}))
    for at in _times(part, begins, (first - DAY, last + DAY), found):
        again = "RECURRENCE-ID" in part
        if not again and (uid, at.astimezone(UTC)) in moved:
            continue
        here = at.astimezone(zone)
        if not first <= here.date() <= last:
            continue
        which = part["RECURRENCE-ID"].dt if again else at
        mark = f"{uid}\0{which.astimezone(UTC).isoformat() if isinstance(which, datetime) and which.tzinfo else which}"
        digest = hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()
        yield Happened(digest, _title(part), here.date(), here, length, mails)


def _length(part: Any, begins: datetime, zone: tzinfo) -> int:
    """Minutes as they pass, also over a change of the clocks; a day at most."""
    if "DTEND" in part:
        ends = part["DTEND"].dt
        ends = ends if ends.tzinfo else ends.replace(tzinfo=zone)
        length = ends.astimezone(UTC) - begins.astimezone(UTC)
    else:
        length = part["DURATION"].dt
    minutes = int(length.total_seconds() // 60)
    if not 1 <= minutes <= 24 * 60:
        raise ValueError("no length of a day's work")
    return minutes


def _title(part: Any) -> str:
    text = unicodedata.normalize("NFC", str(part.get("SUMMARY", "")))
    plain = "".join(one if unicodedata.category(one)[0] != "C" and one not in "\u2028\u2029" else " " for one in text)
    return " ".join(plain.split())[:200]


def _each(part: Any, name: str) -> list[Any]:
    value = part.get(name, [])
    return value if isinstance(value, list) else [value]


def _mail(attendee: Any) -> str:
    return str(attendee).lower().removeprefix("mailto:").strip()[:200]


def _is_no_work(part: Any, me: str) -> bool:
    if str(part.get("STATUS", "")).upper() == "CANCELLED" or str(part.get("TRANSP", "")).upper() == "TRANSPARENT":
        return True
    return any(
        _mail(one) == me.lower() and str(getattr(one, "params", {}).get("PARTSTAT", "")).upper() == "DECLINED"
        for one in _each(part, "ATTENDEE")
    )


def _times(part: Any, begins: datetime, between: tuple[date, date], found: Found) -> Iterator[datetime]:
    """When it happens between two days: by the clock of its own zone, so that nine stays nine over a change of clocks."""
    first, last = between
    if "RRULE" not in part or "RECURRENCE-ID" in part:
        yield begins
        return
    rule = part["RRULE"]
    if isinstance(rule, list):
        raise ValueError("several rules")
    out = {one.dt for group in _each(part, "EXDATE") for one in group.dts}
    out_at = {one.astimezone(UTC) for one in out if isinstance(one, datetime) and one.tzinfo}
    reads = Repeats.read(rule, begins)
    extra = [one.dt for group in _each(part, "RDATE") for one in group.dts if isinstance(one.dt, datetime)]
    days = (first + DAY * n for n in range((last - first).days + 1))
    at_all = [datetime.combine(day, begins.timetz()) for day in days if reads.falls_on(day, found)]
    for at in [*at_all, *(one if one.tzinfo else one.replace(tzinfo=begins.tzinfo) for one in extra)]:
        if at.astimezone(UTC) not in out_at and at.replace(tzinfo=None) not in out and at.date() not in out:
            yield at


@dataclass(frozen=True)
class Repeats:
    """A rule of RFC 5545 by days. What it cannot hold is refused, and what it costs is counted."""

    start: date
    freq: str
    interval: int
    count: int
    until: date | None
    by_day: tuple[tuple[int, int], ...]  # which of its kind, 0 for each; weekday
    by_month_day: tuple[int, ...]
    by_month: tuple[int, ...]
    by_place: tuple[int, ...]
    week_starts: int

    @classmethod
    def read(cls, rule: Mapping[str, Any], begins: datetime) -> "Repeats":
        said = {name.upper(): value if isinstance(value, list) else [value] for name, value in rule.items()}
        freq = str(said["FREQ"][0]).upper()
        by_day = tuple(
            (int(str(one)[:-2] or 0), WEEKDAYS.index(str(one)[-2:].upper())) for one in said.get("BYDAY", [])
        )
        of_year = freq == "YEARLY" and (
            by_day or "BYSETPOS" in said or ("BYMONTHDAY" in said and "BYMONTH" not in said)
        )
        odd = set(said) - KNOWN or freq not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"} or of_year
        if odd or (freq != "MONTHLY" and ("BYSETPOS" in said or any(n for n, _ in by_day))):
            raise ValueError("a rule that is not understood")
        until = said.get("UNTIL", [None])[0]
        if isinstance(until, datetime):
            until = until.astimezone(begins.tzinfo) if until.tzinfo else until
            until = until.date() if until.time() >= begins.time() else until.date() - DAY
        numbers = {
            name: tuple(int(one) for one in said.get(name, [])) for name in ("BYMONTHDAY", "BYMONTH", "BYSETPOS")
        }
        return cls(
            begins.date(), freq, max(1, int(said.get("INTERVAL", [1])[0])), int(said.get("COUNT", [0])[0]), until, by_day,
            numbers["BYMONTHDAY"], numbers["BYMONTH"], numbers["BYSETPOS"], WEEKDAYS.index(str(said.get("WKST", ["MO"])[0])),
        )  # fmt: skip

    def falls_on(self, day: date, found: Found) -> bool:
        if day < self.start or (self.until and day > self.until) or not self._matches(day, found):
            return False
        if not self.count:
            return True
        times = (one for n in range((day - self.start).days) if self._matches(one := self.start + DAY * n, found))
        return next(islice(times, self.count - 1, None), None) is None  # no further than to its last time

    def _matches(self, day: date, found: Found) -> bool:
        found.steps += 1
        if found.steps > STEPS:
            raise TooMuch
        if self.by_month and day.month not in self.by_month:
            return False
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        if self.freq == "DAILY":
            return (day - self.start).days % self.interval == 0 and self._is_named(day)
        if self.freq == "WEEKLY":
            weeks = (self._week(day) - self._week(self.start)).days // 7
            named = [weekday for _, weekday in self.by_day] or [self.start.weekday()]
            return weeks % self.interval == 0 and day.weekday() in named and self._is_on(day)
        if self.freq == "YEARLY":
            if (day.year - self.start.year) % self.interval:
                return False
            return (
                self._is_on(day)
                if self.by_month_day
                else day.day == self.start.day and (bool(self.by_month) or day.month == self.start.month)
            )
        return months % self.interval == 0 and day in _days_of(self, day.replace(day=1))

    def _week(self, day: date) -> date:
        return day - DAY * ((day.weekday() - self.week_starts) % 7)

    def _is_named(self, day: date) -> bool:
        return (not self.by_day or day.weekday() in {weekday for _, weekday in self.by_day}) and self._is_on(day)

    def _is_on(self, day: date) -> bool:
        last = month_end(day).day
        return not self.by_month_day or day.day in self.by_month_day or day.day - last - 1 in self.by_month_day

    def of_month(self, begins: date) -> list[date]:
        days = [begins + DAY * n for n in range(month_end(begins).day)]
        if not self.by_day and not self.by_month_day:
            days = [one for one in days if one.day == self.start.day]
        days = [one for one in days if self._is_on(one) and (not self.by_day or self._is_nth(one))]
        if not self.by_place:
            return days
        places = {place - 1 if place > 0 else len(days) + place for place in self.by_place}
        return [one for place, one in enumerate(days) if place in places]

    def _is_nth(self, day: date) -> bool:
        from_end = -((month_end(day).day - day.day) // 7 + 1)
        return any(
            day.weekday() == weekday and nth in {0, (day.day - 1) // 7 + 1, from_end} for nth, weekday in self.by_day
        )


@lru_cache(maxsize=512)
def _days_of(rule: Repeats, begins: date) -> list[date]:
    """A month is asked for once for each of its days, and again for each day after it where a rule counts."""
    return rule.of_month(begins)


class TooMuch(Exception):
    """Rules that would take long to follow: no calendar that people keep."""


def stretch_of(day: date, *, is_month: bool) -> tuple[date, date]:
    """The week or the month of a day."""
    if is_month:
        return month_after(day, 0), month_end(day)
    return monday_of(day), monday_of(day) + timedelta(6)


def guess(event: Happened, works: Sequence[Work], domains: Mapping[int, set[str]]) -> Work | None:
    """Whom it was for: a client's code or name in the title, else who was there, else the first word of a name in the
    title. Nobody where two are as likely."""
    words = {word.strip("[](){}:,;#").upper() for word in event.title.split()}
    for named in (
        [work for work in works if work.client_code.upper() in words or work.code in words],
        [
            work
            for work in works
            if fuzz.partial_ratio(folded(work.client), folded(event.title)) >= LIKE and len(event.title) > 3
        ],
        [
            work
            for work in works
            if domains.get(work.client_id, set()) & {mail.rpartition("@")[2] for mail in event.mails}
        ],
        [work for work in works if len(first := folded(work.client).split()[0].upper()) >= FEW and first in words],
    ):
        if len({work.client_id for work in named}) == 1:
            return named[0]
    return None
