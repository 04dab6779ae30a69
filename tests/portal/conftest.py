import re

import pytest

from tests.deliverables.conftest import again, owe

__all__ = ["again", "owe"]


@pytest.fixture
def plain():
    """The words of a page, without its tags."""
    return lambda answer: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


NOT_FOR_CLIENTS = re.compile(
    r"\b(RAG|maturity|register|evidence|evidence rule|shadow|governance|stakeholder|baseline|deliverable|obligation|scope|lead|initiative)s?\b",
    re.IGNORECASE,
)
SHORT = re.compile(r"\b[A-Z]{2,}\b")


@pytest.fixture(scope="session")
def spared():
    """The words and short forms in a text that clients are spared (personas, words on the screen)."""
    return lambda text: NOT_FOR_CLIENTS.findall(text) + SHORT.findall(text)
