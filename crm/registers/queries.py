"""What pages ask about the rows of registers."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.orm import joinedload, lazyload

from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.twelve import Area as Code
from crm.registers.models import RegisterEntry
from crm.registers.register import Register

AT_MOST = 500  # rows of another register in a list to choose from


def rows_of(register: Register, client_id: int, area: Code | None = None) -> Select[Any]:
    """The rows of one register of one client, with what its columns show. Of a register that all areas keep, those that
    speak for the area, or all of them."""
    found = (
        select(register.entry)
        .where(register.entry.client_id == client_id)
        .options(*(joinedload(getattr(register.entry, name)).lazyload("*") for name in register.brings))
    )
    return found.where(register.entry.speaks_for(area)) if register.across and area else found


def one_row(register: Register, client_id: int, entry_id: int, area: Code | None = None) -> Select[Any]:
    """One row, with its client for whoever asks what may be done with it."""
    found = rows_of(register, client_id, area).where(register.entry.id == entry_id)
    return found.options(joinedload(register.entry.client))


def rows_to_choose(
    entry: type[RegisterEntry], client_id: int, chosen: int | None, *, at_most: int = AT_MOST
) -> Select[Any]:
    """The rows that a row of another register may name: those in use, and the one that is named already."""
    offered = or_(entry.archived_at.is_(None), entry.id == chosen)
    found = select(entry).where(entry.client_id == client_id, offered)
    return found.options(lazyload("*")).order_by(entry.id).limit(at_most)


def counts_of(client_id: int, area: Code | None = None) -> dict[str, tuple[int, int]]:
    """How many rows of each kind are in use, and how many of those the client reads, in one statement: of one area, or
    of all."""
    shared = func.sum(case((RegisterEntry.visibility == Visibility.CLIENT, 1), else_=0))
    counted = (
        select(RegisterEntry.kind, func.count(), shared)
        .where(RegisterEntry.client_id == client_id, RegisterEntry.archived_at.is_(None))
        .where(speaking_for(client_id, area) if area else true())
        .group_by(RegisterEntry.kind)
    )
    return {kind: (rows, int(open_to)) for kind, rows, open_to in db.session.execute(counted)}


def speaking_for(client_id: int, area: Code) -> ColumnElement[bool]:
    """Rows of any kind that speak for an area: what stands in it, and what says so itself."""
    besides = (one for one in RegisterEntry.__subclasses__() if "speaks_for" in vars(one))
    covering = (select(one.id).where(one.client_id == client_id, one.speaks_for(area)) for one in besides)
    return or_(RegisterEntry.area == area, *(RegisterEntry.id.in_(one) for one in covering))
