"""Register rows of the engagements that the demo does not show in depth: enough of them, and as good as the latest colour.

Rows are whole and up to date; where the colour is amber or red, as many of them fall short as a critical rule asks for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm.areas.across.models import Action, Decision, RaidItem, RaidType
from crm.areas.budget.models import BudgetCategory, BudgetLine, Spending
from crm.areas.compliance.models import Impact, Obligation, ObligationOrigin, ObligationStatus, Topic
from crm.areas.continuity.models import Backup, CriticalService, ExerciseResult
from crm.areas.data.forecast import Reading
from crm.areas.data.models import Classification, DataAsset, DataDomain, Signal
from crm.areas.innovation.models import Idea, IdeaStage
from crm.areas.security.models import ControlOrigin, ControlState, SecurityControl, SecurityFunction
from crm.areas.services.models import Criticality, Service, ServiceType, Sourcing
from crm.areas.stakeholders.models import Commitment, CommitmentStatus, Stakeholder, Stance
from crm.areas.strategy.models import Initiative, InitiativeStatus, Objective
from crm.areas.talent.models import Employment, FlightRisk, PlanState, SkillRecord
from crm.areas.transformation.models import ImprovementStage, ProcessImprovement
from crm.areas.vendors.models import RenewalDecision, Tier, VendorContract
from crm.clients.models import DepartmentKind
from crm.core.calendar import DAY, month_after, month_of
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.demo.book import book
from crm.demo.registers import OURS_ALONE, year_of_the_books
from crm.demo.rows import Maker
from crm.demo.scene import Scene
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment
from crm.engagements.scopes import Rag
from crm.engagements.states import EngagementState
from crm.registers.models import RegisterEntry, ValueType

RUNNING = (EngagementState.ACTIVE, EngagementState.PAUSED, EngagementState.CLOSING)
OFFICES = (DepartmentKind.SALES, DepartmentKind.OPERATIONS, DepartmentKind.FINANCE, DepartmentKind.HR)
PROOF = "https://documents.example/proof"


@dataclass
class Client:
    """Whose rows are made, and with which names."""

    scene: Scene
    engagement: Engagement
    lead: Assignment
    make: Maker
    goal: int | None

    def day(self, first: int, last: int) -> Any:
        return self.make.day(first, last)


@dataclass(frozen=True)
class Filling:
    """One register: what its rows are called, how a good one looks, and how those look that make the area amber or red."""

    area: Area
    entry: type[RegisterEntry]
    names: str  # a list of words of the book
    column: str
    rows: tuple[int, int]
    good: Callable[[Client, int], Mapping[str, Any]]
    short: Callable[[Client], Mapping[str, Any]] = lambda _: {}
    amber: int = 0  # how many rows fall short
    red: int = 0


def _each(options: tuple[Any, ...], n: int) -> Any:
    return options[n % len(options)]


FILLINGS = (
    Filling(Area.STR, Initiative, "initiatives", "title", (4, 5), lambda of, n: {
        "objective_id": of.goal, "people_change": "Those who do it learn it first", "process_change": "One path, agreed by all who touch it",
        "project_plan": "A pilot, then everybody", "technology_change": "What is there, used properly",
        "departments": [_each(OFFICES, n), _each(OFFICES, n + 1)], "owner_contact_id": of.make.who(), "sponsor_id": of.make.contacts[0],
        "status": InitiativeStatus.ACTIVE, "start": of.day(-150, -40), "baseline_due": of.day(40, 200), "due": of.day(210, 260),
        "value_type": ValueType.TIME, "annual_value": of.make.sum(400), "one_off_cost": of.make.sum(200), "last_update": of.day(-30, -2)},
        lambda of: {"baseline_due": of.day(-40, -5)}, 1, 3),
    Filling(Area.ITM, Service, "services", "name", (6, 8), lambda of, n: {
        "type": _each(tuple(ServiceType), n), "criticality": Criticality.CRITICAL if n < 3 else Criticality.NORMAL,
        "business_owner_id": of.make.who(), "provider": of.make.of("vendors"), "sourcing": _each((Sourcing.MANAGED_SERVICE, Sourcing.BROKERED), n),
        "users": of.make.chance.randint(5, 80), "annual_cost": of.make.sum(120), "availability_target": Decimal("99.5"),
        "availability_actual": Decimal("99.8"), "satisfaction": Decimal(of.make.chance.randint(39, 46)) / 10,
        "support_ends": of.day(300, 1200), "last_reviewed": of.day(-60, -5)},
        lambda of: {"availability_actual": Decimal(of.make.chance.randint(970, 989)) / 10}, 1, 2),
    Filling(Area.DXT, ProcessImprovement, "processes", "title", (5, 6), lambda of, n: {
        "problem": "It takes too long, and nobody knows where it stands", "owner_contact_id": of.make.who(), "owner_department": _each(OFFICES, n),
        "departments": [_each(OFFICES, n), _each(OFFICES, n + 2)], "measure": "days", "baseline": Decimal(of.make.chance.randint(4, 12)),
        "target": Decimal(2), "current": Decimal(of.make.chance.randint(2, 4)), "value_type": ValueType.TIME,
        "stage": ImprovementStage.BUILDING, "go_live_due": of.day(20, 120), "annual_value_expected": of.make.sum(250)},
        lambda of: {"go_live_due": of.day(-30, -3)}, 1, 3),
    Filling(Area.SEC, SecurityControl, "controls", "title", (8, 8), lambda of, n: {
        "ref": f"CE-{n + 1}", "origin": ControlOrigin.CYBER_ESSENTIALS, "csf_function": _each(tuple(SecurityFunction), n),
        "state": ControlState.IN_PLACE, "auto_fail": n < 3, "owner_contact_id": of.make.who(), "evidence_url": PROOF,
        "coverage": Decimal(of.make.chance.randint(92, 100)), "last_tested": of.day(-150, -10), "test_interval_days": 180},
        lambda _: {"state": ControlState.PARTIAL, "coverage": Decimal(60)}, 1, 2),
    Filling(Area.BUD, BudgetLine, "lines", "name", (5, 9), lambda of, n: {
        "fiscal_year": year_of_the_books(of.make.almanac.today), "category": _each(tuple(BudgetCategory), n), "type": Spending.RUN,
        "owner_contact_id": of.make.who(), **_sums(of, 98, 103), "approved": True, "last_update": of.day(-30, -2)},
        lambda of: _sums(of, 107, 109), 99),
    Filling(Area.VEN, VendorContract, "vendors", "vendor", (4, 7), lambda of, n: {
        "what": of.make.of("services"), "tier": _each(tuple(Tier), n), "annual_cost": of.make.sum(200), "start": of.day(-700, -200),
        "end": of.day(280, 800), "notice_days": _each((30, 60, 90), n), "owner_contact_id": of.make.who(), "sla_met": Decimal("98.5"),
        "satisfaction": Decimal(of.make.chance.randint(34, 46)) / 10, "last_review": of.day(-80, -5), "personal_data": n % 2 == 0,
        "data_terms_signed": True},
        lambda of: {"end": of.day(40, 80), "notice_days": 90, "decision": RenewalDecision.UNDECIDED}, 1, 2),
    Filling(Area.TAL, SkillRecord, "roles", "role", (4, 6), lambda of, n: {
        "department": DepartmentKind.IT, "employment": Employment.EMPLOYEE, "critical_role": n < 2, "cover_named": True,
        "main_skill": of.make.of("services"), "level_now": 3 + n % 2, "level_needed": 4, "development_plan": PlanState.AGREED,
        "last_one_to_one": of.day(-35, -3), "flight_risk": FlightRisk.LOW},
        lambda _: {"cover_named": False, "critical_role": True}, 1, 2),
    Filling(Area.INN, Idea, "ideas", "title", (3, 5), lambda of, n: {
        "problem": "It costs an hour a day", "source_department": _each(OFFICES, n), "submitted_by_id": of.make.who(),
        "submitted_on": of.day(-80, -40), "answered_on": of.day(-35, -20), "value_type": ValueType.TIME,
        "stage": (IdeaStage.SCREENED, IdeaStage.PILOT)[n == 0], "stage_since": of.day(-19, -2), "cost_limit": 200_000, "spent": 80_000,
        "ends_on": of.day(20, 90)},
        lambda of: {"stage": IdeaStage.PILOT, "ends_on": of.day(-20, -2)}, 1, 3),
    Filling(Area.DAT, DataAsset, "data", "name", (4, 6), lambda of, n: {
        "domain": _each(tuple(DataDomain), n), "owner_department": _each(OFFICES, n), "owner_contact_id": of.make.who(), "personal_data": n % 2 == 0,
        "critical": True, "quality_score": Decimal(of.make.chance.randint(88, 97)), "last_quality_check": of.day(-90, -5),
        "classification": Classification.CONFIDENTIAL, "retention_rule": True, "shared_with": [_each(OFFICES, n + 1)]},
        lambda _: {"owner_contact_id": None}, 1, 2),
    Filling(Area.DAT, Signal, "signals", "name", (4, 4), lambda of, n: {
        "department": _each(OFFICES, n), "unit": "a month", "threshold": Decimal(200), "bad_direction": "up", "owner_contact_id": of.make.who(),
        "latest_on": of.day(-30, -5), "plan_in_place": False, "readings": _level(of)}),
    Filling(Area.CMP, Obligation, "duties", "title", (5, 8), lambda of, n: {
        "origin": ObligationOrigin.LAW, "topic": _each(tuple(Topic), n), "status": ObligationStatus.MET, "impact": Impact.HIGH,
        "owner_contact_id": of.make.who(), "last_checked": of.day(-250, -20), "check_interval_days": 365, "evidence_url": PROOF},
        lambda _: {"status": ObligationStatus.NOT_MET}, 1, 2),
    Filling(Area.STK, Stakeholder, "", "contact_id", (4, 6), lambda of, n: {
        "department": _each(OFFICES, n), "influence": 4 if n < 2 else 3, "stance": _each((Stance.SUPPORTER, Stance.CHAMPION), n),
        "trust_score": Decimal(of.make.chance.randint(37, 45)) / 10, "trust_before": Decimal("3.6"), "last_contact": of.day(-40, -3),
        "next_step": "Coffee next month"}),
    Filling(Area.STK, Commitment, "promises", "what", (5, 5), lambda of, n: {
        "to_contact_id": of.make.who(), "department": _each(OFFICES, n), "promised_on": of.day(-170, -120), "due": of.day(-110, -20),
        "status": CommitmentStatus.KEPT},
        lambda _: {"status": CommitmentStatus.LATE}, 1, 2),
    Filling(Area.BCD, CriticalService, "services", "name", (3, 5), lambda of, n: {
        "business_owner_id": of.make.who(), "mtpd_hours": Decimal(_each((24, 48), n)), "rto_hours": Decimal(8), "rpo_hours": Decimal(4),
        "exercise_result": ExerciseResult.PASS, "rto_reached_hours": Decimal(of.make.chance.randint(3, 7)), "rpo_reached_hours": Decimal(2),
        "backup": Backup.VERIFIED, "offline_copy": True, "last_exercise": of.day(-250, -30), "last_restore_test": of.day(-140, -10)},
        lambda _: {"exercise_result": ExerciseResult.PARTIAL, "rto_reached_hours": Decimal(11)}, 1, 2),
)  # fmt: skip


def _sums(of: Client, least: int, most: int) -> dict[str, int]:
    """A line of the budget, half way through its year, and what it is forecast to come to in per cent."""
    budget = of.make.sum(300)
    return {
        "annual_budget": budget, "ytd_budget": budget // 2, "ytd_actual": budget // 2,
        "forecast_full_year": budget * of.make.chance.randint(least, most) // 100,
    }  # fmt: skip


def _level(of: Client) -> list[Reading]:
    """Six months of a figure that goes nowhere near its limit."""
    last = month_of(of.make.almanac.today)
    return [Reading(month_after(last, -n), Decimal(of.make.chance.randint(90, 94) + n)) for n in range(6, 0, -1)]


def fill(scene: Scene) -> None:
    """The rows of every client with a running engagement that the book does not write out."""
    for key, engagement in scene.engagements.items():
        if key not in book("registers") and engagement.state in RUNNING:
            _fill(scene, key, engagement)


def _fill(scene: Scene, key: str, engagement: Engagement) -> None:
    code = next(code for code, client in scene.clients.items() if client.id == engagement.client_id)
    contacts = [contact.id for (whose, _), contact in scene.contacts.items() if whose == code]
    goal = db.session.scalars(select(Objective.id).where(Objective.client_id == engagement.client_id)).first()
    make = Maker(scene.almanac, scene.almanac.dice(f"rows {key}"), contacts)
    of = Client(scene, engagement, scene.teams[key][0], make, goal)
    for filling in FILLINGS:
        if engagement.scope_of(filling.area).is_in:
            for said in _rows(of, filling, _colour(scene, engagement, filling, code)):
                _write(of, filling.area, filling.entry, said)
    _across(of)


def _colour(scene: Scene, engagement: Engagement, filling: Filling, code: str) -> Rag:
    if code == "NTH" and filling.area is Area.VEN:
        return Rag.AMBER  # one contract passed its day, and nobody has said so yet
    said = scene.verdicts.get((engagement.client_id, filling.area))
    return said.rag if said else Rag.GREEN


def _rows(of: Client, filling: Filling, colour: Rag) -> list[dict[str, Any]]:
    number = of.make.chance.randint(*filling.rows)
    if filling.names:
        named = of.make.chance.sample(book("large")[filling.names], number)
    else:
        named = list(dict.fromkeys(of.make.contacts))[:number]
    fails = {Rag.AMBER: filling.amber, Rag.RED: filling.red or filling.amber}.get(colour, 0)
    return [
        dict(filling.good(of, n)) | {filling.column: name} | (dict(filling.short(of)) if n < fails else {})
        for n, name in enumerate(named)
    ]


def _across(of: Client) -> None:
    """Risks that somebody works at, and what is to be decided, as the book has it for the others."""
    areas = [scope.area for scope in of.engagement.scopes if scope.is_in]
    chance = of.make.chance
    for title in chance.sample(book("large")["risks"], chance.randint(3, 5)):
        _write(of, chance.choice(areas), RaidItem, {
            "title": title, "type": RaidType.RISK, "likelihood": chance.randint(2, 3), "impact": chance.randint(3, 4),
            "owner_contact_id": of.make.who(), "next_review": of.day(5, 40), "response": "Looked at each month",
        })  # fmt: skip
    for days, question in zip((25, 70), chance.sample(book("large")["asks"], 2), strict=True):
        _write(of, chance.choice(areas), Decision, {
            "question": question, "options": ["The cheaper one", "The one that lasts"], "recommendation": "The one that lasts",
            "needed_by": of.make.almanac.today + days * DAY, "owner_contact_id": of.make.contacts[0],
        })  # fmt: skip
    _write(of, chance.choice(areas), Action, {
        "title": chance.choice(book("large")["promises"]), "due": of.day(3, 30), "owner_contact_id": of.make.who(),
    })  # fmt: skip


def _write(of: Client, area: Area, entry: type[RegisterEntry], said: dict[str, Any]) -> None:
    at, who = of.make.almanac.at(of.engagement.starts, 11), of.lead.person_id
    row = entry(
        client_id=of.engagement.client_id, area=area, made_at=at, changed_at=at, made_by_id=who, changed_by_id=who,
        visibility=Visibility.TEAM if entry in OURS_ALONE else Visibility.CLIENT, **said,
    )  # fmt: skip
    db.session.add(row)
    of.scene.tell(at, "register.add", row, of.scene.people[of.scene.keyed(who)])
