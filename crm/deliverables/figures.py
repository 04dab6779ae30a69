"""F11 and F12 with the rows behind them: of an engagement, of a consultant, and of all that this viewer sees."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import Select, select

from crm.clients.models import Client
from crm.core.clock import day_of
from crm.core.codes import deliverable_code, engagement_code
from crm.core.db import db
from crm.core.words import plural
from crm.deliverables.measures import OnTime, counts_for, due_between, on_time_window, sign_off_days, was_on_time
from crm.deliverables.models import Deliverable
from crm.deliverables.states import ANSWERED, State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement, Pause
from crm.engagements.people import Assignment
from crm.people.models import Person

D, V = Deliverable, DeliverableVersion
YEAR = timedelta(days=365)  # F12 of consultants and of the practice: what was answered since


@dataclass(frozen=True)
class Sent:
    """A version as the figures need it."""

    number: int
    state: State
    submitted_at: datetime | None
    decided_at: datetime | None
    given_on: date | None


@dataclass(frozen=True)
class Promise:
    """A deliverable as the figures need it."""

    id: int
    number: int
    title: str
    state: State
    baseline_due: date
    engagement_id: int
    person_id: int | None
    person: str
    client: str
    versions: list[Sent] = field(default_factory=list)

    @property
    def code(self) -> str:
        return deliverable_code(self.number)

    @property
    def sent(self) -> Sent | None:
        """The version that counts: the first accepted one, else the one that waits."""
        found: Sent | None = counts_for(self)
        return found

    @property
    def is_kept(self) -> bool:
        return was_on_time(self)

    def why(self, today: date) -> str:
        """Why it is late, in words; of what was kept, by how much."""
        sent_back = [one.number for one in self.versions if one.state is State.CHANGES_REQUESTED]
        before = f" Version {sent_back[0]} was sent back." if sent_back else ""
        if self.sent is None or self.sent.submitted_at is None:
            over = f"Not submitted, {plural((today - self.baseline_due).days, 'day')} over."
            return over + before
        days = (day_of(self.sent.submitted_at) - self.baseline_due).days
        if days <= 0:
            return "On its day." if days == 0 else f"{plural(-days, 'day')} early."
        return f"Submitted {plural(days, 'day')} late.{before}"


@dataclass(frozen=True)
class Answer:
    """A version that was answered, and the working days that it took."""

    deliverable_id: int
    number: int
    code: str
    title: str
    client: str
    person: str
    engagement_id: int
    person_id: int | None
    state: State
    sent: date
    decided: date
    days: int
    paused: bool  # the engagement stood still in between: those days do not count


Pauses = Mapping[int, Sequence[Any]]


def pauses() -> Pauses:
    """When each engagement stood still."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(select(Pause.engagement_id, Pause.begins, Pause.until, Pause.ended_on)):
        found[row.engagement_id].append(row)
    return found


def _of(asked: Any, engagement_id: int | None, person_id: int | None) -> Select[Any]:
    if engagement_id is not None:
        asked = asked.where(D.engagement_id == engagement_id)
    if person_id is not None:
        asked = asked.where(Person.id == person_id)
    found: Select[Any] = asked
    return found


