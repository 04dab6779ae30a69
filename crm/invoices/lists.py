"""The list of invoices as a page and as a file, and what was issued for the bookkeeping."""

import re
from datetime import date

from flask import Response, abort, g, request
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, PARTNERS, Pages
from crm.core.calendar import month_end
from crm.core.clock import today
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.viewer import Role
from crm.core.web import page_or_part
from crm.core.words import iso
from crm.invoices import queries as ask
from crm.invoices.printed import rows_for

pages = Pages("invoice_lists", __name__, roles=DESK, url_prefix="/invoices")
partners = Pages("invoice_books", __name__, roles=PARTNERS, url_prefix="/invoices")


@pages.get("")
def index() -> ResponseReturnValue:
    on = today()
    page = page_of(ask.listed_invoices(), ask.invoices_listing(on))
    return page_or_part(
        "invoices/index.html", "invoices/_list.html", page=page, sums=ask.sums(on), on=on, STANDING_WORDS=ask.STANDING_WORDS,
        export=page.exported_by(".export"), drafted=ask.newest_drafts() if g.viewer.role is Role.PARTNER else None,
    )  # fmt: skip


@pages.get("/list.csv")
def export() -> Response:
    on = today()
    heads = (
        "Number", "Kind", "Client", "Engagement", "State", "Issued", "Due", "Paid on", "Net", "Tax", "Total", "Paid", "Owed", "Currency",
    )  # fmt: skip
    rows = all_rows(ask.listed_invoices(), ask.invoices_listing(on))
    return csv_of(
        heads,
        (
            (one.number or "", one.kind, one.client.name, one.engagement.code, ask.STANDING_WORDS[one.standing(on)], iso(one.issued_on),
             iso(one.due_on), iso(one.paid_on), *(_units(sum_of) for sum_of in (one.net, one.tax, one.total, one.paid, one.owed)), one.currency)
            for one in rows
        ),
        "invoices",
    )  # fmt: skip


def _units(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


@partners.get("/books/<any(xero,quickbooks):book>.csv")
def books(book: str) -> ResponseReturnValue:
    """All that was issued in a year or a month, by the column names of the bookkeeping."""
    asked = request.args.get("of", "") or f"{today():%Y}"
    if not re.fullmatch(r"20[0-9]{2}(-(0[1-9]|1[0-2]))?", asked):
        abort(404)
    year, month = int(asked[:4]), int(asked[5:] or 0)
    first = date(year, month or 1, 1)
    last = month_end(first) if month else date(year, 12, 31)
    heads, rows = rows_for(book, first, last)
    return csv_of(heads, rows, f"{book}-{asked}")
