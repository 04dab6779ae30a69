"""An initiative is moved to another quarter with the mouse, by the keyboard alone, and without script; never its baseline."""

import pytest
from playwright.sync_api import expect

from crm.areas.strategy.models import Initiative
from crm.core import clock
from crm.core.calendar import quarter_after, quarter_end
from crm.core.twelve import Area
from crm.core.words import quarter
from tests.cast import TODAY

ROAD = "/clients/1/areas/strategy/initiatives/roadmap"
NEXT, LATER = quarter_after(TODAY), quarter_after(TODAY, 3)


@pytest.fixture
def planned(company, stage):
    row = Initiative(id=1, client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title="One quote path", status="active",
                     departments=["sales"], due=TODAY, baseline_due=TODAY)  # fmt: skip
    stage.add(row)
    stage.commit()

    def days():
        stage.expire_all()
        return row.due, row.baseline_due

    return days


def test_by_mouse_and_by_keyboard(planned, company, page_of):
    page = page_of(company.ben)
    page.goto(ROAD)
    heads = page.get_by_role("columnheader", name=quarter(NEXT))
    bar = page.locator(".road-bar")
    where = heads.bounding_box()
    lane = page.locator(".road-lane")
    lane.scroll_into_view_if_needed()
    middle = where["x"] + where["width"] / 2 - lane.bounding_box()["x"]
    bar.drag_to(lane, target_position={"x": middle, "y": 20})
    expect(page.locator("#messages")).to_contain_text("One quote path: due on")
    assert planned() == (quarter_end(NEXT), TODAY)

    page.wait_for_load_state()  # the address's #place takes the focus when the page is whole
    choice = page.get_by_label("Quarter for One quote path")
    choice.focus()
    for _ in range(choice.locator("option").all_inner_texts().index(quarter(LATER))):
        page.keyboard.press("ArrowDown")
    expect(choice).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Move One quote path")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name=quarter(LATER))).to_be_visible()
    assert planned() == (quarter_end(LATER), TODAY)


def test_without_script_on_a_phone(planned, company, page_of):
    page = page_of(company.ben, js=False, phone=True)
    page.goto(ROAD)
    page.get_by_label("Quarter for One quote path").select_option(quarter(NEXT))
    page.get_by_role("button", name="Move One quote path").click()
    expect(page.get_by_role("rowheader", name=quarter(NEXT))).to_be_visible()
    assert planned() == (quarter_end(NEXT), TODAY)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
