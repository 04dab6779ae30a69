"""J5 and J7 in a real browser: a sponsor signs off in two clicks, and reads on the phone how the company stands."""

import pytest
from sqlalchemy import select, update

from crm.core.twelve import Area
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import AreaScope, Rag, Trend
from crm.outbox.models import Outbox
from tests.cast import TODAY
from tests.deliverables import conftest as deliverables

owe = deliverables.owe


@pytest.fixture
def cast(company):
    """The served company is the cast that the deliverables are made for."""
    return company


@pytest.fixture
def judged(stage, company):
    """Northwind's twelve: one that needs action, one to watch, the rest on track."""
    of_north = update(AreaScope).where(AreaScope.engagement_id == 1)
    said = {
        "confirmed": Rag.GREEN,
        "sentence": "It runs.",
        "trend": Trend.STEADY,
        "maturity": 3,
        "target": 4,
        "reviewed_on": TODAY,
    }
    stage.execute(of_north.values(said))
    stage.execute(
        of_north.where(AreaScope.area == Area.SEC).values(
            confirmed=Rag.RED,
            sentence="Two doors are open.",
            ask="Let us close the old accounts",
            ask_by=TODAY,
            maturity=1,
        )
    )
    stage.execute(of_north.where(AreaScope.area == Area.BUD).values(confirmed=Rag.AMBER, trend=Trend.IMPROVING))
    stage.commit()
    return company


def state_of(stage):
    stage.expire_all()
    return stage.scalars(select(DeliverableVersion.state)).one()


@pytest.mark.parametrize("js", [True, False], ids=["with script", "without script"])
def test_j5_sign_off_in_two_clicks(page_of, judged, owe, stage, js):
    owe(State.SUBMITTED)
    page = page_of(judged.cora, js=js)
    page.goto("/portal")
    page.get_by_role("link", name="Read and answer").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Supplier exit plan"
    assert page.get_by_text(deliverables.TEXT).is_visible()
    assert page.get_by_text(deliverables.CRITERIA[0]).is_visible()
    page.get_by_role("button", name="Sign off version 1").click()
    page.wait_for_url("**/portal/deliverables/*?answered=1")
    assert page.get_by_text("Thank you, Cora.").is_visible()
    assert page.get_by_role("heading", name="Sign-off record").is_visible()
    assert page.get_by_role("button", name="Sign off").count() == 0
    assert state_of(stage) is State.ACCEPTED
    assert stage.scalars(select(Outbox.topic)).all() == ["deliverable.accepted"]


@pytest.mark.parametrize("js", [True, False], ids=["with script", "without script"])
def test_j5_the_other_way_out(page_of, judged, owe, stage, js):
    """Asking for changes: what is missing is said and asked again, and nothing typed is lost."""
    owed = owe(State.SUBMITTED)
    page = page_of(judged.cora, js=js, phone=True)
    page.goto(f"/portal/deliverables/{owed.id}")
    page.get_by_role("link", name="Ask for changes").click()
    page.get_by_label("Anything else?").fill("Shorter would be better")
    page.get_by_role("button", name="Ask for these changes").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("Anything else?").input_value() == "Shorter would be better"
    page.get_by_label(deliverables.CRITERIA[1]).fill("The second system is missing")
    page.get_by_role("button", name="Ask for these changes").click()
    page.wait_for_url("**?answered=1")
    assert page.get_by_text("The second system is missing").first.is_visible()
    assert state_of(stage) is State.CHANGES_REQUESTED


def test_j5_only_the_keyboard(page_of, judged, owe, stage):
    owed = owe(State.SUBMITTED)
    page = page_of(judged.cora)
    page.goto(f"/portal/deliverables/{owed.id}")
    page.get_by_label("Anything we should know?").focus()
    page.keyboard.type("Thank you")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**?answered=1")
    assert stage.scalars(select(DeliverableVersion.remark)).one() == "Thank you"


def test_j7_how_do_we_stand_on_the_phone(page_of, judged, owe):
    """What needs you is read without scrolling; then the twelve, then one of them, in plain words."""
    owe(State.SUBMITTED)
    page = page_of(judged.cora, phone=True)
    page.goto("/portal")
    assert page.get_by_role("heading", level=1).inner_text() == "Mostly on track. One area needs action."
    needs = page.get_by_role("heading", name="Two things need you")
    box = needs.bounding_box()
    assert box["y"] + box["height"] < page.viewport_size["height"], "on the first screen"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ring = page.get_by_role("group", name="Your twelve areas")
    assert ring.get_by_role("link").count() == 12
    page.get_by_role("link", name="Protection against attack and loss", exact=True).click()
    assert page.get_by_text("Two doors are open.").is_visible()
    assert page.get_by_text("Let us close the old accounts").is_visible()
    assert page.get_by_text("We lead this for you").is_visible()
    page.get_by_role("link", name="Days used").click()
    assert page.get_by_text("4 days left").first.is_visible()


def test_no_page_is_wider_than_the_phone(page_of, judged, owe):
    owed = owe(State.SUBMITTED)
    page = page_of(judged.cora, phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    for address in ("/portal", "/portal/areas/security", "/portal/deliverables", f"/portal/deliverables/{owed.id}",
                    f"/portal/deliverables/{owed.id}/versions/{owed.versions[-1].id}/changes", "/portal/deliverables/new/1",
                    "/portal/timeline", "/portal/time", "/me"):  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_the_menu_of_the_account(page_of, judged):
    page = page_of(judged.cora, phone=True)
    page.goto("/portal")
    page.locator("summary", has_text="Cora").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
