"""A link answers for the client, so it goes only where somebody other than whoever typed the address stands for it."""

import pytest
from sqlalchemy import select, update

from crm.accounts.models import Standing
from crm.audit.models import AuditEntry
from crm.clients.models import Contact
from crm.engagements.people import Delegation
from crm.outbox.models import DemoMail, Outbox
from crm.practice.models import Practice
from tests.cast import TODAY

OTHER = {"name": "Cora", "email": "cora.new@elsewhere.example", "consent": "not_asked", "decides": "y"}
PAGE = "/clients/1/contacts/1"


@pytest.fixture
def keyless(cast, stage):
    """Cora signs off by mail alone: she has no account."""
    stage.execute(
        update(Standing)
        .where(Standing.contact_id == 1)
        .values(contact_id=None, client_id=None, person_id=6, role="consultant")
    )
    stage.execute(update(Contact).where(Contact.id == 1).values(vouched=Contact.email))
    stage.execute(update(Practice).values(is_demo=True))
    stage.commit()
    return stage.get(Contact, 1)


@pytest.fixture
def sent(tell, stage):
    """Subjects and texts of all that went to an address."""

    def to(address):
        tell()
        found = stage.scalars(select(DemoMail).where(DemoMail.recipient == address).order_by(DemoMail.id)).all()
        return [(one.subject, one.body) for one in found]

    return to


def change(browser, stage, **said):
    stage.expire_all()
    return browser.send(f"{PAGE}/edit", **OTHER | {"version": stage.get(Contact, 1).version} | said)


def test_an_address_that_a_consultant_typed_gets_no_link(keyless, ask, sign_in, cast, sent, stage):
    """The old one and the partners hear of it; the mail waits; a partner says that it is right, and it leaves."""
    assert change(sign_in(cast.ben), stage).status_code == 303
    owed = ask()
    assert [one for one in sent(OTHER["email"]) if "/sign/" in one[1]] == []
    (told,) = sent("cora@client1.example")
    assert told[0] == "Larkmoor writes to you elsewhere now"
    assert OTHER["email"] not in told[1]
    (asked,) = [one for one in sent(cast.ada.email) if "Is this" in one[0]]
    assert asked[0] == "Is this the mail address of Cora?"
    assert OTHER["email"] in asked[1]
    waits = stage.scalars(select(Outbox).where(Outbox.done_at.is_(None))).all()
    assert [(one.kind, "Held back" in (one.error or "")) for one in waits] == [("sign_off", True)]
    version = stage.get(Contact, 1).version
    assert sign_in(cast.ben).send(f"{PAGE}/vouching", version=version).status_code == 403, "not by whoever typed it"
    assert "It is their address" not in sign_in(cast.ben).get(PAGE).text
    assert "It is their address" in sign_in(cast.ada).get(PAGE).text
    for _ in range(2):
        assert sign_in(cast.ada).send(f"{PAGE}/vouching", once="k", version=version).status_code == 303
    left = [one for one in sent(OTHER["email"]) if "/sign/" in one[1]]
    assert len(left) == 1
    assert owed.versions[0].title in left[0][0]
    assert stage.scalars(select(AuditEntry.verb).where(AuditEntry.verb == "contact.vouch")).all() == ["contact.vouch"]


def test_what_was_held_follows_no_second_change(keyless, ask, sign_in, cast, sent, stage):
    """Vouched for one address, changed again: that one is nobody's either."""
    change(sign_in(cast.ben), stage)
    ask()
    sent("")
    version = stage.get(Contact, 1, populate_existing=True).version
    sign_in(cast.ada).send(f"{PAGE}/vouching", version=version)
    change(sign_in(cast.ben), stage, email="third@elsewhere.example")
    assert not any(
        "/sign/" in body for address in (OTHER["email"], "third@elsewhere.example") for _, body in sent(address)
    )


def test_a_partner_who_proved_it_stands_for_what_they_type(keyless, ask, sign_in, cast, sent, stage):
    assert change(sign_in(cast.ada), stage).status_code == 303
    ask()
    assert any("/sign/" in body for _, body in sent(OTHER["email"]))


def test_a_name_is_changed_and_nobody_is_told(keyless, sign_in, cast, sent, stage):
    assert change(sign_in(cast.ben), stage, email=keyless.email, name="Cora B.").status_code == 303
    assert (sent(keyless.email), sent(cast.ada.email)) == ([], [])
    assert stage.get(Contact, 1, populate_existing=True).is_vouched


def test_whoever_has_an_account_is_written_to_there(ask, sign_in, cast, sent, stage):
    assert change(sign_in(cast.ben), stage).status_code == 303
    ask()
    assert sent(OTHER["email"]) == []
    assert any("/sign/" in body for _, body in sent(cast.cora.email))


def test_a_sponsor_stands_for_the_address_beside_the_name(ask, sign_in, cast, sent, stage):
    """A delegate whom a consultant wrote down: the sponsor reads the address when naming them."""
    sign_in(cast.ben).send("/clients/1/contacts/new", name="Dan", email="dan@client1.example", consent="not_asked")
    dan = stage.scalars(select(Contact).where(Contact.name == "Dan")).one()
    assert not dan.is_vouched
    stage.add(Delegation(client_id=1, engagement_id=1, contact_id=1, delegate_id=dan.id, begins=TODAY, until=TODAY))
    stage.commit()
    ask()
    assert not any("/sign/" in body for _, body in sent(dan.email)), "named before there was such a thing"
    cora = sign_in(cast.cora)
    assert "Dan, dan@client1.example" in cora.get("/portal/delegates").text
    named = cora.send("/portal/delegates", delegate_id=str(dan.id), begins=str(TODAY), until=str(TODAY))
    assert named.status_code == 303
    assert any("/sign/" in body for _, body in sent(dan.email))


def test_nobody_stands_for_no_address(keyless, sign_in, cast, stage):
    change(sign_in(cast.ben), stage, email="")
    version = stage.get(Contact, 1, populate_existing=True).version
    assert sign_in(cast.ada).send(f"{PAGE}/vouching", version=version).status_code == 409
