"""What is asked of people: one with patterns and leave, leave with its reason, leave that lies in the way."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from crm.people.models import Leave, LeaveReason, LeaveStatus, Person, PersonKind

COUNTS = (LeaveStatus.ASKED, LeaveStatus.APPROVED)


def everybody() -> Select[Person]:
    return select(Person)


def person_with_patterns(person_id: int) -> Select[Person]:
    return select(Person).where(Person.id == person_id).options(selectinload(Person.patterns))


def leave_with_person(leave_id: int) -> Select[Leave]:
    return select(Leave).where(Leave.id == leave_id).options(joinedload(Leave.person))


def leaves_of(person_id: int) -> Select[Leave]:
    return select(Leave).where(Leave.person_id == person_id).order_by(Leave.begins.desc(), Leave.id.desc())


def reasons_of(person_id: int) -> Select[LeaveReason]:
    """Theirs to the person and to partners; nobody else is given any."""
    return select(LeaveReason).where(LeaveReason.person_id == person_id)


def reason_for(leave_id: int) -> Select[LeaveReason]:
    return select(LeaveReason).where(LeaveReason.leave_id == leave_id)


def leaves_in_the_way(person_id: int, begins: date, ends: date, but: int | None) -> Select[Leave]:
    """Leave of this person, asked or approved, that shares a day with these dates; `but` leaves the one out that is being
    changed."""
    found = select(Leave).where(
        Leave.person_id == person_id, Leave.begins <= ends, Leave.ends >= begins, Leave.status.in_(COUNTS)
    )
    return found if but is None else found.where(Leave.id != but)


def coming_leave(people: list[int], on: date) -> Select[Leave]:
    """Approved leave of these people that is not over on a day, the nearest first."""
    return (
        select(Leave)
        .where(Leave.person_id.in_(people), Leave.ends >= on, Leave.status == LeaveStatus.APPROVED)
        .order_by(Leave.begins)
    )


def whoever_has(email: str) -> Select[int]:
    return select(Person.id).where(Person.email == email)


def partners(on: date) -> Select[Person]:
    """Who is a partner on this day."""
    return (
        select(Person)
        .where(Person.kind == PersonKind.PARTNER, (Person.left_on.is_(None)) | (Person.left_on >= on))
        .order_by(Person.id)
    )
