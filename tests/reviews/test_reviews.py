"""What is said of an area: drafts for the team, publication to the client, and nothing published ever changes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm.audit.models import AuditEntry
from crm.core import clock
from crm.core.errors import Refused
from crm.core.ownership import Visibility
from crm.core.twelve import Area, Scope
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.engagements.scopes import AreaScope, Rag, Trend
from crm.engagements.states import EngagementState
from crm.reviews.models import MEANS, Review, ReviewState, level_name, trend_since
from tests import cast as people
from tests.cast import TODAY

URL = "/engagements/1/areas/vendors"
WELL = {  # the cast's registers are empty, so green is better than the evidence
    "rag": "green", "maturity": "2.5", "trend": "", "sentence": "Contracts are listed and dated.",
    "override_reason": "Read on paper at the client’s.", "override_until": str(TODAY + timedelta(92)),
}  # fmt: skip
RED = WELL | {
    "rag": "red", "sentence": "One contract renews by itself.", "ask": "A yes to leave it", "ask_of": "Cora",
    "ask_by": str(TODAY + timedelta(9)),
}  # fmt: skip


@pytest.fixture
def vendors(cast, stage):
    def read():
        stage.expire_all()
        return stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area.VEN)).one()

    return read


@pytest.fixture
def reviews(cast, stage):
    def read():
        stage.expire_all()
        return stage.scalars(select(Review).order_by(Review.id)).all()

    return read


def test_a_draft_is_the_teams(sign_in, cast, reviews, vendors):
    answer = sign_in(cast.tess).send(URL, version=0, **WELL)
    assert (answer.status_code, answer.location) == (303, URL)
    assert [(one.state, one.visibility, one.author_id) for one in reviews()] == [
        (ReviewState.DRAFT, Visibility.TEAM, cast.persons.tess.id)
    ]
    assert (vendors().confirmed, vendors().reviewed_on) == (None, None), "nothing is said to the client yet"


def test_a_colleague_goes_on_with_it_and_the_lead_publishes(sign_in, cast, reviews, vendors):
    sign_in(cast.tess).send(URL, version=0, **WELL)
    ben = sign_in(cast.ben)
    assert "Contracts are listed and dated." in ben.get(URL).get_data(as_text=True)
    answer = ben.send(f"{URL}/publication", version=reviews()[0].version, **WELL)
    assert (answer.status_code, len(reviews())) == (303, 1)
    one, row = reviews()[0], vendors()
    assert (one.state, one.visibility, one.published_on) == (ReviewState.PUBLISHED, Visibility.CLIENT, TODAY)
    assert (row.confirmed, row.maturity, row.trend) == (Rag.GREEN, Decimal("2.5"), Trend.STEADY)
    assert (row.sentence, row.reviewed_on) == ("Contracts are listed and dated.", TODAY)
    assert row.review_due == TODAY + timedelta(31), "where we lead, a month from today"


@pytest.mark.parametrize(("scope", "days"), [(Scope.LEAD, 31), (Scope.ADVISE, 92), (Scope.OVERSEE, 92)])
def test_the_next_review_by_scope(scope, days, sign_in, cast, stage, vendors):
    vendors().scope = scope
    stage.commit()
    sign_in(cast.ben).send(f"{URL}/publication", version=0, **WELL)
    assert vendors().review_due == TODAY + timedelta(days)


def test_red_asks(sign_in, cast, vendors, reviews, words):
    ben = sign_in(cast.ben)
    for name, sentence in (
        ("ask", "A red area asks for something: say what"), ("ask_of", "Say from whom you need it"),
        ("ask_by", "Say by when you need it"),
    ):  # fmt: skip
        answer = ben.send(f"{URL}/publication", version=0, **(RED | {name: ""}))
        assert (answer.status_code, sentence in words(answer)) == (422, True)
        assert "One contract renews by itself." in words(answer), "what was typed stays"
    assert (vendors().confirmed, reviews()) == (None, [])
    assert ben.send(f"{URL}/publication", version=0, **RED).status_code == 303
    assert (vendors().confirmed, vendors().ask, vendors().ask_by) == (
        Rag.RED, "A yes to leave it", TODAY + timedelta(9),
    )  # fmt: skip
    assert ben.send(f"{URL}/publication", version=0, **WELL).status_code == 303
    assert (vendors().confirmed, vendors().ask, vendors().ask_by) == (Rag.GREEN, "", None)


@pytest.mark.parametrize(
    ("but", "sentence"),
    [({"rag": None}, "Choose a status"), ({"rag": "blue"}, "Choose one of the list"), ({"maturity": "2.7"}, "Choose one of the list"),
     ({"sentence": ""}, "Say in one sentence what is going on"), ({"sentence": "x" * 501}, "500"), ({"ask_by": "tomorrow"}, "2026")],
)  # fmt: skip
def test_a_wrong_answer_is_said_beside_it(but, sentence, sign_in, cast, reviews, words):
    answer = sign_in(cast.ben).send(f"{URL}/publication", version=0, **(WELL | but))
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert reviews() == []


def test_who_may_say_it(sign_in, cast, reviews):
    for name, draft, publish in (
        ("tess", 303, 403), ("eve", 404, 404), ("finn", 404, 404), ("cora", 403, 403), ("vic", 403, 403), ("uma", 403, 403),
        ("abe", 403, 403),
    ):  # fmt: skip
        browser = sign_in(getattr(cast, name))
        assert browser.send(f"{URL}/publication", version=0, **WELL).status_code == publish, name
        assert browser.send(URL, version=0, **WELL).status_code == draft, name
    assert [one.state for one in reviews()] == [ReviewState.DRAFT]
    assert sign_in(cast.ada).send(f"{URL}/publication", version=1, **WELL).status_code == 303


def test_whoever_holds_the_area_publishes_it(sign_in, cast, stage, vendors, reviews):
    tess = sign_in(cast.tess)
    assert "Publish to the client" not in tess.get(URL).text
    vendors().holder_person_id = cast.persons.tess.id
    stage.commit()
    assert "Publish to the client" in tess.get(URL).text
    assert tess.send(f"{URL}/publication", version=0, **WELL).status_code == 303
    assert [one.state for one in reviews()] == [ReviewState.PUBLISHED]


def test_there_is_no_such_area(sign_in, cast):
    assert sign_in(cast.ben).get("/engagements/1/areas/gardening").status_code == 404
    assert sign_in(cast.ben).send("/engagements/1/areas/gardening", version=0, **WELL).status_code == 404


def test_twice_is_once(sign_in, cast, reviews):
    ben = sign_in(cast.ben)
    first, second = (ben.send(f"{URL}/publication?then=next", once="k", version=0, **WELL) for _ in range(2))
    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert first.location == "/engagements/1/areas/talent"
    assert len(reviews()) == 1


def test_the_next_area_in_scope_round_the_dial(sign_in, cast, stage):
    for row in stage.query(AreaScope).filter_by(engagement_id=1):
        row.scope = Scope.LEAD if row.area in {Area.STR, Area.VEN} else Scope.OUT
    stage.commit()
    ben = sign_in(cast.ben)
    assert ben.send(f"{URL}/publication?then=next", version=0, **WELL).location == "/engagements/1/areas/strategy"


def test_what_is_published_is_superseded_and_never_changed(sign_in, cast, stage, reviews, vendors):
    ben = sign_in(cast.ben)
    ben.send(f"{URL}/publication", version=0, **RED)
    ben.send(f"{URL}/publication", version=0, **(WELL | {"maturity": ""}))
    assert [(one.state, one.rag, one.sentence) for one in reviews()] == [
        (ReviewState.SUPERSEDED, Rag.RED, "One contract renews by itself."),
        (ReviewState.PUBLISHED, Rag.GREEN, "Contracts are listed and dated."),
    ]
    assert vendors().trend is Trend.IMPROVING
    assert vendors().maturity == Decimal("2.5"), "not judged again, so it stays"
    for one in reviews():
        with pytest.raises(Refused, match="is published; write a new one"):
            one.say(None)
        with pytest.raises(Refused, match="is published; write a new one"):
            one.publish(vendors(), at=clock.now(), on=TODAY, last=None)


@pytest.mark.parametrize("state", [EngagementState.DRAFT, EngagementState.CLOSED, EngagementState.CANCELLED])
def test_only_what_runs_is_judged(state, sign_in, cast, stage, reviews, words):
    stage.get(Engagement, 1).state = state
    stage.commit()
    answer = sign_in(cast.ada).send(f"{URL}/publication", version=0, **WELL)
    assert (answer.status_code, "that is for engagements that run" in words(answer)) == (409, True)
    assert reviews() == []
    assert 'name="sentence"' not in sign_in(cast.ada).get(URL).get_data(as_text=True)


def test_out_of_scope_is_not_judged(sign_in, cast, stage, vendors, reviews, words):
    row = vendors()
    row.scope, row.reason, row.holder_contact_id, row.holder_person_id = Scope.OUT, "Held by the owner", 1, None
    stage.commit()
    ben = sign_in(cast.ben)
    page = words(ben.get(URL))
    assert "Held by the owner" in page
    assert "At Northwind, Cora holds it." in page
    answer = ben.send(URL, version=0, **WELL)
    assert (answer.status_code, "Vendors is out of scope: nobody judges it" in words(answer)) == (409, True)
    assert reviews() == []


def test_somebody_was_faster(sign_in, cast, reviews, words):
    sign_in(cast.tess).send(URL, version=0, **WELL)
    answer = sign_in(cast.ben).send(URL, version=0, **(WELL | {"sentence": "Mine."}))
    assert answer.status_code == 409
    assert "Contracts are listed and dated." in words(answer), "what stands"
    assert "Mine." in words(answer), "and what was typed"
    assert [one.sentence for one in reviews()] == ["Contracts are listed and dated."]


def test_somebody_published_it_meanwhile(sign_in, cast, reviews, words):
    ben = sign_in(cast.ben)
    ben.send(URL, version=0, **WELL)
    opened = reviews()[0].version
    sign_in(cast.ada).send(f"{URL}/publication", version=opened, **WELL)
    answer = ben.send(URL, version=opened, **(WELL | {"sentence": "Mine."}))
    assert (answer.status_code, len(reviews())) == (409, 1)
    assert 'name="version" value="0"' in answer.get_data(as_text=True), "the next press begins a new draft"


def test_the_trend_against_whoever_spoke_last(sign_in, cast, stage, vendors):
    """Another engagement's word counts, also for those who may not read it."""
    people.engagement(
        stage, 3, 1, lead=cast.persons.finn, sponsor=cast.contacts.cora, title="Older", scope=Scope.ADVISE
    )
    at = clock.now() - timedelta(40)
    stage.add(Review(client_id=1, engagement_id=3, area=Area.VEN, state=ReviewState.PUBLISHED, rag=Rag.GREEN, sentence="Fine.",
                     published_at=at, published_on=at.date(), author_id=6, visibility=Visibility.CLIENT))  # fmt: skip
    stage.commit()
    ben = sign_in(cast.ben)
    assert "Fine." not in ben.get(URL).get_data(as_text=True)
    ben.send(f"{URL}/publication", version=0, **(WELL | {"rag": "amber"}))
    assert vendors().trend is Trend.WORSENING


