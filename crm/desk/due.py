"""What is due or overdue of one's own, whatever it is: actions, decisions, risks, promises, meetings, in one statement."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import String, and_, cast, literal, or_, select, type_coerce, union_all

from crm.areas.across.models import LIVE as LIVE_RISK
from crm.areas.across.models import Action, ActionStatus, Decision, DecisionStatus, RaidItem
from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.clients.models import Client
from crm.core.db import db
from crm.core.twelve import OF, Area
from crm.engagements.people import Assignment, AssignmentRole, Status
from crm.meetings.models import Meeting, MeetingState
from crm.meetings.queries import is_of_mine

AT_MOST = 60
SOON = timedelta(days=3)  # actions and promises are told so long before their day
MINUTES_WAIT = timedelta(days=2)  # held, and nobody shared what was said


class Kind(StrEnum):
    ACTION = "action"
    DECISION = "decision"
    OUTCOME = "outcome"
    RISK = "risk"
    PROMISE = "promise"
    MEETING = "meeting"
    MINUTES = "minutes"


SAYS = {
    Kind.ACTION: "your action", Kind.DECISION: "waits for a decision", Kind.OUTCOME: "say what came of it",
    Kind.RISK: "look at the risk again", Kind.PROMISE: "your promise", Kind.MEETING: "meeting", Kind.MINUTES: "share the minutes",
}  # fmt: skip
REGISTER = {
    Kind.ACTION: "actions", Kind.DECISION: "decisions", Kind.OUTCOME: "decisions", Kind.RISK: "risks", Kind.PROMISE: "commitments",
}  # fmt: skip


class Due(NamedTuple):
    """Something of one's own with a day, as a line of Today."""

    kind: Kind
    id: int
    title: str
    due: date
    area: Area | None
    client_id: int
    client: str
    begins: str

    @property
    def says(self) -> str:
        return f"{SAYS[self.kind]}{f', {self.begins}' if self.begins else ''}"

    @property
    def number(self) -> int | None:
        return OF[self.area].number if self.area else None

    @property
    def href(self) -> str:
        if self.area is None:
            return url_for("client_meetings.show", client_id=self.client_id, meeting_id=self.id)
        return url_for(
            "registers.entry",
            client_id=self.client_id,
            slug=OF[self.area].slug,
            register=REGISTER[self.kind],
            entry_id=self.id,
        )

    def is_late(self, today: date) -> bool:
        return self.due < today and self.kind is not Kind.MINUTES


def due_for(person_id: int | None, today: date, until: date | None = None) -> list[Due]:
    """One's own, and what concerns the clients that one serves, the oldest first: what is near, or all until a day."""
    soon, me = until or today + SOON, person_id
    serves = _serves(me, today)
    mine = or_(
        RaidItem.owner_person_id == me,
        and_(RaidItem.owner_person_id.is_(None), RaidItem.client_id.in_(_serves(me, today, leads=True))),
    )
    keeps = or_(Commitment.keeper_id == me, and_(Commitment.keeper_id.is_(None), Commitment.made_by_id == me))
    arms = [
        _row(Kind.ACTION, Action, Action.title, Action.due, Action.owner_person_id == me, Action.status == ActionStatus.OPEN, Action.due <= soon),
        _row(Kind.DECISION, Decision, Decision.question, Decision.needed_by, Decision.client_id.in_(serves),
             Decision.status == DecisionStatus.NEEDED, Decision.needed_by < today),
        _row(Kind.OUTCOME, Decision, Decision.question, Decision.review_on, Decision.client_id.in_(_serves(me, today, leads=True)),
             Decision.status == DecisionStatus.DECIDED, Decision.review_on <= today, Decision.came_on.is_(None)),
        _row(Kind.RISK, RaidItem, RaidItem.title, RaidItem.next_review, mine, RaidItem.status.in_(LIVE_RISK), RaidItem.next_review <= today),
        _row(Kind.PROMISE, Commitment, Commitment.what, Commitment.due, keeps, Commitment.status == CommitmentStatus.OPEN, Commitment.due <= soon),
        _meeting(Kind.MEETING, is_of_mine(me), Meeting.state == MeetingState.DRAFT, Meeting.on.between(today, until or today)),
        _meeting(Kind.MINUTES, Meeting.made_by_id == me, Meeting.state == MeetingState.HELD, Meeting.on <= today - MINUTES_WAIT),
    ]  # fmt: skip
    every = union_all(*arms).subquery()
    found = db.session.execute(select(every).order_by(every.c.due, every.c.begins, every.c.id).limit(AT_MOST))
    return [Due(Kind(kind), key, title, due, Area(area) if area else None, client_id, client, begins)
            for kind, key, title, due, area, client_id, client, begins in found]  # fmt: skip


def _serves(person_id: int | None, today: date, *, leads: bool = False) -> Any:
    """The clients of an assignment that runs today, or of one in which one leads."""
    on = (
        Assignment.person_id == person_id,
        Assignment.status == Status.CONFIRMED,
        Assignment.begins <= today,
        Assignment.ends >= today,
    )
    found = select(Assignment.client_id).where(*on)
    return found.where(Assignment.role == AssignmentRole.LEAD) if leads else found


def _row(kind: Kind, model: Any, title: Any, due: Any, *where: Any) -> Any:
    columns = (literal(kind.value).label("kind"), model.id.label("id"), title.label("title"), due.label("due"),
               type_coerce(model.area, String).label("area"), model.client_id.label("client_id"), Client.name.label("client"),
               literal("").label("begins"))  # fmt: skip
    in_use = model.archived_at.is_(None), model.to_be_confirmed.is_(False), Client.archived_at.is_(None)
    return select(*columns).join(Client, Client.id == model.client_id).where(*where, *in_use)


def _meeting(kind: Kind, *where: Any) -> Any:
    columns = (literal(kind.value).label("kind"), Meeting.id.label("id"), Meeting.title.label("title"), Meeting.on.label("due"),
               cast(literal(None), String).label("area"), Meeting.client_id.label("client_id"), Client.name.label("client"),
               Meeting.begins.label("begins"))  # fmt: skip
    return select(*columns).join(Client, Client.id == Meeting.client_id).where(*where, Client.archived_at.is_(None))
