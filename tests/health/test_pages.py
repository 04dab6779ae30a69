"""The panel on the engagement's page, the column of the list, and who reads them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.closing.models import HealthFigure
from crm.core import clock
from crm.engagements.people import Assignment, Status
from crm.engagements.scopes import AreaScope
from crm.invoices.models import Invoice, InvoiceState
from tests.cast import TODAY
from tests.health.well import make_well

DAY = timedelta(1)


@pytest.fixture(autouse=True)
def well(stage, cast):
    make_well(stage, cast)


def unpaid(stage, days):
    stage.add(Invoice(client_id=1, engagement_id=1, number="2020-0001", state=InvoiceState.ISSUED, made_at=clock.now(), issued_on=TODAY - (days + 30) * DAY,
                      due_on=TODAY - days * DAY, net=424_200, tax=84_840, total=509_040))  # fmt: skip
    stage.commit()


def panel(browser):
    text = browser.get("/engagements/1").text
    return re.search(r'<section class="section health".*?</section>', text, re.DOTALL)[0]


def test_the_panel_says_the_answer_the_parts_and_why(sign_in, cast, stage, words):
    row = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == 1, AreaScope.number == 4)).one()
    row.reviewed_on = TODAY - 60 * DAY
    stage.commit()
    shown = sign_in(cast.ben).get("/engagements/1")
    said = words(shown)
    assert "Health of our work G Green 92.5 of 100" in said
    assert "Progress 91.7 counts 30 %" in said
    assert "The sponsor was not asked for a score" in said
    assert '<a href="/engagements/1/areas/security">Security has no fresh review</a>' in shown.text


def test_a_late_invoice_leads_there_whoever_may_read_it(sign_in, cast, stage):
    unpaid(stage, 60)
    for who, opens in ((cast.ada, True), (cast.ben, True), (cast.tess, False)):
        text = panel(sign_in(who))
        assert "An invoice is 60 days late" in text
        assert "forces red" in text
        assert ('href="/engagements/1/invoices"' in text) is opens
        assert "5,090" not in text
        assert "4,242" not in text


def test_no_lead_is_at_best_amber(sign_in, cast, stage):
    lead = stage.scalars(select(Assignment).where(Assignment.person_id == 2)).one()
    lead.status, lead.ends = Status.ENDED, TODAY - DAY
    stage.commit()
    text = panel(sign_in(cast.ada))
    assert "95 of 100, at best amber" in text
    assert '<a href="/engagements/1/team">Nobody leads it today</a>' in text


def test_the_months_stand_in_order(sign_in, cast, stage, words):
    for month, verdict, score in ((9, "red", 40), (10, "amber", 60)):
        stage.add(HealthFigure(client_id=1, engagement_id=1, month=TODAY.replace(year=2020, month=month, day=1), verdict=verdict, score=score,
                               delivery=50, progress=50, commercial=50, relationship=50, written_at=clock.now()))  # fmt: skip
    stage.commit()
    assert "R 40 Sep 2020 A 60 Oct 2020" in words(sign_in(cast.tess).get("/engagements/1"))


def test_the_list_shows_it_too(sign_in, cast, stage, words):
    unpaid(stage, 60)
    assert "R Red 85 , health of ENG-001" in words(sign_in(cast.ben).get("/engagements"))
    both = words(sign_in(cast.ada).get("/engagements"))
    assert "G Green 95 , health of ENG-002" in both


@pytest.mark.parametrize("who", ["cora", "vic"])
def test_no_client_reads_how_we_judge_ourselves(who, sign_in, cast, see):
    browser = sign_in(getattr(cast, who))
    assert browser.get("/engagements/1").status_code in {302, 303, 403, 404}
    for address in ("/portal", "/portal/time"):
        assert "Health of our work" not in browser.get(address).text


def test_nor_its_history(cast, stage, see):
    stage.add(HealthFigure(client_id=1, engagement_id=1, month=TODAY.replace(day=1), verdict="red", score=40, delivery=50, progress=50,
                           commercial=50, relationship=50, written_at=clock.now()))  # fmt: skip
    stage.commit()
    for who, number in ((cast.cora, 0), (cast.vic, 0), (cast.eve, 0), (cast.finn, 0), (cast.tess, 1), (cast.ada, 1)):
        with see(who) as session:
            assert len(session.scalars(select(HealthFigure)).all()) == number
