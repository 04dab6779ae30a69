"""Every page of engagements, areas and registers is valid HTML, in every state and for whoever opens it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm.core.twelve import Area, Scope
from crm.engagements.scopes import AreaScope, Rag
from crm.engagements.states import EngagementState
from tests import world
from tests.cast import TODAY
from tests.html import faults

PAGES = (
    "/engagements", "/engagements?q=zebra", "/engagements/others", "/engagements/1", "/engagements/1/deliverables", "/engagements/1/time",
    "/engagements/1/team", "/engagements/1/registers", "/engagements/1/history", "/engagements/1/areas/vendors",
    "/engagements/1/areas/security", "/engagements/1/areas/innovation", "/clients/1/areas/strategy/objectives/",
    "/clients/1/areas/strategy/objectives/new", "/clients/1/areas/strategy/objectives/1", "/clients/1/areas/talent/mentoring/",
    "/clients/1/areas/talent/mentoring/5", "/clients/1/areas/talent/mentoring/new",
    "/engagements/1/review", "/engagements/1/review/security", "/engagements/1/review/vendors", "/engagements/1/areas/vendors/reviews/1",
)  # fmt: skip
FORMS = ("edit", "terms", "areas", "assignments/new", "assignments/1", "assignments/1/end", "sponsors/new", "activation", "cancellation",
         "pause", "resumption", "closing", "handover", "closure")  # fmt: skip


@pytest.fixture
def full(cast, stage):
    world.build(stage, cast)
    for row in stage.query(AreaScope).filter_by(engagement_id=1):
        row.confirmed, row.maturity, row.target = Rag.RED, Decimal("2.5"), Decimal(4)
        row.ask, row.ask_by, row.review_due = "A yes", TODAY, TODAY - timedelta(9)
        if row.area is Area.INN:
            row.scope, row.reason, row.confirmed = Scope.OUT, "Not now", None
    stage.commit()


@pytest.mark.parametrize("who", ["ada", "ben", "tess"])
def test_pages(who, full, sign_in, cast):
    browser = sign_in(getattr(cast, who))
    for page in PAGES:
        answer = browser.get(page)
        if answer.status_code != 403:
            assert (answer.status_code, faults(answer.get_data(as_text=True))) == (200, []), page


def test_forms_and_what_they_refuse(full, sign_in, cast):
    ada = sign_in(cast.ada)
    for form in ("/engagements/new", "/engagements/new?client=1", *(f"/engagements/1/{one}" for one in FORMS)):
        answer = ada.get(form)
        assert (answer.status_code, faults(answer.get_data(as_text=True))) == (200, []), form
        answer = ada.send(form, title="", ends="x", starts="x", reason="", person_id="77", VEN_scope="x")
        if answer.status_code in {409, 422}:
            assert faults(answer.get_data(as_text=True)) == [], form


@pytest.mark.parametrize("state", EngagementState)
def test_every_state(state, full, sign_in, cast, stage):
    cast.north.state = state
    stage.commit()
    ada = sign_in(cast.ada)
    for page in ("/engagements?state=", "/engagements/1", "/engagements/1/team", "/engagements/1/areas/vendors"):
        answer = ada.get(page)
        assert (answer.status_code, faults(answer.get_data(as_text=True))) == (200, []), page
