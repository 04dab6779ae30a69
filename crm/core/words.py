"""How dates, times, money, hours and states are written: the one place. Registered as template filters."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any

from babel.numbers import format_currency, get_currency_symbol

from crm.core import clock
from crm.core.inputs import MINUTES_A_DAY
from crm.core.twelve import TWELVE

LOCALE = "en_GB"
NOTHING = "–"
Number = Decimal | Fraction | int


def local(moment: datetime) -> datetime:
    return moment.astimezone(clock.zone())


def day(value: date | datetime | None) -> str:
    """17 November 2026"""
    if value is None:
        return NOTHING
    value = local(value) if isinstance(value, datetime) else value
    return f"{value.day} {value:%B %Y}"


def short_day(value: date | datetime | None) -> str:
    """Fri 20 Nov, with the year when it is not this one."""
    if value is None:
        return NOTHING
    value = local(value).date() if isinstance(value, datetime) else value
    year = "" if value.year == clock.today().year else f" {value.year}"
    return f"{value:%a} {value.day} {value:%b}{year}"


def long_day(value: date) -> str:
    """Tuesday 17 November"""
    return f"{value:%A} {value.day} {value:%B}"


def span(first: date, last: date) -> str:
    """16 to 22 November; 30 November to 6 December; with the year when it is not this one."""
    year = "" if last.year == clock.today().year else f" {last.year}"
    begins = f"{first.day}"
    if first.month != last.month:
        begins += f" {first:%B}" + (f" {first.year}" if first.year != last.year else "")
    return f"{begins} to {last.day} {last:%B}{year}"


def day_month(value: date) -> str:
    """16 Nov, with the year when it is not this one"""
    year = "" if value.year == clock.today().year else f" {value.year}"
    return f"{value.day} {value:%b}{year}"


def month(value: date) -> str:
    """November 2026"""
    return f"{value:%B %Y}"


def quarter(value: date) -> str:
    """Q4 2026"""
    return f"Q{(value.month + 2) // 3} {value.year}"


def short_month(value: date) -> str:
    """Nov 2026"""
    return f"{value:%b %Y}"


def moment(value: datetime | None) -> str:
    """17 November 2026, 14:02"""
    return NOTHING if value is None else f"{day(value)}, {local(value):%H:%M}"


def clock_time(value: datetime) -> str:
    """14:02"""
    return f"{local(value):%H:%M}"


def iso(value: date | datetime | None) -> str:
    return "" if value is None else value.isoformat()


def distance(value: date | None, today: date | None = None) -> str:
    """9 days overdue, Due today, or the day: how a due date is said."""
    if value is None:
        return NOTHING
    left = (value - (today or clock.today())).days
    if left < 0:
        return f"{plural(-left, 'day')} overdue"
    return {0: "Due today", 1: "Tomorrow"}.get(left, short_day(value))


def nearness(value: date | None, today: date | None = None) -> str:
    """late, soon or nothing: the kind of tag of a due date."""
    if value is None:
        return ""
    left = (value - (today or clock.today())).days
    return "late" if left < 0 else "soon" if left <= 2 else ""


@lru_cache(maxsize=4096)
def _money(minor: int, currency: str, *, pence: bool = False) -> str:
    whole = minor % 100 == 0 and not pence
    pattern = "¤#,##0" if whole else "¤#,##0.00"
    return minus(format_currency(Decimal(minor) / 100, currency, format=pattern, locale=LOCALE, currency_digits=False))


def money(minor: int | None, currency: str, *, pence: bool = False) -> str:
    """£6,200 or £6,200.50; `pence`: £6,200.00 too, for a column in which others have some."""
    return NOTHING if minor is None else _money(minor, currency, pence=pence)


def short_money(minor: int | None, currency: str) -> str:
    """£31m, £8.2m, £420k: a size, not a sum."""
    if minor is None:
        return NOTHING
    units = Decimal(minor) / 100
    for size, letter in ((1_000_000_000, "bn"), (1_000_000, "m"), (1000, "k")):
        if half_up(units, 0) >= size:
            return f"{currency_sign(currency)}{amount(units / size, 1)}{letter}"
    return _money(int(half_up(units, 0)) * 100, currency)


def currency_sign(currency: str) -> str:
    return get_currency_symbol(currency, locale=LOCALE)


def half_up(value: Number, places: int = 1) -> Decimal:
    """Rounded away from zero at the half (docs/domain.md, conventions). Compare before, show after."""
    if isinstance(value, Fraction):
        twice = 2 * abs(value) * 10**places
        whole = (twice.numerator + twice.denominator) // (2 * twice.denominator)
        return Decimal(whole if value >= 0 else -whole).scaleb(-places)
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def minus(text: str) -> str:
    """A figure as people read it: of a correction −1.50, with a minus as wide as the digits and never a hyphen."""
    return text.replace("-", "−", 1) if text.startswith("-") else text


def hours(minutes: int | None) -> str:
    """1.50 h"""
    return NOTHING if minutes is None else minus(f"{half_up(Decimal(minutes) / 60, 2)} h")


def figure(minutes: int | None) -> str:
    """1.50: hours in a column that says so; a dash where there are none."""
    return minus(f"{half_up(Decimal(minutes) / 60, 2)}") if minutes else NOTHING


def part(value: Decimal | int | None, whole: Decimal | int) -> int:
    """How much of a bar is filled, 0 to 100; something is never shown as nothing."""
    if not value or whole <= 0:
        return 0
    return min(100, max(1, int(Decimal(value) * 100 / Decimal(whole))))


def clock_hours(minutes: int) -> str:
    """1:30"""
    if minutes < 0:
        return f"−{clock_hours(-minutes)}"
    return f"{minutes // 60}:{minutes % 60:02}"


def spoken(minutes: int) -> str:
    """30 min, 1 h 30 min; of a correction −1 h"""
    if minutes < 0:
        return f"−{spoken(-minutes)}"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def days_of(minutes: int | None) -> str:
    """Minutes as days of 7.5 hours with two decimals: 0.20 days"""
    return NOTHING if minutes is None else minus(f"{half_up(Decimal(minutes) / MINUTES_A_DAY, 2)} days")


def decimals(value: Number | None, places: int = 2) -> str:
    """A number with the same decimals down a column: 0.70, 3.15"""
    return NOTHING if value is None else f"{half_up(value, places)}"


def amount(value: Number | None, places: int = 2) -> str:
    """A plain number without needless zeros: 4, 1.5, 0.75"""
    text = decimals(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def count_days(value: Number | None) -> str:
    """4 days, 1 day, 1.5 days"""
    return NOTHING if value is None else f"{amount(value)} {'day' if value == 1 else 'days'}"


def percent(value: Number | float | None, places: int = 1) -> str:
    """70.0 %. No value is a dash, never 0 % (docs/domain.md, conventions)."""
    return (
        NOTHING if value is None else f"{half_up(Decimal(str(value)) if isinstance(value, float) else value, places)} %"
    )


def plural(number: int, one: str, many: str = "") -> str:
    """1 day, 3 days, 1,204 days"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def bytes_said(size: int) -> str:
    """640 bytes, 12 kB, 3.4 MB, 1.2 GB: as offices count them"""
    for unit, bytes_of in (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)):
        if size >= bytes_of:
            places = 0 if unit == "kB" or size >= 100 * bytes_of else 1
            return f"{amount(Decimal(size) / bytes_of, places)} {unit}"
    return plural(size, "byte")


