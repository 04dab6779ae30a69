"""A wall: for this person, this client does not exist. Partners raise and lower it, and their reasons are theirs."""

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.clients.models import Wall
from crm.core.ownership import OpenTo
from tests.html import faults

EVE = {"person_id": "3", "reason": "Her brother owns it"}


def walls(stage):
    stage.expire_all()
    return [(one.client_id, one.person_id, one.reason) for one in stage.scalars(select(Wall))]


@pytest.fixture
def wall(stage, cast):
    stage.add(Wall(id=1, client_id=1, person_id=3, reason="Her brother owns it"))
    stage.commit()
    return cast


def test_raised_and_taken_down(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    assert faults(ada.get("/clients/1/walls").text) == []
    assert '<option value="" selected>Choose a person</option>' in ada.get("/clients/1/walls").text  # nobody by mistake
    first, again = (ada.send("/clients/1/walls", once="k", **EVE) for _ in range(2))
    assert (first.status_code, first.location, again.status_code) == (303, "/clients/1/walls", 303)
    assert walls(stage) == [(1, 3, "Her brother owns it")]
    page = ada.get("/clients/1/walls").text
    assert faults(page) == []
    assert "One person does not see this client" in page
    key = stage.scalars(select(Wall.id)).one()
    lowering = ada.get(f"/clients/1/walls/{key}/lower").text
    assert faults(lowering) == []
    assert "It stands because: Her brother owns it" in lowering
    assert ada.send(f"/clients/1/walls/{key}/lower", reason="He sold it").location == "/clients/1/walls"
    assert walls(stage) == []
    trail = stage.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.verb, one.open_to) for one in trail] == [
        ("wall.raise", OpenTo.PARTNERS),
        ("wall.lower", OpenTo.PARTNERS),
    ]


def test_behind_it_the_client_does_not_exist(sign_in, cast, stage):
    """A partner too: not in the list, the counts, the search, the export, nor at its address."""
    stage.add(Wall(client_id=1, person_id=1, reason="x"))
    stage.commit()
    ada = sign_in(cast.ada)
    for address in ("/clients", "/clients/list.csv", "/search?q=north", "/search/palette?q=north"):
        text = ada.get(address).text
        assert "Northwind" not in text, address
    assert "1 served now" in ada.get("/clients").text
    for address in (
        "/clients/1",
        "/clients/1/people",
        "/clients/1/activity",
        "/clients/1/walls",
        "/clients/1/contacts/1",
    ):
        assert ada.get(address).status_code == 404


def test_the_team_reads_nothing_of_it(sign_in, cast, stage):
    sign_in(cast.ada).send("/clients/1/walls", **EVE)
    history = sign_in(cast.ben).get("/clients/1/history").text
    assert "wall" not in history.split('<ol class="timeline">')[1]
    assert "raised a wall" in sign_in(cast.ada).get("/clients/1/history").text


@pytest.mark.parametrize(
    ("who", "code"), [("ben", 403), ("tess", 403), ("finn", 403), ("eve", 403), ("abe", 403), ("cora", 403)]
)
def test_who_may_not(who, code, sign_in, wall, stage):
    browser = sign_in(getattr(wall, who))
    assert browser.get("/clients/1/walls").status_code == code
    assert browser.send("/clients/1/walls", person_id="6", reason="x").status_code == code
    assert browser.send("/clients/1/walls/1/lower", reason="x").status_code == code
    assert walls(stage) == [(1, 3, "Her brother owns it")]


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ({"person_id": ""}, 422, "Choose who shall not see this client"),
        ({"reason": ""}, 422, "Say why; only partners read it"),
        ({"person_id": "4"}, 422, "Choose"),  # the admin sees no client anyway
        ({"person_id": "2"}, 422, "Ben is assigned here until"),
        ({"person_id": "1"}, 409, "A wall of your own is raised by another partner"),
    ],
)
def test_not_raised(typed, code, said, sign_in, cast, stage):
    answer = sign_in(cast.ada).send("/clients/1/walls", **EVE | typed)
    assert answer.status_code == code
    assert said in answer.text
    assert faults(answer.text) == []
    assert walls(stage) == []


def test_one_wall_a_person(sign_in, wall, stage):
    answer = sign_in(wall.ada).send("/clients/1/walls", **EVE)
    assert answer.status_code == 422
    assert "Eve is walled off from this client already." in answer.text
    assert len(walls(stage)) == 1


def test_it_is_lowered_at_its_own_client_with_a_reason(sign_in, wall, stage):
    ada = sign_in(wall.ada)
    assert ada.get("/clients/2/walls/1/lower").status_code == 404
    assert ada.send("/clients/2/walls/1/lower", reason="x").status_code == 404
    answer = ada.send("/clients/1/walls/1/lower", reason="")
    assert answer.status_code == 422
    assert "Say why, for whoever reads the history" in answer.text
    assert faults(answer.text) == []
    assert len(walls(stage)) == 1
