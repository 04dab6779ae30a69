"""One parser per type. Forms, commands and imports all come through here; each refuses with ValueError and a
sentence for the person who typed: what is wrong, what is allowed, an example."""

import re
import unicodedata
from datetime import date
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


def _decimal(value: str, example: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,9}([.,][0-9]{1,2})?", value.strip()):
        raise ValueError(f"Write a number with at most two decimals, like {example}")
    return Decimal(value.strip().replace(",", "."))


def money(value: str) -> int:
    """A sum in units of the currency; gives minor units (pence, cents)."""
    text = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", value.strip().lstrip("£€$"))  # 6,200 as people write it
    return int(_decimal(text, "5200 or 5200.50") * 100)


def figure(value: str, *, at_least: int | None = None, at_most: int | None = None) -> Decimal:
    """Any measured number with at most two decimals, also below nothing unless a least is said."""
    text = value.strip()
    found = _decimal(text.removeprefix("-"), "96.5 or -3" if at_least is None else "3.5")
    found = -found if text.startswith("-") else found
    if (at_least is not None and found < at_least) or (at_most is not None and found > at_most):
        upper = "" if at_most is None else f" to {at_most}"
        raise ValueError(f"Write a number from {at_least}{upper}, like 3.5")
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
    """Minutes, from `1.5`, `1:30`, `90m`, `1h30`, `1h 30m`, `2h` or `0.2d`; a bare number is hours."""
    text = value.strip().lower().replace(",", ".").replace(" ", "")
    minutes: Decimal | None = None
    if (found := re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])", text)) or (
        found := re.fullmatch(r"([0-9]{1,3})h([0-5]?[0-9])m?", text)
    ):
        minutes = Decimal(int(found[1]) * 60 + int(found[2]))
    elif found := re.fullmatch(r"([0-9]{0,4}(?:\.[0-9]{1,4})?)(h|m|min|d)?", text):
        per_unit = {"h": 60, "m": 1, "min": 1, "d": MINUTES_A_DAY, None: 60}[found[2]]
        minutes = Decimal(found[1]) * per_unit if found[1] not in {"", "."} else None
    if minutes is None or not 1 <= round(minutes) <= 24 * 60:
        raise ValueError("Write how long it took, up to 24 hours: 1.5, 1:30, 90m, 1h30 or 0.2d")
    return int(minutes.to_integral_value(rounding="ROUND_HALF_UP"))


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
