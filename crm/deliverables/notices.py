"""Who hears of a deliverable, and in which words. To clients: what is asked, by when, one link; nothing of the team's."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.clients.models import Contact
from crm.core.clock import today
from crm.core.db import db
from crm.core.words import day
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, VersionComment
from crm.engagements.models import Assignment, Engagement, Status
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.people.models import Person


def announce(event: str, version: DeliverableVersion, **more: int | str) -> None:
    """Queue `deliverable.<event>` about this version. Counted by the row's version: what happens again is told again."""
    key = f"version:{version.id}:{event}:{version.version}"
    post(f"deliverable.{event}", key=key, version_id=version.id, **more)


def announce_wish(owed: Deliverable) -> None:
    """Queue that the client asks for something, once."""
    post("deliverable.proposed", key=f"deliverable:{owed.id}:proposed", deliverable_id=owed.id)


def _version(version_id: int) -> DeliverableVersion | None:
    team = selectinload(DeliverableVersion.engagement).selectinload(Engagement.assignments)
    return db.session.scalars(
        select(DeliverableVersion)
        .where(DeliverableVersion.id == version_id)
        .options(
            joinedload(DeliverableVersion.deliverable).joinedload(Deliverable.assignment).joinedload(Assignment.person),
            joinedload(DeliverableVersion.asked),
            joinedload(DeliverableVersion.decided_by),
            joinedload(DeliverableVersion.recorded_by),
            joinedload(DeliverableVersion.submitted_by),
            team.joinedload(Assignment.person),
        )
    ).one_or_none()


def _ours(version: DeliverableVersion) -> list[Person]:
    """Owner and lead, each once."""
    owner = version.deliverable.assignment
    lead = version.engagement.who_leads(today())
    told = [owner.person] if owner else []
    if lead and lead.status is not Status.ENDED:
        told.append(lead.person)
    return list({one.id: one for one in told}.values())


def _in_the_portal(version: DeliverableVersion) -> str:
    return f"/portal/deliverables/{version.deliverable_id}"


@notice("deliverable.submitted")
def ask_the_sponsor(version_id: int) -> Iterator[Letter]:
    version = _version(version_id)
    if version is None or version.state is not State.SUBMITTED or version.asked is None:
        return
    sender = version.submitted_by.name if version.submitted_by else "Your team"
    changed = f"\n\nWhat changed since the version before: {version.changes}" if version.changes else ""
    yield Letter(
        to=version.asked,
        about=version,
        subject=f"For your sign-off by {day(version.answer_by)}: {version.title}",
        text=(
            f"{sender} has finished version {version.number} of “{version.title}” and asks for your answer by "
            f"{day(version.answer_by)}. You can sign it off, or say what should be different.{changed}"
        ),
        path=_in_the_portal(version),
        link="Read it and answer",
    )


@notice("deliverable.withdrawn")
def tell_that_it_was_taken_back(version_id: int, contact_id: int, title: str, reason: str) -> Iterator[Letter]:
    version, contact = _version(version_id), db.session.get(Contact, contact_id)
    if version is None or contact is None or version.state is State.SUBMITTED:
        return
    yield Letter(
        to=contact,
        about=version.engagement,  # the text itself is out of their sight now
        subject=f"Taken back for now: {title}",
        text=f"We took back version {version.number} of “{title}”. You need not answer it.\n\n{reason}",
        path="/portal",
        link="Your status",
    )


@notice("deliverable.accepted")
def tell_the_team_of_the_yes(version_id: int) -> Iterator[Letter]:
    version = _version(version_id)
    if version is None or version.decided_by is None:
        return
    remark = f"\n\n{version.decided_by.name} writes: {version.remark}" if version.remark else ""
    yield from _to_us(version, "Signed off", f"{version.decided_by.name} signed off version {version.number}.{remark}")


@notice("deliverable.sent_back")
def tell_the_team_of_the_changes(version_id: int) -> Iterator[Letter]:
    version = _version(version_id)
    if version is None or version.decided_by is None:
        return
    asked = "\n\n".join(
        f"On “{one.criterion.text}”: {one.body}" if one.criterion else one.body for one in _comments(version)
    )
    text = f"{version.decided_by.name} asks for changes to version {version.number}.\n\n{asked}"
    yield from _to_us(version, "Changes asked for", text)


def _comments(version: DeliverableVersion) -> Iterable[VersionComment]:
    said = select(VersionComment).where(VersionComment.version_id == version.id).order_by(VersionComment.id)
    return db.session.scalars(said.options(joinedload(VersionComment.criterion)))


def _to_us(version: DeliverableVersion, what: str, text: str) -> Iterator[Letter]:
    owed = version.deliverable
    for person in _ours(version):
        yield Letter(
            to=person, about=version, subject=f"{what}: {owed.code} {version.title}", text=text,
            path=f"/deliverables/{owed.id}", link=f"Open {owed.code}",
        )  # fmt: skip


@notice("deliverable.proposed")
def tell_the_lead_of_the_wish(deliverable_id: int) -> Iterator[Letter]:
    """What the client asks for waits for the lead's answer."""
    team = joinedload(Deliverable.engagement).selectinload(Engagement.assignments).joinedload(Assignment.person)
    wish = (
        select(Deliverable).where(Deliverable.id == deliverable_id).options(team, joinedload(Deliverable.proposed_by))
    )
    owed = db.session.scalars(wish).one_or_none()
    if owed is None or owed.state is not State.PROPOSED or owed.proposed_by is None:
        return
    lead = owed.engagement.who_leads(today())
    if lead is None:
        return
    said = f"\n\n{owed.purpose}" if owed.purpose else ""
    yield Letter(
        to=lead.person, about=owed, subject=f"{owed.proposed_by.name} asks for: {owed.title}",
        text=f"{owed.proposed_by.name} asks for “{owed.title}”, in {owed.responsibility.name}.{said}",
        path=f"/deliverables/{owed.id}", link=f"Open {owed.code}",
    )  # fmt: skip


@notice("deliverable.recorded")
def tell_in_whose_name(version_id: int) -> Iterator[Letter]:
    """Invariant 7: whoever is said to have accepted hears of it."""
    version = _version(version_id)
    if version is None or version.decided_by is None or version.recorded_by is None:
        return
    proof = "\n\n".join(one for one in (version.proof, version.proof_link) if one)
    yield Letter(
        to=version.decided_by,
        about=version,
        subject=f"Recorded in your name: {version.title}",
        text=(
            f"{version.recorded_by.name} recorded that you accepted version {version.number} of “{version.title}” on "
            f"{day(version.given_on)}. If that is not so, tell us at once.\n\nThe proof given:\n\n{proof}"
        ),
        path=_in_the_portal(version),
        link="Look at the record",
    )
