"""Months: what is in them, whose days are missing, locking and opening again. Invariant 10."""

import re
import threading
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry, AuditText
from crm.closing.queries import Lacks
from crm.core import clock
from crm.core.calendar import DAY, is_working_day, month_end, month_of
from crm.core.twelve import Area
from crm.desk.periods import Checklist
from crm.people.models import Leave, LeaveStatus, Period, PeriodState
from crm.timelog.models import TimeEntry, TimeNote
from crm.timelog.queries import work_of
from tests import cast as people
from tests.cast import TODAY

MONTH = month_of(month_of(TODAY) - DAY)  # the last one that is over
NAME = MONTH.strftime("%Y-%m")
WORKED = [d for n in range(31) if (d := MONTH + n * DAY) <= month_end(MONTH) and is_working_day(d, "GB-ENG")]


def plain(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def entry_of(person_id, day, minutes=60, **more):
    whose = {"client_id": 1, "engagement_id": 1, "area": Area.STR} if "kind" not in more else {}
    return TimeEntry(person_id=person_id, worked_on=day, minutes=minutes, logged_at=clock.now(), **whose, **more)


def period(stage):
    stage.expire_all()
    return stage.scalars(select(Period).where(Period.month == MONTH)).one_or_none()


def test_a_month_tells_hours_people_and_missing_days(sign_in, cast, stage):
    stage.add_all(entry_of(2, day) for day in WORKED)
    stage.add(entry_of(2, WORKED[0], 30, kind="internal"))
    stage.add_all(entry_of(5, day) for day in WORKED[2:])
    stage.add(entry_of(5, WORKED[3], voided_at=clock.now()))
    stage.commit()
    ada = sign_in(cast.ada)
    text = plain(ada.get(f"/time/periods/{NAME}"))
    minutes = 60 * len(WORKED) + 30 + 60 * len(WORKED[2:])
    assert f"{minutes / 60:.2f} h , {(minutes - 30) / 60:.2f} h of it billable" in text
    assert f"Tess {len(WORKED) - 2}.00 {len(WORKED) - 2}.00 2 days {WORKED[0].day} and {WORKED[1].day}" in text
    assert f"Ben {(60 * len(WORKED) + 30) / 60:.2f} {len(WORKED)}.00 None" in text
    listed = plain(ada.get("/time/periods"))
    assert f"{MONTH:%B %Y} is over and still open" in listed
    assert "4 people" in listed  # all who consult but Ben


def test_leave_and_holidays_are_no_missing_days(sign_in, cast, stage):
    stage.add(Leave(person_id=2, begins=WORKED[0], ends=WORKED[-1], status=LeaveStatus.APPROVED))
    stage.commit()
    assert "Ben – – None" in plain(sign_in(cast.ada).get(f"/time/periods/{NAME}"))


def test_entries_outside_the_dates_are_shown_with_their_reasons(sign_in, cast, stage):
    entry = entry_of(2, WORKED[0], outside=True)
    stage.add(entry)
    stage.flush()
    stage.add(
        TimeNote(person_id=2, entry_id=entry.id, client_id=1, engagement_id=1, body="Hidden", reason="Took over early")
    )
    stage.commit()
    ada = sign_in(cast.ada)
    assert "1 entry outside the agreed dates" in plain(ada.get(f"/time/periods/{NAME}"))
    text = plain(ada.get(f"/time/periods/{NAME}/entries?show=outside"))
    assert "Took over early" in text
    assert re.search(r"Ben Northwind , .* ENG-001, Strategy", text)
    assert "1 entry" in plain(ada.get("/time/periods"))


def test_locking_and_opening_again(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    locked = ada.send(f"/time/periods/{NAME}/lock")
    assert (locked.status_code, locked.location) == (303, f"/time/periods/{NAME}")
    assert period(stage).state is PeriodState.LOCKED
    assert "Locked on" in plain(ada.get("/time/periods"))
    assert ada.send(f"/time/periods/{NAME}/lock").status_code == 409
    missing = ada.send(f"/time/periods/{NAME}/reopen")
    assert missing.status_code == 422
    assert "Say why the month is opened again" in missing.text
    opened = ada.send(f"/time/periods/{NAME}/reopen", reason="Ben's week was missing")
    assert opened.status_code == 303
    assert period(stage).state is PeriodState.OPEN
    trail = stage.execute(
        select(AuditEntry.verb, AuditEntry.from_state, AuditEntry.to_state, AuditText.body).outerjoin(
            AuditText, AuditText.id == AuditEntry.reason_id
        ).order_by(AuditEntry.id)
    ).all()  # fmt: skip
    assert trail == [
        ("period.lock", None, "locked", None),
        ("period.reopen", "locked", "open", "Ben's week was missing"),
    ]
    assert "Ben&#39;s week was missing" in ada.get(f"/time/periods/{NAME}").text
    assert ada.send(f"/time/periods/{NAME}/reopen", reason="Again", version=2).status_code == 409
    assert sign_in(cast.ben).send("/time", work="1", pick="30", worked_on=WORKED[0].isoformat()).status_code == 303


@pytest.mark.parametrize("deed", ["lock", "reopen"])
@pytest.mark.parametrize("who", ["ben", "tess", "eve", "abe", "cora", "vic"])
def test_months_are_the_partners(who, deed, sign_in, cast, stage):
    browser = sign_in(getattr(cast, who))
    assert browser.send(f"/time/periods/{NAME}/{deed}", reason="Because").status_code == 403
    assert browser.get("/time/periods").status_code == 403
    assert period(stage) is None


@pytest.mark.parametrize("month", ["2026-13", "never", "2101-01", (TODAY + timedelta(40)).strftime("%Y-%m")])
def test_months_that_are_not_there(month, sign_in, cast):
    ada = sign_in(cast.ada)
    assert ada.get(f"/time/periods/{month}").status_code == 404
    assert ada.send(f"/time/periods/{month}/lock").status_code == 404


def test_pressing_twice_locks_once(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    assert [ada.send(f"/time/periods/{NAME}/lock", once="k").status_code for _ in range(2)] == [303, 303]
    assert len(stage.scalars(select(AuditEntry)).all()) == 1


def test_a_month_is_not_locked_between_the_check_and_the_deed(app, see, cast, stage):
    """Whoever logs holds their own row until the deed is done; who locks a month waits for them."""
    told = []

    def lock():
        told.append(people.browser_of(app, cast.ada).send(f"/time/periods/{NAME}/lock").status_code)

    with see(cast.ben):
        work_of(cast.persons.ben.id, TODAY, hold=True)
        locking = threading.Thread(target=lock)
        locking.start()
        locking.join(0.7)
        assert told == []
    locking.join()
    assert told == [303]


@pytest.mark.parametrize("page", ["/time/periods", f"/time/periods/{NAME}"])
def test_pages_cost_the_same_with_many_rows(page, sign_in, cast, stage, statements):
    ada, counts = sign_in(cast.ada), []
    for number in (0, 20):
        for n in range(number):
            stage.add(entry_of(2, WORKED[0], 1, outside=True))
            stage.add(Period(month=date(2010 + n, 1, 1)))
        stage.commit()
        with statements() as seen:
            assert ada.get(page).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts


def test_planned_stands_beside_logged(sign_in, cast, stage):
    """Four days a month, F3: a quarter of them or so in a week without holidays."""
    stage.add(entry_of(2, TODAY, 90))
    stage.commit()
    text = plain(sign_in(cast.ben).get("/time"))
    assert "planned for clients" in text
    found = re.search(r"Northwind ENG-001 (?:[\d.–]+ ){7}1\.50 ([\d.]+)", text)
    assert found
    assert 5 < float(found[1]) < 9


def test_the_checklist_shows_whose_most_days_lapse():
    lapsing = [SimpleNamespace(lapsed=Decimal(n)) for n in range(30)]
    check = Checklist(Lacks(), late=0, overages=[], lapsing=lapsing)
    shown = [one.lapsed for one in check.lapsing_most(every_one=False)]
    assert (shown[0], len(shown), check.lapsing_more) == (29, 25, 5)
    assert len(check.lapsing_most(every_one=True)) == 30


def test_the_checklist_shows_first_what_waits_for_a_yes():
    few = [SimpleNamespace(overage=Decimal(n), waits=n % 2 == 0) for n in range(1, 101)]
    assert Checklist(Lacks(), late=0, overages=few, lapsing=[]).overages_first(every_one=False) == few
    check = Checklist(Lacks(), late=0, overages=[*few, SimpleNamespace(overage=Decimal(101), waits=False)], lapsing=[])
    shown = check.overages_first(every_one=False)
    assert ([one.overage for one in (*shown[:2], shown[50])], len(shown), check.overages_more) == (
        [100, 98, 101],
        100,
        1,
    )
    assert check.overages_first(every_one=True) == check.overages
