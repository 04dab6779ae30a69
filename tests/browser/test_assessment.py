"""J12: the questions on a tablet during the talk. Every tap is kept at once; without script a button keeps the page."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.maturity.models import Answer, Assessment, Purpose
from tests.cast import TODAY

TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def talk(company, stage):
    begun = Assessment(id=1, client_id=1, title="Baseline", purpose=Purpose.BASELINE, began_on=TODAY, begun_by_id=2)
    stage.add(begun)
    stage.commit()
    return begun


def kept(stage):
    stage.expire_all()
    return {one.question: one for one in stage.scalars(select(Answer))}


def test_every_tap_is_kept_and_a_colleague_is_shown(talk, page_of, company, stage):
    page = page_of(company.ben)
    page.set_viewport_size(TABLET)
    page.goto("/assessments/1/areas/vendors")
    page.get_by_label("Who answers").fill("Cora")
    first = page.locator("#VEN-Q1")
    tile = first.locator(".ask-tile").nth(2)
    assert tile.bounding_box()["height"] >= 44
    tile.click()
    expect(first.get_by_role("status")).to_contain_text("Saved, said by Cora")
    expect(page.locator("#done")).to_have_text("1 of 7 answered")
    first.get_by_text("Comment, who said it").click()
    first.get_by_label(re.compile("^Comment")).fill("The calendar is in Huw’s head")
    expect(first.get_by_role("status")).to_contain_text(re.compile("Saved"))
    page.wait_for_function("!document.querySelector('#VEN-Q1-state').hasAttribute('aria-busy')")
    second = page.locator("#VEN-Q2")
    second.get_by_role("radio", name="No answer yet").focus()
    page.keyboard.press("ArrowUp")  # by keyboard: arrows choose
    expect(second.get_by_role("status")).to_contain_text("Saved")
    page.reload()
    expect(page.locator("#VEN-Q1").get_by_label(re.compile("^Comment"))).to_have_value("The calendar is in Huw’s head")
    expect(page.locator("#VEN-Q1 input[type=radio]").nth(2)).to_be_checked()
    assert set(kept(stage)) == {"VEN-Q1", "VEN-Q2"}

    tess = page_of(company.tess)
    tess.set_viewport_size(TABLET)
    tess.goto("/assessments/1/areas/vendors")
    page.locator("#VEN-Q3 .ask-tile").nth(0).click()
    expect(page.locator("#VEN-Q3-state")).to_contain_text("Saved")
    tess.locator("#VEN-Q3 .ask-tile").nth(1).click()
    expect(tess.locator("#VEN-Q3-state")).to_contain_text("Not saved: a colleague answered this meanwhile")
    tess.get_by_role("button", name="Save mine instead").click()
    expect(tess.locator("#VEN-Q3-state")).to_contain_text("Saved")
    assert kept(stage)["VEN-Q3"].written_by_id == company.persons.tess.id

    page.get_by_role("button", name="Next: Talent").click()
    page.wait_for_url("**/areas/talent")
    expect(page.get_by_label("Who answers")).to_have_value("Cora")


def test_what_cannot_be_saved_stays_and_says_so(talk, context_of, company, stage):
    page = context_of(company.ben).new_page()
    page.set_viewport_size(TABLET)
    page.goto("/assessments/1/areas/vendors")
    page.route("**/answers/**", lambda route: route.fulfill(status=503, body="busy"))
    page.locator("#VEN-Q1 .ask-tile").nth(1).click()
    expect(page.locator("#VEN-Q1-state")).to_contain_text("Not saved")
    expect(page.locator("#VEN-Q1 input[type=radio]").nth(1)).to_be_checked()
    page.unroute("**/answers/**")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_load_state()
    assert set(kept(stage)) == {"VEN-Q1"}


def test_without_script_on_a_phone(talk, page_of, company, stage):
    page = page_of(company.ben, phone=True, js=False)
    page.goto("/assessments/1/areas/vendors")
    page.locator("#VEN-Q1 .ask-tile").nth(0).click()
    page.locator("#VEN-Q2").get_by_role("radio", name="Not applicable").check()
    page.get_by_role("button", name=re.compile("^Next: Talent")).click()
    page.wait_for_url("**/areas/talent")
    assert {key: (one.score, one.not_applicable) for key, one in kept(stage).items()} == {
        "VEN-Q1": (0, False), "VEN-Q2": (None, True),
    }  # fmt: skip
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
