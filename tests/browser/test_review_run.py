"""J3: the areas of an engagement are reviewed by keyboard alone; and on a phone without script."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.core.twelve import Area
from crm.engagements.scopes import AreaScope
from crm.reviews.models import Review
from tests.cast import TODAY


@pytest.fixture
def due(company, stage):
    """Vendors and Strategy of Northwind are due; nobody ever looked, and nothing shows that they are well."""
    for one in stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1)):
        overdue = {Area.VEN: 9, Area.STR: 2}.get(one.area)
        one.review_due = TODAY - timedelta(overdue) if overdue else TODAY + timedelta(40)
    stage.commit()
    return company


def said(stage):
    stage.expire_all()
    return {one.area.value: (one.state.value, one.rag.value, one.sentence) for one in stage.scalars(select(Review))}


def test_the_run_by_keyboard_alone(page_of, due, stage):
    page = page_of(due.ben)
    page.goto("/engagements/1/review")
    first = page.get_by_role("link", name="Begin with Vendors")
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/vendors")
    expect(page.locator("[name=sentence]")).to_be_focused()
    why = page.get_by_label("Why it is better than the evidence says")
    expect(why).to_be_hidden()
    page.keyboard.type("One contract renews by itself.")
    page.keyboard.press("Shift+Tab")  # the meaning of the colours
    page.keyboard.press("Shift+Tab")  # the colours
    expect(page.get_by_role("radio", name="Amber")).to_be_checked()  # nobody ever looked, so the evidence suggests it
    while not page.get_by_role("radio", name="Green").is_checked():
        page.keyboard.press("ArrowRight")
    expect(why).to_be_visible()  # better than the evidence asks for a reason
    while not page.get_by_role("radio", name="Red").is_checked():
        page.keyboard.press("ArrowRight")
    expect(why).to_be_hidden()
    page.get_by_label("What you need").focus()
    page.keyboard.type("A yes to leave it")
    page.keyboard.press("Tab")
    page.keyboard.type("Cora")
    page.get_by_label("By when").fill(str(TODAY + timedelta(9)))
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/review/strategy")
    expect(page.locator("[name=sentence]")).to_be_focused()
    page.keyboard.type("The plan is understood.")
    page.keyboard.press("Control+Enter")  # the suggested colour stands
    page.wait_for_url("**/review#publish")
    publish = page.get_by_role("button", name="Publish 2 areas to the client")
    publish.focus()
    page.keyboard.press("Enter")
    page.get_by_text("2 areas published. The client reads them now.").wait_for()
    assert said(stage) == {
        "VEN": ("published", "red", "One contract renews by itself."),
        "STR": ("published", "amber", "The plan is understood."),
    }


def test_an_area_on_a_phone_without_script(page_of, due, stage):
    page = page_of(due.ben, phone=True, js=False)
    page.goto("/engagements/1/review")
    page.get_by_role("link", name="Begin with Vendors").click()
    page.get_by_label("What is going on").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("radio", name="Green").check()
    expect(page.get_by_label("Why it is better than the evidence says")).to_be_visible()  # no script is needed for it
    page.get_by_role("radio", name="Amber").check()
    page.get_by_label("What is going on").fill("Telephone needs a decision.")
    page.get_by_role("button", name="Save and next: Strategy").click()
    page.wait_for_url("**/review/strategy")
    page.goto("/engagements/1/review")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Publish 1 area to the client").click()
    page.get_by_text("1 area published. The client reads it now.").wait_for()
    assert said(stage) == {"VEN": ("published", "amber", "Telephone needs a decision.")}
