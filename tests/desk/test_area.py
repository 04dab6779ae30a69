"""What goes on for an area beside its review."""

from datetime import timedelta

import pytest

from crm.areas.strategy.models import Initiative
from crm.core import clock
from crm.core.clock import today
from crm.core.twelve import Area


@pytest.fixture
def under_way(cast, stage):
    def put(title, **more):
        stage.add(Initiative(client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title=title, departments=[],
                             **{"status": "active"} | more))  # fmt: skip
        stage.commit()

    put("Contracts under control", serves_area=Area.VEN, baseline_due=today() - timedelta(3))
    put("One quote path", baseline_due=today() + timedelta(9))
    put("Telephones, long done", serves_area=Area.VEN, status="done")
    put("Printers, given up", serves_area=Area.VEN, archived_at=clock.now())


@pytest.mark.usefixtures("under_way")
@pytest.mark.parametrize(
    ("area", "shown"), [("vendors", {"Contracts under control"}), ("strategy", {"One quote path"}), ("talent", set())]
)
def test_an_area_shows_the_initiatives_that_serve_it(area, shown, sign_in, cast, words):
    page = words(sign_in(cast.ben).get(f"/engagements/1/areas/{area}"))
    every = ("Contracts under control", "One quote path", "Telephones, long done", "Printers, given up")
    assert {title for title in every if title in page} == shown
    assert ("agreed for" in page) is bool(shown)
