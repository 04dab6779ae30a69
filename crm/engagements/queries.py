"""What pages ask about engagements and the twelve: selects with all that is needed loaded, and the dials."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from crm.core.db import db
from crm.core.ring import Dial, dial
from crm.core.twelve import Scope
from crm.engagements.models import LIVE, AreaScope, Engagement

JUDGED = (AreaScope.number, AreaScope.scope, AreaScope.confirmed, AreaScope.maturity, AreaScope.target)


def _speakers(client_ids: Iterable[int]) -> Select[Any]:
    """The scopes that speak for these clients, by id: for each area the live engagement that leads it, else the newest
    that has it in scope, else the newest (DOMAIN, glossary: Ring)."""
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
    holders = (joinedload(AreaScope.holder_person), joinedload(AreaScope.holder_contact))
    spoken = select(AreaScope).where(AreaScope.id.in_(_speakers([client_id])))
    return spoken.options(*holders).order_by(AreaScope.number)


def dials_of_clients(client_ids: Iterable[int]) -> dict[int, Dial]:
    """The ring of each of these clients, in one statement; a client without a live engagement has a grey one."""
    ids = list(client_ids)
    judged = select(AreaScope.client_id.label("whose"), *JUDGED).where(AreaScope.id.in_(_speakers(ids)))
    return _dials(ids, judged)


def dials_of_engagements(engagement_ids: Iterable[int]) -> dict[int, Dial]:
    """The twelve of each of these engagements alone, in one statement."""
    ids = list(engagement_ids)
    judged = select(AreaScope.engagement_id.label("whose"), *JUDGED).where(AreaScope.engagement_id.in_(ids))
    return _dials(ids, judged)


def _dials(ids: list[int], judged: Any) -> dict[int, Dial]:
    found: dict[int, list[Any]] = defaultdict(list)
    if ids:
        for row in db.session.execute(judged):
            found[row.whose].append(row)
    return {one: dial(found[one]) for one in ids}


def dial_of_client(client_id: int, href: Callable[[str], str] | None = None, *, plain: bool = False) -> Dial:
    """One client's ring with an address for each area, in the practice's words or in the client's."""
    judged = select(*JUDGED).where(AreaScope.id.in_(_speakers([client_id])))
    return dial(db.session.execute(judged).all(), href, plain=plain)
