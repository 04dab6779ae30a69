"""The roadmap: what stands in which quarter, what it is worth, and moving it without touching what was agreed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.areas.strategy.models import Initiative
from crm.areas.strategy.roadmap import Roadmap
from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.calendar import quarter_after, quarter_end, quarter_of, quarters_between
from crm.core.errors import Refused
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.core.words import quarter
from crm.engagements.people import Assignment
from tests.cast import TODAY

ROAD = "/clients/1/areas/strategy/initiatives/roadmap"
ON = date(2026, 11, 22)
DAY = timedelta(1)


def initiative(title="One quote path", status="active", **more):
    row = Initiative(title=title, status=status, departments=more.pop("departments", ["sales"]), **more)
    row.derive()
    return row


def test_quarters():
    assert [quarter_of(date(2026, month, 9)).month for month in (1, 3, 4, 9, 12)] == [1, 1, 4, 7, 10]
    assert quarter_after(ON) == date(2027, 1, 1)
    assert quarter_end(ON) == date(2026, 12, 31)
    assert quarter(ON) == "Q4 2026"
    assert quarters_between(ON, date(2027, 7, 1)) == 3
    assert quarters_between(ON, date(2026, 9, 30)) == -1


def test_bars_stand_where_the_days_are():
    """Two years from half a year ago at most; what lies beyond stands at the edge."""
    road = Roadmap(
        [
            initiative(start=date(2026, 2, 1), due=date(2026, 12, 15), baseline_due=date(2026, 9, 30)),
            initiative(due=date(2027, 3, 1), baseline_due=date(2027, 1, 1)),
            initiative(due=date(2030, 1, 1)),
            initiative(due=None),
            initiative(status="done", due=date(2020, 1, 1)),
        ],
        ON,
    )
    assert [quarter(one) for one in road.quarters[:3]] == ["Q2 2026", "Q3 2026", "Q4 2026"]
    assert [(bar.first, bar.span, bar.agreed) for bar in road.bars] == [(1, 3, 2), (4, 1, None), (8, 1, None)]
    assert road.goes_on
    assert [(lane.quarter and quarter(lane.quarter), len(lane.rows)) for lane in road.lanes] == [
        ("Q4 2026", 1), ("Q1 2027", 1), ("Q1 2030", 1), (None, 1),
    ]  # fmt: skip


def test_what_is_live_and_what_it_is_worth():
    """F16 counts the approved and the active."""
    road = Roadmap(
        [
            initiative(annual_value=100, departments=["sales", "finance"], people_change="x", technology_change="x"),
            initiative(status="approved", annual_value=50, technology_change="x", baseline_due=ON - DAY),
            initiative(status="paused", annual_value=7, baseline_due=ON - DAY),
            initiative(status="idea", annual_value=7),
        ],
        ON,
    )
    assert (road.value, road.cross_share, road.technology_share, len(road.late)) == (150, 50, 50, 1)
    assert Roadmap([initiative(status="idea")], ON).cross_share is None


def test_moving_leaves_what_was_agreed():
    row = initiative(due=date(2026, 12, 15), baseline_due=date(2026, 12, 1), start=date(2026, 11, 1))
    row.move_to(date(2027, 1, 1))
    assert (row.due, row.baseline_due) == (date(2027, 3, 31), date(2026, 12, 1))
    for chosen, said in ((date(2027, 1, 1), "due in Q1 2027 already"), (date(2026, 7, 1), "begins on")):
        with pytest.raises(Refused, match=said):
            row.move_to(chosen)
    with pytest.raises(Refused, match="done or stopped"):
        initiative(status="done").move_to(date(2027, 1, 1))


@pytest.fixture
def one(cast, stage):
    """One of Northwind, due and agreed for today."""
    row = Initiative(id=1, client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title="One quote path", status="active",
                     departments=["sales"], due=TODAY, baseline_due=TODAY, annual_value=4_200_000, one_off_cost=1_400_000)  # fmt: skip
    stage.add(row)
    stage.commit()
    return row


NEXT = quarter_after(TODAY)
MOVE = "/clients/1/areas/strategy/initiatives/1/quarter"


def test_moved_by_a_field(one, sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    assert ben.send(MOVE, quarter=NEXT.isoformat()).headers["Location"] == f"{ROAD}#initiative-1"
    assert f"One quote path: due on {quarter_end(NEXT).day} " in words(ben.get(ROAD))
    stage.expire_all()
    assert (one.due, one.baseline_due, one.changed_by_id) == (quarter_end(NEXT), TODAY, 2)
    told = stage.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (told.verb, told.subject_id, told.person_id) == ("initiative.move", 1, 2)
    assert "Due now" in words(ben.get("/clients/1/areas/strategy/initiatives/1"))


def test_pressed_twice_it_moves_once(one, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    told = [ben.send(MOVE, quarter=NEXT.isoformat(), once="same").headers["Location"] for _ in range(2)]
    assert told[0] == told[1] == f"{ROAD}#initiative-1"
    assert len(stage.scalars(select(AuditEntry).where(AuditEntry.verb == "initiative.move")).all()) == 1


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [({"quarter": ""}, 422, "Choose the quarter"), ({"quarter": "2019-01-01"}, 422, "Choose one of the list"),
     ({"quarter": quarter_of(TODAY).isoformat()}, 422, "already: choose another"),
     ({"quarter": NEXT.isoformat(), "version": "9"}, 409, "changed")],
)  # fmt: skip
def test_what_is_refused_is_said_beside_its_row(sent, status, said, one, sign_in, cast, stage, words):
    answer = sign_in(cast.ben).send(MOVE, **sent)
    assert (answer.status_code, said in words(answer)) == (status, True)
    stage.expire_all()
    assert one.due == TODAY


def test_what_is_over_is_not_moved(one, sign_in, cast, stage, words):
    one.status = "done"
    stage.commit()
    answer = sign_in(cast.ben).send(MOVE, quarter=NEXT.isoformat(), version=one.version)
    assert (answer.status_code, "done or stopped" in words(answer)) == (409, True)
    page = words(sign_in(cast.ben).get(ROAD))
    assert "Done and stopped: 1 initiative" in page
    assert "Nothing is planned for Northwind." in page


def test_of_one_client_for_whom_one_sees(one, sign_in, cast, stage):
    one.visibility = Visibility.CLIENT
    stage.commit()
    seen = {name: sign_in(getattr(cast, name)).get(ROAD).status_code for name in ("ada", "tess", "finn", "cora", "abe")}
    assert seen == {"ada": 200, "tess": 200, "finn": 404, "cora": 403, "abe": 403}


def test_whoever_only_reads_moves_nothing(one, sign_in, cast, stage, words):
    """An assignment that ended yesterday is for reading, thirty days."""
    for part in stage.scalars(select(Assignment).where(Assignment.person_id == 2)):
        part.ends = TODAY - DAY
    stage.commit()
    ben = sign_in(cast.ben)
    page = words(ben.get(ROAD))
    assert "One quote path" in page
    assert "Move to" not in page
    assert "Add initiative" not in page
    assert ben.send(MOVE, quarter=NEXT.isoformat()).status_code == 403


def test_few_statements_to_move(one, sign_in, cast, statements):
    ben = sign_in(cast.ben)
    ben.get(ROAD)
    with statements() as seen:
        ben.send(MOVE, quarter=NEXT.isoformat())
    assert len(seen) <= 8


def test_as_a_spreadsheet(one, sign_in, cast):
    lines = sign_in(cast.ben).get(f"{ROAD}.csv").get_data(as_text=True).splitlines()
    assert lines[1].startswith(f"{quarter(TODAY)},One quote path,Active,")
    assert ",42000,14000,4," in lines[1]
