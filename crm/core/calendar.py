"""Public holidays, working days and weeks. A week runs Monday to Sunday; a working day is Monday to Friday without the
region's public holidays (docs/domain.md, conventions). A region is a country, or a country and a part of it: IE, GB-ENG."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays
from babel import Locale

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    return found


@lru_cache(maxsize=1024)
def known_region(text: str) -> str | None:
    """The region as the house writes it, or None when nobody knows its holidays."""
    country, _, part = text.strip().partition("-")
    parts = _countries().get(country.upper())
    if parts is None:
        return None
    if not part:
        return country.upper()
    named = next((one for one in parts if one.upper() == part.upper()), None)
    return f"{country.upper()}-{named}" if named else None


@lru_cache(maxsize=1024)
def public_holidays(region: str, year: int) -> Mapping[date, str]:
    """Day and name of each public holiday, substitute days too. An unknown region has none."""
    known = known_region(region)
    if known is None:
        return {}
    country, _, part = known.partition("-")
    return dict(holidays.country_holidays(country, subdiv=part or None, years=year))


@lru_cache(maxsize=1024)
def holidays_between(region: str, first: date, last: date) -> Mapping[date, str]:
    """Day and name of each public holiday between two days, both counted."""
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found.update(public_holidays(region, year))
    return {day: name for day, name in found.items() if first <= day <= last}


@lru_cache(maxsize=1024)
def region_name(region: str) -> str:
    """England, Ireland, Germany (Bayern): how a region is said."""
    known = known_region(region)
    if known is None:
        return region
    country, _, part = known.partition("-")
    name = Locale("en", "GB").territories.get(country, country)
    if not part:
        return str(name)
    aliases = holidays.country_holidays(country).get_subdivision_aliases().get(part) or [part]
    return str(aliases[0]) if country == "GB" else f"{name} ({aliases[0]})"


def is_working_day(day: date, region: str) -> bool:
    return day.weekday() < 5 and day not in public_holidays(region, day.year)


def after_working_days(day: date, number: int, region: str) -> date:
    """The day that lies so many working days later; the day itself does not count."""
    while number > 0:
        day += DAY
        number -= is_working_day(day, region)
    return day


def before_working_days(day: date, number: int, region: str) -> date:
    """The day that lies so many working days earlier; the day itself does not count."""
    while number > 0:
        day -= DAY
        number -= is_working_day(day, region)
    return day


def working_day_until(day: date, region: str) -> date:
    """The day itself, or the last working day before it."""
    while not is_working_day(day, region):
        day -= DAY
    return day


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    first = month_after(day, months)
    return first.replace(day=min(day.day, month_end(first).day))


def monday_of(day: date) -> date:
    return day - DAY * day.weekday()


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


@lru_cache(maxsize=4096)
def month_after(day: date, number: int = 1) -> date:
    """The first day of the month that lies so many months later, or earlier."""
    years, months = divmod(day.month - 1 + number, 12)
    return date(day.year + years, months + 1, 1)


def month_end(day: date) -> date:
    return month_after(day) - DAY


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_after(day: date, number: int = 1) -> date:
    """The first day of the quarter that lies so many quarters later, or earlier."""
    return month_after(quarter_of(day), 3 * number)


def quarter_end(day: date) -> date:
    return quarter_after(day) - DAY


def quarters_between(first: date, last: date) -> int:
    """How many quarters the second lies after the first; below nothing where it is earlier."""
    return (last.year - first.year) * 4 + (last.month - 1) // 3 - (first.month - 1) // 3
