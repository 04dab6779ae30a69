"""A deliverable's life at the desk: asked for, agreed, written, reviewed, sent, taken back, corrected, given up."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from crm.audit.models import AuditEntry
from crm.core.errors import Refused
from crm.core.ownership import Visibility
from crm.core.twelve import Area, Scope
from crm.deliverables.agreed import BaselineChange, Cancellation
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.outbox.models import Outbox
from tests.cast import TODAY
from tests.deliverables.conftest import CRITERIA, TEXT

NEW = "/deliverables/new/1"
IN_THREE_WEEKS = TODAY + timedelta(21)


@pytest.fixture
def of(cast):
    """The assignment of somebody on Northwind's engagement."""
    return {
        name: one.id
        for name, person in vars(cast.persons).items()
        for one in cast.north.assignments
        if one.person_id == person.id
    }


@pytest.fixture
def asked(of):
    return {
        "title": "Supplier exit plan", "area": "VEN", "purpose": "So that leaving costs nothing", "type": "VEN-D3",
        "assignment_id": str(of["tess"]), "estimate": "2.5", "remaining": "", "baseline_due": str(IN_THREE_WEEKS), "due": "",
        "criteria_lines": "\n".join(CRITERIA), f"shares-{of['ben']}": "30",
    }  # fmt: skip


def url(owed, step=""):
    return f"/deliverables/{owed.id}{step}"


def topics(stage):
    return stage.scalars(select(Outbox.topic).order_by(Outbox.id)).all()


def trail(stage, verb):
    return stage.scalars(select(AuditEntry).where(AuditEntry.verb == f"deliverable.{verb}")).all()


def test_planned_at_once_with_everything_agreed(sign_in, cast, stage, asked, of):
    answer = sign_in(cast.ben).send(NEW, plan="1", **asked)
    owed = stage.scalars(select(Deliverable)).one()
    assert (answer.status_code, answer.location) == (303, url(owed))
    assert (owed.code, owed.state, owed.area, owed.type) == ("DEL-101", State.PLANNED, Area.VEN, "VEN-D3")
    assert (owed.assignment_id, str(owed.estimate), owed.baseline_due, owed.due) == (
        of["tess"],
        "2.5",
        IN_THREE_WEEKS,
        IN_THREE_WEEKS,
    )
    assert (owed.criteria_lines, owed.shares, owed.owners_share) == ([*CRITERIA], {of["ben"]: 30}, 70)
    assert (owed.visibility, [one.to_state for one in trail(stage, "plan")]) == (Visibility.TEAM, ["planned"])


def test_pressed_twice_it_is_owed_once(sign_in, cast, stage, asked):
    ben = sign_in(cast.ben)
    first, second = (ben.send(NEW, once="k", **asked) for _ in range(2))
    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert len(stage.scalars(select(Deliverable)).all()) == 1


@pytest.mark.parametrize(("but", "says"), [
    ({"title": ""}, "Give it a title"),
    ({"area": ""}, "Choose the area it belongs to"),
    ({"estimate": "soon"}, "Write a number with at most two decimals, like 4 or 1.5"),
    ({"assignment_id": "99"}, "Choose one of the list"),
    ({"tess": "20"}, "The owner has what the others leave"),
    ({"assignment_id": "", "ben": "60", "tess": "60"}, "The shares leave nothing to the owner"),
])  # fmt: skip
def test_a_wrong_answer_is_said_and_what_was_typed_stays(sign_in, cast, stage, asked, of, words, but, says):
    typed = {f"shares-{of[name]}" if name in of else name: text for name, text in but.items()}
    answer = sign_in(cast.ben).send(NEW, **(asked | typed))
    assert (answer.status_code, says in words(answer)) == (422, True)
    assert "So that leaving costs nothing" in answer.text
    assert stage.scalars(select(Deliverable)).all() == []


def test_a_proposal_is_not_planned_before_it_is_complete(sign_in, cast, stage, asked, words):
    answer = sign_in(cast.ben).send(NEW, plan="1", **(asked | {"estimate": "", "criteria_lines": ""}))
    assert answer.status_code == 409
    assert "To be planned it still needs an estimate and acceptance criteria." in words(answer)
    assert stage.scalars(select(Deliverable)).all() == []


