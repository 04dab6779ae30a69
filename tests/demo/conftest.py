"""The demo practice, loaded once for each day that a test stands on."""

import pytest
import time_machine

from crm.core.clock import now
from crm.core.db import db
from crm.demo import small


@pytest.fixture
def larkmoor(app, stage, storage):
    """Load it as if today were that day: `with larkmoor("2026-11-18") as session:`"""

    def loaded(day, seed=12):
        stage.close()
        with app.app_context():
            db.engine.dispose()
        storage.fresh()
        with time_machine.travel(f"{day}T10:15:00+00:00", tick=False), app.app_context():
            small.load(seed, "hashed")
        return stage

    return loaded


@pytest.fixture
def demo(larkmoor):
    return larkmoor(now().date().isoformat())
