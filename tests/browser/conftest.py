"""A real Chromium against a real server, on the same database as the test's stage.

def test_story(live, page_of): page = page_of("cora"); page.goto("/portal")
"""

import logging
import shutil
import threading
from contextlib import closing

import pytest
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

import crm
from crm.core.db import db
from tests import cast as people
from tests import evening
from tests import world as full_world

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
PASSWORD = "correct horse battery staple"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What a browser shows hangs on no engine: the requests behind it are tried on both by the stories of the pages."""
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.engine_free)


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium was not found: install Debian's package chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def whole(application):
    """Hand each answer over read and closed: the server leaves a file open whose reader hangs up (a page that is left)."""

    def answer(environ, start_response):
        with closing(ClosingIterator(application(environ, start_response))) as parts:
            return list(parts)

    return answer


@pytest.fixture(scope="session")
def served(storage, tmp_path_factory):
    """The application as people meet it: with CSRF, error pages and everything, served over HTTP."""
    app = crm.create_app(
        {
            "DATABASE_URL": storage.url,
            "INSTANCE": tmp_path_factory.mktemp("served"),
            "LOG_LEVEL": "CRITICAL",
            "SECRET_KEY": "for-browsers-only-for-browsers-only-for-browsers",
        }
    )
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, whole(app), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app.config["BASE_URL"] = app.extensions["at"] = f"http://127.0.0.1:{server.server_port}"
    yield app
    server.shutdown()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def live(served, app, stage):
    """The served application with the cast in its database."""
    with served.app_context():
        db.engine.dispose()
    return served


@pytest.fixture
def company(live, scene, stage):
    """The cast, with passwords, for stories in the browser."""
    return scene("cast", lambda: people.enter(stage))


@pytest.fixture
def full_company(live, scene, stage):
    """The world: the cast and a row in every table."""
    return scene("world", lambda: full_world.build(stage, people.enter(stage)))


@pytest.fixture
def context_of(chromium, live):
    """A browser context in which this account is signed in: `context_of(account, phone=True, js=False, dark=True)`."""
    opened = []

    def make(account=None, *, phone=False, js=True, dark=False):
        context = chromium.new_context(
            base_url=live.extensions["at"],
            java_script_enabled=js,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            timezone_id=evening.zone_of_browsers(),
            **(PHONE if phone else DESKTOP),
        )
        if account is not None:
            signer = live.session_interface.get_signing_serializer(live)
            value = signer.dumps({"sid": account.token})
            context.add_cookies([{"name": "twelvefold", "value": value, "url": live.extensions["at"]}])
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


def refused(text):
    """Chromium reports a page that was refused (422, 409 ...) as an error of its own; the story says what it expects."""
    return text.startswith("Failed to load resource: the server responded with a status of 4")


@pytest.fixture
def page_of(context_of):
    """A page on which this account is signed in. What the console complains about fails the test."""
    complaints = []

    def make(account=None, **how):
        page = context_of(account, **how).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" and not refused(said.text) else None,
        )
        return page

    yield make
    assert complaints == []
