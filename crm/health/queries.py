"""What health is judged by, of many engagements at once: five statements, however many they are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import and_, case, false, func, or_, select

from crm.areas.strategy.models import LIVE as UNDER_WAY
from crm.areas.strategy.models import Initiative
from crm.closing.operations import HealthAt
from crm.core.calendar import DAY, month_end
from crm.core.clock import today
from crm.core.codes import deliverable_code
from crm.core.db import db
from crm.core.inputs import MINUTES_A_DAY
from crm.core.twelve import Area, Scope
from crm.core.words import half_up
from crm.deliverables.measures import OnTime, due_between, on_time_window, was_on_time
from crm.deliverables.models import Deliverable
from crm.deliverables.states import OURS_TO_DO, State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import days_paused
from crm.engagements.queries import stands
from crm.engagements.scopes import AreaScope, Rag, Trend
from crm.engagements.states import LIVE, EngagementState, PriceKind
from crm.evidence.common import X1, limits_of
from crm.evidence.models import AreaSummary, RuleLimit, own_limits
from crm.evidence.queries import Apart
from crm.evidence.verdicts import days_open
from crm.figures import standings
from crm.health.formulas import AreaWork, Health, Work, health
from crm.retainers.formulas import Burn, Forecast, Span, remaining
from crm.retainers.queries import Book, books_and_minutes
from crm.timelog.models import TimeEntry, TimeKind

D, V, NOTHING = Deliverable, DeliverableVersion, Fraction(0)
RUNNING = (EngagementState.ACTIVE, EngagementState.CLOSING)
AGREED = (*OURS_TO_DO, State.SUBMITTED)  # work on an area that is under way: what is only proposed is none
COUNTS = (State.SUBMITTED, State.ACCEPTED, State.SUPERSEDED)  # of a version, for F11
Minutes = Mapping[int, Mapping[date, int]]  # billable, by engagement and month
Pauses = tuple[tuple[date, date], ...]
Books = tuple[Mapping[int, Book], Minutes]


@dataclass(frozen=True)
class Sent:
    """A version that the client has, or had."""

    state: State
    submitted_at: datetime
    answer_by: date | None


@dataclass(frozen=True)
class Due:
    """A deliverable, as far as health asks for it."""

    id: int
    number: int
    title: str
    area: Area
    state: State
    baseline_due: date | None
    accepted_on: date | None
    remaining: Fraction  # days, where its engagement is judged by a budget
    versions: list[Sent] = field(default_factory=list)

    @property
    def code(self) -> str:
        return deliverable_code(self.number)

    @property
    def is_ours(self) -> bool:
        """To be done, and never signed off: a correction of what was is not late anew (X2)."""
        return self.state in OURS_TO_DO and self.accepted_on is None and self.baseline_due is not None

    @property
    def answer_by(self) -> date | None:
        """Until when the client was to answer what lies with them."""
        waiting = (one.answer_by for one in self.versions if one.state is State.SUBMITTED)
        return next(waiting, None) if self.state is State.SUBMITTED else None


@dataclass(frozen=True)
class Judged:
    """The health of one engagement on a day, with all that it was judged by."""

    on: date
    engagement: Any  # a row of crm.figures.standings
    work: Work
    health: Health
    span: Span
    areas: Sequence[Any]  # all twelve, as they stand
    due: Sequence[Due]
    burn: Burn | None = None  # of a retainer
    forecast: Forecast | None = None

    @property
    def runs(self) -> bool:
        """Its clocks run: a paused engagement stops them (invariant 20)."""
        return self.engagement.state in RUNNING

    @cached_property
    def late(self) -> list[Due]:
        """Ours to do and past the agreed day, the oldest first."""
        return [
            one for one in self.due if self.runs and one.is_ours and one.baseline_due and one.baseline_due < self.on
        ]

    @cached_property
    def unanswered(self) -> list[Due]:
        """With the client, past the day by which they were to answer."""
        return [one for one in self.due if self.runs and one.answer_by and one.answer_by < self.on]

    @cached_property
    def apart(self) -> list[Apart]:
        """Areas whose evidence does not say what was published."""
        return [
            Apart(row.area, row.published, row.suggested, row.computed_on)
            for row in self.areas
            if row.scope is not Scope.OUT and row.computed_on and row.published and row.published is not row.suggested
        ]


def healths(
    on: date, engagement_ids: Collection[int] | None = None, *, known: Mapping[int, Any] | None = None,
    books: Books | None = None,
) -> dict[int, Judged]:  # fmt: skip
    """F10 of every live engagement that this viewer sees, or of these. `known`: what `standings` said already; `books`:
    what `books_and_minutes` did."""
    every = standings(on, engagement_ids) if known is None else known
    live = {key: row for key, row in every.items() if row.state in LIVE}
    if not live:
        return {}
    book_of, minutes = books or books_and_minutes(list(live), on, last_only=True)
    areas, due = _areas(live, on), _due(live, book_of, on)
    return {
        key: _judged(row, book_of[key], minutes.get(key, {}), areas[key], due[key], on=on)
        for key, row in live.items()
        if key in book_of
    }


def healths_at(month: date) -> list[HealthAt]:
    """As it is written into the history: of each engagement that runs now and ran in this month, on its last day."""
    on = min(month_end(month), today())
    found = healths(on).values()
    return [
        HealthAt(
            one.engagement.id, one.engagement.client_id, one.health.verdict, half_up(one.health.score, 2),
            *(half_up(part, 2) for part in one.health.parts),
        )
        for one in found
        if one.engagement.starts <= on and one.engagement.ends >= month
    ]  # fmt: skip


def _judged(
    row: Any, book: Book, minutes: Mapping[date, int], areas: Sequence[Any], due: Sequence[Due], *, on: date
) -> Judged:
    span = book.span
    burn = book.burn(on) if book.terms else None
    forecast = None
    if not book.terms and row.budget_days is not None:
        spent = Fraction(sum(minutes.values()), MINUTES_A_DAY)
        forecast = Forecast(row.budget_days, spent, sum((one.remaining for one in due), Fraction(0)))
    verdict = burn.verdict if burn else forecast.verdict if forecast else None
    in_hand = {one.area for one in due if one.state in AGREED}
    ours = [_days_since(one.baseline_due, span, on) for one in due if one.is_ours and one.baseline_due]
    work = Work(
        on_time=_on_time(due, span, on),
        areas=tuple(_area(one, span, in_hand, on) for one in areas if one.scope is not Scope.OUT),
        commercial=verdict,
        contact_days=_days_since(max(row.met_on or row.starts, row.starts), span, on),
        invoice_late=(on - row.unpaid_since).days if row.unpaid_since else 0,
        most_late=max(ours, default=0) if row.state in RUNNING else 0,
        has_lead=row.lead is not None or row.state not in RUNNING or not row.starts <= on <= row.ends,
    )
    return Judged(on, row, work, health(work), span, areas, due, burn, forecast)


def _days_since(day: date, span: Span, on: date) -> int:
    """A clock that stands still in a pause (invariant 20), and never runs backwards."""
    return days_open(day, on, days_paused(span.pauses, day + DAY, on) if span.pauses else 0)


def _on_time(due: Sequence[Due], span: Span, on: date) -> OnTime:
    """F11, over the last 90 dates that were not paused."""
    stood_still = _stood(span.pauses)
    first, last = _window(on, span.pauses)
    counted = [was_on_time(one) for one in due if due_between(one, first, last, stood_still)]
    return OnTime(sum(counted), len(counted))


@dataclass(frozen=True)
class _Stood:
    """A pause, as F11 asks for it."""

    begins: date
    until: date
    ended_on: date | None = None


def _stood(pauses: Pauses) -> list[_Stood]:
    return [_Stood(*one) for one in pauses]


@lru_cache(maxsize=256)
def _window(on: date, pauses: Pauses) -> tuple[date, date]:
    """First and last day of F11: the same for all that never paused."""
    return on_time_window(on, _stood(pauses))


def _area(row: Any, span: Span, in_hand: Collection[Area], on: date) -> AreaWork:
    days = _days_since(row.reviewed_on or span.starts, span, on)
    is_fresh = _is_fresh(days, row.scope, row.own_amber, row.own_red)
    return AreaWork(
        row.area, row.confirmed, is_fresh, row.trend is Trend.WORSENING, bool(row.is_served) or row.area in in_hand
    )


@lru_cache(maxsize=4096)
def _is_fresh(days: int, scope: Scope, own_amber: Decimal | None, own_red: Decimal | None) -> bool:
    """X1 is green, by the book or by the practice's own limits: the same question for hundreds of areas."""
    own = own_limits(X1, own_amber, own_red)
    return limits_of(X1, scope, own).verdict(Fraction(days)) is Rag.GREEN


