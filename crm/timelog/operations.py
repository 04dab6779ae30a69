"""Logging time, changing it, deleting and restoring it; correcting what is invoiced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from crm.access.act import act
from crm.core.clock import now, today
from crm.core.db import db, transaction
from crm.core.errors import Refused, UsedKey
from crm.core.forms import Press
from crm.core.twelve import OF, Area
from crm.core.viewer import Viewer
from crm.core.words import day as full_day
from crm.core.words import listed, spoken
from crm.timelog.models import A_DAY, FOR_NOBODY, INVOICED, REASON, TimeEntry, TimeKind, TimeNote, fits
from crm.timelog.queries import Work, corrections_of, day_before, invoiced_among, keep_hold_of


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


class RefusedAt(Refused):
    """What is wrong with each of several entries, by its place."""

    def __init__(self, wrong: Mapping[int, Refused]) -> None:
        self.sentences = [f"Entry {place}: {error}" for place, error in wrong.items()]
        super().__init__(" ".join(self.sentences), next(iter(wrong.values())).field)


def log_several(stints: Sequence[Stint], *, viewer: Viewer, press: Press) -> Sequence[TimeEntry]:
    """All of them or none; where some are refused, each is named with what is wrong."""
    if len(stints) == 1:
        return [log_time(stints[0], viewer=viewer, press=press)]
    logged, wrong = [], {}
    with transaction():
        for place, stint in enumerate(stints, 1):
            try:
                logged.append(log_time(stint, viewer=viewer, press=None if place > 1 else press))
            except UsedKey:
                raise
            except Refused as error:
                wrong[place] = error
        if wrong:
            raise RefusedAt(wrong)
    return logged


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
        place = (entry.engagement_id, entry.worked_on)
        before = day_before(entry.person_id, entry.worked_on, without=entry.id, places=[place])
        logged = 0 if entry.adjusts_id else before.minutes
        if entry.adjusts_id:
            _still_adds_up(entry)
        try:
            fits(
                entry.worked_on,
                entry.minutes,
                logged=logged,
                locked=before.locked,
                today=today(),
                invoiced=before.invoiced,
            )
        except Refused as error:
            raise Refused(str(error)) from None  # there is no answer to put it beside
        entry.restore()
    return entry


def _still_adds_up(correction: TimeEntry) -> None:
    """Brought back beside another that came meanwhile, it would take off twice what was there once."""
    original = db.session.get(TimeEntry, correction.adjusts_id)
    others = db.session.scalars(corrections_of(correction.adjusts_id or 0)).all()
    together = correction.minutes + sum(one.minutes for one in others) + (original.minutes if original else 0)
    if not 0 <= together <= A_DAY:
        raise Refused("It was corrected otherwise since. Correct the entry anew where it is wrong.")


@dataclass(frozen=True)
class Correction:
    """What an entry of an invoiced month should have said, and the open day on which the difference counts."""

    minutes: int
    worked_on: date
    client_note: str
    reason: str


def adjust_entry(entry: TimeEntry, right: Correction, *, viewer: Viewer, press: Press) -> TimeEntry:
    """Invariant 10: what is invoiced stays; the difference is an entry in the open month that points to it."""
    with act(viewer, "time.adjust", entry, press=press, reason=right.reason):
        keep_hold_of(entry.person_id)
        here = (entry.engagement_id, entry.worked_on)
        if entry.voided_at or entry.adjusts_id:
            raise Refused("Only an entry that counts is corrected, and a correction by another one of the same entry.")
        if invoiced_among([here]) is None:
            raise Refused("This month is not invoiced: change the entry itself, or ask a partner to open the month.")
        fixed = db.session.scalars(corrections_of(entry.id)).all()
        minutes = right.minutes - entry.minutes - sum(one.minutes for one in fixed)
        if minutes == 0:
            raise Refused("That is what it says already.", "duration")
        if len(right.reason) < REASON:
            raise Refused(f"Say why, in {REASON} characters or more.", "reason")
        there = (entry.engagement_id, right.worked_on)
        before = day_before(entry.person_id, right.worked_on, places=[there])
        fits(right.worked_on, minutes, logged=0, locked=before.locked, today=today(), invoiced=before.invoiced)
        made = TimeEntry(
            person_id=entry.person_id, client_id=entry.client_id, engagement_id=entry.engagement_id, area=entry.area,
            kind=entry.kind, deliverable_id=entry.deliverable_id, worked_on=right.worked_on, minutes=minutes,
            client_note=right.client_note, adjusts_id=entry.id, logged_at=now(),
        )  # fmt: skip
        note = TimeNote(
            person_id=entry.person_id, entry=made, client_id=entry.client_id, engagement_id=entry.engagement_id,
            reason=right.reason,
        )  # fmt: skip
        db.session.add_all([made, note])
    return made


def _say(entry: TimeEntry, stint: Stint, *, moved_from: date | None = None) -> None:
    """Check what was said against the rules, and write it into the entry."""
    of_deliverable = (stint.deliverable_id, stint.engagement_id or 0) if stint.deliverable_id else None
    months = [moved_from] if moved_from else []
    places = [(stint.engagement_id, stint.worked_on)] + ([(entry.engagement_id, moved_from)] if moved_from else [])
    before = day_before(
        entry.person_id, stint.worked_on, *months, without=entry.id, deliverable=of_deliverable, places=places
    )
    fits(
        stint.worked_on, stint.minutes, logged=before.minutes, locked=before.locked, today=today(),
        invoiced=before.invoiced,
    )  # fmt: skip
    area = area_for(stint, before.deliverable_area, entry.area)
    outside = stint.work is not None and not stint.work.covers(stint.worked_on)
    if outside and len(stint.reason) < REASON:
        raise Refused(outside_what(stint), "reason")
    entry.client_id, entry.engagement_id = stint.client_id, stint.engagement_id
    entry.revise(
        worked_on=stint.worked_on, minutes=stint.minutes, kind=kind_for(stint), area=area,
        deliverable_id=stint.deliverable_id, client_note=stint.client_note, outside=outside,
    )  # fmt: skip


def area_for(stint: Stint, of_deliverable: Area | None, stood: Area | None) -> Area | None:
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


def kind_for(stint: Stint) -> TimeKind:
    if stint.work:
        return stint.kind or TimeKind.BILLABLE
    if stint.kind not in FOR_NOBODY:
        raise Refused("Time without an engagement is internal, presales, training or travel.", "kind")
    return stint.kind


def outside_what(stint: Stint) -> str:
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
        if (note.body, note.reason) != (stint.note, reason):
            flag_modified(entry, "client_note")  # whoever had the entry open is told of a new internal note too
        note.client_id, note.engagement_id = entry.client_id, entry.engagement_id
        note.body, note.reason = stint.note, reason


def _still_open(entry: TimeEntry) -> None:
    before = day_before(entry.person_id, entry.worked_on, places=[(entry.engagement_id, entry.worked_on)])
    if before.locked:
        raise Refused(f"{before.locked:%B %Y} is locked: its time can no longer be changed. Ask a partner.")
    if before.invoiced:
        raise Refused(INVOICED.format(before.invoiced))
