"""What opens an account beside its password, in a real browser: an app that shows codes, and a passkey."""

import pytest
from playwright.sync_api import expect

from tests.accounts.keys import Phone, give_password
from tests.browser.conftest import PASSWORD


def sign_in(page, account):
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")


@pytest.fixture
def ben(live, company, stage):
    give_password(live, stage, company.ben, PASSWORD)
    return company.ben


def test_an_app_is_set_up_asked_for_and_stood_in_for(live, page_of, ben):
    page = page_of()
    sign_in(page, ben)
    page.goto("/me/keys")
    page.get_by_role("link", name="Set up an app").click()
    assert page.get_by_role("img", name="QR code").evaluate("picture => picture.naturalWidth") > 100
    phone = Phone(page.locator(".secret").inner_text())
    page.get_by_label("Code that the app shows now").fill(phone.code())
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_role("button", name="Use this app").click()
    page.wait_for_url("**/me/keys/codes")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have noted them").click()
    sign_out(page)
    sign_in(page, ben)
    page.wait_for_url("**/sign-in/code")
    page.get_by_label("6-digit code").fill(phone.code(1))  # no code works twice
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today")
    sign_out(page)
    for code, lands in ((codes[0], "**/today"), (codes[0], "**/sign-in/recovery")):
        sign_in(page, ben)
        page.get_by_role("link", name="Use a recovery code").click()
        page.get_by_label("Recovery code").fill(code)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lands)
        if lands == "**/today":
            expect(page.get_by_text("9 of ten left")).to_be_visible()
            sign_out(page)
    expect(page.get_by_text("used before")).to_be_visible()


def test_a_passkey_is_made_and_opens_the_door_alone_and_after_the_password(live, context_of, ben):
    """Chromium's own virtual authenticator: a phone or a computer that knows its owner."""
    context = context_of()
    page = context.new_page()
    page.goto(live.extensions["at"].replace("127.0.0.1", "localhost") + "/sign-in")
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    home = page.url.removesuffix("/sign-in")

    def password():
        page.goto(f"{home}/sign-in")
        page.get_by_label("E-mail address").fill(ben.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    password()
    page.wait_for_url("**/today")
    page.goto(f"{home}/me/keys")
    adding = page.locator("form[data-passkey=create]")
    adding.get_by_label("Name").fill("My computer")
    adding.get_by_label("Password now").fill("not this one at all")
    adding.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("This is not the password").wait_for()
    assert devtools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"] == [], "nothing half made"
    adding.get_by_label("Password now").fill(PASSWORD)
    adding.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/me/keys/codes")
    expect(page.locator(".codes code")).to_have_count(10)

    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/today")
    sign_out(page)
    password()
    page.wait_for_url("**/sign-in/passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/today")

    page.goto(f"{home}/me/proof?next=/me/keys")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/me/keys")
    page.get_by_role("link", name="My computer").click()
    page.get_by_text("Last used").wait_for()
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_role("button", name="Remove this passkey").click()
    page.get_by_text("Your password alone opens your account").wait_for()
