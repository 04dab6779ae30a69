"""Letters that gather others: whose hour has come, that there is one of each, and that nothing is lost or told in vain."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from crm.accounts.models import Account
from crm.clients.models import Contact
from crm.core import clock
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.viewer import Audience
from crm.deliverables.models import Deliverable
from crm.outbox import digests
from crm.outbox.digests import gather, key_of, last_hour
from crm.outbox.kinds import ALWAYS, Kind, Pace, pace_of, usual
from crm.outbox.models import DemoMail, MailChoice, Notice, Outbox
from crm.outbox.notices import NOTICES, Item, Letter, notice
from crm.people.models import Person
from crm.practice.models import Practice

LONDON, AUCKLAND = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland")
WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("moment", "zone", "weekday", "hour"),
    [
        (WEDNESDAY, LONDON, None, utc(2026, 11, 18, 7)),
        (utc(2026, 11, 18, 6, 59), LONDON, None, utc(2026, 11, 17, 7)),
        (WEDNESDAY, LONDON, 0, utc(2026, 11, 16, 7)),
        (utc(2026, 11, 16, 7), LONDON, 0, utc(2026, 11, 16, 7)),
        (utc(2026, 11, 16, 6, 59), LONDON, 0, utc(2026, 11, 9, 7)),
        (WEDNESDAY, LONDON, 4, utc(2026, 11, 13, 7)),
        # the clocks change on Sunday 29 March and 25 October: Monday's seven o'clock is another hour of UTC
        (utc(2026, 3, 30, 12), LONDON, 0, utc(2026, 3, 30, 6)),
        (utc(2026, 3, 29, 12), LONDON, None, utc(2026, 3, 29, 6)),
        (utc(2026, 10, 26, 12), LONDON, 0, utc(2026, 10, 26, 7)),
        (utc(2026, 11, 15, 18, 30), AUCKLAND, 0, utc(2026, 11, 15, 18)),  # Monday morning there
    ],
)
def test_the_last_seven_o_clock(moment, zone, weekday, hour):
    assert last_hour(moment, zone, weekday) == hour


ZONES = st.sampled_from(
    ["UTC", "Europe/London", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Apia", "Asia/Kathmandu"]
)


@pytest.mark.engine_free
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1)), ZONES.map(ZoneInfo), st.integers(0, 6),
    st.integers(0, 60 * 24 * 9),
)  # fmt: skip
def test_there_is_one_hour_a_week_whatever_the_zone(moment, zone, weekday, minutes):
    moment = moment.replace(tzinfo=UTC)
    hour, later = last_hour(moment, zone, weekday), last_hour(moment + timedelta(minutes=minutes), zone, weekday)
    assert hour <= moment
    assert (hour.weekday(), hour.hour) == (weekday, 7)
    same_week = key_of("x", hour, Pace.WEEKLY) == key_of("x", later, Pace.WEEKLY)
    assert same_week == (hour.date() == later.date())


@pytest.mark.engine_free
def test_a_letter_is_named_after_its_week_or_day():
    hour = last_hour(WEDNESDAY, LONDON, 0)
    assert key_of("person:5", hour, Pace.WEEKLY) == "digest:2026-W47:person:5"
    assert key_of("contact:3", hour, Pace.DAILY) == "digest:2026-11-16:contact:3"
    assert key_of("person:5", last_hour(utc(2027, 1, 2), LONDON, 4), Pace.WEEKLY) == "digest:2026-W53:person:5"


@pytest.mark.engine_free
@pytest.mark.parametrize("audience", [Audience.PRACTICE, Audience.CLIENT])
def test_what_nobody_can_choose_and_what_a_client_cannot(audience):
    for kind in Kind:
        for said in (*Pace, "nonsense", None):
            pace = pace_of(kind, audience, {kind: said} if said else {})
            if kind in ALWAYS:
                assert pace is Pace.AT_ONCE
            elif audience is Audience.CLIENT:
                assert pace is (Pace.NEVER if said == Pace.NEVER else Pace.WEEKLY)
            else:
                assert pace == (said if said in set(Pace) else usual(kind, audience))


@pytest.fixture
def deliverable(world, stage):
    stage.execute(update(Notice).values(waits_for=None))
    stage.get(Contact, 6).email = ""  # who has an address is said in each story
    stage.get(Practice, 1).is_demo = True
    stage.commit()
    return stage.get(Deliverable, 2)


@pytest.fixture
def news():
    """Cora hears of a deliverable, in a letter that may wait; somebody without an account, where they have an address; and Ben."""

    def hear(deliverable_id, word="news"):
        found = db.session.get(Deliverable, deliverable_id)
        if found is None or found.title == "Gone":
            return
        for reader in (db.session.get(Contact, 1), db.session.get(Contact, 6), db.session.get(Person, 2)):
            yield Letter(to=reader, about=found, subject=f"{found.title}: {word}", text="Something happened.\n\nAnd more.",
                         path="/secret", inside="/portal", kind=Kind.COMMENT)  # fmt: skip

    notice("test.news")(hear)
    yield
    del NOTICES["test.news"]


@pytest.fixture
def happened(news, deliverable, post_to, drain, stage):
    """It happened and was told; `at` is when, as the list says."""

    def at(moment, **more):
        newest = stage.scalar(select(func.max(Notice.id)))
        post_to("test.news", f"news:{moment}:{more}", deliverable_id=deliverable.id, **more)
        drain()
        stage.execute(update(Notice).where(Notice.id > newest).values(at=moment))

    return at


@pytest.fixture(autouse=True)
def nothing_of_its_own(request, monkeypatch):
    """The clock of these stories is said in each of them, and so is what is due."""
    monkeypatch.setattr(digests, "DUE", [])
    if "drain" in request.fixturenames:
        request.getfixturevalue("worker").round_at = float("inf")


@pytest.fixture
def round_at(app):
    """One round of the worker as the clock stands."""

    def at(moment):
        with app.app_context():
            gather(moment)

    return at


def letters(stage, like="digest:%"):
    stage.expire_all()
    return stage.scalars(select(DemoMail).where(DemoMail.key.like(like)).order_by(DemoMail.id)).all()


def test_a_client_gets_one_letter_a_week_and_nothing_is_lost(happened, round_at, drain, stage):
    monday = utc(2026, 11, 16, 7)
    happened(monday - timedelta(days=3), word="first")
    happened(monday - timedelta(days=1), word="second")
    happened(monday + timedelta(minutes=1), word="third")
    assert letters(stage, "news:%contact%") == [], "none of its own"
    for moment in (monday - timedelta(minutes=1), monday, monday + timedelta(hours=1), monday + timedelta(days=6)):
        round_at(moment)
        drain()
    told = [one for one in letters(stage) if one.recipient == "cora@example.test"]
    assert [one.subject for one in told] == ["2 pieces of news this week"]
    assert "first" in told[0].body
    assert "second" in told[0].body
    assert "third" not in told[0].body
    assert "/secret" not in told[0].body, "an address that may hold a secret is for the mail of its own"
    assert told[0].kind == "digest"
    round_at(monday + timedelta(days=7))
    drain()
    told = [one for one in letters(stage) if one.recipient == "cora@example.test"]
    assert ["third" in one.body for one in told] == [False, True]


def test_a_worker_that_was_away_catches_up_once(happened, round_at, drain, stage):
    happened(utc(2026, 10, 20), word="long ago")
    for moment in (WEDNESDAY, WEDNESDAY + timedelta(minutes=1), WEDNESDAY + timedelta(days=1)):
        round_at(moment)
        drain()
    assert len([one for one in letters(stage) if one.recipient == "cora@example.test"]) == 1
    keys = stage.scalars(
        select(Outbox.key).where(Outbox.topic == "digest.gathered", Outbox.key.contains("contact"))
    ).all()
    assert keys == ["digest:2026-W47:contact:1"]


def test_a_letter_says_only_what_is_still_so_and_still_theirs(happened, deliverable, round_at, drain, stage):
    happened(WEDNESDAY - timedelta(days=10))
    deliverable.visibility = Visibility.TEAM
    stage.commit()
    round_at(WEDNESDAY)
    drain()
    assert [one.recipient for one in letters(stage)] == ["ben@example.test"], "Cora may no longer see it"
    happened(WEDNESDAY - timedelta(hours=7))
    deliverable.visibility, deliverable.title = Visibility.CLIENT, "Gone"
    stage.commit()
    round_at(WEDNESDAY + timedelta(days=7))
    drain()
    assert len(letters(stage)) == 1, "and nobody is told of what is no longer so"
    assert not stage.scalars(select(Outbox).where(Outbox.topic == "digest.gathered", Outbox.done_at.is_(None))).all()


def test_each_chooses_for_themselves(happened, round_at, drain, stage, cast):
    stage.execute(update(MailChoice).where(MailChoice.account_id == cast.ben.id).values(paces={"comment": "at_once"}))
    stage.add(
        MailChoice(id=9, account_id=cast.cora.id, paces={"comment": "weekly"}, weekly_on=3, zone="Pacific/Auckland")
    )
    stage.commit()
    happened(WEDNESDAY - timedelta(days=1))
    assert [one.recipient for one in letters(stage, "news:%")] == ["ben@example.test"]
    thursday_there = utc(2026, 11, 18, 18)
    round_at(thursday_there - timedelta(minutes=1))
    drain()
    assert letters(stage) == []
    round_at(thursday_there)
    drain()
    assert [one.recipient for one in letters(stage)] == ["cora@example.test"]
    stage.execute(update(MailChoice).values(paces={"comment": "never"}))
    happened(WEDNESDAY, word="silence")
    round_at(WEDNESDAY + timedelta(days=30))
    drain()
    assert len(letters(stage)) == 1
    subjects = stage.scalars(select(Notice.subject).where(Notice.subject.contains("silence"))).all()
    assert len(subjects) == 2, "it stands in the list inside the house all the same"


def test_whoever_has_no_account_gets_the_weekly_letter_too(happened, round_at, drain, stage):
    stage.get(Contact, 6).email = "somebody@client1.example"
    stage.commit()
    happened(WEDNESDAY - timedelta(days=9))
    round_at(WEDNESDAY)
    drain()
    told = [one for one in letters(stage) if one.recipient == "somebody@client1.example"]
    assert len(told) == 1
    assert "http://127.0.0.1:8000/portal" in told[0].body


@pytest.fixture
def due_things(monkeypatch):
    found = {2: [Item("DEL-001 Exit plan", "Due tomorrow", "/deliverables/1", "Deliverables")]}
    monkeypatch.setattr(digests, "DUE", [lambda viewer, hour: found.get(viewer.person_id, [])])
    return found


def test_on_mondays_consultants_hear_what_is_due_and_others_nothing(due_things, deliverable, round_at, drain, stage):
    stage.execute(update(Account).values(created_at=utc(2026, 1, 1)))
    monday = utc(2026, 11, 16, 6)  # seven in Paris, where Ben is
    round_at(monday)
    drain()
    assert [(one.recipient, one.subject) for one in letters(stage)] == [
        ("ben@example.test", "Your week from 16 November 2026: 1 thing due")
    ]
    assert "DEL-001 Exit plan" in letters(stage)[0].body
    for later in (monday + timedelta(hours=5), monday + timedelta(days=6)):
        round_at(later)
        drain()
    assert len(letters(stage)) == 1
    round_at(monday + timedelta(days=7))
    drain()
    assert len(letters(stage)) == 2


def test_nobody_new_is_told_of_a_monday_before_they_came(due_things, deliverable, round_at, drain, stage):
    stage.execute(update(Account).values(created_at=WEDNESDAY))
    round_at(WEDNESDAY + timedelta(hours=1))
    drain()
    assert letters(stage) == []


def test_whoever_wants_no_mondays_gets_none(due_things, deliverable, round_at, drain, stage):
    stage.execute(update(Account).values(created_at=utc(2026, 1, 1)))
    stage.execute(update(MailChoice).values(paces={"digest": "never"}))
    round_at(WEDNESDAY)
    drain()
    assert letters(stage) == []


def test_a_letter_that_many_rounds_want_is_queued_once(happened, round_at, stage):
    happened(WEDNESDAY - timedelta(days=10))
    for _ in range(3):
        round_at(WEDNESDAY)
    rows = stage.scalars(select(Outbox).where(Outbox.topic == "digest.gathered", Outbox.key.contains("contact"))).all()
    assert [row.key for row in rows] == ["digest:2026-W47:contact:1"]
    taken = stage.scalars(select(Notice.gathered_in).where(Notice.contact_id == 1, Notice.topic == "test.news")).all()
    assert taken == ["digest:2026-W47:contact:1"]


def test_an_idle_round_asks_little_and_writes_nothing(app, world, stage, statements):
    stage.execute(update(Notice).values(waits_for=None))
    with statements() as asked, app.app_context():
        gather(clock.now())
    assert len(asked) <= 6
    assert all(one.lstrip().startswith("SELECT") for one in asked)