@pytest.mark.parametrize(
    ("last", "rag", "trend"),
    [(None, "red", "steady"), ("red", "red", "steady"), ("red", "amber", "improving"), ("amber", "green", "improving"),
     ("green", "amber", "worsening"), ("green", "red", "worsening"), ("green", "green", "steady")],
)  # fmt: skip
def test_trends(last, rag, trend):
    assert trend_since(last and Rag(last), Rag(rag)) == trend


def test_levels_have_names_and_halves_lie_between():
    assert [level_name(Decimal(n)) for n in (0, 5)] == ["Absent", "Improving"]
    assert level_name(Decimal("2.5")) == "between Repeatable and Defined"


@pytest.mark.parametrize(
    "but", [{"ask": ""}, {"ask_of": ""}, {"ask_by": None}, {"sentence": ""}, {"visibility": Visibility.TEAM}]
)
def test_the_database_keeps_what_a_published_review_says(but, cast, stage):
    said = {
        "rag": Rag.RED,
        "sentence": "x",
        "ask": "x",
        "ask_of": "x",
        "ask_by": TODAY,
        "visibility": Visibility.CLIENT,
    } | but
    stage.add(Review(client_id=1, engagement_id=1, area=Area.VEN, state=ReviewState.PUBLISHED, published_at=clock.now(),
                     published_on=TODAY, author_id=2, **said))  # fmt: skip
    with pytest.raises(IntegrityError):
        stage.flush()
    stage.rollback()


