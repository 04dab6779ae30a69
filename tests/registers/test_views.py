"""A register may have pages of its own: each is reached from its list, cheap, for one client, and of what is in use."""

import re

import pytest
from flask import url_for
from sqlalchemy import select

from crm.areas import catalogue
from tests.html import faults
from tests.registers.test_contract import FILLED

VIEWS = [(area, one, *view) for area, one in catalogue.registers() for view in one.views]
EACH = pytest.mark.parametrize(
    ("area", "register", "text", "endpoint"), VIEWS, ids=[f"{one.slug}/{text}" for _, one, text, _ in VIEWS]
)


def address(app, endpoint):
    with app.test_request_context():
        return url_for(endpoint, client_id=1)


@EACH
def test_a_view_of_few_rows_and_of_many(area, register, text, endpoint, app, sign_in, cast, stage, statements, words):
    """It is reached from the list and says what to do when there is nothing; rows cost no statements; what is archived
    is not there."""
    ben, rows, here = sign_in(cast.ben), f"/clients/1/areas/{area.slug}/{register.slug}/", address(app, endpoint)
    assert f'<a href="{here}">{text}</a>' in ben.get(rows).get_data(as_text=True)
    empty = ben.get(here)
    assert faults(empty.get_data(as_text=True)) == []
    assert register.empty in words(empty)

    ben.send(f"{rows}new", **FILLED[register.slug])
    with statements() as few:
        page = ben.get(here).get_data(as_text=True)
    assert faults(page) == []
    assert f'<a href="{here}" aria-current="page">{text}</a>' in page
    made = stage.scalars(select(register.entry)).one()
    link = re.compile(rf'href="{rows}{made.id}["/]')  # the row, or a page of its own
    assert link.search(page)
    for _ in range(5):
        ben.send(f"{rows}new", **FILLED[register.slug])
    with statements() as many:
        page = ben.get(here).get_data(as_text=True)
    assert faults(page) == []
    assert len(few) == len(many) <= 12
    ben.send(f"{rows}{made.id}/archive", version=made.version)
    assert not link.search(ben.get(here).get_data(as_text=True))


def test_an_engagement_leads_to_them(app, sign_in, cast):
    """From its registers, and from the page of the area."""
    ben = sign_in(cast.ben)
    listed, of_area = (
        ben.get(f"/engagements/1/{page}").get_data(as_text=True) for page in ("registers", "areas/strategy")
    )
    assert all(f'href="{address(app, endpoint)}"' in listed for *_, endpoint in VIEWS)
    assert f'href="{address(app, "roadmap.show")}"' in of_area


def test_views_stand_in_the_list_of_their_register_alone(sign_in, cast):
    page = sign_in(cast.ben).get("/clients/1/areas/strategy/objectives/").get_data(as_text=True)
    assert "Roadmap" not in page
