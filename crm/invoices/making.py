"""A draft made of what a closed month leaves to bill: of one engagement, or of all. Partners do it."""

from datetime import date

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import PARTNERS, Pages
from crm.core import inputs
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Form, Press
from crm.core.web import answer, from_address
from crm.core.words import month as month_words
from crm.core.words import plural
from crm.engagements.models import Engagement
from crm.invoices import drafts, to_bill
from crm.invoices.basis import bases_of, basis_of
from crm.invoices.desk import here
from crm.invoices.forms import DraftForm, MonthForm
from crm.invoices.models import Invoice

pages = Pages("new_invoices", __name__, roles=PARTNERS, url_prefix="/invoices")


def _draft_form() -> DraftForm:
    asked = request.args.get("engagement", "")
    named = asked if asked.isascii() and asked.isdigit() else None
    form = DraftForm(
        data={"month": _month_asked() or next(iter(to_bill.months_closed(1)), None), "engagement_id": named}
    )
    form.engagement_id.of(to_bill.engagements_to_bill())
    return form


def _month_asked() -> date | None:
    """The closed month that a link led from."""
    return from_address("month", inputs.month)


def _new_page(form: Form, every: Form | None = None) -> str:
    """A draft of one engagement, or of all that a closed month leaves to bill."""
    closed = to_bill.months_closed(1)
    asked = _month_asked() or next(iter(closed), None)
    period = to_bill.the_period(asked) if asked else None
    every = every or MonthForm(None, data={"month": asked, "version": period.version if period else 1})
    return render_template(
        "invoices/new.html", form=form, every=every, closed=closed, of_one="engagement" in request.args
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = _draft_form()

    def deed(press: Press) -> Invoice:
        engagement = db.get_or_404(Engagement, form.engagement_id.data)
        if form.month.data and to_bill.the_period(form.month.data) is None:
            raise Refused(
                f"{month_words(form.month.data)} is not closed yet. Lock it first, so that the sums stand.", "month"
            )
        basis = basis_of(engagement, form.month.data, g.practice.currency)
        return drafts.draft_invoice(engagement, basis, viewer=g.viewer, press=press)

    return _new_page(form) if request.method == "GET" else answer(form, deed, _new_page, leads_to=here)


@pages.post("/month")
def month() -> ResponseReturnValue:
    """A draft for every engagement, by one button."""
    form = MonthForm()
    period = to_bill.the_period(form.month.data) if form.month.data else None

    def deed(press: Press) -> None:
        if period is None:
            raise Refused("That month is not closed yet. Lock it first, so that the sums stand.", "month")
        every = to_bill.engagements_in(period.month)
        bases = bases_of(every, period.month, g.practice.currency)
        made = drafts.draft_month(period, [(one, bases[one.id]) for one in every], viewer=g.viewer, press=press)
        said = f"{plural(len(made), 'draft')} of {month_words(period.month)}: look at them and issue them."
        flash(said if made else f"Nothing of {month_words(period.month)} is left to bill.", "g" if made else "a")

    def page(form: Form) -> str:
        return _new_page(_draft_form(), form)

    there = url_for("issuing.month", month=f"{period.month:%Y-%m}") if period else url_for("invoice_lists.index")
    return answer(form, deed, page, leads_to=there)
