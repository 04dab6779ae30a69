"""The workload's pages as stories: what partners read in figures, consultants read in words."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.clients.models import Wall
from crm.core.calendar import monday_of
from crm.core.clock import now
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.people.models import Leave, LeaveStatus, Person, PersonKind, WorkingPattern
from crm.timelog.models import TimeEntry, TimeKind
from tests.cast import TODAY, YEAR, assignment
from tests.html import faults

MONDAY = monday_of(TODAY)
WEEK = timedelta(7)


@pytest.fixture
def busy(cast, stage):
    """Ben has more than he can do, Tess a tentative week, nobody a holiday in the way of the figures."""
    for pattern in stage.scalars(select(WorkingPattern)):
        pattern.region = "XX"
    his = stage.scalars(select(Assignment).where(Assignment.person_id == cast.persons.ben.id)).one()
    his.days_a_month = 20
    stage.add(assignment(cast.north, cast.persons.tess, AssignmentRole.REVIEWER, status=Status.TENTATIVE, days=3))
    stage.commit()
    return cast


def page(browser, address="/workload"):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def row_of(text, name):
    return re.search(rf'<tr><th scope="row">{name}.*?</tr>', text, re.DOTALL)[0]


def answer_of(text):
    return re.search(r'class="head-sub">(.*?)</p>', text)[1]


def rows_of_csv(browser, address):
    return list(csv.reader(io.StringIO(page(browser, address).lstrip("\ufeff"))))


def test_the_title_says_who_is_over_and_who_has_room(busy, sign_in):
    text = page(sign_in(busy.ada))
    assert answer_of(text) == "Ben is over in all of the next six weeks. Eve, Finn and Tess have the most room."
    assert text.index(">Ben<") < text.index(">Finn<"), "worst first"
    assert text.count('data-load="over"') + text.count('data-load="severe"') > 10
    assert "Overloaded" in text


def test_nobody_is_over(cast, sign_in):
    assert answer_of(page(sign_in(cast.ada))).startswith("Nobody is overloaded in the next six weeks.")


def test_cells_say_their_band_and_open(busy, sign_in):
    ben = row_of(page(sign_in(busy.ada)), "Ben")
    assert f'href="/workload/2?week={MONDAY}"' in ben
    assert re.search(r'1\d\d\.\d<span class="sr"> over</span>', ben)


def test_tentative_is_hatched_and_not_counted(busy, sign_in):
    tess = row_of(page(sign_in(busy.ada)), "Tess")
    assert tess.count("data-tentative") == 13
    assert "spare, more tentative" in tess


def test_a_consultant_reads_words_of_others_and_figures_of_oneself(busy, sign_in):
    text = page(sign_in(busy.tess))
    own, ben = row_of(text, "Tess"), row_of(text, "Ben")
    assert text.index(">Tess<") < text.index(">Ada<"), "oneself first"
    assert re.search(r"\d\d\.\d", own)
    assert f'href="/workload/5?week={MONDAY}"' in own
    assert not re.search(r"\d", re.sub(r'data-load="\w+"', "", ben)), "no figure at all"
    assert re.search(r">(Over|Severe)</td>", ben)
    assert "href" not in ben
    assert "data-tentative" not in ben
    assert re.match(r"You have \d+\.\d days free", answer_of(text)), "one decimal, as on the person's page"
    assert "Practice</th>" not in text


def test_an_overloaded_consultant_is_told_so(busy, sign_in):
    assert answer_of(page(sign_in(busy.ben))) == "You are over in all of the next six weeks."


def test_leave_closes_a_week(busy, sign_in, stage):
    stage.add(Leave(person_id=2, begins=MONDAY + WEEK, ends=MONDAY + WEEK + timedelta(6), status=LeaveStatus.APPROVED))
    stage.commit()
    for who in (busy.ada, busy.tess):
        assert row_of(page(sign_in(who)), "Ben").count(">Leave<") == 1


def test_other_weeks_are_a_link_away(busy, sign_in):
    browser, earlier = sign_in(busy.ada), MONDAY - 13 * WEEK
    text = page(browser)
    assert f'href="/workload?from={earlier}"' in text
    past = page(browser, f"/workload?from={earlier + timedelta(3)}")
    assert f"week={earlier}" in past, "any day of a week means its Monday"
    assert "This week on" in past
    assert answer_of(past) == answer_of(text), "the answer is about the six weeks ahead, whatever is shown"


@pytest.mark.parametrize("typed", ["", "yesterday", "2026-02-30", "9999-01-01", "-1", "2026-11-16%00"])
def test_no_day_means_this_week(typed, cast, sign_in):
    assert f"week={MONDAY}" in page(sign_in(cast.ada), f"/workload?from={typed}")


def test_the_export_says_what_the_page_says(busy, sign_in):
    heading, *rows = rows_of_csv(sign_in(busy.ada), "/workload/allocated.csv")
    assert heading[3] == f"Week of {MONDAY}, load %"
    assert rows[0][0] == "Ben"
    assert len(rows) == 5
    assert re.fullmatch(r"1\d\d\.\d", rows[0][3])
    by_name = {row[0]: row for row in rows_of_csv(sign_in(busy.tess), "/workload/allocated.csv")[1:]}
    assert set(by_name["Ben"][3:16]) <= {"Over", "Severe"}
    assert by_name["Ben"][2] == by_name["Ben"][16] == ""


# Behind a cell


def test_behind_a_cell_stands_what_fills_it(busy, sign_in, stage):
    day = MONDAY + timedelta(1)
    stage.add(Leave(person_id=2, begins=day, ends=day, share=50, status=LeaveStatus.APPROVED))
    stage.add(
        TimeEntry(person_id=2, worked_on=MONDAY, minutes=225, area="SEC", client_id=1, engagement_id=1, logged_at=now())
    )
    stage.commit()
    text = page(sign_in(busy.ada), f"/workload/2?week={MONDAY}")
    assert "<h1" in text
    assert "Northwind" in text
    assert "ENG-001" in text
    assert ">4.50 net<" in text
    assert ">Leave<" in text
    assert ">0.50</td>" in text, "half a day is logged"
    assert "Room in this week" in text


def test_htmx_gets_the_part_alone(busy, sign_in):
    part = (
        sign_in(busy.ada)
        .get(f"/workload/2?week={MONDAY}", headers={"HX-Request-Type": "partial"})
        .get_data(as_text=True)
    )
    assert "<html" not in part
    assert '<h2 id="h-week" tabindex="-1" data-focus>' in part


def test_oneself_opens_and_a_colleague_does_not(busy, sign_in):
    tess = sign_in(busy.tess)
    assert "Room in this week" not in page(tess, "/workload/5")
    assert tess.get("/workload/2").status_code == 404
    assert tess.get("/workload/999").status_code == 404


def test_a_walled_client_is_not_named(busy, sign_in, stage):
    stage.add(Wall(client_id=1, person_id=busy.persons.ada.id))
    stage.commit()
    text = page(sign_in(busy.ada), "/workload/2")
    assert "Another engagement" in text
    assert "Northwind" not in text


def test_who_is_not_here_has_nothing_behind(busy, sign_in, stage):
    busy.persons.ben.left_on = MONDAY - WEEK
    stage.commit()
    assert "Ben is not with us in this week." in page(sign_in(busy.ada), "/workload/2")


def test_what_cannot_be_placed_is_said_in_map_and_week(busy, sign_in, stage):
    first = MONDAY.replace(day=1)
    stage.add(Leave(person_id=2, begins=first, ends=first + timedelta(70), status=LeaveStatus.APPROVED))
    stage.commit()
    browser = sign_in(busy.ada)
    text = page(browser)
    assert "Cannot be placed" in text
    assert '?<span class="sr"> cannot be placed' in row_of(text, "Ben")
    assert "they cannot be placed" in page(browser, "/workload/2")


# Logged against planned


def entry(person_id, day, minutes, kind=TimeKind.BILLABLE):
    return TimeEntry(person_id=person_id, worked_on=day, minutes=minutes, kind=kind, area="SEC", client_id=1, engagement_id=1, logged_at=now())  # fmt: skip


def test_logged_stands_against_planned(busy, sign_in, stage):
    last = MONDAY - WEEK
    stage.add_all(entry(2, last + timedelta(n), 450) for n in range(3))
    stage.add(entry(3, last, 225))
    stage.commit()
    text = page(sign_in(busy.ada), "/workload/logged")
    assert re.search(r'6\d\.\d<span class="sr"> less than planned', row_of(text, "Ben"))
    assert re.search(r'\+0\.5 d<span class="sr"> not planned', row_of(text, "Eve"))
    assert "of what was planned was logged in 12 finished weeks" in answer_of(text)
    heading, *rows = rows_of_csv(sign_in(busy.ada), "/workload/logged.csv")
    assert len(heading) == 17
    assert [row[0] for row in rows] == ["Ada", "Ben", "Eve", "Finn", "Tess"]


def test_a_consultant_sees_their_own_log_and_nobody_elses(busy, sign_in):
    text = page(sign_in(busy.tess), "/workload/logged")
    assert ">Tess<" in text
    assert '<th scope="row">Ben' not in text
    assert [row[0] for row in rows_of_csv(sign_in(busy.tess), "/workload/logged.csv")[1:]] == ["Tess"]


# Utilisation


def test_utilisation_of_a_range_of_months(busy, sign_in, stage):
    """F2 with the book's figure: 5,985 billable minutes in a month of 19 net days are 70.0 %."""
    stage.add_all(entry(2, date(2026, 6, 1) + timedelta(n), 420 if n < 14 else 105) for n in range(15))
    stage.add(entry(2, date(2026, 6, 1), 300, TimeKind.GOODWILL))
    stage.add(
        Leave(
            person_id=2,
            begins=date(2026, 6, 22),
            ends=date(2026, 6, 24),
            status=LeaveStatus.APPROVED,
        )
    )
    stage.commit()
    text = page(sign_in(busy.ada), "/workload/utilisation?from=2026-06&to=2026-06")
    ben = row_of(text, "Ben")
    assert "19.00 d" in ben
    assert "70.0 %" in ben
    assert "On target" in ben
    assert "70.0 points below" in row_of(text, "Eve")
    _, *rows = rows_of_csv(sign_in(busy.ada), "/workload/utilisation.csv?from=2026-06&to=2026-06")
    assert next(row for row in rows if row[0] == "Ben")[2:] == ["19.00", "13.30", "70.0", "70", "On target"]


