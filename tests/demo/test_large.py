"""The large practice, in a size that a test can wait for: every constraint holds and nothing is left over."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from crm.accounts.models import Account, Standing
from crm.areas.vendors.models import VendorContract
from crm.clients.models import Client
from crm.core.db import db
from crm.deliverables.models import Deliverable
from crm.demo import large
from crm.demo.large_made import LARGE, TENTH, Size
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.practice.models import Numbering, Practice
from crm.registers.models import RegisterEntry
from crm.search.models import SearchLine
from crm.timelog.models import TimeEntry
from tests.demo.conftest import HATS

TINY = Size(clients=10, people=6, engagements=30, deliverables=300, entries=3_000)


@pytest.fixture
def highmoor(app, stage):
    def loaded(day="2026-11-18"):
        written = []
        with time_machine.travel(f"{day}T10:15:00+00:00", tick=False), app.app_context():
            large.load(TINY, 12, "hashed", written.append)
        return stage, sum(written)

    return loaded


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("day", ["2026-11-18", "2024-02-29", "2026-12-31"])
def test_it_has_the_size_that_was_asked_for(highmoor, day):
    session, written = highmoor(day)
    wanted = {
        Client: 10,
        Engagement: 30,
        Deliverable: 300,
        TimeEntry: 3_000,
        SearchLine: 10 + 50 + 30 + 300 + count(session, RegisterEntry),
    }
    assert {model: count(session, model) for model in wanted} == wanted
    assert written > 3_000
    assert session.scalar(select(func.max(TimeEntry.worked_on))) < date.fromisoformat(day)
    assert session.get(Practice, 1).is_demo
    assert session.get(Numbering, "deliverable").last == 300


def test_every_client_has_rows_in_its_registers(highmoor):
    """One has as many as anybody will ever have; each is worked out like any other."""
    session, _ = highmoor()
    of_each = dict(
        session.execute(select(RegisterEntry.client_id, func.count()).group_by(RegisterEntry.client_id)).all()
    )
    assert len(of_each) == 10
    assert sorted(of_each.values())[-1] > 2 * sorted(of_each.values())[-2]
    for contract in session.scalars(select(VendorContract)).unique():
        assert contract.notice_by == contract.end - timedelta(contract.notice_days)
        assert contract.complete
    assert (LARGE.of_one, TENTH.of_one) == (2_000, 2_000)


def test_the_figures_of_the_benchmark():
    assert (LARGE.clients, LARGE.people, LARGE.engagements, LARGE.deliverables, LARGE.entries) == (
        500,
        100,
        1_500,
        60_000,
        1_000_000,
    )
    assert all(
        getattr(LARGE, name) == 10 * getattr(TENTH, name)
        for name in ("clients", "people", "engagements", "deliverables", "entries")
    )


def test_sign_ins(highmoor):
    """The first seven as in the small one: two consultants who share no engagement, a client's two people and another's."""
    session, _ = highmoor()
    first = session.scalars(select(Account).order_by(Account.id).limit(7)).all()
    hats = [session.scalars(select(Standing).where(Standing.account_id == one.id)).one() for one in first]
    assert [hat.role for hat in hats] == HATS[:7]
    running = [
        set(
            session.scalars(
                select(Assignment.engagement_id).where(
                    Assignment.person_id == hat.person_id, Assignment.status == "confirmed"
                )
            )
        )
        for hat in hats[1:3]
    ]
    assert running[0]
    assert not running[0] & running[1]
    assert hats[3].client_id == hats[4].client_id != hats[5].client_id


def test_new_rows_get_ids_of_their_own(highmoor, app, stage):
    """The counters of the engine go on where the loader stopped."""
    highmoor()
    stage.add(Client(code="NEWONE", name="One more"))
    stage.commit()
    assert stage.scalar(select(func.max(Client.id))) >= 11
    with app.app_context():
        db.engine.dispose()
