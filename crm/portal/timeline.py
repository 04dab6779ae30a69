"""What passed between us and was written for the client to read: calls, meetings, visits, mails and notes."""

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import PORTAL, Pages
from crm.clients.models import Activity, ActivityKind
from crm.core.db import db
from crm.core.lists import Filter, Listing, all_rows, csv_of, page_of
from crm.core.words import iso, listed, worded
from crm.portal import queries
from crm.portal.shell import page
from crm.portal.told import ICONS

pages = Pages("portal_timeline", __name__, roles=PORTAL, url_prefix="/portal/timeline")
KINDS = {
    ActivityKind.CALL: "Calls", ActivityKind.MEETING: "Meetings", ActivityKind.VISIT: "Visits", ActivityKind.MAIL: "Mails",
    ActivityKind.NOTE: "Notes",
}  # fmt: skip
LISTING = Listing(
    sorts={"day": [Activity.happened_on]},
    newest_first=True,
    key=Activity.id,
    search=[Activity.title, Activity.body],
    filters=[
        Filter(
            "kind", "Kind", [(one.value, words) for one, words in KINDS.items()],
            lambda value: Activity.kind == ActivityKind(value), "Everything",
        )
    ],
    per_page=25,
)  # fmt: skip


@pages.get("")
def show() -> ResponseReturnValue:
    found = page_of(select(Activity.id), LISTING)
    rows = {one.id: one for one in db.session.scalars(queries.activities().where(Activity.id.in_(found.rows)))}
    found.rows = [rows[key] for key in found.rows if key in rows]
    return page(
        "portal/timeline.html", "portal/_timeline.html", page=found, icons=ICONS, export=found.exported_by(".export")
    )


@pages.get("/list.csv")
def export() -> Response:
    rows = (
        (iso(one.happened_on), worded(one.kind), one.title, listed([one.person.name, *(who.name for who in one.attendees)]), one.body)
        for one in all_rows(queries.activities(), LISTING)
    )  # fmt: skip
    return csv_of(("Day", "Kind", "What", "With", "Notes"), rows, "what-we-did")
