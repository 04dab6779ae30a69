"""The first 100 days at once, and deliverables that come again ahead of their day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import func, select

from crm.audit.models import AuditEntry
from crm.core.calendar import is_working_day, months_later, working_day_until
from crm.core.twelve import Area, Scope
from crm.deliverables.agreed import Criterion
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.models import Engagement, Pause
from crm.engagements.people import Status
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementModel, EngagementState
from crm.library.typical import Cadence, typical
from crm.outbox.models import Outbox
from crm.plans.first_days import sets, steps_for
from crm.plans.models import Recurrence, period
from crm.plans.operations import open_ahead
from tests.cast import TODAY

SET, AGAIN = "/engagements/1/first-100-days", "/engagements/1/repeats"
PACK = {
    "title": "Board pack", "area": "STR", "type": "STR-D7", "cadence": "monthly", "ahead": "14", "estimate": "0.5",
    "criteria_lines": "Page one can be read alone", "purpose": "One page, asks first",
}  # fmt: skip


def owed_of(stage):
    stage.expire_all()
    return stage.scalars(select(Deliverable).order_by(Deliverable.id)).all()


# The first 100 days


def test_every_set_is_of_the_library():
    for model in EngagementModel:
        assert sets()[model], model
        assert set(sets()[model]) <= set(typical())
        assert max(sets()[model].values()) <= 100


def test_the_set_follows_model_scope_and_calendar(cast, stage):
    engagement = stage.get(Engagement, 1)
    for row in engagement.scopes:
        if row.area in {Area.SEC, Area.BUD}:
            row.scope = Scope.OUT
    engagement.starts = date(2026, 11, 2)
    steps = steps_for(engagement, ["STR-D1"], "GB-ENG", date(2026, 11, 10))
    assert [step.template.key for step in steps] == [
        "STR-D5", "STK-D1", "STR-D1", "BCD-D4", "ITM-D1", "VEN-D1", "TAL-D1", "STK-D4", "STR-D2"
    ]  # fmt: skip
    assert [step.template.key for step in steps if step.is_there] == ["STR-D1"]
    days = {step.template.key: step.due for step in steps}
    assert days["STR-D5"] == date(2026, 11, 16)
    assert days["STK-D1"] == date(2026, 12, 2)
    assert days["ITM-D1"] == date(2026, 12, 31), "1 January is no working day"
    assert all(is_working_day(day, "GB-ENG") for day in days.values())


def test_it_is_planned_at_once_or_not_at_all(sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    page = ben.get(SET).get_data(as_text=True)
    assert "Plan them" in page
    assert "Department listening round" in page
    fields = {"chosen": ["1", "3"], "due-1": str(TODAY + timedelta(9)), "days-1": "1", "due-3": str(TODAY + timedelta(30)),
              "assignment_id": str(cast.north.assignments[0].id)}  # fmt: skip
    outside = ben.send(SET, **fields | {"due-3": "2099-01-01"})
    assert (outside.status_code, "outside the dates" in words(outside)) == (422, True)
    assert owed_of(stage) == []
    assert ben.send(SET, once="again", **fields).location == "/engagements/1/deliverables"
    assert ben.send(SET, once="again", **fields).status_code == 303
    first, second = owed_of(stage)
    assert (first.type, first.state, first.estimate, first.baseline_due) == (
        "STR-D5", State.PLANNED, 1, TODAY + timedelta(9)
    )  # fmt: skip
    assert (second.type, second.estimate) == ("STR-D1", 4), "an effort that was not sent is the template's"
    assert stage.scalar(select(func.count()).select_from(Criterion)) == 5
    assert "There already" in words(ben.get(SET))


def test_a_partner_who_does_not_lead_adds_proposals(sign_in, cast, stage):
    assert sign_in(cast.ada).send(SET, chosen="1").status_code == 303
    assert [one.state for one in owed_of(stage)] == [State.PROPOSED]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Choose at least one"),
        ({"chosen": "99"}, "Choose from the list"),
        ({"chosen": "1", "due-1": "soon"}, "Write a date from 2000"),
        ({"chosen": "1", "days-1": "0"}, "Write more than 0 days"),
    ],
)
def test_a_bad_set_changes_nothing(typed, says, sign_in, cast, stage, words):
    answer = sign_in(cast.ben).send(SET, **typed)
    assert (answer.status_code, says in words(answer)) == (422, True), words(answer)[:600]
    assert owed_of(stage) == []


# What comes again


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_the_same_day_of_a_later_month(day, months, then):
    assert months_later(day, months) == then


def test_a_day_off_moves_to_the_working_day_before():
    assert working_day_until(date(2026, 12, 27), "GB-ENG") == date(2026, 12, 24)
    assert working_day_until(date(2026, 11, 23), "GB-ENG") == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("cadence", "says"),
    [
        (Cadence.MONTHLY, "November 2026"),
        (Cadence.QUARTERLY, "quarter 4 of 2026"),
        (Cadence.HALF_YEARLY, "second half of 2026"),
        (Cadence.YEARLY, "2026"),
    ],
)
def test_which_one_it_is(cadence, says):
    assert period(cadence, date(2026, 11, 30)) == says


@pytest.fixture
def pack(sign_in, cast, stage):
    """A board pack each month, the first in thirty days, opened a fortnight ahead."""
    answer = sign_in(cast.ben).send(f"{AGAIN}/new", next_due=str(TODAY + timedelta(30)), **PACK)
    assert answer.location == AGAIN
    return stage.scalars(select(Recurrence)).one()


def on(day, app):
    """The worker's hour on this day."""
    with time_machine.travel(day, tick=False), app.app_context():
        open_ahead()


