"""Contracts by the day to speak by: who sees which, in what order, and what the page says first."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.areas.vendors.models import ContractStatus, RenewalDecision, Tier, VendorContract
from crm.clients.models import Client
from crm.core import clock
from crm.core.twelve import Area
from crm.engagements.people import AssignmentRole
from tests.cast import TODAY, assignment
from tests.html import faults


@pytest.fixture
def contract(cast, stage):
    def made(vendor, speak_in, client_id=1, **more):
        now = clock.now()
        row = VendorContract(
            client_id=client_id, area=Area.VEN, made_at=now, changed_at=now, vendor=vendor, what="Lines", tier=Tier.IMPORTANT,
            annual_cost=720000, end=clock.today() + timedelta(speak_in + 30), notice_days=30, **more,
        )  # fmt: skip
        stage.add(row)
        stage.commit()
        return row

    return made


def vendors(page, *names):
    return [name for name in sorted(names, key=page.find) if name in page]


def test_by_the_day_to_speak_by(contract, sign_in, cast, words):
    for vendor, days in (("Copyhaus", 70), ("Harbour", 45), ("Frost", 180), ("Granary", 181), ("Pipelio", 0)):
        contract(vendor, days)
    answer = sign_in(cast.ben).get("/renewals")
    assert faults(answer.get_data(as_text=True)) == []
    page = words(answer)
    assert vendors(page, "Copyhaus", "Harbour", "Frost", "Granary", "Pipelio") == [
        "Pipelio",
        "Harbour",
        "Copyhaus",
        "Frost",
    ]
    assert "2 contracts need a decision within 60 days." in page
    assert "£7,200" in page
    turned = words(sign_in(cast.ben).get("/renewals?sort=-notice_by"))
    assert vendors(turned, "Copyhaus", "Harbour", "Pipelio") == ["Copyhaus", "Harbour", "Pipelio"]


def test_a_missed_day_stays_until_something_is_decided(contract, sign_in, cast, words, stage):
    missed = contract("Harbour", -1)
    contract("Decided", -1, decision=RenewalDecision.EXIT)
    contract("Harmless", 30, decision=RenewalDecision.RENEW)
    ben = sign_in(cast.ben)
    page = words(ben.get("/renewals"))
    assert vendors(page, "Harbour", "Decided", "Harmless") == ["Harbour", "Harmless"]
    assert "1 contract passed the day to speak by with nothing decided." in page
    assert "1 day overdue" in page
    missed.decision = RenewalDecision.RENEGOTIATE
    stage.commit()
    page = words(ben.get("/renewals"))
    assert "Harbour" not in page
    assert "No contract needs a decision within 60 days." in page


@pytest.mark.parametrize(
    "more",
    [{"status": ContractStatus.ENDED}, {"status": ContractStatus.IN_NOTICE}, {"archived_at": clock.now()}],
    ids=["ended", "notice given", "archived"],
)
def test_what_needs_no_word_is_not_there(more, contract, sign_in, cast, words):
    contract("Harbour", 20, **more)
    page = words(sign_in(cast.ben).get("/renewals"))
    assert "Harbour" not in page
    assert "No contract needs a decision within 60 days." in page
    assert "Nothing to renew" in page


def test_across_the_clients_that_one_sees(contract, sign_in, cast, words):
    contract("Ours", 20)
    contract("Theirs", 10, client_id=2)
    seen = {
        name: vendors(words(sign_in(getattr(cast, name)).get("/renewals")), "Ours", "Theirs")
        for name in ("ben", "finn", "eve", "ada")
    }
    assert seen == {"ben": ["Ours"], "finn": ["Theirs"], "eve": [], "ada": ["Theirs", "Ours"]}
    for name in ("cora", "vic", "uma", "abe"):
        assert sign_in(getattr(cast, name)).get("/renewals").status_code == 403, name


def test_of_one_client(contract, sign_in, cast, words):
    """Who is offered is in the list; who is not there for the viewer is no choice."""
    contract("Ours", 20)
    contract("Theirs", 10, client_id=2)
    ada, ben = sign_in(cast.ada), sign_in(cast.ben)
    assert vendors(words(ada.get("/renewals?client=2")), "Ours", "Theirs") == ["Theirs"]
    assert "Ours" not in ada.get("/renewals.csv?client=2").get_data(as_text=True)
    page = words(ben.get("/renewals?client=2"))
    assert vendors(page, "Ours", "Theirs") == ["Ours"]
    assert "Umbra" not in page


def test_contracts_of_an_archived_client_are_over(contract, sign_in, cast, words, stage):
    contract("Harbour", 20)
    stage.get(Client, 1).archived_at = clock.now()
    stage.commit()
    assert "Harbour" not in words(sign_in(cast.ada).get("/renewals"))


def test_searched_filtered_exported_and_opened(contract, sign_in, cast, words, stage):
    contract("Harbour", 20, owner_name="Huw")
    contract("Copyhaus", 30, decision=RenewalDecision.RENEW)
    ben = sign_in(cast.ben)
    assert vendors(words(ben.get("/renewals?q=harb")), "Harbour", "Copyhaus") == ["Harbour"]
    assert vendors(words(ben.get("/renewals?decision=renew")), "Harbour", "Copyhaus") == ["Copyhaus"]
    assert "Nothing matches" in words(ben.get("/renewals?q=zebra"))
    assert f'href="{CALENDAR}"' in ben.get("/renewals").get_data(as_text=True), "the client leads to its own"
    lines = ben.get("/renewals.csv?q=harb").get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{TODAY + timedelta(20)},")
    assert ",7200," in lines[1]
    row = stage.scalars(select(VendorContract).where(VendorContract.vendor == "Harbour")).one()
    assert f"/clients/1/areas/vendors/contracts/{row.id}" in ben.get("/renewals").get_data(as_text=True)


def test_rows_cost_no_statements(contract, sign_in, cast, statements):
    contract("One", 5)
    ben = sign_in(cast.ben)
    ben.get("/renewals")
    with statements() as few:
        ben.get("/renewals")
    for n in range(6):
        contract(f"More {n}", 10 + n, owner_contact_id=1)
    with statements() as many:
        ben.get("/renewals")
    assert len(few) == len(many) <= 12


def test_clients_cost_no_statements(contract, sign_in, cast, stage, statements):
    """Who serves a client is asked of each row, and read for all of them at once."""
    contract("One", 5)
    ben = sign_in(cast.ben)
    with statements() as few:
        ben.get("/renewals")
    stage.add(assignment(cast.umbra, cast.persons.ben, AssignmentRole.SPECIALIST))
    stage.commit()
    contract("Two", 5, client_id=2)
    with statements() as many:
        assert ben.get("/renewals").text.count("Ask for a decision") == 2
    assert len(few) == len(many)


CALENDAR = "/clients/1/areas/vendors/contracts/calendar"


def test_the_contracts_of_one_client(contract, sign_in, cast, words):
    """By the day to speak by, whenever that is; what they cost, what is missing, and those that are over left out."""
    contract("Harbour", 45, owner_name="Huw", personal_data=False)
    contract("Pipelio", -3, personal_data=True)
    contract("Frost", 400, decision=RenewalDecision.RENEW)
    contract("Leaving", 10, status=ContractStatus.IN_NOTICE)
    contract("Over", 20, status=ContractStatus.ENDED)
    contract("Theirs", 20, client_id=2)
    page = words(sign_in(cast.ben).get(CALENDAR))
    assert vendors(page, "Harbour", "Pipelio", "Frost", "Leaving", "Over", "Theirs") == [
        "Pipelio",
        "Leaving",
        "Harbour",
        "Frost",
    ]
    said = "3 active contracts of Northwind cost £21,600 a year; 1 passed the day to speak by with nothing decided, and 1 needs a decision"
    assert said in page
    assert "Owner, end or notice missing 2" in page
    assert "Data terms missing 2" in page, "what is not known is not covered"
    assert "Notice given" in page
    assert sign_in(cast.finn).get(CALENDAR).status_code == 404
