"""What pages ask about expenses."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from crm.core.clock import today
from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Status
from crm.engagements.queries import engagements_named, named
from crm.engagements.states import LIVE, EngagementState
from crm.invoices.expenses.models import EXPENSE_WORDS, Expense, ExpenseCategory, ExpenseState


def expenses() -> Select[Expense]:
    """One's own and those of one's engagements, as they are seen."""
    return select(Expense).options(
        joinedload(Expense.person), joinedload(Expense.engagement).options(joinedload(Engagement.client), lazyload("*"))
    )


def one_expense(expense_id: int) -> Select[Expense]:
    return (
        select(Expense)
        .where(Expense.id == expense_id)
        .options(
            joinedload(Expense.person), joinedload(Expense.decided_by), joinedload(Expense.receipt),
            joinedload(Expense.engagement).joinedload(Engagement.client),
        )
    )  # fmt: skip


def expenses_listing(person_id: int | None) -> Listing:
    states = [(one.value, one.value.capitalize()) for one in ExpenseState]
    return Listing(
        sorts={
            "day": (Expense.spent_on,), "amount": (Expense.amount,), "state": (Expense.state,), "category": (Expense.category,)
        },
        key=Expense.id,
        search=[Expense.note],
        filters=[
            Filter("whose", "Whose", [("mine", "My own")], lambda _: Expense.person_id == person_id, blank="Everybody’s that I see"),
            Filter("state", "State", states, lambda value: Expense.state == ExpenseState(value), blank="Any state"),
            Filter("category", "What for", [(one.value, EXPENSE_WORDS[one]) for one in ExpenseCategory], lambda value: Expense.category == ExpenseCategory(value), blank="Anything"),
            Filter("billed", "Billed", [("open", "To be billed"), ("billed", "On an invoice")],
                   lambda value: Expense.billed_on_id.is_not(None) if value == "billed"
                   else and_(Expense.billed_on_id.is_(None), Expense.rebillable, Expense.state == ExpenseState.APPROVED), blank="Billed or not"),
        ],
        newest_first=True,
    )  # fmt: skip


@dataclass(frozen=True)
class ExpenseSums:
    waiting: int
    waiting_sum: int
    to_bill: int
    to_bill_sum: int


def expense_sums() -> ExpenseSums:
    """How much waits for somebody's yes, and how much for the next invoice: one statement."""
    waits = Expense.state == ExpenseState.WAITING
    bill = and_(Expense.state == ExpenseState.APPROVED, Expense.rebillable, Expense.billed_on_id.is_(None))
    found = db.session.execute(
        select(
            func.count(case((waits, 1))), func.coalesce(func.sum(case((waits, Expense.amount), else_=0)), 0),
            func.count(case((bill, 1))), func.coalesce(func.sum(case((bill, Expense.amount), else_=0)), 0),
        ).where(or_(waits, bill))
    ).one()  # fmt: skip
    return ExpenseSums(int(found[0]), int(found[1]), int(found[2]), int(found[3]))


def spent_for(person_id: int | None, *, is_partner: bool) -> list[tuple[int, str]]:
    """The engagements that an expense may be for: one's own, and for a partner each that runs."""
    found = engagements_named().where(Engagement.state.in_([*LIVE, EngagementState.CLOSED]))
    if not is_partner:
        mine = select(Assignment.engagement_id).where(
            Assignment.person_id == person_id, Assignment.status != Status.TENTATIVE, Assignment.begins <= today()
        )
        found = found.where(Engagement.id.in_(mine))
    return [(row.id, named(row)) for row in db.session.execute(found)]
