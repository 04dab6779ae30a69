"""The internal review: somebody else reads it, criterion by criterion, and every round is kept for the team."""

from sqlalchemy import select

from crm.deliverables.rounds.models import Outcome, ReviewRound
from crm.deliverables.states import State
from tests.html import faults


def url(owed, more=""):
    return f"/deliverables/{owed.id}{more}"


def test_two_rounds_are_kept_with_what_was_found(sign_in, cast, owe, again, stage):
    owed, tess, ada, cora = owe(State.IN_PROGRESS), sign_in(cast.tess), sign_in(cast.ada), sign_in(cast.cora)
    first, second = (one.id for one in owed.criteria)
    tess.send(url(owed, "/review"), version=again(owed).version, reviewer_id="1")
    page = ada.get(url(owed, "/review/pass")).text
    assert "The cost of both systems is stated" in page
    assert faults(page) == []
    half = {"holds": str(first), "remark": "Nearly"}
    stopped = ada.send(url(owed, "/review/pass"), version=again(owed).version, **half)
    assert (stopped.status_code, "Say of each criterion" in stopped.text, "Nearly" in stopped.text) == (422, True, True)
    answer = ada.send(url(owed, "/review/return"), version=again(owed).version, **half, **{f"points-{second}": "No cost of <b>B</b>"})  # fmt: skip
    assert answer.status_code == 303
    tess.send(url(owed, "/review"), version=again(owed).version, reviewer_id="1")
    assert ada.send(url(owed, "/review/pass"), version=again(owed).version, everything="yes").status_code == 303

    rounds = stage.scalars(select(ReviewRound).order_by(ReviewRound.number)).all()
    assert [(one.number, one.about, one.outcome, one.remark) for one in rounds] == [
        (1, 1, Outcome.RETURNED, "Nearly"), (2, 1, Outcome.PASSED, ""),
    ]  # fmt: skip
    assert [(one.holds, one.remark) for one in rounds[0].points] == [(True, ""), (False, "No cost of <b>B</b>")]
    assert all(one.holds for one in rounds[1].points)
    page = tess.get(url(owed, "/reviews")).text
    assert page.index("Round 2") < page.index("Round 1")
    assert "No cost of &lt;b&gt;B&lt;/b&gt;" in page
    assert faults(page) == []
    assert cora.get(url(owed, "/reviews")).status_code == 403


def test_a_review_ends_with_what_it_is_about(sign_in, cast, owe, again, stage):
    owed = owe(State.INTERNAL_REVIEW)
    agreed = {"agreed_by_id": "1", "agreed_on": "2026-01-05", "reason": "Not wanted"}
    assert sign_in(cast.ben).send(url(owed, "/cancellation"), version=again(owed).version, **agreed).status_code == 303
    assert stage.scalars(select(ReviewRound)).one().outcome is Outcome.DROPPED
