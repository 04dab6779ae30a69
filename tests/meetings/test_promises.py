"""What becomes of a promise, a decision and a risk: kept, late, broken, agreed; looked back at; weighed anew."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.areas.across.models import Decision, DecisionStatus, RaidItem, RaidType
from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.core import clock
from crm.core.viewer import SYSTEM
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from tests.cast import TODAY

PROMISES, DECISIONS, RISKS = (
    f"/clients/1/areas/{one}/" for one in ("stakeholders/commitments", "services/decisions", "services/risks")
)


@pytest.fixture
def row(cast, stage):
    def made(model, area="ITM", **more):
        now = clock.now()
        one = model(client_id=1, area=area, made_at=now, changed_at=now, made_by_id=2, **more)
        stage.add(one)
        stage.commit()
        return one

    return made


@pytest.fixture
def promise(row):
    def made(**more):
        told = {
            "what": "A list",
            "to_contact_id": 1,
            "department": "finance",
            "promised_on": TODAY - timedelta(20),
            "due": TODAY - timedelta(5),
        }
        return row(Commitment, "STK", **(told | more))

    return made


def step(browser, home, one, name, stage, **typed):
    stage.refresh(one)
    answer = browser.send(f"{home}{one.id}/steps/{name}", **({"version": one.version} | typed))
    stage.refresh(one)
    return answer


@pytest.mark.parametrize(("days", "status"), [(5, "kept"), (4, "late"), (6, "kept")])
def test_done_by_its_day_is_kept_after_it_late(promise, sign_in, cast, stage, days, status):
    one = promise()
    on = TODAY - timedelta(days)
    assert step(sign_in(cast.tess), PROMISES, one, "keeping", stage, on=str(on)).status_code == 303
    assert (one.status, one.done_on) == (status, on)


def test_a_broken_promise_is_said_openly(promise, sign_in, cast, stage, see, words):
    one = promise(visibility="client")
    ben = sign_in(cast.ben)
    asked = step(ben, PROMISES, one, "breaking", stage, reason="")
    assert (asked.status_code, "Say why" in words(asked)) == (422, True)
    assert step(ben, PROMISES, one, "breaking", stage, reason="The supplier left").status_code == 303
    assert (one.status, one.closing) == (CommitmentStatus.BROKEN, "The supplier left")
    assert step(ben, PROMISES, one, "keeping", stage, on=str(TODAY)).status_code == 409
    with see(SYSTEM):
        (letter,) = letters_of("commitment.broken", {"entry_id": one.id})
        assert (letter.to.name, "The supplier left" in letter.text) == ("Cora", True)


def test_a_promise_is_dropped_with_whoever_it_was_made_to(promise, sign_in, cast, stage):
    one, quiet = promise(visibility="client"), promise(what="Unsaid")
    ben = sign_in(cast.ben)
    ahead = step(ben, PROMISES, one, "withdrawal", stage, on=str(TODAY + timedelta(1)), words="Not needed")
    assert ahead.status_code == 422
    for which in (one, quiet):
        assert step(ben, PROMISES, which, "withdrawal", stage, on=str(TODAY), words="Not needed").status_code == 303
        assert (which.status, which.agreed_on) == (CommitmentStatus.WITHDRAWN, TODAY)
    assert [one.topic for one in stage.scalars(select(Outbox))] == ["commitment.withdrawn"], (
        "what only the team reads is told by nobody"
    )
    assert step(sign_in(cast.cora), PROMISES, one, "keeping", stage, on=str(TODAY)).status_code == 403


def test_the_record_of_a_department(promise, sign_in, cast, words):
    for status in ("kept", "kept", "late", "broken", "withdrawn", "open"):
        promise(status=status)
    page = words(sign_in(cast.ben).get("/clients/1/meetings/"))
    assert "2 of 5 kept in time; 1 late, 1 broken, 1 overdue" in page, "what was dropped by agreement does not count"


def test_what_came_of_a_decision_is_asked_on_its_day(row, sign_in, cast, stage, words):
    told = {
        "question": "Which till?",
        "options": ["Old", "New"],
        "needed_by": TODAY,
        "owner_contact_id": 1,
        "cost_a_week": 35000,
    }
    one = row(
        Decision,
        status=DecisionStatus.DECIDED,
        outcome="New",
        decided_on=TODAY - timedelta(90),
        review_on=TODAY,
        **told,
    )
    ben = sign_in(cast.ben)
    assert "say what came of it" in words(ben.get("/today"))
    assert "say what came of it" not in words(sign_in(cast.tess).get("/today")), "whoever leads is asked"
    assert step(ben, DECISIONS, one, "outcome", stage, words="").status_code == 422
    assert step(ben, DECISIONS, one, "outcome", stage, words="Queues are half as long").status_code == 303
    assert (one.came_of_it, one.came_on) == ("Queues are half as long", TODAY)
    assert "say what came of it" not in words(ben.get("/today"))
    assert "Queues are half as long" in words(ben.get(f"{DECISIONS}{one.id}"))
    assert step(ben, DECISIONS, one, "outcome", stage, words="Again").status_code == 409


def test_waiting_has_its_cost(cast):
    one = Decision(status=DecisionStatus.NEEDED, needed_by=TODAY - timedelta(8), cost_a_week=35000, question="x")
    assert (one.waited(TODAY), one.waiting_has_cost(TODAY)) == (2, 70000)
    assert one.waiting_has_cost(TODAY - timedelta(8)) is None
    one.cost_a_week = None
    assert one.waiting_has_cost(TODAY) is None


def test_a_risk_is_looked_at_again_on_its_day(row, sign_in, cast, stage, words):
    told = {"title": "Stock fails", "type": RaidType.RISK, "likelihood": 2, "impact": 5}
    one = row(RaidItem, owner_person_id=5, next_review=TODAY - timedelta(1), **told)
    tess = sign_in(cast.tess)
    assert "look at the risk again" in words(tess.get("/today"))
    typed = {"likelihood": "4", "impact": "5", "next_review": str(TODAY), "note": "The vendor is sold"}
    early = step(tess, RISKS, one, "look", stage, **typed)
    assert (early.status_code, "comes after this one" in words(early)) == (422, True)
    assert (
        step(tess, RISKS, one, "look", stage, **(typed | {"next_review": str(TODAY + timedelta(30))})).status_code
        == 303
    )
    assert (one.score, one.reviewed_on, one.next_review) == (20, TODAY, TODAY + timedelta(30))
    page = words(tess.get(f"{RISKS}{one.id}"))
    assert "2 × 5, now 4 × 5" in page
    assert "The vendor is sold" in page
    assert "look at the risk again" not in words(tess.get("/today"))


def test_today_is_ones_own(row, promise, sign_in, cast, words):
    promise(what="Ben keeps it")
    promise(what="Tess keeps it", keeper_id=5)
    row(Decision, question="Late question?", options=["Yes", "No"], needed_by=TODAY - timedelta(2), owner_contact_id=1)
    ben, tess, finn = (words(sign_in(one).get("/today")) for one in (cast.ben, cast.tess, cast.finn))
    assert ("Ben keeps it" in ben, "Tess keeps it" in ben, "Late question?" in ben) == (True, False, True)
    assert ("Ben keeps it" in tess, "Tess keeps it" in tess) == (False, True)
    assert not any(said in finn for said in ("keeps it", "Late question?"))
