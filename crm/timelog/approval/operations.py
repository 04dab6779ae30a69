"""Approving the time of a month, asking about an entry, and answering."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from crm.access.act import act, act_on_each, allow
from crm.core.calendar import month_of
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import plural
from crm.engagements.models import Engagement
from crm.people.models import Period, PeriodState
from crm.timelog.approval.models import TimeCheck, Verdict
from crm.timelog.approval.notices import announce
from crm.timelog.approval.queries import Standing, entries_of, waiting_in
from crm.timelog.models import TimeEntry


def approve_time(
    engagement: Engagement, month: date, seen: Mapping[int, int], *, viewer: Viewer, press: Press
) -> Engagement:
    """All that was on the page, as it stood there: what changed or came since waits. What is asked about waits too."""
    waiting = [
        one.entry
        for one in entries_of(engagement.id, month)
        if one.standing is Standing.WAITING and seen.get(one.entry.id) == one.entry.version
    ]
    said = f"{month:%B %Y}: {plural(len(waiting), 'entry', 'entries')}"
    # How the entries were seen counts, and not what else of the engagement was changed meanwhile.
    with act(viewer, "time.approve", engagement, press=replace(press, seen=engagement.version), reason=said):
        if not waiting:
            raise Refused("Nothing here waits to be approved any more. Look again.")
        rows = [_what_of(entry, Verdict.APPROVED, viewer) for entry in waiting]
        db.session.execute(insert(TimeCheck), rows, execution_options={"named": "time.approve"})
    return engagement


@dataclass(frozen=True)
class Approved:
    """What one press approved, and what of the same engagements came or changed since the page was opened."""

    entries: int
    engagements: int
    left: int


def approve_month(
    engagements: Sequence[Engagement], month: date, seen: Mapping[int, int], *, viewer: Viewer, press: Press
) -> Approved:
    """The same of several engagements at one press, all or nothing, each with its own line in the trail."""
    waiting: dict[int, list[TimeEntry]] = defaultdict(list)
    left = 0
    with act_on_each(viewer, press=press) as deeds:
        for one in engagements:
            allow(viewer, "time.approve", one)
        for entry in waiting_in(month, [one.id for one in engagements]):
            if entry.engagement_id and seen.get(entry.id) == entry.version:
                waiting[entry.engagement_id].append(entry)
            else:
                left += 1
        if not waiting:
            raise Refused("Nothing of this waits to be approved any more. Look again.")
        for engagement in engagements:
            if own := waiting.get(engagement.id):
                deeds.add("time.approve", engagement, f"{month:%B %Y}: {plural(len(own), 'entry', 'entries')}")
        rows = [_what_of(entry, Verdict.APPROVED, viewer) for own in waiting.values() for entry in own]
        db.session.execute(insert(TimeCheck), rows, execution_options={"named": "time.approve"})
    return Approved(len(rows), len(waiting), left)


def ask_about(entry: TimeEntry, question: str, *, viewer: Viewer, press: Press) -> TimeCheck:
    """Send one entry back to whoever logged it, with a question. It is approved no more.

    Refused where its month is locked: nobody could change it then, and what was agreed of the month stands.
    """
    check = _check(entry, Verdict.ASKED, viewer, question)
    with act(viewer, "time.ask", entry, press=press, reason=question):
        month = month_of(entry.worked_on)
        if db.session.scalar(select(Period.id).where(Period.month == month, Period.state == PeriodState.LOCKED)):
            raise Refused(f"{month:%B %Y} is locked: this entry can be corrected, but no longer sent back.")
        _keep(check, entry, "asked")
    return check


def explain(entry: TimeEntry, answer: str, *, viewer: Viewer, press: Press) -> TimeCheck:
    """Say how it was. The entry waits to be approved again."""
    check = _check(entry, Verdict.EXPLAINED, viewer, answer)
    with act(viewer, "time.explain", entry, press=press, reason=answer):
        _keep(check, entry, "explained")
    return check


def _keep(check: TimeCheck, entry: TimeEntry, told: str) -> None:
    """Write down what was said of an entry that counts, and tell whom it concerns."""
    if entry.voided_at:
        raise Refused("This entry was deleted. There is nothing to say of it any more.")
    db.session.add(check)
    db.session.flush()
    announce(check, told)


def _check(entry: TimeEntry, verdict: Verdict, viewer: Viewer, said: str) -> TimeCheck:
    return TimeCheck(**_what_of(entry, verdict, viewer, said))


def _what_of(entry: TimeEntry, verdict: Verdict, viewer: Viewer, said: str = "") -> dict[str, Any]:
    return {
        "entry_id": entry.id, "entry_version": entry.version, "person_id": entry.person_id, "client_id": entry.client_id,
        "engagement_id": entry.engagement_id, "verdict": verdict, "said": said, "by_id": viewer.person_id, "at": now(),
    }  # fmt: skip
