"""The limits of a rule are the practice's to set, in the open, and every area is judged by them at once."""

import pytest
from sqlalchemy import select

from crm.audit.models import AuditText
from crm.core.clock import today
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, viewing_as
from crm.evidence import keeping
from crm.evidence.models import AreaSummary, RuleLimit
from tests.evidence.written import BOOK, put

RULES = "/settings/rules"
VENDORS = next(one["rows"] for one in BOOK["vector"] if one["id"] == "VEN")


@pytest.fixture
def fired(app, cast, stage):
    put(stage, 1, VENDORS, today())
    with app.app_context(), viewing_as(SYSTEM):
        keeping.recompute(today())

    def now():
        stage.expire_all()
        asked = select(AreaSummary.fired).where(AreaSummary.engagement_id == 1, AreaSummary.area == Area.VEN)
        return stage.scalars(asked).one().split()

    return now


def test_a_changed_limit_judges_anew_and_stands_on_the_trail(sign_in, cast, stage, fired, words):
    assert "VEN-R1" in fired()
    abe = sign_in(cast.abe)
    assert abe.send(f"{RULES}/VEN-R1", amber="1", red="3").status_code == 303
    assert "VEN-R1" not in fired()
    assert [one.body for one in stage.scalars(select(AuditText))] == [
        "VEN-R1: Amber over 0, red over 1; from now on amber over 1, red over 3"
    ]
    page = words(abe.get(f"{RULES}/VEN-R1"))
    assert "Abe set VEN-R1" in page
    assert "Amber over 1, red over 3" in words(sign_in(cast.ben).get("/engagements/1/areas/vendors"))
    assert "1 rule has limits of your own" in words(sign_in(cast.ada).get(RULES))
    assert abe.send(f"{RULES}/VEN-R1/reset").status_code == 303
    assert "VEN-R1" in fired()
    assert "Every rule has the book’s limits." in words(abe.get(RULES))
    assert abe.send(f"{RULES}/VEN-R1/reset", version=2).status_code == 409
    with stage.no_autoflush:
        assert stage.scalars(select(RuleLimit)).one().amber is None


@pytest.mark.parametrize(
    ("rule", "typed", "says"),
    [
        ("VEN-R1", {"amber": "3", "red": "2"}, "Red lies beyond amber"),
        ("SEC-R2", {"amber": "60", "red": "85"}, "Red lies below amber"),
        ("VEN-R1", {"amber": "", "red": "2"}, "Write the number at which it turns amber, like 15"),
        ("VEN-R1", {"amber": "a few", "red": ""}, "like"),
    ],
)
def test_limits_out_of_order_are_refused_beside_the_field(rule, typed, says, sign_in, cast, stage, words):
    answer = sign_in(cast.abe).send(f"{RULES}/{rule}", **typed)
    assert answer.status_code in {409, 422}
    assert says in words(answer)
    assert f'value="{typed["amber"]}"' in answer.get_data(as_text=True), "what was typed stays"
    assert stage.scalars(select(RuleLimit)).all() == []


def test_who_may(sign_in, cast):
    statuses = {
        who: [
            sign_in(getattr(cast, who)).get(RULES).status_code,
            sign_in(getattr(cast, who)).send(f"{RULES}/X4", amber="1").status_code,
        ]
        for who in ("abe", "ada", "ben", "cora")
    }
    assert statuses == {"abe": [200, 303], "ada": [200, 403], "ben": [403, 403], "cora": [403, 403]}
    assert sign_in(cast.abe).get(f"{RULES}/VEN-R9").status_code == 404


def test_pressing_twice_sets_it_once(sign_in, cast, stage):
    abe = sign_in(cast.abe)
    answers = [abe.send(f"{RULES}/X1", once="k", amber="20", red="3") for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert stage.scalars(select(RuleLimit)).one().red == 3
