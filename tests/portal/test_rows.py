"""The working lists as the client reads them: what was shared, in their words, and not a hint of the rest."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.areas import catalogue
from crm.areas.budget.models import Saving
from crm.areas.stakeholders.models import Stakeholder
from crm.areas.strategy.models import Initiative, Objective
from crm.areas.vendors.models import ContractStatus, RenewalDecision, Tier, VendorContract
from crm.audit.models import AuditText
from crm.clients.models import Client, DepartmentKind
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.registers.models import RegisterEntry
from tests.cast import TODAY
from tests.html import faults

ALL = [(area, register) for area, register in catalogue.registers()]
CONTRACTS = "/portal/areas/vendors/contracts/"
# What is said about people behind their backs, or is worked out for the team alone.
OURS_ALONE = {
    "flight_risk", "stance", "influence", "trust_score", "trust_before", "trust_falling", "next_step", "skill_gap", "level_now", "level_needed",
    "level_start", "level_goal", "competency", "development_plan", "last_one_to_one", "weakest_change_step", "source", "visibility",
}  # fmt: skip


@pytest.fixture
def contract(stage, cast):
    """Write a contract into Northwind's list."""

    def write(vendor, visibility=Visibility.CLIENT, client_id=1, **more):
        at = clock.now()
        row = VendorContract(
            client_id=client_id, area=Area.VEN, made_at=at, changed_at=at, changed_by_id=cast.persons.ben.id, visibility=visibility,
            vendor=vendor, what="Lines", tier=Tier.STRATEGIC, annual_cost=720000, status=ContractStatus.ACTIVE,
            decision=RenewalDecision.UNDECIDED, **more,
        )  # fmt: skip
        stage.add(row)
        stage.commit()
        return row

    return write


@pytest.mark.engine_free
@pytest.mark.parametrize(("area", "register"), ALL, ids=[one.kind for _, one in ALL])
def test_every_register_speaks_to_the_client(area, register, spared):
    assert register.plain, "a title in the client's words"
    assert register.told, "and the columns that they read"
    assert all(hasattr(register.entry, name) for name in register.told.values())
    assert not OURS_ALONE & set(register.told.values())
    for text in (register.plain, *register.told):
        assert not spared(text), text


@pytest.mark.engine_free
def test_a_register_that_says_nothing_tells_only_its_name():
    silent = replace(next(one for _, one in ALL if one.slug == "contracts"), plain="", told={})
    assert dict(silent.for_the_client.columns) == {"Vendor": "vendor"}
    assert list(silent.client_listing.sorts) == ["vendor"]
    assert not silent.client_listing.filters


@pytest.mark.engine_free
def test_the_client_reads_what_was_shared_and_nothing_else(sign_in, world):
    """Every list, its file and its rows, on the world with a canary in every column of words."""
    cora = sign_in(world.cora)
    for area, register in ALL:
        here = f"/portal/areas/{area.slug}/{register.slug}/"
        listed, filed = cora.get(here), cora.get(f"{here}rows.csv")
        rows = re.findall(rf'href="{here}(\d+)"', listed.text)
        assert len(rows) == 1, (here, "one of the two rows of each kind is shared")
        whole = listed.text + filed.text + cora.get(here + rows[0]).text
        assert "INTERNAL" not in whole, here
        assert "CANARY-U" not in whole, here
        assert "1 to 1 of 1 entry" in listed.text, here
        assert filed.text.count("\r\n") == 2, here


@pytest.mark.parametrize(
    "query", ["?q=INTERNAL", "?q=Teams", "?sort=-annual_cost&q=Teams", "?decision=undecided&q=Secret"]
)
def test_searching_finds_nothing_that_is_not_shared(query, sign_in, cast, contract, plain):
    contract("Teams own", Visibility.TEAM)
    contract("Secret of Umbra", client_id=2)
    contract("Put away", archived_at=clock.now())
    answer = sign_in(cast.cora).get(CONTRACTS + query)
    assert "No entries" in plain(answer)
    assert "Nothing matches" in plain(answer)
    assert sign_in(cast.cora).get(f"{CONTRACTS}rows.csv{query}").text.count("\r\n") == 1, "the headings alone"


def test_what_is_the_teams_anothers_or_put_away_is_not_there(sign_in, cast, contract):
    cora, shared = sign_in(cast.cora), contract("Harbour Telecom")
    others = [
        contract("Ours", Visibility.TEAM),
        contract("Theirs", client_id=2),
        contract("Old", archived_at=clock.now()),
    ]
    assert cora.get(f"{CONTRACTS}{shared.id}").status_code == 200
    found = {cora.get(f"{CONTRACTS}{key}").status_code for key in [*(one.id for one in others), 999_999]}
    assert found == {404}
    assert cora.get(f"/portal/areas/services/services/{shared.id}").status_code == 404, "a row of another list"
    for nowhere in ("/portal/areas/vendors/nothing/", "/portal/areas/gardening/contracts/"):
        assert cora.get(nowhere).status_code == 404


def test_a_row_is_told_in_plain_words(sign_in, cast, contract, plain):
    row = contract("Harbour Telecom", end=TODAY + timedelta(60), notice_days=30)
    answer = sign_in(cast.cora).get(f"{CONTRACTS}{row.id}")
    text = plain(answer)
    for said in ("Harbour Telecom, Lines", "Decision Not decided yet", "Costs a year £7,200", "Speak by", "by Ben.",
                 "Not known yet: Answers for it; Begins;"):  # fmt: skip
        assert said in text, said
    assert faults(answer.text) == []