def test_a_consultant_sees_their_own_utilisation(busy, sign_in):
    text = page(sign_in(busy.tess), "/workload/utilisation")
    assert ">Tess<" in text
    assert ">Ben<" not in text
    assert "Practice</th>" not in text


@pytest.mark.parametrize(
    "query", ["?from=2030-01&to=2035-01", "?from=x&to=y", "?from=2001-01&to=2026-06", "?to=2026-01&from=2026-09"]
)
def test_any_range_is_answered(query, busy, sign_in):
    assert "Utilisation" in page(sign_in(busy.ada), f"/workload/utilisation{query}")


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("eve", 200), ("abe", 403), ("cora", 403), ("vic", 403)])
@pytest.mark.parametrize("address", ["/workload", "/workload/logged", "/workload/utilisation"])
def test_who_enters(address, who, status, cast, sign_in):
    assert sign_in(getattr(cast, who)).get(address).status_code == status


@pytest.mark.parametrize(
    "address",
    ["/workload", f"/workload?from={MONDAY + WEEK}", "/workload/logged", "/workload/utilisation", "/workload/2"],
)
def test_pages_ask_the_same_however_many_there_are(address, cast, sign_in, stage, statements):
    browser = sign_in(cast.ada)
    with statements() as few:
        page(browser, address)
    for n in range(60):
        person = Person(name=f"P{n:02}", email=f"p{n}@larkmoor.example", kind=PersonKind.CONSULTANT)
        stage.add(person)
        stage.flush()
        stage.add(WorkingPattern(person_id=person.id, begins=TODAY - YEAR))
        stage.add(assignment(cast.north, person, AssignmentRole.SPECIALIST))
    stage.commit()
    with statements() as many:
        page(browser, address)
    assert len(few) == len(many) <= 12


def test_a_long_list_is_paged(cast, sign_in, stage):
    for n in range(60):
        stage.add(Person(name=f"P{n:02}", email=f"p{n}@larkmoor.example", kind=PersonKind.CONSULTANT))
    stage.commit()
    browser = sign_in(cast.ada)
    assert "Page 1 of 2" in page(browser)
    assert "P59" in page(browser, "/workload?page=2")
    assert "P59" in page(browser, "/workload?page=99")


def test_the_months_of_utilisation_are_asked_in_valid_fields(busy, sign_in):
    assert faults(page(sign_in(busy.ada), "/workload/utilisation")) == []
