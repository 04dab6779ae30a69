"""What a consultant learns of engagements that they are not on: four facts, and two of them masked where confidential."""

from datetime import timedelta

import pytest

from crm.clients.models import Client, Wall
from crm.engagements.models import Engagement
from crm.engagements.states import EngagementState
from crm.figures import CONFIDENTIAL, EngagementCard, cards
from tests.cast import TODAY, YEAR, assignment, engagement

DATES = (TODAY - YEAR, TODAY + YEAR)


def dealt(see, who):
    with see(who):
        return cards()


def test_another_consultant_sees_cards(see, cast, stage):
    stage.get(Client, 1).sector = "shipping"
    stage.flush()
    north = EngagementCard("Northwind", "shipping", ("Ben", "Tess"), *DATES)
    umbra = EngagementCard(CONFIDENTIAL, "", ("Finn",), *DATES)
    assert dealt(see, cast.eve) == [north, umbra]
    assert dealt(see, cast.ben) == [umbra]
    assert dealt(see, cast.finn) == [north]


@pytest.mark.parametrize("who", ["ada", "abe", "cora", "vic", "uma"])
def test_nobody_else_is_dealt_any(who, see, cast):
    assert dealt(see, getattr(cast, who)) == []


def test_behind_a_wall_there_is_nothing(see, cast, stage):
    stage.add(Wall(client_id=1, person_id=cast.persons.eve.id))
    stage.flush()
    assert [card.client for card in dealt(see, cast.eve)] == [CONFIDENTIAL]


def test_whoever_serves_a_confidential_client_knows_its_name(see, cast, stage):
    engagement(stage, 3, 2, lead=cast.persons.eve, sponsor=cast.contacts.uma, title="Second")
    assert [(card.client, card.team) for card in dealt(see, cast.finn)] == [
        ("Northwind", ("Ben", "Tess")),
        ("Umbra", ("Eve",)),
    ]


def test_only_live_engagements_and_who_serves_today(see, cast, stage):
    stage.add(assignment(cast.north, cast.persons.finn, "specialist", ends=TODAY - timedelta(1)))
    stage.add(assignment(cast.north, cast.persons.eve, "specialist", status="tentative"))
    stage.flush()
    assert dealt(see, cast.eve)[0].team == ("Ben", "Tess")
    stage.get(Engagement, 1).state = EngagementState.DRAFT
    stage.flush()
    assert [card.client for card in dealt(see, cast.eve)] == [CONFIDENTIAL]


def test_cards_cost_two_statements(see, cast, statements):
    with see(cast.eve), statements() as asked:
        assert len(cards()) == 2
    assert len(asked) == 2
