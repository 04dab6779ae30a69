"""flask --app crm demo: what it says, what it refuses."""

import json
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from crm.accounts.models import Account
from crm.clients.models import Client
from crm.core.db import db
from tests.demo.conftest import HATS


@pytest.fixture
def say(app):
    return lambda *words: app.test_cli_runner().invoke(args=["demo", *words])


@pytest.fixture
def loaded(say, scene):
    """What `demo load` leaves behind: loaded once, copied from then on."""

    def build():
        assert say("load").exit_code == 0
        return SimpleNamespace(persons=SimpleNamespace(), contacts=SimpleNamespace())

    scene("loaded by command", build)


def test_load_then_sign_in_with_what_is_printed(loaded, say, app, stage):
    shown = json.loads(say("accounts", "--json").output)
    assert [one["role"] for one in shown] == HATS
    assert {frozenset(one) for one in shown} == {frozenset({"role", "email", "password"})}
    with app.app_context():
        db.engine.dispose()
    answer = app.test_client().post("/sign-in", data={"email": shown[3]["email"], "password": shown[3]["password"]})
    assert answer.status_code == 303
    for one in shown:
        assert one["email"] in say("accounts").output


def test_loading_twice_is_refused(loaded, say, stage):
    again = say("load")
    assert (again.exit_code, again.output) == (
        1,
        "Error: This database is not empty; the demo practice is loaded into an empty one only.\n",
    )
    assert stage.scalar(select(func.count()).select_from(Client)) == 10


def test_one_row_is_enough_to_refuse(say, stage):
    stage.add(Client(code="OWN", name="Somebody real"))
    stage.commit()
    assert say("load").exit_code == 1
    assert stage.scalar(select(func.count()).select_from(Account)) == 0


def test_production_is_refused(say, app, monkeypatch):
    monkeypatch.setitem(app.config, "ENV", "production")
    assert "production" in say("load").output


def test_no_demo_no_sign_ins(say):
    assert (
        say("accounts").output
        == "Error: This database holds no demo practice; load it with: flask --app crm demo load\n"
    )


def test_a_new_password_is_the_password_of_all(loaded, say, app, monkeypatch, stage):
    chosen = select(Account.password).where(Account.password.is_not(None))  # who is only invited keeps none
    before = stage.scalars(chosen).all()
    monkeypatch.setitem(app.config, "DEMO_PASSWORD", "another password")
    assert {one["password"] for one in json.loads(say("accounts", "--json").output)} == {"another password"}
    after = stage.scalars(chosen).all()
    assert len(after) == len(before)
    assert set(after).isdisjoint(before)


def test_help_speaks_to_a_newcomer(say):
    assert "Refuses a database that holds anything already" in " ".join(say("load", "--help").output.split())
