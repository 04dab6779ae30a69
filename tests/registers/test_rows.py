"""Rows of a register as people live with them: who writes, who reads, what is refused, what a clash shows."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.areas.stakeholders.models import Stakeholder
from crm.areas.strategy.models import Objective
from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.twelve import Area
from crm.registers.models import RegisterEntry
from tests.cast import TODAY

LIST = "/clients/1/areas/strategy/objectives/"
GOAL = {
    "title": "Quotes out the same day", "mission_link": "Answers as fast as the doors last", "owner_party": "contact-1",
    "owner_name": "", "measure": "Quotes sent by six, in %", "target": "95", "current": "80.5", "due": str(TODAY + timedelta(90)),
    "status": "at_risk",
}  # fmt: skip


@pytest.fixture
def goal(cast, stage):
    stage.add(Objective(id=1, client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title="Fewer lost orders",
                        mission_link="x", owner_name="A supplier"))  # fmt: skip
    stage.commit()

    def read():
        stage.expire_all()
        return stage.get(Objective, 1)

    return read


def test_a_goal_is_written_down(sign_in, cast, stage):
    sign_in(cast.tess).send(f"{LIST}new", **GOAL)
    row = stage.scalars(select(Objective)).one()
    assert (row.title, row.owner_contact_id, row.owner_person_id, row.owner_name) == (
        "Quotes out the same day",
        1,
        None,
        "",
    )
    assert (str(row.target), str(row.current), row.due, row.status) == ("95", "80.5", TODAY + timedelta(90), "at_risk")
    assert (row.made_by_id, row.visibility, row.source) == (5, "team", "manual")


@pytest.mark.parametrize(
    ("but", "sentence"),
    [({"title": ""}, "Write the goal in a few words"), ({"mission_link": ""}, "Say how it serves the client’s mission"),
     ({"owner_party": ""}, "Choose an owner, or write a name"), ({"owner_name": "Ed"}, "Choose an owner or write a name, not both"),
     ({"owner_party": "contact-3"}, "Choose one of the list"), ({"owner_party": "person-4"}, "Choose one of the list"),
     ({"target": "many"}, "96.5 or -3"), ({"due": "soon"}, "2026"), ({"status": "done"}, "Choose one of the list")],
)  # fmt: skip
def test_a_wrong_answer_is_said_and_what_was_typed_stays(but, sentence, sign_in, cast, stage, words):
    answer = sign_in(cast.ben).send(f"{LIST}new", **(GOAL | but))
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert "Quotes sent by six, in %" in answer.get_data(as_text=True)
    assert stage.scalars(select(Objective)).all() == []


WHO = (("ben", 303), ("ada", 303), ("eve", 404), ("finn", 404), ("cora", 403), ("vic", 403), ("uma", 403), ("abe", 403))


def test_who_may_write(sign_in, cast, goal, stage):
    for name, status in WHO:
        browser = sign_in(getattr(cast, name))
        assert browser.send(f"{LIST}new", **GOAL).status_code == status, name
        assert browser.send(f"{LIST}1", version=goal().version, **(GOAL | {"title": name})).status_code == status, name
        if status != 303:
            for step in ("archive", "restoration", "sharing", "return"):
                assert browser.send(f"{LIST}1/{step}", version=goal().version).status_code == status, (name, step)
    assert goal().title == "ada"


def test_after_the_team_is_over_one_reads_and_writes_no_more(sign_in, cast, goal, stage):
    for part in cast.north.assignments:
        part.ends = TODAY - timedelta(3)
    stage.commit()
    ben = sign_in(cast.ben)
    assert ben.get(LIST).status_code == 200
    assert ben.get(f"{LIST}1").status_code == 200
    assert ben.get(f"{LIST}new").status_code == 403
    assert ben.send(f"{LIST}new", **GOAL).status_code == 403
    assert ben.send(f"{LIST}1/archive", version=goal().version).status_code == 403


def test_pressing_twice_adds_one(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    first, second = (ben.send(f"{LIST}new", once="k", **GOAL) for _ in range(2))
    assert (second.status_code, second.location) == (303, first.location)
    assert len(stage.scalars(select(Objective)).all()) == 1


def test_both_texts_when_somebody_was_faster(sign_in, cast, goal, words):
    opened = goal().version
    sign_in(cast.tess).send(f"{LIST}1", version=opened, **(GOAL | {"title": "Theirs"}))
    answer = sign_in(cast.ben).send(f"{LIST}1", version=opened, **(GOAL | {"title": "Mine"}))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Now it says: <b>Theirs</b>" in page, 'value="Mine"' in page) == (409, True, True)
    assert goal().title == "Theirs"


@pytest.mark.parametrize(
    ("first", "step", "sentence"),
    [("archive", "archive", "This row is archived"), ("", "restoration", "This row is in use already"),
     ("sharing", "sharing", "The client reads this row already"), ("", "return", "Only the team reads this row"),
     ("archive", "sharing", "This row is archived")],
)  # fmt: skip
def test_at_the_wrong_time(first, step, sentence, sign_in, cast, goal, words):
    ben = sign_in(cast.ben)
    if first:
        ben.send(f"{LIST}1/{first}", version=goal().version)
    answer = ben.send(f"{LIST}1/{step}", version=goal().version)
    assert (answer.status_code, sentence in words(answer)) == (409, True)


def test_an_archived_row_is_read_and_not_changed(sign_in, cast, goal, words):
    ben = sign_in(cast.ben)
    ben.send(f"{LIST}1/archive", version=goal().version)
    assert "Fewer lost orders" not in words(ben.get(LIST))
    assert "Fewer lost orders" in words(ben.get(f"{LIST}?kept=archived"))
    page = ben.get(f"{LIST}1").get_data(as_text=True)
    assert ("Fewer lost orders" in page, 'name="title"' in page) == (True, False)
    assert ben.send(f"{LIST}1", version=goal().version, **GOAL).status_code == 409


def test_the_clients_people_read_what_is_shared(cast, goal, see, sign_in):
    def seen(who):
        with see(who) as session:
            return len(session.scalars(select(RegisterEntry)).all())

    assert (seen(cast.ben), seen(cast.cora), seen(cast.vic), seen(cast.uma), seen(cast.eve)) == (1, 0, 0, 0, 0)
    sign_in(cast.ben).send(f"{LIST}1/sharing", version=goal().version)
    assert (seen(cast.cora), seen(cast.uma)) == (1, 0)
    sign_in(cast.ben).send(f"{LIST}1/return", version=goal().version)
    assert seen(cast.cora) == 0


def test_the_list_is_searched_filtered_sorted_and_exported(sign_in, cast, goal, stage, words):
    ben = sign_in(cast.ben)
    ben.send(f"{LIST}new", **GOAL)
    assert "Fewer lost orders" not in words(ben.get(f"{LIST}?q=quotes"))
    assert "Quotes out the same day" not in words(ben.get(f"{LIST}?status=on_track"))
    both = words(ben.get(f"{LIST}?sort=-title"))
    assert both.index("Quotes out") < both.index("Fewer lost")
    assert "Nothing matches" in words(ben.get(f"{LIST}?q=zebra"))
    csv = ben.get(f"{LIST}rows.csv?q=quotes").get_data(as_text=True).splitlines()
    assert len(csv) == 2
    assert "Quotes out the same day" in csv[1]
    assert str(TODAY + timedelta(90)) in csv[1]


def test_its_history_says_who_and_what(sign_in, cast, goal, stage, words):
    ben = sign_in(cast.ben)
    ben.send(f"{LIST}1", version=goal().version, **GOAL)
    ben.send(f"{LIST}1/sharing", version=goal().version)
    verbs = stage.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == 1).order_by(AuditEntry.id)).all()
    assert verbs[-2:] == ["register.revise", "register.share"]
    page = words(ben.get(f"{LIST}1"))
    assert "Objective: Fewer lost orders, now Quotes out the same day" in page
    assert "Ben shared" in page


def test_rows_cost_no_statements(sign_in, cast, goal, stage, statements):
    ben = sign_in(cast.ben)
    ben.get(LIST)
    with statements() as few:
        ben.get(LIST)
    for n in range(2, 40):
        stage.add(Objective(id=n, client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title=f"Goal {n}",
                            mission_link="x", owner_contact_id=1 + n % 2))  # fmt: skip
    stage.commit()
    with statements() as many:
        ben.get(LIST)
    assert len(few) == len(many) <= 12
    with statements() as writing:
        ben.send(f"{LIST}new", **GOAL)
    assert len([one for one in writing if not one.lstrip().upper().startswith("SELECT")]) <= 8


def test_figures_of_a_list_stand_under_each_other(sign_in, cast):
    pair = {"mentee_id": "1", "mentor_id": "2", "goal": "Speak to the board", "competency": "business",
            "status": "active", "sessions_planned": "12"}  # fmt: skip
    ben = sign_in(cast.ben)
    assert ben.send("/clients/1/areas/talent/mentoring/new", **pair).status_code == 303
    text = ben.get("/clients/1/areas/talent/mentoring/").text
    assert '<td data-label="Planned" class="num">12</td>' in text
    assert re.search(r'<th scope="col" class="num"[^>]*>(<a [^>]*>)?Planned', text), "and so does their heading"


def test_a_row_of_a_starter_set_waits_to_be_confirmed(sign_in, cast, goal, stage, words):
    """It says so, is found by a filter, is shared only after, and looking at it or changing it confirms it."""
    ben = sign_in(cast.ben)
    assert "Fewer lost orders" not in words(ben.get(f"{LIST}?sure=yes"))
    for confirmed_by in ("confirmation", ""):
        goal().to_be_confirmed = True
        stage.commit()
        assert "To be confirmed" in words(ben.get(f"{LIST}1"))
        assert "Fewer lost orders" in words(ben.get(f"{LIST}?sure=yes"))
        shared = ben.send(f"{LIST}1/sharing", version=goal().version)
        assert (shared.status_code, "Confirm this row first" in words(shared)) == (409, True)
        fields = {} if confirmed_by else GOAL | {"title": "Fewer lost orders"}
        assert ben.send(f"{LIST}1/{confirmed_by}".rstrip("/"), version=goal().version, **fields).status_code == 303
        assert (goal().to_be_confirmed, goal().changed_by_id) == (False, 2)
    assert ben.send(f"{LIST}1/confirmation", version=goal().version).status_code == 409
    assert ben.send(f"{LIST}1/sharing", version=goal().version).status_code == 303


def test_a_contact_is_one_stakeholder(sign_in, cast, stage, words):
    """A second row is refused beside the field, also by changing, restoring or importing one."""
    ben, here = sign_in(cast.ben), "/clients/1/areas/stakeholders/stakeholders/"
    said = {"contact_id": "1", "department": "executive", "influence": "5", "stance": "champion"}
    ben.send(f"{here}new", **said)
    again = ben.send(f"{here}new", **said)
    assert (again.status_code, "They stand in this list already" in words(again)) == (422, True)
    ben.send(f"{here}new", **said | {"contact_id": "2"})
    one, two = stage.scalars(select(Stakeholder).order_by(Stakeholder.id)).all()
    assert ben.send(f"{here}{two.id}", version=two.version, **said).status_code == 422
    assert ben.send(f"{here}{one.id}", version=one.version, **said).status_code == 303, "itself is no other"
    stage.expire_all()
    ben.send(f"{here}{one.id}/archive", version=one.version)
    assert ben.send(f"{here}new", **said).status_code == 303
    stage.expire_all()
    assert ben.send(f"{here}{one.id}/restoration", version=one.version).status_code == 409
    sheet = b"Who,Department,Influence,Stance\nCora,Executive,5,Champion\n"
    at = ben.send(f"{here}import", file=(io.BytesIO(sheet), "rows.csv")).location
    nothing = ben.send(f"{at}/taking", version="1")
    assert (nothing.status_code, "nothing new" in words(nothing)) == (409, True)
