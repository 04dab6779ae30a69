"""The talk: each answer is kept at once, nothing typed is lost, and nobody overwrites a colleague unseen."""

import re

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry, AuditText
from crm.core.ownership import Visibility
from crm.maturity.models import AssessmentState

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
PAGE = "/assessments/1/areas/vendors"


def one(browser, question, *, seen="0", part=True, speaker="", **typed):
    """Tap an answer: what htmx sends, which is the whole form, though only this question is meant."""
    fields = {f"{question}-{name}": value for name, value in typed.items()} | {f"{question}-seen": seen}
    return browser.post(
        f"/assessments/1/answers/{question}", data=fields | {"speaker": speaker}, headers=PART if part else {}
    )


def seen_in(page, question="VEN-Q1"):
    return re.search(rf'name="{question}-seen" value="([^"]*)"', page.get_data(as_text=True))[1]


def test_an_answer_is_kept_as_soon_as_it_is_tapped(sign_in, cast, run, said, words):
    answer = one(sign_in(cast.tess), "VEN-Q1", score="3", speaker="cora")
    assert answer.status_code == 200
    assert "Saved, said by Cora" in words(answer)
    assert "1 of 7 answered" in words(answer)
    kept = said()["VEN-Q1"]
    assert (kept.score, kept.said_by_id, kept.said_by, kept.written_by_id) == (3, cast.contacts.cora.id, "", 5)


def test_it_stands_there_when_the_page_is_opened_again(sign_in, cast, run, words):
    ben = sign_in(cast.ben)
    one(ben, "VEN-Q1", score="3", comment="The calendar is Huw’s", by="two of the buyers")
    page = ben.get(PAGE).get_data(as_text=True)
    assert re.search(r'name="VEN-Q1-score" value="3" checked', page)
    assert "The calendar is Huw’s" in page
    assert 'name="speaker" value="two of the buyers"' in page, "whoever spoke last is most likely still there"


def test_not_applicable_and_taking_it_back(sign_in, cast, run, said):
    ben = sign_in(cast.ben)
    one(ben, "VEN-Q1", score="na", comment="They have one supplier")
    assert said()["VEN-Q1"].not_applicable
    one(ben, "VEN-Q1", seen=seen_in(ben.get(PAGE)), score="", comment="They have one supplier")
    kept = said()["VEN-Q1"]
    assert (kept.score, kept.not_applicable, kept.comment) == (None, False, "They have one supplier")


def test_a_comment_alone_is_kept_and_is_no_answer(sign_in, cast, run, said, words):
    answer = one(sign_in(cast.ben), "VEN-Q1", score="", comment="Ask Huw")
    assert said()["VEN-Q1"].comment == "Ask Huw"
    assert "0 of 7 answered" in words(answer)


def test_saying_nothing_leaves_no_row(sign_in, cast, run, said):
    assert one(sign_in(cast.ben), "VEN-Q1", score="").status_code == 200
    assert said() == {}


def test_the_page_is_saved_whole_without_script_and_leads_on(sign_in, cast, run, said):
    ben = sign_in(cast.ben)
    typed = {"VEN-Q1-score": "0", "VEN-Q2-score": "na", "VEN-Q3-comment": "Later", "speaker": "Vic", "then": "security"}
    typed |= {f"VEN-Q{n}-seen": "0" for n in range(1, 8)}
    answer = ben.send(PAGE, **typed)
    assert (answer.status_code, answer.location) == (303, "/assessments/1/areas/security")
    assert sorted(said()) == ["VEN-Q1", "VEN-Q2", "VEN-Q3"]
    assert {kept.said_by_id for kept in said().values()} == {cast.contacts.vic.id}
    assert ben.send(PAGE, **typed | {"then": "result"}).location == "/assessments/1"


def test_another_speaks_from_here_on_and_what_was_said_before_stays_theirs(sign_in, cast, run, said):
    """The page is not loaded anew between taps: the first answer's own field is still empty when Vic takes over."""
    ben = sign_in(cast.ben)
    kept = {"VEN-Q1-score": "3", "VEN-Q1-seen": seen_in(one(ben, "VEN-Q1", score="3", speaker="Cora"))}
    kept |= {"VEN-Q2-score": "5", "VEN-Q2-seen": "0", "VEN-Q2-by": "", "VEN-Q1-by": "", "speaker": "Vic"}
    assert ben.send(PAGE, **kept).status_code == 303
    assert [said()[key].said_by_id for key in ("VEN-Q1", "VEN-Q2")] == [cast.contacts.cora.id, cast.contacts.vic.id]
    one(ben, "VEN-Q1", seen=seen_in(ben.get(PAGE)), score="0", by="Cora", speaker="Vic")
    assert said()["VEN-Q1"].said_by_id == cast.contacts.vic.id, "what is said anew is said by whoever speaks now"
    one(ben, "VEN-Q1", seen=seen_in(ben.get(PAGE)), score="0", by="somebody else", speaker="Vic")
    assert (said()["VEN-Q1"].said_by_id, said()["VEN-Q1"].said_by) == (None, "somebody else")


def test_the_same_said_twice_is_said_once(sign_in, cast, run, said, stage):
    ben = sign_in(cast.ben)
    for _ in range(2):
        assert one(ben, "VEN-Q1", part=False, score="3").status_code == 303
    assert said()["VEN-Q1"].version == 1
    assert stage.scalars(select(AuditEntry.verb)).all() == ["assessment.answer"]


def test_one_may_change_ones_own_answer_however_fast(sign_in, cast, run, said):
    """Arrow keys send one answer after another, the second before the first was answered."""
    ben = sign_in(cast.ben)
    for score in ("0", "1", "3"):
        assert one(ben, "VEN-Q1", score=score).status_code == 200
    assert said()["VEN-Q1"].score == 3


