"""How the practice stands on its invoices, and how each client is billed: for partners."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import PARTNERS, Pages
from crm.audit.trail import history_of
from crm.clients.models import Client
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.web import answer
from crm.invoices import queries as ask
from crm.invoices.billing import operations as do
from crm.invoices.billing.models import Billing, Issuer
from crm.invoices.checks import lacks_of_buyer, lacks_of_seller
from crm.invoices.forms import BillingForm, IssuerForm

pages = Pages("invoice_settings", __name__, roles=PARTNERS, url_prefix="/invoices/settings")
clients = Pages("client_billing", __name__, roles=PARTNERS, url_prefix="/clients/<id:client_id>/billing")


@pages.route("", methods=["GET", "POST"])
def issuer() -> ResponseReturnValue:
    """The practice as its invoices name it, and the clients of whom something is missing."""
    issuer = ask.the_issuer()
    form = IssuerForm(obj=issuer, data={"version": issuer.version})

    def page(form: Form) -> str:
        return render_template(
            "invoices/issuer.html", form=form, issuer=issuer, billed=_billed(), missing=lacks_of_seller(issuer.party, issuer.bank),
            history_rows=db.session.scalars(history_of(issuer)).unique().all() if issuer.id else [],
        )  # fmt: skip

    def deed(press: Press) -> Issuer:
        changes = form.changes(issuer)
        made = do.revise_issuer(issuer, form.said(), changes=changes, viewer=g.viewer, press=press)
        flash("Kept. Invoices that were issued before stay as they are.", "g")
        return made

    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=url_for(".issuer"))


def _billed() -> list[tuple[Client, list[str]]]:
    """Each client that is served or billed, with what its invoices still lack: two statements."""
    known = {one.client_id: one for one in db.session.scalars(select(Billing))}
    every = db.session.scalars(select(Client).where(Client.archived_at.is_(None)).order_by(Client.name)).all()
    return [
        (one, [str(lack) for lack in lacks_of_buyer(known[one.id].party, known[one.id].category)] if one.id in known else ["Nothing is said yet"])
        for one in every
    ]  # fmt: skip


@clients.route("", methods=["GET", "POST"])
def billing(client_id: int) -> ResponseReturnValue:
    client = db.get_or_404(Client, client_id)
    billing = ask.billing_of(client_id)
    form = BillingForm(obj=billing, data={"version": billing.version})

    def page(form: Form) -> str:
        return render_template(
            "invoices/billing.html", form=form, client=client, billing=billing, missing=lacks_of_buyer(billing.party, billing.category),
            history_rows=db.session.scalars(history_of(billing)).unique().all() if billing.id else [],
        )  # fmt: skip

    def deed(press: Press) -> Billing:
        changes = form.changes(billing)
        made = do.revise_billing(billing, form.said(), changes=changes, viewer=g.viewer, press=press)
        flash("Kept. It counts from the next draft on; of drafts that are there, name, address and tax number.", "g")
        return made

    return (
        page(form)
        if request.method == "GET"
        else answer(form, deed, page, leads_to=url_for(".billing", client_id=client_id))
    )
