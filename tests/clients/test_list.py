"""The list of clients: who sees which, found, sorted, filtered, paged and exported in SQL."""

import csv
import io
from datetime import timedelta

import pytest

from crm.clients.models import Activity, Client
from crm.core.clock import now
from crm.core.twelve import Area
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope, Rag
from tests.cast import TODAY, YEAR, assignment, engagement
from tests.html import faults


def names(page):
    """The clients of a page, in order."""
    return [
        piece.split("<")[0]
        for piece in page.split('<th scope="row"><a class="title-link" href="/clients/')[1:]
        for piece in [piece.split(">", 1)[1]]
    ]


@pytest.fixture
def row(stage, cast):
    """A street of clients: two served (Northwind, Umbra), one served before, two prospects, one archived."""
    stage.add_all(
        [
            Client(id=3, code="OLD", name="Ölmühle", sector="food", town="Hull", headcount=12),
            Client(id=4, code="ZED", name="Zed", sector="food", headcount=300),
            Client(id=5, code="ABE", name="abernathy"),
            Client(id=6, code="GONE", name="Gone", archived_at=now()),
        ]
    )
    stage.flush()
    stage.add(
        Engagement(
            id=3,
            number=3,
            client_id=3,
            title="Was",
            model="virtual",
            state="closed",
            starts=TODAY - YEAR,
            ends=TODAY - timedelta(60),
        )
    )
    stage.flush()
    return cast


def test_whose_clients_one_sees(sign_in, row):
    assert names(sign_in(row.ada).get("/clients").text) == ["abernathy", "Northwind", "Umbra", "Zed", "Ölmühle"]
    assert names(sign_in(row.ben).get("/clients").text) == ["Northwind"]
    empty = sign_in(row.eve).get("/clients").text
    assert names(empty) == []
    assert "from the first day of an assignment" in empty
    assert faults(empty) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=north", ["Northwind"]),
        ("q=olmuhle", ["Ölmühle"]),
        ("q=hull+food", ["Ölmühle"]),
        ("q=zed", ["Zed"]),
        ("q=orthw", ["Northwind"]),
        ("q=%25", []),
        ("q=gone", []),
        ("state=served", ["Northwind", "Umbra"]),
        ("state=earlier", ["Ölmühle"]),
        ("state=prospect", ["abernathy", "Zed"]),
        ("state=archived", ["Gone"]),
        ("state=archived&q=gone", ["Gone"]),
        ("sector=food", ["Zed", "Ölmühle"]),
        ("lead=2", ["Northwind"]),
        ("lead=6", ["Umbra"]),
        ("lead=5", ["abernathy", "Northwind", "Umbra", "Zed", "Ölmühle"]),  # Tess leads nothing: not a choice
        ("sort=-name", ["Ölmühle", "Zed", "Umbra", "Northwind", "abernathy"]),
        ("sort=code", ["abernathy", "Northwind", "Ölmühle", "Umbra", "Zed"]),
        ("sort=-people&state=prospect", ["Zed", "abernathy"]),
    ],
)
def test_found_sorted_and_filtered(asked, found, sign_in, row):
    page = sign_in(row.ada).get(f"/clients?{asked}").text
    assert names(page) == found
    assert faults(page) == []


def test_sorted_by_the_next_end(sign_in, row, stage):
    stage.get(Engagement, 2).ends = TODAY + timedelta(9)
    stage.flush()
    ada = sign_in(row.ada)
    assert names(ada.get("/clients?sort=ends&state=served").text) == ["Umbra", "Northwind"]
    assert names(ada.get("/clients?sort=ends").text)[:2] == ["Umbra", "Northwind"]


def test_the_answer_comes_first(sign_in, row):
    assert "2 served now, 1 served earlier, 2 not served yet" in sign_in(row.ada).get("/clients").text
    assert "1 served now" in sign_in(row.ben).get("/clients").text


def test_a_row_says_how_the_client_stands(sign_in, row, stage):
    for area, rag in ((Area.STR, Rag.RED), (Area.VEN, Rag.AMBER), (Area.SEC, Rag.AMBER)):
        scope = next(one for one in stage.get(Engagement, 1).scopes if one.area is area)
        stage.get(AreaScope, scope.id).confirmed = rag
    stage.add(
        Activity(client_id=1, kind="call", happened_on=TODAY - timedelta(3), title="x", person_id=2, written_at=now())
    )
    stage.flush()
    page = sign_in(row.ben).get("/clients").text
    assert "<span><b>1</b> red</span><span><b>2</b> amber</span>" in page
    assert 'aria-label="1 red, 2 amber, 9 not reviewed"' in page
    assert "Northwind CIO" in page
    assert "ENG-001, ends" in page
    assert "<span>Ben</span>" in page


