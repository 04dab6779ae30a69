"""What the view of the budget asks: sums by category and kind of spending, savings, and the lines that go over."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from crm.areas.budget.models import PROVEN, BudgetLine, Saving, SavingStatus

LINE = BudgetLine
MOST = 10  # lines that go over, in the list of them


def _of(client_id: int) -> ColumnElement[bool]:
    return and_(LINE.client_id == client_id, LINE.archived_at.is_(None))


def _sum(column: Any, *where: Any) -> Any:
    return func.coalesce(func.sum(case((and_(*where), column), else_=0) if where else column), 0)


def years_of(client_id: int) -> Select[Any]:
    """The years of the books that there are lines of, the newest first, and what was spent in each."""
    return (
        select(LINE.fiscal_year, _sum(LINE.ytd_actual))
        .where(_of(client_id))
        .group_by(LINE.fiscal_year)
        .order_by(LINE.fiscal_year.desc())
    )


def sums_of(client_id: int, year: str) -> Select[Any]:
    """By category and by what the money does, in the order of crm.areas.budget.sums.Sums."""
    expected = LINE.forecast_full_year.is_not(None)
    both = and_(LINE.ytd_actual.is_not(None), LINE.ytd_budget.is_not(None))
    columns: list[Any] = [
            LINE.category, LINE.type, func.count(), _sum(LINE.annual_budget), _sum(LINE.annual_budget, LINE.approved),
            _sum(LINE.ytd_actual), _sum(LINE.ytd_actual, both), _sum(LINE.ytd_budget, both), _sum(LINE.forecast_full_year),
            _sum(LINE.annual_budget, expected), func.count(LINE.forecast_full_year),
    ]  # fmt: skip
    return select(*columns).where(_of(client_id), LINE.fiscal_year == year).group_by(LINE.category, LINE.type)


def over_of(client_id: int, year: str) -> Select[Any]:
    """Lines that will cost more than was agreed, the largest sum first."""
    over = LINE.forecast_full_year - LINE.annual_budget
    return (
        select(LINE)
        .where(_of(client_id), LINE.fiscal_year == year, over > 0)
        .order_by(over.desc(), LINE.id)
        .limit(MOST)
    )


def savings_of(client_id: int, today: date) -> Select[Any]:
    """How many there are, what they shall save and do, what is proven (BUD-K4), and both sums of what is due (BUD-R5)."""
    aimed = Saving.status != SavingStatus.DROPPED
    agreed = (SavingStatus.AGREED, SavingStatus.IN_PROGRESS, SavingStatus.REALISED)
    is_due = and_(Saving.status.in_(agreed), Saving.due < today)
    return select(
        func.count(), _sum(Saving.annual_target, aimed), _sum(Saving.annual_realised), _sum(Saving.annual_realised, Saving.proof.in_(PROVEN)),
        _sum(Saving.annual_target, is_due), _sum(Saving.annual_realised, is_due),
    ).select_from(Saving).where(Saving.client_id == client_id, Saving.archived_at.is_(None))  # fmt: skip
