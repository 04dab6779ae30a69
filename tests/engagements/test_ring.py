"""One ring a client: who speaks for an area, what it sums up to, and how it is said."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from crm.core.ring import dial
from crm.core.twelve import Area, Scope
from crm.engagements.queries import dials_of_clients, dials_of_engagements, speaking_scopes
from crm.engagements.scopes import AreaScope, Rag
from crm.engagements.states import EngagementState
from tests import cast as people


@dataclass
class Row:
    number: int
    scope: Scope = Scope.LEAD
    confirmed: Rag | None = None
    maturity: Decimal | None = None
    target: Decimal | None = None


def half(text):
    return Decimal(text)


def test_the_score_is_the_sum_of_levels_of_sixty():
    made = dial([Row(1, maturity=half("2.5"), target=half("4")), Row(2, maturity=half("3"), target=half("3.5"))])
    assert (made.score, made.target, len(made.spokes)) == (half("5.5"), half("7.5"), 12)


def test_an_area_out_of_scope_is_grey_and_counts_nothing():
    made = dial([Row(4, Scope.OUT, Rag.RED, half("3"), half("4"))])
    assert (made.spokes[3].rag, made.spokes[3].word, made.score) == ("n", "Out of scope", 0)
    assert (made.words, made.counts) == ("nothing in scope", ())


@pytest.mark.parametrize(
    ("colours", "words", "plain"),
    [
        ("rraaa", "2 red, 3 amber", "2 need action, 3 to watch"),
        ("rg-", "1 red, 1 not reviewed", "1 needs action"),
        ("a", "1 amber", "1 to watch"),
        ("gg", "all green", "on track"),
        ("--", "not reviewed yet", "not looked at yet"),
    ],
)
def test_the_same_in_words(colours, words, plain):
    rags = {"r": Rag.RED, "a": Rag.AMBER, "g": Rag.GREEN, "-": None}
    made = dial([Row(n, confirmed=rags[letter]) for n, letter in enumerate(colours, 1)])
    assert (made.words, made.plain_words) == (words, plain)


def test_clients_read_their_own_words_and_addresses():
    made = dial([Row(6, confirmed=Rag.RED), Row(7, Scope.OUT)], "/here/{}".format, plain=True)
    assert [(made.spokes[n].word, made.spokes[n].href) for n in (5, 6)] == [
        ("Needs action", "/here/vendors"),
        ("Not part of what we agreed", "/here/talent"),
    ]
    assert "Cyber" not in made.spokes[3].name


@pytest.fixture
def second(cast, stage):
    """Northwind's newer engagement: it advises everywhere, leads data, and has innovation out."""
    made = people.engagement(
        stage, 3, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="More", scope=Scope.ADVISE
    )
    made.starts = cast.north.starts + timedelta(100)
    for row in stage.query(AreaScope).filter_by(engagement_id=3):
        row.scope = {Area.DAT: Scope.LEAD, Area.INN: Scope.OUT}.get(row.area, Scope.ADVISE)
        row.confirmed, row.maturity = Rag.GREEN, half("4")
    for row in stage.query(AreaScope).filter_by(engagement_id=1):
        row.scope = {Area.VEN: Scope.LEAD, Area.INN: Scope.ADVISE, Area.DAT: Scope.OVERSEE}.get(row.area, Scope.OVERSEE)
        row.confirmed, row.maturity = Rag.RED, half("1")
    stage.commit()
    return made


def test_the_one_that_leads_speaks_else_the_newest_in_scope(cast, second, see):
    with see(cast.ada) as session:
        spoken = {row.area: row.engagement_id for row in session.scalars(speaking_scopes(1))}
        made = dials_of_clients([1])[1]
    assert spoken[Area.VEN] == 1, "the older one leads it"
    assert spoken[Area.INN] == 1, "the newer one has it out of scope"
    assert spoken[Area.DAT] == spoken[Area.STR] == 3
    assert (made.words, made.score) == ("2 red", 10 * 4 + 2)


@pytest.mark.parametrize("state", [EngagementState.DRAFT, EngagementState.CLOSED, EngagementState.CANCELLED])
def test_only_live_engagements_speak(state, cast, second, see, stage):
    second.state = state
    stage.commit()
    with see(cast.ada) as session:
        assert {row.engagement_id for row in session.scalars(speaking_scopes(1))} == {1}


def test_rings_of_many_cost_one_statement(cast, second, see, statements):
    with see(cast.ada), statements() as seen:
        of_clients = dials_of_clients([1, 2])
        assert len(seen) == 1
        of_engagements = dials_of_engagements([1, 2, 3])
        assert len(seen) == 2
        assert dials_of_clients([]) == {}
        assert len(seen) == 2
    assert {one: made.words for one, made in of_clients.items()} == {1: "2 red", 2: "not reviewed yet"}
    assert (of_engagements[1].words, of_engagements[3].words) == ("12 red", "all green")


def test_a_foreign_client_has_nothing_to_show(cast, second, see):
    with see(cast.uma):
        assert dials_of_clients([1])[1].in_scope == 0
    with see(cast.cora):
        assert dials_of_clients([1])[1].words == "2 red"
