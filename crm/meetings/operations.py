"""What is done with a meeting: planned, written down, held, its minutes shared; and a line kept as what it says."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from crm.access.act import act
from crm.areas.across.models import Action, Decision, DecisionStatus
from crm.areas.stakeholders.models import Commitment
from crm.clients.models import Activity, ActivityKind, Attendee, Client
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo, Visibility
from crm.core.viewer import Viewer
from crm.engagements.models import Engagement
from crm.meetings.models import AgendaItem, Meeting, MeetingAttendee, MeetingNote
from crm.meetings.notices import announce, appointment, tell_of_change, tell_of_move
from crm.meetings.queries import agreed, note_of, says_something
from crm.meetings.reading import LineKind, Said
from crm.registers.models import Origin, RegisterEntry

Answers = Mapping[str, Any]


def add_meeting(meeting: Meeting, said: Answers, *, viewer: Viewer, press: Press) -> Meeting:
    with act(viewer, "meeting.add", meeting, press=press):
        meeting.made_by_id, meeting.changed_at = viewer.person_id, now()
        _describe(meeting, said)
        db.session.add(meeting)
        db.session.flush()
        _set_agenda(meeting, (), said["agenda"])
        _invite(meeting, (), said)
    return meeting


def revise_meeting(meeting: Meeting, said: Answers, *, changes: str, viewer: Viewer, press: Press) -> Meeting:
    """Whoever is asked to come is told of another day, hour or place, while its day lies ahead."""
    was = appointment(meeting)
    with act(
        viewer, "meeting.revise", meeting, press=press, reason=changes, open_to=OpenTo.TEAM
    ):  # what it was before, too
        meeting.revise(now())
        _describe(meeting, said)
        _set_agenda(meeting, meeting.agenda, said["agenda"])
        _invite(meeting, meeting.attendees, said)
        tell_of_move(meeting, was, viewer)
    return meeting


def _describe(meeting: Meeting, said: Answers) -> None:
    meeting.title, meeting.kind, meeting.on = said["title"], said["kind"], said["on"]
    meeting.begins, meeting.place, meeting.engagement_id = said["begins"] or "", said["place"], said["engagement_id"]
    meeting.show(said["shown"], asks_them=bool(said["contacts"]))


def _set_agenda(meeting: Meeting, there: Sequence[AgendaItem], titles: Sequence[str]) -> None:
    """Points keep what was said about them by their title; one that is called anew keeps its place."""
    left = list(there)
    found = [next((one for one in left if one.title == title), None) for title in titles]
    for one in filter(None, found):
        if one in left:
            left.remove(one)
    for position, title in enumerate(titles, 1):
        kept = found[position - 1] or next((old for old in left if old.position == position), None)
        if kept is None:
            db.session.add(
                AgendaItem(meeting_id=meeting.id, client_id=meeting.client_id, position=position, title=title)
            )
            continue
        if kept in left:
            left.remove(kept)
        kept.position, kept.title = position, title
    for one in left:
        if one.minutes.strip():
            raise Refused(f"“{one.title}” has minutes: keep the point, or empty its minutes first.", "agenda")
        db.session.delete(one)


def _invite(meeting: Meeting, there: Sequence[MeetingAttendee], said: Answers) -> None:
    """The rows that are missing are added, those that are too many go; the client reads them where the appointment is shown."""
    wanted = {("contact", one) for one in said["contacts"]} | {("person", one) for one in said["colleagues"]}
    wanted |= {("name", one) for one in said["others"]}
    for one in there:
        key = _key_of(one)
        if key in wanted:
            wanted.remove(key)
            one.visibility = meeting.visibility
        else:
            db.session.delete(one)
    db.session.flush()
    for kind, who in sorted(wanted, key=str):
        named = {"name": who} if kind == "name" else {f"{kind}_id": who}
        own = {"meeting_id": meeting.id, "client_id": meeting.client_id, "visibility": meeting.visibility}
        db.session.add(MeetingAttendee(**own, **named))


def _key_of(one: MeetingAttendee) -> tuple[str, Any]:
    if one.contact_id is not None:
        return "contact", one.contact_id
    return ("person", one.person_id) if one.person_id is not None else ("name", one.name)


def write_minutes(
    meeting: Meeting, minutes: Mapping[int, str], present: Collection[int], note: str, *, viewer: Viewer, press: Press,
    line: Callable[[], object] = lambda: None,
) -> Meeting:  # fmt: skip
    """What was said on each point, and who was there; and the line that came with it is kept, or neither."""
    with act(viewer, "meeting.write", meeting, press=press):
        meeting.revise(now())
        for item in meeting.agenda:
            item.minutes = minutes.get(item.id, "")
        for one in meeting.attendees:
            one.present = one.id in present
        _keep_note(meeting, note)
        if meeting.activity_id is not None:
            _gather(meeting)
        line()
    return meeting


def _keep_note(meeting: Meeting, body: str) -> None:
    note = db.session.scalars(note_of(meeting.id)).one_or_none()
    if note is not None:
        note.body = body
    elif body:
        db.session.add(MeetingNote(meeting_id=meeting.id, client_id=meeting.client_id, body=body))


def hold_meeting(meeting: Meeting, *, viewer: Viewer, press: Press) -> Meeting:
    """It took place. With somebody of the client there, the timeline says so: that counts as contact with the sponsor."""
    with act(viewer, "meeting.hold", meeting, press=press):
        meeting.hold(today(), now())
        if any(one.present and one.contact_id for one in meeting.attendees):
            _log(meeting, viewer)
    return meeting


def _log(meeting: Meeting, viewer: Viewer) -> None:
    if viewer.person_id is None:
        raise Refused("Only people of the practice write here.")
    reached = meeting.engagement_id and db.session.get(Engagement, meeting.engagement_id)
    activity = Activity(
        client_id=meeting.client_id, engagement_id=meeting.engagement_id if reached else None, kind=ActivityKind.MEETING,
        happened_on=meeting.on, title=meeting.title, person_id=viewer.person_id, written_at=now(), visibility=Visibility.CLIENT,
    )  # fmt: skip
    set_committed_value(activity, "client", meeting.client)
    with act(viewer, "activity.log", activity):
        db.session.add(activity)
    meeting.activity_id = activity.id
    _gather(meeting)


def _gather(meeting: Meeting) -> None:
    """Who of the meeting's people the timeline names: those who were there, and not whoever wrote it twice."""
    activity = db.session.get_one(Activity, meeting.activity_id)
    wanted = {(one.contact_id, one.person_id) for one in meeting.attendees if one.present and not one.name}
    wanted.discard((None, activity.person_id))
    there = db.session.scalars(select(Attendee).where(Attendee.activity_id == activity.id)).all()
    for old in there:
        if (old.contact_id, old.person_id) not in wanted:
            db.session.delete(old)
    for contact_id, person_id in sorted(wanted - {(old.contact_id, old.person_id) for old in there}, key=str):
        db.session.add(
            Attendee(
                client_id=meeting.client_id, activity_id=activity.id, contact_id=contact_id, person_id=person_id,
                visibility=activity.visibility,
            )
        )  # fmt: skip


