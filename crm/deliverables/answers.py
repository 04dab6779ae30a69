"""The client's answer to a version: yes, no, a yes that was said elsewhere or that silence gives, and a mark for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from crm.access.act import act
from crm.audit.trail import record
from crm.core.clock import day_of, now, today, zone
from crm.core.db import db
from crm.core.errors import DoneBefore, Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo, Visibility
from crm.core.viewer import SYSTEM, Viewer
from crm.core.words import listed
from crm.deliverables.notices import announce, key_of
from crm.deliverables.operations import rows_of
from crm.deliverables.queries import hold_version, whose_yes
from crm.deliverables.states import State
from crm.deliverables.versions import (
    FINAL,
    Behalf,
    DeliverableVersion,
    FrozenCriterion,
    Given,
    How,
    Rating,
    Said,
    SignOff,
    VersionComment,
)
from crm.engagements.states import Signers
from crm.files.keeping import Brought, need_room

IN_THE_PORTAL = Given(How.PORTAL)


def accept_version(
    version: DeliverableVersion, *, viewer: Viewer, press: Press, given: Given = IN_THE_PORTAL, remark: str = ""
) -> None:
    """A sponsor says yes to this text, and the team hears of it. Where all sponsors must agree, the last yes counts."""
    with act(viewer, "deliverable.accept", version, press=press, reason=remark, open_to=OpenTo.CLIENT):
        _say_yes(version, _sponsor(version, viewer), by=viewer.contact_id, given=given, remark=remark)


def _sponsor(version: DeliverableVersion, viewer: Viewer) -> int:
    """Whose answer it is that this viewer gives."""
    return version.engagement.stands_for(viewer.contact_id, today()) or viewer.contact_id or 0


def _say_yes(
    version: DeliverableVersion,
    sponsor_id: int,
    *,
    by: int | None,
    given: Given,
    remark: str,
    behalf: Behalf | None = None,
) -> None:
    hold_version(version)
    yes = whose_yes(version)
    owed = version.deliverable
    owed.must_wait(version, "record" if behalf else "accept")
    if sponsor_id in yes:
        raise Refused("This answer was given already. It waits for the other sponsor.")
    moment = now()
    _note_answer(version, sponsor_id, Said.YES, given, by=by)
    wanted = {one.contact_id for one in version.engagement.sponsors}
    if version.engagement.signers is Signers.ALL and wanted - yes - {sponsor_id}:
        announce("agreed", version, key=f"{key_of('agreed', version)}:{sponsor_id}", sponsor_id=sponsor_id)
        return
    _supersede(owed.accept(version, by=by or (sponsor_id if behalf else None), at=moment, remark=remark, behalf=behalf))
    announce("recorded" if behalf else "accepted", version)


def deem_acceptance(
    version: DeliverableVersion, *, basis: str, viewer: Viewer = SYSTEM, press: Press | None = None
) -> None:
    """Silence is a yes, where the agreement says so: nobody's hand, and marked so for ever (invariant 7)."""
    with act(viewer, "deliverable.deem", version, press=press, reason=basis, open_to=OpenTo.CLIENT):
        hold_version(version)
        yes = whose_yes(version)
        owed, engagement = version.deliverable, version.engagement
        owed.must_wait(version, "deem")
        everybody = {one.contact_id for one in engagement.sponsors} if engagement.signers is Signers.ALL else set()
        for sponsor_id in ({version.asked_id or 0} | everybody) - yes:
            _note_answer(version, sponsor_id, Said.YES, Given(How.DEEMED, basis=basis[:500]), by=None)
        _supersede(owed.accept(version, by=None, at=now(), deemed=True))
        announce("deemed", version)


def _note_answer(version: DeliverableVersion, sponsor_id: int, said: Said, given: Given, *, by: int | None) -> None:
    db.session.add(
        SignOff(
            version_id=version.id, client_id=version.client_id, engagement_id=version.engagement_id, visibility=Visibility.CLIENT,
            asked_at=version.submitted_at, sponsor_id=sponsor_id, by_id=by, said=said, how=given.how, name=given.name,
            digest=version.digest, at=now(), zone=zone().key, address=given.address, basis=given.basis,
        )
    )  # fmt: skip


