"""Forms that somebody else sends, what stands around every answer, and what the log keeps: as the house is served,
with its tokens on."""

import json
import re

import pytest
from sqlalchemy import select

import crm
from crm.accounts.models import Account
from crm.core.db import db
from tests import cast as people
from tests import world as full_world

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def served(storage, tmp_path):
    return crm.create_app(
        {"DATABASE_URL": storage.url, "INSTANCE": tmp_path, "LOG_LEVEL": "ERROR", "SECRET_KEY": "for-tests-only-for-tests-only-for-tests"}
    )  # fmt: skip


@pytest.fixture
def house(cast, storage, tmp_path):
    app = served(storage, tmp_path)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_no_form_is_taken_without_its_token(house, cast):
    """Every address that takes a form, asked by somebody who is signed in, without a token and with a wrong one."""
    browser = people.browser_of(house, cast.ada)
    taken = [rule for rule in house.url_map.iter_rules() if "POST" in rule.methods]
    assert len(taken) > 100
    open_doors = set()
    with house.test_request_context():
        for rule in taken:
            some = {name: "1" if name.endswith("_id") else "x" for name in rule.arguments}
            some |= {name: "x" * 64 for name in ("secret", "token") if name in some}
            path = rule.build({name: _first(rule, name, value) for name, value in some.items()})[1]
            for fields in ({}, {"csrf_token": "forged"}):
                if browser.post(path, data=fields).status_code != 400:
                    open_doors.add(str(rule))
    assert open_doors == set()


def _first(rule, name, value):
    """Something that this part of the address takes."""
    converter = rule._converters[name]
    items = getattr(converter, "items", None)
    return next(iter(sorted(items))) if items else 1 if type(converter).__name__ == "Id" else value


def test_a_form_from_a_mail_carries_the_token_of_its_link(house, world):
    """No session, so no token of one: the page of a link writes its own, which fits no other link."""
    browser, address = house.test_client(), f"/sign/{full_world.SECRETS[0]}"
    page, other = browser.get(address), browser.get(f"/sign/{full_world.SECRETS[10]}")
    assert "Set-Cookie" not in page.headers
    sent = {"once": "k", "version": "1", "name": "Cora"}
    for forged in ({}, {"csrf_token": "forged"}, {"csrf_token": TOKEN.search(other.text)[1]}):
        assert browser.post(f"{address}/acceptance", data=sent | forged).status_code == 400
    token = {"csrf_token": TOKEN.search(page.text)[1]}
    assert browser.post(f"{address}/acceptance", data=sent | token).status_code == 303


def test_a_form_with_its_token_is_taken(house, cast):
    browser = people.browser_of(house, cast.ada)
    token = TOKEN.search(browser.get("/me").text)[1]
    sent = {"csrf_token": token, "once": "k", "version": "1", "name": "Ada L.", "theme": ""}
    assert browser.post("/me", data=sent).status_code == 303


@pytest.mark.parametrize("who", ["ada", None])
def test_what_another_site_sends_is_neither_shown_again_nor_kept(who, house, cast, stage):
    """Not one click away from being sent after all; and nobody is signed out by the answer."""
    browser = people.browser_of(house, getattr(cast, who)) if who else house.test_client()
    sent = {"name": "Mallory", "theme": ""}
    answer = browser.post("/me", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.text
    assert "Mallory" not in answer.text
    assert "csrf_token" not in answer.text
    assert who or "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert stage.scalar(select(Account.name).where(Account.id == cast.ada.id)) != "Mallory"


def test_a_link_from_another_site_still_opens(house, cast):
    browser = people.browser_of(house, cast.ada)
    assert browser.get("/today", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_static_files_carry_what_pages_carry(house):
    page = house.test_client().get("/sign-in")
    sheet = house.test_client().get(re.search(r'href="(/static/[^"]+tokens\.css)"', page.text)[1])
    sheet.close()
    assert sheet.status_code == 200
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Cross-Origin-Resource-Policy",
    ):
        assert sheet.headers[name] == page.headers[name]
    assert "Access-Control-Allow-Origin" not in sheet.headers
    assert "immutable" in sheet.headers["Cache-Control"]


def test_the_log_keeps_no_text_that_people_wrote(cast, storage, tmp_path, monkeypatch, capsys):
    """Not even where the database refused it (V16.2.1)."""
    monkeypatch.setattr("crm.core.inputs.line", lambda text, **_: text)  # a fault of ours lets a letter through
    house = served(storage, tmp_path)
    browser = people.browser_of(house, cast.ada)
    token = TOKEN.search(browser.get("/me").text)[1]
    sent = {"csrf_token": token, "once": "k", "version": "1", "name": "a secret plan\0", "theme": ""}
    answer = browser.post("/me", data=sent)
    with house.app_context():
        db.engine.dispose()
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert answer.status_code == 500
    assert any("exception" in line for line in logged)
    assert "a secret plan" not in json.dumps(logged)
