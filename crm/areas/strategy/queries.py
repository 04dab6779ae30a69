"""What the roadmap asks about initiatives."""

from typing import Any

from sqlalchemy import Select, func, select

from crm.areas.strategy.models import Initiative


def initiatives_of(client_id: int) -> Select[Any]:
    """Those in use, by the day that they stand under; what has none comes last."""
    planned = func.coalesce(Initiative.due, Initiative.baseline_due)
    return (
        select(Initiative)
        .where(Initiative.client_id == client_id, Initiative.archived_at.is_(None))
        .order_by(planned.is_(None), planned, Initiative.id)
    )
