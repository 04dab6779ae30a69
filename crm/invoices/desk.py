"""One invoice: its draft mended, issued, voided, paid. Partners do it; whoever leads the engagement reads."""

from typing import Any

from flask import Response, abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, PARTNERS, Pages, slow
from crm.access.policy import may
from crm.audit.trail import history_of
from crm.core.clock import today
from crm.core.db import db, writing
from crm.core.errors import NotPermitted, Refused
from crm.core.forms import Form, Press
from crm.core.viewer import Role
from crm.core.web import answer
from crm.core.words import money
from crm.engagements.states import PriceKind
from crm.invoices import drafts, payments
from crm.invoices import operations as do
from crm.invoices import queries as ask
from crm.invoices.billed import BilledBy, billed_in
from crm.invoices.files import pdf_answer, xml_answer
from crm.invoices.forms import HeadForm, LineForm, MilestoneForm, PaymentForm, VoidForm
from crm.invoices.models import LINE_WORDS, Invoice, InvoiceLine, InvoiceState, Payment
from crm.invoices.paper import CATEGORY_WORDS
from crm.invoices.printed import paper_of

pages = Pages("invoices", __name__, roles=DESK, url_prefix="/invoices")
partners = Pages("invoice_work", __name__, roles=PARTNERS, url_prefix="/invoices")


