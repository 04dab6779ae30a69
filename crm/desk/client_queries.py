"""What the pages of clients ask of engagements, deliverables and the index too."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.audit.models import AuditEntry
from crm.audit.trail import history_of_client
from crm.clients import queries
from crm.clients.models import Activity, Client, Contact, Department, FollowUp
from crm.core.codes import engagement_code
from crm.core.db import db
from crm.core.lists import Filter, Listing, holds
from crm.core.ring import Dial
from crm.deliverables.models import Deliverable
from crm.deliverables.states import LIVE as OWED
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.queries import dials_of_clients
from crm.engagements.states import LIVE, MODEL_WORDS, OVER, EngagementState
from crm.people.models import Person, PersonKind
from crm.search.models import Kind, SearchLine
from crm.search.queries import Sought, lines

NAMED = {
    "contact": Contact.name,
    "department": Department.name,
    "activity": Activity.title,
    "follow_up": FollowUp.title,
}
KINDS = ("client", "client_note", "wall", *NAMED)  # whose history is the client's
NOT_AGREED = (EngagementState.DRAFT, EngagementState.CANCELLED)
LEADERS = (AssignmentRole.LEAD, AssignmentRole.MENTOR)  # a mentoring has a mentor at its head
NEVER = date(2100, 12, 31)


def _has(*states: EngagementState) -> ColumnElement[bool]:
    return select(Engagement.id).where(Engagement.client_id == Client.id, Engagement.state.in_(states)).exists()


SERVED, EARLIER = _has(*LIVE), and_(~_has(*LIVE), _has(EngagementState.CLOSED))
PROSPECT = and_(~_has(*LIVE), ~_has(EngagementState.CLOSED))
STATES = {
    "served": ("Served now", SERVED),
    "earlier": ("Served earlier", EARLIER),
    "prospect": ("Prospects", PROSPECT),
    "archived": ("Archived", Client.archived_at.is_not(None)),
}


def clients(words: str, state: str) -> Select[Client]:
    """The clients that a list is made of: those with these words, and the archived only when they are asked for."""
    found = select(Client) if state == "archived" else select(Client).where(Client.archived_at.is_(None))
    sought = Sought.in_text(words)
    if not sought.text:
        return found
    by_name = holds(Client.name, sought.text)
    if not sought.words:
        return found.where(by_name)
    index = lines(sought).where(SearchLine.kind == Kind.CLIENT).with_only_columns(SearchLine.thing_id)
    return found.where(or_(by_name, Client.id.in_(index)))


def listing() -> Listing:
    next_end = select(func.min(Engagement.ends)).where(Engagement.client_id == Client.id, Engagement.state.in_(LIVE))
    sectors = [(name, name[:1].upper() + name[1:]) for name in db.session.scalars(queries.sectors())]
    leads = [(str(row.id), row.name) for row in db.session.execute(_leads())]
    states = [(name, words) for name, (words, _) in STATES.items()]
    return Listing(
        sorts={
            "name": [func.lower(Client.name)],
            "code": [Client.code],
            "sector": [Client.sector, func.lower(Client.name)],
            "people": [func.coalesce(Client.headcount, 0)],
            "ends": [func.coalesce(next_end.scalar_subquery(), NEVER)],
        },
        key=Client.id,
        filters=[
            Filter("state", "Which", states, lambda value: STATES[value][1], "All but archived"),
            Filter("sector", "Sector", sectors, lambda value: Client.sector == value, "Any sector"),
            Filter("lead", "Lead", leads, lambda value: Client.id.in_(_led_by(int(value))), "Any lead"),
        ],
    )


def _leading() -> tuple[Any, ...]:
    return Assignment.role.in_(LEADERS), Assignment.status == Status.CONFIRMED, Engagement.state.in_(LIVE)


def _leads() -> Select[int, str]:
    """Who leads a live engagement."""
    led = select(Person.id, Person.name).join(Assignment, Assignment.person_id == Person.id)
    led = led.join(Engagement, Engagement.id == Assignment.engagement_id).where(*_leading())
    return led.distinct().order_by(Person.name, Person.id)


def _led_by(person_id: int) -> Select[int]:
    led = select(Engagement.client_id).join(Assignment, Assignment.engagement_id == Engagement.id)
    return led.where(*_leading(), Assignment.person_id == person_id)


@dataclass(frozen=True)
class Served:
    """One live engagement, as a list of clients says it."""

    id: int
    number: int
    title: str
    model: str
    ends: date
    leads: tuple[str, ...]

    @property
    def code(self) -> str:
        return engagement_code(self.number)


@dataclass(frozen=True)
class Line:
    """One client in the list, with what stands beside it."""

    client: Client
    dial: Dial | None  # none where nothing is being judged
    served: tuple[Served, ...]
    last_contact: date | None

    @property
    def leads(self) -> list[str]:
        return list(dict.fromkeys(name for one in self.served for name in one.leads))


def lines_of(found: Sequence[Client]) -> list[Line]:
    """The rows of the list: three statements for all of them."""
    ids = [client.id for client in found]
    served, contacts = _served(ids), _last_contacts(ids)
    dials = dials_of_clients(served)
    return [Line(one, dials.get(one.id), tuple(served.get(one.id, ())), contacts.get(one.id)) for one in found]


def _served(ids: Iterable[int]) -> dict[int, list[Served]]:
    """The live engagements of these clients, the newest first."""
    lead = and_(
        Assignment.engagement_id == Engagement.id,
        Assignment.role.in_(LEADERS),
        Assignment.status == Status.CONFIRMED,
    )
    asked = (
        select(
            Engagement.client_id,
            Engagement.id,
            Engagement.number,
            Engagement.title,
            Engagement.model,
            Engagement.ends,
            Person.name,
        )
        .outerjoin(Assignment, lead)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Engagement.client_id.in_(list(ids)), Engagement.state.in_(LIVE))
        .order_by(Engagement.starts.desc(), Engagement.id.desc(), Assignment.id)
    )
    found: dict[int, dict[int, Served]] = defaultdict(dict)
    for row in db.session.execute(asked):
        known = found[row.client_id].get(row.id)
        leads = (*(known.leads if known else ()), *([row.name] if row.name else []))
        found[row.client_id][row.id] = Served(row.id, row.number, row.title, MODEL_WORDS[row.model], row.ends, leads)
    return {client_id: list(engagements.values()) for client_id, engagements in found.items()}


def _last_contacts(ids: Iterable[int]) -> dict[int, date]:
    last = select(Activity.client_id, func.max(Activity.happened_on).label("day")).group_by(Activity.client_id)
    return {row.client_id: row.day for row in db.session.execute(last.where(Activity.client_id.in_(list(ids))))}


def how_many() -> dict[str, int]:
    """How many clients there are of each state, the archived aside."""
    sums = [
        func.sum(case((which, 1), else_=0)).label(name) for name, (_, which) in STATES.items() if name != "archived"
    ]
    row = db.session.execute(select(*sums).select_from(Client).where(Client.archived_at.is_(None))).one()
    return {name: number or 0 for name, number in row._mapping.items()}


# One client


def one_client(client_id: int) -> Select[Client]:
    """The client with everybody who is or was assigned to it and to what: whoever asks what one may do needs them."""
    on = selectinload(Client.assignments).options(joinedload(Assignment.person), joinedload(Assignment.engagement))
    return select(Client).where(Client.id == client_id).options(on)


def engagements_of(client_id: int) -> Select[Engagement]:
    """All of them, what lives first, then the newest."""
    order = (case((Engagement.state.in_(LIVE), 0), else_=1), Engagement.starts.desc(), Engagement.id.desc())
    return select(Engagement).where(Engagement.client_id == client_id).order_by(*order)


def unfinished_of(client_id: int) -> list[str]:
    """The codes of what stands in the way of archiving this client."""
    found = select(Engagement).where(Engagement.client_id == client_id, Engagement.state.not_in(OVER))
    return [one.code for one in db.session.scalars(found.order_by(Engagement.number))]


def sponsored_by(contact_id: int) -> list[str]:
    """The codes of the engagements that this contact sponsors and that are not finished."""
    mine = select(Sponsorship.engagement_id).where(Sponsorship.contact_id == contact_id)
    found = select(Engagement).where(Engagement.id.in_(mine), Engagement.state.not_in(OVER))
    return [one.code for one in db.session.scalars(found.order_by(Engagement.number))]


def sponsors_of(client_id: int) -> dict[int, list[str]]:
    """Which contacts sponsor which live engagements, by code."""
    asked = select(Sponsorship.contact_id, Engagement.number).join(
        Engagement, Engagement.id == Sponsorship.engagement_id
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in db.session.execute(asked.where(Sponsorship.client_id == client_id, Engagement.state.in_(LIVE))):
        found[row.contact_id].append(engagement_code(row.number))
    return found


def owed_next(client_id: int, number: int) -> Select[Deliverable]:
    """What we owe them next; what has no day yet comes last."""
    owed = select(Deliverable).where(Deliverable.client_id == client_id, Deliverable.state.in_(OWED))
    return owed.order_by(func.coalesce(Deliverable.due, NEVER), Deliverable.id).limit(number)


def history(client_id: int) -> tuple[Sequence[AuditEntry], dict[tuple[str, int], str]]:
    """What was done here, newest first, and what the things are called that it was done to."""
    entries = db.session.scalars(history_of_client(client_id, KINDS)).all()
    names: dict[tuple[str, int], str] = {}
    for kind, name in NAMED.items():
        ids = {one.subject_id for one in entries if one.subject_kind == kind}
        if ids:
            rows = db.session.execute(select(name.class_.id, name).where(name.class_.id.in_(ids)))
            names |= {(kind, key): said for key, said in rows}
    return entries, names


def colleagues(team: Iterable[int | None]) -> Select[Person]:
    """These people and every partner."""
    of_them = Person.id.in_([one for one in team if one]) | (Person.kind == PersonKind.PARTNER)
    return select(Person).where(of_them, Person.left_on.is_(None)).order_by(Person.name, Person.id)


def to_wall_off() -> Select[Person]:
    return select(Person).where(Person.left_on.is_(None), Person.kind != PersonKind.ADMIN).order_by(Person.name)


def assigned_until(client_id: int, person_id: int, on: date) -> date | None:
    """The last day of what this person is assigned to here, when that is not over."""
    runs = (Assignment.status != Status.ENDED, Assignment.ends >= on)
    return db.session.scalar(
        select(func.max(Assignment.ends)).where(
            Assignment.client_id == client_id, Assignment.person_id == person_id, *runs
        )
    )
