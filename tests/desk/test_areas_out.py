"""The twelve of an engagement for spreadsheets and programs: keys that stay, and what they say."""

import csv
import io
import json
from datetime import timedelta

import pytest

from crm.core import clock
from crm.core.twelve import Area, Scope
from crm.engagements.scopes import Rag, Trend
from crm.reviews.models import Review, ReviewState
from tests.cast import TODAY

JSON, CSV = "/engagements/1/areas.json", "/engagements/1/areas.csv"
KEYS = [  # what programs rely on; a change here is a new version
    "number", "code", "slug", "name", "scope", "out_because", "rows_shared", "holder", "confirmed", "suggested", "grey", "health",
    "coverage", "trend", "sentence", "maturity", "target", "reviewed_on", "review_due", "override", "ask",
]  # fmt: skip
COLUMNS = [
    "number", "code", "slug", "name", "scope", "out_because", "rows_shared", "holder_side", "holder_name", "confirmed", "suggested", "grey",
    "health", "coverage", "trend", "sentence", "maturity", "target", "reviewed_on", "review_due", "override_reason", "override_until",
    "override_expired", "ask_what", "ask_of", "ask_by",
]  # fmt: skip


@pytest.fixture
def judged(cast, stage):
    """Vendors published red, security with an override, budget out of scope."""
    scopes = {one.area: one for one in cast.north.scopes}
    vendors, security, budget = (scopes[one] for one in (Area.VEN, Area.SEC, Area.BUD))
    vendors.confirmed, vendors.trend, vendors.sentence = Rag.RED, Trend.WORSENING, "A contract runs out."
    vendors.maturity, vendors.target, vendors.reviewed_on = 2.5, 4, TODAY
    vendors.review_due, vendors.holder_person_id, vendors.holder_contact_id = TODAY + timedelta(31), 2, None
    security.confirmed, security.holder_person_id, security.holder_contact_id = Rag.GREEN, None, 1
    budget.scope, budget.reason = Scope.OUT, "The client keeps it"
    said = {"client_id": 1, "engagement_id": 1, "state": ReviewState.PUBLISHED, "author_id": 2, "published_on": TODAY,
            "published_at": clock.now(), "visibility": "client"}  # fmt: skip
    stage.add(Review(area=Area.VEN, rag=Rag.RED, sentence="x", ask="A decision", ask_of="Cora", ask_by=TODAY, **said))
    stage.add(Review(area=Area.SEC, rag=Rag.GREEN, sentence="x", override_reason="Proved by the test",
                     override_until=TODAY + timedelta(9), **said))  # fmt: skip
    stage.commit()


def told(answer):
    return json.loads(answer.get_data(as_text=True))


def test_the_keys_that_programs_rely_on(sign_in, cast, root):
    said = told(sign_in(cast.ben).get(JSON))
    assert [said["schema"], said["version"]] == ["twelvefold.areas", 1]
    assert list(said) == ["schema", "version", "as_of", "engagement", "areas"]
    assert list(said["engagement"]) == ["id", "code", "title", "model", "state", "starts", "ends", "client"]
    assert [list(one) for one in said["areas"]] == [KEYS] * 12
    assert [one["code"] for one in said["areas"]] == list(Area)
    described = json.loads((root / "docs/api/areas.schema.json").read_text())
    assert list(described["properties"]["areas"]["items"]["properties"]) == KEYS
    told_of = (root / "docs/api/areas.md").read_text()
    assert all(f"| `{key}` |" in told_of for key in KEYS)


def test_what_it_says_of_an_area(sign_in, cast, judged):
    areas = {one["code"]: one for one in told(sign_in(cast.ben).get(JSON))["areas"]}
    vendors, security, budget = areas["VEN"], areas["SEC"], areas["BUD"]
    assert (vendors["confirmed"], vendors["trend"], vendors["maturity"], vendors["target"]) == (
        "red",
        "worsening",
        2.5,
        4,
    )
    assert vendors["ask"] == {"what": "A decision", "of": "Cora", "by": TODAY.isoformat()}
    assert vendors["holder"] == {"side": "practice", "name": "Ben"}
    assert (vendors["suggested"], vendors["grey"], vendors["health"]) == (None, "not_evidenced", None)
    assert security["override"] == {
        "reason": "Proved by the test",
        "until": (TODAY + timedelta(9)).isoformat(),
        "expired": False,
    }
    assert security["holder"] == {"side": "client", "name": "Cora"}
    assert (budget["scope"], budget["out_because"], budget["grey"], budget["confirmed"]) == (
        "out",
        "The client keeps it",
        "out",
        None,
    )


def test_the_same_as_a_sheet(sign_in, cast, judged):
    rows = list(csv.DictReader(io.StringIO(sign_in(cast.ben).get(CSV).get_data(as_text=True).lstrip("\ufeff"))))
    assert list(rows[0]) == COLUMNS
    vendors = next(one for one in rows if one["code"] == "VEN")
    assert (vendors["ask_what"], vendors["holder_name"], vendors["suggested"], vendors["rows_shared"]) == (
        "A decision",
        "Ben",
        "",
        "false",
    )
    assert next(one for one in rows if one["code"] == "SEC")["override_expired"] == "false"


@pytest.mark.parametrize("address", [JSON, CSV])
def test_it_is_not_sent_again_while_nothing_changed(address, sign_in, cast, stage):
    ben = sign_in(cast.ben)
    first = ben.get(address)
    assert first.headers["Cache-Control"] == "no-store"
    again = ben.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    next(one for one in cast.north.scopes if one.area is Area.VEN).target = 3
    stage.commit()
    assert ben.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_it_asks_no_more_than_a_page(sign_in, cast, statements, judged):
    ben = sign_in(cast.ben)
    with statements() as seen:
        ben.get(JSON)
    assert len(seen) <= 12


def test_the_page_leads_there(sign_in, cast):
    page = sign_in(cast.ben).get("/engagements/1").get_data(as_text=True)
    assert f'href="{JSON}"' in page
    assert f'href="{CSV}"' in page
