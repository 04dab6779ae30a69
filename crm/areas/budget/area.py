from crm.areas.budget.forms import BudgetLineForm, SavingForm
from crm.areas.budget.kpis import KPIS
from crm.areas.budget.models import BudgetLine, Saving
from crm.areas.budget.rules import RULES
from crm.core.twelve import Area as Code
from crm.registers.register import Area, Register

LINES = Register(
    slug="lines",
    title="Budget lines",
    one="budget line",
    entry=BudgetLine,
    form=BudgetLineForm,
    columns={
        "Line": "name",
        "Year": "fiscal_year",
        "Category": "category",
        "What it does": "type",
        "Owner": "owner",
        "Budget": "annual_budget",
        "Spent so far": "ytd_actual",
        "Expected": "forecast_full_year",
        "Over by, %": "over_by_pct",
        "Last update": "last_update",
    },
    empty="Put all technology money on one page, what departments buy themselves included.",
    plain="What technology costs you",
    told={
        "What for": "name",
        "Planned": "annual_budget",
        "Spent so far": "ytd_actual",
        "Expected for the year": "forecast_full_year",
        "Answers for it": "owner",
        "Year": "fiscal_year",
        "Kind": "category",
        "What the money does": "type",
        "Department": "department",
        "Agreed": "approved",
        "Planned so far": "ytd_budget",
        "Last heard of": "last_update",
    },
    views=(("By category", "budget.show"),),
)

SAVINGS = Register(
    slug="savings",
    title="Savings",
    one="saving",
    entry=Saving,
    form=SavingForm,
    columns={
        "Saving": "title",
        "Kind": "type",
        "Contract": "contract_label",
        "Department": "department",
        "To save": "annual_target",
        "Saved": "annual_realised",
        "Proof": "proof",
        "Due": "due",
        "Status": "status",
    },
    empty="Write down what shall be saved, by when, and what will prove it.",
    brings=("contract",),
    plain="What we want to save",
    told={
        "Saving": "title",
        "To save a year": "annual_target",
        "Saved a year": "annual_realised",
        "By": "due",
        "How far": "status",
        "Kind": "type",
        "Contract": "contract_label",
        "Department": "department",
        "Proof": "proof",
    },
)

AREA = Area.of(Code.BUD, LINES, SAVINGS, rules=RULES, min_rows=5, kpis=KPIS)
