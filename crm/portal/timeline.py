"""What passed between us and was written for the client to read: calls, meetings, visits, mails and notes."""

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from crm.access.pages import PORTAL, Pages
from crm.clients.models import Activity, ActivityKind
from crm.core.db import db
from crm.core.lists import Filter, Listing, page_of
from crm.portal import queries
from crm.portal.home import ICONS
from crm.portal.shell import page

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
    return page("portal/timeline.html", "portal/_timeline.html", page=found, icons=ICONS)
