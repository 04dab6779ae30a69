"""The steps on the desk: who takes them, what is asked, what is refused, and that twice is once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.areas.across.models import Action, ActionStatus, Decision, DecisionStatus, RaidItem, RaidStatus, RaidType
from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.twelve import TWELVE, Area
from crm.outbox.models import Outbox
from tests.cast import TODAY
from tests.html import faults

RISKS, ACTIONS, DECISIONS = (f"/clients/1/areas/services/{one}/" for one in ("risks", "actions", "decisions"))


@pytest.fixture
def row(cast, stage):
    """Made for Northwind, in its services area; read again at every call."""

    def made(model, **more):
        now = clock.now()
        one = model(client_id=1, area=Area.ITM, made_at=now, changed_at=now, **more)
        stage.add(one)
        stage.commit()

        def read():
            stage.expire_all()
            return stage.get(model, one.id)

        return read

    return made


@pytest.fixture
def risk(row):
    return lambda likelihood=3, impact=5, **more: row(
        RaidItem,
        **({"title": "Stock fails", "type": RaidType.RISK, "response": "A spare server"} | more),
        likelihood=likelihood,
        impact=impact,
    )


@pytest.fixture
def question(row):
    return lambda **more: row(
        Decision,
        **({"question": "Eight hours?", "options": ["Yes", "No"], "needed_by": TODAY, "owner_contact_id": 1} | more),
    )


def step(browser, home, read, name, **typed):
    one = read()
    return browser.send(f"{home}{one.id}/steps/{name}", **({"version": one.version} | typed))


def topics(stage):
    return [one.topic for one in stage.scalars(select(Outbox).order_by(Outbox.id))]


def test_a_risk_is_dealt_with_and_closed(risk, sign_in, cast, stage, words):
    read, ben = risk(), sign_in(cast.ben)
    here = f"{RISKS}{read().id}"
    assert "It is being dealt with" in words(ben.get(here))
    assert step(ben, RISKS, read, "mitigation").status_code == 303
    assert step(ben, RISKS, read, "mitigation").status_code == 409, "only an open one"
    asked = step(ben, RISKS, read, "closure", how="")
    assert (asked.status_code, "Say how it ended" in words(asked)) == (422, True)
    closed = step(ben, RISKS, read, "closure", how="The new one runs")
    assert (closed.status_code, closed.location) == (303, here)
    assert (read().status, read().closing, read().closed_on) == (RaidStatus.CLOSED, "The new one runs", TODAY)
    page = ben.get(here)
    assert "The new one runs" in words(page)
    assert faults(page.get_data(as_text=True)) == []
    said = [
        (one.verb, one.from_state, one.to_state) for one in stage.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]
    assert said == [("raid.mitigate", "open", "mitigating"), ("raid.close", "mitigating", "closed")]


def test_what_is_settled_is_not_typed_over(risk, sign_in, cast):
    read, ben = risk(status=RaidStatus.CLOSED), sign_in(cast.ben)
    answer = ben.send(
        f"{RISKS}{read().id}", title="Another", type="risk", likelihood="1", impact="1", version=read().version
    )
    assert (answer.status_code, read().title) == (409, "Stock fails")


def test_a_high_risk_needs_the_sponsor(risk, sign_in, cast, stage, words):
    read, ben = risk(), sign_in(cast.ben)
    assert "Live with it" not in words(ben.get(f"{RISKS}{read().id}"))
    assert step(ben, RISKS, read, "living", reason="x").status_code == 409
    assert step(ben, RISKS, read, "asking").status_code == 303
    assert topics(stage) == ["raid.asked"]
    home = sign_in(cast.cora).get("/portal")
    assert f"/portal/risks/{read().id}" in home.get_data(as_text=True)
    portal = f"/portal/risks/{read().id}"
    assert sign_in(cast.vic).send(portal, words="So be it", version=read().version).status_code == 403
    assert sign_in(cast.uma).send(portal, words="So be it", version=read().version).status_code == 404
    cora = sign_in(cast.cora)
    asked = cora.send(portal, words="", version=read().version)
    assert (asked.status_code, "Say in a sentence" in words(asked)) == (422, True)
    read().changed_at = long_ago = clock.now() - timedelta(30)
    stage.commit()
    assert cora.send(portal, words="We carry it to the spring", version=read().version).status_code == 303
    assert read().changed_at > long_ago, "it counts among what changed since the last review"
    assert (read().status, read().accepted_by_id, read().acceptance) == (
        RaidStatus.ACCEPTED_RISK,
        1,
        "We carry it to the spring",
    )
    assert topics(stage) == ["raid.asked", "raid.accepted"]
    assert "Your word is kept" in words(cora.get(f"{portal}?answered=1"))
    assert cora.send(portal, words="Again", version=read().version).status_code == 409


def test_nobody_is_asked_to_live_with_what_has_become_an_issue(risk, sign_in, cast, words):
    read, ben = risk(), sign_in(cast.ben)
    step(ben, RISKS, read, "asking")
    typed = {"title": "Stock fails", "type": "issue", "likelihood": "5", "impact": "5", "version": read().version}
    assert ben.send(f"{RISKS}{read().id}", **typed).status_code == 303
    cora = sign_in(cast.cora)
    assert f"/portal/risks/{read().id}" not in cora.get("/portal").get_data(as_text=True)
    page = words(cora.get(f"/portal/risks/{read().id}"))
    assert "Stock fails" in page
    assert "willing to live with" not in page


def test_the_lead_records_the_sponsors_yes(risk, sign_in, cast, stage, words):
    read = risk()
    said = {"contact_id": "1", "on": str(TODAY), "proof": "Minutes, point 4"}
    assert step(sign_in(cast.tess), RISKS, read, "record", **said).status_code == 403, "the lead alone"
    ben = sign_in(cast.ben)
    ahead = step(ben, RISKS, read, "record", **(said | {"on": str(TODAY + timedelta(1))}))
    assert (ahead.status_code, "still to come" in words(ahead)) == (422, True)
    assert step(ben, RISKS, read, "record", **said).status_code == 303
    assert (read().accepted_by_id, read().recorded_by_id, read().visibility) == (1, 2, "client")
    assert topics(stage) == ["raid.recorded"]
    assert "Your team wrote it down" in words(sign_in(cast.cora).get(f"/portal/risks/{read().id}"))


def test_a_small_risk_is_the_teams(risk, sign_in, cast):
    read = risk(2, 7 - 2)
    assert step(sign_in(cast.tess), RISKS, read, "living", reason="Less than the remedy").status_code == 303
    assert (read().status, read().accepted_by_id) == (RaidStatus.ACCEPTED_RISK, None)
    assert step(sign_in(cast.tess), RISKS, read, "issue").status_code == 303
    assert (read().type, read().status, read().score) == (RaidType.ISSUE, RaidStatus.OPEN, 25)


def test_an_action_is_noted_in_one_line_and_done(row, sign_in, cast, stage, words):
    ben, typed = (
        sign_in(cast.ben),
        {"title": "Ask three suppliers", "area": "ITM", "owner_party": "person-2", "due": str(TODAY - timedelta(3))},
    )
    asked = ben.send("/clients/1/risks/actions", **(typed | {"title": ""}))
    assert (asked.status_code, "Say what is to be done" in words(asked)) == (422, True)
    for _ in range(2):
        assert ben.send("/clients/1/risks/actions", once="one press", **typed).status_code == 303
    action = stage.scalars(select(Action)).one()
    assert (action.title, action.area, action.owner_person_id, action.visibility) == (
        "Ask three suppliers",
        Area.ITM,
        2,
        "team",
    )
    page = words(ben.get("/clients/1/risks"))
    assert "1 action is overdue" in page
    assert "Ask three suppliers" in words(ben.get("/today"))
    assert step(ben, ACTIONS, lambda: action, "done").status_code == 303
    stage.expire_all()
    assert (action.status, action.done_on) == (ActionStatus.DONE, TODAY)
    assert step(ben, ACTIONS, lambda: action, "dropping", reason="x").status_code == 409
    assert "Ask three suppliers" not in words(ben.get("/today"))


def test_a_question_is_asked_and_answered(question, sign_in, cast, stage, words):
    read, ben, cora = question(), sign_in(cast.ben), sign_in(cast.cora)
    portal = f"/portal/decisions/{read().id}"
    assert cora.get(portal).status_code == 404, "only the team reads it yet"
    assert step(ben, DECISIONS, read, "asking").status_code == 303
    assert (read().visibility, topics(stage)) == ("client", ["decision.asked"])
    assert portal in cora.get("/portal").get_data(as_text=True)
    assert "is asked to decide" in words(sign_in(cast.vic).get("/portal"))
    question(question="Which printer?", owner_contact_id=2, visibility="client")
    assert "Which printer?" not in words(cora.get("/portal")), "what a colleague decides does not need the sponsor"
    asked = cora.send(portal, option="", reason="Because", version=read().version)
    assert (asked.status_code, "Choose one of the options" in words(asked), "Because" in words(asked)) == (
        422,
        True,
        True,
    )
    for name, status in (("vic", 403), ("uma", 404), ("ben", 403)):
        assert sign_in(getattr(cast, name)).send(portal, option="Yes", version=read().version).status_code == status, (
            name
        )
    for _ in range(2):
        assert cora.send(portal, once="one press", option="Yes", reason="After a trial", version="2").status_code == 303
    assert (read().status, read().outcome, read().reason, read().decided_on) == (
        DecisionStatus.DECIDED,
        "Yes",
        "After a trial",
        TODAY,
    )
    assert topics(stage) == ["decision.asked", "decision.decided"]
    late = cora.send(portal, option="No", reason="Or not", version=read().version)
    assert (late.status_code, "Somebody was faster" in words(late), "Or not" in words(late)) == (409, True, True)


def test_the_board_decides_elsewhere(question, sign_in, cast, stage, words):
    read = question(owner_contact_id=None, owner_name="The board")
    said = {"option": "Yes", "on": str(TODAY - timedelta(2)), "reason": "Minutes, point 2"}
    assert step(sign_in(cast.tess), DECISIONS, read, "record", **said).status_code == 403
    ben = sign_in(cast.ben)
    both = step(ben, DECISIONS, read, "record", **(said | {"other": "Half"}))
    assert (both.status_code, "Choose an option, or say what else" in words(both)) == (422, True)
    assert step(ben, DECISIONS, read, "record", **said).status_code == 303
    assert (read().outcome, read().decided_on, read().recorded_by_id) == ("Yes", TODAY - timedelta(2), 2)
    assert topics(stage) == ["decision.recorded"]
    assert "Your team wrote it down" in words(sign_in(cast.cora).get(f"/portal/decisions/{read().id}"))
    revised = step(ben, DECISIONS, read, "revision", needed_by=str(TODAY + timedelta(30)), reason="The price rose")
    assert (revised.status_code, read().status) == (303, DecisionStatus.REVISED)
    again = stage.scalars(select(Decision).where(Decision.revises_id == read().id)).one()
    assert step(ben, DECISIONS, lambda: again, "withdrawal", reason="Not any more").status_code == 303
    stage.expire_all()
    assert (again.status, again.reason) == (DecisionStatus.WITHDRAWN, "Not any more")


def test_one_of_ours_decides_within_their_authority(question, sign_in, cast):
    read = question(owner_contact_id=None, owner_person_id=2)
    assert step(sign_in(cast.tess), DECISIONS, read, "decision", option="Yes").status_code == 403
    assert step(sign_in(cast.ben), DECISIONS, read, "decision", option="Yes").status_code == 303
    assert read().status is DecisionStatus.DECIDED


def test_a_row_may_name_an_engagement_of_others(row, sign_in, cast, stage):
    """What belongs to the client is written by whoever serves the client, also where it names a draft that is not theirs."""
    read = row(Action, title="Ask", due=TODAY, owner_person_id=2, engagement_id=1)
    assert step(sign_in(cast.tess), ACTIONS, read, "done").status_code == 303
    entry = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "action.finish")).one()
    assert (entry.client_id, entry.engagement_id) == (1, None)


def test_no_such_step(risk, sign_in, cast):
    read, ben = risk(), sign_in(cast.ben)
    for address in (f"{RISKS}{read().id}/steps/flight", f"{ACTIONS}{read().id}/steps/done", f"{RISKS}999/steps/issue"):
        assert ben.get(address).status_code == 404, address


def test_the_matrix_counts_and_leads_to_the_rows(risk, question, sign_in, cast, words, statements):
    risk(3, 5, title="Stock fails")
    risk(1, 2, title="Paper runs out")
    risk(5, 5, title="Over", status=RaidStatus.CLOSED)
    question(needed_by=TODAY - timedelta(1))
    ben = sign_in(cast.ben)
    answer = ben.get("/clients/1/risks")
    page = answer.get_data(as_text=True)
    assert faults(page) == []
    assert "1 high risk or issue of 2" in words(answer)
    assert "1 question waits for an answer, 1 past the day" in words(answer)
    assert "likelihood=3&amp;impact=5" in page
    assert "likelihood=5&amp;impact=5" not in page, "what is closed is not counted"
    cell = words(ben.get("/clients/1/risks?likelihood=3&impact=5"))
    assert "Stock fails" in cell
    assert "Paper runs out" not in cell
    assert "Over" in words(ben.get("/clients/1/risks?state=settled"))
    with statements() as few:
        ben.get("/clients/1/risks")
    for n in range(6):
        risk(4, n % 5 + 1, title=f"Risk {n}", owner_person_id=2)
        question(question=f"Question {n}")
    with statements() as many:
        ben.get("/clients/1/risks")
    assert len(few) == len(many) <= 12


def test_one_writes_a_risk_from_the_page_that_shows_them_all(sign_in, cast):
    page = sign_in(cast.ben).get("/clients/1/risks").get_data(as_text=True)
    assert all(f'href="/clients/1/areas/{area.slug}/risks/new"' in page for area in TWELVE), "whichever it belongs to"
