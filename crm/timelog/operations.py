"""Logging time, changing it, deleting and restoring it; locking a month and opening it again."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from crm.access.act import act
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.twelve import OF, Area
from crm.core.viewer import Viewer
from crm.core.words import day as full_day
from crm.core.words import listed, spoken
from crm.people.models import Period
from crm.timelog.models import FOR_NOBODY, REASON, TimeEntry, TimeKind, TimeNote, fits
from crm.timelog.queries import Work, day_before, keep_hold_of


@dataclass(frozen=True)
class Stint:
    """What somebody says they did. Without work it was for the practice itself."""

    work: Work | None
    minutes: int
    worked_on: date
    kind: TimeKind | None = None
    area: Area | None = None
    deliverable_id: int | None = None
    client_note: str = ""
    note: str = ""
    reason: str = ""

    @property
    def client_id(self) -> int | None:
        return self.work.client_id if self.work else None

    @property
    def engagement_id(self) -> int | None:
        return self.work.engagement_id if self.work else None


def log_time(stint: Stint, *, viewer: Viewer, press: Press | None) -> TimeEntry:
    """Minutes of one's own, on one day. The caller keeps hold of the person (`work_of(..., hold=True)`)."""
    entry = TimeEntry(person_id=viewer.person_id, logged_at=now())
    with act(viewer, "time.log", entry, press=press):
        _say(entry, stint)
        db.session.add(entry)
        _annotate(entry, None, stint)
    return entry


def revise_entry(entry: TimeEntry, stint: Stint, *, viewer: Viewer, press: Press) -> TimeEntry:
    """Say it better. What stood under another client is deleted and logged anew: a row never moves to another."""
    was = f"Was {spoken(entry.minutes)} on {full_day(entry.worked_on)}."
    moves = entry.client_id not in {None, stint.client_id}
    with act(viewer, "time.revise", entry, press=press, reason=was):
        if moves:
            _still_open(entry)
            entry.void(now())
            return log_time(stint, viewer=viewer, press=None)
        _say(entry, stint, moved_from=entry.worked_on)
        _annotate(entry, entry.note, stint)
    return entry


def void_entry(entry: TimeEntry, *, viewer: Viewer, press: Press, reason: str = "") -> TimeEntry:
    """Take it back. It stays readable to whoever logged it, counts nowhere, and can be restored."""
    with act(viewer, "time.void", entry, press=press, reason=reason or "No reason given."):
        keep_hold_of(entry.person_id)
        _still_open(entry)
        entry.void(now())
    return entry


def restore_entry(entry: TimeEntry, *, viewer: Viewer, press: Press) -> TimeEntry:
    with act(viewer, "time.restore", entry, press=press):
        keep_hold_of(entry.person_id)
        before = day_before(entry.person_id, entry.worked_on, without=entry.id)
        try:
            fits(entry.worked_on, entry.minutes, logged=before.minutes, locked=before.locked, today=today())
        except Refused as error:
            raise Refused(str(error)) from None  # there is no answer to put it beside
        entry.restore()
    return entry


def lock_month(period: Period, *, viewer: Viewer, press: Press) -> Period:
    """From now on no entry dated in this month is added, changed or deleted, by anybody."""
    with act(viewer, "period.lock", period, press=press):
        keep_hold_of()
        if period.month > today():
            raise Refused(f"{period.month:%B %Y} has not begun yet.")
        if period.id is None and db.session.scalar(select(Period.id).where(Period.month == period.month)):
            raise Refused("Somebody else touched this month a moment ago. Look again.")
        period.lock(now())
        db.session.add(period)
    return period


def reopen_month(period: Period, *, viewer: Viewer, press: Press, reason: str) -> Period:
    """A month of which nothing is invoiced yet opens as a whole. Invoices will keep their engagements out of it."""
    with act(viewer, "period.reopen", period, press=press, reason=reason):
        period.reopen()
    return period


def _say(entry: TimeEntry, stint: Stint, *, moved_from: date | None = None) -> None:
    """Check what was said against the rules, and write it into the entry."""
    of_deliverable = (stint.deliverable_id, stint.engagement_id or 0) if stint.deliverable_id else None
    months = [moved_from] if moved_from else []
    before = day_before(entry.person_id, stint.worked_on, *months, without=entry.id, deliverable=of_deliverable)
    fits(stint.worked_on, stint.minutes, logged=before.minutes, locked=before.locked, today=today())
    area = _area(stint, before.deliverable_area, entry.area)
    outside = stint.work is not None and not stint.work.covers(stint.worked_on)
    if outside and len(stint.reason) < REASON:
        raise Refused(_outside_what(stint), "reason")
    entry.client_id, entry.engagement_id = stint.client_id, stint.engagement_id
    entry.revise(
        worked_on=stint.worked_on, minutes=stint.minutes, kind=_kind(stint), area=area,
        deliverable_id=stint.deliverable_id, client_note=stint.client_note, outside=outside,
    )  # fmt: skip


def _area(stint: Stint, of_deliverable: Area | None, stood: Area | None) -> Area | None:
    """The area that was chosen, or that of the deliverable, or the one used last; always one in scope."""
    if stint.work is None:
        return None
    if stint.deliverable_id and of_deliverable is None:
        raise Refused(f"Choose a deliverable of {stint.work.name}, or none.", "deliverable")
    area = stint.area or of_deliverable or stint.work.usual_area
    if of_deliverable and area is not of_deliverable:
        raise Refused(f"That deliverable belongs to {OF[of_deliverable].short}.", "area")
    if area is None or (area not in stint.work.areas and area is not stood):
        ours = listed(OF[one].short for one in stint.work.areas) or "nothing"
        raise Refused(f"That area is not in scope at {stint.work.name}, where we have {ours}.", "area")
    return area


def _kind(stint: Stint) -> TimeKind:
    if stint.work:
        return stint.kind or TimeKind.BILLABLE
    if stint.kind not in FOR_NOBODY:
        raise Refused("Time without an engagement is internal, presales, training or travel.", "kind")
    return stint.kind


def _outside_what(stint: Stint) -> str:
    work = stint.work
    assert work is not None  # noqa: S101
    first, last = work.dates
    return (
        f"{full_day(stint.worked_on)} lies outside your dates at {work.name}, {full_day(first)} to {full_day(last)}. "
        f"Say why, in {REASON} characters or more; a partner reads it."
    )


def _annotate(entry: TimeEntry, note: TimeNote | None, stint: Stint) -> None:
    """What the client does not read stands in a row of its own."""
    reason = stint.reason if entry.outside else ""
    if note is None and (stint.note or reason):
        note = TimeNote(person_id=entry.person_id, entry=entry)
        db.session.add(note)
    if note is not None:
        note.client_id, note.engagement_id = entry.client_id, entry.engagement_id
        note.body, note.reason = stint.note, reason


def _still_open(entry: TimeEntry) -> None:
    locked = day_before(entry.person_id, entry.worked_on).locked
    if locked:
        raise Refused(f"{locked:%B %Y} is locked: its time can no longer be changed. Ask a partner.")
