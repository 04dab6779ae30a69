"""What must hold before a review is published, and what is kept of its evidence: invariant 12 and the glossary."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from crm.core import clock
from crm.core.errors import Refused
from crm.core.ownership import Visibility
from crm.core.twelve import Area, Scope
from crm.engagements.scopes import AreaOverride, AreaScope, Rag
from crm.reviews.frozen import Behind, Evidence, FrozenEvidence, FrozenFinding, FrozenRow, Told
from crm.reviews.models import Review, ReviewState, is_better
from tests.cast import TODAY

GREEN, AMBER, RED, GREY = Rag.GREEN, Rag.AMBER, Rag.RED, None
LATE = Told(
    "VEN-R1", "2 contracts passed their notice day", RED, critical=True, value=Decimal(2), amber="> 0", red="> 1", number=2,
    rows=(Behind("vendor_contract", 103, "Telecom, lines", Visibility.TEAM), Behind("vendor_contract", 104, "Print, copiers", Visibility.CLIENT)),
)  # fmt: skip
FINE = Told("VEN-R2", "0 contracts without data terms", GREEN, critical=False, value=Decimal(0))


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("confirmed", "suggested", "better"),
    [(GREEN, GREEN, False), (GREEN, GREY, True), (GREEN, AMBER, True), (GREEN, RED, True),
     (AMBER, GREEN, False), (AMBER, GREY, False), (AMBER, AMBER, False), (AMBER, RED, True),
     (RED, GREEN, False), (RED, GREY, False), (RED, AMBER, False), (RED, RED, False)],
)  # fmt: skip
def test_what_is_better_than_the_evidence(confirmed, suggested, better):
    assert is_better(confirmed, suggested) is better


def review(**but):
    said = {
        "rag": GREEN, "sentence": "Fine.", "ask": "", "ask_of": "", "ask_by": None, "override_reason": "",
        "override_until": None, "maturity": None, "trend": None, "state": ReviewState.DRAFT, "area": Area.VEN,
    }  # fmt: skip
    return Review(**(said | but))


WHY = {"override_reason": "The offer was signed yesterday", "override_until": TODAY + timedelta(92)}


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("said", "suggested", "beside"),
    [({}, GREEN, []), ({}, AMBER, ["override_reason"]), ({}, GREY, ["override_reason"]), (WHY, AMBER, []), (WHY, GREY, []),
     ({"rag": AMBER}, GREY, []), ({"rag": AMBER}, GREEN, []), ({"rag": AMBER}, RED, ["override_reason"]),
     (WHY | {"override_until": TODAY}, AMBER, ["override_until"]), (WHY | {"override_until": TODAY + timedelta(1)}, AMBER, []),
     (WHY | {"override_until": TODAY + timedelta(366)}, AMBER, []), (WHY | {"override_until": TODAY + timedelta(367)}, AMBER, ["override_until"]),
     ({"rag": RED}, RED, ["ask", "ask_of", "ask_by"]), ({"rag": RED, "ask": "x", "ask_of": "x", "ask_by": TODAY}, GREEN, []),
     ({"sentence": ""}, GREEN, ["sentence"]), ({"sentence": "", "rag": RED}, RED, ["sentence", "ask", "ask_of", "ask_by"])],
)  # fmt: skip
def test_what_is_missing(said, suggested, beside):
    assert [one.field for one in review(**said).missing(Evidence(suggested), TODAY)] == beside


@pytest.mark.engine_free
def test_publishing_keeps_what_was_suggested_and_the_reason_only_where_it_is_needed():
    scope = AreaScope(scope=Scope.LEAD, area=Area.VEN)
    better = review(**WHY)
    better.publish(scope, at=clock.now(), on=TODAY, last=None, evidence=Evidence(AMBER))
    assert (better.suggested, better.is_override, better.override_reason) == (AMBER, True, WHY["override_reason"])
    assert scope.review_due == TODAY + timedelta(31), "the cadence comes before the reason runs out"
    soon = review(**WHY | {"override_until": TODAY + timedelta(9)})
    soon.publish(scope, at=clock.now(), on=TODAY, last=None, evidence=Evidence(AMBER))
    assert scope.review_due == TODAY + timedelta(9), "the day on which the reason runs out comes first"
    worse = review(**WHY | {"rag": AMBER})
    worse.publish(scope, at=clock.now(), on=TODAY, last=None, evidence=Evidence(GREEN))
    assert (worse.suggested, worse.is_override, worse.override_reason) == (GREEN, False, "")
    with pytest.raises(Refused, match="no rows show it yet") as refusal:
        review().publish(scope, at=clock.now(), on=TODAY, last=None, evidence=Evidence(GREY))
    assert refusal.value.field == "override_reason"


@pytest.mark.engine_free
def test_the_colour_that_stands_when_a_reason_has_run_out():
    scope = AreaScope(scope=Scope.LEAD, area=Area.VEN, confirmed=GREEN)
    assert scope.stands(TODAY) is GREEN
    scope.override = AreaOverride(until=TODAY, suggested=RED)
    assert (scope.stands(TODAY), scope.lapsed(TODAY)) == (GREEN, None), "it holds on its last day"
    assert (scope.stands(TODAY + timedelta(1)), scope.lapsed(TODAY + timedelta(1))) == (RED, scope.override)
    scope.override = AreaOverride(until=TODAY - timedelta(1), suggested=None)
    assert scope.stands(TODAY) is None, "grey is never shown as green"


URL = "/engagements/1/areas/vendors"
WELL = {"rag": "green", "maturity": "", "trend": "", "sentence": "Contracts are listed and dated."}
REASONED = WELL | {"override_reason": "The last contract is signed.", "override_until": str(TODAY + timedelta(92))}


@pytest.fixture
def judged(monkeypatch):
    """The rules say this of every area."""

    def say(suggested, *findings):
        made = Evidence(suggested, Decimal(50), Decimal(100), findings)
        monkeypatch.setattr("crm.desk.judged.evidence_of", lambda scopes, on: {one.area: made for one in scopes})
        monkeypatch.setattr("crm.desk.judged.with_rows", lambda scopes, evidence, on: evidence)

    return say


def published(stage):
    stage.expire_all()
    with_all = selectinload(Review.findings).selectinload(FrozenFinding.rows)
    return stage.scalars(select(Review).options(with_all, selectinload(Review.evidence)).order_by(Review.id)).all()


def test_better_than_the_evidence_asks_for_a_reason_beside_the_field(sign_in, cast, stage, judged, words):
    judged(RED, LATE, FINE)
    ben = sign_in(cast.ben)
    answer = ben.send(f"{URL}/publication", version=0, **WELL)
    assert (answer.status_code, "Green is better than the evidence: the rows say red. Say why" in words(answer)) == (
        422,
        True,
    )
    assert published(stage) == []
    answer = ben.send(f"{URL}/publication", version=0, **(REASONED | {"override_until": str(TODAY)}))
    assert (answer.status_code, "choose one after today" in words(answer)) == (422, True)
    assert "The last contract is signed." in words(answer), "what was typed stays"
    assert ben.send(f"{URL}/publication", version=0, **REASONED).status_code == 303
    (one,) = published(stage)
    assert (one.rag, one.suggested, one.override_until) == (GREEN, RED, TODAY + timedelta(92))
    assert stage.scalars(select(AreaOverride.until)).all() == [TODAY + timedelta(92)]


def test_a_draft_keeps_a_reason_and_asks_for_its_day(sign_in, cast, stage, words):
    ben = sign_in(cast.ben)
    answer = ben.send(URL, version=0, **(REASONED | {"override_until": ""}))
    assert (answer.status_code, "Say until when the reason holds" in words(answer)) == (422, True)
    assert ben.send(URL, version=0, **REASONED).status_code == 303
    assert published(stage)[0].override_reason == "The last contract is signed."
    assert "The last contract is signed." in words(ben.get(URL))


def test_what_the_rules_said_is_kept_with_the_review(sign_in, cast, stage, judged):
    judged(RED, FINE, LATE)
    sign_in(cast.ben).send(f"{URL}/publication", version=0, **REASONED)
    (one,) = published(stage)
    assert (one.evidence.suggested, one.evidence.health, one.evidence.at) == (RED, Decimal(50), one.published_at)
    assert [(f.rule, f.verdict, f.value, f.red, f.critical, f.number) for f in one.findings] == [
        ("VEN-R1", RED, Decimal(2), "> 1", True, 2), ("VEN-R2", GREEN, Decimal(0), "", False, 0),
    ]  # fmt: skip
    assert [(r.label, r.row_id, r.visibility) for r in one.findings[0].rows] == [
        ("Telecom, lines", 103, Visibility.TEAM), ("Print, copiers", 104, Visibility.CLIENT),
    ]  # fmt: skip


def test_a_better_evidence_takes_the_override_away(sign_in, cast, stage, judged):
    judged(RED, LATE)
    ben = sign_in(cast.ben)
    ben.send(f"{URL}/publication", version=0, **REASONED)
    judged(GREEN, FINE)
    assert ben.send(f"{URL}/publication", version=0, **WELL).status_code == 303
    assert [(one.state, one.suggested) for one in published(stage)] == [("superseded", RED), ("published", GREEN)]
    assert stage.scalars(select(AreaOverride)).all() == []


def test_a_client_reads_the_evidence_and_the_rows_that_are_shared(world, see):
    for who, labels in ((world.cora, 1), (world.vic, 0), (world.ben, 2), (world.uma, 0)):
        with see(who) as session:
            mine = [one for one in session.scalars(select(FrozenRow)) if one.client_id == 1]
            assert len(mine) == labels, who.email
    with see(world.cora) as session:
        assert [one.client_id for one in session.scalars(select(FrozenFinding))] == [1]


@pytest.mark.parametrize(
    "deed",
    [update(Review).where(Review.id == 1).values(sentence="Never said."), update(Review).where(Review.id == 1).values(rag="green"),
     update(Review).where(Review.id == 1).values(state="draft"), delete(Review).where(Review.id == 1),
     update(FrozenFinding).where(FrozenFinding.id == 1).values(says="Never found."), delete(FrozenRow).where(FrozenRow.id == 1),
     update(FrozenEvidence).where(FrozenEvidence.id == 1).values(suggested="green"), delete(FrozenEvidence).where(FrozenEvidence.id == 1)],
)  # fmt: skip
def test_the_database_lets_nobody_change_what_was_published(deed, world, stage):
    with pytest.raises(IntegrityError, match="a published review never changes"):
        stage.execute(deed)
    stage.rollback()


def test_the_rows_that_count_against_an_area_are_kept_by_name(world, sign_in, stage):
    """With the rules themselves: both contracts of the world may hold personal data without signed terms."""
    said = WELL | {"rag": "red", "ask": "Sign the terms", "ask_of": "Cora", "ask_by": str(TODAY + timedelta(9))}
    assert sign_in(world.ben).send(f"{URL}/publication", version=0, **said).status_code == 303
    newest = published(stage)[-1]
    terms = next(one for one in newest.findings if one.rule == "VEN-R5")
    assert (terms.verdict, terms.critical, terms.value, terms.number) == (AMBER, True, Decimal(2), 2)
    assert [(row.kind, row.row_id, row.visibility) for row in terms.rows] == [
        ("vendor_contract", 103, Visibility.TEAM), ("vendor_contract", 104, Visibility.CLIENT),
    ]  # fmt: skip
    assert all("CANARY-N" in row.label for row in terms.rows)
    limits = {one.rule: (one.amber, one.red) for one in newest.findings}
    assert (limits["VEN-R3"], limits["VEN-R5"]) == (("over 15 %", "over 40 %"), ("over 0", "over 2"))
    assert newest.evidence.suggested is newest.suggested
    page = sign_in(world.ben).get(f"{URL}/reviews/{newest.id}").text
    assert "/clients/1/areas/vendors/contracts/103" in page
