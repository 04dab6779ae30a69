"""Every page that each role can reach by links: accessible, valid, and no wider than a phone."""

from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from tests.html import faults

pytestmark = pytest.mark.engine_free  # what a page looks like does not hang on who keeps its rows
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})
  .then(r => r.violations.map(v => v.id + ': ' + v.help + ' @ ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map(a => new URL(a.getAttribute('href'), location).href)"
WIDTH = "() => document.documentElement.scrollWidth"
START = {
    "partner": ("/", "/today", "/menu", "/me"),
    "consultant": ("/", "/menu", "/me"),
    "admin": ("/", "/menu", "/me"),
    "sponsor": ("/", "/me"),
    "viewer": ("/",),
}
WHO = {"partner": "ada", "consultant": "ben", "admin": "abe", "sponsor": "cora", "viewer": "vic"}
AT_MOST = 200


def shape(path):
    """/clients/7 and /clients/9 are one page; so is a list with another order."""
    return "/".join("#" if part.isdigit() else part for part in path.split("?")[0].split("/"))


def pages_of(page, base, starts):
    """Walk the links from the first pages, one page of each shape."""
    waiting, seen = list(starts), set()
    while waiting and len(seen) < AT_MOST:
        path = waiting.pop(0)
        if shape(path) in seen or "sign-out" in path:
            continue
        seen.add(shape(path))
        answer = page.goto(path)
        if "text/html" not in (answer.headers.get("content-type") or ""):
            continue
        yield urlsplit(page.url).path, answer, page
        for link in page.evaluate(LINKS):
            parts = urlsplit(link)
            if link.startswith(base):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def check(page, answer, path, wide):
    found = [f"answered {answer.status}"] if answer.status >= 400 else []
    page.evaluate(AXE)
    found += page.evaluate(RUN, TAGS)
    if wide is not None and page.evaluate(WIDTH) > wide:
        found.append(f"{page.evaluate(WIDTH)} px wide")
    return [f"{path}: {one}" for one in found]


@pytest.mark.parametrize("role", WHO)
def test_every_page_on_the_desk(role, full_company, live, page_of):
    """Desktop, light: accessibility and HTML."""
    page, found, number = page_of(getattr(full_company, WHO[role])), [], 0
    for path, answer, here in pages_of(page, live.extensions["at"], START[role]):
        found += check(here, answer, path, 1440)
        found += [f"{path}: {fault}" for fault in faults(answer.text())]
        number += 1
    assert not found, "\n".join(found)
    assert number >= len(START[role])


@pytest.mark.parametrize("role", WHO)
def test_every_page_on_a_phone_in_the_dark(role, full_company, live, page_of):
    page, found = page_of(getattr(full_company, WHO[role]), phone=True, dark=True), []
    for path, answer, here in pages_of(page, live.extensions["at"], START[role]):
        found += check(here, answer, path, 390)
    assert not found, "\n".join(found)


def test_pages_for_visitors(live, page_of, company):
    for dark, phone in ((False, False), (True, True)):
        page = page_of(phone=phone, dark=dark)
        answer = page.goto("/sign-in")
        assert check(page, answer, "/sign-in", 390 if phone else 1440) == []
        assert faults(answer.text()) == []


def test_nothing_of_a_client_is_kept_in_the_browser(full_company, live, page_of):
    """V14.3.3: htmx keeps no copy of a page in the browser's storage."""
    page = page_of(full_company.cora)
    page.goto("/")
    kept = page.evaluate("() => JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "CANARY" not in kept
