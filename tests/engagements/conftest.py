import pytest
from sqlalchemy import select

from crm.areas.strategy.models import Objective
from crm.audit.models import AuditEntry, AuditText
from crm.core import clock
from crm.core.twelve import Area
from crm.engagements.models import Engagement
from crm.engagements.states import EngagementState


@pytest.fixture
def north(cast, stage):
    """Northwind's engagement as it stands now."""

    def read():
        stage.expire_all()
        return stage.get(Engagement, 1)

    return read


@pytest.fixture
def draft(cast, stage):
    """Northwind's engagement put back to a draft that lacks nothing."""
    stage.get(Engagement, 1).state = EngagementState.DRAFT
    stage.add(
        Objective(client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title="x", mission_link="x")
    )
    stage.commit()
    return stage.get(Engagement, 1)


@pytest.fixture
def trail(stage):
    """What was done, oldest first: verb, from, to and reason."""

    def read(*verbs):
        stage.expire_all()
        said = (
            select(AuditEntry, AuditText)
            .outerjoin(AuditText, AuditText.id == AuditEntry.reason_id)
            .order_by(AuditEntry.id)
        )
        rows = stage.execute(said).all()
        return [
            (row.verb, row.from_state, row.to_state, text.body if text else "")
            for row, text in rows
            if not verbs or row.verb in verbs
        ]

    return read
