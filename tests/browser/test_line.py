"""Time in one line of text and the timer, by keyboard with script, and without script on a phone."""

import re

from playwright.sync_api import expect
from sqlalchemy import select

from crm.accounts.models import Account
from crm.timelog.models import TimeEntry


def logged(stage):
    stage.expire_all()
    return [(one.minutes, one.area.value, one.client_note) for one in stage.scalars(select(TimeEntry).order_by(TimeEntry.id))]  # fmt: skip


def test_typed_shown_back_and_repeated(page_of, company, stage):
    page = page_of(company.ben)
    before = len(logged(stage))
    page.goto("/today")
    page.keyboard.press("l")
    page.keyboard.type("1.5 northwind SEC board call")
    page.get_by_text("logs it").wait_for()
    expect(page.locator("#typed-reading")).to_contain_text("Security")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today?logged=*")
    assert logged(stage)[before:] == [(90, "SEC", "board call")]
    page.keyboard.press("l")
    page.wait_for_selector("#typed-before [data-line]", state="attached")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#typed-line")).to_have_value(re.compile("#SEC board call$"))
    page.locator("#typed-line").fill("30 NORTH call")
    page.get_by_role("link", name="30 minutes").click()
    expect(page.locator("#typed-line")).to_have_value("30m NORTH call")


def test_without_script_on_a_phone(page_of, company, stage):
    stage.get(Account, company.ben.id).with_timer = True
    stage.commit()
    before = len(logged(stage))
    page = page_of(company.ben, phone=True, js=False)
    page.goto("/today")
    line = page.get_by_label("Log time in one line: how long, for whom, what")
    line.fill("30 NORTH SEC call")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("link", name="30 minutes").click()
    expect(line).to_have_value("30m NORTH SEC call")
    page.get_by_role("form", name="Log time in one line").get_by_role("button", name="Log", exact=True).click()
    page.wait_for_url("**/today?logged=*")
    assert logged(stage)[before:] == [(30, "SEC", "call")]
    line.fill("NORTH VEN renewal")
    page.get_by_role("button", name="Start timer").click()
    page.get_by_role("button", name="Stop").click()
    expect(line).to_have_value("0:01 NORTH VEN renewal")
    page.get_by_role("form", name="Log time in one line").get_by_role("button", name="Log", exact=True).click()
    expect(page.locator("#said")).to_contain_text("VEN")
    assert logged(stage)[before + 1 :] == [(1, "VEN", "renewal")]
