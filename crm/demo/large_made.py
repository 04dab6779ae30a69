"""What the large practice is made of while its rows are made: how large it is, and what has been made so far."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from crm.core.calendar import month_after, month_of
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.demo.book import Almanac, book
from crm.demo.bulk import Bulk
from crm.engagements.states import EngagementModel

REGION = "GB-ENG"


YEARS = 10


OURS = {"visibility": Visibility.TEAM}


THEIRS = {"visibility": Visibility.CLIENT}


@dataclass(frozen=True)
class Size:
    """How large: the figures of `make bench`, or a tenth of them."""

    clients: int
    people: int
    engagements: int
    deliverables: int
    entries: int
    of_one: int = 100  # rows in the registers of the client that is shown
    of_each: int = 30  # and of every other one

    @property
    def rows(self) -> int:
        """About how many rows that makes, for the progress bar."""
        return (
            self.entries + 11 * self.deliverables + 130 * self.engagements + self.of_one + self.of_each * self.clients
        )


LARGE = Size(
    clients=500, people=100, engagements=1_500, deliverables=60_000, entries=1_000_000, of_one=2_000, of_each=50
)


TENTH = Size(clients=50, people=10, engagements=150, deliverables=6_000, entries=100_000, of_one=2_000, of_each=50)


@dataclass(frozen=True)
class Place:
    """Somebody's place on one engagement, as far as logging needs it."""

    engagement_id: int
    client_id: int
    first: date
    last: date
    areas: list[Area]
    dues: list[date]  # of the engagement's deliverables, in order
    papers: list[int]


@dataclass(frozen=True)
class Service:
    """One engagement while its rows are made: whose it is, from when to when, and who serves and who answers."""

    on: dict[str, int]
    model: EngagementModel
    first: date
    last: date
    team: list[int]
    assignments: list[int]
    sponsor: int
    holder: int


@dataclass
class Made:
    """What has been made so far, by id."""

    size: Size
    almanac: Almanac
    chance: Random
    bulk: Bulk
    people: list[int] = field(default_factory=list)
    away: list[set[date]] = field(default_factory=list)  # beside people
    contacts: dict[int, list[int]] = field(default_factory=dict)  # of each client: its sponsor first, its viewer second
    places: dict[int, list[Place]] = field(default_factory=dict)  # of each person

    worked: dict[int, tuple[list[date], list[float]]] = field(default_factory=dict)  # by place among the people
    numbered: int = 0

    @property
    def today(self) -> date:
        return self.almanac.today

    @property
    def first_day(self) -> date:
        return month_after(month_of(self.today), -12 * YEARS)

    def next_number(self) -> int:
        self.numbered += 1
        return self.numbered

    def pick(self, name: str) -> Any:
        return self.chance.choice(book("large")[name])
