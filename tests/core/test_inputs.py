"""One parser per type: what it takes, what it refuses, and that no text at all breaks it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core import inputs


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1.5", 90), ("1:30", 90), ("90m", 90), ("1h30", 90), ("1h 30m", 90), ("0.2d", 90), ("2h", 120), ("1,5", 90), ("0:15", 15),
        ("15 min", 15), ("7.5", 450), ("1d", 450), (".5", 30), ("0.5m", 1), ("24:00", 1440), ("24", 1440), ("0.25h", 15), ("1H30", 90),
    ],
)  # fmt: skip
def test_durations(typed, minutes):
    assert inputs.duration(typed) == minutes


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "0:00",
        "25",
        "24:01",
        "1440.5m",
        "0.4m",
        "-1",
        "1:60",
        "1e3",
        "abc",
        "1.5.5",
        "٣",
        "1:3",
        "h",
        ".",
        "1d2h",
        "999999999",
    ],
)
def test_what_is_no_duration(typed):
    with pytest.raises(ValueError, match="1:30"):
        inputs.duration(typed)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("5200", 520000), ("5,200", 520000), ("5200.5", 520050), ("£6,200", 620000), ("0", 0), ("12,50", 1250)],
)
def test_sums(typed, minor):
    assert inputs.money(typed) == minor


@pytest.mark.parametrize(
    "typed", ["", "-5", "1e3", "NaN", "Infinity", "1.005", "1_000", "abc", "9999999999", "١٢", "5 200"]
)
def test_what_is_no_sum(typed):
    with pytest.raises(ValueError, match="5200"):
        inputs.money(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2026-W01-1",
        "2026-13-01",
        "2026-02-30",
        "1999-12-31",
        "2101-01-01",
        "26-01-01",
        "2026-1-1",
        "20260101",
        "٢٠٢٦-01-01",
    ],
)
def test_what_is_no_day(typed):
    with pytest.raises(ValueError, match="2026-11-20"):
        inputs.day(typed)


def test_days_levels_and_whole_numbers():
    assert inputs.day("2028-02-29") == date(2028, 2, 29)
    assert inputs.days("0.75") == Decimal("0.75")
    assert inputs.level("2.5") == Decimal("2.5")
    for typed in ("2.3", "5.5", "-1", ""):
        with pytest.raises(ValueError):
            inputs.level(typed)
    for typed in ("1.9", "true", "1_000", "-1", "", "1000000000", "१"):
        with pytest.raises(ValueError):
            inputs.whole(typed)


def test_lines_hold_no_hidden_letters():
    assert inputs.line("  Cafe\u0301 ") == "Café"
    assert inputs.line("می\u200cخواهم") == "می\u200cخواهم", "scripts that join letters need them"
    for typed in ("a\nb", "a\0b", "a\u202eb", "a\ud800b", "a\u2028b", "a\u2029b", "\u200b\u200d", "x" * 201):
        with pytest.raises(ValueError):
            inputs.line(typed)
    assert inputs.prose("a\r\nb\rc") == "a\nb\nc"
    with pytest.raises(ValueError):
        inputs.prose("a\0b")


@pytest.mark.parametrize(
    "typed",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:1",
        "/a//b",
        "/a/../b",
        "",
        "a",
        "/\nx",
        "/é",
    ],
)
def test_only_own_paths(typed):
    with pytest.raises(ValueError):
        inputs.own_path(typed)


def test_links_and_mail():
    assert inputs.link("https://docs.example/x?y=1") == "https://docs.example/x?y=1"
    for typed in (
        "javascript:alert(1)",
        "ftp://x",
        "https://",
        "https://user@evil.example",
        "//x",
        "http://[",
        "data:text/html,x",
    ):
        with pytest.raises(ValueError):
            inputs.link(typed)
    assert inputs.mail(" Ben@Larkmoor.Example ") == "ben@larkmoor.example"
    for typed in ("", "a@b", "a b@c.de", "a@b..de", "@c.de", "a@c.de\nBcc: x@y.de"):
        with pytest.raises(ValueError):
            inputs.mail(typed)
    assert inputs.code("brk") == "BRK"
    for typed in ("B", "BRKBRKB", "BR1", "ÄÖ", ""):
        with pytest.raises(ValueError):
            inputs.code(typed)


PARSERS = [
    inputs.whole, inputs.money, inputs.days, inputs.level, inputs.duration, inputs.day, inputs.month, inputs.line, inputs.prose, inputs.mail,
    inputs.link, inputs.code, inputs.zone, inputs.own_path, inputs.truth,
]  # fmt: skip


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
@settings(max_examples=500)
@given(typed=st.text())
def test_any_text_is_taken_or_refused_with_a_sentence(parser, typed):
    try:
        parser(typed)
    except ValueError as error:
        assert type(error) is ValueError
        assert len(str(error)) > 10
        assert "invalid" not in str(error).lower()


@settings(max_examples=500)
@given(minutes=st.integers(1, 1440))
def test_every_duration_comes_back(minutes):
    from crm.core import words

    assert inputs.duration(words.clock_hours(minutes)) == minutes
    assert inputs.duration(f"{minutes}m") == minutes


def test_a_measured_figure_may_lie_below_nothing():
    assert [inputs.figure(text) for text in ("96.5", "-3", "0", "1,25")] == [Decimal("96.5"), -3, 0, Decimal("1.25")]
    for wrong in ("many", "--3", "1.234"):
        with pytest.raises(ValueError, match=r"96\.5 or -3"):
            inputs.figure(wrong)


def test_a_party_is_of_one_side():
    assert (inputs.party("contact-3"), inputs.party("person-2")) == (("contact", 3), ("person", 2))
    for wrong in ("robot-1", "person-x", "person-0", "person", ""):
        with pytest.raises(ValueError, match=r"^(Choose one of the list|.*number.*)"):
            inputs.party(wrong)
