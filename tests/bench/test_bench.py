"""The benchmark judges what it measured, and says what it could not."""

from urllib.parse import parse_qs

import pytest

from tests.bench.goals import judge
from tests.bench.pages import PAGES, log_form
from tests.bench.report import write

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
    return least + [row(page.name) for page in PAGES] + [row("log an entry")]


def missed(rows, pss=150):
    return [one.goal for one in judge(rows, {"tenth": {"pss": pss}}) if not one.met]


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
        ("portal", {"median": None, "statements": None, "missing": "/portal answers 404"}, "portal can be measured"),
    ],
)
def test_a_miss_is_said(rows, name, changes, goal):
    assert missed([one | changes if one["name"] == name else one for one in rows]) == [goal]


def test_every_miss_says_what_it_would_take(rows):
    bad = {"median": 900.0, "statements": 99, "bytes": 10**6}
    wrong = [one if one["name"].startswith("minimal") else one | bad for one in rows]
    verdicts = judge(wrong, {"tenth": {"pss": 999}})
    assert {one.goal for one in verdicts if not one.met and not one.takes} == set()
    assert {one.goal for one in verdicts if one.met and one.takes} == set()


def test_memory(rows):
    assert missed(rows, pss=181) == ["memory of the server, two workers (PSS)"]


def test_the_log_line_is_filled_in():
    ask = log_form(FORM, 7)
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


def test_the_summary_names_each_goal(rows, tmp_path):
    full = [
        one | dict.fromkeys(("sql_ms", "processor_ms", "least", "p95", "median_of_eight", "p95_of_eight"))
        for one in rows
    ]
    about = {"engine": "sqlite", "requests": 3, "machine": "2 cores", "memory_mb": {"tenth": {"pss": 150, "rss": 170}}}
    write(
        {"about": about, "rows": full, "goals": [vars(one) for one in judge(rows, {"tenth": {"pss": 190}})]},
        tmp_path / "x.md",
    )
    said = (tmp_path / "x.md").read_text()
    assert "| today | tenth | 5 | 20.0 |" in said
    assert "**missed**" in said
    assert "What the misses would take" in said
