"""F10 from rows: what counts as a contact, as good work on an area, as commercial; for each reader the same; and cheap."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select

from crm.areas.strategy.models import Initiative, InitiativeStatus
from crm.clients.models import Activity, ActivityKind
from crm.core import clock
from crm.core.ownership import Visibility
from crm.core.twelve import Area, Scope
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Pause, Terms
from crm.engagements.people import Assignment
from crm.engagements.scopes import AreaScope, Rag, Trend
from crm.engagements.states import EngagementState, PriceKind
from crm.evidence.models import RuleLimit
from crm.health.formulas import Cause
from crm.health.queries import healths
from crm.health.reasons import reasons
from crm.timelog.models import TimeEntry, TimeKind
from tests.cast import TODAY, engagement
from tests.health.well import make_well, met

DAY = timedelta(1)
ON = {"client_id": 1, "engagement_id": 1}


@pytest.fixture(autouse=True)
def well(stage, cast):
    make_well(stage, cast)


@pytest.fixture
def judged(see, cast):
    def of(who=None, engagement_id=1):
        with see(who or cast.ada):
            return healths(TODAY).get(engagement_id)

    return of


def area(stage, code, **changes):
    row = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == code)).one()
    for name, value in changes.items():
        setattr(row, name, value)
    stage.commit()


def owe(stage, number, state, due, sent=None, **more):
    lead = stage.scalars(select(Assignment).where(Assignment.engagement_id == 1, Assignment.person_id == 2)).one()
    stage.add(Deliverable(id=number, number=number, title="Exit plan", area=Area.VEN, state=state, assignment_id=lead.id,
                          baseline_due=due, due=due, **ON, **{"estimate": 2, **more}))  # fmt: skip
    stage.flush()
    if sent:
        stage.add(DeliverableVersion(deliverable_id=number, number=1, state=state, text="x", submitted_at=sent, submitted_by_id=2,
                                     decided_at=sent, visibility="client", **ON))  # fmt: skip
    stage.commit()


def test_work_that_is_well_looked_after(judged):
    found = judged()
    assert found.health.parts == (100, 100, 100, 75)
    assert (found.health.score, found.health.verdict, reasons(found)) == (95, Rag.GREEN, [])


def test_what_is_a_sponsor_contact(judged, stage, cast):
    stage.query(Activity).filter_by(client_id=1).one().happened_on = TODAY - 40 * DAY
    stage.commit()
    assert judged().work.contact_days == 40
    met(stage, 1, cast.contacts.cora.id, TODAY, kind=ActivityKind.MAIL)
    met(stage, 1, cast.contacts.cora.id, TODAY, visibility=Visibility.TEAM)
    met(stage, 1, cast.contacts.vic.id, TODAY)
    met(stage, 1, cast.contacts.cora.id, TODAY + DAY)
    assert judged().work.contact_days == 40, "no mail, no note among us, nobody else, nothing to come"
    met(stage, 1, cast.contacts.cora.id, TODAY - 5 * DAY, kind=ActivityKind.VISIT)
    assert judged().work.contact_days == 5


def test_without_a_contact_the_days_count_from_the_start_and_stand_still_in_a_pause(judged, stage):
    stage.query(Activity).filter_by(client_id=1).one().happened_on = TODAY - 500 * DAY
    stage.commit()
    assert judged().health.forced_by == (Cause.CONTACT,)
    (why,) = reasons(judged())
    assert (why.forces, why.href) == (Rag.RED, "/clients/1/activity")
    assert why.text == "No call, meeting or visit with the sponsor for 365 days"
    stage.add(Pause(begins=TODAY - 30 * DAY, until=TODAY - 21 * DAY, **ON))
    stage.commit()
    assert judged().work.contact_days == 355


def test_an_area_is_good_by_its_review_and_by_what_is_done(judged, stage):
    area(stage, Area.SEC, reviewed_on=TODAY - 46 * DAY)
    area(stage, Area.VEN, confirmed=Rag.RED)
    area(stage, Area.BUD, confirmed=Rag.RED, trend=Trend.WORSENING)
    area(stage, Area.TAL, scope=Scope.OUT, confirmed=Rag.RED, reason="x", reviewed_on=None)
    found = judged()
    assert [one.area for one in found.work.areas if not one.is_good] == [Area.SEC, Area.BUD, Area.VEN]
    assert found.health.progress == Fraction(800, 11)
    assert [one.href for one in reasons(found)] == [
        f"/engagements/1/areas/{slug}" for slug in ("security", "budget", "vendors")
    ]
    owe(stage, 7, State.PROPOSED, None, estimate=None)
    assert not judged().work.areas[5].is_worked_on, "only proposed"
    for served in (Area.VEN, Area.BUD):
        stage.add(Initiative(client_id=1, area=Area.STR, made_at=clock.now(), changed_at=clock.now(), title="x", departments=["sales"],
                             status=InitiativeStatus.APPROVED, serves_area=served))  # fmt: skip
    stage.commit()
    assert [one.area for one in judged().work.areas if not one.is_good] == [Area.SEC, Area.BUD], "that one gets worse"
    stage.add(RuleLimit(rule="X1", amber=20, red=3))
    stage.commit()
    assert [one.area for one in judged().work.areas if not one.is_good] == [Area.BUD], "the practice's own limit of X1"


def test_delivery_is_f11_and_a_month_late_is_at_best_amber(judged, stage):
    owe(stage, 7, State.ACCEPTED, TODAY - 9 * DAY, sent=clock.now() - 12 * DAY, accepted_on=TODAY - 8 * DAY)
    assert judged().health.delivery == 100
    owe(stage, 8, State.PLANNED, TODAY - 31 * DAY)
    found = judged()
    assert (found.health.delivery, found.health.forced_by) == (50, (Cause.LATE,))
    assert [(one.text, one.href) for one in reasons(found)] == [
        ("DEL-008 Exit plan is more than 30 days late", "/deliverables/8"),
        ("1 of 2 deliverables due in the last 90 days went out in time", "/engagements/1/deliverables"),
    ]
    stage.add(Pause(begins=TODAY - 20 * DAY, until=TODAY - 19 * DAY, **ON))
    stage.commit()
    assert judged().health.forced_by == (), "its clock stood still"


def test_a_budget_is_judged_alike_for_whoever_may_not_read_it(judged, stage, cast):
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == 1)).one()
    terms.price_kind, terms.amount, terms.budget_days = PriceKind.FIXED_PRICE, 900_000, Decimal(5)
    owe(stage, 7, State.IN_PROGRESS, TODAY + DAY, estimate=4)
    for minutes in (450, 450):
        stage.add(TimeEntry(person_id=2, worked_on=TODAY, minutes=minutes, area=Area.VEN, kind=TimeKind.BILLABLE,
                            deliverable_id=7, logged_at=clock.now(), **ON))  # fmt: skip
    stage.add(TimeEntry(person_id=2, worked_on=TODAY, minutes=675, area=Area.VEN, logged_at=clock.now(), **ON))
    stage.commit()
    said = [judged(who) for who in (cast.ada, cast.ben, cast.tess)]
    assert [float(one.forecast.eac) for one in said] == [5.5] * 3  # 3.5 days done, 2 of 4 to do
    assert {one.health.commercial for one in said} == {50}, "10 % above: amber"
    assert reasons(said[2])[0].text == "More days will be needed than were agreed", "no sum and no number of days"


def test_drafts_and_what_is_over_have_no_health_and_walls_hold(judged, stage, cast):
    assert judged(cast.ben, 2) is None, "another's"
    assert judged(cast.eve) is None
    made = engagement(
        stage, 3, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="x", state=EngagementState.DRAFT
    )
    stage.commit()
    assert judged(engagement_id=made.id) is None


def test_twenty_cost_as_much_as_one(see, cast, stage, statements):
    with see(cast.ada), statements() as few:
        healths(TODAY)
    for n in range(20):
        engagement(stage, 50 + n, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="x")
    stage.commit()
    with see(cast.ada), statements() as many:
        assert len(healths(TODAY)) == 22
    assert len(few) == len(many) <= 5
