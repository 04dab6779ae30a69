"""One of the twelve, for the client: how it stands, what we ask, who holds it, and what was said before."""

from flask import abort, g
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.access.pages import PORTAL, Pages
from crm.audit.models import Opened
from crm.audit.openings import note_opening
from crm.core.clock import today
from crm.core.db import db
from crm.core.ring import dial
from crm.core.twelve import BY_SLUG, TWELVE
from crm.core.words import day
from crm.deliverables.models import Deliverable
from crm.engagements.queries import speaking_scopes
from crm.engagements.scopes import AreaScope
from crm.portal import plain, queries
from crm.portal.rows import at_a_glance, shelves_of
from crm.portal.shell import page
from crm.portal.why import speaks, why_of
from crm.reviews.models import Review, ReviewState
from crm.reviews.queries import published_on

pages = Pages("portal_areas", __name__, roles=PORTAL, url_prefix="/portal/areas")


@pages.get("/<string:slug>")
def show(slug: str) -> ResponseReturnValue:
    row = BY_SLUG.get(slug)
    if row is None:
        abort(404)
    spoken = speaking_scopes(g.viewer.client_id or 0).where(AreaScope.area == row.code)
    scope = db.session.scalars(spoken.options(joinedload(AreaScope.engagement))).one_or_none()
    said = db.session.scalars(published_on(g.viewer.client_id or 0, row.code, queries.AT_MOST)).all()
    owed = db.session.scalars(queries.papers().where(Deliverable.area == row.code)).unique().all()
    speaking = speaks(said, scope)
    if speaking:
        note_opening(Opened.REVIEW, row.plain, speaking.id, engagement_id=speaking.engagement_id)
    spoke = dial([scope] if scope else [], plain=True).spokes[row.number - 1]
    return page(
        "portal/area.html", row=row, scope=scope, spoke=spoke, ours=plain.ours(scope), said=said, today=today(),
        papers=sorted(owed, key=lambda one: (one.accepted_on or today(), one.id), reverse=True),
        standing_of=plain.standing_of, title_of=plain.title_of,
        shelves=[(one, [] if one.register.across else at_a_glance(one)) for one in shelves_of(slug)],
        why=why_of(speaking, owed) if speaking else None,
        before=TWELVE[row.number - 2], after=TWELVE[row.number % 12],
    )  # fmt: skip


@pages.get("/<string:slug>/why/<id:review_id>")
def why(slug: str, review_id: int) -> ResponseReturnValue:
    """The reasons of an earlier review, as they were when it was published."""
    row = BY_SLUG.get(slug)
    if row is None:
        abort(404)
    published = select(Review).where(Review.id == review_id, Review.area == row.code, Review.state != ReviewState.DRAFT)
    review = db.first_or_404(published.options(joinedload(Review.author)))
    said = f"{row.plain}, as said on {day(review.published_on)}"
    note_opening(Opened.REVIEW, said, review.id, engagement_id=review.engagement_id)
    return page("portal/why.html", row=row, why=why_of(review), said=review, today=today())
