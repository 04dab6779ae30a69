"""How one signs in, by one's own hand; what the practice asks for; what an admin does for somebody who lost it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from crm.accounts.factors import Passkey, RecoveryCode
from crm.accounts.models import SignedIn
from crm.audit.models import AuditEntry, AuditText
from crm.core import clock
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from crm.practice.models import Practice
from tests.accounts.keys import RIGHT, Phone, account_now, give_app, give_codes, give_password
from tests.html import faults


@pytest.fixture
def ben(app, stage, cast):
    give_password(app, stage, cast.ben)
    return cast.ben


def passkey(stage, account, name="My phone"):
    stage.add(
        Passkey(
            account_id=account.id,
            name=name,
            credential_id=name.encode(),
            public_key=b"x",
            transports=[],
            made_at=clock.now(),
        )
    )
    stage.commit()


def shown_by(page):
    """The app, as it was shown the page's secret; and the page's sealed note of it."""
    secret = re.search(r'class="secret">([^<]+)<', page.text)[1]
    return Phone(secret), re.search(r'name="seed" value="([^"]+)"', page.text)[1]


def set_up(browser, **more):
    phone, seed = shown_by(browser.get("/me/keys/app"))
    fields = {"code": phone.code(), "password": RIGHT, "seed": seed, **more}
    return phone, browser.send("/me/keys/app", **fields)


def live(stage, account):
    return stage.scalar(
        select(func.count(SignedIn.id)).where(SignedIn.account_id == account.id, SignedIn.ended_at.is_(None))
    )


def test_setting_up_an_app_asks_for_the_password_ends_other_sessions_and_is_told(ben, sign_in, stage):
    stage.add(SignedIn(account_id=ben.id, token_hash="phone", began_at=clock.now(), seen_at=clock.now()))
    stage.commit()
    browser = sign_in(ben)
    for wrong, says in (
        ({"password": "no"}, "not the password"),
        ({"code": "000000"}, "not the code of now"),
        ({"code": "1"}, "six digits"),
    ):
        _, answer = set_up(browser, **wrong)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert account_now(stage, ben).tf_totp_secret is None
    _, done = set_up(browser)
    assert (done.status_code, done.location) == (303, "/me/keys/codes")
    page = browser.get("/me/keys/codes")
    assert len(set(re.findall(r"<code>([0-9a-f-]{14})</code>", page.text))) == 10
    account = account_now(stage, ben)
    assert (account.has_second_factor, account.codes_left, live(stage, ben)) == (True, 10, 1)
    assert stage.scalars(select(AuditEntry.verb)).all() == ["own.set_app"]
    assert stage.scalar(select(Outbox.payload)) == {"account_id": ben.id, "what": "app_set"}
    assert faults(browser.get("/me/keys").text) == faults(page.text) == []


def test_a_secret_that_this_page_never_showed_is_not_taken(ben, cast, sign_in, stage, app):
    give_password(app, stage, cast.tess)
    phone, seed = shown_by(sign_in(cast.tess).get("/me/keys/app"))
    answer = sign_in(ben).send("/me/keys/app", code=phone.code(), password=RIGHT, seed=seed)
    assert answer.status_code == 404
    assert account_now(stage, ben).tf_totp_secret is None


def test_codes_are_shown_for_ten_minutes_and_renewed(app, ben, sign_in, stage):
    give_app(app, stage, ben)
    old = give_codes(app, stage, ben)
    browser = sign_in(ben)
    assert all(code in browser.get("/me/keys/codes").text for code in old)
    stage.execute(update(RecoveryCode).values(made_at=clock.now() - timedelta(minutes=11)))
    assert not any(code in browser.get("/me/keys/codes").text for code in old)
    assert browser.send("/me/keys/codes", password="no").status_code == 422
    assert browser.send("/me/keys/codes", password=RIGHT).location == "/me/keys/codes"
    page = browser.get("/me/keys/codes").text
    assert len(re.findall(r"<code>[0-9a-f-]{14}</code>", page)) == 10
    assert not any(code in page for code in old)


def test_the_last_one_goes_only_where_the_practice_does_not_ask_for_it(app, ben, sign_in, stage):
    give_app(app, stage, ben)
    give_codes(app, stage, ben)
    stage.execute(update(Practice).values(staff_second_factor=True))
    browser = sign_in(ben)
    kept = browser.send("/me/keys/app/end", password=RIGHT)
    assert (kept.status_code, "Set up another one first" in kept.text) == (409, True)
    passkey(stage, ben)
    assert browser.send("/me/keys/app/end", password=RIGHT).location == "/me/keys"
    stage.execute(update(Practice).values(staff_second_factor=False))
    one = account_now(stage, ben).passkeys[0]
    assert browser.send(f"/me/keys/passkeys/{one.id}/end", password=RIGHT, version=2).location == "/me/keys"
    account = account_now(stage, ben)
    assert (account.has_second_factor, account.recovery_codes) == (False, [])


def test_a_passkey_is_named_by_its_owner_alone(ben, cast, sign_in, stage):
    passkey(stage, ben)
    passkey(stage, ben, "Key ring")
    one = account_now(stage, ben).passkeys[0]
    address = f"/me/keys/passkeys/{one.id}"
    assert sign_in(cast.tess).send(address, name="Mine").status_code == 404
    assert sign_in(ben).send(address, name="Key ring").status_code == 422
    assert sign_in(ben).send(address, name="Pocket").location == "/me/keys"
    assert "Pocket" in sign_in(ben).get("/me/keys").text


def test_an_answer_to_no_question_makes_no_passkey(ben, sign_in, stage):
    browser = sign_in(ben)
    refused = browser.post("/me/keys/passkeys/options", data={"name": "x", "password": "no"})
    assert (refused.status_code, "not the password" in refused.json["problem"]) == (422, True)
    asked = browser.post("/me/keys/passkeys/options", data={"name": "x", "password": RIGHT}).json["response"]
    options = asked["credential_options"]
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    for credential in ("", "{}", '{"id": "x"}', "[]"):
        answer = browser.send("/me/keys/passkeys", state=asked["wan_state"], credential=credential)
        assert (answer.status_code, "That did not work" in answer.text) == (409, True)
    assert account_now(stage, ben).passkeys == []


def test_who_must_set_one_up_can_do_nothing_else(app, ben, cast, sign_in, stage):
    stage.execute(update(Practice).values(staff_second_factor=True))
    browser = sign_in(ben)
    for address in ("/", "/today", "/clients/1", "/me"):
        assert browser.get(address).location == "/me/keys"
    assert browser.send("/me", name="Benno", theme="").location == "/me/keys"
    led = browser.get("/today", headers={"HX-Request": "true"})
    assert (led.status_code, led.headers["HX-Redirect"]) == (401, "/me/keys")
    assert "asks everybody who works here" in browser.get("/me/keys").text
    assert sign_in(cast.cora).get("/portal").status_code == 200, "offered to clients, asked of none"
    _, done = set_up(browser)
    assert done.status_code == 303
    assert browser.get("/today").status_code == 200


def test_the_practice_says_what_it_asks_for(cast, sign_in, stage):
    abe = sign_in(cast.abe)
    page = abe.get("/settings/sign-in")
    assert "0 of 6 people of the practice have a second factor" in page.text
    assert faults(page.text) == []
    assert abe.send("/settings/sign-in", staff_second_factor="yes").location == "/settings/sign-in"
    practice = stage.scalars(select(Practice).execution_options(populate_existing=True)).one()
    assert (practice.staff_second_factor, practice.mail_sign_in) == (True, False)
    assert abe.get("/settings").location == "/me/keys", "that holds for whoever said so, too"


def test_an_admin_resets_what_somebody_lost_and_sees_none_of_it(app, ben, cast, sign_in, stage):
    phone = give_app(app, stage, ben)
    codes = give_codes(app, stage, ben)
    passkey(stage, ben)
    abe, address = sign_in(cast.abe), f"/settings/accounts/{ben.id}/second-factor"
    page = abe.get(address)
    assert "10 of 10 recovery codes left" in page.text
    assert not any(code in page.text for code in [*codes, phone.secret])
    asked = abe.send(address, reason="")
    assert (asked.status_code, "Write why" in asked.text) == (422, True)
    assert abe.send(address, reason="Lost his phone").location == f"/settings/accounts/{ben.id}"
    account = account_now(stage, ben)
    assert (account.has_second_factor, account.codes_left, live(stage, ben)) == (False, 0, 0)
    assert stage.scalars(select(AuditText.body)).all() == ["Lost his phone"]
    assert abe.send(address, reason="Again", version=2).status_code == 409
    assert sign_in(cast.ada).send(address, reason="x").status_code == 403
    own = abe.send(f"/settings/accounts/{cast.abe.id}/second-factor", reason="Mine")
    assert own.status_code == 409


def test_every_change_is_a_letter_of_security(cast, see):
    from crm.core.viewer import SYSTEM
    from crm.settings.keys.notices import SAID

    with see(SYSTEM):
        for what in SAID:
            letter = letters_of("account.key_changed", {"account_id": cast.cora.id, "what": what})[0]
            assert (letter.to.name, letter.kind.value) == ("Cora", "security")
            assert "tell us at once" in letter.text
