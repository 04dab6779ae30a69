"""What the forms of the registers ask, offer and refuse, beyond what each field says for itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.areas.budget.models import Saving
from crm.areas.data.models import Signal, SignalReading
from crm.areas.vendors.models import VendorContract
from crm.audit.models import AuditText
from crm.core import clock
from crm.core.words import short_day
from crm.registers.models import RegisterEntry
from tests.cast import TODAY
from tests.registers.test_contract import FILLED

LATER, SOONER = str(TODAY + timedelta(9)), str(TODAY - timedelta(9))


@pytest.mark.parametrize(
    ("register", "but", "sentence"),
    [
        ("vendors/contracts", {"start": LATER, "end": SOONER}, "It cannot end before it begins"),
        ("vendors/contracts", {"decided_on": SOONER}, "Choose what was decided, or leave the day empty"),
        ("vendors/contracts", {"satisfaction": "6"}, "Write a number from 1 to 5, like 3.5"),
        ("vendors/contracts", {"sla_met": "101"}, "Write a number from 0 to 100, like 3.5"),
        ("vendors/contracts", {"satisfaction": "good"}, "Write a number from 1 to 5 with at most two decimals, like 3.5"),
        ("vendors/contracts", {"annual_cost": "-5"}, "Write a number that is not below 0, like 5200 or 5200.50"),
        ("vendors/contracts", {"annual_cost": "9999999999"}, "Write a number below 1,000,000,000, like 5200 or 5200.50"),
        ("vendors/contracts", {"tier": ""}, "Choose how much hangs on the vendor"),
        ("vendors/contracts", {"service_id": "9"}, "Choose one of the list"),
        ("strategy/initiatives", {"departments": []}, "Choose at least one department that it touches"),
        ("strategy/initiatives", {"departments": ["gardening"]}, "Choose from the list"),
        ("strategy/initiatives", {"start": LATER, "due": SOONER}, "It cannot be due before it begins"),
        ("strategy/initiatives", {"owner_party": "contact-1", "owner_name": "Ed"}, "Choose an owner or write a name, not both"),
        ("services/services", {"energy_kwh_year": "-1"}, "Write a number from 0, like 3.5"),
        ("transformation/improvements", {"stage": "benefit_confirmed"}, "Say when the benefit was checked"),
        ("security/incidents", {"closed_on": "2026-04-30"}, "It cannot be closed before it happened"),
        ("security/controls", {"evidence_url": "doc:fw"}, "Write a web address that begins with https://"),
        ("talent/skills", {"employment": "vacant"}, "A vacant role has nobody"),
        ("talent/skills", {"level_now": "6"}, "Write a whole number from 0 to 5"),
        ("innovation/ideas", {"stage_since": "2026-08-01"}, "It cannot be in this stage before it was put forward"),
        ("innovation/ideas", {"answered_on": "2026-08-01"}, "It cannot be answered before it was put forward"),
        ("data/assets", {"personal_data": ""}, "Say whether it is personal data"),
        ("data/signals", {"readings": "2026-10"}, "Write a month and its figure on each line, like 2026-11 870"),
        ("data/signals", {"readings": "2026-10 4\n2026-10 5"}, "Write each month once"),
        ("compliance/obligations", {"approved_on": SOONER}, "Say who approved it, or leave the day empty"),
        ("stakeholders/stakeholders", {"influence": "0"}, "Write a whole number from 1 to 5"),
        ("stakeholders/commitments", {"due": "2026-09-01"}, "It cannot be due before it was promised"),
        ("stakeholders/commitments", {"status": "kept"}, "Say on which day it was done"),
        ("stakeholders/commitments", {"done_on": "2026-11-01"}, "A promise that was done is kept or late"),
        ("stakeholders/commitments", {"status": "late", "done_on": "2026-11-01"}, "It was done in time: choose Kept"),
        ("continuity/critical-services", {"exercise_result": "pass"}, "Say when it was exercised"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_kept(register, but, sentence, sign_in, cast, stage, words):
    said = FILLED[register.partition("/")[2]] | but
    answer = sign_in(cast.ben).send(f"/clients/1/areas/{register}/new", **said)
    assert (answer.status_code, sentence in words(answer)) == (422, True), words(answer)[:2000]
    assert stage.scalars(select(RegisterEntry)).all() == []


def test_what_nobody_types_is_told_beside_the_form(sign_in, cast, stage, words):
    """The day to speak by hangs on the end and the notice: the page of the row says it, its form does not ask."""
    said = FILLED["contracts"] | {"start": "", "end": str(TODAY + timedelta(40)), "notice_days": "30"}
    ben = sign_in(cast.ben)
    assert ben.send(f"{CONTRACTS}new", **said).status_code == 303
    row = stage.scalars(select(RegisterEntry)).one()
    page = words(ben.get(f"{CONTRACTS}{row.id}"))
    told = f"Worked out from what is written here Speak by {short_day(TODAY + timedelta(10))}"
    assert told in page
    ben.send(f"{CONTRACTS}{row.id}/archive", version=row.version)
    assert "Worked out" not in words(ben.get(f"{CONTRACTS}{row.id}")), "what is put away tells all of it in one list"


SAVINGS, CONTRACTS = "/clients/1/areas/budget/savings/", "/clients/1/areas/vendors/contracts/"
CONTRACT, SAVING = FILLED["contracts"], FILLED["savings"]


@pytest.fixture
def contract(sign_in, cast, stage):
    sign_in(cast.ben).send(f"{CONTRACTS}new", **CONTRACT)
    return stage.scalars(select(VendorContract)).one()


def test_a_row_of_another_register_is_chosen_by_name(contract, sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    assert "Harbour Telecom, Lines and handsets" in words(ben.get(f"{SAVINGS}new"))
    assert ben.send(f"{SAVINGS}new", **SAVING, contract_id=str(contract.id)).status_code == 303
    assert stage.scalars(select(Saving)).one().contract_id == contract.id
    assert "Harbour Telecom, Lines and handsets" in words(ben.get(SAVINGS))


def test_an_archived_row_stays_where_it_is_named_and_is_offered_nowhere_else(contract, sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    ben.send(f"{SAVINGS}new", **SAVING, contract_id=str(contract.id))
    ben.send(f"{CONTRACTS}{contract.id}/archive", version=contract.version)
    saving = stage.scalars(select(Saving)).one()
    assert "Harbour Telecom" not in words(ben.get(f"{SAVINGS}new"))
    assert ben.send(f"{SAVINGS}new", **SAVING, contract_id=str(contract.id)).status_code == 422
    assert "Harbour Telecom" in words(ben.get(f"{SAVINGS}{saving.id}"))
    kept = SAVING | {"title": "Renamed", "contract_id": str(contract.id)}
    assert ben.send(f"{SAVINGS}{saving.id}", version=saving.version, **kept).status_code == 303


def test_who_has_left_stays_where_they_are_named_and_is_offered_nowhere_else(sign_in, cast, stage, words):
    """Saving a row must not take its owner away because they left the client, or us."""
    ben, gone, left = sign_in(cast.ben), cast.contacts.vic, cast.persons.tess
    said = {
        "contract": CONTRACT | {"owner_party": f"contact-{gone.id}"},
        "other": CONTRACT | {"owner_party": f"person-{left.id}"},
    }
    for one in said.values():
        assert ben.send(f"{CONTRACTS}new", **one).status_code == 303
    gone.archived_at, left.left_on = clock.now(), TODAY - timedelta(2)
    stage.commit()
    assert gone.name not in words(ben.get(f"{CONTRACTS}new"))
    assert left.name not in words(ben.get(f"{CONTRACTS}new"))
    rows = stage.scalars(select(VendorContract).order_by(VendorContract.id)).all()
    for row, (party, one) in zip(rows, said.items(), strict=True):
        chosen = one["owner_party"]
        assert f'<option value="{chosen}" selected>' in ben.get(f"{CONTRACTS}{row.id}").get_data(as_text=True), party
        assert ben.send(f"{CONTRACTS}{row.id}", version=row.version, **(one | {"what": "Lines"})).status_code == 303, (
            party
        )
        stage.expire_all()
        assert (row.what, row.owner_party) == ("Lines", chosen)


def test_a_row_of_another_client_is_not_there_to_choose(contract, sign_in, cast, stage):
    """Finn serves Umbra alone: Northwind's contract is no choice of his, and the table would refuse it as well."""
    answer = sign_in(cast.finn).send("/clients/2/areas/budget/savings/new", **SAVING, contract_id=str(contract.id))
    assert answer.status_code == 422
    assert stage.scalars(select(Saving)).all() == []


