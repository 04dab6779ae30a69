"""What a viewer finds first, and the sponsor who decides what they read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.areas.strategy.models import Initiative
from crm.audit.models import AuditEntry
from crm.clients.models import Client, Contact, Department
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.portal import plain as words
from tests.cast import TODAY
from tests.html import faults

HERE = "/portal/colleagues"


@pytest.fixture
def promise(stage, cast):
    """Promise something to Northwind's sales, in which Vic works."""
    stage.add(Department(id=50, client_id=1, kind="sales", name="Counter"))
    stage.flush()
    stage.get(Contact, cast.contacts.vic.id).department_id = 50
    stage.commit()

    def write(what, due=TODAY, **more):
        at = clock.now()
        told = {
            "client_id": 1,
            "department": "sales",
            "to_contact_id": cast.contacts.cora.id,
            "visibility": Visibility.CLIENT,
        } | more
        stage.add(
            Commitment(
                area=Area.STK, what=what, made_at=at, changed_at=at, promised_on=due - timedelta(9), due=due, **told
            )
        )
        stage.commit()

    return write


def test_a_viewer_finds_first_what_was_promised_to_their_department(sign_in, cast, promise, plain):
    promise("Wireless at the till", TODAY - timedelta(3))
    promise("A price list", TODAY + timedelta(30))
    promise("New scales", TODAY - timedelta(60), status=CommitmentStatus.KEPT, done_on=TODAY - timedelta(61))
    promise("For another", department="legal")
    promise("Not shared", visibility=Visibility.TEAM)
    promise("Umbra’s", client_id=2, to_contact_id=cast.contacts.uma.id)
    answer = sign_in(cast.vic).get("/portal")
    text = plain(answer)
    assert "Promised to you and your department" in text
    order = [
        text.index(one)
        for one in ("Wireless at the till", "3 days late", "A price list", "New scales", "Kept on", "Your twelve areas")
    ]
    assert order == sorted(order)
    assert not any(one in text for one in ("For another", "Not shared", "Umbra’s"))
    assert faults(answer.text) == []
    listed = plain(sign_in(cast.vic).get("/portal/areas/stakeholders/commitments/"))
    assert "1 to 3 of 3 entries" in listed
    assert "Promised to you" not in plain(sign_in(cast.cora).get("/portal")), "a sponsor finds them in the area"


def test_a_viewers_first_page_costs_the_same_for_many(sign_in, cast, stage, promise, statements):
    stage.get(Client, 1).viewers_see_registers = True
    counts = []
    for number in (1, 15):
        for n in range(number):
            promise(f"Promise {n}")
        with statements() as seen:
            assert sign_in(cast.vic).get("/portal").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts


def test_they_see_the_changes_that_touch_them_where_the_lists_are_open(sign_in, cast, stage, promise, plain):
    at = clock.now()
    whose = {
        "client_id": 1,
        "area": Area.STR,
        "made_at": at,
        "changed_at": at,
        "visibility": Visibility.CLIENT,
        "status": "active",
    }
    stage.add(Initiative(title="One till for all", departments=["sales"], due=TODAY, **whose))
    stage.add(Initiative(title="New ledgers", departments=["finance"], **whose))
    stage.commit()
    assert "One till" not in plain(sign_in(cast.vic).get("/portal"))
    stage.get(Client, 1).viewers_see_registers = True
    stage.commit()
    text = plain(sign_in(cast.vic).get("/portal"))
    assert "Changes that you will notice One till for all" in text
    assert "New ledgers" not in text


@pytest.mark.engine_free
@pytest.mark.parametrize(("status", "due", "said"), [
    ("open", -1, ("1 day late", "late")), ("open", 0, ("By ", "soon")), ("open", 40, ("By ", "")), ("broken", -9, ("Not kept", "")),
    ("withdrawn", -9, ("Agreed to drop it", "")), ("kept", -9, ("Kept on ", "ok")), ("late", -9, ("Done late on ", "")),
])  # fmt: skip
def test_how_a_promise_is_said(status, due, said):
    done = TODAY if status in {"kept", "late"} else None
    found, kind = words.promise_of(
        Commitment(status=CommitmentStatus(status), due=TODAY + timedelta(due), done_on=done), TODAY
    )
    assert found.startswith(said[0])
    assert kind == said[1]


def test_the_sponsor_says_what_viewers_read(sign_in, cast, stage, plain):
    cora, both = sign_in(cast.cora), {"viewers_see_registers": "yes", "viewers_see_promises": "yes"}
    page = cora.get(HERE)
    assert page.text.count("checked") == 1, "the promises are open, the lists are not"
    assert faults(page.text) == []
    for _ in range(2):
        assert cora.post(HERE, data=both | {"once": "k1", "version": "1"}).status_code == 303
    northwind = stage.get(Client, 1)
    assert (northwind.viewers_see_promises, northwind.viewers_see_registers, northwind.version) == (True, True, 2)
    entry = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "client.open_to_viewers")).one()
    assert (entry.client_id, entry.contact_id) == (1, cast.contacts.cora.id)
    answer = cora.post(HERE, data={"once": "k2", "version": "1"})
    assert answer.status_code == 409
    assert "Now it says: yes" in plain(answer)
    assert stage.get(Client, 2).viewers_see_registers is False


@pytest.mark.parametrize("who", ["vic", "ben", "ada"])
def test_nobody_else_does(who, sign_in, cast, stage):
    assert sign_in(getattr(cast, who)).post(HERE, data={"once": "k", "version": "1"}).status_code == 403
    assert stage.get(Client, 1).viewers_see_promises is True
