"""What is written down of each area's judgement is what judging it now says, whatever was done and whoever did it."""

import random
from datetime import timedelta

import pytest
from flask import url_for
from sqlalchemy import select

from crm.areas.vendors.models import VendorContract
from crm.core.clock import today
from crm.core.db import db, transaction
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, viewing_as
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.models import Engagement
from crm.engagements.scopes import Rag
from crm.engagements.states import EngagementState
from crm.evidence import keeping
from crm.evidence.models import AreaSummary
from crm.evidence.verdicts import Grey
from tests import cast as people
from tests.evidence.written import BOOK, put
from tests.routes import ROUTES, WHO

CONTRACTS = "/clients/1/areas/vendors/contracts/"
VECTOR = {one["id"]: one["rows"] for one in BOOK["vector"] if "rows" in one}
CONTRACT = {
    "vendor": "Harbour Telecom", "what": "Lines", "tier": "important", "status": "active", "annual_cost": "7200",
    "end": (today() + timedelta(days=20)).isoformat(), "notice_days": "30", "decision": "undecided", "owner_name": "x",
    "personal_data": "no",
}  # fmt: skip


@pytest.fixture
def kept(stage):
    """What is written down of one area of Northwind."""

    def of(area, engagement=1):
        stage.expire_all()
        return stage.scalars(
            select(AreaSummary).where(AreaSummary.engagement_id == engagement, AreaSummary.area == area)
        ).one_or_none()

    return of


@pytest.fixture
def differences(app):
    def found():
        with app.app_context(), viewing_as(SYSTEM):
            return [str(one) for one in keeping.prove(today())]

    return found


@pytest.fixture
def judged(app, cast):
    """All of both clients, judged once, as each night."""
    with app.app_context(), viewing_as(SYSTEM):
        assert keeping.recompute(today()) == 2
        assert keeping.recompute(today()) == 0, "nothing is due twice on a day"


def test_a_row_is_judged_in_the_transaction_that_writes_it(sign_in, cast, stage, kept, judged, differences):
    ben = sign_in(cast.ben)
    assert (kept(Area.VEN).suggested, kept(Area.VEN).fired) == (Rag.AMBER, "X1"), "a year without a review"
    assert ben.send(f"{CONTRACTS}new", version=0, **CONTRACT).status_code == 303
    assert (kept(Area.VEN).suggested, kept(Area.VEN).fired) == (Rag.AMBER, "X1 VEN-R1")
    assert kept(Area.SEC).fired == "X1"
    assert ben.send(f"{CONTRACTS}new", version=0, **CONTRACT).status_code == 303
    assert (kept(Area.VEN).suggested, kept(Area.VEN).since) == (Rag.RED, today())
    row = stage.scalars(select(VendorContract)).first()
    assert ben.send(f"{CONTRACTS}{row.id}/archive", version=1).status_code == 303
    assert kept(Area.VEN).suggested == Rag.AMBER
    assert differences() == []


def test_a_refused_deed_changes_no_judgement(sign_in, cast, stage, kept, judged):
    before = kept(Area.VEN).computed_on, kept(Area.VEN).fired
    assert sign_in(cast.eve).send(f"{CONTRACTS}new", version=0, **CONTRACT).status_code == 404
    assert sign_in(cast.ben).send(f"{CONTRACTS}new", version=0, **CONTRACT | {"vendor": ""}).status_code == 422
    assert (kept(Area.VEN).computed_on, kept(Area.VEN).fired) == before


