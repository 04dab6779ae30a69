"""J5 and a decision from the mail in the demo's mailbox, on a phone, by somebody who is signed in nowhere."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.areas.across.models import Decision, DecisionStatus
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, SignOff
from crm.outbox.worker import Worker
from crm.practice.models import Practice
from tests import world as full_world
from tests.deliverables import conftest as deliverables

owe = deliverables.owe
LINK = re.compile(r"/sign/[0-9a-f]{64}")


@pytest.fixture
def cast(company):
    return company


@pytest.fixture
def mailed(page_of, live, company, owe, stage):
    """Ben sends a text; the address in the mail to Cora, as the mailbox of the demo shows it."""
    stage.get(Practice, 1).is_demo = True
    owed = owe(State.READY)
    ben = page_of(company.ben)
    ben.goto(f"/deliverables/{owed.id}/submission")
    ben.get_by_role("button", name="Send it").click()
    ben.wait_for_url(f"**/deliverables/{owed.id}")
    Worker(live, idle=0.05).run(until_empty=True)
    sam = page_of(company.abe)
    sam.goto("/settings/mail")
    return LINK.search(sam.content())[0]


def narrow(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("way", ["yes", "changes"])
def test_two_clicks_from_the_mail(page_of, mailed, company, stage, way):
    page = page_of(phone=True)
    foreign = []
    page.on("request", lambda one: foreign.append(one.url) if "127.0.0.1" not in one.url else None)
    page.goto(mailed)
    expect(page.get_by_role("heading", level=1)).to_have_text("Supplier exit plan")
    expect(page.get_by_text(deliverables.CRITERIA[0])).to_be_visible()
    assert narrow(page)
    if way == "yes":
        page.get_by_role("button", name="Accept version 1").click()
        page.get_by_text("Thank you, Cora.").wait_for()
        expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
        expect(page.get_by_role("button", name="Accept")).to_have_count(0)
        with page.expect_download() as found:
            page.get_by_role("link", name="Download the certificate").click()
        assert found.value.suggested_filename.endswith("-sign-off.pdf")
    else:
        page.get_by_role("link", name="Ask for changes").click()
        page.get_by_label(deliverables.CRITERIA[1]).fill("The second system is missing")
        page.get_by_role("button", name="Ask for these changes").click()
        page.get_by_text("You asked for changes to version 1.").wait_for()
    assert narrow(page)
    assert foreign == []
    assert page.context.cookies() == []
    stage.expire_all()
    state = State.ACCEPTED if way == "yes" else State.CHANGES_REQUESTED
    assert stage.scalars(select(DeliverableVersion.state)).one() is state
    assert stage.scalars(select(SignOff.how)).one() == "mail"


def test_a_decision_from_the_mail_without_script(page_of, full_company, stage):
    page = page_of(phone=True, js=False)
    page.goto(f"/sign/{full_world.QUESTIONS[0]}")
    page.get_by_label("Renew").check()
    page.get_by_role("button", name="Decide").click()
    page.get_by_text("You decided: Renew").wait_for()
    assert narrow(page)
    stage.expire_all()
    assert stage.get(Decision, 142).status is DecisionStatus.DECIDED
