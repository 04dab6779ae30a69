"""Find or do, by keyboard alone."""

from playwright.sync_api import expect

from crm.deliverables.models import Deliverable


def selected(page):
    return page.locator("#palette-list [aria-selected=true]")


def test_find_with_arrows_and_enter(page_of, company, stage):
    stage.add(Deliverable(id=1, number=231, title="Exit plan", area="VEN", client_id=1, engagement_id=1))
    stage.add(Deliverable(id=2, number=232, title="Exit terms", area="VEN", client_id=1, engagement_id=1))
    stage.flush()
    page = page_of(company.ada)
    page.goto("/menu")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Find or do")).to_be_visible()
    expect(page.get_by_role("group", name="Engagements")).to_be_visible()
    page.keyboard.type("exit")
    expect(selected(page)).to_contain_text("Exit plan")
    field = page.locator("#palette-q")
    expect(field).to_have_attribute("aria-activedescendant", "pi-1")
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_contain_text("Exit terms")
    expect(field).to_have_attribute("aria-activedescendant", "pi-2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(selected(page)).to_contain_text("All results for “exit”")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=exit")
    expect(page.get_by_role("heading", level=1)).to_have_text("“exit”")


def test_a_slash_searches_the_list_or_opens_the_palette(page_of, company):
    page = page_of(company.ben)
    page.goto("/clients")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search clients")).to_be_focused()
    page.keyboard.type("north/")  # in a field it is a letter
    expect(page.get_by_role("searchbox", name="Search clients")).to_have_value("north/")
    page.goto("/today")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="Find or do")).to_be_visible()
    expect(page.locator("#palette-q")).to_have_value("")


def test_escape_closes_and_typing_fast_searches(page_of, company):
    page = page_of(company.ben)
    page.goto("/menu")
    page.keyboard.press("Control+k")
    expect(selected(page)).to_contain_text("Northwind CIO")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("northwi")
    page.keyboard.press(
        "Enter"
    )  # before the list answers: what is typed is searched for, not the old first line opened
    page.wait_for_url("**/search?q=northwi")


def test_the_phone_and_no_script_search_on_the_page(page_of, company):
    page = page_of(company.ben, phone=True, js=False)
    page.goto("/menu")
    page.locator(".phone-top").get_by_role("link", name="Find").click()
    page.locator("main").get_by_role("searchbox").fill("north")
    page.locator("main").get_by_role("button", name="Search").click()
    page.wait_for_url("**/search?q=north")
    expect(page.locator("main")).to_contain_text("Northwind CIO")
