"""The review run: worst first, a draft for each area, everything published at once or nothing, and one mail."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import OF, Area, Scope
from crm.core.viewer import SYSTEM
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaOverride, AreaScope, Rag
from crm.engagements.states import EngagementState
from crm.outbox.models import Outbox
from crm.outbox.notices import letters_of
from crm.reviews.frozen import Evidence, FrozenFinding, Told
from crm.reviews.models import Review, ReviewState
from tests.cast import TODAY

RUN = "/engagements/1/review"
GREEN, AMBER, RED = Rag.GREEN, Rag.AMBER, Rag.RED
FINE = {"rag": "green", "sentence": "Well in hand."}
RED_ONE = {
    "rag": "red", "sentence": "One contract renews by itself.", "ask": "A yes to leave it", "ask_of": "Cora",
    "ask_by": str(TODAY + timedelta(9)),
}  # fmt: skip
LATE = Told(
    "VEN-R1", "2 contracts passed their notice day", RED, critical=True, value=Decimal(2), amber="over 0", red="over 1"
)


@pytest.fixture
def judged(monkeypatch):
    """The rules say green of all areas but these."""

    def say(**colours):
        def evidence(scopes, on):
            every = {one.area: colours.get(one.area.value, GREEN) for one in scopes}
            return {area: Evidence(rag, None, None, (LATE,) if rag is RED else ()) for area, rag in every.items()}

        monkeypatch.setattr("crm.desk.judged.evidence_of", evidence)
        monkeypatch.setattr("crm.desk.judged.with_rows", lambda scopes, found, on: found)

    say()
    return say


@pytest.fixture
def scopes(cast, stage):
    """Northwind's, with everything due in forty days but what a story says."""
    every = {one.area: one for one in stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1))}
    for one in every.values():
        one.review_due = TODAY + timedelta(40)
    stage.commit()
    return every


def due(stage, scopes, **days):
    for code, ago in days.items():
        scopes[Area(code)].review_due = TODAY - timedelta(ago)
    stage.commit()


def reviews(stage):
    stage.expire_all()
    return stage.scalars(select(Review).order_by(Review.id)).all()


def seen(stage, engagement_id=1):
    drafts = [one for one in reviews(stage) if one.state is ReviewState.DRAFT and one.engagement_id == engagement_id]
    return ",".join(f"{one.id}-{one.version}" for one in drafts)


def write(browser, **said):
    for slug, what in said.items():
        assert browser.send(f"{RUN}/{slug}", version=0, **what).status_code == 303


def test_what_is_due_the_worst_suggestion_first_then_the_longest_overdue(sign_in, cast, judged, stage, scopes, words):
    due(stage, scopes, STR=1, SEC=9, VEN=2, BUD=5, STK=3)
    judged(VEN=RED, BUD=AMBER, SEC=None)
    page = words(sign_in(cast.ben).get(RUN))
    table = page[page.index("To review") : page.index("Not due yet")]
    places = [table.index(OF[Area(code)].name) for code in ("VEN", "BUD", "SEC", "STK", "STR")]
    assert places == sorted(places)
    assert "5 areas to review, the worst first." in page
    assert OF[Area.TAL].name in page[page.index("Not due yet") :]


def test_saving_goes_on_with_the_next_and_the_last_leads_to_all(sign_in, cast, judged, stage, scopes):
    due(stage, scopes, STR=1, VEN=2)
    judged(VEN=AMBER)
    ben = sign_in(cast.ben)
    assert ben.send(f"{RUN}/vendors?then=stay", version=0, **FINE | {"rag": "amber"}).location == f"{RUN}/vendors"
    assert ben.send(f"{RUN}/vendors", version=1, **FINE | {"rag": "amber"}).location == f"{RUN}/strategy"
    assert ben.send(f"{RUN}/strategy", version=0, **FINE).location == f"{RUN}#publish"
    assert [(one.state, one.area) for one in reviews(stage)] == [("draft", Area.VEN), ("draft", Area.STR)]


def test_what_is_not_due_may_be_reviewed_too_and_then_waits_with_the_rest(sign_in, cast, judged, stage, scopes, words):
    ben = sign_in(cast.ben)
    assert "Nothing is due before" in words(ben.get(RUN))
    assert ben.send(f"{RUN}/strategy", version=0, **FINE).location == f"{RUN}/services"
    assert "1 area goes to the client together" in words(ben.get(RUN))


def test_the_suggested_colour_is_chosen_and_a_draft_goes_before_it(sign_in, cast, judged, stage, scopes):
    judged(VEN=AMBER)
    ben = sign_in(cast.ben)
    assert 'value="amber" checked' in ben.get(f"{RUN}/vendors").text
    write(ben, vendors=RED_ONE)
    page = ben.get(f"{RUN}/vendors").text
    assert 'value="red" checked' in page
    assert "One contract renews by itself." in page
    judged(STR=None)
    assert " checked" not in ben.get(f"{RUN}/strategy").text, "nothing is suggested, so nothing is chosen"


