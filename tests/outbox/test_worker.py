"""What was committed is told: expanded, tried again, given up in front of a person, and never told to the wrong one."""

from collections import Counter
from datetime import timedelta
from email import message_from_string, policy

import pytest
from sqlalchemy import select

from crm.clients.models import Contact
from crm.core import clock
from crm.core.db import db, transaction
from crm.core.errors import Refused
from crm.core.ownership import Visibility
from crm.core.viewer import SYSTEM
from crm.deliverables.models import Deliverable
from crm.outbox import mail
from crm.outbox.models import DemoMail, Outbox, post
from crm.outbox.topics import LOCAL, REMOTE, Dropped, local, remote
from crm.outbox.worker import Worker
from crm.practice.models import Practice


@pytest.fixture
def deliverable(world, stage):
    """Northwind's, and in its sight. Who of theirs has an address has an account too."""
    stage.get(Contact, 6).email = ""
    stage.commit()
    return stage.get(Deliverable, 2)


def mails(stage):
    stage.expire_all()
    return stage.scalars(select(Outbox).where(Outbox.topic == "mail").order_by(Outbox.id)).all()


@pytest.fixture
def in_the_demo(stage, world):
    stage.get(Practice, 1).is_demo = True
    stage.commit()


def test_an_event_becomes_a_mail_for_each_reader(told, deliverable, post_to, drain, stage):
    event = post_to(deliverable_id=deliverable.id)
    drain()
    assert [(row.recipient, row.payload["to"], row.done_at) for row in mails(stage)] == [
        ("cora@example.test", "contact:1", None),
        ("vic@example.test", "contact:2", None),
    ]
    stage.refresh(event)
    assert event.done_at
    assert event.attempts == 1


def test_without_a_mail_server_mail_waits_and_is_not_tried(told, deliverable, post_to, drain, stage):
    post_to(deliverable_id=deliverable.id)
    drain()
    assert {row.attempts for row in mails(stage)} == {0}
    assert stage.scalars(select(DemoMail).where(DemoMail.id > 100)).all() == []


def test_the_demo_keeps_what_it_would_have_sent(told, in_the_demo, deliverable, post_to, drain, stage):
    post_to(deliverable_id=deliverable.id)
    drain()
    kept = stage.scalars(select(DemoMail).where(DemoMail.recipient == "cora@example.test")).one()
    assert kept.subject.endswith(" waits")
    assert kept.body.startswith("Hello Cora,\n\nRead it.\n\nRead it: http://127.0.0.1:8000/portal\n\nLarkmoor")
    assert kept.html.startswith("<!doctype html>")
    assert kept.kind == "sign_off"
    assert all(row.done_at and row.error is None for row in mails(stage))


def test_a_letter_leaves_as_plain_text_and_as_html(told, mailbox, deliverable, post_to, drain):
    post_to(deliverable_id=deliverable.id)
    drain()
    sent = message_from_string(mailbox.got[0][1], policy=policy.default)
    assert sent.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in sent.iter_parts()] == ["text/plain", "text/html"]
    assert sent.get_body(("plain",)).get_content().startswith("Hello Cora,")
    assert "<h1" in sent.get_body(("html",)).get_content()


def test_mail_is_sent_with_one_message_id_for_ever(told, mailbox, deliverable, post_to, drain, stage):
    mailbox.answers["data"] = "451 come back"
    post_to(deliverable_id=deliverable.id)
    drain()
    mailbox.answers.clear()
    for row in mails(stage):
        row.due_at = clock.now()
    stage.commit()
    drain()
    ids = [next(line for line in text.splitlines() if line.startswith("Message-ID")) for _, text in mailbox.got]
    assert len(mailbox.got) == 4
    assert len(set(ids)) == 2
    assert [row.attempts for row in mails(stage)] == [2, 2]
    assert all(row.done_at and row.error is None for row in mails(stage))


