"""What the view of recovery asks about critical services."""

from typing import Any

from sqlalchemy import Select, select

from crm.areas.continuity.models import CriticalService


def services_of(client_id: int) -> Select[Any]:
    """Those in use: what missed its target first, then by the next exercise."""
    return (
        select(CriticalService)
        .where(CriticalService.client_id == client_id, CriticalService.archived_at.is_(None))
        .order_by(CriticalService.target_missed.desc(), CriticalService.next_exercise_due, CriticalService.id)
    )