def cancel_meeting(meeting: Meeting, *, reason: str, viewer: Viewer, press: Press) -> Meeting:
    """It does not take place. Whoever was asked to come is told, while its day lies ahead."""
    with act(viewer, "meeting.cancel", meeting, press=press, reason=reason, open_to=OpenTo.TEAM):
        meeting.cancel(reason, now())
        db.session.flush()
        tell_of_change(meeting, viewer)
    return meeting


def revive_meeting(meeting: Meeting, *, viewer: Viewer, press: Press) -> Meeting:
    with act(viewer, "meeting.revive", meeting, press=press, open_to=OpenTo.TEAM):
        meeting.revive(today(), now())
        db.session.flush()
        tell_of_change(meeting, viewer)
    return meeting


def share_meeting(meeting: Meeting, *, viewer: Viewer, press: Press) -> Meeting:
    """The client reads the minutes from now on, with what was agreed; whoever was asked to come is written to once."""
    with act(viewer, "meeting.share", meeting, press=press):
        meeting.share(now(), says_something=says_something(meeting))
        parts: list[AgendaItem | MeetingAttendee] = [*meeting.agenda, *meeting.attendees]
        for part in parts:
            part.visibility = Visibility.CLIENT
        for one in agreed(meeting)[0]:
            if one.row.visibility is not Visibility.CLIENT and not one.row.to_be_confirmed:
                one.row.share()
        db.session.flush()
        announce(meeting)
    return meeting


