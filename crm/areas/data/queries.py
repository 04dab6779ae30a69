from typing import Any

from sqlalchemy import Select, select

from crm.areas.data.models import Signal


def signals_of(client_id: int) -> Select[Any]:
    """The signals of a client that are in use, by department."""
    found = select(Signal).where(Signal.client_id == client_id, Signal.archived_at.is_(None))
    return found.order_by(Signal.department, Signal.name, Signal.id)
