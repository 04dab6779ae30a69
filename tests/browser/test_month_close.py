"""J11: a partner closes a month: the checklist, a reminder, overage with a yes, the lock, a statement, opening it again."""

import pytest
from playwright.sync_api import expect

from crm.core import clock
from crm.core.calendar import DAY, month_of
from crm.core.twelve import Area
from crm.timelog.models import TimeEntry
from tests.cast import TODAY

MONTH = month_of(month_of(TODAY) - DAY)


@pytest.fixture
def logged(company, stage):
    """Ben has worked half a day more than Northwind has; what Finn did at Umbra says nothing."""
    for n, minutes in enumerate((450, 450, 450, 450, 225)):
        stage.add(TimeEntry(client_id=1, engagement_id=1, person_id=2, worked_on=MONTH + n * DAY, minutes=minutes, area=Area.STR,
                            client_note="Worked on the plan", logged_at=clock.now()))  # fmt: skip
    stage.add(
        TimeEntry(
            client_id=2, engagement_id=2, person_id=6, worked_on=MONTH, minutes=60, area=Area.STR, logged_at=clock.now()
        )
    )
    stage.commit()
    return company


def test_a_partner_closes_the_month(page_of, logged):
    page = page_of(logged.ada)
    page.goto(f"/time/periods/{MONTH:%Y-%m}")
    expect(page.locator(".head-sub")).to_contain_text(f"Four things stand in the way of closing {MONTH:%B}.")
    page.get_by_role("button", name="Remind them").click()
    expect(page.get_by_text("reminded today: Ada, Ben")).to_be_visible()
    page.get_by_role("link", name="Decide about Northwind").click()
    page.get_by_label("Bill it").check()
    page.get_by_label("Who said yes").select_option(label="Cora")
    page.get_by_label("When they said it").fill(TODAY.isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Cora said yes on")).to_be_visible()
    page.get_by_role("button", name=f"Lock {MONTH:%B %Y}").click()
    expect(page.locator(".head-sub")).to_contain_text("Locked on")
    page.get_by_role("link", name="Northwind").first.click()
    expect(page.get_by_text("Days used", exact=False).first).to_be_visible()
    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").click()
    assert paper.value.suggested_filename == f"ENG-001-{MONTH:%Y-%m}-statement.pdf"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.goto(f"/time/periods/{MONTH:%Y-%m}")
    page.get_by_label("Why it is opened again").fill("Ben’s last day was missing")
    page.get_by_role("button", name=f"Open {MONTH:%B %Y}").click()
    expect(page.locator(".head-sub")).to_contain_text("in the way of closing")
    expect(page.get_by_text("Ben’s last day was missing")).to_be_visible()