# Lines


@dataclass(frozen=True)
class Source:
    """What a line came from: a meeting, a review, a risk, a question, or nothing but the client."""

    kind: str
    row: Any = None

    @property
    def is_meeting(self) -> bool:
        return self.kind == "meeting"


VERBS = {
    LineKind.ACTION: "action.note", LineKind.DECISION: "decision.record", LineKind.QUESTION: "decision.note",
    LineKind.PROMISE: "commitment.note",
}  # fmt: skip
THE_MEETING = "Those who met"


def keep_line(
    said: Said, client: Client, source: Source, *, viewer: Viewer, press: Press | None = None
) -> RegisterEntry:
    """The line as a row of the register that it belongs to, which knows where it came from."""
    moment = now()
    row = _made(said, client, source, viewer)
    row.made_at = row.changed_at = moment
    row.made_by_id = row.changed_by_id = viewer.person_id
    set_committed_value(row, "client", client)
    with act(viewer, VERBS[said.kind], row, press=press):
        if source.is_meeting:
            source.row.must_be_open()
        if source.kind in {"raid_item", "decision"}:
            source.row.must_be_in_use()
        db.session.add(row)
        if source.kind in {"meeting", "review"}:
            db.session.flush()
            named = {f"{source.kind}_id": source.row.id}
            db.session.add(Origin(client_id=client.id, entry_id=row.id, **named))
    return row


def _made(said: Said, client: Client, source: Source, viewer: Viewer) -> RegisterEntry:
    own: dict[str, Any] = {"client_id": client.id, "area": said.area}
    if said.kind is LineKind.PROMISE:
        return _promise(said, source, own, viewer)
    own["engagement_id"] = getattr(source.row, "engagement_id", None)
    row: Action | Decision
    if said.kind is LineKind.ACTION:
        about = {f"{source.kind}_id": source.row.id} if source.kind in {"raid_item", "decision"} else {}
        row = Action(title=said.title, due=said.due, **about, **own)
    elif said.kind is LineKind.QUESTION:
        row = Decision(question=said.title, options=list(said.options), needed_by=said.due, **own)
    else:
        on = min(source.row.on, today()) if source.is_meeting else today()
        row = Decision(
            question=said.title, options=[said.title], needed_by=on, status=DecisionStatus.NEEDED, **own
        )  # fmt: skip
        row.decide(on, said.title, "", recorded_by_id=viewer.person_id)
    row.owner_party = said.who.key if said.who else None
    if said.who is None:
        row.owner_name = THE_MEETING if source.is_meeting else ""
    return row


def _promise(said: Said, source: Source, own: dict[str, Any], viewer: Viewer) -> Commitment:
    if said.who is None or not said.who.is_contact:
        raise Refused("Say to whom of the client it was promised, like @gwen", "line")
    promised = min(source.row.on, today()) if source.is_meeting else today()
    return Commitment(
        what=said.title, to_contact_id=said.who.id, department=said.department or said.who.department, promised_on=promised,
        due=said.due, keeper_id=viewer.person_id, **own,
    )  # fmt: skip
