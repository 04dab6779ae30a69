"""Departments and contacts: one head a department, a day for each consent, archived and never deleted."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.clients.models import Activity, Attendee, Consent, Contact, Department
from crm.core.clock import now
from tests.cast import TODAY
from tests.html import faults

MARTIN = {"name": "Martin Finch", "role": "Finance director", "email": "Martin@Northwind.example", "phone": "0113 496 0100",
          "department_id": "1", "is_head": "yes", "decides": "yes", "consent": "given", "consent_on": "2026-01-05"}  # fmt: skip
NELL = {"name": "Nell", "consent": "not_asked"}
DEPOT = {"kind": "operations", "name": "Warehouse", "people": "41"}
REFUSED = [("finn", 404), ("eve", 404), ("abe", 403), ("cora", 403), ("vic", 403)]


@pytest.fixture
def finance(stage, cast):
    stage.add(Department(id=1, client_id=1, kind="finance", name="Finance"))
    stage.add(Department(id=2, client_id=2, kind="finance", name="Umbra’s finance"))
    stage.commit()
    return cast


def contacts(stage):
    stage.expire_all()
    return {one.name: one for one in stage.scalars(select(Contact).where(Contact.client_id == 1))}


def departments(stage):
    stage.expire_all()
    return {one.name: one for one in stage.scalars(select(Department).where(Department.client_id == 1))}


# Contacts


def test_a_contact_is_added_with_all_that_is_known(sign_in, finance, stage):
    ben = sign_in(finance.ben)
    assert faults(ben.get("/clients/1/contacts/new").text) == []
    answer = ben.send("/clients/1/contacts/new", **MARTIN)
    assert (answer.status_code, answer.location) == (303, "/clients/1/people#contacts")
    made = contacts(stage)["Martin Finch"]
    assert (made.role, made.email, made.phone, made.department_id, made.is_head, made.decides, made.consent.value) == (
        "Finance director", "martin@northwind.example", "0113 496 0100", 1, True, True, "given")  # fmt: skip
    assert made.consent_on.isoformat() == "2026-01-05"
    page = ben.get("/clients/1/people").text
    assert faults(page) == []
    for said in ("Martin Finch", "martin@northwind.example", "May sponsor", "Head", "Given", "Sponsors ENG-001"):
        assert said in page
    own = ben.get(f"/clients/1/contacts/{made.id}").text
    assert faults(own) == []
    assert "added the contact" in own
    assert "Finance, its head" in own


@pytest.mark.parametrize(("who", "code"), REFUSED)
def test_who_may_not(who, code, sign_in, finance, stage):
    browser = sign_in(getattr(finance, who))
    for address in ("/clients/1/contacts/new", "/clients/1/contacts/1/edit", "/clients/1/departments/new", "/clients/1/departments/1/edit"):  # fmt: skip
        assert browser.get(address).status_code == code
        assert browser.send(address, **NELL, kind="finance").status_code == code
    for address in ("/clients/1/contacts/2/archive", "/clients/1/contacts/2/restore", "/clients/1/departments/1/archive", "/clients/1/departments/1/restore"):  # fmt: skip
        assert browser.send(address).status_code == code
    assert set(contacts(stage)) == {"Cora", "Vic"}
    assert set(departments(stage)) == {"Finance"}
    assert stage.scalars(select(AuditEntry)).all() == []


def test_another_clients_rows_are_not_there(sign_in, finance, stage):
    ada = sign_in(finance.ada)
    for address in ("/clients/1/contacts/3", "/clients/1/contacts/3/edit", "/clients/1/departments/2/edit"):
        assert ada.get(address).status_code == 404
    assert ada.send("/clients/1/contacts/3/edit", **NELL).status_code == 404
    answer = ada.send("/clients/1/contacts/new", **NELL, department_id="2")  # a department of Umbra
    assert answer.status_code == 422
    assert set(contacts(stage)) == {"Cora", "Vic"}


def test_pressed_twice_there_is_one(sign_in, finance, stage):
    ben = sign_in(finance.ben)
    assert [ben.send("/clients/1/contacts/new", once="k", **NELL).status_code for _ in range(2)] == [303, 303]
    assert [ben.send("/clients/1/departments/new", once="d", **DEPOT).status_code for _ in range(2)] == [303, 303]
    assert set(contacts(stage)) == {"Cora", "Vic", "Nell"}
    assert set(departments(stage)) == {"Finance", "Warehouse"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Write their name"),
        ({"email": "martin at home"}, "Write a mail address like name@company.example"),
        ({"phone": "0" * 41}, "Write at most 40 characters, this is 41"),
        ({"department_id": ""}, "Choose the department that they head"),
        ({"consent": ""}, "Choose one"),
        ({"consent_on": ""}, "Write the day on which they said so, like 2026-11-20"),
        ({"consent_on": (TODAY + timedelta(1)).isoformat()}, "Write a day that has been"),
        ({"consent": "withdrawn", "consent_on": ""}, "Write the day on which they said so"),
    ],
)
def test_a_wrong_answer_keeps_what_was_typed(typed, said, sign_in, finance, stage):
    answer = sign_in(finance.ben).send("/clients/1/contacts/new", **MARTIN | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Finance director" in answer.text
    assert faults(answer.text) == []
    assert set(contacts(stage)) == {"Cora", "Vic"}


def test_consent_is_withdrawn_and_forgotten_when_not_asked(sign_in, finance, stage):
    ben = sign_in(finance.ben)
    ben.send("/clients/1/contacts/1/edit", name="Cora", consent="withdrawn", consent_on=TODAY.isoformat())
    assert (contacts(stage)["Cora"].consent, contacts(stage)["Cora"].consent_on) == (Consent.WITHDRAWN, TODAY)
    ben.send("/clients/1/contacts/1/edit", version=2, name="Cora", consent="not_asked", consent_on=TODAY.isoformat())
    assert (contacts(stage)["Cora"].consent, contacts(stage)["Cora"].consent_on) == (Consent.NOT_ASKED, None)


def test_a_department_has_one_head(sign_in, finance, stage):
    ben = sign_in(finance.ben)
    ben.send("/clients/1/contacts/new", **MARTIN)
    assert ben.send("/clients/1/contacts/new", **MARTIN | {"name": "Raj"}).status_code == 303
    heads = {name: one.is_head for name, one in contacts(stage).items()}
    assert heads == {"Cora": False, "Vic": False, "Martin Finch": False, "Raj": True}
    assert "Raj is the head now" in ben.get("/clients/1/history").text
    page = ben.get("/clients/1/people").text
    assert page.count('<span class="tag">Head</span>') == 1


def test_two_who_edit_one_contact(sign_in, finance, stage):
    ada, ben = sign_in(finance.ada), sign_in(finance.ben)
    ada.send("/clients/1/contacts/1/edit", **NELL | {"name": "Cora", "role": "Chair", "decides": "yes"})
    clash = ben.send("/clients/1/contacts/1/edit", name="Cora", role="Owner", consent="given", consent_on="2026-01-05")
    assert clash.status_code == 409
    assert faults(clash.text) == []
    for said in ("Now it says: <b>Chair</b>", 'value="Owner"', "Now it says: <b>Not asked yet</b>", "Now it says: <b>yes</b>"):  # fmt: skip
        assert said in clash.text
    assert contacts(stage)["Cora"].role == "Chair"


def test_archived_and_back(sign_in, finance, stage):
    ben = sign_in(finance.ben)
    ben.send("/clients/1/contacts/2/edit", name="Vic", consent="not_asked", department_id="1", is_head="yes")
    assert ben.send("/clients/1/contacts/2/archive", version=2).location == "/clients/1/people#contacts"
    vic = contacts(stage)["Vic"]
    assert vic.archived_at
    assert not vic.is_head
    assert ">Vic</a>" not in ben.get("/clients/1/people").text
    assert ">Vic</a>" in ben.get("/clients/1/people?state=archived").text
    assert ben.send("/clients/1/contacts/2/archive", version=3).status_code == 409
    assert ben.send("/clients/1/contacts/2/restore", version=3).status_code == 303
    assert ben.send("/clients/1/contacts/2/restore", version=4).status_code == 409
    assert contacts(stage)["Vic"].archived_at is None


def test_a_sponsor_is_not_archived(sign_in, finance, stage):
    answer = sign_in(finance.ben).send("/clients/1/contacts/1/archive")
    assert answer.status_code == 409
    assert "Cora sponsors ENG-001. Name another sponsor there first." in answer.text
    assert faults(answer.text) == []
    assert contacts(stage)["Cora"].archived_at is None


def test_the_list_is_searched_and_filtered(sign_in, finance, stage):
    ben = sign_in(finance.ben)
    ben.send("/clients/1/contacts/new", **MARTIN)
    for asked, found in (
        ("q=finance", ["Martin Finch"]), ("q=client1", ["Cora", "Vic"]), ("department=1", ["Martin Finch"]),
        ("sort=-name", ["Vic", "Martin Finch", "Cora"]), ("q=%25", []), ("department=2", ["Cora", "Martin Finch", "Vic"]),
    ):  # fmt: skip
        page = ben.get(f"/clients/1/people?{asked}").text
        names = [part.split("<")[0] for part in page.split('<tr id="contact-')[1:] for part in [part.split('">')[3]]]
        assert names == found, asked
        assert faults(page) == []


def test_the_export_is_what_the_list_shows(sign_in, finance, stage):
    ben = sign_in(finance.ben)
    ben.send("/clients/1/contacts/new", **MARTIN | {"name": "=Martin"})
    assert 'href="/clients/1/contacts.csv?q=finance"' in ben.get("/clients/1/people?q=finance").text
    answer = ben.get("/clients/1/contacts.csv?q=finance")
    (one,) = csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert one == {
        "Name": "'=Martin", "Role": "Finance director", "Department": "Finance", "Head": "yes", "Mail": "martin@northwind.example",
        "Telephone": "0113 496 0100", "May sponsor": "yes", "Sponsors": "", "Consent": "Given", "Since": "2026-01-05",
    }  # fmt: skip
    everybody = ben.get("/clients/1/contacts.csv?sort=-name").get_data(as_text=True)
    assert [one["Name"] for one in csv.DictReader(io.StringIO(everybody.removeprefix("\ufeff")))] == [
        "Vic",
        "Cora",
        "'=Martin",
    ]
    assert "ENG-001" in everybody
    for who, code in REFUSED:
        assert sign_in(getattr(finance, who)).get("/clients/1/contacts.csv").status_code == code


def test_the_contacts_page_tells_what_passed(sign_in, finance, stage):
    stage.add(
        Activity(
            id=1, client_id=1, kind="call", happened_on=TODAY, title="The exit clause", person_id=2, written_at=now()
        )
    )
    stage.flush()
    stage.add(Attendee(client_id=1, activity_id=1, contact_id=1))
    stage.commit()
    ben = sign_in(finance.ben)
    assert "The exit clause" in ben.get("/clients/1/contacts/1").text
    assert "The exit clause" not in ben.get("/clients/1/contacts/2").text


# Departments


def test_a_department_is_added_edited_and_archived(sign_in, finance, stage):
    ben = sign_in(finance.ben)
    assert ben.send("/clients/1/departments/new", **DEPOT).location == "/clients/1/people#departments"
    made = departments(stage)["Warehouse"]
    assert (made.kind.value, made.people) == ("operations", 41)
    address = f"/clients/1/departments/{made.id}"
    assert faults(ben.get(f"{address}/edit").text) == []
    assert ben.send(f"{address}/edit", **DEPOT | {"people": "44"}).status_code == 303
    assert departments(stage)["Warehouse"].people == 44
    assert ben.send(f"{address}/archive", version=2).status_code == 303
    assert departments(stage)["Warehouse"].archived_at
    assert ben.send(f"{address}/archive", version=3).status_code == 409
    assert "Warehouse" not in ben.get("/clients/1/contacts/new").text  # not to choose any more
    assert ben.send(f"{address}/restore", version=3).status_code == 303
    assert ben.send(f"{address}/restore", version=4).status_code == 409
    history = ben.get("/clients/1/history").text
    assert "People: 41, now 44" in history
    assert "restored the department" in history


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": ""}, "Choose what kind of department it is"),
        ({"name": ""}, "Write what they call it"),
        ({"people": "some"}, "Write a whole number"),
        ({"name": "Finance"}, "There is a department of that name already, perhaps an archived one."),
    ],
)
def test_a_wrong_department_is_asked_again(typed, said, sign_in, finance, stage):
    answer = sign_in(finance.ben).send("/clients/1/departments/new", **DEPOT | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert faults(answer.text) == []
    assert set(departments(stage)) == {"Finance"}


def test_two_who_edit_one_department(sign_in, finance, stage):
    ada, ben = sign_in(finance.ada), sign_in(finance.ben)
    ada.send("/clients/1/departments/1/edit", kind="finance", name="Money", people="9")
    clash = ben.send("/clients/1/departments/1/edit", kind="legal", name="Finance", people="8")
    assert clash.status_code == 409
    for said in (
        "Now it says: <b>Money</b>",
        'value="Finance"',
        "Now it says: <b>Finance</b>",
        "Now it says: <b>9</b>",
    ):
        assert said in clash.text
    assert faults(clash.text) == []
    assert set(departments(stage)) == {"Money"}
