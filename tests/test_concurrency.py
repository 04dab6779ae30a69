"""Sixteen at once: pressing twice does it once, and nobody overwrites a colleague unseen.

Every thread has a browser of its own, and all press the same button at the same moment.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.closing.models import Statement
from crm.core.calendar import DAY, month_of
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, viewing_as
from crm.deliverables.models import Deliverable
from crm.engagements.scopes import Rag
from crm.evidence import keeping
from crm.evidence.models import AreaSummary
from crm.maturity.models import Answer, Assessment, Purpose
from crm.maturity.questions import by_id
from crm.outbox.models import Outbox
from crm.reviews.models import Review, ReviewState
from crm.timelog.models import TimeEntry
from tests import cast as people
from tests.cast import TODAY

AT_ONCE = 16


@pytest.fixture
def together(app):
    """Let all of them do it at the same moment: `together(account, do)` gives the answers of `do(browser, number)`."""

    def run(who, do):
        app.test_client_class = people.Browser
        gate = threading.Barrier(AT_ONCE)

        def one(number):
            browser = people.browser_of(app, who)
            gate.wait(20)
            return do(browser, number)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(AT_ONCE)))

    return run


def rows(stage, model):
    stage.expire_all()
    return stage.scalars(select(model).order_by(model.id)).all()


def test_one_entry_however_often_the_button_is_pressed(together, cast, stage):
    typed = {"work": "1", "pick": "30", "worked_on": TODAY.isoformat(), "once": "the-key-of-one-form"}
    answers = together(cast.ben, lambda ben, _: ben.send("/time", **typed))
    assert Counter(answer.status_code for answer in answers) == {303: AT_ONCE}
    (entry,) = rows(stage, TimeEntry)
    assert {answer.location for answer in answers} == {f"/time?logged={entry.id}"}
    assert [line.verb for line in rows(stage, AuditEntry)] == ["time.log"]


def test_one_of_sixteen_editors_wins(together, world, stage):
    before = stage.get(Deliverable, 1)
    typed = {
        "version": before.version, "area": "VEN", "assignment_id": before.assignment_id, "estimate": "2",
        "criteria_lines": "The board can act on it",
    }  # fmt: skip

    def edit(ben, number):
        answer = ben.send("/deliverables/1/edit", title=f"Plan {number}.", **typed)
        return edit(ben, number) if answer.status_code == 503 else answer  # a busy machine says: try again

    answers = together(world.ben, edit)
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: AT_ONCE - 1}
    won = next(number for number, answer in enumerate(answers) if answer.status_code == 303)
    lost, loud = next((number, answer) for number, answer in enumerate(answers) if answer.status_code == 409)
    version = before.version
    stage.expire_all()
    assert (before.title, before.version) == (f"Plan {won}.", version + 1)
    assert f"Plan {lost}." in loud.text  # what was typed stays
    assert f"Plan {won}." in loud.text  # beside what stands now


def test_one_of_sixteen_publishes_the_run_and_all_of_it(together, cast, stage):
    """Everything is published by one press; the others are told that nothing of theirs was, and no mail goes twice."""
    for area in (Area.VEN, Area.STR, Area.TAL):
        stage.add(
            Review(
                client_id=1,
                engagement_id=1,
                area=area,
                rag=Rag.RED,
                sentence="x",
                ask="x",
                ask_of="x",
                ask_by=TODAY,
                author_id=2,
            )
        )
    stage.commit()
    seen = ",".join(f"{one.id}-{one.version}" for one in rows(stage, Review))

    def publish(ben, number):
        answer = ben.send("/engagements/1/review/publication", once=f"press-{number}", seen=seen)
        return publish(ben, number) if answer.status_code == 503 else answer  # a busy machine says: try again

    answers = together(cast.ben, publish)
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: AT_ONCE - 1}
    assert [one.state for one in rows(stage, Review)] == [ReviewState.PUBLISHED] * 3
    assert [one.topic for one in rows(stage, Outbox)] == ["review.published"]
    verbs = Counter(line.verb for line in rows(stage, AuditEntry))
    assert verbs == {"review.publish": 3, "review.publish_run": 1}


def test_sixteen_taps_at_once_are_one_answer_or_sixteen(together, cast, stage):
    """On one question that nobody answered before, and on as many questions as there are threads."""
    stage.add(Assessment(id=1, client_id=1, title="Baseline", purpose=Purpose.BASELINE, began_on=TODAY, begun_by_id=2))
    stage.commit()
    asked = [one for one in by_id() if one != "STR-Q1"][:AT_ONCE]

    def one(browser, question):
        answer = browser.post(
            f"/assessments/1/answers/{question}", data={f"{question}-score": "0", f"{question}-seen": "0"}
        )
        return (
            one(browser, question) if answer.status_code == 503 else answer.status_code
        )  # a busy machine says: try again

    def tap(browser, number):
        return one(browser, "STR-Q1"), one(browser, asked[number])

    assert Counter(together(cast.ben, tap)) == {(303, 303): AT_ONCE}
    assert sorted(one.question for one in rows(stage, Answer)) == sorted(["STR-Q1", *asked])


def test_judgements_are_true_when_many_write_evidence_at_once(together, app, cast, stage):
    """Of those who write at once each judges what the others have written: a contract more for every press."""
    contract = {
        "vendor": "Harbour Telecom", "what": "Lines", "tier": "important", "status": "active", "annual_cost": "7200",
        "end": (TODAY + timedelta(days=9)).isoformat(), "notice_days": "30", "decision": "undecided", "owner_name": "x", "personal_data": "no",
    }  # fmt: skip
    answers = together(
        cast.ben, lambda ben, _: ben.send("/clients/1/areas/vendors/contracts/new", version=0, **contract)
    )
    assert 303 in Counter(answer.status_code for answer in answers)
    kept = stage.scalars(select(AreaSummary).where(AreaSummary.engagement_id == 1, AreaSummary.area == Area.VEN)).one()
    assert "VEN-R1" in kept.fired
    with app.app_context(), viewing_as(SYSTEM, zone="UTC"):
        assert [one for one in keeping.prove(TODAY) if one.seat.area is Area.VEN and one.seat.engagement_id == 1] == []


def test_sixteen_closing_and_logging_leave_a_consistent_month(together, app, cast, stage):
    """Whoever logs before the lock stands on the statement, whoever comes later is refused: nothing falls between."""
    month = month_of(month_of(TODAY) - DAY)
    days = [month + n * DAY for n in range(AT_ONCE)]

    def one(browser, number):
        if number % 4:
            answer = browser.send("/time", work="1", duration=f"{number * 7}m", worked_on=days[number].isoformat())
        else:
            answer = people.browser_of(app, cast.ada).send(f"/time/periods/{month:%Y-%m}/lock", once=f"lock-{number}")
        return one(browser, number) if answer.status_code == 503 else answer.status_code  # a busy machine: try again

    codes = together(cast.ben, one)
    locked = [codes[n] for n in range(0, AT_ONCE, 4)]
    assert sorted(locked) == [303, 409, 409, 409]
    assert {code for n, code in enumerate(codes) if n % 4} <= {303, 422}
    entries = rows(stage, TimeEntry)
    assert sorted(one.minutes for one in entries) == sorted(
        n * 7 for n, code in enumerate(codes) if n % 4 and code == 303
    )
    statement = next(one for one in rows(stage, Statement) if one.engagement_id == 1)
    assert statement.minutes == sum(one.minutes for one in entries)
    assert sorted(one["entry"] for one in statement.lines) == sorted(one.id for one in entries)
    assert sum((Decimal(one["days"]) for one in statement.lines), Decimal(0)) == statement.used
