"""The page and the palette's list, for consultants and partners."""

import pytest

from crm.clients.models import Client
from crm.deliverables.models import Deliverable
from tests.html import faults

MADE = {"client_id": 1, "engagement_id": 1}


@pytest.fixture
def shelf(stage, cast):
    stage.get(Client, 1).name = "Brackenhill <Joinery>"
    stage.add(Deliverable(id=1, number=231, title="Exit plan", area="VEN", **MADE))
    stage.add(Deliverable(id=2, number=5, title="Umbra exit", area="STR", client_id=2, engagement_id=2))
    stage.flush()
    return cast


def test_results_by_kind_with_words_marked(sign_in, shelf):
    page = sign_in(shelf.ada).get("/search?q=exi").text
    assert faults(page) == []
    assert "2 results" in page
    assert '<a class="title-link" href="/deliverables/1"><mark>Exi</mark>t plan</a>' in page
    assert "Brackenhill &lt;Joinery&gt; · DEL-231" in page
    assert "· proposed" in page
    assert "Umbra <mark>exi</mark>t" in page


def test_everything_of_one_client_and_one_kind_of_it(sign_in, shelf):
    ben = sign_in(shelf.ben)
    page = ben.get("/search?q=brack").text
    assert [page.index(f">{kind}</h2>") for kind in ("Clients", "Contacts", "Engagements", "Deliverables")]
    assert "5 results" in page
    assert 'href="/clients/1/contacts/1"' in page
    assert "· active" in page
    only = ben.get("/search?q=brack&kind=contact").text
    assert "/clients/1/contacts/2" in only
    assert 'href="/engagements/1"' not in only
    assert 'aria-current="true">Contacts 2</a>' in only
    assert faults(only) == []


def test_a_reference_stands_on_top(sign_in, shelf):
    page = sign_in(shelf.ben).get("/search?q=231").text
    assert page.index("This reference") < page.index("Exit plan")


@pytest.mark.parametrize("typed", ["", "%00", "---", "%22", "nothing+like+this"])
def test_nothing_found_says_what_to_do(typed, sign_in, shelf):
    answer = sign_in(shelf.ben).get(f"/search?q={typed}&kind=nonsense&page=9")
    assert answer.status_code == 200
    assert faults(answer.text) == []
    assert "DEL-231" in answer.text


def test_the_palette_finds_and_does(sign_in, shelf):
    part = sign_in(shelf.ben).get("/search/palette?q=exit").text
    assert 'aria-label="Found"' in part
    assert 'role="option" tabindex="-1" id="pi-1" href="/deliverables/1" aria-selected="true"' in part
    assert 'href="/search?q=exit"' in part
    assert "Umbra" not in part
    assert "Log time" not in part


def test_an_empty_palette_offers_ones_own_work(sign_in, shelf):
    for who, first, offered in (
        ("ben", "/engagements/1", False),
        ("finn", "/engagements/2", False),
        ("ada", "/engagements/1", True),
    ):
        part = sign_in(getattr(shelf, who)).get("/search/palette").text
        assert f'id="pi-1" href="{first}" aria-selected="true"' in part
        assert "/today#log" in part
        assert ("/engagements/new" in part) is ("/clients/new" in part) is ("/practice" in part) is offered
    part = sign_in(shelf.eve).get("/search/palette").text
    assert 'id="pi-1" href="/today#log" aria-selected="true"' in part
    assert part.count('aria-selected="true"') == 1


def test_actions_are_found_by_their_words(sign_in, shelf):
    assert "/clients/new" in sign_in(shelf.ada).get("/search/palette?q=new+cli").text
    assert "Nothing matches" in sign_in(shelf.ben).get("/search/palette?q=new+cli").text


def test_ids_of_options_are_unique(sign_in, shelf):
    page = sign_in(shelf.ada).get("/search/palette?q=e").text
    ids = [piece.split('"')[0] for piece in page.split('id="')[1:]]
    assert ids == [f"pi-{n}" for n in range(1, len(ids) + 1)]


@pytest.mark.parametrize(
    "address", ["/search?q=e", "/search?q=e&kind=deliverable", "/search/palette?q=e", "/search/palette"]
)
def test_it_costs_the_same_for_many(address, sign_in, shelf, stage, statements):
    ada = sign_in(shelf.ada)
    ada.get(address)
    with statements() as few:
        assert ada.get(address).status_code == 200
    stage.add_all(Deliverable(number=300 + n, title=f"Exit {n}", area="VEN", **MADE) for n in range(40))
    stage.flush()
    with statements() as many:
        assert ada.get(address).status_code == 200
    assert len(many) == len(few) <= 4


def test_pages_follow_each_other(sign_in, shelf, stage):
    stage.add_all(Deliverable(number=300 + n, title=f"Exit {n:03}", area="VEN", **MADE) for n in range(60))
    stage.flush()
    ben = sign_in(shelf.ben)
    first, second = (ben.get(f"/search?q=exit&page={n}").text for n in (1, 2))
    assert "61 results" in first
    assert "1 to 50 of 61 results" in first
    assert "51 to 61 of 61 results" in second
    assert "kind=deliverable&amp;page=2" in ben.get("/search?q=exit&kind=deliverable").text
