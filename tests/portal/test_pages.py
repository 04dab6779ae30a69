"""One area, what we did, days used: what the client may read of it, and nothing more."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.audit.models import Opened, Opening
from crm.clients.models import Activity, ActivityKind, Attendee, Client
from crm.core import clock
from crm.core.calendar import month_after, month_of
from crm.core.ownership import Visibility
from crm.core.twelve import TWELVE, Area
from crm.deliverables.states import State
from crm.engagements.models import Engagement
from crm.engagements.scopes import Rag, Trend
from crm.reviews.models import Review, ReviewState
from crm.timelog.models import TimeEntry, TimeKind, TimeNote
from tests.cast import TODAY
from tests.html import faults


@pytest.fixture
def say(stage, cast):
    """A review of an area of Northwind."""

    def publish(sentence, *, days=0, rag=Rag.AMBER, state=ReviewState.PUBLISHED, **more):
        out = state is not ReviewState.DRAFT
        day = TODAY - timedelta(days)
        stage.add(
            Review(
                client_id=1, engagement_id=1, area=Area.SEC, state=state, rag=rag, sentence=sentence, author_id=2, trend=Trend.STEADY,
                published_at=clock.now() - timedelta(days) if out else None, published_on=day if out else None,
                visibility=Visibility.CLIENT if out else Visibility.TEAM, **more,
            )
        )  # fmt: skip
        stage.commit()

    return publish


def test_an_area_tells_what_was_said_and_never_a_draft(sign_in, cast, say, plain):
    say(
        "Said in spring.",
        days=90,
        rag=Rag.RED,
        state=ReviewState.SUPERSEDED,
        ask="Close the doors",
        ask_of="Cora",
        ask_by=TODAY,
    )
    say("Said last week.", days=7, suggested=Rag.RED, override_reason="Our own doubts", override_until=TODAY)
    say("Not said yet.", state=ReviewState.DRAFT)
    for who in (cast.cora, cast.vic):
        text = plain(sign_in(who).get("/portal/areas/security"))
        assert text.index("Said last week.") < text.index("Said in spring.")
        assert "We asked Cora: Close the doors" in text
        for hidden in ("Not said yet.", "Our own doubts", "Red", "Amber"):
            assert hidden not in text, hidden


def test_all_twelve_have_a_page_and_nothing_else_has(sign_in, cast):
    vic = sign_in(cast.vic)
    assert {vic.get(f"/portal/areas/{row.slug}").status_code for row in TWELVE} == {200}
    for slug in ("STR", "nothing", "security%20", "..%2Fportal"):
        assert vic.get(f"/portal/areas/{slug}", follow_redirects=True).status_code == 404


def test_what_we_did_is_what_was_written_for_them(sign_in, cast, stage, plain):
    whose = {"client_id": 1, "person_id": 2, "written_at": clock.now()}
    stage.add_all(
        Activity(
            kind=ActivityKind.CALL,
            title=f"Call {n:02}",
            happened_on=TODAY - timedelta(n),
            visibility=Visibility.CLIENT,
            **whose,
        )
        for n in range(30)
    )
    stage.add(
        Activity(
            kind=ActivityKind.VISIT,
            title="Visit",
            body="Saw the store",
            happened_on=TODAY,
            visibility=Visibility.CLIENT,
            **whose,
        )
    )
    stage.add(
        Activity(
            kind=ActivityKind.CALL, title="Called together", happened_on=TODAY, visibility=Visibility.CLIENT,
            attendees=[Attendee(client_id=1, person_id=5, visibility=Visibility.CLIENT)], **whose,
        )
    )  # fmt: skip
    stage.add(
        Activity(kind=ActivityKind.NOTE, title="Among us", happened_on=TODAY, visibility=Visibility.TEAM, **whose)
    )
    stage.commit()
    vic = sign_in(cast.vic)
    text = plain(vic.get("/portal/timeline"))
    assert "Among us" not in text
    assert "1 to 25 of 32 entries" in text
    assert "call with Ben and Tess" in text, "a colleague of ours was there too"
    assert text.index("Call 00") < text.index("Call 20")
    assert "Call 29" in plain(vic.get("/portal/timeline?page=2"))
    only = plain(vic.get("/portal/timeline?kind=visit"))
    assert "Saw the store" in only
    assert "Call 00" not in only
    assert "Saw the store" in plain(vic.get("/portal/timeline?q=store"))
    part = vic.get("/portal/timeline?q=store", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert "<html" not in part
    assert "Saw the store" in part


@pytest.fixture
def logged(stage, cast):
    """Two days of this month and one of the last, half a day for nothing, and a deleted one."""
    last = month_after(month_of(TODAY), -1)
    whose = {"client_id": 1, "engagement_id": 1, "person_id": 2, "area": Area.VEN, "logged_at": clock.now()}
    stage.add_all([
        TimeEntry(id=1, worked_on=month_of(TODAY), minutes=900, client_note="Compared three offers", **whose),
        TimeEntry(id=2, worked_on=month_of(TODAY), minutes=225, kind=TimeKind.GOODWILL, client_note="For nothing", **whose),
        TimeEntry(id=3, worked_on=last, minutes=450, client_note="Of last month", **whose),
        TimeEntry(id=4, worked_on=month_of(TODAY), minutes=450, client_note="Deleted", voided_at=clock.now(), **whose),
    ])  # fmt: skip
    stage.flush()
    stage.add(TimeNote(person_id=2, entry_id=1, client_id=1, engagement_id=1, body="They quarrel"))
    stage.commit()
    return last


def test_days_used_and_left(sign_in, cast, logged, plain):
    cora = sign_in(cast.cora)
    text = plain(cora.get("/portal/time"))
    assert "2 days left 2 of 4 days used" in text
    assert f"{logged:%B %Y} 4.00 0.00 1.00 3.00 3.00" in text
    for said in ("Compared three offers", "Ben", "15 h", "not charged"):
        assert said in text, said
    for hidden in ("They quarrel", "Deleted", "Of last month", "4,200", "1,100"):
        assert hidden not in text, hidden
    assert "Of last month" in plain(cora.get(f"/portal/time?month={logged:%Y-%m}"))


def test_the_same_for_a_spreadsheet(sign_in, cast, logged):
    answer = sign_in(cast.cora).get("/portal/time/entries.csv")
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "Day,Who,Agreement,Area,Days,Counts,What was done"
    assert f"{month_of(TODAY)},Ben,Northwind CIO,Suppliers and contracts,2.00,yes,Compared three offers" in lines
    assert len(lines) == 3


@pytest.mark.parametrize("month", ["x", "2026-13", "1999-01", "2026-1", "2026-01-01"])
def test_what_is_no_month_is_not_there(sign_in, cast, month):
    assert sign_in(cast.cora).get(f"/portal/time?month={month}").status_code == 404


@pytest.fixture
def whole_year(stage, cast, logged):
    """Seven minutes on many days: no month is a round number of hundredths, and two of us shared them."""
    stage.add_all([
        TimeEntry(id=100 + n, worked_on=date(TODAY.year, 1, 1) + timedelta(days=3 * n), minutes=7, client_note="", client_id=1, engagement_id=1,
                  person_id=2 + n % 2, area=(Area.VEN, Area.SEC, Area.STR)[n % 3], logged_at=clock.now())
        for n in range((TODAY - date(TODAY.year, 1, 1)).days // 3)
    ])  # fmt: skip
    stage.get(Engagement, 1).starts = date(TODAY.year - 1, 12, 1)
    stage.commit()


def test_a_year_of_days(sign_in, cast, whole_year, plain):
    cora = sign_in(cast.cora)
    text = plain(cora.get(f"/portal/time/{TODAY.year}"))
    used = [Decimal(one) for one in re.findall(r"[A-Z][a-z]+ \d{4}(?: so far)? [\d.]+ [\d.]+ ([\d.]+) ", text)]
    assert len(used) == TODAY.month
    whole = sum(used)
    assert re.search(rf"Together [\d.]+ {whole} ", text), "the year is the sum of its statements"
    people, areas = text.split("Who Days")[1].split("For Days")
    for split in (people, areas):
        assert sum(map(Decimal, re.findall(r"\d+\.\d{2}", split))) == whole, "no hundredth is lost"
    assert f"{TODAY.year - 1}" in text, "a year earlier is one click away"
    assert "They quarrel" not in text
    for other in (TODAY.year - 2, TODAY.year + 1, 1999):
        assert cora.get(f"/portal/time/{other}").status_code == 404
    assert cora.get(f"/portal/time/{TODAY.year + 1}/entries.csv").status_code == 404


def test_a_year_for_a_spreadsheet(sign_in, cast, whole_year):
    lines = sign_in(cast.cora).get(f"/portal/time/{TODAY.year}/entries.csv").text.splitlines()
    assert len(lines) == 1 + 3 + (TODAY - date(TODAY.year, 1, 1)).days // 3
    assert f"{month_of(TODAY)},Ben,Northwind CIO,Suppliers and contracts,2.00,yes,Compared three offers" in lines


def test_each_page_in_few_statements(sign_in, world, statements):
    cora = sign_in(world.cora)
    for address in (
        "/portal/areas/strategy",
        "/portal/timeline",
        "/portal/time",
        f"/portal/time/{TODAY.year}",
        "/portal/deliverables/new/1",
    ):
        with statements() as seen:
            assert cora.get(address).status_code == 200
        assert len(seen) <= 12, (address, len(seen))


@pytest.mark.parametrize("who", ["cora", "vic"])
def test_the_first_page_with_something_of_everything_in_few_statements(sign_in, world, stage, statements, who):
    """Read for the second time, so that it says what is new; a viewer reads the lists and what their department was promised."""
    stage.get(Client, 1).viewers_see_registers = True
    contact = getattr(world.contacts, who).id
    stage.add(
        Opening(
            at=clock.now() - timedelta(days=9), kind=Opened.HOME, title="First page", client_id=1, contact_id=contact
        )
    )
    stage.commit()
    browser = sign_in(getattr(world, who))
    with statements() as seen:
        page = browser.get("/portal")
    assert "Since you were here" in page.text
    assert len(seen) <= 12, len(seen)


def test_every_page_is_valid(sign_in, cast, owe, say, logged):
    sent = owe(State.SUBMITTED)
    owe(State.CHANGES_REQUESTED)
    done = owe(State.ACCEPTED)
    say("Said last week.")
    version = sent.versions[-1]
    answer = f"/portal/deliverables/{sent.id}/versions/{version.id}"
    for who in (cast.cora, cast.vic):
        browser = sign_in(who)
        for address in ("/portal", "/portal/areas/security", "/portal/areas/strategy", "/portal/timeline", "/portal/deliverables", "/me",
                        f"/portal/deliverables/{sent.id}", f"/portal/deliverables/{done.id}"):  # fmt: skip
            assert faults(browser.get(address).text) == [], (who.name, address)
    cora = sign_in(cast.cora)
    for page in (cora.get("/portal/time"), cora.get(f"{answer}/changes"), cora.send(f"{answer}/changes", remark="x"),
                 cora.get("/portal/deliverables/new/1"), cora.send("/portal/deliverables/new/1", title=""),
                 cora.send(f"{answer}/acceptance", version=99)):  # fmt: skip
        assert faults(page.text) == [], page.request.path
