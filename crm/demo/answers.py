"""How the demo's sponsors answered: from the portal and from mails, one text by silence, one with the first yes of two."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from crm.areas.across.models import Decision, DecisionStatus
from crm.areas.across.notices import ask_decider
from crm.audit.models import Opened, Opening
from crm.clients.models import Contact
from crm.core.calendar import after_working_days
from crm.core.clock import day_of, now
from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.words import day, listed
from crm.deliverables.asking import ask
from crm.deliverables.models import Deliverable
from crm.deliverables.states import ANSWERED, State
from crm.deliverables.versions import DeliverableVersion, How, Rating, Said, SignOff
from crm.demo.book import book
from crm.demo.scene import Scene
from crm.engagements.models import Engagement
from crm.engagements.people import Sponsorship
from crm.engagements.states import Signers
from crm.practice.models import Practice

SILENT, BOTH = "E07", "E06"  # where silence counts, and where two sponsors must agree
OFFICE = "203.0.113.24"  # an address that belongs to nobody


def answer_all(scene: Scene, papers: Sequence[Deliverable]) -> None:
    """Called once the papers have their keys."""
    second = _second_sponsor(scene.engagements[BOTH])
    chance = scene.almanac.dice("answers")
    for paper in papers:
        for version in paper.versions:
            if version.state in ANSWERED and version.decided_at:
                db.session.add(_given(version, chance))
        _rate(paper, chance)
    db.session.flush()
    for paper in papers:
        if paper.state is State.SUBMITTED:
            _ask(paper.versions[-1])
            if paper.engagement_id == scene.engagements[BOTH].id:
                _first_yes(paper.versions[-1], second)


def _second_sponsor(engagement: Engagement) -> Contact:
    """The head of finance, or whoever else the client has."""
    mine = select(Sponsorship.contact_id).where(Sponsorship.engagement_id == engagement.id)
    others = select(Contact).where(Contact.client_id == engagement.client_id, Contact.id.not_in(mine))
    found: Contact = db.session.scalars(others.order_by(Contact.id).limit(1)).one()
    found.decides = True
    whose = {"client_id": engagement.client_id, "engagement_id": engagement.id}
    db.session.add(Sponsorship(contact_id=found.id, **whose))
    engagement.signers = Signers.ALL
    db.session.flush()
    db.session.expire(engagement, ["sponsors"])
    return found


def _ask(version: DeliverableVersion) -> None:
    """So that the demo's mailbox shows what a sponsor gets, with a link that opens."""
    ask(version, "submitted", version.answer_by or day_of(now()))


def ask_what_is_open() -> None:
    """The questions that wait for somebody of the client, with a link each."""
    waiting = select(Decision).join(Contact, Contact.id == Decision.owner_contact_id).where(Contact.decides,
        Decision.status == DecisionStatus.NEEDED, Decision.visibility == Visibility.CLIENT,
        Decision.needed_by >= day_of(now()), Decision.archived_at.is_(None),
    )  # fmt: skip
    for one in db.session.scalars(waiting.order_by(Decision.id)).all():
        ask_decider(one)


def _given(version: DeliverableVersion, chance: Random) -> SignOff:
    said = Said.CHANGES if version.state is State.CHANGES_REQUESTED else Said.YES
    name = db.session.get_one(Contact, version.asked_id).name
    if version.deemed:
        return _row(version, said, How.DEEMED, basis=_basis(version))
    how = How.MAIL if chance.random() < 0.7 else How.PORTAL
    return _row(version, said, how, by_id=version.decided_by_id, name=name, address=OFFICE)


def _row(version: DeliverableVersion, said: Said, how: How, **more: object) -> SignOff:
    return SignOff(
        version_id=version.id, client_id=version.client_id, engagement_id=version.engagement_id,
        visibility=Visibility.CLIENT, asked_at=version.submitted_at, sponsor_id=version.asked_id, said=said, how=how,
        digest=version.digest, at=version.decided_at or now(), zone="Europe/London", **more,
    )  # fmt: skip


def _basis(version: DeliverableVersion) -> str:
    """As the worker reminds: on working days 3, 7 and the last, by the practice's holidays."""
    sent, last = day_of(version.submitted_at or now()), version.answer_by
    early = [after_working_days(sent, number, db.session.get_one(Practice, 1).region) for number in (3, 7)]
    reminded = listed(day(one) for one in [*early, last])
    return f"As agreed, no answer by {day(last)} counts as a yes. Reminders were sent on {reminded}."


def _first_yes(version: DeliverableVersion, sponsor: Contact) -> None:
    given = _row(version, Said.YES, How.MAIL, by_id=sponsor.id, name=sponsor.name, address=OFFICE)
    given.sponsor_id = sponsor.id
    read = Opening(at=given.at, kind=Opened.VERSION, title=f"{version.title}, version {version.number}", subject_id=version.id,
                   client_id=version.client_id, engagement_id=version.engagement_id, contact_id=sponsor.id)  # fmt: skip
    db.session.add_all([given, read])
    db.session.flush()


def _rate(paper: Deliverable, chance: Random) -> None:
    accepted = paper.accepted
    if accepted is None or accepted.decided_by_id is None or chance.random() > 0.35:
        return
    score = chance.choice((3, 4, 4, 5, 5))
    db.session.add(
        Rating(
            version_id=accepted.id, client_id=accepted.client_id, engagement_id=accepted.engagement_id,
            contact_id=accepted.decided_by_id, score=score, sentence=book("words")["ratings"][str(score)],
            at=(accepted.decided_at or now()) + timedelta(minutes=3),
        )
    )  # fmt: skip
