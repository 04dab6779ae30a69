"""The cast. Every test tells a story about the same people and two clients.

Ada   partner                                Northwind  the client the stories are about
Ben   consultant, leads Northwind's team     Umbra      the other client, who must never see Northwind
Tess  consultant, specialist on that team    Eve        consultant on nobody's team
Abe   administrator                          Finn       consultant, leads Umbra's team
Cora  Northwind's sponsor   Vic  Northwind's viewer     Uma  Umbra's sponsor
"""

import secrets
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.accounts.models import Account, SignedIn, Standing
from crm.accounts.session import digest_of
from crm.clients.models import Client, Contact
from crm.core import clock
from crm.core.db import db
from crm.core.twelve import Scope
from crm.core.viewer import Role, viewing_as
from crm.engagements.models import Engagement, Terms, twelve_scopes
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.retained import RetainerFee, RetainerTerms
from crm.engagements.states import EngagementModel, EngagementState, PriceKind
from crm.people.models import Person, PersonKind, WorkingPattern
from crm.practice.models import Numbering, Practice
from tests import evening

evening.hold_the_day()
TODAY = clock.today()
YEAR = timedelta(days=365)


def enter(stage):
    """The scene of most stories: one practice, two clients, one active engagement each."""
    stage.add(Practice(id=1, name="Larkmoor", zone="UTC"))
    stage.add_all(
        [Client(id=1, code="NORTH", name="Northwind"), Client(id=2, code="UMBRA", name="Umbra", confidential=True)]
    )
    kinds = dict(ada="partner", ben="consultant", eve="consultant", abe="admin", tess="consultant", finn="consultant")
    persons = {
        name: Person(id=n, name=name.title(), email=f"{name}@larkmoor.example", kind=PersonKind(kind))
        for n, (name, kind) in enumerate(kinds.items(), 1)
    }
    stage.add_all(persons.values())
    stage.flush()
    stage.add_all(
        WorkingPattern(
            person_id=person.id,
            begins=TODAY - 10 * YEAR,
            region="GB-ENG",
            delivery_share=40 if person.kind == "partner" else 80,
        )
        for person in persons.values()
        if person.kind != "admin"
    )
    contacts = {
        name: Contact(
            id=n, client_id=client, name=name.title(), email=f"{name}@client{client}.example", decides=name != "vic"
        )
        for n, (name, client) in enumerate((("cora", 1), ("vic", 1), ("uma", 2)), 1)
    }
    stage.add_all(contacts.values())
    stage.flush()
    north = engagement(stage, 1, 1, lead=persons["ben"], sponsor=contacts["cora"], title="Northwind CIO", part=1)
    umbra = engagement(stage, 2, 2, lead=persons["finn"], sponsor=contacts["uma"], title="Umbra CIO", part=2)
    stage.add(assignment(north, persons["tess"], AssignmentRole.SPECIALIST, part=3))
    accounts = {
        name: account(stage, name, role, number=number, **whom)
        for number, (name, role, whom) in enumerate(
            (
                ("ada", Role.PARTNER, {"person_id": 1}),
                ("ben", Role.CONSULTANT, {"person_id": 2}),
                ("eve", Role.CONSULTANT, {"person_id": 3}),
                ("abe", Role.ADMIN, {"person_id": 4}),
                ("tess", Role.CONSULTANT, {"person_id": 5}),
                ("finn", Role.CONSULTANT, {"person_id": 6}),
                ("cora", Role.SPONSOR, {"contact_id": 1, "client_id": 1}),
                ("vic", Role.VIEWER, {"contact_id": 2, "client_id": 1}),
                ("uma", Role.SPONSOR, {"contact_id": 3, "client_id": 2}),
            ),
            1,
        )
    }
    for row in stage.query(Numbering):
        row.last = 100
    stage.commit()
    return SimpleNamespace(
        north=north, umbra=umbra, persons=SimpleNamespace(**persons), contacts=SimpleNamespace(**contacts), **accounts
    )


