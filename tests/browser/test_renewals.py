"""J9 by keyboard alone, on a phone: from the renewals to the sponsor's yes, and the contract says it."""

from datetime import timedelta

from playwright.sync_api import expect

from crm.areas.vendors.models import RenewalDecision, Tier, VendorContract
from crm.core import clock
from crm.core.twelve import Area
from tests.cast import TODAY


def reach(page, target):
    """Go there with the Tab key, as somebody without a mouse does, once its page is whole."""
    target.wait_for()
    page.wait_for_load_state()
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def test_from_the_renewals_to_the_sponsors_yes(company, stage, page_of):
    row = VendorContract(id=1, client_id=1, area=Area.VEN, made_at=clock.now(), changed_at=clock.now(), vendor="Harbour Telecom", what="Lines",
                         tier=Tier.IMPORTANT, annual_cost=720000, end=TODAY + timedelta(75), notice_days=30)  # fmt: skip
    stage.add(row)
    stage.commit()
    ben = page_of(company.ben, phone=True)
    ben.goto("/renewals")
    reach(ben, ben.get_by_role("link", name="Ask for a decision"))
    ben.keyboard.press("Enter")
    expect(ben.get_by_role("heading", name="Ask for a decision")).to_be_visible()
    assert ben.evaluate("document.documentElement.scrollWidth") <= 390
    who = ben.get_by_label("Who decides")
    reach(ben, who)
    ben.keyboard.type(company.contacts.cora.name)
    reach(ben, ben.get_by_label("What we recommend, and why"))
    ben.keyboard.type("Replace it: two others are cheaper")
    reach(ben, ben.get_by_role("button", name="Ask the sponsor"))
    ben.keyboard.press("Enter")
    expect(ben.get_by_role("heading", name="Harbour Telecom, Lines: renew, renegotiate")).to_be_visible()
    assert ben.evaluate("document.documentElement.scrollWidth") <= 390

    cora = page_of(company.cora, phone=True)
    cora.goto("/portal")
    reach(cora, cora.get_by_role("link", name="Read and decide"))
    cora.keyboard.press("Enter")
    reach(cora, cora.get_by_role("radio").first)
    cora.keyboard.press("ArrowDown")
    cora.keyboard.press("ArrowDown")
    expect(cora.get_by_label("Replace")).to_be_checked()
    reach(cora, cora.get_by_role("button", name="Decide"))
    cora.keyboard.press("Enter")
    expect(cora.locator(".flash")).to_contain_text("You decided: Replace")
    assert cora.evaluate("document.documentElement.scrollWidth") <= 390
    stage.expire_all()
    assert (row.decision, row.decided_on) == (RenewalDecision.REPLACE, TODAY)