def send_back_version(
    version: DeliverableVersion, *, viewer: Viewer, press: Press, comments: Mapping[int, str], remark: str = "",
    given: Given = IN_THE_PORTAL,
) -> None:  # fmt: skip
    """The sponsor asks for changes: at least one comment against a criterion."""
    with act(viewer, "deliverable.send_back", version, press=press, reason=remark, open_to=OpenTo.CLIENT):
        against = [one for one in version.criteria if comments.get(one.id)]
        if not against:
            raise Refused("Say what is missing, beside at least one point.", "comments")
        moment = now()
        hold_version(version)
        version.deliverable.send_back(version, by=viewer.contact_id, at=moment, remark=remark)
        _note_answer(version, _sponsor(version, viewer), Said.CHANGES, given, by=viewer.contact_id)
        said = [(one, comments[one.id]) for one in against] + ([(None, remark)] if remark else [])
        for criterion, body in said:
            version.comments.append(_comment(version, criterion, body, viewer))
        announce("sent_back", version)


def _comment(
    version: DeliverableVersion, criterion: FrozenCriterion | None, body: str, viewer: Viewer
) -> VersionComment:
    return VersionComment(
        client_id=version.client_id, engagement_id=version.engagement_id, visibility=Visibility.CLIENT,
        criterion_id=criterion.id if criterion else None, contact_id=viewer.contact_id, body=body, at=now(),
    )  # fmt: skip


def record_acceptance(
    version: DeliverableVersion, *, viewer: Viewer, press: Press, given_by_id: int, behalf: Behalf, remark: str = "",
    files: Sequence[Brought] = (),
) -> None:  # fmt: skip
    """A yes on paper or by phone, written down by the lead, with proof; the sponsor is told (invariant 7)."""
    if files and not behalf.proof:
        behalf = replace(behalf, proof=f"Attached: {listed([one.name for one in files])}")
    with act(viewer, "deliverable.record", version, press=press, reason=behalf.proof, open_to=OpenTo.CLIENT):
        if not version.engagement.is_sponsored_by(given_by_id):
            raise Refused("Choose one of the sponsors of this engagement.", "given_by_id")
        if version.submitted_at and not day_of(version.submitted_at) <= behalf.given_on <= today():
            raise Refused("That day lies before it was sent, or has not come yet.", "given_on")
        need_room(version.client_id, sum(one.size for one in files))
        rows = rows_of(version, files, viewer)
        given = Given(How.BEHALF, basis=" ".join((behalf.proof or behalf.proof_link).split())[:500])
        _say_yes(version, given_by_id, by=None, given=given, remark=remark, behalf=behalf)
        version.prove(rows)


def _supersede(earlier: DeliverableVersion | None) -> None:
    """The version that held until now makes way, which is a line of the trail by itself (invariant 21)."""
    if earlier:
        before, shown = State.ACCEPTED.value, OpenTo.CLIENT
        record(SYSTEM, "deliverable.supersede", earlier, before=before, open_to=shown)


def give_rating(version: DeliverableVersion, *, viewer: Viewer, press: Press, score: int, sentence: str = "") -> None:
    """What a sponsor thinks of what was accepted: once, for the lead and the partners."""
    with act(viewer, "rating.give", version, press=press, open_to=OpenTo.PARTNERS):
        if version.state not in FINAL:
            raise Refused("It is rated once it is signed off.")
        own = Rating.version_id == version.id, Rating.contact_id == viewer.contact_id
        given = db.session.scalars(select(Rating).where(*own)).one_or_none()
        if given and (given.score, given.sentence) == (score, sentence):
            raise DoneBefore(str(press.leads_to))
        if given:
            raise Refused("You rated it already. Thank you.")
        db.session.add(
            Rating(
                version_id=version.id, client_id=version.client_id, engagement_id=version.engagement_id,
                contact_id=viewer.contact_id, score=score, sentence=sentence, at=now(),
            )
        )  # fmt: skip
