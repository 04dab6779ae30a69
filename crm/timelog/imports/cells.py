"""How other tools write days, clock times and durations. What people type into our own forms is read by core/inputs.

Each refuses with ValueError and a sentence that stands beside the line of the file.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm.core.clock import UTC_ZONE
from crm.core.inputs import FIRST_DAY, LAST_DAY, MINUTES_A_DAY, OVERRIDES
from crm.core.lists import safe_cell
from crm.core.tables import plain
from crm.timelog.imports.models import DayOrder

MONTHS = {
    name: n
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
EXCEL_DAY_ZERO = date(1899, 12, 30)
NAME, NOTE = 200, 2000  # characters

ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
WORDS = re.compile(
    r"(?:(\d{1,2})[ .-]+([a-z]{3})[a-z]*|([a-z]{3})[a-z]*[ .-]+(\d{1,2})(?:st|nd|rd|th)?)[ .,-]+(\d{4}|\d{2})", re.ASCII
)
SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?([ap])\.?m\.?)?", re.ASCII)
OFFSET = re.compile(r" ?(z|utc|[+-][01]\d:?[0-5]\d)?", re.ASCII)
SPAN = re.compile(r"(\d{1,5}):(\d{2})(?::(\d{2}))?", re.ASCII)
UNITS = re.compile(
    r"(?:(\d+(?:[.,]\d+)?) ?(d|days?|h|hrs?|hours?))? ?(?:(\d{1,9}) ?(m|mins?|minutes?))? ?(?:(\d{1,9}) ?(s|secs?|seconds?))?",
    re.ASCII,
)


@dataclass(frozen=True)
class Moment:
    """A day, perhaps with a clock time and what it is off from UTC."""

    day: date
    clock: time | None = None
    offset: timezone | None = None


@lru_cache(maxsize=20_000)
def moment(text: str, order: DayOrder | None) -> Moment:
    """A day as tools write it, with or without a time behind it."""
    found = plain(text)
    day, rest = _day(found, order)
    rest = rest.strip(" t,")
    if not rest:
        return Moment(day)
    spoken = CLOCK.match(rest)
    if spoken is None:
        raise ValueError(f"“{text[:40]}” is no date")
    offset = OFFSET.fullmatch(rest[spoken.end() :])
    if offset is None:
        raise ValueError(f"“{text[:40]}” is no date")
    return Moment(day, _clock(spoken, text), _zone(offset[1]))


def _day(found: str, order: DayOrder | None) -> tuple[date, str]:
    """The day at the beginning of a text, and what stands behind it."""
    if match := ISO.match(found):
        return _date(found, int(match[1]), int(match[3]), int(match[4])), found[match.end() :]
    if match := NUMBERS.match(found):
        first, second = int(match[1]), int(match[3])
        day, month = (second, first) if order is DayOrder.MONTH_FIRST else (first, second)
        return _date(found, _year(match[4]), month, day), found[match.end() :]
    if (match := WORDS.match(found)) and (match[2] or match[3]) in MONTHS:
        day, month = int(match[1] or match[4]), MONTHS[match[2] or match[3]]
        return _date(found, _year(match[5]), month, day), found[match.end() :]
    if match := SERIAL.fullmatch(found):
        number = EXCEL_DAY_ZERO + timedelta(int(match[1]))
        return _date(found, number.year, number.month, number.day), ""
    raise ValueError(f"“{found[:40]}” is no date" if found else "There is no date")


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no day “{text[:20]}” in the calendar") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(f"“{text[:20]}” lies outside the years 2000 to 2100")
    return found


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in {"z", "utc"}:
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


@lru_cache(maxsize=20_000)
def clock(text: str) -> time:
    """A time of day, in 24 hours or in twice twelve, with seconds or without."""
    match = CLOCK.fullmatch(plain(text))
    if match is None:
        raise ValueError(f"“{text[:40]}” is no time of day")
    return _clock(match, text)


def _clock(match: re.Match[str], text: str) -> time:
    hours, minutes, seconds, half = int(match[1]), int(match[2]), int(match[3] or 0), match[4]
    if half and not 1 <= hours <= 12:
        raise ValueError(f"“{text[:40]}” is no time of day")
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    try:
        return time(hours, minutes, seconds)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is no time of day") from None


@lru_cache(maxsize=20_000)
def number(text: str) -> Decimal:
    """A number by any locale: 1.5, 1,5, 2.001,0 and 2,001.0. The last sign but one digit group is the decimal one."""
    found = plain(text).replace(" ", "").replace("'", "").replace("’", "")
    if (
        not re.fullmatch(r"-?[0-9]{1,3}([.,]?[0-9]{3})*([.,][0-9]+)?|-?[0-9]+([.,][0-9]+)?|-?[.,][0-9]+", found)
        or len(found) > 20
    ):
        raise ValueError(f"“{text[:40]}” is no number of hours")
    last = max(found.rfind("."), found.rfind(","))
    if last >= 0 and len(re.findall(r"[.,]", found)) > 1 and found.count(found[last]) > 1:
        return Decimal(re.sub(r"[.,]", "", found))  # 1.234.567: all of them group digits
    whole, fraction = (found, "") if last < 0 else (found[:last], found[last + 1 :])
    return Decimal(f"{re.sub('[.,]', '', whole) or '0'}.{fraction or '0'}")


@lru_cache(maxsize=20_000)
def minutes(text: str, unit: int = 3600) -> int:
    """Minutes, rounded half up, from 1:30, 01:00:01, 1.5, 1,5, 1h 30m or 90 min; a bare number is of the unit, in seconds."""
    found = plain(text)
    if match := SPAN.fullmatch(found):
        seconds = Decimal(int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0))
        if int(match[2]) > 59 or int(match[3] or 0) > 59:
            raise ValueError(f"“{text[:40]}” is no duration")
    elif (match := UNITS.fullmatch(found)) and any(match.groups()):
        per = MINUTES_A_DAY * 60 if (match[2] or "").startswith("d") else 3600
        seconds = number(match[1] or "0") * per + int(match[3] or 0) * 60 + int(match[5] or 0)
    else:
        seconds = number(text) * unit
    if seconds < 0:
        raise ValueError(f"“{text[:40]}” is less than nothing")
    return rounded(seconds)


def rounded(seconds: Decimal | int) -> int:
    """Whole minutes, half up."""
    return int((Decimal(seconds) / 60).quantize(Decimal(1), ROUND_HALF_UP))


def local(when: Moment, zone: ZoneInfo) -> datetime:
    """An instant of the zone. A clock time that did not exist that night, or came twice, is refused by name."""
    if when.clock is None:
        raise ValueError("There is a day without a time")
    if when.offset is not None:
        return datetime.combine(when.day, when.clock, when.offset).astimezone(zone)
    first = datetime.combine(when.day, when.clock, zone)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        there_and_back = first.astimezone(UTC_ZONE).astimezone(zone)
        if there_and_back.replace(tzinfo=None) != first.replace(tzinfo=None):
            raise ValueError(f"{when.clock:%H:%M} did not exist on {when.day.isoformat()}: the clocks were put forward")
        raise ValueError(
            f"{when.clock:%H:%M} came twice on {when.day.isoformat()}: the clocks were put back; give the duration"
        )
    return first


def between(begins: datetime, ends: datetime) -> int:
    """Seconds from one instant to another, whatever the clocks did in between."""
    return int((ends.astimezone(UTC_ZONE) - begins.astimezone(UTC_ZONE)).total_seconds())


@lru_cache(maxsize=1_000)
def is_billable(text: str) -> bool:
    """What is not said to be free is billable."""
    found = plain(text)
    if found in {"", "yes", "y", "true", "1", "billable", "x", "ja", "oui", "sí", "sì", "si", "wahr", "vrai"}:
        return True
    if found in {
        "no",
        "n",
        "false",
        "0",
        "non-billable",
        "not billable",
        "nonbillable",
        "nein",
        "non",
        "nee",
        "falsch",
        "faux",
    }:
        return False
    raise ValueError(f"“{text[:40]}” says neither yes nor no to billable")


def unguarded(text: str) -> str:
    """Without the sign by which an export of ours keeps spreadsheets from taking a text for a formula."""
    return text[1:] if text[:1] == "'" and safe_cell(text[1:]) == text else text


@lru_cache(maxsize=20_000)
def name(text: str) -> str:
    """A name of the other tool: one line, trimmed, at most 200 characters."""
    found = " ".join(unicodedata.normalize("NFC", unguarded(text)).split())
    return _shown(found, NAME, "A name")


def note(text: str) -> str:
    """What somebody wrote: several lines, at most 2,000 characters."""
    found = unicodedata.normalize("NFC", unguarded(text))
    lines = found.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    return _shown("\n".join(" ".join(line.split()) for line in lines).strip(), NOTE, "The note")


def _shown(text: str, at_most: int, what: str) -> str:
    if not text.isascii() or not text.isprintable():
        hidden = {letter for letter in text if unicodedata.category(letter) in {"Cc", "Cs"} or letter in OVERRIDES} - {
            "\n"
        }
        if hidden:
            raise ValueError(f"{what} holds characters that cannot be shown")
    if len(text) > at_most:
        raise ValueError(f"{what} has {len(text):,} characters, at most {at_most:,} fit")
    return text


@dataclass
class Evidence:
    """What a column of dates says about the order of day and month: taken from the whole of it."""

    day_first: int = 0  # dates that can only be read so
    month_first: int = 0
    either: int = 0
    dotted: int = 0  # of those: written with dots, which only tools of day-first countries do
    example: str = ""  # the first of them

    def hear(self, text: str) -> None:
        match = NUMBERS.match(plain(text))
        first, second = (int(match[1]), int(match[3])) if match else (0, 0)
        if match is None or first == second or min(first, second) > 12:
            return
        if first > 12:
            self.day_first += 1
        elif second > 12:
            self.month_first += 1
        else:
            self.either += 1
            self.dotted += match[2] == "."
            self.example = self.example or match[0]

    @property
    def order(self) -> DayOrder | None:
        """None: it could be either, and somebody has to say."""
        if self.day_first and self.month_first:
            return None
        if self.month_first:
            return DayOrder.MONTH_FIRST
        if self.day_first or (self.either and self.dotted == self.either):
            return DayOrder.DAY_FIRST
        return None if self.either else DayOrder.ISO
