"""A client's documents: what was sent is read and answered, by the sponsor only; what was not sent is not there."""

import threading

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.clients.models import Contact
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.viewer import Role
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, VersionComment
from crm.engagements.people import Sponsorship
from crm.engagements.states import EngagementState
from crm.outbox.models import Outbox
from crm.portal import queries
from tests.cast import TODAY, account, engagement
from tests.deliverables.conftest import CRITERIA, TEXT


@pytest.fixture
def sent(owe):
    """Waiting for Cora's answer."""
    return owe(State.SUBMITTED)


@pytest.fixture
def second(stage, cast):
    """Dora, who sponsors Northwind's engagement beside Cora."""
    stage.add(Contact(id=9, client_id=1, name="Dora", email="dora@client1.example", decides=True))
    stage.flush()
    stage.add(Sponsorship(contact_id=9, client_id=1, engagement_id=1))
    dora = account(stage, "dora", Role.SPONSOR, contact_id=9, client_id=1)
    stage.commit()
    return dora


def page_of(owed):
    return f"/portal/deliverables/{owed.id}"


def version_of(owed):
    return owed.versions[-1]


def to(owed, what):
    return f"{page_of(owed)}/versions/{version_of(owed).id}/{what}"


def against(owed, text="It says nothing of the price", point=0):
    return {f"comments-{version_of(owed).criteria[point].id}": text}


def test_the_sponsor_reads_it_with_what_was_agreed(sign_in, cast, sent, plain):
    text = plain(sign_in(cast.cora).get(page_of(sent)))
    for said in ("Supplier exit plan", TEXT, *CRITERIA, "Version 1, from Ben", "Sign off version 1", "Ask for changes"):
        assert said in text


@pytest.mark.parametrize("state", [one for one in State if one not in {
    State.SUBMITTED, State.CHANGES_REQUESTED, State.ACCEPTED, State.SUPERSEDED}])  # fmt: skip
def test_what_was_never_sent_is_not_there(sign_in, cast, owe, state):
    owed = owe(state)
    for who in (cast.cora, cast.vic):
        assert sign_in(who).get(page_of(owed)).status_code == 404
        assert "Supplier exit plan" not in sign_in(who).get("/portal/deliverables").text


def test_a_draft_behind_a_version_stays_behind_it(sign_in, cast, owe, stage, plain):
    """Signed off, and being corrected: the client sees what holds, under the name that it had."""
    owed = owe(State.ACCEPTED)
    version_of(owed).title = "Supplier exit plan"
    owed.state, owed.title = State.IN_PROGRESS, "The draft's new name"
    stage.add(DeliverableVersion(deliverable_id=owed.id, number=2, text="the draft", client_id=1, engagement_id=1))
    stage.commit()
    for address in (page_of(owed), "/portal/deliverables", "/portal"):
        text = plain(sign_in(cast.cora).get(address))
        assert "draft" not in text, address
        assert "Supplier exit plan" in text, address
    assert "Signed off" in plain(sign_in(cast.cora).get(page_of(owed)))


def test_a_viewer_reads_and_presses_nothing(sign_in, cast, sent, plain):
    answer = sign_in(cast.vic).get(page_of(sent))
    assert answer.status_code == 200
    assert "Cora answers this. You can read it." in plain(answer)
    assert "acceptance" not in answer.text
    assert "/changes" not in answer.text


@pytest.mark.parametrize(("who", "status"), [("cora", 303), ("vic", 403), ("uma", 404), ("ben", 403), ("ada", 403), ("abe", 403)])  # fmt: skip
def test_who_signs_off(sign_in, cast, sent, stage, again, who, status):
    answer = sign_in(getattr(cast, who)).send(to(sent, "acceptance"), remark="Clear.")
    assert answer.status_code == status
    yes = status == 303
    version = again(version_of(sent))
    assert (version.state is State.ACCEPTED, version.remark) == (yes, "Clear." if yes else "")
    assert stage.scalars(select(Outbox.topic)).all() == (["deliverable.accepted"] if yes else [])
    assert stage.scalars(select(AuditEntry.verb)).all() == (["deliverable.accept"] if yes else [])


@pytest.mark.parametrize(("who", "status"), [("cora", 303), ("vic", 403), ("uma", 404), ("ben", 403), ("ada", 403)])
def test_who_sends_back(sign_in, cast, sent, stage, again, who, status):
    answer = sign_in(getattr(cast, who)).send(to(sent, "changes"), remark="On the whole good", **against(sent))
    assert answer.status_code == status
    back = status == 303
    assert again(sent).state is (State.CHANGES_REQUESTED if back else State.SUBMITTED)
    said = stage.scalars(select(VersionComment).order_by(VersionComment.id)).all()
    assert [(one.body, one.criterion_id is not None) for one in said] == (
        [("It says nothing of the price", True), ("On the whole good", False)] if back else []
    )
    assert stage.scalars(select(Outbox.topic)).all() == (["deliverable.sent_back"] if back else [])


