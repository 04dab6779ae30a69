"""What is done about people: hiring, working patterns, the last day, leave."""

from collections.abc import Collection
from datetime import date
from typing import Any

from crm.access.act import act
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import day
from crm.people import queries
from crm.people.models import Leave, LeaveReason, LeaveStatus, Person, PersonKind, WorkingPattern
from crm.people.notices import announce, dates_of

Week = dict[str, int]


def add_person(
    *,
    viewer: Viewer,
    press: Press,
    on: date,
    week: Week,
    region: str,
    delivery_share: int,
    utilisation_target: int,
    ways: Collection[str] = (),
    **profile: Any,
) -> Person:
    """Somebody new, with a working pattern from their first day (else from today) on. An admin keeps the house and has none."""
    person = Person(modes=",".join(ways), **profile)
    with act(viewer, "person.add", person, press=press):
        _is_free(person.email)
        db.session.add(person)
        db.session.flush()
        if person.kind is not PersonKind.ADMIN:
            db.session.add(
                WorkingPattern(
                    person_id=person.id, begins=person.joined_on or on, region=region, delivery_share=delivery_share,
                    utilisation_target=utilisation_target, **week,
                )
            )  # fmt: skip
    return person


def revise_person(
    person: Person,
    *,
    viewer: Viewer,
    press: Press,
    name: str,
    email: str,
    kind: PersonKind,
    ways: Collection[str],
    base: str,
    background: str,
    story: str,
    joined_on: date | None,
    left_on: date | None,
) -> Person:
    """Who they are, and from when to when they are with us."""
    said = f"Last day: {day(left_on)}." if left_on != person.left_on else ""
    with act(viewer, "person.revise", person, press=press, reason=said):
        if email != person.email:
            _is_free(email)
        person.employ(joined_on, left_on)
        person.name, person.email, person.kind, person.modes = name, email, kind, ",".join(ways)
        person.base, person.background, person.story = base, background, story
    return person


def _is_free(email: str) -> None:
    if db.session.scalar(queries.whoever_has(email)) is not None:
        raise Refused("Somebody with this address is here already. Write another one.", "email")


def set_pattern(
    person: Person,
    pattern: WorkingPattern | None,
    *,
    viewer: Viewer,
    press: Press,
    begins: date,
    week: Week,
    region: str,
    delivery_share: int,
    utilisation_target: int,
) -> WorkingPattern:
    """A pattern from a day on: a new one, or one that was written wrongly."""
    subject = pattern or WorkingPattern(person_id=person.id)
    with act(viewer, "pattern.set", subject, press=press, reason=f"From {day(begins)}: {said_of(week)}."):
        if any(one.begins == begins and one is not pattern for one in person.patterns):
            raise Refused(f"Another pattern begins on {day(begins)} already. Change that one.", "begins")
        subject.begins, subject.region = begins, region
        subject.mon, subject.tue, subject.wed, subject.thu = week["mon"], week["tue"], week["wed"], week["thu"]
        subject.fri, subject.sat, subject.sun = week["fri"], week["sat"], week["sun"]
        subject.delivery_share, subject.utilisation_target = delivery_share, utilisation_target
        db.session.add(subject)
    return subject


def drop_pattern(person: Person, pattern: WorkingPattern, *, viewer: Viewer, press: Press) -> None:
    """One that was written by mistake. The pattern before it holds on."""
    with act(
        viewer, "pattern.drop", person, reason=f"From {day(pattern.begins)}: {said_of(pattern.week)}.", press=press
    ):
        if len(person.patterns) == 1:
            raise Refused("This is the only pattern. Change it instead.")
        db.session.delete(pattern)


def said_of(week: Week) -> str:
    """Mon to Thu, or Mon 100 %, Tue 50 %."""
    worked = [name for name, share in week.items() if share]
    if not worked:
        return "no working day"
    if all(week[name] == 100 for name in worked):
        return ", ".join(name.capitalize() for name in worked)
    return ", ".join(f"{name.capitalize()} {week[name]} %" for name in worked)


def ask_leave(
    person: Person, *, viewer: Viewer, press: Press, begins: date, ends: date, share: int, kind: str, note: str
) -> Leave:
    """Days away, asked for by the person or entered for them. A partner decides."""
    leave = Leave(person_id=person.id, begins=begins, ends=ends, share=share, status=LeaveStatus.ASKED)
    with act(viewer, "leave.ask", leave, press=press, reason=f"{dates_of(leave)}."):
        _fits_in(leave)
        db.session.add(leave)
        db.session.flush()
        db.session.add(LeaveReason(person_id=person.id, leave_id=leave.id, kind=kind, note=note))
        announce("asked", leave)
    return leave


def revise_leave(
    leave: Leave,
    reason: LeaveReason | None,
    *,
    viewer: Viewer,
    press: Press,
    begins: date,
    ends: date,
    share: int,
    kind: str,
    note: str,
) -> Leave:
    """Other days or another share are asked for anew; another reason alone is not."""
    moves = (leave.begins, leave.ends, leave.share) != (begins, ends, share)
    with act(viewer, "leave.revise", leave, press=press, reason=f"Was {dates_of(leave)}." if moves else ""):
        if moves:
            leave.revise(begins, ends, share)
            _fits_in(leave)
            db.session.flush()
            announce("asked", leave)
        reason = reason or LeaveReason(person_id=leave.person_id, leave_id=leave.id)
        reason.kind, reason.note = kind, note
        db.session.add(reason)
    return leave


def _fits_in(leave: Leave) -> None:
    """Nobody is away for more than the whole of a day."""
    with db.session.no_autoflush:
        found = db.session.scalars(queries.leaves_in_the_way(leave.person_id, leave.begins, leave.ends, leave.id)).all()
    for other in found:
        if other.share + leave.share > 100:
            raise Refused(f"{dates_of(other)} is leave already ({other.status}). Choose other days.", "begins")


def approve_leave(leave: Leave, *, viewer: Viewer, press: Press) -> Leave:
    with act(viewer, "leave.decide", leave, press=press):
        leave.approve()
        db.session.flush()
        announce("decided", leave)
    return leave


def refuse_leave(leave: Leave, reason: LeaveReason | None, *, viewer: Viewer, press: Press, answer: str) -> Leave:
    with act(viewer, "leave.decide", leave, press=press, reason=answer):
        leave.refuse()
        reason = reason or LeaveReason(person_id=leave.person_id, leave_id=leave.id)
        reason.answer = answer
        db.session.add(reason)
        db.session.flush()
        announce("decided", leave)
    return leave


def withdraw_leave(leave: Leave, *, viewer: Viewer, press: Press) -> Leave:
    with act(viewer, "leave.withdraw", leave, press=press):
        leave.withdraw()
    return leave