def test_two_engagements_have_one_ring(sign_in, row, stage):
    """The engagement that leads the area speaks for it, and the row names the newest."""
    second = engagement(stage, 7, 1, lead=row.persons.ben, sponsor=row.contacts.cora, title="Second", scope="advise")
    second.starts = TODAY
    for one in second.scopes:
        stage.get(AreaScope, one.id).confirmed = Rag.RED
    for one in stage.get(Engagement, 1).scopes:
        stage.get(AreaScope, one.id).confirmed = Rag.GREEN
    stage.flush()
    page = sign_in(row.ben).get("/clients").text
    assert page.count('class="ring ring-glyph"') == 1
    assert "all green" in page
    assert "Second" in page
    assert "and 1 more" in page


def test_the_export_is_what_the_list_shows(sign_in, row):
    ada = sign_in(row.ada)
    page = ada.get("/clients?sector=food&sort=-name").text
    assert 'href="/clients/list.csv?' in page
    answer = ada.get("/clients/list.csv?sector=food&sort=-name")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [one["Client"] for one in rows] == ["Ölmühle", "Zed"]
    all_of_bens = sign_in(row.ben).get("/clients/list.csv").get_data(as_text=True)
    assert "Umbra" not in all_of_bens
    (north,) = csv.DictReader(io.StringIO(all_of_bens.removeprefix("\ufeff")))
    assert (north["Code"], north["Engagement"], north["Lead"], north["Red"], north["Not reviewed"]) == (
        "NORTH", "ENG-001 Northwind CIO", "Ben", "0", "12")  # fmt: skip


def test_five_hundred_clients_stay_light(sign_in, row, stage, statements):
    ada = sign_in(row.ada)
    ada.get("/clients")
    with statements() as few:
        ada.get("/clients")
    stage.add_all(Client(id=100 + n, code=f"Q{chr(65 + n // 26)}{chr(65 + n % 26)}", name=f"Client of a middling name {n:03}",
                         sector=f"sector {n % 20}", town="Church Stretton", headcount=n) for n in range(495))  # fmt: skip
    stage.flush()
    for n in range(60):
        stage.add(Engagement(id=100 + n, number=100 + n, client_id=100 + n, title="Part-time CIO after the fire", model="part_time",
                             state="active", starts=TODAY - YEAR, ends=TODAY + YEAR))  # fmt: skip
        stage.flush()
        stage.add(assignment(stage.get(Engagement, 100 + n), row.persons.ben, "lead"))
        stage.add_all(
            AreaScope(client_id=100 + n, engagement_id=100 + n, area=area, number=k, scope="lead", maturity=(k % 10) / 2 + 0.5, target=4,
                      confirmed=("red", "amber", "green")[k % 3], holder_person_id=2)
            for k, area in enumerate(Area, 1)
        )  # fmt: skip
    stage.flush()
    with statements() as many:
        answer = ada.get("/clients?state=served")
    assert len(answer.data) <= 100_000
    assert answer.text.count('class="ring ring-glyph"') == 50
    assert "51 to 62 of 62 clients" in ada.get("/clients?state=served&page=2").text
    assert len(many) == len(few) <= 10


def test_part_for_htmx(sign_in, row):
    part = sign_in(row.ada).get("/clients?q=zed", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert part.strip().startswith('<div id="list">')


def test_no_cell_of_the_export_is_a_formula(sign_in, row, stage):
    stage.add(Client(id=9, code="EVIL", name='=HYPERLINK("http://x")', sector="+1+1", town="@SUM(A1)"))
    stage.flush()
    text = sign_in(row.ada).get("/clients/list.csv?q=hyperlink").get_data(as_text=True)
    (evil,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (evil["Client"], evil["Sector"], evil["Town"]) == ('\'=HYPERLINK("http://x")', "'+1+1", "'@SUM(A1)")


@pytest.mark.parametrize(
    "asked", ["q=%00", "q=%22%29+OR+1", "state=x&sector=y&lead=z&sort=w&page=0", "lead=99999999999999", "page=1e9"]
)
def test_no_address_breaks_it(asked, sign_in, row):
    ada = sign_in(row.ada)
    for address in ("/clients", "/clients/list.csv"):
        assert ada.get(f"{address}?{asked}").status_code == 200


@pytest.mark.parametrize(("who", "code"), [("abe", 403), ("cora", 403), ("vic", 403), ("eve", 200)])
def test_who_reads_the_list(who, code, sign_in, row):
    for address in ("/clients", "/clients/list.csv"):
        assert sign_in(getattr(row, who)).get(address).status_code == code
