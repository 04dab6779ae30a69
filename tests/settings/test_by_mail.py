"""Signing in by a link in a mail: for people of clients only, once, and the same to read for everybody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.accounts.factors import SignInLink
from crm.accounts.invitations import Invitation
from crm.accounts.links import token_of
from crm.accounts.models import Account, SignedIn, Standing
from crm.core import clock
from crm.core.viewer import SYSTEM
from crm.outbox.models import Outbox
from crm.outbox.notices import addressee_of, letters_of
from crm.practice.models import Practice
from tests.accounts.keys import give_app


@pytest.fixture
def allowed(stage, cast):
    stage.execute(update(Practice).values(mail_sign_in=True))


def ask(app, email, **more):
    return app.test_client().post("/sign-in/by-mail", data={"email": email, "once": "k", "version": "1", **more})


def letters(stage, see):
    """What the worker would write for everything that was asked."""
    found = []
    for payload in stage.scalars(select(Outbox.payload).order_by(Outbox.id)):
        with see(SYSTEM):
            found += letters_of("account.sign_in_link", payload)
    return found


@pytest.fixture
def link(app, allowed, cast, stage, see):
    ask(app, cast.cora.email, next="/portal/deliverables")
    return letters(stage, see)[0].path


def test_the_link_opens_a_page_and_its_button_signs_in_once(app, link, cast, stage):
    browser = app.test_client()
    for _ in range(3):
        assert browser.get(link).status_code == 200, "looking uses nothing up"
    assert browser.get("/me").status_code == 303
    answer = browser.post(link)
    assert (answer.status_code, answer.location) == (303, "/portal/deliverables")
    assert browser.get("/me").status_code == 200
    for again in (browser.post(link), app.test_client().get(link)):
        assert (again.status_code, "opens nothing any more" in again.text) == (404, True)


def test_a_link_to_an_address_of_before_is_dead(app, link, cast, stage):
    """As every other link of the account is: whoever reads the old mailbox gets in no more."""
    kept = stage.get(Account, cast.cora.id)
    kept.end_links()
    stage.commit()
    browser = app.test_client()
    assert (browser.get(link).status_code, browser.post(link).status_code) == (404, 404)
    assert browser.get("/me").status_code == 303


def test_the_key_goes_to_the_account_it_opens(app, allowed, cast, stage, see):
    """Also where somebody stands for the same contact by another, newer account."""
    stage.add(Account(id=90, email="other@client1.example", name="Cora", created_at=clock.now(), password="set"))
    stage.flush()
    contact_id = cast.cora.standings[0].contact_id
    stage.add(Standing(id=90, account_id=90, role="viewer", contact_id=contact_id, client_id=1))
    stage.commit()
    ask(app, cast.cora.email)
    assert [addressee_for(see, one).address for one in letters(stage, see)] == [cast.cora.email]
    stage.execute(update(Account).where(Account.id == cast.cora.id).values(password="set"))
    stage.commit()
    with see(SYSTEM):
        found = letters_of("account.reset_asked", {"account_id": cast.cora.id})
        assert [addressee_of(one).address for one in found] == [cast.cora.email]


def addressee_for(see, letter):
    with see(SYSTEM):
        return addressee_of(letter)


def test_the_secret_is_not_in_the_database(link, stage):
    token = link.rsplit("/", 1)[1]
    row = stage.scalars(select(SignInLink)).one()
    assert token not in {row.salt, row.token_hash, str(stage.scalar(select(Outbox.payload)))}
    assert token != token_of(row.salt, "another secret of another installation")


def test_of_many_presses_one_signs_in(app, link, cast, stage):
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: app.test_client().post(link).status_code, range(6)))
    assert sorted(answers) == [303, 404, 404, 404, 404, 404]


def test_everybody_reads_the_same_and_only_clients_get_a_letter(app, allowed, cast, stage, see):
    stage.execute(update(Account).where(Account.id == cast.uma.id).values(active=False))
    asked = [ask(app, one) for one in (cast.vic.email, cast.ben.email, cast.uma.email, "nobody@example.test")]
    assert {(one.status_code, one.location) for one in asked} == {(303, "/sign-in/by-mail/sent")}
    assert len(stage.scalars(select(SignInLink.id)).all()) == 4, "the same work for all"
    assert [one.to.name for one in letters(stage, see)] == ["Vic"]
    wrong = ask(app, "no address")
    assert (wrong.status_code, 'value="no address"' in wrong.text) == (422, True)


def test_a_letter_that_comes_too_late_is_not_sent_and_a_link_too_old_opens_nothing(app, link, stage, see):
    stage.execute(update(SignInLink).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert letters(stage, see) == []
    assert app.test_client().post(link).status_code == 404


@pytest.mark.parametrize("end", ["closed", "ended", "not allowed any more"])
def test_it_dies_with_the_right(end, app, link, cast, stage, see):
    if end == "closed":
        stage.execute(update(Account).where(Account.id == cast.cora.id).values(active=False))
    elif end == "ended":
        cast.cora.standings[0].ended_at = clock.now()
        stage.commit()
    else:
        stage.execute(update(Practice).values(mail_sign_in=False))
    assert app.test_client().post(link).status_code == 404
    assert letters(stage, see) == []


def test_a_second_factor_is_asked_for_all_the_same(app, link, cast, stage):
    phone = give_app(app, stage, cast.cora)
    browser = app.test_client()
    assert browser.post(link, data={"trusted": "yes"}).location == "/sign-in/code"
    assert browser.get("/me").status_code == 303
    assert browser.post("/sign-in/code", data={"code": phone.code()}).location == "/portal/deliverables"
    assert stage.scalars(select(SignedIn).order_by(SignedIn.id.desc())).first().trusted_until


def test_nobody_floods_a_mailbox(app, allowed, cast, stage, see):
    answers = {ask(app, cast.cora.email).status_code for _ in range(8)}
    assert answers <= {303, 429}
    assert len(letters(stage, see)) <= 5


def test_without_the_practice_s_word_it_is_not_there(app, cast):
    assert app.test_client().get("/sign-in/by-mail").status_code == 404
    assert "link mailed" not in app.test_client().get("/sign-in").text


@pytest.mark.parametrize(("days", "came", "opens"), [(-1, False, False), (1, False, True), (-1, True, True)])
def test_an_invitation_that_is_over_is_not_answered_by_another_link(days, came, opens, app, allowed, cast, stage, see):
    """Who was invited and never came asks the sponsor again; who came by mail and has no password goes on so."""
    stage.execute(
        update(Account)
        .where(Account.id == cast.cora.id)
        .values(password=None, signed_in_at=clock.now() if came else None)
    )
    stage.add(
        Invitation(
            account_id=cast.cora.id, made_at=clock.now() - timedelta(8), expires_at=clock.now() + timedelta(days)
        )
    )
    stage.commit()
    ask(app, cast.cora.email)
    written = letters(stage, see)
    assert bool(written) is opens
    link = stage.scalars(select(SignInLink)).one()
    mark = stage.get(Account, cast.cora.id, populate_existing=True).fs_uniquifier
    path = f"/sign-in/by-mail/{token_of(link.salt, app.config['SECRET_KEY'], mark)}"
    assert app.test_client().post(path).status_code == (303 if opens else 404)
