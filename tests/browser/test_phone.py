"""J1 on the phone without a connection: what is logged waits on the device, and arrives once."""

import re
import time

import pytest
from playwright.sync_api import expect

from crm.core.calendar import month_of
from crm.core.clock import now, today
from crm.people.models import Period
from tests.browser.test_log_time import entries, in_first_view
from tests.browser.test_pages import check

REFUSED = """async () => {
  const opened = await new Promise((done) => { const asked = indexedDB.open("twelvefold-waiting"); asked.onsuccess = () => done(asked.result); });
  const stored = opened.transaction("entries", "readwrite");
  stored.objectStore("entries").put({ once: "refused", mark: document.body.dataset.mark, called: "Northwind, STR", long: "30 min",
    at: "2026-11-01T10:00:00Z", fields: { work: "1", pick: "30" }, problems: [{ field: "worked_on", says: "November is locked." }] });
  return new Promise((done) => { stored.oncomplete = () => done(opened.close()); });
}"""


SERVED = """(works) => new Promise((done) => {
  const asked = indexedDB.open("twelvefold-waiting");
  asked.onsuccess = () => {
    const stored = asked.result.transaction("choices", "readwrite");
    stored.objectStore("choices").put({ mark: document.body.dataset.mark, works });
    stored.oncomplete = () => done(asked.result.close());
  };
})"""


@pytest.fixture
def phone_of(context_of):
    """The page that the installed app opens, with its worker in charge, as on every visit but the first."""
    wrong = []

    def make(account):
        page = context_of(account, phone=True).new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto("/time/log")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        return page

    yield make
    assert wrong == []


def log(page, duration, note=""):
    line = page.get_by_role("form", name="Log time", exact=True)
    line.get_by_role("radio", name=duration, exact=True).check()
    line.get_by_label(re.compile("^Note for the client")).fill(note)
    line.get_by_role("button", name="Log", exact=True).click()


def logged_offline(page, *durations):
    """From the page that was open first, then from the one that stands in."""
    page.context.set_offline(True)
    for duration in durations:
        log(page, duration)
        page.wait_for_url("**/offline?kept=1")
    expect(waiting(page).get_by_role("listitem")).to_have_count(len(durations))


def waiting(page):
    return page.get_by_role("region", name="Waiting on this device")


def on_the_device(page):
    """How many entries wait, of anybody."""
    return page.evaluate(
        """async () => {
          const opened = await new Promise((done) => { const asked = indexedDB.open("twelvefold-waiting"); asked.onsuccess = () => done(asked.result); });
          if (!opened.objectStoreNames.length) return 0;
          const asked = opened.transaction("entries").objectStore("entries").count();
          return new Promise((done) => { asked.onsuccess = () => { opened.close(); done(asked.result); }; });
        }"""
    )


def arrived(stage, number):
    """The entries, as soon as there are so many."""
    until = time.monotonic() + 10
    while len(found := entries(stage)) < number and time.monotonic() < until:
        time.sleep(0.1)
    return found


def signed_in(page, live, account):
    value = live.session_interface.get_signing_serializer(live).dumps({"sid": account.token})
    page.context.add_cookies([{"name": "twelvefold", "value": value, "url": live.extensions["at"]}])


