"""A calendar file proposes entries: what counts as work, right over clock changes, and nothing of it is trusted."""

from datetime import date, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crm.timelog.ics import EVENTS, Found, Happened, Repeats, _days_of, events_of, guess
from crm.timelog.models import TimeEntry, TimeNote
from tests.cast import TODAY

LONDON = ZoneInfo("Europe/London")
WEEK = (date(2026, 10, 19), date(2026, 10, 31))  # the clocks go back on 25 October
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:19701025T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*events):
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{ZONE}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*events, me="ben@larkmoor.example"):
    return events_of(calendar(*events), *WEEK, LONDON, me)


ONE = (
    "UID:1\nSUMMARY:Board call\nDTSTART;TZID=Europe/London:20261020T090000\nDTEND;TZID=Europe/London:20261020T103000\n"
)


@pytest.mark.engine_free
def test_an_event_has_its_day_and_minutes_where_it_is_read():
    found = events_of(
        calendar("UID:1\nDTSTART:20261020T233000Z\nDTEND:20261021T003000Z"), *WEEK, ZoneInfo("Europe/London"), ""
    ).events
    assert [(one.day, one.minutes) for one in found] == [(date(2026, 10, 21), 60)]


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "more",
    ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "ATTENDEE;PARTSTAT=DECLINED:mailto:Ben@larkmoor.example"],
)
def test_what_was_no_work_is_left_out(more):
    assert len(read(ONE).events) == 1
    assert read(ONE + more).events == []
    assert read("UID:2\nDTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261021").events == []


@pytest.mark.engine_free
def test_a_weekly_event_keeps_its_hour_over_the_clock_change_and_its_moved_time():
    found = read(
        ONE + "RRULE:FREQ=WEEKLY\n",
        "UID:1\nSUMMARY:Moved\nRECURRENCE-ID;TZID=Europe/London:20261027T090000\nDTSTART;TZID=Europe/London:20261028T140000\nDTEND;TZID=Europe/London:20261028T150000",
    ).events
    assert [(one.begins.strftime("%d %H:%M"), one.minutes) for one in found] == [("20 09:00", 90), ("28 14:00", 60)]
    assert len({one.mark for one in found}) == 2
    assert [one.begins.hour for one in read(ONE + "RRULE:FREQ=WEEKLY\n").events] == [9, 9]
    assert len(read(ONE + "RRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/London:20261027T090000").events) == 1


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\xff", b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\r\n" * 5000, b"a" * (2 * 1024 * 1024 + 1)],
)
def test_what_is_no_calendar_is_refused_in_words(data):
    try:
        assert events_of(data, *WEEK, LONDON).events == []
    except ValueError as error:
        assert "calendar" in str(error)


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2", "FREQ=YEARLY;BYWEEKNO=3", "FREQ=MONTHLY;INTERVAL=0;BYDAY=XX"]
)
def test_a_rule_that_is_not_understood_is_counted(rule):
    found = read(ONE + f"RRULE:{rule}\n")
    assert (found.events, found.unread) == ([], 1)


@pytest.mark.engine_free
def test_rules_that_would_take_long_are_refused():
    endless = "DTSTART:00010101T090000Z\nDTEND:00010101T100000Z\nRRULE:FREQ=DAILY;COUNT=999999999"
    with pytest.raises(ValueError, match="repeating"):
        read(endless, "UID:2\n" + endless)
    with pytest.raises(ValueError, match="events"):
        read(*["UID:1\nDTSTART:20261020T090000Z"] * (EVENTS + 1))
    with pytest.raises(ValueError, match="repeating"):  # one event, said thousands of times
        read(
            "UID:1\nDTSTART:20261020T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nRDATE:"
            + ",".join(["20261020T090000Z"] * (EVENTS + 1))
        )


@pytest.mark.engine_free
def test_rules_that_ended_long_ago_cost_nothing():
    """A calendar of years holds many of them: each is followed to its last time and no further."""
    over = "DTSTART:20241001T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=10"
    found = read(*(f"UID:{n}\n{over}" for n in range(60)), "UID:now\nDTSTART:20261020T090000Z\nDURATION:PT1H")
    assert (len(found.events), found.unread, found.steps < 20_000) == (1, 0, True)


@pytest.mark.engine_free
def test_a_month_of_a_rule_is_worked_out_once():
    """Thousands of counted monthly rules kept a request busy for half a minute before they were refused."""
    rule = Repeats.read({"FREQ": ["MONTHLY"], "BYDAY": ["1MO"], "COUNT": ["9999"]}, datetime(2000, 1, 3, 9))
    before = _days_of.cache_info().misses
    assert [rule.falls_on(date(2026, 11, day), Found()) for day in (1, 2, 3)] == [False, True, False]
    assert rule.falls_on(date(2026, 12, 7), Found())
    assert _days_of.cache_info().misses - before <= 12 * 27


DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
RULES = st.builds(
    lambda freq, interval, days, month_days, months, count: ";".join(
        filter(
            None,
            [
                f"FREQ={freq}", f"INTERVAL={interval}", days and freq != "YEARLY" and f"BYDAY={','.join(sorted(days))}",
                month_days and freq in {"DAILY", "MONTHLY"} and f"BYMONTHDAY={','.join(map(str, sorted(month_days)))}",
                months and freq != "YEARLY" and f"BYMONTH={','.join(map(str, sorted(months)))}", count and f"COUNT={count}",
            ],
        )
    ),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 4), st.sets(st.sampled_from(DAYS), max_size=3),
    st.sets(st.sampled_from([1, 13, 28, 31, -1, -2]), max_size=2), st.sets(st.integers(1, 12), max_size=6), st.integers(0, 30),
)  # fmt: skip


@pytest.mark.engine_free
@given(
    rule=RULES, start=st.dates(date(2024, 1, 1), date(2026, 6, 1)), first=st.dates(date(2024, 1, 1), date(2026, 8, 1))
)
def test_rules_fall_on_the_days_that_dateutil_says(rule, start, first):
    begins = datetime(start.year, start.month, start.day, 9)
    said = {name: value.split(",") for name, value in (part.split("=") for part in rule.split(";"))}
    ours = Repeats.read(said, begins)
    days = [first + timedelta(n) for n in range(31)]
    theirs = {
        one.date() for one in rrulestr(rule, dtstart=begins).between(begins - timedelta(1), datetime(2026, 10, 1))
    }
    assert [day for day in days if ours.falls_on(day, Found())] == [day for day in days if day in theirs]


def meeting(title, mails=""):
    at = TODAY - timedelta(1)
    return f"UID:{title}\nSUMMARY:{title}\nDTSTART:{at:%Y%m%d}T090000Z\nDTEND:{at:%Y%m%d}T100000Z\n{mails}"


def propose(browser, *events):
    file = (BytesIO(calendar(*events)), "calendar.ics")
    return browser.send("/time/calendar", file=file, day=TODAY - timedelta(1), stretch="month")


def test_events_become_entries_once(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    events = (meeting("NORTH board"), meeting("Lunch"), meeting("Review", "ATTENDEE:mailto:x@client1.example"))
    page = propose(ben, *events)
    assert page.status_code == 200
    lines = page.text.split('name="mark-')[1:]
    assert ["selected" in line for line in lines] == [False, True, True]  # by title: Lunch, NORTH board, Review
    fields = {}
    for n, line in enumerate(lines):
        fields |= {
            f"mark-{n}": line.split('value="')[1][:64],
            f"day-{n}": str(TODAY - timedelta(1)),
            f"duration-{n}": "1:00",
        }
        fields |= {f"what-{n}": "1.STR.0.billable", f"title-{n}": "Board"} | ({f"take-{n}": "yes"} if n else {})
    wrong = ben.send("/time/calendar/take", **fields | {"duration-1": "long"})
    assert wrong.status_code == 422
    assert "Write how long it took" in wrong.text
    answers = [ben.send("/time/calendar/take", once="k", **fields) for _ in range(2)]
    assert {(one.status_code, one.location) for one in answers} == {(303, f"/time?day={TODAY - timedelta(1)}")}
    assert [one.minutes for one in stage.scalars(select(TimeEntry))] == [60, 60]
    assert {one.body for one in stage.scalars(select(TimeNote))} == {"Board"}
    assert ben.send("/time/calendar/take", **fields).status_code == 303
    assert len(stage.scalars(select(TimeEntry)).all()) == 2, "the same event is taken once"
    again = propose(ben, *events).text
    assert "1 event." in again
    assert "2 were taken before" in again


def test_the_first_word_of_a_name_says_whom_an_event_was_for():
    near, far = (SimpleNamespace(client_id=n, client_code=f"C{n}", code=f"ENG-{n}", client=name)
                 for n, name in enumerate(("Brackenhill Joinery Ltd", "One Two Three Ltd")))  # fmt: skip
    titles = {"Brackenhill: board call": near, "Brack call": None, "One more thing": None, "One Two Three Ltd": far}
    for title, work in titles.items():
        assert guess(Happened("m", title, TODAY, datetime(2026, 10, 20, 9), 30, ()), [near, far], {}) is work


def test_nothing_of_a_hostile_file_runs_or_breaks(sign_in, cast, stage):
    page = propose(sign_in(cast.ben), meeting("<script>alert(1)</script>"), "UID:2\nDTSTART:soon", meeting("x" * 5000))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert propose(sign_in(cast.ben), "\x00").status_code in {200, 422}
    assert stage.scalars(select(TimeEntry)).all() == []