def test_all_of_it_is_published_at_once_and_the_sponsor_gets_one_mail(sign_in, cast, judged, stage, scopes, words, see):
    judged(VEN=RED)
    ben = sign_in(cast.ben)
    write(ben, vendors=RED_ONE, strategy=FINE, talent=FINE)
    answer = ben.send(f"{RUN}/publication", seen=seen(stage))
    assert (answer.status_code, answer.location) == (303, RUN)
    assert [(one.state, one.visibility) for one in reviews(stage)] == [("published", "client")] * 3
    vendors = next(one.id for one in reviews(stage) if one.area is Area.VEN)
    assert [one.review_id for one in stage.scalars(select(FrozenFinding))] == [vendors]
    assert scopes[Area.VEN].confirmed is RED
    (told,) = stage.scalars(select(Outbox)).all()
    with see(SYSTEM):
        (letter,) = letters_of(told.topic, told.payload)
    assert letter.to.name == "Cora"
    assert letter.subject == "Northwind: three areas looked at, one with a question to you"
    assert letter.text.startswith(
        "Ben looked at three of the areas that we look after: one needs action and two on track."
    )
    assert "Suppliers and contracts: A yes to leave it, from Cora, by" in letter.text
    said = f"{letter.subject} {letter.text}".lower().split()
    assert not {"red", "amber", "green", "rag", "review"} & set(said), "plain words"
    lines = stage.scalars(
        select(AuditEntry.verb).where(AuditEntry.verb.startswith("review.publish")).order_by(AuditEntry.id)
    ).all()
    assert lines == ["review.publish", "review.publish", "review.publish", "review.publish_run"]


def test_a_second_run_of_the_week_sends_no_second_mail(sign_in, cast, judged, stage, scopes):
    ben = sign_in(cast.ben)
    for _ in range(2):
        write(ben, strategy=FINE)
        assert ben.send(f"{RUN}/publication", seen=seen(stage)).status_code == 303
    assert [one.state for one in reviews(stage)] == ["superseded", "published"]
    assert len(stage.scalars(select(Outbox)).all()) == 1


def test_one_that_is_not_ready_stops_them_all(sign_in, cast, judged, stage, scopes, words):
    judged(VEN=RED)
    ben = sign_in(cast.ben)
    write(ben, vendors=RED_ONE | {"ask_of": ""}, strategy=FINE, talent=FINE | {"sentence": ""})
    assert "something is missing in Vendors and Talent" in words(ben.get(RUN))
    answer = ben.send(f"{RUN}/publication", seen=seen(stage))
    assert (
        answer.status_code,
        "Nothing is published yet: something is missing in Vendors and Talent." in words(answer),
    ) == (409, True)
    assert "Say from whom you need it" in words(answer)
    assert {one.state for one in reviews(stage)} == {ReviewState.DRAFT}
    assert (scopes[Area.STR].confirmed, stage.scalars(select(Outbox)).all()) == (None, [])


def test_the_evidence_of_the_moment_decides(sign_in, cast, judged, stage, scopes, words):
    """What was green when it was written, and is not by the time it goes out, asks for a reason."""
    ben = sign_in(cast.ben)
    write(ben, strategy=FINE, talent=FINE)
    judged(TAL=AMBER)
    answer = ben.send(f"{RUN}/publication", seen=seen(stage))
    assert (answer.status_code, "Green is better than the evidence: the rows say amber. Say why" in words(answer)) == (
        409,
        True,
    )
    assert {one.state for one in reviews(stage)} == {ReviewState.DRAFT}


def test_pressed_twice_it_is_published_once(sign_in, cast, judged, stage, scopes):
    ben = sign_in(cast.ben)
    write(ben, strategy=FINE)
    stood = seen(stage)
    first, second = (ben.send(f"{RUN}/publication", once="k", seen=stood) for _ in range(2))
    assert [first.status_code, second.status_code, second.location] == [303, 303, RUN]
    assert len(stage.scalars(select(Outbox)).all()) == 1


def test_what_changed_since_it_was_read_is_not_published(sign_in, cast, judged, stage, scopes, words):
    ben, tess = sign_in(cast.ben), sign_in(cast.tess)
    write(ben, strategy=FINE)
    stood = seen(stage)
    tess.send(f"{RUN}/strategy", version=1, **FINE | {"sentence": "Not so well."})
    answer = ben.send(f"{RUN}/publication", seen=stood)
    assert (answer.status_code, "a draft was changed since you opened this page" in words(answer)) == (409, True)
    assert "Not so well." in words(answer), "what stands now"
    assert seen(stage) in answer.text, "and the next press publishes that"
    assert [one.state for one in reviews(stage)] == [ReviewState.DRAFT]


def test_two_people_write_one_area(sign_in, cast, judged, stage, scopes, words):
    sign_in(cast.tess).send(f"{RUN}/strategy", version=0, **FINE)
    answer = sign_in(cast.ben).send(f"{RUN}/strategy", version=0, **FINE | {"sentence": "Mine."})
    page = words(answer)
    assert answer.status_code == 409
    assert "Not saved: Tess changed this review at" in page
    assert "Mine." in page
    assert "Now it says: Well in hand." in page
    assert [one.sentence for one in reviews(stage)] == ["Well in hand."]


