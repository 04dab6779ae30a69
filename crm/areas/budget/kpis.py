"""What Budget Management measures."""

from crm.areas.budget.models import BudgetLine, Proof, Saving, Spending
from crm.registers.kpis import Kpi, Unit, part_of_revenue, ratio, share, target, total

PROVEN = (Proof.INVOICE, Proof.LEDGER)

KPIS = (
    Kpi("BUD-K1", "Forecast against budget", Unit.PCT, "Forecast of the full year, of the budget of the lines that have one",
        ratio(BudgetLine, "forecast_full_year", "annual_budget", lambda row, on: row.forecast_full_year.is_not(None)),
        target("<= 103")),
    Kpi("BUD-K2", "Run share", Unit.PCT, "Budget that keeps things running, of the whole budget",
        share(BudgetLine, lambda row, on: row.type == Spending.RUN, weight="annual_budget"), target("<= 70")),
    Kpi("BUD-K3", "Technology cost as share of revenue", Unit.PCT, "Forecast of the full year, of what the client turns over",
        part_of_revenue(BudgetLine, "forecast_full_year"), wish="Agreed with each client: what is usual differs by sector"),
    Kpi("BUD-K4", "Savings realised", Unit.MONEY, "Savings a year that an invoice or the ledger proves",
        total(Saving, "annual_realised", lambda row, on: row.proof.in_(PROVEN))),
    Kpi("BUD-K5", "Cost per head", Unit.MONEY, "Forecast of the full year, by the client’s headcount",
        total(BudgetLine, "forecast_full_year", per="headcount")),
)  # fmt: skip