def test_it_is_opened_ahead_and_only_once(app, pack, stage, cast):
    on(TODAY + timedelta(15), app)
    assert owed_of(stage) == []
    for _ in range(2):
        on(TODAY + timedelta(16), app)
    (owed,) = owed_of(stage)
    due = pack.first_due
    assert owed.title == f"Board pack, {due:%B %Y}"
    assert (owed.state, owed.type, owed.estimate) == (State.PLANNED, "STR-D7", Decimal("0.5"))
    assert owed.baseline_due == working_day_until(due, "GB-ENG")
    assert owed.assignment_id == next(one.id for one in cast.north.assignments if one.person_id == 2), "whoever leads"
    assert [one.text for one in owed.criteria] == ["Page one can be read alone"]
    made = stage.get(Recurrence, pack.id)
    assert (made.steps, made.next_due) == (1, months_later(due, 1))
    assert "deliverable.opened" in stage.scalars(select(Outbox.topic)).all()
    assert stage.scalars(select(AuditEntry.via).where(AuditEntry.verb == "repeat.make")).all() == ["job"]


def test_of_several_that_were_missed_the_last_is_opened(app, pack, stage):
    on(months_later(pack.first_due, 2) + timedelta(1), app)
    titles = [one.title for one in owed_of(stage)]
    assert titles == [f"Board pack, {months_later(pack.first_due, 2):%B %Y}"]


def test_a_pause_leaves_it_out(app, pack, stage, cast):
    stage.add(
        Pause(engagement_id=1, client_id=1, begins=pack.first_due - timedelta(3), until=pack.first_due + timedelta(3))
    )  # fmt: skip
    stage.commit()
    on(pack.first_due - timedelta(14), app)
    assert owed_of(stage) == []
    assert stage.get(Recurrence, pack.id).steps == 1


@pytest.mark.parametrize("state", [EngagementState.PAUSED, EngagementState.CLOSED])
def test_nothing_comes_where_nothing_runs(state, app, pack, stage):
    stage.get(Engagement, 1).state = state
    stage.commit()
    on(TODAY + timedelta(20), app)
    assert owed_of(stage) == []


def test_nothing_comes_after_the_end(app, pack, stage):
    stage.get(Engagement, 1).ends = pack.first_due - timedelta(1)
    stage.commit()
    on(TODAY + timedelta(20), app)
    assert owed_of(stage) == []


def test_nobody_there_makes_a_proposal(app, pack, stage, cast):
    for one in stage.get(Engagement, 1).assignments:
        one.status = Status.ENDED
    stage.commit()
    on(TODAY + timedelta(20), app)
    assert [one.state for one in owed_of(stage)] == [State.PROPOSED]


def test_an_area_that_went_out_of_scope_stops_it_in_words(app, pack, stage, sign_in, cast, words):
    row = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area.STR)).one()
    row.scope, row.out_reason = Scope.OUT, "The client does it"
    stage.commit()
    on(TODAY + timedelta(20), app)
    assert owed_of(stage) == []
    assert stage.get(Recurrence, pack.id).steps == 1, "left out, and the others go on"


def test_changed_and_ended(sign_in, pack, cast, stage, app, words):
    ben = sign_in(cast.ben)
    moved = str(TODAY + timedelta(45))
    assert ben.send(f"{AGAIN}/{pack.id}/edit", next_due=moved, **PACK | {"cadence": "quarterly"}).status_code == 303
    assert ben.send(f"{AGAIN}/{pack.id}/edit", next_due=moved, **PACK).status_code == 409
    assert "Every quarter" in words(ben.get(AGAIN))
    assert ben.send(f"{AGAIN}/{pack.id}/end", version=2).status_code == 303
    assert ben.send(f"{AGAIN}/{pack.id}/end", version=3).status_code == 409
    on(TODAY + timedelta(40), app)
    assert owed_of(stage) == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"next_due": str(TODAY)}, "must still be to come"),
        ({"cadence": "once"}, "Choose one of the list"),
        ({"ahead": "91"}, "from 1 to 90"),
        ({"criteria_lines": ""}, "at least one criterion"),
    ],
)
def test_bad_answers_stand_beside_their_fields(typed, says, sign_in, cast, stage, words):
    answer = sign_in(cast.ben).send(f"{AGAIN}/new", **{"next_due": str(TODAY + timedelta(30))} | PACK | typed)
    assert (answer.status_code, says in words(answer)) == (422, True)
    assert stage.scalars(select(Recurrence)).all() == []
