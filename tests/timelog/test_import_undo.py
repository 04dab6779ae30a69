"""Undoing a whole import: voided, never deleted, its rows free again; and all that keeps it where it is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry, AuditText
from crm.clients.models import Wall
from crm.core import clock
from crm.core.calendar import month_of
from crm.people.models import Period, PeriodState
from crm.timelog.imports.models import BatchState
from crm.timelog.models import EngagementMonth, MonthState, TimeEntry
from tests.html import faults
from tests.timelog.exports import DAY, harvest, harvest_row
from tests.timelog.test_import_pages import batch_of, bring, entries, plain, say, take

REASON = "It was the wrong file"


@pytest.fixture
def taken(sign_in, cast, stage):
    """Ben, who imported two entries."""
    ben = sign_in(cast.ben)
    bring(ben, harvest(harvest_row(), harvest_row(hours="0.5", Notes="A mail")))
    say(ben, stage)
    take(ben, stage)
    assert len(entries(stage)) == 2
    return ben


def undo(browser, stage, **more):
    batch = batch_of(stage)
    return browser.send(f"/time/import/{batch.id}/undo", **{"version": batch.version, "reason": REASON} | more)


def standing(stage):
    return [one for one in entries(stage) if one.voided_at is None]


def test_undone_and_imported_again(taken, stage):
    page = taken.get(f"/time/import/{batch_of(stage).id}/undo")
    assert "2 entries , 2.00 h, would be deleted" in plain(page)
    assert faults(page.text) == []
    assert undo(taken, stage, reason="").status_code == 422
    assert undo(taken, stage, reason="short").status_code == 422
    assert len(standing(stage)) == 2
    answer = undo(taken, stage, once="u")
    assert (answer.status_code, answer.location) == (303, "/time/import")
    assert standing(stage) == []
    assert len(entries(stage)) == 2, "nothing is ever hard deleted"
    assert {(one.import_key, one.version) for one in entries(stage)} == {(None, 2)}
    assert batch_of(stage).state is BatchState.UNDONE
    line = stage.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (line.verb, line.from_state, line.to_state) == ("import.undo", "taken", "undone")
    assert REASON in stage.get(AuditText, line.reason_id).body
    assert "Undone" in plain(taken.get("/time/import"))
    assert undo(taken, stage).status_code == 409
    entry = entries(stage)[0]
    assert taken.send(f"/time/entries/{entry.id}/restore", version=entry.version).status_code == 409, (
        "or it would count twice"
    )
    bring(taken, harvest(harvest_row(), harvest_row(hours="0.5", Notes="A mail")))
    say(taken, stage)
    assert batch_of(stage).new == 2
    take(taken, stage)
    assert len(standing(stage)) == 2


def test_a_locked_month_stands_in_the_way(taken, stage):
    stage.add(Period(month=month_of(DAY), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()
    page = taken.get(f"/time/import/{batch_of(stage).id}/undo")
    assert f"2 {DAY:%B %Y} is locked" in plain(page)
    assert "Undo the whole import" not in page.text
    assert faults(page.text) == []
    answer = undo(taken, stage)
    assert (answer.status_code, f"{DAY:%B %Y} is locked: 2 entries." in plain(answer)) == (409, True)
    assert len(standing(stage)) == 2


def test_an_invoiced_month_stands_in_the_way_and_takes_no_more(taken, stage):
    stage.add(EngagementMonth(client_id=1, engagement_id=1, month=month_of(DAY), state=MonthState.INVOICED))
    stage.commit()
    assert f"2 {DAY:%B %Y} was invoiced" in plain(taken.get(f"/time/import/{batch_of(stage).id}/undo"))
    assert undo(taken, stage).status_code == 409
    bring(taken, harvest(harvest_row(Notes="One more")))
    assert "Its month was invoiced at that engagement" in plain(taken.get(say(taken, stage).location))


def test_what_was_changed_or_corrected_stands_in_the_way_and_what_was_deleted_does_not(taken, stage):
    first, second = entries(stage)
    first.version = 2
    stage.add(TimeEntry(person_id=2, engagement_id=1, client_id=1, area="SEC", worked_on=DAY + timedelta(1), minutes=-30, adjusts_id=second.id,
                        logged_at=clock.now()))  # fmt: skip
    stage.commit()
    page = plain(taken.get(f"/time/import/{batch_of(stage).id}/undo"))
    assert "1 Later entries correct some of it" in page
    assert "1 Somebody changed entries of it since" in page
    assert undo(taken, stage).status_code == 409
    for one in entries(stage):
        if one.adjusts_id or one.id == first.id:
            one.voided_at = clock.now()
    stage.commit()
    page = plain(taken.get(f"/time/import/{batch_of(stage).id}/undo"))
    assert "1 entry of it was deleted by hand or moved since, and stays so." in page
    assert undo(taken, stage).status_code == 303
    assert standing(stage) == []


def test_a_partner_undoes_anybody_s_unless_a_wall_stands_before_it(taken, sign_in, cast, stage):
    ada = sign_in(cast.ada)
    wall = Wall(client_id=1, person_id=1, reason="A cousin")
    stage.add(wall)
    stage.commit()
    assert undo(ada, stage).status_code == 409
    assert len(standing(stage)) == 2
    stage.delete(wall)
    stage.commit()
    assert "Undo" in ada.get("/time/import").text
    assert undo(ada, stage).status_code == 303
    assert standing(stage) == []


def test_a_colleague_undoes_nothing(taken, sign_in, cast, stage):
    assert undo(sign_in(cast.tess), stage).status_code == 404
    assert len(standing(stage)) == 2
