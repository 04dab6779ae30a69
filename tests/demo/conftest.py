"""The demo practice, loaded once for each day that a test stands on."""

from types import SimpleNamespace

import pytest
import time_machine

from crm.core.clock import now
from crm.core.db import db
from crm.demo import small

HATS = [
    "partner",
    "consultant",
    "consultant",
    "sponsor",
    "viewer",
    "sponsor",
    "admin",
    "viewer",
]  # of the accounts shown


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
def demo(larkmoor, scene, stage):
    """The practice of today, for tests that look at it."""
    today = now().date().isoformat()

    def build():
        larkmoor(today)
        return SimpleNamespace(persons=SimpleNamespace(), contacts=SimpleNamespace())

    scene(f"larkmoor {today}", build)
    return stage
