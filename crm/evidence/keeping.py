"""Keeping each area's judgement true: whatever changes the evidence judges anew, in the same transaction, what it touched.

The one place: `follow` watches what a session writes, and before that is committed the areas touched are judged again,
whoever writes (a sponsor's yes changes what is late), and so past the viewer's limits. Each night all of them are, for a
day alone turns some. docs/evidence.md says the rest.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, event, func, insert, or_, select, update
from sqlalchemy.orm import ORMExecuteState, Session

from crm.areas.across.models import Action, Assurance, RaidItem
from crm.areas.data.models import SignalReading
from crm.core.clock import today
from crm.core.db import db, reading, transaction
from crm.core.twelve import Area, Scope
from crm.core.viewer import SYSTEM, viewing_as
from crm.core.words import half_up
from crm.deliverables.models import Deliverable
from crm.engagements.models import Engagement, Pause, days_paused
from crm.engagements.scopes import AreaScope
from crm.engagements.states import LIVE
from crm.evidence.judging import judge
from crm.evidence.models import AreaSummary, RuleLimit
from crm.evidence.verdicts import Judgement
from crm.practice.models import practice_of_a_chore
from crm.registers.models import RegisterEntry
from crm.reviews.models import Review

UNLIMITED = {"named": "evidence.keep", "synchronize_session": False}
EVERY = frozenset(Area)
ALL_CLIENTS = None
Touched = dict[int | None, set[Area]]  # by client; under None what every client is judged by


def touch(client_id: int | None, areas: Iterable[Area] = EVERY) -> None:
    """Say what was written past the session's own eyes; None: every client's. It is judged before the commit."""
    _touched(db.session.info)[client_id].update(areas)


def _touched(info: dict[Any, Any]) -> Touched:
    found: Touched = info.setdefault("evidence", defaultdict(set))
    return found


def areas_of(row: Any) -> Collection[Area]:
    """The areas that a row is evidence of."""
    if isinstance(row, RegisterEntry):
        # An action may belong to a risk of another area, and one assurance speaks for several.
        return EVERY if isinstance(row, RaidItem | Action | Assurance) else {row.area}
    if isinstance(row, Review | Deliverable | AreaScope):
        return {row.area}
    if isinstance(row, SignalReading):
        return {Area.DAT}
    return EVERY if isinstance(row, Engagement | Pause) else ()


def follow(session: Any) -> None:
    """From now on this session (or what this factory makes) keeps the summaries true."""
    event.listen(session, "after_flush", _note)
    event.listen(session, "do_orm_execute", _note_of_many)
    event.listen(session, "before_commit", _judge_again)
    event.listen(session, "after_rollback", lambda one: one.info.pop("evidence", None))


def _note(session: Session, context: Any) -> None:  # noqa: ARG001
    touched = _touched(session.info)
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, RuleLimit):
            touched[ALL_CLIENTS].update(_areas_of_rule(row.rule))
        elif areas := areas_of(row):
            touched[row.client_id].update(areas)


def _areas_of_rule(rule: str) -> Collection[Area]:
    """A rule is called by its area: VEN-R1; those of every area are X1 to X6."""
    return EVERY if rule.startswith("X") else {Area(rule.partition("-")[0])}


WATCHED = (RegisterEntry, Review, Deliverable, AreaScope, SignalReading, Engagement, Pause, RuleLimit)


def _note_of_many(state: ORMExecuteState) -> None:
    """A statement that writes many rows at once says nothing of whose they are."""
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and state.bind_mapper and issubclass(state.bind_mapper.class_, WATCHED) and not _is_loading(state):
        _touched(state.session.info)[ALL_CLIENTS].update(EVERY)


def _is_loading(state: ORMExecuteState) -> bool:
    """The large practice is judged when all of it is written."""
    return state.execution_options.get("named") == "demo.load"


def _judge_again(session: Session) -> None:
    if session.in_nested_transaction() or "viewer" not in session.info:
        return
    session.flush()
    touched = session.info.pop("evidence", None)
    if touched:
        refresh(touched, today())


# Judging, and writing down what changed


@dataclass(frozen=True)
class Kept:
    """What is written down of a judgement."""

    suggested: str | None
    grey: str | None
    health: Decimal | None
    coverage: Decimal
    fired: str

    @classmethod
    def of(cls, one: Judgement) -> "Kept":
        return cls(
            one.suggested, one.grey, None if one.health is None else half_up(one.health, 2), half_up(100 * one.coverage, 2),
            " ".join(found.rule.id for found in one.fired),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.suggested or self.grey} (health {self.health}, {self.coverage} % covered, fired: {self.fired or 'none'})"

    @property
    def colour(self) -> tuple[str | None, str | None]:
        return self.suggested, self.grey


@dataclass(frozen=True)
class Clock:
    """The days of an engagement, and those on which it stood still."""

    starts: date
    pauses: Sequence[tuple[date, date]]

    def paused_days(self, begins: date, ends: date) -> int:
        return days_paused(self.pauses, begins, ends)


@dataclass(frozen=True)
class Seat:
    """An area of an engagement, and what is written down of it. Columns, not a row of the viewer's session."""

    client_id: int
    engagement_id: int
    area: Area
    scope: Scope
    rows_shared: bool
    runs: bool
    engagement: Clock
    id: int | None
    kept: Kept | None
    since: date | None
    computed_on: date | None

    @property
    def is_in(self) -> bool:
        return self.scope is not Scope.OUT


