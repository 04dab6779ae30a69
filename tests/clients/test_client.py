"""One client: added and named by partners, kept by whoever serves it, archived when all is finished, never deleted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.clients.models import Activity, Client, ClientNote, Contact, FollowUp, RosterSeat
from crm.core.clock import now
from crm.core.twelve import Area
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.engagements.scopes import AreaScope, Rag
from crm.engagements.states import EngagementState
from tests.cast import TODAY
from tests.html import faults

BRK = {
    "name": "Brackenhill Joinery", "code": "brk", "sector": "joinery", "town": "Hull", "region": "GB-ENG", "headcount": "84",
    "revenue": "31,000,000", "mission": "Doors that close", "cio": "", "it_manager": "Sunita Rao", "has_cto": "yes",
}  # fmt: skip
NORTH = {"name": "Northwind", "code": "NORTH"}


def client(stage, key=1):
    stage.expire_all()
    return stage.get(Client, key)


def entries(stage, verb):
    stage.expire_all()
    return stage.scalars(select(AuditEntry).where(AuditEntry.verb == verb)).all()


# Adding one


def test_a_partner_adds_a_client(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    assert faults(ada.get("/clients/new").text) == []
    answer = ada.send("/clients/new", **BRK)
    made = stage.scalars(select(Client).where(Client.code == "BRK")).one()
    assert (answer.status_code, answer.location) == (303, f"/clients/{made.id}")
    assert (made.name, made.region, made.headcount, made.revenue, made.has_cto, made.confidential) == (
        "Brackenhill Joinery", "GB-ENG", 84, 3_100_000_000, True, False)  # fmt: skip
    assert [(seat.title.value, seat.holder) for seat in stage.scalars(select(RosterSeat))] == [
        ("it_manager", "Sunita Rao")
    ]
    assert [(one.subject_id, one.client_id) for one in entries(stage, "client.add")] == [(made.id, made.id)]
    page = ada.get(answer.location).text
    assert faults(page) == []
    for said in ("BRK", "Joinery, Hull", "84 people, £31m a year", "Nothing runs here now.", "Sunita Rao"):
        assert said in page


@pytest.mark.parametrize("who", ["ben", "tess", "eve", "abe", "cora", "vic"])
def test_nobody_else_adds_one(who, sign_in, cast, stage):
    browser = sign_in(getattr(cast, who))
    assert browser.get("/clients/new").status_code == 403
    assert browser.send("/clients/new", **BRK).status_code == 403
    assert len(stage.scalars(select(Client)).all()) == 2


def test_pressed_twice_it_is_added_once(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    first, again = (ada.send("/clients/new", once="k1", **BRK) for _ in range(2))
    assert (first.status_code, again.status_code, again.location) == (303, 303, first.location)
    assert len(stage.scalars(select(Client).where(Client.code == "BRK")).all()) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Write the client’s name"),
        ({"code": ""}, "Write a code of 2 to 6 letters, like BRK"),
        ({"code": "B"}, "Write 2 to 6 letters, like BRK"),
        ({"code": "TOOLONG"}, "Write 2 to 6 letters, like BRK"),
        ({"code": "B1"}, "Write 2 to 6 letters, like BRK"),
        ({"code": "umbra"}, "UMBRA is another client’s code. Choose one that is free."),
        ({"headcount": "many"}, "Write a whole number from 0 to 10000000, like 12"),
        ({"revenue": "lots"}, "Write a number with at most two decimals"),
        ({"region": "Atlantis"}, "Write a region whose public holidays are known"),
        ({"mission": "x" * 501}, "Write at most 500 characters, this is 501"),
    ],
)
def test_a_wrong_answer_says_what_is_right(typed, said, sign_in, cast, stage):
    answer = sign_in(cast.ada).send("/clients/new", **BRK | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Sunita Rao"' in answer.text  # what was typed stays
    assert faults(answer.text) == []
    assert stage.scalars(select(Client).where(Client.name == "Brackenhill Joinery")).all() == []


# Editing it


@pytest.mark.parametrize(
    ("who", "code"),
    [("ada", 303), ("ben", 303), ("tess", 303), ("finn", 404), ("eve", 404), ("abe", 403), ("cora", 403), ("vic", 403)],
)
def test_who_edits_the_particulars(who, code, sign_in, cast, stage):
    answer = sign_in(getattr(cast, who)).send("/clients/1/edit", **NORTH | {"town": "Hull"})
    assert answer.status_code == code
    assert client(stage).town == ("Hull" if code == 303 else "")
    assert len(entries(stage, "client.revise")) == (1 if code == 303 else 0)


def test_a_consultant_changes_neither_code_nor_confidentiality(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    form = ben.get("/clients/1/edit").text
    assert 'name="code"' not in form
    assert 'name="confidential"' not in form
    ben.send("/clients/1/edit", name="Northwind Ltd", code="OTHER", confidential="yes")
    assert (client(stage).name, client(stage).code, client(stage).confidential) == ("Northwind Ltd", "NORTH", False)
    sign_in(cast.ada).send("/clients/1/edit", version=2, name="Northwind", code="NW", confidential="yes")
    assert (client(stage).code, client(stage).confidential) == ("NW", True)


def test_after_the_assignment_one_reads_only(sign_in, cast, stage):
    for one in stage.scalars(select(Assignment).where(Assignment.person_id == 2)):
        one.ends = TODAY - timedelta(5)
    stage.commit()
    ben = sign_in(cast.ben)
    page = ben.get("/clients/1")
    assert page.status_code == 200
    assert "/clients/1/edit" not in page.text
    assert ben.get("/clients/1/edit").status_code == 403
    assert ben.send("/clients/1/edit", name="Mine").status_code == 403


def test_the_history_says_what_was_changed(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    ada.send("/clients/1/edit", **NORTH | {"town": "Hull", "revenue": "8200000", "cio": "Imogen Hart"})
    ada.send("/clients/1/edit", version=2, **NORTH | {"town": "Hull", "revenue": "8200000"})
    page = ada.get("/clients/1/history").text
    for said in ("Town: nothing, now Hull", "Revenue a year: nothing, now 8200000", "CIO: nobody, now Imogen Hart",
                 "CIO: Imogen Hart, now nobody"):  # fmt: skip
        assert said in page
    assert faults(page) == []
    assert stage.scalars(select(RosterSeat)).all() == []


def test_two_editors_see_both_texts(sign_in, cast, stage):
    ada, ben = sign_in(cast.ada), sign_in(cast.ben)
    assert 'name="version" value="1"' in ben.get("/clients/1/edit").text
    ada.send("/clients/1/edit", **NORTH | {"town": "Hull", "it_lead": "Sunita", "viewers_see_registers": "yes"})
    clash = ben.send("/clients/1/edit", name="Northwind", town="Leeds", it_lead="Raj")
    assert clash.status_code == 409
    assert faults(clash.text) == []
    for said in ("Somebody changed this", "Now it says: <b>Hull</b>", 'value="Leeds"', "Now it says: <b>Sunita</b>", 'value="Raj"',
                 "Now it says: <b>yes</b>"):  # fmt: skip
        assert said in clash.text
    assert client(stage).town == "Hull"
    assert 'name="version" value="2"' in clash.text
    assert ben.send("/clients/1/edit", version=2, name="Northwind", town="Leeds").status_code == 303
    assert client(stage).town == "Leeds"


def test_who_holds_a_title_is_a_change_of_the_client_too(sign_in, cast, stage):
    """Two who name another IT lead at once: the second is told."""
    ada, ben = sign_in(cast.ada), sign_in(cast.ben)
    ada.send("/clients/1/edit", **NORTH | {"it_lead": "Sunita"})
    assert ben.send("/clients/1/edit", name="Northwind", it_lead="Raj").status_code == 409
    assert stage.scalars(select(RosterSeat.holder)).all() == ["Sunita"]


# What we should know


def test_the_note_is_kept_and_its_past_too(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    assert faults(ben.get("/clients/1/note").text) == []
    assert ben.send("/clients/1/note", body="They grow.\n\nMartin signs.").location == "/clients/1"
    assert sign_in(cast.tess).send("/clients/1/note", version=2, body="They shrink.").status_code == 409  # it is at 1
    assert sign_in(cast.tess).send("/clients/1/note", body="They shrink.").status_code == 303
    note = stage.scalars(select(ClientNote)).one()
    assert (note.body, note.person_id) == ("They shrink.", 5)
    assert "They grow." in ben.get("/clients/1/history").text
    page = ben.get("/clients/1").text
    assert "They shrink." in page
    assert f"Written by Tess, {TODAY.day}" in page


@pytest.mark.parametrize(
    ("who", "typed", "code"),
    [("ben", "", 422), ("finn", "x", 404), ("eve", "x", 404), ("abe", "x", 403), ("cora", "x", 403)],
)
def test_the_note_is_refused(who, typed, code, sign_in, cast, stage):
    assert sign_in(getattr(cast, who)).send("/clients/1/note", body=typed).status_code == code
    assert stage.scalars(select(ClientNote)).all() == []


def test_a_stale_note_shows_both(sign_in, cast, stage):
    ada, ben = sign_in(cast.ada), sign_in(cast.ben)
    for browser in (ada, ben):
        browser.send("/clients/1/note", body="First")
    ada.send("/clients/1/note", version=2, body="By Ada")
    clash = ben.send("/clients/1/note", version=2, body="By Ben")
    assert clash.status_code == 409
    assert "By Ada" in clash.text
    assert "By Ben" in clash.text


# Archiving


@pytest.fixture
def finished(stage, cast):
    for one in stage.scalars(select(Engagement).where(Engagement.client_id == 1)):
        one.state = EngagementState.CLOSED
    stage.commit()
    return cast


def test_a_client_whose_work_is_not_finished_stays(sign_in, cast, stage):
    answer = sign_in(cast.ada).send("/clients/1/archive")
    assert answer.status_code == 409
    assert "ENG-001 is not finished. Close or cancel first, then archive the client." in answer.text
    assert faults(answer.text) == []
    assert client(stage).archived_at is None


def test_archived_and_brought_back(sign_in, finished, stage):
    ada = sign_in(finished.ada)
    assert 'action="/clients/1/archive"' in ada.get("/clients/1").text
    answer = ada.send("/clients/1/archive", once="k")
    assert (answer.status_code, answer.location) == (303, "/clients/1")
    assert ada.send("/clients/1/archive", once="k").status_code == 303
    assert ada.send("/clients/1/archive", version=2).status_code == 409
    assert client(stage).archived_at is not None
    assert "Northwind" not in ada.get("/clients").text
    page = ada.get("/clients/1").text
    assert "Archived" in page
    assert "/engagements/new?client=1" not in page
    assert ada.send("/clients/1/restore", version=2).status_code == 303
    assert client(stage).archived_at is None
    assert ada.send("/clients/1/restore", version=3).status_code == 409
    assert [one.verb for one in stage.scalars(select(AuditEntry))] == ["client.archive", "client.restore"]


@pytest.mark.parametrize("deed", ["archive", "restore"])
@pytest.mark.parametrize(("who", "code"), [("ben", 403), ("finn", 403), ("abe", 403), ("cora", 403)])
def test_only_partners_archive(who, code, deed, sign_in, finished, stage):
    if deed == "restore":
        stage.get(Client, 1).archived_at = now()
        stage.commit()
    before = client(stage).archived_at
    assert sign_in(getattr(finished, who)).send(f"/clients/1/{deed}").status_code == code
    assert client(stage).archived_at == before


# Its page


def test_the_page_answers_first(sign_in, cast, stage):
    for area, rag, said in ((Area.STR, Rag.RED, "No plan is agreed."), (Area.VEN, Rag.AMBER, "Two contracts run out.")):
        scope = next(one for one in stage.get(Engagement, 1).scopes if one.area is area)
        row = stage.get(AreaScope, scope.id)
        row.confirmed, row.sentence = rag, said
        row.ask = "Name who decides." if rag is Rag.RED else ""
    planned = {"client_id": 1, "engagement_id": 1, "estimate": 3, "reviewer_id": 1, "baseline_due": TODAY - timedelta(9),
               "assignment_id": stage.scalars(select(Assignment.id).where(Assignment.person_id == 2)).one()}  # fmt: skip
    stage.add_all([
        Deliverable(id=1, number=231, title="Exit plan", area="VEN", state=State.IN_PROGRESS, due=TODAY + timedelta(1), **planned),
        Deliverable(id=3, number=233, title="With them", area="VEN", state=State.SUBMITTED, due=TODAY - timedelta(4), **planned),
        Deliverable(id=2, number=232, title="Old plan", area="VEN", state=State.CANCELLED, client_id=1, engagement_id=1),
        FollowUp(client_id=1, person_id=2, title="Send two dates", due=TODAY),
        Activity(client_id=1, kind="call", happened_on=TODAY, title="The clause", person_id=2, written_at=now()),
    ])  # fmt: skip
    stage.commit()
    page = sign_in(cast.ben).get("/clients/1").text
    assert faults(page) == []
    for said in ("1 red, 1 amber", "No plan is agreed.", "We ask: Name who decides.", "Two contracts run out.", "Exit plan",
                 "9 days overdue", "Send two dates", "The clause", "Lead on ENG-001", "Specialist on ENG-001", "may sponsor",
                 "/deliverables?client=1", 'href="/engagements/1/areas/strategy"'):  # fmt: skip
        assert said in page, said
    assert "Old plan" not in page
    assert "DEL-233 With them" not in page  # it waits for the client: among what is owed, and none of our next dates
    assert "With them" in page
    assert "4 days overdue" not in page
    assert "Walls" not in page
    assert "Who may not see them" in sign_in(cast.ada).get("/clients/1").text


@pytest.mark.parametrize("tab", ["", "/people", "/activity", "/engagements", "/history"])
@pytest.mark.parametrize(("who", "code"), [("ada", 200), ("tess", 200), ("finn", 404), ("eve", 404), ("abe", 403), ("cora", 403)])  # fmt: skip
def test_who_reads_it(who, code, tab, sign_in, cast):
    answer = sign_in(getattr(cast, who)).get(f"/clients/1{tab}")
    assert answer.status_code == code
    if code == 200:
        assert faults(answer.text) == []


@pytest.mark.parametrize("tab", ["", "/people", "/activity", "/engagements", "/history"])
def test_it_costs_the_same_for_many(tab, sign_in, cast, stage, statements):
    def fill(first, number):
        for n in range(first, first + number):
            stage.add(Contact(id=n, client_id=1, name=f"Contact {n}"))
            stage.add(Deliverable(number=n, title=f"Plan {n}", area="VEN", due=TODAY, client_id=1, engagement_id=1))
            stage.add(FollowUp(client_id=1, person_id=5, title=f"Call {n}", due=TODAY))
            stage.add(Activity(client_id=1, kind="call", happened_on=TODAY, title=f"Said {n}", person_id=2, written_at=now()))  # fmt: skip
            stage.add(AuditEntry(client_id=1, verb="contact.revise", subject_kind="contact", subject_id=n, at=now(), via="web",
                                 audience="team", request_id="r"))  # fmt: skip
        stage.commit()

    ben, counts = sign_in(cast.ben), []
    for first, number in ((1000, 1), (2000, 30)):
        fill(first, number)
        with statements() as seen:
            assert ben.get(f"/clients/1{tab}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_a_write_is_cheap(sign_in, cast, statements):
    ben = sign_in(cast.ben)
    with statements() as seen:
        assert ben.send("/clients/1/edit", name="Northwind", town="Hull", it_lead="Sunita").status_code == 303
    assert len(seen) <= 10, "\n".join(seen)
