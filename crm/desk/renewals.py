"""Renewals: what must be said to whom, and by which day, across all clients that one serves."""

from flask import Response, g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.access.policy import may
from crm.areas.across.forms import RenewalForm
from crm.areas.across.models import Decision
from crm.areas.across.queries import asked_about
from crm.areas.asking import RENEWALS, ask_about_contract, meant_by, suggested_day
from crm.areas.vendors import queries
from crm.areas.vendors.models import VendorContract
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.forms import Form, Press, plain_sum
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.web import answer
from crm.core.words import cell, iso, money, worded
from crm.engagements.queries import contacts_of, sponsors_now

pages = Pages("renewals", __name__, roles=DESK)
HEADINGS = ("Speak by", "Client", "Vendor", "What for", "Tier", "Cost a year", "Ends", "Renews itself", "Satisfaction",
            "Alternatives checked", "Owner", "Decision")  # fmt: skip


@pages.get("/renewals")
def index() -> ResponseReturnValue:
    on = today()
    page = page_of(queries.renewals_to_show(on), queries.listing(queries.clients_renewing(on)))
    missed, soon = queries.renewals_asked(on)
    export = page.exported_by(".export")
    return render_template(
        "areas/vendors/renewals.html",
        page=page,
        missed=missed,
        soon=soon,
        today=on,
        until=on + queries.SOON,
        export=export,
        asked=asked_about([one.id for one in page.rows]) if page.rows else {},
    )


@pages.get("/renewals.csv")
def export() -> Response:
    on = today()
    rows = all_rows(queries.renewals(on), queries.listing(queries.clients_renewing(on)))
    return csv_of(
        HEADINGS,
        ((iso(one.notice_by), one.client.name, one.vendor, one.what, cell(one.tier), plain_sum(one.annual_cost), iso(one.end),
          cell(one.auto_renew), "" if one.satisfaction is None else cell(one.satisfaction), iso(one.alternatives_checked), one.owner,
          cell(one.decision)) for one in rows),
        "renewals",
    )  # fmt: skip


@pages.route("/renewals/<id:contract_id>/question", methods=["GET", "POST"])
def question(contract_id: int) -> ResponseReturnValue:
    """Put a renewal before the sponsor: question, options, what we recommend, and by when the answer is needed."""
    contract: VendorContract = db.first_or_404(queries.one_contract(contract_id))
    client_id = contract.client_id
    if not may(g.viewer, "decision.ask", contract):
        raise NotPermitted("decision.ask")
    form = _question_of(contract)

    def page(form: Form) -> str:
        found = db.first_or_404(queries.one_contract(contract_id))
        asked = asked_about([contract_id]).get(contract_id)
        return render_template("areas/vendors/question.html", contract=found, form=form, asked=asked, today=today())

    def deed(press: Press) -> Decision:
        return ask_about_contract(contract, viewer=g.viewer, press=press, **form.fields())

    def leads_to(decision: Decision) -> str:
        return url_for(
            "registers.entry", client_id=client_id, slug="vendors", register="decisions", entry_id=decision.id
        )

    return answer(form, deed, page, leads_to=leads_to) if form.is_submitted() else page(form)


def _question_of(contract: VendorContract) -> RenewalForm:
    cost = money(contract.annual_cost, g.practice.currency)
    options = [f"Renew at {cost} a year", *(worded(one.value) for one in RENEWALS[1:])]
    sponsors = sponsors_now(contract.client_id)
    form = RenewalForm(
        is_option=lambda option: meant_by(option) is not None,
        data={
            "version": "1", "contact_id": sponsors[0] if sponsors else None, "needed_by": suggested_day(contract), "options": options,
            "question": f"{contract.vendor}, {contract.what}: renew, renegotiate, replace or exit?"[:200],
        },
    )  # fmt: skip
    form.contact_id.of((one.id, one.name) for one in db.session.scalars(contacts_of(contract.client_id, deciding=True)))
    return form
