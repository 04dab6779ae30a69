"""Notices inside the house: a count that costs no page anything, a list that shows what one may see, and one's own choice."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.access.tidy import old_notices
from crm.accounts.models import Account, Standing
from crm.audit.models import AuditEntry
from crm.clients.models import Contact
from crm.core import clock
from crm.core.ownership import Visibility
from crm.deliverables.models import Deliverable
from crm.outbox.models import MailChoice, Notice
from crm.outbox.worker import Worker

CLIENT_SAYS = dict.fromkeys(("deliverable", "review", "comment", "mention", "meeting", "action", "other"), "weekly") | {
    "weekly_on": "3", "zone": "Europe/Paris"}  # fmt: skip
WE_SAY = dict.fromkeys(("deliverable", "review", "comment", "mention", "meeting", "action", "time", "other"), "daily") | {
    "digest": "never", "zone": ""}  # fmt: skip


def unread(stage, **whom):
    stage.expire_all()
    return stage.scalars(select(Standing.unread).filter_by(**whom)).one()


@pytest.fixture
def told(app, world, stage):
    """Ben asked for a wish's answer: the worker writes Cora's news for Ben's list."""
    stage.execute(update(Notice).values(read_at=clock.now()))
    deliverable = stage.get(Deliverable, 2)
    moment = clock.now()
    for number in (1, 2):
        stage.add(
            Notice(id=50 + number, person_id=2, kind="deliverable", topic="deliverable.proposed", payload={}, subject=f"News {number}",
                   path=f"/deliverables/{deliverable.id}", about="deliverable", about_id=deliverable.id, at=moment)
        )  # fmt: skip
    stage.execute(update(Standing).where(Standing.person_id == 2).values(unread=2))
    stage.commit()
    return deliverable


def test_what_happens_stands_in_the_list_of_whom_it_concerns(app, world, stage, sign_in, words):
    stage.execute(update(Account).values(created_at=clock.now()))
    before = unread(stage, person_id=1)
    ben = sign_in(world.ben)
    asked = ben.send(
        "/people/2/leave/new",
        begins=str(clock.today() + timedelta(300)),
        ends=str(clock.today() + timedelta(301)),
        share="100",
        kind="annual",
    )
    assert asked.status_code == 303, words(asked)
    Worker(app, idle=0.05).run(until_empty=True)
    assert unread(stage, person_id=1) == before + 1
    ada = sign_in(world.ada)
    page = ada.get("/notices")
    assert "asks for leave" in words(page)
    assert f"{before + 1} not read" in words(ada.get("/practice"))


def test_opening_a_notice_reads_it_and_leads_to_the_thing(told, sign_in, world, stage):
    ben = sign_in(world.ben)
    opened = ben.post("/notices/51")
    assert (opened.status_code, opened.location) == (303, f"/deliverables/{told.id}")
    assert unread(stage, person_id=2) == 1
    at = stage.get(Notice, 51).read_at
    assert ben.post("/notices/51").status_code == 303
    stage.expire_all()
    assert stage.get(Notice, 51).read_at == at
    assert ben.post("/notices/52/read").location == "/notices"
    assert unread(stage, person_id=2) == 0


def test_all_are_read_at_once_and_only_ones_own(told, sign_in, world, stage):
    stage.execute(update(Notice).where(Notice.id == 2).values(read_at=None))
    stage.execute(update(Standing).where(Standing.contact_id == 1).values(unread=1))
    stage.commit()
    assert sign_in(world.ben).post("/notices/read").status_code == 303
    assert (unread(stage, person_id=2), unread(stage, contact_id=1)) == (0, 1)
    assert stage.get(Notice, 2).read_at is None


@pytest.mark.parametrize("who", ["ada", "cora", "tess", "abe"])
def test_nobody_reads_or_opens_anothers(who, told, sign_in, world):
    browser = sign_in(getattr(world, who))
    assert "News 1" not in browser.get("/notices").text
    assert browser.post("/notices/51").status_code == 404
    assert browser.post("/notices/51/read").status_code == 404


def test_what_one_may_no_longer_see_says_nothing_and_leads_nowhere(world, sign_in, stage, words):
    owed = stage.get(Deliverable, 2)
    stage.add(
        Notice(id=60, contact_id=1, client_id=1, kind="deliverable", topic="deliverable.proposed", payload={}, subject="The exit plan",
               path="/portal/deliverables/2", about="deliverable", about_id=2, at=clock.now())
    )  # fmt: skip
    owed.visibility = Visibility.CLIENT
    stage.commit()
    cora = sign_in(world.cora)
    assert "The exit plan" in cora.get("/notices").text
    owed.visibility = Visibility.TEAM
    stage.commit()
    page = cora.get("/notices")
    assert "The exit plan" not in page.text
    assert "About something that you may no longer see" in words(page)
    assert cora.post("/notices/60").location == "/notices"
    assert "no longer see what this notice was about" in words(cora.get("/notices"))


