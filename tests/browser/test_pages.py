"""Every page that each role can reach by links: accessible, valid, and no wider than a phone."""

from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from crm.areas.catalogue import ACROSS
from tests.html import faults

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RUN = """only => axe.run(document, {runOnly: only, rules: {'target-size': {enabled: true}}, resultTypes: ['violations'], preload: false})
  .then(r => r.violations.map(v => v.id + ': ' + v.help + ' @ ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')))"""
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_THE_LOOK = {  # what width, touch and colours may change; the rest was found on the same page
    "type": "rule",
    "values": ["color-contrast", "target-size", "scrollable-region-focusable", "aria-hidden-focus", "bypass", "region",
               "landmark-one-main", "page-has-heading-one", "link-in-text-block", "link-name", "button-name", "label"],
}  # fmt: skip
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
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


def shape(path, role):
    """/clients/7 and /clients/9 are one page; so is a list with another order. The registers share their pages: the
    consultant opens each of them, for the others, clients among them, one stands for all."""
    parts = ["#" if part.isdigit() else part for part in path.split("?")[0].split("/")]
    if parts[1] == "clients" and len(parts) > 6 and parts[5] in {one.slug for one in ACROSS}:
        parts[4] = "*"  # kept in each of the twelve: one area stands for all
    if role != "consultant" and parts[1] == "clients" and len(parts) > 6 and parts[3] == "areas":
        parts[4:6] = "*", "*"
    if parts[1:3] == ["portal", "areas"] and len(parts) > 5 and parts[4] != "why":
        parts[3:5] = "*", "*"
    if parts[1] == "engagements" and len(parts) > 4 and (parts[3] == "review" or len(parts) > 6):
        parts[4] = "*"  # a step of the run and a published review: one stands for all areas
    if parts[1:3] == ["settings", "rules"] and len(parts) > 3:
        parts[3] = "*"
    return "/".join(parts)


def pages_of(page, base, role):
    """Walk the links from the first pages, one page of each shape."""
    waiting, seen = list(START[role]), set()
    while waiting and len(seen) < AT_MOST:
        path = waiting.pop(0)
        if shape(path, role) in seen or "sign-out" in path:
            continue
        seen.add(shape(path, role))
        answer = page.goto(path)
        if "text/html" not in (answer.headers.get("content-type") or ""):
            continue
        links = page.evaluate(LINKS)
        yield answer
        for parts in map(urlsplit, links):
            if f"{parts.scheme}://{parts.netloc}" == base:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def check(page, answer):
    """What is wrong with this page at a desk, in the light; and then on a phone, in the dark."""
    found = [f"answered {answer.status}"] if answer.status >= 400 else []
    found += faults(answer.text())
    page.evaluate(AXE)
    found += page.evaluate(RUN, ALL) + too_wide(page, 1440)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setDeviceMetricsOverride", PHONE)
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    page.emulate_media(color_scheme="dark")
    found += [f"on a phone in the dark: {one}" for one in page.evaluate(RUN, OF_THE_LOOK) + too_wide(page, 390)]
    page.emulate_media(color_scheme="light")
    devtools.detach()
    return [f"{urlsplit(page.url).path}: {one}" for one in found]


def too_wide(page, width):
    found = page.evaluate(WIDTH)
    return [f"{found} px wide"] if found > width else []


@pytest.mark.parametrize("role", WHO)
def test_every_page(role, full_company, live, page_of):
    """Accessibility, HTML and width, of every page that this role reaches."""
    page, found, number = page_of(getattr(full_company, WHO[role])), [], 0
    for answer in pages_of(page, live.extensions["at"], role):
        found += check(page, answer)
        number += 1
    assert not found, "\n".join(found)
    assert number >= len(START[role])


def test_pages_for_visitors(live, page_of, company):
    page = page_of()
    for path in ("/sign-in", "/forgotten", "/forgotten?sent=1", "/done/address"):
        assert check(page, page.goto(path)) == [], path


def test_nothing_of_a_client_is_kept_in_the_browser(full_company, live, page_of):
    """V14.3.3: htmx keeps no copy of a page in the browser's storage."""
    page = page_of(full_company.cora)
    page.goto("/")
    kept = page.evaluate("() => JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "CANARY" not in kept
