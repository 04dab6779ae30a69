"""Several entries changed at once: chosen, looked at, then done, with the rules of a single one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.calendar import month_of
from crm.core.twelve import Area
from crm.people.models import Period, PeriodState
from crm.timelog.bulk import shift
from crm.timelog.models import TimeEntry, TimeKind
from tests import cast as people
from tests.cast import TODAY

DAY = timedelta(1)
CHANGE = "/time/mine/change"


@pytest.fixture
def three(cast, stage):
    """Three entries of Ben's: two days ago, yesterday, and practice time."""
    northwind = {"client_id": 1, "engagement_id": 1, "area": Area.STR, "client_note": "Board call"}
    stage.add_all(
        [
            TimeEntry(id=1, person_id=2, worked_on=TODAY - 2 * DAY, minutes=60, logged_at=clock.now(), **northwind),
            TimeEntry(id=2, person_id=2, worked_on=TODAY - DAY, minutes=90, logged_at=clock.now(), **northwind),
            TimeEntry(
                id=3, person_id=2, worked_on=TODAY - DAY, minutes=30, logged_at=clock.now(), kind=TimeKind.INTERNAL
            ),
            TimeEntry(id=4, person_id=5, worked_on=TODAY - DAY, minutes=30, logged_at=clock.now(), **northwind),
        ]
    )
    stage.commit()


def entries(stage):
    stage.expire_all()
    return {one.id: one for one in stage.scalars(select(TimeEntry).order_by(TimeEntry.id))}


def test_the_list_is_ones_own_and_searched_in_sql(three, sign_in, cast):
    page = sign_in(cast.ben).get("/time/mine?q=board&work=1").text
    assert "2 entries like that" in page
    assert 'value="4-1"' not in page


def test_the_list_and_its_file_cost_the_same_with_many_entries(three, sign_in, cast, stage, statements):
    ben, numbers = sign_in(cast.ben), []
    for days in (0, 40):
        stage.add_all(
            TimeEntry(person_id=2, worked_on=TODAY - (3 + n) * DAY, minutes=30, logged_at=clock.now(), client_id=1, engagement_id=1, area=Area.VEN)
            for n in range(days)
        )  # fmt: skip
        stage.commit()
        for address in ("/time/mine", "/time/mine/list.csv"):
            with statements() as asked:
                assert ben.get(address).status_code == 200
            numbers.append(len(asked))
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 12


def test_the_preview_says_what_would_change_and_writes_nothing(three, sign_in, cast, stage, statements):
    with statements() as asked:
        page = sign_in(cast.ben).get(f"{CHANGE}?entry=1-1&entry=2-1&entry=4-1&shift=2&what=1.SEC.0.billable").text
    assert len(asked) <= 12
    assert "1 entry would change, 1 is refused" in " ".join(page.split())
    assert "That day is still to come" in page
    assert {one.area for one in entries(stage).values() if one.area} == {Area.STR}


def test_what_is_right_is_changed_together_and_told_one_by_one(three, sign_in, cast, stage, statements):
    fields = {"seen": "1-1,2-1,4-1", "what": "1.SEC.0.billable", "kind": "goodwill", "client_note": "Review"}
    with statements() as written:
        answer = sign_in(cast.ben).send(CHANGE, once="k", **fields)
    assert (answer.status_code, answer.location) == (303, "/time/mine?changed=2")
    assert len(written) <= 9
    found = entries(stage)
    assert [(found[n].area, found[n].kind, found[n].client_note, found[n].version) for n in (1, 2)] == [
        (Area.SEC, TimeKind.GOODWILL, "Review", 2)
    ] * 2
    assert found[4].area is Area.STR
    assert [(one.verb, one.subject_id) for one in stage.scalars(select(AuditEntry).order_by(AuditEntry.subject_id))] == [
        ("time.revise", 1), ("time.revise", 2)
    ]  # fmt: skip
    again = sign_in(cast.ben).send(CHANGE, once="k", **fields)
    assert again.location == answer.location
    assert entries(stage)[1].version == 2


def test_an_entry_that_moves_to_another_client_is_deleted_and_logged_anew(three, sign_in, cast, stage):
    stage.add(people.assignment(cast.umbra, cast.persons.ben, "specialist"))
    stage.commit()
    assert sign_in(cast.ben).send(CHANGE, seen="1-1", what="2.VEN.0.billable").status_code == 303
    found = entries(stage)
    assert found[1].voided_at
    assert [(one.client_id, one.area, one.minutes) for one in found.values() if one.client_id == 2] == [
        (2, Area.VEN, 60)
    ]


def test_what_changed_since_it_was_chosen_is_left_alone(three, sign_in, cast, stage):
    row = stage.get(TimeEntry, 1)
    row.minutes = 120
    stage.commit()
    answer = sign_in(cast.ben).send(CHANGE, seen="1-1", kind="goodwill")
    assert answer.status_code == 409
    assert "It changed since you chose it" in answer.text
    assert entries(stage)[1].kind is TimeKind.BILLABLE


def test_a_locked_month_stays(three, sign_in, cast, stage):
    stage.add(Period(month=month_of(TODAY - DAY), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()
    answer = sign_in(cast.ben).send(CHANGE, seen="2-1", kind="goodwill")
    assert answer.status_code == 409
    assert "is locked" in answer.text


@pytest.mark.parametrize(
    "fields",
    [{"seen": "x", "shift": "1"}, {"seen": "1-1", "what": "9.STR.0.billable"}, {"seen": "1-1", "shift": "soon"}],
)
def test_a_wrong_answer_changes_nothing(fields, three, sign_in, cast, stage):
    assert sign_in(cast.ben).send(CHANGE, **fields).status_code == 422
    assert {one.version for one in entries(stage).values()} == {1}


@pytest.mark.engine_free
@pytest.mark.parametrize(("text", "days"), [("7", 7), ("-7", -7), ("+1", 1), ("0", 0)])
def test_days_later_and_earlier(text, days):
    assert shift(text) == days
