"""The registers of the two engagements that the demo shows in depth say the book's figures."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from crm.areas import catalogue
from crm.areas.budget.models import BudgetLine, Saving
from crm.areas.data.models import Signal
from crm.areas.stakeholders.models import Commitment, Stakeholder
from crm.areas.strategy.models import Initiative
from crm.areas.transformation.models import ProcessImprovement
from crm.areas.vendors.models import VendorContract
from crm.audit.models import AuditEntry
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.words import half_up

FIGURES = {  # costs, promises kept and made, trust now and before, forecast in %, savings proven, hours saved a month
    "BRK": (61600, (6, 7), "4.04", "3.48", "101.4", 4180, 4),
    "SAL": (132800, (7, 8), "3.42", "2.45", "106.4", 0, 64),
}
AWAY = {  # F13
    "BRK": {"Enquiries a month": "6.51", "Workshop hours lost": None, "Apprentices starting": "6.25"},
    "SAL": {"Orders a night": "5.62", "Agency pickers": "6.52", "Credits for missing goods": None},
}
PAYBACK = {  # F14
    "BRK": {"One quote path": "4.0", "Replace the stock system": "24.0", "Wireless in the workshop": "14.9"},
    "SAL": {"One order path (phone, web, sales visit)": "4.3", "Order and stock system, third start": "16.3",
            "Drivers' phones and proof of delivery": "4.2", "Bring the sales tool in from the shadow": "2.4",
            "Data centre room closed": "13.9"},
}  # fmt: skip


@pytest.fixture
def rows(demo):
    def of(entry, code):
        return demo.scalars(select(entry).join(Client, Client.id == entry.client_id).where(Client.code == code)).all()

    return of


def mean(values):
    return str(half_up(sum(values) / len(values), 2))


@pytest.mark.parametrize("code", FIGURES)
def test_the_figures_of_the_book(code, rows):
    cost, promises, trust, before, forecast, proven, saved = FIGURES[code]
    assert sum(one.annual_cost for one in rows(VendorContract, code) if one.status == "active") == cost * 100
    made = rows(Commitment, code)
    assert (sum(one.status == "kept" for one in made), len(made)) == promises
    known = rows(Stakeholder, code)
    assert (mean([one.trust_score for one in known]), mean([one.trust_before for one in known])) == (trust, before)
    lines = rows(BudgetLine, code)
    planned, expected = sum(one.annual_budget for one in lines), sum(one.forecast_full_year for one in lines)
    assert str(half_up(Decimal(expected) * 100 / planned, 1)) == forecast
    proved = [one for one in rows(Saving, code) if one.proof in {"invoice", "ledger"}]
    assert sum(one.annual_realised for one in proved) == proven * 100
    checked = [one for one in rows(ProcessImprovement, code) if one.stage == "benefit_confirmed"]
    assert sum(one.hours_per_month_before - one.hours_per_month_after for one in checked) == saved


@pytest.mark.parametrize("code", FIGURES)
def test_how_far_thresholds_are_and_when_money_is_back(code, rows):
    away = {one.name: one.months_to_threshold for one in rows(Signal, code)}
    assert {name: None if months is None else str(half_up(months, 2)) for name, months in away.items()} == AWAY[code]
    back = {one.title: one.payback_months for one in rows(Initiative, code)}
    for title, months in PAYBACK[code].items():
        assert str(half_up(back[title], 1)) == months, title


def test_how_many_departments_a_change_touches(rows):
    """F16."""
    for code, share in (("BRK", 75), ("SAL", 100)):
        live = [one for one in rows(Initiative, code) if one.status in {"approved", "active"}]
        assert sum(one.department_count >= 2 for one in live) * 100 / len(live) == share


def test_days_to_speak_by(rows):
    undecided = {one.vendor: (one.notice_by - today()).days
                 for code in FIGURES for one in rows(VendorContract, code) if one.decision == "undecided"}  # fmt: skip
    assert undecided == {"Harbour Telecom": 45, "Copyhaus": 70, "Pipelio": 25}
    pipelio = next(one for one in rows(VendorContract, "SAL") if one.vendor == "Pipelio")
    assert pipelio.data_not_covered, "the contract without data terms"


def test_every_area_that_is_ours_has_its_rows(demo):
    """No register of the book's first engagement is empty but those that the book leaves empty."""
    client = demo.scalar(select(Client.id).where(Client.code == "BRK"))
    empty = [register.slug for _, register in catalogue.registers()
             if not demo.scalar(select(func.count(register.entry.id)).where(register.entry.client_id == client))]  # fmt: skip
    assert sorted(empty) == ["channels", "ideas", "mentoring"]


def test_each_row_says_who_wrote_it_down(rows, demo):
    row = rows(VendorContract, "BRK")[0]
    told = demo.scalars(
        select(AuditEntry).where(AuditEntry.subject_kind == "vendor_contract", AuditEntry.subject_id == row.id)
    ).one()
    assert (told.verb, told.person_id, told.at) == ("register.add", row.made_by_id, row.made_at)


def test_what_is_about_persons_stays_with_the_team(rows):
    assert {one.visibility for one in rows(Stakeholder, "BRK")} == {"team"}
    assert {one.visibility for one in rows(VendorContract, "BRK")} == {"client"}
    assert {one.made_at.date() <= today() - timedelta(100) for one in rows(VendorContract, "BRK")} == {True}
