"""A run is begun, finished or set aside; what the client reads of it; two runs; and what an engagement takes over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from crm.audit.models import AuditEntry
from crm.core.ownership import Visibility
from crm.core.twelve import Area, Scope
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementState
from crm.maturity.models import Answer, AssessedLevel, Assessment, AssessmentState, Purpose
from crm.maturity.queries import latest_levels
from crm.maturity.questions import chapters
from tests.cast import TODAY, YEAR

NEW = "/clients/1/maturity/new"
WELL = {"title": "Baseline", "purpose": "baseline", "engagement_id": "1", "began_on": TODAY.isoformat()}


@pytest.fixture
def runs(stage):
    def read():
        stage.expire_all()
        return stage.scalars(select(Assessment).order_by(Assessment.id)).all()

    return read


@pytest.fixture
def finished(cast, stage, run, answer_all, sign_in):
    """Northwind's baseline, finished: everything at its best but vendors, whose first answer is the worst."""
    answer_all(run, VEN_Q1=0)
    assert sign_in(cast.ben).send("/assessments/1/finish").status_code == 303
    stage.expire_all()
    return run


@pytest.fixture
def later(cast, stage, finished, answer_all, sign_in):
    """A second run, half a year on, in which vendors came on and security fell."""
    stage.execute(update(Assessment).values(began_on=TODAY - YEAR, finished_on=TODAY - YEAR))
    second = Assessment(client_id=1, title="Half a year on", purpose=Purpose.OTHER, began_on=TODAY, begun_by_id=2)
    stage.add(second)
    stage.commit()
    answer_all(second, VEN_Q1=3, SEC_Q1=0)
    assert sign_in(cast.ben).send(f"/assessments/{second.id}/finish").status_code == 303
    stage.expire_all()
    return second


def test_it_begins_and_leads_to_the_first_area(sign_in, cast, runs, words):
    ben = sign_in(cast.ben)
    assert 'value="Baseline"' in ben.get(NEW).get_data(as_text=True), "the first one is a baseline"
    for _ in range(2):
        answer = ben.send(NEW, once="k", **WELL)
        (begun,) = runs()
        assert (answer.status_code, answer.location) == (303, f"/assessments/{begun.id}/areas/strategy")
    assert (begun.state, begun.visibility, begun.engagement_id, begun.begun_by_id) == ("open", Visibility.TEAM, 1, 2)


def test_a_baseline_for_a_prospect_has_no_engagement(sign_in, cast, stage, runs):
    """Umbra's engagement is called off: nobody but a partner sees it now, and a partner takes the baseline."""
    stage.execute(update(Engagement).where(Engagement.id == 2).values(state=EngagementState.CANCELLED))
    stage.execute(update(Assignment).where(Assignment.engagement_id == 2).values(ends=TODAY - timedelta(40)))
    stage.commit()
    typed = WELL | {"engagement_id": ""}
    assert sign_in(cast.finn).send("/clients/2/maturity/new", **typed).status_code == 404
    assert sign_in(cast.ada).send("/clients/2/maturity/new", **typed).status_code == 303
    assert runs()[0].engagement_id is None


def test_one_at_a_time(sign_in, cast, run, runs, words):
    refused = sign_in(cast.ben).send(NEW, **WELL | {"title": "Again"})
    assert refused.status_code == 409
    assert "Baseline is still open. Finish it or set it aside" in words(refused)
    assert len(runs()) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("title", "", "Give it a name"), ("purpose", "", "Choose why"), ("purpose", "no", "Choose one of the list"),
     ("engagement_id", "2", "Choose one of the list"), ("began_on", str(TODAY + timedelta(1)), "Choose today or an earlier day")],
)  # fmt: skip
def test_a_bad_beginning(field, typed, said, sign_in, cast, runs, words):
    refused = sign_in(cast.ben).send(NEW, **WELL | {field: typed})
    assert (refused.status_code, runs()) == (422, [])
    assert said in words(refused)
    assert "Baseline" in refused.get_data(as_text=True) or field == "title"


@pytest.mark.parametrize(("who", "code"), [("tess", 303), ("ada", 303), ("eve", 404), ("finn", 404), ("cora", 403)])
def test_who_begins(who, code, sign_in, cast):
    assert sign_in(getattr(cast, who)).send(NEW, **WELL).status_code == code


