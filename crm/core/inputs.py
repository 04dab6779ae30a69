"""One parser per type. Forms, commands and imports all come through here; each refuses with ValueError and a
sentence for the person who typed: what is wrong, what is allowed, an example."""

import re
import unicodedata
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel.numbers import get_currency_precision, is_currency

from crm.core.calendar import known_region

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MINUTES_A_DAY = 450  # a day of effort is 7.5 hours (docs/domain.md, conventions)
UNSHOWN = {"Cc", "Cs", "Zl", "Zp"}  # controls, halves of letters, ends of lines and of paragraphs
OVERRIDES = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}


def whole(value: str, *, at_least: int = 0, at_most: int = 999_999_999) -> int:
    """A whole number in ASCII digits."""
    text = value.strip()
    if not re.fullmatch(r"[0-9]{1,9}", text) or not at_least <= int(text) <= at_most:
        raise ValueError(f"Write a whole number from {at_least} to {at_most}, like {min(max(12, at_least), at_most)}")
    return int(text)


def _decimal(value: str, example: str, span: str = "") -> Decimal:
    text = value.strip()
    if re.fullmatch(r"[-\N{MINUS SIGN}][0-9.,]+", text):
        raise ValueError(f"Write a number that is not below 0, like {example}")
    if re.fullmatch(r"[0-9]{10,}([.,][0-9]*)?", text):
        raise ValueError(f"Write a number below 1,000,000,000, like {example}")
    if not re.fullmatch(r"[0-9]{1,9}([.,][0-9]{1,2})?", text):
        raise ValueError(f"Write a number{span} with at most two decimals, like {example}")
    return Decimal(text.replace(",", "."))


def money(value: str) -> int:
    """A sum in units of the currency; gives minor units (pence, cents)."""
    text = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", value.strip().lstrip("£€$"))  # 6,200 as people write it
    return int(_decimal(text, "5200 or 5200.50") * 100)


def money_or_less(value: str) -> int:
    """A sum that may be below nothing, where something is taken off."""
    text = value.strip().replace("\N{MINUS SIGN}", "-")
    found = money(text.removeprefix("-"))
    return -found if text.startswith("-") else found


def figure(value: str, *, at_least: int | None = None, at_most: int | None = None) -> Decimal:
    """Any measured number with at most two decimals, also below nothing unless a least is said."""
    text = value.strip()
    upper = "" if at_most is None else f" to {at_most}"
    span = "" if at_least is None else f" from {at_least}{upper}"
    found = _decimal(text.removeprefix("-"), "96.5 or -3" if at_least is None else "3.5", span)
    found = -found if text.startswith("-") else found
    if (at_least is not None and found < at_least) or (at_most is not None and found > at_most):
        raise ValueError(f"Write a number{span}, like 3.5")
    return found


def days(value: str, *, at_most: int = 366) -> Decimal:
    """Days of effort with at most two decimals."""
    found = _decimal(value, "4 or 1.5")
    if found > at_most:
        raise ValueError(f"Write at most {at_most} days")
    return found


def level(value: str) -> Decimal:
    """A maturity level: 0 to 5 in half levels."""
    found = _decimal(value, "2.5")
    if found > 5 or found * 2 != int(found * 2):
        raise ValueError("Write a level from 0 to 5 in halves, like 2.5")
    return found


def duration(value: str) -> int:
    """Minutes, from `1.5`, `1:30`, `90m`, `1h30`, `1h 30m`, `2 hours` or `0.2d`; a bare number is hours."""
    text = value.strip().lower().replace(",", ".").replace(" ", "")
    minutes: Decimal | None = None
    if (found := re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])", text)) or (
        found := re.fullmatch(r"([0-9]{1,3})h([0-5]?[0-9])m?", text)
    ):
        minutes = Decimal(int(found[1]) * 60 + int(found[2]))
    elif found := re.fullmatch(r"([0-9]{0,4}(?:\.[0-9]{1,4})?)(h|hrs?|hours?|m|mins?|minutes?|d|days?)?", text):
        per_unit = {"h": 60, "m": 1, "d": MINUTES_A_DAY}[(found[2] or "h")[0]]
        minutes = Decimal(found[1]) * per_unit if found[1] not in {"", "."} else None
    whole = int(minutes.to_integral_value(rounding="ROUND_HALF_UP")) if minutes is not None else 0
    if not 1 <= whole <= 24 * 60:
        raise ValueError("Write how long it took, up to 24 hours: 1.5, 1:30, 90m, 1h30 or 0.2d")
    return whole


