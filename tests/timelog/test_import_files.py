"""Files of other tools: which one it is, where the header stands, what the cells say. No database."""

import io
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core import tables
from crm.timelog.imports import cells, files
from crm.timelog.imports.models import DayOrder, Source
from tests.timelog import exports
from tests.timelog.exports import (
    CLOCKIFY,
    HARVEST,
    KIMAI_IN_GERMAN,
    TOGGL,
    clockify,
    generic,
    harvest,
    harvest_row,
    kimai,
    kimai_row,
    solidtime,
    table,
    toggl,
)

UTC = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


def layout(content, source=None):
    return files.layout_of(io.BytesIO(content), source)


def readings(content, order=None, zone=UTC, source=None):
    file = io.BytesIO(content)
    found = files.layout_of(file, source)
    order = order or files.survey(file, found).evidence.order
    return [*files.readings_of(file, found, order, zone)]


def reading(content, **how):
    (one,) = readings(content, **how)
    return one


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (harvest(), Source.HARVEST),
        (toggl(), Source.TOGGL),
        (clockify(), Source.CLOCKIFY),
        (generic(), Source.GENERIC),
        (solidtime(), Source.SOLIDTIME),
        (kimai(), Source.KIMAI),
        (kimai(kimai_row(Billable="Ja"), heads=KIMAI_IN_GERMAN), Source.KIMAI),
        (kimai(kimai_row(Duration="1,50"), delimiter=";"), Source.KIMAI),
    ],
)
def test_each_tool_is_told_by_its_header(content, source):
    assert layout(content).source is source
    one = reading(content, order=DayOrder.MONTH_FIRST)
    assert (one.problem, one.when.day, one.minutes, one.billable) == ("", exports.DAY, 90, True)
    assert (one.person, one.client, one.project, one.task, one.note) == (
        "Ben",
        "Northwind",
        "CIO",
        "Security",
        "Board call",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("title", ["", "Time report\r\n\r\n", '"Larkmoor Ltd, 2024";;\r\nAll projects\r\n\r\n'])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_encodings_delimiters_and_titles(encoding, delimiter, title, newline):
    row = harvest_row(Notes="Grüße, “Müller”; 3 €")
    one = reading(harvest(row, encoding=encoding, delimiter=delimiter, title=title, newline=newline))
    assert (one.note, one.minutes, one.problem) == ("Grüße, “Müller”; 3 €", 90, "")
    assert one.line == 2 + title.count("\n")


def test_columns_move_and_go_missing():
    few = ("Hours", "Notes", "Date", "Project")
    one = reading(harvest(heads=few))
    assert (one.minutes, one.note, one.project, one.client, one.person, one.billable) == (
        90,
        "Board call",
        "CIO",
        "",
        "",
        True,
    )
    one = reading(toggl(heads=tuple(reversed(TOGGL))))
    assert (one.minutes, one.mail) == (90, "ben@larkmoor.example")
    one = reading(
        clockify(heads=[head for head in CLOCKIFY if head not in {"Client", "Task", "Duration (h)"}]),
        order=DayOrder.MONTH_FIRST,
    )
    assert (one.minutes, one.client, one.task) == (90, "", "")


def test_what_kimai_writes_beside_the_name():
    """A user without a name is known by the one they sign in with; six minutes are six minutes, by clock or decimal."""
    one = reading(kimai(kimai_row(Name="", Duration="0:06", Billable="No")))
    assert (one.person, one.minutes, one.billable, one.client, one.task) == ("ben.o", 6, False, "Northwind", "Security")
    assert reading(kimai(kimai_row(Duration="0.1"))).minutes == reading(kimai(kimai_row(Duration="0,10"))).minutes == 6


def test_what_solidtime_reports():
    row = {"Description": "Board call", "Project": "CIO", "User": "Ben", "Start": "2024-03-04 09:00:00", "End": "2024-03-04 10:30:00",
           "Duration": "1:30:00", "Duration (decimal)": "1.5", "Billable": "Yes"}  # fmt: skip
    assert layout(table(row, row)).source is Source.SOLIDTIME
    assert (reading(table(row, row)).minutes, reading(table(row, row)).person) == (90, "Ben")


def test_a_task_may_be_called_activity():
    heads = ["Activity" if head == "Task" else head for head in HARVEST]
    assert reading(table(heads, {**harvest_row(), "Activity": "Advice"})).task == "Advice"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1.5", 90), ("1,5", 90), ("20,0", 1200), ("0,01", 1), ("1:30", 90), ("01:00:01", 60), ("00:00:30", 1), ("1h 30m", 90),
        ("90 min", 90), ("0", 0), (".25", 15), ("7", 420), ("1 h", 60), ("0.008", 0), ("00:59:59", 60),
    ],
)  # fmt: skip
def test_durations_by_any_locale(text, minutes):
    assert reading(harvest(harvest_row(hours=text))).minutes == minutes


