"""Renewals: what must be said to whom, and by which day, across all clients that one serves."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.areas.vendors import queries
from crm.core.clock import today
from crm.core.forms import plain_sum
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.words import cell, iso

pages = Pages("renewals", __name__, roles=DESK)
HEADINGS = ("Speak by", "Client", "Vendor", "What for", "Tier", "Cost a year", "Ends", "Renews itself", "Satisfaction",
            "Alternatives checked", "Owner", "Decision")  # fmt: skip


@pages.get("/renewals")
def index() -> ResponseReturnValue:
    on = today()
    page = page_of(queries.renewals(on), queries.listing())
    missed, soon = queries.renewals_asked(on)
    export = f"{url_for('.export')}?{page.address().partition('?')[2]}"
    return render_template(
        "areas/vendors/renewals.html",
        page=page,
        missed=missed,
        soon=soon,
        today=on,
        until=on + queries.SOON,
        export=export,
    )


@pages.get("/renewals.csv")
def export() -> Response:
    rows = all_rows(queries.renewals(today()), queries.listing())
    return csv_of(
        HEADINGS,
        ((iso(one.notice_by), one.client.name, one.vendor, one.what, cell(one.tier), plain_sum(one.annual_cost), iso(one.end),
          cell(one.auto_renew), "" if one.satisfaction is None else cell(one.satisfaction), iso(one.alternatives_checked), one.owner,
          cell(one.decision)) for one in rows),
        "renewals",
    )  # fmt: skip
