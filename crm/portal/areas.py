"""One of the twelve, for the client: how it stands, what we ask, who holds it, and what was said before."""

from flask import abort, g
from flask.typing import ResponseReturnValue

from crm.access.pages import PORTAL, Pages
from crm.core.clock import today
from crm.core.db import db
from crm.core.ring import dial
from crm.core.twelve import BY_SLUG, TWELVE
from crm.deliverables.models import Deliverable
from crm.engagements.models import AreaScope
from crm.engagements.queries import speaking_scopes
from crm.portal import plain, queries
from crm.portal.rows import at_a_glance, shelves_of
from crm.portal.shell import page
from crm.reviews.queries import published_on

pages = Pages("portal_areas", __name__, roles=PORTAL, url_prefix="/portal/areas")


@pages.get("/<string:slug>")
def show(slug: str) -> ResponseReturnValue:
    row = BY_SLUG.get(slug)
    if row is None:
        abort(404)
    scope = db.session.scalars(speaking_scopes(g.viewer.client_id or 0).where(AreaScope.area == row.code)).one_or_none()
    said = db.session.scalars(published_on(g.viewer.client_id or 0, row.code, queries.AT_MOST)).all()
    owed = db.session.scalars(queries.papers().where(Deliverable.area == row.code)).unique().all()
    spoke = dial([scope] if scope else [], plain=True).spokes[row.number - 1]
    return page(
        "portal/area.html", row=row, scope=scope, spoke=spoke, ours=plain.ours(scope), said=said, today=today(),
        papers=sorted(owed, key=lambda one: (one.accepted_on or today(), one.id), reverse=True),
        standing_of=plain.standing_of, title_of=plain.title_of,
        shelves=[(one, at_a_glance(one)) for one in shelves_of(slug)],
        before=TWELVE[row.number - 2], after=TWELVE[row.number % 12],
    )  # fmt: skip
