"""What hangs on somebody who leaves, client by client, in words and figures, and who could take it over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.areas.catalogue import registers
from crm.clients.models import Client, Contact, FollowUp
from crm.core.clock import today
from crm.core.db import db
from crm.core.words import listed, plural
from crm.deliverables.agreed import Contribution
from crm.deliverables.models import Deliverable
from crm.deliverables.states import LIVE, State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.queries import assignable, contacts_of
from crm.engagements.scopes import AreaScope
from crm.engagements.states import OVER
from crm.people.models import Person
from crm.people.queries import partners
from crm.plans.models import Recurrence
from crm.registers.models import WithOwner

FINISHED = {
    "benefit_confirmed", "closed", "decided", "done", "dropped", "ended", "rejected", "revised", "stopped", "withdrawn",
}  # fmt: skip
OWNED: tuple[Any, ...] = tuple(one.entry for _, one in registers() if issubclass(one.entry, WithOwner))


@dataclass
class Work:
    """What of one client hangs on somebody."""

    client_id: int
    parts: list[Assignment] = field(default_factory=list)
    papers: list[Deliverable] = field(default_factory=list)  # they own
    helped: list[Contribution] = field(default_factory=list)
    reviewed: list[Deliverable] = field(default_factory=list)
    scopes: list[AreaScope] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    sponsored: list[Sponsorship] = field(default_factory=list)
    asked: list[DeliverableVersion] = field(default_factory=list)
    coming: list[Recurrence] = field(default_factory=list)

    @property
    def roles(self) -> list[str]:
        """What they are there, in words for a page that shows no client's content: codes and figures."""
        leads = [one.engagement.code for one in self.parts if one.role is AssignmentRole.LEAD]
        on = [one.engagement.code for one in self.parts if one.role is not AssignmentRole.LEAD]
        return [
            *(f"leads {code}" for code in dict.fromkeys(leads)), *(f"works on {code}" for code in dict.fromkeys(on)),
            *(f"sponsors {one.engagement.code}" for one in self.sponsored),
        ]  # fmt: skip

    @property
    def things(self) -> list[str]:
        """How much of what waits for them."""
        counted = (
            (self.papers, "deliverable", "deliverables"), (self.helped, "share in a deliverable", "shares in deliverables"),
            (self.reviewed, "deliverable to review", "deliverables to review"), (self.scopes, "area held", "areas held"),
            (self.rows, "row of a register", "rows of registers"), (self.follow_ups, "follow-up", "follow-ups"),
            (self.asked, "sign-off asked of them", "sign-offs asked of them"),
            (self.coming, "deliverable that comes again", "deliverables that come again"),
        )  # fmt: skip
        return [plural(len(these), one, many) for these, one, many in counted if these]

    @property
    def said(self) -> str:
        """leads ENG-014 and has 3 deliverables and 2 areas held"""
        has = f"has {listed(self.things)}" if self.things else ""
        return listed([*self.roles, has] if has else self.roles)


@dataclass(frozen=True)
class Case:
    """A client on the page: its name, what hangs there, and who could take it over."""

    client_id: int
    client: str
    said: str
    hint: str
    options: Sequence[tuple[int, str]]
    suggested: int | None


def _gathered(whose: Mapping[str, Sequence[Any]]) -> dict[int, Work]:
    found: dict[int, Work] = {}
    for name, things in whose.items():
        for thing in things:
            getattr(found.setdefault(thing.client_id, Work(thing.client_id)), name).append(thing)
    return found


def _rows(column: str, number: int) -> list[Any]:
    """Rows in use whose owner it is, of every register that has owners; what is finished stays theirs."""
    found: list[Any] = []
    for entry in OWNED:
        asked = select(entry).where(getattr(entry, column) == number, entry.archived_at.is_(None))
        found += [one for one in db.session.scalars(asked) if getattr(one, "status", "") not in FINISHED]
    return found


