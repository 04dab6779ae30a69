"""Logging time: a tap, a save, a line that says so. Invariants 9, 10 and 11."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.calendar import month_of
from crm.core.twelve import Area, Scope
from crm.engagements.people import Assignment, Status
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementState
from crm.people.models import Period, PeriodState
from crm.timelog.models import TimeEntry, TimeKind, TimeNote
from tests import cast as people
from tests.cast import TODAY

HALF = {"work": "1", "pick": "30", "worked_on": TODAY.isoformat()}
LAST_MONTH = month_of(TODAY) - timedelta(1)


def entry_of(cast, who="ben", minutes=60, day=TODAY, **more):
    at = {} if "kind" in more else {"client_id": 1, "engagement_id": 1, "area": Area.STR}
    return TimeEntry(
        person_id=getattr(cast.persons, who).id, worked_on=day, minutes=minutes, logged_at=clock.now(), **at, **more
    )


@pytest.fixture
def entry(cast, stage):
    made = entry_of(cast, id=1)
    stage.add(made)
    stage.commit()
    return made


def entries(stage):
    stage.expire_all()
    return stage.scalars(select(TimeEntry).order_by(TimeEntry.id)).all()


def lock(stage, day):
    stage.add(Period(month=month_of(day), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()


@pytest.mark.parametrize("page", ["/time", "/today"])
def test_half_an_hour_for_northwind(page, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = ben.send(page, **HALF)
    one = entries(stage)[0]
    assert (answer.status_code, answer.location) == (303, f"{page}?logged={one.id}")
    assert (one.person_id, one.client_id, one.engagement_id, one.worked_on, one.minutes) == (2, 1, 1, TODAY, 30)
    assert (one.kind, one.area, one.outside) == (TimeKind.BILLABLE, Area.STR, False)
    said = re.sub(r"\s+", " ", ben.get(answer.location).text)
    assert "30 min for Northwind, STR. 3.9 days left." in said
    assert "Undo" in said
    trail = stage.scalars(select(AuditEntry)).one()
    assert (trail.verb, trail.subject_kind, trail.subject_id, trail.client_id) == ("time.log", "time_entry", one.id, 1)


@pytest.mark.parametrize(
    ("typed", "minutes"), [("1.5", 90), ("1:30", 90), ("90m", 90), ("1h30", 90), ("0.2d", 90), ("1,5", 90)]
)
def test_a_typed_duration_goes_before_a_ticked_one(typed, minutes, sign_in, cast, stage):
    assert sign_in(cast.ben).send("/time", **HALF | {"duration": typed}).status_code == 303
    assert entries(stage)[0].minutes == minutes


@pytest.mark.parametrize("who", ["ben", "tess", "ada"])
def test_whoever_consults_logs_practice_time(who, sign_in, cast, stage):
    answer = sign_in(getattr(cast, who)).send("/time", **HALF | {"other": "training", "client_note": "A course"})
    assert answer.status_code == 303
    one = entries(stage)[0]
    assert (one.kind, one.engagement_id, one.area, one.client_note) == (TimeKind.TRAINING, None, None, "")
    assert stage.scalars(select(TimeNote)).one().body == "A course"  # there is no client to read it


@pytest.mark.parametrize(("who", "code"), [("abe", 403), ("cora", 403), ("vic", 403)])
@pytest.mark.parametrize("page", ["/time", "/today"])
def test_who_does_not_log(who, code, page, sign_in, cast, stage):
    assert sign_in(getattr(cast, who)).send(page, **HALF).status_code == code
    assert entries(stage) == []


@pytest.mark.parametrize("who", ["eve", "finn", "ada"])
def test_nobody_logs_where_they_do_not_serve(who, sign_in, cast, stage):
    answer = sign_in(getattr(cast, who)).send("/time", **HALF | {"client_note": "Kept text"})
    assert answer.status_code == 422
    assert "Kept text" in answer.text
    assert entries(stage) == []


def test_a_tentative_or_cancelled_place_is_no_place(sign_in, cast, stage):
    stage.add(people.assignment(cast.umbra, cast.persons.ben, "specialist", status=Status.TENTATIVE))
    draft = people.engagement(
        stage, 7, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="Next year", state=EngagementState.DRAFT
    )
    stage.commit()
    for number in (cast.umbra.id, draft.id):
        assert sign_in(cast.ben).send("/time", **HALF | {"work": str(number)}).status_code == 422
    assert entries(stage) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"pick": None}, "Choose how long"), ({"duration": "tomorrow"}, "Write how long it took"),
        ({"duration": "25"}, "up to 24 hours"), ({"work": None}, "Choose what it was for"), ({"work": "x"}, "Choose one of the list"),
        ({"worked_on": "17.11.2026"}, "like 2026-11-20"), ({"worked_on": ""}, "Choose the day"),
        ({"worked_on": (TODAY + timedelta(1)).isoformat()}, "still to come"), ({"area": "XXX"}, "Choose one of the list"),
        ({"deliverable": "abc"}, "whole number"), ({"deliverable": "99"}, "Choose a deliverable of Northwind"),
        ({"client_note": "x" * 501}, "at most 500"), ({"note": "x" * 2001}, "at most 2000"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_said_beside_it_and_the_rest_is_kept(wrong, says, sign_in, cast, stage):
    answer = sign_in(cast.ben).send("/time", **HALF | {"client_note": "Board call", "note": "Kept for us"} | wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert "<title>Error: " in answer.text
    assert ("Board call" in answer.text) == ("client_note" not in wrong)
    assert ("Kept for us" in answer.text) == ("note" not in wrong)
    assert entries(stage) == []


def test_pressing_twice_logs_once(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    told = [ben.send("/time", once="k1", **HALF) for _ in range(2)]
    one = entries(stage)[0]
    assert {(answer.status_code, answer.location) for answer in told} == {(303, f"/time?logged={one.id}")}
    assert len(entries(stage)) == 1


def test_the_area_is_the_one_used_last(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send("/time", **HALF | {"area": "VEN"})
    ben.send("/time", **HALF)
    assert [one.area for one in entries(stage)] == [Area.VEN, Area.VEN]
    assert "VEN" in ben.get("/time").text


def test_an_area_that_is_out_is_refused_by_name(sign_in, cast, stage):
    out = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area != Area.SEC)).all()
    for scope in out:
        scope.scope = Scope.OUT
    stage.commit()
    ben = sign_in(cast.ben)
    refused = ben.send("/time", **HALF | {"area": "VEN"})
    assert refused.status_code == 422
    assert "not in scope at Northwind, where we have Security" in refused.text
    assert ben.send("/time", **HALF).status_code == 303
    assert entries(stage)[0].area is Area.SEC


def test_a_deliverable_brings_its_area(sign_in, world, stage):
    ben = sign_in(world.ben)
    assert ben.send("/time", **HALF | {"deliverable": "1"}).status_code == 303
    one = entries(stage)[-1]
    assert (one.deliverable_id, one.area) == (1, Area.VEN)
    assert "belongs to Vendors" in ben.send("/time", **HALF | {"deliverable": "1", "area": "SEC"}).text
    assert ben.send("/time", **HALF | {"deliverable": "11"}).status_code == 422  # Umbra's


# --- Invariant 9 ---


def test_more_than_a_day_is_refused_and_more_than_half_of_it_warned_of(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    quiet = ben.get(ben.send("/time", **HALF | {"duration": "12h"}).location).text
    answer = ben.send("/time", **HALF)
    loud = ben.get(answer.location).text
    assert "more than 12 hours" not in quiet
    assert "That makes 12 h 30 min" in loud
    assert "more than 12 hours" in loud
    refused = ben.send("/time", **HALF | {"duration": "11:31"})
    assert refused.status_code == 422
    assert "12:30 are logged, 690 more minutes fit in" in refused.text
    assert ben.send("/time", **HALF | {"duration": "11:30"}).status_code == 303
    assert sum(one.minutes for one in entries(stage)) == 1440
    assert sign_in(cast.tess).send("/time", **HALF).status_code == 303  # another's day is another's


def test_sixteen_at_once_stay_within_the_day(app, cast, stage):
    """Each alone would fit; together they are 32 hours."""
    gate, codes = threading.Barrier(16), []

    def log():
        browser = people.browser_of(app, cast.ben)
        gate.wait()
        codes.append(browser.send("/time", **HALF | {"duration": "2h"}).status_code)

    threads = [threading.Thread(target=log) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.minutes for one in entries(stage)) == 1440
    assert sorted(set(codes)) == [303, 422]
    assert codes.count(303) == 12


@pytest.mark.parametrize("reason", ["", "too short"])
def test_outside_the_dates_a_reason_is_asked(reason, sign_in, cast, stage):
    long_ago = cast.north.starts - timedelta(1)
    refused = sign_in(cast.ben).send("/time", **HALF | {"worked_on": long_ago.isoformat(), "reason": reason})
    assert refused.status_code == 422
    assert "lies outside your dates at Northwind" in refused.text
    assert entries(stage) == []


def test_outside_the_dates_the_reason_is_kept_apart(sign_in, cast, stage):
    mine = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    mine.begins = TODAY - timedelta(10)
    stage.commit()
    early = (TODAY - timedelta(11)).isoformat()
    kept = HALF | {"reason": "Took over a week early"}
    assert sign_in(cast.ben).send("/time", **kept | {"worked_on": early}).status_code == 303
    assert sign_in(cast.ben).send("/time", **kept).status_code == 303  # inside: no reason is needed, none is kept
    first, second = entries(stage)
    note = stage.scalars(select(TimeNote)).one()
    assert (first.outside, second.outside) == (True, False)
    assert (note.entry_id, note.reason) == (first.id, "Took over a week early")


def test_what_was_forgotten_is_logged_for_thirty_days(sign_in, cast, stage):
    mine = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    mine.status, mine.ends = Status.ENDED, TODAY - timedelta(3)
    stage.commit()
    ben = sign_in(cast.ben)
    assert ben.send("/time", **HALF).status_code == 422  # today is outside
    assert ben.send("/time", **HALF | {"worked_on": (TODAY - timedelta(4)).isoformat()}).status_code == 303
    mine.ends = TODAY - timedelta(31)
    stage.commit()
    assert "Choose one of the list" in ben.send("/time", **HALF).text


# --- Invariant 10 ---


def test_a_locked_month_takes_nothing(sign_in, cast, stage):
    lock(stage, LAST_MONTH)
    refused = sign_in(cast.ben).send("/time", **HALF | {"worked_on": LAST_MONTH.isoformat()})
    assert refused.status_code == 422
    assert f"{LAST_MONTH:%B %Y} is locked" in refused.text
    assert entries(stage) == []
    assert sign_in(cast.ben).send("/time", **HALF).status_code == 303


CHANGE = {"work": "1", "duration": "2", "worked_on": TODAY.isoformat()}


@pytest.mark.parametrize("deed", ["revise", "move out", "move in", "void", "restore"])
def test_a_locked_month_is_closed_for_every_deed(deed, sign_in, cast, stage):
    day = TODAY if deed == "move in" else LAST_MONTH
    one = entry_of(cast, day=day, voided_at=clock.now() if deed == "restore" else None)
    stage.add(one)
    stage.commit()
    lock(stage, LAST_MONTH)
    ben = sign_in(cast.ben)
    to = TODAY if deed == "move out" else LAST_MONTH
    address = f"/time/entries/{one.id}" + (f"/{deed}" if deed in {"void", "restore"} else "")
    fields = CHANGE | {"worked_on": to.isoformat()} if deed in {"revise", "move out", "move in"} else {}
    answer = ben.send(address, **fields)
    assert answer.status_code in {409, 422}
    assert f"{LAST_MONTH:%B %Y} is locked" in answer.text
    after = entries(stage)[0]
    assert (after.worked_on, after.minutes, after.version) == (day, 60, 1)


def test_in_a_locked_month_no_form_is_offered(sign_in, cast, stage):
    one = entry_of(cast, day=LAST_MONTH, client_note="Met the suppliers")
    stage.add(one)
    stage.commit()
    lock(stage, LAST_MONTH)
    page = sign_in(cast.ben).get(f"/time/entries/{one.id}").text
    assert f"{LAST_MONTH:%B %Y} is locked" in page
    assert "Met the suppliers" in page
    assert "Delete this entry" not in page
    assert "data-form" not in page


# --- Invariant 11, and changing ---


def test_deleting_keeps_the_row_and_can_be_undone(entry, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    gone = ben.send("/time/entries/1/void", back="today", reason="Undone right after logging.")
    assert (gone.status_code, gone.location) == (303, "/today?deleted=1")
    said = re.sub(r"\s+", " ", ben.get(gone.location).text)
    assert "Deleted: 1 h for Northwind, STR" in said
    assert entries(stage)[0].voided_at
    assert "Nothing is logged" in ben.get("/time").text
    back = ben.send("/time/entries/1/restore", version=2, back="today")
    assert back.location == "/today?logged=1"
    assert entries(stage)[0].voided_at is None
    verbs = stage.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["time.void", "time.restore"]


def test_no_row_of_time_is_ever_deleted(root):
    for path in (root / "crm" / "timelog").rglob("*.py"):
        assert "delete(TimeEntry" not in path.read_text()
        assert "session.delete" not in path.read_text()


def test_what_is_deleted_is_not_deleted_again(entry, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send("/time/entries/1/void")
    assert ben.send("/time/entries/1/void", version=2).status_code == 409
    assert ben.send("/time/entries/1", version=2, **CHANGE).status_code == 409
    assert ben.send("/time/entries/1/restore", version=2).status_code == 303
    assert ben.send("/time/entries/1/restore", version=3).status_code == 409


def test_restoring_asks_the_day_again(entry, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send("/time/entries/1/void")
    ben.send("/time", **HALF | {"duration": "23:30"})
    full = ben.send("/time/entries/1/restore", version=2)
    assert full.status_code == 409
    assert "A day has 24 hours" in full.text


def test_saying_it_better(entry, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    better = CHANGE | {"area": "SEC", "client_note": "Board", "note": "For us", "kind": "goodwill"}
    answer = ben.send("/time/entries/1", **better)
    assert (answer.status_code, answer.location) == (303, f"/time?day={TODAY}#day-{TODAY}")
    one = entries(stage)[0]
    assert (one.minutes, one.area, one.client_note, one.kind) == (120, Area.SEC, "Board", TimeKind.GOODWILL)
    assert stage.scalars(select(TimeNote)).one().body == "For us"
    assert ben.send("/time/entries/1", version=2, **CHANGE | {"note": ""}).status_code == 303
    assert [one.body for one in stage.scalars(select(TimeNote).execution_options(populate_existing=True))] == [""]
    reason = stage.scalars(select(AuditEntry).order_by(AuditEntry.id)).first().reason_id
    assert reason


def test_its_own_minutes_do_not_count_twice(entry, sign_in, cast, stage):
    assert sign_in(cast.ben).send("/time/entries/1", **CHANGE | {"duration": "24h"}).status_code == 303
    assert entries(stage)[0].minutes == 1440


def test_a_stale_change_shows_both(entry, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    ben.send("/time/entries/1", **CHANGE | {"client_note": "First"})
    answer = ben.send("/time/entries/1", **CHANGE | {"client_note": "Second"})
    assert answer.status_code == 409
    assert "Second" in answer.text
    assert "Now it says: <b>First</b>" in answer.text


def test_an_internal_note_alone_is_a_change_that_a_later_one_is_told_of(entry, sign_in, cast, stage):
    ben, same = sign_in(cast.ben), CHANGE | {"duration": "1", "area": "STR", "kind": "billable"}
    assert ben.send("/time/entries/1", **same | {"note": "Tired"}).status_code == 303
    second = ben.send("/time/entries/1", **same | {"note": "She may leave", "duration": "2"})
    assert second.status_code == 409
    assert "She may leave" in second.text, "what was typed stays"
    now = re.findall("Now it says: <b>([^<]+)", second.text)
    assert now == ["1:00", "Tired"], "and what stands is shown, as people write it"
    assert [one.body for one in stage.scalars(select(TimeNote))] == ["Tired"]


def test_what_stood_under_another_client_is_logged_anew(entry, sign_in, cast, stage):
    """A row never moves to another client: it is deleted there and logged here, in one deed."""
    stage.add(people.assignment(cast.umbra, cast.persons.ben, "specialist"))
    stage.commit()
    ben = sign_in(cast.ben)
    assert ben.send("/time/entries/1", **CHANGE | {"work": "2", "note": "Wrong client"}).status_code == 303
    old, new = entries(stage)
    assert (old.client_id, bool(old.voided_at)) == (1, True)
    assert (new.client_id, new.engagement_id, new.minutes, new.voided_at) == (2, 2, 120, None)
    assert ben.send(f"/time/entries/{new.id}", **CHANGE | {"work": "internal"}).status_code == 303
    assert [bool(one.voided_at) for one in entries(stage)] == [True, True, False]


def test_practice_time_becomes_a_client_s(sign_in, cast, stage):
    stage.add(entry_of(cast, kind=TimeKind.INTERNAL, id=1))
    stage.commit()
    assert sign_in(cast.ben).send("/time/entries/1", **CHANGE).status_code == 303
    one = entries(stage)[0]
    assert (one.client_id, one.kind, one.area) == (1, TimeKind.BILLABLE, Area.STR)


@pytest.mark.parametrize("address", ["/time/entries/1", "/time/entries/1/void", "/time/entries/1/restore"])
@pytest.mark.parametrize(
    ("who", "code"),
    [("tess", 404), ("ada", 404), ("finn", 404), ("eve", 404), ("abe", 403), ("cora", 403), ("uma", 403)],
)
def test_nobody_changes_another_s_time(address, who, code, entry, sign_in, cast, stage):
    assert sign_in(getattr(cast, who)).send(address, **CHANGE).status_code == code
    assert entries(stage)[0].version == 1


def test_one_s_own_entry_stays_one_s_own(entry, sign_in, cast, stage):
    """Long after the assignment: it can be read, corrected on its day, and deleted."""
    mine = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    mine.begins, mine.ends, mine.status = TODAY - timedelta(90), TODAY - timedelta(60), Status.ENDED
    entry.worked_on = TODAY - timedelta(61)
    stage.commit()
    day = entry.worked_on.isoformat()
    ben = sign_in(cast.ben)
    assert "An engagement you left" in ben.get("/time/entries/1").text
    assert "An engagement you left" in ben.get(f"/time?day={day}").text
    assert ben.send("/time/entries/1", version=2, **CHANGE | {"worked_on": day}).status_code == 303
    assert (
        ben.send("/time/entries/1", version=3, **CHANGE | {"worked_on": (TODAY - timedelta(1)).isoformat()}).status_code
        == 422
    )
    assert ben.send("/time/entries/1/void", version=3).status_code == 303
    one = entries(stage)[0]
    assert (one.minutes, bool(one.voided_at), one.engagement_id) == (120, True, 1)


# --- What it costs, and what a client sees of it ---


@pytest.mark.parametrize("note", ["", "And a note for us"])
def test_logging_one_entry_costs_at_most_eight_statements(note, sign_in, world, statements, stage):
    ben = sign_in(world.ben)
    for number in (0, 20):
        stage.add_all(entry_of(world, minutes=1, day=TODAY - timedelta(2)) for _ in range(number))
        stage.commit()
        with statements() as seen:
            assert (
                ben.send("/time", **HALF | {"note": note, "deliverable": "1", "client_note": "A call"}).status_code
                == 303
            )
        assert len(seen) <= 8, "\n".join(" ".join(one.split())[:150] for one in seen)


@pytest.mark.parametrize("page", ["/time", "/time?logged=1", "/today", "/today?logged=1"])
def test_the_pages_cost_the_same_with_many_rows(page, sign_in, world, statements, stage):
    ben = sign_in(world.ben)
    counts = []
    for number in (0, 25):
        stage.add_all(entry_of(world, minutes=1) for _ in range(number))
        stage.commit()
        with statements() as seen:
            assert ben.get(page).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts


def test_the_sponsor_reads_the_entry_and_not_the_note(sign_in, see, cast, stage):
    sign_in(cast.ben).send("/time", **HALF | {"note": "Between us", "client_note": "Board call"})
    with see(cast.cora) as session:
        assert session.scalars(select(TimeEntry.client_note)).all() == ["Board call"]
        assert session.scalars(select(func.count(TimeNote.id))).one() == 0
    with see(cast.vic) as session:
        assert session.scalars(select(TimeEntry.id)).all() == []
