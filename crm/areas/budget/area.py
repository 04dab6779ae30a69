from crm.areas.budget.forms import BudgetLineForm, SavingForm
from crm.areas.budget.models import BudgetLine, Saving
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
)

AREA = Area.of(Code.BUD, LINES, SAVINGS)
