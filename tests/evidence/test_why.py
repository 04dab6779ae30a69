"""An area's page says why, and each verdict opens the rows behind it."""

import re
from datetime import timedelta
from fractions import Fraction
from html import unescape

import pytest
from sqlalchemy import insert, select

from crm.areas.across.models import Assurance
from crm.areas.catalogue import TWELVE
from crm.areas.data.models import Signal
from crm.areas.vendors.models import VendorContract
from crm.core.clock import now, today
from crm.core.twelve import Area, Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.desk.judged import known_of
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope, Rag
from crm.evidence.judging import judge
from crm.evidence.why import going_stale, is_worse
from crm.registers.models import RegisterEntry
from tests import cast as people
from tests.evidence.written import BOOK, put

VECTOR = {one["id"]: one["rows"] for one in BOOK["vector"] if "rows" in one}
VENDORS = "/engagements/1/areas/vendors"
CONTRACTS = "/clients/1/areas/vendors/contracts/"


def lately_reviewed(stage, area=Area.VEN):
    stage.get(Engagement, 1).starts = today() - timedelta(days=20)
    stage.commit()
    return stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == area)).one()


def test_the_page_says_why_and_leads_to_the_rows(sign_in, cast, stage, words):
    put(stage, 1, VECTOR["VEN"], today())
    scope = lately_reviewed(stage)
    scope.confirmed = Rag.GREEN
    stage.commit()
    answer = sign_in(cast.ben).get(VENDORS)
    said = words(answer)
    assert "The evidence suggests A Amber differs from what is published: green" in said
    assert "1 contract needs a decision within 60 days and has none critical" in said
    assert "VEN-R2 · Amber over 0, red over 3" in said
    assert "8 rules are green" in said
    rows = re.search(r'href="([^"]+rule=VEN-R1)"', answer.get_data(as_text=True))[1]
    page = sign_in(cast.ben).get(rows)
    assert "Behind “… active contracts passed their notice day or end without a decision” : 1 contract." in words(page)
    assert "Harbour Telecom" in words(page)
    assert "Payroll bureau" not in words(page)
    assert f'href="{CONTRACTS}">Show every contract</a>' in page.get_data(as_text=True)


def test_late_deliverables_are_those_of_the_engagement_that_was_judged(sign_in, cast, stage, words):
    """Northwind has two engagements at once: what is late in the other counts there, and is not among the rows here."""
    other = people.engagement(
        stage, 9, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="Exit", part=90
    )  # fmt: skip
    late = {"client_id": 1, "area": Area.VEN, "state": State.PLANNED, "estimate": 2, "due": today()}
    for number, (on, title) in enumerate([(cast.north, "Supplier plan"), (other, "Letters to suppliers")], 301):
        lead = next(one.id for one in on.assignments if one.person_id == cast.persons.ben.id)
        stage.add(Deliverable(number=number, title=title, engagement_id=on.id, assignment_id=lead,
                              baseline_due=today() - timedelta(3), **late))  # fmt: skip
    stage.commit()
    ben = sign_in(cast.ben)
    page = ben.get(VENDORS)
    assert "1 deliverable of this area is late" in words(page)
    rows = ben.get(unescape(re.search(r'href="(/deliverables/late[^"]+)"', page.text)[1]))
    assert "Supplier plan" in words(rows)
    assert "Letters to suppliers" not in words(rows)
    assert "Letters to suppliers" in words(ben.get("/deliverables/late?engagement=x&area=VEN"))


def test_what_is_in_order_leads_to_its_rows_in_the_run_too(sign_in, cast, stage):
    put(stage, 1, VECTOR["VEN"], today())
    lately_reviewed(stage)
    page = sign_in(cast.ben).get("/engagements/1/review/vendors").text
    in_order = page[page.index("in order</summary>") :]
    assert f'href="{CONTRACTS}?rule=VEN-R3"' in in_order[: in_order.index("</details>")]