def places_of(values: Iterable[Any]) -> int:
    """How many decimals the figures of one column need, so that they stand under each other."""
    return max((len(amount(one).partition(".")[2]) for one in values if isinstance(one, Decimal)), default=0)


def cell_of_column(value: Any, places: int) -> str:
    """A value as its cell says it, with the decimals of its column."""
    return decimals(value, places) if places and isinstance(value, Decimal) else cell(value)


def cell(value: Any, write_day: Callable[[date], str] = short_day) -> str:
    """Any value of a list as its cell says it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Enum):
        return worded(str(value.value))
    if isinstance(value, Decimal):
        return amount(value)
    if isinstance(value, list):
        return ", ".join(cell(one, write_day) for one in value) or NOTHING
    return write_day(value) if isinstance(value, date) else str(value)


MEASURES = {
    "pct": "{} %", "hours": "{} h", "kwh": "{} kWh", "days": "{} days", "levels": "{} levels", "points": "{} points",
}  # fmt: skip


def measured(value: Number | None, unit: str, currency: str, *, tidy: bool = False) -> str:
    """A figure of an area in its unit: 85.7 %, £61,600, 4.04, 4 h. Marks have two decimals, since they are kept so;
    `tidy`: a limit without needless zeros."""
    if value is None:
        return NOTHING
    if unit == "money":
        return _money(int(half_up(value, 0)) * 100, currency)
    number = f"{half_up(value, {'score_5': 2, 'count': 0, 'kwh': 0}.get(unit, 1)):,f}"
    if tidy or unit in {"hours", "days"}:
        number = amount(half_up(value, 2)) if "." in number else number
    said = MEASURES.get(unit, "{}")
    return (said.removesuffix("s") if number == "1" and unit in {"days", "levels", "points"} else said).format(number)


NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"]


def in_words(number: int) -> str:
    """Two, at the head of a sentence; figures beyond twelve."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def listed(names: Iterable[str]) -> str:
    """Ada, Ben and Cora"""
    every = list(names)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}" if every else ""


