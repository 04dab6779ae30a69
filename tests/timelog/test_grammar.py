"""The line that logs time, read without a database: what it says, what it asks, and what it never does silently."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core import inputs
from crm.core.errors import Refused
from crm.core.twelve import Area
from crm.timelog.grammar import read
from crm.timelog.models import FOR_NOBODY, TimeKind
from crm.timelog.queries import Owed, Work
from crm.timelog.reading import Entry, Form, Known, each_problem
from crm.timelog.writing import written

pytestmark = pytest.mark.engine_free
TODAY = date(2026, 11, 17)  # a Tuesday
HERE = (Area.STR, Area.SEC, Area.VEN, Area.DAT, Area.CMP)


def work(number, code, client, title, *, client_id=0, areas=HERE, last=Area.STR, owed=()):
    owed = tuple(Owed(key, key, area, name, number) for key, area, name in owed)
    return Work(
        number, client_id or number, f"ENG-{number:03}", title, client, code, date(2026, 1, 5), date(2027, 1, 4), Decimal(4),
        spans=((date(2026, 1, 5), date(2027, 1, 4)),), areas=areas, last_area=last, last_on=TODAY, name=client, owed=owed,
    )  # fmt: skip


BRA = work(14, "BRA", "Brackenhill Timber", "Fractional CIO", owed=[(231, Area.SEC, "Recovery test plan"), (232, Area.VEN, "Vendor register")])  # fmt: skip
SALT = work(20, "SALT", "Saltmarsh Foods", "Fractional CIO", client_id=9)
SALT_2 = work(21, "SALT", "Saltmarsh Foods", "Warehouse move", client_id=9)
MAR = work(30, "MAR", "Marlow & Sons", "Board advice", areas=(Area.STR,))
KNOWN = Known([BRA, SALT, SALT_2, MAR], TODAY)


def one(line, known=KNOWN):
    (found,) = read(line, known).entries
    return found


def said(line):
    """What a sure line says, in short."""
    entry = one(line)
    assert not entry.problems, [problem.says for problem in entry.problems]
    return entry.minutes, entry.work and entry.work.code, str(entry.area or ""), str(entry.day), entry.client_note


def asked(line, known=KNOWN):
    return " ".join(each_problem(read(line, known)))


def offered(line):
    return [offer.line for _, problem in read(line, KNOWN).problems for offer in problem.offers]


YESTERDAY = "2026-11-16"


@pytest.mark.parametrize(
    ("line", "means"),
    [
        ("1.5 BRA SEC board call", (90, "ENG-014", "SEC", "2026-11-17", "board call")),
        ("board BRA SEC 1.5", None),
        ("6:30 bra", (390, "ENG-014", "STR", "2026-11-17", "")),
        ("6h30 Brackenhill sec yesterday", (390, "ENG-014", "SEC", YESTERDAY, "")),
        ("15m brackenhil mon supplier call", (15, "ENG-014", "STR", YESTERDAY, "supplier call")),
        ("0.2d ENG-014 VEN", (90, "ENG-014", "VEN", "2026-11-17", "")),
        ("1h 30m eng14 dat", (90, "ENG-014", "DAT", "2026-11-17", "")),
        ("2 hours on BRA for security, on 12/11", (120, "ENG-014", "SEC", "2026-11-12", "")),
        ("2 BRA 12 nov 2026 review", (120, "ENG-014", "STR", "2026-11-12", "review")),
        ("2 BRA 2026-11-12 review", (120, "ENG-014", "STR", "2026-11-12", "review")),
        ("2 BRA tue today", (120, "ENG-014", "STR", "2026-11-17", "today")),
        ("DEL-231 45m first draft", (45, "ENG-014", "SEC", "2026-11-17", "first draft")),
        ("1h BRA recovery test plan", (60, "ENG-014", "SEC", "2026-11-17", "")),
        ("1h BRA vendor renewal call", (60, "ENG-014", "VEN", "2026-11-17", "vendor renewal call")),
        ("BRA call with the board 1.5", (90, "ENG-014", "STR", "2026-11-17", "call with the board")),
        ("1h SALT warehouse move stock count", (60, "ENG-021", "STR", "2026-11-17", "stock count")),
        ("1h SALT ENG-020 stock count", (60, "ENG-020", "STR", "2026-11-17", "stock count")),
        ("2 MAR board paper", (120, "ENG-030", "STR", "2026-11-17", "board paper")),
        ('1h BRA "for today; and mon"', (60, "ENG-014", "STR", "2026-11-17", "for today; and mon")),
        ("1h BRA sat with Gwen", (60, "ENG-014", "STR", "2026-11-17", "sat with Gwen")),
        ("1h BRA 24-7 support", (60, "ENG-014", "STR", "2026-11-17", "24-7 support")),
    ],
)  # fmt: skip
def test_what_a_line_says(line, means):
    if means is None:
        assert "Say for whom" in asked(line) or "Say first" in asked(line)
    else:
        assert said(line) == means


def test_what_nobody_said_is_a_guess():
    assert one("1h BRA call").guessed == {"area", "day"}
    assert one("1h BRA vendor call").guessed == {"area", "day"}
    assert one("1h BRA VEN mon call").guessed == set()


@pytest.mark.parametrize(
    ("line", "kind", "note"),
    [
        ("2h internal team day", TimeKind.INTERNAL, "team day"), ("1h training", TimeKind.TRAINING, ""),
        ("3h travel to Leeds", TimeKind.TRAVEL, "to Leeds"), ("1h presales Harbour Mills", TimeKind.PRESALES, "Harbour Mills"),
        ("1h BRA goodwill call", TimeKind.GOODWILL, "call"), ("1h BRA travel, to the mill", TimeKind.TRAVEL, "to the mill"),
        ("1h travel BRA to the mill", TimeKind.TRAVEL, "to the mill"), ("1h BRA call", TimeKind.BILLABLE, "call"),
    ],
)  # fmt: skip
def test_kinds(line, kind, note):
    entry = one(line)
    assert not entry.problems
    assert (entry.kind, entry.client_note) == (kind, note)
    assert (entry.work is None) == ("BRA" not in line)


def test_a_word_that_may_be_a_kind_or_a_note_is_asked_about():
    line = "1h BRA training for the board"
    assert "the kind of time, or does the note begin there" in asked(line)
    as_kind, as_note = (one(offer) for offer in offered(line))
    assert (as_kind.kind, as_kind.client_note, as_kind.problems) == (TimeKind.TRAINING, "for the board", ())
    assert (as_note.kind, as_note.client_note, as_note.problems) == (TimeKind.BILLABLE, "training for the board", ())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("BRA board call", "Say first how long it took"), ("1h board call", "Say for whom"), ("1h SALT", "may be ENG-020"),
        ("30 BRA call", "no duration up to 24 hours"), ("2-3 BRA", "several days as several entries"),
        ("9:00-10:30 BRA", "several days"), ("9 to 11 BRA", "several days"), ("2 BRA mon-wed", "several days"),
        ("2 BRA 12/11-14/11", "several days"), ("2 BRA mon to wed", "several days"), ("2 BRA 12 nov", ""),
        ("2 BRA 31/2", "no day of the calendar"), ("2 BRA 18/11", "still to come"), ("2 BRA tomorrow", "still to come"), ("2 BRA TAL", "not in scope at Brackenhill"),
        ("2 BRA #nonsense", "none of the twelve"), ("2 BRA DEL-999", "no open deliverable"), ("2 ENG-099", "no engagement on which"),
        ("2 BRA MAR", "Two clients are named"), ("2 BRA #SEC #VEN", "Two areas are named"), ("2 BRA DEL-231 #VEN", "belongs to Security"),
        ("1h training SEC", "has no area"), ("1h goodwill", "Say for whom"), ("1h MAR DEL-231", "a deliverable of"),
        (f"1h BRA {'x' * 501}", "at most 500"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_said(line, says):
    assert says in asked(line)
    assert bool(asked(line)) == bool(says)


def test_what_was_perhaps_meant_is_offered_and_then_clear():
    assert offered("30 BRA call") == ["30m BRA call"]
    assert offered("1h SALT stock count") == ["1h ENG-020 stock count", "1h ENG-021 stock count"]  # used last first
    assert offered("1h board call")[0] == "1h ENG-014 board call"
    assert offered("1h call at Brackenhill's, BRA")[0] == "1h ENG-014 call at Brackenhill's, BRA"
    for line in ("1h SALT stock count", "1h board call", "30 BRA call", "1h brockenhall call"):
        assert offered(line)
        assert all(read(offer, KNOWN).is_sure for offer in offered(line))


def test_half_a_name_is_asked_about_and_never_taken():
    entry = one("1h brockenhall call")
    assert entry.work is None
    assert "Nobody is called “brockenhall” quite so" in asked("1h brockenhall call")
    assert read("1h foods call", KNOWN).is_sure is False  # the second word of a name is none


def test_one_is_told_what_one_may_have_overlooked():
    assert "“yesterday” stands in the note" in one("1h BRA notes of yesterday").hints[0].says
    (hint,) = one("1h BRA recovery tests plan for Gwen").hints
    assert [read(offer.line, KNOWN).entries[0].owed.id for offer in hint.offers] == [231]
    assert one("2h travel to the mill of BRA").hints[0].offers[0].line == "2h ENG-014 travel to the mill of BRA"


def test_the_note_for_ourselves():
    entry = one("1h BRA call // she leaves")
    assert (entry.client_note, entry.note) == ("call", "she leaves")
    assert one("1h BRA //between us").note == "between us"
    assert one("1h BRA see https://mill.example/a").client_note == "see https://mill.example/a"


def test_several_entries_each_with_its_own_errors():
    found = read("2h BRA call; 1h internal; 30m nobody; 1.5 BRA TAL", KNOWN)
    assert [entry.minutes for entry in found.entries] == [120, 60, 30, 90]
    told = list(each_problem(found))
    assert [text[:8] for text in told] == ["Entry 3:", "Entry 4:"]
    assert len(read("1h BRA; ;", KNOWN).entries) == 1


@pytest.mark.parametrize(
    ("line", "form", "text", "entries"),
    [
        ("#decision BRA SEC Renew the lines or change?", Form.DECISION, "Renew the lines or change?", 0),
        ("BRA SEC #risk the server room floods", Form.RISK, "the server room floods", 0),
        ("1h BRA SEC call #action Gwen sends the list", Form.ACTION, "Gwen sends the list", 1),
        ("1h BRA SEC call; #promise wireless by Friday", Form.PROMISE, "wireless by Friday", 1),
        ("BRA SEC renew the lines #decision", Form.DECISION, "renew the lines", 0),
    ],
)  # fmt: skip
def test_a_mark_opens_a_form(line, form, text, entries):
    found = read(line, KNOWN)
    assert found.is_sure, list(each_problem(found))
    assert len(found.entries) == entries
    opening = found.opening
    assert (opening.form, opening.text, opening.work, opening.area) == (form, text, BRA, Area.SEC)


@pytest.mark.parametrize("line", ["#decision what now?", "BRA call #action x y", "#risk BRA a; #risk BRA b"])
def test_a_form_that_is_not_clear_is_not_opened(line):
    assert not read(line, KNOWN).is_sure


def test_without_a_duration_for_a_timer():
    (entry,) = read("BRA SEC board call", KNOWN, timed=False).entries
    assert (entry.minutes, entry.work, entry.client_note, entry.problems) == (None, BRA, "board call", ())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-17"), ("tue", "2026-11-17"), ("wed", "2026-11-11"), ("monday", "2026-11-16"), ("28/12", "2026-12-28"),
        ("12.11.", "2026-11-12"), ("12/11/25", "2025-11-12"), ("nov 12", "2026-11-12"), ("12th november", "2026-11-12"),
    ],
)  # fmt: skip
def test_days_as_people_say_them(text, day):
    assert str(inputs.worked_day(text, TODAY)) == day


def test_the_practice_s_region_says_which_comes_first():
    assert inputs.worked_day("11/12", date(2026, 12, 20)) == date(2026, 12, 11)
    assert inputs.worked_day("11/12", date(2026, 12, 20), day_first=False) == date(2026, 11, 12)
    assert inputs.worked_day("28/12", date(2027, 1, 4)) == date(2026, 12, 28)  # the nearest one
    for text in ("31/2", "13/13", "x", "12/11/1850", ""):
        with pytest.raises(ValueError, match="Say the day"):
            inputs.worked_day(text, TODAY)


PIECES = [
    "1.5", "6:30", "15m", "0.2d", "30", "BRA", "SALT", "MAR", "bra", "brackenhill", "foods", "ENG-014", "DEL-231", "SEC", "#SEC",
    "security", "data", "mon", "yesterday", "12/11", "31/2", "12", "nov", "mon-wed", "to", "internal", "training", "goodwill",
    ";", "//", '"', '"a b"', "“c d”", "#decision", "#action", "#x", "#", "call", "with", "recovery test plan", "é", "ſ", "٣", ",", ":",
]  # fmt: skip
LINES = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))


@given(LINES, st.booleans())
@settings(max_examples=500)
def test_no_line_raises_but_refused(line, timed):
    try:
        found = read(line, KNOWN, timed=timed)
    except Refused as error:
        assert error.field == "line"
        return
    for _, problem in found.problems:
        assert problem.says
    for entry in found.entries:
        if entry.problems:
            continue
        assert entry.day <= TODAY
        assert (entry.work is not None) or entry.kind in FOR_NOBODY
        assert entry.work is None or entry.area in entry.work.areas
        assert (entry.minutes is not None and 1 <= entry.minutes <= 1440) or not timed


NOTES = st.text(max_size=40).map(lambda text: _clean(text))


def _clean(text):
    try:
        return inputs.line(text)
    except ValueError:
        return ""


@given(
    st.integers(1, 1440), st.integers(0, 400), st.sampled_from([BRA, SALT, SALT_2, MAR, None]), st.sampled_from(sorted(TimeKind)),
    st.sampled_from(sorted(HERE)), NOTES, NOTES, st.booleans(),
)  # fmt: skip
@settings(max_examples=500)
def test_an_entry_that_is_written_down_reads_as_the_same(minutes, ago, whose, kind, area, note, internal, has_owed):
    """So what the list of earlier lines repeats is what was logged."""
    if whose is None and kind not in FOR_NOBODY:
        kind = TimeKind.INTERNAL
    owed = BRA.owed[0] if has_owed and whose is BRA else None
    area = None if whose is None else Area.SEC if owed else area if area in whose.areas else Area.STR
    entry = Entry(minutes, TODAY - timedelta(ago), whose, kind, area, owed, note, internal)
    (again,) = read(written(entry, KNOWN), KNOWN).entries
    names = ("minutes", "day", "work", "kind", "area", "owed", "client_note", "note")
    assert [getattr(again, name) for name in names] == [getattr(entry, name) for name in names], written(entry, KNOWN)