def _areas(live: Collection[int], on: date) -> dict[int, list[Any]]:
    """The twelve of each, with the colour that stands and the evidence beside it. One statement."""
    colour = stands(on)
    serves = or_(
        Initiative.serves_area == AreaScope.area, and_(Initiative.serves_area.is_(None), AreaScope.area == Area.STR)
    )
    served = (
        select(Initiative.id)
        .where(
            Initiative.client_id == AreaScope.client_id, serves, Initiative.status.in_(UNDER_WAY),
            Initiative.archived_at.is_(None),
        )
        .correlate(AreaScope)
        .exists()
    )  # fmt: skip
    asked = (
        select(
            AreaScope.engagement_id, AreaScope.area, AreaScope.number, AreaScope.scope, colour.label("confirmed"),
            AreaScope.confirmed.label("published"), AreaScope.trend, AreaScope.maturity, AreaScope.target, AreaScope.ask,
            AreaScope.ask_by, AreaScope.review_due, AreaScope.reviewed_on, AreaSummary.suggested, AreaSummary.since, AreaSummary.computed_on,
            case((colour == Rag.RED, served), else_=false()).label("is_served"),
            RuleLimit.amber.label("own_amber"), RuleLimit.red.label("own_red"),
        )
        .outerjoin(AreaScope.override)
        .outerjoin(
            AreaSummary,
            and_(AreaSummary.engagement_id == AreaScope.engagement_id, AreaSummary.area == AreaScope.area),
        )
        .outerjoin(RuleLimit, RuleLimit.rule == X1.id)
        .where(AreaScope.engagement_id.in_(list(live)))
        .order_by(AreaScope.engagement_id, AreaScope.number)
    )  # fmt: skip
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(asked):
        found[row.engagement_id].append(row)
    return found


