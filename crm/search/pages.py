"""Finding things, for consultants and partners: the page, and the part that fills the palette."""

from dataclasses import dataclass
from itertools import groupby

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from crm.access.pages import DESK, Pages
from crm.core.db import db
from crm.core.lists import Filter, Listing, page_of
from crm.core.viewer import Role
from crm.search import queries
from crm.search.models import Kind, SearchLine
from crm.search.queries import Sought

pages = Pages("search", __name__, roles=DESK)

AT_HAND = 8  # results in the palette
WORDS = {
    Kind.CLIENT: ("client", "clients"),
    Kind.CONTACT: ("contact", "contacts"),
    Kind.ENGAGEMENT: ("engagement", "engagements"),
    Kind.DELIVERABLE: ("deliverable", "deliverables"),
    Kind.ROW: ("row of a register", "rows of registers"),
    Kind.MEETING: ("meeting", "meetings"),
}
ICONS = {
    Kind.CLIENT: "building-2",
    Kind.CONTACT: "users",
    Kind.ENGAGEMENT: "briefcase",
    Kind.DELIVERABLE: "list-checks",
    Kind.ROW: "table",
    Kind.MEETING: "users",
}


@dataclass(frozen=True)
class Action:
    """Something to do or somewhere to go, offered in the palette."""

    title: str
    href: str
    icon: str
    key: str = ""
    roles: frozenset[Role] = DESK


PARTNERS = frozenset({Role.PARTNER})
ACTIONS = (
    Action("Log time", "/today#log", "timer", "L"),
    Action("Fill in the week", "/time/grid#first", "layout-grid", "G then F"),
    Action("New engagement", "/engagements/new", "plus", "N then E", PARTNERS),
    Action("New client", "/clients/new", "plus", "", PARTNERS),
    Action("Go to Practice", "/practice", "gauge", "G then P", PARTNERS),
    Action("Go to Today", "/today", "sun", "G then T"),
    Action("Go to Clients", "/clients", "building-2", "G then C"),
    Action("Go to Engagements", "/engagements", "briefcase", "G then E"),
    Action("Go to Deliverables", "/deliverables", "list-checks", "G then D"),
    Action("Go to Time", "/time", "clock", "G then S"),
    Action("Go to Workload", "/workload", "activity", "G then W"),
    Action("Go to People", "/people", "users"),
    Action("Go to Renewals", "/renewals", "calendar-days"),
)


@pages.get("/search")
def show() -> ResponseReturnValue:
    """Everything that matches, by kind."""
    sought = Sought.in_text(request.args.get("q", ""))
    if not sought.words:
        return render_template("search/show.html", sought=sought, page=None, counts={}, **DRESS)
    counts = {row.kind: row.number for row in db.session.execute(queries.count_by_kind(sought))}
    order = (
        queries.is_exact(sought),
        queries.kind_rank(),
        SearchLine.is_archived,
        queries.nearness(sought),
        SearchLine.title,
    )
    kinds = Filter(
        "kind", "Kind", [(kind.value, kind.value) for kind in Kind], lambda kind: SearchLine.kind == Kind(kind)
    )
    chosen = request.args.get("kind", "")
    total = counts.get(Kind(chosen), 0) if chosen in set(Kind) else sum(counts.values())
    page = page_of(
        queries.lines(sought), Listing(sorts={"best": order}, key=SearchLine.id, filters=[kinds]), total=total
    )
    groups = [
        (heading, list(found))
        for heading, found in groupby(page.rows, lambda line: None if line.code in sought.codes else line.kind)
    ]
    states = queries.states_of(list(page.rows))
    return render_template(
        "search/show.html", sought=sought, page=page, groups=groups, counts=counts, states=states, **DRESS
    )


@pages.get("/search/palette")
def palette() -> ResponseReturnValue:
    """The options of the palette: what was found, then what can be done. Nothing typed: what one works on."""
    sought = Sought.in_text(request.args.get("q", ""))
    if sought.words:
        found = db.session.scalars(queries.nearest(sought, AT_HAND)).all()
    else:
        found = db.session.scalars(queries.one_works_on(g.viewer.person_id, AT_HAND)).all()
    actions = [one for one in ACTIONS if g.viewer.role in one.roles and sought.is_in(one.title)]
    return render_template("search/_palette.html", sought=sought, found=found, actions=actions, **DRESS)


DRESS = {"KINDS": WORDS, "ICONS": ICONS, "marked": queries.marked}
