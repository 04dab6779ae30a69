"""Files go up with their progress: by keyboard, several at once, dropped; and one that is refused says why."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from crm.deliverables.states import State
from crm.deliverables.versions import VersionFile
from tests.deliverables import conftest as deliverables
from tests.files import samples

owe = deliverables.owe
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
WATCH = """() => {
  window.seen = [];
  new MutationObserver((all) => {
    for (const one of all) if (one.target.tagName === "PROGRESS") window.seen.push(one.target.value);
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["value"] });
}"""
DROP = """(names) => {
  const held = new DataTransfer();
  for (const name of names) held.items.add(new File([`# ${name}`], name));
  const there = document.querySelector("#files .drop");
  const say = (kind) => there.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: held }));
  say("dragover");
  const marked = there.closest("form").hasAttribute("data-over");
  say("drop");
  return [marked, there.closest("form").hasAttribute("data-over")];
}"""


@pytest.fixture
def cast(company):
    return company


def test_files_by_keyboard_and_dropped(page_of, cast, owe, stage):
    owed = owe(State.IN_PROGRESS)
    page = page_of(cast.tess)
    page.on("filechooser", lambda chooser: None)  # taken over from here on, not a moment after it opened
    page.goto(f"/deliverables/{owed.id}")
    there, state = page.locator("#files"), page.locator("#files .upload-state")
    page.evaluate(WATCH)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    field = there.locator("input[type=file]")
    field.focus()
    expect(field).to_be_focused()
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Space")
    large = b"# Exit plan\n\n" + b"The stock comes back. " * 15_000
    asked.value.set_files([
        {"name": "plan.md", "mimeType": "text/markdown", "buffer": large},
        {"name": "run.exe", "mimeType": "application/x-dosexec", "buffer": b"MZ"},
        {"name": "shop.png", "mimeType": "image/png", "buffer": samples.picture()},
    ])  # fmt: skip
    page.keyboard.press("Tab")
    expect(there.get_by_role("button", name="Add", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(there.get_by_role("progressbar", name="Sent of plan.md")).to_be_visible()
    expect(state.locator(".field-error")).to_contain_text("run.exe")
    expect(there.get_by_alt_text("shop.png").or_(there.get_by_text("shop.png")).first).to_be_visible()
    assert any(0 < one < 100 for one in page.evaluate("window.seen")), "the bar moved while it was sent"
    expect(there.locator("input[type=file]")).to_be_focused()
    assert page.evaluate(DROP, ["one.md", "two.md"]) == [True, False]
    expect(state).to_have_text("2 files added.")
    stage.expire_all()
    names = stage.scalars(select(VersionFile.name).order_by(VersionFile.name)).all()
    assert names == ["one.md", "plan.md", "shop.png", "two.md"]
    assert page.evaluate(DROP, ["bad.exe"]) == [True, False]
    expect(state.locator(".field-error")).to_contain_text("bad.exe")
    expect(state).to_have_attribute("role", "status")
