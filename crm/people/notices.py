"""Who hears of leave: partners that somebody asks for it, and whoever asked what the answer is."""

from collections.abc import Iterator

from crm.core.clock import today
from crm.core.db import db
from crm.core.words import day
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.people.models import Leave, LeaveStatus, Person
from crm.people.queries import leave_with_person, partners, reason_for


def announce(event: str, leave: Leave) -> None:
    """Queue `leave.<event>`. Counted by the row's version: leave that is asked for again is told again."""
    post(f"leave.{event}", key=f"leave:{leave.id}:{event}:{leave.version}", leave_id=leave.id)


def dates_of(leave: Leave) -> str:
    until = f" to {day(leave.ends)}" if leave.ends != leave.begins else ""
    return f"{day(leave.begins)}{until}{'' if leave.share == 100 else f', {leave.share} % of each day'}"


def _leave(leave_id: int, *states: LeaveStatus) -> Leave | None:
    found = db.session.scalars(leave_with_person(leave_id)).one_or_none()
    return found if found and found.status in states else None


@notice("leave.asked")
def ask_the_partners(leave_id: int) -> Iterator[Letter]:
    leave = _leave(leave_id, LeaveStatus.ASKED)
    if leave is None:
        return
    for partner in db.session.scalars(partners(today())):
        if partner.id != leave.person_id:
            yield _letter(
                leave, partner, f"{leave.person.name} asks for leave", "The page shows what it does to the load."
            )


@notice("leave.decided")
def tell_the_answer(leave_id: int) -> Iterator[Letter]:
    leave = _leave(leave_id, LeaveStatus.APPROVED, LeaveStatus.REFUSED)
    if leave is None:
        return
    if leave.status is LeaveStatus.APPROVED:
        yield _letter(leave, leave.person, "Your leave is approved", "It counts in your capacity from now on.")
        return
    reason = db.session.scalars(reason_for(leave.id)).one_or_none()
    yield _letter(leave, leave.person, "Your leave is refused", reason.answer if reason else "Ask a partner why.")


def _letter(leave: Leave, to: Person, subject: str, text: str) -> Letter:
    path = f"/people/leave/{leave.id}"
    return Letter(
        to=to,
        about=leave,
        subject=subject,
        text=f"{dates_of(leave)}.\n\n{text}",
        path=path,
        link="Open it",
        kind=Kind.TIME,
    )