def test_a_colleague_is_not_overwritten_unseen(sign_in, cast, run, said, words):
    ben, tess = sign_in(cast.ben), sign_in(cast.tess)
    one(ben, "VEN-Q1", score="3")
    refused = one(tess, "VEN-Q1", score="0")
    assert refused.status_code == 409
    assert "a colleague answered this meanwhile" in words(refused)
    assert re.search(r"Now it says: .+ \(Ben, \d\d:\d\d\)", words(refused))
    assert said()["VEN-Q1"].score == 3
    assert one(tess, "VEN-Q1", seen=seen_in(refused), score="0").status_code == 200, "knowingly"
    assert said()["VEN-Q1"].score == 0


def test_without_script_both_are_shown_and_nothing_else_typed_is_lost(sign_in, cast, run, said, words):
    ben, tess = sign_in(cast.ben), sign_in(cast.tess)
    one(ben, "VEN-Q1", score="3")
    typed = {
        "VEN-Q1-score": "0",
        "VEN-Q1-seen": "0",
        "VEN-Q2-score": "5",
        "VEN-Q2-seen": "0",
        "VEN-Q3-comment": "Typed",
        "VEN-Q3-seen": "0",
    }
    refused = tess.send(PAGE, **typed)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "Typed" in page
    assert re.search(r'name="VEN-Q1-score" value="0" checked', page)
    assert "Now it says" in page
    assert sorted(said()) == ["VEN-Q1"], "all of it or nothing"
    again = typed | {f"VEN-Q{n}-seen": seen_in(refused, f"VEN-Q{n}") for n in (1, 2, 3)}
    assert tess.send(PAGE, **again).status_code == 303
    assert {key: kept.score for key, kept in said().items()} == {"VEN-Q1": 0, "VEN-Q2": 5, "VEN-Q3": None}


def test_what_one_did_not_touch_is_no_clash(sign_in, cast, run, said):
    """Tess opened the page, Ben answered the first question, Tess answers the second and saves the page."""
    ben, tess = sign_in(cast.ben), sign_in(cast.tess)
    one(ben, "VEN-Q1", score="0")
    opened = tess.get(PAGE)
    one(ben, "VEN-Q1", score="3")
    typed = {f"VEN-Q{n}-seen": seen_in(opened, f"VEN-Q{n}") for n in (1, 2)}
    assert tess.send(PAGE, **typed, **{"VEN-Q1-score": "0", "VEN-Q2-score": "5"}).status_code == 303
    assert (said()["VEN-Q1"].score, said()["VEN-Q2"].score) == (3, 5)


def test_the_history_keeps_the_figures_and_not_the_words(sign_in, cast, run, stage):
    ben = sign_in(cast.ben)
    one(ben, "VEN-Q1", score="0", comment="Said in confidence")
    one(ben, "VEN-Q1", score="3", comment="Said in confidence")
    assert stage.scalars(select(AuditText.body).order_by(AuditText.id)).all() == ["VEN-Q1: 0, now 3"]


@pytest.mark.parametrize(
    ("typed", "words_of_it"),
    [({"score": "4"}, "Choose one of the list"), ({"score": "3", "by": "x" * 201}, "at most 200"), ({"score": "3", "comment": "x" * 2001}, "2,000|2000")],
)  # fmt: skip
def test_a_bad_answer_is_said_beside_it(typed, words_of_it, sign_in, cast, run, said, words):
    ben = sign_in(cast.ben)
    part = one(ben, "VEN-Q1", **typed)
    assert part.status_code == 422
    assert re.search(words_of_it, words(part))
    whole = one(ben, "VEN-Q1", part=False, **typed)
    assert (whole.status_code, said()) == (422, {})
    assert "7. What the levels" not in words(whole)


@pytest.mark.parametrize(
    ("who", "code"), [("ada", 200), ("tess", 200), ("eve", 404), ("finn", 404), ("cora", 403), ("abe", 403)]
)
def test_who_writes(who, code, sign_in, cast, run, said):
    assert one(sign_in(getattr(cast, who)), "VEN-Q1", score="3").status_code == code
    assert bool(said()) == (code == 200)


@pytest.mark.parametrize("state", [AssessmentState.FINISHED, AssessmentState.SET_ASIDE])
def test_what_is_over_takes_no_answer(state, sign_in, cast, run, said, stage, words):
    run.state = state
    if state is AssessmentState.FINISHED:
        run.finished_on, run.visibility = run.began_on, Visibility.CLIENT
    stage.commit()
    ben = sign_in(cast.ben)
    refused = one(ben, "VEN-Q1", score="3")
    assert (refused.status_code, said()) == (409, {})
    assert "Not saved" in words(refused)
    assert ben.send(PAGE, **{"VEN-Q1-score": "3", "VEN-Q1-seen": "0"}).status_code == 409
    page = ben.get(PAGE)
    assert '<form class="ask"' not in page.get_data(as_text=True)


def test_what_there_is_not(sign_in, cast, run):
    ben = sign_in(cast.ben)
    assert one(ben, "VEN-Q99", score="3").status_code == 404
    assert ben.get("/assessments/1/areas/nothing").status_code == 404
    assert ben.get("/assessments/77/areas/vendors").status_code == 404


def test_a_tap_costs_eight_statements_and_the_page_twelve(sign_in, cast, run, answer_all, statements):
    ben = sign_in(cast.ben)
    with statements() as few:
        one(ben, "VEN-Q1", score="3")
    assert len(few) <= 8, "\n".join(few)
    with statements() as little:
        ben.get(PAGE)
    answer_all(run, but="VEN-Q1")
    with statements() as much:
        ben.get(PAGE)
    assert len(much) == len(little) <= 12
