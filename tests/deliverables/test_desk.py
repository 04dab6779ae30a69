"""Deliverables on the desk: the tabs, what a list can do, and the pages of the steps."""

from datetime import timedelta

import pytest

from crm.deliverables.states import State
from tests.cast import TODAY
from tests.html import faults


@pytest.fixture
def some(owe):
    """One of each kind that a tab asks for."""
    return {
        "open": owe(State.PLANNED, title="Telephone plan"),
        "late": owe(
            State.IN_PROGRESS, title="Late roadmap", baseline_due=TODAY - timedelta(3), due=TODAY - timedelta(3)
        ),
        "mine": owe(State.IN_PROGRESS, title="Ben writes it", owner="ben"),
        "waiting": owe(State.SUBMITTED, title="With Cora"),
        "signed-off": owe(State.ACCEPTED, title="Agreed budget"),
    }


def titles(answer, some):
    return {one.title for one in some.values() if f">{one.title}<" in answer.text}


@pytest.mark.parametrize(("tab", "shown"), [
    ("", {"Telephone plan", "Late roadmap", "Ben writes it", "With Cora"}),
    ("/mine", {"Ben writes it"}),
    ("/late", {"Late roadmap"}),
    ("/waiting", {"With Cora"}),
    ("/signed-off", {"Agreed budget"}),
    ("/all", {"Telephone plan", "Late roadmap", "Ben writes it", "With Cora", "Agreed budget"}),
    ("?q=road", {"Late roadmap"}),
    ("?stage=planned", {"Telephone plan"}),
    ("?due=past", {"Late roadmap"}),
])  # fmt: skip
def test_what_a_tab_shows(sign_in, cast, some, tab, shown):
    assert titles(sign_in(cast.ben).get(f"/deliverables{tab}"), some) == shown


def test_what_waits_for_the_client_says_when_the_answer_is_due(sign_in, cast, owe):
    owe(State.SUBMITTED, title="With Cora", due=TODAY - timedelta(10), baseline_due=TODAY - timedelta(10))
    row = sign_in(cast.ben).get("/deliverables").text.split("With Cora")[1].split("</tr>")[0]
    assert "Answer " in row
    assert "10 days overdue" not in row, "it was submitted: we are not late"


def test_nobody_else_sees_them(sign_in, cast, some):
    for who in (cast.eve, cast.finn):
        assert titles(sign_in(who).get("/deliverables/all"), some) == set()


def test_the_newest_sign_off_stands_first(sign_in, cast, owe):
    owe(State.ACCEPTED, title="Older")
    owe(State.ACCEPTED, title="Newer")
    page = sign_in(cast.ben).get("/deliverables/signed-off").text
    assert page.index("Newer") < page.index("Older")
    turned = sign_in(cast.ben).get("/deliverables/signed-off?sort=accepted").text
    assert turned.index("Older") < turned.index("Newer")


def test_the_same_for_a_spreadsheet(sign_in, cast, some):
    lines = sign_in(cast.ben).get("/deliverables/late.csv").text.splitlines()
    assert len(lines) == 2
    assert "Late roadmap" in lines[1]


def test_a_list_costs_the_same_for_many(sign_in, cast, owe, statements):
    ben, counts = sign_in(cast.ben), []
    for number in (1, 8):
        for n in range(number):
            owe(State.PLANNED, title=f"Paper {n}", writers={"ben": 20})
        with statements() as seen:
            assert ben.get("/deliverables").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts


def test_where_to_add_one_is_said_by_the_address(sign_in, cast):
    ben = sign_in(cast.ben)
    assert ben.get("/deliverables/new?engagement=1&area=VEN").location == "/deliverables/new/1?area=VEN"
    assert ben.get("/deliverables/new?engagement=x").location == "/deliverables/new/1", "the only one that Ben serves"
    assert '<form class="form" method="post"' in ben.get("/deliverables/new/1").text, "no wider than one reads"
    assert ben.get("/deliverables/new/2").status_code == 404


def test_every_page_is_valid_and_light(sign_in, cast, some, statements):
    for who in (cast.ben, cast.ada):
        browser = sign_in(who)
        for address in (
            "/deliverables",
            "/deliverables/all",
            "/deliverables/new/1",
            *(f"/deliverables/{one.id}" for one in some.values()),
        ):
            with statements() as seen:
                page = browser.get(address)
            assert page.status_code == 200, address
            assert faults(page.text) == [], address
            assert len(seen) <= 12, (address, len(seen))


@pytest.mark.parametrize(("step", "of"), [("plan", "open"), ("baseline", "open"), ("text", "mine"), ("withdrawal", "waiting"),
                                          ("acceptance", "waiting"), ("correction", "signed-off"), ("cancellation", "late")])  # fmt: skip
def test_the_page_of_a_step_is_valid(sign_in, cast, some, step, of):
    page = sign_in(cast.ben).get(f"/deliverables/{some[of].id}/{step}")
    assert page.status_code == 200
    assert faults(page.text) == []
