"""Two sponsors, a delegate, a code, a rating, the certificate; and what happens when all press at once."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from crm.areas.across.models import Decision, DecisionStatus
from crm.audit.models import AuditEntry, Opened, Opening
from crm.clients.models import Contact
from crm.core.words import day
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, Rating, SignOff
from crm.engagements.people import Delegation, Sponsorship
from crm.engagements.states import Signers
from crm.links.models import LinkCode
from crm.outbox.models import Outbox
from tests import cast as people
from tests import world as full_world
from tests.cast import TODAY
from tests.links.conftest import LINK
from tests.links.test_sign_off import version_of


@pytest.fixture
def dora(stage, cast):
    """Who sponsors Northwind's engagement beside Cora, and has no account but an address that a partner stands for."""
    hers = "dora@client1.example"
    found = Contact(id=9, client_id=1, name="Dora", email=hers, vouched=hers, decides=True)
    stage.add(found)
    stage.flush()
    stage.add(Sponsorship(contact_id=9, client_id=1, engagement_id=1))
    cast.north.signers = Signers.ALL
    stage.commit()
    return found


def test_both_sponsors_must_agree(stranger, press, cast, dora, ask, tell, sign_in, again, plain):
    owed = ask(due=TODAY - timedelta(1))
    told = tell()
    hers, other = (LINK.search(told[mail].body)[1] for mail in (cast.cora.email, dora.email))
    assert hers != other
    assert press(hers).status_code == 303
    assert again(version_of(owed)).state is State.SUBMITTED
    assert "once the other sponsor agrees too" in plain(stranger.get(hers))
    assert tell()[cast.ben.email].subject.startswith("One yes of two")
    page = plain(sign_in(cast.ben).get(f"/deliverables/{owed.id}"))
    assert "Dora: no answer yet" in page
    assert re.search(r"Cora[^:]*: said yes", page)
    assert f"Answer by {day(version_of(owed).answer_by)}" in page, "and nothing of the day by which it was to be sent"
    assert "overdue" not in page
    assert press(other, name="Dora").status_code == 303
    version = again(version_of(owed))
    assert (version.state, version.decided_by_id) == (State.ACCEPTED, 9)
    assert {one.sponsor_id for one in version.sign_offs} == {1, 9}


def test_one_of_two_who_asks_for_changes_sends_it_back(stranger, press, cast, dora, ask, tell, again):
    owed = ask()
    told = tell()
    hers, other = (LINK.search(told[mail].body)[1] for mail in (cast.cora.email, dora.email))
    press(hers)
    point = version_of(owed).criteria[0].id
    assert press(other, "changes", **{f"comments-{point}": "The price is missing"}).status_code == 303
    assert again(version_of(owed)).state is State.CHANGES_REQUESTED


def test_of_two_whose_yes_was_recorded_hears_of_it(sign_in, cast, dora, ask, tell, again):
    owed = ask()
    recorded = sign_in(cast.ben).send(
        f"/deliverables/{owed.id}/acceptance", version=version_of(owed).version, given_by_id="9",
        given_on=TODAY.isoformat(), proof="On the phone, to Ben",
    )  # fmt: skip
    assert recorded.status_code == 303
    assert again(version_of(owed)).state is State.SUBMITTED
    letter = tell()[dora.email]
    assert letter.subject == "Recorded in your name: Supplier exit plan"
    assert "On the phone, to Ben" in letter.body


