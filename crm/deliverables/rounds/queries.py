"""The rounds of a deliverable's internal review."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.core.db import db
from crm.deliverables.models import Deliverable
from crm.deliverables.rounds.models import ReviewRemark, ReviewRound

R = ReviewRound


def rounds_of(owed: Deliverable) -> Sequence[ReviewRound]:
    """Newest first, with what was found."""
    kept = select(R).where(R.deliverable_id == owed.id).order_by(R.number.desc())
    return db.session.scalars(kept.options(joinedload(R.reviewer), selectinload(R.points))).all()


def open_round(owed: Deliverable) -> ReviewRound:
    """The one that runs; a draft that was in review before rounds were kept gets its round now."""
    running = select(R).where(R.deliverable_id == owed.id, R.outcome.is_(None))
    return db.session.scalars(running).one_or_none() or new_round(owed)


def new_round(owed: Deliverable) -> ReviewRound:
    """The next round of its internal review, added to the session, not yet written."""
    last = db.session.scalar(select(func.max(R.number)).where(R.deliverable_id == owed.id)) or 0
    made = ReviewRound(
        deliverable_id=owed.id, client_id=owed.client_id, engagement_id=owed.engagement_id, number=last + 1,
        about=owed.current.number if owed.current else None, reviewer_id=owed.reviewer_id,
    )  # fmt: skip
    db.session.add(made)
    return made


def remarks_before_rounds(owed: Deliverable) -> Sequence[ReviewRemark]:
    """What colleagues said before rounds were kept, newest first."""
    said = select(ReviewRemark).where(ReviewRemark.deliverable_id == owed.id).order_by(ReviewRemark.id.desc())
    return db.session.scalars(said.options(joinedload(ReviewRemark.person))).all()