def test_its_name_is_put_right(sign_in, cast, run, runs):
    ben = sign_in(cast.ben)
    assert 'value="Baseline"' in ben.get("/assessments/1/edit").get_data(as_text=True)
    assert ben.send("/assessments/1/edit", **WELL | {"title": "First look", "engagement_id": ""}).status_code == 303
    assert (runs()[0].title, runs()[0].engagement_id) == ("First look", None)
    assert sign_in(cast.tess).send("/assessments/1/edit", **WELL).status_code == 409, "Tess saw what it was before"


def test_finishing_keeps_the_levels_for_good(sign_in, cast, finished, stage, words):
    levels = {one.area: one for one in stage.scalars(select(AssessedLevel))}
    assert (finished.state, finished.finished_on, finished.visibility) == ("finished", TODAY, Visibility.CLIENT)
    assert len(levels) == 12
    assert (levels[Area.VEN].level, levels[Area.VEN].lowest, levels[Area.VEN].points) == (Decimal(2), 0, 30)
    page = words(sign_in(cast.ben).get("/assessments/1"))
    assert "57 of 60. Lowest is Vendors at 2." in page
    assert "It holds the area down to 2.0" in page
    assert sign_in(cast.ben).send("/assessments/1/edit", version=finished.version, **WELL).status_code == 409
    assert sign_in(cast.ben).send("/assessments/1/finish", version=finished.version).status_code == 409


@pytest.mark.parametrize(
    ("who", "code"), [("ben", 303), ("ada", 303), ("tess", 403), ("eve", 404), ("finn", 404), ("cora", 403)]
)
def test_the_lead_finishes_it_and_sets_it_aside(who, code, sign_in, cast, run, answer_all, runs):
    """The client reads the levels from then on, so it is the lead's or a partner's to say so."""
    answer_all(run)
    browser = sign_in(getattr(cast, who))
    assert browser.send("/assessments/1/finish").status_code == code
    assert (runs()[0].state is AssessmentState.FINISHED) == (code == 303)
    if code == 403:
        assert browser.send("/assessments/1/aside", reason="No").status_code == code


def test_nothing_answered_cannot_be_finished(sign_in, cast, run, words):
    refused = sign_in(cast.ben).send("/assessments/1/finish")
    assert refused.status_code == 409
    assert "Nothing is answered yet" in words(refused)


def test_an_area_nobody_was_asked_about_has_no_level(sign_in, cast, run, stage):
    for n, score in enumerate((3, 3, 4, 2), 1):
        stage.add(
            Answer(
                client_id=1, assessment_id=1, question=f"VEN-Q{n}", score=score, written_by_id=2, written_at=run_at()
            )
        )
    stage.commit()
    sign_in(cast.ben).send("/assessments/1/finish")
    stage.expire_all()
    (level,) = stage.scalars(select(AssessedLevel))
    assert (level.area, level.level, level.is_provisional) == (Area.VEN, Decimal(3), True)


def run_at():
    from crm.core import clock

    return clock.now()


def test_set_aside_with_a_reason_makes_room_for_another(sign_in, cast, run, runs, words):
    ben = sign_in(cast.ben)
    assert ben.get("/assessments/1/aside").status_code == 200
    assert ben.send("/assessments/1/aside", reason="").status_code == 422
    assert ben.send("/assessments/1/aside", reason="They reorganise").status_code == 303
    assert "They reorganise" in words(ben.get("/assessments/1"))
    assert ben.send(NEW, **WELL).status_code == 303
    assert [one.state.value for one in runs()] == ["set_aside", "open"]


def test_what_the_client_reads(see, cast, later, stage):
    """Finished runs and their levels; never an answer, a comment, or a run that is still open."""
    stage.add(Assessment(client_id=1, title="Third", purpose=Purpose.OTHER, began_on=TODAY, begun_by_id=2))
    stage.commit()
    for who in ("cora", "vic"):
        with see(getattr(cast, who)) as session:
            assert session.scalars(select(Assessment.title).order_by(Assessment.id)).all() == [
                "Baseline",
                "Half a year on",
            ]
            assert session.scalars(select(Answer)).all() == []
            found = latest_levels(1)
            assert found[Area.VEN] == (Decimal("4.5"), TODAY, False)
            assert found[Area.SEC] == (Decimal(2), TODAY, False)
    with see(cast.uma):
        assert latest_levels(1) == {}


