"""Who hears of a deliverable, and in which words. To clients: what is asked, by when, one link; nothing of the team's."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.clients.models import Contact
from crm.core.clock import today
from crm.core.db import db
from crm.core.words import day, moment, plural
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.deliverables.versions import DeliverableVersion, FrozenCriterion, How, Said, SignOff, VersionComment
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Status
from crm.links.models import MailLink, Opens
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.people.models import Person


def key_of(event: str, version: DeliverableVersion) -> str:
    """Counted by the row's version: what happens again is told again."""
    return f"version:{version.id}:{event}:{version.version}"


def announce(event: str, version: DeliverableVersion, *, key: str = "", **more: Any) -> None:
    """Queue `deliverable.<event>` about this version, once for each key."""
    post(f"deliverable.{event}", key=key or key_of(event, version), version_id=version.id, **more)


def announce_wish(owed: Deliverable) -> None:
    """Queue that the client asks for something, once."""
    post("deliverable.proposed", key=f"deliverable:{owed.id}:proposed", deliverable_id=owed.id)


def announce_review(event: str, owed: Deliverable) -> None:
    """Queue that a review is asked for, or has ended; counted by the deliverable's version."""
    post(f"deliverable.{event}", key=f"deliverable:{owed.id}:{event}:{owed.version}", deliverable_id=owed.id)


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
def ask_the_sponsor(version_id: int, links: Sequence[int] = ()) -> Iterator[Letter]:
    version = _version(version_id)
    if version is None or version.state is not State.SUBMITTED or version.asked is None:
        return
    sender = version.submitted_by.name if version.submitted_by else "Your team"
    changed = f"\n\nWhat changed since the version before: {version.changes}" if version.changes else ""
    for contact, path in _asked(version, links):
        yield Letter(
            to=contact,
            about=version,
            subject=f"For your sign-off by {day(version.answer_by)}: {version.title}",
            text=(
                f"{sender} has finished version {version.number} of “{version.title}” and asks for your answer by "
                f"{day(version.answer_by)}. You can sign it off, or say what should be different.{changed}{_measured(version)}"
            ),
            path=path,
            link="Review and sign off",
            kind=Kind.SIGN_OFF,
            inside=_in_the_portal(version),
        )


@notice("deliverable.reminded")
def remind_the_sponsor(version_id: int, links: Sequence[int], answer_by: str) -> Iterator[Letter]:
    """Each reminder has a link of its own, and ends the older one."""
    version = _version(version_id)
    if version is None or version.state is not State.SUBMITTED:
        return
    by = date.fromisoformat(answer_by)
    left = (by - today()).days
    when = f"We need your answer by {day(by)}" + (f", in {plural(left, 'day')}." if left > 0 else ", which is today.")
    agreed = "\n\nIt is agreed that no answer by then counts as a yes." if version.engagement.deemed else ""
    for contact, path in _asked(version, links):
        yield Letter(
            to=contact, about=version, subject=f"Waiting for your sign-off by {day(by)}: {version.title}",
            text=f"Version {version.number} of “{version.title}” waits for you. {when}{agreed}{_measured(version)}",
            path=path, link="Review and sign off", kind=Kind.SIGN_OFF, inside=_in_the_portal(version),
        )  # fmt: skip


def _asked(version: DeliverableVersion, links: Sequence[int]) -> Iterator[tuple[Contact, str]]:
    """Who is asked, and where their own link leads. A message of before links leads to the portal."""
    if not links and version.asked:
        yield version.asked, _in_the_portal(version)
    found = select(MailLink, Contact).join(Contact, Contact.id == MailLink.contact_id)
    for link, contact in db.session.execute(found.where(MailLink.id.in_(links)).order_by(MailLink.id)):
        if link.ended_at is None and link.asked_at == version.submitted_at and not contact.archived_at:
            yield contact, f"/sign/{link.secret}"


def _measured(version: DeliverableVersion) -> str:
    """What it is measured by, as it was agreed."""
    frozen = select(FrozenCriterion.text).where(FrozenCriterion.version_id == version.id)
    lines = [f"- {one}" for one in db.session.scalars(frozen.order_by(FrozenCriterion.position))]
    return "\n\nWhat we agreed it must do:\n\n" + "\n".join(lines) if lines else ""


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
        kind=Kind.SIGN_OFF,
    )


@notice("deliverable.accepted")
def tell_the_team_of_the_yes(version_id: int) -> Iterator[Letter]:
    version = _version(version_id)
    if version is None or version.decided_by is None:
        return
    remark = f"\n\n{version.decided_by.name} writes: {version.remark}" if version.remark else ""
    yield from _to_us(version, "Signed off", f"{version.decided_by.name} signed off version {version.number}.{remark}")
    yield from _receipts(version)


