"""What is done with an expense: written down, revised, approved, refused, withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.forms import Press
from crm.core.viewer import Role, Viewer
from crm.engagements.models import Engagement
from crm.files.keeping import Brought, need_room
from crm.invoices.expenses.models import Expense, ExpenseState

Answers = Mapping[str, Any]


def add_expense(
    engagement: Engagement, said: Answers, files: Sequence[Brought], *, viewer: Viewer, press: Press
) -> Expense:
    expense = Expense(
        person_id=viewer.person_id, engagement_id=engagement.id, client_id=engagement.client_id, made_at=now(),
        state=ExpenseState.WAITING,
    )  # fmt: skip
    set_committed_value(expense, "engagement", engagement)
    with act(viewer, "expense.add", expense, press=press):
        expense.describe(today=today(), **said)
        _receive(expense, files, viewer)
        db.session.add(expense)
    return expense


def revise_expense(
    expense: Expense, said: Answers, files: Sequence[Brought], *, changes: str, viewer: Viewer, press: Press
) -> Expense:
    with act(viewer, "expense.revise", expense, press=press, reason=changes):
        expense.describe(today=today(), **said)
        _receive(expense, files, viewer)
    return expense


def _receive(expense: Expense, files: Sequence[Brought], viewer: Viewer) -> None:
    """The receipt, in place of the one before."""
    if not files or expense.client_id is None or expense.engagement_id is None:
        return
    need_room(expense.client_id, files[0].size)
    row = files[0].row(client_id=expense.client_id, engagement_id=expense.engagement_id, added_by_id=viewer.person_id)
    db.session.add(row)
    db.session.flush()
    expense.receipt_id = row.id


def approve_expense(expense: Expense, *, viewer: Viewer, press: Press) -> Expense:
    with act(viewer, "expense.approve", expense, press=press):
        expense.approve(viewer.person_id, now(), is_partner=viewer.role is Role.PARTNER)
    return expense


def refuse_expense(expense: Expense, remark: str, *, viewer: Viewer, press: Press) -> Expense:
    with act(viewer, "expense.refuse", expense, press=press, reason=remark):
        expense.refuse(viewer.person_id, now(), remark)
    return expense


def withdraw_expense(expense: Expense, *, viewer: Viewer, press: Press) -> Expense:
    with act(viewer, "expense.withdraw", expense, press=press):
        expense.withdraw()
    return expense