@pytest.mark.parametrize(
    "text",
    ["", "abc", "-1", "1:75", "1.5.5.5,", "25:00", "2.001,0", "1e9", "½", "9" * 30, "9" * 30 + " m", "9" * 30 + "s", "=1+1"],
)  # fmt: skip
def test_a_bad_duration_is_named_and_not_lost(text):
    one = reading(harvest(harvest_row(hours=text)))
    assert one.problem
    assert one.minutes is None
    assert (one.line, one.person, one.project) == (2, "Ben", "CIO")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-04", date(2024, 3, 4)), ("2024/3/4", date(2024, 3, 4)), ("26.01.2015", date(2015, 1, 26)),
        ("15/10/2024", date(2024, 10, 15)), ("10/15/2024", date(2024, 10, 15)), ("13/5/24", date(2024, 5, 13)),
        ("45631", date(2024, 12, 5)), ("4 Mar 2024", date(2024, 3, 4)), ("March 4, 2024", date(2024, 3, 4)),
        ("29 February 2024", date(2024, 2, 29)), ("2024-03-04T23:30:00", date(2024, 3, 4)),
    ],
)  # fmt: skip
def test_days_as_tools_write_them(text, day):
    assert reading(harvest(harvest_row(Date=text))).when.day == day


@pytest.mark.parametrize(
    "text",
    ["", "2024-13-01", "31.02.2024", "1999-12-31", "2101-01-01", "soon", "2024-03", "99999", "2024-03-04T10:00+99:99"],
)
def test_a_bad_day_is_named(text):
    one = reading(harvest(harvest_row(Date=text), harvest_row())[:-1].rsplit(b"\n", 1)[0] + b"\n")
    assert one.problem
    assert "timedelta" not in one.problem
    assert one.when is None


@pytest.mark.parametrize(
    ("begins", "ends", "minutes"),
    [
        ("10:23 AM", "11:23:01 AM", 60), ("12:00 AM", "12:30 AM", 30), ("12:15 PM", "1:15 PM", 60), ("11:30 p.m.", "12:30 a.m.", 60),
        ("9:00\u202fAM", "10:30\u202fAM", 90), ("09:00", "10:30", 90),
    ],
)  # fmt: skip
def test_twelve_hour_clocks(begins, ends, minutes):
    row = {"Date": "2024-03-04", "Start": begins, "End": ends, "Project": "CIO"}
    assert reading(table(("Date", "Start", "End", "Project"), row)).minutes == minutes


def test_the_clocks_go_forward_and_back():
    """Durations are computed in UTC: 01:30 to 03:30 is one hour in that night. What came twice is refused by name."""

    def night(day, begins, ends):
        return reading(
            table(("Date", "Start", "End", "Project"), {"Date": day, "Start": begins, "End": ends, "Project": "x"}),
            zone=BERLIN,
        )

    assert night("2026-03-29", "01:30", "03:30").minutes == 60
    assert "did not exist" in night("2026-03-29", "02:30", "03:30").problem
    assert "came twice" in night("2026-10-25", "02:30", "04:00").problem


def test_an_instant_is_a_day_of_the_practice():
    late = exports.solidtime_row(start="2024-03-04T23:30:00Z", end="2024-03-05T00:30:00Z")
    one = reading(solidtime(late), zone=BERLIN)
    assert (one.when.day, one.when.clock, one.minutes) == (date(2024, 3, 5), time(0, 30), 60)


def test_day_and_month_by_the_whole_column():
    def order(*days):
        file = io.BytesIO(harvest(*(harvest_row(Date=one) for one in days)))
        return files.survey(file, files.layout_of(file)).evidence.order

    assert order("03/04/2024", "05/06/2024") is None
    assert order("03/04/2024", "15/04/2024") is DayOrder.DAY_FIRST
    assert order("03/04/2024", "04/15/2024") is DayOrder.MONTH_FIRST
    assert order("03.04.2024", "05.06.2024") is DayOrder.DAY_FIRST
    assert order("04/04/2024") is DayOrder.ISO
    assert order("2024-04-03") is DayOrder.ISO
    assert order("15/04/2024", "04/15/2024") is None, "both in one column: somebody has to say"


def test_bad_rows_do_not_stop_the_others():
    rows = readings(harvest(harvest_row(), harvest_row(Date="never"), harvest_row(hours="x"), harvest_row()))
    assert [(one.line, bool(one.problem)) for one in rows] == [(2, False), (3, True), (4, True), (5, False)]


def test_more_cells_than_names_and_fewer():
    content = b"Date,Hours,Project,Notes\r\n2024-03-04,1,CIO,one,two\r\n2024-03-04,1\r\n2024-03-04,1,CIO,fine,,\r\n"
    first, second, third = readings(content)
    assert "5 cells and the header 4" in first.problem
    assert (second.minutes, second.project, second.problem) == (60, "", "")
    assert third.problem == ""