def day(value: str) -> date:
    """A calendar day as YYYY-MM-DD, which is what a date field sends."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        try:
            found = date.fromisoformat(value.strip())
        except ValueError:
            found = date.min
        if FIRST_DAY <= found <= LAST_DAY:
            return found
    raise ValueError("Write a date from 2000 to 2100 like 2026-11-20")


def month(value: str) -> date:
    """The first day of a month written YYYY-MM."""
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value.strip()):
        return day(f"{value.strip()}-01")
    raise ValueError("Write a month like 2026-11")


def region(value: str) -> str:
    """A region of public holidays: a country, or a country and a part of it."""
    found = known_region(value)
    if found is None:
        raise ValueError("Write a region whose public holidays are known, like GB-ENG, GB-SCT, IE or DE-BY")
    return found


def line(value: str, *, at_most: int = 200) -> str:
    """One line of text: composed, trimmed, without letters that cannot be shown."""
    text = unicodedata.normalize("NFC", value).strip()
    hidden = any(unicodedata.category(letter) in UNSHOWN or letter in OVERRIDES for letter in text)
    if hidden or (text and not any(letter.isprintable() for letter in text)):
        raise ValueError("Leave out line breaks and characters that cannot be shown")
    if len(text) > at_most:
        raise ValueError(f"Write at most {at_most} characters, this is {len(text)}")
    return text


def prose(value: str, *, at_most: int = 100_000) -> str:
    """Text of several lines."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("Leave out the characters that cannot be shown")
    if len(text) > at_most:
        raise ValueError(f"Write at most {at_most} characters, this is {len(text)}")
    return text


