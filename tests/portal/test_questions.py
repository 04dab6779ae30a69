"""Risks and questions of all areas in one place, in plain words."""

from datetime import timedelta

import pytest

from crm.areas.across.models import Action, Decision, RaidItem
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from tests.cast import TODAY
from tests.html import faults

HERE = "/portal/questions"


@pytest.fixture
def risk(stage, cast):
    def write(title, area=Area.SEC, likelihood=2, kind=RaidItem, client_id=1, visibility=Visibility.CLIENT, **more):
        at = clock.now()
        whose = {"client_id": client_id, "area": area, "made_at": at, "changed_at": at, "visibility": visibility}
        if kind is RaidItem:
            more = {"type": "risk", "likelihood": likelihood, "impact": 3, **more}
        name = "question" if kind is Decision else "title"
        row = kind(**{name: title}, **whose, **more)
        stage.add(row)
        stage.commit()
        return row

    return write


@pytest.mark.parametrize("who", ["cora", "vic"])
def test_what_is_open_over_all_areas_the_most_urgent_first(who, sign_in, cast, risk, plain, spared):
    risk("A small leak")
    risk("The old server", Area.ITM, likelihood=5)
    risk("Settled long ago", status="closed")
    risk("Among us", visibility=Visibility.TEAM)
    risk("Of Umbra", client_id=2)
    risk("Put away", archived_at=clock.now())
    risk("Renew the lines?", Area.VEN, kind=Decision, options=["Yes", "No"], needed_by=TODAY, owner_name="The board")
    risk("Close the accounts", kind=Action, due=TODAY + timedelta(3), owner_name="A supplier")
    browser = sign_in(getattr(cast, who))
    answer = browser.get(HERE)
    text = plain(answer)
    order = [text.index(one) for one in ("Renew the lines?", "The old server", "A small leak", "Close the accounts")]
    assert order == sorted(order)
    assert "For “Systems and support that work every day”" in text
    assert not any(one in text for one in ("Settled", "Among us", "Of Umbra", "Put away"))
    assert "Risks and problems All 3" in text
    assert not spared(text[text.index("Risks and questions") : text.index("Larkmoor for")])
    assert faults(answer.text) == []
    listed = browser.get(f"{HERE}/risks/?area=ITM")
    assert "The old server" in plain(listed)
    assert "A small leak" not in plain(listed)
    assert faults(listed.text) == []
    filed = browser.get(f"{HERE}/risks/rows.csv").text
    assert filed.count("\r\n") == 4
    assert "Protection against attack and loss" in filed
    assert browser.get(f"{HERE}/contracts/").status_code == 404


def test_a_row_is_read_in_its_own_area_only(sign_in, cast, risk):
    row, cora = risk("The old server", Area.ITM), sign_in(cast.cora)
    assert f"/portal/areas/services/risks/{row.id}" in cora.get(HERE).text
    assert cora.get(f"/portal/areas/services/risks/{row.id}").status_code == 200
    assert cora.get(f"/portal/areas/security/risks/{row.id}").status_code == 404
    assert sign_in(cast.uma).get(f"/portal/areas/services/risks/{row.id}").status_code == 404


def test_many_cost_no_more_than_one(sign_in, cast, risk, statements):
    cora, costs = sign_in(cast.cora), []
    for _ in range(2):
        for n in range(9):
            risk(f"Risk {n}")
            risk(f"Task {n}", kind=Action, due=TODAY, owner_name="x")
        for page in (HERE, f"{HERE}/risks/"):
            with statements() as seen:
                assert cora.get(page).status_code == 200
            costs.append(len(seen))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 12


def test_nothing_is_open(sign_in, cast, plain):
    assert "Nothing is open" in plain(sign_in(cast.cora).get(HERE))
