"""F11 and F12 open exactly the rows that they count."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from crm.core import clock
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Pause
from tests.cast import TODAY
from tests.html import faults

ON_TIME, SIGN_OFF = "/deliverables/figures/on-time", "/deliverables/figures/sign-off"


def at(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def when(stage):
    """When a version that was sent back was answered."""

    def turn(owed, **days):
        stage.execute(update(DeliverableVersion).where(DeliverableVersion.deliverable_id == owed.id).values(**days))
        stage.expire_all()

    return turn


@pytest.fixture
def due(owe, monkeypatch):
    """A deliverable agreed for some days ago, sent so many days after that (or never), in a state."""

    def make(title, state=State.ACCEPTED, *, ago=10, after=None, **more):
        day = TODAY - timedelta(ago)
        with monkeypatch.context() as then:
            if after is not None:
                then.setattr(clock, "now", lambda: at(day + timedelta(after)))
            return owe(state, title=title, baseline_due=day, due=day, **more)

    return make


def test_the_books_figure_and_its_rows(sign_in, cast, due):
    """12 due, 1 cancelled, 8 accepted in time, 1 in time and pending, 2 late: 9/11 = 81.8 %."""
    for n in range(8):
        due(f"Kept {n}", after=-1)
    due("Waits", State.SUBMITTED, after=0)
    due("Sent late", after=2)
    due("Never sent", State.IN_PROGRESS)
    due("Cancelled", State.CANCELLED)
    due("Not yet", State.PLANNED, ago=-3)
    ben, ada = sign_in(cast.ben), sign_in(cast.ada)
    page = ben.get(f"{ON_TIME}?engagement=1").text
    assert "9 of 11, 81.8 %" in page
    for title in ("Kept 7", "Waits", "Sent late", "Never sent"):
        assert f">{title}<" in page
    for title in ("Cancelled", "Not yet"):
        assert f">{title}<" not in page
    assert "Submitted 2 days late." in page
    assert "Not submitted, 10 days over." in page
    assert faults(page) == []
    lines = ben.get(f"{ON_TIME}.csv?engagement=1").text.splitlines()
    assert (len(lines), sum(",yes," in one for one in lines)) == (12, 9)
    assert "81.8 %" in ben.get("/engagements/1/deliverables").text
    for url, who in (("/deliverables/figures", ada), (f"{ON_TIME}?person=5", ada), (ON_TIME, ada), (f"{ON_TIME}?person=5", sign_in(cast.tess))):  # fmt: skip
        assert "9 of 11" in who.get(url).text, url
    assert faults(ada.get("/deliverables/figures").text) == []


def test_sent_back_and_sent_again_late_says_so(sign_in, cast, due):
    due("Came back", State.CHANGES_REQUESTED, after=-2)
    assert "Version 1 was sent back." in sign_in(cast.ben).get(f"{ON_TIME}?engagement=1").text


def test_days_in_a_pause_are_in_neither_figure(sign_in, cast, due, when, stage):
    """Sent on a Monday, answered a week later: five working days, of which a pause takes three."""
    monday = TODAY - timedelta(TODAY.weekday() + 35)
    when(
        due("Paused", State.CHANGES_REQUESTED, ago=(TODAY - monday).days, after=0), decided_at=at(monday + timedelta(7))
    )
    due("Due in the pause", State.IN_PROGRESS, ago=(TODAY - monday).days - 2)
    ben = sign_in(cast.ben)
    before = ben.get(f"{SIGN_OFF}?engagement=1").text
    assert "0 of 2, 0.0 %" in ben.get(f"{ON_TIME}?engagement=1").text
    stage.add(Pause(client_id=1, engagement_id=1, begins=monday + timedelta(1), until=monday + timedelta(3)))
    stage.commit()
    after = ben.get(f"{SIGN_OFF}?engagement=1").text
    days = [int(page.split('data-label="Working days">')[1].split("<")[0]) for page in (before, after)]
    assert days[0] - days[1] == 3
    assert "without a pause" in after
    assert "0 of 1, 0.0 %" in ben.get(f"{ON_TIME}?engagement=1").text


def test_the_median_and_its_rows(sign_in, cast, due, when):
    """2, 3 and 9 working days: 3."""
    monday = TODAY - timedelta(TODAY.weekday() + 35)
    for title, days in (("Two", 2), ("Three", 3), ("Nine", 11)):  # a weekend lies in the nine
        sent_back = due(title, State.CHANGES_REQUESTED, ago=(TODAY - monday).days, after=0)
        when(sent_back, decided_at=at(monday + timedelta(days)))
    page = sign_in(cast.ben).get(f"{SIGN_OFF}?engagement=1").text
    assert "3 working days, the median of 3 answers" in page
    assert page.index(">Nine<") < page.index(">Three<") < page.index(">Two<")
    assert faults(page) == []


def test_of_colleagues_and_of_other_clients_there_is_nothing(sign_in, cast, due):
    due("Ours", after=1)
    ben, finn = sign_in(cast.ben), sign_in(cast.finn)
    assert ben.get(f"{ON_TIME}?person=5").status_code == 404
    assert ben.get(f"{ON_TIME}?engagement=2").status_code == 404
    assert ben.get(f"{ON_TIME}?engagement=x").status_code == 404
    for url in ("/deliverables/figures", ON_TIME, SIGN_OFF):
        assert "Ours" not in finn.get(url).text
        assert "Northwind" not in finn.get(url).text
    assert sign_in(cast.cora).get("/deliverables/figures").status_code == 403


def test_the_figures_cost_the_same_for_many(sign_in, cast, due, statements):
    ada, counts = sign_in(cast.ada), []
    for number in (1, 12):
        for n in range(number):
            due(f"Paper {n}", after=n - 3)
        for url in ("/deliverables/figures", ON_TIME, SIGN_OFF):
            with statements() as seen:
                assert ada.get(url).status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:], counts
    assert max(counts) <= 12
