"""From the invitation to the first page, and back in when the password is forgotten: by the mails of the demo's mailbox."""

import re

from playwright.sync_api import expect
from sqlalchemy import update

from crm.clients.models import Contact
from crm.outbox.worker import Worker
from crm.practice.models import Practice

FIRST, SECOND = "ferry lantern cobalt 9", "meadow tin harbour 12"


def newest_link(live, office, words):
    """As an admin finds it in the mailbox."""
    Worker(live).run(until_empty=True)
    office.goto("/settings/mail")
    office.get_by_text(words).first.click()
    return re.findall(r"http://[\w.:]+/(?:invitation|reset)/[\w.\-]+", office.content())[0]


def test_invited_in_and_back_in(live, page_of, company, stage):
    stage.add(Contact(id=4, client_id=1, name="Dan Ferris", email="dan@client1.example"))
    stage.execute(update(Practice).values(is_demo=True))
    stage.commit()
    office = page_of(company.abe)
    office.goto("/settings")
    office.get_by_role("link", name="Invite somebody").click()
    office.get_by_role("link", name="Dan Ferris").click()
    office.get_by_label("Viewer").check()
    office.get_by_role("button", name="Send the invitation").click()
    expect(office.get_by_text("The link works until")).to_contain_text("Invited")

    dan = page_of(phone=True)
    link = newest_link(live, office, "Your way in to Larkmoor")
    dan.goto(link)
    dan.get_by_label("New password").fill("too short")
    dan.get_by_role("button", name="Set it and go in").click()
    dan.get_by_role("alert").wait_for()
    dan.get_by_label("New password").fill(FIRST)
    dan.get_by_role("button", name="Set it and go in").click()
    dan.wait_for_url("**/portal")
    assert dan.goto(link).status == 410
    expect(dan.get_by_role("heading", name="This invitation was used")).to_be_visible()

    elsewhere = page_of()
    elsewhere.goto("/sign-in")
    elsewhere.get_by_role("link", name="Forgotten your password?").click()
    elsewhere.get_by_label("E-mail address").fill("dan@client1.example")
    elsewhere.get_by_role("button", name="Send the link").click()
    elsewhere.get_by_role("heading", name="Look into your mail").wait_for()
    elsewhere.goto(newest_link(live, office, "Choose a new password"))
    elsewhere.get_by_label("New password").fill(SECOND)
    elsewhere.get_by_role("button", name="Set this password").click()
    elsewhere.get_by_role("link", name="Sign in", exact=True).click()
    elsewhere.get_by_label("E-mail address").fill("dan@client1.example")
    elsewhere.get_by_label("Password").fill(SECOND)
    elsewhere.get_by_role("button", name="Sign in", exact=True).click()
    elsewhere.wait_for_url("**/portal")
    dan.goto("/portal")
    assert "/sign-in" in dan.url, "the phone is out"


def test_a_sponsor_lets_a_viewer_in(live, page_of, company, stage):
    cora = page_of(company.cora, phone=True)
    cora.goto("/portal")
    cora.locator(".who-menu summary").click()
    cora.get_by_role("link", name="Who looks in").click()
    cora.get_by_label("Name").fill("Gwen Parry")
    cora.get_by_label("E-mail address").fill("gwen@client1.example")
    cora.get_by_role("button", name="Send the invitation").click()
    cora.get_by_text("Gwen Parry is let in").wait_for()
    expect(cora.get_by_text("Invited, the link works until")).to_be_visible()
