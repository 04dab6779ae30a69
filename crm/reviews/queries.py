"""What pages ask about reviews."""

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

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


def drafted_or_published(engagement_id: int, client_id: int, area: Area, newest: int = SPARK) -> Select[Review]:
    """Both at once: the draft of this engagement, and what was published on the client's area, newest first."""
    own = (Review.state != ReviewState.DRAFT) | (Review.engagement_id == engagement_id)
    every = select(Review).where(Review.client_id == client_id, Review.area == area, own)
    is_said = case((Review.state == ReviewState.DRAFT, 0), else_=1)
    order = (is_said, Review.published_at.desc(), Review.id.desc())
    return every.options(joinedload(Review.author)).order_by(*order).limit(newest + 1)


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
