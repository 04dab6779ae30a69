"""Commands as people call them, in processes of their own: errors in one sentence, and a server that ends whole."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import click
import pytest
from flask_migrate import upgrade
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

import crm
from crm.commands.serve import greet, serve, server_command
from crm.core.db import db
from crm.practice.models import Practice
from tests import processes
from tests.processes import ROOT, free_port, until

OWN = {}  # the instance folder of this test


@pytest.fixture(autouse=True)
def own_instance(tmp_path):
    OWN["INSTANCE"] = tmp_path / "instance"


def environment(**settings):
    """Nothing but these settings, with an instance folder that is nobody else's."""
    return processes.environment(**(OWN | settings))


def call(*words, **settings):
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "crm", *words],
        cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def file(sqlite_file):
    return sqlite_file


def inside(*words, tmp_path, **settings):
    """The same command within this process, which starts faster."""
    app = crm.create_app({"INSTANCE": tmp_path / "instance", "LOG_LEVEL": "CRITICAL", **settings})
    try:
        return app.test_cli_runner().invoke(args=words)
    finally:
        with app.app_context():
            db.engine.dispose()


def is_one_sentence(said):
    status, shown = getattr(said, "returncode", None), said.stdout + said.stderr
    assert (said.exit_code if status is None else status) != 0
    assert "Traceback" not in shown
    assert len([line for line in said.stderr.splitlines() if line.startswith("Error: ")]) == 1
    return said.stderr


