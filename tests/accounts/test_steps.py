"""The second step of a sign-in: what the password alone does not open."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.accounts import steps
from crm.accounts.factors import RecoveryCode
from crm.accounts.models import SignedIn
from crm.audit.models import AuditEntry
from crm.core import clock
from crm.outbox.models import Outbox
from tests.accounts.keys import RIGHT, account_now, give_app, give_codes, give_password, knock
from tests.routes import NOT_OFFERED


@pytest.fixture
def known(app, stage, cast):
    give_password(app, stage, cast.cora)
    return cast.cora


@pytest.fixture
def phone(app, stage, known):
    return give_app(app, stage, known)


def sessions(stage, account):
    return stage.scalar(select(func.count(SignedIn.id)).where(SignedIn.account_id == account.id))


def test_the_password_leads_to_the_code_and_the_code_to_where_they_were_going(app, known, phone, stage):
    browser, half = knock(app, known, next="/portal?x=1")
    assert (half.status_code, half.location) == (303, "/sign-in/code")
    assert sessions(stage, known) == 1, "the one of the cast"
    assert browser.get("/me").status_code == 303, "half is not in"
    wrong = browser.post("/sign-in/code", data={"code": "000000"})
    assert (wrong.status_code, "each code opens once" in wrong.text) == (422, True)
    answer = browser.post("/sign-in/code", data={"code": phone.code()})
    assert (answer.status_code, answer.location) == (303, "/portal?x=1")
    assert browser.get("/me").status_code == 200
    assert browser.get("/sign-in/code").location == "/", "who is in has nothing to do here"


def test_a_code_opens_once_however_many_come(app, known, phone, stage):
    """RELIABILITY section 6; the library takes it again within its half minute."""
    browsers = [knock(app, known)[0] for _ in range(5)]
    code = phone.code()
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda one: one.post("/sign-in/code", data={"code": code}).status_code, browsers))
    assert sorted(answers) == [303, 422, 422, 422, 422]
    assert sessions(stage, known) == 2


def test_sixteen_posts_of_one_code_open_one_session(app, known, phone, stage, monkeypatch):
    monkeypatch.setattr(steps, "CODE_LIMITS", ())
    browsers = [knock(app, known)[0] for _ in range(16)]
    code = phone.code()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda one: one.post("/sign-in/code", data={"code": code}).status_code, browsers))
    assert answers.count(303) == 1
    assert sessions(stage, known) == 2


def test_codes_are_counted_and_nobody_is_locked_out_by_others(app, known, phone, cast, stage):
    browser, _ = knock(app, known)
    answers = [browser.post("/sign-in/code", data={"code": f"00000{n}"}).status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    assert browser.post("/sign-in/code", data={"code": phone.code()}).status_code == 429, "the right one waits too"
    assert browser.post("/sign-in/recovery", data={"code": "x"}).status_code == 422, "counted for itself"
    assert app.test_client().post("/sign-in/code", data={"code": "000000"}).location == "/sign-in", (
        "a stranger counts nothing"
    )


def test_a_recovery_code_opens_once_and_its_owner_hears_of_it(app, known, phone, stage):
    codes = give_codes(app, stage, known)
    browser, _ = knock(app, known)
    answer = browser.post("/sign-in/recovery", data={"code": f" {codes[3].upper().replace('-', ' ')} "})
    assert answer.status_code == 303
    assert "9 of ten left" in browser.get("/me").text
    again, _ = knock(app, known)
    assert again.post("/sign-in/recovery", data={"code": codes[3]}).status_code == 422
    assert again.post("/sign-in/recovery", data={"code": codes[4]}).status_code == 303
    assert account_now(stage, known).codes_left == 8
    assert stage.scalars(select(AuditEntry.verb)).all() == ["own.spend_code"] * 2
    assert stage.scalars(select(Outbox.payload)).all() == [{"account_id": known.id, "what": "code_spent"}] * 2


def test_of_many_who_bring_one_recovery_code_one_is_let_in(app, known, phone, stage, monkeypatch):
    monkeypatch.setattr(steps, "CODE_LIMITS", ())
    code = give_codes(app, stage, known)[0]
    browsers = [knock(app, known)[0] for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: one.post("/sign-in/recovery", data={"code": code}).status_code, browsers))
    assert answers.count(303) == 1


def test_nothing_of_it_lies_in_the_database_in_clear(app, known, phone, stage):
    codes = give_codes(app, stage, known)
    assert phone.secret not in account_now(stage, known).tf_totp_secret
    kept = stage.scalars(select(RecoveryCode.secret)).all()
    assert not any(code in secret for code in codes for secret in kept)


def test_half_a_sign_in_does_not_wait_for_ever(app, known, phone):
    browser, _ = knock(app, known)
    with browser.session_transaction() as session:
        session["half"] = session["half"] | {"since": session["half"]["since"] - 601}
    late = browser.post("/sign-in/code", data={"code": phone.code()})
    assert (late.status_code, late.location) == (303, "/sign-in")
    with browser.session_transaction() as session:
        assert not {"half", "tf_user_id", "tf_state"} & set(session)


def test_a_new_password_ends_what_was_half_done_with_the_old(app, known, phone, stage):
    browser, _ = knock(app, known)
    account = account_now(stage, known)
    account.set_password(account.password, clock.now())
    stage.commit()
    assert browser.post("/sign-in/code", data={"code": phone.code()}).location == "/sign-in"


def test_who_is_closed_meanwhile_does_not_come_in(app, known, phone, stage):
    browser, _ = knock(app, known)
    account_now(stage, known).active = False
    stage.commit()
    browser.post("/sign-in/code", data={"code": phone.code()})
    assert browser.get("/me").status_code == 303


def test_a_body_that_no_form_sends_is_counted_nowhere_and_refused(app, known):
    door = app.test_client()
    assert door.post("/sign-in", json={"email": known.email, "password": RIGHT}).status_code == 400
    assert door.post("/sign-in/passkey", json={}).status_code == 400


@pytest.mark.engine_free
@pytest.mark.parametrize("address", sorted(NOT_OFFERED))
def test_what_the_library_brings_and_we_do_not_use_is_not_there(address, app, cast, sign_in):
    path = address.replace("<token>", "x").replace("<path:filename>", "x")
    for browser in (app.test_client(), sign_in(cast.cora)):
        assert browser.get(path).status_code in {404, 405}
        assert browser.post(path).status_code in {404, 405}


def test_the_page_of_passkeys_gives_a_challenge_of_its_own_each_time(app, cast):
    door = app.test_client()
    asked = [door.post("/sign-in/passkey", headers={"Accept": "application/json"}).json["response"] for _ in range(2)]
    options = [one["credential_options"] for one in asked]
    assert options[0]["challenge"] != options[1]["challenge"]
    assert (options[0]["userVerification"], options[0].get("allowCredentials")) == ("required", [])
    said = door.post(f"/sign-in/passkey/{asked[0]['wan_state']}", data={"credential": "{}"})
    assert (said.status_code, said.location) == (303, "/sign-in/passkey")
    assert "does not open this" in door.get("/sign-in/passkey").text


def test_the_tick_at_the_door_is_kept_over_the_second_step(app, known, phone, stage):
    browser, _ = knock(app, known, trusted="yes")
    answer = browser.post("/sign-in/code", data={"code": phone.code()})
    newest = stage.scalars(select(SignedIn).order_by(SignedIn.id.desc())).first()
    assert timedelta(days=29) < newest.trusted_until - clock.now() < timedelta(days=31)
    assert "Expires=" in answer.headers["Set-Cookie"]
    plain, _ = knock(app, known)
    answer = plain.post("/sign-in/code", data={"code": phone.code(1)})
    assert stage.scalars(select(SignedIn).order_by(SignedIn.id.desc())).first().trusted_until is None
    assert "Expires=" not in answer.headers["Set-Cookie"], "the browser forgets it when it closes"
