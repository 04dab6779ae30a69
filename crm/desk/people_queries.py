"""What the pages of people ask: the list with load beside it, and what somebody is assigned to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from crm.core.lists import Filter, Listing
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Status
from crm.engagements.states import EngagementState
from crm.people.forms import KINDS
from crm.people.models import Person
from crm.workload.formulas import Band
from crm.workload.plan import Row

STATES = (("over", "Overloaded"), ("full", "Full"), ("healthy", "Healthy"), ("spare", "Spare"))
WHEN = (("here", "Here now"), ("coming", "Coming"), ("left", "Left"))


def state_of(row: Row) -> str:
    """How the six weeks ahead are, in one word; "" without capacity."""
    if row.is_overloaded:
        return "over"
    found = row.band
    return "" if found is None else "over" if found in {Band.OVER, Band.SEVERE} else found.value


def people_listing(rows: Sequence[Row], on: date, *, in_full: bool, with_load: bool) -> Listing:
    """Worst first. Whoever may know bands only is given the order of the bands, not of the figures behind them."""
    sorts: dict[str, Sequence[Any]] = {"name": [func.lower(Person.name)]}
    filters = [
        Filter(
            "role",
            "Role",
            [(kind.value, name) for kind, name in KINDS],
            lambda value: Person.kind == value,
            blank="Any role",
        ),
        Filter("when", "When", WHEN, lambda value: _when(value, on), blank="Everybody", default="here"),
    ]
    if with_load:
        states = {row.member.id: state_of(row) for row in rows}
        order = [state for state, _ in STATES]
        ranks = {
            row.member.id: n if in_full else order.index(states[row.member.id]) if states[row.member.id] else len(order)
            for n, row in enumerate(by_load(rows))
        }
        sorts = {"load": [_ranked(ranks), func.lower(Person.name)], **sorts}
        filters.append(
            Filter("load", "Load", STATES, lambda value: Person.id.in_(_in_state(states, value)), blank="Any load")
        )
    sorts |= {"role": [Person.kind], "base": [func.lower(Person.base)]}
    return Listing(sorts, Person.id, (Person.name, Person.email, Person.base, Person.background), filters)


def by_load(rows: Iterable[Row]) -> list[Row]:
    """Overloaded people first, then by the load of the six weeks."""
    return sorted(rows, key=lambda row: (not row.is_overloaded, -row.too_much, -(row.load or 0), row.name))


def _ranked(ranks: Mapping[int, int]) -> ColumnElement[Any]:
    return case(dict(ranks), value=Person.id, else_=len(ranks)) if ranks else func.lower(Person.name)


def _in_state(states: Mapping[int, str], asked: str) -> list[int]:
    return [person_id for person_id, state in states.items() if state == asked]


def _when(asked: str, on: date) -> ColumnElement[bool]:
    if asked == "left":
        return Person.left_on < on
    if asked == "coming":
        return Person.joined_on > on
    return and_(
        or_(Person.joined_on.is_(None), Person.joined_on <= on), or_(Person.left_on.is_(None), Person.left_on >= on)
    )


@dataclass(frozen=True)
class Staffing:
    """What somebody is assigned to, as far as the viewer sees the engagements."""

    now: Sequence[Assignment]
    past: Sequence[Assignment]

    def beyond(self, last: date | None) -> list[Assignment]:
        """What would run on after somebody's last day."""
        return [one for one in self.now if last and one.ends > last]


def assignments_of(person_id: int) -> Select[Assignment]:
    """The latest fifty, with engagement and client."""
    return (
        select(Assignment)
        .join(Engagement, Engagement.id == Assignment.engagement_id)
        .where(Assignment.person_id == person_id, Engagement.state != EngagementState.CANCELLED)
        .options(joinedload(Assignment.engagement).joinedload(Engagement.client))
        .order_by(Assignment.ends.desc(), Assignment.id.desc())
        .limit(50)
    )


def staffing(found: Iterable[Assignment], on: date) -> Staffing:
    every = list(found)
    now = [one for one in every if one.status is not Status.ENDED and one.ends >= on]
    now.sort(key=lambda one: (one.status is Status.TENTATIVE, one.begins > on, -one.days_a_month, one.id))
    return Staffing(now, [one for one in every if one.status is Status.ENDED or one.ends < on])
