"""Cora lets colleagues look in and ends it, without asking anybody; the lead is told."""

import re

import pytest
from sqlalchemy import func, select, update

from crm.accounts.invitations import Invitation
from crm.accounts.models import Account, Standing
from crm.audit.models import AuditEntry
from crm.clients.models import Contact, Department, DepartmentKind
from crm.core.clock import now
from crm.outbox.models import DemoMail, Outbox
from crm.outbox.worker import Worker
from crm.practice.models import Practice

GWEN = {"name": "Gwen", "email": "gwen@client1.example"}
PAGE = "/portal/people"


@pytest.fixture
def cora(sign_in, cast, stage):
    stage.get(Practice, 1).is_demo = True
    stage.add(Department(id=1, client_id=1, kind=DepartmentKind.FINANCE, name="Finance"))
    stage.add(Department(id=2, client_id=2, kind=DepartmentKind.FINANCE, name="Finance of Umbra"))
    stage.commit()
    return sign_in(cast.cora)


def told(app, stage):
    Worker(app).run(until_empty=True)
    stage.expire_all()
    return [(one.recipient, one.subject) for one in stage.scalars(select(DemoMail).order_by(DemoMail.id))]


def standing(stage, email):
    stage.expire_all()
    asked = select(Standing).join(Account).where(Account.email == email).order_by(Standing.id.desc())
    return stage.scalars(asked).first()


def test_a_viewer_is_let_in_in_one_page(cora, app, stage, words):
    page = cora.get(PAGE)
    assert "Finance of Umbra" not in page.text
    assert "Uma" not in page.text
    done = cora.send(PAGE, **GWEN, department_id="1", once="k")
    assert (done.status_code, done.location) == (303, PAGE)
    assert cora.send(PAGE, **GWEN, department_id="1", once="k").location == PAGE
    made = standing(stage, GWEN["email"])
    contact = stage.get(Contact, made.contact_id)
    assert (made.role, made.client_id, contact.department_id) == ("viewer", 1, 1)
    assert told(app, stage) == [
        (GWEN["email"], "Your way in to Larkmoor"),
        ("ben@example.test", "Gwen of Northwind may look in from now on"),
    ]
    assert stage.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.verb == "viewer.invite")) == 1
    shown = words(cora.get(PAGE))
    assert "3 people of Northwind have a way in here, 2 of them to look on" in shown
    assert "gwen@client1.example, Finance. Invited, the link works until" in shown


def test_what_is_wrong_is_said_and_what_was_typed_stays(cora, stage):
    answer = cora.send(PAGE, name="Gwen", email="gwen", department_id="2")
    assert answer.status_code == 422
    assert 'value="gwen"' in answer.text
    assert "Choose one of the list" in answer.text, "the department of another company is none"
    assert stage.scalar(select(func.count(Invitation.id))) == 0


@pytest.mark.parametrize(
    ("email", "said"),
    [("vic@example.test", "looks in already"), ("ben@example.test", "cannot be let in from here")],
)
def test_who_is_here_already_and_our_own_people_are_not_let_in(cora, stage, email, said):
    answer = cora.send(PAGE, name="Somebody", email=email)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert stage.scalar(select(func.count(Standing.id))) == 9
    assert stage.scalar(select(func.count(Contact.id))) == 3, "nobody was written down either"


def test_somebody_of_two_companies_keeps_one_account(cora, cast, app, stage):
    stage.execute(update(Account).where(Account.id == cast.uma.id).values(password="set"))
    stage.commit()
    assert cora.send(PAGE, name="Uma", email="uma@example.test").status_code == 303
    hats = stage.scalars(select(Standing).where(Standing.account_id == cast.uma.id).order_by(Standing.id)).all()
    assert [(one.role, one.client_id) for one in hats] == [("sponsor", 2), ("viewer", 1)]
    assert ("uma@example.test", "You may look at Northwind too") in told(app, stage)
    stage.expire_all()
    assert stage.get(Account, cast.uma.id).password == "set"


def test_removed_they_are_out_at_once_and_may_be_let_in_again(cora, cast, sign_in, app, stage, words):
    vic = sign_in(cast.vic)
    assert vic.get("/portal").status_code == 200
    end = f"{PAGE}/{cast.vic.standings[0].id}/remove"
    assert cora.send(end).status_code == 303
    assert vic.get("/portal").status_code == 303
    stage.expire_all()
    assert stage.get(Account, cast.vic.id).active is False
    assert stage.get(Contact, 2).archived_at is None
    assert told(app, stage) == [("ben@example.test", "Vic of Northwind looks in no more")]
    assert "Vic" not in words(cora.get(PAGE))
    assert cora.send(end).status_code == 404
    assert cora.send(PAGE, name="Vic", email="vic@example.test").status_code == 303
    assert standing(stage, "vic@example.test").ended_at is None
    assert ("vic@example.test", "Your way in to Larkmoor") in told(app, stage)


