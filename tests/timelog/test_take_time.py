"""Time in the shapes of other tools: what goes out comes in again as it was, and nobody takes what they may not see."""

import csv
import io
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.clients.models import Wall
from crm.core import clock
from crm.core.lists import csv_file
from crm.core.xlsx import rows_of_xlsx
from crm.engagements.models import Engagement
from crm.timelog.imports import files
from crm.timelog.imports.models import Source
from crm.timelog.imports.shapes import Line, table_of
from crm.timelog.models import TimeEntry, TimeNote
from tests.cast import TODAY
from tests.html import faults
from tests.timelog.test_import_pages import plain

LONDON = ZoneInfo("Europe/London")


def lines(*entries):
    return [
        Line(day, minutes, "Ben Ode", "ben@larkmoor.example", "Northwind", "ENG-001", "CIO", "Security", note, billable)
        for day, minutes, note, billable in entries
    ]


def out_and_in(shape, given_lines):
    headings, rows = table_of(shape, given_lines, LONDON)
    with csv_file(headings, rows) as file:
        layout = files.layout_of(file)
        assert layout.source is shape
        return [*files.readings_of(file, layout, files.survey(file, layout).evidence.order, LONDON)]


DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
NOTES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20) | st.sampled_from(
    ["=SUM(A1)", "-x", "a, “b”; c"]
)


@pytest.mark.parametrize("shape", Source)
@settings(max_examples=20)
@given(found=st.lists(st.tuples(DAYS, st.integers(1, 1440), NOTES, st.booleans()), min_size=1, max_size=5))
def test_what_goes_out_comes_in_again(shape, found):
    found.sort(key=lambda one: one[0])
    sent = lines(*found)
    came = out_and_in(shape, sent)
    assert [one.problem for one in came] == [""] * len(sent)
    assert [(one.when.day, one.minutes, one.billable, one.client, one.task) for one in came] == [
        (one.worked_on, one.minutes, one.billable, "Northwind", "Security") for one in sent
    ]
    assert {"ENG-001" in f"{one.code} {one.project}" for one in came} == {True}
    assert {one.mail or one.person for one in came} == {
        "Ben Ode" if shape is Source.HARVEST else "ben@larkmoor.example"
    }


def test_formulas_stay_text_and_come_back_as_they_were():
    headings, rows = table_of(Source.GENERIC, lines((TODAY, 30, "=1+1", True)), LONDON)
    with csv_file(headings, rows) as file:
        file.seek(0)
        assert "'=1+1" in file.read().decode()
    (one,) = out_and_in(Source.GENERIC, lines((TODAY, 30, "=1+1", True)))
    assert one.note == "=1+1"


@pytest.fixture
def logged(cast, stage):
    """Ben and Tess at Northwind, Ben for the practice; one entry was deleted."""
    of = {"client_id": 1, "engagement_id": 1, "area": "SEC", "logged_at": clock.now(), "worked_on": TODAY}
    stage.add_all([
        TimeEntry(id=101, person_id=2, minutes=90, client_note="=Call", **of),
        TimeEntry(id=102, person_id=5, minutes=45, kind="goodwill", **of),
        TimeEntry(id=103, person_id=2, minutes=30, kind="internal", worked_on=TODAY, logged_at=clock.now()),
        TimeEntry(id=104, person_id=2, minutes=15, voided_at=clock.now(), **of),
    ])  # fmt: skip
    stage.flush()
    stage.add(TimeNote(entry_id=102, person_id=5, client_id=1, engagement_id=1, body="INTERNAL"))
    stage.commit()


def taken(browser, **asked):
    address = "&".join(f"{name}={value}" for name, value in ({"from": TODAY - timedelta(3)} | asked).items())
    answer = browser.get(f"/time/export/time.csv?{address}")
    assert answer.status_code == 200
    return [*csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))]


def test_consultants_take_their_own_and_partners_anybody_s(logged, sign_in, cast, stage):
    ben, ada = sign_in(cast.ben), sign_in(cast.ada)
    mine = [(one["hours"], one["notes"], one["client"], one["project"], one["engagement code"]) for one in taken(ben)]
    northwind = stage.get(Engagement, 1)
    assert mine == [("1.5000", "'=Call", "Northwind", northwind.title, "ENG-001"), ("0.5000", "", "", "internal", "")]
    assert len(taken(ben, person=5)) == 2, "his own, whoever he asks for"
    assert {one["person"] for one in taken(ada)} == {"Ben", "Tess"}
    assert [one["hours"] for one in taken(ada, person=5)] == ["0.7500"]
    assert len(taken(ada, client=1)) == 2
    stage.add(Wall(client_id=1, person_id=1, reason="A cousin"))
    stage.commit()
    assert [one["client"] for one in taken(ada)] == [""], "a wall stands before exports too"


def test_the_page_says_what_would_go_along(logged, sign_in, cast):
    page = sign_in(cast.ada).get(f"/time/export?from={TODAY}&to=nonsense&shape=toggl&client=abc")
    assert "3 entries , 2.75 h," in plain(page)
    assert faults(page.text) == []
    assert "as=xlsx" in page.text
    assert "Person" not in plain(sign_in(cast.ben).get("/time/export"))


def test_a_workbook_of_the_same_rows(logged, sign_in, cast):
    answer = sign_in(cast.ben).get(f"/time/export/time.csv?from={TODAY}&as=xlsx")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    rows = [cells for _, cells in rows_of_xlsx(io.BytesIO(answer.data), 100)]
    assert [row[:2] for row in rows] == [["date", "hours"], [TODAY.isoformat(), "1.5"], [TODAY.isoformat(), "0.5"]]
    assert rows[1][8] == "=Call", "text stays text"


def test_every_list_that_is_exported_comes_as_a_workbook_too(sign_in, cast):
    ada = sign_in(cast.ada)
    for path in ("/clients/list.csv", "/people/people.csv", "/engagements/list.csv", "/workload/allocated.csv"):
        plainly = ada.get(path)
        names = next(csv.reader(io.StringIO(plainly.text.lstrip("\ufeff"))))
        (_, heads), *_ = rows_of_xlsx(io.BytesIO(ada.get(f"{path}?as=xlsx").data), 1000)
        assert heads == names
