import re

import pytest

from tests.deliverables.conftest import again, owe

__all__ = ["again", "owe"]


@pytest.fixture
def plain():
    """The words of a page, without its tags."""
    return lambda answer: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
