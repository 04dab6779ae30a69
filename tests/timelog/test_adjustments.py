"""Invariant 10: what is invoiced is corrected by an entry in the open month that points to the original."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.core import clock
from crm.core.calendar import month_after, month_of
from crm.core.twelve import Area
from crm.people.models import Period, PeriodState
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry, TimeNote
from tests.cast import TODAY

MONTH = month_after(month_of(TODAY), -1)
THEN = MONTH.replace(day=3)
PAGE = "/time/entries/101/adjustment"
RIGHT = {"duration": "0:30", "worked_on": TODAY.isoformat(), "reason": "Travel was logged as work"}


@pytest.fixture
def invoiced(cast, stage):
    """Ben's hour of last month, which is locked, and invoiced at Northwind alone."""
    stage.add(TimeEntry(id=101, person_id=2, client_id=1, engagement_id=1, worked_on=THEN, minutes=60, area=Area.STR,
                        client_note="Workshop", logged_at=clock.now()))  # fmt: skip
    stage.add(Period(id=1, month=MONTH, state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.add(EngagementMonth(id=1, engagement_id=1, client_id=1, month=MONTH, state=MonthState.INVOICED, invoice_number="2026-1",
                              invoiced_at=clock.now()))  # fmt: skip
    stage.commit()
    return cast


def corrections(stage):
    stage.expire_all()
    rows = stage.scalars(select(TimeEntry).where(TimeEntry.adjusts_id == 101, TimeEntry.voided_at.is_(None)))
    return [(one.minutes, one.worked_on, one.person_id, one.area, one.kind) for one in rows]


@pytest.mark.parametrize("who", ["ben", "ada"])
def test_the_difference_stands_in_the_open_month(who, sign_in, invoiced, stage):
    browser = sign_in(getattr(invoiced, who))
    assert browser.send(PAGE, **RIGHT).status_code == 303
    assert corrections(stage) == [(-30, TODAY, 2, Area.STR, "billable")]
    assert stage.scalars(select(TimeNote.reason)).one() == "Travel was logged as work"
    page = browser.get(PAGE).text
    assert "It says 0:30 now" in page
    assert browser.send(PAGE, **RIGHT).status_code == 422  # it says so already
    assert browser.send(PAGE, **(RIGHT | {"duration": "0"})).status_code == 303
    assert sum(one[0] for one in corrections(stage)) == -60  # never below nothing
    assert "Correction of 3" in sign_in(invoiced.ben).get("/time").text
    assert "Corrected" in sign_in(invoiced.ben).get("/time/entries/101").text


def test_a_correction_is_deleted_and_not_changed(sign_in, invoiced, stage):
    ben = sign_in(invoiced.ben)
    ben.send(PAGE, **RIGHT)
    number = stage.scalars(select(TimeEntry.id).where(TimeEntry.adjusts_id == 101)).one()
    assert "This corrects" in ben.get(f"/time/entries/{number}").text
    typed = {"work": "1", "duration": "1:00", "worked_on": TODAY.isoformat(), "area": "STR", "kind": "billable"}
    assert ben.send(f"/time/entries/{number}", **typed).status_code == 409
    assert ben.send(f"/time/entries/{number}/void").status_code == 303
    assert corrections(stage) == []
    assert ben.send(f"/time/entries/{number}/restore", version=2).status_code == 303
    assert [one[0] for one in corrections(stage)] == [-30]


def test_a_correction_does_not_come_back_beside_another(sign_in, invoiced, stage):
    """Restored, both together would take two hours off the one that was logged."""
    ben = sign_in(invoiced.ben)
    ben.send(PAGE, **(RIGHT | {"duration": "0"}))
    number = stage.scalars(select(TimeEntry.id).where(TimeEntry.adjusts_id == 101)).one()
    assert ben.send(f"/time/entries/{number}/void").status_code == 303
    assert ben.send(PAGE, **(RIGHT | {"duration": "0"})).status_code == 303
    assert ben.send(f"/time/entries/{number}/restore", version=2).status_code == 409
    assert [one[0] for one in corrections(stage)] == [-60]


def test_a_correction_takes_no_hours_from_the_day(sign_in, invoiced, stage):
    ben = sign_in(invoiced.ben)
    assert ben.send(PAGE, **(RIGHT | {"duration": "0"})).status_code == 303
    entry = {"work": "1", "duration": "24:00", "worked_on": TODAY.isoformat()}
    assert ben.send("/time", **entry).status_code == 303
    assert ben.send("/time", **(entry | {"duration": "0:30"})).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reason": "short"}, "10 characters"),
        ({"duration": "1:00"}, "says already"),
        ({"worked_on": (TODAY + timedelta(1)).isoformat()}, "still to come"),
        ({"worked_on": THEN.isoformat()}, "is locked"),
        ({"duration": "never"}, "duration"),
    ],
)
def test_what_is_no_correction(wrong, says, sign_in, invoiced, stage):
    answer = sign_in(invoiced.ben).send(PAGE, **(RIGHT | wrong))
    assert answer.status_code == 422
    assert "Travel was logged as work" in answer.text or "reason" in wrong
    assert corrections(stage) == []


@pytest.mark.parametrize(("who", "code"), [("tess", 403), ("eve", 404), ("finn", 404), ("abe", 403), ("cora", 403)])
def test_whose_entry_it_is_not(who, code, sign_in, invoiced, stage):
    browser = sign_in(getattr(invoiced, who))
    assert browser.get(PAGE).status_code == code
    assert browser.send(PAGE, **RIGHT).status_code == code
    assert corrections(stage) == []


def test_a_month_that_is_not_invoiced_is_opened_instead(sign_in, invoiced, stage):
    stage.get(EngagementMonth, 1).state = MonthState.OPEN
    stage.commit()
    assert sign_in(invoiced.ben).send(PAGE, **RIGHT).status_code == 409
    assert "Correct this entry" not in sign_in(invoiced.ben).get("/time/entries/101").text


def test_in_a_month_opened_again_the_invoiced_engagement_stays(sign_in, invoiced, stage):
    """Others' time may be changed; what is invoiced is neither changed, deleted, moved away nor added to."""
    stage.get(Period, 1).state = PeriodState.OPEN
    stage.add(
        TimeEntry(
            id=102,
            person_id=6,
            client_id=2,
            engagement_id=2,
            worked_on=THEN,
            minutes=60,
            area=Area.STR,
            logged_at=clock.now(),
        )
    )
    stage.add(TimeEntry(id=103, person_id=2, worked_on=THEN, minutes=60, kind="internal", logged_at=clock.now()))
    stage.commit()
    ben, finn = sign_in(invoiced.ben), sign_in(invoiced.finn)
    then = {"worked_on": THEN.isoformat(), "area": "STR", "kind": "billable", "reason": "Was here before it began"}
    assert "was invoiced" in ben.get("/time/entries/101").text
    changed = ben.send("/time/entries/101", work="1", duration="2:00", **then)
    assert (changed.status_code, "was invoiced at this engagement" in changed.text) == (422, True)
    moved = ben.send("/time/entries/101", work="1", duration="1:00", **(then | {"worked_on": TODAY.isoformat()}))
    assert moved.status_code == 422
    assert ben.send("/time/entries/101/void").status_code == 409
    assert ben.send("/time", work="1", duration="1:00", **then).status_code == 422
    assert ben.send("/time/entries/103", work="1", duration="1:00", **then).status_code == 422
    assert finn.send("/time/entries/102", work="2", duration="2:00", **then).status_code == 303
    assert [one.minutes for one in stage.scalars(select(TimeEntry).order_by(TimeEntry.id))] == [60, 120, 60]
