"""Reminders on working days 3, 7 and the last, each with a fresh link; silence as a yes only where that was agreed."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from crm.areas.across.models import Decision
from crm.areas.across.waiting import each_hour as questions_that_wait
from crm.areas.across.waiting import occasion_on as question_on
from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.calendar import after_working_days
from crm.core.words import day as written
from crm.deliverables import waiting
from crm.deliverables.measures import review_day
from crm.deliverables.states import State
from crm.deliverables.versions import How
from crm.engagements.models import Pause
from crm.links.models import Opens
from crm.outbox.models import Outbox
from tests.cast import TODAY
from tests.links.conftest import LINK
from tests.links.test_sign_off import version_of

SENT = date(2026, 11, 18)  # a Wednesday; ten working days later it is Wednesday 2 December


def test_the_clock_counts_working_days_without_holidays_and_pauses():
    christmas = date(2026, 12, 22)
    assert review_day(SENT, SENT, "GB-ENG") == 0
    assert review_day(SENT, date(2026, 11, 23), "GB-ENG") == 3
    assert review_day(christmas, date(2026, 12, 30), "GB-ENG") == 4  # 25 and 28 December are holidays
    assert review_day(christmas, date(2026, 12, 30), "IE") == 5  # St Stephen's Day is a Saturday there
    paused = Pause(begins=date(2026, 11, 19), until=date(2026, 11, 20))
    assert review_day(SENT, date(2026, 11, 24), "GB-ENG", [paused]) == 2


def _reminders(version, days, region="GB-ENG"):
    return {day: said for day in days if (said := waiting.occasion_on(version, day, region))}


@pytest.mark.engine_free
def test_reminders_are_due_on_working_days_3_7_and_the_last():
    version = SimpleNamespace(
        submitted_at=datetime(2026, 11, 18, 9, tzinfo=UTC),
        answer_by=date(2026, 12, 2),
        engagement=SimpleNamespace(pauses=[]),
    )
    days = [date(2026, 11, day) for day in range(18, 31)] + [date(2026, 12, day) for day in range(1, 6)]
    found = _reminders(version, days)
    assert min(found) == date(2026, 11, 23)
    assert {day for day, said in found.items() if said == "day 3"} == {date(2026, 11, n) for n in (23, 24, 25, 26)}
    assert min(day for day, said in found.items() if said == "day 7") == date(2026, 11, 27)
    assert [day for day, said in found.items() if said == waiting.LAST] == [date(2026, 12, 2)]
    assert not [day for day in found if day.weekday() > 4 or day > date(2026, 12, 2)]


@pytest.mark.engine_free
def test_questions_are_reminded_seven_and_two_days_before_and_on_the_day():
    needed, asked = date(2026, 12, 10), date(2026, 11, 20)
    said = {n: question_on(needed, asked, date(2026, 12, n), "GB-ENG") for n in range(1, 12)}
    assert said[1] == "7 before"
    assert said[8] == "2 before"
    assert (said[10], said[11]) == ("0 before", "")
    assert question_on(needed, date(2026, 12, 9), date(2026, 12, 9), "GB-ENG") == ""


@pytest.fixture
def on_day(app, tell):
    """What the worker does at noon of a day: the hourly chore, then the mail."""

    def go(day):
        with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False):
            with app.app_context():
                waiting.each_hour()
            return tell()

    return go


def _day(version, number):
    return after_working_days(version.submitted_at.date(), number, "GB-ENG")


def test_each_reminder_carries_a_fresh_link_and_ends_the_older(
    stranger, cast, ask, link_in, links, on_day, stage, again
):
    version = version_of(ask())
    first = link_in(cast.cora)
    for number in (2, 3, 3, 4, 7, 10):
        on_day(_day(version, number))
    assert [one.occasion for one in links()] == ["asked", "day 3", "day 7", "last day"]
    assert [one.ended_at is None for one in links()] == [False, False, False, True]
    newest = link_in(cast.cora)
    assert newest != first
    old = stranger.get(first)
    assert (old.status_code, "A newer mail took the place of this one" in old.text) == (410, True)
    assert stranger.get(newest).status_code == 200
    on_day(_day(version, 11))
    assert again(version).state is State.SUBMITTED, "silence is no yes where that was not agreed"


def test_silence_counts_where_that_was_agreed(stranger, cast, ask, link_in, on_day, stage, again, plain, sign_in):
    cast.north.deemed = True
    stage.commit()
    owed = ask()
    version = version_of(owed)
    for number in (3, 7, 10):
        on_day(_day(version, number))
    newest = link_in(cast.cora)
    assert again(version).state is State.SUBMITTED
    told = on_day(_day(version, 11))
    on_day(_day(version, 12))
    version = again(version)
    assert (version.state, version.deemed, version.decided_by_id) == (State.ACCEPTED, True, None)
    (said,) = version.sign_offs
    assert (said.how, said.by_id, said.sponsor_id) == (How.DEEMED, None, 1)
    assert "Reminders were sent on" in said.basis
    assert told[cast.cora.email].subject == "Counted as signed off: Supplier exit plan"
    assert told[cast.ben.email].subject.startswith("Counted as signed off (deemed)")
    lines = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "deliverable.deem")).all()
    assert [one.audience for one in lines] == ["system"]
    assert stranger.get(newest).status_code == 410
    for address in (f"/portal/deliverables/{owed.id}", "/portal/deliverables", "/portal"):
        assert "(deemed)" in plain(sign_in(cast.cora).get(address)), address
    compared = sign_in(cast.ben).send("/deliverables/check", fingerprint=version.digest)
    assert "Counted as signed off (deemed)" in plain(compared)
    assert "Deemed" in plain(sign_in(cast.ben).get(f"/deliverables/{owed.id}"))


def test_without_two_reminders_that_left_silence_is_no_yes(cast, ask, tell, on_day, stage, again):
    """One was refused by the mail server for days: it did not leave."""
    cast.north.deemed = True
    stage.commit()
    version = version_of(ask())
    for number in (3, 10):
        on_day(_day(version, number))
    for row in stage.scalars(select(Outbox).where(Outbox.topic == "mail", Outbox.key.contains("day 3"))):
        row.error = "Not sent"
    stage.commit()
    on_day(_day(version, 11))
    assert again(version).state is State.SUBMITTED


def test_a_pause_stops_the_clock(cast, ask, on_day, links, stage, again):
    cast.north.deemed = True
    version = version_of(ask())
    stage.add(Pause(client_id=1, engagement_id=1, begins=_day(version, 1), until=_day(version, 8)))
    stage.commit()
    on_day(_day(version, 3))
    on_day(_day(version, 10))
    assert [one.occasion for one in links()] == ["asked"], "two of ten days have passed"
    on_day(_day(version, 11))
    assert again(version).state is State.SUBMITTED
    assert [one.occasion for one in links()] == ["asked", "day 3"]


def test_a_question_is_reminded_with_a_fresh_link(app, world, stage, links):
    """The world's question is needed in nine days, and was asked today."""
    decision = stage.get(Decision, 142)
    decision.needed_by = after_working_days(TODAY, 9, "GB-ENG")
    stage.commit()
    for number in (7, 7, 9):
        day = after_working_days(TODAY, number, "GB-ENG")
        with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False), app.app_context():
            questions_that_wait()
    of_it = [one for one in links() if one.opens is Opens.DECISION and one.thing_id == 142]
    assert [one.occasion.split()[0] for one in of_it] == ["asked", "2", "0"]
    assert [one.ended_at is None for one in of_it] == [False, False, True]


def test_a_question_asked_late_says_so_and_leaves_a_week_to_answer(sign_in, cast, stage, stranger, tell, words):
    """Its own day has passed: the mail that asks again would be dead when it came."""
    at, was = clock.now(), TODAY - timedelta(14)
    question = Decision(
        client_id=1, area="BCD", question="Eight hours without stock?", options=["Yes", "No"], owner_contact_id=1,
        needed_by=was, cost_a_week=35_000, made_at=at, changed_at=at,
    )  # fmt: skip
    stage.add(question)
    stage.commit()
    asking = f"/clients/1/areas/continuity/decisions/{question.id}/steps/asking"
    assert sign_in(cast.ben).send(asking, version=question.version).status_code == 303
    mail = tell()[cast.cora.email]
    assert mail.subject == f"Still for your decision, needed by {written(was)}: {question.question}"
    address = LINK.search(mail.body)[1]
    costs = "Each week of waiting costs about £350"
    assert costs in mail.body
    assert costs in words(stranger.get(address))
    for later, status in ((0, 200), (8, 200), (9, 410)):
        with time_machine.travel(clock.now() + timedelta(later), tick=False):
            assert stranger.get(address).status_code == status, later