def test_who_may_publish(sign_in, cast, judged, stage, scopes, words):
    tess = sign_in(cast.tess)
    write(tess, strategy=FINE, talent=FINE)
    assert "waits for the lead" in words(tess.get(RUN))
    assert tess.send(f"{RUN}/publication", seen=seen(stage)).status_code == 403
    for name, code in (("eve", 404), ("finn", 404), ("cora", 403), ("vic", 403), ("uma", 403), ("abe", 403)):
        browser = sign_in(getattr(cast, name))
        assert browser.send(f"{RUN}/publication", seen=seen(stage)).status_code == code, name
        assert browser.get(RUN).status_code == code, name
        assert browser.send(f"{RUN}/vendors", version=0, **FINE).status_code == code, name
    assert {one.state for one in reviews(stage)} == {ReviewState.DRAFT}
    scopes[Area.TAL].holder_person_id = cast.persons.tess.id
    stage.commit()
    assert "Publish 1 area to the client" in words(tess.get(RUN)), "the one that she holds"
    mine = next(one for one in reviews(stage) if one.area is Area.TAL)
    assert tess.send(f"{RUN}/publication", seen=f"{mine.id}-{mine.version}").status_code == 303
    assert {one.area: one.state for one in reviews(stage)} == {Area.STR: "draft", Area.TAL: "published"}


@pytest.mark.parametrize("state", [EngagementState.DRAFT, EngagementState.CLOSED])
def test_only_what_runs_is_published(state, sign_in, cast, judged, stage, scopes, words):
    ada = sign_in(cast.ada)
    write(ada, strategy=FINE)
    stage.get(Engagement, 1).state = state
    stage.commit()
    answer = ada.send(f"{RUN}/publication", seen=seen(stage))
    assert (answer.status_code, "that is for engagements that run" in words(answer)) == (409, True)
    assert [one.state for one in reviews(stage)] == [ReviewState.DRAFT]


def test_out_of_scope_has_no_step(sign_in, cast, judged, stage, scopes):
    row = scopes[Area.VEN]
    row.scope, row.reason, row.holder_contact_id, row.holder_person_id = Scope.OUT, "Held by the owner", 1, None
    stage.commit()
    ben = sign_in(cast.ben)
    assert (ben.get(f"{RUN}/vendors").status_code, ben.send(f"{RUN}/vendors", version=0, **FINE).status_code) == (
        404,
        404,
    )
    assert ben.get(f"{RUN}/gardening").status_code == 404


def test_a_bad_answer_is_said_and_what_was_typed_stays(sign_in, cast, judged, stage, scopes, words):
    answer = sign_in(cast.ben).send(f"{RUN}/vendors", version=0, rag="blue", sentence="Half a thought", ask_by="soon")
    assert (answer.status_code, "Half a thought" in words(answer), "soon" in answer.text) == (422, True, True)
    assert reviews(stage) == []


def test_what_changed_since_the_last_review(sign_in, cast, judged, stage, scopes, world, words):
    """Rules that turned, from the frozen findings against today's, and rows that were added since."""
    judged(VEN=GREEN)
    page = words(sign_in(world.ben).get(f"{RUN}/vendors"))
    assert "Changed since then" in page
    assert "has nothing to measure any more" in page, "the frozen finding of the world has no match today"


def test_a_reason_that_ran_out_falls_back_and_is_due(sign_in, cast, judged, stage, scopes, words):
    row = scopes[Area.VEN]
    row.confirmed, row.sentence, row.reviewed_on = GREEN, "Signed next week.", TODAY - timedelta(9)
    stage.add(AreaOverride(scope_id=row.id, engagement_id=1, client_id=1, until=TODAY - timedelta(1), suggested=RED))
    stage.commit()
    page = words(sign_in(cast.ben).get(RUN))
    assert "the reason for green ran out on" in page[page.index("To review") :]


def test_the_run_costs_no_more_for_twelve_areas_than_for_one(sign_in, cast, judged, stage, scopes, statements):
    ben = sign_in(cast.ben)
    due(stage, scopes, VEN=1)
    ben.get(RUN)
    with statements() as few:
        ben.get(RUN)
    for one in scopes.values():
        one.review_due = TODAY
    at = clock.now() - timedelta(40)
    for area in Area:
        stage.add(Review(client_id=1, engagement_id=1, area=area, state=ReviewState.PUBLISHED, rag=GREEN, sentence="x", published_at=at,
                         published_on=at.date(), author_id=2, visibility=Visibility.CLIENT))  # fmt: skip
        stage.add(Review(client_id=1, engagement_id=1, area=area, rag=GREEN, sentence="x", author_id=2))
    stage.commit()
    with statements() as many:
        assert "All twelve areas are written" in ben.get(RUN).text
    assert len(many) == len(few) <= 10
    with statements() as step:
        ben.get(f"{RUN}/vendors")
    assert len(step) <= 12
