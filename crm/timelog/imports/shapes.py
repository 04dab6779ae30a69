"""Time in the shapes in which other tools write it, so that nobody is locked in here. Each can be imported again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from crm.core.clock import UTC_ZONE
from crm.timelog.imports.models import Source

BEGINS = 9 * 60  # minutes of a day: nobody says here when they began, and some tools ask
A_DAY = 24 * 60


@dataclass(frozen=True)
class Line:
    """One entry as it is exported. Times of day are made up: entries of a day follow each other from nine."""

    worked_on: date
    minutes: int
    person: str
    mail: str
    client: str
    code: str
    title: str
    area: str
    note: str
    billable: bool
    begins: int = BEGINS

    @property
    def start(self) -> datetime:
        return datetime.combine(self.worked_on, time()) + timedelta(minutes=self.begins)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    @property
    def project(self) -> str:
        """With our code, by which an import here knows it again."""
        return f"{self.code} {self.title}".strip()

    @property
    def hours(self) -> str:
        return str((Decimal(self.minutes) / 60).quantize(Decimal("0.0001"), ROUND_HALF_UP))

    @property
    def clock(self) -> str:
        return f"{self.minutes // 60}:{self.minutes % 60:02}"


def in_order(lines: Iterable[Line]) -> Iterator[Line]:
    """Entries of a person's day, one after the other: from nine, or from midnight where they would not fit."""
    for _, group in groupby(lines, lambda one: (one.mail, one.worked_on)):
        day = [*group]
        at = BEGINS if BEGINS + sum(one.minutes for one in day) <= A_DAY else 0
        for one in day:
            at = min(at, A_DAY - one.minutes)
            yield replace(one, begins=at)
            at += one.minutes


def _yes(one: Line) -> str:
    return "Yes" if one.billable else "No"


def _first(one: Line) -> str:
    return one.person.partition(" ")[0]


def _last(one: Line) -> str:
    return one.person.partition(" ")[2]


def _day(when: datetime | date) -> str:
    return when.strftime("%Y-%m-%d")


def _instant(when: datetime, zone: ZoneInfo, later: int = 0) -> str:
    """Minutes are counted in UTC, so that no night in which clocks change makes them more or fewer."""
    return (when.replace(tzinfo=zone).astimezone(UTC_ZONE) + timedelta(minutes=later)).strftime("%Y-%m-%dT%H:%M:%SZ")


Column = tuple[str, Callable[[Line], str]]


def _nothing(_: Line) -> str:
    return ""


HARVEST: tuple[Column, ...] = (
    ("Date", lambda one: _day(one.worked_on)), ("Client", lambda one: one.client), ("Project", lambda one: one.title),
    ("Project Code", lambda one: one.code), ("Task", lambda one: one.area), ("Notes", lambda one: one.note), ("Hours", lambda one: one.hours),
    ("Billable?", _yes), ("Invoiced?", _nothing), ("Approved?", _nothing), ("First Name", _first), ("Last Name", _last),
    ("Employee Id", _nothing), ("Roles", _nothing), ("Employee?", lambda _: "Yes"), ("Billable Rate", _nothing), ("Billable Amount", _nothing),
    ("Cost Rate", _nothing), ("Cost Amount", _nothing), ("Currency", _nothing), ("External Reference URL", _nothing),
)  # fmt: skip
TOGGL: tuple[Column, ...] = (
    ("User", lambda one: one.person), ("Email", lambda one: one.mail), ("Client", lambda one: one.client), ("Project", lambda one: one.project),
    ("Task", lambda one: one.area), ("Description", lambda one: one.note), ("Billable", _yes), ("Start date", lambda one: _day(one.start)),
    ("Start time", lambda one: f"{one.start:%H:%M:%S}"), ("End date", lambda one: _day(one.end)), ("End time", lambda one: f"{one.end:%H:%M:%S}"),
    ("Duration", lambda one: f"{one.minutes // 60:02}:{one.minutes % 60:02}:00"), ("Tags", _nothing),
)  # fmt: skip
CLOCKIFY: tuple[Column, ...] = (
    ("Project", lambda one: one.project), ("Client", lambda one: one.client), ("Description", lambda one: one.note), ("Task", lambda one: one.area),
    ("User", lambda one: one.person), ("Group", _nothing), ("Email", lambda one: one.mail), ("Tags", _nothing), ("Billable", _yes),
    ("Start Date", lambda one: _day(one.start)), ("Start Time", lambda one: f"{one.start:%H:%M:%S}"), ("End Date", lambda one: _day(one.end)),
    ("End Time", lambda one: f"{one.end:%H:%M:%S}"), ("Duration (h)", lambda one: f"{one.minutes // 60:02}:{one.minutes % 60:02}:00"),
    ("Duration (decimal)", lambda one: one.hours),
)  # fmt: skip
KIMAI: tuple[Column, ...] = (
    ("Date", lambda one: _day(one.worked_on)), ("From", lambda one: f"{one.start:%H:%M}"), ("To", lambda one: f"{one.end:%H:%M}"),
    ("Duration", lambda one: one.clock), ("Currency", _nothing), ("Price", _nothing), ("Internal price", _nothing), ("Hourly price", _nothing),
    ("Fixed price", _nothing), ("Name", lambda one: one.person), ("User", lambda one: one.mail), ("E-mail", lambda one: one.mail),
    ("Staff number", _nothing), ("Customer", lambda one: one.client), ("Project", lambda one: one.project), ("Activity", lambda one: one.area),
    ("Description", lambda one: one.note), ("Billable", _yes), ("Tags", _nothing), ("Type", lambda _: "timesheet"), ("category", lambda _: "work"),
    ("Account", _nothing), ("Project number", lambda one: one.code), ("VAT-ID", _nothing), ("Order number", _nothing),
)  # fmt: skip
GENERIC: tuple[Column, ...] = (
    ("date", lambda one: _day(one.worked_on)), ("hours", lambda one: one.hours), ("person", lambda one: one.person), ("email", lambda one: one.mail),
    ("client", lambda one: one.client), ("project", lambda one: one.title), ("engagement code", lambda one: one.code), ("task", lambda one: one.area),
    ("notes", lambda one: one.note), ("billable", lambda one: _yes(one).lower()),
)  # fmt: skip


def solidtime(zone: ZoneInfo) -> tuple[Column, ...]:
    """Its instants are in UTC, so it takes the practice's zone to say them."""
    return (
        ("description", lambda one: one.note), ("billable", lambda one: "true" if one.billable else "false"), ("client", lambda one: one.client),
        ("project", lambda one: one.project), ("tags", _nothing), ("start", lambda one: _instant(one.start, zone)),
        ("end", lambda one: _instant(one.start, zone, one.minutes)), ("task", lambda one: one.area), ("user_name", lambda one: one.person),
        ("user_email", lambda one: one.mail),
    )  # fmt: skip


def columns_of(shape: Source, zone: ZoneInfo) -> Sequence[Column]:
    """The headings of a tool, each with what stands below it. No price and no cost: those columns stay empty."""
    fixed = {
        Source.HARVEST: HARVEST,
        Source.TOGGL: TOGGL,
        Source.CLOCKIFY: CLOCKIFY,
        Source.KIMAI: KIMAI,
        Source.GENERIC: GENERIC,
    }
    return solidtime(zone) if shape is Source.SOLIDTIME else fixed[shape]


def table_of(shape: Source, lines: Iterable[Line], zone: ZoneInfo) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    """Headings and rows."""
    columns = columns_of(shape, zone)
    return [name for name, _ in columns], ([cell(one) for _, cell in columns] for one in in_order(lines))
