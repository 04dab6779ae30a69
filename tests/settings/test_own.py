"""What everybody may do about their own account."""

import re

import pytest
from sqlalchemy import select

from crm.accounts.models import Account, SignedIn, Standing
from crm.accounts.security import hash_password
from crm.accounts.session import digest_of
from crm.audit.models import AuditEntry
from crm.core import clock
from crm.outbox.models import Outbox
from crm.settings.forms import OwnPasswordForm
from tests.html import faults

OLD, NEW = "ferry-lantern-cobalt-9", "granite.teapot.orbit.7"


def plain(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
def known(app, stage, cast):
    """Cora knows her password, and is signed in on a phone too."""
    with app.test_request_context():
        cast.cora.password = hash_password(OLD)
    moment = clock.now()
    stage.add(SignedIn(account_id=cast.cora.id, token_hash=digest_of("phone"), began_at=moment, seen_at=moment,
                       device="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", address="203.0.113.9"))  # fmt: skip
    stage.commit()
    return cast.cora  # her row is at version 2 now


def phone(app):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["sid"] = "phone"
    return browser


@pytest.mark.parametrize("who", ["ada", "ben", "abe", "cora", "vic"])
def test_everybody_has_a_page_of_their_own(who, cast, sign_in):
    page = sign_in(getattr(cast, who)).get("/me")
    assert page.status_code == 200
    assert f"{who}@example.test, signed in on 1 device" in plain(page)


def test_theme_and_single_keys(cast, sign_in, stage):
    ben = sign_in(cast.ben)
    assert ben.send("/me", name="Ben", theme="dark").location == "/me"
    page = ben.get("/me").text
    assert 'data-theme="dark"' in page
    assert "data-no-keys" in page
    stage.expire_all()
    assert stage.get(Account, cast.ben.id).single_keys is False
    wrong = ben.send("/me", name="", theme="purple", version=2)
    assert (wrong.status_code, "Write your name" in plain(wrong), "Choose one of the list" in plain(wrong)) == (
        422,
        True,
        True,
    )
    stale = ben.send("/me", name="Benno", theme="light", version=1)
    assert (stale.status_code, "Now it says: Dark" in plain(stale)) == (409, True)


def test_changing_the_password_keeps_this_device_and_ends_the_others(known, app, sign_in, stage):
    cora, other = sign_in(known), phone(app)
    assert other.get("/me").status_code == 200
    with cora.session_transaction() as session:
        before = session["sid"]
    done = cora.send("/me/password", version=2, password=OLD, new_password=NEW)
    assert (done.status_code, done.location) == (303, "/me")
    assert "Your new password counts from now on" in plain(cora.get("/me"))
    with cora.session_transaction() as session:
        assert session["sid"] != before
    assert other.get("/me").status_code == 303
    assert app.test_client().post("/sign-in", data={"email": known.email, "password": OLD}).status_code == 422
    assert app.test_client().post("/sign-in", data={"email": known.email, "password": NEW}).status_code == 303
    assert stage.scalars(select(AuditEntry).where(AuditEntry.verb == "own.set_password")).one().subject_id == known.id
    queued = stage.scalars(select(Outbox)).one()
    assert (queued.topic, queued.payload) == ("account.password_set", {"account_id": known.id, "by": "owner"})


def test_the_old_password_is_asked_for_and_guessing_it_is_limited(known, sign_in):
    cora = sign_in(known)
    wrong = cora.send("/me/password", version=2, password="not this one at all", new_password=NEW)
    assert (wrong.status_code, "This is not the password" in plain(wrong)) == (422, True)
    assert "not this one at all" not in wrong.text
    assert NEW not in wrong.text
    weak = cora.send("/me/password", version=2, password=OLD, new_password="cora-cora-cora")
    assert (weak.status_code, "well-known word" in plain(weak)) == (422, True)
    codes = [cora.send("/me/password", version=2, password="guess", new_password=NEW).status_code for _ in range(9)]
    assert codes == [422] * 8 + [429]


def test_sessions_are_listed_and_ended(known, app, sign_in, cast, stage):
    cora, other = sign_in(known), phone(app)
    page = plain(cora.get("/me"))
    assert "Safari on an iPhone" in page
    assert "from 203.0.113.9" in page
    theirs = stage.scalars(select(SignedIn.id).where(SignedIn.account_id == cast.vic.id)).one()
    assert cora.send(f"/me/sessions/{theirs}/end").status_code == 404
    its = stage.scalars(select(SignedIn.id).where(SignedIn.token_hash == digest_of("phone"))).one()
    assert cora.send(f"/me/sessions/{its}/end", version=2).status_code == 303
    assert other.get("/me").status_code == 303
    assert cora.get("/me").status_code == 200


def test_all_others_are_ended_and_this_one_stays(known, app, sign_in):
    cora, other = sign_in(known), phone(app)
    assert cora.send("/me/sessions", version=2).status_code == 303
    assert (cora.get("/me").status_code, other.get("/me").status_code) == (200, 303)


def test_changing_the_company_changes_what_is_seen(cast, sign_in, stage):
    stage.add(Standing(account_id=cast.cora.id, role="viewer", contact_id=3, client_id=2))
    stage.commit()
    hat = stage.scalars(select(Standing.id).where(Standing.account_id == cast.cora.id, Standing.client_id == 2)).one()
    cora = sign_in(cast.cora)
    assert cora.post("/standing", data={"standing": str(hat)}).status_code == 303
    assert "Umbra Viewer Now" in plain(cora.get("/me"))
    foreign = stage.scalars(select(Standing.id).where(Standing.account_id == cast.ada.id)).one()
    cora.post("/standing", data={"standing": str(foreign)})
    assert "Umbra Viewer Now" in plain(cora.get("/me"))


def test_a_password_is_no_part_of_what_is_kept_of_a_press(app):
    def digest(password):
        with app.test_request_context(
            "/", method="POST", data={"password": password, "new_password": NEW, "once": "k"}
        ):
            return OwnPasswordForm().press(leads_to="/").digest

    assert digest(OLD) == digest("another one")


def test_the_page_is_valid_and_asks_each_thing_once(cast, sign_in):
    assert faults(sign_in(cast.ben).get("/me").text) == []
