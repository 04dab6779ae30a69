"""What the rules say of the three engagements in depth is what the book says they say (F9 and the suggested colours)."""

import pytest
from sqlalchemy import select

from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.twelve import TWELVE
from crm.core.viewer import SYSTEM, viewing_as
from crm.core.words import half_up
from crm.demo.filled import RUNNING
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope
from crm.engagements.states import EngagementState
from crm.evidence.judging import judge
from crm.reviews.frozen import FrozenEvidence, FrozenFinding
from crm.reviews.models import Review, ReviewState

SUGGESTED = {  # in the order of the dial
    "BRK": "amber 92.9, amber 85.7, green 100.0, amber 86.7, green 96.2, amber 90.0, amber 92.3, grey -, amber 89.3, "
           "green 96.4, green 100.0, amber 86.7",
    "SAL": "amber 92.9, amber 88.5, amber 92.9, amber 86.7, amber 87.5, amber 83.3, amber 92.9, green 100.0, green 96.4, "
           "green 100.0, amber 92.9, green 100.0",
    "HEL": "green 100.0, green 100.0, amber 87.5, green 100.0, green 100.0, amber 87.5, amber 75.0, green 100.0, green 100.0, "
           "green 100.0, green 100.0, green 100.0",
}  # fmt: skip


def test_the_latest_reviews_keep_their_reasons(demo):
    """Of every area of the three engagements that is in scope and of nearly all others, and they come to what the review
    says."""
    kept = demo.scalars(select(FrozenEvidence)).all()
    in_depth = select(Engagement.id).join(Client, Client.id == Engagement.client_id).where(Client.code.in_(SUGGESTED))
    assert sum(one.engagement_id in demo.scalars(in_depth).all() for one in kept) == 35
    assert len(kept) > 85
    reviews = {one.id: one for one in demo.scalars(select(Review).where(Review.state == ReviewState.PUBLISHED))}
    assert all(reviews[one.review_id].suggested == one.suggested for one in kept)
    assert demo.scalar(select(FrozenFinding.id).limit(1))


@pytest.mark.parametrize("code", SUGGESTED)
def test_the_evidence_says_what_the_book_says(code, demo, app):
    with app.app_context(), viewing_as(SYSTEM):
        found = db.session.scalars(
            select(AreaScope)
            .join(Engagement)
            .join(Client, Client.id == Engagement.client_id)
            .where(Client.code == code, Engagement.state == EngagementState.ACTIVE)
        ).all()
        judged = judge(found, today())
        db.session.rollback()
    said = [judged[area.code] for area in TWELVE]
    words = [f"{one.suggested or 'grey'} {'-' if one.health is None else half_up(one.health, 1)}" for one in said]
    assert ", ".join(words) == SUGGESTED[code], {
        area.code.value: [(f.rule.id, f.verdict, f.value) for f in one.findings if f.fired]
        for area, one in zip(TWELVE, said, strict=True)
    }


def test_the_rules_agree_with_what_was_said_of_the_others(demo, app):
    """In nine areas of ten, and never because nothing is written down."""
    with app.app_context(), viewing_as(SYSTEM):
        others = db.session.scalars(
            select(Engagement)
            .join(Client, Client.id == Engagement.client_id)
            .where(Client.code.not_in(SUGGESTED), Engagement.state.in_(RUNNING))
        ).all()
        said = [
            (scope.confirmed, judged.suggested)
            for one in others
            for scopes in [[scope for scope in one.scopes if scope.is_in]]
            for judged in judge(scopes, today()).values()
            for scope in scopes
            if scope.area is judged.area
        ]
        db.session.rollback()
    assert len(said) > 50
    assert all(suggested for _, suggested in said)
    assert sum(confirmed is suggested for confirmed, suggested in said) >= len(said) * 9 / 10, said
