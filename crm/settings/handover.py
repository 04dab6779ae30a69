"""What waited for somebody who leaves is handed to others: parts, deliverables, areas, rows, the rights of a sponsor."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from crm.access.act import act
from crm.clients.models import Client, Contact
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.viewer import Viewer
from crm.deliverables.agreed import Contribution
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.engagements.people import Assignment, AssignmentRole, Sponsorship, Status
from crm.engagements.queries import assignable
from crm.people.models import Person
from crm.settings.leaver_work import Work, work_of, work_of_contact

Told = dict[int, list[str]]


def hand_over_ours(whom: Person, takers: Mapping[int, int], viewer: Viewer) -> Told:
    """What waited for one of ours: at each client to the person who was chosen there.

    Gives, by the id of whoever takes over, a line for each client. Raises Refused, at the field of the client, where nobody
    was chosen who can.
    """
    told: Told = defaultdict(list)
    for work in work_of(whom.id).values():
        taker = _taker(takers, work, whom, Person)
        if taker.id not in {one.id for one in db.session.scalars(assignable(work.client_id))}:
            raise Refused(f"{taker.name} cannot be put on the team of this client", f"to_{work.client_id}")
        said = f"{whom.name} has left; {taker.name} takes over"
        hand = partial(act, viewer, "leaver.hand_over", reason=said)
        parts = {one.id: _pass_part(one, taker, viewer, said) for one in work.parts}
        for paper in work.papers:
            with hand(paper):
                _pass_paper(paper, parts, taker)
        for share in work.helped:
            _pass_share(share, parts, taker)
        for one in work.coming:
            with hand(one):
                one.assignment_id = _own_part(parts, one.assignment_id or 0, one.engagement_id, taker).id
        db.session.flush()
        for paper in {one.id: one for one in (*work.reviewed, *work.papers)}.values():
            _pass_review(paper, whom, taker, viewer, said)
        for scope in work.scopes:
            with hand(scope):
                scope.holder_person_id = taker.id
        for row in work.rows:
            with hand(row):
                row.owner_person_id = taker.id
        for follow_up in work.follow_ups:
            with hand(follow_up):
                follow_up.person_id = taker.id
        told[taker.id].append(_line(work))
    return told


def hand_over_theirs(whom: Contact, takers: Mapping[int, int], viewer: Viewer) -> Told:
    """What waited for somebody of a client, to a colleague of theirs.

    Gives, by the id of whoever takes over, a line for each client. Raises Refused, at the field of the client, where nobody
    was chosen who can.
    """
    told: Told = defaultdict(list)
    for work in work_of_contact(whom.id).values():
        taker = _taker(takers, work, whom, Contact)
        place = f"to_{work.client_id}"
        if taker.client_id != whom.client_id or taker.archived_at or taker.id == whom.id:
            raise Refused("Choose somebody of the same company who is still there", place)
        if (work.sponsored or work.asked) and not taker.decides:
            raise Refused(
                f"{taker.name} is not marked as somebody who decides: choose another, or mark them first", place
            )
        said = f"{whom.name} has left; {taker.name} takes over"
        hand = partial(act, viewer, "leaver.hand_over", reason=said)
        for sponsorship in work.sponsored:
            _pass_sponsorship(sponsorship, taker, viewer, said)
        for scope in work.scopes:
            with hand(scope):
                scope.holder_contact_id = taker.id
        for row in work.rows:
            with hand(row):
                row.owner_contact_id = taker.id
        for version in work.asked:
            with hand(version):
                version.asked_id = taker.id
        told[taker.id].append(_line(work))
    return told


def _taker(takers: Mapping[int, int], work: Work, whom: Person | Contact, kind: type) -> Any:
    chosen = takers.get(work.client_id)
    found = db.session.get(kind, chosen) if chosen else None
    if found is None:
        raise Refused(f"Choose who takes over from {whom.name}", f"to_{work.client_id}")
    return found


def _line(work: Work) -> str:
    client = db.session.get_one(Client, work.client_id)
    return f"{client.name}: {', '.join([*work.roles, *work.things])}"


def _pass_part(part: Assignment, taker: Person, viewer: Viewer, said: str) -> Assignment:
    """From today on it is the other's. What began stays in the past as it was planned; who is on the team already takes
    days and role over into their own part."""
    on = today()
    theirs = _running(part, taker.id, on)
    with act(viewer, "leaver.hand_over", part, reason=said):
        if theirs is None and part.begins >= on:
            part.person_id = taker.id
            return part
        if theirs is None:
            theirs = Assignment(
                client_id=part.client_id, engagement_id=part.engagement_id, person_id=taker.id, role=part.role, mode=part.mode,
                status=part.status, begins=on, ends=part.ends, days_a_month=part.days_a_month,
            )  # fmt: skip
            db.session.add(theirs)
        else:
            _take_into(theirs, part, on)
        if part.begins < on:
            part.end(on - timedelta(days=1), on)
        else:
            part.ends, part.status = part.begins, Status.ENDED
        db.session.flush()
    return theirs


def _running(part: Assignment, person_id: int, on: date) -> Assignment | None:
    found = select(Assignment).where(
        Assignment.engagement_id == part.engagement_id, Assignment.person_id == person_id,
        Assignment.status != Status.ENDED, Assignment.ends >= on,
    )  # fmt: skip
    return db.session.scalars(found.order_by(Assignment.id).limit(1)).one_or_none()


def _take_into(theirs: Assignment, part: Assignment, on: date) -> None:
    theirs.days_a_month += part.days_a_month
    theirs.begins, theirs.ends = min(theirs.begins, max(part.begins, on)), max(theirs.ends, part.ends)
    if part.role is AssignmentRole.LEAD:
        theirs.role = AssignmentRole.LEAD
    if part.status is Status.CONFIRMED:
        theirs.status = Status.CONFIRMED


def _own_part(parts: Mapping[int, Assignment], old_id: int, engagement_id: int, taker: Person) -> Assignment:
    """The taker's part on this engagement; one that ended before today had no successor yet."""
    if old_id in parts:
        return parts[old_id]
    kept = next((one for one in parts.values() if one.engagement_id == engagement_id), None)
    if kept is None:
        old = db.session.get_one(Assignment, old_id)
        kept = _running(old, taker.id, today())
    if kept is None:
        old = db.session.get_one(Assignment, old_id)
        kept = Assignment(
            client_id=old.client_id, engagement_id=engagement_id, person_id=taker.id, role=AssignmentRole.SPECIALIST,
            mode=old.mode, status=Status.CONFIRMED, begins=today(), ends=max(old.ends, today()), days_a_month=0,
        )  # fmt: skip
        db.session.add(kept)
        db.session.flush()
    return kept


