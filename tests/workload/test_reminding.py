"""Days without time are told to the person alone: once a week by the house, and when a partner asks (J11)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from crm.core import clock
from crm.core.viewer import SYSTEM
from crm.outbox.models import DemoMail, MailChoice, Notice, Outbox
from crm.outbox.notices import letters_of
from crm.outbox.worker import Worker
from crm.people.models import Leave, LeaveStatus, Period, PeriodState, Person
from crm.practice.models import Practice
from crm.timelog.models import TimeEntry, TimeKind
from crm.workload.operations import remind_of_missing_days
from tests.cast import looking

WEDNESDAY = "2026-11-18T12:00:00Z"  # its week begins on 16 November
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def november(cast, time_machine, stage):
    time_machine.move_to(WEDNESDAY)
    stage.get(Practice, 1).is_demo = True  # its mail is kept to be looked at
    stage.commit()
    return time_machine


@pytest.fixture
def log(stage):
    """Ben logs an hour on each of these days."""

    def on(*days, month=11, who=2, **whose):
        whose = whose or {"kind": TimeKind.INTERNAL}
        stage.add_all(
            TimeEntry(person_id=who, worked_on=date(2026, month, day), minutes=60, logged_at=clock.now(), **whose)
            for day in days
        )
        stage.commit()

    return on


@pytest.fixture
def hour(app, november):
    """An hour of the worker: the chore, then what is due is told."""
    worker = Worker(app)
    worker.round_at = float("inf")

    def passes(*, tell=True):
        with app.app_context():
            remind_of_missing_days()
        if tell:
            worker.run(until_empty=True)

    return passes


def mails(stage):
    stage.rollback()
    return [(one.recipient, one.subject) for one in stage.scalars(select(DemoMail).order_by(DemoMail.id))]


def keys(stage):
    stage.rollback()
    return stage.scalars(select(Outbox.key).where(Outbox.topic == "time.missing").order_by(Outbox.id)).all()


def test_once_a_week_and_to_nobody_else(hour, log, stage, november):
    log(10, 11, 16)  # missing: 12, 13 and this week's 17, which is not asked for yet
    for _ in range(3):
        hour()
    told = [("ben@example.test", "2 working days without time")]
    assert mails(stage) == told
    body = stage.scalars(select(DemoMail.body)).one()
    assert "- 9 to 15 November\n  Thu 12 Nov and Fri 13 Nov\n" in body
    assert "/time/grid?day=2026-11-12" in body
    assert "Two working days have no time. Only you are told, until the month is closed." in body
    notices = select(Notice.person_id, Notice.contact_id, Notice.subject, Notice.path)
    assert stage.execute(notices).all() == [(2, None, told[0][1], "/time/grid?day=2026-11-12")]
    november.move_to("2026-11-23T05:29:00Z")  # Monday, still in the night
    hour()
    assert mails(stage) == told
    november.move_to("2026-11-23T05:30:00Z")
    hour()
    assert mails(stage)[1:] == [("ben@example.test", "6 working days without time")]  # 17 to 20 came to them
    assert keys(stage) == ["time.missing:2026-W47:2", "time.missing:2026-W48:2"]


def test_nothing_when_nothing_is_missing(hour, log, stage):
    log(9, 10, 11)
    stage.add_all([
        Leave(person_id=2, begins=date(2026, 11, 12), ends=date(2026, 11, 12), status=LeaveStatus.APPROVED),
        Leave(person_id=2, begins=date(2026, 11, 13), ends=date(2026, 11, 13), status=LeaveStatus.APPROVED),
    ])  # fmt: skip
    stage.commit()
    hour()
    assert keys(stage) == []


@pytest.mark.parametrize(
    ("days", "because"),
    [
        ({"joined_on": date(2026, 11, 16)}, "the days lie before the first one with us"),
        ({"left_on": date(2026, 11, 17)}, "whoever left is asked for nothing"),
    ],
)
def test_no_day_outside_the_employment(days, because, hour, log, stage):
    log(9, 16)
    for name, value in days.items():
        setattr(stage.get(Person, 2), name, value)
    stage.commit()
    hour()
    assert keys(stage) == [], because


def test_neither_holidays_nor_closed_months_nor_days_off(hour, log, stage, november):
    november.move_to("2026-06-03T12:00:00Z")
    log(21, 22, month=5)  # Monday 25 May is a public holiday
    log(1, 2, month=6)
    hour()
    stage.rollback()
    with_days = stage.scalars(select(DemoMail.body)).one()
    assert "Tue 26 May, Wed 27 May, Thu 28 May and Fri 29 May" in with_days
    assert "25 May and" not in with_days
    stage.add(Period(month=date(2026, 5, 1), state=PeriodState.LOCKED, locked_at=clock.now()))
    stage.commit()
    november.move_to("2026-06-08T12:00:00Z")
    log(3, 4, 5, month=6)
    hour()
    assert len(keys(stage)) == 1


@pytest.mark.parametrize("mended", ["filled", "closed"])
def test_what_was_filled_or_closed_before_the_mail_leaves_is_not_told(mended, hour, log, stage):
    log(12)  # missing: 13
    hour(tell=False)
    assert len(keys(stage)) == 1
    if mended == "filled":
        log(13)
    else:
        stage.add(Period(month=NOVEMBER, state=PeriodState.LOCKED, locked_at=clock.now()))
        stage.commit()
    hour()
    assert mails(stage) == []
    assert stage.scalars(select(Notice)).all() == []


def test_the_mail_itself_is_judged_once_more(app, hour, log, stage):
    log(12)
    hour(tell=False)
    payload = stage.scalars(select(Outbox.payload)).one()
    with looking(app, SYSTEM):
        assert [one.to.name for one in letters_of("time.missing", payload)] == ["Ben"]
    log(13)
    with looking(app, SYSTEM):
        assert letters_of("time.missing", payload) == []


@pytest.mark.parametrize("pace", ["never", "weekly"])
def test_it_comes_as_its_reader_chose(pace, hour, log, stage, cast, november):
    log(12)
    stage.add(MailChoice(account_id=cast.ben.viewer.account_id, paces={"time": pace}))
    stage.commit()
    hour()
    assert mails(stage) == []
    assert stage.scalars(select(Notice.waits_for)).all() == [None if pace == "never" else "weekly"]


def test_what_waited_for_a_later_letter_is_said_by_the_newest_alone(app, hour, log, stage, november):
    log(12)
    hour()
    november.move_to("2026-11-24T12:00:00Z")
    first = stage.scalars(select(Outbox.payload).where(Outbox.topic == "time.missing")).one()
    with looking(app, SYSTEM):
        assert len(letters_of("time.missing", first)) == 1, "still so, and nobody said it since"
    hour(tell=False)
    with looking(app, SYSTEM):
        assert letters_of("time.missing", first) == []


def test_two_workers_tell_once(app, hour, log, stage, monkeypatch):
    """The second one looked before the first one wrote."""
    log(12)
    hour()
    monkeypatch.setattr("crm.workload.operations.told_in", lambda monday, people: set())
    hour()
    assert len(keys(stage)) == len(mails(stage)) == 1


def test_it_costs_one_statement_for_each_who_was_not_told(hour, log, stage, statements):
    log(12)
    hour()
    with statements() as seen:
        hour(tell=False)
    assert len(seen) <= 4 + 4, "the practice, who is here, who was told, and one for Ada, Eve, Tess and Finn"


def test_a_partners_reminder_says_the_same_days_and_takes_the_place_of_the_houses(app, hour, log, stage, sign_in, cast):
    log(12)
    assert sign_in(cast.ada).send("/time/periods/2026-11/reminders").status_code == 303
    hour()
    assert keys(stage) == [], "Ben heard of it in this week"
    ben = [subject for to, subject in mails(stage) if to.startswith("ben")]
    assert ben == [
        "November 2026 is about to be closed: 11 working days without time"
    ]  # those before the first entry too
    body = stage.scalars(select(DemoMail.body).where(DemoMail.recipient.like("ben%"))).one()
    assert "- 9 to 15 November\n  Mon 9 Nov, Tue 10 Nov, Wed 11 Nov and Fri 13 Nov\n" in body


def test_a_partners_reminder_is_judged_when_it_leaves(app, hour, log, stage, sign_in, cast):
    log(*(day for day in range(2, 18)), 12)
    log(13, client_id=1, engagement_id=1, area="STR", client_note="")  # an entry that says nothing to the client
    log(*range(2, 17), who=5)  # Tess lacks the 17th
    assert sign_in(cast.ada).send("/time/periods/2026-11/reminders").status_code == 303
    entry = stage.scalars(select(TimeEntry).where(TimeEntry.engagement_id == 1)).one()
    entry.client_note = "Board paper"
    stage.commit()
    log(17, who=5)
    before = stage.scalar(select(func.count(Outbox.id)).where(Outbox.topic == "time.reminded"))
    hour()
    told = {to.split("@")[0] for to, _ in mails(stage)}
    assert (before, told) == (5, {"ada", "eve", "finn"}), "Ben and Tess have nothing left to do"
