"""Assessments: the 85 questions put to a client once, who answered them how, and the levels that came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.clients.models import Client, Contact
from crm.core.columns import Code, Level, LineType
from crm.core.db import Model
from crm.core.errors import Refused
from crm.core.ownership import ClientOwned, InternalOnly, Shareable, Visibility, under
from crm.core.twelve import Area, Responsibility
from crm.engagements.models import Engagement
from crm.maturity.questions import BEST, Chapter, Question, by_id, chapters
from crm.maturity.scoring import ENOUGH, Score, score_of
from crm.people.models import Person


class Purpose(StrEnum):
    """Why the questions are asked this time."""

    BASELINE = "baseline"
    DAY_90 = "day_90"
    YEARLY = "yearly"
    OTHER = "other"


class AssessmentState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    SET_ASIDE = "set_aside"


class Assessment(ClientOwned, Shareable, Model):
    """One run through the questions, within an engagement or before there is one. Once finished it never changes:
    who wants to know how it is now begins another."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        under("engagement"),
        CheckConstraint("(state = 'finished') = (finished_on IS NOT NULL)", name="finished_has_a_day"),
        CheckConstraint("(state = 'finished') = (visibility = 'client')", name="client_sees_finished"),
        CheckConstraint("finished_on >= began_on", name="order"),
        Index("ix_assessment_client_id_finished_on", "client_id", "finished_on"),
        Index(
            "ix_assessment_one_open",
            "client_id",
            unique=True,
            sqlite_where=literal_column("state = 'open'"),
            postgresql_where=literal_column("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str]
    purpose: Mapped[Purpose]
    state: Mapped[AssessmentState] = mapped_column(default=AssessmentState.OPEN)
    began_on: Mapped[date]
    finished_on: Mapped[date | None]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)
    engagement: Mapped[Engagement | None] = relationship(
        primaryjoin="foreign(Assessment.engagement_id) == Engagement.id", lazy="raise", viewonly=True
    )
    begun_by: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.id", lazy="raise", viewonly=True)
    levels: Mapped[list["AssessedLevel"]] = relationship(order_by="AssessedLevel.id", lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        return self.state is AssessmentState.OPEN

    @property
    def is_finished(self) -> bool:
        return self.state is AssessmentState.FINISHED

    @property
    def on(self) -> date:
        """The day it stands for."""
        return self.finished_on or self.began_on

    def must_be_open(self) -> None:
        if self.is_finished:
            raise Refused(f"{self.title} is finished and stays as it is. Begin another to say how it is now.")
        if not self.is_open:
            raise Refused(f"{self.title} was set aside: nothing is answered in it any more.")

    def finish(self, results: Iterable["Result"], on: date) -> list["AssessedLevel"]:
        """From now on it stands, and the client reads the levels."""
        self.must_be_open()
        levels = [frozen for one in results if (frozen := one.freeze(self))]
        if not levels:
            raise Refused("Nothing is answered yet: an assessment without answers says nothing.")
        self.state, self.finished_on, self.visibility = (
            AssessmentState.FINISHED,
            max(on, self.began_on),
            Visibility.CLIENT,
        )
        return levels

    def set_aside(self) -> None:
        """It will not be finished; its answers stay readable to the team."""
        self.must_be_open()
        self.state = AssessmentState.SET_ASIDE


@dataclass(frozen=True)
class Given:
    """What is said to one question: an option by its score, or that it does not apply; a comment; who said it."""

    score: int | None = None
    not_applicable: bool = False
    comment: str = ""
    said_by_id: int | None = None
    said_by: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Given(said_by_id=self.said_by_id, said_by=self.said_by)


class Answer(ClientOwned, InternalOnly, Model):
    """What was said to one question of an assessment, by whom, and who of us wrote it down."""

    __tablename__ = "assessment_answer"
    __table_args__ = (
        under("assessment"),
        under("contact", by="said_by_id"),
        UniqueConstraint("assessment_id", "question"),
        CheckConstraint("score BETWEEN 0 AND 5", name="score"),
        CheckConstraint("NOT (not_applicable AND score IS NOT NULL)", name="one_or_the_other"),
        CheckConstraint("said_by_id IS NULL OR said_by = ''", name="one_speaker"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int]
    question: Mapped[Code]
    score: Mapped[int | None]  # none: not applicable, or only commented on so far
    not_applicable: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(LineType(2000), default="")
    said_by_id: Mapped[int | None] = mapped_column(index=True)
    said_by: Mapped[str] = mapped_column(default="")  # in words, where no contact is meant
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    contact: Mapped[Contact | None] = relationship(lazy="raise", viewonly=True)
    written_by: Mapped[Person] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def given(self) -> Given:
        return Given(self.score, self.not_applicable, self.comment, self.said_by_id, self.said_by)

    @property
    def asked(self) -> Question:
        return by_id()[self.question]

    @property
    def is_answered(self) -> bool:
        """Dealt with: scored, or said not to apply."""
        return self.score is not None or self.not_applicable

    @property
    def says(self) -> str:
        """The chosen option in its words."""
        if self.not_applicable:
            return "Not applicable"
        return "No answer yet" if self.score is None else self.asked.says(self.score)

    @property
    def speaker(self) -> str:
        return self.contact.name if self.contact else self.said_by

    def take(self, given: Given, *, by: int | None, at: datetime) -> None:
        if by is None:
            raise Refused("An answer is written down by a person of the practice.")
        self.score, self.not_applicable, self.comment = given.score, given.not_applicable, given.comment
        self.said_by_id, self.said_by = given.said_by_id, given.said_by
        self.written_by_id, self.written_at = by, at


class AssessedLevel(ClientOwned, Shareable, Model):
    """What the answers on one area came to when an assessment was finished: what the client reads of it."""

    __tablename__ = "assessed_level"
    __table_args__ = (
        under("assessment"),
        UniqueConstraint("assessment_id", "area"),
        CheckConstraint("level BETWEEN 0 AND 10", name="level"),
        CheckConstraint("lowest BETWEEN 0 AND 5", name="lowest"),
        CheckConstraint("answered BETWEEN 1 AND questions", name="answered"),
        CheckConstraint("points BETWEEN 0 AND 5 * answered", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int]
    area: Mapped[Area]
    level: Mapped[Level]
    lowest: Mapped[int]  # score of the weakest answer
    points: Mapped[int]  # the sum of the scores
    answered: Mapped[int]
    questions: Mapped[int]

    @property
    def is_provisional(self) -> bool:
        return self.answered < ENOUGH * self.questions


@dataclass(frozen=True)
class Result:
    """One area of an assessment: what is asked, what was said, what it comes to. What was kept when it was finished
    stands, also when the questions change later."""

    chapter: Chapter
    answers: tuple[Answer, ...] = ()
    kept: AssessedLevel | None = None

    @property
    def area(self) -> Responsibility:
        return self.chapter.area

    @property
    def score(self) -> Score:
        return score_of([one.score for one in self.answers], len(self.chapter.questions))

    @property
    def level(self) -> Decimal | None:
        return self.kept.level if self.kept else self.score.level

    @property
    def is_provisional(self) -> bool:
        return self.kept.is_provisional if self.kept else bool(self.score.scores) and self.score.is_provisional

    @property
    def done(self) -> int:
        """Questions that were dealt with, "not applicable" among them."""
        return sum(one.is_answered for one in self.answers)

    @property
    def asked(self) -> int:
        return self.kept.questions if self.kept else len(self.chapter.questions)

    @property
    def weakest(self) -> list[Answer]:
        """The answers with the lowest score below the best, at most two: where to begin."""
        scored = [(one.score, one) for one in self.answers if one.score is not None and one.score < BEST]
        low = min((score for score, _ in scored), default=BEST)
        return [one for score, one in scored if score == low][:2]

    def answer_to(self, question: Question) -> Answer | None:
        return next((one for one in self.answers if one.question == question.id), None)

    def freeze(self, assessment: Assessment) -> AssessedLevel | None:
        """What is kept of it; nothing where nothing was scored."""
        scores, level = self.score.scores, self.score.level
        if level is None:
            return None
        return AssessedLevel(
            client_id=assessment.client_id, assessment_id=assessment.id, area=self.area.code, level=level,
            lowest=min(scores), points=sum(scores), answered=len(scores), questions=self.asked,
            visibility=Visibility.CLIENT,
        )  # fmt: skip


def results_of(answers: Iterable[Answer], levels: Iterable[AssessedLevel] = ()) -> list[Result]:
    """The twelve in the order of the dial, also where nothing was said."""
    said, kept = {one.question: one for one in answers}, {one.area: one for one in levels}
    return [
        Result(chapter, tuple(said[one.id] for one in chapter.questions if one.id in said), kept.get(area))
        for area, chapter in chapters().items()
    ]
