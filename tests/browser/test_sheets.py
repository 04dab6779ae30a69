"""A sheet with one wrong cell is brought, mended and taken, by keyboard and pointer as people do."""

from playwright.sync_api import expect

GOALS = "/clients/1/areas/strategy/objectives/"
SHEET = "Objective,How it serves the mission,Owner,Due\nOne,Fast answers,Cora,2027-01-31\nTwo,Trust,Sam,{}\nThree,Trust,Sam,\n"


def a_file(body):
    return {"name": "goals.csv", "mimeType": "text/csv", "buffer": body.encode()}


def test_a_sheet_is_mended_and_taken(company, page_of):
    page = page_of(company.ben)
    page.goto(GOALS)
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File").set_input_files(a_file(SHEET.format("soon")))
    page.get_by_role("button", name="Try it").press("Enter")
    expect(page.locator("main")).to_contain_text("1 row of 3 cannot be taken")
    expect(page.locator("main")).to_contain_text("Line 3")
    expect(page.locator("main")).to_contain_text("“soon” is no date: write it like 2026-11-20")
    page.get_by_role("link", name="Bring the mended file").click()
    page.get_by_label("File").set_input_files(a_file(SHEET.format("2027-02-28")))
    page.get_by_role("button", name="Try it").press("Enter")
    expect(page.locator("main")).to_contain_text("3 rows can be imported")
    page.get_by_role("button", name="Import", exact=True).press("Enter")
    page.wait_for_url(f"**{GOALS}")
    expect(page.locator("body")).to_contain_text("3 rows imported")
    for name in ("One", "Two", "Three"):
        expect(page.get_by_role("link", name=name, exact=True)).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX with every field").click()
    assert download.value.suggested_filename == "NORTH-objectives-all-fields.xlsx"
