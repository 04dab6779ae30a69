from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core import clock, words


def test_how_things_are_written():
    assert words.day(date(2026, 11, 17)) == "17 November 2026"
    assert words.long_day(date(2026, 11, 17)) == "Tuesday 17 November"
    assert words.money(620000, "GBP") == "£6,200"
    assert words.money(620050, "GBP") == "£6,200.50"
    assert words.money(None, "GBP") == words.NOTHING
    assert words.hours(90) == "1.50 h"
    assert words.clock_hours(90) == "1:30"
    assert words.spoken(30) == "30 min"
    assert words.spoken(90) == "1 h 30 min"
    assert words.days_of(90) == "0.20 days"
    assert words.amount(Decimal("1.50")) == "1.5"
    assert words.count_days(Decimal(1)) == "1 day"
    assert words.percent(Decimal("70")) == "70.0 %"
    assert words.percent(None) == words.NOTHING  # never 0 %
    assert words.plural(1, "day") == "1 day"
    assert words.plural(2, "entry", "entries") == "2 entries"
    assert words.plural(1204, "row") == "1,204 rows"
    assert words.listed(["Ada", "Ben", "Cora"]) == "Ada, Ben and Cora"
    assert words.worded("changes_requested") == "Changes requested"
    assert words.initials("Dr Yasmin Farouk") == "DF"


@pytest.mark.parametrize(
    ("value", "places", "shown"), [("0.25", 1, "0.3"), ("-0.25", 1, "-0.3"), ("2.345", 2, "2.35"), ("0.05", 1, "0.1")]
)
def test_halves_go_away_from_zero(value, places, shown):
    assert str(words.half_up(Decimal(value), places)) == shown


def test_how_near_a_day_is():
    today = date(2026, 11, 17)
    said = {n: words.distance(today + timedelta(n), today) for n in (-9, -1, 0, 1)}
    assert said == {-9: "9 days overdue", -1: "1 day overdue", 0: "Due today", 1: "Tomorrow"}
    assert [words.nearness(today + timedelta(n), today) for n in (-1, 0, 2, 3)] == ["late", "soon", "soon", ""]


def test_instants_are_shown_in_the_practices_zone():
    clock.keep_time_of("Europe/London")
    try:
        assert words.moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026, 00:30"
        assert words.moment(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == "1 December 2026, 23:30"
    finally:
        clock.keep_time_of("UTC")


@settings(max_examples=500)
@given(value=st.decimals(-(10**9), 10**9, allow_nan=False, places=4))
def test_rounding_moves_by_less_than_a_half(value):
    assert abs(words.half_up(value, 2) - value) <= Decimal("0.005")


def test_spans_figures_and_parts():
    year = clock.today().year
    assert words.span(date(year, 11, 16), date(year, 11, 22)) == "16 to 22 November"
    assert words.span(date(year, 11, 30), date(year, 12, 6)) == "30 November to 6 December"
    assert words.span(date(2019, 12, 30), date(2020, 1, 5)) == "30 December 2019 to 5 January 2020"
    assert [words.figure(minutes) for minutes in (0, None, 1, 90, 1440)] == ["–", "–", "0.02", "1.50", "24.00"]
    assert [words.figure(-15), words.hours(-15), words.days_of(-90)] == ["−0.25", "−0.25 h", "−0.20 days"]
    assert words.money(-55_000, "GBP") == "−£550"
    assert (words.decimals(Decimal("-0.35")), words.FILTERS["decimals"](Decimal("-0.35"))) == ("-0.35", "−0.35"), (
        "a file and a field say what a program reads"
    )
    assert [words.part(minutes, 600) for minutes in (0, None, 1, 300, 601)] == [0, 0, 1, 50, 100]
    assert words.part(5, 0) == 0


def test_the_size_of_a_sum():
    said = {3_100_000_000: "£31m", 820_000_000: "£8.2m", 42_000_000: "£420k", 99_999: "£1k", 99_900: "£999", 50: "£1", None: "–",
            123_456_789_000: "£1.2bn"}  # fmt: skip
    assert {minor: words.short_money(minor, "GBP") for minor in said} == said


def test_a_text_begins_with_a_capital():
    assert [words.headed(text) for text in ("food, Hull", "NHS trust", "", "élan")] == [
        "Food, Hull",
        "NHS trust",
        "",
        "Élan",
    ]


def test_a_name_goes_on_in_small_letters_inside_a_sentence():
    assert [words.lowered(text) for text in ("Security controls", "IT services", "", "A must")] == [
        "security controls",
        "IT services",
        "",
        "a must",
    ]


@pytest.mark.parametrize(
    ("deed", "told"),
    [("add", "added"), ("archive", "archived"), ("send_back", "sent back"), ("begin_closing", "began closing"), ("cancel", "cancelled"),
     ("submit", "submitted"), ("pass_review", "passed review"), ("publish", "published"), ("take_back", "took back"), ("retry", "retried"),
     ("bring", "brought"), ("delay", "delayed")],
)  # fmt: skip
def test_a_deed_as_history_tells_it(deed, told):
    assert words.past(deed) == told


def test_any_value_as_a_list_shows_it():
    found = [words.cell(one) for one in (None, "", True, Decimal("2.50"), date(2026, 11, 17), "Ada")]
    assert found == [words.NOTHING, words.NOTHING, "Yes", "2.5", words.short_day(date(2026, 11, 17)), "Ada"]
    assert words.cell(date(2026, 11, 17), words.iso) == "2026-11-17"


def test_figures_of_one_column_have_the_same_decimals():
    column = [Decimal("4.00"), None, Decimal("3.10"), Decimal("2.25")]
    assert words.places_of(column) == 2
    assert [words.cell_of_column(one, 2) for one in (*column, 7)] == ["4.00", words.NOTHING, "3.10", "2.25", "7"]
    assert words.cell_of_column(Decimal("4.00"), words.places_of([Decimal("4.00")])) == "4"


def test_money_of_a_column_with_pence():
    assert [words.money(620000, "GBP"), words.money(620050, "GBP")] == ["£6,200", "£6,200.50"]
    assert words.money(620000, "GBP", pence=True) == "£6,200.00"