def test_both_sponsors_at_the_same_moment(app, cast, dora, ask, tell, stage, again):
    """Neither overlooks the other's yes: it is accepted once both have answered."""
    owed = ask()
    told, seen = tell(), version_of(owed).version
    gate, codes = threading.Barrier(2), []

    def accept(address):
        browser = people.Browser(app, app.response_class)
        gate.wait(20)
        codes.append(browser.send(f"{address}/acceptance", name="X", version=seen).status_code)

    threads = [
        threading.Thread(target=accept, args=(LINK.search(told[one].body)[1],)) for one in (cast.cora.email, dora.email)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert codes == [303, 303]
    assert again(version_of(owed)).state is State.ACCEPTED


def test_sixteen_presses_and_a_withdrawal_give_one_answer(app, sign_in, cast, ask, link_in, stage, again):
    owed = ask()
    address, seen, gate = link_in(cast.cora), version_of(owed).version, threading.Barrier(16)
    withdrawal, ben = f"/deliverables/{owed.id}/withdrawal", sign_in(cast.ben)
    before = owed.version

    def one(number):
        gate.wait(20)
        if number == 0:
            return "withdrawn", ben.send(withdrawal, version=before, reason="A figure is wrong").status_code
        browser = people.Browser(app, app.response_class)
        return "accepted", browser.send(f"{address}/acceptance", name=f"Cora {number}", version=seen).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(one, range(16)))
    done = [what for (what, code), times in answers.items() if code == 303 for _ in range(times)]
    assert len(done) == 1, answers
    version = again(version_of(owed))
    assert version.state is (State.ACCEPTED if done == ["accepted"] else State.IN_PROGRESS)
    assert len(stage.scalars(select(SignOff)).all()) == (done == ["accepted"])
    verbs = stage.scalars(
        select(AuditEntry.verb).where(AuditEntry.verb.in_(["deliverable.accept", "deliverable.withdraw"]))
    )
    assert len(verbs.all()) == 1


def test_a_yes_in_the_middle_of_a_withdrawal_waits_for_it(app, sign_in, cast, ask, link_in, again, monkeypatch):
    """The criteria go before the rest of the version does: a yes between the two met the guard that keeps them."""
    owed = ask()
    address, seen, ben = link_in(cast.cora), version_of(owed).version, sign_in(cast.ben)
    codes, thaw = [], DeliverableVersion.thaw

    def accept():
        answer = people.Browser(app, app.response_class).send(f"{address}/acceptance", name="Cora", version=seen)
        codes.append(answer.status_code)

    other = threading.Thread(target=accept)

    def a_moment_later(version, before):
        other.start()
        other.join(1)
        thaw(version, before)

    monkeypatch.setattr(DeliverableVersion, "thaw", a_moment_later)
    taken = ben.send(f"/deliverables/{owed.id}/withdrawal", version=owed.version, reason="A figure is wrong")
    other.join(20)
    assert (taken.status_code, codes) == (303, [410]), "what was taken back takes no answer"
    assert again(version_of(owed)).state is State.IN_PROGRESS


# --- A delegate ---


def _name(browser, contact_id=9, days=7):
    return browser.send(
        "/portal/delegates",
        delegate_id=str(contact_id),
        begins=TODAY.isoformat(),
        until=(TODAY + timedelta(days)).isoformat(),
    )


def test_a_delegate_answers_for_the_sponsor(stranger, press, sign_in, cast, ask, tell, stage, again, plain):
    stage.add(Contact(id=9, client_id=1, name="Dora", email="dora@client1.example"))
    stage.commit()
    owed = ask()
    tell()
    assert _name(sign_in(cast.cora)).status_code == 303
    told = tell()
    assert "answers in your place" in told[cast.cora.email].subject
    address = LINK.search(told["dora@client1.example"].body)[1]
    assert "in place of Cora" in plain(stranger.get(address))
    assert press(address, name="Dora").status_code == 303
    version = again(version_of(owed))
    (said,) = version.sign_offs
    assert (version.state, said.by_id, said.sponsor_id) == (State.ACCEPTED, 9, 1)
    assert "Dora, for Cora" in plain(stranger.get(address))
    sheet = pypdfium2.PdfDocument(stranger.get(f"{address}/certificate.pdf").data)[0].get_textpage().get_text_range()
    assert ("Dora, for Cora" in sheet, "127.0.0.1" in sheet) == (True, False), "where from is the sponsors' to read"
    assert "Dora, for Cora" in plain(sign_in(cast.ben).get(f"/deliverables/{owed.id}"))


@pytest.mark.parametrize("how", ["over", "ended"])
def test_what_a_delegate_was_given_ends_by_itself(stranger, sign_in, cast, ask, tell, stage, plain, how):
    stage.add(Contact(id=9, client_id=1, name="Dora", email="dora@client1.example"))
    stage.commit()
    ask()
    cora = sign_in(cast.cora)
    _name(cora)
    address = LINK.search(tell()["dora@client1.example"].body)[1]
    one = stage.scalars(select(Delegation)).one()
    if how == "over":
        one.begins, one.until = TODAY - timedelta(9), TODAY - timedelta(1)
        stage.commit()
    else:
        assert cora.send(f"/portal/delegates/{one.id}/end", version=one.version).status_code == 303
    assert stranger.get(address).status_code == 410
    assert "not yours to give" in plain(stranger.get(address))


