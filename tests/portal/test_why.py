"""Behind every colour stand its reasons, in the client's words, and the rows that this reader may read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.sql import visitors

from crm.areas.catalogue import TWELVE
from crm.areas.stakeholders.area import STAKEHOLDERS
from crm.areas.talent.area import SKILLS
from crm.areas.vendors.models import Tier, VendorContract
from crm.clients.models import Client
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.engagements.scopes import AreaScope, Rag
from crm.evidence.common import COMMON
from crm.portal.reasons import REASONS, Reason
from crm.portal.why import Why
from crm.reviews.frozen import FrozenFinding, FrozenRow
from crm.reviews.models import Review, ReviewState
from tests.cast import TODAY
from tests.html import faults

HERE = "/portal/areas/vendors"
RULES = [*(rule for area in TWELVE for rule in area.rules), *COMMON]
TEAM, CLIENT = Visibility.TEAM, Visibility.CLIENT


@pytest.mark.engine_free
def test_every_rule_has_its_words():
    ids = {rule.id for rule in RULES}
    assert not ids - set(REASONS)
    assert set(REASONS) - ids <= {"X3", "X4", "X5", "X6"}
    assert len(REASONS) == 78


@pytest.mark.engine_free
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_words_of_a_rule_are_plain(rule, spared):
    reason = REASONS[rule.id]
    assert "{n}" in reason.many
    assert rule.empty is None or reason.empty, "nothing to measure is a finding, and is said"
    for text in filter(None, (reason.many, reason.none, reason.one, reason.whole, reason.empty)):
        assert not spared(text), text
        assert text[0].isupper() or text.startswith("{n}"), text
        assert text.endswith("."), text
        assert "{" not in text.replace("{n}", ""), text


@pytest.mark.engine_free
@pytest.mark.parametrize(("value", "said"), [
    (None, "nothing"), (Decimal(0), "none"), (Decimal("1.00"), "one"), (Decimal(100), "all"), (Decimal("33.33"), "33.3 %"), (Decimal(2), "2 %"),
])  # fmt: skip
def test_which_words_a_value_gets(value, said):
    assert Reason("{n} %", none="none", one="one", whole="all", empty="nothing").say(value) == said


@pytest.fixture
def contract(stage, cast):
    def write(vendor, visibility=CLIENT, client_id=1, **more):
        at = clock.now()
        row = VendorContract(area=Area.VEN, client_id=client_id, made_at=at, changed_at=at, visibility=visibility, vendor=vendor, what="x",
                             tier=Tier.STRATEGIC, annual_cost=1, **more)  # fmt: skip
        stage.add(row)
        stage.commit()
        return row

    return write


@pytest.fixture
def said(stage, cast):
    """Publish a review of Northwind's contracts with what was found that day."""

    def publish(rag, suggested, *findings, rows=(), on=TODAY, speaks=True, **more):
        asks = {"ask": "x", "ask_of": "x", "ask_by": TODAY} if rag is Rag.RED else {}
        whose = {"client_id": 1, "engagement_id": cast.north.id}
        state = ReviewState.PUBLISHED if speaks else ReviewState.SUPERSEDED
        review = Review(area=Area.VEN, state=state, rag=rag, suggested=suggested, sentence="It runs.", author_id=cast.persons.ben.id,
                        visibility=CLIENT, published_at=clock.now(), published_on=on, **asks, **whose, **more)  # fmt: skip
        stage.add(review)
        stage.flush()
        for n, (rule, verdict, value, number) in enumerate(findings, 1):
            found = FrozenFinding(review_id=review.id, position=n, rule=rule, says="STAFF WORDS", verdict=verdict, critical=True, value=value,
                                  number=number, visibility=CLIENT, **whose)  # fmt: skip
            stage.add(found)
            stage.flush()
            if n == 1:
                for row, label, visibility in rows:
                    stage.add(
                        FrozenRow(
                            finding_id=found.id,
                            kind="vendor_contract",
                            row_id=row.id,
                            label=label,
                            visibility=visibility,
                            **whose,
                        )
                    )
        if speaks:
            scope = (AreaScope.engagement_id == cast.north.id, AreaScope.area == Area.VEN)
            stage.execute(update(AreaScope).where(*scope).values(confirmed=rag, reviewed_on=on))
        stage.commit()
        return review

    return publish


