"""Links of mails: an invitation, a forgotten password, a new address. Opened by scanners, late, twice, by others."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from crm.accounts.invitations import AddressChange, Invitation
from crm.accounts.models import Account, SignedIn
from crm.accounts.security import fits, hash_password
from crm.audit.models import AuditEntry
from crm.clients.models import Contact
from crm.core import clock
from crm.outbox.models import DemoMail, Outbox
from crm.outbox.worker import Worker
from crm.people.models import Person, WorkingPattern
from crm.practice.models import Practice

PASSWORD, ANOTHER = "ferry-lantern-cobalt-9", "meadow tin harbour 12"
LINK = re.compile(r"/(?:invitation|reset|address)/[\w.\-]+")


@pytest.fixture
def office(cast, stage):
    """A demo, whose mails can be read, with a contact who has no account yet."""
    stage.get(Practice, 1).is_demo = True
    stage.add(Contact(id=4, client_id=1, name="Dan", email="dan@client1.example"))
    stage.commit()


@pytest.fixture
def mails(app, stage, office):
    """What has come since one last looked: (recipient, subject, link)."""
    seen = set()

    def look():
        Worker(app).run(until_empty=True)
        stage.expire_all()
        new = [one for one in stage.scalars(select(DemoMail).order_by(DemoMail.id)) if one.id not in seen]
        seen.update(one.id for one in new)
        return [(one.recipient, one.subject, (LINK.findall(one.body) or [""])[0]) for one in new]

    return look


@pytest.fixture
def abe(sign_in, cast):
    return sign_in(cast.abe)


@pytest.fixture
def anybody(app, sign_in, cast):
    """Somebody at another desk, who is not signed in."""
    sign_in(cast.abe)
    return lambda: app.test_client()


def plain(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("&amp;", "&")


def account(stage, email):
    stage.expire_all()
    return stage.scalars(select(Account).where(Account.email == email)).one_or_none()


def version(stage, who):
    stage.expire_all()
    return stage.scalar(select(Account.version).where(Account.id == who.id))


def invite(abe, whom="contact/4", **fields):
    return abe.send(f"/settings/accounts/new/{whom}", **{"role": "viewer", "email": "dan@client1.example", **fields})


def choose(browser, link, password=PASSWORD):
    """Open it as a person does, and press its button."""
    page = browser.get(link)
    assert page.status_code == 200, plain(page)
    found = re.search(r'name="version" value="(\d+)"', page.text)[1]
    return browser.send(link, password=password, version=found)


@pytest.fixture
def known(app, stage, cast):
    """Cora and Ben have chosen passwords."""
    with app.test_request_context():
        hashed = hash_password(PASSWORD)
    stage.execute(update(Account).where(Account.id.in_([cast.cora.id, cast.ben.id])).values(password=hashed))
    stage.commit()
    return cast.cora


# --- invitations ---


def test_from_the_invitation_to_the_first_page(abe, anybody, mails, stage):
    assert invite(abe).status_code == 303
    [(recipient, subject, link)] = mails()
    assert (recipient, subject) == ("dan@client1.example", "Your way in to Larkmoor")
    dan = anybody()
    weak = choose(dan, link, "client1 example dan")
    assert (weak.status_code, "well-known word or name" in plain(weak)) == (422, True)
    done = choose(dan, link)
    assert (done.status_code, done.location) == (303, "/")
    assert dan.get("/portal").status_code == 200
    assert anybody().post("/sign-in", data={"email": recipient, "password": PASSWORD}).status_code == 303
    line = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "own.accept_invitation")).one()
    assert (line.contact_id, line.via) == (4, "link")
    again = anybody().get(link)
    assert (again.status_code, "This invitation was used" in plain(again)) == (410, True)
    assert anybody().send(link, password=ANOTHER).status_code == 410
    assert anybody().post("/sign-in", data={"email": recipient, "password": ANOTHER}).status_code == 422


def test_somebody_new_to_the_practice_needs_no_command(abe, anybody, mails, stage):
    zoe = {"name": "Zoe Lark", "email": "zoe@larkmoor.example"}
    taken = abe.send("/settings/accounts/new/colleague", name="Ada", email="ada@larkmoor.example", role="partner")
    assert (taken.status_code, "has this address already" in plain(taken)) == (422, True)
    wrong = abe.send("/settings/accounts/new/colleague", **zoe, role="sponsor")
    assert (wrong.status_code, "Choose one of the list" in plain(wrong)) == (422, True)
    assert abe.send("/settings/accounts/new/colleague", **zoe, role="partner").status_code == 303
    told = {to: (subject, link) for to, subject, link in mails()}
    assert told["ada@example.test"][0] == "Zoe Lark is now a partner", (
        "nobody is made a partner behind the partners' backs"
    )
    zoes = anybody()
    assert choose(zoes, told[zoe["email"]][1]).status_code == 303
    assert zoes.get("/practice").status_code == 200
    person = stage.scalars(select(Person).where(Person.email == zoe["email"])).one()
    pattern = stage.scalars(select(WorkingPattern).where(WorkingPattern.person_id == person.id)).one()
    assert (person.kind, pattern.delivery_share, pattern.utilisation_target) == ("partner", 40, 40)


def test_a_scanner_opens_the_link_and_nothing_happens(abe, anybody, mails, stage):
    invite(abe)
    [(_, _, link)] = mails()
    before = stage.execute(select(Account.version, Account.password).where(Account.name == "Dan")).one()
    for _ in range(2):
        assert anybody().get(link).status_code == 200
        assert anybody().head(link).status_code == 200
    stage.expire_all()
    assert stage.execute(select(Account.version, Account.password).where(Account.name == "Dan")).one() == before
    assert stage.scalar(select(func.count(SignedIn.id)).join(Account).where(Account.name == "Dan")) == 0
    assert choose(anybody(), link).status_code == 303


def test_sent_again_the_link_of_before_is_dead(abe, anybody, mails, stage):
    invite(abe)
    [(_, _, first)] = mails()
    dan = account(stage, "dan@client1.example")
    assert abe.send(f"/settings/accounts/{dan.id}/invite", version=dan.version).status_code == 303
    [(_, _, second)] = mails()
    old = anybody().get(first)
    assert (old.status_code, "There is a newer link" in plain(old)) == (410, True)
    assert anybody().send(first, password=PASSWORD).status_code == 410
    assert choose(anybody(), second).status_code == 303
    again = abe.send(f"/settings/accounts/{dan.id}/invite", version=version(stage, dan))
    assert (again.status_code, "has a password already" in plain(again)) == (409, True)


def test_an_invitation_is_over_after_seven_days_and_can_be_sent_again(abe, anybody, mails, stage):
    invite(abe)
    [(_, _, link)] = mails()
    stage.execute(update(Invitation).values(expires_at=clock.now() - timedelta(minutes=1)))
    late = anybody().get(link)
    assert (late.status_code, "good for seven days" in plain(late)) == (410, True)
    assert anybody().send(link, password=PASSWORD).status_code == 410
    dan = account(stage, "dan@client1.example")
    assert "The link is over since" in plain(abe.get(f"/settings/accounts/{dan.id}"))
    abe.send(f"/settings/accounts/{dan.id}/invite", version=dan.version)
    [(_, _, fresh)] = mails()
    assert choose(anybody(), fresh).status_code == 303


def test_withdrawn_the_link_opens_nothing(abe, anybody, mails, stage):
    invite(abe)
    [(_, _, link)] = mails()
    dan = account(stage, "dan@client1.example")
    assert abe.send(f"/settings/accounts/{dan.id}/withdraw", version=dan.version).status_code == 303
    gone = anybody().get(link)
    assert (gone.status_code, "does not count any more" in plain(gone)) == (410, True)
    assert anybody().send(link, password=PASSWORD).status_code == 410
    assert account(stage, "dan@client1.example").active is False
    again = abe.send(f"/settings/accounts/{dan.id}/withdraw", version=version(stage, dan))
    assert again.status_code == 409


def test_a_mail_that_waited_longer_than_the_invitation_is_not_sent(abe, mails, stage):
    invite(abe)
    stage.execute(update(Invitation).values(expires_at=clock.now() - timedelta(minutes=1)))
    assert mails() == []


def test_whoever_is_signed_in_here_does_not_take_it_for_another(abe, sign_in, cast, mails):
    invite(abe)
    [(_, _, link)] = mails()
    cora = sign_in(cast.cora)
    page = plain(cora.get(link))
    assert "This link is for Dan, and Cora is signed in here" in page
    assert cora.send(link, password=PASSWORD).status_code == 409


def test_what_we_never_wrote_opens_nothing(abe, anybody, mails):
    invite(abe)
    [(_, _, link)] = mails()
    token = link.rpartition("/")[2]
    for wrong in (f"/invitation/{token[:-2]}", "/invitation/x", f"/reset/{token}", f"/address/{token}"):
        assert anybody().get(wrong).status_code == 404, wrong
        assert anybody().send(wrong, password=PASSWORD).status_code == 404


def test_an_address_with_an_account_is_given_the_role_there(abe, mails, stage):
    taken = invite(abe, email="cora@example.test")
    assert (taken.status_code, "has an account already" in plain(taken)) == (422, True)
    assert mails() == []


def test_a_slip_in_the_address_of_an_invitation_is_mended_and_sent_again(abe, anybody, mails, stage):
    invite(abe, email="dam@client1.example")
    [(_, _, first)] = mails()
    dan = account(stage, "dam@client1.example")
    abe.send(f"/settings/accounts/{dan.id}", name="Dan", email="dan@client1.example", version=dan.version)
    [(recipient, _, second)] = mails()
    assert recipient == "dan@client1.example"
    assert anybody().get(first).status_code == 410
    assert choose(anybody(), second).status_code == 303


def test_nobody_gives_themself_a_role_and_partners_hear_of_new_ones(abe, cast, mails, stage):
    own = abe.send(f"/settings/accounts/{cast.abe.id}/roles/person/1", role="partner", version=version(stage, cast.abe))
    assert (own.status_code, "Nobody gives a role to themself" in plain(own)) == (409, True)
    given = abe.send(
        f"/settings/accounts/{cast.eve.id}/roles/person/3", role="partner", version=version(stage, cast.eve)
    )
    assert given.status_code == 303
    assert [(to, subject) for to, subject, _ in mails()] == [("ada@example.test", "Eve is now a partner")]
    assert stage.scalars(select(AuditEntry.verb)).all() == ["account.give"]


# --- a forgotten password ---


def ask(browser, email):
    return browser.send("/forgotten", email=email)


def test_a_forgotten_password_is_set_anew_and_everybody_is_out(known, anybody, mails, sign_in, stage):
    cora = sign_in(known)
    assert cora.get("/portal").status_code == 200
    assert ask(anybody(), known.email.upper()).location == "/forgotten?sent=1"
    [(recipient, subject, link)] = mails()
    assert (recipient, subject) == (known.email, "Choose a new password")
    assert anybody().head(link).status_code == 200
    assert cora.get("/portal").status_code == 200, "a scanner changes nothing"
    cora_elsewhere = anybody()
    done = choose(cora_elsewhere, link, ANOTHER)
    assert (done.status_code, done.location) == (303, "/done/password")
    assert cora_elsewhere.get("/portal").status_code == 303, "a reset opens no session"
    assert cora.get("/portal").status_code == 303
    assert anybody().post("/sign-in", data={"email": known.email, "password": PASSWORD}).status_code == 422
    assert anybody().post("/sign-in", data={"email": known.email, "password": ANOTHER}).status_code == 303
    assert [subject for _, subject, _ in mails()] == ["Your password was changed"]
    assert anybody().get(link).status_code == 410
    assert stage.scalars(select(AuditEntry.verb)).all() == ["own.reset_password"]


def test_strangers_and_closed_accounts_read_the_same_and_get_no_mail(known, cast, anybody, mails, stage):
    stage.execute(update(Account).where(Account.id == cast.ben.id).values(active=False))
    answers = [
        ask(anybody(), address) for address in (known.email, "nobody@example.test", cast.ben.email, cast.vic.email)
    ]
    assert {(one.status_code, one.location) for one in answers} == {(303, "/forgotten?sent=1")}
    assert stage.scalar(select(func.count(Outbox.id))) == len(answers), "the same work for each"
    assert [to for to, _, _ in mails()] == [known.email]


def test_wishes_are_counted_and_the_answer_does_not_say_so(known, anybody, mails):
    assert {ask(anybody(), known.email).status_code for _ in range(5)} == {303}
    assert len(mails()) == 3
    strangers = [ask(anybody(), f"nobody{n}@example.test").status_code for n in range(30)]
    assert strangers == [303] * 25 + [429] * 5


def test_a_reset_is_over_when_a_password_was_set_meanwhile_or_the_account_closed(
    known, cast, anybody, mails, abe, stage
):
    ask(anybody(), known.email)
    ask(anybody(), cast.ben.email)
    links = {to: link for to, _, link in mails()}
    assert (
        abe.send(f"/settings/accounts/{known.id}/password", password=ANOTHER, version=version(stage, known)).status_code
        == 303
    )
    assert abe.send(f"/settings/accounts/{cast.ben.id}/close", version=version(stage, cast.ben)).status_code == 303
    for link in links.values():
        gone = anybody().get(link)
        assert (gone.status_code, "works once and for two hours" in plain(gone)) == (410, True)
        assert anybody().send(link, password=PASSWORD).status_code == 410


def test_after_two_hours_a_reset_opens_nothing(known, anybody, mails, monkeypatch):
    ask(anybody(), known.email)
    [(_, _, link)] = mails()
    monkeypatch.setitem(__import__("crm.accounts.tokens", fromlist=["WITHIN"]).WITHIN, "reset", timedelta(seconds=-1))
    assert anybody().get(link).status_code == 410


def test_whoever_never_chose_a_password_gets_the_invitation_again(abe, anybody, mails):
    invite(abe)
    [(_, first, _)] = mails()
    ask(anybody(), "dan@client1.example")
    [(_, subject, link)] = mails()
    assert subject == first
    assert choose(anybody(), link).status_code == 303


# --- a new address ---

NEW = "cora@home.example"


def move(browser, email=NEW, password=PASSWORD, **more):
    return browser.send("/me/address", email=email, password=password, **more)


def test_a_new_address_counts_once_it_is_confirmed(known, sign_in, anybody, mails, stage):
    cora = sign_in(known)
    assert move(cora).status_code == 303
    told = {to: (subject, link) for to, subject, link in mails()}
    assert told.keys() == {NEW, known.email}
    assert told[known.email][0] == "Your mail address is to be changed"
    assert f"{NEW} is not confirmed yet" in plain(cora.get("/me"))
    link = told[NEW][1]
    page = anybody().get(link)
    assert anybody().head(link).status_code == 200
    assert account(stage, NEW) is None, "opened, not confirmed"
    seen = re.search(r'name="version" value="(\d+)"', page.text)[1]
    assert anybody().send(link, version=seen).location == "/done/address"
    assert account(stage, NEW).id == known.id
    assert anybody().get(link).status_code == 410
    assert anybody().get(told[known.email][1]).status_code == 410
    line = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "own.confirm_address")).one()
    assert line.contact_id == 1


def test_the_old_address_stops_it_and_signs_everybody_out(known, sign_in, anybody, mails, stage, app):
    thief = sign_in(known)
    move(thief)
    told = {to: link for to, _, link in mails()}
    page = anybody().get(told[known.email])
    seen = re.search(r'name="version" value="(\d+)"', page.text)[1]
    assert anybody().send(told[known.email], version=seen).location == "/done/stopped"
    assert thief.get("/portal").status_code == 303
    assert anybody().get(told[NEW]).status_code == 410
    assert anybody().send(told[NEW]).status_code == 410
    assert account(stage, NEW) is None
    again = {to: (subject, link) for to, subject, link in mails()}
    assert (again[known.email][0], "/reset/" in again[known.email][1]) == ("Choose a new password", True)
    with app.test_request_context():
        assert not fits(PASSWORD, account(stage, known.email)), (
            "whoever took the account knows a password that opens nothing"
        )
    assert anybody().get(again[known.email][1]).status_code == 200


def test_an_address_is_not_changed_without_the_password_or_to_what_another_has(
    known, sign_in, anybody, mails, stage, cast
):
    cora = sign_in(known)
    wrong = move(cora, password="not this one at all")
    assert (wrong.status_code, "not the password" in plain(wrong), NEW in wrong.text) == (422, True, True)
    assert mails() == []
    taken = move(cora, email=cast.vic.email)
    assert taken.status_code == 303, "who else has an account is nobody's to find out here"
    link = next(link for to, _, link in mails() if to == cast.vic.email)
    seen = re.search(r'name="version" value="(\d+)"', anybody().get(link).text)[1]
    refused = anybody().send(link, version=seen)
    assert (refused.status_code, account(stage, cast.vic.email).id) == (422, cast.vic.id)


def test_a_wish_is_dropped_or_replaced_by_the_next_one(known, sign_in, anybody, mails, stage):
    cora = sign_in(known)
    move(cora)
    [first] = [link for to, _, link in mails() if to == NEW]
    move(cora, email="cora@work.example")
    second = next(link for to, _, link in mails() if to == "cora@work.example")
    assert anybody().get(first).status_code == 410
    assert anybody().get(second).status_code == 200
    assert cora.send("/me/address/drop", version=version(stage, known)).status_code == 303
    assert anybody().get(second).status_code == 410
    assert stage.scalars(select(AddressChange).where(AddressChange.confirmed_at.is_not(None))).all() == []


def test_an_admin_asks_for_another_address_and_its_owner_confirms(known, abe, anybody, mails, stage):
    answer = abe.send(f"/settings/accounts/{known.id}", name="Cora", email=NEW, version=version(stage, known))
    assert answer.status_code == 303
    assert account(stage, NEW) is None
    link = next(link for to, _, link in mails() if to == NEW)
    seen = re.search(r'name="version" value="(\d+)"', anybody().get(link).text)[1]
    assert anybody().send(link, version=seen).status_code == 303
    assert account(stage, NEW).id == known.id
