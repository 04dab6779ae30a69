"""J9: a contract that wants a decision is put before the sponsor, and their answer stands in the contract."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.areas.across.models import Decision, DecisionStatus
from crm.areas.vendors.models import RenewalDecision, Tier, VendorContract
from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.twelve import Area
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from tests.cast import TODAY
from tests.html import faults


@pytest.fixture
def contract(cast, stage):
    """Only the team reads it; one must speak in 45 days."""
    now = clock.now()
    row = VendorContract(client_id=1, area=Area.VEN, made_at=now, changed_at=now, vendor="Harbour Telecom", what="Lines", tier=Tier.IMPORTANT,
                         annual_cost=720000, end=TODAY + timedelta(75), notice_days=30)  # fmt: skip
    stage.add(row)
    stage.commit()
    return row


@pytest.fixture
def ask(contract, sign_in, cast):
    def sent(who="ben", **but):
        typed = {"question": "Telephone: renew or change?", "contact_id": "1", "options": "Renew at £7,200\nReplace by a hosted system",
                 "recommendation": "Replace it", "needed_by": str(TODAY + timedelta(35))}  # fmt: skip
        return sign_in(getattr(cast, who)).send(f"/renewals/{contract.id}/question", **(typed | but))

    return sent


def test_what_is_suggested(contract, sign_in, cast, words):
    ben = sign_in(cast.ben)
    assert f"/renewals/{contract.id}/question" in ben.get("/renewals").get_data(as_text=True)
    answer = ben.get(f"/renewals/{contract.id}/question")
    page = answer.get_data(as_text=True)
    assert faults(page) == []
    assert f'value="{TODAY + timedelta(35)}"' in page, "ten days before the day to speak by"
    for said in (
        "Harbour Telecom, Lines: renew, renegotiate, replace or exit?",
        "Renew at £7,200 a year",
        "Renegotiate",
        "Replace",
        "Exit",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("but", "sentence"),
    [({"question": ""}, "Ask in one sentence"), ({"recommendation": ""}, "Say what we recommend"), ({"contact_id": ""}, "Choose who decides"),
     ({"contact_id": "3"}, "Choose one of the list"), ({"options": "Renew"}, "at least two options"),
     ({"options": "Renew\nMove"}, "“Move” must begin with Renew"), ({"needed_by": "2020-01-01"}, "This day is past")],
)  # fmt: skip
def test_a_wrong_answer_is_said(but, sentence, ask, words, stage):
    answer = ask(**but)
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert not stage.scalars(select(Decision)).all()


def test_asked_decided_and_told(contract, ask, sign_in, cast, stage, words, app):
    for who, status in (("eve", 404), ("finn", 404), ("cora", 403), ("abe", 403)):
        assert ask(who).status_code == status, who
    for _ in range(2):
        assert ask(once="one press").status_code == 303
    decision = stage.scalars(select(Decision)).one()
    assert (decision.contract_id, decision.area, decision.visibility, decision.owner_contact_id) == (
        contract.id,
        Area.VEN,
        "client",
        1,
    )
    again = ask()
    assert (again.status_code, "before the sponsor already" in words(again)) == (409, True)
    assert "Asked, no answer yet" in words(sign_in(cast.ben).get("/renewals"))
    with app.test_request_context():
        asked, *rest = stage.scalars(select(Outbox).order_by(Outbox.id))
    assert (asked.topic, rest) == ("decision.asked", [])
    cora, portal = sign_in(cast.cora), f"/portal/decisions/{decision.id}"
    assert "Telephone: renew or change?" in words(cora.get("/portal"))
    page = cora.get(portal)
    assert faults(page.get_data(as_text=True)) == []
    assert all(said in words(page) for said in ("Replace by a hosted system", "What we advise", "Replace it"))
    before = contract.version
    decision.changed_at = long_ago = clock.now() - timedelta(30)
    stage.commit()
    typed = {"option": "Replace by a hosted system", "reason": "Cheaper", "version": decision.version}
    assert cora.send(portal, **typed).status_code == 303
    stage.expire_all()
    assert (contract.decision, contract.decided_on, contract.version) == (RenewalDecision.REPLACE, TODAY, before + 1)
    assert (decision.status, decision.reason) == (DecisionStatus.DECIDED, "Cheaper")
    assert decision.changed_at > long_ago, "it counts among what changed since the last review"
    assert [one.topic for one in stage.scalars(select(Outbox).order_by(Outbox.id))] == [
        "decision.asked",
        "decision.decided",
    ]
    told = [
        (one.verb, one.open_to)
        for one in stage.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "vendor_contract"))
    ]
    assert told == [("contract.decide", "team")], "what only the team reads stays the team's"
    assert "Asked, no answer yet" not in words(sign_in(cast.ben).get("/renewals"))
    decided = ask()
    assert (decided.status_code, "decided already" in words(decided)) == (409, True)


def test_the_letters(ask, contract, sign_in, cast, stage, see):
    ask()
    decision = stage.scalars(select(Decision)).one()
    with see(cast.ben):
        letter = letters_of("decision.asked", {"entry_id": decision.id})[0]
        assert (letter.to.name, letter.path) == (cast.contacts.cora.name, f"/portal/decisions/{decision.id}")
        assert "- Replace by a hosted system" in letter.text
    decision.archived_at = clock.now()
    stage.commit()
    with see(cast.ben):
        assert letters_of("decision.asked", {"entry_id": decision.id}) == [], "what was put away leads nowhere"
    decision.archived_at = None
    stage.commit()
    version = decision.version
    sign_in(cast.cora).send(letter.path, option="Renew at £7,200", version=version)
    with see(cast.ben):
        assert letters_of("decision.asked", {"entry_id": decision.id}) == [], "what is answered is not asked any more"
        assert [one.to.id for one in letters_of("decision.decided", {"entry_id": decision.id})] == [cast.persons.ben.id]


def test_an_answer_that_says_nothing_of_the_contract_changes_nothing(ask, contract, sign_in, cast, stage):
    """The lead records words of their own: the contract must follow, so they are asked for one of the four."""
    ask()
    decision = stage.scalars(select(Decision)).one()
    here = f"/clients/1/areas/vendors/decisions/{decision.id}/steps/record"
    answer = sign_in(cast.ben).send(here, other="Wait a year", on=str(TODAY), reason="By phone", version="1")
    stage.expire_all()
    assert answer.status_code in {409, 422}
    assert (decision.status, contract.decision) == (DecisionStatus.NEEDED, RenewalDecision.UNDECIDED)


def test_of_one_contract_there_is_one_open_question(ask, contract, sign_in, cast, stage, words):
    """Also where an answered one is asked anew, and somebody has begun another meanwhile."""
    ask()
    first = stage.scalars(select(Decision)).one()
    sign_in(cast.cora).send(f"/portal/decisions/{first.id}", option="Renew at £7,200", version=first.version)
    stage.expire_all()
    contract.decision, contract.decided_on = RenewalDecision.UNDECIDED, None
    stage.commit()
    assert ask().status_code == 303
    anew = {"needed_by": str(TODAY + timedelta(9)), "reason": "The price rose", "version": first.version}
    here = f"/clients/1/areas/vendors/decisions/{first.id}/steps/revision"
    refused = sign_in(cast.ben).send(here, **anew)
    assert (refused.status_code, "before the sponsor already" in words(refused)) == (409, True)
    second = stage.scalars(select(Decision).where(Decision.id != first.id)).one()
    there = f"/clients/1/areas/vendors/decisions/{second.id}/steps/withdrawal"
    assert sign_in(cast.ben).send(there, reason="One is enough", version=second.version).status_code == 303
    assert sign_in(cast.ben).send(here, **anew).status_code == 303
