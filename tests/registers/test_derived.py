"""What the rows of registers work out by themselves, by the book's definitions."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from crm.areas.budget.models import BudgetLine
from crm.areas.catalogue import TWELVE
from crm.areas.compliance.models import Obligation
from crm.areas.continuity.models import CriticalService, ExerciseResult
from crm.areas.data.forecast import BadDirection, Reading, line_through, months_to_threshold
from crm.areas.data.models import Signal
from crm.areas.innovation.models import Idea
from crm.areas.security.models import SecurityControl
from crm.areas.services.models import OwnDevices, Service, Sourcing
from crm.areas.stakeholders.models import Stakeholder
from crm.areas.strategy.models import Initiative
from crm.areas.talent.models import Employment, SkillRecord
from crm.areas.transformation.models import ProcessImprovement
from crm.areas.vendors.models import VendorContract
from crm.clients.models import DepartmentKind
from crm.core.words import half_up
from crm.registers.models import DepartmentsType

TODAY = date(2026, 11, 22)
MADE = {"made_at": datetime(2026, 10, 23, 9, tzinfo=UTC)}  # 30 days ago


def days(number):
    return TODAY + timedelta(number)


def worked_out(entry, **said):
    row = entry(**MADE, **said)
    row.derive()
    return row


@pytest.mark.parametrize(
    ("entry", "said", "expected"),
    [
        (VendorContract, {"end": days(75), "notice_days": 30}, {"notice_by": days(45), "complete": False}),
        (VendorContract, {"end": days(75), "notice_days": 0, "owner_name": "Huw"}, {"notice_by": days(75), "complete": True}),
        (VendorContract, {"end": days(75), "owner_name": "Huw"}, {"notice_by": days(75), "complete": False}),
        (VendorContract, {"notice_days": 30}, {"notice_by": None, "review_due": days(70), "complete": False}),
        (VendorContract, {"start": days(-200)}, {"review_due": days(-100)}),
        (VendorContract, {"start": days(-200), "last_review": days(-15)}, {"review_due": days(85)}),
        (VendorContract, {"sla_met": Decimal("94.99")}, {"underperforming": True}),
        (VendorContract, {"sla_met": Decimal(95), "satisfaction": Decimal(3)}, {"underperforming": False}),
        (VendorContract, {"satisfaction": Decimal("2.9")}, {"underperforming": True}),
        (VendorContract, {"personal_data": None, "data_terms_signed": False}, {"data_not_covered": True}),
        (VendorContract, {"personal_data": False, "data_terms_signed": False}, {"data_not_covered": False}),
        (VendorContract, {"personal_data": True, "data_terms_signed": True}, {"data_not_covered": False}),
        (Initiative, {"people_change": "x", "process_change": " ", "departments": [DepartmentKind.IT, DepartmentKind.HR]},
         {"lens_count": 1, "department_count": 2, "owner_and_sponsor": False}),
        (Initiative, {"owner_name": "Huw", "sponsor_id": 1}, {"lens_count": 0, "owner_and_sponsor": True}),
        (Service, {"availability_target": Decimal(99), "availability_actual": Decimal("98.6"), "sourcing": Sourcing.BROKERED},
         {"below_target": True, "ungoverned": False}),
        (Service, {"availability_target": Decimal(99), "byod_access": OwnDevices.UNMANAGED}, {"below_target": False, "ungoverned": True}),
        (Service, {"sourcing": Sourcing.SHADOW}, {"ungoverned": True}),
        (ProcessImprovement, {"owner_name": "Sion", "owner_department": DepartmentKind.SALES}, {"business_owned": True}),
        (ProcessImprovement, {"owner_name": "Sion", "owner_department": DepartmentKind.IT}, {"business_owned": False}),
        (ProcessImprovement, {"owner_department": DepartmentKind.SALES}, {"business_owned": False}),
        (SecurityControl, {}, {"next_test_due": days(150)}),
        (SecurityControl, {"last_tested": days(-20), "test_interval_days": 90}, {"next_test_due": days(70)}),
        (BudgetLine, {"annual_budget": 20000, "forecast_full_year": 23000, "owner_name": "Huw", "approved": True},
         {"over_by_pct": Decimal(15), "unowned_or_unapproved": False}),
        (BudgetLine, {"annual_budget": 0, "forecast_full_year": 5, "owner_name": "Huw"}, {"over_by_pct": None, "unowned_or_unapproved": False}),
        (BudgetLine, {"annual_budget": 1, "forecast_full_year": 9_000_000_000_000}, {"over_by_pct": Decimal(999_999)}),
        (BudgetLine, {"annual_budget": 5, "ytd_actual": 1, "approved": False, "owner_name": "Huw"}, {"unowned_or_unapproved": True}),
        (SkillRecord, {"level_now": 2, "level_needed": 4, "cover_named": True, "employment": Employment.EMPLOYEE},
         {"skill_gap": 2, "covered": True}),
        (SkillRecord, {"level_now": 4, "level_needed": 2, "cover_named": True, "employment": Employment.VACANT},
         {"skill_gap": 0, "covered": False}),
        (SkillRecord, {"level_needed": 2}, {"skill_gap": None, "covered": False}),
        (Idea, {"cost_limit": 100, "spent": 101}, {"overspent": True}),
        (Idea, {"cost_limit": 100, "spent": 100}, {"overspent": False}),
        (Idea, {"spent": 100}, {"overspent": False}),
        (Obligation, {}, {"next_check_due": days(335)}),
        (Obligation, {"last_checked": days(-60), "check_interval_days": 180}, {"next_check_due": days(120)}),
        (Stakeholder, {"trust_score": Decimal("3.5"), "trust_before": Decimal("3.9")}, {"trust_falling": False, "next_contact_due": days(60)}),
        (Stakeholder, {"trust_score": Decimal("3.49"), "trust_before": Decimal("3.9"), "last_contact": days(-3), "contact_interval_days": 14},
         {"trust_falling": True, "next_contact_due": days(11)}),
        (CriticalService, {"mtpd_hours": Decimal(24), "rto_hours": Decimal(8), "rpo_hours": Decimal(4), "rto_reached_hours": Decimal(11)},
         {"targets_agreed": True, "target_missed": True, "next_exercise_due": days(335)}),
        (CriticalService, {"mtpd_hours": Decimal(8), "rto_hours": Decimal(8), "rpo_hours": Decimal(4)},
         {"targets_agreed": False, "target_missed": True}),
        (CriticalService, {"rto_reached_hours": Decimal(11)}, {"targets_agreed": False, "target_missed": False}),
        (CriticalService, {"exercise_result": ExerciseResult.FAIL}, {"target_missed": True}),
    ],
)  # fmt: skip
def test_what_is_worked_out(entry, said, expected):
    row = worked_out(entry, **said)
    assert {name: getattr(row, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("question", "entry", "name", "holds"),
    [
        ("is_restore_test_overdue", CriticalService, "last_restore_test", 180),
        ("is_end_overdue", Idea, "ends_on", 0),
    ],
)
def test_what_depends_on_today(question, entry, name, holds):
    """A missing date is not read as good."""
    for day, overdue in ((None, True), (days(-holds), False), (days(-holds - 1), True)):
        assert getattr(entry(**{name: day}), question)(TODAY) is overdue


def test_an_exercise_is_overdue_when_there_never_was_one():
    assert worked_out(CriticalService).is_exercise_overdue(TODAY)
    for ago, overdue in ((365, False), (366, True)):
        assert worked_out(CriticalService, last_exercise=days(-ago)).is_exercise_overdue(TODAY) is overdue


@pytest.mark.parametrize(
    ("threshold", "values", "bad", "months"),
    [
        (1000, (640, 690, 730, 780, 820, 870), "up", "2.89"),  # the book's
        (1000, (1, 640, 690, 730, 780, 820, 870), "up", "2.89"),  # the last six
        (1000, (640, 690), "up", None),
        (800, (640, 690, 800), "up", "0.00"),
        (1000, (870, 820, 780), "up", None),
        (1000, (5, 5, 5), "up", None),
        (500, (870, 820, 780, 730, 690, 640), "down", "3.11"),
        (700, (870, 820, 700), "down", "0.00"),
    ],
)
def test_months_to_a_threshold(threshold, values, bad, months):
    """F13."""
    read = [Reading(date(2026, month, 1), Decimal(value)) for month, value in enumerate(values, 1)]
    found = months_to_threshold(reversed(read), Decimal(threshold), BadDirection(bad))
    assert (None if found is None else f"{float(found):.2f}") == months


def test_the_line_of_the_book():
    """F13: slope 45.43, fitted 868.57."""
    values = (640, 690, 730, 780, 820, 870)
    line = line_through(Reading(date(2026, month, 1), Decimal(value)) for month, value in enumerate(values, 1))
    assert (str(half_up(line.slope, 2)), str(half_up(line.fitted_last, 2))) == ("45.43", "868.57")
    assert (line.first_month, line.last_month) == (date(2026, 1, 1), date(2026, 6, 1))
    assert line.after(-5) == line.fitted_last - 5 * line.slope


def test_a_month_that_nobody_read_is_a_month_all_the_same():
    read = [
        Reading(date(2025, 11, 1), Decimal(10)),
        Reading(date(2025, 12, 1), Decimal(20)),
        Reading(date(2026, 3, 1), Decimal(50)),
    ]
    assert months_to_threshold(read, Decimal(70), BadDirection.UP) == 2


def test_readings_are_kept_by_month():
    signal = Signal(client_id=1, threshold=9, bad_direction=BadDirection.UP)
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    signal.readings = [Reading(october, Decimal(4))]
    first = signal.kept[0]
    signal.readings = [Reading(november, Decimal(6)), Reading(october, Decimal(5))]
    assert (signal.kept[0] is first, first.value) == (True, Decimal(5)), "a month is changed, not written anew"
    assert [str(one) for one in signal.readings] == ["2026-10 5", "2026-11 6"]
    signal.readings = [Reading(november, Decimal(6))]
    assert [one.month for one in signal.kept] == [november]


def test_departments_are_kept_in_one_order_and_known():
    kept = DepartmentsType(200)
    assert kept.process_bind_param(["sales", "it", "finance"], None) == ",finance,sales,it,"
    assert kept.process_result_value(",finance,sales,it,", None) == ["finance", "sales", "it"]
    assert (kept.process_bind_param([], None), kept.process_result_value("", None)) == ("", [])
    with pytest.raises(ValueError, match="gardening"):
        kept.process_bind_param(["gardening"], None)


def test_a_count_of_nothing_is_said_in_words():
    count = next(rule for area in TWELVE for rule in area.rules if rule.id == "VEN-R2")
    share = next(rule for area in TWELVE for rule in area.rules if rule.id == "VEN-R3")
    assert count.sentence(None) == "No contracts need a decision within 60 days and have none"
    assert count.sentence(Fraction(0)).startswith("0 contracts")
    assert share.sentence(None).startswith("– %")
