"""A timer: one for each person, which survives a closed browser, proposes a line, and is asked about when forgotten."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import Account
from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.twelve import Area
from crm.desk.timers import proposal
from crm.practice.models import Practice
from crm.timelog.timer.models import Timer, TimerState
from crm.timelog.timing import Rounding
from tests import cast as people
from tests.cast import TODAY
from tests.timelog.test_line import words_of
from tests.timelog.test_logging import entries


@pytest.fixture
def at(monkeypatch):
    """The house's clock, put to a moment."""

    def put(moment):
        for module in ("crm.timelog.timer.operations", "crm.desk.timers"):
            monkeypatch.setattr(f"{module}.now", lambda: moment)

    return put


@pytest.fixture
def wants(cast, stage):
    """Ben wants to see the timer."""
    stage.get(Account, cast.ben.id).with_timer = True
    stage.commit()


def noon(hours=0, minutes=0):
    return datetime(TODAY.year, TODAY.month, TODAY.day, 0, 1, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes)


def timer_of(stage):
    stage.expire_all()
    return stage.scalars(select(Timer)).one()


@pytest.mark.usefixtures("wants")
def test_from_the_line_to_the_entry(sign_in, cast, stage, at):
    ben = sign_in(cast.ben)
    assert "Start timer" in ben.get("/today").text
    at(noon(0))
    assert ben.send("/time/timer", line="NORTH SEC board call", back="today").location == "/today"
    page = words_of(sign_in(cast.ben).get("/time"))  # another browser
    assert "since 00:01 NORTH SEC board call" in page
    at(noon(1, 12))
    stopped = ben.send("/time/timer/stop", back="week")
    assert (stopped.status_code, stopped.location) == (303, "/time/timer?back=week")
    proposed = ben.get(stopped.location)
    assert 'value="1:12 NORTH SEC board call"' in proposed.text
    assert "Time 1 h 12 min For Northwind Area Security" in words_of(proposed)
    answer = ben.send("/time/timer/line", line="1:15 NORTH SEC board call", back="week")  # changed before it is saved
    one = entries(stage)[0]
    assert (answer.location, one.minutes, one.area, one.client_note) == (
        f"/time?logged={one.id}",
        75,
        Area.SEC,
        "board call",
    )
    assert timer_of(stage).state is TimerState.IDLE
    verbs = stage.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["timer.start", "timer.stop", "time.log", "timer.log"]


@pytest.mark.parametrize(
    ("fields", "line"),
    [({"work": "ENG-001", "area": "SEC"}, "ENG-001 #SEC"), ({"work": "ENG-001"}, "ENG-001"), ({}, "")],
)
def test_started_for_an_engagement_or_for_nothing_yet(fields, line, sign_in, cast, stage):
    assert sign_in(cast.ben).send("/time/timer", **fields).status_code == 303
    assert timer_of(stage).line == line


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1h NORTH call", "leave the duration out"), ("NORTH call; internal", "for one entry"), ("NORTH yesterday", "leave the day out"),
        ("#action NORTH x", "for one entry"), ("x" * 1001, "at most 1000"), ("call\u202e", "characters that cannot be shown"),
    ],
)  # fmt: skip
def test_a_timer_is_for_one_entry_from_now_on(line, says, sign_in, cast, stage):
    refused = sign_in(cast.ben).send("/time/timer", line=line)
    assert refused.status_code == 422
    assert says in words_of(refused)
    assert stage.scalars(select(Timer)).all() == []


