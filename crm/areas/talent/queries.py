"""What the skills matrix asks about roles."""

from typing import Any

from sqlalchemy import Select, select

from crm.areas.talent.models import SkillRecord


def roles_of(client_id: int) -> Select[Any]:
    """Those in use, by role and whoever fills it."""
    return (
        select(SkillRecord)
        .where(SkillRecord.client_id == client_id, SkillRecord.archived_at.is_(None))
        .order_by(SkillRecord.person == "", SkillRecord.person, SkillRecord.role, SkillRecord.id)
    )
