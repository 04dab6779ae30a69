"""What the documents say is so: links lead somewhere, names are those of the code."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import ORDER

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(path):
    """The headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    for link in LINK.findall(path.read_text()):
        if link.startswith("https://"):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_document_is_in_the_list():
    listed = {(ROOT / "docs" / link).resolve() for link in LINK.findall((ROOT / "docs/README.md").read_text())}
    assert {path for path in (ROOT / "docs").glob("*.md") if path.name != "README.md"} <= listed


def test_the_order_of_the_house_is_the_one_that_is_kept():
    said = (ROOT / "docs/architecture.md").read_text()
    assert re.findall("`([a-z]+)`", next(line for line in said.splitlines() if line.startswith("`core` ·"))) == ORDER


def test_what_the_code_cites_is_written_down():
    """Invariants by number and formulas by name: a reader of the code finds each in docs/domain.md."""
    book = (ROOT / "docs/domain.md").read_text()
    for path in (ROOT / "crm").rglob("*.py"):
        text = path.read_text()
        for number in re.findall(r"[Ii]nvariants? (\d+)\b", text):
            assert re.search(rf"^{number}\. ", book, re.MULTILINE), (path, number)
        for formula in re.findall(r"\bF\d+\b", text):
            assert f"**{formula} " in book, (path, formula)


PLACE = re.compile(r"`((?:crm|tests|static|templates)/[\w./-]+)`")


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_are_there(path):
    """A file that was parted or renamed is called by its new name."""
    assert [place for place in PLACE.findall(path.read_text()) if not (ROOT / place).exists()] == []


def test_addresses_that_are_named_are_pages(app):
    rules = {re.sub(r"<[^>]+>", "<>", str(rule)) for rule in app.url_map.iter_rules()}
    found = {
        address
        for path in DOCS
        for address in re.findall(r"`(/(?:time|portal|clients|people|settings|renewals)[^`…]*)`", path.read_text())
    }
    assert found
    assert {one for one in found if re.sub(r"<[^>]+>", "<>", one) not in rules and f"{one}/" not in rules} == set()


def test_nothing_is_told_twice_in_the_changes():
    told = re.findall(r"^- \*\*([^*]+)\*\*", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert sorted(told) == sorted(set(told))
