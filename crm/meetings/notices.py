"""Letters about meetings: the minutes, to those of the client who were asked to come; and that one is moved, cancelled, or
takes place after all, to everybody who was asked."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.core.clock import today
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.viewer import Viewer
from crm.core.words import day, plural
from crm.meetings.models import Meeting, MeetingAttendee, MeetingState
from crm.meetings.queries import agreed
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice


def announce(meeting: Meeting) -> None:
    post("meeting.shared", key=f"meeting:{meeting.id}:shared", meeting_id=meeting.id)


@notice("meeting.shared")
def send_the_minutes(meeting_id: int) -> Iterator[Letter]:
    asked = select(Meeting).where(Meeting.id == meeting_id, Meeting.state == MeetingState.SHARED)
    there = selectinload(Meeting.attendees).joinedload(MeetingAttendee.contact)
    meeting = db.session.scalars(asked.options(joinedload(Meeting.client), there)).one_or_none()
    if meeting is None:
        return
    here = [one for one in agreed(meeting)[0] if one.row.visibility is Visibility.CLIENT]  # as they read it now
    for contact in [one.contact for one in meeting.attendees if one.contact]:
        yours = [one for one in here if one.kind == "action" and one.row.owner_contact_id == contact.id and one.is_open]
        lines = "\n".join(f"- {one.title}, by {day(one.due)}" for one in yours)
        said = f"\n\nYours to do:\n\n{lines}" if yours else ""
        agreed_on = f" {plural(len(here), 'thing was', 'things were')} agreed." if here else ""
        yield Letter(
            to=contact, about=meeting, subject=f"Minutes: {meeting.title}, {day(meeting.on)}",
            text=f"The minutes of “{meeting.title}” on {day(meeting.on)} are there to read.{agreed_on}{said}",
            path=f"/portal/meetings/{meeting.id}", link="Read the minutes", kind=Kind.MEETING,
        )  # fmt: skip


def tell_of_change(meeting: Meeting, viewer: Viewer) -> None:
    """Each time anew: it may be cancelled, planned again, and cancelled again."""
    post("meeting.changed", key=f"meeting:{meeting.id}:{meeting.state}:{meeting.version}", meeting_id=meeting.id,
         cancelled=meeting.is_cancelled, by_id=viewer.person_id)  # fmt: skip


@notice("meeting.changed")
def say_whether_it_takes_place(meeting_id: int, cancelled: bool, by_id: int | None) -> Iterator[Letter]:
    """As it stands when the letter leaves: what was undone meanwhile, or is over, is told to nobody."""
    meeting = _ahead(meeting_id, MeetingState.CANCELLED if cancelled else MeetingState.DRAFT)
    if meeting is None:
        return
    when = _when(meeting)
    if cancelled:
        subject, text = (
            f"Cancelled: {meeting.title}, {when}",
            f"“{meeting.title}” on {when} does not take place.\n\n{meeting.cancelled_because}",
        )
    else:
        subject, text = (
            f"It takes place: {meeting.title}, {when}",
            f"“{meeting.title}” was cancelled, and takes place after all: {when}.",
        )
    yield from _to_everybody_asked(meeting, subject, text, by_id)


def appointment(meeting: Meeting) -> str:
    """24 November 2026, 14:30, Church Stretton: what whoever comes must know."""
    return f"{_when(meeting)}{', ' + meeting.place if meeting.place else ''}"


def tell_of_move(meeting: Meeting, was: str, viewer: Viewer) -> None:
    """Each time anew, where what whoever comes must know is no longer as it `was`."""
    stands = appointment(meeting)
    if stands != was and meeting.state is MeetingState.DRAFT:
        post("meeting.moved", key=f"meeting:{meeting.id}:moved:{meeting.version}", meeting_id=meeting.id, was=was,
             stands=stands, by_id=viewer.person_id)  # fmt: skip


@notice("meeting.moved")
def say_where_it_went(meeting_id: int, was: str, stands: str, by_id: int | None) -> Iterator[Letter]:
    """What was moved again meanwhile is told by the later letter alone."""
    meeting = _ahead(meeting_id, MeetingState.DRAFT)
    if meeting is None or appointment(meeting) != stands:
        return
    text = f"“{meeting.title}” was to be: {was}.\n\nIt is now: {stands}."
    yield from _to_everybody_asked(meeting, f"Moved: {meeting.title}, {_when(meeting)}", text, by_id)


def _ahead(meeting_id: int, state: MeetingState) -> Meeting | None:
    """The meeting with whoever is asked to come, where it stands so and its day has not passed."""
    asked = select(Meeting).where(Meeting.id == meeting_id, Meeting.on >= today(), Meeting.state == state)
    there = selectinload(Meeting.attendees).options(
        joinedload(MeetingAttendee.contact), joinedload(MeetingAttendee.person)
    )
    return db.session.scalars(asked.options(joinedload(Meeting.client), there)).one_or_none()


def _when(meeting: Meeting) -> str:
    return f"{day(meeting.on)}{', ' + meeting.begins if meeting.begins else ''}"


def _to_everybody_asked(meeting: Meeting, subject: str, text: str, by_id: int | None) -> Iterator[Letter]:
    """Ours but whoever did it, and those of the client where they know of the appointment."""
    for one in meeting.attendees:
        if one.contact and meeting.is_shown:
            yield Letter(to=one.contact, about=meeting, subject=subject, text=text, path=f"/portal/meetings/{meeting.id}",
                         link="See the appointment", kind=Kind.MEETING)  # fmt: skip
        elif one.person and one.person_id != by_id:
            yield Letter(to=one.person, about=meeting, subject=f"{subject} ({meeting.client.name})", text=text, kind=Kind.MEETING,
                         path=f"/clients/{meeting.client_id}/meetings/{meeting.id}", link="See the meeting")  # fmt: skip
