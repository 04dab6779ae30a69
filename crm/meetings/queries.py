"""What pages ask about meetings, about what was agreed in them, and about promises."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from crm.areas.across.models import Action, ActionStatus, Decision, DecisionStatus
from crm.areas.stakeholders.models import Commitment, CommitmentStatus
from crm.clients.models import Contact, Department, DepartmentKind
from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.core.words import worded
from crm.meetings.models import (
    KIND_WORDS,
    STATE_WORDS,
    Meeting,
    MeetingAttendee,
    MeetingKind,
    MeetingNote,
    MeetingState,
)
from crm.registers.models import Origin, RegisterEntry

AT_MOST = 50
AGREED = (Action, Decision, Commitment)
PLACES = {"action": "actions", "decision": "decisions", "commitment": "commitments", "raid_item": "risks"}


def one_meeting(client_id: int, meeting_id: int) -> Select[Meeting]:
    """A meeting with its agenda and whoever was asked to come."""
    there = selectinload(Meeting.attendees).options(
        joinedload(MeetingAttendee.contact), joinedload(MeetingAttendee.person)
    )
    wanted = select(Meeting).where(Meeting.id == meeting_id, Meeting.client_id == client_id)
    return wanted.options(joinedload(Meeting.client), joinedload(Meeting.made_by), selectinload(Meeting.agenda), there)


def meetings_of(client_id: int) -> Select[Meeting]:
    return select(Meeting).where(Meeting.client_id == client_id).options(joinedload(Meeting.made_by))


def planned(client_id: int, today: date) -> Select[Meeting]:
    """Meetings and visits to come, the nearest first; among them what was called off."""
    states = (MeetingState.DRAFT, MeetingState.CANCELLED)
    ahead = (Meeting.client_id == client_id, Meeting.state.in_(states), Meeting.on >= today)
    return select(Meeting).where(*ahead).order_by(Meeting.on, Meeting.begins, Meeting.id).limit(AT_MOST)


def with_minutes(client_id: int) -> Select[Meeting]:
    return meetings_of(client_id).where(Meeting.state == MeetingState.SHARED)


def meetings_listing() -> Listing:
    states = [(one.value, STATE_WORDS[one]) for one in MeetingState]
    return Listing(
        sorts={"day": (Meeting.on, Meeting.begins), "title": (func.lower(Meeting.title),)},
        key=Meeting.id,
        search=[Meeting.title, Meeting.place],
        filters=[
            Filter("state", "State", states, lambda value: Meeting.state == MeetingState(value), blank="Any state"),
            Filter("kind", "Kind", [(one.value, KIND_WORDS[one]) for one in MeetingKind], lambda value: Meeting.kind == MeetingKind(value), blank="Any kind"),
        ],
        per_page=25,
        newest_first=True,
    )  # fmt: skip


def note_of(meeting_id: int) -> Select[MeetingNote]:
    return select(MeetingNote).where(MeetingNote.meeting_id == meeting_id)


def next_after(meeting_id: int) -> Select[Meeting]:
    """The meeting that carries on from this one."""
    return select(Meeting).where(Meeting.follows_id == meeting_id).order_by(Meeting.on, Meeting.id).limit(1)


@dataclass(frozen=True)
class Agreed:
    """Something that was agreed: a row of a register, as a line that leads to it."""

    kind: str
    row: Any

    @property
    def title(self) -> str:
        return str(self.row.label)

    @property
    def register(self) -> str:
        return PLACES[self.kind]

    @property
    def who(self) -> str:
        """Who does it, decided, decides, or was promised it."""
        if self.kind == "commitment":
            return f"to {self.row.to_contact_name}"
        said = {"decided": "decided by ", "needed": "asked of "} if self.kind == "decision" else {}
        return f"{said.get(self.row.status.value, '')}{self.row.owner}" if self.row.owner else ""

    @property
    def what(self) -> str:
        if self.kind == "decision":
            return "Question" if self.row.status is DecisionStatus.NEEDED else "Decision"
        return "Promise" if self.kind == "commitment" else "Action"

    @property
    def due(self) -> date | None:
        """The day it waits for, as long as it does."""
        if self.kind == "decision":
            return self.row.needed_by if self.is_open else None
        return self.row.due if self.is_open else None

    @property
    def is_open(self) -> bool:
        return self.row.status in {ActionStatus.OPEN, DecisionStatus.NEEDED, CommitmentStatus.OPEN}

    @property
    def standing(self) -> str:
        return worded(self.row.status)


def agreed(meeting: Meeting) -> tuple[list[Agreed], list[Agreed]]:
    """What this meeting agreed, in the order in which it was written down; and what earlier ones of the row did that
    nobody has finished. Three statements."""
    of_row = Origin.meeting_id == meeting.id
    if meeting.follows_id:
        of_row = or_(of_row, Origin.meeting_id.in_(chain_before(meeting)))
    here, earlier = list[Agreed](), list[Agreed]()
    for one, of in _came_from(of_row):
        if of == meeting.id:
            here.append(one)
        elif one.is_open:
            earlier.append(one)
    return here, earlier


def agreed_about_review(review_id: int) -> list[Agreed]:
    return [one for one, _ in _came_from(Origin.review_id == review_id)]


def _came_from(where: Any) -> list[tuple[Agreed, int | None]]:
    found: list[tuple[Agreed, int | None]] = []
    for model in AGREED:
        entry: Any = model
        asked = select(entry, Origin.meeting_id).join(
            Origin, and_(Origin.entry_id == entry.id, Origin.client_id == entry.client_id)
        )
        asked = asked.where(where, entry.archived_at.is_(None)).order_by(entry.id).limit(AT_MOST)
        found += [(Agreed(one.kind, one), of) for one, of in db.session.execute(asked).unique()]
    return sorted(found, key=lambda one: one[0].row.id)


def chain_before(meeting: Meeting) -> Select[Any]:
    """The meetings that this one carries on from, back to the first of them."""
    before = (
        select(Meeting.id, Meeting.follows_id)
        .where(Meeting.id == (meeting.follows_id or 0))
        .cte("before", recursive=True)
    )
    earlier = aliased(Meeting)
    before = before.union(select(earlier.id, earlier.follows_id).join(before, earlier.id == before.c.follows_id))
    return select(before.c.id)


def origin_of(row: RegisterEntry) -> Origin | None:
    return db.session.scalars(select(Origin).where(Origin.entry_id == row.id)).one_or_none()


# Promises


def open_promises(client_id: int) -> Select[Commitment]:
    """Those that wait to be kept, the most urgent first."""
    waits = Commitment.status == CommitmentStatus.OPEN
    found = select(Commitment).where(Commitment.client_id == client_id, waits, Commitment.archived_at.is_(None))
    return found.order_by(Commitment.due, Commitment.id).limit(AT_MOST)


@dataclass
class Record:
    """How promises to a department were kept."""

    numbers: Counter[str] = field(default_factory=Counter)

    def count(self, how: str, number: int) -> None:
        self.numbers[how] += number

    @property
    def kept(self) -> int:
        return self.numbers["kept"]

    @property
    def open(self) -> int:
        return self.numbers["open"] + self.numbers["overdue"]

    @property
    def due(self) -> int:
        """Those of which one can say by now whether they were kept: what was dropped by agreement does not count."""
        return sum(self.numbers[how] for how in ("kept", "late", "broken", "overdue"))

    @property
    def words(self) -> str:
        """8 of 10 kept in time; 1 late, 1 broken"""
        if not self.due:
            return "None was due yet"
        rest = [f"{self.numbers[how]} {how}" for how in ("late", "broken", "overdue") if self.numbers[how]]
        return f"{self.kept} of {self.due} kept in time" + (f"; {', '.join(rest)}" if rest else "")


def records_of(client_id: int, today: date) -> dict[DepartmentKind, Record]:
    """The record of each department, in one statement."""
    late = and_(Commitment.status == CommitmentStatus.OPEN, Commitment.due < today)
    counted = (
        select(Commitment.department, Commitment.status, late, func.count())
        .where(Commitment.client_id == client_id, Commitment.archived_at.is_(None), Commitment.to_be_confirmed.is_(False))
        .group_by(Commitment.department, Commitment.status, late)
    )  # fmt: skip
    found: dict[DepartmentKind, Record] = defaultdict(Record)
    for department, status, is_late, number in db.session.execute(counted):
        found[department].count("overdue" if is_late else status.value, int(number))
    return dict(found)


# Who a line may name


def people_asked(client_ids: Sequence[int]) -> Any:
    """The contacts of these clients with their departments, for a line that names one."""
    asked = select(Contact.id, Contact.name, Contact.client_id, Department.kind)
    found = asked.outerjoin(
        Department, and_(Department.id == Contact.department_id, Department.client_id == Contact.client_id)
    )
    return found.where(Contact.client_id.in_(list(client_ids)), Contact.archived_at.is_(None)).order_by(
        Contact.name, Contact.id
    )


def says_something(meeting: Meeting) -> bool:
    """Minutes of any point, or a line that was captured."""
    if any(one.minutes.strip() for one in meeting.agenda):
        return True
    return db.session.scalar(select(Origin.id).where(Origin.meeting_id == meeting.id).limit(1)) is not None


def is_of_mine(person_id: int | None) -> Any:
    """Meetings that one writes or was asked to."""
    asked = select(MeetingAttendee.meeting_id).where(MeetingAttendee.person_id == person_id)
    return or_(Meeting.made_by_id == person_id, Meeting.id.in_(asked))
