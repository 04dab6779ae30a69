"""A calendar reads somebody's dates at a secret address: what RFC 5545 asks, through their own eyes, and never longer."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from crm.accounts.models import CalendarFeed, RateCount
from crm.clients.models import Client
from crm.core import clock
from crm.core.ownership import Visibility
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.feeds import pages
from crm.feeds.dates import Dated, dates_of
from crm.feeds.writing import digest_of_dates, feed_of
from crm.meetings.models import Meeting, MeetingAttendee
from crm.practice.models import Practice
from tests.cast import TODAY

AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_guesses_before():
    pages.guesses.storage.reset()


def parsed(body):
    return list(Calendar.from_ical(body).walk("VEVENT"))


def written(*dates):
    return feed_of(dates, name="Twelvefold, Larkmoor", base="https://practice.example", host="practice.example", at=AT)


@pytest.mark.engine_free
def test_a_whole_day_is_a_day_and_keeps_nobody_busy():
    body = written(Dated("deliverable-1", date(2026, 12, 31), "Exit plan", "Northwind", "/deliverables/1"))
    (event,) = parsed(body)
    assert (event["uid"], event.decoded("dtstart"), event.decoded("dtend")) == (
        "deliverable-1@practice.example", date(2026, 12, 31), date(2027, 1, 1))  # fmt: skip
    assert event["transp"] == "TRANSPARENT"
    assert b"DTSTART;VALUE=DATE:20261231\r\n" in body
    assert b"DTSTAMP:20261117T093000Z\r\n" in body
    assert str(event["url"]) == "https://practice.example/deliverables/1"


@pytest.mark.engine_free
@pytest.mark.parametrize(("day", "hour"), [(date(2026, 3, 27), 14), (date(2026, 3, 30), 13), (date(2026, 10, 26), 14)])
def test_an_hour_is_the_instant_that_it_is(day, hour):
    """Half past two in London, before and after the clocks change."""
    begins = datetime(day.year, day.month, day.day, 14, 30, tzinfo=ZoneInfo("Europe/London"))
    (event,) = parsed(written(Dated("meeting-1", day, "Kick-off", "", "/m", begins=begins, place="Leeds")))
    assert event.decoded("dtstart") == datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=1)
    assert event["location"] == "Leeds"
    assert "transp" not in event


@pytest.mark.engine_free
def test_whatever_people_wrote_comes_back_as_they_wrote_it():
    title = "Plan; costs, a\\b “quoted” – and " + "ü" * 120
    text = "Line one\nBEGIN:VEVENT\nSUMMARY:planted"
    body = written(Dated("a", date(2026, 1, 2), title, text, "/a"), Dated("b", date(2026, 1, 2), "B", "", "/b"))
    first, second = parsed(body)
    assert str(first["summary"]) == title
    assert str(first["description"]) == f"{text}\nhttps://practice.example/a"
    assert str(second["summary"]) == "B"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


@pytest.mark.engine_free
def test_a_calendar_is_read_and_invites_nobody():
    body = written()
    calendar = Calendar.from_ical(body)
    assert (calendar["version"], "method" in calendar, "prodid" in calendar) == ("2.0", False, True)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT4H" in body
    assert b"X-WR-CALNAME:Twelvefold\\, Larkmoor" in body


@pytest.mark.engine_free
def test_what_changes_is_new_and_the_hour_of_asking_is_not():
    one = Dated("a", date(2026, 1, 2), "A", "", "/a")
    assert digest_of_dates([one], "x") == digest_of_dates([one], "x")
    assert digest_of_dates([one], "x") != digest_of_dates([Dated("a", date(2026, 1, 3), "A", "", "/a")], "x")


@pytest.fixture
def address(sign_in, world, stage):
    """The path of somebody's feed, as the page shows it once."""
    stage.execute(update(Deliverable).values(due=TODAY + timedelta(5)))
    stage.commit()

    def of(who):
        answer = sign_in(getattr(world, who)).send("/me/calendar")
        assert answer.status_code == 200
        return re.search(r"http://127\.0\.0\.1:8000(/calendar/[\w-]{43}\.ics)", answer.text)[1]

    return of


