"""F10 by the book: the worked example, the limits of each part, and each rule that forces the verdict."""

from dataclasses import replace
from fractions import Fraction

import pytest

from crm.core.twelve import Area
from crm.core.words import half_up
from crm.deliverables.measures import OnTime
from crm.engagements.scopes import Rag
from crm.health.formulas import AreaWork, Cause, Work, health

pytestmark = pytest.mark.engine_free
GOOD = tuple(AreaWork(area, Rag.GREEN, is_fresh=True) for area in Area)
BEST = Work(OnTime(9, 9), GOOD, Rag.GREEN, contact_days=3, score=5)


def test_the_worked_example():
    areas = (*GOOD[:9], *(replace(one, is_fresh=False) for one in GOOD[9:]))
    found = health(Work(OnTime(9, 11), areas, Rag.AMBER, contact_days=20, score=4))
    assert [half_up(part) for part in found.parts] == [half_up(Fraction(text)) for text in ("81.8", "75", "50", "87.5")]
    assert half_up(found.score) == half_up(Fraction("74.5"))
    assert found.verdict is Rag.AMBER
    assert found.forced_by == ()


def test_nothing_due_nothing_in_scope_and_nothing_judged_count_whole():
    found = health(Work(OnTime(0, 0), (), None, contact_days=0))
    assert found.parts == (100, 100, 100, 75)
    assert found.verdict is Rag.GREEN


@pytest.mark.parametrize(
    ("area", "good"),
    [
        (AreaWork(Area.VEN, Rag.GREEN, is_fresh=True), True),
        (AreaWork(Area.VEN, None, is_fresh=True), True),
        (AreaWork(Area.VEN, Rag.GREEN, is_fresh=False), False),
        (AreaWork(Area.VEN, Rag.RED, is_fresh=True), False),
        (AreaWork(Area.VEN, Rag.RED, is_fresh=True, is_worked_on=True), True),
        (AreaWork(Area.VEN, Rag.RED, is_fresh=True, is_worked_on=True, is_worsening=True), False),
        (AreaWork(Area.VEN, Rag.RED, is_fresh=False, is_worked_on=True), False),
        (AreaWork(Area.VEN, Rag.AMBER, is_fresh=True, is_worsening=True), True),
    ],
)
def test_what_is_good_work_on_an_area(area, good):
    assert area.is_good is good


def test_a_client_red_in_nine_areas_may_have_a_green_engagement():
    red = tuple(AreaWork(one.area, Rag.RED, is_fresh=True, is_worked_on=True) for one in GOOD[:9])
    assert health(replace(BEST, areas=red + GOOD[9:])).verdict is Rag.GREEN


@pytest.mark.parametrize(
    ("colour", "late", "points"),
    [(Rag.GREEN, 0, 100), (Rag.AMBER, 0, 50), (Rag.RED, 0, 0), (Rag.GREEN, 30, 100), (Rag.GREEN, 31, 50), (Rag.RED, 31, 0), (None, 31, 50)],
)  # fmt: skip
def test_the_commercial_part(colour, late, points):
    assert health(replace(BEST, commercial=colour, invoice_late=late)).commercial == points


@pytest.mark.parametrize(
    ("days", "score", "points"),
    [(31, 5, 100), (32, 5, 75), (45, 5, 75), (46, 5, 50), (20, 4, Fraction("87.5")), (0, 1, 50), (0, None, 75), (46, None, 25)],
)  # fmt: skip
def test_the_relationship(days, score, points):
    assert health(replace(BEST, contact_days=days, score=score)).relationship == points


@pytest.mark.parametrize(
    ("change", "cause", "verdict"),
    [
        ({"invoice_late": 60}, Cause.INVOICE, Rag.RED),
        ({"escalations": 1}, Cause.ESCALATION, Rag.RED),
        ({"contact_days": 60}, Cause.CONTACT, Rag.RED),
        ({"most_late": 31}, Cause.LATE, Rag.AMBER),
        ({"has_lead": False}, Cause.LEAD, Rag.AMBER),
    ],
)
def test_each_rule_that_forces_the_verdict(change, cause, verdict):
    found = health(replace(BEST, **change))
    assert (found.forced_by, found.verdict) == ((cause,), verdict)
    assert found.score >= 75, "the score alone would be green"


@pytest.mark.parametrize("change", [{"invoice_late": 59}, {"contact_days": 59}, {"most_late": 30}])
def test_a_day_before_it_forces_nothing(change):
    assert health(replace(BEST, **change)).forced_by == ()


def test_red_is_tested_first_and_the_limits_belong_to_the_better_colour():
    assert health(replace(BEST, most_late=31, invoice_late=60)).verdict is Rag.RED
    green = Work(OnTime(1, 1), GOOD, Rag.RED, contact_days=31)  # 30 + 30 + 0 + 15
    assert (health(green).score, health(green).verdict) == (75, Rag.GREEN)
    amber = Work(OnTime(1, 1), tuple(replace(one, is_fresh=False) for one in GOOD), Rag.AMBER, contact_days=46, score=3)
    assert (health(amber).score, health(amber).verdict) == (45, Rag.RED)
    assert health(replace(amber, score=5)).verdict is Rag.AMBER  # 30 + 0 + 10 + 10