def test_an_area_without_rows_is_grey_and_says_so(sign_in, cast, stage, words):
    lately_reviewed(stage)
    said = words(sign_in(cast.ben).get(VENDORS))
    assert "Not evidenced" in said
    assert "Vendor contracts holds no row yet, so no rule of the area can speak. Grey is not green." in said
    put(stage, 1, {"VendorContract": VECTOR["VEN"]["VendorContract"][1:2]}, today())
    assert "Vendor contracts holds 1 row; green needs 4 or more." in words(sign_in(cast.ben).get(VENDORS))


def test_what_time_alone_will_turn_is_named(see, cast, stage):
    put(stage, 1, VECTOR["VEN"], today())
    scope = lately_reviewed(stage)
    payroll = stage.scalars(select(VendorContract).where(VendorContract.vendor == "Payroll bureau")).one()
    payroll.decision, payroll.end = "undecided", today() + timedelta(days=60 + 60 + 10)
    stage.commit()
    with see(cast.ben) as session:
        found = [(one.rule.id, one.label, one.within) for one in going_stale(session.get(AreaScope, scope.id), today())]
    # Stockwise passes its notice day in 35 days, so not yet; it was to be reviewed before; the provider is in 40 days.
    assert found == [("VEN-R2", "Payroll bureau", 14)]


@pytest.mark.parametrize("vector", ["VEN-2", "SEC", "STR-2", "CMP-4", "INN", "BCD-2"])
def test_the_list_behind_a_count_holds_what_was_counted(vector, sign_in, see, cast, stage):
    put(stage, 1, VECTOR[vector], today())
    area = next(one for one in TWELVE if one.code == vector[:3])
    scope = lately_reviewed(stage, area.code)
    with see(cast.ben) as session:
        judged = judge([session.get(AreaScope, scope.id)], today())[area.code]
    ben = sign_in(cast.ben)
    for one in judged.findings:
        register = next((each for each in area.registers if each.entry is one.rule.entity), None)
        if register:
            page = ben.get(f"/clients/1/areas/{area.slug}/{register.slug}/?rule={one.rule.id}")
            assert page.status_code == 200
            if one.rule.value.fn.value == "count" and one.value is not None:
                counted = re.search(r"(?:No rows|of ([\d,]+) rows?)</span>", page.get_data(as_text=True))
                assert int(counted[1] or 0) == one.value, one.rule.id


@pytest.mark.engine_free
def test_a_rule_that_is_not_of_this_list_filters_nothing(sign_in, cast, words):
    assert "Behind" not in words(sign_in(cast.ben).get(f"{CONTRACTS}?rule=SEC-R1"))


def two_thousand(stage):
    """Contracts, four hundred in a statement: the stage commits each by itself."""
    moment = now()
    stem = {
        "client_id": 1, "kind": "vendor_contract", "area": Area.VEN, "made_at": moment, "changed_at": moment, "source": "manual",
        "version": 1, "visibility": "team",
    }  # fmt: skip
    leaf = {
        "client_id": 1, "vendor": "x", "what": "x", "tier": "important", "status": "active", "annual_cost": 1, "owner_name": "x",
        "decision": "undecided", "auto_renew": False, "exit_plan": False, "data_terms_signed": False, "complete": True,
        "underperforming": False, "data_not_covered": False, "review_due": today(), "notice_by": today(),
    }  # fmt: skip
    for first in range(10_000, 12_000, 400):
        keys = range(first, first + 400)
        stage.execute(insert(RegisterEntry.__table__).values([stem | {"id": key} for key in keys]))
        stage.execute(insert(VendorContract.__table__).values([leaf | {"id": key} for key in keys]))


def test_twelve_areas_cost_a_handful_of_statements(see, cast, stage, statements):
    for name in ("VEN", "DAT"):
        put(stage, 1, VECTOR[name], today())
    counts = []
    for _ in range(2):
        with see(cast.ben) as session:
            scopes = session.scalars(select(AreaScope).where(AreaScope.engagement_id == 1)).all()
            with statements() as seen:
                judged = judge(scopes, today())
        counts.append(len(seen))
        if len(counts) == 1:
            two_thousand(stage)
    assert len(judged) == 12
    assert judged[Area.VEN].rows > 2000
    assert counts[0] == counts[1] <= 6, seen


