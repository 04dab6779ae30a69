"""The benchmark judges what it measured, and says what it could not."""

import csv
import io
from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from crm.core import clock
from crm.core.calendar import month_of
from crm.core.twelve import Area
from crm.people.models import Period, PeriodState
from crm.timelog.models import TimeEntry
from tests.bench.goals import judge
from tests.bench.jobs import IMPORT, LOCK, lock_month, place_of, write_file
from tests.bench.pages import PAGES, line_form, log_form
from tests.bench.report import write
from tests.cast import TODAY

FORM = """<form method="get" action="/search"><input name="q"></form>
<form id="log" method="post" action="/today/log"><input type="hidden" name="csrf_token" value="t"><input type="hidden" name="once" value="old">
<input type="radio" name="work" value="7"><input type="radio" name="work" value="9" checked><input name="worked_on" value="2026-11-20">
<select name="area"><option value="">As last time</option><option value="STR" selected>1</option></select></form>"""


def row(name, scale="tenth", median=10.0, **more):
    return {"scale": scale, "name": name, "statements": 5, "bytes": 20_000, "median": median, "missing": "", **more}


@pytest.fixture
def rows():
    least = [
        row("minimal: 50 rows", median=5.0),
        row("minimal: quarter", median=20.0),
        row("minimal: log an entry", median=4.0),
    ]
    return least + [row(page.name) for page in PAGES] + [row("log an entry"), row(IMPORT), row(LOCK)]


def missed(rows, pss=150, grown=20):
    return [one.goal for one in judge(rows, {"tenth": {"pss": pss, "import": grown}}) if not one.met]


def test_all_is_well(rows):
    assert missed(rows) == []


@pytest.mark.parametrize(
    ("name", "changes", "goal"),
    [
        ("today", {"statements": 13}, "statements of today"),
        ("clients", {"bytes": 100_001}, "HTML of clients"),
        ("people", {"median": 20.1}, "people against 50 rows of the minimal application"),
        ("workload", {"median": 60.1}, "the quarter by week against the minimal application"),
        ("deliverables 50", {"median": 13.1}, "page 50 of deliverables against page 1"),
        ("log an entry", {"median": 12.1}, "logging against the minimal application"),
        ("log an entry", {"statements": 9}, "statements of logging"),
        (IMPORT, {"median": 121_000.0}, IMPORT),
        ("portal", {"median": None, "statements": None, "missing": "/portal answers 404"}, "portal can be measured"),
    ],
)
def test_a_miss_is_said(rows, name, changes, goal):
    assert missed([one | changes if one["name"] == name else one for one in rows]) == [goal]


def test_every_miss_says_what_it_would_take(rows):
    bad = {"median": 900.0, "statements": 99, "bytes": 10**6}
    wrong = [one if one["name"].startswith("minimal") else one | bad for one in rows]
    verdicts = judge(wrong, {"tenth": {"pss": 999, "import": 999}})
    assert {one.goal for one in verdicts if not one.met and not one.takes} == set()
    assert {one.goal for one in verdicts if one.met and one.takes} == set()


def test_memory(rows):
    assert missed(rows, pss=181) == ["memory of the server, two workers (PSS)"]
    assert missed(rows, grown=41) == [f"memory that the {IMPORT} grows by"]


def test_locking_takes_the_same_statements_at_either_scale(rows):
    both = rows + [one | {"scale": "large"} for one in rows]
    memory = {scale: {"pss": 150, "import": 20} for scale in ("tenth", "large")}
    assert [one.goal for one in judge(both, memory) if not one.met] == []
    both[-1] = both[-1] | {"statements": 6}
    assert [one.goal for one in judge(both, memory) if not one.met] == ["statements of locking a month do not grow"]


def test_the_file_that_is_imported_fills_no_day(tmp_path):
    file = write_file(
        tmp_path / "x.csv", range(4000), ["a@x.example", "b@x.example"], "ENG-014", "SEC", date(2026, 11, 20)
    )
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert (len(rows), rows[0]["date"], rows[0]["project"], rows[0]["task"]) == (4000, "2026-11-19", "ENG-014", "SEC")
    assert max(Counter((one["email"], one["date"]) for one in rows).values()) == 2
    assert len({one["notes"] for one in rows}) == 4000


class Browsing:
    """As the benchmark's browser posts, in a house that asks for a token."""

    def __init__(self, browser):
        self.get, self.browser = browser.get, browser

    def post(self, path, data):
        return self.browser.send(path, **data)


def test_the_fullest_open_month_is_locked(sign_in, cast, stage):
    month = month_of(TODAY - timedelta(40))
    stage.add(
        TimeEntry(
            person_id=2, engagement_id=1, client_id=1, area="SEC", worked_on=month, minutes=30, logged_at=clock.now()
        )
    )
    stage.commit()
    found = lock_month(SimpleNamespace(missing=""), stage.get_bind(), Browsing(sign_in(cast.ada)))
    assert (found.missing, found.statements > 0, found.median > 0) == ("", True, True)
    (period,) = stage.scalars(select(Period)).all()
    assert (period.month, period.state) == (month, PeriodState.LOCKED)
    people, area = place_of(stage.connection(), 1)
    assert "ben@larkmoor.example" in people
    assert area in list(Area)


def test_the_log_line_is_filled_in():
    ask = log_form(7, FORM)
    method, path, fields, wanted = ask()
    said = parse_qs(fields, keep_blank_values=True)
    assert (method, path, wanted, said["work"], said["csrf_token"], said["area"], said["worked_on"]) == (
        "POST",
        "/today/log",
        303,
        ["7"],
        ["t"],
        ["STR"],
        ["2026-11-20"],
    )
    assert parse_qs(ask()[2])["once"] != said["once"]
    assert "q" not in said


def test_the_line_of_text_is_filled_in():
    method, path, fields, wanted = line_form("ENG-014", FORM.replace('id="log"', 'id="typed"'))()
    said = parse_qs(fields)
    assert (method, path, wanted, said["line"], said["csrf_token"]) == (
        "POST",
        "/today/log",
        303,
        ["1m ENG-014 call"],
        ["t"],
    )
    with pytest.raises(RuntimeError, match="no line"):
        line_form("ENG-014", FORM)


def test_the_summary_names_each_goal(rows, tmp_path):
    full = [
        one | dict.fromkeys(("sql_ms", "processor_ms", "least", "p95", "median_of_eight", "p95_of_eight"))
        for one in rows
    ]
    about = {
        "engine": "sqlite",
        "requests": 3,
        "machine": "2 cores",
        "memory_mb": {"tenth": {"pss": 150, "rss": 170, "import": 20}},
    }
    write(
        {
            "about": about,
            "rows": full,
            "goals": [vars(one) for one in judge(rows, {"tenth": {"pss": 190, "import": 20}})],
        },
        tmp_path / "x.md",
    )
    said = (tmp_path / "x.md").read_text()
    assert "| today | tenth | 5 | 20.0 |" in said
    assert "**missed**" in said
    assert "What the misses would take" in said