def test_a_clients_yes_is_judged_past_what_the_client_may_see(sign_in, cast, stage, kept, differences, judged, app):
    """A sponsor sees no summary and no row of the team's; what is late is judged all the same."""
    stage.add(
        Deliverable(client_id=1, engagement_id=1, number=231, title="Exit plan", area=Area.VEN, state=State.PLANNED, estimate=1,
                    assignment_id=1, baseline_due=today() - timedelta(days=9), due=today())
    )  # fmt: skip
    put(stage, 1, VECTOR["VEN"], today())
    with app.app_context(), viewing_as(cast.cora.viewer, zone="UTC"):
        assert db.session.scalars(select(AreaSummary)).all() == []
        with transaction():
            keeping.touch(1, [Area.VEN])
    assert kept(Area.VEN).fired.split() == ["X1", "VEN-R1", "VEN-R2", "VEN-R4", "X2"]
    assert differences() == []


def test_what_ends_keeps_no_judgement(sign_in, cast, stage, kept, judged, differences):
    stage.get(Engagement, 1).state = EngagementState.CLOSED
    stage.commit()
    assert len(differences()) == 12
    assert sign_in(cast.ada).send(f"{CONTRACTS}new", version=0, **CONTRACT).status_code == 303
    assert kept(Area.VEN) is None
    assert kept(Area.VEN, engagement=2)


def test_days_alone_turn_an_area(cast, app, stage, kept, judged, differences):
    put(stage, 1, {"VendorContract": VECTOR["VEN"]["VendorContract"]}, today())
    with app.app_context(), viewing_as(SYSTEM):
        keeping.recompute(today(), [1])
        assert not list(keeping.prove(today() + timedelta(days=50))), "each is compared by the day it was judged on"
        assert keeping.recompute(today() + timedelta(days=50)) == 2
    assert kept(Area.VEN).suggested == Rag.RED, "Stockwise passed its notice day too"
    assert (kept(Area.VEN).since, kept(Area.VEN).computed_on) == (today() + timedelta(days=50),) * 2


def test_grey_knows_since_when(cast, app, stage, kept):
    stage.get(Engagement, 1).starts = today() - timedelta(days=20)
    stage.commit()
    with app.app_context(), viewing_as(SYSTEM):
        keeping.recompute(today())
    row = kept(Area.VEN)
    assert (row.suggested, row.grey, row.health) == (None, Grey.NOT_EVIDENCED, None)
    assert row.since == today() - timedelta(days=20), "never evidenced: since the engagement began"


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_done_the_judgement_kept_is_true(seed, world, app, differences):
    """Presses at random, by whoever may, of everything that anybody can do."""
    chance = random.Random(seed)
    with app.app_context(), viewing_as(SYSTEM):
        keeping.recompute(today(), [1, 2])
    rules = {f"{method} {rule.rule}": rule for rule in app.url_map.iter_rules() for method in rule.methods}
    unsafe = [
        name for name, route in ROUTES.items() if name.startswith("POST") and _is_of_a_client(name) and route.access
    ]
    done = 0
    for name in chance.sample(unsafe, 50):
        route = ROUTES[name]
        role = chance.choice([one for one in route.access if one != "anonymous"])
        with app.test_request_context():
            address = url_for(rules[name].endpoint, **route.own)
        fields = route.fields() if callable(route.fields) else route.fields
        done += (
            people.browser_of(app, getattr(world, WHO[role])).send(address + route.query, **fields).status_code == 303
        )
    assert done > 15
    assert differences() == []


def _is_of_a_client(name):
    return name.startswith(("POST /engagements/<", "POST /clients/<", "POST /deliverables", "POST /portal"))


def test_what_the_refresh_of_a_write_costs(sign_in, cast, stage, statements, judged):
    """Beside the statements of the write itself: a lock where it is needed, who is judged, the measures, what changed."""
    ben = sign_in(cast.ben)
    with statements() as seen:
        ben.send(f"{CONTRACTS}new", version=0, **CONTRACT)
    assert 3 <= len(seen.refresh) <= 4, seen.refresh
    with statements() as more:
        for _ in range(2):
            ben.send(f"{CONTRACTS}new", version=0, **CONTRACT)
    assert len(more) == 2 * len(seen), "as many rows as there are"
    assert len(more.refresh) <= 8, more.refresh
