"""Killed in the midst of work: what was acknowledged is there, a second try does not double it, and no mail is lost.

The processes are those of an installation, and they are killed as a machine without power kills: all at once, unasked.
"""

import http.client
import random
import re
import signal
import threading
import time
import urllib.parse
from collections import Counter
from contextlib import closing

import pytest
from sqlalchemy import func, select

from crm.audit.models import AuditEntry
from crm.commands.beside import SERVED_BY
from crm.commands.serve import server_command
from crm.timelog.models import TimeEntry
from tests import cast as people
from tests.cast import TODAY
from tests.processes import PATIENCE, environment, free_port, running, until

LIVES, WRITERS = 2, 6
ENOUGH = 4  # entries of each in one life


@pytest.fixture
def settings(storage, application, tmp_path):
    return environment(
        DATABASE_URL=storage.url, INSTANCE=tmp_path, LOG_LEVEL="CRITICAL", SECRET_KEY=application.config["SECRET_KEY"]
    )


class Writer(threading.Thread):
    """Logs minute after minute, each with a key and a note of its own. Begins with the last one of the life before."""

    def __init__(self, cookie, port, name, last=None):
        super().__init__(daemon=True)
        self.port, self.mark, self.last = port, name, last
        self.headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.answers, self.acknowledged = Counter(), []

    def run(self):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            try:
                token = self.token(line)
                if self.last:
                    self.log(line, token, self.last)
                for number in range(10_000):
                    self.last = f"{self.mark}-{number}"
                    self.log(line, token, self.last)
            except (OSError, http.client.HTTPException):
                return  # the server was killed

    def token(self, line):
        line.request("GET", "/time", headers=self.headers)
        page = line.getresponse()
        if page.headers["Set-Cookie"]:
            self.headers["Cookie"] = page.headers["Set-Cookie"].split(";")[0]
        return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.read().decode())[1]

    def log(self, line, token, note):
        """Press until it is answered with yes: a busy house says 503 and has saved nothing."""
        typed = {"csrf_token": token, "once": note, "work": "1", "duration": "1m", "worked_on": TODAY.isoformat(), "client_note": note}  # fmt: skip
        status = 503
        while status == 503:
            line.request("POST", "/time", urllib.parse.urlencode(typed), self.headers)
            answer = line.getresponse()
            answer.read()
            status = answer.status
            self.answers[status] += 1
        if status == 303:
            self.acknowledged.append(note)


def is_up(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


def cookie_of(app, who):
    name = app.config["SESSION_COOKIE_NAME"]
    return f"{name}={people.browser_of(app, who).get_cookie(name).value}"


def test_what_was_acknowledged_is_there_when_the_server_was_killed(app, cast, stage, storage, settings):
    cookie, acknowledged, last = cookie_of(app, cast.ben), [], [None] * WRITERS
    for life in range(LIVES):
        port = free_port()
        with app.app_context():
            command = server_command("127.0.0.1", port, workers=3, threads=4)
        with running(command, settings) as server:
            assert until(lambda server=server, port=port: server.poll() is not None or is_up(port))
            writers = [Writer(cookie, port, f"{life}-{number}", last[number]) for number in range(WRITERS)]
            for one in writers:
                one.start()
            assert until(lambda writers=writers: all(len(one.acknowledged) >= ENOUGH for one in writers))
            time.sleep(random.random() / 4)
        for one in writers:
            one.join(PATIENCE)
            assert not one.is_alive()
            assert set(one.answers) <= {303, 503}
        acknowledged += [note for one in writers for note in one.acknowledged]
        last = [one.last for one in writers]
    kept = Counter(stage.scalars(select(TimeEntry.client_note)))
    assert len(set(acknowledged)) >= LIVES * WRITERS * (ENOUGH - 1)
    assert set(acknowledged) <= set(kept), "what was acknowledged is there"
    assert set(kept.values()) == {1}, "a second try with the same key is the same entry"
    trail = stage.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.verb == "time.log"))
    assert trail == len(kept), "an entry with its line of the trail, or neither"
    if storage.name == "sqlite":
        assert stage.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_server_whose_starter_was_killed_meanwhile_does_not_stay(app, cast, settings):
    with running(["true"], settings) as gone:
        gone.wait(PATIENCE)
    with app.app_context():
        command = server_command("127.0.0.1", free_port(), workers=1, threads=1)
    with running(command, settings | {SERVED_BY: str(gone.pid)}) as server:
        assert server.wait(PATIENCE) in {0, -signal.SIGTERM}
