"""Ten years of logged time in the large practice."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from itertools import accumulate

from crm.core.calendar import DAY, is_working_day, month_after, month_end
from crm.demo.book import book
from crm.demo.large_made import REGION, Made, Place
from crm.timelog.models import TimeEntry, TimeKind, TimeNote

MINUTES = (30, 30, 45, 60, 60, 90, 90, 120, 180)


KINDS = (TimeKind.INTERNAL, TimeKind.TRAINING, TimeKind.PRESALES)


def months(made: Made) -> Iterator[date]:
    month = made.first_day
    while month <= made.today:
        yield month
        month = month_after(month)


def month_of_time(made: Made, month: date) -> None:
    """Each person's share of the entries, spread evenly over the days they worked; those of one month at a time."""
    for n, person in enumerate(made.people):
        days, already = _worked(made, n)
        quota = made.size.entries * (n + 1) // len(made.people) - made.size.entries * n // len(made.people)
        places = [one for one in made.places.get(person, ()) if one.first <= month_end(month) and one.last >= month]
        first, last = bisect_right(days, month - DAY), bisect_right(days, month_end(month))
        for at in range(first, last):
            until = min(quota, round(already[at] * quota))
            since = round(already[at - 1] * quota) if at else 0
            _day_of_time(made, person, days[at], until - since, places)


def _worked(made: Made, n: int) -> tuple[list[date], list[float]]:
    """The days that somebody worked, and what share of all of them has passed with each."""
    if n not in made.worked:
        every = (made.first_day + step * DAY for step in range((made.today - made.first_day).days))
        days = [day for day in every if is_working_day(day, REGION) and day not in made.away[n]]
        made.worked[n] = days, [total / len(days) for total in accumulate([1] * len(days))]
    return made.worked[n]


def _day_of_time(made: Made, person: int, day: date, number: int, places: list[Place]) -> None:
    chance, bulk = made.chance, made.bulk
    running = [one for one in places if one.first <= day <= one.last]
    at = made.almanac.at(day, 17, 30)
    notes = book("words")["notes"]
    for _ in range(number):
        row = {"person_id": person, "worked_on": day, "minutes": chance.choice(MINUTES), "logged_at": at}
        if not running or chance.random() < 0.12:
            kind = chance.choice(KINDS)
            bulk.add(
                TimeEntry,
                kind=kind,
                client_note=chance.choice(notes[kind]),
                engagement_id=None,
                client_id=None,
                area=None,
                deliverable_id=None,
                **row,
            )
            continue
        one = chance.choice(running)
        paper = (
            one.papers[min(bisect_right(one.dues, day), len(one.papers) - 1)]
            if one.papers and chance.random() < 0.4
            else None
        )
        on = {"engagement_id": one.engagement_id, "client_id": one.client_id}
        entry = bulk.add(
            TimeEntry, kind=TimeKind.BILLABLE, area=chance.choice(one.areas), deliverable_id=paper,
            client_note=chance.choice(notes["client"]), **on, **row,
        )  # fmt: skip
        if chance.random() < 0.03:
            bulk.add(TimeNote, entry_id=entry, person_id=person, body="Keep the first half hour short", **on)
