"""What is asked and what it comes to: the book's counts, its worked example, and what holds whatever is answered."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.core.twelve import TWELVE
from crm.maturity.compare import Wedge, compared, total
from crm.maturity.models import Answer, results_of
from crm.maturity.questions import by_id, chapters
from crm.maturity.scoring import score_of
from crm.maturity.told import of_both, what_is_left

pytestmark = pytest.mark.engine_free
ANSWERS = st.lists(st.none() | st.integers(0, 5), max_size=9)


def test_the_questions_are_those_of_the_book():
    assert len(by_id()) == 85
    assert list(chapters()) == [row.code for row in TWELVE]
    for chapter in chapters().values():
        assert len(chapter.levels) == 6
        assert len(set(chapter.levels)) == 6
        assert [one.id for one in chapter.questions] == [
            f"{chapter.area.code}-Q{n}" for n in range(1, len(chapter.questions) + 1)
        ]


@pytest.mark.parametrize("question", by_id().values(), ids=lambda one: one.id)
def test_every_question_begins_at_nought_and_can_reach_level_five(question):
    scores = [one.score for one in question.options]
    assert (scores[0], scores[-1]) == (0, 5)
    assert scores == sorted(set(scores)), "each option has a score of its own"


def test_the_worked_example():
    """3, 3, 4, 2, 5, 3, 0: the mean is 20/7, which is 2.5 in halves; the lowest is 0, so 2.0 is the most."""
    score = score_of([3, 3, 4, 2, 5, 3, 0], 7)
    assert (score.raw, score.level, score.is_held_down) == (Fraction(20, 7), Decimal("2.0"), True)
    assert not score.is_provisional


@pytest.mark.parametrize(
    ("scores", "level"),
    [([5] * 7, "5"), ([0] * 7, "0"), ([4, 5], "4.5"), ([4, 4, 5], "4"), ([3, 5, 5, 5], "4.5"), ([2, 5, 5, 5], "4"), ([1, 5, 5, 5, 5], "3")],
)  # fmt: skip
def test_rounded_down_and_held_by_the_weakest(scores, level):
    assert score_of(scores, len(scores)).level == Decimal(level)


def test_what_does_not_apply_is_left_out_of_the_mean_and_is_no_answer():
    score = score_of([4, None, 4, None, 4, 4, 4], 7)
    assert (score.level, score.answered) == (Decimal(4), 5)
    assert score.is_provisional, "five of seven are fewer than three quarters"
    assert not score_of([4] * 6 + [None], 8).is_provisional, "three quarters are enough"
    assert score_of([None] * 7, 7).level is None


@given(ANSWERS)
def test_whatever_is_answered(scores):
    score = score_of(scores, 9)
    given_ones = [one for one in scores if one is not None]
    assert (score.level is None) == (not given_ones)
    if score.level is not None:
        assert score.level * 2 == int(score.level * 2)
        assert min(given_ones) <= score.level <= min(given_ones) + 2
        assert score.level <= Fraction(sum(given_ones), len(given_ones))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.data())
def test_a_better_answer_never_lowers_the_level(scores, data):
    place = data.draw(st.integers(0, len(scores) - 1))
    better = [*scores]
    better[place] = data.draw(st.integers(scores[place], 5))
    assert score_of(better, 8).level >= score_of(scores, 8).level


def answered(area, *scores):
    questions = next(one for one in chapters().values() if one.area.code == area).questions
    return [
        Answer(question=question.id, score=score, not_applicable=False)
        for question, score in zip(questions, scores, strict=False)
    ]


def test_two_runs_beside_each_other():
    before = results_of([*answered("STR", 0, 0, 1), *answered("VEN", 5, 5)])
    now = results_of([*answered("STR", 3, 3, 3), *answered("VEN", 3, 5), *answered("SEC", 1)])
    both = compared(before, now)
    assert [(one.now.area.code, one.by) for one in both.rows if one.by is not None] == [
        ("STR", Decimal(3)), ("VEN", Decimal(-1)),
    ]  # fmt: skip
    assert (both.better, both.worse, both.before, both.now) == (1, 1, Decimal(5), Decimal(8))
    assert [change.question.id for change in both.rows[0].changes] == ["STR-Q1", "STR-Q2", "STR-Q3"]
    assert of_both(both) == "From 5 to 8 of 60: 1 area is better, 1 is worse. Strategy won most, 3 levels."


def test_what_is_left_is_said_before_it_is_finished():
    assert what_is_left(results_of(answered("STR", 3, 3))) == (
        "83 questions are still open, 11 areas would have no level and 1 area would be provisional."
    )
    everything = [Answer(question=one, score=5, not_applicable=False) for one in by_id()]
    assert what_is_left(results_of(everything)) == "Every question is dealt with."
    assert total(results_of(everything)) == 60


@pytest.mark.parametrize(
    ("now", "before", "drawn"),
    [("1.5", None, ["won"] * 3 + [""] * 7), ("1.5", "1", ["kept", "kept", "won"] + [""] * 7), ("0.5", "1.5", ["kept", "lost", "lost"] + [""] * 7)],
)  # fmt: skip
def test_what_the_ring_draws(now, before, drawn):
    wedge = Wedge(1, "Strategy", Decimal(now), None, None if before is None else Decimal(before))
    assert [kind for _, kind in wedge.halves] == drawn