@pytest.mark.engine_free
def test_worse_than_was_said():
    said = {
        (one, other): is_worse(one, other)
        for one in (Rag.RED, Rag.AMBER, None, Rag.GREEN)
        for other in (Rag.RED, Rag.AMBER, None, Rag.GREEN)
    }
    assert {pair for pair, worse in said.items() if worse} == {
        (Rag.RED, Rag.AMBER), (Rag.RED, Rag.GREEN), (Rag.AMBER, Rag.GREEN), (None, Rag.GREEN),
    }  # fmt: skip


def test_an_overseen_area_reads_only_what_is_shared(see, cast, stage, statements):
    put(stage, 1, VECTOR["CMP-4"], today())
    scope = lately_reviewed(stage, Area.CMP)
    scope.scope = Scope.OVERSEE
    stage.commit()
    with see(cast.ben) as session:
        row = session.get(AreaScope, scope.id)
        with statements() as seen:
            judged = judge([row], today())[Area.CMP]
    assert not any("obligation" in one for one in seen)
    assert judged.coverage == Fraction(len(judged.findings), len(judged.findings) + 6)


def test_a_row_that_drops_out_of_a_good_count_is_said_to(sign_in, cast, stage, words):
    """Where more is better, a row that goes stale counts no longer; where less is, it begins to."""
    put(stage, 1, VECTOR["DAT"], today())
    read = stage.scalars(select(Signal).order_by(Signal.id)).first()
    read.latest_on = today() - timedelta(days=40)
    lately_reviewed(stage, Area.DAT)
    said = words(sign_in(cast.ben).get("/engagements/1/areas/data"))
    assert "then counts no longer in “Signals come from … departments that were read in the last 45 days”" in said


def test_rows_that_the_client_keeps_are_not_asked_for(sign_in, cast, stage, words):
    """An overseen area whose rows are not shared is green by assurance: no row is needed for it."""
    scope = lately_reviewed(stage, Area.SEC)
    scope.scope = Scope.OVERSEE
    stage.add(Assurance(client_id=1, area=Area.SEC, made_at=now(), changed_at=now(), title="Audit", also=[], proof="audit",
                        from_whom="An auditor", received_on=today()))  # fmt: skip
    stage.commit()
    said = words(sign_in(cast.ben).get("/engagements/1/areas/security"))
    assert "The evidence suggests G Green" in said
    assert "Rows – the client keeps them" in said
    assert "needed for green" not in said


def test_assurance_stands_in_the_list_of_every_area_that_it_covers(sign_in, see, cast, stage, words):
    """Filed once under Security, it is the row behind what X6 says of Talent: to be opened, counted and frozen there too."""
    scope = lately_reviewed(stage, Area.TAL)
    scope.scope = Scope.OVERSEE
    received = today() - timedelta(days=120)
    of_board = {
        "client_id": 1,
        "made_at": now(),
        "changed_at": now(),
        "from_whom": "An auditor",
        "received_on": received,
    }
    for title, also in (("Audit of people and access", [Area.TAL]), ("Test from outside", [])):
        stage.add(Assurance(area=Area.SEC, title=title, also=also, proof="audit", **of_board))
    stage.commit()
    ben = sign_in(cast.ben)
    page = ben.get("/engagements/1/areas/talent")
    assert "Days since the board last received assurance on this area: 120" in words(page)
    assert "Assurance 1 row" in words(page)
    rows = ben.get(re.search(r'href="([^"]+rule=X6)"', page.get_data(as_text=True))[1])
    assert "Audit of people and access" in words(rows)
    assert "Test from outside" not in words(rows)
    entry = re.search(r'href="(/clients/1/areas/talent/assurance/\d+)"', rows.get_data(as_text=True))[1]
    assert ben.get(entry).status_code == 200
    with see(cast.ben) as session:
        told = known_of([session.get(AreaScope, scope.id)], today())[Area.TAL].evidence
    behind = next(one.rows for one in told.fired if one.rule == "X6")
    assert [one.label for one in behind] == ["Audit of people and access"]
