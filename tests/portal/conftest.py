import re

import pytest
from sqlalchemy import select

from crm.outbox.models import DemoMail
from crm.outbox.worker import Worker
from crm.practice.models import Practice
from tests.deliverables.conftest import again, owe

__all__ = ["again", "owe"]


@pytest.fixture
def plain():
    """The words of a page, without its tags."""
    return lambda answer: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
def tell(app, stage, cast):
    """Let the worker send everything; the demo's mailbox by recipient, newest mail last."""
    stage.get(Practice, 1).is_demo = True
    stage.commit()

    def told():
        Worker(app, idle=0.05).run(until_empty=True)
        stage.expire_all()
        return {one.recipient: one for one in stage.scalars(select(DemoMail).order_by(DemoMail.id))}

    return told


NOT_FOR_CLIENTS = re.compile(
    r"\b(RAG|maturity|register|evidence|evidence rule|shadow|governance|stakeholder|baseline|deliverable|obligation|scope|lead|initiative)s?\b",
    re.IGNORECASE,
)
SHORT = re.compile(r"\b[A-Z]{2,}\b")


@pytest.fixture(scope="session")
def spared():
    """The words and short forms in a text that clients are spared (personas, words on the screen)."""
    return lambda text: NOT_FOR_CLIENTS.findall(text) + SHORT.findall(text)