def test_notes_of_several_lines_and_signs():
    rows = readings(harvest(harvest_row(Notes='Line one\nline "two"\r\n\\ 🔥'), harvest_row(Date="no")))
    assert rows[0].note == 'Line one\nline "two"\n\\ 🔥'
    assert rows[1].line == 5, "the line of the file, not the number of the row"
    assert "cannot be shown" in reading(harvest(harvest_row(Notes="right \u202e left"))).problem
    assert "2,000" in reading(harvest(harvest_row(Notes="x" * 2001))).problem


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04....", "spreadsheet"),
        (b"\x00\x01\x02\x03", "no text file"),
        ("Date,Hours,Project\r\n2024-03-04,1,x".encode("utf-16") + b"x", "no text file"),
        ("Date,Hours,Project\r\n2024-03-04,1,".encode("utf-16") + b"\x00\xd8x\x00", "no text file"),
        (b"Client Name,Address\r\nExample,\r\n", "names columns that hold time"),
        (b"just some text", "names columns that hold time"),
        (b"Date,Hours,Project\r\n", "no row below"),
        (b'Date,Hours,Project\r\n2024-03-04,1,"never closed\r\n' + b"x" * 200_000, "never closed"),
        (b"x" * (files.BYTES + 1), "at most 50 MB"),
        (b"Date,Hours,Project\r\n2024-03-04,1," + b"," * 1_100_000, "a row has more than 1,000,000 characters"),
    ],
)
def test_what_cannot_be_read_says_why(content, says):
    file = io.BytesIO(content)
    with pytest.raises(tables.Unreadable, match=says):
        files.survey(file, files.layout_of(file))


def test_the_tool_that_is_named_must_fit():
    assert layout(harvest(), Source.GENERIC).source is Source.GENERIC
    with pytest.raises(tables.Unreadable, match="no export of Clockify"):
        layout(harvest(), Source.CLOCKIFY)


def test_too_many_rows_are_refused():
    lines = b"2024-03-04,1,x\n" * (files.ROWS + 1)
    file = io.BytesIO(b"Date,Hours,Project\n" + lines)
    with pytest.raises(tables.Unreadable, match="200,000 rows"):
        files.survey(file, files.layout_of(file))


# --- Properties ---


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content):
    file = io.BytesIO(b"Date,Hours,Project,Notes\r\n" + content)
    try:
        found = files.layout_of(file)
        for one in files.readings_of(file, found, DayOrder.DAY_FIRST, BERLIN):
            assert one.problem or (one.when is not None and one.minutes is not None and 0 <= one.minutes <= 1440)
    except tables.Unreadable as error:
        assert str(error)


@given(st.text(max_size=40))
def test_no_cell_breaks_a_parser(text):
    for parser in (cells.minutes, cells.clock, cells.number, cells.is_billable, cells.name, cells.note):
        try:
            parser(text)
        except ValueError as error:
            assert str(error)
    try:
        cells.moment(text, DayOrder.MONTH_FIRST)
    except ValueError as error:
        assert str(error)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day):
    day_first = [f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}"]
    assert {cells.moment(text, DayOrder.DAY_FIRST).day for text in day_first} == {day}
    assert cells.moment(f"{day:%m/%d/%Y}", DayOrder.MONTH_FIRST).day == day
    for text in (f"{day:%Y-%m-%d}", f"{day:%d %b %Y}", f"{day:%B %d, %Y}"):
        assert cells.moment(text, None).day == day


@given(st.integers(0, 1440))
def test_a_duration_is_the_same_however_it_is_written(minutes):
    hours, rest = divmod(minutes, 60)
    written = (f"{hours}:{rest:02}", f"{hours:02}:{rest:02}:00", f"{hours}h {rest}m", f"{minutes / 60:.4f}", f"{minutes / 60:.4f}".replace(".", ","))  # fmt: skip
    assert {cells.minutes(text) for text in written} == {minutes}


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 1400)
)  # fmt: skip
def test_from_and_to_give_the_minutes_between(begins, minutes):
    begins = begins.replace(second=0, microsecond=0)
    ends = begins + timedelta(minutes=minutes)
    row = {"start": begins.isoformat() + "Z", "end": ends.isoformat() + "+00:00", "project": "x"}
    one = reading(table(("start", "end", "project"), row), zone=BERLIN)
    assert (one.minutes, one.problem) == (minutes, "")


@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 1, 1)), min_size=1, max_size=30), st.booleans())
def test_the_order_of_the_column_is_never_wrong(days, month_first):
    """It is told rightly or asked."""
    written = [f"{day:%m/%d/%Y}" if month_first else f"{day:%d/%m/%Y}" for day in days]
    evidence = cells.Evidence()
    for text in written:
        evidence.hear(text)
    if evidence.order is not None:
        assert [cells.moment(text, evidence.order).day for text in written] == days
