"""Somebody leaves: every way in ends, and what waited for them waits for others. One screen, one press."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, or_, select, update

from crm.accounts.invitations import AddressChange, Invitation
from crm.accounts.models import Account
from crm.areas.across.models import Action
from crm.audit.models import AuditEntry
from crm.clients.models import Contact, FollowUp
from crm.core import clock
from crm.core.viewer import SYSTEM
from crm.deliverables.agreed import Contribution
from crm.deliverables.models import Deliverable
from crm.deliverables.states import LIVE
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Delegation, Sponsorship
from crm.engagements.scopes import AreaScope
from crm.outbox.models import DemoMail, Outbox
from crm.outbox.worker import Worker
from crm.people.models import Person
from crm.practice.models import Practice
from crm.settings.leaver_work import work_of, work_of_contact
from tests import cast as people
from tests.cast import TODAY

BEN, CORA = "/settings/leavers/person/2", "/settings/leavers/contact/1"


@pytest.fixture
def abe(sign_in, world):
    return sign_in(world.abe)


def leave(abe, page=BEN, once=None, **takers):
    seen = re.search(r'name="version" value="(\d+)"', abe.get(page).text)[1]
    return abe.send(page, once=once, version=seen, **takers)


def test_the_page_says_what_waits_and_shows_no_clients_content(abe, world, words):
    page = abe.get(BEN)
    text = words(page)
    assert "Ben leaves Larkmoor" in text
    assert "Northwind" in text
    assert "leads ENG-001" in text
    assert "areas held" in text
    assert "CANARY" not in page.text
    assert '<option value="5" selected>Tess</option>' in page.text, "whoever is on the team already"
    assert "ben@example.test" in text


def test_everything_changes_hands_and_every_way_in_ends(abe, world, see, sign_in, stage, words):
    stage.get(Practice, 1).is_demo = True
    stage.execute(
        update(Action)
        .where(Action.client_id == 1)
        .values(owner_person_id=2, owner_contact_id=None, owner_name="", status="open")
    )
    stage.commit()
    ben = sign_in(world.ben)
    assert ben.get("/today").status_code == 200
    with see(SYSTEM):
        before = work_of(2)[1]
        assert before.coming
        counted = len(before.papers), len(before.rows), len(before.follow_ups), len(before.scopes)
    assert all(counted)
    done = leave(abe, to_1="5")
    assert (done.status_code, done.location) == (303, "/settings/accounts")
    assert "Ben is out everywhere, and no way in is left. 1 client was handed over." in words(abe.get(done.location))
    assert ben.get("/today").status_code == 303
    stage.expire_all()
    assert stage.get(Account, world.ben.id).active is False
    assert stage.get(Person, 2).left_on == TODAY
    with see(SYSTEM):
        assert work_of(2) == {}
        after = work_of(5)[1]
        assert (len(after.rows), len(after.follow_ups), len(after.scopes)) >= counted[1:]
        assert len(after.papers) >= counted[0]
    lead = stage.get(Engagement, 1).who_leads(TODAY)
    assert (lead.person_id, lead.days_a_month) == (5, 8)
    past = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).all()
    assert {one.status for one in past} == {"ended"}
    assert max(one.ends for one in past) < TODAY
    lines = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "leaver.hand_over")).all()
    assert {line.person_id for line in lines} == {4}, "in the admin's name"
    assert {"deliverable", "area_scope", "follow_up", "assignment"} <= {line.subject_kind for line in lines}
    Worker(abe.application).run(until_empty=True)
    told = stage.scalars(select(DemoMail).where(DemoMail.subject == "You take over from Ben")).one()
    assert told.recipient == "tess@example.test"
    assert "leads ENG-001" in told.body


def test_what_is_finished_stays_with_whoever_did_it(abe, world, stage):
    stage.execute(
        update(Action)
        .where(Action.client_id == 1)
        .values(owner_person_id=2, owner_contact_id=None, owner_name="", status="done")
    )
    stage.execute(update(FollowUp).where(FollowUp.person_id == 2).values(done_at=clock.now()))
    stage.commit()
    assert leave(abe, to_1="5").status_code == 303
    stage.expire_all()
    assert set(stage.scalars(select(Action.owner_person_id).where(Action.client_id == 1))) == {2}
    assert stage.scalar(select(func.count(FollowUp.id)).where(FollowUp.person_id == 2)) > 0


def test_nobody_reviews_what_they_come_to_own(abe, world, stage):
    paper = stage.scalars(
        select(Deliverable).where(
            Deliverable.client_id == 1, Deliverable.state.in_(LIVE), Deliverable.assignment_id == 1
        )
    ).first()
    paper.reviewer_id = 5
    stage.commit()
    assert leave(abe, to_1="5").status_code == 303
    stage.expire_all()
    for one in stage.scalars(select(Deliverable).where(Deliverable.client_id == 1, Deliverable.state.in_(LIVE))):
        writing = {
            one.assignment_id,
            *stage.scalars(select(Contribution.assignment_id).where(Contribution.deliverable_id == one.id)),
        }
        writers = set(stage.scalars(select(Assignment.person_id).where(Assignment.id.in_(writing - {None}))))
        assert one.reviewer_id not in writers | {2}, one.code
    assert stage.get(Deliverable, paper.id).reviewer_id == 1, "a partner"


def test_pressed_twice_it_is_done_once_and_stale_it_is_not_done(abe, world, stage):
    seen = re.search(r'name="version" value="(\d+)"', abe.get(BEN).text)[1]
    stale = abe.send(BEN, to_1="5", version=int(seen) + 7)
    assert (stale.status_code, "Somebody changed this" in stale.text) == (409, True)
    first = abe.send(BEN, once="k", to_1="5", version=seen)
    again = abe.send(BEN, once="k", to_1="5", version=seen)
    assert (again.status_code, again.location) == (first.status_code, first.location) == (303, "/settings/accounts")
    assert stage.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.verb == "leaver.part")) == 1
    later = leave(abe)
    assert later.status_code == 409 or "Nothing waits for them" in abe.get(BEN).text


def test_who_takes_over_must_be_able_to(abe, world, stage):
    missing = leave(abe, to_1="")
    assert (missing.status_code, "Choose who takes over" in missing.text) == (422, True)
    walled = leave(abe, to_1="3")  # Eve, behind a wall
    assert (walled.status_code, "Choose one of the list" in walled.text) == (422, True)
    stage.expire_all()
    assert stage.get(Account, world.ben.id).active
    assert stage.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.verb == "leaver.part")) == 0


def test_links_in_mails_die(abe, world, stage):
    stage.add(
        AddressChange(
            account_id=world.ben.id, email="b@home.example", asked_at=clock.now(), expires_at=clock.now() + timedelta(1)
        )
    )
    stage.commit()
    mark = stage.get(Account, world.ben.id).fs_uniquifier
    assert leave(abe, to_1="5").status_code == 303
    stage.expire_all()
    assert stage.get(Account, world.ben.id).fs_uniquifier != mark
    waiting = (Invitation.account_id == world.ben.id, Invitation.ended_at.is_(None))
    assert stage.scalars(select(Invitation).where(*waiting)).all() == []
    open_ones = (
        AddressChange.account_id == world.ben.id,
        AddressChange.ended_at.is_(None),
        AddressChange.expires_at > clock.now(),
    )
    assert stage.scalars(select(AddressChange).where(*open_ones)).all() == []


def test_a_sponsor_leaves_and_another_decides_from_now_on(abe, world, see, sign_in, stage):
    stage.add(Contact(id=70, client_id=1, name="Dora", email="dora@client1.example", decides=True))
    stage.commit()
    cora = sign_in(world.cora)
    assert cora.get("/portal").status_code == 200
    page = abe.get(CORA)
    assert "sponsors ENG-001" in page.text
    assert "CANARY" not in page.text
    for wrong, said in (("2", "not marked as somebody who decides"), ("3", "Choose one of the list")):
        refused = leave(abe, CORA, to_1=wrong)
        assert (refused.status_code, said in refused.text) == (422, True)
    assert leave(abe, CORA, to_1="70").status_code == 303
    stage.expire_all()
    assert cora.get("/portal").status_code == 303
    assert stage.get(Account, world.cora.id).active is False
    assert stage.get(Contact, 1).archived_at
    assert stage.scalars(select(Sponsorship.contact_id).where(Sponsorship.engagement_id == 1)).all() == [70]
    assert stage.scalar(select(func.count(AreaScope.id)).where(AreaScope.holder_contact_id == 1)) == 0
    given = stage.scalars(select(Delegation).where(or_(Delegation.contact_id == 1, Delegation.delegate_id == 1))).all()
    assert given
    assert all(one.ended_at for one in given)
    with see(SYSTEM):
        assert work_of_contact(1) == {}
    assert stage.scalars(select(Outbox.topic).where(Outbox.topic == "leaver.left")).all() == ["leaver.left"]


def test_whoever_has_another_hat_keeps_that_one(abe, world, sign_in, stage):
    people_of = stage.get(Account, world.vic.id)
    stage.add(Contact(id=71, client_id=2, name="Vic", email="vic@client2.example"))
    stage.flush()
    stage.add(people.Standing(account_id=people_of.id, role="viewer", contact_id=71, client_id=2))
    stage.commit()
    assert leave(abe, "/settings/leavers/contact/2", to_1="1").status_code == 303
    stage.expire_all()
    account = stage.get(Account, world.vic.id)
    assert account.active
    assert [
        one.client_id
        for one in stage.scalars(
            select(people.Standing).where(people.Standing.account_id == account.id, people.Standing.ended_at.is_(None))
        )
    ] == [2]
    assert sign_in(world.vic).get("/portal").status_code == 303, "signed out everywhere, and may sign in again"


@pytest.mark.parametrize(
    ("page", "said"), [("/settings/leavers/person/4", "own way in"), ("/settings/leavers/person/999", "")]
)
def test_nobody_ends_their_own_way_in_and_strangers_are_not_there(abe, world, page, said):
    if not said:
        assert abe.get(page).status_code == 404
        assert abe.send(page).status_code == 404
        return
    answer = leave(abe, page)
    assert (answer.status_code, said in answer.text) == (409, True)


def test_the_screen_asks_no_more_with_more_work(abe, world, stage, statements):
    def asked():
        with statements() as seen:
            assert abe.get(BEN).status_code == 200
        return len(seen)

    few = asked()
    stage.add_all([FollowUp(client_id=1, person_id=2, title="x", due=TODAY) for _ in range(20)])
    stage.commit()
    assert asked() == few <= 45
