"""The deeds of a deliverable's life, each one `act`: permission, deed, notices, trail, commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from crm.access.act import act
from crm.access.policy import may
from crm.audit.trail import record
from crm.core.clock import day_of, now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo, Visibility
from crm.core.twelve import Area
from crm.core.viewer import SYSTEM, Audience, Viewer
from crm.core.words import day
from crm.deliverables.measures import answer_day
from crm.deliverables.models import Cancellation, Deliverable, ReviewRemark
from crm.deliverables.notices import announce, announce_wish
from crm.deliverables.states import State
from crm.deliverables.versions import Behalf, DeliverableVersion, FrozenCriterion, VersionComment
from crm.engagements.models import Engagement
from crm.practice.models import next_number


@dataclass(frozen=True)
class Agreement:
    """Who of the client agreed to something, and when."""

    contact_id: int | None
    on: date | None

    def checked(self, engagement: Engagement) -> str:
        """In words for the trail. Raises Refused where somebody or the day is missing or cannot be."""
        if not engagement.is_sponsored_by(self.contact_id):
            raise Refused("Choose the sponsor who agreed.", "agreed_by_id")
        if self.on is None:
            raise Refused("Write the day they agreed.", "agreed_on")
        if self.on > today():
            raise Refused("That day has not come yet.", "agreed_on")
        who = next(one.contact.name for one in engagement.sponsors if one.contact_id == self.contact_id)
        return f"{who} agreed on {day(self.on)}."


def propose_deliverable(
    engagement: Engagement,
    *,
    viewer: Viewer,
    press: Press,
    criteria_lines: Sequence[str] = (),
    shares: Mapping[int, int] | None = None,
    planned: bool = False,
    **answers: Any,
) -> Deliverable:
    """A new one, by the team or by the sponsor; by the lead it may be planned at once."""
    owed = Deliverable(
        engagement=engagement, client_id=engagement.client_id, engagement_id=engagement.id, state=State.PROPOSED,
        visibility=Visibility.TEAM, proposed_by_id=viewer.contact_id, **answers,
    )  # fmt: skip
    with act(viewer, "deliverable.propose", owed, press=press, open_to=OpenTo.TEAM):
        _belongs(engagement, owed.area)
        owed.number = next_number("deliverable")
        db.session.add(owed)
        owed.agree_on(criteria_lines, shares or {})
        if planned:
            db.session.flush()
            plan_deliverable(owed, viewer=viewer)
        if viewer.audience is Audience.CLIENT:
            db.session.flush()
            announce_wish(owed)
    return owed


def _belongs(engagement: Engagement, area: Area) -> None:
    """Invariant 5: it lies in an area that is in scope."""
    if not engagement.scope_of(area).is_in:
        raise Refused("This area is out of scope on this engagement. Choose one that is in.", "area")


def revise_deliverable(
    owed: Deliverable,
    *,
    viewer: Viewer,
    press: Press,
    criteria_lines: Sequence[str],
    shares: Mapping[int, int],
    **answers: Any,
) -> None:
    """What may change freely. The baseline may not, once it is agreed (invariant 8)."""
    with act(viewer, "deliverable.revise", owed, press=press, open_to=OpenTo.TEAM):
        if sentence := owed.stops("revise"):
            raise Refused(sentence)
        if answers["assignment_id"] != owed.assignment_id and not may(viewer, "deliverable.assign", owed):
            raise Refused("The lead or a partner says who owns it.", "assignment_id")
        if owed.state is not State.PROPOSED:
            _still_complete(answers, criteria_lines)
        if answers["area"] is not owed.area:
            _belongs(owed.engagement, answers["area"])
        owed.revise(**answers)
        owed.agree_on(criteria_lines, shares)
        flag_modified(owed, "title")  # a change of criteria alone is a change of the deliverable too


def _still_complete(answers: Mapping[str, Any], criteria: Sequence[str]) -> None:
    for name, sentence in (
        ("assignment_id", "What is planned has an owner."),
        ("estimate", "What is planned has an estimate, like 2.5"),
    ):
        if answers[name] is None:
            raise Refused(sentence, name)
    if not criteria:
        raise Refused("What is planned has at least one criterion.", "criteria_lines")


def plan_deliverable(
    owed: Deliverable, *, viewer: Viewer, press: Press | None = None, outside: Agreement | None = None
) -> None:
    """From a proposal to a promise. Beyond what was agreed, the sponsor says yes to that too."""
    agreed = f"Outside what was agreed: {outside.checked(owed.engagement)}" if outside else ""
    with act(viewer, "deliverable.plan", owed, press=press, reason=agreed, open_to=OpenTo.TEAM):
        owed.plan()


def begin_deliverable(owed: Deliverable, *, viewer: Viewer, press: Press) -> None:
    with act(viewer, "deliverable.begin", owed, press=press, open_to=OpenTo.TEAM):
        owed.begin()


def write_version(
    version: DeliverableVersion, *, viewer: Viewer, press: Press, text: str, link: str | None, changes: str
) -> None:
    """Save the text of the version that is being written."""
    owed = version.deliverable
    with act(viewer, "deliverable.write", version, press=press, open_to=OpenTo.TEAM):
        if version is not owed.current:
            raise Refused(f"Version {version.number} is not the one that is being written.")
        owed.write(text=text, link=link or "", changes=changes)


def ask_for_review(owed: Deliverable, *, viewer: Viewer, press: Press, reviewer_id: int) -> None:
    with act(viewer, "deliverable.ask_review", owed, press=press, open_to=OpenTo.TEAM):
        owed.ask_for_review(reviewer_id=reviewer_id)


def pass_review(owed: Deliverable, *, viewer: Viewer, press: Press, remark: str = "") -> None:
    with act(viewer, "deliverable.pass_review", owed, press=press, reason=remark, open_to=OpenTo.TEAM):
        owed.pass_review()
        _remark(owed, viewer, remark)


def return_from_review(owed: Deliverable, *, viewer: Viewer, press: Press, remark: str) -> None:
    with act(viewer, "deliverable.return", owed, press=press, reason=remark, open_to=OpenTo.TEAM):
        owed.return_from_review()
        _remark(owed, viewer, remark)


def _remark(owed: Deliverable, viewer: Viewer, body: str) -> None:
    if body and viewer.person_id:
        db.session.add(
            ReviewRemark(
                deliverable_id=owed.id, client_id=owed.client_id, engagement_id=owed.engagement_id,
                person_id=viewer.person_id, body=body, at=now(),
            )
        )  # fmt: skip


def submit_deliverable(
    owed: Deliverable, *, viewer: Viewer, press: Press, asked_id: int, review_days: int, region: str
) -> None:
    """Freeze the text and ask a named sponsor; `region` is of the public holidays that they keep."""
    with act(viewer, "deliverable.submit", owed, press=press, open_to=OpenTo.CLIENT):
        if not owed.engagement.is_sponsored_by(asked_id):
            raise Refused("Choose one of the sponsors of this engagement.", "asked_id")
        moment = now()
        due = answer_day(day_of(moment), review_days, region, owed.engagement.pauses)
        version = owed.submit(by=viewer.person_id or 0, at=moment, asked=asked_id, answer_by=due)
        db.session.flush()
        announce("submitted", version)


def withdraw_deliverable(owed: Deliverable, *, viewer: Viewer, press: Press, reason: str) -> None:
    with act(viewer, "deliverable.withdraw", owed, press=press, reason=reason, open_to=OpenTo.CLIENT):
        asked = _asked(owed)
        owed.withdraw()
        _tell_the_asked(owed, asked, reason)


def _asked(owed: Deliverable) -> tuple[int | None, str]:
    """Who waits with it, and under which name: asked before it is taken back."""
    version = owed.current
    return (version.asked_id, version.title) if version and version.is_waiting else (None, "")


def _tell_the_asked(owed: Deliverable, asked: tuple[int | None, str], reason: str) -> None:
    contact_id, title = asked
    if contact_id and owed.current:
        db.session.flush()
        announce("withdrawn", owed.current, contact_id=contact_id, title=title, reason=reason)


def accept_version(version: DeliverableVersion, *, viewer: Viewer, press: Press, remark: str = "") -> None:
    """The sponsor says yes to this text, and the team hears of it."""
    with act(viewer, "deliverable.accept", version, press=press, reason=remark, open_to=OpenTo.CLIENT):
        _supersede(version.deliverable.accept(version, by=viewer.contact_id, at=now(), remark=remark))
        announce("accepted", version)


def send_back_version(
    version: DeliverableVersion, *, viewer: Viewer, press: Press, comments: Mapping[int, str], remark: str = ""
) -> None:
    """The sponsor asks for changes: at least one comment against a criterion."""
    with act(viewer, "deliverable.send_back", version, press=press, reason=remark, open_to=OpenTo.CLIENT):
        against = [one for one in version.criteria if comments.get(one.id)]
        if not against:
            raise Refused("Say what is missing, beside at least one point.", "comments")
        moment = now()
        version.deliverable.send_back(version, by=viewer.contact_id, at=moment, remark=remark)
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
    version: DeliverableVersion, *, viewer: Viewer, press: Press, given_by_id: int, behalf: Behalf, remark: str = ""
) -> None:
    """A yes on paper or by phone, written down by the lead, with proof; the sponsor is told (invariant 7)."""
    with act(viewer, "deliverable.record", version, press=press, reason=behalf.proof, open_to=OpenTo.CLIENT):
        if not version.engagement.is_sponsored_by(given_by_id):
            raise Refused("Choose one of the sponsors of this engagement.", "given_by_id")
        if version.submitted_at and not day_of(version.submitted_at) <= behalf.given_on <= today():
            raise Refused("That day lies before it was sent, or has not come yet.", "given_on")
        _supersede(version.deliverable.accept(version, by=given_by_id, at=now(), remark=remark, behalf=behalf))
        announce("recorded", version)


def _supersede(earlier: DeliverableVersion | None) -> None:
    """The version that held until now makes way, which is a line of the trail by itself (invariant 21)."""
    if earlier:
        before, shown = State.ACCEPTED.value, OpenTo.CLIENT
        record(SYSTEM, "deliverable.supersede", earlier, before=before, open_to=shown)


def correct_deliverable(owed: Deliverable, *, viewer: Viewer, press: Press, reason: str) -> None:
    with act(viewer, "deliverable.correct", owed, press=press, reason=reason, open_to=OpenTo.TEAM):
        owed.correct()


def drop_correction(owed: Deliverable, *, viewer: Viewer, press: Press, reason: str) -> None:
    with act(viewer, "deliverable.drop_correction", owed, press=press, reason=reason, open_to=OpenTo.TEAM):
        asked = _asked(owed)
        owed.drop_correction()
        _tell_the_asked(owed, asked, reason)


def cancel_deliverable(owed: Deliverable, *, viewer: Viewer, press: Press, agreed: Agreement, reason: str) -> None:
    with act(viewer, "deliverable.cancel", owed, press=press, reason=reason, open_to=OpenTo.TEAM):
        agreed.checked(owed.engagement)
        asked = _asked(owed)
        owed.cancel()
        db.session.add(
            Cancellation(
                deliverable_id=owed.id, client_id=owed.client_id, engagement_id=owed.engagement_id,
                agreed_by_id=agreed.contact_id, agreed_on=agreed.on, reason=reason, recorded_by_id=viewer.person_id,
            )
        )  # fmt: skip
        _tell_the_asked(owed, asked, reason)


def change_baseline(
    owed: Deliverable, *, viewer: Viewer, press: Press, becomes: date, agreed: Agreement, reason: str
) -> None:
    """Invariant 8: who of the client agreed, when and why; never silently."""
    was = day(owed.baseline_due)
    said = f"From {was} to {day(becomes)}: {reason}"
    with act(viewer, "deliverable.rebaseline", owed, press=press, reason=said, open_to=OpenTo.TEAM):
        agreed.checked(owed.engagement)
        owed.change_baseline(
            becomes, agreed_by=agreed.contact_id or 0, agreed_on=agreed.on or today(), reason=reason,
            recorded_by=viewer.person_id or 0,
        )  # fmt: skip
