"""Dates as a calendar reads them: iCalendar, as RFC 5545 says it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vText

from crm.feeds.dates import Dated

EVERY = timedelta(hours=4)  # how often a calendar had better ask again


def feed_of(dates: Sequence[Dated], *, name: str, base: str, host: str, at: datetime) -> bytes:
    """One calendar. Without METHOD: it is read, nobody is invited by it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Twelvefold//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", vText(name))  # a text by name: what the library does not know it would not escape
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for one in dates:
        calendar.add_component(_event(one, base, host, at))
    return bytes(calendar.to_ical())


def _event(one: Dated, base: str, host: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one.mark}@{host}")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("summary", one.title)
    if one.begins and one.ends:
        event.add("dtstart", one.begins.astimezone(UTC))
        event.add("dtend", one.ends.astimezone(UTC))
    else:
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
    if one.is_cancelled or not one.begins:
        event.add("transp", "TRANSPARENT")  # a day to think of, or what was called off, keeps nobody busy
    if one.sequence:
        event.add("sequence", one.sequence)
    if one.is_cancelled:
        event.add("status", "CANCELLED")
    if one.place:
        event.add("location", one.place)
    url = f"{base}{one.path}"
    event.add("description", f"{one.text}\n{url}".strip())
    event.add("url", url)
    return event


def digest_of_dates(dates: Sequence[Dated], name: str) -> str:
    """Says whether anything is new: the moment of writing is not."""
    return hashlib.sha256(repr((name, list(dates))).encode()).hexdigest()[:32]
