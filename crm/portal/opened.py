"""Who has seen what we published: for the sponsor, of the own company alone."""

from flask import Response, g
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.access.pages import Pages
from crm.audit.models import Opened, Opening
from crm.clients.models import Contact
from crm.core.db import db
from crm.core.lists import Filter, Listing, all_rows, csv_of, page_of
from crm.core.viewer import Role
from crm.core.words import clock_time, iso, local
from crm.portal.shell import company, page

pages = Pages("portal_opened", __name__, roles={Role.SPONSOR}, url_prefix="/portal/opened")
KINDS = {
    Opened.HOME: "First page", Opened.REVIEW: "Areas", Opened.VERSION: "Documents", Opened.DECISION: "Questions",
    Opened.RISK: "Risks", Opened.MINUTES: "Minutes", Opened.ARCHIVE: "Everything as one file",
}  # fmt: skip


def _listing() -> Listing:
    """Narrowed by whoever has opened anything, and by what it was."""
    company = Opening.client_id == g.viewer.client_id
    names = db.session.execute(
        select(Contact.id, Contact.name)
        .where(Contact.id.in_(select(Opening.contact_id).where(company)))
        .order_by(Contact.name, Contact.id)
    )
    return Listing(
        sorts={"at": [Opening.at]}, newest_first=True, key=Opening.id, search=[Opening.title],
        filters=[
            Filter("who", "Who", [(str(key), name) for key, name in names], lambda value: Opening.contact_id == int(value), "Everybody"),
            Filter("kind", "What", [(one.value, words) for one, words in KINDS.items()], lambda value: Opening.kind == Opened(value), "Everything"),
        ],
    )  # fmt: skip


def _openings() -> Select[Opening]:
    named = select(Opening).options(joinedload(Opening.contact), joinedload(Opening.person))
    return named.where(Opening.client_id == g.viewer.client_id)


@pages.get("")
def show() -> ResponseReturnValue:
    found = page_of(_openings(), _listing())
    export = found.exported_by(".export")
    return page("portal/opened.html", "portal/_opened.html", page=found, kinds=KINDS, export=export)


@pages.get("/list.csv")
def export() -> Response:
    theirs, ours = company().name, g.practice.name
    rows = (
        (one.title, KINDS[one.kind], one.who, ours if one.person_id else theirs, iso(local(one.at).date()), clock_time(one.at))
        for one in all_rows(_openings(), _listing())
    )  # fmt: skip
    return csv_of(("Opened", "Kind", "Who", "Of", "Day", "Time"), rows, "who-has-seen-what")
