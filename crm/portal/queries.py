"""What the portal asks. Every row comes through the client's own limits: nothing here asks who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Result, ScalarSelect, Select, String, case, extract, func, literal, or_, select, type_coerce
from sqlalchemy.orm import defer, joinedload, selectinload

from crm.areas.across.models import Decision
from crm.areas.across.queries import needed_decisions, risks_to_accept
from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.areas.strategy.models import Initiative, InitiativeStatus, Objective, ObjectiveStatus
from crm.clients.models import Activity, Attendee, Contact, Department, DepartmentKind
from crm.closing.content import apportion
from crm.core.calendar import month_after, month_of
from crm.core.db import db
from crm.core.twelve import Area
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, SignOff, VersionComment
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Sponsorship
from crm.engagements.states import LIVE, Overage
from crm.people.models import Person
from crm.retainers.formulas import RetainerMonth
from crm.retainers.queries import Ahead, Balance, ahead_of, books_and_minutes
from crm.timelog.models import TimeEntry, TimeKind

D, V = Deliverable, DeliverableVersion
AT_MOST = 50  # documents or reviews of one list: further back one searches
LATELY = timedelta(days=120)

_WITHOUT_TEXT = defer(V.text)  # a list names documents; their texts are long
_SPONSORS = selectinload(Engagement.sponsors).joinedload(Sponsorship.contact)
_DELEGATES = selectinload(Engagement.delegations)


def live_engagements() -> Select[Engagement]:
    """What is agreed and running, with its team."""
    team = joinedload(Engagement.assignments).joinedload(Assignment.person)  # few each: one statement
    return select(Engagement).where(Engagement.state.in_(LIVE)).options(team).order_by(Engagement.starts, Engagement.id)


def sponsored(contact_id: int | None) -> Select[Engagement]:
    """The running engagements on which this contact decides, with what a new proposal must fit into."""
    own = select(Sponsorship.engagement_id).where(Sponsorship.contact_id == contact_id)
    needed = (_SPONSORS, selectinload(Engagement.scopes), selectinload(Engagement.assignments))
    running = select(Engagement).where(Engagement.id.in_(own), Engagement.state.in_(LIVE))
    return running.options(*needed).order_by(Engagement.number)


def waiting() -> Select[DeliverableVersion]:
    """What was sent and not answered, the most urgent first, with who may answer: few each, so one statement."""
    who = joinedload(V.engagement).options(
        joinedload(Engagement.sponsors).joinedload(Sponsorship.contact), joinedload(Engagement.delegations)
    )
    return (
        select(V)
        .join(D, D.id == V.deliverable_id)
        .where(V.state == State.SUBMITTED, D.state == State.SUBMITTED)
        .options(_WITHOUT_TEXT, joinedload(V.submitted_by), joinedload(V.asked), who)
        .order_by(V.answer_by, V.id)
        .limit(AT_MOST)
    )


def questions() -> Select[Any]:
    """What somebody is asked to decide, the most urgent first."""
    return needed_decisions().options(joinedload(Decision.owner_contact), joinedload(Decision.owner_person))


def risks() -> Select[Any]:
    return risks_to_accept()


def activities() -> Select[Activity]:
    """What passed between us and was written for the client to read."""
    there = selectinload(Activity.attendees).options(joinedload(Attendee.contact), joinedload(Attendee.person))
    return select(Activity).options(joinedload(Activity.person), there)


def goals(area: Area | None = None) -> Select[Objective]:
    """The client's own goals that are shown to them and still open."""
    over = [ObjectiveStatus.MET, ObjectiveStatus.DROPPED]
    found = select(Objective).where(Objective.archived_at.is_(None), Objective.status.not_in(over))
    if area:
        found = found.where(Objective.area == area)
    return found.order_by(Objective.due.is_(None), Objective.due, Objective.id).limit(AT_MOST)


def own_department(contact_id: int | None) -> ScalarSelect[DepartmentKind]:
    """What part of the client this contact works in."""
    there = select(Department.kind).join(Contact, Contact.department_id == Department.id)
    return there.where(Contact.id == contact_id).scalar_subquery()


def promises_to(contact_id: int | None, newest: int) -> Select[Commitment]:
    """What was promised to somebody and to their department, open ones first and of these the nearest."""
    theirs = or_(Commitment.to_contact_id == contact_id, Commitment.department == own_department(contact_id))
    is_open = Commitment.status == CommitmentStatus.OPEN
    by_day = case((is_open, Commitment.due)), Commitment.due.desc(), Commitment.id
    return (
        select(Commitment)
        .where(theirs, Commitment.archived_at.is_(None))
        .order_by(is_open.desc(), *by_day)
        .limit(newest)
    )


def changes_that_touch(contact_id: int | None, newest: int) -> Select[Initiative]:
    """Changes agreed or under way that the department of this contact will notice, the nearest first."""
    live = Initiative.status.in_([InitiativeStatus.APPROVED, InitiativeStatus.ACTIVE])
    word = literal(",") + type_coerce(own_department(contact_id), String) + ","
    touched = type_coerce(Initiative.departments, String).contains(word)
    found = select(Initiative).where(live, touched, Initiative.archived_at.is_(None))
    return found.order_by(Initiative.due.is_(None), Initiative.due, Initiative.id).limit(newest)


def papers() -> Select[Deliverable]:
    """The documents of this client, each with the versions that they were given."""
    versions = selectinload(D.versions).options(_WITHOUT_TEXT, joinedload(V.decided_by), joinedload(V.recorded_by))
    return select(D).options(versions)


