import asyncio
import socket
import socketserver
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from crm.clients.models import Contact
from crm.core import clock
from crm.core.db import db
from crm.deliverables.models import Deliverable
from crm.outbox.kinds import Kind
from crm.outbox.models import Outbox
from crm.outbox.notices import NOTICES, Letter, notice
from crm.outbox.worker import Worker


@pytest.fixture
def told():
    """A notice of the tests' own: two readers of Northwind hear of a deliverable."""

    def hear(deliverable_id):
        found = db.session.get(Deliverable, deliverable_id)
        if found is None:
            return
        for contact in db.session.query(Contact).where(Contact.client_id == 1).order_by(Contact.id):
            yield Letter(
                to=contact, about=found, subject=f"{found.title} waits", text="Read it.", path="/portal", link="Read it",
                kind=Kind.SIGN_OFF,
            )  # fmt: skip

    notice("test.told")(hear)
    yield
    del NOTICES["test.told"]


@pytest.fixture
def post_to(stage):
    """Queue an event as if its deed had been committed."""

    def post(topic="test.told", key="one", late=timedelta(0), **payload):
        moment = clock.now() - late
        row = Outbox(topic=topic, key=key, payload=payload, made_at=moment, due_at=moment)
        stage.add(row)
        stage.commit()
        return row

    return post


@pytest.fixture
def worker(app):
    return Worker(app, idle=0.05)


@pytest.fixture
def drain(worker):
    """Tell everything that is due, as often as something is."""
    return lambda: worker.run(until_empty=True)


class Mailbox:
    """A real SMTP server that keeps what it gets, or misbehaves as a test wants."""

    def __init__(self):
        self.got, self.answers = [], {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd names it
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.got.append((envelope.rcpt_tos, envelope.content.decode()))
        await asyncio.sleep(self.answers.get("pause", 0))
        if self.answers.get("drop"):
            server.transport.close()
            return "421 gone"
        return self.answers.get("data", "250 OK")


@pytest.fixture
def mailbox(app):
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    control = Controller(box, hostname="127.0.0.1", port=port)
    control.start()
    before = {name: app.config[name] for name in ("MAIL_HOST", "MAIL_PORT", "MAIL_TLS")}
    app.config.update(MAIL_HOST="127.0.0.1", MAIL_PORT=port, MAIL_TLS="none")
    yield box
    control.stop()
    app.config.update(before)


@pytest.fixture
def silent_server():
    """Accepts a connection and never says a word."""

    @contextmanager
    def open_():
        hold = threading.Event()
        server = socketserver.ThreadingTCPServer(
            ("127.0.0.1", 0), type("Mute", (socketserver.BaseRequestHandler,), {"handle": lambda self: hold.wait(5)})
        )
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.server_address[1]
        hold.set()
        server.shutdown()
        server.server_close()

    return open_