def _due(live: Mapping[int, Any], books: Mapping[int, Book], on: date) -> dict[int, list[Due]]:
    """What is owed and not over, and what was due in the window of F11, with the versions sent. One statement."""
    priced = [
        key for key, row in live.items() if row.budget_days is not None and row.price_kind is not PriceKind.RETAINER
    ]
    windows = [_window(on, book.span.pauses)[0] for book in books.values()]
    logged = (
        select(func.coalesce(func.sum(TimeEntry.minutes), 0))
        .where(TimeEntry.deliverable_id == D.id, TimeEntry.kind == TimeKind.BILLABLE, TimeEntry.voided_at.is_(None))
        .correlate(D)
        .scalar_subquery()
    )
    proposed = and_(D.state == State.PROPOSED, D.engagement_id.in_(priced)) if priced else false()  # counts in F7 alone
    in_window = and_(D.baseline_due >= min(windows, default=on), D.baseline_due < on)
    of_budget = (
        (D.remaining, D.estimate, case((D.engagement_id.in_(priced), logged), else_=0).label("logged"))
        if priced
        else ()
    )
    asked: Any = (
        select(
            D.id, D.engagement_id, D.number, D.title, D.area, D.state, D.baseline_due, D.accepted_on, *of_budget,
            V.state.label("sent_as"), V.submitted_at, V.answer_by,
        )
        .outerjoin(V, and_(V.deliverable_id == D.id, V.submitted_at.is_not(None), V.state.in_(COUNTS)))
        .where(D.engagement_id.in_(list(live)), or_(D.state.in_(AGREED), proposed, in_window))
        .order_by(D.engagement_id, D.baseline_due, D.id, V.number)
    )  # fmt: skip
    found: dict[int, dict[int, Due]] = defaultdict(dict)
    wanted = set(priced)
    for row in db.session.execute(asked):
        owed = found[row.engagement_id]
        if row.id not in owed:
            owed[row.id] = _owed(row, forecast=row.engagement_id in wanted)
        if row.submitted_at:
            owed[row.id].versions.append(Sent(row.sent_as, row.submitted_at, row.answer_by))
    return defaultdict(list, {key: list(of_one.values()) for key, of_one in found.items()})


def _owed(row: Any, *, forecast: bool) -> Due:
    """What remains of it is asked by F7 alone."""
    left = NOTHING if not forecast else remaining(
        over=row.state in {State.ACCEPTED, State.SUPERSEDED, State.CANCELLED}, owner_says=row.remaining,
        estimate=row.estimate, actual=Fraction(Decimal(row.logged)) / MINUTES_A_DAY,
    )  # fmt: skip
    return Due(row.id, row.number, row.title, row.area, row.state, row.baseline_due, row.accepted_on, left)