def test_a_colleague_who_reads_signs_in_and_answers_while_named(sign_in, cast, owe, stage, again):
    owed = owe(State.SUBMITTED)
    address = f"/portal/deliverables/{owed.id}/versions/{version_of(owed).id}/acceptance"
    assert sign_in(cast.vic).send(address).status_code == 403
    assert _name(sign_in(cast.cora), contact_id=2).status_code == 303
    assert sign_in(cast.vic).send(address).status_code == 303
    assert again(version_of(owed)).sign_offs[0].sponsor_id == 1


@pytest.mark.parametrize(("who", "status"), [("cora", 303), ("vic", 403), ("ben", 403), ("ada", 403)])
def test_who_names_a_delegate(sign_in, cast, who, status):
    assert _name(sign_in(getattr(cast, who)), contact_id=2).status_code == status


def test_a_delegate_is_a_colleague_and_for_a_while(sign_in, cast, stage):
    cora = sign_in(cast.cora)
    assert _name(cora, contact_id=3).status_code == 422, "somebody of another company"
    assert _name(cora, contact_id=2, days=400).status_code == 422
    assert _name(cora, contact_id=2, days=-1).status_code == 422
    assert stage.scalars(select(Delegation)).all() == []


# --- A code ---


def test_what_is_confidential_asks_for_a_code(stranger, press, cast, ask, link_in, tell, stage, again, plain):
    owed = ask(confidential=True)
    address = link_in(cast.cora)
    page = stranger.get(address)
    assert "A code first" in plain(page)
    assert "Supplier exit plan" not in page.text
    assert stranger.send(f"{address}/acceptance", name="Cora").status_code == 403
    assert stranger.send(f"{address}/code").status_code == 303
    code = re.search(r"\b(\d{6})\b", tell()[cast.cora.email].body)[1]
    kept = stage.scalars(select(LinkCode)).one()
    assert code not in repr([kept.code_hash, kept.salt]) + repr(stage.scalars(select(Outbox.payload)).all())
    wrong = stranger.send(f"{address}/code/entry", code="000000" if code != "000000" else "111111")
    assert wrong.status_code == 422
    right = stranger.send(f"{address}/code/entry", code=f"{code[:3]} {code[3:]}")
    assert right.status_code == 303
    assert "HttpOnly" in right.headers["Set-Cookie"]
    assert "Accept version 1" in plain(stranger.get(address))
    assert press(address).status_code == 303
    assert again(version_of(owed)).state is State.ACCEPTED


def test_a_code_is_tried_five_times_and_holds_in_one_browser(app, stranger, cast, ask, link_in, tell, stage):
    ask(confidential=True)
    address = link_in(cast.cora)
    stranger.send(f"{address}/code")
    code = re.search(r"\b(\d{6})\b", tell()[cast.cora.email].body)[1]
    for _ in range(5):
        assert stranger.send(f"{address}/code/entry", code="999999" if code != "999999" else "1").status_code == 422
    assert stranger.send(f"{address}/code/entry", code=code).status_code == 422
    stage.expire_all()
    assert stage.scalars(select(LinkCode)).one().tries == 5
    other = people.Browser(app, app.response_class)
    assert "A code first" in other.get(address).text


def test_the_practice_says_when_a_code_is_asked(stranger, sign_in, cast, ask, link_in, stage):
    asked = ask()
    address = link_in(cast.cora)
    assert "A code first" not in stranger.get(address).text
    page = sign_in(cast.abe).get("/settings/practice").text
    fields = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', page))
    saved = sign_in(cast.abe).send(
        "/settings/practice",
        **{k: v for k, v in fields.items() if k not in {"csrf_token", "once", "code_always"}}
        | {"code_from_days": "3", "approval": "warn", "timer_step": "1"},
    )
    assert saved.status_code == 303, saved.text
    assert asked.estimate == 3
    assert "A code first" in stranger.get(address).text


# --- After the yes ---


