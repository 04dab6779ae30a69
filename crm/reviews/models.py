"""Reviews: dated statements on one area. A published one never changes; the next one supersedes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.core.columns import Level, LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import EngagementOwned, Shareable, Visibility, under
from crm.core.twelve import CADENCE, OF, Area
from crm.engagements.scopes import AreaScope, Rag, Trend
from crm.people.models import Person
from crm.reviews.frozen import Evidence, FrozenEvidence, FrozenFinding


class ReviewState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


RANK = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREEN: 2}
WORST_FIRST = (Rag.RED, Rag.AMBER, None, Rag.GREEN)  # None is grey: green needs evidence, so grey stands before it
LONGEST_OVERRIDE = timedelta(days=366)
MEANS = {  # docs/domain.md, terms
    Rag.GREEN: "On course within what was agreed; nothing needed from the sponsor.",
    Rag.AMBER: "Off course or threatened, and a named owner has a dated plan that works within what is already agreed.",
    Rag.RED: "Off course and not recoverable without a decision, money, people or authority. It always carries an ask.",
}
LEVELS = (  # maturity 0 to 5, each with its test
    ("Absent", "Nobody does it and nothing is written down."),
    ("Ad hoc", "It happens when someone shouts; it depends on one person’s memory."),
    ("Repeatable", "The main cases are handled the same way each time; a partial list or note exists."),
    ("Defined", "Written, owned by a named person, agreed with the business and dated within 12 months."),
    ("Measured", "Numbers exist for at least two consecutive periods and a decision was taken on them."),
    ("Improving", "In the last 12 months a measurement caused a change, and the practice would survive losing any one person."),
)  # fmt: skip


def level_name(level: Decimal) -> str:
    """2.5 is between Repeatable and Defined."""
    below = LEVELS[int(level)][0]
    return below if level == int(level) else f"between {below} and {LEVELS[int(level) + 1][0]}"


@dataclass(frozen=True)
class Verdict:
    """What is said of an area."""

    rag: Rag
    trend: Trend | None
    maturity: Decimal | None
    sentence: str
    ask: str
    ask_of: str
    ask_by: date | None
    override_reason: str = ""
    override_until: date | None = None


def is_better(confirmed: Rag, suggested: Rag | None) -> bool:
    """Whether a colour says more good than the evidence does; green does so over grey too."""
    return WORST_FIRST.index(confirmed) > WORST_FIRST.index(suggested)


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
        Index("ix_review_id_client_id", "id", "client_id", unique=True),  # and what came of it
        Index(
            "ix_review_its_engagement", "id", "engagement_id", "client_id", unique=True
        ),  # what is frozen hangs on it
        *(
            Index(
                f"ix_review_one_{state}",
                "engagement_id",
                "area",
                unique=True,
                sqlite_where=literal_column(f"state = '{state}'"),
                postgresql_where=literal_column(f"state = '{state}'"),
            )
            for state in ("draft", "published")
        ),
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
    evidence: Mapped[FrozenEvidence | None] = relationship(lazy="raise", viewonly=True)
    findings: Mapped[list[FrozenFinding]] = relationship(order_by=FrozenFinding.position, lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        """What the history calls it: the area that it speaks of."""
        return OF[self.area].short

    @property
    def is_override(self) -> bool:
        """Published better than the evidence said, with a reason that holds until a day."""
        return self.override_until is not None

    def say(self, verdict: Verdict) -> None:
        """Write or rewrite the draft."""
        if self.state is not ReviewState.DRAFT:
            raise Refused("This review is published; write a new one to say something else.")
        if verdict.override_reason and verdict.override_until is None:
            raise Refused("Say until when the reason holds", "override_until")
        self.rag, self.trend, self.maturity, self.sentence = (
            verdict.rag,
            verdict.trend,
            verdict.maturity,
            verdict.sentence,
        )
        self.ask, self.ask_of, self.ask_by = verdict.ask, verdict.ask_of, verdict.ask_by
        self.override_reason = verdict.override_reason
        self.override_until = verdict.override_until if verdict.override_reason else None

    def missing(self, evidence: Evidence | None, on: date) -> Iterator[Refused]:
        """What must be said before the client may read it (invariant 12), each beside its answer."""
        if not self.sentence:
            yield Refused("Say in one sentence what is going on, in words the client would use.", "sentence")
        if self.rag is Rag.RED:
            for field, is_there, sentence in (
                ("ask", self.ask, "A red area asks for something: say what"),
                ("ask_of", self.ask_of, "Say from whom you need it"),
                ("ask_by", self.ask_by, "Say by when you need it"),
            ):
                if not is_there:
                    yield Refused(sentence, field)
        if evidence and is_better(self.rag, evidence.suggested):
            yield from self._unproven(evidence.suggested, on)

    def _unproven(self, suggested: Rag | None, on: date) -> Iterator[Refused]:
        if not self.override_reason:
            said = f"the rows say {suggested.value}" if suggested else "no rows show it yet"
            yield Refused(
                f"{self.rag.value.capitalize()} is better than the evidence: {said}. Say why", "override_reason"
            )
        elif self.override_until is None or self.override_until <= on:
            yield Refused("The reason holds until a day to come: choose one after today", "override_until")
        elif self.override_until > on + LONGEST_OVERRIDE:
            yield Refused("A reason holds for a year at most: choose an earlier day", "override_until")

    def publish(
        self, scope: AreaScope, *, at: datetime, on: date, last: Rag | None, evidence: Evidence | None = None
    ) -> None:
        """From now on it speaks for the area. `last`: the colour that was said before, whichever engagement said it.
        `evidence`: what the rules say at this moment."""
        if self.state is not ReviewState.DRAFT:
            raise Refused("This review is published; write a new one to say something else.")
        for gap in self.missing(evidence, on):
            raise gap
        if evidence:
            self.suggested = evidence.suggested
            if not is_better(self.rag, evidence.suggested):
                self.override_reason, self.override_until = "", None  # as bad as the evidence, or worse, needs none
        self.state, self.visibility = ReviewState.PUBLISHED, Visibility.CLIENT
        self.published_at, self.published_on = at, on
        self.trend = self.trend or trend_since(last, self.rag)
        scope.confirmed, scope.trend, scope.sentence, scope.reviewed_on = self.rag, self.trend, self.sentence, on
        scope.ask, scope.ask_by = (self.ask, self.ask_by) if self.rag is Rag.RED else ("", None)
        scope.maturity = scope.maturity if self.maturity is None else self.maturity
        due = on + timedelta(days=CADENCE[scope.scope])
        scope.review_due = min(due, self.override_until) if self.override_until else due

    def supersede(self) -> None:
        """The next one of the same engagement speaks from now on."""
        self.state = ReviewState.SUPERSEDED


def seen_of(drafts: Iterable[Review]) -> str:
    """How these drafts stand, in a word that a form carries: whoever publishes them publishes what they have seen."""
    return ",".join(f"{one.id}-{one.version}" for one in sorted(drafts, key=lambda one: one.id))


def trend_since(last: Rag | None, rag: Rag) -> Trend:
    """Against the previous published review of the client's area, whichever engagement made it."""
    if last is None or RANK[last] == RANK[rag]:
        return Trend.STEADY
    return Trend.IMPROVING if RANK[rag] > RANK[last] else Trend.WORSENING
