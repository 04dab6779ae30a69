"""What pages ask about the rows of registers."""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from crm.core.db import db
from crm.core.ownership import Visibility
from crm.registers.models import RegisterEntry
from crm.registers.register import Register


def rows_of(register: Register, client_id: int) -> Select[Any]:
    """The rows of one register of one client, with what its columns show."""
    return select(register.entry).where(register.entry.client_id == client_id).options(*register.loads)


def one_row(register: Register, client_id: int, entry_id: int) -> Select[Any]:
    """One row, with its client for whoever asks what may be done with it."""
    found = rows_of(register, client_id).where(register.entry.id == entry_id)
    return found.options(joinedload(register.entry.client))


def counts_of(client_id: int) -> dict[str, tuple[int, int]]:
    """How many rows of each kind are in use, and how many of those the client reads, in one statement."""
    shared = func.sum(case((RegisterEntry.visibility == Visibility.CLIENT, 1), else_=0))
    counted = (
        select(RegisterEntry.kind, func.count(), shared)
        .where(RegisterEntry.client_id == client_id, RegisterEntry.archived_at.is_(None))
        .group_by(RegisterEntry.kind)
    )
    return {kind: (rows, int(open_to)) for kind, rows, open_to in db.session.execute(counted)}
