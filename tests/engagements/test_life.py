"""The life of an engagement as people live it: activated, paused, resumed, closed, cancelled."""

from datetime import timedelta

import pytest

from crm.areas.strategy.models import Objective
from crm.areas.talent.models import Competency, MentoringPair
from crm.clients.models import Wall
from crm.core import clock
from crm.core.twelve import Area, Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.models import ClosingStep, Engagement, Pause, Terms
from crm.engagements.people import Assignment, Sponsorship, Status
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementModel, EngagementState
from crm.people.models import Period, PeriodState
from tests import cast as people
from tests.cast import TODAY, YEAR

NOBODY_ELSE = (
    ("ben", 403),
    ("tess", 403),
    ("eve", 404),
    ("finn", 404),
    ("cora", 403),
    ("vic", 403),
    ("uma", 403),
    ("abe", 403),
)
LEAD_TOO = (("tess", 403), ("eve", 404), ("finn", 404), ("cora", 403), ("vic", 403), ("uma", 403), ("abe", 403))


def refuse_all(sign_in, cast, url, who, **fields):
    for name, status in who:
        assert sign_in(getattr(cast, name)).send(url, **fields).status_code == status, name


# Draft to active


def test_a_draft_becomes_active(draft, sign_in, cast, north, trail):
    ada, opened = sign_in(cast.ada), draft.version
    answer = ada.send("/engagements/1/activation", once="k", version=opened)
    assert (answer.status_code, answer.location) == (303, "/engagements/1")
    assert north().state is EngagementState.ACTIVE
    assert {row.review_due for row in north().scopes} == {TODAY + timedelta(31)}
    assert trail("engagement.activate") == [("engagement.activate", "draft", "active", "")]
    again = ada.send("/engagements/1/activation", once="k", version=opened)
    assert (again.status_code, len(trail("engagement.activate"))) == (303, 1)
    late = ada.send("/engagements/1/activation", version=north().version)
    assert late.status_code == 409


def test_only_a_partner_activates(draft, sign_in, cast, north):
    refuse_all(sign_in, cast, "/engagements/1/activation", NOBODY_ELSE)
    assert north().state is EngagementState.DRAFT


def test_a_refusal_names_everything(draft, sign_in, cast, stage, north, words):
    for row in stage.query(Objective).all() + stage.query(Sponsorship).filter_by(engagement_id=1).all():
        stage.delete(row)
    stage.query(Terms).filter_by(engagement_id=1).delete()
    stage.query(Assignment).filter_by(engagement_id=1, person_id=2).one().status = Status.TENTATIVE
    draft.signed_on = None
    stage.commit()
    ada = sign_in(cast.ada)
    answer = ada.send("/engagements/1/activation", version=north().version)
    assert answer.status_code == 409
    said = words(answer)
    for missing in ("the day it was signed", "a price", "a sponsor of the client who decides", "a business objective of the client",
                    "the lead’s confirmation", "a confirmed part for whoever holds Strategy"):  # fmt: skip
        assert missing in said, missing
    assert north().state is EngagementState.DRAFT
    assert "A business objective of the client" in words(ada.get("/engagements/1"))


def test_holders_and_reasons_are_asked_here(draft, sign_in, cast, stage, north):
    draft.model, draft.signed_on = EngagementModel.MENTORING, None
    for row in draft.scopes:
        row.scope = Scope.ADVISE if row.area in {Area.TAL, Area.STK} else Scope.OUT
        row.holder_person_id = None
    stage.add(MentoringPair(client_id=1, area=Area.TAL, made_at=clock.now(), changed_at=clock.now(), mentee_id=1, mentor_id=2, goal="x",
                            competency=Competency.SOCIAL))  # fmt: skip
    stage.commit()
    ada = sign_in(cast.ada)
    asked = ada.get("/engagements/1/activation").get_data(as_text=True)
    for name in ("signed_on", "holder_id", "out_reason", "out_holder_id"):
        assert f'name="{name}"' in asked
    assert 'name="lead_holder_id"' not in asked
    typed = {
        "signed_on": str(TODAY),
        "holder_id": "1",
        "out_reason": "Not part of this agreement",
        "out_holder_id": "2",
    }
    assert ada.send("/engagements/1/activation", version=north().version, **typed).status_code == 303
    rows = north().scopes
    assert {row.holder_contact_id for row in rows if row.is_in} == {1}
    assert {(row.reason, row.holder_contact_id) for row in rows if not row.is_in} == {("Not part of this agreement", 2)}
    assert north().signed_on == TODAY


def test_a_refused_activation_writes_nothing(draft, sign_in, cast, stage, north):
    stage.query(Objective).delete()
    draft.signed_on = None
    stage.commit()
    assert (
        sign_in(cast.ada).send("/engagements/1/activation", version=north().version, signed_on=str(TODAY)).status_code
        == 409
    )
    assert north().signed_on is None