def test_the_page_says_what_stands_and_what_the_evidence_says(sign_in, cast, words):
    ben = sign_in(cast.ben)
    empty = words(ben.get(URL))
    for sentence in (
        "Grey is not green: nobody has looked.",
        "Days since the last published review of this area, or since the start: 365",
        "We lead, held by Ben",
    ):
        assert sentence in empty, sentence
    ben.send(f"{URL}/publication", version=0, **RED)
    page = words(ben.get(URL))
    for sentence in (
        "One contract renews by itself.",
        "A yes to leave it, from Cora, by",
        MEANS[Rag.RED],
        "As before, 2.5",
    ):
        assert sentence in page, sentence
    assert "Ben published Vendors" in words(ben.get("/engagements/1/history"))


def test_the_trail_keeps_who_and_from_what_to_what(sign_in, cast, stage):
    sign_in(cast.ben).send(URL, version=0, **WELL)
    sign_in(cast.ada).send(f"{URL}/publication", version=1, **WELL)
    lines = stage.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "review").order_by(AuditEntry.id)).all()
    assert [(one.verb, one.person_id, one.from_state, one.to_state, one.open_to) for one in lines] == [
        ("review.draft", 2, None, "draft", "team"), ("review.publish", 1, "draft", "published", "client"),
    ]  # fmt: skip


