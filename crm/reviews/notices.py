"""The sponsors hear once a week that areas were looked at: how many stand how, and what is asked. Nothing of the team's."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.core.clock import today
from crm.core.db import db
from crm.core.ring import PLAIN
from crm.core.twelve import OF
from crm.core.words import day, in_words, listed
from crm.engagements.models import Engagement
from crm.engagements.people import Sponsorship
from crm.engagements.scopes import Rag
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.reviews.models import Review, ReviewState


def announce(engagement: Engagement, reviews: Sequence[Review]) -> None:
    """Queue that these were published. A sponsor gets one such mail in a week, however often reviews are published."""
    year, week, _ = today().isocalendar()
    key = f"engagement:{engagement.id}:reviews:{year}-{week:02}"
    post("review.published", key=key, engagement_id=engagement.id, review_ids=[one.id for one in reviews])


@notice("review.published")
def tell_the_sponsors(engagement_id: int, review_ids: list[int]) -> Iterator[Letter]:
    sponsors = selectinload(Engagement.sponsors).joinedload(Sponsorship.contact)
    whose = select(Engagement).where(Engagement.id == engagement_id).options(sponsors, joinedload(Engagement.client))
    engagement = db.session.scalars(whose).one_or_none()
    said = select(Review).where(Review.id.in_(review_ids), Review.state == ReviewState.PUBLISHED)
    reviews = sorted(db.session.scalars(said.options(joinedload(Review.author))), key=lambda one: OF[one.area].number)
    if engagement is None or not reviews:
        return
    many = len(reviews) != 1
    asked = [one for one in reviews if one.rag is Rag.RED and one.ask_by]
    needs = "".join(f"\n\n{OF[one.area].plain}: {one.ask}, from {one.ask_of}, by {day(one.ask_by)}." for one in asked)
    wants = f"\n\nWhat is needed now:{needs}" if asked else "\n\nNothing is asked of you."
    subject = f"{in_words(len(reviews))} area{'s' * many} looked at"
    if asked:
        subject = f"{subject}, {in_words(len(asked)).lower()} with a question to you"
    for sponsorship in engagement.sponsors:
        yield Letter(
            to=sponsorship.contact, about=engagement, subject=f"{engagement.client.name}: {subject.lower()}",
            text=f"{_authors(reviews)} looked at {in_words(len(reviews)).lower()} of the areas that we look after: "
            f"{_how_many(reviews)}.{wants}",
            path="/portal", link="Read what we say of each", kind=Kind.REVIEW,
        )  # fmt: skip


def _authors(reviews: Sequence[Review]) -> str:
    return listed(dict.fromkeys(one.author.name for one in reviews))


def _how_many(reviews: Sequence[Review]) -> str:
    """One needs action, three to watch, five on track."""
    counted = Counter(one.rag for one in reviews)
    words = {Rag.RED: "needs action", Rag.AMBER: "to watch", Rag.GREEN: PLAIN["g"].lower()}
    return listed(
        f"{in_words(counted[rag]).lower()} {'need action' if rag is Rag.RED and counted[rag] > 1 else words[rag]}"
        for rag in words
        if counted[rag]
    )
