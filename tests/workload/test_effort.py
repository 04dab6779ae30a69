"""Planned effort: the work left on deliverables by person and week, as far as each may know it."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from crm.core.twelve import Area
from crm.deliverables.agreed import Contribution
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.workload.effort import spread
from tests.cast import TODAY
from tests.html import faults

MONDAY = date(2026, 11, 23)


@pytest.mark.engine_free
def test_over_the_working_days_until_it_is_due():
    """Five days from Monday to Friday of the next week: two and a half in each. Christmas is left out."""
    assert spread(Fraction(5), MONDAY, date(2026, 12, 4), "GB-ENG") == {
        MONDAY: Fraction(5, 2),
        date(2026, 11, 30): Fraction(5, 2),
    }
    assert spread(Fraction(3), MONDAY, date(2026, 11, 20), "GB-ENG") == {MONDAY: 3}, "overdue: this week"
    assert spread(Fraction(8), date(2026, 12, 21), date(2026, 12, 29), "GB-ENG") == {date(2026, 12, 21): Fraction(32, 5), date(2026, 12, 28): Fraction(8, 5)}  # fmt: skip
    assert spread(Fraction(1), date(2026, 11, 28), date(2026, 11, 29), "GB-ENG") == {MONDAY: 1}, (
        "a weekend is all that is left"
    )


@pytest.fixture
def owed(stage, cast):
    """Ten days of Tess's, a fifth of it Ben's, and one of Finn's at Umbra; all overdue, so all of it this week."""
    parts = {(one.engagement_id, one.person_id): one.id for on in (cast.north, cast.umbra) for one in on.assignments}
    for number, client, person in ((1, 1, 5), (2, 2, 6)):
        stage.add(Deliverable(id=number, number=number, title=f"Paper {number}", area=Area.VEN, state=State.PLANNED, estimate=10,
                              assignment_id=parts[client, person], baseline_due=TODAY - timedelta(3), due=TODAY - timedelta(3),
                              client_id=client, engagement_id=client))  # fmt: skip
        stage.flush()
    stage.add(Contribution(deliverable_id=1, assignment_id=parts[1, 2], share=20, client_id=1, engagement_id=1))
    stage.commit()


@pytest.mark.parametrize(("who", "shown"), [
    ("ada", {"Tess", "Ben", "Finn"}), ("ben", {"Tess", "Ben"}), ("tess", {"Tess"}), ("finn", {"Finn"}), ("eve", set()),
])  # fmt: skip
def test_each_sees_what_they_may(sign_in, cast, owed, who, shown):
    page = sign_in(getattr(cast, who)).get("/workload/effort").text
    table = page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""
    assert {name for name in ("Ada", "Ben", "Tess", "Finn", "Eve") if f">{name}<" in table} == shown
    assert faults(page) == []


def test_a_cell_opens_its_deliverables(sign_in, cast, owed):
    ben = sign_in(cast.ben)
    monday = TODAY - timedelta(TODAY.weekday())
    page = ben.get(f"/workload/effort/5?week={monday}").text
    assert "8.00 days of work left in this week on 1 deliverable" in page
    assert ">Paper 1<" in page
    assert "80 %" in page
    assert faults(page) == []
    assert "Nothing is left" in ben.get(f"/workload/effort/2?week={monday + timedelta(7)}").text
    assert ben.get("/workload/effort/6").status_code == 404
    assert sign_in(cast.tess).get("/workload/effort/2").status_code == 404
    assert sign_in(cast.cora).get("/workload/effort").status_code == 403


def test_it_costs_the_same_for_many(sign_in, cast, owed, stage, statements):
    ada, counts = sign_in(cast.ada), []
    for number in (1, 9):
        for n in range(number):
            stage.add(Deliverable(number=100 * number + n, title="More", area=Area.VEN, state=State.PLANNED, estimate=1,
                                  assignment_id=1, baseline_due=TODAY + timedelta(9), due=TODAY + timedelta(9), client_id=1, engagement_id=1))  # fmt: skip
        stage.commit()
        with statements() as seen:
            assert ada.get("/workload/effort").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts
