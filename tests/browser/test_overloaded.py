"""J6: a partner sees who is overloaded in the next six weeks in one look, and what fills the week behind a cell."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.core.calendar import monday_of
from crm.core.words import day_month
from crm.engagements.people import Assignment, Status
from crm.people.models import Leave, LeaveStatus, WorkingPattern
from tests.cast import TODAY, assignment

DAY = timedelta(1)
MONDAY = monday_of(TODAY) + 7 * DAY


@pytest.fixture
def busy(company, stage):
    """Ben has twenty days a month at Northwind, and perhaps three more at Umbra; a half day off next Friday."""
    for pattern in stage.scalars(select(WorkingPattern)):
        pattern.region = "XX"
    stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one().days_a_month = 20
    stage.add(assignment(company.umbra, company.persons.ben, "specialist", status=Status.TENTATIVE, days=3))
    friday = MONDAY + 4 * DAY
    stage.add(Leave(id=1, person_id=2, begins=friday, ends=friday, share=50, status=LeaveStatus.APPROVED))
    stage.add(Leave(id=2, person_id=3, begins=MONDAY + 7 * DAY, ends=MONDAY + 11 * DAY))
    stage.commit()
    return company


def fits(page):
    """No page scrolls sideways. A page that is on its way has no width yet."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def cell(page, name, week):
    """The cell of one person and week, in whatever heat map is on the page."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
    return row.locator(f'a[href$="?week={week}"]')


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_one_look_and_no_click(phone, page_of, busy):
    page = page_of(busy.ada, phone=phone)
    page.goto("/")
    page.wait_for_url("**/practice")
    expect(page.locator(".head-sub")).to_contain_text("Ben is over in all of the next six weeks.")
    first = page.get_by_role("table").first.get_by_role("row").nth(1)
    expect(first).to_contain_text("Ben")
    expect(first).to_contain_text("Over in 6 of 6 weeks")
    if not phone:
        expect(first).to_contain_text("days too many")
    over = cell(page, "Ben", MONDAY)
    expect(over).to_be_visible()
    expect(over).to_contain_text("more tentative")
    box, high = over.bounding_box(), page.viewport_size["height"]
    assert box["y"] + box["height"] < high, "without scrolling"
    assert fits(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_cell_opens_what_fills_it(phone, page_of, busy):
    page = page_of(busy.ada, phone=phone)
    page.goto("/workload")
    cell(page, "Ben", MONDAY).click()
    behind = page.locator("#behind")
    expect(behind.get_by_role("heading", name=f"Ben, week of {day_month(MONDAY)}")).to_be_visible()
    expect(behind).to_contain_text("against 3.60 of delivery capacity")  # F1, F4: 4.5 days net, 80 % of them
    expect(behind).to_contain_text("Northwind")
    expect(behind).to_contain_text("Tentative, not counted")
    expect(behind).to_contain_text("50 %")
    assert page.url.endswith("/workload"), "the heat map stays"
    assert fits(page)


def test_from_the_cell_a_new_figure_is_typed(page_of, busy, stage):
    """The last step of J6: fewer days a month, and the week is full no more."""
    page = page_of(busy.ada)
    page.goto("/workload")
    cell(page, "Ben", MONDAY).click()
    page.locator("#behind").get_by_role("link", name="Change Ben’s days at Northwind").click()
    page.get_by_label("Days a month").fill("8")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Team")).to_be_visible()
    assert (
        stage.scalars(
            select(Assignment.days_a_month).where(Assignment.person_id == 2, Assignment.status == Status.CONFIRMED)
        ).one()
        == 8
    )
    page.goto("/practice")
    expect(page.locator(".head-sub")).not_to_contain_text("Ben is over")


def test_without_script_the_cell_is_a_page(page_of, busy):
    page = page_of(busy.ada, js=False)
    page.goto("/practice")
    cell(page, "Ben", MONDAY).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Ben, week of {day_month(MONDAY)}")
    expect(page.locator("main")).to_contain_text("Tentative, not counted")


def test_leave_is_decided_with_its_effect_in_sight(page_of, busy, stage):
    page = page_of(busy.ada)
    page.goto("/practice")
    page.get_by_role("link", name="Eve", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("What it does to the load")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".head-sub")).to_contain_text("Approved")
    assert stage.get(Leave, 2, populate_existing=True).status is LeaveStatus.APPROVED


def test_a_consultant_asks_for_leave_on_the_phone(page_of, busy, stage):
    page = page_of(busy.tess, phone=True)
    page.goto("/people")
    page.get_by_role("link", name="Tess").click()
    assert fits(page)
    page.get_by_role("link", name="Ask for leave").click()
    page.get_by_label("First day away").fill(MONDAY.isoformat())
    page.get_by_label("How much of each day").select_option("Half of each day")
    assert fits(page)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your leave")
    expect(page.locator("main")).to_contain_text("Asked")
    assert fits(page)
    assert stage.scalars(select(Leave.share).where(Leave.person_id == 5)).one() == 50
