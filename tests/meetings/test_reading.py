"""One line, and what is meant with it: kind, who, by when, where; what nobody said is a guess, and says so."""

from datetime import date

import pytest

from crm.clients.models import DepartmentKind
from crm.core import inputs
from crm.core.twelve import Area
from crm.meetings.reading import LineKind, Party, read_line

pytestmark = pytest.mark.engine_free
TUESDAY = date(2026, 11, 24)
GWEN = Party("contact-3", "Gwen Parry", 1, DepartmentKind.FINANCE)
HILL = Party("contact-4", "Gwen Hill", 1)
CARYS = Party("contact-1", "Carys Brackenhill", 1, DepartmentKind.EXECUTIVE)
RUTH = Party("person-2", "Ruth Kettering")
PEOPLE = (GWEN, CARYS, RUTH)


def read(text, people=PEOPLE, **more):
    return read_line(text, people, TUESDAY, **({"writer": RUTH} | more))


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Friday", date(2026, 11, 27)), ("tue", date(2026, 12, 1)), ("next Friday", date(2026, 12, 4)), ("tomorrow", date(2026, 11, 25)),
     ("today", TUESDAY), ("in two weeks", date(2026, 12, 8)), ("in 3 days", date(2026, 11, 27)), ("3 December", date(2026, 12, 3)),
     ("Dec 3", date(2026, 12, 3)), ("the 3rd", date(2026, 12, 3)), ("10 Nov", date(2027, 11, 10)), ("3 Feb 2028", date(2028, 2, 3)),
     ("end of month", date(2026, 11, 30)), ("end of January", date(2027, 1, 31)), ("next week", date(2026, 12, 4)), ("31", date(2026, 12, 31)),
     ("2026-12-03", date(2026, 12, 3))],
)  # fmt: skip
def test_days_as_people_say_them(said, meant):
    assert inputs.spoken_day(said, TUESDAY) == meant


@pytest.mark.parametrize(
    "said", ["soon", "", "99 December", "3 Foo", "in zero days", "30 February", "3 Feb 3026", "2026-13-01"]
)
def test_what_is_no_day_is_refused_in_words(said):
    with pytest.raises(ValueError, match="Say"):
        inputs.spoken_day(said, TUESDAY)


@pytest.mark.parametrize(
    ("said", "meant"), [("14:30", "14:30"), ("9", "09:00"), ("2pm", "14:00"), ("12 am", "00:00"), ("9.05", "09:05")]
)
def test_times_as_people_write_them(said, meant):
    assert inputs.time_of_day(said) == meant
    for wrong in ("25", "13pm", "9:75", "noon"):
        with pytest.raises(ValueError, match="Write a time"):
            inputs.time_of_day(wrong)


def test_an_action_with_all_that_it_needs():
    said = read("action: Gwen renews the certificate by Friday @gwen #security")
    assert (said.kind, said.title, said.who, said.due, said.area) == (
        LineKind.ACTION, "Gwen renews the certificate", GWEN, date(2026, 11, 27), Area.SEC,
    )  # fmt: skip
    assert (said.guessed, said.problems) == (frozenset(), ())


def test_what_nobody_said_is_a_guess():
    said = read("renew the certificate")
    assert (said.kind, said.who, said.due, said.area) == (LineKind.ACTION, RUTH, date(2026, 12, 1), Area.STR)
    assert said.guessed == {"who", "due", "area"}
    named = read("action: Carys signs the lease by 3 Dec")
    assert (named.who, named.guessed) == (CARYS, {"who", "area"})


def test_a_by_that_is_no_day_stays_in_the_words():
    said = read("Pay by card, not by bank @gwen by tomorrow please")
    assert (said.title, said.due) == ("Pay by card, not by bank please", date(2026, 11, 25))


def test_two_of_one_name_are_told_apart():
    both = (*PEOPLE, HILL)
    assert "may be Gwen Parry and Gwen Hill" in read("Ring @gwen", both).problems[0]
    assert read("Ring them @gwen.hill", both).who == HILL
    assert read("Ring them @hill", both).who == HILL
    assert "Nobody here is called “zoe”" in read("Ring @zoe").problems[0]


def test_a_decision_says_what_was_decided():
    said = read("decision: The stock system is replaced in spring @carys")
    assert (said.kind, said.title, said.who, said.problems) == (
        LineKind.DECISION,
        "The stock system is replaced in spring",
        CARYS,
        (),
    )
    assert read("decided: We stay").who is None


def test_a_question_has_options_and_somebody_who_decides():
    said = read("question: Where do the backups go? A second site / The cloud by 3 December @carys")
    assert (said.title, said.options, said.due) == (
        "Where do the backups go?",
        ("A second site", "The cloud"),
        date(2026, 12, 3),
    )
    assert read("question: Do we stay? @carys").options == ("Yes", "No")
    assert "Say who of the client decides" in read("question: Do we stay? @ruth").problems[0]


def test_a_promise_is_made_to_somebody_with_a_department():
    said = read("Wireless at the saw by end of month @gwen", usual=LineKind.PROMISE)
    assert (said.kind, said.who, said.department, said.area) == (
        LineKind.PROMISE,
        GWEN,
        DepartmentKind.FINANCE,
        Area.STK,
    )
    assert "to whom of the client" in read("promise: A list by Friday @ruth").problems[0]
    assert "No department of Gwen Hill is known" in read("promise: A list @hill", (HILL,)).problems[0]
    assert read("promise: A list @hill #operations", (HILL,)).problems == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [("action: @gwen", "Say what it is about"), ("x #nowhere", "none of the twelve"), ("y" * 201, "200 characters")],
)
def test_what_is_missing_is_said(text, said):
    assert any(said in one for one in read(text).problems)
