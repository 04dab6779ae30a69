"""What waits for what at a client, and which due dates that puts in danger. Plain values: nothing here asks the database.

A date is in danger when what it waits for comes so late that the work left does not fit before it. The work left is the
owner's own figure, else the whole estimate where nobody began, and a tenth of it where somebody did (as in F7).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import TypeVar

from crm.core.calendar import after_working_days
from crm.core.words import day, short_day
from crm.deliverables.states import LIVE, OURS_TO_DO, State

K = TypeVar("K", bound=Hashable)
Key = tuple[str, int]  # ("deliverable", 3), ("decision", 7), ("input", 2) by the wait that asks for it
REVIEWED = (State.INTERNAL_REVIEW, State.READY, State.SUBMITTED)


@dataclass(frozen=True)
class Thing:
    """Something that is waited for, or waits."""

    key: Key
    title: str
    due: date | None = None
    is_done: bool = False
    done_on: date | None = None
    state: State | None = None  # of a deliverable
    code: str = ""
    work: Decimal = Decimal(0)  # days that are left to do once all is there
    engagement_id: int | None = None
    is_hidden: bool = False  # it belongs to an engagement that this viewer does not see
    who: str = ""

    @property
    def is_deliverable(self) -> bool:
        return self.key[0] == "deliverable"

    @property
    def said(self) -> str:
        """What it is called in a sentence."""
        if self.is_deliverable:
            return f"{self.code} {self.title}" if self.code else self.title
        return f"the decision “{self.title}”" if self.key[0] == "decision" else f"“{self.title}” from the client"

    def days_late(self, on: date) -> int:
        return max((on - self.due).days, 0) if self.due and not self.is_done else 0


def work_left(state: State, estimate: Decimal | None, remaining: Decimal | None) -> Decimal:
    """Days to do once all that it waits for is there."""
    if state in REVIEWED:
        return Decimal(0)
    if remaining is not None:
        return remaining
    whole = estimate or Decimal(0)
    return whole if state in {State.PROPOSED, State.PLANNED} else whole / 10


@dataclass(frozen=True)
class Danger:
    """A due date that cannot be kept as things stand, and the way down to what holds it up."""

    thing: Thing
    earliest: date
    because: tuple[Thing, ...]

    @property
    def days(self) -> int:
        """How many days later than its date it comes at the earliest."""
        return (self.earliest - self.thing.due).days if self.thing.due else 0

    def why(self, on: date) -> str:
        """The way down in words, the root with what is wrong with it."""
        *between, root = self.because
        late = root.days_late(on)
        ends = f"{late} {'day' if late == 1 else 'days'} late" if late else f"expected {short_day(root.due)}"
        steps = [one.said for one in between] + [f"{root.said}, {ends}"]
        return ", which waits for ".join(steps)

    def sentence(self, on: date) -> str:
        return (
            f"Due {day(self.thing.due)}, but it waits for {self.why(on)}. {short_day(self.earliest)} at the earliest."
        )


@dataclass
class Graph:
    """The things of a client by key, what each waits for, and what the calendar says of it."""

    on: date
    region: str
    things: dict[Key, Thing] = field(default_factory=dict)
    waits: dict[Key, list[Key]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[Key, tuple[date | None, Key | None]] = field(default_factory=dict)

    def link(self, waiting: Thing, awaited: Thing) -> None:
        for one in (waiting, awaited):
            if one.key not in self.things or self.things[one.key].is_hidden:
                self.things[one.key] = one
        self.waits[waiting.key].append(awaited.key)

    @cached_property
    def waited_for(self) -> Mapping[Key, list[Key]]:
        found: dict[Key, list[Key]] = defaultdict(list)
        for waiting, awaited in self.waits.items():
            for one in awaited:
                found[one].append(waiting)
        return found

    def expected(self, key: Key) -> date | None:
        """When it is there as things stand: none when it is done, or nobody knows."""
        return self._judged(key)[0]

    def _judged(self, key: Key, above: frozenset[Key] = frozenset()) -> tuple[date | None, Key | None]:
        """The day, and what of that which it waits for drives it there."""
        if key in self._known:
            return self._known[key]
        thing = self.things[key]
        if thing.is_done or key in above:
            return None, None
        base = max(thing.due, self.on) if thing.due else None
        earliest, cause = self._earliest(key, above)
        drives = earliest is not None and (base is None or earliest > base)
        found = (earliest if drives else base), (cause if drives else None)
        self._known[key] = found
        return found

    def _earliest(self, key: Key, above: frozenset[Key] = frozenset()) -> tuple[date | None, Key | None]:
        """When it can be done, the slowest of what it waits for and the work left after that; and which that is."""
        coming = [(self._judged(one, above | {key})[0], one) for one in self.waits.get(key, ())]
        known = [(when, one) for when, one in coming if when is not None]
        if not known:
            return None, None
        when, slowest = max(known)
        days = int(self.things[key].work.to_integral_value(ROUND_CEILING))
        return after_working_days(when, days, self.region), slowest

    def danger_of(self, key: Key) -> Danger | None:
        """Only what is ours to do can be held up; what is with the client or done is not."""
        thing = self.things.get(key)
        if thing is None or thing.state not in OURS_TO_DO or thing.is_done or thing.due is None:
            return None
        earliest, cause = self._earliest(key)
        if earliest is None or cause is None or earliest <= thing.due:
            return None
        return Danger(thing, earliest, tuple(self._way_down(cause)))

    def _way_down(self, key: Key) -> Iterable[Thing]:
        walked: set[Key] = set()
        at: Key | None = key
        while at is not None and at not in walked:
            walked.add(at)
            yield self.things[at]
            at = self._judged(at)[1]

    def dangers(self, engagement_id: int | None = None) -> list[Danger]:
        """Every due date in danger, the nearest first; of one engagement, or of all."""
        keys = [
            key for key, one in self.things.items() if one.is_deliverable and engagement_id in {None, one.engagement_id}
        ]
        found = [danger for key in keys if (danger := self.danger_of(key))]
        return sorted(found, key=lambda one: (one.thing.due or date.max, one.thing.key))


def reaches(waits: Mapping[K, Iterable[K]], start: K, goal: K) -> bool:
    """Whether `start` waits for `goal`, directly or by way of others."""
    ahead, seen = [start], set[K]()
    while ahead:
        at = ahead.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            ahead.extend(waits.get(at, ()))
    return False


def is_done(state: State, accepted_on: date | None) -> bool:
    """Signed off once is enough to go on from; what was cancelled holds nobody up."""
    return accepted_on is not None or state not in LIVE
