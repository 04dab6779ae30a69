"""What is due on a Monday: one's own, this week's and what was due before, and nothing behind somebody's back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from crm.areas.across.models import Action, Decision, RaidItem
from crm.areas.stakeholders.models import Commitment
from crm.areas.vendors.models import ContractStatus, VendorContract
from crm.clients.models import FollowUp
from crm.core.viewer import viewing_as
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.desk.monday import of_the_week
from crm.engagements.scopes import AreaScope
from crm.meetings.models import Meeting
from tests.cast import TODAY

HOUR = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=7)


@pytest.fixture
def due_for(app, world, stage):
    """What one hears, in groups; all else of the world is far away."""
    far = TODAY + timedelta(400)
    for model in (Deliverable, FollowUp, Action, Commitment):
        stage.execute(update(model).values(due=far))
    stage.execute(update(VendorContract).values(notice_by=far))
    stage.execute(update(Meeting).values(on=far))
    stage.execute(update(RaidItem).values(next_review=far))
    stage.execute(update(Decision).values(needed_by=far, review_on=None))
    stage.execute(update(AreaScope).values(review_due=far))
    stage.commit()

    def heard(who):
        with app.app_context(), viewing_as(getattr(world, who).viewer, zone="UTC"):
            return [(one.under, one.title, one.text, one.path) for one in of_the_week(getattr(world, who).viewer, HOUR)]

    return heard


def test_nothing_is_said_when_nothing_is_due(due_for):
    assert [due_for(who) for who in ("ben", "tess", "eve", "ada")] == [[], [], [], []]


def test_each_hears_of_their_own_and_of_this_week(due_for, stage):
    soon, late = TODAY + timedelta(6), TODAY - timedelta(3)
    stage.execute(
        update(Deliverable)
        .where(Deliverable.id == 1)
        .values(due=late, state=State.IN_PROGRESS, assignment_id=1, title="Exit plan")
    )
    stage.execute(update(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.number == 6).values(review_due=soon))
    stage.execute(update(AreaScope).where(AreaScope.engagement_id == 2, AreaScope.number == 6).values(review_due=soon))
    stage.execute(update(FollowUp).where(FollowUp.id == 1).values(due=TODAY, title="Ask the broker"))
    contract = stage.get(
        VendorContract,
        stage.query(VendorContract.id).filter_by(client_id=1).order_by(VendorContract.id).limit(1).scalar(),
    )
    stage.execute(
        update(VendorContract)
        .where(VendorContract.id == contract.id)
        .values(notice_by=soon, status=ContractStatus.ACTIVE, decision="undecided")
    )
    stage.execute(
        update(Commitment).where(Commitment.client_id == 1).values(due=TODAY + timedelta(1), status="open", keeper_id=2)
    )
    stage.commit()
    heard = due_for("ben")
    first = {}
    for one in heard:
        first.setdefault(one[0], one[1:])
    assert list(first) == ["Deliverables", "Reviews", "Promises", "Renewals", "Follow-ups"]
    assert first["Deliverables"][0].endswith("Exit plan")
    assert first["Deliverables"][1] == "Northwind. 3 days overdue"
    assert first["Promises"][1] == "Northwind. Due tomorrow"
    assert first["Follow-ups"] == ("Ask the broker", "Northwind. Due today", "/today#follow-ups")
    assert all("Umbra" not in one[2] for one in heard)
    assert due_for("eve") == []


def test_what_comes_later_is_not_said(due_for, stage):
    stage.execute(update(FollowUp).where(FollowUp.id == 1).values(due=TODAY + timedelta(7)))
    stage.commit()
    assert due_for("ben") == []


def test_each_place_that_is_named_is_there(due_for, stage, sign_in, world):
    stage.execute(update(AreaScope).where(AreaScope.engagement_id == 1).values(review_due=TODAY))
    for model in (Action, Commitment, Deliverable, FollowUp):
        stage.execute(update(model).values(due=TODAY))
    stage.execute(update(Action).values(owner_person_id=2, owner_contact_id=None, owner_name="", status="open"))
    stage.execute(update(VendorContract).values(notice_by=TODAY, status=ContractStatus.ACTIVE, decision="undecided"))
    stage.commit()
    ben = sign_in(world.ben)
    places = {path.partition("#")[0] for _, _, _, path in due_for("ben")}
    assert len(places) >= 5
    for path in sorted(places)[:12]:
        assert ben.get(path).status_code == 200, path
