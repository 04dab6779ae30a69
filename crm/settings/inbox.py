"""The notices that somebody reads inside the house: what happened, whether it was read, and the way to the thing."""

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import EVERYBODY, Pages
from crm.access.tidy import NOTICE_KEPT
from crm.core import inputs
from crm.core.clock import now
from crm.core.db import db
from crm.core.lists import Filter, Listing, all_rows, csv_of, page_of
from crm.core.viewer import Audience
from crm.core.words import clock_time, iso, local
from crm.outbox.inbox import own_notices, read, still_seen, unread_notices
from crm.outbox.kinds import CALLED, Kind, called
from crm.outbox.models import Notice
from crm.portal.shell import surroundings

pages = Pages("inbox", __name__, roles=EVERYBODY, url_prefix="/notices")

STATES = {"unread": Notice.read_at.is_(None), "read": Notice.read_at.is_not(None)}


def listing() -> Listing:
    """The newest first; unread ones alone, or those of a kind, when one asks."""
    shown = [kind for kind in Kind if kind is not Kind.DIGEST]
    if g.viewer.audience is Audience.CLIENT:
        shown.remove(Kind.TIME)
    return Listing(
        sorts={"at": (Notice.at,)},
        key=Notice.id,
        filters=(
            Filter("state", "Read or not", [("unread", "Not read"), ("read", "Read")], STATES.__getitem__, "All"),
            Filter(
                "kind", "About", [(kind.value, CALLED[kind]) for kind in shown], Notice.kind.__eq__, "About anything"
            ),
        ),
        per_page=25,
        newest_first=True,
    )


@pages.get("")
def index() -> ResponseReturnValue:
    page = page_of(own_notices(), listing())
    return render_template(
        "settings/inbox.html", page=page, seen=still_seen(page.rows), unread=g.signed.standing.unread,
        kept=NOTICE_KEPT.days, export=page.exported_by(".export"), **surroundings(),
    )  # fmt: skip


@pages.get("/list.csv")
def export() -> Response:
    found = all_rows(own_notices(), listing())
    seen = still_seen(found)
    rows = (
        (iso(local(one.at).date()), clock_time(one.at), called(one.kind),
         one.subject if (one.about, one.about_id) in seen else "About something that you may no longer see", "yes" if one.read_at else "no")
        for one in found
    )  # fmt: skip
    return csv_of(("Day", "Time", "About", "Notice", "Read"), rows, "notices")


@pages.post("/read")
def read_all() -> ResponseReturnValue:
    read(db.session.scalars(unread_notices()).all(), now())
    return redirect(url_for(".index"), 303)


@pages.post("/<id:notice_id>/read")
def read_one(notice_id: int) -> ResponseReturnValue:
    read([db.get_or_404(Notice, notice_id)], now())
    return redirect(url_for(".index"), 303)


@pages.post("/<id:notice_id>")
def open_one(notice_id: int) -> ResponseReturnValue:
    """Read, and on to the thing, where one may still see it."""
    notice = db.get_or_404(Notice, notice_id)
    leads_to = notice.path
    is_seen = bool(still_seen([notice]))
    read([notice], now())
    if not is_seen:
        flash("You may no longer see what this notice was about.", "a")
        return redirect(url_for(".index"), 303)
    return redirect(inputs.own_path(leads_to), 303)