def test_the_count_costs_no_page_a_statement_and_the_list_none_for_its_rows(told, sign_in, world, stage, statements):
    ben = sign_in(world.ben)
    with statements() as before:
        ben.get("/me")
    assert not any("notice" in one.split("WHERE")[0] for one in before)
    with statements() as few:
        assert ben.get("/notices").status_code == 200
    for number in range(100, 140):
        stage.add(
            Notice(id=number, person_id=2, kind="review", topic="x", payload={}, subject=f"News {number}", path="/today",
                   about=("engagement", "contact", "deliverable_version", "gone")[number % 4], about_id=1, at=clock.now())
        )  # fmt: skip
    stage.commit()
    with statements() as many:
        page = ben.get("/notices")
    assert page.text.count('<li class="row') == 25
    assert len(many) == len(few) <= 4
    with statements() as asked:
        ben.post("/notices/read")
    assert len(asked) <= 8


def test_the_list_is_filtered(told, sign_in, world):
    ben = sign_in(world.ben)
    assert "News 1" in ben.get("/notices?state=unread&kind=deliverable").text
    assert "News 1" not in ben.get("/notices?state=read").text
    assert "Nothing fits" in ben.get("/notices?kind=meeting").text


def test_two_companies_are_never_in_one_list(world, sign_in, stage):
    """Cora of Northwind is a contact of Umbra, too."""
    stage.add(Contact(id=40, client_id=2, name="Cora", email="c@client2.example"))
    stage.flush()
    stage.add(Notice(id=70, contact_id=40, client_id=2, kind="other", topic="x", payload={}, subject="Of Umbra", path="/portal",
                     about="contact", about_id=40, at=clock.now()))  # fmt: skip
    stage.add(Standing(account_id=world.cora.id, role="viewer", contact_id=40, client_id=2, unread=1))
    stage.commit()
    assert "Of Umbra" not in sign_in(world.cora).get("/notices").text


def test_old_notices_are_forgotten_but_none_that_waits_for_a_letter(world, app, stage):
    stage.execute(update(Notice).values(at=clock.now() - timedelta(days=91)))
    stage.commit()
    waiting = stage.scalars(select(Notice.id).where(Notice.waits_for.is_not(None))).all()
    with app.app_context():
        old_notices()
    stage.expire_all()
    assert waiting
    assert stage.scalars(select(Notice.id)).all() == waiting
    assert unread(stage, person_id=2) == 0
    assert unread(stage, contact_id=1) == 1


def test_ones_choice_is_kept_and_shown(cast, sign_in, stage, words):
    cora = sign_in(cast.cora)
    page = cora.get("/me/mail")
    assert "one letter a week at most" in words(page)
    assert "At once" not in page.text
    assert cora.send("/me/mail", **CLIENT_SAYS | {"comment": "never"}).location == "/me"
    choice = stage.scalars(select(MailChoice).where(MailChoice.account_id == cast.cora.id)).one()
    assert (choice.paces["comment"], choice.weekly_on, choice.zone) == ("never", 3, "Europe/Paris")
    assert 'value="never" selected' in cora.get("/me/mail").text
    assert stage.scalars(select(AuditEntry.verb)).all() == ["own.choose_mail"]
    stale = cora.send("/me/mail", **CLIENT_SAYS | {"version": "7"})
    assert stale.status_code == 409
    again = cora.send("/me/mail", **CLIENT_SAYS | {"version": str(choice.version)})
    assert again.status_code == 303


def test_ours_choose_more_and_the_week_begins_on_monday(cast, sign_in, stage, words):
    ben = sign_in(cast.ben)
    page = ben.get("/me/mail")
    assert "On Mondays, if something is due" in words(page)
    assert "weekly_on" not in page.text
    assert ben.send("/me/mail", **WE_SAY).status_code == 303
    choice = stage.scalars(select(MailChoice)).one()
    assert (choice.paces["digest"], choice.paces["mention"], choice.zone) == ("never", "daily", "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"comment": "hourly"}, "Choose one of the list"), ({"comment": "at_once"}, "Choose one of the list"),
     ({"weekly_on": "9"}, "Choose one of the list"), ({"weekly_on": ""}, "Choose a day"), ({"zone": "Mars/Base"}, "Europe/London")],
)  # fmt: skip
def test_what_is_no_choice_is_said(wrong, said, cast, sign_in, stage, words):
    answer = sign_in(cast.cora).send("/me/mail", **CLIENT_SAYS | wrong)
    assert (answer.status_code, said in words(answer)) == (422, True)
    assert stage.scalars(select(MailChoice)).all() == []


def test_sign_off_decision_and_security_cannot_be_chosen_away(cast, sign_in, stage):
    sign_in(cast.cora).send("/me/mail", **CLIENT_SAYS | {"sign_off": "never", "security": "never"})
    choice = stage.scalars(select(MailChoice)).one()
    assert not {"sign_off", "decision", "security"} & set(choice.paces)