def test_the_list_is_searched_sorted_and_filtered(sign_in, cast, contract, plain):
    contract("Harbour"), contract("Copyhaus", end=TODAY)
    cora = sign_in(cast.cora)
    assert re.findall("Copyhaus|Harbour", plain(cora.get(f"{CONTRACTS}?sort=-vendor"))) == ["Harbour", "Copyhaus"]
    assert "Harbour" not in plain(cora.get(f"{CONTRACTS}?q=copy"))
    listed = cora.get(CONTRACTS)
    assert "Decision: any" in listed.text
    assert "Not decided yet" in listed.text
    assert "Shared with the client" not in listed.text
    assert faults(listed.text) == []
    heads = cora.get(f"{CONTRACTS}rows.csv").text.lstrip("\ufeff").split("\r\n")[0]
    assert heads.startswith("Supplier,What for,Ends,Speak by,Decision,Costs a year")


def test_what_hangs_on_a_row_of_the_team_does_not_tell_it(sign_in, cast, stage, contract):
    """A shared change serves a goal that only the team reads; a shared saving comes from such a contract."""
    at, secret = clock.now(), contract("Secret supplier", Visibility.TEAM)
    goal = Objective(client_id=1, area=Area.STR, made_at=at, changed_at=at, title="Secret goal", mission_link="x")
    stage.add(goal)
    stage.flush()
    whose = {"client_id": 1, "made_at": at, "changed_at": at, "visibility": Visibility.CLIENT}
    change = Initiative(area=Area.STR, title="One path", departments=[DepartmentKind.IT], objective_id=goal.id, **whose)
    saving = Saving(area=Area.BUD, title="Less", type="cost_out", annual_target=100, contract_id=secret.id, **whose)
    stage.add_all([change, saving])
    stage.commit()
    cora = sign_in(cast.cora)
    for here, row in (("/portal/areas/strategy/initiatives/", change), ("/portal/areas/budget/savings/", saving)):
        for page in (here, f"{here}{row.id}", f"{here}rows.csv", f"{here}?q=Secret"):
            assert "Secret" not in cora.get(page).text.replace('value="Secret"', "").replace("q=Secret", ""), page


def test_the_page_of_an_area_shows_what_is_shared_and_no_number_beyond_it(sign_in, cast, contract, plain):
    for n in range(6):
        contract(f"Supplier {n}")
    contract("Ours", Visibility.TEAM)
    text = plain(sign_in(cast.cora).get("/portal/areas/vendors"))
    assert "Your technology contracts All 6" in text
    assert "Supplier 0, Lines" in text
    assert "Supplier 4" not in text, "the first four"
    assert "Ours" not in text
    assert "Your technology contracts" not in plain(sign_in(cast.uma).get("/portal/areas/vendors"))


def test_what_was_changed_in_a_shared_row_stays_in_the_teams_history(sign_in, cast, stage, see):
    """It names columns that the client is not told."""
    at = clock.now()
    whose = {"client_id": 1, "made_at": at, "changed_at": at, "visibility": Visibility.CLIENT}
    who = Stakeholder(
        area=Area.STK, contact_id=cast.contacts.cora.id, department="finance", influence=5, stance="neutral", **whose
    )
    stage.add(who)
    stage.commit()
    typed = {
        "contact_id": str(cast.contacts.cora.id),
        "department": "finance",
        "influence": "5",
        "stance": "opponent",
        "version": "1",
    }
    assert sign_in(cast.ben).send(f"/clients/1/areas/stakeholders/stakeholders/{who.id}", **typed).status_code == 303
    for looks, texts in ((cast.ben, 1), (cast.cora, 0), (cast.vic, 0)):
        with see(looks) as session:
            assert len(session.scalars(select(AuditText)).all()) == texts
    row = sign_in(cast.cora).get(f"/portal/areas/stakeholders/stakeholders/{who.id}").text
    assert "pponent" not in row


@pytest.mark.parametrize("allowed", [False, True])
def test_a_viewer_reads_the_lists_when_the_sponsor_allows_it(allowed, sign_in, cast, stage, contract, plain):
    row = contract("Harbour Telecom")
    contract("Ours", Visibility.TEAM), contract("Theirs", client_id=2)
    stage.get(Client, 1).viewers_see_registers = allowed
    stage.commit()
    vic = sign_in(cast.vic)
    pages = [plain(vic.get(page)) for page in ("/portal/areas/vendors", CONTRACTS, f"{CONTRACTS}rows.csv")]
    assert [("Harbour" in text) for text in pages] == [allowed] * 3
    assert not any("Ours" in text or "Theirs" in text for text in pages)
    assert vic.get(f"{CONTRACTS}{row.id}").status_code == (200 if allowed else 404)
    assert ("Your sponsor decides" in pages[1]) != allowed
    assert not {"Who reads it", "To be confirmed"} & set(
        re.findall("Who reads it|To be confirmed", vic.get(CONTRACTS).text)
    )


def test_rows_cost_no_statements(sign_in, cast, stage, contract, statements):
    cora, costs = sign_in(cast.cora), {}
    row = contract("First", owner_name="A supplier")
    for rows in (1, 30):
        for n in range(rows - 1):
            contract(f"More {n}")
        for page in ("/portal/areas/vendors", CONTRACTS, f"{CONTRACTS}{row.id}", f"{CONTRACTS}rows.csv"):
            with statements() as seen:
                assert cora.get(page).status_code == 200
            costs.setdefault(page, []).append(len(seen))
    assert all(few == many <= 12 for few, many in costs.values()), costs
    assert stage.scalar(select(RegisterEntry.id).limit(1))
