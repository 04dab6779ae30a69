"""Saying who a placeholder is: its open time becomes theirs, the rest stays, and the next file knows the name."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry, AuditText
from crm.clients.models import Wall
from crm.core import clock
from crm.core.calendar import month_of
from crm.people.models import Period, PeriodState, Person
from crm.timelog.approval.models import TimeCheck, Verdict
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry, TimeNote
from tests.html import faults
from tests.timelog.exports import DAY, harvest, harvest_row
from tests.timelog.test_import_pages import batch_of, bring, entries, plain, say, take

ZOE = {"First Name": "Zoe", "Last Name": "Gone"}
EARLIER = month_of(DAY) - timedelta(10)
TESS = 5
ROWS = (harvest_row(**ZOE), harvest_row(hours="0.5", Notes="A mail", **ZOE), harvest_row(EARLIER, Notes="Then", **ZOE))


@pytest.fixture
def ada(sign_in, cast, stage):
    """Ada, who imported three entries of somebody whom nobody knew."""
    ada = sign_in(cast.ada)
    bring(ada, harvest(*ROWS))
    say(ada, stage, Person="placeholder", reason="Before this system")
    take(ada, stage)
    assert len(entries(stage)) == 3
    return ada


def zoe_of(stage):
    stage.expire_all()
    return stage.scalars(select(Person).where(Person.is_placeholder)).one()


def tie(browser, stage, real=TESS, **more):
    zoe = zoe_of(stage)
    return browser.send(f"/people/{zoe.id}/who", **{"real": str(real), "version": zoe.version} | more)


def whose(stage):
    return [one.person_id for one in entries(stage)]


def locked(stage, month):
    stage.add(Period(month=month_of(month), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()


def test_open_time_becomes_theirs_and_locked_time_stays(ada, stage, statements):
    zoe, first = zoe_of(stage), entries(stage)[0]
    locked(stage, EARLIER)
    stage.add(TimeCheck(entry_id=first.id, entry_version=1, verdict=Verdict.APPROVED, person_id=zoe.id, by_id=1, at=clock.now(),
                        client_id=1, engagement_id=1))  # fmt: skip
    stage.commit()
    assert "Say who this is" in ada.get(f"/people/{zoe.id}").text
    asked = ada.get(f"/people/{zoe.id}/who")
    assert faults(asked.text) == []
    assert "This is Tess" not in asked.text
    with statements() as seen:
        page = ada.get(f"/people/{zoe.id}/who?real={TESS}")
    assert len(seen) <= 12
    assert "2 entries would become Tess’s; 1 entry of locked or invoiced months would stay" in plain(page)
    assert f"{EARLIER:%B %Y} 0 – 1" in plain(page)
    assert f"{DAY:%B %Y} 2 2.00 0" in plain(page)
    assert faults(page.text) == []
    first_press = {"once": "k", "version": zoe.version}
    answer = tie(ada, stage, **first_press)
    assert (answer.status_code, answer.location) == (303, f"/people/{zoe.id}")
    assert whose(stage) == [TESS, TESS, zoe.id]
    assert stage.scalars(select(TimeNote.person_id).order_by(TimeNote.entry_id)).all() == [TESS, TESS, zoe.id]
    assert stage.scalars(select(TimeCheck.person_id)).all() == [TESS], "what was approved stays so"
    assert {one.version for one in entries(stage)} == {1}
    line = stage.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (line.verb, stage.get(AuditText, line.reason_id).body) == (
        "person.tie",
        "Tess. 2 entries moved, 1 entry stayed.",
    )
    shown = ada.get(f"/people/{zoe.id}")
    assert "A placeholder that stands for Tess" in plain(shown)
    assert faults(shown.text) == []
    assert tie(ada, stage, **first_press).status_code == 303, "pressed twice it is done once"
    assert tie(ada, stage, real=2).status_code == 422, "said once it stays so"
    stage.delete(stage.scalars(select(Period)).one())
    stage.commit()
    assert "Move the rest" in shown.text
    assert tie(ada, stage).status_code == 303
    assert whose(stage) == [TESS] * 3


def test_an_invoiced_month_stays(ada, stage):
    stage.add(EngagementMonth(client_id=1, engagement_id=1, month=month_of(DAY), state=MonthState.INVOICED))
    stage.commit()
    zoe = zoe_of(stage)
    assert tie(ada, stage).status_code == 303
    assert whose(stage) == [zoe.id, zoe.id, TESS]


def test_the_same_file_changes_nothing_and_the_next_one_is_theirs(ada, stage):
    """Also where something stayed, and where both have a row that says the same."""
    locked(stage, EARLIER)
    bring(ada, harvest(harvest_row()))
    say(ada, stage, Person="tess@larkmoor.example")
    take(ada, stage)
    assert tie(ada, stage).status_code == 303
    keys = {one.import_key for one in entries(stage)}
    assert len(keys) == 4
    assert {key.split("-")[1] for key in keys} == {str(TESS)}
    page = ada.get(bring(ada, harvest(*ROWS, harvest_row())).location)
    assert page.text.count('value="tess@larkmoor.example" autocomplete') == 2, "the name speaks for itself now"
    say(ada, stage, **{"Zoe Gone|": "placeholder", "Ben|": "tess@larkmoor.example", "reason": "Before this system"})
    assert (batch_of(stage).new, batch_of(stage).bad) == (0, 0)
    bring(ada, harvest(harvest_row(Notes="Fresh", **ZOE)))
    say(ada, stage, Person="placeholder", reason="Before this system")
    assert take(ada, stage).status_code == 303
    assert whose(stage)[-1] == TESS


def test_a_day_of_more_than_24_hours_is_named_and_nothing_moves(ada, stage):
    stage.add(TimeEntry(person_id=TESS, worked_on=DAY, minutes=23 * 60, kind="internal", logged_at=clock.now()))
    stage.commit()
    before = whose(stage)
    page = ada.get(f"/people/{zoe_of(stage).id}/who?real={TESS}")
    assert f"More would stand on {DAY.day} {DAY:%B %Y}." in plain(page)
    assert "This is Tess" not in page.text
    answer = tie(ada, stage)
    assert (answer.status_code, f"More would stand on {DAY.day} {DAY:%B %Y}." in plain(answer)) == (409, True)
    assert faults(answer.text) == []
    assert (whose(stage), zoe_of(stage).stands_for_id) == (before, None)


def test_a_wall_holds(ada, stage):
    wall = Wall(client_id=1, person_id=TESS, reason="A cousin")
    stage.add(wall)
    stage.commit()
    assert tie(ada, stage).status_code == 409
    wall.person_id = 1
    stage.commit()
    assert tie(ada, stage).status_code == 409, "Ada does not see it all"
    assert zoe_of(stage).stands_for_id is None


def test_the_import_can_still_be_undone(ada, stage):
    assert tie(ada, stage).status_code == 303
    batch = batch_of(stage)
    reason = "It was the wrong file"
    assert ada.send(f"/time/import/{batch.id}/undo", version=batch.version, reason=reason).status_code == 303
    assert all(one.voided_at for one in entries(stage))


def test_only_partners_say_it_and_only_of_placeholders(ada, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    assert tie(ben, stage).status_code == 403
    assert "Say who this is" not in ben.get(f"/people/{zoe_of(stage).id}").text
    assert ada.get("/people/2/who").status_code == 404
    assert tie(ada, stage, real=4).status_code == 422, "an admin logs no time"
    assert tie(ada, stage, real="").status_code == 422


def test_what_was_judged_before_it_was_said_does_not_land_on_the_placeholder(ada, stage):
    bring(ada, harvest(harvest_row(Notes="Later", **ZOE)))
    assert say(ada, stage, Person="placeholder", reason="Before this system").status_code == 303
    assert tie(ada, stage).status_code == 303
    refused = take(ada, stage)
    assert (refused.status_code, len(entries(stage))) == (409, 3)
    assert "since the dry run somebody said who Zoe Gone is" in plain(refused)
    assert say(ada, stage, Person="placeholder", reason="Before this system").status_code == 303
    assert take(ada, stage).status_code == 303
    assert whose(stage) == [TESS] * 4
