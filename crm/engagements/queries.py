"""What pages ask about engagements and the twelve: selects with all that is needed loaded, and the dials."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from crm.clients.models import Client, Contact, Wall
from crm.core.clock import today
from crm.core.codes import engagement_code
from crm.core.db import db
from crm.core.ring import Dial, dial
from crm.core.twelve import Area, Scope
from crm.engagements.models import Engagement, Terms
from crm.engagements.people import Assignment, Sponsorship, Status
from crm.engagements.scopes import AreaOverride, AreaScope, Rag
from crm.engagements.states import LIVE, EngagementState
from crm.people.models import Person, PersonKind


def stands(on: date) -> ColumnElement[Any]:
    """AreaScope.stands() in SQL, where AreaOverride is joined."""
    return case((AreaOverride.until < on, AreaOverride.suggested), else_=AreaScope.confirmed)


class Standing(NamedTuple):
    """An area as the practice works with it: the colour that stands today."""

    number: int
    scope: Scope
    confirmed: Rag | None
    maturity: Decimal | None
    target: Decimal | None


def standing(scopes: Iterable[AreaScope], on: date) -> list[Standing]:
    """For the ring of the practice; the client's own is drawn of what was published."""
    return [Standing(one.number, one.scope, one.stands(on), one.maturity, one.target) for one in scopes]


def _speakers(client_ids: Iterable[int]) -> Select[Any]:
    """The scopes that speak for these clients, by id: for each area the live engagement that leads it, else the newest
    that has it in scope, else the newest (docs/domain.md, terms: ring)."""
    standing = case((AreaScope.scope == Scope.LEAD, 0), (AreaScope.scope != Scope.OUT, 1), else_=2)
    place = func.row_number().over(
        partition_by=(AreaScope.client_id, AreaScope.area),
        order_by=(standing, Engagement.starts.desc(), Engagement.id.desc()),
    )
    ranked = (
        select(AreaScope.id, place.label("place"))
        .join(Engagement, Engagement.id == AreaScope.engagement_id)
        .where(AreaScope.client_id.in_(list(client_ids)), Engagement.state.in_(LIVE))
        .subquery()
    )
    return select(ranked.c.id).where(ranked.c.place == 1)


def speaking_scopes(client_id: int) -> Select[AreaScope]:
    """The twelve as this client has them, one row an area with its holder, in the order of the dial."""
    holders = (
        joinedload(AreaScope.holder_person),
        joinedload(AreaScope.holder_contact),
        joinedload(AreaScope.override),
    )
    spoken = select(AreaScope).where(AreaScope.id.in_(_speakers([client_id])))
    return spoken.options(*holders).order_by(AreaScope.number)


def dials_of_clients(client_ids: Iterable[int]) -> dict[int, Dial]:
    """The ring of each of these clients, in one statement; a client without a live engagement has a grey one."""
    ids = list(client_ids)
    judged = _judged(AreaScope.client_id).where(AreaScope.id.in_(_speakers(ids)))
    return _dials(ids, judged)


def dials_of_engagements(engagement_ids: Iterable[int]) -> dict[int, Dial]:
    """The twelve of each of these engagements alone, in one statement."""
    ids = list(engagement_ids)
    judged = _judged(AreaScope.engagement_id).where(AreaScope.engagement_id.in_(ids))
    return _dials(ids, judged)


def _judged(whose: Any) -> Select[Any]:
    columns = (
        AreaScope.number,
        AreaScope.scope,
        stands(today()).label("confirmed"),
        AreaScope.maturity,
        AreaScope.target,
    )
    return select(whose.label("whose"), *columns).outerjoin(AreaScope.override)


def _dials(ids: list[int], judged: Any) -> dict[int, Dial]:
    found: dict[int, list[Any]] = defaultdict(list)
    if ids:
        for row in db.session.execute(judged):
            found[row.whose].append(row)
    return {one: dial(found[one]) for one in ids}


def one_engagement(engagement_id: int, *, sponsors: bool = True) -> Select[Engagement]:
    """One engagement with all that its pages show and the policy asks: client, team, sponsors, pauses, the twelve."""
    found = (
        select(Engagement)
        .where(Engagement.id == engagement_id)
        .options(
            joinedload(Engagement.client), joinedload(Engagement.follows), joinedload(Engagement.terms),
            selectinload(Engagement.assignments).joinedload(Assignment.person), joinedload(Engagement.pauses),
            selectinload(Engagement.scopes).options(
                joinedload(AreaScope.holder_person), joinedload(AreaScope.holder_contact), joinedload(AreaScope.override)
            ),
        )
    )  # fmt: skip
    return found.options(selectinload(Engagement.sponsors).joinedload(Sponsorship.contact)) if sponsors else found


