"""Critical services: what was agreed, what was reached, and in which words it is said."""

from datetime import date
from decimal import Decimal

import pytest

from crm.areas.continuity.models import CriticalService
from crm.areas.continuity.recovery import Recovery, scale, shortfalls
from crm.core import clock
from tests.cast import TODAY

ON = date(2026, 11, 22)
MET = {"name": "Mail", "mtpd_hours": "48", "rto_hours": "12", "rpo_hours": "4", "rto_reached_hours": "3", "rpo_reached_hours": "1",
       "last_exercise": "2026-07-05", "exercise_result": "pass", "backup": "verified", "last_restore_test": "2026-09-13"}  # fmt: skip
HERE = "/clients/1/areas/continuity/critical-services/"


def service(**but):
    answers = MET | but
    row = CriticalService(made_at=clock.now(), **{
        name: Decimal(value) if name.endswith("hours") and value else date.fromisoformat(value) if value and value[:2] == "20" else value
        for name, value in answers.items()})  # fmt: skip
    row.derive()
    return row


@pytest.mark.parametrize(
    ("but", "said", "met"),
    [({}, [], True),
     ({"rto_reached_hours": "12"}, [], True),
     ({"rto_reached_hours": "12.5"}, ["Back 0.5 h too late"], False),
     ({"rpo_reached_hours": "6"}, ["2 h of work too much lost"], False),
     ({"exercise_result": "fail"}, ["The exercise failed"], False),
     ({"rto_hours": "48"}, ["Agreed later than what is bearable"], False),
     ({"rto_reached_hours": None}, [], False),
     ({"last_exercise": None, "exercise_result": "none"}, [], False)],
)  # fmt: skip
def test_what_is_missed_is_said(but, said, met, app):
    row = service(**but)
    assert (shortfalls(row), row.target_met, row.target_missed) == (said, met, bool(said))


def test_the_bar_is_of_what_is_bearable(app):
    assert scale(service()) == (6, 25)
    assert scale(service(rto_reached_hours="96")) == (100, 12)
    assert scale(service(mtpd_hours=None, rto_hours=None, rto_reached_hours=None)) == (0, 0)


def test_shares(app):
    """BCD-K1 and K2; no value is none, not nought."""
    rows = [service(), service(rto_reached_hours="13"), service(last_exercise=None)]
    found = Recovery(rows, ON)
    assert (found.met_share, found.missed, found.untried) == (50, rows[1:2], rows[2:])
    assert found.last_restore == date(2026, 9, 13)
    assert len(found.unrestored) == 0
    assert Recovery([], ON).met_share is None
    assert Recovery([], ON).on_time_share is None


def test_the_answer_comes_first(sign_in, cast, words):
    ben = sign_in(cast.ben)
    fresh = MET | {"last_exercise": str(TODAY), "last_restore_test": str(TODAY)}
    ben.send(f"{HERE}new", **fresh)
    assert "The only critical service met what was agreed when that was last tried." in words(
        ben.get(f"{HERE}recovery")
    )
    ben.send(f"{HERE}new", **(fresh | {"name": "Stock", "rto_reached_hours": "14", "last_exercise": "2019-01-01"}))
    page = words(ben.get(f"{HERE}recovery"))
    assert "1 of 2 critical services missed what was agreed: Stock. 1 exercise is overdue." in page
    assert page.find("Stock") < page.find("Mail"), "what was missed stands first"
    lines = ben.get(f"{HERE}recovery.csv").get_data(as_text=True).splitlines()
    assert lines[1].startswith("Stock,")
    assert ",48,12,14,4,1,Back 2 h too late,2019-01-01,Pass," in lines[1]
