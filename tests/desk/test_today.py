"""Today: the answer first, what is mine to do, and the line that logs time."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.clients.models import FollowUp
from crm.core import clock
from crm.core.twelve import Area
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.people import Assignment
from crm.engagements.scopes import AreaScope, Rag
from crm.timelog.models import TimeEntry
from tests.cast import TODAY

DUE = {"estimate": 2, "area": Area.VEN, "client_id": 1, "engagement_id": 1}


def plain(answer):
    """The words of the page, without the log line and what it offers."""
    text = re.sub(r'<form class="quick log".*?</form>', "", answer.text, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def busy(cast, stage):
    """Ben's desk: one late, one asked of him to review, one with the client, and one that is far away."""
    ben, tess = (
        stage.scalars(select(Assignment).where(Assignment.engagement_id == 1, Assignment.person_id == person)).one().id
        for person in (2, 5)
    )
    day = TODAY - timedelta(3)
    stage.add_all([
        Deliverable(id=1, number=1, title="Late roadmap", state=State.IN_PROGRESS, assignment_id=ben, baseline_due=day, due=day, **DUE),
        Deliverable(id=2, number=2, title="Tess wrote it", state=State.INTERNAL_REVIEW, assignment_id=tess, reviewer_id=2,
                    baseline_due=TODAY, due=TODAY, **DUE),
        Deliverable(id=3, number=3, title="With Cora", state=State.SUBMITTED, assignment_id=ben, baseline_due=day, due=day, **DUE),
        Deliverable(id=4, number=4, title="Far away", state=State.PLANNED, assignment_id=ben, baseline_due=TODAY + timedelta(15),
                    due=TODAY + timedelta(15), **DUE),
        Deliverable(id=5, number=5, title="In a fortnight", state=State.PLANNED, assignment_id=ben, baseline_due=TODAY + timedelta(14),
                    due=TODAY + timedelta(14), **DUE),
        FollowUp(id=1, client_id=1, person_id=2, title="Call Sunil", due=TODAY - timedelta(1)),
        FollowUp(id=2, client_id=1, person_id=5, title="Tess calls", due=TODAY),
    ])  # fmt: skip
    stage.flush()
    stage.add(
        DeliverableVersion(
            deliverable_id=3, number=1, state=State.SUBMITTED, text="x", submitted_at=clock.now(), submitted_by_id=2, asked_id=1,
            answer_by=TODAY - timedelta(1), client_id=1, engagement_id=1,
        )
    )  # fmt: skip
    stage.execute(update(AreaScope).where(AreaScope.area == Area.SEC).values(review_due=TODAY, confirmed=Rag.RED))
    stage.commit()
    return cast


def test_the_first_sentence_says_what_matters(sign_in, busy):
    text = plain(sign_in(busy.ben).get("/today"))
    assert (
        "One deliverable is late, one area wants a review, one text waits for your review, one follow-up is overdue and "
        "one client is past the answer date." in text
    )
    assert clock.today().strftime("%A") in text


def test_ben_s_desk_holds_what_is_ben_s(sign_in, busy):
    text = plain(sign_in(busy.ben).get("/today"))
    for there in ("Late roadmap", "your review is asked for", "In a fortnight", "Waiting for the client", "asked of Cora", "Call Sunil",
                  "Cybersecurity Oversight", "4 of 4 days left this month"):  # fmt: skip
        assert there in text
    for absent in ("Far away", "Tess calls", "Umbra"):
        assert absent not in text


def test_tess_is_not_asked_for_what_ben_holds(sign_in, busy):
    text = plain(sign_in(busy.tess).get("/today"))
    assert "No review is due" in text
    assert "Late roadmap" not in text
    assert "Tess calls" in text


def test_nothing_to_do_is_said_too(sign_in, cast):
    assert "Nothing is late, and nothing is due" in plain(sign_in(cast.ben).get("/today"))
    for nobody in (cast.eve, cast.ada):
        assert "You are on no engagement yet" in plain(sign_in(nobody).get("/today"))


@pytest.mark.parametrize(("who", "code"), [("abe", 403), ("cora", 403), ("vic", 403)])
def test_it_is_for_those_who_serve(who, code, sign_in, cast):
    assert sign_in(getattr(cast, who)).get("/today").status_code == code


def test_a_follow_up_is_done_and_undone(sign_in, busy, stage):
    ben = sign_in(busy.ben)
    done = ben.send("/today/follow-ups/1/done")
    assert (done.status_code, done.location) == (303, "/today?done=1#follow-ups")
    text = plain(ben.get("/today?done=1"))
    assert "Done: Call Sunil" in text
    assert "Undo" in text
    assert ben.send("/today/follow-ups/1/done", version=2).status_code == 409
    assert ben.send("/today/follow-ups/1/open", version=2).status_code == 303
    assert stage.get(FollowUp, 1, populate_existing=True).done_at is None


@pytest.mark.parametrize(
    ("who", "code"), [("tess", 403), ("ada", 403), ("finn", 404), ("eve", 404), ("abe", 403), ("cora", 403)]
)
def test_a_follow_up_is_its_owner_s(who, code, sign_in, busy, stage):
    assert sign_in(getattr(busy, who)).send("/today/follow-ups/1/done").status_code == code
    assert stage.get(FollowUp, 1, populate_existing=True).done_at is None


def test_the_week_tells_client_time_from_practice_time(sign_in, cast, stage):
    when = {"worked_on": TODAY, "logged_at": clock.now(), "person_id": 2}
    stage.add(TimeEntry(minutes=90, area=Area.STR, client_id=1, engagement_id=1, **when))
    stage.add(TimeEntry(minutes=45, kind="internal", **when))
    stage.commit()
    answer = sign_in(cast.ben).get("/today")
    assert "2.25 h logged" in plain(answer)
    assert "1.50 h billable" in plain(answer)
    assert '<i class="h-15"></i><i class="strip-practice h-7"></i>' in answer.text


def test_today_costs_the_same_with_many_rows(sign_in, busy, stage, statements):
    ben, counts = sign_in(busy.ben), []
    assignment = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one().id
    for number in (0, 25):
        for n in range(number):
            stage.add(Deliverable(id=100 + n, number=100 + n, title="More", state=State.PLANNED, assignment_id=assignment,
                                  baseline_due=TODAY, due=TODAY, **DUE))  # fmt: skip
            stage.add(FollowUp(client_id=1, person_id=2, title="More", due=TODAY))
        stage.commit()
        with statements() as seen:
            assert ben.get("/today").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12
