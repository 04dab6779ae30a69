"""Reviews: dated statements on one area. A published one never changes; the next one supersedes it."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import Level, LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, Shareable, Visibility, under
from crm.core.twelve import CADENCE, Area
from crm.engagements.models import AreaScope, Rag, Trend
from crm.people.models import Person


class ReviewState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


RANK = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREEN: 2}


class Review(EngagementOwned, Shareable, Model):
    """What a consultant says of one area on one day: colour, trend, level, one sentence, and an ask when red."""

    __tablename__ = "review"
    __table_args__ = (
        under("engagement"),
        CheckConstraint("maturity BETWEEN 0 AND 10", name="maturity"),
        CheckConstraint(
            "rag != 'red' OR state = 'draft' OR (ask != '' AND ask_of != '' AND ask_by IS NOT NULL)", name="red_asks"
        ),
        CheckConstraint("state = 'draft' OR (published_at IS NOT NULL AND sentence != '')", name="published_says"),
        CheckConstraint("(override_reason = '') = (override_until IS NULL)", name="override"),
        CheckConstraint("(state = 'draft') = (visibility = 'team')", name="client_sees_published"),
        Index("ix_review_engagement_id_area", "engagement_id", "area", "published_at"),
        Index("ix_review_client_id_area", "client_id", "area", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[Area]
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.DRAFT)
    rag: Mapped[Rag]
    trend: Mapped[Trend | None]
    maturity: Mapped[Level | None]
    sentence: Mapped[str] = mapped_column(LineType(500), default="")
    ask: Mapped[str] = mapped_column(LineType(500), default="")  # what we need
    ask_of: Mapped[str] = mapped_column(default="")  # from whom
    ask_by: Mapped[date | None]
    suggested: Mapped[Rag | None]  # what the evidence said when it was published; none: not evidenced
    override_reason: Mapped[str] = mapped_column(LineType(500), default="")
    override_until: Mapped[date | None]
    published_at: Mapped[datetime | None]
    published_on: Mapped[date | None] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    author: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def publish(self, scope: AreaScope, *, at: datetime, on: date, last: "Review | None") -> None:
        """From now on it speaks for the area, and the one before is history."""
        if self.state is not ReviewState.DRAFT:
            raise Refused("This review is published; write a new one to say something else.")
        if not self.sentence:
            raise Refused("Say in one sentence what is going on, in words the client would use.", "sentence")
        if self.rag is Rag.RED and not (self.ask and self.ask_of and self.ask_by):
            raise Refused("A red area asks for something: say what, from whom and by when.", "ask")
        self.state, self.visibility, self.published_at, self.published_on = (
            ReviewState.PUBLISHED,
            Visibility.CLIENT,
            at,
            on,
        )
        self.trend = self.trend or trend_since(last, self.rag)
        if last:
            last.state = ReviewState.SUPERSEDED
        scope.confirmed, scope.trend, scope.sentence, scope.reviewed_on = self.rag, self.trend, self.sentence, on
        scope.ask, scope.ask_by = (self.ask, self.ask_by) if self.rag is Rag.RED else ("", None)
        scope.maturity = scope.maturity if self.maturity is None else self.maturity
        scope.review_due = self.override_until or on + timedelta(days=CADENCE[scope.scope])


def trend_since(last: Review | None, rag: Rag) -> Trend:
    """Against the previous published review of the client's area, whichever engagement made it."""
    if last is None or RANK[last.rag] == RANK[rag]:
        return Trend.STEADY
    return Trend.IMPROVING if RANK[rag] > RANK[last.rag] else Trend.WORSENING