def test_the_latest_level_of_an_area_is_from_whichever_run_asked_it(see, cast, finished, stage):
    stage.execute(update(Assessment).values(began_on=TODAY - YEAR, finished_on=TODAY - YEAR))
    stage.add(Assessment(id=9, client_id=1, title="Vendors alone", purpose=Purpose.OTHER, began_on=TODAY, finished_on=TODAY, begun_by_id=2,
                         state=AssessmentState.FINISHED, visibility=Visibility.CLIENT))  # fmt: skip
    stage.flush()
    stage.add(AssessedLevel(client_id=1, assessment_id=9, area=Area.VEN, level=Decimal("3.5"), lowest=2, points=7, answered=2, questions=7,
                            visibility=Visibility.CLIENT))  # fmt: skip
    stage.commit()
    with see(cast.ben):
        found = latest_levels(1)
    assert found[Area.VEN] == (Decimal("3.5"), TODAY, True)
    assert found[Area.SEC] == (Decimal(5), TODAY - YEAR, False)


def test_then_and_now(sign_in, cast, later, words):
    ben = sign_in(cast.ben)
    page = words(ben.get(f"/assessments/{later.id}/comparison"))
    assert "From 57 to 56.5 of 60: 1 area is better, 1 is worse. Vendors won most, 2.5 levels." in page
    assert "2 questions" in page
    assert ben.get(f"/assessments/1/comparison?with={later.id}").status_code == 200
    assert ben.get("/assessments/1/comparison?with=77").status_code == 404
    assert "Then and now" in (tab := words(ben.get("/clients/1/maturity")))
    assert "56.5 of 60. Lowest" in tab, "the answer stands under the title"


def test_nothing_to_compare_yet(sign_in, cast, finished, words):
    assert "Nothing to compare yet" in words(sign_in(cast.ben).get("/assessments/1/comparison"))


def test_an_open_run_is_not_compared(sign_in, cast, run):
    assert sign_in(cast.ben).get("/assessments/1/comparison").status_code == 404


def test_the_answers_as_csv(sign_in, cast, finished):
    lines = sign_in(cast.ben).get("/assessments/1/answers.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 86
    assert next(line for line in lines if "VEN-Q1" in line).startswith("Vendor and Partnership Management,2,no,VEN-Q1,")


# What an engagement takes over

TAKE = "/engagements/1/maturity"


@pytest.fixture
def scopes(stage):
    def read():
        stage.expire_all()
        return {one.area: one for one in stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1))}

    return read


def test_levels_are_taken_over_where_somebody_says_so(sign_in, cast, finished, scopes, stage, words):
    ben = sign_in(cast.ben)
    page = ben.get(TAKE).get_data(as_text=True)
    assert 'name="areas" value="VEN" checked' in page, "news is offered"
    for _ in range(2):
        assert ben.send(TAKE, once="k", areas=["VEN", "SEC"]).status_code == 303
    assert (scopes()[Area.VEN].maturity, scopes()[Area.SEC].maturity, scopes()[Area.STR].maturity) == (2, 5, None)
    told = stage.scalars(select(AuditEntry).where(AuditEntry.verb == "scope.adopt")).one()
    assert (told.subject_kind, told.engagement_id) == ("engagement", 1)
    assert "Vendors: –, now 2" in words(ben.get("/engagements/1/history"))
    looks = chapters()[Area.VEN].levels[2]
    assert f"Repeatable: {looks}" in words(ben.get(TAKE)), "what the level looks like in this area"
    for page in ("/engagements/1/areas/vendors", "/engagements/1/review/vendors"):
        assert f"2 Repeatable {looks}" in words(ben.get(page)), "and where the next level is chosen"


def test_what_a_review_said_since_is_not_offered_unasked(sign_in, cast, later, stage):
    row = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area.VEN)).one()
    row.maturity, row.reviewed_on = Decimal(4), TODAY + timedelta(1)
    stage.commit()
    page = sign_in(cast.ben).get(TAKE).get_data(as_text=True)
    assert 'name="areas" value="VEN">' in page
    assert 'name="areas" value="SEC" checked' in page