def engagement(
    stage, number, client_id, *, lead, sponsor, title, state=EngagementState.ACTIVE, scope=Scope.LEAD, part=None
):
    """An active part-time engagement of a year, with its twelve scopes, terms, lead and sponsor."""
    made = Engagement(
        id=number, number=number, client_id=client_id, title=title, model=EngagementModel.PART_TIME, state=state,
        starts=TODAY - YEAR, ends=TODAY + YEAR, signed_on=TODAY - YEAR, days_a_month=4,
    )  # fmt: skip
    stage.add(made)
    stage.flush()
    whose = {"client_id": client_id, "engagement_id": made.id}
    for row in twelve_scopes(made):
        row.scope, row.holder_person_id = scope, lead.id
        stage.add(row)
    stage.add(Terms(price_kind=PriceKind.RETAINER, monthly_fee=420_000, overage_rate=110_000, **whose))
    stage.add(
        RetainerTerms(id=number, begins=made.starts.replace(day=1), quantity=4, cap=0, agreed_at=clock.now(), **whose)
    )
    stage.flush()
    stage.add(RetainerFee(id=number, terms_id=number, monthly_fee=420_000, overage_rate=110_000, **whose))
    stage.add(assignment(made, lead, AssignmentRole.LEAD, part=part))
    stage.add(Sponsorship(contact_id=sponsor.id, **whose))
    stage.flush()
    return made


def assignment(on, person, role, *, status=Status.CONFIRMED, days=4, begins=None, ends=None, part=None):
    return Assignment(
        id=part, client_id=on.client_id, engagement_id=on.id, person_id=person.id, role=role, mode=on.model, status=status,
        begins=begins or on.starts, ends=ends or on.ends, days_a_month=days,
    )  # fmt: skip


def account(stage, name, role, *, number=None, **whom):
    """An account with one hat, signed in on one device whose token the test knows."""
    made = Account(
        id=number,
        email=f"{name}@example.test",
        name=name.title(),
        created_at=clock.now(),
        standings=[Standing(id=number, role=role, **whom)],
    )
    stage.add(made)
    stage.flush()
    made.token = secrets.token_urlsafe(16)
    moment = clock.now()
    stage.add(
        SignedIn(id=number, account_id=made.id, token_hash=digest_of(made.token), began_at=moment, seen_at=moment)
    )
    made.viewer = made.standings[0].viewer()
    return made


class Browser(FlaskClient):
    """Follows nothing, and sends a once-key and a version unless told otherwise."""

    def send(self, url, once=None, version=1, **fields):
        """Press the button of a form with these answers."""
        typed = {"once": once or secrets.token_hex(8), "version": str(version), **fields}
        return self.post(url, data={name: value for name, value in typed.items() if value is not None})


def browser_of(app, who):
    app.test_client_class = Browser
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["sid"] = who.token
    return browser


@contextmanager
def looking(app, who):
    """The guarded session, through the eyes of this one."""
    viewer = who.viewer if hasattr(who, "viewer") else who
    with app.app_context(), viewing_as(viewer, zone="UTC"):
        yield db.session


def remember(cast):
    """Who stands in a scene, by class and id, so that a copy of the scene can be entered without building it anew."""
    named = {("", name): one for name, one in vars(cast).items() if not isinstance(one, SimpleNamespace)}
    for group in ("persons", "contacts"):
        named |= {(group, name): one for name, one in vars(getattr(cast, group)).items()}
    return {where: (type(one), one.id, getattr(one, "token", None)) for where, one in named.items()}


WITH = {Account: [selectinload(Account.standings)]}


def recall(stage, memory):
    """The cast again, in this stage."""
    cast = SimpleNamespace(persons=SimpleNamespace(), contacts=SimpleNamespace())
    wanted = {kind: [key for of, key, _ in memory.values() if of is kind] for kind, _, _ in memory.values()}
    asked = [select(kind).where(kind.id.in_(keys)).options(*WITH.get(kind, ())) for kind, keys in wanted.items()]
    rows = {(type(one), one.id): one for which in asked for one in stage.scalars(which)}
    for (group, name), (kind, key, token) in memory.items():
        one = rows[kind, key]
        if token:
            one.token, one.viewer = token, one.standings[0].viewer()
        setattr(getattr(cast, group) if group else cast, name, one)
    return cast
