"""Leave: asked for by the person, decided by a partner who sees the effect on F4 first, changed, taken back."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.core.calendar import monday_of
from crm.engagements.people import Assignment
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from crm.people.models import Leave, LeaveReason, LeaveStatus, WorkingPattern
from tests.cast import TODAY, looking

DAY = timedelta(1)
MONDAY = next(day for day in (monday_of(TODAY) + n * 7 * DAY for n in (2, 3)) if (day + 4 * DAY).month == day.month)
FRIDAY = MONDAY + 4 * DAY
AWAY = {"begins": MONDAY.isoformat(), "ends": FRIDAY.isoformat(), "share": "100", "kind": "family", "note": "A wedding"}


@pytest.fixture
def calm(cast, stage):
    """No public holidays, so that the figures are the same on every day."""
    for pattern in stage.scalars(select(WorkingPattern)):
        pattern.region = "XX"
    stage.commit()
    return cast


@pytest.fixture
def asked(calm, stage):
    leave = Leave(id=1, person_id=2, begins=MONDAY, ends=FRIDAY)
    stage.add(leave)
    stage.flush()
    stage.add(LeaveReason(person_id=2, leave_id=1, kind="family", note="A wedding"))
    stage.commit()
    return leave


def said(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.get_data(as_text=True))).split())


def status(stage, leave_id=1):
    return stage.get(Leave, leave_id, populate_existing=True).status


def test_asking_for_oneself_twice_is_once(calm, sign_in, stage):
    ben = sign_in(calm.ben)
    answers = [ben.send("/people/2/leave/new", once="k", **AWAY) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    leave = stage.scalars(select(Leave)).one()
    reason = stage.scalars(select(LeaveReason)).one()
    assert (leave.begins, leave.ends, leave.status) == (MONDAY, FRIDAY, LeaveStatus.ASKED)
    assert (reason.kind, reason.note, reason.person_id) == ("family", "A wedding", 2)
    assert {one.location for one in answers} == {f"/people/leave/{leave.id}"}
    assert stage.scalars(select(Outbox.topic)).all() == ["leave.asked"]
    assert stage.scalars(select(AuditEntry.verb)).all() == ["leave.ask"]
    text = said(ben.get(answers[0].location))
    assert "Your leave" in text
    assert "Approve" not in text


@pytest.mark.parametrize(("who", "code"), [("ada", 303), ("ben", 303), ("tess", 404), ("abe", 403), ("cora", 403)])
def test_who_may_ask(who, code, calm, sign_in, stage):
    assert sign_in(getattr(calm, who)).send("/people/2/leave/new", **AWAY).status_code == code
    assert len(stage.scalars(select(Leave)).all()) == (code == 303)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"begins": ""}, "Write the first day"),
        ({"begins": "soon"}, "Write a date from 2000 to 2100"),
        ({"ends": (MONDAY - DAY).isoformat()}, "The last day lies before the first one"),
        ({"share": "110"}, "Choose one of the list"),
        ({"kind": ""}, "Choose the reason"),
    ],
)
def test_what_leave_must_say(changes, words, calm, sign_in, stage):
    answer = sign_in(calm.ben).send("/people/2/leave/new", **{**AWAY, **changes})
    assert answer.status_code == 422
    assert words in said(answer)
    assert "A wedding" in answer.get_data(as_text=True)
    assert not stage.scalars(select(Leave)).all()


def test_one_day_needs_no_last_day(calm, sign_in, stage):
    sign_in(calm.ben).send("/people/2/leave/new", **{**AWAY, "ends": ""})
    assert stage.scalars(select(Leave.ends)).one() == MONDAY


def test_nobody_is_away_for_more_than_a_day(asked, calm, sign_in, stage):
    ben = sign_in(calm.ben)
    again = ben.send("/people/2/leave/new", **{**AWAY, "share": "50"})
    assert again.status_code == 422
    assert "is leave already (asked)" in said(again)
    asked.share = 50
    stage.commit()
    assert ben.send("/people/2/leave/new", **{**AWAY, "share": "50"}).status_code == 303


def test_the_partner_sees_the_effect_before_saying_yes(asked, calm, sign_in, stage):
    """F4: of five days three are away, and of the two that stay 80 % are for clients."""
    his = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    his.days_a_month = 10
    asked.ends = MONDAY + 2 * DAY
    stage.commit()
    ada = sign_in(calm.ada)
    text = said(ada.get("/people/leave/1"))
    assert "3 days of work" in text
    assert "4.00 d 1.60 d" in text, "5 days less 3, of which 80 % for clients"
    assert ada.send("/people/leave/1/approval", version=asked.version).status_code == 303
    assert status(stage) is LeaveStatus.APPROVED
    assert stage.scalars(select(Outbox.topic)).all() == ["leave.decided"]
    after = said(ada.get("/people/leave/1"))
    assert "4.00 d 1.60 d" in after, "the same comparison once it counts"
    week = said(ada.get(f"/workload/2?week={MONDAY}"))
    assert "against 1.60 of delivery capacity" in week
    his_page = said(ada.get("/people/2"))
    assert "Ada approved leave" in his_page, "the history says it in plain words"
    assert "asked to approved" not in his_page


def test_weeks_that_go_above_a_limit_are_named(asked, calm, sign_in, stage):
    his = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    his.days_a_month = 16
    stage.commit()
    text = said(sign_in(calm.ada).get("/people/leave/1"))
    assert re.search(r"With it (three|four|five) weeks go above a limit: 1[0-3]\d\.\d % in the week of", text), text
    assert re.search(r"4\.00 d 0\.00 d (87\.0|9\d\.\d|100\.0) % – Leave", text), "the week itself has nothing left"


@pytest.mark.parametrize(("who", "code"), [("ada", 303), ("ben", 403), ("tess", 404), ("abe", 403), ("vic", 403)])
@pytest.mark.parametrize("deed", ["approval", "refusal"])
def test_who_decides(who, code, deed, asked, calm, sign_in, stage):
    answer = sign_in(getattr(calm, who)).send(f"/people/leave/1/{deed}", answer="Two reviews fall into it")
    assert answer.status_code == code
    wanted = (
        {"approval": LeaveStatus.APPROVED, "refusal": LeaveStatus.REFUSED}[deed] if code == 303 else LeaveStatus.ASKED
    )
    assert status(stage) is wanted


def test_a_no_needs_its_reason_and_the_person_reads_it(asked, calm, sign_in, stage):
    ada = sign_in(calm.ada)
    silent = ada.send("/people/leave/1/refusal", answer="")
    assert silent.status_code == 422
    assert "Say why" in said(silent)
    ada.send("/people/leave/1/refusal", answer="Two reviews fall into it")
    assert "Two reviews fall into it" in said(sign_in(calm.ben).get("/people/leave/1"))


def test_what_was_decided_is_not_decided_again(asked, calm, sign_in, stage):
    ada = sign_in(calm.ada)
    ada.send("/people/leave/1/approval")
    assert ada.send("/people/leave/1/approval", version=1).status_code == 409
    late = ada.send("/people/leave/1/refusal", version=2, answer="No")
    assert late.status_code == 409
    assert "approved already" in said(late)


def test_other_days_are_asked_for_anew_and_another_reason_is_not(asked, calm, sign_in, stage):
    asked.status = LeaveStatus.APPROVED
    stage.commit()
    ben = sign_in(calm.ben)
    assert ben.send("/people/leave/1/edit", version=2, **AWAY | {"kind": "annual"}).status_code == 303
    assert status(stage) is LeaveStatus.APPROVED
    assert stage.scalars(select(LeaveReason.kind)).one() == "annual"
    assert ben.send("/people/leave/1/edit", version=2, **AWAY | {"ends": MONDAY.isoformat()}).status_code == 303
    assert status(stage) is LeaveStatus.ASKED
    assert stage.scalars(select(Outbox.topic)).all() == ["leave.asked"]


def test_taking_it_back(asked, calm, sign_in, stage):
    ben = sign_in(calm.ben)
    assert sign_in(calm.tess).send("/people/leave/1/withdrawal").status_code == 404
    assert [ben.send("/people/leave/1/withdrawal", once="k").status_code for _ in range(2)] == [303, 303]
    assert status(stage) is LeaveStatus.WITHDRAWN
    assert ben.send("/people/leave/1/withdrawal", version=2).status_code == 409
    assert ben.send("/people/leave/1/edit", version=2, **AWAY | {"ends": MONDAY.isoformat()}).status_code == 409


def test_leave_that_is_over_is_a_partners_to_change(calm, sign_in, stage):
    stage.add(Leave(id=1, person_id=2, begins=date(2024, 1, 1), ends=date(2024, 1, 2), status=LeaveStatus.APPROVED))
    stage.commit()
    ben = sign_in(calm.ben)
    assert ben.get("/people/leave/1").status_code == 200
    assert ben.get("/people/leave/1/edit").status_code == 403
    assert ben.send("/people/leave/1/withdrawal").status_code == 403
    assert sign_in(calm.ada).send("/people/leave/1/withdrawal").status_code == 303


def test_a_clash_shows_both(asked, calm, sign_in, stage):
    asked.share = 50
    stage.commit()
    answer = sign_in(calm.ben).send("/people/leave/1/edit", version=1, **AWAY)
    assert answer.status_code == 409
    assert "Half of each day" in said(answer)


def test_who_is_told(asked, calm, app, stage):
    from crm.core.viewer import SYSTEM

    with looking(app, SYSTEM):
        (to_ada,) = letters_of("leave.asked", {"leave_id": 1})
        assert (to_ada.to.name, to_ada.subject) == ("Ada", "Ben asks for leave")
        assert "wedding" not in to_ada.text
        assert letters_of("leave.decided", {"leave_id": 1}) == []
    asked.status = LeaveStatus.REFUSED
    stage.scalars(select(LeaveReason)).one().answer = "Two reviews fall into it"
    stage.commit()
    with looking(app, SYSTEM):
        (to_ben,) = letters_of("leave.decided", {"leave_id": 1})
        assert (to_ben.to.name, "Two reviews" in to_ben.text) == ("Ben", True)
        assert letters_of("leave.asked", {"leave_id": 1}) == []


def test_statements(asked, calm, sign_in, statements):
    ada = sign_in(calm.ada)
    with statements() as seen:
        ada.get("/people/leave/1")
    assert len(seen) <= 12
    with statements() as seen:
        ada.send("/people/leave/1/approval")
    assert len(seen) <= 12
