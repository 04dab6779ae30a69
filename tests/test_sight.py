"""The lock: every model as every role, and every way around a limit tried and found closed."""

import re
from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import delete, exists, func, insert, inspect, select, text, union_all, update
from sqlalchemy.orm import (
    Session,
    aliased,
    joinedload,
    make_transient_to_detached,
    selectin_polymorphic,
    selectinload,
    subqueryload,
    with_polymorphic,
)

from crm import sight
from crm.access.once import Once
from crm.access.pages import PORTAL, Pages
from crm.accounts.models import Account, CalendarFeed, Standing
from crm.accounts.session import TooLate, account_session
from crm.areas.budget.models import BudgetLine, Saving
from crm.areas.compliance.models import Obligation
from crm.areas.continuity.models import CriticalService
from crm.areas.data.models import DataAsset, Signal, SignalReading
from crm.areas.innovation.models import Idea
from crm.areas.security.models import Incident, SecurityControl
from crm.areas.services.models import AssetGroup, Service
from crm.areas.stakeholders.models import Commitment, Stakeholder
from crm.areas.strategy.models import Initiative, Objective
from crm.areas.talent.models import MentoringPair, SkillRecord
from crm.areas.transformation.models import DigitalChannel, ProcessImprovement
from crm.areas.vendors.models import VendorContract
from crm.audit.models import AuditEntry, AuditText, Opening
from crm.clients.models import Activity, Client, ClientNote, Contact, Department, FollowUp, Wall
from crm.core import clock
from crm.core.db import Unguarded, db
from crm.core.ownership import Visibility
from crm.core.viewer import SYSTEM, AlreadyLooking, Grant, Role, Viewer, look_as, viewing_as
from crm.deliverables.agreed import Criterion
from crm.deliverables.chains.models import Wait
from crm.deliverables.models import Deliverable
from crm.deliverables.rounds.models import ReviewPoint, ReviewRemark, ReviewRound
from crm.deliverables.talk.models import Comment, TeamComment
from crm.deliverables.versions import DeliverableVersion, VersionComment
from crm.engagements.models import Engagement, Terms
from crm.engagements.people import Assignment, Status
from crm.engagements.retained import DayRate, FrozenMonth, RetainerFee, RetainerTerms
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementState
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.expenses.models import Expense
from crm.invoices.models import Invoice, InvoiceLine, Payment
from crm.kpis.models import KpiReading
from crm.maturity.models import Answer, AssessedLevel, Assessment
from crm.meetings.models import AgendaItem, Meeting, MeetingAttendee, MeetingNote
from crm.outbox.models import DemoMail, MailChoice, Notice, Outbox
from crm.people.models import CostRate, Leave, LeaveReason, Person
from crm.registers.imports.models import RowImport
from crm.registers.models import RegisterEntry
from crm.reviews.models import Review
from crm.schema import TABLES
from crm.search.models import Kind, SearchLine
from crm.sight import NobodyIsLooking
from crm.timelog.imports.models import ImportBatch, ImportName, ImportPart, ImportRow, MappedName
from crm.timelog.models import TimeEntry, TimeNote
from tests.cast import TODAY

EVERYBODY = ("cora", "ada", "uma", "ben", "abe", "vic", "eve", "finn", "tess", "cora", "uma", "ben")
O, D = Objective, Deliverable
TITLES = {
    "cora": ["N client"], "vic": [], "uma": ["U client"], "ben": ["N client", "N team"], "tess": ["N client", "N team"],
    "finn": ["U client", "U team"], "eve": [], "abe": [], "ada": ["N client", "N team", "U client", "U team"],
}  # fmt: skip


@pytest.fixture
def named(world, stage):
    """Objectives that say whose they are, and of whom they may be seen."""
    for row in stage.scalars(select(O)):
        row.title = f"{'NU'[row.client_id - 1]} {row.visibility}"
    stage.commit()
    return world