def refresh(touched: Mapping[int | None, Collection[Area]], on: date) -> None:
    """Judge what was touched, of the engagements that run, and write down what is not as it was."""
    seats = seats_of(touched)
    over = [seat.id for seat in seats if not seat.runs]
    made, changed = [], []
    for judged, seat in judged_now((seat for seat in seats if seat.runs), on):
        row = _row(judged, seat, on)
        if seat.id is None:
            made.append(row | {"client_id": seat.client_id, "engagement_id": seat.engagement_id, "area": seat.area})
        elif judged != seat.kept or seat.computed_on != on:
            changed.append(row | {"id": seat.id})
    if made:
        db.session.execute(insert(AreaSummary), made, execution_options=UNLIMITED)
    if changed:
        db.session.execute(update(AreaSummary), changed, execution_options=UNLIMITED)
    if over:  # what is over keeps no judgement
        db.session.execute(delete(AreaSummary).where(AreaSummary.id.in_(over)), execution_options=UNLIMITED)


def _row(judged: Kept, seat: Seat, on: date) -> dict[str, Any]:
    is_same = seat.kept is not None and seat.kept.colour == judged.colour
    since = seat.since if is_same else on if seat.kept else _first_day(judged, seat, on)
    return {
        "suggested": judged.suggested, "grey": judged.grey, "health": judged.health, "coverage": judged.coverage,
        "fired": judged.fired, "since": since, "computed_on": on,
    }  # fmt: skip


def _first_day(judged: Kept, seat: Seat, on: date) -> date:
    """What was never evidenced is grey since the engagement began."""
    return min(seat.engagement.starts, on) if judged.grey else on


def judged_now(seats: Iterable[Seat], on: date) -> Iterator[tuple[Kept, Seat]]:
    """One statement an engagement, and one for the signals where data are among the areas."""
    of_engagement = defaultdict(list)
    for seat in seats:
        of_engagement[seat.engagement_id].append(seat)
    for scopes in of_engagement.values():
        judged = judge(scopes, on, options=UNLIMITED)
        yield from ((Kept.of(judged[seat.area]), seat) for seat in scopes)


