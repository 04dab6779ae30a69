"""Meetings of the demo: planned, held and shared, with what was agreed in them and what came of it."""

from datetime import date, timedelta
from typing import Any

from crm.areas.across.models import LOOK_BACK, Action, ActionStatus, Decision, DecisionStatus
from crm.areas.stakeholders.models import Commitment
from crm.clients.models import Activity, ActivityKind, Attendee
from crm.core.clock import now
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.twelve import Area
from crm.demo.book import book
from crm.demo.registers import owner_of
from crm.demo.scene import Scene
from crm.meetings.models import AgendaItem, Meeting, MeetingAttendee, MeetingKind, MeetingNote, MeetingState
from crm.people.models import Person
from crm.registers.models import Origin


def meet(scene: Scene) -> None:
    before: Meeting | None = None
    for said in book("meetings")["meeting"]:
        before = _meeting(scene, said, before)
    for said in book("meetings")["promise"]:
        _promise(scene, said)


def _meeting(scene: Scene, said: dict[str, Any], before: Meeting | None) -> Meeting:
    engagement = scene.engagements[said["engagement"]]
    lead = scene.people[scene.keyed(scene.teams[said["engagement"]][0].person_id)]
    on, state = scene.almanac.day(said["on"]), MeetingState(said["state"])
    at = scene.almanac.at(min(on, scene.almanac.today), 16)
    read = Visibility.CLIENT if state is MeetingState.SHARED else Visibility.TEAM
    shown = Visibility.CLIENT if said["contacts"] else read
    meeting = Meeting(
        client_id=engagement.client_id, engagement_id=engagement.id, title=said["title"], kind=MeetingKind(said["kind"]), state=state, on=on,
        begins=said["begins"], place=said["place"], follows_id=before.id if before and said.get("follows") else None, made_by_id=lead.id,
        changed_at=min(at, now()), shared_at=at if state is MeetingState.SHARED else None, visibility=shown,
        cancelled_because=said.get("cancelled_because", ""),
    )  # fmt: skip
    db.session.add(meeting)
    db.session.flush()
    own: dict[str, Any] = {"client_id": meeting.client_id, "meeting_id": meeting.id}
    _people(scene, said, lead, own | {"visibility": shown})
    for position, (title, minutes) in enumerate(said["agenda"], 1):
        db.session.add(AgendaItem(position=position, title=title, minutes=minutes, visibility=read, **own))
    if "note" in said:
        db.session.add(MeetingNote(body=said["note"], **own))
    planned_at = scene.almanac.at(min(on, scene.almanac.today) - timedelta(days=6), 9)
    scene.tell(planned_at if state is not MeetingState.DRAFT else min(at, now()), "meeting.add", meeting, lead)
    if state is MeetingState.CANCELLED:
        scene.tell(
            min(at, now()),
            "meeting.cancel",
            meeting,
            lead,
            before="draft",
            after="cancelled",
            reason=meeting.cancelled_because,
        )
    elif state is not MeetingState.DRAFT:
        _log(scene, said, meeting, lead)
        scene.tell(at, "meeting.hold", meeting, lead, before="draft", after="held")
    if state is MeetingState.SHARED:
        scene.tell(at + timedelta(hours=2), "meeting.share", meeting, lead, before="held", after="shared")
    for line in said.get("lines", ()):
        _line(scene, line, meeting, lead)
    return meeting


def _people(scene: Scene, said: dict[str, Any], lead: Person, own: dict[str, Any]) -> None:
    db.session.add(MeetingAttendee(person_id=lead.id, **own))
    for name in said["contacts"]:
        contact = scene.contacts[_code(scene, own["client_id"]), name]
        db.session.add(MeetingAttendee(contact_id=contact.id, present=name not in said.get("away", ()), **own))
    for name in said.get("others", ()):
        db.session.add(MeetingAttendee(name=name, **own))


def _code(scene: Scene, client_id: int) -> str:
    return next(code for code, client in scene.clients.items() if client.id == client_id)


def _log(scene: Scene, said: dict[str, Any], meeting: Meeting, lead: Person) -> None:
    """What the timeline says of it, as when somebody presses “It was held”."""
    shown = {"client_id": meeting.client_id, "visibility": Visibility.CLIENT}
    activity = Activity(
        engagement_id=meeting.engagement_id, kind=ActivityKind.MEETING, happened_on=meeting.on, title=meeting.title, person_id=lead.id,
        written_at=scene.almanac.at(meeting.on, 16), **shown,
    )  # fmt: skip
    db.session.add(activity)
    db.session.flush()
    meeting.activity_id = activity.id
    for name in said["contacts"]:
        if name not in said.get("away", ()):
            contact = scene.contacts[_code(scene, meeting.client_id), name]
            db.session.add(Attendee(activity_id=activity.id, contact_id=contact.id, **shown))


def read_by(meeting: Meeting) -> Visibility:
    return Visibility.CLIENT if meeting.has_minutes else Visibility.TEAM


def _line(scene: Scene, line: dict[str, Any], meeting: Meeting, lead: Person) -> None:
    made_at = scene.almanac.at(meeting.on, 15)
    own: dict[str, Any] = {
        "client_id": meeting.client_id, "engagement_id": meeting.engagement_id, "area": Area(line["area"]), "visibility": read_by(meeting), "made_at": made_at,
        "changed_at": made_at, "made_by_id": lead.id, "changed_by_id": lead.id, **owner_of(scene, _code(scene, meeting.client_id), line["owner"]),
    }  # fmt: skip
    row: Action | Decision
    if "action" in line:
        done: date | None = scene.almanac.day(line["done_on"]) if "done_on" in line else None
        status = ActionStatus.DONE if done else ActionStatus.OPEN
        row = Action(title=line["action"], due=scene.almanac.day(line["due"]), done_on=done, status=status, **own)
    else:
        outcome, back = line["decision"], meeting.on + LOOK_BACK
        came: dict[str, Any] = {"came_of_it": line["reviewed"], "came_on": back} if "reviewed" in line else {}
        row = Decision(
            question=outcome, options=[outcome], needed_by=meeting.on, status=DecisionStatus.DECIDED, outcome=outcome, decided_on=meeting.on,
            recorded_by_id=lead.id, review_on=back, **came, **own,
        )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.add(Origin(client_id=meeting.client_id, entry_id=row.id, meeting_id=meeting.id))
    verb = "action.note" if "action" in line else "decision.record"
    scene.tell(made_at, verb, row, lead, after=row.status.value)


def _promise(scene: Scene, said: dict[str, Any]) -> None:
    engagement, lead = scene.engagements[said["engagement"]], scene.teams[said["engagement"]][0]
    days = {
        name: scene.almanac.day(said[name]) for name in ("promised_on", "due", "done_on", "agreed_on") if name in said
    }
    made_at = scene.almanac.at(days["promised_on"], 11)
    contact = scene.contacts[_code(scene, engagement.client_id), said["to"]]
    row = Commitment(
        client_id=engagement.client_id, area=Area.STK, to_contact_id=contact.id, department=said["department"], what=said["what"],
        status=said["status"], closing=said.get("closing", ""), keeper_id=lead.person_id, visibility=Visibility.CLIENT, made_at=made_at,
        changed_at=made_at, made_by_id=lead.person_id, changed_by_id=lead.person_id, **days,
    )  # fmt: skip
    db.session.add(row)
    scene.tell(made_at, "commitment.note", row, scene.people[scene.keyed(lead.person_id)], after="open")
