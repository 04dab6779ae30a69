"""What may become of a risk, an action and a question, and in which words anything else is refused."""

from datetime import date

import pytest

from crm.areas.across.models import (
    Action,
    ActionStatus,
    Assurance,
    Decision,
    DecisionStatus,
    RaidItem,
    RaidStatus,
    RaidType,
)
from crm.areas.asking import meant_by
from crm.areas.vendors.models import RenewalDecision
from crm.core.errors import Refused
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.desk.risks import weight_of

pytestmark = pytest.mark.engine_free
DAY = date(2026, 11, 17)


def item(status=RaidStatus.OPEN, kind=RaidType.RISK, likelihood=3, impact=5, response="A spare server", **more):
    return RaidItem(
        title="The stock system fails", type=kind, likelihood=likelihood, impact=impact, status=status, response=response,
        score=likelihood * impact, visibility=Visibility.TEAM, **more,
    )  # fmt: skip


def question(status=DecisionStatus.NEEDED, **more):
    return Decision(
        client_id=1, area=Area.BCD, question="Eight hours without stock?", options=["Yes", "No"], needed_by=DAY, status=status,
        visibility=Visibility.TEAM, **more,
    )  # fmt: skip


def refusal(deed, *args, **named):
    with pytest.raises(Refused) as refused:
        deed(*args, **named)
    return str(refused.value)


def test_f15():
    """The book's words: from 15 on high, from 8 on medium."""
    for likelihood, impact, weight in ((3, 5, "r"), (5, 3, "r"), (2, 7, "a"), (2, 4, "a"), (7, 1, "")):
        assert weight_of(likelihood * impact) == weight
    row = item(likelihood=4, impact=4)
    row.derive()
    assert (row.score, row.is_high) == (16, True)


def test_open_then_dealt_with_then_closed():
    row = item()
    assert "Nothing is done about it yet" in refusal(row.close, DAY, "It is over")
    row.mitigate()
    assert row.status is RaidStatus.MITIGATING
    assert "not open any more: mitigating" in refusal(row.mitigate)
    row.close(DAY, "The new system runs")
    assert (row.status, row.closed_on, row.closing, row.is_settled) == (
        RaidStatus.CLOSED,
        DAY,
        "The new system runs",
        True,
    )
    assert "settled already: closed" in refusal(row.close, DAY, "Again")
    assert "It is closed" in refusal(row.happen, DAY)


def test_nobody_deals_with_it_in_silence():
    assert refusal(item(response=" ").mitigate) == "Say first what is done about it, and save that."


@pytest.mark.parametrize("status", [RaidStatus.OPEN, RaidStatus.MITIGATING, RaidStatus.ACCEPTED_RISK])
def test_a_risk_comes_true(status):
    row = item(status, likelihood=2)
    row.happen(DAY)
    assert (row.type, row.happened_on) == (RaidType.ISSUE, DAY)
    assert (row.type, row.likelihood) == (RaidType.ISSUE, 5)
    assert row.status is (RaidStatus.MITIGATING if status is RaidStatus.MITIGATING else RaidStatus.OPEN)
    assert refusal(row.happen, DAY) == "Only a risk can come true."


def test_a_high_risk_is_the_sponsors_to_accept():
    row = item(likelihood=3, impact=5)
    assert "A score of 15 is the sponsor’s to accept" in refusal(row.accept, DAY, "So be it")
    row.accept(DAY, "So be it", contact_id=1)
    assert (row.status, row.accepted_by_id, row.accepted_on) == (RaidStatus.ACCEPTED_RISK, 1, DAY)
    low = item(likelihood=2, impact=7)
    low.accept(DAY, "Less than the remedy")
    assert (low.status, low.accepted_by_id, low.acceptance) == (RaidStatus.ACCEPTED_RISK, None, "Less than the remedy")


@pytest.mark.parametrize(
    ("row", "said"),
    [(item(kind=RaidType.ISSUE), "Only a risk can be accepted"), (item(RaidStatus.MITIGATING), "this one is mitigating"),
     (item(RaidStatus.CLOSED), "this one is closed"), (item(RaidStatus.ACCEPTED_RISK), "this one is accepted risk")],
)  # fmt: skip
def test_only_an_open_risk_is_accepted(row, said):
    assert said in refusal(row.accept, DAY, "So be it", contact_id=1)


def test_the_sponsor_is_asked_once_and_reads_it_then():
    row = item()
    row.ask_acceptance(DAY)
    assert (row.waits_for_the_sponsor, row.visibility) == (True, Visibility.CLIENT)
    assert refusal(row.ask_acceptance, DAY) == "The sponsor was asked on 17 November 2026 already."
    row.mitigate()
    assert not row.waits_for_the_sponsor, "what is dealt with needs no word any more"
    assert "Nobody asks for your word" in refusal(row.must_be_asked)


def test_an_action_is_done_or_dropped_and_stays_so():
    done, dropped = (Action(title="Ask", due=DAY, status=ActionStatus.OPEN) for _ in range(2))
    done.finish(DAY)
    dropped.drop("Not needed")
    assert (done.status, done.done_on) == (ActionStatus.DONE, DAY)
    assert (dropped.status, dropped.dropped_reason) == (ActionStatus.DROPPED, "Not needed")
    for row in (done, dropped):
        for deed in (lambda row=row: row.finish(DAY), lambda row=row: row.drop("x")):
            assert refusal(deed) == f"This action is {row.status.value} already."


def test_a_question_is_decided_or_withdrawn():
    decided, withdrawn = question(), question()
    decided.decide(DAY, "Yes", "After a trial")
    withdrawn.withdraw("Nobody asks any more")
    assert (decided.status, decided.outcome, decided.reason) == (DecisionStatus.DECIDED, "Yes", "After a trial")
    assert refusal(decided.decide, DAY, "No", "") == "This question is decided already on 17 November 2026."
    assert refusal(withdrawn.decide, DAY, "No", "") == "This question is withdrawn already."
    assert refusal(withdrawn.revise, DAY) == "Only what was decided can be asked anew."


def test_what_was_decided_is_asked_anew_beside_it():
    first = question(DecisionStatus.DECIDED, id=7, owner_contact_id=1, outcome="Yes", decided_on=DAY)
    again = first.revise(date(2027, 1, 5))
    assert (first.status, first.outcome) == (DecisionStatus.REVISED, "Yes")
    assert (again.revises_id, again.question, again.options, again.needed_by) == (
        7,
        first.question,
        ["Yes", "No"],
        date(2027, 1, 5),
    )
    assert (again.owner_contact_id, again.outcome) == (1, None)


def test_only_somebody_of_the_client_is_asked():
    row = question(owner_name="The board")
    assert "Only somebody of the client is asked" in refusal(row.ask)


def test_an_assurance_always_covers_its_own_area():
    row = Assurance(area=Area.SEC, also=[Area.CMP])
    row.derive()
    assert set(row.covers) == {Area.SEC, Area.CMP}


@pytest.mark.parametrize(
    ("option", "meant"),
    [("Renew at 7,200", RenewalDecision.RENEW), ("renegotiate", RenewalDecision.RENEGOTIATE), ("Exit: go", RenewalDecision.EXIT),
     ("Replace, by a hosted system", RenewalDecision.REPLACE), ("Move", None), ("Undecided", None), ("", None)],
)  # fmt: skip
def test_what_an_option_says_of_a_contract(option, meant):
    assert meant_by(option) is meant
