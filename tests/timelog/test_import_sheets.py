"""Workbooks of other tools, brought as they are: days, times of day and durations as the sheet shows them."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from xlsxwriter import Workbook

from crm.core import clock
from crm.core.errors import Refused
from crm.core.twelve import Area
from crm.people.models import Person, PersonKind
from crm.timelog.imports import files, operations, staging
from crm.timelog.imports.models import MappedKind, MappedName, Source
from crm.timelog.models import TimeEntry, TimeNote
from tests.timelog.exports import DAY, harvest, harvest_row
from tests.timelog.test_import_pages import bring, plain, say, take

BEGINS = datetime(DAY.year, DAY.month, DAY.day, 9, 30)
LOOKS = {"day": "yyyy-mm-dd", "at": "dd/mm/yyyy hh:mm", "clock": "h:mm AM/PM", "long": "[h]:mm:ss"}


def sheet(*rows, above=0, hidden=False):
    """A workbook; a cell may be a pair of a value and how it is shown."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        looks = {name: book.add_format({"num_format": code}) for name, code in LOOKS.items()}
        if hidden:
            page = book.add_worksheet("Lists")
            page.write(0, 0, "nothing")
            page.hide()
        page = book.add_worksheet("Time")
        page.activate()
        page.set_first_sheet()
        for y, row in enumerate(rows, above):
            for x, cell in enumerate(row):
                value, look = cell if isinstance(cell, tuple) else (cell, None)
                page.write(y, x, value, looks.get(look))
    return out.getvalue()


TOGGL = (
    "User",
    "Email",
    "Client",
    "Project",
    "Task",
    "Description",
    "Billable",
    "Start date",
    "Start time",
    "Duration",
)


def row(note="Board call", long=timedelta(minutes=90), **more):
    told = {
        "User": "Ben", "Email": "ben@larkmoor.example", "Client": "Northwind", "Project": "CIO", "Task": "Security", "Description": note,
        "Billable": True, "Start date": (BEGINS.date(), "day"), "Start time": (BEGINS.time(), "clock"), "Duration": (long, "long"),
    }  # fmt: skip
    return [(told | more)[name] for name in TOGGL]


def readings(content):
    file = operations.opened(io.BytesIO(content))
    layout, found = operations.look_into(file, None)
    return layout, [*files.readings_of(file, layout, found.evidence.order, ZoneInfo("UTC"))]


@pytest.mark.engine_free
def test_a_sheet_says_the_same_as_the_table():
    layout, found = readings(sheet(["Report of March"], [], TOGGL, row(), [], row("Two\nlines", timedelta(hours=26)), hidden=True))  # fmt: skip
    assert layout.source is Source.TOGGL
    first, second = found
    assert (first.line, first.when.day, first.minutes, first.billable, first.note) == (4, DAY, 90, True, "Board call")
    assert (second.line, second.note) == (6, "Two\nlines"), "lines of the sheet, and those of the note"
    assert second.problem == "It takes 26 hours; a day has 24"


@pytest.mark.engine_free
def test_it_is_known_again_whichever_kind_of_file_it_came_by():
    heads = (
        "Date",
        "Client",
        "Project",
        "Project Code",
        "Task",
        "Notes",
        "Hours",
        "Billable?",
        "First Name",
        "Last Name",
    )
    row_of = harvest_row()
    told = [row_of.get(head, "") for head in heads]
    told[0], told[6] = (BEGINS.date(), "day"), 1.5
    _, (as_sheet,) = readings(sheet(heads, told))
    _, (as_text,) = readings(harvest(row_of, heads=heads))
    assert (as_sheet.minutes, staging.digest_of(as_sheet)) == (90, staging.digest_of(as_text))


@pytest.mark.engine_free
def test_a_day_with_its_time_and_an_end():
    heads = ("date", "start", "end", "notes")
    _, (one, other) = readings(
        sheet(heads, [(BEGINS.date(), "day"), (BEGINS, "at"), (BEGINS + timedelta(hours=2), "at"), "x"],
              [(BEGINS.date(), "day"), (BEGINS.time(), "clock"), (timedelta(hours=11), "clock"), "y"])
    )  # fmt: skip
    assert [(it.when.day, it.minutes, it.problem) for it in (one, other)] == [(DAY, 120, ""), (DAY, 90, "")]


@pytest.mark.engine_free
def test_what_is_too_much_or_no_sheet_is_said(monkeypatch):
    monkeypatch.setattr(files, "SHEET_ROWS", -20)
    with pytest.raises(Refused, match="more than 10 rows"):
        operations.opened(io.BytesIO(sheet(TOGGL, *[row()] * 11)))
    monkeypatch.setattr(files, "ROWS", 40)
    with pytest.raises(Refused, match="Something stands below row 40"):
        operations.opened(io.BytesIO(sheet(TOGGL, row(), above=40)))
    monkeypatch.setattr(files, "SHEET_BYTES", 100)
    with pytest.raises(Refused, match="at most 0 MB"):
        operations.opened(io.BytesIO(sheet(TOGGL)))
    with pytest.raises(Refused, match="damaged"):
        operations.opened(io.BytesIO(b"PK\x03\x04 no zip"))


def test_a_workbook_goes_the_whole_way(sign_in, cast, stage):
    ben = sign_in(cast.ben)
    page = ben.get(bring(ben, sheet(TOGGL, row("Two\nlines")), "time.xlsx").location)
    assert "Say what its names mean here" in plain(page)
    say(ben, stage)
    assert take(ben, stage).status_code == 303
    (entry,) = stage.scalars(select(TimeEntry)).all()
    assert (entry.worked_on, entry.minutes, entry.area) == (DAY, 90, Area.SEC)
    assert stage.scalars(select(TimeNote.body)).one() == "Two\nlines"
    refused = bring(ben, b"PK\x03\x04 no zip", "time.xlsx")
    assert (refused.status_code, "This spreadsheet file is damaged" in plain(refused)) == (422, True)


def test_what_one_partner_said_another_finds(sign_in, cast, stage):
    ben, ada = sign_in(cast.ben), sign_in(cast.ada)
    other = Person(id=900, name="Pia", email="pia@larkmoor.example", kind=PersonKind.PARTNER)
    stage.add(other)
    stage.flush()
    for whose, target in ((other.id, "ENG-001"), (cast.persons.ben.id, "internal")):
        stage.add(MappedName(person_id=whose, kind=MappedKind.PROJECT, name="Elsewhere\tOdd name", target=target, said_at=clock.now()))  # fmt: skip
    stage.flush()
    content = harvest(harvest_row(Client="Elsewhere", Project="Odd name"))
    page = ada.get(bring(ada, content).location)
    assert 'value="ENG-001" autocomplete' in page.text, "not what a consultant said of their own time"
    assert 'value="internal" autocomplete' in ben.get(bring(ben, content).location).text, "nor the partner’s to him"