def test_no_area_that_is_out_of_scope(sign_in, cast, stage, asked, owe, again):
    owed, ben = owe(State.PLANNED), sign_in(cast.ben)
    next(one for one in cast.north.scopes if one.area is Area.STR).scope = Scope.OUT
    stage.commit()
    elsewhere = asked | {"area": "STR"}
    assert ben.send(NEW, **elsewhere).status_code == 422
    assert ben.send(url(owed, "/edit"), version=owed.version, **elsewhere).status_code == 422
    assert (again(owed).area, len(stage.scalars(select(Deliverable.id)).all())) == (Area.VEN, 1)


def test_the_agreed_date_moves_by_agreement_only(sign_in, cast, stage, owe, asked, again):
    owed, ben = owe(State.PLANNED), sign_in(cast.ben)
    stood, later = owed.baseline_due, TODAY + timedelta(60)
    ben.send(url(owed, "/edit"), version=owed.version, **(asked | {"baseline_due": str(later), "due": str(later)}))
    assert (again(owed).baseline_due, owed.due) == (stood, later), "the current date moves freely"

    agreed = {"becomes": str(later), "agreed_by_id": "1", "agreed_on": str(TODAY), "reason": "Holidays"}
    tomorrow = str(TODAY + timedelta(1))
    for wrong in ("agreed_by_id", "2"), ("agreed_on", ""), ("agreed_on", tomorrow), ("reason", ""), ("becomes", ""):
        answer = ben.send(url(owed, "/baseline"), version=owed.version, **(agreed | dict([wrong])))
        assert answer.status_code == 422, wrong
    assert ben.send(url(owed, "/baseline"), version=owed.version, **agreed).status_code == 303
    change = stage.scalars(select(BaselineChange)).one()
    assert (change.was, change.becomes, change.agreed_by_id, change.reason) == (stood, later, 1, "Holidays")
    assert (again(owed).baseline_due, trail(stage, "rebaseline")[0].verb) == (later, "deliverable.rebaseline")
    assert "Holidays" in ben.get(url(owed)).text


def test_it_never_moves_silently(stage, owe):
    owed = owe(State.PLANNED)
    owed.baseline_due += timedelta(1)
    with pytest.raises(Refused, match="agreed change only"):
        stage.flush()


def test_the_owner_is_said_by_the_lead(sign_in, cast, owe, asked, of, again, words):
    owed = owe(State.PLANNED)
    mine = asked | {"assignment_id": str(of["ben"]), f"shares-{of['ben']}": ""}
    answer = sign_in(cast.tess).send(url(owed, "/edit"), version=owed.version, **mine)
    assert (answer.status_code, "The lead or a partner says who owns it" in words(answer)) == (422, True)
    assert sign_in(cast.ben).send(url(owed, "/edit"), version=owed.version, **mine).status_code == 303
    assert again(owed).assignment_id == of["ben"]


def test_both_texts_when_somebody_was_faster(sign_in, cast, owe, asked, again):
    owed = owe(State.PLANNED)
    opened = owed.version
    sign_in(cast.tess).send(url(owed, "/edit"), version=opened, **(asked | {"title": "Theirs"}))
    answer = sign_in(cast.ben).send(url(owed, "/edit"), version=opened, **(asked | {"title": "Mine"}))
    assert (answer.status_code, "Now it says: <b>Theirs</b>" in answer.text, 'value="Mine"' in answer.text) == (
        409,
        True,
        True,
    )
    assert again(owed).title == "Theirs"


