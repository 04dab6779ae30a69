"""What the rows of this area say of it, as rules."""

from crm.areas.budget.models import UPDATE_EVERY, BudgetLine, Saving, SavingStatus
from crm.engagements.scopes import Rag
from crm.registers.rules import Rule, count, over, overdue, pct, ratio, under

AGREED = (SavingStatus.AGREED, SavingStatus.IN_PROGRESS, SavingStatus.REALISED)

RULES = (
    Rule(
        "BUD-R1", BudgetLine, "Full-year forecast is {value} % of budget",
        ratio("forecast_full_year", "annual_budget", lambda row, today: (row.forecast_full_year.is_not(None),)),
        amber=over(105), red=over(112), empty=Rag.RED, critical=True,
    ),
    Rule(
        "BUD-R2", BudgetLine, "{value} lines are forecast more than 15 % over",
        count(lambda row, today: (row.over_by_pct > 15,)),
        amber=over(0), red=over(3), empty=Rag.GREEN, one="1 line is forecast more than 15 % over",
    ),
    Rule(
        "BUD-R3", BudgetLine, "{value} % of lines were not updated for 45 days",
        pct(lambda row, today: (overdue(row.last_update, today - UPDATE_EVERY),)),
        amber=over(25), red=over(60), empty=None,
    ),
    Rule(
        "BUD-R4", BudgetLine, "{value} lines have no owner or are spent without approval",
        count(lambda row, today: (row.unowned_or_unapproved.is_(True),)),
        amber=over(0), red=over(3), empty=Rag.GREEN, one="1 line has no owner or is spent without approval",
    ),
    Rule(
        "BUD-R5", Saving, "{value} % of the agreed savings were realised",
        ratio("annual_realised", "annual_target", lambda row, today: (row.status.in_(AGREED), row.due < today)),
        amber=under(80), red=under(50), empty=None,
    ),
    Rule(
        "BUD-R6", BudgetLine, "Year-to-date actual is {value} % of year-to-date budget",
        ratio("ytd_actual", "ytd_budget", lambda row, today: (row.ytd_actual.is_not(None), row.ytd_budget.is_not(None))),
        amber=over(107), red=over(115), empty=None,
    ),
)  # fmt: skip
