"""J2: fill a forgotten week. Ten cells, one save; what is wrong stays as it was typed, what is right is kept."""

import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.core import clock, inputs
from crm.core.calendar import monday_of
from crm.core.twelve import Area
from crm.timelog.models import TimeEntry, TimeNote
from tests.cast import TODAY

WEEK = timedelta(7)
MONDAY = monday_of(TODAY) - WEEK


def rows_of_the_week_before(stage):
    stage.add_all(
        TimeEntry(
            person_id=2,
            client_id=1,
            engagement_id=1,
            area=area,
            worked_on=MONDAY - WEEK,
            minutes=60,
            logged_at=clock.now(),
        )
        for area in (Area.STR, Area.SEC)
    )
    stage.commit()


def logged(stage):
    stage.expire_all()
    rows = stage.scalars(select(TimeEntry).where(TimeEntry.worked_on >= MONDAY))
    return sorted((one.area.value, (one.worked_on - MONDAY).days, one.minutes) for one in rows)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_forgotten_week_in_under_a_minute(phone, page_of, company, stage):
    rows_of_the_week_before(stage)
    page = page_of(company.ben, phone=phone)
    page.goto(f"/time?day={MONDAY}")
    begun = time.monotonic()
    page.get_by_role("link", name="Fill in the week").click()
    for n, (strategy, security) in enumerate(
        [("2.5", "1:30"), ("6h30", "15m"), ("0.2d", "1"), ("3", "eight"), ("2", "45m")]
    ):
        if phone:
            page.locator(f".sheet-pick input[value='{n}']").check(force=True)
        page.locator(f"[name='c.1.STR.0.billable.{n}']").click()
        page.keyboard.type(strategy)
        page.keyboard.press("Enter")
        page.keyboard.type(security)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("9 cells are saved. 1 cell needs another look.")
    wrong = page.locator("[name='c.1.SEC.0.billable.3']")
    expect(wrong).to_be_visible()
    expect(wrong).to_have_value("eight")
    wrong.fill("9m")
    page.get_by_role("button", name="Save the week").click()
    page.wait_for_url("**saved=1")
    assert time.monotonic() - begun < 60
    minutes = {"STR": [150, 390, 90, 180, 120], "SEC": [90, 15, 60, 9, 45]}
    assert logged(stage) == sorted(
        (area, n, many) for area, all_five in minutes.items() for n, many in enumerate(all_five)
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


NUMBERS = [
    "",
    ".",
    "0",
    "0.4",
    "0,5",
    ".5",
    "5.",
    "1",
    "1.0083",
    "1.00833",
    "7.5",
    "24",
    "24.01",
    "1440",
    "1440.5",
    "10000",
]
UNITS = ["", "h", "hr", "hrs", " hours", "m", "min", " mins", "minute", "d", " days", "w"]
OTHERS = [
    "6:30",
    "6:3",
    "6:60",
    "24:00",
    "24:01",
    "0:00",
    "1h30",
    "1h 30m",
    "1H5",
    "1h60",
    "1d2h",
    "-1",
    "1e3",
    "٣",
    "eight",
    "1 : 30",
]


def cell(page, area, day):
    return page.locator(f"[name='c.1.{area}.0.billable.{day}']")


def test_totals_follow_what_is_typed(page_of, company, stage):
    """By script, which reads a cell as the house does: the totals are those that saving would give."""
    rows_of_the_week_before(stage)
    page = page_of(company.ben)
    page.goto(f"/time/grid?day={MONDAY}")
    texts = OTHERS + [number + unit for number in NUMBERS for unit in UNITS]
    read = """async (texts) => {
      const house = document.querySelector("script[src$='/house.js']").src;
      await import(new URL("unsaved.js", house)); // in place before the connection goes
      const { minutesOf } = await import(new URL("duration.js", house));
      return texts.map(minutesOf);
    }"""
    assert dict(zip(texts, page.evaluate(read, texts), strict=True)) == {text: minutes_or_none(text) for text in texts}

    sums, total = page.locator("[data-sums]"), page.locator(".sheet tfoot tr").first.locator("b")
    cell(page, "STR", 0).fill("2.5")
    cell(page, "SEC", 0).fill("0.2d")
    cell(page, "STR", 1).fill("90 min")
    expect(total).to_have_text(["4.00", "1.50", "–", "–", "–", "–", "–", "5.50"])
    expect(page.locator(".sheet tbody tr").filter(has=cell(page, "STR", 0)).locator("[data-sum] b")).to_have_text(
        "4.00"
    )
    cell(page, "SEC", 1).fill("eight")
    expect(total.nth(1)).to_have_attribute("title", "1 cell cannot be read and not in it")
    expect(total).to_have_text(["4.00", "1.50", "–", "–", "–", "–", "–", "5.50"])
    expect(sums).to_contain_text("Week 5.50")
    expect(page.locator("[data-said]")).to_contain_text("week: 5.50")
    cell(page, "SEC", 1).press("Tab")
    expect(cell(page, "SEC", 1)).to_have_attribute("aria-invalid", "true")
    cell(page, "SEC", 1).fill("8")
    expect(total.nth(1)).to_have_text("9.50")
    cell(page, "SEC", 1).press("Tab")
    expect(cell(page, "SEC", 1)).not_to_have_attribute("aria-invalid", "true")

    cell(page, "SEC", 1).fill("11")
    expect(page.get_by_text(f"Over 12 h: Tue {(MONDAY + timedelta(1)).day}")).to_be_visible()
    cell(page, "SEC", 1).fill("8")
    expect(page.get_by_text("Over 12 h")).to_be_hidden()
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the week").click()
    expect(page.get_by_text("Nothing is lost as long as this page stays open")).to_be_visible()
    assert page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))") is False, (
        "leaving is asked about"
    )
    page.context.set_offline(False)
    page.get_by_role("button", name="Save the week").click()
    page.wait_for_url("**saved=4")
    assert page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))") is True
    expect(total).to_have_text(["4.00", "9.50", "–", "–", "–", "–", "–", "13.50"])
    cell(page, "STR", 0).fill("x")
    expect(total).to_have_text(["1.50", "9.50", "–", "–", "–", "–", "–", "11.00"])