def mail(value: str) -> str:
    """A mail address, in lower case: what is signed in with and sent to."""
    text = line(value, at_most=200).lower()
    if not re.fullmatch(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", text):
        raise ValueError("Write a mail address like name@company.example")
    return text


def link(value: str) -> str:
    """A web address."""
    text = line(value, at_most=1000)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError("Write a web address that begins with https://")
    return text


def code(value: str) -> str:
    """A client's code: 2 to 6 letters, in capitals."""
    text = value.strip().upper()
    if not re.fullmatch(r"[A-Z]{2,6}", text):
        raise ValueError("Write 2 to 6 letters, like BRK")
    return text


def zone(value: str) -> str:
    """The IANA name of a time zone."""
    if value.strip() not in available_timezones():
        raise ValueError("Write the name of a time zone, like Europe/London")
    return ZoneInfo(value.strip()).key


def party(value: str) -> tuple[str, int]:
    """Somebody of either side, as a list of choices names them: contact-3 or person-2."""
    kind, _, key = value.partition("-")
    if kind not in {"contact", "person"}:
        raise ValueError("Choose one of the list")
    return kind, whole(key, at_least=1)


def currency(value: str) -> str:
    """The three letters of a currency that has hundredths: sums are kept in those."""
    text = value.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", text) or not is_currency(text) or get_currency_precision(text) != 2:
        raise ValueError("Write the three letters of a currency with hundredths, like GBP, EUR or USD")
    return text


LINKED = re.compile(r"://|[<>@/\\]|[Ww]{3}\.|[A-Za-z0-9-]{2,}\.[a-z]{2,}")


def name(value: str) -> str:
    """What somebody is called: nothing in it that a reader of mail would make a link of, for mails greet by it."""
    said = line(value, at_most=120)
    if LINKED.search(said):
        raise ValueError("Write the name alone, without an address, like Gwen Parry")
    return said


def own_path(value: str) -> str:
    """A redirect target on this site: never another origin."""
    if not re.fullmatch(r"/(?![/\\])[\w\-./~%=&?+,:@]*", value, re.ASCII) or "//" in value or ".." in value:
        raise ValueError("That address is not on this site")
    return value


def truth(value: str) -> bool:
    """A tick box."""
    if value.strip().lower() in {"1", "y", "yes", "on", "true"}:
        return True
    if value.strip().lower() in {"", "0", "n", "no", "off", "false"}:
        return False
    raise ValueError("Write yes or no")


def lines(value: str, *, at_most: int = 20, each: int = 500) -> list[str]:
    """Several lines, one thing a line; empty lines and bullets are left out."""
    rows = [text for row in prose(value).split("\n") if (text := line(row.strip().removeprefix("- "), at_most=each))]
    if len(rows) > at_most:
        raise ValueError(f"Write at most {at_most} lines, this is {len(rows)}")
    return rows


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def spoken_day(value: str, today: date) -> date:
    """A day to come as people say it: Friday, next Tuesday, tomorrow, in two weeks, 3 December, end of month, 2026-12-03."""
    text = " ".join(value.strip().lower().replace(",", " ").split()).removeprefix("the ")
    found = _said_near(text, today) or _said_of_a_month(text, today)
    if found is None:
        try:
            found = day(text)
        except ValueError:
            raise ValueError("Say the day like Friday, tomorrow, in two weeks, 3 December or 2026-12-03") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError("Say a day from 2000 to 2100, like 3 December")
    return found


def _said_near(text: str, today: date) -> date | None:
    """A day of this week or the next, or some days or weeks from now."""
    if text in {"today", "tomorrow"}:
        return today + timedelta(days=text == "tomorrow")
    if found := re.fullmatch(r"(next |this )?([a-z]{3,9})", text):
        named = [n for n, name in enumerate(WEEKDAYS) if name.startswith(found[2]) and len(found[2]) >= 3]
        if named:
            ahead = (named[0] - today.weekday()) % 7 or 7
            in_next_week = found[1] == "next " and today.weekday() + ahead < 7
            return today + timedelta(days=ahead + 7 * in_next_week)
    if text in {"next week", "end of next week"}:
        return today + timedelta(days=11 - today.weekday())
    if text in {"end of week", "end of this week", "week end", "end of the week"}:
        return today + timedelta(days=max(0, 4 - today.weekday()))
    if found := re.fullmatch(r"in ([0-9]{1,3}|[a-z]{1,5}) (day|week|month)s?", text):
        number = int(found[1]) if found[1].isdigit() else SMALL.get(found[1], 0)
        days = {"day": 1, "week": 7, "month": 30}[found[2]]
        return today + timedelta(days=number * days) if number else None
    return None


def _said_of_a_month(text: str, today: date) -> date | None:
    """3 December, Dec 3, the 3rd, end of month, end of January: always the next one to come."""
    if found := re.fullmatch(r"(?:end of|month end|end)(?: (?:the|this) month| month| ([a-z]{3,9}))?", text):
        month_of_year = _month(found[1]) if found[1] else today.month
        return _last_day(today, month_of_year) if month_of_year else None
    text = re.sub(r"(?<=[0-9])(st|nd|rd|th)\b", "", text)
    found = re.fullmatch(r"([0-9]{1,2})(?: of)?(?: ([a-z]{3,9}))?(?: ([0-9]{4}))?", text)
    parts = (found[1], found[2], found[3]) if found else None
    if parts is None and (found := re.fullmatch(r"([a-z]{3,9}) ([0-9]{1,2})(?: ([0-9]{4}))?", text)):
        parts = (found[2], found[1], found[3])
    if parts is None:
        return None
    number, named, year = parts
    if named and not _month(named):
        return None
    return _next_such(int(number), _month(named) if named else None, int(year) if year else None, today)


def _month(text: str) -> int:
    return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(text) and len(text) >= 3), 0)


