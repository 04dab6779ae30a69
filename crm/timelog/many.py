"""Several entries at one press: each is weighed by the rules of a single one, in a fixed number of statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, insert, inspect, literal, select, update

from crm.access.act import act_on_each
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.twelve import Area
from crm.core.viewer import Viewer
from crm.core.words import day as full_day
from crm.core.words import spoken
from crm.deliverables.models import Deliverable
from crm.deliverables.states import State
from crm.timelog.models import INVOICED, REASON, TimeEntry, TimeKind, TimeNote, fits
from crm.timelog.operations import Stint, area_for, kind_for, outside_what
from crm.timelog.queries import Shut, shut_among

EACH = {"named": "timelog.log_each", "synchronize_session": False}
SAME = ("worked_on", "minutes", "engagement_id", "area", "deliverable_id", "kind", "client_note", "import_key")


@dataclass(frozen=True)
class Change:
    """How one entry is to stand: a new one, one that says something else, or one that is there no more."""

    entry: TimeEntry | None
    stint: Stint | None
    key: str | None = None  # of what a new one came from: the same thing is taken once

    @property
    def gives(self) -> tuple[date, int] | None:
        return (self.stint.worked_on, self.stint.minutes) if self.stint else None

    @property
    def takes(self) -> tuple[date, int] | None:
        return (self.entry.worked_on, self.entry.minutes) if self.entry else None

    @property
    def moves(self) -> bool:
        """Whether it goes to another client: then what stood is deleted, and logged anew there."""
        return bool(self.entry and self.stint and self.entry.client_id and self.entry.client_id != self.stint.client_id)


@dataclass(frozen=True)
class Ground:
    """What stands already on the days that are touched."""

    minutes: dict[date, int]
    shut: Shut
    areas: Mapping[tuple[int, int], Area]  # of deliverables that take time, by their own number and their engagement's


@dataclass(frozen=True)
class Ruled:
    """What the rules make of a change."""

    area: Area | None
    kind: TimeKind
    outside: bool


Verdict = Ruled | Refused


def ground_of(person_id: int, changes: Iterable[Change], shut: Shut | None = None) -> Ground:
    """Four statements at most, however many changes there are; two fewer where the caller read already what is `shut`.
    The caller keeps hold of the person."""
    changes = list(changes)
    days = {at[0] for change in changes for at in (change.gives, change.takes) if at}
    wanted = {
        (change.stint.deliverable_id, change.stint.engagement_id or 0)
        for change in changes
        if change.stint and change.stint.deliverable_id
    }
    sums = (
        select(TimeEntry.worked_on, func.sum(TimeEntry.minutes))
        .where(
            TimeEntry.person_id == person_id,
            TimeEntry.worked_on.in_(days),
            TimeEntry.voided_at.is_(None),
            TimeEntry.adjusts_id.is_(None),  # a correction is no work of that day
        )
        .group_by(TimeEntry.worked_on)
    )
    if shut is None:
        places = {(change.stint.engagement_id, change.stint.worked_on) for change in changes if change.stint}
        places |= {(change.entry.engagement_id, change.entry.worked_on) for change in changes if change.entry}
        shut = shut_among(places) if places else Shut(frozenset(), frozenset())
    areas = select(Deliverable.id, Deliverable.engagement_id, Deliverable.area).where(
        Deliverable.id.in_({deliverable_id for deliverable_id, _ in wanted}),
        Deliverable.state.not_in([State.PROPOSED, State.CANCELLED]),
    )
    return Ground(
        {day: int(minutes) for day, minutes in db.session.execute(sums)} if days else {},
        shut,
        {(row[0], row[1]): row[2] for row in db.session.execute(areas)} if wanted else {},
    )


def weigh(changes: Sequence[Change], ground: Ground) -> list[Verdict]:
    """What becomes of each, in the order given; what frees minutes of a day is counted before what needs them."""
    left = dict(ground.minutes)
    found: dict[int, Verdict] = {}
    for place, change in sorted(enumerate(changes), key=lambda one: _needs(one[1])):
        try:
            found[place] = _ruled(change, ground, left)
        except Refused as error:
            found[place] = error
            continue
        for at, sign in ((change.takes, -1), (change.gives, 1)):
            if at:
                left[at[0]] = left.get(at[0], 0) + sign * at[1]
    return [found[place] for place in range(len(changes))]


def _needs(change: Change) -> int:
    """Minutes that a day needs more than it has; another day needs them all."""
    taken, given = change.takes, change.gives
    if not given:
        return -(taken[1] if taken else 0)
    return given[1] - taken[1] if taken and taken[0] == given[0] else given[1]


def _ruled(change: Change, ground: Ground, left: Mapping[date, int]) -> Ruled:
    entry, stint = change.entry, change.stint
    locked, invoiced = ground.shut.of(entry.engagement_id, entry.worked_on) if entry else (None, None)
    if stint is None:
        if locked:
            raise Refused(f"{locked:%B %Y} is locked: its time can no longer be changed. Ask a partner.")
        if invoiced:
            raise Refused(INVOICED.format(invoiced))
        return Ruled(entry.area if entry else None, entry.kind if entry else TimeKind.INTERNAL, outside=False)
    shut = ground.shut.of(stint.engagement_id, stint.worked_on)
    logged = left.get(stint.worked_on, 0)
    if entry and entry.worked_on == stint.worked_on:
        logged -= entry.minutes
    fits(
        stint.worked_on, stint.minutes, logged=logged, locked=locked or shut[0], today=today(),
        invoiced=invoiced or shut[1],
    )  # fmt: skip
    of = ground.areas.get((stint.deliverable_id, stint.engagement_id or 0)) if stint.deliverable_id else None
    area = area_for(stint, of, entry.area if entry and not change.moves else None)
    outside = stint.work is not None and not stint.work.covers(stint.worked_on)
    if outside and len(stint.reason) < REASON:
        raise Refused(outside_what(stint), "reason")
    return Ruled(area, kind_for(stint), outside)


def make_changes(
    changes: Sequence[Change], verdicts: Sequence[Verdict], *, viewer: Viewer, press: Press, why_void: str
) -> int:
    """Do all that the rules allow, together, and say how many. Each entry has its own line in the trail."""
    good = [(change, ruled) for change, ruled in zip(changes, verdicts, strict=True) if isinstance(ruled, Ruled)]
    with act_on_each(viewer, press=press) as deeds:
        told = [(change.entry, change, ruled) for change, ruled in good if change.entry]
        for entry, change, ruled in told:
            was = f"Was {spoken(entry.minutes)} on {full_day(entry.worked_on)}."
            deeds.add("time.revise" if change.stint else "time.void", entry, was if change.stint else why_void)
            db.session.expunge(entry)  # written below together with the others, not by itself
            if change.stint is None or change.moves:
                entry.void(now())
            else:
                entry.client_id, entry.engagement_id = change.stint.client_id, change.stint.engagement_id
                entry.revise(**_said(change.stint, ruled))
        _write_each([entry for entry, *_ in told])
        notes = [
            _note_of(entry, change.stint, ruled) for entry, change, ruled in told if change.stint and not change.moves
        ]
        fresh = [(one, ruled) for one, ruled in good if one.stint and (one.entry is None or one.moves)]
        for entry, change, ruled in _log_each(fresh, viewer):
            deeds.add("time.log", entry)
            notes.append(_note_of(entry, change.stint, ruled))
        if new := [note for note in notes if note]:
            db.session.execute(insert(TimeNote), new, execution_options=EACH | {"render_nulls": True})
    return len(good)


WRITTEN = (
    "worked_on",
    "minutes",
    "kind",
    "area",
    "client_id",
    "engagement_id",
    "deliverable_id",
    "client_note",
    "outside",
    "voided_at",
)


def _write_each(entries: Sequence[TimeEntry]) -> None:
    """Entries as they are to stand, in one statement: row by row it would be one for each."""
    if not entries:
        return
    values: dict[str, Any] = {"version": TimeEntry.version + 1}
    for name in WRITTEN:
        column = getattr(TimeEntry, name)
        said = {one.id: literal(getattr(one, name), column.type) for one in entries}
        values[name] = case(said, value=TimeEntry.id)
    written = update(TimeEntry).where(TimeEntry.id.in_([one.id for one in entries])).values(values)
    db.session.execute(written, execution_options=EACH)


def _note_of(entry: TimeEntry, stint: Stint | None, ruled: Ruled) -> dict[str, Any] | None:
    """What the team says of it: written into the note that stands, or a new one's row."""
    if stint is None:
        return None
    reason = stint.reason if ruled.outside else ""
    if "note" not in inspect(entry).unloaded and (note := entry.note):
        note.client_id, note.engagement_id = stint.client_id, stint.engagement_id
        note.body, note.reason = stint.note, reason
        return None
    if not (stint.note or reason):
        return None
    return {
        "person_id": entry.person_id, "entry_id": entry.id, "client_id": stint.client_id,
        "engagement_id": stint.engagement_id, "body": stint.note, "reason": reason,
    }  # fmt: skip


def _said(stint: Stint, ruled: Ruled) -> dict[str, Any]:
    return {
        "worked_on": stint.worked_on, "minutes": stint.minutes, "kind": ruled.kind, "area": ruled.area,
        "deliverable_id": stint.deliverable_id, "client_note": stint.client_note, "outside": ruled.outside,
    }  # fmt: skip


def _log_each(fresh: Sequence[tuple[Change, Ruled]], viewer: Viewer) -> Iterator[tuple[TimeEntry, Change, Ruled]]:
    """New entries, in one statement."""
    rows = [
        {"person_id": viewer.person_id, "client_id": change.stint.client_id, "engagement_id": change.stint.engagement_id,
         **_said(change.stint, ruled), "import_key": change.key, "logged_at": now(), "version": 1}
        for change, ruled in fresh if change.stint
    ]  # fmt: skip
    if not rows:
        return
    left = list(db.session.scalars(insert(TimeEntry).values(rows).returning(TimeEntry), execution_options=EACH))
    for row, (change, ruled) in zip(rows, fresh, strict=True):
        entry = next(one for one in left if all(getattr(one, name) == row[name] for name in SAME))
        left.remove(entry)  # of two that say the same either will do
        yield entry, change, ruled
