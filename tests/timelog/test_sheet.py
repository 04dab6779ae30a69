"""The week as a table: one save keeps what is right, and what is not stays as it was typed (J2, invariants 9 to 11)."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.calendar import monday_of, month_of
from crm.core.twelve import Area
from crm.people.models import Leave, LeaveStatus, Period, PeriodState
from crm.timelog.models import TimeEntry, TimeNote
from crm.timelog.sheet import Key
from tests.cast import TODAY

DAY = timedelta(1)
MONDAY = monday_of(TODAY) - 7 * DAY  # a whole week that is over
STR, SEC, INTERNAL = "1.STR.0.billable", "1.SEC.0.billable", "0.-.0.internal"


def entry_of(cast, day, minutes, area=Area.STR, who="ben", **more):
    return TimeEntry(
        person_id=getattr(cast.persons, who).id, client_id=1, engagement_id=1, worked_on=day, minutes=minutes, area=area,
        logged_at=clock.now(), **more,
    )  # fmt: skip


def standing(stage):
    """What counts, by row, day and minutes."""
    stage.expire_all()
    rows = stage.scalars(select(TimeEntry).where(TimeEntry.voided_at.is_(None)))
    return sorted((str(Key.of(one)), (one.worked_on - MONDAY).days, one.minutes) for one in rows)


def save(browser, cells, *, day=MONDAY, once=None, **more):
    typed = {f"c.{name}": text for name, text in cells.items()}
    return browser.send(f"/time/grid?day={day}", once=once, **typed, **more)


def seen(page):
    """The hidden marks of what stood on the page."""
    return dict(re.findall(r'name="(s\.[^"]+)" value="([^"]+)"', page))


def lock(stage, day):
    stage.add(Period(month=month_of(day), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()


def test_ten_cells_at_one_save(sign_in, cast, stage, statements):
    ways = ["2.5", "6:30", "1h30", "15m", "0.2d"]
    cells = {f"{row}.{n}": text for row in (STR, SEC) for n, text in enumerate(ways)}
    with statements() as writes:
        answer = save(sign_in(cast.ben), cells)
    assert (answer.status_code, answer.location) == (303, f"/time/grid?day={MONDAY}&saved=10")
    minutes = [150, 390, 90, 15, 90]
    assert standing(stage) == sorted((row, n, m) for row in (STR, SEC) for n, m in enumerate(minutes))
    told = stage.scalars(select(AuditEntry)).all()
    assert [(one.verb, one.subject_kind) for one in told] == [("time.log", "time_entry")] * 10
    with statements() as few:
        save(sign_in(cast.ben), {f"{INTERNAL}.0": "1"})
    assert len(writes) == len(few) <= 8, [*writes]


def test_changing_and_emptying_write_no_more_statements_with_more_cells(sign_in, cast, stage, statements):
    ben = sign_in(cast.ben)
    stage.add_all(entry_of(cast, MONDAY + n * DAY, 60, area) for n in range(5) for area in (Area.STR, Area.SEC))
    stage.commit()
    counts = []
    for rows, typed in (((STR,), "2"), ((STR, SEC), "3")):
        marks = seen(ben.get(f"/time/grid?day={MONDAY}").text)
        with statements() as writes:
            answer = save(ben, {f"{row}.{n}": typed for row in rows for n in range(5)}, **marks)
        assert answer.status_code == 303
        counts.append(len(writes))
    assert counts[0] == counts[1] <= 8
    assert {minutes for _, _, minutes in standing(stage)} == {180}


def test_the_page_asks_little_however_much_stands_on_it(sign_in, cast, stage, statements):
    ben, counts = sign_in(cast.ben), []
    for areas in ([Area.STR], list(Area)):
        stage.add_all(entry_of(cast, MONDAY + n * DAY, 10, area) for n in range(7) for area in areas)
        stage.commit()
        with statements() as asked:
            assert ben.get(f"/time/grid?day={MONDAY + 7 * DAY}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_faulty_cells_stay_marked_and_good_ones_are_kept(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    answer = save(ben, {f"{STR}.0": "2", f"{STR}.1": "two", f"{SEC}.0": "23", f"{INTERNAL}.2": "1:15"}, once="one")
    assert answer.status_code == 422
    assert standing(stage) == sorted([(STR, 0, 120), (INTERNAL, 2, 75)])
    assert "2 cells are saved. 2 cells need another look." in answer.text
    assert "Write how long it took" in answer.text
    assert "A day has 24 hours: 2:00 are logged" in answer.text
    assert re.search(rf'name="c\.{STR}\.1" value="two"[^>]*aria-invalid="true"', answer.text)
    assert re.search(rf'name="c\.{SEC}\.0" value="23"[^>]*aria-invalid="true"', answer.text)
    assert re.search(rf'name="c\.{STR}\.0" value="2.00"', answer.text)
    assert 'value="one"' not in answer.text, "the next press is another one"
    again = save(ben, {f"{STR}.0": "2", f"{STR}.1": "two", f"{SEC}.0": "23", f"{INTERNAL}.2": "1:15"}, once="one")
    assert again.status_code == 422
    assert 'value="two"' in again.text, "a double press loses no typed text"
    assert standing(stage) == sorted([(STR, 0, 120), (INTERNAL, 2, 75)])


def test_pressing_twice_does_it_once(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    told = [save(ben, {f"{STR}.0": "2"}, once="k") for _ in range(2)]
    assert {(one.status_code, one.location) for one in told} == {(303, f"/time/grid?day={MONDAY}&saved=1")}
    assert standing(stage) == [(STR, 0, 120)]


def test_one_entry_is_changed_in_its_cell_and_emptying_deletes_it(sign_in, cast, stage):
    stage.add_all([entry_of(cast, MONDAY, 90, id=1, client_note="Board call"), entry_of(cast, MONDAY + DAY, 60, id=2)])
    stage.commit()
    ben = sign_in(cast.ben)
    marks = seen(ben.get(f"/time/grid?day={MONDAY}").text)
    assert save(ben, {f"{STR}.0": "1.50", f"{STR}.1": "1.00"}, **marks).location.endswith("saved=0"), "untouched"
    assert save(ben, {f"{STR}.0": "2", f"{STR}.1": ""}, **marks).status_code == 303
    stage.expire_all()
    first, second = stage.get(TimeEntry, 1), stage.get(TimeEntry, 2)
    assert (first.minutes, first.client_note, second.voided_at is None) == (120, "Board call", False)
    verbs = stage.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert sorted(verbs) == ["time.revise", "time.void"]


def test_a_cell_of_several_entries_shows_the_sum_and_is_not_typed_into(sign_in, cast, stage):
    stage.add_all([entry_of(cast, MONDAY, 90), entry_of(cast, MONDAY, 30)])
    stage.commit()
    ben = sign_in(cast.ben)
    page = ben.get(f"/time/grid?day={MONDAY}").text
    assert "hours in 2 entries" in page
    assert f'name="c.{STR}.0"' not in page
    assert save(ben, {f"{STR}.0": "5"}).status_code == 422
    assert standing(stage) == [(STR, 0, 30), (STR, 0, 90)]


def test_a_cell_changed_meanwhile_shows_both_figures_and_the_next_save_is_meant(sign_in, cast, stage):
    stage.add(entry_of(cast, MONDAY, 90, id=1))
    stage.commit()
    ben = sign_in(cast.ben)
    marks = seen(ben.get(f"/time/grid?day={MONDAY}").text)
    row = stage.get(TimeEntry, 1)
    row.minutes = 120
    stage.commit()
    answer = save(ben, {f"{STR}.0": "3", f"{SEC}.0": "1"}, **marks)
    assert answer.status_code == 422
    assert "now it says 2 h, you typed 3 h" in answer.text
    assert standing(stage) == [(SEC, 0, 60), (STR, 0, 120)]
    assert save(ben, {f"{STR}.0": "3"}, **seen(answer.text)).status_code == 303
    assert standing(stage) == [(SEC, 0, 60), (STR, 0, 180)]


def test_notes_of_cells_are_kept_changed_and_only_where_touched(sign_in, cast, stage):
    stage.add(entry_of(cast, MONDAY, 90, id=1, client_note="Board call"))
    stage.commit()
    ben = sign_in(cast.ben)
    page = ben.get(f"/time/grid?day={MONDAY}").text
    assert re.search(rf'name="c\.{STR}\.0"[^>]*title="Board call"', page)
    cells, new = {f"{STR}.0": "1.5", f"{SEC}.1": "1"}, {"n.0.what": INTERNAL, "n.0.2": "2", "t.n.0.2": "Accounts"}
    notes = {f"t.{STR}.0": "Board paper", f"t.{SEC}.1": "Audit"}
    assert save(ben, cells, **seen(page), **notes, **new).location.endswith("saved=3")
    stage.expire_all()
    kept = stage.scalars(select(TimeEntry).order_by(TimeEntry.worked_on)).all()
    assert [(one.minutes, one.client_note) for one in kept] == [(90, "Board paper"), (60, "Audit"), (120, "")]
    assert inside(stage, INTERNAL) == "Accounts", "practice time has no client to read it"
    marks = seen(ben.get(f"/time/grid?day={MONDAY}").text)
    kept[0].client_note, kept[0].version = "Somebody else’s", kept[0].version + 1
    stage.commit()
    assert save(ben, {f"{STR}.0": "1.5"}, **marks).location.endswith("saved=0"), "untouched, it says nothing"
    refused = save(ben, {f"{STR}.0": "1.5", f"{SEC}.3": ""}, **marks, **{f"t.{STR}.0": "Mine", f"t.{SEC}.3": "Alone"})
    assert refused.status_code == 422
    assert "its note is now “Somebody else’s”" in refused.text
    assert "a note alone is not kept" in refused.text
    assert f'name="t.{STR}.0" value="Mine"' in refused.text, "what was typed stays"
    assert save(ben, {f"{STR}.0": "1.5"}, **seen(refused.text), **{f"t.{STR}.0": ""}).status_code == 303
    stage.expire_all()
    assert stage.get(TimeEntry, 1).client_note == ""


def test_an_internal_note_changed_on_the_entry_meanwhile_is_not_overwritten(sign_in, cast, stage):
    stage.add(entry_of(cast, MONDAY, 90, id=1))
    stage.commit()
    ben = sign_in(cast.ben)
    marks = seen(ben.get(f"/time/grid?day={MONDAY}").text)
    elsewhere = {
        "work": "1",
        "duration": "1:30",
        "worked_on": MONDAY.isoformat(),
        "area": "STR",
        "note": "She may leave",
    }
    assert ben.send("/time/entries/1", **elsewhere).status_code == 303
    refused = save(ben, {f"{STR}.0": "1.5"}, **marks, **{f"i.{STR}.0": "Tired"})
    assert refused.status_code == 422
    assert "its note is now “She may leave”" in refused.text
    assert inside(stage, STR) == "She may leave"
    assert save(ben, {f"{STR}.0": "1.5"}, **seen(refused.text), **{f"i.{STR}.0": "Tired"}).status_code == 303
    stage.expire_all()
    assert inside(stage, STR) == "Tired"


def inside(stage, row):
    """The internal note of the one entry of a row."""
    entry = next(one for one in stage.scalars(select(TimeEntry)) if str(Key.of(one)) == row)
    return stage.scalar(select(TimeNote.body).where(TimeNote.entry_id == entry.id))


def test_internal_notes_stand_beside_those_for_the_client(sign_in, cast, stage, statements):
    stage.add_all(entry_of(cast, MONDAY + n * DAY, 60, id=n + 1, client_note="Board call") for n in range(2))
    stage.flush()
    stage.add(TimeNote(entry_id=1, person_id=2, client_id=1, engagement_id=1, body="Tired", reason="Asked by phone"))
    stage.commit()
    ben = sign_in(cast.ben)
    page = ben.get(f"/time/grid?day={MONDAY}").text
    assert re.search(rf'name="c\.{STR}\.0"[^>]*title="Board call" data-internal="Tired"', page)
    said = {f"i.{STR}.0": "She may leave\nin spring", f"i.{STR}.1": "Late", f"i.{SEC}.0": "New"}
    new = {"n.0.what": INTERNAL, "n.0.2": "2", "i.n.0.2": "Accounts"}
    answer = save(ben, {f"{STR}.0": "1", f"{STR}.1": "1", f"{SEC}.0": "3"}, **seen(page), **said, **new)
    assert answer.location.endswith("saved=4")
    stage.expire_all()
    bodies = stage.execute(select(TimeNote.entry_id, TimeNote.body, TimeNote.reason).order_by(TimeNote.entry_id)).all()
    assert bodies[:2] == [(1, "She may leave\nin spring", ""), (2, "Late", "")]
    assert (inside(stage, SEC), inside(stage, INTERNAL)) == ("New", "Accounts")
    assert {one.client_note for one in stage.scalars(select(TimeEntry)) if one.id <= 2} == {"Board call"}, "untouched"
    assert not any("leave" in one.client_note for one in stage.scalars(select(TimeEntry)))
    refused = save(ben, {f"{STR}.3": "soon", f"{SEC}.4": ""}, **{f"i.{STR}.3": "Kept", f"i.{SEC}.4": "Alone"})
    assert "a note alone is not kept" in refused.text
    assert f'name="i.{STR}.3" value="Kept"' in refused.text, "what was typed stays"
    counts = []
    for days in ((2,), (3, 4, 5, 6)):
        with statements() as writes:
            save(ben, {f"{SEC}.{n}": "1" for n in days}, **{f"i.{SEC}.{n}": "Late" for n in days})
        counts.append(len(writes))
    assert counts[0] == counts[1] <= 8
    again = ben.get(f"/time/grid?day={MONDAY}").text
    assert save(ben, {f"{STR}.0": "1"}, **seen(again), **{f"i.{STR}.0": ""}).location.endswith("saved=1")
    stage.expire_all()
    assert stage.scalar(select(TimeNote.body).where(TimeNote.entry_id == 1)) == ""


def test_a_link_skips_to_the_first_empty_cell_of_the_day(sign_in, cast, stage):
    stage.add_all([entry_of(cast, MONDAY, 90), entry_of(cast, MONDAY, 60, Area.SEC), entry_of(cast, MONDAY + DAY, 30)])
    stage.commit()
    ben = sign_in(cast.ben)
    for day, field in ((MONDAY, "n.0.what"), (MONDAY + DAY, f"c.{SEC}.1"), (MONDAY + 2 * DAY, f"c.{STR}.2")):
        page = ben.get(f"/time/grid?day={day}").text
        assert f'<a class="skip" href="#{field}"' in page
        assert f'id="{field}"' in page


@pytest.mark.parametrize(
    ("what", "says"), [("", "Choose what it was for"), ("9.STR.0.billable", "You do not serve here")]
)
def test_a_new_row_that_is_for_nothing(what, says, sign_in, cast, stage):
    answer = sign_in(cast.ben).send(
        f"/time/grid?day={MONDAY}", **{"n.0.what": what, "n.0.kind": "billable", "n.0.1": "1.5"}
    )
    assert answer.status_code == 422
    assert says in answer.text or "need" in answer.text
    assert standing(stage) == []


def test_a_new_row_is_kept_with_the_rest(sign_in, cast, stage):
    typed = {"n.0.what": STR, "n.0.kind": "goodwill", "n.0.1": "1.5", f"c.{SEC}.0": "1"}
    assert sign_in(cast.ben).send(f"/time/grid?day={MONDAY}", **typed).status_code == 303
    assert standing(stage) == sorted([("1.STR.0.goodwill", 1, 90), (SEC, 0, 60)])


def test_a_locked_month_and_a_day_to_come_are_shut(sign_in, cast, stage):
    ben, next_week = sign_in(cast.ben), monday_of(TODAY) + 7 * DAY
    assert save(ben, {f"{STR}.0": "1"}, day=next_week).status_code == 422
    lock(stage, MONDAY)
    page = ben.get(f"/time/grid?day={MONDAY}").text
    assert "Locked" in page
    assert "Save the week" not in page
    assert f'name="n.0.{0}"' not in page
    refused = save(ben, {f"{STR}.0": "1"})
    assert refused.status_code == 422
    assert "is locked" in refused.text
    assert standing(stage) == []


def test_outside_the_dates_a_reason_is_asked_for_and_kept(sign_in, cast, stage):
    north = stage.merge(cast.north)
    north.starts = TODAY
    stage.commit()
    ben = sign_in(cast.ben)
    refused = save(ben, {f"{STR}.0": "1"})
    assert refused.status_code == 422
    assert 'name="reason"' in refused.text
    assert save(ben, {f"{STR}.0": "1"}, reason="Before the contract was signed").status_code == 303
    assert stage.scalars(select(TimeEntry)).one().outside


def test_copying_last_week_fills_in_and_saves_nothing(sign_in, cast, stage):
    stage.add_all([entry_of(cast, MONDAY - 7 * DAY, 90), entry_of(cast, MONDAY - 6 * DAY, 60, Area.SEC)])
    stage.add(Leave(person_id=2, begins=MONDAY + DAY, ends=MONDAY + DAY, status=LeaveStatus.APPROVED))
    stage.commit()
    ben = sign_in(cast.ben)
    plain = ben.get(f"/time/grid?day={MONDAY}").text
    assert f'name="c.{STR}.0" placeholder' in plain, "the rows come along"
    page = ben.get(f"/time/grid?day={MONDAY}&copy=hours").text
    assert re.search(rf'name="c\.{STR}\.0" value="1.50"', page)
    assert f'name="c.{SEC}.1" placeholder' in page, "not on leave"
    assert "Leave" in page
    assert stage.scalar(select(func.count()).select_from(TimeEntry)) == 2
    stage.add(entry_of(cast, MONDAY, 90))
    stage.commit()
    assert "data-proposed" not in ben.get(f"/time/grid?day={MONDAY}&copy=hours").text, "what stands is no proposal"


@pytest.mark.parametrize(("who", "code"), [("abe", 403), ("cora", 403), ("vic", 403)])
def test_who_has_no_week(who, code, sign_in, cast, stage):
    assert save(sign_in(getattr(cast, who)), {f"{STR}.0": "1"}).status_code == code


def test_nobody_fills_in_where_they_do_not_serve(sign_in, cast, stage):
    assert save(sign_in(cast.eve), {f"{STR}.0": "1"}).status_code == 422
    assert standing(stage) == []


@pytest.mark.parametrize("name", ["c.1.XXX.0.billable.0", "c.0.-.0.billable.0", "c.1.STR.0.rest.3"])
def test_what_no_page_wrote_is_said_and_not_guessed(name, sign_in, cast, stage):
    answer = sign_in(cast.ben).send(f"/time/grid?day={MONDAY}", **{name: "1", f"c.{STR}.1": "1"})
    assert answer.status_code == 422
    assert "could not be read" in answer.text
    assert standing(stage) == [(STR, 1, 60)]


HOURS = st.sampled_from(["", "0:15", "1", "2.5", "6:30", "0.2d", "23", "what", "-1", "25", "0"])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    presses=st.lists(
        st.dictionaries(st.tuples(st.sampled_from([STR, SEC, INTERNAL]), st.integers(0, 2)), HOURS), max_size=3
    )
)
def test_saves_conserve_minutes(presses, sign_in, cast, stage):
    """After any saves each cell holds what was last typed there and accepted; a day never holds more than 24 hours."""
    stage.query(TimeEntry).delete()
    stage.commit()
    ben, expected = sign_in(cast.ben), {}
    for typed in presses:
        page = ben.get(f"/time/grid?day={MONDAY}").text
        answer = save(ben, {f"{row}.{n}": text for (row, n), text in typed.items()}, **seen(page))
        refused = (
            set(re.findall(r'name="c\.([^"]+)"[^>]*aria-invalid', answer.text)) if answer.status_code == 422 else set()
        )
        for (row, n), text in typed.items():
            if f"{row}.{n}" not in refused:
                expected[row, n] = {"": 0, "0:15": 15, "1": 60, "2.5": 150, "6:30": 390, "0.2d": 90, "23": 1380}[text]
    found = {(row, n): minutes for row, n, minutes in standing(stage)}
    assert found == {at: minutes for at, minutes in expected.items() if minutes}
    for n in range(3):
        assert sum(minutes for (_, day), minutes in found.items() if day == n) <= 1440