@pytest.mark.parametrize(
    ("trouble", "kept"),
    [
        ({"rcpt": "550 no such user"}, "550"),
        ({"data": "451 try later"}, "451"),
        ({"data": "554 refused"}, "554"),
        ({"drop": True}, "SMTPServerDisconnected"),
    ],
)
def test_whatever_the_mail_server_says_is_kept_and_tried_again(
    trouble, kept, told, mailbox, deliverable, post_to, drain, stage
):
    mailbox.answers.update(trouble)
    post_to(deliverable_id=deliverable.id)
    drain()
    for row in mails(stage):
        assert kept in row.error
        assert row.done_at is None
        assert row.dead_at is None
        assert row.lease_by is None
        assert timedelta(seconds=50) < row.due_at - clock.now() <= timedelta(minutes=1)


def test_a_server_that_refuses_or_says_nothing_holds_nobody_up(
    told, mailbox, deliverable, post_to, drain, stage, app, silent_server, monkeypatch
):
    monkeypatch.setattr(mail, "PATIENCE", 0.3)
    with silent_server() as port:
        app.config["MAIL_PORT"] = port
        post_to(deliverable_id=deliverable.id)
        drain()
    assert all("timed out" in row.error for row in mails(stage))
    for row in mails(stage):
        row.due_at = clock.now()
    stage.commit()
    drain()  # the port is closed now
    assert all("refused" in row.error for row in mails(stage))


def test_a_server_that_goes_quiet_with_the_letter_in_hand_gets_it_again_under_the_same_number(
    told, mailbox, deliverable, post_to, drain, stage, monkeypatch
):
    monkeypatch.setattr(mail, "PATIENCE", 2)  # long enough for a busy machine to hand the letter over
    mailbox.answers["pause"] = 4
    post_to(deliverable_id=deliverable.id)
    drain()
    assert all("timed out" in row.error and row.done_at is None for row in mails(stage))
    mailbox.answers.clear()
    monkeypatch.undo()
    for row in mails(stage):
        row.due_at = clock.now()
    stage.commit()
    drain()
    ids = [next(line for line in text.splitlines() if line.startswith("Message-ID")) for _, text in mailbox.got]
    assert sorted(Counter(ids).values()) == [2, 2]
    assert all(row.done_at for row in mails(stage))


def test_one_refused_reader_does_not_hold_back_the_other(told, mailbox, deliverable, post_to, drain, stage):
    stage.get(Contact, 1).email = "x"

    async def refuse_cora(server, session, envelope, address, options):
        if "cora" in address:
            return "550 no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    mailbox.handle_RCPT = refuse_cora
    post_to(deliverable_id=deliverable.id)
    drain()
    assert [to for to, _ in mailbox.got] == [["vic@example.test"]]
    assert [bool(row.done_at) for row in mails(stage)] == [False, True]


def test_it_waits_longer_each_time_and_gives_up_after_three_days():
    row, at = Outbox(attempts=0), clock.now()
    began, waits = at, []
    while row.dead_at is None:
        row.take("me", at)
        row.fail("no", at)
        waits.append(row.due_at - at)
        at = row.due_at
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(waits) == timedelta(hours=6)
    assert timedelta(days=3) <= at - began <= timedelta(days=3, hours=6)
    row.retry(at)
    assert (row.attempts, row.dead_at, row.due_at) == (0, None, at)
    row.deliver(at)
    with pytest.raises(Refused):
        row.retry(at)


def test_a_mail_says_what_is_true_when_it_leaves(told, in_the_demo, deliverable, post_to, worker, drain, stage):
    post_to(deliverable_id=deliverable.id)
    worker.tell_some()
    deliverable.title = "Another name"
    stage.commit()
    drain()
    kept = stage.scalars(select(DemoMail).where(DemoMail.subject == "Another name waits")).all()
    assert {one.recipient for one in kept} == {"cora@example.test", "vic@example.test"}


def test_nothing_is_told_of_what_a_reader_may_no_longer_see(
    told, in_the_demo, deliverable, post_to, worker, drain, stage
):
    post_to(deliverable_id=deliverable.id)
    worker.tell_some()
    deliverable.visibility = Visibility.TEAM
    stage.commit()
    drain()
    assert [row.error for row in mails(stage)] == [mail.NOT_THEIRS.why] * 2
    assert stage.scalars(select(DemoMail).where(DemoMail.recipient == "cora@example.test")).all() == []


