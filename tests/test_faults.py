"""What must happen when something breaks: people are told whether anything was saved, and what was acknowledged stays."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
from flask import Blueprint
from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.orm import Session

import crm
from crm.core.db import db
from tests import cast as people

LONG = "A note that took a while to write, and that nobody wants to write again. " * 3


@pytest.fixture
def house(sqlite_file, tmp_path):
    """The application as it is served, on a file of its own with the cast in it."""
    engine = create_engine(f"sqlite:///{sqlite_file}", poolclass=NullPool)
    with Session(engine, expire_on_commit=False) as stage:
        cast = people.enter(stage)
    engine.dispose()
    app = crm.create_app(
        {"DATABASE_URL": f"sqlite:///{sqlite_file}", "INSTANCE": tmp_path, "LOG_LEVEL": "ERROR", "WTF_CSRF_ENABLED": False,
         "SECRET_KEY": "for-tests-only-for-tests-only-for-tests"}
    )  # fmt: skip
    yield app, cast
    with app.app_context():
        db.engine.dispose()


def rename(app, who):
    """A form with a long text in it; the text is no field of the form, but it was typed."""
    return people.browser_of(app, who).send("/me", name="Benjamin", note=LONG)


def named(file):
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT name FROM account WHERE email = 'ben@example.test'").fetchone()[0]


def test_a_locked_database_says_so_and_keeps_the_text(house, sqlite_file, impatient):
    app, cast = house
    with app.app_context():
        db.engine.dispose()
    with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = rename(app, cast.ben)
        assert people.browser_of(app, cast.ben).get("/me").status_code == 200, "reading goes on"
        other.execute("ROLLBACK")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Nothing was saved" in answer.text
    assert LONG.strip() in answer.text
    assert named(sqlite_file) == "Ben"
    assert rename(app, cast.ben).status_code == 303


def test_a_full_disk_says_so_and_keeps_the_text(house, sqlite_file, capsys):
    app, cast = house

    def no_more_room(connection, _):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    with app.app_context():
        event.listen(db.engine, "connect", no_more_room)
        db.engine.dispose()
    browser = people.browser_of(app, cast.ben)
    answers = [browser.send("/me", name=f"Ben {n}", version=n, note=LONG) for n in range(1, 60)]
    full = next(one for one in answers if one.status_code != 303)
    assert full.status_code == 507
    assert "storage is full" in full.text
    assert LONG.strip() in full.text
    saved = answers.index(full)
    assert named(sqlite_file) == (f"Ben {saved}" if saved else "Ben"), (
        "what was answered with yes is there, the rest is not"
    )
    assert browser.get("/me").status_code == 200
    with closing(sqlite3.connect(sqlite_file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_error_of_ours_has_a_number_and_the_log_has_the_rest(house, sqlite_file, tmp_path, capsys):
    broken = Blueprint("broken", __name__)

    @broken.get("/broken")
    def breaks():
        raise RuntimeError("the secret reason")

    app = crm.create_app({"DATABASE_URL": f"sqlite:///{sqlite_file}", "INSTANCE": tmp_path, "LOG_LEVEL": "ERROR"})
    app.register_blueprint(broken)
    answer = app.test_client().get("/broken")
    number = re.search(r"Number to quote: <b>([0-9a-f]{32})</b>", answer.text)[1]
    assert answer.status_code == 500
    assert "secret reason" not in answer.text
    assert "Traceback" not in answer.text
    (line,) = [json.loads(row) for row in capsys.readouterr().err.splitlines() if '"broken"' in row]
    assert (line["event"], line["request_id"]) == ("broken", number)
    assert "RuntimeError: the secret reason" in line["exception"]