def test_logged_without_a_connection_and_sent_once(phone_of, company, stage):
    """The app is closed, opened again, and both are there, however many tabs send and however often one presses."""
    page = phone_of(company.ben)
    save = page.get_by_role("form", name="Log time", exact=True).get_by_role("button", name="Log", exact=True)
    assert in_first_view(page, save), "no scrolling"
    logged_offline(page, "1 h", "15 min")
    context = page.context
    page.get_by_role("button", name="Send now").click()
    expect(waiting(page)).to_contain_text("No connection")
    page.close()
    assert entries(stage) == []
    context.set_offline(False)
    tabs = [context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto("/time/log", wait_until="commit")
    found = arrived(stage, 2)
    assert sorted(one.minutes for one in found) == [15, 60]
    assert {one.worked_on for one in found} == {today()}
    for tab in tabs:
        tab.reload()
        expect(waiting(tab)).to_be_hidden()
    assert on_the_device(tabs[0]) == 0
    assert len(entries(stage)) == 2, "once"


def test_all_engagements_are_offered_and_the_connection_leads_back(phone_of, company, stage):
    """The page that stands in offers those used last as taps and the others in its list; with the connection back it makes
    room for the page that was asked for, but not while something is half typed."""
    page = phone_of(company.ben)
    page.evaluate(SERVED, [{"id": str(n), "name": f"Client {n}", "area": "STR" if n == 1 else ""} for n in range(1, 8)])
    page.context.set_offline(True)
    page.goto("/deliverables")
    line = page.get_by_role("form", name="Log time", exact=True)
    expect(line.locator("input[name=work]")).to_have_count(6)
    expect(line.locator("#works label")).to_have_text(
        ["Client 1 STR", *(f"Client {n}" for n in range(2, 6)), "Practice: internal"]
    )
    others = ["One of the above", "Client 6", "Client 7"]
    assert line.locator("#other option").all_text_contents()[:3] == others
    note = line.get_by_label(re.compile("^Note for the client"))
    note.fill("Half")
    with page.expect_response("**/healthz", timeout=30_000):
        page.context.set_offline(False)
    expect(note).to_have_value("Half")
    note.fill("")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Deliverables", level=1)).to_be_visible()
    assert page.url.endswith("/deliverables")


def test_an_answer_that_was_lost_is_not_logged_twice(phone_of, company, stage):
    """The server took it and the line was cut before the answer: the key of the form is the one that is sent again."""
    page = phone_of(company.ben)
    page.context.set_offline(True)
    once = page.locator("#log input[name=once]").input_value()
    log(page, "30 min")
    page.wait_for_url("**/offline?kept=1")
    other = page.context.browser.new_context(
        base_url=page.url.split("/offline")[0], storage_state=page.context.storage_state()
    )
    answer = other.new_page()
    answer.goto("/time/log")
    token = answer.locator("#log input[name=csrf_token]").input_value()
    fields = {
        "csrf_token": token,
        "once": once,
        "version": "1",
        "work": "1",
        "pick": "30",
        "worked_on": today().isoformat(),
    }
    empty = dict.fromkeys(("other", "duration", "client_note", "area", "deliverable", "kind", "note", "reason"), "")
    assert other.request.post("/time/log", form=empty | fields).ok
    other.close()
    assert len(entries(stage)) == 1
    page.context.set_offline(False)
    expect(waiting(page)).to_be_hidden()
    assert on_the_device(page) == 0
    assert len(entries(stage)) == 1


def test_what_is_refused_stays_and_can_be_put_right(phone_of, company, stage):
    """The month was locked meanwhile: nothing is lost, and it says why."""
    page = phone_of(company.ben)
    logged_offline(page, "30 min")
    period = Period(month=month_of(today()))
    period.lock(now())
    stage.add(period)
    stage.commit()
    page.context.set_offline(False)
    expect(waiting(page)).to_contain_text("is locked: its time can no longer be changed")
    assert entries(stage) == []
    period.reopen()
    stage.commit()
    page.get_by_text("Put it right").click()
    page.get_by_label("How long (if different)").fill("45m")
    page.get_by_role("button", name="Save and send").click()
    assert [one.minutes for one in arrived(stage, 1)] == [45]
    expect(waiting(page)).to_be_hidden()


def test_a_line_of_text_waits_too(phone_of, company, stage):
    page = phone_of(company.ben)
    page.context.set_offline(True)
    page.get_by_label(re.compile("^Log time in one line: ")).fill("45m nobody board call")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offline?kept=1")
    expect(waiting(page)).to_contain_text("45m nobody board call")
    page.context.set_offline(False)
    page.get_by_text("Put it right").click()
    page.get_by_label("Line", exact=True).fill("45m north board call")
    page.get_by_role("button", name="Save and send").click()
    assert [(one.minutes, one.client_note) for one in arrived(stage, 1)] == [(45, "board call")]


def test_another_person_neither_sees_nor_sends_it(phone_of, live, company, stage):
    """It waits for its owner through another's whole visit, signing out included, and is sent when the owner is back."""
    page = phone_of(company.ben)
    logged_offline(page, "30 min")
    signed_in(page, live, company.ada)
    page.context.set_offline(False)
    expect(waiting(page)).to_contain_text("Somebody else is signed in")
    page.goto("/time/log")
    expect(waiting(page)).to_be_hidden()
    page.goto("/menu")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    expect(page.get_by_text("1 entry of logged time waits on this device.")).to_be_visible()
    assert entries(stage) == []
    signed_in(page, live, company.ben)
    page.goto("/time/log")
    assert [one.person_id for one in arrived(stage, 1)] == [company.persons.ben.id]


def test_signing_out_warns_while_any_wait(phone_of, live, company, stage):
    """Signed out while it waits leads to the door and sends after it. Signing out oneself asks first; then nothing is left."""
    page = phone_of(company.ben)
    logged_offline(page, "30 min")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(waiting(page)).to_contain_text("You are signed out. Sign in and it is sent.")
    expect(waiting(page).get_by_role("link", name="Sign in")).to_be_visible()
    page.context.add_cookies(cookies)
    page.context.set_offline(False)
    page.route("**/time/waiting", lambda route: route.abort())
    page.goto("/menu")
    expect(page.get_by_text("1 entry of logged time waits on this device.")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    asked = page.get_by_role("dialog", name="1 entry waits on this device")
    expect(asked).to_be_visible()
    asked.get_by_role("button", name="Send and sign out").click()
    expect(asked).to_contain_text("Not everything could be sent")
    page.unroute("**/time/waiting")
    asked.get_by_role("button", name="Send and sign out").click()
    page.wait_for_url("**/sign-in")
    assert len(arrived(stage, 1)) == 1
    assert page.evaluate("caches.keys()") == [], "nothing of the house is left"
    assert page.evaluate("indexedDB.databases()") == []


@pytest.mark.parametrize("path", ["/time/log", "/offline"])
def test_the_pages_are_valid_accessible_and_no_wider_than_a_phone(path, page_of, company):
    """With an entry in the list that was refused, so that all of it is in sight."""
    page = page_of(company.ben)
    page.goto("/time/log")
    page.evaluate(REFUSED)
    assert check(page, page.goto(path)) == []
    expect(waiting(page)).to_contain_text("1 entry to put right")