def the_invoice(invoice_id: int) -> Invoice:
    found: Invoice | None = db.session.scalars(ask.one_invoice(invoice_id)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def here(invoice: Invoice) -> str:
    return url_for("invoices.show", invoice_id=invoice.id)


@pages.get("/<id:invoice_id>")
def show(invoice_id: int) -> ResponseReturnValue:
    return shown(the_invoice(invoice_id))


def shown(invoice: Invoice, form: Form | None = None) -> str:
    """The page, with the forms that a partner has; the one that was refused as it was typed."""
    is_partner, version = g.viewer.role is Role.PARTNER, {"version": invoice.version}
    forms: dict[str, Any] = {
        "head": HeadForm(None, obj=invoice, data=version), "line": LineForm(None, data=version | _usual(invoice)),
        "milestone": MilestoneForm(None, data=version), "payment": PaymentForm(None, data={"paid_on": today(), "amount": invoice.owed or None}),
        "void": VoidForm(None, data=version), "plain": Form(None, data=version),
    }  # fmt: skip
    for name, one in forms.items():
        if form is not None and type(one) is type(form):
            forms[name] = form
    lacks = _lacks(invoice) if is_partner and invoice.is_draft else {}
    terms = invoice.engagement.terms
    return render_template(
        "invoices/show.html", invoice=invoice, paper=paper_of(invoice), forms=forms, refused=form, lacks=lacks, on=today(),
        can=is_partner, price=terms if terms and terms.price_kind is PriceKind.FIXED_PRICE else None, LINE_WORDS=LINE_WORDS,
        CATEGORY_WORDS=CATEGORY_WORDS, press_of=lambda one: Form(None, data={"version": one.version}), STANDING_WORDS=ask.STANDING_WORDS,
        billed=_after_voiding(invoice), history_rows=db.session.scalars(history_of(invoice)).unique().all() if is_partner else [],
    )  # fmt: skip


def _after_voiding(invoice: Invoice) -> BilledBy | None:
    """Of what was voided: whether its month was invoiced anew."""
    if invoice.state is not InvoiceState.VOIDED or invoice.month is None:
        return None
    return billed_in(invoice.month, {invoice.engagement_id: invoice.code})[invoice.engagement_id]


def _usual(invoice: Invoice) -> dict[str, Any]:
    billing = ask.billing_of(invoice.client_id) if g.viewer.role is Role.PARTNER and invoice.is_draft else None
    if billing is None:
        return {}
    return {"category": billing.category, "tax_rate": billing.tax_rate, "quantity": 1, "unit": "one"}


def _step(invoice_id: int, form: Form, deed: Any, leads_to: Any = None) -> ResponseReturnValue:
    """A button of the page: done, or the page again with what was typed."""
    return answer(
        form, deed, lambda form: shown(the_invoice(invoice_id), form),
        leads_to=leads_to or url_for("invoices.show", invoice_id=invoice_id),
    )  # fmt: skip


@partners.post("/<id:invoice_id>")
def revise(invoice_id: int) -> ResponseReturnValue:
    invoice, form = the_invoice(invoice_id), HeadForm()
    return _step(
        invoice_id, form,
        lambda press: drafts.revise_draft(invoice, form.fields(), changes=form.changes(invoice), viewer=g.viewer, press=press),
    )  # fmt: skip


@partners.post("/<id:invoice_id>/lines")
def add_line(invoice_id: int) -> ResponseReturnValue:
    invoice, form = the_invoice(invoice_id), LineForm()
    return _step(invoice_id, form, lambda press: drafts.add_line(invoice, form.fields(), viewer=g.viewer, press=press))


@partners.post("/<id:invoice_id>/milestones")
def add_milestone(invoice_id: int) -> ResponseReturnValue:
    invoice, form = the_invoice(invoice_id), MilestoneForm()
    terms = invoice.engagement.terms

    def deed(press: Press) -> Invoice:
        if terms is None or terms.price_kind is not PriceKind.FIXED_PRICE or terms.amount is None:
            raise Refused("This engagement has no fixed price.")
        return drafts.add_milestone(
            invoice, terms.amount, form.percent.data, form.what.data, viewer=g.viewer, press=press
        )

    return _step(invoice_id, form, deed)


def the_line(invoice: Invoice, line_id: int) -> InvoiceLine:
    found = next((one for one in invoice.lines if one.id == line_id), None)
    return found or abort(404)


@partners.route("/<id:invoice_id>/lines/<id:line_id>", methods=["GET", "POST"])
def line(invoice_id: int, line_id: int) -> ResponseReturnValue:
    invoice = the_invoice(invoice_id)
    line = the_line(invoice, line_id)
    form = LineForm(obj=line, data={"version": line.version})

    def page(form: Form) -> str:
        again = the_invoice(invoice_id)
        return render_template(
            "invoices/line.html",
            form=form,
            invoice=again,
            line=the_line(again, line_id),
            press=Form(None, data={"version": again.version}),
        )

    def deed(press: Press) -> InvoiceLine:
        return drafts.revise_line(line, invoice, form.fields(), viewer=g.viewer, press=press)

    if request.method == "GET":
        return page(form)
    return answer(form, deed, page, leads_to=url_for("invoices.show", invoice_id=invoice_id))


@partners.post("/<id:invoice_id>/lines/<id:line_id>/removal")
def remove_line(invoice_id: int, line_id: int) -> ResponseReturnValue:
    invoice = the_invoice(invoice_id)
    line = the_line(invoice, line_id)
    return _step(invoice_id, Form(), lambda press: drafts.remove_line(line, invoice, viewer=g.viewer, press=press))


@partners.post("/<id:invoice_id>/removal")
def drop(invoice_id: int) -> ResponseReturnValue:
    invoice = the_invoice(invoice_id)

    def deed(press: Press) -> None:
        drafts.drop_draft(invoice, viewer=g.viewer, press=press)
        flash("The draft is gone. What it billed can be drafted again.", "g")

    return _step(invoice_id, Form(), deed, url_for("invoice_lists.index"))


def _lacks(invoice: Invoice) -> dict[str, list[Refused]]:
    return do.in_the_way(invoice, ask.the_issuer(), ask.billing_of(invoice.client_id), do.stands_for([invoice]))


@partners.post("/<id:invoice_id>/issue")
@slow
def issue(invoice_id: int) -> ResponseReturnValue:
    """Its file is made and checked while others write: the writer is held for the number alone."""

    def deed(press: Press) -> Invoice:
        invoice = the_invoice(invoice_id)
        checked = do.as_it_stands(invoice)
        missing = [one for own in _lacks(invoice).values() for one in own] if invoice.is_draft else []
        with writing():
            done = do.issue_invoice(
                the_invoice(invoice_id), checked=checked, missing=missing, viewer=g.viewer, press=press
            )
            flash(f"{done.called} is issued, and the sponsors are told.", "g")
        return done

    return _step(invoice_id, Form(), deed)


@partners.post("/<id:invoice_id>/void")
def void(invoice_id: int) -> ResponseReturnValue:
    invoice, form = the_invoice(invoice_id), VoidForm()

    def deed(press: Press) -> Invoice:
        note = do.void_invoice(invoice, form.reason.data, viewer=g.viewer, press=press)
        flash(f"{invoice.called} is voided by {note.called.lower()}.", "g")
        return note

    return _step(invoice_id, form, deed, lambda _: url_for("invoices.show", invoice_id=invoice_id))


@partners.post("/<id:invoice_id>/payments")
def pay(invoice_id: int) -> ResponseReturnValue:
    invoice, form = the_invoice(invoice_id), PaymentForm()

    def deed(press: Press) -> Payment:
        paid = payments.record_payment(
            invoice,
            paid_on=form.paid_on.data,
            amount=form.amount.data,
            reference=form.reference.data,
            viewer=g.viewer,
            press=press,
        )
        left, over = invoice.owed, invoice.over
        said = f"{money(left, invoice.currency)} is still owed" if left else "It is paid"
        flash(
            f"{said}, {money(over, invoice.currency)} too much came in." if over else f"{said}.",
            "a" if over or left else "g",
        )
        return paid

    return _step(invoice_id, form, deed, lambda _: url_for("invoices.show", invoice_id=invoice_id))


@partners.post("/<id:invoice_id>/payments/<id:payment_id>/removal")
def unpay(invoice_id: int, payment_id: int) -> ResponseReturnValue:
    invoice = the_invoice(invoice_id)
    payment = next((one for one in invoice.payments if one.id == payment_id), None) or abort(404)
    return _step(
        invoice_id, Form(), lambda press: payments.withdraw_payment(payment, invoice, viewer=g.viewer, press=press),
        lambda _: url_for("invoices.show", invoice_id=invoice_id),
    )  # fmt: skip


# As files


@pages.get("/<id:invoice_id>/invoice.pdf")
def pdf(invoice_id: int) -> Response:
    invoice = the_invoice(invoice_id)
    if invoice.is_draft and not may(g.viewer, "invoice.revise", invoice):
        raise NotPermitted("invoice.revise")
    return pdf_answer(invoice)


@pages.get("/<id:invoice_id>/invoice.xml")
def xml(invoice_id: int) -> Response:
    return xml_answer(the_invoice(invoice_id))
