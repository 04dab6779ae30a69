"""Areas are judged: a draft that the team writes, and the publication that speaks to the client."""

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused, Stale
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.engagements.models import AreaScope, Rag
from crm.reviews.models import Review, ReviewState, Verdict


def draft_review(scope: AreaScope, draft: Review | None, verdict: Verdict, *, viewer: Viewer, press: Press) -> Review:
    """Save what is said so far. The team of an engagement has one draft an area, and all of them may go on with it."""
    review = draft or _begun(scope, viewer)
    with act(viewer, "review.draft", review, press=press):
        _must_be_judged(scope, draft, press)
        review.say(verdict)
        db.session.add(review)
    return review


def publish_review(
    scope: AreaScope, draft: Review | None, verdict: Verdict, *, viewer: Viewer, press: Press, last: Rag | None
) -> Review:
    """Say it to the client. `last`, the colour said before of the client's area by anybody, is handed in."""
    review = draft or _begun(scope, viewer)
    with act(viewer, "review.publish", review, press=press):
        _must_be_judged(scope, draft, press)
        review.say(verdict)
        for former in _speaking(scope):
            former.supersede()
        db.session.flush()  # one published review an engagement and area, also while this is written
        review.publish(scope, at=now(), on=today(), last=last)
        db.session.add(review)
    return review


def _begun(scope: AreaScope, viewer: Viewer) -> Review:
    begun = Review(
        client_id=scope.client_id, engagement_id=scope.engagement_id, area=scope.area, state=ReviewState.DRAFT,
        author_id=viewer.person_id,
    )  # fmt: skip
    set_committed_value(begun, "engagement", scope.engagement)
    return begun


def _must_be_judged(scope: AreaScope, draft: Review | None, press: Press) -> None:
    scope.engagement.must_be_live()
    if not scope.is_in:
        raise Refused(f"{scope.responsibility.short} is out of scope: nobody judges it.")
    if draft is None and press.seen:  # the draft that this form shows is published by now
        for former in _speaking(scope):
            raise Stale(former)


def _speaking(scope: AreaScope) -> list[Review]:
    """What is published for this area of this engagement now."""
    here = (Review.engagement_id == scope.engagement_id) & (Review.area == scope.area)
    return list(db.session.scalars(select(Review).where(here, Review.state == ReviewState.PUBLISHED)))
