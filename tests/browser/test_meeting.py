"""A meeting run with the keyboard alone: planned, three lines kept while typing, minutes shared; the sponsor reads them on a phone."""

from playwright.sync_api import expect
from sqlalchemy import select

from crm.areas.across.models import Action, Decision
from crm.meetings.models import Meeting, MeetingState
from tests.browser.test_renewals import reach


def keep(page, line, reading):
    """Type a line, see how it is read, and keep it; the box is ready for the next."""
    box = page.get_by_label("In one line")
    expect(box).to_be_focused()
    page.keyboard.type(line)
    expect(page.locator("#lines-reading")).to_contain_text(reading)
    expect(page.locator("#lines-reading input[name=seen]")).to_have_value(line)
    page.keyboard.press("Enter")
    expect(page.locator(".line-kept")).to_contain_text(reading, timeout=20_000)


def test_a_meeting_with_the_keyboard_alone(company, stage, page_of):
    ben = page_of(company.ben)
    ben.goto("/clients/1/meetings/new?kind=management")
    reach(ben, ben.get_by_label(company.contacts.cora.name))
    ben.keyboard.press("Space")
    reach(ben, ben.get_by_role("button", name="Plan it"))
    ben.keyboard.press("Enter")
    expect(ben.get_by_role("heading", name="Management meeting", level=1)).to_be_visible()
    reach(ben, ben.get_by_label("In one line"))
    keep(ben, "action: Cora sends the figures by tomorrow @cora", "Cora sends the figures")
    keep(ben, "decision: The till stays @cora", "The till stays")
    keep(ben, "action: Ask three suppliers by in two weeks", "Ask three suppliers")
    expect(ben.locator(".agreed li")).to_have_count(3)
    reach(ben, ben.get_by_label("2. Where the twelve areas stand"))
    ben.keyboard.type("Two are **red**.")
    ben.keyboard.press("Control+Enter")
    for button, after in (("It was held", "Held, minutes not shared"), ("Share the minutes", "Minutes shared")):
        reach(ben, ben.get_by_role("button", name=button))
        ben.keyboard.press("Enter")
        expect(ben.locator(".head-sub .tag")).to_have_text(after)
    meeting = stage.scalars(select(Meeting)).one()
    assert meeting.state is MeetingState.SHARED
    assert (len(stage.scalars(select(Action)).all()), len(stage.scalars(select(Decision)).all())) == (2, 1)

    cora = page_of(company.cora, phone=True)
    cora.goto("/portal/meetings")
    reach(cora, cora.get_by_role("link", name="Management meeting"))
    cora.keyboard.press("Enter")
    expect(cora.locator(".minutes strong")).to_have_text("red")
    expect(cora.get_by_role("link", name="Cora sends the figures")).to_be_visible()
    assert cora.evaluate("document.documentElement.scrollWidth") <= 390