def promises(
    today: date, stood_still: Pauses, *, engagement_id: int | None = None, person_id: int | None = None
) -> list[Promise]:
    """F11's rows: what was due in the last 90 dates on which its engagement did not stand still. Two statements."""
    windows = {key: on_time_window(today, those) for key, those in stood_still.items()}
    first, last = on_time_window(today)
    earliest = min([first, *(begins for begins, _ in windows.values())])
    asked = (
        select(D.id, D.number, D.title, D.state, D.baseline_due, D.engagement_id, Person.id.label("person_id"),
               Person.name.label("person"), Client.name.label("client"))
        .join(Client, Client.id == D.client_id)
        .outerjoin(Assignment, Assignment.id == D.assignment_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(D.baseline_due.between(earliest, last))
        .order_by(D.baseline_due, D.id)
    )  # fmt: skip
    rows = db.session.execute(_of(asked, engagement_id, person_id)).all()
    versions = (
        select(V.deliverable_id, V.number, V.state, V.submitted_at, V.decided_at, V.given_on)
        .join(D, D.id == V.deliverable_id)
        .where(D.baseline_due.between(earliest, last), V.submitted_at.is_not(None))
        .order_by(V.number)
    )
    if engagement_id is not None:
        versions = versions.where(V.engagement_id == engagement_id)
    sent: dict[int, list[Sent]] = defaultdict(list)
    for one in db.session.execute(versions):
        sent[one.deliverable_id].append(Sent(one.number, one.state, one.submitted_at, one.decided_at, one.given_on))
    found = [_promise(row, sent[row.id]) for row in rows]
    return [
        one
        for one in found
        if due_between(one, *windows.get(one.engagement_id, (first, last)), stood_still.get(one.engagement_id, ()))
    ]


def _promise(row: Any, sent: list[Sent]) -> Promise:
    whose = (row.engagement_id, row.person_id, row.person or "", row.client)
    return Promise(row.id, row.number, row.title, row.state, row.baseline_due, *whose, sent)


def rate_of(found: Iterable[Promise]) -> OnTime:
    kept = [one.is_kept for one in found]
    return OnTime(sum(kept), len(kept))


def answers(
    region: str, stood_still: Pauses, *, since: date | None = None, engagement_id: int | None = None,
    person_id: int | None = None,
) -> list[Answer]:  # fmt: skip
    """F12's rows, the slowest first. One statement."""
    asked = (
        select(V.deliverable_id, V.number, V.title.label("called"), V.state, V.submitted_at, V.decided_at, V.given_on,
               V.engagement_id, D.number.label("owed"), D.title, Person.id.label("person_id"),
               Person.name.label("person"), Client.name.label("client"))
        .join(D, D.id == V.deliverable_id)
        .join(Client, Client.id == D.client_id)
        .outerjoin(Assignment, Assignment.id == D.assignment_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(V.state.in_(ANSWERED))
    )  # fmt: skip
    if since is not None:
        from_then = datetime.combine(since, datetime.min.time()).astimezone()
        asked = asked.where(V.decided_at >= from_then)
    found = []
    for row in db.session.execute(_of(asked, engagement_id, person_id)):
        those = stood_still.get(row.engagement_id, ())
        sent, decided = day_of(row.submitted_at), row.given_on or day_of(row.decided_at)
        days = sign_off_days(row, region, those)
        found.append(
            Answer(
                row.deliverable_id, row.number, deliverable_code(row.owed), row.called or row.title, row.client, row.person or "",
                row.engagement_id, row.person_id, row.state, sent, decided, days, paused=days != sign_off_days(row, region),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.days, one.deliverable_id, one.number))


def median_of(found: Iterable[Answer]) -> Decimal | None:
    taken = [one.days for one in found]
    return Decimal(str(median(taken))) if taken else None


@dataclass(frozen=True)
class Line:
    """Both figures of one engagement or one consultant."""

    id: int
    name: str
    sub: str
    on_time: OnTime
    answers: int
    days: Decimal | None


def lines_of(
    owed: Iterable[Promise], answered: Iterable[Answer], key: str, names: Mapping[int, tuple[str, str]]
) -> list[Line]:
    """By engagement_id or person_id: whoever kept least first."""
    due: dict[int, list[Promise]] = defaultdict(list)
    taken: dict[int, list[Answer]] = defaultdict(list)
    for one in owed:
        due[getattr(one, key)].append(one)
    for other in answered:
        taken[getattr(other, key)].append(other)
    found = [
        Line(one, *names[one], rate_of(due[one]), len(taken[one]), median_of(taken[one]))
        for one in {*due, *taken}
        if one in names
    ]
    return sorted(found, key=lambda one: (one.on_time.rate is None, one.on_time.rate or 0, one.name))


def engagement_names() -> dict[int, tuple[str, str]]:
    """Of all that the viewer sees: the client, and the engagement with its code."""
    asked = select(Engagement.id, Engagement.number, Engagement.title, Client.name).join(
        Client, Client.id == Engagement.client_id
    )
    return {row.id: (row.name, f"{engagement_code(row.number)} {row.title}") for row in db.session.execute(asked)}
