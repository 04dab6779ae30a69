"""J5 and J7 in a real browser: a sponsor signs off in two clicks, and reads on the phone how the company stands."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from crm.areas.across.models import RaidItem
from crm.areas.vendors.models import Tier, VendorContract
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.scopes import AreaScope, Rag, Trend
from crm.outbox.models import Outbox
from crm.reviews.frozen import FrozenFinding, FrozenRow
from crm.reviews.models import Review, ReviewState
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
    expect(page.get_by_role("heading", level=1)).to_have_text("Supplier exit plan")
    expect(page.get_by_text(deliverables.TEXT)).to_be_visible()
    expect(page.get_by_text(deliverables.CRITERIA[0])).to_be_visible()
    page.get_by_role("button", name="Sign off version 1").click()
    page.wait_for_url("**/portal/deliverables/*?answered=1")
    expect(page.get_by_text("Thank you, Cora.")).to_be_visible()
    expect(page.get_by_role("heading", name="Sign-off record")).to_be_visible()
    expect(page.get_by_role("button", name="Sign off")).to_have_count(0)
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
    page.get_by_role("alert").wait_for()
    expect(page.get_by_label("Anything else?")).to_have_value("Shorter would be better")
    page.get_by_label(deliverables.CRITERIA[1]).fill("The second system is missing")
    page.get_by_role("button", name="Ask for these changes").click()
    page.wait_for_url("**?answered=1")
    expect(page.get_by_text("The second system is missing").first).to_be_visible()
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
    expect(page.get_by_role("heading", level=1)).to_have_text("Mostly on track. One area needs action.")
    needs = page.get_by_role("heading", name="Two things need you")
    box = needs.bounding_box()
    assert box["y"] + box["height"] < page.viewport_size["height"], "on the first screen"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ring = page.get_by_role("group", name="Your twelve areas")
    expect(ring.get_by_role("link")).to_have_count(12)
    page.get_by_role("link", name="Protection against attack and loss", exact=True).click()
    page.get_by_text("Two doors are open.").wait_for()
    expect(page.get_by_text("Let us close the old accounts")).to_be_visible()
    expect(page.get_by_text("We lead this for you")).to_be_visible()
    page.get_by_role("link", name="Days used").click()
    page.get_by_text("4 days left").first.wait_for()


def test_j7_on_paper_the_sentence_under_the_ring_is_whole(page_of, judged):
    page = page_of(judged.cora)
    page.goto("/portal")
    page.emulate_media(media="print")
    under = page.locator(".portal-ring p")
    expect(under).to_have_text("Longer is stronger. The blue line is where we want to be.", use_inner_text=True)
    page.emulate_media(media="screen")
    expect(under).to_contain_text("Read it as a list", use_inner_text=True)


@pytest.fixture
def reasons(stage, judged):
    """What was found of Northwind's contracts, one of which is shared."""
    at = clock.now()
    whose = {"client_id": 1, "visibility": Visibility.CLIENT}
    row = VendorContract(area=Area.VEN, made_at=at, changed_at=at, vendor="Harbour Telecom", what="Lines and handsets", tier=Tier.STRATEGIC,
                         annual_cost=720000, end=TODAY + timedelta(50), notice_days=30, owner_name="A broker in town", **whose)  # fmt: skip
    risk = RaidItem(
        area=Area.VEN,
        made_at=at,
        changed_at=at,
        title="The lines go on by themselves",
        type="risk",
        likelihood=3,
        impact=3,
        **whose,
    )
    on = whose | {"engagement_id": 1}
    review = Review(area=Area.VEN, state=ReviewState.PUBLISHED, rag=Rag.GREEN, suggested=Rag.AMBER, sentence="It runs.", published_at=at,
                    published_on=TODAY, author_id=judged.persons.ben.id, override_reason="They wrote that they go on", override_until=TODAY, **on)  # fmt: skip
    stage.add_all([row, risk, review])
    stage.flush()
    found = FrozenFinding(
        review_id=review.id,
        position=1,
        rule="VEN-R2",
        says="x",
        verdict=Rag.AMBER,
        critical=True,
        value=2,
        number=2,
        **on,
    )
    stage.add(found)
    stage.flush()
    stage.add(FrozenRow(finding_id=found.id, kind="vendor_contract", row_id=row.id, label="Harbour Telecom", **on))
    stage.commit()
    return row


def test_j7_why_do_you_think_so_on_the_phone_without_script(page_of, judged, reasons):
    """From the colour to its reasons, to the row behind them, to its list, and to what is open over all areas."""
    page = page_of(judged.cora, phone=True, js=False)

    def fits():
        page.wait_for_load_state()
        return page.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto("/portal")
    page.get_by_role("link", name="Suppliers and contracts", exact=True).click()
    why = page.get_by_role("region", name="Why we think so")
    expect(why.get_by_text("2 contracts need a decision within 60 days.")).to_be_visible()
    expect(why.get_by_text("We say “On track” all the same, until")).to_be_visible()
    expect(why.get_by_text("You see 1 of the 2 entries behind this")).to_be_visible()
    assert fits()
    why.get_by_role("link", name="Harbour Telecom").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Telecom, Lines and handsets")
    expect(page.get_by_text("£7,200")).to_be_visible()
    assert fits()
    page.get_by_role("link", name="Back to “Your technology contracts”").click()
    page.get_by_label("Find in this list").fill("nothing like it")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("Nothing matches.").wait_for()
    page.get_by_role("link", name="Clear").click()
    page.get_by_label("Decision").select_option("Not decided yet")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Harbour Telecom").wait_for()
    assert fits()
    page.get_by_role("link", name="Questions", exact=True).click()
    page.get_by_text("The lines go on by themselves").wait_for()
    assert fits()


def test_no_page_is_wider_than_the_phone(page_of, judged, owe, reasons):
    owed = owe(State.SUBMITTED)
    page = page_of(judged.cora, phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    for address in ("/portal", "/portal/areas/security", "/portal/deliverables", f"/portal/deliverables/{owed.id}",
                    f"/portal/deliverables/{owed.id}/versions/{owed.versions[-1].id}/changes", "/portal/deliverables/new/1",
                    "/portal/timeline", "/portal/time", "/portal/areas/vendors", "/portal/areas/vendors/contracts/",
                    f"/portal/areas/vendors/contracts/{reasons.id}", "/portal/questions", "/portal/questions/risks/", "/portal/colleagues",
                    "/me"):  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_the_menu_of_the_account(page_of, judged):
    page = page_of(judged.cora, phone=True)
    page.goto("/portal")
    page.locator("summary", has_text="Cora").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