def _next_such(number: int, month_of_year: int | None, year: int | None, today: date) -> date | None:
    for away in range(13):
        at = today.year * 12 + today.month - 1 + away
        try:
            found = date(year or at // 12, month_of_year or at % 12 + 1, number)
        except ValueError:
            continue
        if year or (found >= today and (month_of_year is None or found.month == at % 12 + 1)):
            return found
    return None


def _last_day(today: date, month_of_year: int) -> date:
    year = today.year + (month_of_year < today.month)
    after = date(year + month_of_year // 12, month_of_year % 12 + 1, 1)
    return after - timedelta(days=1)


def worked_day(value: str, today: date, *, day_first: bool = True) -> date:
    """A day that was worked as people say it: today, yesterday, mon (the last Monday), 12/11, 12.11., 12 nov, 2026-11-12.

    Without a year it is the one nearest to today. `day_first`: 12/11 is 12 November.
    """
    text = " ".join(value.strip().lower().replace(",", " ").split())
    found = _worked_near(text, today) or _worked_in_figures(text, today, day_first) or _worked_in_words(text, today)
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError("Say the day like yesterday, mon, 12/11, 12 nov or 2026-11-12")
    return found


def _worked_near(text: str, today: date) -> date | None:
    if text in {"today", "yesterday"}:
        return today - timedelta(days=text == "yesterday")
    named = [n for n, name in enumerate(WEEKDAYS) if len(text) >= 3 and name.startswith(text.rstrip("."))]
    return today - timedelta(days=(today.weekday() - named[0]) % 7) if named else None


def _worked_in_figures(text: str, today: date, day_first: bool) -> date | None:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return day(text)
    found = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?", text, re.ASCII)
    if found is None:
        found = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})?", text, re.ASCII)
        day_first = True  # with points nobody writes the month first
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    return _nearest(*((first, second) if day_first else (second, first)), found[3], today)


def _worked_in_words(text: str, today: date) -> date | None:
    found = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?(?: ([0-9]{4}))?", text, re.ASCII)
    parts = (found[1], found[2], found[3]) if found else None
    if parts is None and (
        found := re.fullmatch(r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?(?: ([0-9]{4}))?", text, re.ASCII)
    ):
        parts = (found[2], found[1], found[3])
    if parts is None or not _month(parts[1]):
        return None
    return _nearest(int(parts[0]), _month(parts[1]), parts[2], today)


def _nearest(number: int, month_of_year: int, year: str | None, today: date) -> date | None:
    """The day with this number, of the year that was said or of the one that brings it nearest to today."""
    years = [int(year) + 2000 * (len(year) == 2)] if year else [today.year - 1, today.year, today.year + 1]
    found = []
    for one in years:
        with suppress(ValueError):
            found.append(date(one, month_of_year, number))
    return min(found, key=lambda one: abs(one - today), default=None)


def time_of_day(value: str) -> str:
    """A time on the clock, as 14:30; also 9, 9.30, 2pm."""
    text = value.strip().lower().replace(" ", "").replace(".", ":")
    found = re.fullmatch(r"([0-9]{1,2})(?::([0-5][0-9]))?(am|pm)?", text)
    if found:
        hour = int(found[1]) % 12 + 12 * (found[3] == "pm") if found[3] else int(found[1])
        if hour < 24 and (not found[3] or 1 <= int(found[1]) <= 12):
            return f"{hour:02}:{found[2] or '00'}"
    raise ValueError("Write a time like 14:30, 9 or 2pm")


def digest(value: str) -> str:
    """A SHA-256 in hexadecimal, as programs write it: in either case, with spaces between or not."""
    text = "".join(value.split()).lower()
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError("Write the 64 letters and figures of a SHA-256, with a to f and 0 to 9 only")
    return text