def held(query: Select[Engagement]) -> Select[Engagement]:
    """The same, with the row locked until this transaction ends: what is read of it now still holds when we write."""
    return query.with_for_update(of=Engagement, key_share=True)


def led_elsewhere(engagement: Engagement) -> dict[Area, str]:
    """Areas that another active engagement of this client leads, and which one (invariant 20)."""
    led = (
        select(AreaScope.area, Engagement)
        .join(Engagement, Engagement.id == AreaScope.engagement_id)
        .where(
            AreaScope.client_id == engagement.client_id, AreaScope.scope == Scope.LEAD,
            Engagement.state == EngagementState.ACTIVE, Engagement.id != engagement.id,
        )
    )  # fmt: skip
    return {area: other.code for area, other in db.session.execute(led)}


def hold(client_id: int) -> None:
    """Until this transaction ends nobody else changes what this client's engagements promise each other."""
    db.session.scalars(select(Client.id).where(Client.id == client_id).with_for_update(key_share=True)).one()


def is_priced(engagement_id: int) -> bool:
    return db.session.scalar(select(Terms.id).where(Terms.engagement_id == engagement_id)) is not None


def walled_off(client_id: int, person_ids: Collection[int]) -> list[str]:
    """The names of those for whom this client does not exist (invariant 14)."""
    walls = select(Person.name).join(Wall, Wall.person_id == Person.id)
    return list(db.session.scalars(walls.where(Wall.client_id == client_id, Wall.person_id.in_(person_ids))))


def assignable(client_id: int) -> Select[Person]:
    """Who may be put on a team of this client: no admin, nobody who has left, nobody behind a wall (invariant 14)."""
    walled = select(Wall.person_id).where(Wall.client_id == client_id)
    return (
        select(Person)
        .where(
            Person.kind != PersonKind.ADMIN, Person.id.not_in(walled),
            (Person.left_on.is_(None)) | (Person.left_on >= today()),
        )
        .order_by(Person.name, Person.id)
    )  # fmt: skip


def clients_to_choose() -> Select[Client]:
    return select(Client).where(Client.archived_at.is_(None)).order_by(Client.name, Client.id)


def contacts_of(client_id: int, *, deciding: bool = False) -> Select[Contact]:
    """The people of a client to choose from: all of them, or those who decide."""
    found = select(Contact).where(Contact.client_id == client_id, Contact.archived_at.is_(None))
    return (found.where(Contact.decides) if deciding else found).order_by(Contact.name, Contact.id)


def earlier_of(client_id: int) -> Select[Engagement]:
    """Engagements of this client that another may follow."""
    kept = Engagement.state != EngagementState.CANCELLED
    return select(Engagement).where(Engagement.client_id == client_id, kept).order_by(Engagement.number.desc())


def sponsors_now(client_id: int) -> list[int]:
    """The contacts who sponsor a running engagement of this client, the longest first."""
    found = select(Sponsorship.contact_id).join(Engagement, Engagement.id == Sponsorship.engagement_id)
    found = found.where(Engagement.client_id == client_id, Engagement.state.in_(LIVE))
    return list(dict.fromkeys(db.session.scalars(found.order_by(Sponsorship.id))))


def engagements_to_choose(client_id: int) -> Select[Engagement]:
    """What a thing of the client may belong to besides, newest first."""
    found = select(Engagement).where(Engagement.client_id == client_id)
    return found.options(lazyload("*")).order_by(Engagement.number.desc())


def engagements_named(*more: Any) -> Select[Any]:
    """Number, title and client of every engagement, in the order of a drop-down over all clients; `more` stands behind."""
    return (
        select(Engagement.id, Engagement.number, Engagement.title, Client.name, *more)
        .join(Client, Client.id == Engagement.client_id)
        .order_by(Client.name, Engagement.number)
    )


def named(row: Any) -> str:
    """Northwind, CIO as a service (ENG-014): an engagement of `engagements_named` among those of other clients."""
    return f"{row.name}, {row.title} ({engagement_code(row.number)})"


def running_team(engagement: Engagement) -> list[Assignment]:
    """Whoever is planned from today on."""
    return [one for one in engagement.assignments if one.status is not Status.ENDED and one.ends >= today()]