def test_another_one_leads_the_area(draft, sign_in, cast, stage, north, words):
    other = people.engagement(
        stage, 3, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="Other", scope=Scope.ADVISE
    )
    for row in stage.query(AreaScope).filter_by(engagement_id=3):
        row.scope = Scope.LEAD if row.area is Area.DAT else Scope.ADVISE
    stage.commit()
    answer = sign_in(cast.ada).send("/engagements/1/activation", version=north().version)
    assert (answer.status_code, "ENG-003 leads it" in words(answer)) == (409, True)
    stage.get(Engagement, other.id).state = EngagementState.PAUSED
    stage.commit()
    assert sign_in(cast.ada).send("/engagements/1/activation", version=north().version).status_code == 303


def test_somebody_was_faster(draft, sign_in, cast, stage, words):
    answer = sign_in(cast.ada).send("/engagements/1/activation", version=draft.version - 1)
    assert (answer.status_code, "somebody changed this since you opened it" in words(answer)) == (409, True)


def test_a_cancelled_draft_plans_nobody(draft, sign_in, cast, north, trail):
    refuse_all(sign_in, cast, "/engagements/1/cancellation", NOBODY_ELSE, reason="No budget")
    ada = sign_in(cast.ada)
    assert ada.send("/engagements/1/cancellation", version=draft.version, reason="").status_code == 422
    assert (
        ada.send("/engagements/1/cancellation", version=draft.version, reason="No budget this year").status_code == 303
    )
    assert north().state is EngagementState.CANCELLED
    assert {one.status for one in north().assignments} == {Status.ENDED}
    assert trail("engagement.cancel") == [("engagement.cancel", "draft", "cancelled", "No budget this year")]
    assert ada.send("/engagements/1/cancellation", version=north().version, reason="Again").status_code == 409


# Pause


def test_it_pauses_and_goes_on(sign_in, cast, stage, north, trail):
    ada = sign_in(cast.ada)
    refuse_all(sign_in, cast, "/engagements/1/pause", NOBODY_ELSE, reason="Holidays", until=str(TODAY + timedelta(20)))
    page = {"reason": "The long holidays", "until": str(TODAY + timedelta(20))}
    assert ada.send("/engagements/1/pause", version=north().version, **page).status_code == 303
    assert (north().state, north().pauses[0].until) == (EngagementState.PAUSED, TODAY + timedelta(20))
    assert trail("engagement.pause") == [("engagement.pause", "active", "paused", "The long holidays")]
    stage.query(Pause).one().begins = TODAY - timedelta(5)
    stage.commit()
    ben, tess = (f"days_{one.id}" for one in north().assignments)
    days = {ben: "3,5", tess: "0.5"}
    refuse_all(sign_in, cast, "/engagements/1/resumption", NOBODY_ELSE, **days)
    assert ada.send("/engagements/1/resumption", version=north().version, **{ben: "3,5"}).status_code == 422
    assert ada.send("/engagements/1/resumption", version=north().version, **days).status_code == 303
    assert (north().state, north().pauses[0].ended_on) == (EngagementState.ACTIVE, TODAY - timedelta(1))
    assert sorted(str(one.days_a_month) for one in north().assignments) == ["0.5", "3.5"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"until": "", "reason": "x"}, "Choose the last day of the pause"), ({"until": str(TODAY), "reason": ""}, "Say why in a sentence"),
     ({"until": str(TODAY + timedelta(90)), "reason": "x"}, "at most 62 days a year, and 62 are left"),
     ({"until": str(TODAY - timedelta(1)), "reason": "x"}, "It cannot end before it begins")],
)  # fmt: skip
def test_a_pause_is_refused_beside_its_answer(typed, sentence, sign_in, cast, north, words):
    answer = sign_in(cast.ada).send("/engagements/1/pause", version=north().version, **typed)
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert north().state is EngagementState.ACTIVE


def test_nobody_resumes_into_another_ones_lead(sign_in, cast, stage, north, words):
    north().state = EngagementState.PAUSED
    people.engagement(stage, 3, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="Other")
    stage.commit()
    days = {f"days_{one.id}": "4" for one in north().assignments}
    answer = sign_in(cast.ada).send("/engagements/1/resumption", version=north().version, **days)
    assert (answer.status_code, "ENG-003 leads it" in words(answer)) == (409, True)


# Closing


def test_the_lead_begins_closing(sign_in, cast, north, trail, words):
    ben = sign_in(cast.ben)
    refuse_all(sign_in, cast, "/engagements/1/closing", LEAD_TOO, notice_given_on=str(TODAY))
    answer = ben.send("/engagements/1/closing", version=north().version)
    assert (answer.status_code, "It ends in more than 60 days" in words(answer)) == (422, True)
    assert ben.send("/engagements/1/closing", version=north().version, notice_given_on=str(TODAY)).status_code == 303
    assert (north().state, north().closing_began_on, north().notice_given_on) == (EngagementState.CLOSING, TODAY, TODAY)
    assert trail("engagement.begin_closing") == [("engagement.begin_closing", "active", "closing", "")]
    assert "Handover checklist" in words(ben.get("/engagements/1/team"))