SPELLED = {
    "it": "IT", "hr": "HR", "ai": "AI", "saas": "Online service", "on_premises": "On our own premises", "byod": "Own devices",
    "mfa": "Multi-factor sign-in", "patch14": "Updates within 14 days", "cyber_essentials": "Cyber Essentials",
    "cis_ig1": "CIS group 1", "energy_environment": "Energy and environment", "in_house": "In-house",
} | {row.code.value: row.short for row in TWELVE}  # fmt: skip


def worded(value: str | None) -> str:
    """A state or kind as people read it: changes_requested is "Changes requested"."""
    return SPELLED.get(str(value), str(value).replace("_", " ").capitalize()) if value else NOTHING


WENT = {
    "add": "added", "break": "broke", "keep": "kept", "hold": "held", "ask": "asked", "begin": "began", "stop": "stopped", "go": "went", "bring": "brought", "cancel": "cancelled", "drop": "dropped", "end": "ended", "give": "gave",
    "log": "logged", "pass": "passed", "plan": "planned", "put": "put", "send": "sent", "submit": "submitted", "take": "took",
    "withdraw": "withdrew", "write": "wrote", "sign": "signed", "set": "set", "say": "said", "let": "let", "look": "looked", "redo": "redid", "reset": "reset",
}  # fmt: skip


def past(deed: str) -> str:
    """A deed as the history tells it: send_back is "sent back", archive is "archived"."""
    verb, *rest = deed.split("_")
    turns = verb[-1:] == "y" and verb[-2:-1] not in "aeiou"  # retry, but not delay
    regular = f"{verb[:-1]}ied" if turns else f"{verb}d" if verb.endswith("e") else f"{verb}ed"
    return " ".join([WENT.get(verb, regular), *rest])


def headed(text: str) -> str:
    """food wholesale, Leeds is Food wholesale, Leeds; what stands in capitals stays."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Security controls inside a sentence is security controls; IT services stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def initials(name: str) -> str:
    """Helen Ashdown is HA"""
    parts = [part for part in name.split() if part[:1].isalpha()]
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper() if parts else "?"


def _printed(said: Callable[..., str]) -> Callable[..., str]:
    """On a page with a minus; in files and fields what a program reads."""
    return lambda *args, **options: minus(said(*args, **options))


FILTERS = {
    function.__name__: function
    for function in (
        day, short_day, day_month, long_day, month, short_month, moment, clock_time, iso, distance, nearness, hours, clock_hours, spoken,
        days_of, plural, in_words, listed, worded, headed, lowered, initials,
        span, figure, part, places_of, cell_of_column, cell, bytes_said, currency_sign, past, quarter,
    )
} | {function.__name__: _printed(function) for function in (decimals, amount, count_days, percent)}  # fmt: skip