def _receipts(version: DeliverableVersion) -> Iterator[Letter]:
    """To whoever said yes: what, when, and the fingerprint; the certificate is where the button leads."""
    given = select(SignOff).where(
        SignOff.version_id == version.id, SignOff.said == Said.YES, SignOff.by_id.is_not(None)
    )
    for one in db.session.scalars(given.options(joinedload(SignOff.by), joinedload(SignOff.sponsor))):
        used = select(MailLink).where(
            MailLink.opens == Opens.VERSION, MailLink.thing_id == version.id, MailLink.contact_id == one.by_id,
            MailLink.asked_at == one.asked_at, MailLink.used_at.is_not(None),
        )  # fmt: skip
        link = db.session.scalars(used.limit(1)).one_or_none()
        for_whom = f" for {one.sponsor.name}" if one.by_id != one.sponsor_id else ""
        yield Letter(
            to=one.by, about=version, subject=f"Receipt: you signed off {version.title}",
            text=(
                f"You accepted version {version.number} of “{version.title}”{for_whom} on {moment(one.at)} ({one.zone}), "
                f"under the name {one.name or (one.by or one.sponsor).name}.\n\nFingerprint of the text (SHA-256): {one.digest}\n\n"
                "If this was not you, tell us at once."
            ),
            path=f"/sign/{link.secret}" if link else _in_the_portal(version), link="Open the receipt",
            kind=Kind.SIGN_OFF, inside=_in_the_portal(version),
        )  # fmt: skip


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
            path=f"/deliverables/{owed.id}", link=f"Open {owed.code}", kind=Kind.SIGN_OFF,
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
        path=f"/deliverables/{owed.id}", link=f"Open {owed.code}", kind=Kind.DELIVERABLE,
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
        kind=Kind.SIGN_OFF,
    )


@notice("deliverable.agreed")
def tell_the_team_of_the_first_yes(version_id: int, sponsor_id: int) -> Iterator[Letter]:
    """Of two sponsors who must both agree, one did."""
    version, sponsor = _version(version_id), db.session.get(Contact, sponsor_id)
    if version is None or sponsor is None or version.state is not State.SUBMITTED:
        return
    text = f"{sponsor.name} said yes to version {version.number}. It is signed off once the other sponsor agrees too."
    yield from _to_us(version, "One yes of two", text)
    recorded = select(SignOff).where(
        SignOff.version_id == version.id, SignOff.sponsor_id == sponsor_id, SignOff.asked_at == version.submitted_at,
        SignOff.how == How.BEHALF,
    )  # fmt: skip
    for one in db.session.scalars(recorded):
        yield Letter(
            to=sponsor, about=version, subject=f"Recorded in your name: {version.title}",
            text=f"It was recorded that you accepted version {version.number} of “{version.title}”. If that is not so, tell "
            f"us at once.\n\nThe proof given:\n\n{one.basis}",
            path=_in_the_portal(version), link="Look at the record", kind=Kind.SIGN_OFF,
        )  # fmt: skip


@notice("deliverable.deemed")
def tell_that_silence_counted(version_id: int) -> Iterator[Letter]:
    """Both sides hear of a yes that nobody said."""
    version = _version(version_id)
    if version is None or not version.deemed:
        return
    text = (
        f"No answer to version {version.number} came by {day(version.answer_by)}. As agreed, it counts as signed off."
    )
    if version.asked:
        yield Letter(
            to=version.asked, about=version, subject=f"Counted as signed off: {version.title}",
            text=f"{text} If you see it otherwise, tell us at once.", path=_in_the_portal(version),
            link="Look at the record", kind=Kind.SIGN_OFF,
        )  # fmt: skip
    yield from _to_us(version, "Counted as signed off (deemed)", text)


def _in_review(deliverable_id: int) -> Deliverable | None:
    owner = joinedload(Deliverable.assignment).joinedload(Assignment.person)
    asked = select(Deliverable).where(Deliverable.id == deliverable_id)
    return db.session.scalars(asked.options(owner, joinedload(Deliverable.reviewer))).one_or_none()


@notice("deliverable.review_asked")
def ask_the_reviewer(deliverable_id: int) -> Iterator[Letter]:
    owed = _in_review(deliverable_id)
    if owed is None or owed.state is not State.INTERNAL_REVIEW or owed.reviewer is None:
        return
    yield Letter(
        to=owed.reviewer, about=owed, subject=f"For your review: {owed.code} {owed.title}",
        text=f"You are asked to read “{owed.title}” before the client does, and to say of each criterion whether it holds.",
        path=f"/deliverables/{owed.id}/review/pass", link="Read and review it",
    )  # fmt: skip


@notice("deliverable.review_ended")
def tell_the_author(deliverable_id: int) -> Iterator[Letter]:
    """What was found stands on the page, not in a mail: it never leaves the team."""
    owed = _in_review(deliverable_id)
    if owed is None or owed.state not in {State.READY, State.IN_PROGRESS} or not (owed.assignment and owed.reviewer):
        return
    ended = "has passed the review" if owed.state is State.READY else "came back from the review"
    yield Letter(
        to=owed.assignment.person, about=owed, subject=f"{owed.code} {ended}",
        text=f"“{owed.title}” {ended}. {owed.reviewer.name} wrote what they found beside the criteria.",
        path=f"/deliverables/{owed.id}/reviews", link="Read what was found",
    )  # fmt: skip