def _pass_paper(paper: Deliverable, parts: Mapping[int, Assignment], taker: Person) -> None:
    """The taker's own share in it goes up in the owner's."""
    target = _own_part(parts, paper.assignment_id or 0, paper.engagement_id, taker)
    for share in list(paper.contributions):
        if share.assignment_id == target.id:
            paper.contributions.remove(share)
    paper.assignment_id = target.id


def _pass_share(share: Contribution, parts: Mapping[int, Assignment], taker: Person) -> None:
    paper = db.session.get_one(Deliverable, share.deliverable_id)
    target = _own_part(parts, share.assignment_id, share.engagement_id, taker)
    other = next((one for one in paper.contributions if one.assignment_id == target.id and one is not share), None)
    if paper.assignment_id == target.id:
        paper.contributions.remove(share)
    elif other:
        other.share += share.share
        paper.contributions.remove(share)
    else:
        share.assignment_id = target.id


def _pass_review(paper: Deliverable, whom: Person, taker: Person, viewer: Viewer, said: str) -> None:
    """To somebody who has written none of it (invariant 15): the taker, or else a partner."""
    writing = {paper.assignment_id, *(one.assignment_id for one in paper.contributions)}
    writers = set(db.session.scalars(select(Assignment.person_id).where(Assignment.id.in_(writing))))
    if paper.reviewer_id is None or (paper.reviewer_id != whom.id and paper.reviewer_id not in writers):
        return
    able = assignable(paper.client_id)
    others = [one.id for one in db.session.scalars(able.where(Person.kind == "partner"))]
    free = [one for one in (taker.id, *others) if one not in writers and one != whom.id]
    if not free and paper.state is State.INTERNAL_REVIEW:
        raise Refused(f"Nobody is left to review {paper.code}: choose somebody else", f"to_{paper.client_id}")
    with act(viewer, "leaver.hand_over", paper, reason=said):
        paper.reviewer_id = free[0] if free else None


def _pass_sponsorship(sponsorship: Sponsorship, taker: Contact, viewer: Viewer, said: str) -> None:
    """The rights of a sponsor end with it; who sponsors it already needs no second one."""
    with act(viewer, "leaver.hand_over", sponsorship, reason=said):
        there = {one.contact_id for one in sponsorship.engagement.sponsors}
        if taker.id in there:
            db.session.delete(sponsorship)
        else:
            sponsorship.contact_id = taker.id