@pytest.fixture
def closing(cast, stage, north):
    """Closing since yesterday, over today, reviewed, and with a note; this month is locked."""
    one = north()
    one.state, one.ends, one.closing_began_on, one.handover_note = (
        EngagementState.CLOSING,
        TODAY,
        TODAY - timedelta(1),
        "All is well.",
    )
    for row in one.scopes:
        row.reviewed_on = TODAY
    stage.add(Period(month=TODAY.replace(day=1), state=PeriodState.LOCKED))
    stage.add(ClosingStep(id=1, number=1, title="Access and keys returned", client_id=1, engagement_id=1))
    stage.commit()
    return one


def test_a_partner_closes_it(closing, sign_in, cast, north, trail):
    refuse_all(sign_in, cast, "/engagements/1/closure", NOBODY_ELSE)
    ada = sign_in(cast.ada)
    assert ada.send("/engagements/1/closure", version=north().version).status_code == 303
    assert north().state is EngagementState.CLOSED
    assert {(one.status, one.ends) for one in north().assignments} == {(Status.ENDED, TODAY)}
    assert trail("engagement.close") == [("engagement.close", "closing", "closed", "")]
    assert sign_in(cast.ben).get("/engagements/1").status_code == 200
    assert ada.send("/engagements/1/closure", version=north().version).status_code == 409


def test_closing_names_what_is_missing(closing, sign_in, cast, stage, north, words):
    stage.add(Deliverable(client_id=1, engagement_id=1, number=7, title="Roadmap", area=Area.STR, state=State.PROPOSED))
    closing.scope_of(Area.SEC).reviewed_on = TODAY - timedelta(2)
    stage.query(Period).delete()
    closing.handover_note = ""
    stage.commit()
    ada = sign_in(cast.ada)
    answer = ada.send("/engagements/1/closure", version=north().version)
    for missing in ("an end for DEL-007", "a closing review of Security", "its last month", "a handover note"):
        assert missing in words(answer), missing
    assert (answer.status_code, north().state) == (409, EngagementState.CLOSING)
    assert "An end for DEL-007" in words(ada.get("/engagements/1/closure"))


def test_the_checklist_is_ticked_and_opened_again(closing, sign_in, cast, stage, trail):
    ben = sign_in(cast.ben)
    refuse_all(sign_in, cast, "/engagements/1/closing/1", LEAD_TOO, done="yes")
    for done in ("yes", "no"):
        assert ben.send("/engagements/1/closing/1", done=done).status_code == 303
        stage.expire_all()
        assert bool(stage.get(ClosingStep, 1).done_at) == (done == "yes")
    assert [row[3] for row in trail("closing_step.tick")] == [
        "Access and keys returned: done",
        "Access and keys returned: open again",
    ]
    assert ben.send("/engagements/1/closing/9", done="yes").status_code == 404


def test_the_handover_note(closing, sign_in, cast, north):
    ben = sign_in(cast.ben)
    assert (
        ben.send("/engagements/1/handover", version=north().version, handover_note="Gwen knows the keys.").status_code
        == 303
    )
    assert north().handover_note == "Gwen knows the keys."
    refuse_all(sign_in, cast, "/engagements/1/handover", LEAD_TOO, handover_note="x")


def test_what_is_closed_stays_as_it_was(closing, sign_in, cast, stage, north, words):
    ada = sign_in(cast.ada)
    ada.send("/engagements/1/closure", version=north().version)
    version = north().version
    term = {
        "starts": str(TODAY - YEAR),
        "ends": str(TODAY),
        "notice_days": "30",
        "overage": "ask",
        "price_kind": "day_rate",
        "day_rate": "9",
    }
    for url, fields in (
        ("edit", {"title": "New", "board_role": "none"}), ("terms", term), ("pause", {"reason": "x", "until": str(TODAY)}),
        ("assignments/new", {"person_id": "3", "role": "reviewer", "mode": "virtual", "begins": str(TODAY), "ends": str(TODAY),
                             "days_a_month": "1"}),
        ("areas", {}), ("handover", {"handover_note": "x"}), ("areas/vendors", {"rag": "green", "sentence": "x", "version": "0"}),
    ):  # fmt: skip
        answer = ada.send(f"/engagements/1/{url}", **({"version": version} | fields))
        assert answer.status_code == 409, f"{url}: {words(answer)}"
    assert north().version == version


def test_a_wall_raised_meanwhile_stops_a_confirmation(sign_in, cast, stage, words):
    stage.add(people.assignment(cast.north, cast.persons.eve, "specialist", status=Status.TENTATIVE))
    stage.add(Wall(client_id=1, person_id=3))
    stage.commit()
    one = stage.query(Assignment).filter_by(person_id=3).one()
    answer = sign_in(cast.ada).send(f"/engagements/1/assignments/{one.id}/confirmation")
    assert (answer.status_code, "A wall stands between Eve and Northwind" in words(answer)) == (409, True)
