"""The door to a client's registers: reached from the client, also where no engagement runs, cheap, with the usual rows."""

from crm.clients.models import Client
from crm.registers.models import RegisterEntry
from tests import world
from tests.html import faults

HERE = "/clients/1/registers"


def test_the_door_stands_on_every_page_of_the_client(sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    assert f'href="{HERE}"' in ben.get("/clients/1").text
    page = ben.get(HERE)
    assert faults(page.text) == []
    assert "Nothing is written down yet." in words(page)
    assert 'href="/clients/1/areas/strategy/objectives/"' in page.text
    assert 'action="/clients/1/areas/security/usual-rows"' in page.text
    ben.send("/clients/1/areas/security/usual-rows", version=1)
    page = ben.get(HERE)
    assert "25 rows in 2 registers, none shared with the client." in words(page)
    assert 'action="/clients/1/areas/security/usual-rows"' not in page.text


def test_a_prospect_has_registers_too(sign_in, cast, stage, words):
    """No engagement: a partner opens them and begins with the usual rows."""
    stage.add(Client(id=7, code="NEW", name="Newcomer"))
    stage.flush()
    ada = sign_in(cast.ada)
    assert "Start with the usual rows" in words(ada.get("/clients/7/registers"))
    assert ada.send("/clients/7/areas/compliance/usual-rows", version=1).status_code == 303
    assert stage.query(RegisterEntry).filter_by(client_id=7).count() == 14
    assert sign_in(cast.ben).get("/clients/7/registers").status_code == 404


def test_rows_cost_no_statements(sign_in, cast, stage, statements):
    ben = sign_in(cast.ben)
    ben.get(HERE)
    with statements() as few:
        ben.get(HERE)
    world.build(stage, cast)
    with statements() as many:
        ben.get(HERE)
    assert len(many) == len(few) <= 12
