"""A worker killed before a mail was taken, and one between "taken" and "marked": none is lost, and one comes twice."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.core import clock
from crm.outbox.models import Outbox
from crm.people.models import Leave
from tests.cast import TODAY
from tests.processes import FLASK, PATIENCE, environment, kill, running

MAILS = 4


@pytest.fixture
def asked(cast, stage, post_to):
    """Ben asked some times for leave, and Ada is to hear of each."""
    days = [TODAY + timedelta(weeks=number) for number in range(1, MAILS + 1)]
    leaves = [Leave(person_id=cast.persons.ben.id, begins=day, ends=day) for day in days]
    stage.add_all(leaves)
    stage.commit()
    for leave in leaves:
        post_to("leave.asked", f"leave:{leave.id}", leave_id=leave.id)


@pytest.fixture
def work(app, mailbox, storage, tmp_path):
    """A worker of its own process, until nothing is due or something kills it; gives its status."""
    settings = environment(
        DATABASE_URL=storage.url, INSTANCE=tmp_path, LOG_LEVEL="CRITICAL",
        MAIL_HOST="127.0.0.1", MAIL_PORT=app.config["MAIL_PORT"], MAIL_TLS="none",
    )  # fmt: skip

    def run():
        with running([*FLASK, "worker", "--once"], settings) as mailbox.worker:
            return mailbox.worker.wait(PATIENCE)

    return run


def test_a_killed_worker_loses_no_mail_and_sends_one_twice_at_most(asked, work, mailbox, stage):
    begun, taken = [], []

    async def begin(server, session, envelope, address, options):
        begun.append(address)
        if len(begun) == 2:
            kill(mailbox.worker)  # nothing has left yet
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def take(server, session, envelope):
        taken.append(re.search(rb"^Message-ID: (.+)$", envelope.content, re.MULTILINE | re.IGNORECASE)[1])
        if len(taken) == 3:
            kill(mailbox.worker)  # it has left, and nobody noted it
        return "250 OK"

    mailbox.handle_RCPT, mailbox.handle_DATA = begin, take
    assert work() < 0, "killed"
    assert len(taken) == 1
    leases_end(stage)
    assert work() < 0, "killed again"
    assert len(taken) == 3
    leases_end(stage)
    assert work() == 0
    assert sorted(Counter(taken).values()) == [1] * (MAILS - 1) + [2], "each mail, and one of them twice by its number"
    assert all(row.done_at and row.error is None for row in stage.scalars(select(Outbox)))


def leases_end(stage):
    """Time passes: what the dead one held is free again."""
    held = update(Outbox).where(Outbox.done_at.is_(None), Outbox.lease_until.is_not(None))
    assert stage.execute(held.values(lease_until=clock.now() - timedelta(seconds=1))).rowcount
    stage.expire_all()