@pytest.mark.parametrize(("who", "code"), [("ada", 303), ("tess", 403), ("eve", 404), ("finn", 404), ("cora", 403)])
def test_who_takes_them_over(who, code, sign_in, cast, finished, scopes):
    assert sign_in(getattr(cast, who)).send(TAKE, areas="VEN").status_code == code
    assert (scopes()[Area.VEN].maturity == 2) == (code == 303)


def test_nothing_chosen_out_of_scope_or_too_late(sign_in, cast, finished, scopes, stage, words):
    ben = sign_in(cast.ben)
    assert ben.send(TAKE).status_code == 422
    stage.execute(update(AreaScope).where(AreaScope.area == Area.VEN).values(scope=Scope.OUT, holder_person_id=None))
    stage.commit()
    assert ben.send(TAKE, areas="VEN").status_code == 422
    stage.execute(update(Engagement).where(Engagement.id == 1).values(state=EngagementState.CLOSED))
    stage.commit()
    assert ben.send(TAKE, areas="SEC").status_code == 409
    assert scopes()[Area.SEC].maturity is None


def test_pages_cost_as_much_for_many_answers_as_for_few(sign_in, cast, run, answer_all, later_pages, statements):
    ben = sign_in(cast.ben)
    few = {}
    for page in later_pages:
        with statements() as seen:
            assert ben.get(page).status_code == 200
        few[page] = len(seen)
    answer_all(run)
    for page in later_pages:
        with statements() as seen:
            ben.get(page)
        assert len(seen) == few[page] <= 12, (page, "\n".join(seen))


@pytest.fixture
def later_pages():
    return ("/assessments/1", "/assessments/1/answers.csv", "/clients/1/maturity", "/engagements/1/maturity", NEW)


def test_two_runs_beside_each_other_cost_twelve(sign_in, cast, later, statements):
    ben = sign_in(cast.ben)
    for page in (f"/assessments/{later.id}/comparison", f"/assessments/{later.id}", "/clients/1/maturity", TAKE):
        with statements() as seen:
            assert ben.get(page).status_code == 200
        assert len(seen) <= 12, (page, "\n".join(seen))


def test_a_review_begins_from_what_was_assessed(sign_in, cast, finished, stage, words):
    ben = sign_in(cast.ben)
    page = ben.get("/engagements/1/review/vendors")
    assert '<option value="2" selected>' in page.get_data(as_text=True)
    assert "Assessed 2.0 on" in words(page)
    row = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == Area.VEN)).one()
    row.maturity, row.reviewed_on = Decimal(4), TODAY + timedelta(1)
    stage.commit()
    page = ben.get("/engagements/1/review/vendors")
    assert '<option value="2" selected>' not in page.get_data(as_text=True), "a review said otherwise since"
    assert "Assessed 2.0 on" in words(page)
    assert "What was assessed" in words(ben.get("/engagements/1/areas/vendors"))


def test_from_the_engagement_one_begins_and_goes_on(sign_in, cast, runs, words):
    ben = sign_in(cast.ben)
    assert f"{NEW}?engagement=1" in ben.get(TAKE).get_data(as_text=True)
    assert '<option value="1" selected>' in ben.get(f"{NEW}?engagement=1").get_data(as_text=True)
    ben.send(NEW, **WELL)
    assert "Go on with Baseline" in words(ben.get(TAKE))


# What the client reads of it


def test_the_client_reads_how_far_they_have_come(sign_in, cast, later, words, statements):
    for who in (cast.cora, cast.vic):
        page = words(sign_in(who).get("/portal/progress"))
        assert "Stronger in 1 areas, weaker in 1" not in page
        assert "Stronger in one area, weaker in one" in page
        assert "that was 57 of 60, and is 56.5 now" in page
        assert "aturity" not in page
    with statements() as seen:
        sign_in(cast.cora).get("/portal/progress")
    assert len(seen) <= 12
    assert "how far you have come" in words(sign_in(cast.cora).get("/portal"))


def test_the_client_reads_nothing_of_an_open_run_or_of_others(sign_in, cast, finished, stage, words):
    assert "This is where you begin" in words(sign_in(cast.cora).get("/portal/progress"))
    assert "Not asked yet" in words(sign_in(cast.uma).get("/portal/progress"))
    assert sign_in(cast.ben).get("/portal/progress").status_code == 403
