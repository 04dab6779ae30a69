"""J1: log half an hour, from the first screen, in one submit; and take it back."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.core.twelve import Area
from crm.timelog.models import TimeEntry

DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])


def entries(stage):
    stage.expire_all()
    return stage.scalars(select(TimeEntry).order_by(TimeEntry.id)).all()


def in_first_view(page, element):
    """Whether it is seen without scrolling, above the bar at the foot of a phone."""
    bar = page.get_by_role("navigation", name="Main, phone")
    foot = bar.bounding_box()["y"] if bar.is_visible() else page.viewport_size["height"]
    box = element.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= foot


@DEVICES
@pytest.mark.parametrize("js", [True, False], ids=["script", "no-script"])
def test_half_an_hour_in_one_submit(phone, js, page_of, company, stage):
    """Today, the engagement used last and 30 minutes stand ready: one tap saves them. One more takes them back."""
    page = page_of(company.ben, phone=phone, js=js)
    page.goto("/today")
    line = page.get_by_role("form", name="Log time", exact=True)
    expect(line.get_by_role("radio", name=re.compile("^Northwind"))).to_be_checked()
    expect(line.get_by_role("radio", name="30 min", exact=True)).to_be_checked()
    save = line.get_by_role("button", name="Log", exact=True)
    assert in_first_view(page, save), "no scrolling"
    save.click()
    page.wait_for_url("**/today?logged=*")
    expect(page.locator("#said")).to_contain_text(re.compile(r"30 min for Northwind, STR\.\s+3\.9 days left\."))
    one = entries(stage)[0]
    assert (one.minutes, one.engagement_id, one.area, one.voided_at) == (30, 1, Area.STR, None)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    page.wait_for_url("**/today?deleted=*")
    assert entries(stage)[0].voided_at is not None


@DEVICES
def test_another_duration_with_a_note(phone, page_of, company, stage):
    page = page_of(company.ben, phone=phone)
    page.goto("/today")
    line = page.get_by_role("form", name="Log time", exact=True)
    line.get_by_role("radio", name="1 h 30", exact=True).check()
    line.get_by_label(re.compile("^Note for the client")).fill("Board call about the outage")
    line.get_by_role("button", name="Log", exact=True).click()
    page.wait_for_url("**/today?logged=*")
    one = entries(stage)[0]
    assert (one.minutes, one.client_note) == (90, "Board call about the outage")


def test_what_was_typed_goes_before_what_is_ticked_and_stays_when_refused(page_of, company, stage):
    page = page_of(company.ben, phone=True)
    page.goto("/today")
    line = page.get_by_role("form", name="Log time", exact=True)
    line.get_by_label(re.compile("^Or type how long")).fill("soon")
    line.get_by_label(re.compile("^Note for the client")).fill("Kept")
    line.get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(line.get_by_label(re.compile("^Note for the client"))).to_have_value("Kept")
    line.get_by_label(re.compile("^Or type how long")).fill("1:15")
    line.get_by_role("button", name="Log", exact=True).click()
    page.wait_for_url("**/today?logged=*")
    assert [one.minutes for one in entries(stage)] == [75]


def test_by_keyboard_alone(page_of, company, stage):
    """L leads to the line from anywhere on the page; the rest is Tab, arrows and Enter."""
    page = page_of(company.ben)
    page.goto("/today")
    page.keyboard.press("l")
    expect(page.locator("#typed input:focus")).to_have_count(1)
    page.locator("#duration").focus()
    page.keyboard.type("45m")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today?logged=*")
    assert [one.minutes for one in entries(stage)] == [45]