@pytest.mark.parametrize(
    ("words", "settings", "says"),
    [
        (["worker", "--once"], {"DATABASE_URL": "mysql://x"}, "TWELVEFOLD_DATABASE_URL: say postgresql"),
        (["db", "upgrade"], {"DATABASE_URL": "postgresql://x:secret@127.0.0.1:1/y"}, "cannot be reached"),
        (["serve"], {"ENV": "production"}, "BASE_URL must be given and begin with https://"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(words, settings, says, tmp_path):
    said = is_one_sentence(call(*words, **{"DATABASE_URL": f"sqlite:///{tmp_path}/x.db", **settings}))
    assert says in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("words", "settings", "says"),
    [
        (["worker", "--once"], {"DATABASE_URL": "postgresql://x:secret@127.0.0.1:1/y"}, "cannot be reached"),
        (["worker", "--once"], {"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "cannot be reached"),
        (["worker", "--once"], {}, "flask --app crm db upgrade"),
        (["serve", "--bind", "0.0.0.0"], {}, "Only this machine may be served here"),
        (["serve", "--port", "0"], {}, "0 is not in the range"),
        (["import-time", "/nowhere/time.csv"], {}, "'/nowhere/time.csv' does not exist"),
        (["demo", "load"], {"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "cannot be reached"),
    ],
)
def test_what_stands_in_the_way_is_said(words, settings, says, tmp_path):
    url = {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    said = is_one_sentence(inside(*words, tmp_path=tmp_path, **{**url, **settings}))
    assert says in said
    assert "secret" not in said


def test_a_busy_database_is_said(file, tmp_path, impatient):
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        for words in (["worker", "--once"], ["search", "rebuild"]):
            said = is_one_sentence(inside(*words, tmp_path=tmp_path, DATABASE_URL=f"sqlite:///{file}"))
            assert "is busy: another program is writing to it. Try again in a moment." in said
    finally:
        other.close()


def test_a_setting_that_is_none_gets_a_warning(file):
    said = call("worker", "--once", DATABASE_URL=f"sqlite:///{file}", SECRETKEY="x")
    assert said.returncode == 0
    assert (
        said.stderr
        == "Warning: TWELVEFOLD_SECRETKEY is not a setting and counts for nothing. Is TWELVEFOLD_SECRET_KEY meant?\n"
    )


def test_an_unknown_schema_is_not_touched(file, tmp_path):
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = 'of-the-future'")
    new = ["user", "create", "--email", "a@b.example", "--role", "admin"]
    for words in (["worker", "--once"], ["serve", "--port", str(free_port())], new):
        said = inside(*words, tmp_path=tmp_path, DATABASE_URL=f"sqlite:///{file}")
        assert "made by another version of Twelvefold" in is_one_sentence(said)
    loaded = subprocess.run(
        [sys.executable, "-c", "import crm.wsgi"], cwd=ROOT, env=environment(DATABASE_URL=f"sqlite:///{file}"), capture_output=True, text=True
    )  # fmt: skip
    assert "made by another version" in loaded.stderr


def test_what_processes_share_is_left_alone_by_the_collector(file):
    asked = "import gc, crm.wsgi as w; print(gc.get_freeze_count() > 100_000, gc.isenabled(), len(w.application.jinja_env.cache) > 50)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment(DATABASE_URL=f"sqlite:///{file}"), capture_output=True, text=True
    )  # fmt: skip
    assert loaded.stdout.split() == ["True"] * 3, loaded.stderr


def test_the_demo_is_not_served_as_production(file, tmp_path):
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with Session(engine) as stage, stage.begin():
        stage.add(Practice(id=1, name="Larkmoor", is_demo=True))
    live = {"ENV": "production", "BASE_URL": "https://p.example", "TRUSTED_HOSTS": ["p.example"]}
    for words in (["worker", "--once"], ["serve", "--port", str(free_port())]):
        said = inside(*words, tmp_path=tmp_path, DATABASE_URL=f"sqlite:///{file}", **live)
        assert "holds the demo practice" in is_one_sentence(said)


def test_a_stop_waits_longer_where_people_work(tmp_path):
    live = {"ENV": "production", "BASE_URL": "https://p.example", "TRUSTED_HOSTS": ["p.example"]}
    for settings, seconds in (({}, "3"), (live, "10")):
        with crm.create_app({"INSTANCE": tmp_path, "LOG_LEVEL": "CRITICAL", **settings}).app_context():
            command = server_command("127.0.0.1", 8000, 2, 4)
        assert command[command.index("--graceful-timeout") + 1] == seconds


def test_a_production_says_the_address_that_people_use(tmp_path, capsys):
    url = f"sqlite:///{tmp_path}/x.db"
    live = {"ENV": "production", "BASE_URL": "https://p.example", "TRUSTED_HOSTS": ["p.example"], "DATABASE_URL": url}
    app = crm.create_app({"INSTANCE": tmp_path, "LOG_LEVEL": "CRITICAL", **live})
    with app.app_context(), click.Context(serve).scope() as ctx:
        upgrade()
        greet(ctx, "http://0.0.0.0:8000")
        db.engine.dispose()
    assert "Twelvefold is at https://p.example, and listens at http://0.0.0.0:8000" in capsys.readouterr().out


def test_a_taken_port_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = is_one_sentence(
            inside("serve", "--port", str(port), tmp_path=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/x.db")
        )
    assert f"Port {port} of 127.0.0.1 is taken" in said
    assert f"make run PORT={port + 1}" in said


def test_an_older_file_is_copied_before_it_is_changed(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    app = crm.create_app({"INSTANCE": tmp_path / "instance", "DATABASE_URL": url, "LOG_LEVEL": "CRITICAL"})
    with app.app_context():
        upgrade(revision="0001")
        db.engine.dispose()
    new = [
        "user",
        "create",
        "--email",
        "a@b.example",
        "--role",
        "admin",
        "--name",
        "A",
        "--practice",
        "P",
        "--generate",
    ]
    said = inside(*new, tmp_path=tmp_path, DATABASE_URL=url)
    assert said.exit_code == 0, said.output
    (copy,) = tmp_path.glob("old-before-*-0001.db")
    assert str(copy) in said.stdout
    kept = sqlite3.connect(copy)
    assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    kept.close()


def running(
    word,
):
    """Processes whose command line holds a word."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if word in line:
            found.append(int(entry.parent.name))
    return found


def answer_of(port, path="/healthz"):
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("GET", path)
    answer = line.getresponse()
    said = answer.status, answer.read().decode()
    line.close()
    return said


@pytest.fixture
def served(file):
    """`serve`, as `make run` starts it, on a migrated file."""
    port, started = free_port(), []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "flask", "--app", "crm", "serve", "--port", str(port), "--no-demo"],
            cwd=ROOT, env=environment(DATABASE_URL=f"sqlite:///{file}"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        started.append(process)
        said = []
        while process.poll() is None and "Stop with Ctrl+C" not in (said[-1:] or [""])[0]:
            said.append(process.stdout.readline())
        return process, port, "".join(said)

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_server_and_worker_begin_and_end_together(served):
    process, port, said = served()
    assert f"Twelvefold is at http://127.0.0.1:{port}" in said
    assert "user create" in said
    assert answer_of(port) == (200, '{"application":"crm","status":"ok"}\n')
    beside = f"worker --leave-with {process.pid}"
    assert until(lambda: len(running(beside)) == 1)
    (first,) = running(beside)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: running(beside) and running(beside) != [first]), "a worker that died is started again"
    with socket.create_connection(("127.0.0.1", port)):  # as a browser keeps a line open that says nothing
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert until(lambda: not running(beside) and not running(f"127.0.0.1:{port}"))


def test_a_second_start_keeps_what_is_there(served, file):
    url = f"sqlite:///{file}"
    made = call(*["user", "create", "--role", "admin", "--email", "ada@larkmoor.example", "--name", "Ada", "--practice", "Larkmoor", "--generate"],
                DATABASE_URL=url)  # fmt: skip
    assert made.returncode == 0, made.stderr
    for _ in range(2):
        process, port, said = served()
        assert "Nobody can sign in yet" not in said
        assert answer_of(port)[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT email FROM account").fetchall() == [("ada@larkmoor.example",)]
    database.close()


def test_they_do_not_outlive_what_started_them(served):
    process, port, _ = served()
    beside = f"worker --leave-with {process.pid}"
    assert until(lambda: running(beside))
    process.kill()
    assert until(lambda: not running(beside) and not running(f"127.0.0.1:{port}"))


def test_a_worker_ends_on_sigterm(file):
    words = [sys.executable, "-u", "-m", "flask", "--app", "crm", "worker"]
    with subprocess.Popen(
        words, cwd=ROOT, env=environment(DATABASE_URL=f"sqlite:///{file}"), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "The worker is at work. Stop with Ctrl+C.\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_every_command_has_a_help_for_newcomers(app):
    runner = app.test_cli_runner()

    def walk(command, path):
        for name, inner in getattr(command, "commands", {}).items():
            said = runner.invoke(args=[*path, name, "--help"])
            assert said.exit_code == 0
            assert re.search(r"^  \S.{10,}", said.output, re.MULTILINE), (path, name)
            walk(inner, [*path, name])

    walk(app.cli, [])
