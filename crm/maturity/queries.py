"""What pages ask about assessments. What the client reads comes through the viewer's eyes as everything does: finished
runs and their levels, never answers or comments."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.clients.models import Client, Contact
from crm.core.db import db
from crm.core.twelve import Area
from crm.engagements.models import Engagement
from crm.engagements.queries import speaking_scopes
from crm.engagements.scopes import AreaScope
from crm.engagements.states import OVER
from crm.maturity.models import Answer, AssessedLevel, Assessment, AssessmentState
from crm.maturity.scoring import ENOUGH

A_FEW = 50  # runs of one client on a page


class Latest(NamedTuple):
    """The level that the newest finished assessment of an area came to."""

    level: Decimal
    on: date
    provisional: bool

    def is_news(self, row: AreaScope) -> bool:
        """Another level than is said of the area, sure enough, and not older than the review that said it."""
        is_late = row.reviewed_on is not None and row.reviewed_on > self.on
        return self.level != row.maturity and not self.provisional and not is_late


def latest_levels(client_id: int) -> dict[Area, Latest]:
    """By area, in one statement; an area that no finished assessment answered is not in it."""
    asked = (
        select(
            AssessedLevel.area, AssessedLevel.level, AssessedLevel.answered, AssessedLevel.questions,
            Assessment.finished_on,
        )
        .join(Assessment, Assessment.id == AssessedLevel.assessment_id)
        .where(AssessedLevel.client_id == client_id)
        .order_by(Assessment.finished_on, Assessment.id)
    )  # fmt: skip
    return {
        row.area: Latest(row.level, row.finished_on, row.answered < ENOUGH * row.questions)
        for row in db.session.execute(asked)
    }


def one_assessment(assessment_id: int, *, hold: bool = False) -> Select[Assessment]:
    """A run with its client and whoever serves them, which the policy asks. `hold`: nobody else writes in it until
    this transaction ends."""
    client = joinedload(Assessment.client, innerjoin=True).selectinload(Client.assignments)
    found = select(Assessment).where(Assessment.id == assessment_id)
    found = found.options(client, joinedload(Assessment.engagement), joinedload(Assessment.begun_by))
    return found.with_for_update(of=Assessment, key_share=True) if hold else found


def answers_of(*assessment_ids: int, questions: Iterable[str] | None = None) -> Select[Answer]:
    """All that was said, or what was said to these questions, with the names."""
    found = select(Answer).where(Answer.assessment_id.in_(assessment_ids))
    if questions is not None:
        found = found.where(Answer.question.in_(list(questions)))
    return found.options(joinedload(Answer.contact), joinedload(Answer.written_by)).order_by(Answer.id)


def levels_of(assessment: Assessment) -> Sequence[AssessedLevel]:
    """What was kept when it was finished; nothing, and no statement, before that."""
    if not assessment.is_finished:
        return ()
    return db.session.scalars(select(AssessedLevel).where(AssessedLevel.assessment_id == assessment.id)).all()


def runs_of(client_id: int) -> Select[Assessment]:
    """Every run of a client, the open one first, then the newest."""
    order = case((Assessment.state == AssessmentState.OPEN, 0), else_=1)
    found = select(Assessment).where(Assessment.client_id == client_id)
    found = found.options(selectinload(Assessment.levels), joinedload(Assessment.begun_by))
    return found.order_by(order, Assessment.began_on.desc(), Assessment.id.desc()).limit(A_FEW)


def finished_of(client_id: int) -> Select[Assessment]:
    """The finished runs, oldest first, with their levels."""
    found = select(Assessment).where(Assessment.client_id == client_id, Assessment.finished_on.is_not(None))
    return found.options(selectinload(Assessment.levels)).order_by(Assessment.finished_on, Assessment.id).limit(A_FEW)


def open_run(client_id: int) -> Select[Assessment]:
    return select(Assessment).where(Assessment.client_id == client_id, Assessment.state == AssessmentState.OPEN)


def answered_in(assessment_ids: Iterable[int]) -> dict[int, int]:
    """How many questions each of these runs has dealt with."""
    done = or_(Answer.score.is_not(None), Answer.not_applicable)
    counted = (
        select(Answer.assessment_id, func.count())
        .where(Answer.assessment_id.in_(list(assessment_ids)), done)
        .group_by(Answer.assessment_id)
    )
    return {key: int(number) for key, number in db.session.execute(counted)}


def engagements_to_choose(client_id: int, chosen: int | None = None) -> Select[Engagement]:
    """Those that a run may belong to: what is agreed or about to be, and the one that is chosen already."""
    open_ones = or_(Engagement.state.not_in(OVER), Engagement.id == (chosen or 0))
    found = select(Engagement).where(Engagement.client_id == client_id, open_ones)
    return found.order_by(Engagement.starts.desc(), Engagement.id.desc())


def targets_of(assessment: Assessment) -> dict[Area, Decimal]:
    """What each area is to reach: as its engagement says, or whichever engagement speaks for the area."""
    if assessment.engagement_id is None:
        scopes = db.session.scalars(speaking_scopes(assessment.client_id)).all()
    else:
        scopes = db.session.scalars(select(AreaScope).where(AreaScope.engagement_id == assessment.engagement_id)).all()
    return {row.area: row.target for row in scopes if row.is_in and row.target is not None}


def people_of(client_id: int) -> Select[Contact]:
    """The client's people, by name: whoever may be asked."""
    there = select(Contact).where(Contact.client_id == client_id, Contact.archived_at.is_(None))
    return there.order_by(Contact.name, Contact.id)