def test_one_timer_runs_and_is_used_again(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    assert ben.send("/time/timer/stop").status_code == 409
    assert ben.send("/time/timer", line="NORTH").status_code == 303
    second = ben.send("/time/timer", line="internal")
    assert (second.status_code, "runs already" in words_of(second)) == (409, True)
    assert ben.send("/time/timer/on").status_code == 409
    assert ben.send("/time/timer/stop").status_code == 303
    assert ben.send("/time/timer/on", version=2).status_code == 303
    assert ben.send("/time/timer/stop", version=2).status_code == 409  # seen on an older page
    assert ben.send("/time/timer/line", line="1h NORTH").status_code == 409  # it runs
    assert entries(stage) == []
    assert ben.send("/time/timer/drop", version=3).status_code == 303
    assert ben.send("/time/timer", line="internal").status_code == 303
    assert timer_of(stage).line == "internal"
    assert sign_in(cast.tess).send("/time/timer", line="NORTH").status_code == 303  # another's is another's
    with pytest.raises(IntegrityError):
        stage.add(Timer(person_id=2))
        stage.flush()
    stage.rollback()


def test_sixteen_starts_make_one_timer(app, cast, stage):
    gate, codes = threading.Barrier(16), []

    def start():
        browser = people.browser_of(app, cast.ben)
        gate.wait()
        codes.append(browser.send("/time/timer", line="NORTH").status_code)

    threads = [threading.Thread(target=start) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303] + [409] * 15
    assert timer_of(stage).state is TimerState.RUNNING


def test_what_may_be_meant_is_chosen_on_the_timer_s_page(sign_in, cast, stage):
    """Without script, so that the timer is free once it is logged."""
    ben = sign_in(cast.ben)
    ben.send("/time/timer", line="board call")
    ben.send("/time/timer/stop")
    page = ben.get("/time/timer").text
    assert 'href="/time/timer?line=0:01+ENG-001+board+call' in page
    assert 'value="0:01 ENG-001 board call"' in ben.get("/time/timer?line=0:01+ENG-001+board+call").text


def test_a_refused_line_leaves_the_timer_as_it_is(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send("/time/timer", line="NORTH")
    ben.send("/time/timer/stop")
    assert ben.send("/time/timer/line", line="25h NORTH").status_code == 422
    assert ben.send("/time/timer/line", line="1h nobody knows").status_code == 422
    assert (timer_of(stage).state, entries(stage)) == (TimerState.STOPPED, [])
    told = [ben.send("/time/timer/line", once="k1", line="1h NORTH") for _ in range(2)]
    assert [answer.status_code for answer in told] == [303, 303]
    assert len(entries(stage)) == 1


@pytest.mark.parametrize("who", ["abe", "cora", "vic"])
@pytest.mark.parametrize("address", ["/time/timer", "/time/timer/stop", "/time/timer/drop", "/time/timer/line"])
def test_who_has_no_timer(who, address, sign_in, cast):
    assert sign_in(getattr(cast, who)).send(address, line="1h NORTH").status_code == 403


def test_a_timer_that_was_forgotten_asks_how_long(sign_in, cast, stage, at):
    ben = sign_in(cast.ben)
    at(noon(0) - timedelta(days=1))
    ben.send("/time/timer", line="NORTH call")
    at(noon(0) - timedelta(hours=11, minutes=59))
    assert "Did you forget it" in words_of(ben.get("/time/timer"))
    ben.send("/time/timer/stop")
    page = ben.get("/time/timer")
    assert "How long did you work? Write it in front" in words_of(page)
    yesterday = (TODAY - timedelta(1)).isoformat()
    assert f'value="{yesterday} NORTH call"' in page.text
    assert ben.send("/time/timer/line", line=f"{yesterday} NORTH call").status_code == 422
    assert ben.send("/time/timer/line", line=f"6h {yesterday} NORTH call").status_code == 303
    assert entries(stage)[0].minutes == 360


@pytest.mark.engine_free
def test_what_ran_over_midnight_is_proposed_for_each_day():
    clock.keep_time_of("Europe/London")
    try:
        timer = Timer(line="BRA call", begun_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC), ended_at=datetime(2026, 7, 1, 23, 45, tzinfo=UTC))  # fmt: skip
        assert proposal(timer, Rounding()) == "0:30 2026-07-01 BRA call; 0:45 2026-07-02 BRA call"
        put_back = Timer(line="", begun_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ended_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))  # fmt: skip
        assert proposal(put_back, Rounding(15)) == "1:00 2026-10-25"  # both ends read 1:30 on the wall
    finally:
        clock.keep_time_of("UTC")


def test_the_practice_rounds_as_it_says(sign_in, cast, stage, at):
    practice = stage.get(Practice, 1)
    practice.timer_step, practice.timer_up = 15, True
    stage.commit()
    ben = sign_in(cast.ben)
    at(noon(0))
    ben.send("/time/timer", line="NORTH")
    at(noon(0, 16))
    ben.send("/time/timer/stop")
    page = ben.get("/time/timer")
    assert 'value="0:30 NORTH"' in page.text
    assert "Rounded up 15 minutes" in words_of(page)


def test_whoever_wants_none_sees_none(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send("/time/timer", line="NORTH")
    assert 'id="timer"' not in ben.get("/today").text
    assert ben.send("/me", name="Ben", theme="", with_timer="yes").location == "/me"
    assert 'id="timer"' in ben.get("/today").text
    assert "A timer for my time" in ben.get("/me").text
    assert "A timer for my time" not in sign_in(cast.cora).get("/me").text


@pytest.mark.parametrize("page", ["/today?logged=1", "/time?logged=1", "/today", "/time", "/time/timer"])
@pytest.mark.usefixtures("wants")
def test_the_timer_keeps_pages_within_their_statements(page, sign_in, world, statements):
    ben = sign_in(world.ben)
    with statements() as seen:
        assert 'id="timer"' in ben.get(page).text
    assert len(seen) <= 12


def test_starting_and_logging_cost_few_statements(sign_in, world, statements, stage):
    tess = sign_in(world.tess)
    for address, fields in (("/time/timer", {"line": "NORTH call"}), ("/time/timer/stop", {}), ("/time/timer/line", {"line": "1h NORTH call", "version": "2"})):  # fmt: skip
        with statements() as seen:
            assert tess.send(address, **fields).status_code == 303, address
        assert len(seen) <= (8 if address != "/time/timer/line" else 10), (address, seen)