def test_one_of_two_companies_is_left_and_the_other_stays(cora, cast, sign_in, stage):
    stage.add(Contact(id=9, client_id=2, name="Vic", email="vic@client2.example"))
    stage.flush()
    stage.add(Standing(id=90, account_id=cast.vic.id, role="viewer", contact_id=9, client_id=2))
    stage.commit()
    assert cora.send(f"{PAGE}/{cast.vic.standings[0].id}/remove").status_code == 303
    stage.expire_all()
    assert stage.get(Account, cast.vic.id).active
    assert "Umbra" in sign_in(cast.vic).get("/portal").text
    assert cora.send(f"{PAGE}/90/remove").status_code == 404, "what they are elsewhere is not Cora's"


def test_sponsors_are_nobodys_to_let_in_or_to_remove_here(cora, cast, stage):
    assert cora.send(f"{PAGE}/{cast.cora.standings[0].id}/remove").status_code == 404
    assert cora.send(f"{PAGE}/{cast.uma.standings[0].id}/remove").status_code == 404
    assert cora.send(PAGE, **GWEN, role="sponsor", client_id="2").status_code == 303
    made = standing(stage, GWEN["email"])
    assert (made.role, made.client_id) == ("viewer", 1)


def test_what_the_office_closed_is_nobodys_to_open_by_an_invitation(cora, cast, stage):
    """Or a sponsor whom an admin shut out would be one again, let in by another as somebody who only looks on."""
    stage.add(Contact(id=9, client_id=1, name="Sid", email="sid@client1.example"))
    stage.add(Account(id=90, email="sid@client1.example", name="Sid", created_at=now(), active=False, password="set"))
    stage.flush()
    stage.add(Standing(id=90, account_id=90, role="sponsor", contact_id=9, client_id=1))
    stage.commit()
    answer = cora.send(PAGE, name="Sid", email="sid@client1.example")
    assert (answer.status_code, "cannot be let in from here" in answer.text) == (422, True)
    stage.expire_all()
    assert stage.get(Account, 90).active is False
    assert stage.get(Account, 90).password == "set"


def test_an_invitation_is_sent_again(cora, app, stage):
    cora.send(PAGE, **GWEN)
    again = f"{PAGE}/{standing(stage, GWEN['email']).id}/again"
    links = []
    for _ in range(2):
        Worker(app).run(until_empty=True)
        stage.expire_all()
        mails = stage.scalars(select(DemoMail.body).where(DemoMail.recipient == GWEN["email"]).order_by(DemoMail.id))
        links.append(re.findall(r"/invitation/[\w.\-]+", mails.all()[-1])[0])
        assert cora.send(again).status_code == 303
    assert links[0] != links[1]
    assert app.test_client().get(links[0]).status_code == 410


def test_the_page_asks_no_more_with_more_people(cora, stage, statements):
    def asked():
        with statements() as seen:
            assert cora.get(PAGE).status_code == 200
        return len(seen)

    few = asked()
    for n in range(8):
        cora.send(PAGE, name=f"Many {n}", email=f"many{n}@client1.example", department_id="1")
    assert asked() == few <= 12


def test_mails_to_one_person_are_few_and_cost_the_sponsor_none_of_their_own(cora, app, stage, cast):
    """Asking somebody again fills no mailbox of theirs; whoever let colleagues in can still ask for a new password."""
    assert cora.send(PAGE, **GWEN).status_code == 303
    made = standing(stage, GWEN["email"])
    again = [cora.send(f"{PAGE}/{made.id}/again", once=f"again {n}").status_code for n in range(4)]
    assert again == [303] * 3 + [429]
    for n in range(3):
        assert cora.send(PAGE, name=f"Guest {n}", email=f"guest{n}@client1.example").status_code == 303
    stranger = app.test_client()
    stranger.post("/forgotten", data={"email": cast.cora.email, "once": "forgot"})
    asked = stage.scalars(select(Outbox.payload).where(Outbox.topic == "account.reset_asked")).all()
    assert [one["account_id"] for one in asked] == [cast.cora.id]


@pytest.mark.parametrize(
    "name", ["Win at https://evil.example", "see evil.example", "www.evil", "Gwen <b>", "gwen@evil", "a/b"]
)
def test_the_greeting_of_an_invitation_carries_no_address(name, cora, stage, words):
    """Or a borrowed account would send anybody mail of ours that leads elsewhere."""
    answer = cora.send(PAGE, name=name, email="somebody@elsewhere.example")
    assert (answer.status_code, "Write the name alone" in words(answer)) == (422, True)
    assert stage.scalar(select(func.count(Invitation.id))) == 0


@pytest.mark.parametrize("name", ["Zoë O’Neill-Çelik", "J. R. St.John", "Dr. rer. nat. Ann Lee", "李雷", "J.Smith"])
def test_any_name_is_a_name(name, cora, stage):
    assert cora.send(PAGE, name=name, email="somebody@client1.example").status_code == 303
    assert stage.scalar(select(Account.name).where(Account.email == "somebody@client1.example")) == name
