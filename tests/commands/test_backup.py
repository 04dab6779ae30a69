"""A copy of all that is somewhere: taken while people work, opened, compared, and taken again for what is new alone."""

import io
import sqlite3
from importlib import import_module

import pytest

import crm
from crm.core.db import db
from crm.files.store import place_of, store


@pytest.fixture
def practice(sqlite_file, tmp_path):
    """An installation with two files, of which the database knows."""
    app = crm.create_app(
        {"INSTANCE": tmp_path / "instance", "DATABASE_URL": f"sqlite:///{sqlite_file}", "LOG_LEVEL": "CRITICAL"}
    )
    yield app
    with app.app_context():
        db.engine.dispose()


def told(app, *words):
    return app.test_cli_runner().invoke(args=["backup", *map(str, words)])


@pytest.fixture
def named(monkeypatch, practice):
    """Two files in the store, and what the copy of the database says of them."""
    backup = import_module("crm.commands.backup")  # the command has the name of its module
    bodies = {"a" * 64: b"Exit plan", "b" * 64: b"Budget"}
    with practice.app_context():
        for key, body in bodies.items():
            store().put(place_of(key), io.BytesIO(body))
    proved = backup._proved

    def and_two(copy):
        return proved(copy) + [
            (n, key, backup.hashlib.sha256(body).hexdigest()) for n, (key, body) in enumerate(bodies.items(), 1)
        ]

    monkeypatch.setattr(backup, "_proved", and_two)
    return list(bodies)


@pytest.mark.engine_free
def test_a_copy_opens_and_is_taken_again_for_what_is_new(practice, named, tmp_path):
    there = tmp_path / "backups"
    first = told(practice, there)
    assert (first.exit_code, "2 files beside it, 2 of them new" in first.output) == (0, True), first.output
    (copy,) = there.glob("twelvefold-*.db")
    assert copy.stat().st_mode & 0o077 == 0, "only its owner reads it"
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    opened.close()
    assert [(there / "files" / place_of(key)).read_bytes() for key in named] == [b"Exit plan", b"Budget"]
    assert (there / "secrets.json").read_bytes() == (tmp_path / "instance" / "secrets.json").read_bytes()
    copy.unlink()
    again = told(practice, there)
    assert (again.exit_code, "0 of them new" in again.output) == (0, True)
    assert not list(there.rglob("*.part"))


@pytest.mark.engine_free
def test_what_is_missing_or_changed_is_said_and_the_rest_is_copied(practice, named, tmp_path):
    with practice.app_context():
        store().remove(place_of(named[0]))
        store().put(place_of(named[1]), io.BytesIO(b"Something else"))
    said = told(practice, tmp_path / "backups")
    assert said.exit_code == 1
    assert "Missing: file 1" in said.output
    assert "Not what was put there: file 2" in said.output
    assert list((tmp_path / "backups").glob("twelvefold-*.db"))
    assert not (tmp_path / "backups" / "files" / place_of(named[1])).exists()


@pytest.mark.engine_free
def test_where_there_is_nothing_or_another_engine_it_says_so(tmp_path, practice):
    practice.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg://nowhere/x"
    said = told(practice, tmp_path / "backups")
    assert (said.exit_code, "pg_dump" in said.output) == (1, True)
    assert not (tmp_path / "backups").exists()
    practice.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/none.db"
    said = told(practice, tmp_path / "backups")
    assert (said.exit_code, "nothing to copy" in said.output) == (1, True)