WAYS = {
    "select": lambda s: s.scalars(select(O.title)).all(),
    "entity": lambda s: [o.title for o in s.scalars(select(O))],
    "columns of two": lambda s: [title for title, _ in s.execute(select(O.title, O.client_id))],
    "aliased": lambda s: s.scalars(select(aliased(O).title)).all(),
    "flat alias": lambda s: [o.title for o in s.scalars(select(aliased(O, flat=True)))],
    "base": lambda s: [e.title for e in s.scalars(select(RegisterEntry).where(RegisterEntry.kind == "objective"))],
    "polymorphic": lambda s: [
        e.title for e in s.scalars(select(RegisterEntry).options(selectin_polymorphic(RegisterEntry, [O]))) if isinstance(e, O)
    ],
    "with polymorphic": lambda s: [e.title for e in s.scalars(select(with_polymorphic(RegisterEntry, [O]))) if isinstance(e, O)],
    "subquery": lambda s: s.scalars(select(select(O.title).subquery())).all(),
    "cte": lambda s: s.scalars(select(select(O.title).cte())).all(),
    "union": lambda s: s.scalars(union_all(select(O.title), select(O.title).where(O.id < 0))).all(),
    "join": lambda s: s.scalars(select(O.title).join(Client, Client.id == O.client_id)).all(),
    "outer join": lambda s: [t for t in s.scalars(select(O.title).select_from(Client).outerjoin(O, O.client_id == Client.id)) if t],
    "in subquery": lambda s: s.scalars(select(O.title).where(O.client_id.in_(select(Client.id)))).all(),
    "get": lambda s: [o.title for i in (1, 2, 11, 12) if (o := s.get(O, i))],
    "get base": lambda s: [o.title for i in (1, 2, 11, 12) if (o := s.get(RegisterEntry, i))],
    "legacy query": lambda s: [o.title for o in s.query(O)],
    "identity map": lambda s: [o.title for _ in (1, 2) for o in s.scalars(select(O)) if _ == 2],
    "populate existing": lambda s: [o.title for o in s.scalars(select(O), execution_options={"populate_existing": True})],
    "refresh": lambda s: [(s.refresh(o), o.title)[1] for o in s.scalars(select(O)).all()],
}  # fmt: skip
COUNTS = {
    "count": lambda s: s.scalar(select(func.count(O.id))),
    "count from": lambda s: s.scalar(select(func.count()).select_from(O)),
    "count subquery": lambda s: s.scalar(select(func.count()).select_from(select(O.title).subquery())),
    "scalar subquery": lambda s: s.scalar(select(select(func.count(O.id)).scalar_subquery())),
    "window": lambda s: len(s.execute(select(O.id, func.count().over())).all()),
    "paginate": lambda s: db.paginate(select(O), page=1, per_page=50, error_out=False).total,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_for_everybody(way, see, named):
    for who in EVERYBODY:
        with see(getattr(named, who)) as session:
            assert sorted(WAYS[way](session)) == TITLES[who], (way, who)


@pytest.mark.parametrize("way", COUNTS)
def test_every_count(way, app, named):
    for who in EVERYBODY:
        with app.test_request_context(), viewing_as(getattr(named, who).viewer):
            assert COUNTS[way](db.session) == len(TITLES[who]), (way, who)


def test_the_sponsor_may_open_the_registers_to_viewers(see, named, stage):
    stage.get(Client, 1).viewers_see_registers = True
    stage.commit()
    with see(named.vic) as session:
        assert session.scalars(select(O.title)).all() == ["N client"]


def test_a_viewer_reads_what_was_promised_to_them_and_to_their_department(see, world, stage):
    """And what was promised to others, or is kept by the team, only as far as the sponsor opens it."""

    def found():
        with see(world.vic) as session:
            return sorted(session.scalars(select(Commitment.what)))

    vic, told = world.contacts.vic, {"area": "STK", "promised_on": TODAY, "due": TODAY, "department": "sales"}
    told |= {"made_at": clock.now(), "changed_at": clock.now(), "visibility": Visibility.CLIENT}
    stage.add(Department(id=77, client_id=1, kind="sales", name="Shop"))
    stage.add(Department(id=78, client_id=2, kind="sales", name="Shop"))
    stage.flush()
    cora, uma = world.contacts.cora, world.contacts.uma
    for client_id, what, to, more in (
        (1, "to the department", cora, {}), (1, "to Vic", vic, {"department": "legal"}), (1, "to another", cora, {"department": "legal"}),
        (1, "the team's", cora, {"visibility": Visibility.TEAM}), (2, "Umbra's", uma, {}),
    ):  # fmt: skip
        stage.add(Commitment(client_id=client_id, what=what, to_contact_id=to.id, **told | more))
    stage.commit()
    assert found() == ["to Vic"]
    stage.get(Contact, vic.id).department_id = 77
    stage.commit()
    assert found() == ["to Vic", "to the department"]
    stage.get(Client, 1).viewers_see_promises = False
    stage.commit()
    assert found() == []
    stage.get(Client, 1).viewers_see_registers = True
    stage.commit()
    assert {"to Vic", "to the department", "to another"} <= set(found())
    assert not {"the team's", "Umbra's"} & set(found())


def rows(see, who, model):
    with see(who) as session:
        asked = select(model).where(model.kind != Kind.ROW) if model is SearchLine else select(model)
        return len(session.scalars(asked).unique().all())


def test_a_row_is_found_by_the_team_that_reads_it(see, world):
    """Clients have no search yet, and lines of rows are the team's."""
    for who in COLUMNS:
        with see(getattr(world, who)) as session:
            found = set(session.scalars(select(SearchLine.thing_id).where(SearchLine.kind == Kind.ROW)))
            read = set(session.scalars(select(RegisterEntry.id).where(RegisterEntry.archived_at.is_(None))))
        assert found == (set() if who in {"cora", "vic", "uma"} else read), who


# Rows of the world that each may read: cora, vic, uma, ben, tess, finn, eve, ada, abe
TABLE = {
    Client: (1, 1, 1, 1, 1, 1, 0, 2, 0),
    Contact: (4, 4, 3, 4, 4, 3, 0, 7, 0),
    ClientNote: (0, 0, 0, 1, 1, 1, 0, 2, 0),
    Activity: (1, 1, 1, 2, 2, 2, 0, 4, 0),
    FollowUp: (0, 0, 0, 1, 1, 1, 0, 2, 0),
    Wall: (0, 0, 0, 0, 0, 0, 0, 2, 0),
    Engagement: (1, 1, 1, 1, 1, 1, 0, 2, 0),
    Terms: (1, 0, 1, 1, 0, 1, 0, 2, 0),
    RetainerTerms: (1, 0, 1, 1, 1, 1, 0, 2, 0),
    RetainerFee: (1, 0, 1, 1, 0, 1, 0, 2, 0),
    DayRate: (1, 0, 1, 1, 0, 1, 0, 2, 0),
    FrozenMonth: (1, 0, 1, 1, 1, 1, 0, 2, 0),
    AreaScope: (12, 12, 12, 12, 12, 12, 0, 24, 0),
    Review: (1, 1, 1, 2, 2, 2, 0, 4, 0),
    Assessment: (1, 1, 1, 2, 2, 2, 0, 4, 0),
    AssessedLevel: (1, 1, 1, 1, 1, 1, 0, 2, 0),
    Answer: (0, 0, 0, 2, 2, 2, 0, 4, 0),
    Deliverable: (2, 2, 2, 4, 4, 4, 0, 8, 0),
    DeliverableVersion: (2, 2, 2, 3, 3, 3, 0, 6, 0),
    Criterion: (0, 0, 0, 4, 4, 4, 0, 8, 0),
    VersionComment: (2, 2, 2, 2, 2, 2, 0, 4, 0),
    ReviewRemark: (0, 0, 0, 1, 1, 1, 0, 2, 0),
    ReviewRound: (0, 0, 0, 1, 1, 1, 0, 2, 0),
    ReviewPoint: (0, 0, 0, 1, 1, 1, 0, 2, 0),
    Comment: (2, 2, 2, 2, 2, 2, 0, 4, 0),
    TeamComment: (0, 0, 0, 1, 1, 1, 0, 2, 0),
    Wait: (0, 0, 0, 2, 2, 2, 0, 4, 0),
    TimeEntry: (2, 0, 2, 3, 2, 2, 0, 5, 0),
    TimeNote: (0, 0, 0, 1, 1, 1, 0, 2, 0),
    Objective: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Meeting: (2, 2, 2, 3, 3, 3, 0, 6, 0),
    AgendaItem: (1, 1, 1, 3, 3, 3, 0, 6, 0),
    MeetingAttendee: (2, 2, 2, 3, 3, 3, 0, 6, 0),
    MeetingNote: (0, 0, 0, 3, 3, 3, 0, 6, 0),
    MentoringPair: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Initiative: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Service: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    AssetGroup: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    ProcessImprovement: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    DigitalChannel: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    SecurityControl: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Incident: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    BudgetLine: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Saving: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    VendorContract: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    SkillRecord: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Idea: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    DataAsset: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Signal: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Obligation: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Stakeholder: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    Commitment: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    CriticalService: (1, 0, 1, 2, 2, 2, 0, 4, 0),
    SignalReading: (2, 0, 2, 4, 4, 4, 0, 8, 0),
    KpiReading: (0, 0, 0, 1, 1, 1, 0, 2, 0),
    # kept by the house itself: clients, contacts, engagements, deliverables
    SearchLine: (10, 10, 9, 13, 13, 12, 0, 25, 0),
    AuditEntry: (1, 1, 1, 2, 2, 2, 0, 6, 6),
    AuditText: (1, 1, 1, 2, 2, 2, 0, 6, 0),
    Opening: (2, 0, 2, 2, 2, 2, 0, 4, 0),
    Account: (0, 0, 0, 0, 0, 0, 0, 0, 0),
    Standing: (0, 0, 0, 0, 0, 0, 0, 0, 0),
    Outbox: (0, 0, 0, 0, 0, 0, 0, 0, 0),
    DemoMail: (0, 0, 0, 0, 0, 0, 0, 0, 0),
    Notice: (1, 0, 1, 1, 0, 1, 0, 0, 0),
    MailChoice: (0, 0, 0, 1, 0, 1, 0, 0, 0),
    CalendarFeed: (1, 0, 1, 0, 0, 0, 0, 0, 0),
    Once: (0, 0, 0, 1, 0, 1, 0, 0, 0),
    Leave: (0, 0, 0, 3, 2, 3, 2, 4, 0),
    LeaveReason: (0, 0, 0, 2, 0, 2, 0, 4, 0),
    CostRate: (0, 0, 0, 0, 0, 0, 0, 2, 0),
    Issuer: (0, 0, 0, 0, 0, 0, 0, 1, 0),
    Billing: (0, 0, 0, 0, 0, 0, 0, 2, 0),
    Expense: (0, 0, 0, 2, 2, 2, 0, 4, 0),
    Invoice: (1, 0, 1, 2, 0, 2, 0, 4, 0),
    InvoiceLine: (1, 0, 1, 2, 0, 2, 0, 4, 0),
    Payment: (1, 0, 1, 1, 0, 1, 0, 2, 0),
    ImportBatch: (0, 0, 0, 1, 0, 1, 0, 2, 0),
    ImportName: (0, 0, 0, 3, 0, 3, 0, 6, 0),
    ImportPart: (0, 0, 0, 1, 0, 1, 0, 2, 0),
    ImportRow: (0, 0, 0, 1, 0, 1, 0, 2, 0),
    MappedName: (0, 0, 0, 1, 0, 1, 0, 2, 0),
    RowImport: (0, 0, 0, 1, 0, 1, 0, 2, 0),
    Person: (8, 8, 8, 8, 8, 8, 8, 8, 8),
}
COLUMNS = ("cora", "vic", "uma", "ben", "tess", "finn", "eve", "ada", "abe")


@pytest.mark.parametrize("model", TABLE, ids=lambda model: model.__name__)
def test_the_access_table(model, see, world):
    for _ in range(2):  # again: a cached limit must not be the last viewer's
        found = tuple(rows(see, getattr(world, who), model) for who in COLUMNS)
        assert found == TABLE[model]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_every_model_as_every_role(model, see, world):
    """A limit that filters nothing is found: nobody but partners and auditors sees rows of two clients."""
    for who in COLUMNS:
        with see(getattr(world, who)) as session:
            found = session.scalars(select(model)).unique().all()
            clients = {row.client_id for row in found if getattr(row, "client_id", None)}
            words = " ".join(
                str(getattr(row, one.key))
                for row in found
                for one in inspect(model).column_attrs
                if not isinstance(row, Person)
            )
        if who not in {"ada", "abe"}:
            assert len(clients) <= 1, who
            other = "CANARY-U" if who in {"cora", "vic", "ben", "tess"} else "CANARY-N"
            assert other not in words, who
        if who in {"cora", "vic", "uma"}:
            assert "INTERNAL" not in words, who


def test_a_wall_hides_the_client_from_a_partner(see, world, stage):
    stage.add(Wall(client_id=1, person_id=world.persons.ada.id))
    stage.commit()
    assert rows(see, world.ada, Client) == 1
    assert rows(see, world.ada, Deliverable) == 4
    assert rows(see, world.ada, SearchLine) == 12
    assert rows(see, world.ada, AuditEntry) == 3


def test_grants_open_a_client_and_no_wall(see, world, stage):
    abe = Viewer(Role.ADMIN, world.abe.id, world.persons.abe.id, grants=(Grant("break_glass", 1),))
    assert rows(see, abe, Deliverable) == 4
    assert rows(see, world.abe, Deliverable) == 0
    stage.add(Wall(client_id=1, person_id=world.persons.abe.id))
    stage.commit()
    assert rows(see, abe, Deliverable) == 0


@pytest.mark.parametrize(
    ("ended", "status", "number"),
    [
        (30, Status.CONFIRMED, 4),
        (31, Status.CONFIRMED, 0),
        (30, Status.ENDED, 4),
        (31, Status.ENDED, 0),
        (0, Status.TENTATIVE, 0),
    ],
)
def test_an_assignment_opens_its_engagement(ended, status, number, see, world, stage):
    his = stage.scalars(select(Assignment).where(Assignment.person_id == world.persons.ben.id)).one()
    his.ends, his.status = TODAY - timedelta(ended), status
    stage.commit()
    assert rows(see, world.ben, Deliverable) == number
    assert rows(see, world.ben, TimeEntry) == 3  # one's own time stays readable


def test_an_assignment_of_next_week_opens_nothing_yet(see, world, stage):
    his = stage.scalars(select(Assignment).where(Assignment.person_id == world.persons.ben.id)).one()
    his.begins = TODAY + timedelta(1)
    stage.commit()
    assert rows(see, world.ben, Client) == 0


def test_a_draft_engagement_is_not_the_clients_to_see(see, world, stage):
    stage.get(Engagement, 1).state = EngagementState.DRAFT
    stage.commit()
    assert rows(see, world.cora, Engagement) == rows(see, world.cora, AreaScope) == 0
    assert rows(see, world.ben, Engagement) == 1


def test_a_sponsor_sees_what_they_proposed(see, world, stage):
    stage.get(Deliverable, 1).proposed_by_id = world.contacts.cora.id
    stage.commit()
    assert rows(see, world.cora, Deliverable) == 3
    assert rows(see, world.vic, Deliverable) == 2


LOADS = {"lazy": None, "selectin": selectinload, "joined": joinedload, "subquery": subqueryload}


@pytest.mark.parametrize("load", LOADS)
def test_relationship_loads(load, see, world):
    for who, number in (("cora", 2), ("ben", 3), ("uma", 2), ("finn", 3), ("cora", 2)):
        with see(getattr(world, who)) as session:
            query = select(Deliverable)
            if LOADS[load]:
                query = query.options(
                    LOADS[load](Deliverable.versions).options(LOADS[load](DeliverableVersion.comments))
                )
            found = session.scalars(query).unique().all()
            assert sum(len(one.versions) for one in found) == number
            assert sum(len(v.comments) for one in found for v in one.versions) == 2


@pytest.mark.parametrize("load", LOADS)
def test_a_limit_is_said_once_however_deep_loads_are_nested(load, see, world, statements):
    """Each of them again for every table of every nested load made PostgreSQL plan a page for longer than it ran."""
    query = select(Deliverable)
    if load_by := LOADS[load]:
        query = query.options(load_by(Deliverable.versions).options(load_by(DeliverableVersion.comments)))
    with see(world.ben) as session, statements() as seen:
        found = session.scalars(query).unique().all()
        assert any(version.comments for one in found for version in one.versions)
    for statement in seen:
        limited = re.findall(r"\b((?!seen_)\w+\.\w+) IN \(SELECT seen_", statement)
        assert limited
        assert len(limited) == len(set(limited)), statement


def test_a_relation_of_a_row_just_added_is_limited_too(see, world):
    with see(world.cora) as session:
        seen = session.get(Deliverable, 2)
        assert len(seen.criteria) == 0  # InternalOnly
    with see(world.ben) as session:
        fresh = Deliverable(id=77, number=77, title="n", area="VEN", client_id=1, engagement_id=1)
        session.add(fresh)
        session.flush()
        assert fresh.versions == []
        assert fresh.engagement.id == 1


def test_any_and_has_reach_no_hidden_row(see, world):
    for who, number in (("cora", 0), ("ben", 1), ("uma", 0), ("ada", 2)):
        with see(getattr(world, who)) as session:
            remarked = select(D.id).where(select(ReviewRemark.id).where(ReviewRemark.deliverable_id == D.id).exists())
            assert len(session.scalars(remarked).all()) == number
            criteria = select(D.id).where(D.criteria.any(Criterion.id > 0))
            assert len(session.scalars(criteria).all()) == number * 4
            clients = select(D.id).where(D.engagement.has(Engagement.client.has(Client.name.like("%"))))
            assert len(session.scalars(clients).all()) == {"cora": 2, "uma": 2, "ben": 4, "ada": 8}[who]
            assert len(session.scalars(select(D.id).where(exists().where(Client.id == D.client_id))).all()) == {
                "cora": 2, "uma": 2, "ben": 4, "ada": 8}[who]  # fmt: skip


def detached(session, key):
    thing = Deliverable(id=key)
    make_transient_to_detached(thing)
    return thing


WHOSE = {"client_id": 2, "engagement_id": 2}
REFUSED = {
    "text": lambda s: s.execute(text("select * from objective")),
    "text with columns": lambda s: s.execute(text("select id from objective").columns(O.id)),
    "from statement": lambda s: s.execute(select(O).from_statement(text("select * from objective"))).all(),
    "core select": lambda s: s.execute(select(O.__table__)).all(),
    "core insert": lambda s: s.execute(insert(O.__table__).values(id=1, title="x")),
    "update leaf": lambda s: s.execute(update(O).values(title="X")),
    "update base": lambda s: s.execute(update(RegisterEntry).values(source="manual")),
    "update flat": lambda s: s.execute(update(D).values(title="X")),
    "delete leaf": lambda s: s.execute(delete(O)),
    "delete base": lambda s: s.execute(delete(RegisterEntry)),
    "delete flat": lambda s: s.execute(delete(D)),
    "insert": lambda s: s.execute(insert(D).values(title="x", number=9, **WHOSE)),
    "insert many": lambda s: s.execute(insert(D), [{"title": "x", "number": 9, **WHOSE}]),
    "connection": lambda s: s.connection(),
    "bulk save": lambda s: s.bulk_save_objects([Criterion()]),
    "bulk insert": lambda s: s.bulk_insert_mappings(Criterion, []),
    "bulk update": lambda s: s.bulk_update_mappings(Criterion, []),
    "wrong name": lambda s: s.execute(update(O).values(title="X"), execution_options={"named": "whatever"}),
    "legacy update": lambda s: s.query(D).update({"title": "x"}),
    "legacy delete": lambda s: s.query(D).delete(),
    "foreign add": lambda s: (s.add(D(id=990, title="n", number=99, area="VEN", **WHOSE)), s.flush()),
    "foreign child": lambda s: (s.add(Criterion(text="n", position=1, deliverable_id=11, **WHOSE)), s.flush()),
    "foreign child of the client": lambda s: (s.add(Contact(name="n", client_id=2)), s.flush()),
    "foreign engagement, own client": lambda s: (s.add(AuditText(body="n", client_id=1, engagement_id=2)), s.flush()),
    "merge": lambda s: (s.merge(D(id=980, title="n", number=98, area="VEN", **WHOSE)), s.flush()),
    "detached, added": lambda s: s.add(detached(s, 11)),
    "detached, deleted": lambda s: s.delete(detached(s, 11)),
    "detached, refreshed": lambda s: s.refresh(detached(s, 11)),
    "foreign delete": lambda s: (s.delete(s.get(D, 11) or detached(s, 11)), s.flush()),
}  # fmt: skip


@pytest.mark.parametrize("way", REFUSED)
def test_ways_that_are_closed(way, see, world, stage):
    before = stage.execute(text("select id, title from deliverable order by id")).all()
    for who in ("cora", "ben", "vic"):
        with see(getattr(world, who)) as session, pytest.raises(Exception) as refused:
            REFUSED[way](session)
        expected = (Unguarded, sight.NobodyIsLooking)
        assert isinstance(refused.value, expected) or "not persistent" in str(refused.value), (who, refused.value)
    stage.rollback()
    assert stage.execute(text("select id, title from deliverable order by id")).all() == before


def test_an_object_of_another_viewer_is_not_carried_over(see, world):
    with see(world.finn) as session:
        foreign = session.get(Deliverable, 11)
        session.expunge_all()
    with see(world.ben) as session, pytest.raises(Unguarded):
        session.add(foreign)


def test_a_row_never_moves(see, world):
    with see(world.ben) as session, pytest.raises(ValueError, match="never moves"):
        session.get(Deliverable, 1).client_id = 2
    with see(world.ben) as session, pytest.raises(ValueError, match="never moves"):
        session.get(TimeEntry, 1).client_id = 2


def test_no_row_hangs_under_a_foreign_parent(stage, world):
    from sqlalchemy.exc import IntegrityError

    for child in (
        Criterion(text="n", position=1, deliverable_id=1, **WHOSE),
        DeliverableVersion(number=9, deliverable_id=1, **WHOSE),
        Assignment(person_id=1, mode="virtual", begins=TODAY, ends=TODAY, days_a_month=1, client_id=2, engagement_id=1),
        Deliverable(number=99, title="n", area="VEN", assignment_id=1, **WHOSE),
        Contact(name="n", department_id=1, client_id=2),
        TimeEntry(
            person_id=1, worked_on=TODAY, minutes=1, area="VEN", logged_at=clock.now(), engagement_id=1, client_id=2
        ),
    ):
        stage.add(child)
        with pytest.raises(IntegrityError):
            stage.flush()
        stage.rollback()


def test_a_named_statement_passes_and_only_by_its_name(see, world):
    sight.NAMED.add("test")
    try:
        with see(SYSTEM) as session:
            done = session.execute(
                update(O).where(O.client_id == 1).values(title="X"), execution_options={"named": "test"}
            )
            assert done.rowcount == 2
            session.rollback()
    finally:
        sight.NAMED.discard("test")


def test_nobody_sees_and_writes_nothing(app, world):
    with app.app_context(), pytest.raises(NobodyIsLooking):
        db.session.scalars(select(D)).all()
    with app.app_context(), pytest.raises(NobodyIsLooking):
        db.session.add(Client(code="XX", name="x"))
        db.session.flush()


def test_one_session_one_viewer(app, world):
    with app.app_context():
        look_as(world.cora.viewer)
        with pytest.raises(AlreadyLooking):
            look_as(world.uma.viewer)


def test_the_next_request_in_an_outer_context_is_refused(app, world, sign_in):
    with app.app_context():
        assert sign_in(world.ben).get("/").status_code == 303
        with pytest.raises(AlreadyLooking):
            sign_in(world.uma).get("/")
    assert sign_in(world.uma).get("/").status_code == 303


def test_connections_inside_a_request(app, world):
    with app.test_request_context():
        with pytest.raises(Unguarded):
            db.engine.connect()
        with pytest.raises(Unguarded), Session(db.engine) as session:
            session.scalars(select(Client)).all()
        with account_session() as session:
            assert session.scalars(select(Account)).first()


def test_accounts_end_before_the_request_writes(app, world):
    with app.test_request_context(method="POST"), viewing_as(world.cora.viewer):
        g.slow = False
        with account_session() as session:
            session.get(Account, world.cora.id).name = "New"
        db.session.get(Client, 1)
        with pytest.raises(TooLate), account_session() as session:
            session.get(Account, world.cora.id)


def test_a_stream_has_no_viewer(app, world):
    with app.test_request_context():
        pages = Pages("t", __name__, roles=PORTAL)

        def lines():
            yield str(len(db.session.scalars(select(Client)).all()))

        with viewing_as(world.cora.viewer):
            answer = app.response_class(lines())
        with pytest.raises(NobodyIsLooking):
            answer.get_data()
        assert pages.roles == PORTAL


def test_a_limit_refuses_what_would_be_cached_wrongly(world):
    viewer = world.cora.viewer
    with pytest.raises(TypeError, match="closes over"):
        sight.limit(Deliverable, lambda row: row.client_id == viewer.client_id)


def test_visibility_is_a_word_of_the_house():
    assert [one.value for one in Visibility] == ["team", "client"]


def test_eight_threads_each_see_their_own(app, world):
    """Limits are cached by their code: many viewers at once must never get each other's."""
    from concurrent.futures import ThreadPoolExecutor

    nested = selectinload(Deliverable.versions).selectinload(DeliverableVersion.comments)

    def look(who):
        with app.app_context(), viewing_as(getattr(world, who).viewer, zone="UTC"):
            found = db.session.scalars(select(Deliverable).options(nested)).all()
            within = {comment.client_id for one in found for version in one.versions for comment in version.comments}
            return who, within | {row.client_id for row in found}

    with ThreadPoolExecutor(8) as pool:
        for who, clients in pool.map(look, ["cora", "uma", "ben", "finn", "vic", "ada"] * 20):
            assert clients == {"cora": {1}, "vic": {1}, "ben": {1}, "uma": {2}, "finn": {2}, "ada": {1, 2}}[who]
