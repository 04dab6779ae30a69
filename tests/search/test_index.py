"""The index follows every change, in the same transaction, and shows each line as the thing itself is seen."""

import pytest
from sqlalchemy import delete, func, select

from crm.clients.models import Client, Contact
from crm.core.clock import now
from crm.core.db import transaction
from crm.core.ownership import Visibility
from crm.core.viewer import SYSTEM
from crm.deliverables.models import Deliverable
from crm.engagements.models import Engagement
from crm.engagements.states import EngagementState
from crm.registers.models import RegisterEntry
from crm.search.lines import rebuild
from crm.search.models import Kind, SearchLine
from crm.search.rows import words_of
from tests.cast import TODAY


def line(stage, kind, thing_id):
    found = select(SearchLine).where(SearchLine.kind == kind, SearchLine.thing_id == thing_id)
    return stage.scalars(found.execution_options(populate_existing=True)).one_or_none()


@pytest.fixture
def plan(stage, cast):
    stage.add(Deliverable(id=7, number=231, title="Exit plan", type="VEN-D2", area="VEN", client_id=1, engagement_id=1))
    stage.flush()
    return stage.get(Deliverable, 7)


def test_words_are_folded_letters_and_digits():
    assert words_of("Łódź & Søn, Größe", None, "DEL-231") == ["lodz", "son", "grosse", "del", "231"]
    assert words_of("a.b@c-d.example", "½\0\ud800") == ["a", "b", "c", "d", "example", "1", "2"]


def test_a_line_for_each_thing(stage, cast, plan):
    client = line(stage, Kind.CLIENT, 1)
    assert (client.code, client.title, client.visibility, client.folded) == (
        "NORTH",
        "Northwind",
        "client",
        "northwind north",
    )
    contact = line(stage, Kind.CONTACT, 1)
    assert (contact.title, contact.beside, contact.engagement_id) == ("Cora", "Northwind", None)
    assert contact.folded == "cora cora client1 example northwind north"
    engagement = line(stage, Kind.ENGAGEMENT, 1)
    assert (engagement.code, engagement.beside, engagement.engagement_id) == ("ENG-001", "Northwind", 1)
    deliverable = line(stage, Kind.DELIVERABLE, 7)
    assert (deliverable.code, deliverable.visibility, deliverable.engagement_id) == ("DEL-231", "team", 1)
    assert "exit plan del 231" in deliverable.folded
    assert "ven d2 vendor and partnership management northwind" in deliverable.folded


def test_a_change_changes_the_line(stage, cast, plan):
    plan.title, plan.visibility = "Leaving plan", Visibility.CLIENT
    stage.flush()
    found = line(stage, Kind.DELIVERABLE, 7)
    assert (found.title, found.visibility) == ("Leaving plan", "client")
    cora = stage.get(Contact, 1)
    cora.role, cora.archived_at = "Managing director", now()
    stage.flush()
    found = line(stage, Kind.CONTACT, 1)
    assert (found.beside, found.is_archived) == ("Managing director, Northwind", True)
    cora.archived_at = None
    stage.flush()
    assert not line(stage, Kind.CONTACT, 1).is_archived
    north = stage.get(Client, 1)
    north.sector, north.town, north.archived_at = "food wholesale", "Hull", now()
    stage.flush()
    assert (line(stage, Kind.CLIENT, 1).beside, line(stage, Kind.CLIENT, 1).is_archived) == (
        "Food wholesale, Hull",
        True,
    )


def test_what_is_not_found_by_costs_nothing(stage, cast, plan, statements):
    before = line(stage, Kind.DELIVERABLE, 7).id
    plan.due = TODAY
    stage.flush()
    assert line(stage, Kind.DELIVERABLE, 7).id == before


def test_a_new_name_is_found_on_everything_of_the_client(stage, cast, plan):
    stage.get(Client, 1).name = "Norðanvindur"
    stage.flush()
    for kind, thing in (
        (Kind.CLIENT, 1),
        (Kind.CONTACT, 1),
        (Kind.CONTACT, 2),
        (Kind.ENGAGEMENT, 1),
        (Kind.DELIVERABLE, 7),
    ):
        assert "nordanvindur" in line(stage, kind, thing).folded.split(), kind
    assert line(stage, Kind.DELIVERABLE, 7).beside == "Norðanvindur"
    assert "umbra" in line(stage, Kind.CONTACT, 3).folded


def test_what_is_gone_is_not_found(stage, cast, plan):
    stage.delete(plan)
    stage.flush()
    assert line(stage, Kind.DELIVERABLE, 7) is None


def test_a_lost_line_comes_back_with_the_next_change(stage, cast, plan):
    stage.execute(delete(SearchLine))
    plan.title = "Found again"
    stage.flush()
    assert line(stage, Kind.DELIVERABLE, 7).title == "Found again"


def test_the_line_goes_with_its_transaction(see, cast, stage):
    with see(cast.ada) as session:
        session.get(Client, 1).name = "Never"
        session.flush()
        session.rollback()
    assert line(stage, Kind.CLIENT, 1).title == "Northwind"


def as_rows(stage):
    columns = [column for column in SearchLine.metadata.tables["search_line"].columns if column.name != "id"]
    return stage.execute(select(*columns).order_by(SearchLine.kind, SearchLine.thing_id)).all()


def test_rebuilding_gives_what_following_gave(world, see, stage):
    for row in stage.scalars(select(SearchLine)):  # the canaries in them are the test's own
        for canary in ("CANARY-N search_line", "CANARY-U search_line"):
            row.beside, row.place = row.beside.replace(canary, ""), row.place.replace(canary, "")
    stage.flush()
    before, rows = as_rows(stage), stage.scalar(select(func.count(RegisterEntry.id)))
    with see(SYSTEM), transaction():
        assert rebuild() == {"client": 2, "contact": 7, "engagement": 2, "deliverable": 8, "meeting": 6, "row": rows}
    assert as_rows(stage) == before


def test_the_command(world, app, stage):
    stage.execute(delete(SearchLine))
    rows = stage.scalar(select(func.count(RegisterEntry.id)))
    done = app.test_cli_runner().invoke(args=["search", "rebuild"])
    said = f"Indexed 2 clients, 7 contacts, 2 engagements, 8 deliverables, 6 meetings, {rows} rows.\n"
    assert (done.exit_code, done.stdout) == (0, said)
    assert len(as_rows(stage)) == 25 + rows


def seen(see, who, kind):
    with see(who) as session:
        return sorted(session.scalars(select(SearchLine.thing_id).where(SearchLine.kind == kind)))


def test_a_client_finds_what_a_client_sees(world, see, stage):
    for who in (world.cora, world.vic):
        assert seen(see, who, Kind.CLIENT) == [1]
        assert seen(see, who, Kind.CONTACT) == [1, 2, 5, 6]
        assert seen(see, who, Kind.DELIVERABLE) == [2, 3]
    stage.get(Engagement, 1).state = EngagementState.DRAFT
    stage.flush()
    assert seen(see, world.cora, Kind.ENGAGEMENT) == seen(see, world.cora, Kind.DELIVERABLE) == []
