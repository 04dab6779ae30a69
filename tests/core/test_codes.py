"""The codes of what is numbered are written in one place."""

import re

import pytest

from crm.core.codes import deliverable_code, engagement_code
from tests.test_architecture import SOURCES, TEMPLATES

pytestmark = pytest.mark.engine_free
BY_HAND = re.compile(r"(?:ENG|DEL)-\d*(?:\{|%|['\"]\)? *[+~])")


def test_codes_have_three_digits_or_more():
    assert (engagement_code(14), deliverable_code(7), deliverable_code(1204)) == ("ENG-014", "DEL-007", "DEL-1204")


def test_nobody_else_writes_one():
    assert [str(path) for path in (*SOURCES, *TEMPLATES) if BY_HAND.search(path.read_text())] == []


@pytest.mark.parametrize(
    "line", ['f"ENG-{number:03}"', 'literal("ENG-00") + digits', "DEL-{{ '%03d'|format(one.number) }}"]
)
def test_the_test_finds_a_second_writer(line):
    assert BY_HAND.search(line)