def version_to_answer(version_id: int, *, to_show: bool) -> DeliverableVersion | None:
    """One version with what an answer from a mail is judged by and, where `to_show`, with all else that its page shows;
    None when it is not there for this viewer."""
    answers = selectinload(V.sign_offs).options(joinedload(SignOff.sponsor), joinedload(SignOff.by))
    asked = select(V).where(V.id == version_id).options(
        joinedload(V.deliverable).joinedload(D.client), joinedload(V.engagement).options(_SPONSORS, _DELEGATES, selectinload(Engagement.pauses)),
        joinedload(V.submitted_by), joinedload(V.decided_by), joinedload(V.recorded_by), answers,
    )  # fmt: skip
    if to_show:
        comments = selectinload(V.comments).joinedload(VersionComment.contact)
        asked = asked.options(selectinload(V.criteria), comments, selectinload(V.attached))
    return db.session.scalars(asked).one_or_none()


def paper(deliverable_id: int) -> Deliverable:
    """One document with all that the client may read of it; 404 when it is not there for this viewer."""
    version = selectinload(D.versions)
    comments = version.selectinload(V.comments)
    needed = (
        joinedload(D.engagement).options(_SPONSORS, _DELEGATES),
        joinedload(D.proposed_by),
        *(version.joinedload(one) for one in (V.submitted_by, V.recorded_by, V.asked, V.decided_by)),
        version.selectinload(V.criteria),
        version.selectinload(V.sign_offs).options(joinedload(SignOff.sponsor), joinedload(SignOff.by)),
        version.selectinload(V.attached),
        comments.joinedload(VersionComment.contact),
    )
    found: Deliverable = db.first_or_404(select(D).where(D.id == deliverable_id).options(*needed))
    return found


def paper_for_talk(deliverable_id: int) -> Deliverable:
    """One document with what a comment on it needs: its versions by number, and who of us is on it."""
    team = joinedload(D.engagement).selectinload(Engagement.assignments).joinedload(Assignment.person)
    found: Deliverable = db.first_or_404(
        select(D).where(D.id == deliverable_id).options(team, selectinload(D.versions).options(_WITHOUT_TEXT))
    )
    return found


# --- Days used ---


@dataclass(frozen=True)
class MonthUsed:
    """One month of one engagement: the days that there were, what was used of them, and where that leads."""

    engagement: Engagement
    month: date
    balance: Balance
    agreed: Decimal | None = None  # that this month brought; the days rolled in come to it
    ahead: Ahead | None = None  # of a month that runs
    beyond: Overage | None = None  # what was agreed on days over those there are

    @property
    def used(self) -> Decimal:
        """In days, rounded before anything else, so that statement and invoice agree (F5)."""
        return self.balance.used

    @property
    def available(self) -> Decimal | None:
        return self.balance.available

    @property
    def left(self) -> Decimal | None:
        return self.balance.left

    @property
    def of(self) -> RetainerMonth | None:
        return self.balance.month


def months_used(engagements: Sequence[Engagement], on: date, back: int = 0) -> list[MonthUsed]:
    """This month and so many before it, newest first, each engagement as long as it ran."""
    books, minutes = books_and_minutes([one.id for one in engagements], on)
    found = []
    for month in (month_after(month_of(on), -n) for n in range(back + 1)):
        for one in engagements:
            book, here = books.get(one.id), None
            if not month_of(one.starts) <= month <= one.ends:
                continue
            if book:
                here = book.month(month)
            worked = minutes.get(one.id, {}).get(month, 0)
            ahead = ahead_of(book, on) if book and month == month_of(on) else None
            found.append(
                MonthUsed(
                    one,
                    month,
                    Balance(worked, here),
                    here.grant if here else None,
                    ahead,
                    book.agreed(month).overage if book and here else None,
                )
            )
    return found


def entries_of(first: date, months: int = 1) -> Select[TimeEntry]:
    """What was done from the first of a month on, day by day: what stands on the statement, and nothing of our own notes."""
    return _entries().where(TimeEntry.worked_on >= first, TimeEntry.worked_on < month_after(first, months))


@dataclass(frozen=True)
class Part:
    """What one of us did for one agreement and area in one month, and counts."""

    person: str
    area: Area
    days: Decimal


def parts_of_year(year: int) -> list[Part]:
    """Days of a year by person and area. Each month is split so that its parts add up to the days of its statement
    (F5): no hundredth is lost. One statement."""  # fmt: skip
    month = extract("month", TimeEntry.worked_on)
    by = (TimeEntry.engagement_id, month, Person.name, TimeEntry.area)
    counted = (
        select(*by, func.sum(TimeEntry.minutes))
        .join(Person, Person.id == TimeEntry.person_id)
        .where(
            TimeEntry.worked_on.between(date(year, 1, 1), date(year, 12, 31)), TimeEntry.engagement_id.is_not(None),
            TimeEntry.kind == TimeKind.BILLABLE, TimeEntry.voided_at.is_(None),
        )
        .group_by(*by)
        .order_by(*by)
    )  # fmt: skip
    found: list[Part] = []
    told: Result[Any] = db.session.execute(counted)
    for _, rows in groupby(told, key=lambda row: row[:2]):
        every: list[Any] = list(rows)
        days = apportion(int(row[4]) for row in every)
        found += [Part(row[2], row[3], share) for row, share in zip(every, days, strict=True)]
    return found


def _entries() -> Select[TimeEntry]:
    there: Select[Any] = select(TimeEntry).where(TimeEntry.voided_at.is_(None), TimeEntry.engagement_id.is_not(None))
    named = there.options(joinedload(TimeEntry.person), joinedload(TimeEntry.engagement), joinedload(TimeEntry.adjusts))
    return named.order_by(TimeEntry.worked_on.desc(), TimeEntry.id.desc())
