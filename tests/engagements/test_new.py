"""A new engagement: one form, a draft with twelve scopes, and what is not agreed yet stays empty."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.clients.models import Client, Contact, Wall
from crm.core import clock
from crm.engagements.models import Engagement, Terms
from crm.engagements.people import Assignment, Sponsorship
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementState
from tests.cast import TODAY

LEAST = {
    "title": "Virtual CIO", "model": "virtual", "board_role": "none", "starts": "2026-02-01", "ends": "2027-01-31",
    "notice_days": "30", "price_kind": "", "overage": "ask", **{f"role_{n}": "specialist" for n in range(1, 5)},
}  # fmt: skip
ALL = LEAST | {
    "signed_on": "2026-01-18", "price_kind": "retainer", "days_a_month": "4", "monthly_fee": "4,200", "sponsors": "1",
    "lead_id": "2", "lead_days": "3", "person_1": "5", "role_1": "specialist", "days_1": "1,5", "follows_id": "1",
    "scope_note": "Product technology stays with the CTO.", "authority_limit": "10000",
}  # fmt: skip
URL = "/engagements/new?client=1"


def made(stage):
    stage.expire_all()
    return stage.scalars(select(Engagement).order_by(Engagement.id.desc())).first()


def test_everything_in_one_form(sign_in, cast, stage):
    answer = sign_in(cast.ada).send(URL, **ALL)
    one = made(stage)
    assert (answer.status_code, answer.location) == (303, f"/engagements/{one.id}")
    assert (one.code, one.state, one.follows_id, one.days_a_month) == ("ENG-101", EngagementState.DRAFT, 1, 4)
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == one.id)).one()
    assert (terms.monthly_fee, terms.rollover_cap, terms.overage_rate, terms.authority_limit) == (
        420_000,
        2,
        105_000,
        1_000_000,
    )
    team = stage.scalars(select(Assignment).where(Assignment.engagement_id == one.id).order_by(Assignment.id)).all()
    assert [(a.person_id, a.role, a.status, a.days_a_month, a.ends) for a in team] == [
        (2, "lead", "tentative", 3, one.ends), (5, "specialist", "tentative", Decimal("1.5"), one.ends),
    ]  # fmt: skip
    assert stage.scalars(select(Sponsorship.contact_id).where(Sponsorship.engagement_id == one.id)).all() == [1]


@pytest.mark.parametrize(
    ("model", "scope", "price"),
    [
        ("virtual", {"advise": 12}, {"price_kind": "retainer", "days_a_month": "4", "monthly_fee": "4200"}),
        ("part_time", {"lead": 12}, {"price_kind": "day_rate", "day_rate": "950", "budget_days": "40"}),
        ("non_exec", {"oversee": 12}, {"price_kind": "retainer", "days_a_month": "1.5", "monthly_fee": "2100"}),
        ("mentoring", {"advise": 2, "out": 10}, {"price_kind": "fixed_price", "amount": "5400", "budget_days": "6"}),
    ],
)
def test_exactly_twelve_scopes_from_the_model(model, scope, price, sign_in, cast, stage):
    sign_in(cast.ada).send(URL, **(LEAST | price | {"model": model, "lead_id": "2", "lead_days": "3"}))
    one = made(stage)
    rows = stage.scalars(select(AreaScope).where(AreaScope.engagement_id == one.id).order_by(AreaScope.number)).all()
    assert [row.number for row in rows] == list(range(1, 13))
    assert {name: sum(row.scope == name for row in rows) for name in scope} == scope
    assert {row.holder_person_id for row in rows} == ({2} if model == "part_time" else {None})
    terms = stage.scalars(select(Terms).where(Terms.engagement_id == one.id)).one()
    assert (terms.rollover_cap == 0) == (model == "non_exec")


def test_a_draft_is_saved_with_the_least(sign_in, cast, stage):
    assert sign_in(cast.ada).send(URL, **LEAST).status_code == 303
    one = made(stage)
    assert (one.signed_on, one.terms, one.sponsors, one.assignments, len(one.scopes)) == (None, None, [], [], 12)


def test_those_who_said_yes_are_confirmed(sign_in, cast, stage):
    sign_in(cast.ada).send(URL, **ALL, said_yes="yes")
    assert {one.status for one in made(stage).assignments} == {"confirmed"}


@pytest.mark.parametrize(
    ("but", "sentence"),
    [
        ({"title": ""}, "Write a title, like Virtual CIO"),
        ({"model": ""}, "Choose a model"),
        ({"model": "fractional"}, "Choose one of the list"),
        ({"ends": "2026-01-31"}, "It cannot end before it starts"),
        ({"starts": "1 Feb"}, "Write a date from 2000 to 2100 like 2026-11-20"),
        ({"monthly_fee": "5.2k"}, "Write a number with at most two decimals, like 5200 or 5200.50"),
        ({"monthly_fee": ""}, "Write the monthly fee, like 4200"),
        ({"days_a_month": ""}, "Write the days a month, like 4 or 1.5"),
        ({"rollover_cap": "5"}, "At most a month’s days roll over"),
        ({"lead_days": ""}, "Write the days a month, like 4 or 1.5"),
        ({"days_1": ""}, "Write the days a month, like 4 or 1.5"),
        ({"price_kind": "day_rate"}, "Write the price of a day, like 1050"),
        ({"price_kind": "fixed_price", "amount": "8400"}, "Write the days that it may take, like 8"),
        ({"model": "mentoring"}, "Mentoring is a package at a fixed price"),
        ({"model": "non_exec", "price_kind": "day_rate", "day_rate": "9"}, "A non-executive is paid a retainer"),
        ({"model": "non_exec", "rollover_cap": "1"}, "Days of a non-executive do not roll over: write 0"),
        ({"sponsors": "3"}, "Choose from the list"),
        ({"sponsors": "2"}, "Choose from the list"),
        ({"lead_id": "4"}, "Choose one of the list"),
        ({"follows_id": "2"}, "Choose one of the list"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_said_and_what_was_typed_stays(but, sentence, sign_in, cast, stage, words):
    answer = sign_in(cast.ada).send(URL, **(ALL | but))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Product technology stays with the CTO." in words(answer)
    assert made(stage).id == 2


def test_at_most_two_sponsors(sign_in, cast, stage, words):
    stage.add_all(
        [Contact(id=8, client_id=1, name="Dee", decides=True), Contact(id=9, client_id=1, name="Ed", decides=True)]
    )
    stage.commit()
    answer = sign_in(cast.ada).post(URL, data=ALL | {"once": "k", "version": "1", "sponsors": ["1", "8", "9"]})
    assert answer.status_code == 422
    assert "Choose one or two sponsors" in words(answer)


def test_first_for_whom(sign_in, cast, stage, words):
    stage.get(Client, 2).archived_at = clock.now()
    stage.commit()
    ada = sign_in(cast.ada)
    page = words(ada.get("/engagements/new"))
    assert "Northwind" in page
    assert "Umbra" not in page
    assert "Cora" in words(ada.get(URL))
    for lost in ("2", "77", "x", "99999999999"):
        assert "First for whom" in words(ada.get(f"/engagements/new?client={lost}"))


def test_only_partners_begin_one(sign_in, cast, stage):
    for who, status in (("ben", 403), ("eve", 403), ("abe", 403), ("cora", 403), ("vic", 403)):
        browser = sign_in(getattr(cast, who))
        assert (browser.get(URL).status_code, browser.send(URL, **ALL).status_code) == (status, status)
    assert made(stage).id == 2


def test_pressing_twice_makes_one(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    first, second = (ada.send(URL, once="k", **ALL) for _ in range(2))
    assert (second.status_code, second.location) == (303, first.location)
    assert stage.query(Engagement).count() == 3
    other = ada.send(URL, once="k", **(ALL | {"title": "Another"}))
    assert other.status_code == 422
    assert stage.query(Engagement).count() == 3


def test_a_wall_keeps_somebody_out(sign_in, cast, stage, words):
    stage.add(Wall(client_id=1, person_id=5))
    stage.commit()
    ada = sign_in(cast.ada)
    assert "Tess" not in words(ada.get(URL))
    answer = ada.send(URL, **ALL)
    assert answer.status_code == 422
    assert made(stage).id == 2


def test_a_partner_behind_a_wall_does_not_find_the_client(sign_in, cast, stage):
    stage.add(Wall(client_id=1, person_id=1))
    stage.commit()
    ada = sign_in(cast.ada)
    assert b"Northwind" not in ada.get("/engagements/new").data
    ada.send(URL, **ALL)
    assert made(stage).id == 2


def test_a_way_of_working_that_they_do_not_offer_warns(sign_in, cast, stage, words):
    cast.persons.ben.modes, cast.persons.tess.modes = "part_time,mentoring", "virtual"
    stage.commit()
    ada = sign_in(cast.ada)
    page = words(ada.get(ada.send(URL, **ALL).location))
    assert "Not among the ways of working that they offer: Ben (virtual)." in page


def test_the_form_begins_today_for_a_year(sign_in, cast):
    page = sign_in(cast.ada).get(URL).get_data(as_text=True)
    last = TODAY.replace(year=TODAY.year + 1) - timedelta(1)
    assert f'value="{TODAY}"' in page
    assert f'value="{last}"' in page


def test_numbers_are_never_given_twice(sign_in, cast, stage):
    ada = sign_in(cast.ada)
    for _ in range(3):
        ada.send(URL, **LEAST)
    assert stage.scalars(select(Engagement.number).order_by(Engagement.number)).all() == [1, 2, 101, 102, 103]
