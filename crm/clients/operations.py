"""What is done with clients, their departments and people, and what passes between us: one function a verb."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from crm.access.act import act
from crm.access.policy import may
from crm.clients.models import (
    Activity,
    Attendee,
    Client,
    ClientNote,
    Contact,
    Department,
    FollowUp,
    RosterSeat,
    Title,
    Wall,
)
from crm.clients.notices import let_mail_go, tell_of_a_new_address
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo
from crm.core.viewer import Viewer
from crm.core.words import day
from crm.people.models import Person

Answers = Mapping[str, Any]


@contextmanager
def unless_taken(sentence: str, field: str) -> Iterator[None]:
    """What the database keeps unique, refused beside the answer: no question beforehand is sure of it."""
    try:
        yield
        db.session.flush()
    except IntegrityError:
        raise Refused(sentence, field) from None


# Clients


def add_client(said: Answers, *, holders: Mapping[str, str], viewer: Viewer, press: Press) -> Client:
    client = Client(code=said["code"], name=said["name"])
    with act(viewer, "client.add", client, press=press):
        _describe(client, said)
        with code_of_their_own(client):
            db.session.add(client)
        _seat(client, holders)
    return client


def revise_client(
    client: Client, said: Answers, *, holders: Mapping[str, str], changes: str, viewer: Viewer, press: Press
) -> Client:
    with act(viewer, "client.revise", client, press=press, reason=changes):
        with code_of_their_own(client):
            _describe(client, said)
            flag_modified(client, "region")  # the roster is a part of it: whoever changes that alone changes the client
        _seat(client, holders)
    return client


def code_of_their_own(client: Client) -> Any:
    return unless_taken(f"{client.code} is another client’s code. Choose one that is free.", "code")


def _describe(client: Client, said: Answers) -> None:
    client.name, client.sector, client.town, client.mission = (
        said["name"],
        said["sector"],
        said["town"],
        said["mission"],
    )
    client.region, client.headcount, client.revenue = said["region"] or "", said["headcount"], said["revenue"]
    client.has_cto, client.viewers_see_registers = said["has_cto"], said["viewers_see_registers"]
    client.code = said.get("code", client.code)
    client.confidential = said.get("confidential", client.confidential)


def _seat(client: Client, holders: Mapping[str, str]) -> None:
    """Who holds which title: one row for each that somebody holds."""
    seats = {seat.title: seat for seat in client.roster}
    for title in Title:
        seat, holder = seats.get(title), holders[title]
        if seat and not holder:
            db.session.delete(seat)
        elif seat:
            seat.holder = holder
        elif holder:
            db.session.add(RosterSeat(client_id=client.id, title=title, holder=holder))


def open_client_to_viewers(
    client: Client, *, promises: bool, registers: bool, changes: str, viewer: Viewer, press: Press
) -> Client:
    """The sponsor decides what those who only read may read."""
    with act(viewer, "client.open_to_viewers", client, press=press, reason=changes):
        client.open_to_viewers(promises=promises, registers=registers)
    return client


def archive_client(client: Client, *, unfinished: Sequence[str], viewer: Viewer, press: Press) -> Client:
    with act(viewer, "client.archive", client, press=press):
        client.archive(now(), unfinished=unfinished)
    return client


def restore_client(client: Client, *, viewer: Viewer, press: Press) -> Client:
    with act(viewer, "client.restore", client, press=press):
        client.restore()
    return client


def write_note(note: ClientNote, *, body: str, viewer: Viewer, press: Press) -> ClientNote:
    """What the team should know about a client. What stood there before stays in the history."""
    with act(viewer, "client.note", note, press=press, reason=note.body or ""):
        note.body, note.person_id, note.written_at = body, viewer.person_id, now()
        db.session.add(note)
    return note


# Walls


def raise_wall(wall: Wall, person: Person, *, serves_until: date | None, viewer: Viewer, press: Press) -> Wall:
    """From now on this client does not exist for this person. `serves_until`: the end of what they are assigned to."""
    with act(viewer, "wall.raise", wall, press=press, reason=f"{person.name}: {wall.reason}", open_to=OpenTo.PARTNERS):
        if person.id == viewer.person_id:
            raise Refused("A wall of your own is raised by another partner: behind it you could not take it down.")
        if serves_until:
            raise Refused(
                f"{person.name} is assigned here until {day(serves_until)}. End that assignment first.", "person_id"
            )
        with unless_taken(f"{person.name} is walled off from this client already.", "person_id"):
            db.session.add(wall)
    return wall


def lower_wall(wall: Wall, *, name: str, reason: str, viewer: Viewer, press: Press) -> None:
    with act(viewer, "wall.lower", wall, press=press, reason=f"{name}: {reason}", open_to=OpenTo.PARTNERS):
        db.session.delete(wall)


# Departments


def add_department(department: Department, *, viewer: Viewer, press: Press) -> Department:
    with act(viewer, "department.add", department, press=press), name_of_its_own():
        db.session.add(department)
    return department


def revise_department(
    department: Department, said: Answers, *, changes: str, viewer: Viewer, press: Press
) -> Department:
    with act(viewer, "department.revise", department, press=press, reason=changes), name_of_its_own():
        department.kind, department.name, department.people = said["kind"], said["name"], said["people"]
    return department


def name_of_its_own() -> Any:
    return unless_taken("There is a department of that name already, perhaps an archived one.", "name")


def archive_department(department: Department, *, viewer: Viewer, press: Press) -> Department:
    with act(viewer, "department.archive", department, press=press):
        department.put_away(now())
    return department


def restore_department(department: Department, *, viewer: Viewer, press: Press) -> Department:
    with act(viewer, "department.restore", department, press=press):
        department.restore()
    return department


# Contacts


def add_contact(contact: Contact, said: Answers, *, viewer: Viewer, press: Press) -> Contact:
    with act(viewer, "contact.add", contact, press=press):
        _introduce(contact, said, viewer)
        _stand_for_it(contact, viewer)
        db.session.add(contact)
    return contact


def revise_contact(contact: Contact, said: Answers, *, changes: str, viewer: Viewer, press: Press) -> Contact:
    """Whoever answers for the client by links in mails: their old address hears that there is a new one, and no link goes
    there before a partner stands for it."""
    with act(viewer, "contact.revise", contact, press=press, reason=changes):
        before, was_vouched = contact.email, contact.is_vouched
        _introduce(contact, said, viewer)
        if contact.email != before:
            _stand_for_it(contact, viewer)
            if was_vouched:
                tell_of_a_new_address(contact, before, viewer)
    return contact


def _stand_for_it(contact: Contact, viewer: Viewer) -> None:
    """A partner who lately proved who they are stands for what they type."""
    if contact.email and viewer.fresh and may(viewer, "contact.vouch", contact):
        contact.vouch()


def vouch_for_contact(contact: Contact, *, viewer: Viewer, press: Press) -> Contact:
    """The address is theirs: what was held back leaves now."""
    with act(viewer, "contact.vouch", contact, press=press, reason=contact.email):
        contact.vouch()
        let_mail_go(contact)
    return contact


def _introduce(contact: Contact, said: Answers, viewer: Viewer) -> None:
    if said["is_head"]:
        _step_down(contact, said["department_id"], said["name"], viewer)
    contact.name, contact.role, contact.email, contact.phone = (
        said["name"],
        said["role"],
        said["email"] or "",
        said["phone"],
    )
    contact.department_id, contact.is_head, contact.decides = said["department_id"], said["is_head"], said["decides"]
    contact.consent = said["consent"]
    contact.consent_on = None if contact.consent == "not_asked" else said["consent_on"]


def _step_down(contact: Contact, department_id: int, name: str, viewer: Viewer) -> None:
    """A department has one head: whoever it was is it no more, and their history says so."""
    heads = select(Contact).where(
        Contact.client_id == contact.client_id, Contact.department_id == department_id, Contact.is_head
    )
    with db.session.no_autoflush:
        for other in db.session.scalars(heads).all():
            if other is not contact:
                with act(viewer, "contact.revise", other, reason=f"{name} is the head now"):
                    other.is_head = False


def archive_contact(contact: Contact, *, sponsors: Sequence[str], viewer: Viewer, press: Press) -> Contact:
    with act(viewer, "contact.archive", contact, press=press):
        contact.archive(now(), sponsors=sponsors)
    return contact


def restore_contact(contact: Contact, *, viewer: Viewer, press: Press) -> Contact:
    with act(viewer, "contact.restore", contact, press=press):
        contact.restore()
    return contact


# Activities and follow-ups


def log_activity(
    activity: Activity,
    *,
    contacts: Sequence[int],
    colleagues: Sequence[int],
    next_step: FollowUp | None,
    viewer: Viewer,
    press: Press,
) -> Activity:
    """What passed between us, and what somebody promised to do next."""
    with act(viewer, "activity.log", activity, press=press):
        activity.person_id, activity.written_at = _of_ours(viewer), now()
        db.session.add(activity)
        db.session.flush()
        _gather(activity, (), contacts, colleagues)
        if next_step:
            next_step.activity_id = activity.id
            with act(viewer, "followup.add", next_step):
                db.session.add(next_step)
    return activity


def revise_activity(activity: Activity, said: Answers, *, viewer: Viewer, press: Press) -> Activity:
    """Corrected by whoever wrote it, and marked. Who may read it stays as it was."""
    with act(viewer, "activity.revise", activity, press=press):
        activity.kind, activity.happened_on, activity.title, activity.body = (
            said["kind"], said["happened_on"], said["title"], said["body"],
        )  # fmt: skip
        activity.engagement_id, activity.edited_at = said["engagement_id"], now()
        there = db.session.scalars(select(Attendee).where(Attendee.activity_id == activity.id)).all()
        _gather(activity, there, said["contacts"], said["colleagues"])
    return activity


def _gather(activity: Activity, there: Sequence[Attendee], contacts: Sequence[int], colleagues: Sequence[int]) -> None:
    """Who else was there: the rows that are missing are added, those that are too many go."""
    wanted = {(one, None) for one in contacts} | {(None, one) for one in colleagues if one != activity.person_id}
    for attendee in there:
        if (attendee.contact_id, attendee.person_id) not in wanted:
            db.session.delete(attendee)
    whose = {"client_id": activity.client_id, "activity_id": activity.id, "visibility": activity.visibility}
    for contact_id, person_id in sorted(wanted - {(one.contact_id, one.person_id) for one in there}, key=str):
        db.session.add(Attendee(contact_id=contact_id, person_id=person_id, **whose))


def add_follow_up(follow_up: FollowUp, *, viewer: Viewer, press: Press) -> FollowUp:
    with act(viewer, "followup.add", follow_up, press=press):
        db.session.add(follow_up)
    return follow_up


def _of_ours(viewer: Viewer) -> int:
    """The person of the practice who looks: only such come this far."""
    if viewer.person_id is None:
        raise Refused("Only people of the practice write here.")
    return viewer.person_id