def rows_of_a_finding(contract):
    """Three that were behind it: shared then and now, taken back since, and the team's own."""
    shared, back, ours = contract("Harbour"), contract("Taken back", TEAM), contract("Secret", TEAM)
    return shared, ((shared, "Harbour", CLIENT), (back, "Taken back", CLIENT), (ours, "Secret", TEAM))


def test_why_we_think_so(sign_in, cast, said, contract, plain):
    shared, rows = rows_of_a_finding(contract)
    said(
        Rag.RED,
        Rag.RED,
        ("VEN-R1", Rag.RED, 3, 3),
        ("VEN-R2", Rag.AMBER, 1, 1),
        ("VEN-R5", Rag.GREEN, 0, 0),
        ("X2", Rag.GREEN, None, 0),
        rows=rows,
    )
    answer = sign_in(cast.cora).get(HERE)
    text = plain(answer)
    bad = text.index("What is not as it should be")
    assert (
        bad
        < text.index("3 contracts have passed their day to speak by")
        < text.index("One contract needs a decision within 60 days.")
    )
    assert text.index("What is as it should be: 2") < text.index(
        "Every supplier that holds data about people has signed terms"
    )
    assert f'href="{HERE}/contracts/{shared.id}">Harbour</a>' in answer.text
    assert "You see 1 of the 3 entries behind this; the others are not shared with you." in text
    assert "The entry behind this is not shared with you." in text
    assert not any(hidden in answer.text for hidden in ("Taken back", "Secret", "STAFF WORDS", "VEN-R1"))
    assert faults(answer.text) == []
    assert "Harbour" not in sign_in(cast.uma).get(HERE).text


def test_a_viewer_is_told_the_reasons_and_reads_the_rows_when_allowed(sign_in, cast, stage, said, contract, plain):
    _, rows = rows_of_a_finding(contract)
    said(Rag.RED, Rag.RED, ("VEN-R1", Rag.RED, 3, 3), rows=rows)
    text = plain(sign_in(cast.vic).get(HERE))
    assert "3 contracts have passed their day to speak by" in text
    assert not any(hidden in text for hidden in ("Harbour", "Taken back", "Secret", "shared with you"))
    stage.get(Client, 1).viewers_see_registers = True
    stage.commit()
    text = plain(sign_in(cast.vic).get(HERE))
    assert "Harbour You see 1 of the 3" in text
    assert "Secret" not in text


def test_what_concerns_single_people_is_for_the_sponsor_alone(sign_in, cast, said, plain):
    said(Rag.AMBER, Rag.AMBER, ("TAL-R5", Rag.AMBER, 1, 1), ("VEN-R2", Rag.AMBER, 1, 1))
    assert "In one role on which much hangs somebody may leave." in plain(sign_in(cast.cora).get(HERE))
    text = plain(sign_in(cast.vic).get(HERE))
    assert "may leave" not in text
    assert "One contract needs a decision" in text
    assert "1 more thing that we found concerns single people, and is told to your sponsor alone." in text


@pytest.mark.engine_free
@pytest.mark.parametrize("register", [SKILLS, STAKEHOLDERS], ids=lambda one: one.slug)
def test_what_is_said_of_people_behind_their_backs_names_no_row(register):
    """A row behind it that is shared would tell what no column of that row tells."""
    told = {*register.told.values(), *register.contacts.values(), "id"}
    for rule in RULES:
        if rule.entity is register.entry:
            reads = {one.name for one in visitors.iterate(rule.behind(TODAY)) if one.__visit_name__ == "column"}
            assert REASONS[rule.id].unnamed is bool(reads - told), (rule.id, reads - told)


def test_whom_a_finding_about_people_is_about_is_not_told(sign_in, cast, said, contract, plain):
    row = contract("Mia Moss")
    said(Rag.AMBER, Rag.AMBER, ("TAL-R5", Rag.AMBER, 1, 1), rows=[(row, "Mia Moss", CLIENT)])
    text = plain(sign_in(cast.cora).get(HERE)).partition("Why we think so")[2].partition("Your technology contracts")[0]
    assert "In one role on which much hangs somebody may leave. Whom this is about is not told here." in text
    assert "Mia Moss" not in text


