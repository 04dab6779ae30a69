from playwright.sync_api import expect

from crm.accounts.models import Account
from tests.browser.conftest import PASSWORD


def test_signing_in_and_out(live, page_of, company, stage):
    from crm.accounts.security import hash_password

    with live.app_context():
        stage.get(Account, company.ben.id).password = hash_password(PASSWORD)
    stage.commit()
    page = page_of()
    page.goto("/menu")
    page.get_by_label("Mail address").fill(company.ben.email)
    page.get_by_label("Password").fill("not this one at all")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    expect(page.get_by_label("Mail address")).to_have_value(company.ben.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/menu")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert page.goto("/menu").url.endswith("/sign-in?next=/menu")