def test_from_a_plan_to_the_sponsors_desk(sign_in, cast, stage, owe, again):
    """Tess writes it, Ada reviews it, Tess sends it: what Cora is asked is frozen from then on."""
    owed, tess, ada = owe(State.PLANNED), sign_in(cast.tess), sign_in(cast.ada)

    def press(who, step, **answers):
        subject = owed.current if step == "/text" else again(owed)
        answer = who.send(url(owed, step), version=subject.version, **answers)
        again(owed)
        return answer.status_code

    assert press(tess, "/work") == 303
    assert press(tess, "/review", reviewer_id="1") == 409, "there is nothing to read yet"
    assert press(tess, "/text", text=TEXT, link="", changes="") == 303
    assert press(tess, "/submission", asked_id="1", review_days="10") == 409, "three days of work are reviewed first"
    assert press(tess, "/review", reviewer_id="5") == 422, "nobody reviews their own"
    assert press(tess, "/review", reviewer_id="1") == 303
    assert press(tess, "/text", text="Changed under her eyes", link="", changes="") == 409
    assert press(ada, "/review/return", remark="Where is the price?") == 303
    assert press(tess, "/review", reviewer_id="1") == 303
    assert press(ada, "/review/pass", remark="") == 422, "each criterion holds, or has a remark"
    assert press(ada, "/review/pass", everything="yes") == 303
    assert press(tess, "/submission", asked_id="2", review_days="10") == 422, "Vic decides nothing"
    assert press(tess, "/submission", asked_id="1", review_days="10") == 303

    version = owed.current
    assert (owed.state, version.state, version.number, version.text) == (State.SUBMITTED, State.SUBMITTED, 1, TEXT)
    assert ([one.text for one in version.criteria], version.digest) == ([*CRITERIA], version.fingerprint())
    assert (version.asked_id, owed.visibility, topics(stage)) == (
        1, Visibility.CLIENT,
        [*["deliverable.review_asked", "deliverable.review_ended"] * 2, "deliverable.submitted"],
    )  # fmt: skip


def test_a_small_one_goes_out_without_a_review(sign_in, cast, owe, again):
    for estimate, status in (("0.5", 303), ("1", 409)):
        owed = owe(State.IN_PROGRESS, estimate=estimate)
        answer = sign_in(cast.tess).send(url(owed, "/submission"), version=owed.version, asked_id="1", review_days="5")
        assert answer.status_code == status


def test_what_was_sent_does_not_change_under_the_clients_eyes(stage, owe):
    version = owe(State.SUBMITTED).current
    version.text = "Something else"
    with pytest.raises(Refused, match="does not change under their eyes"):
        stage.flush()


def test_what_was_accepted_never_changes(stage, owe):
    version = owe(State.ACCEPTED).current
    version.text = "Something else"
    with pytest.raises(Refused, match="never changes"):
        stage.flush()


@pytest.mark.parametrize("sql", [
    "UPDATE deliverable_version SET text = 'Something else'",
    "UPDATE deliverable_version SET state = 'submitted'",
    "DELETE FROM deliverable_version",
    "DELETE FROM frozen_criterion",
    "UPDATE frozen_criterion SET text = 'Something else'",
])  # fmt: skip
def test_the_database_keeps_what_was_accepted(sql, stage, owe):
    """Invariant 6 holds where no code of ours runs: triggers of both engines refuse it."""
    owe(State.ACCEPTED)
    with pytest.raises(DBAPIError):
        stage.connection().exec_driver_sql(sql)
    stage.rollback()
    assert stage.scalars(select(DeliverableVersion.text)).all() == [TEXT]


def test_taken_back_it_is_out_of_the_clients_sight(sign_in, cast, stage, owe, again, statements):
    owed = owe(State.SUBMITTED)
    cora, portal = sign_in(cast.cora), f"/portal/deliverables/{owed.id}"
    assert cora.get(portal).status_code == 200
    ben = sign_in(cast.ben)
    with statements() as seen:
        answer = ben.send(url(owed, "/withdrawal"), version=owed.version, reason="The wrong file")
    assert len(seen) <= 18, seen  # four of them read it
    assert (answer.status_code, again(owed).state, owed.current.state) == (303, State.IN_PROGRESS, State.IN_PROGRESS)
    assert (cora.get(portal).status_code, owed.current.digest, topics(stage)) == (404, "", ["deliverable.withdrawn"])