def test_the_page_for_changes_is_the_sponsors(sign_in, cast, sent):
    codes = {
        who: sign_in(getattr(cast, who)).get(to(sent, "changes")).status_code for who in ("cora", "vic", "uma", "ben")
    }
    assert codes == {"cora": 200, "vic": 403, "uma": 404, "ben": 403}


def test_thanks_and_the_record(sign_in, cast, sent, plain):
    cora = sign_in(cast.cora)
    answer = cora.send(to(sent, "acceptance"), remark="Clear.")
    text = plain(cora.get(answer.location))
    assert "Thank you, Cora. You signed it off on" in text
    assert "Sign-off record" in text
    assert "Clear." in text
    assert "Thank you" not in plain(sign_in(cast.vic).get(answer.location))


def test_sending_back_needs_a_comment_against_a_point(sign_in, cast, sent, again):
    answer = sign_in(cast.cora).send(to(sent, "changes"), remark="Not good enough")
    assert answer.status_code == 422
    assert "Say what is missing, beside at least one point" in answer.text
    assert "Not good enough" in answer.text
    assert again(sent).state is State.SUBMITTED


def test_a_remark_that_is_too_long_is_kept_and_said(sign_in, cast, sent, again):
    answer = sign_in(cast.cora).send(to(sent, "acceptance"), remark="too long " * 300)
    assert answer.status_code == 422
    assert "too long too long" in answer.text
    assert again(sent).state is State.SUBMITTED


def test_pressing_twice_answers_once(sign_in, cast, sent, stage):
    cora = sign_in(cast.cora)
    answers = [cora.send(to(sent, "acceptance"), once="k1") for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, f"{page_of(sent)}?answered=1")] * 2
    assert len(stage.scalars(select(AuditEntry)).all()) == 1
    assert len(stage.scalars(select(Outbox)).all()) == 1


@pytest.mark.parametrize("what", ["acceptance", "changes"])
def test_who_presses_second_reads_what_happened(sign_in, cast, second, sent, stage, again, plain, what):
    """Both had the page open. The second hears who was faster, and nothing of theirs is lost or counted."""
    point = against(sent, "Dora's words")
    address = to(sent, what)
    sign_in(cast.cora).send(to(sent, "acceptance"), remark="Clear.")
    answer = sign_in(second).send(address, remark="Dora's remark", **point)
    assert answer.status_code == 409
    text = plain(answer)
    assert "Somebody was faster" in text
    assert "Your answer was not recorded. Cora signed it off on" in text
    assert ("Dora&#39;s remark" if what == "acceptance" else "Dora&#39;s words") in text
    version = again(version_of(sent))
    assert (version.state, version.decided_by_id, version.remark) == (State.ACCEPTED, 1, "Clear.")
    assert stage.scalars(select(AuditEntry.verb)).all() == ["deliverable.accept"]


