"""The domain book's worked examples, row by row, on both databases."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.areas.across.models import Assurance
from crm.areas.catalogue import TWELVE
from crm.core.clock import now, today
from crm.core.twelve import CADENCE, Area, Scope
from crm.core.words import half_up
from crm.engagements.models import Engagement, Pause
from crm.engagements.scopes import AreaScope, Rag
from crm.evidence.common import X1, limits_of
from crm.evidence.judging import judge, unseen_for
from crm.evidence.verdicts import Finding, Grey, verdict_of_area
from crm.registers.rules import Limits, Rule, count, over
from tests.evidence.written import BOOK, put

CRITICAL = {"X3", "X6"}


def common(verdicts):
    """Findings of the rules that hold in every area, as the example gives them."""
    made = []
    for name, verdict in verdicts.items():
        rule = Rule(
            name, None, "{value}", count(lambda row, today: ()), over(0), over(1), None, critical=name in CRITICAL
        )
        made.append(Finding(rule, None, Rag(verdict), Limits(rule.amber, rule.red)))
    return made


@pytest.mark.parametrize("vector", BOOK["vector"], ids=[one["id"] for one in BOOK["vector"]])
def test_the_books_examples(vector, cast, stage, see):
    scope = stage.scalars(
        select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area(vector["area"]))
    ).one()
    scope.scope, scope.rows_shared = Scope(vector["scope"]), vector.get("rows_shared", False)
    put(stage, 1, vector.get("rows", {}), today())
    with see(cast.ben) as session:
        mine = session.get(AreaScope, scope.id)
        judged = judge([mine], today())[mine.area]
    own = [one for one in judged.findings if not one.rule.id.startswith("X")]
    said = {
        one.rule.id: {
            "value": one.value is not None and Decimal(one.rule.value.shown(one.value).replace(",", "")),
            "verdict": one.verdict,
        }
        for one in own
    }
    wanted = {
        rule: {"value": "value" in one and Decimal(one["value"]), "verdict": Rag(one["verdict"])}
        for rule, one in vector.get("rules", {}).items()
    }
    assert {rule: half(one) for rule, one in said.items()} == wanted
    area = next(one for one in TWELVE if one.code == scope.area)
    whole = verdict_of_area(
        area.code, scope.scope, [*own, *common(vector["common"])], rows=judged.rows, min_rows=area.min_rows, rules=12
    )
    assert whole.suggested == vector.get("suggested")
    assert whole.grey == (None if "suggested" in vector else Grey.NOT_EVIDENCED)
    assert (whole.health is not None and str(half_up(whole.health))) == vector.get("health", False)


def half(one):
    """The book rounds to one decimal."""
    return {**one, "value": one["value"] is not False and half_up(one["value"])} if one["value"] is not False else one


def ago(number):
    return today() - timedelta(days=number)


@pytest.mark.engine_free
@pytest.mark.parametrize("told", [one for one in BOOK["clock"] if one["rule"] == "X1"])
def test_the_clock_since_the_last_review(told):
    pauses = [Pause(begins=ago(first), until=ago(last)) for first, last in told.get("paused", ())]
    engagement = Engagement(starts=ago(told["started"]), pauses=pauses)
    last = ago(told["last"]) if "last" in told else None
    value = unseen_for(engagement, last, today())
    assert value == told["value"]
    assert limits_of(X1, Scope(told["scope"]), None).verdict(value) == told["verdict"]


def test_the_limits_of_the_clock_hang_on_the_cadence():
    assert {scope: (int(limits.amber.at), int(limits.red.at)) for scope in CADENCE for limits in [limits_of(X1, scope, None)]} == {
        Scope.LEAD: (45, 62), Scope.ADVISE: (106, 184), Scope.OVERSEE: (106, 184),
    }  # fmt: skip


@pytest.mark.parametrize("told", [one for one in BOOK["clock"] if one["rule"] == "X6"])
def test_how_long_ago_the_board_was_assured(told, cast, stage, see):
    scope = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area.SEC)).one()
    scope.scope = Scope.OVERSEE
    stage.get(Engagement, 1).starts = ago(told["started"])
    if "last" in told:
        for days, also in ((told["last"], [Area.SEC]), (told["last"] + 5, [Area.SEC, Area.BCD]), (1, [Area.BUD])):
            stage.add(
                Assurance(client_id=1, area=Area.CMP, made_at=now(), changed_at=now(), title="x", received_on=ago(days), from_whom="x",
                          proof="paper", also=also)
            )  # fmt: skip
    stage.commit()
    with see(cast.ben) as session:
        mine = session.get(AreaScope, scope.id)
        said = next(one for one in judge([mine], today())[Area.SEC].findings if one.rule.id == "X6")
    assert (said.value, said.verdict) == (told.get("value"), told["verdict"])