def seats_of(touched: Mapping[int | None, Collection[Area]], *, locked: bool = True) -> list[Seat]:
    """The areas touched, of engagements that run, or whose judgement is still written down.

    Their scopes are locked until the commit, and read after that in a statement of its own: of two who write at once the
    second sees what the first has written. SQLite lets in one writer at a time by itself.
    """
    about = or_(
        *(AreaScope.area.in_(sorted(areas)) if key is ALL_CLIENTS else (AreaScope.client_id == key) & AreaScope.area.in_(sorted(areas))
          for key, areas in touched.items())
    )  # fmt: skip
    if locked and db.engine.dialect.name == "postgresql":
        lock = select(AreaScope.id).where(about).order_by(AreaScope.id).with_for_update(key_share=True)
        db.session.execute(lock, execution_options=UNLIMITED).all()
    asked = (
        select(
            AreaScope.client_id, AreaScope.engagement_id, AreaScope.area, AreaScope.scope, AreaScope.rows_shared, Engagement.state,
            Engagement.starts, Pause.id.label("pause_id"), Pause.begins, func.coalesce(Pause.ended_on, Pause.until).label("last"),
            *(getattr(AreaSummary, name).label(f"kept_{name}") for name in KEPT),
        )
        .join(Engagement, Engagement.id == AreaScope.engagement_id)
        .outerjoin(AreaSummary, (AreaSummary.engagement_id == AreaScope.engagement_id) & (AreaSummary.area == AreaScope.area))
        .outerjoin(Pause, Pause.engagement_id == AreaScope.engagement_id)
        .where(about, or_(Engagement.state.in_(LIVE), AreaSummary.id.is_not(None)))
        .order_by(AreaScope.id)
    )  # fmt: skip
    rows = db.session.execute(asked, execution_options=UNLIMITED).all()
    pauses: dict[int, dict[int, tuple[date, date]]] = defaultdict(dict)
    for row in rows:
        if row.pause_id is not None:
            pauses[row.engagement_id][row.pause_id] = (row.begins, row.last)
    first = {(row.engagement_id, row.area): row for row in rows}  # one a pause
    return [_seat(row, Clock(row.starts, tuple(pauses[row.engagement_id].values()))) for row in first.values()]


KEPT = ("id", "suggested", "grey", "health", "coverage", "fired", "since", "computed_on")


def _seat(row: Any, clock: Clock) -> Seat:
    kept = None
    if row.kept_id is not None:
        kept = Kept(row.kept_suggested, row.kept_grey, row.kept_health, row.kept_coverage, row.kept_fired)
    return Seat(
        row.client_id, row.engagement_id, row.area, row.scope, row.rows_shared, row.state in LIVE, clock,
        row.kept_id, kept, row.kept_since, row.kept_computed_on,
    )  # fmt: skip


# By day, and by hand


def clients_due(on: date) -> list[int]:
    """Clients with an engagement that runs whose areas were not all judged on this day."""
    asked = (
        select(AreaScope.client_id)
        .join(Engagement, Engagement.id == AreaScope.engagement_id)
        .outerjoin(AreaSummary, (AreaSummary.engagement_id == AreaScope.engagement_id) & (AreaSummary.area == AreaScope.area))
        .where(Engagement.state.in_(LIVE), func.coalesce(AreaSummary.computed_on, date.min) != on)
        .distinct()
        .order_by(AreaScope.client_id)
    )  # fmt: skip
    return list(db.session.scalars(asked, execution_options=UNLIMITED))


def every_client() -> list[int]:
    """Clients with an engagement that runs, or with a judgement that is written down."""
    running = select(Engagement.client_id).where(Engagement.state.in_(LIVE))
    asked = running.union(select(AreaSummary.client_id)).order_by(Engagement.client_id)
    return list(db.session.scalars(asked, execution_options=UNLIMITED))


def by_day() -> None:
    """The worker's chore: what nobody touched turns with the days too. The first hour of a day judges it."""
    with viewing_as(SYSTEM):
        with reading():
            if practice_of_a_chore() is None:
                return
            due = clients_due(today())
            db.session.rollback()
        recompute(today(), due)


def recompute(on: date, clients: Iterable[int] | None = None) -> int:
    """Judge the areas of these clients anew, or of those that are due: a transaction each, so that nobody waits long."""
    number = 0
    for client_id in clients_due(on) if clients is None else clients:
        with transaction():
            refresh({client_id: EVERY}, on)
        number += 1
    return number


@dataclass(frozen=True)
class Difference:
    """Where what is written down is not what the evidence says."""

    seat: Seat
    judged: Kept | None

    def __str__(self) -> str:
        return f"engagement {self.seat.engagement_id}, {self.seat.area}: kept {self.seat.kept}, judged {self.judged}"


def prove(on: date) -> Iterator[Difference]:
    """Judge everything anew, each area on the day it was last judged on, and compare."""
    by_day = defaultdict(list)
    for seat in seats_of({ALL_CLIENTS: EVERY}, locked=False):
        if seat.runs:
            by_day[seat.computed_on or on].append(seat)
        else:
            yield Difference(seat, None)
    for day, seats in by_day.items():
        for judged, seat in judged_now(seats, day):
            if judged != seat.kept:
                yield Difference(seat, judged)