def test_a_closed_account_gets_no_mail(told, in_the_demo, deliverable, post_to, worker, drain, stage, cast):
    post_to(deliverable_id=deliverable.id)
    worker.tell_some()
    cast.cora.active = False
    stage.commit()
    drain()
    assert [row.error for row in mails(stage)] == [mail.NO_ADDRESS.why, None]


def test_a_contact_without_account_is_written_to_at_their_own_address(
    told, mailbox, deliverable, post_to, drain, stage
):
    stage.add(Contact(id=9, client_id=1, name="Nell", email="nell@client1.example"))
    stage.commit()
    post_to(deliverable_id=deliverable.id)
    drain()
    assert ["nell@client1.example"] in [to for to, _ in mailbox.got]


def test_what_is_gone_is_not_told(told, in_the_demo, world, post_to, drain, stage):
    event = post_to(deliverable_id=4711)
    drain()
    stage.refresh(event)
    assert event.error == "Nobody to tell."
    assert mails(stage) == []


def test_an_unknown_topic_waits_for_a_worker_that_knows_it(world, post_to, drain, stage):
    event = post_to("from.the_future")
    drain()
    stage.refresh(event)
    assert (event.attempts, event.done_at) == (0, None)


def test_the_same_thing_is_queued_once_and_a_rolled_back_one_never(see, cast, stage):
    with see(SYSTEM):
        with transaction():
            post("test.told", key="k", n=1)
            post("test.told", key="k", n=2)
        with pytest.raises(RuntimeError, match="undone"), transaction():
            post("test.told", key="other")
            raise RuntimeError("undone")
    assert [row.payload for row in stage.scalars(select(Outbox))] == [{"n": 1}]


def test_effect_and_mark_of_our_own_are_one(world, post_to, drain, stage):
    @local("test.count")
    def count(message):
        db.session.add(DemoMail(key=message.key, recipient="x", subject="x", body="x", at=clock.now()))
        db.session.flush()
        if message.payload["fails"]:
            raise LookupError("after the effect")

    try:
        bad, good = post_to("test.count", "bad", fails=True), post_to("test.count", "good", fails=False)
        drain()
    finally:
        del LOCAL["test.count"]
    stage.refresh(bad)
    stage.refresh(good)
    assert (bad.error, bad.done_at) == ("LookupError: after the effect", None)
    assert good.done_at
    assert stage.scalars(select(DemoMail.key).where(DemoMail.key.in_(["bad", "good"]))).all() == ["good"]


def test_a_lease_keeps_others_away_until_it_ends(world, post_to, app, stage):
    told = []

    @remote("test.far")
    def far(message):
        told.append(message.key)
        return Dropped("done elsewhere") if len(told) > 1 else None

    try:
        post_to("test.far", "m")
        slow, other = Worker(app, lease=timedelta(seconds=0)), Worker(app)
        taken = [one for one in slow.claim() if one.topic == "test.far"]
        assert [one.key for one in taken] == ["m"]
        assert "m" in [one.key for one in other.claim()]  # its lease was over
        assert Worker(app).claim() == []
        slow._tell_the_world(taken[0])
        row = stage.scalars(select(Outbox).where(Outbox.key == "m")).one()
        assert (row.done_at, row.lease_by) == (None, other.name)  # too slow: it is the other's to mark
        other._tell_the_world(taken[0])
        stage.refresh(row)
        assert (row.error, bool(row.done_at)) == ("done elsewhere", True)
    finally:
        del REMOTE["test.far"]


def test_one_topic_has_one_handler(told):
    with pytest.raises(ValueError, match="already"):
        from crm.outbox.notices import notice

        notice("test.told")(lambda: ())
    local("test.one")(lambda message: None)
    try:
        with pytest.raises(ValueError, match="already"):
            remote("test.one")(lambda message: None)
    finally:
        del LOCAL["test.one"]


def test_chores_are_done_each_hour_and_never_stop_the_worker(app, cast):
    done = []
    worker = Worker(app, chores=[lambda: done.append(1)])
    worker.run(until_empty=True)
    worker.run(until_empty=True)
    assert done == [1]
    worker.chores_at = 0
    worker.run(until_empty=True)
    assert done == [1, 1]