def test_the_certificate_says_what_the_record_says(stranger, press, sign_in, cast, ask, link_in, again):
    owed = ask()
    address = link_in(cast.cora)
    assert stranger.get(f"{address}/certificate.pdf").status_code == 404
    press(address, name="Cora Brackenhill", remark="#eval(1) *not markup*")
    version = again(version_of(owed))
    for answer in (
        stranger.get(f"{address}/certificate.pdf"),
        sign_in(cast.cora).get(f"/portal/deliverables/{owed.id}/versions/{version.id}/certificate.pdf"),
        sign_in(cast.ben).get(f"/deliverables/{owed.id}/versions/{version.id}/certificate.pdf"),
    ):
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        text = pypdfium2.PdfDocument(answer.data)[0].get_textpage().get_text_range()
        for said in ("Certificate of acceptance", "Supplier exit plan", "Version 1", "Cora Brackenhill", "127.0.0.1",
                     "The board can act on it", "#eval(1) *not markup*", version.digest):  # fmt: skip
            assert said in text, said
    reader = sign_in(cast.vic).get(f"/portal/deliverables/{owed.id}/versions/{version.id}/certificate.pdf")
    assert "127.0.0.1" not in pypdfium2.PdfDocument(reader.data)[0].get_textpage().get_text_range()


def test_the_receipt_comes_by_mail(press, cast, ask, link_in, tell, again):
    owed = ask()
    address = link_in(cast.cora)
    press(address)
    letter = tell()[cast.cora.email]
    assert letter.subject == "Receipt: you signed off Supplier exit plan"
    assert version_of(again(owed)).digest in letter.body
    assert address in letter.body


def test_a_rating_is_for_the_lead_and_the_partners(stranger, press, sign_in, cast, ask, link_in, stage, plain):
    owed = ask()
    address = link_in(cast.cora)
    assert press(address, "rating", score="5").status_code == 410, "nothing is signed off yet"
    press(address)
    assert press(address, "rating", score="9").status_code == 422
    assert press(address, "rating", score="4", sentence="Clear and short").status_code == 303
    assert press(address, "rating", score="1").status_code == 409
    (given,) = stage.scalars(select(Rating))
    assert (given.score, given.sentence, given.contact_id) == (4, "Clear and short", 1)
    seen = {
        who: "Clear and short" in plain(sign_in(getattr(cast, who)).get(f"/deliverables/{owed.id}"))
        for who in ("ben", "ada", "tess")
    }
    assert seen == {"ben": True, "ada": True, "tess": False}
    assert "Clear and short" in plain(sign_in(cast.cora).get(f"/portal/deliverables/{owed.id}"))
    assert "Clear and short" not in plain(sign_in(cast.vic).get(f"/portal/deliverables/{owed.id}"))


# --- A decision ---


def test_a_decision_from_the_mail(app, world, stage, again):
    browser, address = people.Browser(app, app.response_class), f"/sign/{full_world.QUESTIONS[0]}"
    page = browser.get(address)
    assert (page.status_code, "Renew" in page.text) == (200, True)
    assert browser.send(f"{address}/decision", reason="As before").status_code == 422
    answers = [browser.send(f"{address}/decision", once="k", option="Renew", reason="As before") for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, address)] * 2
    browser.get(address)
    seen = stage.scalars(select(Opening).where(Opening.kind == Opened.DECISION)).one()
    assert (seen.subject_id, seen.contact_id, seen.client_id) == (142, 1, 1)
    decision = again(stage.get(Decision, 142))
    assert (decision.status, decision.outcome) == (DecisionStatus.DECIDED, "Renew")
    assert "You decided: Renew" in browser.get(address).text
    assert browser.send(f"{address}/decision", option="Replace").status_code == 409
    (line,) = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "decision.decide"))
    assert (line.contact_id, line.via) == (1, "mail")


def test_the_terms_say_how_it_is_signed_off(sign_in, cast, stage, again):
    ada = sign_in(cast.ada)
    assert ada.send("/engagements/1/sign-off", signers="all", deemed="yes").status_code == 303
    north = again(cast.north)
    assert (north.signers, north.deemed) == (Signers.ALL, True)
    (line,) = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "engagement.sign_off"))
    assert line.person_id == 1
    assert (
        "Both sponsors must say yes; no answer in the review days counts as a yes"
        in ada.get("/engagements/1/team").text
    )
    assert sign_in(cast.ben).send("/engagements/1/sign-off", signers="any").status_code == 403
