"""What pages ask about reviews."""

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.core.db import db
from crm.core.twelve import Area
from crm.reviews.frozen import FrozenFinding
from crm.reviews.models import Review, ReviewState

SPARK = 12  # reviews in the little chart


def draft_of(engagement_id: int, area: Area) -> Select[Review]:
    """The one draft that the team of an engagement writes on an area."""
    drafts = select(Review).where(Review.engagement_id == engagement_id, Review.area == area)
    return drafts.where(Review.state == ReviewState.DRAFT).options(joinedload(Review.author))


def published_on(client_id: int, area: Area, newest: int = SPARK) -> Select[Review]:
    """What was published on a client's area, newest first, whichever engagement said it."""
    said = select(Review).where(Review.client_id == client_id, Review.area == area, Review.state != ReviewState.DRAFT)
    return said.options(joinedload(Review.author)).order_by(Review.published_at.desc(), Review.id.desc()).limit(newest)


def said_of(engagement_id: int, client_id: int, area: Area) -> tuple[Review | None, list[Review]]:
    """The two above in one statement: the team's draft, and what was published."""
    is_draft = Review.state == ReviewState.DRAFT
    here = (Review.client_id == client_id, Review.area == area, or_(~is_draft, Review.engagement_id == engagement_id))
    newest_first = (is_draft.desc(), Review.published_at.desc(), Review.id.desc())
    found = select(Review).where(*here).options(joinedload(Review.author)).order_by(*newest_first).limit(SPARK + 1)
    said = list(db.session.scalars(found))
    draft = said.pop(0) if said and said[0].state is ReviewState.DRAFT else None
    return draft, said[:SPARK]


def drafts_of(engagement_id: int) -> Select[Review]:
    """All that the team of an engagement has written and not published, in the order of the dial."""
    drafts = select(Review).where(Review.engagement_id == engagement_id, Review.state == ReviewState.DRAFT)
    return drafts.options(joinedload(Review.author)).order_by(Review.id)


def said_last(client_id: int) -> Select[Review]:
    """The newest published review of each of a client's areas, whichever engagement made it, as far as the viewer sees
    it."""
    place = func.row_number().over(partition_by=Review.area, order_by=(Review.published_at.desc(), Review.id.desc()))
    said = select(Review.id, place.label("place")).where(
        Review.client_id == client_id, Review.state != ReviewState.DRAFT
    )
    newest = said.subquery()
    found = select(Review).where(Review.id.in_(select(newest.c.id).where(newest.c.place == 1)))
    return found.options(joinedload(Review.author))


def one_review(engagement_id: int, area: Area, review_id: int) -> Select[Review]:
    """A published review of an engagement with all that was frozen with it."""
    found = select(Review).where(
        Review.id == review_id,
        Review.engagement_id == engagement_id,
        Review.area == area,
        Review.state != ReviewState.DRAFT,
    )
    rows = selectinload(Review.findings).selectinload(FrozenFinding.rows)
    return found.options(joinedload(Review.author), joinedload(Review.evidence), rows)