def test_both_press_at_the_same_moment(app, sign_in, cast, second, sent, stage, again):
    """One yes and one 409, whichever it is; one line in the trail and one message."""
    address, ready, codes = to(sent, "acceptance"), threading.Barrier(2), []

    def press(browser):
        ready.wait()
        codes.append(browser.send(address).status_code)

    threads = [threading.Thread(target=press, args=(sign_in(who),)) for who in (cast.cora, second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(codes) == [303, 409]
    assert again(version_of(sent)).state is State.ACCEPTED
    assert len(stage.scalars(select(AuditEntry)).all()) == 1
    assert len(stage.scalars(select(Outbox)).all()) == 1


def test_what_was_taken_back_cannot_be_answered(sign_in, cast, sent, stage, plain):
    """It was in sight before, so the page is there no more, for this version as for any other."""
    address = to(sent, "acceptance")
    version_of(sent).thaw([])
    sent.state, sent.visibility = State.IN_PROGRESS, Visibility.TEAM
    stage.commit()
    assert sign_in(cast.cora).send(address).status_code == 404


def test_on_a_closed_engagement_nothing_is_answered(sign_in, cast, sent, stage, plain, again):
    cast.north.state = EngagementState.CLOSED
    stage.commit()
    cora = sign_in(cast.cora)
    assert "The engagement is closed" in plain(cora.get(page_of(sent)))
    assert "Sign off version" not in cora.get(page_of(sent)).text
    assert cora.send(to(sent, "acceptance")).status_code == 409
    assert again(sent).state is State.SUBMITTED


def test_a_sponsor_of_another_engagement_reads_only(sign_in, cast, sent, stage):
    """The same company, another engagement: the right to sign off belongs to one engagement."""
    stage.add(Contact(id=8, client_id=1, name="Nora", email="nora@client1.example", decides=True))
    stage.flush()
    engagement(stage, 3, 1, lead=cast.persons.tess, sponsor=stage.get(Contact, 8), title="Second")
    nora = account(stage, "nora", Role.SPONSOR, contact_id=8, client_id=1)
    stage.commit()
    assert sign_in(nora).get(page_of(sent)).status_code == 200
    assert sign_in(nora).send(to(sent, "acceptance")).status_code == 403


def test_earlier_versions_and_answers_stay_readable(sign_in, cast, sent, stage, plain):
    cora = sign_in(cast.cora)
    cora.send(to(sent, "changes"), **against(sent))
    stage.add(
        DeliverableVersion(
            deliverable_id=sent.id, number=2, text="The second text", title="Supplier exit plan", state=State.SUBMITTED,
            visibility=Visibility.CLIENT, submitted_at=clock.now(), submitted_by_id=2, asked_id=1, answer_by=TODAY,
            changes="The price stands in it now", client_id=1, engagement_id=1,
        )
    )  # fmt: skip
    stage.expire_all()
    sent.state = State.SUBMITTED
    stage.commit()
    text = plain(cora.get(page_of(sent)))
    for said in ("The second text", "The price stands in it now", "Earlier versions", TEXT, "It says nothing of the price",
                 "Cora asked for changes on", "Sign off version 2"):  # fmt: skip
        assert said in text, said


def test_the_list_tells_whose_turn_it_is(sign_in, cast, owe, plain):
    owe(State.SUBMITTED, title="To read")
    owe(State.CHANGES_REQUESTED, title="Sent back")
    owe(State.ACCEPTED, title="Agreed")
    text = plain(sign_in(cast.cora).get("/portal/deliverables"))
    assert "One waits for an answer." in text
    places = [text.index(words) for words in ("Waiting for an answer", "To read", "In our hands", "Sent back", "Done", "Agreed")]  # fmt: skip
    assert places == sorted(places)


def test_what_is_long_done_is_asked_for_by_a_click(sign_in, cast, owe, monkeypatch):
    monkeypatch.setattr(queries, "AT_MOST", 2)
    for n in range(3):
        owe(State.ACCEPTED, title=f"Paper {n}")
    cora = sign_in(cast.cora)
    assert cora.get("/portal/deliverables").text.count(">Paper ") == 2
    assert "Show all 3" in cora.get("/portal/deliverables").text
    assert cora.get("/portal/deliverables?all=1").text.count(">Paper ") == 3


def test_a_list_never_reads_the_texts(sign_in, cast, owe, statements):
    owe(State.SUBMITTED)
    with statements() as seen:
        sign_in(cast.cora).get("/portal/deliverables")
        sign_in(cast.cora).get("/portal")
    assert not [one for one in seen if "deliverable_version.text" in one]


def test_the_list_costs_the_same_for_many(sign_in, cast, owe, statements):
    cora = sign_in(cast.cora)
    counts = []
    for number in (1, 5):
        for n in range(number):
            owe(State.SUBMITTED, title=f"Paper {n}")
        with statements() as seen:
            assert cora.get("/portal/deliverables").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_a_document_is_read_and_answered_in_few_statements(sign_in, cast, sent, statements):
    cora = sign_in(cast.cora)
    with statements() as seen:
        cora.get(page_of(sent))
    assert len(seen) <= 12, seen


# --- What the client asks for ---

ASKED = {"title": "Which telephone system", "area": "VEN", "purpose": "The lease ends in June."}


@pytest.mark.parametrize(("who", "status"), [("cora", 303), ("vic", 403), ("uma", 404), ("ben", 403)])
def test_who_asks_for_something(sign_in, cast, stage, who, status):
    answer = sign_in(getattr(cast, who)).send("/portal/deliverables/new/1", **ASKED)
    assert answer.status_code == status
    assert len(stage.scalars(select(Deliverable)).all()) == (status == 303)


def test_what_was_asked_for_is_seen_by_whoever_asked(sign_in, cast, second, stage, plain):
    cora = sign_in(cast.cora)
    address = cora.send("/portal/deliverables/new/1", once="k", **ASKED).location
    assert cora.send("/portal/deliverables/new/1", once="k", **ASKED).location == address
    owed = stage.scalars(select(Deliverable)).one()
    assert (owed.state, owed.proposed_by_id, owed.visibility) == (State.PROPOSED, 1, Visibility.TEAM)
    text = plain(cora.get(address))
    assert "Which telephone system" in text
    assert "Asked for, not agreed yet" in text
    for other in (second, cast.vic, cast.uma):
        assert sign_in(other).get(address).status_code == 404
    assert sign_in(cast.ben).get(f"/deliverables/{owed.id}").status_code == 200


def test_what_is_missing_is_asked_and_the_rest_stays(sign_in, cast):
    answer = sign_in(cast.cora).send("/portal/deliverables/new/1", **ASKED | {"area": ""})
    assert answer.status_code == 422
    assert "Choose the area it belongs to" in answer.text
    assert "Which telephone system" in answer.text


def test_straight_to_the_form_where_there_is_one_engagement(sign_in, cast, stage):
    cora = sign_in(cast.cora)
    assert cora.get("/portal/deliverables/new").location == "/portal/deliverables/new/1"
    engagement(stage, 3, 1, lead=cast.persons.tess, sponsor=cast.contacts.cora, title="Second agreement")
    stage.commit()
    assert "Second agreement" in cora.get("/portal/deliverables/new").text
    assert cora.get("/portal/deliverables/new/2").status_code == 404
