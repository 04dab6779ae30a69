"""A consultant brings a year of Harvest: desktop, and the phone without script."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.timelog.models import TimeEntry
from tests.timelog.exports import harvest, harvest_row


@pytest.mark.parametrize(("phone", "js"), [(False, True), (True, False)], ids=["desktop", "phone-no-script"])
def test_from_a_file_to_entries(phone, js, page_of, company, stage, tmp_path):
    file = tmp_path / "harvest.csv"
    file.write_bytes(harvest(harvest_row(Task="Advice"), harvest_row(hours="0,5", Task="Advice"), encoding="utf-8-sig"))
    page = page_of(company.ben, phone=phone, js=js)
    page.goto("/time")
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("harvest.csv")
    expect(page.get_by_label(re.compile("^Ben"))).to_have_value("ben@larkmoor.example")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what every name means")
    page.get_by_label(re.compile("^Advice")).select_option("SEC")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.locator(".head-sub")).to_contain_text("would be imported. Nothing is saved yet.")
    assert stage.scalars(select(TimeEntry)).all() == []
    width = page.evaluate("document.documentElement.scrollWidth") if js else 0
    assert width <= page.viewport_size["width"]
    page.get_by_role("button", name="Import 2 entries").click()
    expect(page.locator(".head-sub")).to_contain_text("were imported on")
    assert sorted(stage.scalars(select(TimeEntry.minutes))) == [30, 90]
