"""Planned effort: the work left on deliverables, spread over the working days until each is due, by person and week.

The work left is F7's remaining: the owner's own figure, else the estimate less what was logged, at least a tenth of it.
Contributors have their share of it and the owner the rest. What is overdue stands in the running week.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.core.calendar import DAY, WEEK, is_working_day, monday_of
from crm.core.db import db
from crm.core.inputs import MINUTES_A_DAY
from crm.core.viewer import Role, Viewer
from crm.deliverables.agreed import Contribution
from crm.deliverables.models import Deliverable
from crm.deliverables.states import OURS_TO_DO
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.retainers.formulas import remaining
from crm.timelog.models import TimeEntry, TimeKind

D = Deliverable
NONE = Fraction(0)


@dataclass(frozen=True)
class Part:
    """What one person has left to do on one deliverable, by week."""

    owed: Deliverable
    person_id: int
    person: str
    share: int  # per cent
    days: Fraction
    weeks: dict[date, Fraction]
    is_overdue: bool


@dataclass
class Row:
    """One person's weeks."""

    person_id: int
    name: str
    weeks: dict[date, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    later: Fraction = NONE
    undated: Fraction = NONE
    overdue: Fraction = NONE

    @property
    def total(self) -> Fraction:
        return sum(self.weeks.values(), NONE) + self.later + self.undated


def spread(days: Fraction, today: date, due: date, region: str) -> dict[date, Fraction]:
    """So many days over the working days from today to the due date, by the Monday of their week."""
    if due < today:
        return {monday_of(today): days}
    open_days = [day for n in range((due - today).days + 1) if is_working_day(day := today + DAY * n, region)]
    if not open_days:
        return {monday_of(due): days}
    found: dict[date, Fraction] = defaultdict(Fraction)
    for day in open_days:
        found[monday_of(day)] += days / len(open_days)
    return dict(found)


def parts(viewer: Viewer, today: date, region: str, person_id: int | None = None) -> list[Part]:
    """All that this viewer may know of: a partner everybody's; a consultant their own, and their team's where they lead."""
    mine = select(Assignment.id).where(Assignment.person_id == (viewer.person_id or 0))
    led = select(Assignment.engagement_id).where(
        Assignment.person_id == (viewer.person_id or 0), Assignment.role == AssignmentRole.LEAD,
        Assignment.status == Status.CONFIRMED, Assignment.begins <= today, Assignment.ends >= today,
    )  # fmt: skip
    open_ones: ColumnElement[bool] = D.state.in_(OURS_TO_DO)
    if viewer.role is not Role.PARTNER:
        shared = select(Contribution.deliverable_id).where(Contribution.assignment_id.in_(mine))
        open_ones &= or_(D.engagement_id.in_(led), D.assignment_id.in_(mine), D.id.in_(shared))
    owed = db.session.scalars(
        select(D).where(open_ones).order_by(D.due, D.id).options(
            joinedload(D.client), joinedload(D.assignment).joinedload(Assignment.person),
            selectinload(D.contributions).joinedload(Contribution.assignment).joinedload(Assignment.person),
        )
    ).unique().all()  # fmt: skip
    leads = set(db.session.scalars(led))
    logged = _logged()
    found = [part for one in owed for part in _parts_of(one, _left_of(one, logged.get(one.id, 0)), today, region)]
    if viewer.role is not Role.PARTNER:
        found = [one for one in found if one.person_id == viewer.person_id or one.owed.engagement_id in leads]
    return found if person_id is None else [one for one in found if one.person_id == person_id]


def _logged() -> dict[int, int]:
    """Billable minutes on what is still ours to do."""
    summed = (
        select(TimeEntry.deliverable_id, func.sum(TimeEntry.minutes).label("minutes"))
        .where(
            TimeEntry.deliverable_id.in_(select(D.id).where(D.state.in_(OURS_TO_DO))), TimeEntry.voided_at.is_(None),
            TimeEntry.kind == TimeKind.BILLABLE,
        )
        .group_by(TimeEntry.deliverable_id)
    )  # fmt: skip
    return {row.deliverable_id: int(row.minutes) for row in db.session.execute(summed)}


def _left_of(owed: Deliverable, minutes: int) -> Fraction:
    """F7, of what is not accepted."""
    done = Fraction(minutes, MINUTES_A_DAY)
    return remaining(over=False, owner_says=owed.remaining, estimate=owed.estimate, actual=done)


def _parts_of(owed: Deliverable, days: Fraction, today: date, region: str) -> Iterable[Part]:
    due = owed.due or owed.baseline_due
    shares = [(one.assignment, one.share) for one in owed.contributions]
    if owed.assignment:
        shares.insert(0, (owed.assignment, owed.owners_share))
    for assignment, share in shares:
        own = days * share / 100
        weeks = spread(own, today, due, owed.client.region or region) if due else {}
        late = due is not None and due < today
        yield Part(owed, assignment.person_id, assignment.person.name, share, own, weeks, is_overdue=late)


def rows_of(found: Collection[Part], weeks: Sequence[date]) -> list[Row]:
    """By person, whoever has most to do in these weeks first."""
    rows: dict[int, Row] = {}
    shown = set(weeks)
    for part in found:
        row = rows.setdefault(part.person_id, Row(part.person_id, part.person))
        for week, days in part.weeks.items():
            if week in shown:
                row.weeks[week] += days
            elif week > weeks[-1]:
                row.later += days
        row.undated += part.days if not part.weeks else NONE
        row.overdue += part.days if part.is_overdue else NONE
    return sorted(rows.values(), key=lambda one: (-sum(one.weeks.values(), NONE), one.name))


def weeks_ahead(today: date, number: int = 13) -> list[date]:
    return [monday_of(today) + WEEK * n for n in range(number)]
