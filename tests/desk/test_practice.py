"""The partner's first screen: who is over, who is free, which engagements are red or late, what is coming."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from crm.clients.models import Activity, Wall
from crm.core.clock import now
from crm.core.twelve import Area, Scope
from crm.core.words import day_month
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement, Pause
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.engagements.scopes import AreaScope, Rag
from crm.engagements.states import EngagementModel, EngagementState
from crm.people.models import Leave, LeaveStatus, WorkingPattern
from crm.timelog.models import TimeEntry, TimeNote
from tests.cast import TODAY, engagement
from tests.health.well import make_well

DAY = timedelta(1)
ON = {"client_id": 1, "engagement_id": 1}


@pytest.fixture(autouse=True)
def in_good_health(request):
    """The work of the cast is well looked after, so that each story is about its own trouble."""
    if "cast" in request.fixturenames:
        make_well(request.getfixturevalue("stage"), request.getfixturevalue("cast"))


def page(browser):
    answer = browser.get("/practice")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def headline(text):
    return re.search(r'class="head-sub">(.*?)</p>', text)[1]


def part(text, title):
    """One section of the page, as text."""
    found = re.search(rf"<section[^>]*>(?:(?!</section>).)*?<h2[^>]*>{title}</h2>.*?</section>", text, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def scope(stage, area, **changes):
    row = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.area == area)).one()
    for name, value in changes.items():
        setattr(row, name, value)
    stage.commit()


def owed(stage, number, state, due, **more):
    lead = stage.scalars(select(Assignment).where(Assignment.engagement_id == 1, Assignment.person_id == 2)).one()
    stage.add(Deliverable(id=number, number=number, title="Exit plan", area=Area.VEN, state=state, assignment_id=lead.id, estimate=2,
                          baseline_due=due, due=due, **ON, **more))  # fmt: skip
    stage.commit()


def test_a_quiet_practice_says_so(cast, sign_in):
    text = page(sign_in(cast.ada))
    assert headline(text).endswith("None of two engagements is red, amber or late.")
    assert "The health of each is green" in part(text, "Engagements to look at")
    assert "Nothing ends" in part(text, "Coming")


def test_who_is_over_and_who_is_free_at_one_look(cast, sign_in, stage):
    for pattern in stage.scalars(select(WorkingPattern)):
        pattern.region = "XX"
    his = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    his.days_a_month = 20
    stage.commit()
    text = page(sign_in(cast.ada))
    assert headline(text).startswith("Ben is over in all of the next six weeks. Eve, Finn and Tess have the most room.")
    six = part(text, "Next six weeks")
    assert "Ben Over in 6 of 6 weeks" in six
    assert "days too many" in six
    assert six.index("Ben") < six.index("Finn")
    assert re.search(r"Eve 24\.0 days free", six)


def test_a_client_in_the_red_with_work_in_hand_is_no_fault_of_ours(cast, sign_in, stage):
    scope(stage, Area.VEN, confirmed=Rag.RED, ask="Approve 46,000 more")
    owed(stage, 7, State.IN_PROGRESS, TODAY + DAY)
    text = page(sign_in(cast.ada))
    look = part(text, "Engagements to look at")
    assert "Vendors is red: Approve 46,000 more" in look
    assert "Health: G Green 95" in look
    assert headline(text).endswith("None of two engagements is red, amber or late.")


def test_a_red_area_stands_first_with_its_ask(cast, sign_in, stage):
    scope(stage, Area.VEN, confirmed=Rag.RED, ask="Approve 46,000 more", ask_by=TODAY + 9 * DAY)
    owed(stage, 7, State.IN_PROGRESS, TODAY - 9 * DAY)
    text = page(sign_in(cast.ada))
    look = part(text, "Engagements to look at")
    assert (
        f"Vendors is red: Approve 46,000 more, by {day_month(TODAY + 9 * DAY)} DEL-007 Exit plan: 9 days overdue"
        in look
    )
    assert look.endswith("1 red area, 1 late")
    assert headline(text).endswith("One of two engagements is amber, one has late deliverables."), (
        "nothing due went out in time"
    )
    assert 'href="/engagements/1/areas/vendors"' in text
    assert 'href="/deliverables/7"' in text
    assert 'aria-label="1 red, 11 not reviewed"' in text, "the ring says it in words"


def test_late_alone(cast, sign_in, stage):
    owed(stage, 7, State.PLANNED, TODAY - DAY)
    text = page(sign_in(cast.ada))
    assert headline(text).endswith("One of two engagements is amber, one has late deliverables.")
    assert "1 day overdue" in part(text, "Engagements to look at")


def test_the_clients_silence_and_an_overdue_review(cast, sign_in, stage):
    owed(stage, 8, State.SUBMITTED, TODAY - 20 * DAY, visibility="client")
    stage.add(DeliverableVersion(deliverable_id=8, number=1, state=State.SUBMITTED, text="x", submitted_at=now(), submitted_by_id=2,
                                 answer_by=TODAY - 3 * DAY, visibility="client", **ON))  # fmt: skip
    scope(stage, Area.SEC, review_due=TODAY - 5 * DAY)
    scope(stage, Area.BUD, review_due=TODAY - 2 * DAY)
    look = part(page(sign_in(cast.ada)), "Engagements to look at")
    assert "DEL-008 Exit plan: the client’s answer is 3 days overdue" in look
    assert "2 areas are due for review, Security 5 days overdue" in look


def test_the_worst_health_stands_first(cast, sign_in, stage):
    make_well(stage, cast, reviewed_on=TODAY - 60 * DAY, engagements=[1])
    lost = stage.scalars(select(Activity).where(Activity.client_id == 2)).one()
    lost.happened_on = TODAY - 60 * DAY
    stage.commit()
    text = page(sign_in(cast.ada))
    look = part(text, "Engagements to look at")
    assert look.index("Umbra") < look.index("Northwind"), "red before amber, though its score is the better one"
    assert "The last call, meeting or visit with the sponsor was 60 days ago" in look
    assert "12 areas have no fresh review, Strategy among them" in look
    assert "Health: R Red 85" in look
    assert 'href="/clients/2/activity"' in text
    assert 'href="/engagements/1/review"' in text


def test_nobody_leads(cast, sign_in, stage):
    lead = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    lead.status, lead.ends = Status.ENDED, TODAY - DAY
    stage.commit()
    text = page(sign_in(cast.ada))
    assert "Nobody leads it today" in part(text, "Engagements to look at")
    assert "Health: A Amber 95" in part(text, "Engagements to look at")
    assert headline(text).endswith("One of two engagements is amber.")


def test_the_mentor_leads_a_mentoring_engagement(cast, sign_in, stage):
    stage.get(Engagement, 1).model = EngagementModel.MENTORING
    lead = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    lead.role = AssignmentRole.MENTOR
    stage.commit()
    assert "Nobody leads" not in page(sign_in(cast.ada))


@pytest.mark.parametrize("calm", ["out", "paused", "accepted", "future"])
def test_what_is_no_trouble(calm, cast, sign_in, stage):
    if calm == "out":
        scope(stage, Area.SEC, scope=Scope.OUT, confirmed=Rag.RED, review_due=TODAY - DAY, reason="x")
    elif calm == "paused":
        stage.get(Engagement, 1).state = EngagementState.PAUSED
        stage.add(Pause(begins=TODAY - 9 * DAY, until=TODAY, **ON))
        scope(stage, Area.SEC, review_due=TODAY - DAY)
        owed(stage, 7, State.IN_PROGRESS, TODAY - DAY)
    elif calm == "accepted":
        owed(stage, 7, State.IN_PROGRESS, TODAY - DAY, accepted_on=TODAY - 30 * DAY)
        then = now() - 30 * DAY
        stage.add(DeliverableVersion(deliverable_id=7, number=1, state=State.ACCEPTED, text="x", submitted_at=then, submitted_by_id=2,
                                     decided_at=then, visibility="client", **ON))  # fmt: skip
        stage.commit()
    else:
        scope(stage, Area.SEC, review_due=TODAY)
        owed(stage, 7, State.IN_PROGRESS, TODAY)
    assert "The health of each is green" in page(sign_in(cast.ada))


def test_what_is_coming_in_the_order_of_its_days(cast, sign_in, stage):
    north, umbra = stage.get(Engagement, 1), stage.get(Engagement, 2)
    north.ends, north.state = TODAY + 40 * DAY, EngagementState.CLOSING
    umbra.ends, umbra.notice_days = TODAY + 100 * DAY, 90
    draft = engagement(
        stage, 3, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="Mentoring", state=EngagementState.DRAFT
    )
    draft.starts = TODAY + 20 * DAY
    stage.add(Leave(person_id=2, begins=TODAY + 30 * DAY, ends=TODAY + 34 * DAY, status=LeaveStatus.ASKED))
    stage.commit()
    text = page(sign_in(cast.ada))
    coming = part(text, "Coming")
    said = ("is the last day for notice", "begins; activate it before", "asks for leave", "ends; it is closing")
    assert sorted(said, key=coming.index) == list(said)
    assert f"Ben asks for leave to {day_month(TODAY + 34 * DAY)}" in coming


def test_what_should_have_happened_is_marked(cast, sign_in, stage):
    stage.get(Engagement, 1).ends = TODAY - DAY
    draft = engagement(
        stage, 3, 1, lead=cast.persons.ben, sponsor=cast.contacts.cora, title="Mentoring", state=EngagementState.DRAFT
    )
    draft.starts = TODAY - DAY
    stage.commit()
    coming = part(page(sign_in(cast.ada)), "Coming")
    assert "has ended; close it or extend it" in coming
    assert "should have begun; activate it or cancel it" in coming


def test_notice_that_was_given_is_not_coming(cast, sign_in, stage):
    umbra = stage.get(Engagement, 2)
    umbra.ends, umbra.notice_days, umbra.notice_given_on = TODAY + 100 * DAY, 90, TODAY
    stage.commit()
    assert "last day for notice" not in page(sign_in(cast.ada))


def test_time_outside_the_dates_is_shown_with_its_reason(cast, sign_in, stage):
    entry = TimeEntry(person_id=2, worked_on=TODAY, minutes=90, area=Area.SEC, outside=True, logged_at=now(), **ON)
    stage.add(entry)
    stage.flush()
    stage.add(TimeNote(person_id=2, entry_id=entry.id, reason="The handover took a day more", **ON))
    stage.commit()
    outside = part(page(sign_in(cast.ada)), "Logged outside the dates")
    assert "Ben for Northwind" in outside
    assert "1 h 30 min The handover took a day more" in outside


def test_a_walled_client_does_not_exist(cast, sign_in, stage):
    scope(stage, Area.VEN, confirmed=Rag.RED, ask="Approve", ask_by=TODAY)
    stage.add(Wall(client_id=1, person_id=cast.persons.ada.id))
    stage.commit()
    text = page(sign_in(cast.ada))
    assert "Northwind" not in text
    assert "None of one engagement is red, amber or late." in text


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("ben", 403), ("abe", 403), ("cora", 403), ("vic", 403)])
def test_who_enters(who, status, cast, sign_in):
    assert sign_in(getattr(cast, who)).get("/practice").status_code == status


def test_a_partner_lands_here(cast, sign_in):
    assert sign_in(cast.ada).get("/").location == "/practice"


def test_a_large_practice_asks_no_more(world, sign_in, stage, statements):
    browser = sign_in(world.ada)
    scope(stage, Area.VEN, confirmed=Rag.RED, ask="x")
    with statements() as few:
        page(browser)
    for n in range(40):
        made = engagement(
            stage, 100 + n, 1, lead=world.persons.ben, sponsor=world.contacts.cora, title=f"No {n}", scope=Scope.ADVISE
        )
        for row in stage.scalars(select(AreaScope).where(AreaScope.engagement_id == made.id)):
            row.confirmed, row.review_due = Rag.RED, TODAY - DAY
    stage.commit()
    with statements() as many:
        text = page(browser)
    assert len(few) == len(many) <= 12
    assert "more engagements" in text
    assert len(text) < 100_000
