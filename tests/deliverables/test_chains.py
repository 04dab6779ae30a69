"""What waits for what: no circle, and which dates are in danger because of which."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.areas.across.models import Decision
from crm.core import clock
from crm.core.twelve import Area
from crm.deliverables.chains.graph import Graph, Thing, reaches, work_left
from crm.deliverables.chains.models import Wait
from crm.deliverables.states import State
from tests import cast as people
from tests.cast import TODAY
from tests.html import faults

MONDAY = date(2026, 11, 23)


def paper(number, due, work=0, state=State.PLANNED, **more):
    return Thing(
        ("deliverable", number), f"P{number}", due, state=state, code=f"DEL-{number:03}", work=Decimal(work), **more
    )


def graph(*links):
    made = Graph(MONDAY, "GB-ENG")
    for waiting, awaited in links:
        made.link(waiting, awaited)
    return made


@pytest.mark.engine_free
class TestDates:
    def test_what_comes_in_time_puts_nothing_in_danger(self):
        one, two = paper(1, date(2026, 12, 4), 3), paper(2, date(2026, 11, 27))
        assert graph((one, two)).dangers() == []

    def test_the_work_left_must_fit_after_it(self):
        """Friday 27 November and three days of work: Wednesday 2 December."""
        one, two = paper(1, date(2026, 12, 1), 3), paper(2, date(2026, 11, 27))
        (danger,) = graph((one, two)).dangers()
        assert (danger.earliest, danger.days) == (date(2026, 12, 2), 1)
        assert danger.sentence(MONDAY) == (
            "Due 1 December 2026, but it waits for DEL-002 P2, expected Fri 27 Nov. Wed 2 Dec at the earliest."
        )

    def test_the_danger_goes_up_the_chain_to_its_root(self):
        """A decision six days late holds up P3, P3 holds up P2, P2 holds up P1; P4 waits for nothing late."""
        late = Thing(("decision", 9), "Which supplier?", date(2026, 11, 17))
        three, two = paper(3, date(2026, 11, 24), 2), paper(2, date(2026, 11, 26), Decimal("1.5"))
        one, four = paper(1, date(2026, 11, 30), 1), paper(4, date(2026, 12, 30), 1)
        found = graph((three, late), (two, three), (one, two), (four, one)).dangers()
        assert [(one.thing.code, one.earliest) for one in found] == [
            ("DEL-003", date(2026, 11, 25)), ("DEL-002", date(2026, 11, 27)),
        ]  # fmt: skip
        assert found[1].why(MONDAY) == "DEL-003 P3, which waits for the decision “Which supplier?”, 6 days late"

    def test_what_is_done_or_with_the_client_holds_nobody_up(self):
        done = paper(2, date(2026, 12, 24), state=State.ACCEPTED, is_done=True)
        assert graph((paper(1, MONDAY, 3), done)).dangers() == []
        assert graph((paper(1, MONDAY, state=State.SUBMITTED), paper(2, date(2026, 12, 24)))).dangers() == []

    def test_the_work_left(self):
        assert work_left(State.PLANNED, Decimal(3), None) == 3
        assert work_left(State.IN_PROGRESS, Decimal(3), Decimal(2)) == 2
        assert work_left(State.IN_PROGRESS, Decimal(3), None) == Decimal("0.3")
        assert work_left(State.READY, Decimal(3), Decimal(2)) == 0

    def test_a_circle_is_found(self):
        assert reaches({1: [2], 2: [3]}, 1, 3)
        assert not reaches({1: [2], 2: [3]}, 3, 1)
        assert reaches({1: [2], 2: [1]}, 1, 1)


def chain(owed, more=""):
    return f"/deliverables/{owed.id}/chain{more}"


def test_a_chain_is_made_and_shown_everywhere(sign_in, cast, owe, stage):
    late = TODAY - timedelta(4)
    root = owe(State.PLANNED, title="Data map", due=late, baseline_due=late)
    middle = owe(State.PLANNED, title="Exit plan", due=TODAY + timedelta(1))
    top = owe(State.PLANNED, title="Board paper", due=TODAY + timedelta(3))
    free = owe(State.PLANNED, title="Phone plan")
    ben = sign_in(cast.ben)
    for one, other in ((middle, root), (top, middle)):
        assert ben.send(chain(one, "/deliverable"), version=one.version, on_id=str(other.id)).status_code == 303
    page = ben.get(chain(top)).text
    assert "Data map" in page.split("What it waits for")[1].split("What waits for it")[0]
    assert "Its date is in danger" in page
    assert faults(page) == []
    assert "Board paper" in ben.get(chain(root)).text.split("What waits for it")[1]
    shown = ben.get(f"/deliverables/{top.id}").text
    assert f"which waits for {root.code} Data map, 4 days late" in shown
    assert faults(shown) == []
    listed = ben.get("/deliverables?held=up").text
    assert [f">{one.title}<" in listed for one in (root, middle, top, free)] == [False, True, True, False]
    tab = ben.get("/engagements/1/deliverables").text
    assert "2 deliverables held up" in tab
    assert faults(tab) == []
    root = stage.get(type(root), root.id)
    root.state, root.accepted_on = State.ACCEPTED, TODAY
    stage.commit()
    assert "in danger" not in ben.get(f"/deliverables/{middle.id}").text


def test_nothing_comes_to_wait_for_itself(sign_in, cast, owe, stage):
    one, two, three = (owe(State.PLANNED, title=f"Paper {n}") for n in range(3))
    ben = sign_in(cast.ben)
    for waiting, awaited, status in ((one, two, 303), (two, three, 303), (three, one, 422), (one, one, 422)):
        answer = ben.send(chain(waiting, "/deliverable"), version=waiting.version, on_id=str(awaited.id))
        assert answer.status_code == status, answer.text
    assert len(stage.scalars(select(Wait)).all()) == 2


def test_two_at_once_do_not_tie_a_knot(app, cast, owe, stage):
    """Each way alone is allowed; both together never, whoever is faster."""
    for _ in range(3):
        one, two = (owe(State.PLANNED, title=f"Paper {n}") for n in range(2))
        pairs = [(one, two), (two, one)]

        def press(pair):
            ben = people.browser_of(app, cast.ben)
            return ben.send(chain(pair[0], "/deliverable"), version=1, on_id=str(pair[1].id)).status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(press, pairs)) == [303, 422]


def test_a_decision_and_what_the_client_sends(sign_in, cast, owe, stage):
    asked = Decision(area=Area.VEN, question="Which supplier?", options=["A", "B"], needed_by=TODAY - timedelta(2),
                     client_id=1, owner_contact_id=1, made_at=clock.now(), changed_at=clock.now())  # fmt: skip
    stage.add(asked)
    stage.commit()
    owed, ben = owe(State.PLANNED, due=TODAY + timedelta(1)), sign_in(cast.ben)
    assert ben.send(chain(owed, "/decision"), version=owed.version, decision_id=str(asked.id)).status_code == 303
    wanted = {"what": "Last year's invoices", "needed_by": (TODAY - timedelta(5)).isoformat(), "contact_id": "2"}
    assert ben.send(chain(owed, "/input"), version=owed.version, **wanted | {"needed_by": "soon"}).status_code == 422
    assert ben.send(chain(owed, "/input"), version=owed.version, **wanted).status_code == 303
    page = ben.get(chain(owed)).text
    assert "Which supplier?" in page
    assert "5 days late" in page
    assert "from Vic" in page
    wait = stage.scalars(select(Wait).where(Wait.needed_by.is_not(None))).one()
    assert ben.send(chain(owed, f"/{wait.id}/received"), version=owed.version).status_code == 303
    assert ben.send(chain(owed, f"/{wait.id}/received"), version=owed.version).status_code == 409
    key = "the-same-press"
    for _ in range(2):
        assert ben.send(chain(owed, f"/{wait.id}/end"), once=key, version=owed.version).status_code == 303
    assert ben.send(chain(owed, f"/{wait.id}/end"), version=owed.version).status_code == 404
    assert sign_in(cast.cora).get(chain(owed)).status_code == 403


def test_another_clients_thing_is_not_waited_for(sign_in, cast, owe, stage):
    ours, theirs = owe(State.PLANNED), owe(State.PLANNED, on=cast.umbra, owner="finn")
    assert sign_in(cast.ada).send(chain(ours, "/deliverable"), version=1, on_id=str(theirs.id)).status_code == 422


def test_a_long_chain_costs_what_a_short_one_does(sign_in, cast, owe, stage, statements):
    ben, counts, papers = sign_in(cast.ben), [], [owe(State.PLANNED)]
    for number in (1, 15):
        for n in range(number):
            papers.append(owe(State.PLANNED, title=f"Paper {n}"))
            stage.add(Wait(deliverable_id=papers[-1].id, on_id=papers[-2].id, client_id=1, engagement_id=1))
        stage.commit()
        for url in (
            chain(papers[-1]),
            f"/deliverables/{papers[-1].id}",
            "/deliverables?held=up",
            "/engagements/1/deliverables",
        ):
            with statements() as seen:
                assert ben.get(url).status_code == 200
            counts.append(len(seen))
    assert counts[:4] == counts[4:], counts
    assert max(counts) <= 12, counts
