import re

import pytest
from sqlalchemy import select

from crm.core import clock
from crm.deliverables.states import State
from crm.links.models import MailLink
from tests import cast as people
from tests.deliverables.conftest import again, owe
from tests.portal.conftest import plain, tell

__all__ = ["again", "owe", "plain", "tell"]
LINK = re.compile(r"http://127\.0\.0\.1:8000(/sign/[0-9a-f]{64})")


@pytest.fixture
def stranger(app):
    """A browser that is signed in nowhere."""
    app.test_client_class = people.Browser
    return app.test_client()


@pytest.fixture
def press(stranger):
    """Press a button of a page from a mail, with the version that the page shows."""

    def pressing(address, what="acceptance", **fields):
        shown = stranger.get(address).text
        seen = re.search(r'name="version" value="(\d+)"', shown)
        return stranger.send(f"{address}/{what}", **{"version": seen[1] if seen else 1, "name": "Cora", **fields})

    return pressing


@pytest.fixture
def link_in(tell):
    """The address in the newest mail to somebody."""
    return lambda who: LINK.search(tell()[who.email].body)[1]


@pytest.fixture
def ask(sign_in, cast, owe, stage):
    """Send a deliverable to Cora, as Ben does it."""

    def send(**but):
        owed = owe(State.READY, **but)
        answer = sign_in(cast.ben).send(
            f"/deliverables/{owed.id}/submission", version=owed.version, asked_id="1", review_days="10"
        )
        assert answer.status_code == 303
        stage.expire_all()
        return owed

    return send


@pytest.fixture
def links(stage):
    def all_of_them():
        stage.expire_all()
        return stage.scalars(select(MailLink).order_by(MailLink.id)).all()

    return all_of_them


@pytest.fixture
def at(monkeypatch):
    """Let the clock stand at this day."""

    def stand(day):
        moment = clock.now()
        there = moment.replace(year=day.year, month=day.month, day=day.day)
        monkeypatch.setattr(clock, "now", lambda: there)

    return stand