def test_not_known_is_an_answer_of_its_own(contract, sign_in, cast, stage):
    ben, one = sign_in(cast.ben), f"{CONTRACTS}{contract.id}"
    assert (contract.personal_data, contract.data_not_covered) == (None, True)
    for typed, kept, uncovered in (("no", False, False), ("yes", True, True), ("", None, True)):
        assert ben.send(one, version=contract.version, **CONTRACT, personal_data=typed).status_code == 303
        stage.expire_all()
        assert (contract.personal_data, contract.data_not_covered) == (kept, uncovered)
    assert "Holds personal data: nothing, now no" in "\n".join(stage.scalars(select(AuditText.body)))


def test_readings_go_with_their_signal(sign_in, cast, stage, words, see):
    ben, here = sign_in(cast.ben), "/clients/1/areas/data/signals/"
    ben.send(f"{here}new", **FILLED["signals"])
    row = stage.scalars(select(Signal)).one()
    assert [str(one) for one in row.readings] == ["2026-09 201", "2026-10 212"]
    assert "2026-09 201\n2026-10 212" in ben.get(f"{here}{row.id}").get_data(as_text=True)

    def seen(who):
        with see(who) as session:
            return len(session.scalars(select(SignalReading)).all())

    assert (seen(cast.ben), seen(cast.cora), seen(cast.vic), seen(cast.uma)) == (2, 0, 0, 0)
    ben.send(f"{here}{row.id}/sharing", version=row.version)
    assert (seen(cast.cora), seen(cast.vic), seen(cast.uma)) == (2, 0, 0)
    stage.expire_all()
    more = FILLED["signals"] | {"readings": "2026-10 213\n2026-11 220"}
    assert ben.send(f"{here}{row.id}", version=row.version, **more).status_code == 303
    stage.expire_all()
    assert [str(one) for one in row.readings] == ["2026-10 213", "2026-11 220"]
    assert seen(cast.cora) == 2
    ben.send(f"{here}{row.id}/return", version=row.version)
    assert seen(cast.cora) == 0
    assert "2026-10 212, now" in "\n".join(stage.scalars(select(AuditText.body))).replace("2026-09 201, ", "")
