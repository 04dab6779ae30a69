"""From a closed month to money that came in: the draft, the number, the papers, the payment; and what the sponsor sees."""

from playwright.sync_api import expect

from crm.core.calendar import month_after, month_of
from crm.invoices.billing.models import Billing, Issuer
from crm.people.models import Period, PeriodState
from tests.cast import TODAY

LAST = month_after(month_of(TODAY), -1)


def taken(page, name):
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return download.value.path().read_bytes()


def test_from_a_closed_month_to_the_payment(live, cast, stage, page_of):
    stage.add(Period(id=9, month=LAST, state=PeriodState.LOCKED))
    stage.add(Issuer(id=1, legal_name="Larkmoor Ltd", line1="1 Mill Lane", city="Leeds", tax_number="GB123456789", iban="GB33BUKB20201555555555"))  # fmt: skip
    stage.add(Billing(id=1, client_id=1, legal_name="Northwind Ltd", line1="2 High St"))
    stage.commit()
    ada = page_of(cast.ada)
    ada.goto("/invoices/new?engagement=1")
    ada.get_by_role("button", name="Make the draft").click()
    expect(ada.get_by_role("heading", name="Draft invoice")).to_be_visible()
    expect(ada.get_by_role("button", name="Issue it")).to_have_count(0)
    ada.get_by_role("link", name="Write the client’s town").click()
    ada.get_by_label("Town").fill("York")
    ada.get_by_role("button", name="Save").click()
    ada.goto("/invoices")
    ada.locator("tbody .title-link").first.click()
    ada.get_by_role("button", name="Issue it").click()
    expect(ada.get_by_role("heading", name=f"Invoice {TODAY.year}-0001")).to_be_visible()
    assert taken(ada, "PDF").startswith(b"%PDF")
    assert b"urn:cen.eu:en16931:2017" in taken(ada, "UBL file")
    cora = page_of(cast.cora, phone=True)
    cora.goto("/portal/invoices")
    cora.get_by_role("link", name=f"{TODAY.year}-0001").click()
    expect(cora.get_by_role("heading", name="How to pay")).to_be_visible()
    assert cora.evaluate("document.documentElement.scrollWidth") <= 390
    ada.get_by_label("Amount").fill("10080")
    ada.get_by_role("button", name="Record the payment").click()
    expect(ada.locator(".flash")).to_contain_text("It is paid")
    cora.reload()
    expect(cora.get_by_text("Thank you")).to_be_visible()
