"""The deeds of a deliverable's life, each one `act`: permission, deed, notices, trail, commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from crm.access.act import act
from crm.access.policy import may
from crm.core.clock import day_of, now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.ownership import OpenTo, Visibility
from crm.core.twelve import Area
from crm.core.viewer import Audience, Viewer
from crm.core.words import day, listed
from crm.deliverables.agreed import Cancellation
from crm.deliverables.asking import ask
from crm.deliverables.measures import answer_day
from crm.deliverables.models import Deliverable
from crm.deliverables.notices import announce, announce_wish
from crm.deliverables.queries import hold_version
from crm.deliverables.rounds.operations import leave_review
from crm.deliverables.states import State
from crm.deliverables.versions import (
    DeliverableVersion,
    VersionFile,
)
from crm.engagements.models import Engagement
from crm.files.keeping import Brought, need_room
from crm.files.models import StoredFile
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
    press: Press | None = None,
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


def attach_files(version: DeliverableVersion, files: Sequence[Brought], *, viewer: Viewer, press: Press) -> None:
    """Files that lie in the store already become a part of the version that is being written."""
    owed = version.deliverable
    names = listed([one.name for one in files])
    with act(viewer, "deliverable.attach", version, press=press, reason=f"Added {names}"[:500], open_to=OpenTo.TEAM):
        if sentence := owed.stops("attach"):
            raise Refused(sentence)
        need_room(owed.client_id, sum(one.size for one in files))
        before = [one.file for one in version.attached]
        owed.attach(rows_of(version, files, viewer))
        _forget(before)


def rows_of(version: DeliverableVersion, files: Sequence[Brought], viewer: Viewer) -> list[StoredFile]:
    whose = {"client_id": version.client_id, "engagement_id": version.engagement_id}
    rows = [one.row(added_by_id=viewer.person_id, **whose) for one in files]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def detach_file(file: VersionFile, *, viewer: Viewer, press: Press) -> None:
    """Out of the version; and gone, when no other version holds it."""
    version, stored = file.of_version, file.file
    with act(viewer, "deliverable.attach", version, press=press, reason=f"Removed {file.name}", open_to=OpenTo.TEAM):
        version.deliverable.detach(file)
        _forget([stored])


def _forget(files: Sequence[StoredFile]) -> None:
    """The rows of those that no version holds any more; what they stood for is swept from the store a day later."""
    db.session.flush()
    held = set(
        db.session.scalars(select(VersionFile.file_id).where(VersionFile.file_id.in_([one.id for one in files])))
    )
    for one in files:
        if one.id not in held:
            db.session.delete(one)


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
        ask(version, "submitted", due)


def withdraw_deliverable(owed: Deliverable, *, viewer: Viewer, press: Press, reason: str) -> None:
    with act(viewer, "deliverable.withdraw", owed, press=press, reason=reason, open_to=OpenTo.CLIENT):
        if owed.current:
            hold_version(owed.current)  # before its criteria go: an answer of this moment keeps them
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


def correct_deliverable(owed: Deliverable, *, viewer: Viewer, press: Press, reason: str) -> None:
    with act(viewer, "deliverable.correct", owed, press=press, reason=reason, open_to=OpenTo.TEAM):
        owed.correct()


def drop_correction(owed: Deliverable, *, viewer: Viewer, press: Press, reason: str) -> None:
    with act(viewer, "deliverable.drop_correction", owed, press=press, reason=reason, open_to=OpenTo.TEAM):
        asked = _asked(owed)
        leave_review(owed)
        owed.drop_correction()
        _tell_the_asked(owed, asked, reason)


def cancel_deliverable(owed: Deliverable, *, viewer: Viewer, press: Press, agreed: Agreement, reason: str) -> None:
    with act(viewer, "deliverable.cancel", owed, press=press, reason=reason, open_to=OpenTo.TEAM):
        agreed.checked(owed.engagement)
        asked = _asked(owed)
        leave_review(owed)
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
