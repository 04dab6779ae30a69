"""The door: the same answer for everybody who is not let in, counted over processes, and nothing typed is lost."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from limits import RateLimitItemPerHour
from sqlalchemy import func, select, update

from crm.access.tidy import kept_forms
from crm.accounts import limits
from crm.accounts.models import Account, KeptForm, SignedIn
from crm.accounts.security import hash_password
from crm.core import clock

ROOT = Path(__file__).parent.parent.parent
RIGHT, WRONG = "ferry-lantern-cobalt-9", "not this one at all"
ELSEWHERE = """
import sys, crm
app = crm.create_app({"TESTING": True, "WTF_CSRF_ENABLED": False, "LOG_LEVEL": "CRITICAL"})
door = app.test_client()
for _ in range(int(sys.argv[1])):
    print(door.post("/sign-in", data={"email": "cora@example.test", "password": "guess"}).status_code)
"""


@pytest.fixture
def known(app, stage, cast):
    with app.test_request_context():
        hashed = hash_password(RIGHT)
    stage.execute(
        update(Account).where(Account.email.in_(["cora@example.test", "vic@example.test"])).values(password=hashed)
    )
    return cast.cora


def knock(app, email="cora@example.test", password=RIGHT, **more):
    return app.test_client().post("/sign-in", data={"email": email, "password": password, **more})


def test_tries_are_counted_over_processes_and_refused_at_once(app, known, storage, tmp_path):
    own = {"TWELVEFOLD_DATABASE_URL": storage.url, "TWELVEFOLD_INSTANCE": str(tmp_path)}
    other = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, "6"],
        cwd=ROOT,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.split() == ["422"] * 6
    assert [knock(app, password=WRONG).status_code for _ in range(5)] == [422] * 4 + [429]
    refused = knock(app)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60"), "the right password waits too"
    assert "Nothing is locked for good" in refused.text
    assert knock(app, email="vic@example.test").status_code == 303, "another account is not held up"


def test_a_sign_in_that_works_is_no_failure(app, known):
    for _ in range(3):
        assert [knock(app, password=WRONG).status_code for _ in range(8)] == [422] * 8
        assert knock(app).status_code == 303


def test_everybody_who_is_not_let_in_reads_the_same(app, known, stage):
    stage.execute(update(Account).where(Account.email == "vic@example.test").values(active=False))
    answers = [
        knock(app, password=WRONG),
        knock(app, email="nobody@example.test"),
        knock(app, email="vic@example.test"),  # closed
        knock(app, email="ben@example.test"),  # has no password
    ]
    assert {one.status_code for one in answers} == {422}
    assert len({re.sub(r'value="[^"]*"', "", one.text) for one in answers}) == 1
    assert "do not belong together" in answers[0].text
    assert all(RIGHT not in one.text and WRONG not in one.text for one in answers)


def test_a_session_ends_with_the_account_with_its_hat_and_with_time(app, cast, sign_in, stage):
    def is_in(browser):
        return browser.get("/me").status_code == 200

    ben, tess, vic, cora = map(sign_in, (cast.ben, cast.tess, cast.vic, cast.cora))
    assert all(map(is_in, (ben, tess, vic, cora)))
    stage.execute(update(Account).where(Account.id == cast.ben.id).values(active=False))
    cast.tess.standings[0].ended_at = clock.now()
    stage.commit()
    for who, column, ago in ((cast.vic, "seen_at", timedelta(hours=2)), (cast.cora, "began_at", timedelta(hours=12))):
        stage.execute(update(SignedIn).where(SignedIn.account_id == who.id).values({column: clock.now() - ago}))
    assert not any(map(is_in, (ben, tess, vic, cora)))


def test_a_new_sign_in_is_a_new_session(app, known):
    browser, ids = app.test_client(), set()
    for _ in range(2):
        browser.post("/sign-in", data={"email": known.email, "password": RIGHT})
        with browser.session_transaction() as session:
            ids.add(session["sid"])
        browser.post("/sign-out")
    assert len(ids) == 2


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\evil.example", "/%5cevil.example/../..", "javascript:alert(1)",
     "/a//evil.example", "http:evil.example", " /evil", "/\tevil", "/a\r\nLocation: x"],
)  # fmt: skip
def test_the_door_leads_nowhere_else(target, app, known):
    for how in ({"next": target}, {}):
        answer = app.test_client().post(
            "/sign-in",
            data={"email": known.email, "password": RIGHT, **how},
            query_string={} if how else {"next": target},
        )
        assert (answer.status_code, answer.location) == (303, "/")


def test_the_door_leads_to_where_they_were_going(app, known):
    assert knock(app, next="/portal?x=1").location == "/portal?x=1"


# --- what was typed when the session had ended ---

LONG = "A long note. " * 4000  # 52 000 characters


def kept(stage):
    return f"/me/kept/{stage.scalar(select(KeptForm.id))}"


def typed_too_late(app, sign_in, stage, who):
    browser = sign_in(who)
    stage.execute(
        update(SignedIn).where(SignedIn.account_id == who.id).values(seen_at=clock.now() - timedelta(hours=3))
    )
    return browser.send("/me", name="Cora Finch", note=LONG, password="typed too")


def test_what_was_typed_waits_behind_the_door(app, known, sign_in, stage):
    answer = typed_too_late(app, sign_in, stage, known)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={kept(stage)}")
    assert stage.get(Account, known.id).name == "Cora"
    again = app.test_client()
    assert again.post(answer.location, data={"email": known.email, "password": RIGHT}).location == kept(stage)
    shown = again.get(kept(stage))
    assert LONG.strip() in shown.text
    assert 'value="Cora Finch"' in shown.text
    assert 'action="/me"' in shown.text
    assert "typed too" not in shown.text
    stage.expire_all()
    assert stage.get(Account, known.id).name == "Cora", "nothing is sent by itself"


def test_it_is_shown_to_nobody_else_and_not_for_long(app, known, sign_in, cast, stage):
    typed_too_late(app, sign_in, stage, known)
    address = kept(stage)
    assert knock(app, email="vic@example.test").status_code == 303
    assert sign_in(cast.vic).get(address).status_code == 404
    cora = app.test_client()
    cora.post("/sign-in", data={"email": known.email, "password": RIGHT})
    assert cora.get(address).status_code == 200
    stage.execute(update(KeptForm).values(at=clock.now() - timedelta(minutes=31)))
    assert cora.get(address).status_code == 404
    with app.app_context():
        kept_forms()
    assert stage.scalar(select(func.count(KeptForm.id))) == 0


def test_of_a_stranger_nothing_is_kept(app, cast, stage):
    assert app.test_client().post("/me", data={"name": "x" * 90}).location == "/sign-in"
    assert stage.scalar(select(func.count(KeptForm.id))) == 0


def test_a_script_that_comes_too_late_is_led_to_the_door(app, known, sign_in, stage):
    browser = sign_in(known)
    stage.execute(update(SignedIn).values(ended_at=clock.now()))
    answer = browser.post("/me", data={"note": LONG}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, f"/sign-in?next={kept(stage)}")


def test_the_newest_five_are_kept(app, known, sign_in, stage):
    browser = sign_in(known)
    stage.execute(update(SignedIn).values(ended_at=clock.now()))
    for n in range(7):
        browser.post("/me", data={"note": f"text {n}"})
    kept = stage.scalars(select(KeptForm).order_by(KeptForm.id)).all()
    assert [dict(one.fields)["note"] for one in kept] == [f"text {n}" for n in range(2, 7)]


def test_guessing_from_elsewhere_locks_nobody_out(app, known, monkeypatch):
    """RELIABILITY section 6: never a lock-out that others can cause."""
    monkeypatch.setattr(limits, "ACCOUNT", RateLimitItemPerHour(3))

    def from_address(address, password=RIGHT):
        door = app.test_client()
        sent = {"email": " Cora@example.test", "password": password}
        return door.post("/sign-in", data=sent, environ_base={"REMOTE_ADDR": address}).status_code

    assert from_address("192.0.2.1") == 303
    assert [from_address(f"198.51.100.{n}", WRONG) for n in range(4)] == [422] * 2 + [429] * 2
    assert from_address("203.0.113.9") == 429, "guessing from everywhere is slow all the same"
    assert from_address("192.0.2.1") == 303
    assert from_address("192.0.2.1", WRONG) == 422