def test_the_address_is_shown_once_and_kept_by_nobody(address, sign_in, world, stage):
    path = address("cora")
    secret = path.split("/")[-1].removesuffix(".ics")
    page = sign_in(world.cora).get("/me/calendar")
    assert secret not in page.text
    kept = stage.scalars(select(CalendarFeed).where(CalendarFeed.account_id == world.cora.id)).all()
    assert secret not in {one.token_hash for one in kept}
    assert [bool(one.ended_at) for one in kept] == [True, False], "a new one ends the one before"


def test_the_page_says_whose_meetings_a_calendar_shows(sign_in, world, words):
    """A sponsor's has all of the company; a viewer's those that concern them; ours those of one's own."""
    asked = "that you are asked to, "
    for who, said in (
        ("cora", "with your company"),
        ("vic", f"{asked}and those that name nobody of yours"),
        ("ben", f"{asked}or arranged"),
    ):
        assert f"Meetings and visits {said}" in words(sign_in(getattr(world, who)).get("/me/calendar")), who


def test_a_calendar_reads_it_without_a_cookie_and_nothing_is_written(address, app, statements, stage):
    path = address("ben")
    with statements() as asked:
        answer = app.test_client().get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store", (
        "no cache on the way keeps it; the calendar itself asks by ETag"
    )
    assert len(asked) <= 8
    assert all(one.lstrip().startswith(("SELECT", "WITH")) for one in asked)
    assert parsed(answer.data)
    assert len({event["uid"] for event in parsed(answer.data)}) == len(parsed(answer.data))
    again = app.test_client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    stage.execute(update(Deliverable).values(due=TODAY + timedelta(9)))
    stage.commit()
    assert app.test_client().get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_each_sees_through_their_own_eyes(address, app, stage, world):
    stage.execute(update(Deliverable).where(Deliverable.client_id == 1).values(visibility=Visibility.TEAM))
    shown = stage.get(Deliverable, 2)
    shown.visibility, shown.state = Visibility.CLIENT, State.PLANNED
    stage.execute(update(Client).where(Client.id == 2).values(name="Umbra the other"))
    stage.commit()
    texts = {
        who: app.test_client().get(address(who)).text for who in ("cora", "vic", "uma", "ben", "finn", "eve", "abe")
    }
    assert "deliverable-2@" in texts["cora"]
    assert "deliverable-2@" in texts["vic"]
    for who, text in texts.items():
        found = re.findall(r"UID:deliverable-(\d+)@", text)
        assert who in {"cora", "vic", "ben"} or "2" not in found, who
    assert re.findall(r"UID:deliverable-\d+@", texts["cora"]) == ["UID:deliverable-2@"]
    assert "Umbra" not in texts["ben"] + texts["cora"] + texts["vic"]
    assert "INTERNAL" not in texts["cora"] + texts["vic"]
    assert not parsed(texts["eve"])
    assert not parsed(texts["abe"])


def test_a_title_that_is_being_changed_is_not_in_a_clients_calendar(see, world, stage):
    one = stage.scalars(
        select(DeliverableVersion).where(DeliverableVersion.client_id == 1).order_by(DeliverableVersion.id).limit(1)
    ).one()
    stage.execute(
        update(DeliverableVersion).where(DeliverableVersion.id == one.id).values(visibility="client", title="Exit plan")
    )
    changed = {
        "visibility": Visibility.CLIENT,
        "state": State.IN_PROGRESS,
        "due": TODAY + timedelta(5),
        "title": "INTERNAL plan",
    }
    stage.execute(update(Deliverable).where(Deliverable.id == one.deliverable_id).values(changed))
    stage.commit()
    with see(world.cora):
        found = {one.mark: one.title for one in dates_of(world.cora.viewer, TODAY)}
    assert found[f"deliverable-{one.deliverable_id}"] == "You get: Exit plan"


