"""Rows of the registers by the thousand: what the areas of a large practice hold, worked out like any other row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Any

from sqlalchemy import inspect

from crm.areas import catalogue
from crm.areas.across.models import Action, Decision, RaidItem
from crm.areas.budget.models import BudgetLine, Saving
from crm.areas.compliance.models import Obligation
from crm.areas.continuity.models import CriticalService
from crm.areas.data.models import DataAsset, Signal, SignalReading
from crm.areas.innovation.models import Idea
from crm.areas.security.models import Incident, SecurityControl
from crm.areas.services.models import AssetGroup, Service
from crm.areas.stakeholders.models import Commitment, Stakeholder
from crm.areas.strategy.models import Initiative
from crm.areas.talent.models import SkillRecord
from crm.areas.transformation.models import DigitalChannel, ProcessImprovement
from crm.areas.vendors.models import VendorContract
from crm.clients.models import DepartmentKind
from crm.core.calendar import DAY, month_after, month_of
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.demo.book import Almanac, book
from crm.demo.bulk import Bulk
from crm.registers.models import RegisterEntry

DEPARTMENTS = list(DepartmentKind)
AREA = {register.entry: area.code for area, register in catalogue.registers() if not register.across}


@dataclass(frozen=True)
class Maker:
    """Chances for the rows of one client."""

    almanac: Almanac
    chance: Random
    contacts: Sequence[int]

    def of(self, name: str) -> str:
        return str(self.chance.choice(book("large")[name]))

    def word(self, model: type[RegisterEntry], column: str) -> Enum:
        """One of the words that a column knows."""
        kind: Any = inspect(model).columns[column].type
        found: Enum = self.chance.choice(list(kind.enum_class))
        return found

    def day(self, first: int, last: int) -> date:
        return self.almanac.today + self.chance.randint(first, last) * DAY

    def sum(self, most: int) -> int:
        return self.chance.randint(1, most) * 100_00

    def some(self, share: float) -> bool:
        return self.chance.random() < share

    def who(self) -> int:
        return self.chance.choice(self.contacts)

    def departments(self) -> list[DepartmentKind]:
        return self.chance.sample(DEPARTMENTS, self.chance.randint(1, 4))

    def share(self, least: int = 40) -> Decimal:
        return Decimal(self.chance.randint(least * 100, 100_00)) / 100

    def mark(self) -> Decimal:
        return Decimal(self.chance.randint(20, 50)) / 10


def _words(model: type[RegisterEntry], *columns: str) -> Callable[[Maker], dict[str, Any]]:
    return lambda make: {column: make.word(model, column) for column in columns}


Recipe = Callable[[Maker], Mapping[str, Any]]
RECIPES: tuple[tuple[type[RegisterEntry], int, Recipe], ...] = (  # how many of a hundred, and what is said in each
    (Service, 7, lambda make: {
        "name": make.of("services"), **_words(Service, "type", "criticality", "sourcing", "hosting", "byod_access")(make),
        "business_owner_id": make.who() if make.some(0.9) else None, "provider": make.of("vendors"), "users": make.chance.randint(3, 200),
        "annual_cost": make.sum(300), "availability_target": Decimal("99.5"), "availability_actual": make.share(98),
        "satisfaction": make.mark(), "support_ends": make.day(-60, 1_200), "energy_kwh_year": Decimal(make.chance.randint(100, 9_000)),
        "last_reviewed": make.day(-200, 0)}),
    (AssetGroup, 3, lambda make: {
        "name": make.of("equipment"), **_words(AssetGroup, "type", "owner_type", "stage")(make), "count": make.chance.randint(1, 60),
        "support_ends": make.day(-200, 1_500)}),
    (ProcessImprovement, 5, lambda make: {
        "title": make.of("processes"), "problem": "It takes too long, and nobody knows where it stands",
        **_words(ProcessImprovement, "owner_department", "value_type", "stage")(make), "departments": make.departments(),
        "owner_contact_id": make.who(), "hours_per_month_before": Decimal(make.chance.randint(20, 300)),
        "hours_per_month_after": Decimal(make.chance.randint(2, 20)), "annual_value_expected": make.sum(400),
        "annual_value_realised": make.sum(300), "baseline": make.mark(), "go_live_due": make.day(-20, 200)}),
    (DigitalChannel, 2, lambda make: {
        "name": make.of("channels"), **_words(DigitalChannel, "type")(make), "revenue_last_quarter": make.sum(9_000),
        "revenue_year_ago": make.sum(9_000), "satisfaction": make.mark(), "last_reviewed": make.day(-200, 0)}),
    (SecurityControl, 12, lambda make: {
        "ref": f"C-{make.chance.randint(1, 999)}", "title": make.of("controls"),
        **_words(SecurityControl, "origin", "csf_function", "state", "tag")(make), "auto_fail": make.some(0.1), "coverage": make.share(),
        "owner_contact_id": make.who(), "evidence_url": "https://documents.example/proof" if make.some(0.8) else "",
        "last_tested": make.day(-220, -1), "test_interval_days": 180}),
    (Incident, 3, lambda make: {
        "happened_on": make.day(-700, -30), "summary": make.of("incidents"), "severity": make.chance.randint(2, 4),
        "closed_on": make.day(-30, 0), "lessons_done": make.some(0.9)}),
    (BudgetLine, 9, lambda make: {
        "name": make.of("lines"), "fiscal_year": "2026/27", **_words(BudgetLine, "category", "type", "department")(make),
        "owner_contact_id": make.who(), "annual_budget": (budget := make.sum(900)), "ytd_budget": budget // 2, "ytd_actual": budget // 2,
        "forecast_full_year": budget * make.chance.randint(90, 112) // 100, "approved": True, "last_update": make.day(-60, 0)}),
    (Saving, 3, lambda make: {
        "title": make.of("savings"), **_words(Saving, "type", "proof", "status", "department")(make), "annual_target": make.sum(90),
        "annual_realised": make.sum(60), "due": make.day(-200, 200)}),
    (VendorContract, 9, lambda make: {
        "vendor": make.of("vendors"), "what": make.of("services"), **_words(VendorContract, "tier", "decision")(make),
        "annual_cost": make.sum(700), "start": make.day(-900, -100), "end": make.day(20, 900), "notice_days": make.chance.choice((30, 60, 90)),
        "owner_contact_id": make.who(), "sla_met": make.share(90), "satisfaction": make.mark(), "last_review": make.day(-150, 0),
        "personal_data": make.some(0.5), "data_terms_signed": True}),
    (SkillRecord, 5, lambda make: {
        "role": make.of("roles"), **_words(SkillRecord, "department", "employment", "development_plan", "flight_risk")(make),
        "critical_role": make.some(0.3), "cover_named": make.some(0.8), "main_skill": make.of("services"),
        "level_now": make.chance.randint(1, 5), "level_needed": make.chance.randint(2, 5), "last_one_to_one": make.day(-60, 0)}),
    (Idea, 5, lambda make: {
        "title": make.of("ideas"), **_words(Idea, "source_department", "value_type", "stage")(make), "submitted_by_id": make.who(),
        "submitted_on": make.day(-400, -40), "answered_on": make.day(-39, 0), "stage_since": make.day(-300, 0),
        "problem": "It costs an hour a day", "cost_limit": 200_000, "spent": make.chance.randint(0, 220_000), "ends_on": make.day(-10, 200)}),
    (DataAsset, 4, lambda make: {
        "name": make.of("data"), **_words(DataAsset, "domain", "owner_department", "classification")(make), "owner_contact_id": make.who(),
        "personal_data": make.some(0.4), "critical": make.some(0.4), "quality_score": make.share(60), "last_quality_check": make.day(-150, 0),
        "retention_rule": True, "shared_with": make.departments()}),
    (Signal, 2, lambda make: {
        "name": make.of("signals"), **_words(Signal, "department", "bad_direction")(make), "unit": "a month",
        "threshold": Decimal(make.chance.randint(100, 300)), "owner_contact_id": make.who(), "latest_on": make.day(-60, 0),
        "plan_in_place": make.some(0.5)}),
    (Obligation, 7, lambda make: {
        "title": make.of("duties"), **_words(Obligation, "origin", "topic", "status", "impact")(make), "owner_contact_id": make.who(),
        "last_checked": make.day(-380, 0), "check_interval_days": 365, "approved_by_id": make.who(), "approved_on": make.day(-400, 0)}),
    (Stakeholder, 4, lambda make: {
        "contact_id": make.who(), **_words(Stakeholder, "department", "stance")(make), "influence": make.chance.randint(1, 5),
        "trust_score": make.mark(), "trust_before": make.mark(), "last_contact": make.day(-100, 0), "next_step": "Ring"}),
    (Commitment, 6, lambda make: {
        "to_contact_id": make.who(), **_words(Commitment, "department")(make), "what": make.of("promises"),
        "promised_on": make.day(-300, -190), "due": make.day(-180, 60),
        "status": make.chance.choice(("kept", "kept", "kept", "late", "open"))}),
    (CriticalService, 4, lambda make: {
        "name": make.of("services"), **_words(CriticalService, "exercise_result", "backup")(make), "business_owner_id": make.who(),
        "mtpd_hours": Decimal(24), "rto_hours": Decimal(8), "rpo_hours": Decimal(4),
        "rto_reached_hours": Decimal(make.chance.randint(2, 10)), "rpo_reached_hours": Decimal(make.chance.randint(1, 5)),
        "last_exercise": make.day(-400, -1), "last_restore_test": make.day(-200, -1), "offline_copy": make.some(0.8)}),
    (Initiative, 6, lambda make: {
        "title": make.of("initiatives"), **_words(Initiative, "status", "value_type", "serves_area")(make), "departments": make.departments(),
        "owner_contact_id": make.who(), "sponsor_id": make.who(), "people_change": "Training", "process_change": "One path",
        "project_plan": "Three steps", "technology_change": "A tool", "baseline_due": make.day(-20, 400), "due": make.day(-10, 420),
        "annual_value": make.sum(900), "one_off_cost": make.sum(500), "last_update": make.day(-60, 0)}),
    (RaidItem, 5, lambda make: {
        "title": make.of("risks"), **_words(RaidItem, "type")(make), "likelihood": make.chance.randint(1, 4),
        "impact": make.chance.randint(1, 4), "owner_contact_id": make.who()}),
    (Action, 5, lambda make: {"title": make.of("promises"), "due": make.day(-5, 90), "owner_contact_id": make.who()}),
    (Decision, 2, lambda make: {
        "question": make.of("asks"), "options": ["Yes", "No"], "needed_by": make.day(-2, 90), "owner_contact_id": make.who()}),
)  # fmt: skip


def write(
    bulk: Bulk, almanac: Almanac, chance: Random, client_id: int, *, contacts: Sequence[int], number: int
) -> None:
    """About so many rows for a client, in every register."""
    make = Maker(almanac, chance, contacts)
    areas = list(Area)
    for entry, weight, recipe in RECIPES:
        for _ in range(max(1, number * weight // 108)):
            at = almanac.at(make.day(-700, -1), 11)
            seen = Visibility.CLIENT if make.some(0.7) else Visibility.TEAM
            own = {
                "client_id": client_id,
                "area": AREA.get(entry) or chance.choice(areas),
                "made_at": at,
                "changed_at": at,
                "visibility": seen,
            }
            row = bulk.add(entry, **_worked_out(entry, own | dict(recipe(make))))
            if entry is Signal:
                _readings(bulk, make, client_id, row, seen)


def _worked_out(entry: type[RegisterEntry], said: dict[str, Any]) -> dict[str, Any]:
    """With the columns that nobody types: rows that go out by the thousand are not asked for them by themselves."""
    row = entry(**said)
    row.derive()
    return said | {
        column.key: getattr(row, column.key) for column in inspect(entry).columns if column.info.get("derived")
    }


def _readings(bulk: Bulk, make: Maker, client_id: int, signal_id: int, seen: Visibility) -> None:
    value = make.chance.randint(40, 160)
    for back in range(8, 0, -1):
        value += make.chance.randint(-6, 10)
        month = month_after(month_of(make.almanac.today), -back)
        bulk.add(
            SignalReading, client_id=client_id, signal_id=signal_id, month=month, value=Decimal(value), visibility=seen
        )