def work_of(person_id: int) -> dict[int, Work]:
    """By client, everything that waits for this person of the practice."""
    team = joinedload(Assignment.engagement).selectinload(Engagement.assignments).joinedload(Assignment.person)
    parts = db.session.scalars(
        select(Assignment)
        .where(Assignment.person_id == person_id, Assignment.status != Status.ENDED, Assignment.ends >= today())
        .options(team)
        .order_by(Assignment.id)
    ).all()
    every = select(Assignment.id).where(Assignment.person_id == person_id)
    writing = (
        joinedload(Deliverable.assignment),
        selectinload(Deliverable.contributions).joinedload(Contribution.assignment),
    )
    live = select(Deliverable).where(Deliverable.state.in_(LIVE)).options(*writing).order_by(Deliverable.id)
    helped = (
        select(Contribution)
        .join(Deliverable, Deliverable.id == Contribution.deliverable_id)
        .where(Contribution.assignment_id.in_(every), Deliverable.state.in_(LIVE))
    )
    held = (
        select(AreaScope)
        .join(Engagement, Engagement.id == AreaScope.engagement_id)
        .where(AreaScope.holder_person_id == person_id, Engagement.state.not_in(OVER))
    )
    coming = (
        select(Recurrence)
        .join(Engagement, Engagement.id == Recurrence.engagement_id)
        .where(Recurrence.assignment_id.in_(every), Recurrence.ended_on.is_(None), Engagement.state.not_in(OVER))
    )
    return _gathered({
        "parts": [one for one in parts if one.engagement.state not in OVER],
        "papers": db.session.scalars(live.where(Deliverable.assignment_id.in_(every))).all(),
        "helped": db.session.scalars(helped).all(),
        "reviewed": db.session.scalars(live.where(Deliverable.reviewer_id == person_id)).all(),
        "scopes": db.session.scalars(held).all(),
        "coming": db.session.scalars(coming).all(),
        "rows": _rows("owner_person_id", person_id),
        "follow_ups": db.session.scalars(select(FollowUp).where(FollowUp.person_id == person_id, FollowUp.done_at.is_(None))).all(),
    })  # fmt: skip


def work_of_contact(contact_id: int) -> dict[int, Work]:
    """What of their company waits for this contact."""
    sponsored = (
        select(Sponsorship)
        .join(Engagement, Engagement.id == Sponsorship.engagement_id)
        .where(Sponsorship.contact_id == contact_id, Engagement.state.not_in(OVER))
        .options(joinedload(Sponsorship.engagement).selectinload(Engagement.sponsors))
    )
    held = (
        select(AreaScope)
        .join(Engagement, Engagement.id == AreaScope.engagement_id)
        .where(AreaScope.holder_contact_id == contact_id, Engagement.state.not_in(OVER))
    )
    asked = select(DeliverableVersion).where(
        DeliverableVersion.asked_id == contact_id, DeliverableVersion.state == State.SUBMITTED
    )
    return _gathered(
        {
            "sponsored": db.session.scalars(sponsored).all(),
            "scopes": db.session.scalars(held).all(),
            "rows": _rows("owner_contact_id", contact_id),
            "asked": db.session.scalars(asked).all(),
        }
    )


def cases_of(whom: Person | Contact) -> list[Case]:
    """For the page, by client's name."""
    is_ours = isinstance(whom, Person)
    found = work_of(whom.id) if is_ours else work_of_contact(whom.id)
    names = {
        row.id: row.name for row in db.session.execute(select(Client.id, Client.name).where(Client.id.in_(list(found))))
    }
    cases = []
    for client_id, work in found.items():
        who = assignable(client_id) if is_ours else contacts_of(client_id)
        others = [one for one in db.session.scalars(who).all() if one.id != whom.id]
        offered = [(one.id, one.name if is_ours or not one.decides else f"{one.name}, decides") for one in others]
        suggested = _next_of_ours(work, whom.id, others) if is_ours else _next_of_theirs(others)
        cases.append(Case(client_id, names[client_id], work.said, _hint(work, others), offered, suggested))
    return sorted(cases, key=lambda one: one.client.casefold())


def _hint(work: Work, others: Sequence[Any]) -> str:
    if (work.sponsored or work.asked) and not any(one.decides for one in others):
        return (
            "Nobody else there is marked as somebody who decides. The lead does that on the page of the contact, first"
        )
    return ""


def _next_of_ours(work: Work, person_id: int, others: Sequence[Any]) -> int | None:
    """Whoever leads beside them, then whoever is on the team, then a partner: somebody who knows the client."""
    free = {one.id for one in others}
    team = [one for part in work.parts for one in part.engagement.assignments]
    team = [one for one in team if one.person_id != person_id and one.person_id in free and one.runs(today())]
    team.sort(key=lambda one: (one.role is not AssignmentRole.LEAD, one.id))
    bosses = [one.id for one in db.session.scalars(partners(today())) if one.id in free]
    return next(iter([one.person_id for one in team] + bosses), None)


def _next_of_theirs(others: Sequence[Contact]) -> int | None:
    return next((one.id for one in others if one.decides), None)