LATER, BEFORE = TODAY + timedelta(30), TODAY - timedelta(3)
BETTER = "We say “On track” all the same, until"


@pytest.mark.parametrize(("rag", "suggested", "more", "says", "never"), [
    (Rag.GREEN, Rag.AMBER, (LATER, "Signed on Monday."), ["pointed to “Watch”", BETTER, "because: Signed on Monday."], "run out"),
    (Rag.GREEN, Rag.AMBER, (BEFORE, "Signed on Monday"), ["pointed to “Watch”", "That held until", "has run out"], BETTER),
    (Rag.GREEN, None, (LATER, "I saw it"), ["showed too little that day", "more entries in “Your technology contracts”", BETTER], "run out"),
    (Rag.AMBER, Rag.GREEN, None, ["pointed to “On track”", "We say “Watch”, which is more careful"], "all the same"),
    (Rag.AMBER, Rag.AMBER, None, ["Why we think so"], "pointed to"),
])  # fmt: skip
def test_what_was_found_and_what_we_say(rag, suggested, more, says, never, sign_in, cast, said, plain, spared):
    until, reason = more or (None, "")
    said(rag, suggested, ("VEN-R1", Rag.GREEN, 0, 0), override_until=until, override_reason=reason)
    text = plain(sign_in(cast.cora).get(HERE))
    for sentence in says:
        assert sentence in text
    assert never not in text
    found = text[text.index("Why we think so") : text.index("What is as it should be")]
    assert not spared(found)


def test_what_nobody_looked_at_says_since_when_and_what_is_missing(sign_in, cast, plain):
    text = plain(sign_in(cast.cora).get(HERE))
    assert "We have not seen enough yet to say how this stands, since we began on" in text
    assert "What is missing is our first look" in text
    assert "Why we think so" not in text


def test_the_reasons_of_an_earlier_review_are_kept(sign_in, cast, stage, said, plain):
    old = said(Rag.AMBER, Rag.AMBER, ("VEN-R2", Rag.AMBER, 2, 2), on=date(2026, 3, 3), speaks=False)
    said(Rag.GREEN, Rag.GREEN, ("VEN-R2", Rag.GREEN, 0, 0))
    cora = sign_in(cast.cora)
    assert f'href="{HERE}/why/{old.id}"' in cora.get(HERE).text
    answer = cora.get(f"{HERE}/why/{old.id}")
    assert "Why we thought so" in plain(answer)
    assert "2 contracts need a decision within 60 days." in plain(answer)
    assert faults(answer.text) == []
    draft = Review(
        area=Area.VEN, rag=Rag.GREEN, author_id=cast.persons.ben.id, client_id=1, engagement_id=cast.north.id
    )
    stage.add(draft)
    stage.commit()
    for nowhere in (f"{HERE}/why/{draft.id}", f"/portal/areas/security/why/{old.id}", f"{HERE}/why/999"):
        assert cora.get(nowhere).status_code == 404
    assert sign_in(cast.uma).get(f"{HERE}/why/{old.id}").status_code == 404


def test_reasons_cost_no_statements(sign_in, cast, said, contract, statements):
    rows = [(contract(f"S{n}"), f"S{n}", CLIENT) for n in range(20)]
    findings = [(rule.id, Rag.AMBER, 2, 20) for rule in RULES if rule.id.startswith(("VEN", "X2"))]
    costs = []
    for many in (1, len(findings)):
        said(
            Rag.AMBER,
            Rag.AMBER,
            *findings[:many],
            rows=rows[: 20 if many > 1 else 1],
            on=TODAY - timedelta(9 - many),
            speaks=many > 1,
        )
        with statements() as seen:
            assert sign_in(cast.cora).get(HERE).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 12, costs


@pytest.mark.engine_free
def test_a_review_from_before_there_were_rules_says_nothing():
    assert Why(Review(rag=Rag.GREEN), (), "").lead(TODAY) == []
