"""The budget by category: what is summed over which lines, which year is shown, and what was saved."""

from decimal import Decimal

import pytest

from crm.areas.budget.models import BudgetCategory, Spending
from crm.areas.budget.sums import Budget, Savings, Sums
from crm.core.words import half_up, percent

LINES = "/clients/1/areas/budget/lines/"
SAVINGS = "/clients/1/areas/budget/savings/"
LINE = {
    "name": "Licences",
    "fiscal_year": "2026/27",
    "category": "software",
    "type": "run",
    "annual_budget": "9500",
    "approved": "yes",
}
SAVED = {"title": "Leavers", "type": "cost_out", "status": "realised", "annual_target": "2400", "annual_realised": "2280", "proof": "invoice",
         "due": "2026-01-01"}  # fmt: skip


def test_of_nothing_there_is_no_share():
    none = Sums(lines=1, budget=100)
    assert (none.over, none.over_by, none.of_budget, none.of_plan) == (None, None, None, None)
    assert Sums(lines=1, known=1, expected=100).over_by is None, "a budget of nothing"
    assert Budget("", []).run_share is None
    assert Savings(0, 0, 0, 0, 0, 0).of_due is None


def test_shares_are_compared_unrounded_and_shown_rounded():
    """Brackenhill's year of the book: 101.4 %."""
    year = Sums(budget=19450000, expected=19730000, budget_of_expected=19450000, known=8, lines=8)
    assert (year.over, percent(year.of_budget), half_up(year.over_by, 2)) == (280000, "101.4 %", Decimal("1.44"))
    assert not Sums(expected=115, budget_of_expected=100, known=1).is_far_over, "the limit belongs to the better colour"
    assert Sums(expected=116, budget_of_expected=100, known=1).is_far_over


def test_sums_by_category_and_by_what_the_money_does():
    row = (2, 100, 80, 30, 30, 40, 120, 100, 2)
    budget = Budget.of("2026/27", [
        (BudgetCategory.CLOUD, Spending.RUN, *row), (BudgetCategory.CLOUD, Spending.GROW, *row),
        (BudgetCategory.PEOPLE, Spending.RUN, 1, 300, *[0] * 7),
    ])  # fmt: skip
    assert [(one, sums.budget) for one, sums in budget.categories] == [("people", 300), ("cloud", 200)]
    assert [(one, sums.budget) for one, sums in budget.spending] == [("run", 400), ("grow", 100)]
    assert (budget.run_share, budget.total.lines, budget.total.over, budget.total.of_plan) == (80, 5, 40, 75)
    assert budget.bar(budget.categories[1][1]) == (80, 66)


@pytest.fixture
def ben(sign_in, cast):
    return sign_in(cast.ben)


def test_what_is_agreed_spent_and_expected(ben, words):
    ben.send(f"{LINES}new", **LINE, ytd_budget="6330", ytd_actual="6600", forecast_full_year="9900")
    ben.send(
        f"{LINES}new",
        **(LINE | {"name": "Wireless", "category": "hardware", "type": "grow", "annual_budget": "6200"}),
        forecast_full_year="7300",
    )
    ben.send(f"{LINES}new", **(LINE | {"name": "Unknown", "annual_budget": "500", "approved": None}))
    page = words(ben.get(f"{LINES}by-category"))
    said = "Northwind will spend £17,200 of £15,700 in 2026/27: £1,500 over, 109.6 % of the budget of the 2 of 3 lines that have a forecast."
    assert said in page
    assert "£16,200 £15,700 of it approved" in page
    assert "104.3 % of what was planned so far" in page
    assert page.rfind("Wireless") < page.rfind("Licences"), "the largest sum first"
    lines = ben.get(f"{LINES}by-category.csv").get_data(as_text=True).splitlines()
    assert lines[1:] == ["2026/27,Software,2,10000,9500,6600,9900,400,4.21", "2026/27,Hardware,1,6200,6200,0,7300,1100,17.74",
                         "2026/27,All,3,16200,15700,6600,17200,1500,9.55"]  # fmt: skip


def test_less_than_agreed_and_exactly(ben, words):
    ben.send(f"{LINES}new", **LINE, forecast_full_year="9000")
    assert "£500 under, 94.7 % of the budget." in words(ben.get(f"{LINES}by-category"))
    assert ",-500,-5.26" in ben.get(f"{LINES}by-category.csv").get_data(as_text=True)
    ben.send(f"{LINES}new", **(LINE | {"fiscal_year": "2027/28"}))
    page = words(ben.get(f"{LINES}by-category?year=2027/28"))
    assert "has a budget of £9,500 for 2027/28; what it will be is not written down yet." in page


def test_the_year_that_money_is_spent_in_comes_first(ben, words):
    for year, spent in (("2025/26", "100"), ("2026/27", "50"), ("2027/28", "")):
        ben.send(f"{LINES}new", **(LINE | {"fiscal_year": year}), ytd_actual=spent)
    assert "Budget of 2026/27" in words(ben.get(f"{LINES}by-category"))
    assert "Budget of 2027/28" in words(ben.get(f"{LINES}by-category?year=2027/28"))
    assert "Budget of 2026/27" in words(ben.get(f"{LINES}by-category?year=1066"))


def test_what_was_saved(ben, words):
    """What is proven counts whatever its status (BUD-K4); what was dropped is no aim; what is not due is not missed."""
    ben.send(f"{LINES}new", **LINE)
    ben.send(f"{SAVINGS}new", **SAVED)
    ben.send(
        f"{SAVINGS}new",
        **(SAVED | {"proof": "estimate", "annual_realised": "100", "due": "2099-01-01", "status": "agreed"}),
    )
    ben.send(f"{SAVINGS}new", **(SAVED | {"status": "dropped", "annual_realised": "", "proof": "none"}))
    page = words(ben.get(f"{LINES}by-category"))
    assert "To save a year £4,800 Saved £2,380 Of it proven £2,280 Of what is due 95.0 %" in page