def test_many_reviews_cost_no_more_statements(sign_in, cast, stage, statements):
    ben = sign_in(cast.ben)

    def publish(n):
        at = clock.now() - timedelta(n + 1)
        state = ReviewState.SUPERSEDED if n else ReviewState.PUBLISHED
        stage.add(Review(client_id=1, engagement_id=1, area=Area.VEN, state=state, rag=Rag.GREEN, sentence="Fine.", published_at=at,
                         published_on=at.date(), author_id=[2, 5][n % 2], visibility=Visibility.CLIENT))  # fmt: skip
        stage.commit()

    publish(0)
    ben.get(URL)
    with statements() as few:
        ben.get(URL)
    for n in range(1, 11):
        publish(n)
    with statements() as many:
        assert ben.get(URL).get_data(as_text=True).count("Fine.") >= 10
    assert len(many) == len(few) <= 12
    with statements() as writing:
        ben.send(f"{URL}/publication", version=0, **WELL)
    written = [one for one in writing if not one.lstrip().upper().startswith("SELECT")]
    assert len([one for one in written if "review_finding" not in one]) <= 9  # with its evidence
    assert len(written) <= 9 + 11, "and a line for each rule that was counted"


def test_after_the_team_is_over_one_reads_and_writes_no_more(sign_in, cast, stage):
    part = stage.query(Assignment).filter_by(engagement_id=1, person_id=5).one()
    part.ends = TODAY - timedelta(3)
    stage.commit()
    tess = sign_in(cast.tess)
    assert (tess.get(URL).status_code, tess.send(URL, version=0, **WELL).status_code) == (200, 403)