def test_meetings_stand_at_their_hour(see, world, stage):
    stage.get(Practice, 1).zone = "Europe/London"
    meeting = Meeting(id=91, client_id=1, title="Kick-off", kind="kick_off", on=date(TODAY.year, 7, 1), begins="14:30", place="Leeds",
                      made_by_id=None, changed_at=clock.now())  # fmt: skip
    stage.add(meeting)
    stage.flush()
    stage.add(MeetingAttendee(id=91, client_id=1, meeting_id=91, person_id=world.persons.tess.id))
    stage.commit()
    with see(world.tess):
        clock.keep_time_of("Europe/London")
        found = {one.mark: one for one in dates_of(world.tess.viewer, date(TODAY.year, 6, 20))}
    assert found["meeting-91"].begins.astimezone(UTC).hour == 13
    assert found["meeting-91"].title == f"Kick-off, {stage.get(Client, 1).name}"
    with see(world.finn):
        assert "meeting-91" not in {one.mark for one in dates_of(world.finn.viewer, date(TODAY.year, 6, 20))}


def test_what_is_planned_with_the_client_stands_in_their_calendars(address, app, world, stage):
    """All that is shown to them for a sponsor; for whoever only reads what they are asked to, and what is for everybody."""
    shown = {
        "client_id": 1,
        "kind": "visit",
        "on": TODAY + timedelta(9),
        "begins": "14:30",
        "place": "Hall two; north",
        "changed_at": clock.now(),
    }
    for key, title, read_by in (
        (91, "With Cora", "client"),
        (92, "For all", "client"),
        (93, "INTERNAL about them", "team"),
    ):
        stage.add(Meeting(id=key, title=title, visibility=read_by, **shown))
        stage.flush()
    stage.add(MeetingAttendee(id=91, client_id=1, meeting_id=91, contact_id=1, visibility="client"))
    stage.commit()
    for who, wanted in (("cora", {"With Cora", "For all"}), ("vic", {"For all"}), ("uma", set())):
        body = app.test_client().get(address(who)).data
        met = {str(one["summary"]): one for one in parsed(body) if str(one["uid"]).startswith("meeting-9")}
        assert met.keys() == wanted
        assert b"INTERNAL" not in body
        for one in met.values():
            assert (str(one["location"]), one.decoded("dtend") - one.decoded("dtstart")) == (
                "Hall two; north",
                timedelta(hours=1),
            )
            assert "/portal/meetings/9" in str(one["url"])


@pytest.mark.parametrize("end", ["renewed", "ended", "account closed", "role ended"])
def test_an_address_that_ended_opens_nothing(end, address, app, sign_in, world, stage):
    path = address("vic")
    assert app.test_client().get(path).status_code == 200
    if end == "renewed":
        address("vic")
    elif end == "ended":
        feed = stage.scalars(select(CalendarFeed.id).where(CalendarFeed.account_id == world.vic.id)).one()
        assert sign_in(world.vic).send(f"/me/calendar/{feed}/end").status_code == 303
    elif end == "account closed":
        world.vic.active = False
        stage.commit()
    else:
        world.vic.standings[0].ended_at = clock.now()
        stage.commit()
    gone, never = app.test_client().get(path), app.test_client().get(f"/calendar/{'x' * 43}.ics")
    assert (gone.status_code, gone.data) == (404, never.data)


def test_nobody_ends_anothers(sign_in, world):
    assert sign_in(world.uma).send("/me/calendar/1/end").status_code == 404
    assert sign_in(world.ben).send("/me/calendar/1/end").status_code == 404


def test_guessing_is_slowed_and_counted_nowhere_in_the_database(world, app, stage, address):
    path, guess = address("cora"), app.test_client()
    before = stage.query(RateCount).count()
    codes = [guess.get(f"/calendar/{number:043}.ics").status_code for number in range(32)]
    assert codes == [404] * 30 + [429] * 2
    assert stage.query(RateCount).count() == before
    assert guess.get(path).status_code == 429, "from that place, for a minute"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert app.test_client().get(path, environ_overrides=elsewhere).status_code == 200


def test_the_log_never_holds_the_secret(address, app, capsys):
    path = address("cora")
    app.test_client().get(path)
    said = capsys.readouterr()
    assert path.split("/")[-1][:20] not in said.err + said.out
