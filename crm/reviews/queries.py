"""What pages ask about reviews."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.core.twelve import Area
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
