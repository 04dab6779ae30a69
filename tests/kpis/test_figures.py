"""Every figure of the twelve areas by the book's formula, each worked out by hand over a few rows."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from crm.areas.budget.models import BudgetLine, Saving
from crm.areas.catalogue import TWELVE, area_of
from crm.areas.compliance.models import Obligation
from crm.areas.continuity.models import CriticalService
from crm.areas.data.models import DataAsset, Signal
from crm.areas.innovation.models import Idea
from crm.areas.security.models import Incident, SecurityControl
from crm.areas.services.models import AssetGroup, Service
from crm.areas.stakeholders.models import Commitment, Stakeholder
from crm.areas.strategy.models import Initiative, Objective
from crm.areas.talent.models import MentoringPair, SkillRecord
from crm.areas.transformation.models import DigitalChannel, ProcessImprovement
from crm.areas.vendors.models import VendorContract
from crm.clients.models import Client
from crm.core import clock
from crm.core.twelve import Area
from crm.core.words import measured
from crm.kpis.queries import figures_by_client, figures_of
from crm.registers.kpis import Target, first_of_quarter, target

NOW = date(2026, 11, 22)  # in the quarter from 1 October


def day(number):
    return NOW + timedelta(number)


WORKED = {
    "strategy": (
        {Initiative: [
            {"status": "active", "objective_id": 1, "baseline_due": day(0), "annual_value": 24_000_00, "departments": ["sales", "it"]},
            {"status": "active", "objective_id": 1, "baseline_due": day(-1), "annual_value": 1_000_50, "departments": ["it"]},
            {"status": "approved", "departments": ["it", "hr", "legal"]},
            {"status": "paused", "objective_id": 1, "annual_value": 9_000_00},
        ]},
        {"STR-K1": "66.7 %", "STR-K2": "50.0 %", "STR-K3": "£25,001", "STR-K4": "66.7 %"},
    ),
    "services": (
        {Service: [
            {"criticality": "critical", "availability_target": "99.5", "availability_actual": "99.5", "satisfaction": 4, "users": 30},
            {"criticality": "critical", "availability_target": "99.5", "availability_actual": "99.4", "satisfaction": 3, "users": 10},
            {"criticality": "critical", "availability_target": "99.5", "annual_cost": 5_000_00, "satisfaction": 1},
            {"sourcing": "shadow", "annual_cost": 3_000_00}, {"byod_access": "unmanaged"},
         ],
         AssetGroup: [{"count": 30, "support_ends": day(-1)}, {"count": 50, "support_ends": day(0)}, {"count": 20, "stage": "maintain"},
                      {"count": 99, "stage": "disposed", "support_ends": day(-1)}]},
        {"ITM-K1": "50.0 %", "ITM-K2": "3.75", "ITM-K3": "£200", "ITM-K4": "2", "ITM-K5": "30.0 %"},
    ),
    "transformation": (
        {ProcessImprovement: [
            {"stage": "live", "hours_per_month_before": 160, "hours_per_month_after": "96.5", "annual_value_realised": 5_000_00},
            {"stage": "benefit_confirmed", "hours_per_month_before": 6, "hours_per_month_after": 2, "annual_value_expected": 3_000_00,
             "annual_value_realised": 2_800_00},
            {"stage": "benefit_confirmed", "hours_per_month_before": 6, "annual_value_expected": 1_000_00},
            {"stage": "building", "hours_per_month_before": 99, "hours_per_month_after": 1, "annual_value_expected": 9_000_00},
         ],
         DigitalChannel: [{"revenue_last_quarter": 110_00, "revenue_year_ago": 80_00}, {"revenue_last_quarter": 40_00, "revenue_year_ago": 40_00}]},
        {"DXT-K1": "67.5 h", "DXT-K2": "£7,800", "DXT-K3": "70.0 %", "DXT-K4": "25.0 %"},
    ),
    "security": (
        {SecurityControl: [
            {"state": "in_place", "tag": "mfa", "coverage": 100, "last_tested": day(-180)},
            {"state": "in_place", "tag": "mfa", "coverage": "91.5", "last_tested": day(-181)},
            {"state": "partial", "tag": "patch14", "coverage": 88}, {"state": "not_started"}, {"state": "not_applicable"},
         ],
         Incident: [{"severity": 2, "happened_on": date(2026, 10, 1)}, {"severity": 1, "happened_on": date(2026, 9, 30)},
                    {"severity": 3, "happened_on": day(0)}]},
        {"SEC-K1": "50.0 %", "SEC-K2": "91.5 %", "SEC-K3": "88.0 %", "SEC-K4": "1", "SEC-K5": "50.0 %"},
    ),
    "budget": (
        {BudgetLine: [
            {"type": "run", "annual_budget": 70_000_00, "forecast_full_year": 72_000_00},
            {"type": "grow", "annual_budget": 20_000_00, "forecast_full_year": 18_000_00},
            {"type": "transform", "annual_budget": 10_000_00},
         ],
         Saving: [{"annual_realised": 4_000_00, "proof": "invoice"}, {"annual_realised": 180_00, "proof": "ledger"},
                  {"annual_realised": 9_000_00, "proof": "estimate"}]},
        {"BUD-K1": "100.0 %", "BUD-K2": "70.0 %", "BUD-K3": "4.5 %", "BUD-K4": "£4,180", "BUD-K5": "£2,250"},
    ),
    "vendors": (
        {VendorContract: [
            {"tier": "strategic", "sla_met": 95, "annual_cost": 1_000_00, "owner_name": "A", "end": day(0), "notice_days": 10,
             "decision": "renew", "decided_on": day(-11)},
            {"tier": "strategic", "sla_met": "94.99", "annual_cost": 500_00, "owner_name": "A", "end": day(0), "notice_days": 20,
             "decision": "exit", "decided_on": day(-20)},
            {"tier": "strategic", "end": day(400), "notice_days": 1, "annual_cost": 70_00}, {"tier": "strategic", "status": "ended", "sla_met": 99},
            {"end": day(0), "notice_days": 30}, {"end": date(2026, 9, 30), "notice_days": 0},
         ],
         Saving: [{"contract": 0, "annual_realised": 300_00, "due": day(-1)}, {"contract": 0, "annual_realised": 50_00, "due": day(1)},
                  {"annual_realised": 9_00, "due": day(-1)}]},
        {"VEN-K1": "33.3 %", "VEN-K2": "£1,500", "VEN-K3": "50.0 %", "VEN-K4": "£300"},
    ),
    "talent": (
        {SkillRecord: [
            {"critical_role": True, "cover_named": True, "level_now": 1, "level_needed": 3, "development_plan": "agreed"},
            {"critical_role": True, "cover_named": True, "employment": "vacant"},
            {"level_now": 2, "level_needed": 3, "development_plan": "draft"}, {"employment": "contractor"},
            {"development_plan": "done"},
         ],
         MentoringPair: [{"level_start": 2, "level_now": 3}, {"level_start": 2, "level_now": 2}, {"level_start": 1},
                         {"level_start": 0, "level_now": 5, "status": "completed"}]},
        {"TAL-K1": "50.0 %", "TAL-K2": "25.0 %", "TAL-K3": "66.7 %", "TAL-K4": "0.5 levels"},
    ),
    "innovation": (
        {Idea: [
            {"submitted_on": day(-100), "answered_on": day(-70), "stage": "scaled", "stage_since": day(-365)},
            {"submitted_on": day(-100), "answered_on": day(-69), "stage": "scaled", "stage_since": day(-366)},
            {"submitted_on": day(-31), "source_department": "it"}, {"submitted_on": day(-30), "answered_on": day(-26)},
            {"submitted_on": day(-9), "answered_on": day(0)},
        ]},
        {"INN-K1": "33.3 %", "INN-K2": "1", "INN-K3": "80.0 %", "INN-K4": "19.5 days"},
    ),
    "data": (
        {DataAsset: [{"critical": True, "owner_name": "A", "quality_score": 90}, {"critical": True, "quality_score": "75.5"},
                     {"critical": True, "owner_person_id": 2}, {"owner_name": "A", "quality_score": 1}],
         Signal: [{"latest_on": day(-45)}, {"latest_on": day(-1)}, {"latest_on": day(-1), "department": "it"},
                  {"latest_on": day(-46), "department": "hr"}, {"department": "legal"}]},
        {"DAT-K1": "66.7 %", "DAT-K2": "82.8", "DAT-K3": "2"},
    ),
    "compliance": (
        {Obligation: [
            {"status": "met", "last_checked": day(-365)}, {"status": "partly", "last_checked": day(-366)}, {"status": "not_met"},
            {"origin": "policy", "approved_by_id": 1, "approved_on": day(-365)}, {"origin": "policy", "approved_on": day(-1)},
         ],
         Service: [{"energy_kwh_year": "2400.5"}, {"energy_kwh_year": 1500}]},
        {"CMP-K1": "33.3 %", "CMP-K2": "80.0 %", "CMP-K3": "50.0 %", "CMP-K4": "3,901 kWh"},
    ),
    "stakeholders": (
        {Commitment: [
            {"status": "kept", "due": day(-180)}, {"status": "kept", "due": day(-1)}, {"status": "open", "due": day(-1)},
            {"status": "late", "due": day(-9)}, {"status": "withdrawn", "due": day(-9)}, {"status": "kept", "due": day(-181)},
            {"status": "kept", "due": day(0)},
         ],
         Stakeholder: [{"trust_score": "3.8", "last_contact": day(-90)}, {"trust_score": "4.5", "last_contact": day(-91)},
                       {"department": "it", "last_contact": day(-1)}]},
        {"STK-K1": "50.0 %", "STK-K2": "4.15", "STK-K3": "50.0 %", "STK-K4": "–"},
    ),
    "continuity": (
        {CriticalService: [
            {"last_exercise": day(-365), "rto_hours": 8, "rto_reached_hours": 8, "rpo_hours": 4, "rpo_reached_hours": 3, "backup": "verified",
             "last_restore_test": day(-70)},
            {"last_exercise": day(-366), "rto_hours": 8, "rto_reached_hours": 9, "rpo_hours": 4, "rpo_reached_hours": 3, "backup": "unverified",
             "last_restore_test": day(-90)},
            {},
        ]},
        {"BCD-K1": "33.3 %", "BCD-K2": "50.0 %", "BCD-K3": "33.3 %", "BCD-K4": "70 days"},
    ),
}  # fmt: skip


def test_every_figure_of_the_book_is_worked_out():
    assert [kpi.key for area in TWELVE for kpi in area.kpis] == [key for area in TWELVE for key in WORKED[area.slug][1]]


@pytest.fixture
def northwind(stage):
    """Forty people who turn over two million."""
    client = stage.get(Client, 1)
    client.headcount, client.revenue = 40, 2_000_000_00
    stage.add(
        Objective(
            id=1, client_id=1, area=Area.STR, title="x", mission_link="x", made_at=clock.now(), changed_at=clock.now()
        )
    )
    stage.commit()


@pytest.mark.parametrize("slug", WORKED)
def test_a_figure_by_its_formula(slug, put, northwind, see, cast, stage, statements):
    rows, expected = WORKED[slug]
    contracts = []
    for entry, said in rows.items():
        each = [{("contract_id" if name == "contract" else name): contracts[value].id if name == "contract" else value
                 for name, value in one.items()} for one in said]  # fmt: skip
        made = put(entry, *each, made_at=clock.now())
        put(entry, each[0], archived_at=clock.now())
        put(entry, each[0], to_be_confirmed=True)
        contracts = made if entry is VendorContract else contracts
    kpis = area_of(slug).kpis
    with see(cast.ben), statements() as seen:
        found = figures_of(kpis, 1, NOW)
    assert {kpi.key: measured(found.get(kpi.key), kpi.unit, "GBP") for kpi in kpis} == expected
    assert len(seen) == 1


def test_nothing_to_read_is_no_value(put, see, cast):
    """A dash, never 0 %: without rows, without anything to divide by, without a headcount."""
    put(Service, {"annual_cost": 100})
    put(DigitalChannel, {"revenue_last_quarter": 100})
    put(VendorContract, {"end": day(90)})
    with see(cast.ben):
        found = figures_of([kpi for area in TWELVE for kpi in area.kpis], 1, NOW)
    assert {key: found[key] for key in ("ITM-K1", "ITM-K3", "DXT-K4", "VEN-K1")} == dict.fromkeys(
        ("ITM-K1", "ITM-K3", "DXT-K4", "VEN-K1")
    )
    assert found["ITM-K4"] == 0
    assert not {"STR-K1", "SEC-K4", "INN-K4", "BCD-K4"} & found.keys()


def test_all_figures_of_all_clients_are_one_statement(put, see, cast, statements):
    for client in (1, 2):
        put(Service, {"satisfaction": 3, "users": 1}, client_id=client)
    with see(cast.ada), statements() as seen:
        found = figures_by_client([kpi for area in TWELVE for kpi in area.kpis], NOW)
    assert (len(seen), {client: one["ITM-K2"] for client, one in found.items()}) == (1, {1: 3, 2: 3})
    with see(cast.ben):
        assert set(figures_by_client(area_of("services").kpis, NOW)) == {1}, "of the clients that one serves"


@pytest.mark.engine_free
def test_targets():
    assert target(">= 95") == Target(">=", 95)
    assert [target("<= 1").met(Fraction(n)) for n in (1, 2)] == [True, False]
    assert [target("> 0").met(Fraction(n)) for n in (1, 0)] == [True, False]
    assert [target("= 100").met(Fraction(n)) for n in (100, 99)] == [True, False]
    assert [target(">= 0.5 a year").met(Fraction(n, 4)) for n in (2, 1)] == [True, None], "the year is not over"
    said = {kpi.key: kpi.wanted("GBP") for area in TWELVE for kpi in area.kpis}
    assert (said["STR-K1"], said["ITM-K2"], said["SEC-K2"], said["TAL-K4"]) == (
        "at least 95 %", "at least 4", "100 %", "at least 0.5 levels a year",
    )  # fmt: skip
    assert (said["STK-K4"], said["CMP-K4"], said["STR-K3"]) == ("at most 1 point", "Falling per user", "")


@pytest.mark.engine_free
def test_a_quarter_begins_with_its_first_month():
    assert [first_of_quarter(date(2026, month, 30)).month for month in (1, 3, 4, 9, 12)] == [1, 1, 4, 7, 10]
