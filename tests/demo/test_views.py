"""The registers' own views say the book's figures of the two clients that the demo shows in depth."""

import secrets

import pytest
from flask import url_for
from sqlalchemy import select

from crm.accounts.models import Account, SignedIn
from crm.accounts.session import digest_of
from crm.clients.models import Client
from crm.core import clock
from tests.cast import browser_of

pytestmark = pytest.mark.engine_free
SAID = {
    ("BRK", "roadmap.show"): (
        "4 live initiatives of Brackenhill Joinery Ltd are worth £74,400 a year; 1 is past the day agreed first.",
        "75.0 % of live ones touch two or more", "4.0 months", "14.9 months", "24.0 months", "Technology alone",
    ),
    ("SAL", "roadmap.show"): (
        "5 live initiatives", "100.0 % of live ones", "2.4 months", "4.2 months", "4.3 months", "13.9 months", "16.3 months",
    ),
    ("BRK", "recovery.show"): (
        "1 of 3 critical services missed what was agreed: TimberTrack stock system.", "Back 3 h too late", "11 h, agreed 8 h",
        "66.7 %", "100.0 %", "3 h, agreed 4 h",
    ),
    ("SAL", "recovery.show"): ("All 3 critical services met what was agreed when that was last tried.", "3.5 h, agreed 4 h"),
    ("BRK", "budget.show"): (
        "Brackenhill Joinery Ltd will spend £197,300 of £194,500", "£2,800 over, 101.4 % of the budget.", "£4,180 proven by invoice or ledger",
    ),
    ("SAL", "budget.show"): ("106.4 % of the budget.", "£0 proven by invoice or ledger"),
    ("BRK", "skills.show"): (
        "1 critical role of Brackenhill Joinery Ltd has nobody to cover: Office and IT coordinator.", "Critical roles covered 50.0 %",
        "2 of 3 1 level short", "One person alone",
    ),
    ("SAL", "skills.show"): ("1 person in a critical role is likely to leave. 1 role is vacant.", "Critical roles covered 100.0 %", "0 of 3 vacant", "Likely to leave 1 in critical roles"),
    ("SAL", "ideas.show"): (
        "1 idea is being tried at Saltmarsh Foods Ltd, within its limit and its time.", "£1,100 spent of £2,500", "AI answers allergen questions",
    ),
    ("BRK", "contracts.show"): ("cost £61,600 a year", "1 needs a decision within 60 days", "Harbour Telecom", "Copyhaus"),
    ("SAL", "contracts.show"): ("cost £132,800 a year", "1 needs a decision within 60 days", "Pipelio", "No data terms"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "endpoint"), SAID, ids=lambda value: value)
def test_the_figures_of_the_book(code, endpoint, demo, app, words):
    partner = demo.scalars(select(Account).order_by(Account.id)).first()
    partner.token = secrets.token_urlsafe(16)
    moment = clock.now()
    demo.add(SignedIn(account_id=partner.id, token_hash=digest_of(partner.token), began_at=moment, seen_at=moment))
    demo.commit()
    client_id = demo.scalar(select(Client.id).where(Client.code == code))
    with app.test_request_context():
        here = url_for(endpoint, client_id=client_id)
    page = words(browser_of(app, partner).get(here))
    for said in SAID[code, endpoint]:
        assert said in page, (said, page)