def test_a_correction_takes_its_minutes_off_the_totals_as_one_types(page_of, company, stage):
    rows_of_the_week_before(stage)
    original = stage.scalars(select(TimeEntry)).first()
    stage.add(
        TimeEntry(
            person_id=2, client_id=1, engagement_id=1, area=Area.STR, worked_on=MONDAY + timedelta(4), minutes=-30,
            adjusts_id=original.id, logged_at=clock.now(),
        )
    )  # fmt: skip
    stage.commit()
    page = page_of(company.ben)
    page.goto(f"/time/grid?day={MONDAY}")
    total = page.locator(".sheet tfoot tr").first.locator("b")
    expect(total).to_have_text(["–", "–", "–", "–", "−0.50", "–", "–", "−0.50"])
    cell(page, "SEC", 4).fill("0.25")
    expect(total).to_have_text(["–", "–", "–", "–", "−0.25", "–", "–", "−0.25"])
    cell(page, "SEC", 3).fill("2")
    expect(total).to_have_text(["–", "–", "–", "2.00", "−0.25", "–", "–", "1.75"])


def minutes_or_none(text):
    try:
        return inputs.duration(text)
    except ValueError:
        return None


def test_the_week_by_keyboard_alone(page_of, company, stage):
    """A key leads from Today to the first cell; arrows and Enter move, letters of a duration are letters; notes follow;
    once a new row has its work, another one stands below."""
    rows_of_the_week_before(stage)
    page = page_of(company.ben)
    page.goto("/today")
    page.wait_for_load_state()
    link, main = page.get_by_role("link", name="Skip to my week’s table"), page.get_by_role("main")
    assert (link.get_attribute("href"), main.bounding_box()["x"] < 300) == ("/time/grid#first", True)
    page.evaluate("for (const key of 'gf') dispatchEvent(new KeyboardEvent('keydown', { key }))")
    page.wait_for_url("**/time/grid")
    expect(page.locator(f"[id$='.{TODAY.weekday()}'], [id$='.what']").and_(page.locator(":focus"))).to_have_count(1)

    page.goto(f"/time/grid?day={MONDAY}#first")
    page.wait_for_load_state()
    expect(cell(page, "STR", 0)).to_be_focused()
    page.keyboard.type("90 min")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+Home")
    expect(cell(page, "STR", 0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, "SEC", 0)).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("ArrowRight")
    expect(cell(page, "SEC", 1)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, "STR", 1)).to_be_focused()
    page.keyboard.type("2n")
    expect(page.get_by_label("Note the client may read")).to_be_focused()
    page.keyboard.type("Board call")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Internal note, never shown to a client")).to_be_focused()
    page.keyboard.type("She may leave")
    page.keyboard.press("Enter")
    expect(cell(page, "STR", 1)).to_be_focused()

    for place, work in enumerate(["0.-.0.internal", "0.-.0.training"]):
        page.locator(f"[id='n.{place}.what']").select_option(work)
        page.locator(f"[name='n.{place}.2']").fill("1:15")
    expect(page.locator(".sheet-new")).to_have_count(3)
    expect(page.get_by_label("Note the client may read")).to_be_hidden()
    page.get_by_label("Internal note, never shown to a client").fill("Course")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**saved=5")
    stage.expire_all()
    rows = stage.scalars(select(TimeEntry).where(TimeEntry.worked_on >= MONDAY)).all()
    notes = dict(stage.execute(select(TimeNote.entry_id, TimeNote.body)).all())
    assert sorted((one.kind, one.minutes, one.client_note, notes.get(one.id, "")) for one in rows) == [
        ("billable", 60, "", ""), ("billable", 90, "", ""), ("billable", 120, "Board call", "She may leave"),
        ("internal", 75, "", ""), ("training", 75, "", "Course"),
    ]  # fmt: skip