def test_the_next_version_after_changes_goes_on_from_the_last_text(sign_in, cast, owe, again):
    owed = owe(State.CHANGES_REQUESTED)
    sign_in(cast.tess).send(url(owed, "/work"), version=owed.version)
    assert (again(owed).state, owed.current.number, owed.current.text) == (State.IN_PROGRESS, 2, TEXT)
    assert owed.versions[0].state is State.CHANGES_REQUESTED, "what was sent back stays readable"


def test_a_correction_needs_its_own_sign_off(sign_in, cast, stage, owe, again):
    owed, ben = owe(State.ACCEPTED, estimate="0.5"), sign_in(cast.ben)
    assert ben.send(url(owed, "/correction"), version=owed.version, reason="A figure is wrong").status_code == 303
    first, second = again(owed).versions
    assert (owed.state, first.state, second.number) == (State.IN_PROGRESS, State.ACCEPTED, 2)
    assert not owed.is_late(TODAY + timedelta(99)), "it was signed off once"
    assert ben.send(url(owed, "/submission"), version=owed.version, asked_id="1", review_days="5").status_code == 303
    accept = f"/portal/deliverables/{owed.id}/versions/{second.id}/acceptance"
    assert sign_in(cast.cora).send(accept, version=again(second).version).status_code == 303
    assert [one.state for one in again(owed).versions] == [State.SUPERSEDED, State.ACCEPTED]
    assert [(one.from_state, one.to_state) for one in trail(stage, "supersede")] == [("accepted", "superseded")]


def test_a_correction_is_given_up(sign_in, cast, owe, again):
    owed, ben = owe(State.ACCEPTED), sign_in(cast.ben)
    ben.send(url(owed, "/correction"), version=owed.version, reason="A figure is wrong")
    answer = ben.send(url(owed, "/correction/end"), version=again(owed).version, reason="It was right")
    assert (answer.status_code, again(owed).state, owed.accepted.number) == (303, State.ACCEPTED, 1)


def test_a_yes_on_paper_is_recorded_with_its_proof(sign_in, cast, stage, owe, again, words):
    owed, ben = owe(State.SUBMITTED), sign_in(cast.ben)
    said = {"given_by_id": "1", "given_on": str(TODAY), "proof": "", "proof_link": "", "remark": ""}
    record = url(owed, "/acceptance")
    unproven = ben.send(record, version=owed.current.version, **said)
    assert (unproven.status_code, "bring the file" in words(unproven)) == (422, True), "no proof, of three kinds"
    early = said | {"proof": "Signed sheet", "given_on": str(TODAY - timedelta(1))}
    assert ben.send(record, version=owed.current.version, **early).status_code == 422, "before it was sent"
    proved = said | {"proof": "Signed sheet in the folder"}
    assert ben.send(record, version=owed.current.version, **proved).status_code == 303
    version = again(owed).current
    assert (version.state, version.on_behalf, version.recorded_by_id, version.decided_by_id) == (
        State.ACCEPTED,
        True,
        2,
        1,
    )
    assert topics(stage) == ["deliverable.recorded"], "the sponsor is told"


def test_cancelled_with_the_sponsors_agreement(sign_in, cast, stage, owe, again, words):
    owed, ben = owe(State.SUBMITTED), sign_in(cast.ben)
    agreed = {"agreed_by_id": "1", "agreed_on": str(TODAY), "reason": "Not wanted any more"}
    assert (
        ben.send(url(owed, "/cancellation"), version=owed.version, **(agreed | {"agreed_by_id": ""})).status_code == 422
    )
    assert ben.send(url(owed, "/cancellation"), version=owed.version, **agreed).status_code == 303
    assert (again(owed).state, stage.scalars(select(Cancellation.reason)).all()) == (
        State.CANCELLED,
        ["Not wanted any more"],
    )
    assert topics(stage) == ["deliverable.withdrawn"], "whoever was asked need not answer"
    held = owe(State.ACCEPTED)
    ben.send(url(held, "/correction"), version=held.version, reason="A figure is wrong")
    answer = ben.send(url(held, "/cancellation"), version=again(held).version, **agreed)
    assert (answer.status_code, "signed off and stays so" in words(answer)) == (409, True)
