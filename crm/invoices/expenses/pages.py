"""Expenses: what somebody paid for a client, with its receipt, and whose yes it needs."""

from typing import Any

from flask import Response, abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages, slow
from crm.access.policy import may
from crm.audit.trail import history_of
from crm.core.clock import today
from crm.core.db import db, writing
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press, plain_sum
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.viewer import Role
from crm.core.web import answer, page_or_part
from crm.core.words import iso, worded
from crm.engagements.models import Engagement
from crm.files.keeping import brought
from crm.files.serving import download
from crm.invoices.expenses import operations as do
from crm.invoices.expenses import queries as ask
from crm.invoices.expenses.models import EXPENSE_WORDS, Expense
from crm.invoices.forms import ExpenseForm, RefusalForm

pages = Pages("expenses", __name__, roles=DESK, url_prefix="/expenses")


def the_expense(expense_id: int) -> Expense:
    found: Expense = db.one_or_404(ask.one_expense(expense_id))
    return found


@pages.get("")
def index() -> ResponseReturnValue:
    page = page_of(ask.expenses(), ask.expenses_listing(g.viewer.person_id))
    return page_or_part(
        "invoices/expenses.html",
        "invoices/_expenses.html",
        page=page,
        sums=ask.expense_sums(),
        EXPENSE_WORDS=EXPENSE_WORDS,
        export=page.exported_by(".export"),
    )


@pages.get("/list.csv")
def export() -> Response:
    rows = (
        (iso(one.spent_on), EXPENSE_WORDS[one.category], one.engagement.client.name if one.engagement else "",
         one.engagement.code if one.engagement else "", one.person.name, plain_sum(one.amount), plain_sum(one.tax),
         "yes" if one.rebillable else "no", "yes" if one.receipt_id else "no", "Billed" if one.billed_on_id else worded(one.state), one.note)
        for one in all_rows(ask.expenses(), ask.expenses_listing(g.viewer.person_id))
    )  # fmt: skip
    heads = (
        "Day",
        "What for",
        "Client",
        "Engagement",
        "Who",
        "Amount",
        "Tax in it",
        "Billed to the client",
        "Receipt",
        "State",
        "Note",
    )
    return csv_of(heads, rows, "expenses")


@pages.route("/new", methods=["GET", "POST"])
@slow
def new() -> ResponseReturnValue:
    """One more. The receipt is looked at before anything is written."""
    form = ExpenseForm(data={"spent_on": today(), "rebillable": True})
    form.offer(_choices())

    def deed(press: Press) -> Expense:
        with brought(form.uploads.data) as files, writing():
            engagement = db.get_or_404(Engagement, form.engagement_id.data)
            made = do.add_expense(engagement, form.said(), files, viewer=g.viewer, press=press)
        flash("Kept. It waits for the lead’s or a partner’s yes.", "g")
        return made

    def page(form: Form) -> str:
        return render_template("invoices/expense_form.html", form=form, expense=None)

    return _answered(form, deed, page)


def _choices() -> list[tuple[int, str]]:
    return ask.spent_for(g.viewer.person_id, is_partner=g.viewer.role is Role.PARTNER)


def _answered(form: Any, deed: Any, page: Any) -> ResponseReturnValue:
    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=here)


def here(expense: Expense) -> str:
    return url_for("expenses.show", expense_id=expense.id)


@pages.get("/<id:expense_id>")
def show(expense_id: int) -> ResponseReturnValue:
    return shown(the_expense(expense_id))


def shown(expense: Expense, refusal: Form | None = None) -> str:
    return render_template(
        "invoices/expense.html", expense=expense, EXPENSE_WORDS=EXPENSE_WORDS,
        press=lambda: Form(None, data={"version": expense.version}),
        refusal=refusal or RefusalForm(None, data={"version": expense.version}),
        history_rows=db.session.scalars(history_of(expense)).unique().all(),
    )  # fmt: skip


@pages.route("/<id:expense_id>/edit", methods=["GET", "POST"])
@slow
def edit(expense_id: int) -> ResponseReturnValue:
    expense = the_expense(expense_id)
    if not may(g.viewer, "expense.revise", expense):
        raise NotPermitted("expense.revise")
    form = ExpenseForm(obj=expense, data={"version": expense.version})
    form.offer([(expense.engagement_id or 0, _name_of(expense))])

    def deed(press: Press) -> Expense:
        with brought(form.uploads.data) as files, writing():
            now = the_expense(expense_id)
            return do.revise_expense(now, form.said(), files, changes=form.changes(now), viewer=g.viewer, press=press)

    def page(form: Form) -> str:
        return render_template("invoices/expense_form.html", form=form, expense=the_expense(expense_id))

    return _answered(form, deed, page)


def _name_of(expense: Expense) -> str:
    engagement = expense.engagement
    return f"{engagement.client.name}, {engagement.title} ({engagement.code})" if engagement else ""


@pages.post("/<id:expense_id>/approval")
def approve(expense_id: int) -> ResponseReturnValue:
    expense = the_expense(expense_id)
    return _step(expense, Form(), lambda press: do.approve_expense(expense, viewer=g.viewer, press=press))


@pages.post("/<id:expense_id>/refusal")
def refuse(expense_id: int) -> ResponseReturnValue:
    expense, form = the_expense(expense_id), RefusalForm()
    return _step(
        expense, form, lambda press: do.refuse_expense(expense, form.remark.data, viewer=g.viewer, press=press)
    )


@pages.post("/<id:expense_id>/withdrawal")
def withdraw(expense_id: int) -> ResponseReturnValue:
    expense = the_expense(expense_id)
    return _step(expense, Form(), lambda press: do.withdraw_expense(expense, viewer=g.viewer, press=press))


def _step(expense: Expense, form: Form, deed: Any) -> ResponseReturnValue:
    key = expense.id

    def page(form: Form) -> str:
        again = form if isinstance(form, RefusalForm) else RefusalForm(None)
        again.trouble = form.trouble
        return shown(the_expense(key), again)

    return answer(form, deed, page, leads_to=url_for("expenses.show", expense_id=key))


@pages.get("/<id:expense_id>/files/receipt")
def receipt(expense_id: int) -> Response:
    expense = the_expense(expense_id)
    return download(expense.receipt) if expense.receipt else abort(404)
