"""The week as a table: rows of work, columns of days, and what somebody typed into its cells."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from wtforms import Field

from crm.core import inputs
from crm.core.calendar import DAY
from crm.core.forms import Form, Line
from crm.core.twelve import OF, Area
from crm.core.words import figure, spoken
from crm.timelog.many import Change
from crm.timelog.models import FOR_NOBODY, TimeEntry, TimeKind
from crm.timelog.operations import Stint
from crm.timelog.queries import Work

DAYS, MOST_ROWS, MOST_NEW = 7, 80, 10
NOTE, INTERNAL = 500, 2000  # characters
CELL = re.compile(r"(c)\.([0-9]{1,9}\.[A-Z-]{1,3}\.[0-9]{1,9}\.[a-z]{1,12})\.([0-6])", re.ASCII)


class Key(NamedTuple):
    """What a row is for: an engagement's area, deliverable and kind, or a kind of practice time."""

    engagement_id: int
    area: Area | None
    deliverable_id: int
    kind: TimeKind

    def __str__(self) -> str:
        return f"{self.engagement_id}.{self.area or '-'}.{self.deliverable_id}.{self.kind.value}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """Raises ValueError where no page of ours wrote it."""
        engagement, area, deliverable, kind = text.split(".")
        found = cls(
            inputs.whole(engagement), Area(area) if area != "-" else None, inputs.whole(deliverable), TimeKind(kind)
        )
        if not found.engagement_id and found.kind not in FOR_NOBODY:
            raise ValueError("Choose what it was for")
        return found

    @classmethod
    def of(cls, entry: TimeEntry) -> "Key":
        return cls(entry.engagement_id or 0, entry.area, entry.deliverable_id or 0, entry.kind)


class Typed(NamedTuple):
    """What somebody typed into a cell, and what they saw there: an entry in its version, with its minutes."""

    text: str
    seen: str = ""
    note: str | None = None  # for the client, where it was touched
    internal: str | None = None  # the other one, too

    @property
    def saw(self) -> int:
        """Minutes; nothing where there was nothing."""
        last = self.seen.rpartition("-")[2]
        return int(last) if last.isascii() and last.isdigit() and len(last) < 6 else 0


@dataclass
class NewRow:
    """The row at the foot, for work that has none yet."""

    place: int
    what: str = ""
    kind: str = ""
    cells: Mapping[int, str] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    internals: Mapping[int, str] = field(default_factory=dict)
    fault: str = ""


class Cells(Field):
    """Everything typed into the table. A cell names its row and its day; a new row its place and its day."""

    data: Any

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        super().process(None, *args, **options)
        self.cells: dict[tuple[Key, int], Typed] = {}
        self.new: list[NewRow] = []
        self.left_out = False
        if formdata is not None:
            self._read(formdata)
        self.data = [
            sorted((str(key), day, *typed) for (key, day), typed in self.cells.items()),
            [
                (row.what, row.kind, *(sorted(said.items()) for said in (row.cells, row.notes, row.internals)))
                for row in self.new
            ],
        ]

    def _read(self, formdata: Any) -> None:
        names = [found for name in formdata if (found := CELL.fullmatch(name))][: MOST_ROWS * DAYS]
        for found in names:
            seen, note, internal = (formdata.get(f"{one}{found[0][1:]}") for one in "sti")
            try:
                self.cells[Key.read(found[2]), int(found[3])] = Typed(formdata[found[0]], seen or "", note, internal)
            except ValueError:
                self.left_out = True
        for place in range(MOST_NEW):
            cells, notes, internals = (
                {day: text for day in range(DAYS) if (text := formdata.get(f"{of}n.{place}.{day}", "").strip())}
                for of in ("", "t.", "i.")
            )
            what = formdata.get(f"n.{place}.what", "")
            if cells or what or notes or internals:
                self._add(NewRow(place, what, formdata.get(f"n.{place}.kind", ""), cells, notes, internals))

    def _add(self, row: NewRow) -> None:
        """A new row whose work was chosen is a row like the others."""
        try:
            key = Key.read(row.what)
            if row.kind and key.engagement_id:
                key = key._replace(kind=TimeKind(row.kind))
        except ValueError:
            row.fault = "Choose what it was for"
            self.new.append(row)
            return
        for day in range(DAYS):
            said = Typed(row.cells.get(day, ""), note=row.notes.get(day), internal=row.internals.get(day))
            self.cells.setdefault((key, day), said)


class SheetForm(Form):
    """The whole week at one save."""

    cells = Cells("Hours")
    reason = Line("Reason, when outside the agreed dates", at_most=500)


@dataclass
class Cell:
    """One row on one day."""

    key: Key
    day: date
    entries: tuple[TimeEntry, ...]
    is_open: bool
    typed: Typed | None = None
    proposed: int = 0  # minutes of the week before, where they are copied
    fault: str = ""

    @property
    def name(self) -> str:
        return f"{self.key}.{self.day.weekday()}"

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)

    @property
    def is_one(self) -> bool:
        """Whether what stands here is changed here: nothing, or one entry that corrects no other."""
        return not self.entries or (len(self.entries) == 1 and not self.entries[0].adjusts_id)

    @property
    def seen(self) -> str:
        return "_".join(f"{one.id}-{one.version}-{one.minutes}" for one in self.entries)

    @property
    def notes(self) -> tuple[str, str]:
        """For the client to read, and for the practice alone; of a faulty cell as they were typed."""
        note, internal = notes_of(self.entries[0] if self.is_one and self.entries else None)
        typed = dict(self.unkept)
        return typed.get("t", note), typed.get("i", internal)

    @property
    def unkept(self) -> Sequence[tuple[str, str]]:
        """Notes that were typed and are not kept yet, by the letter of their field."""
        if not (self.typed and self.fault):
            return []
        said = (("t", self.typed.note), ("i", self.typed.internal))
        return [(letter, text) for letter, text in said if text is not None]

    @property
    def value(self) -> str:
        if self.typed is not None and self.fault:
            return self.typed.text
        minutes = self.minutes or self.is_open * self.proposed
        return figure(minutes) if minutes else ""


@dataclass
class Row:
    key: Key
    name: str
    beside: str
    number: int  # of the area; none for practice time
    cells: tuple[Cell, ...]
    planned: int | None = None

    @property
    def minutes(self) -> int:
        return sum(cell.minutes for cell in self.cells)


def notes_of(entry: TimeEntry | None) -> tuple[str, str]:
    """What the client may read of an entry, and what the practice alone reads."""
    if entry is None:
        return "", ""
    internal = entry.note.body if entry.note else ""
    return (entry.client_note, internal) if entry.engagement_id else ("", _together(entry.client_note, internal))


def _together(*notes: str) -> str:
    return "\n".join(filter(None, notes))


def keys_of(entries: Iterable[TimeEntry], more: Iterable[Key], works: Sequence[Work]) -> list[Key]:
    """The rows: engagements in the order of the log line, areas in the book's, practice time last."""
    order = {work.engagement_id: place for place, work in enumerate(works)}
    places = {area: place for place, area in enumerate(Area)}
    every = dict.fromkeys([*(Key.of(entry) for entry in entries), *more])
    return sorted(
        every,
        key=lambda key: (
            not key.engagement_id, order.get(key.engagement_id, len(order)), key.engagement_id,
            places[key.area] if key.area else -1, key.deliverable_id, key.kind,
        ),
    )  # fmt: skip


def changes_in(
    cells: Mapping[tuple[Key, int], Typed],
    monday: date,
    standing: Mapping[tuple[Key, date], Sequence[TimeEntry]],
    works: Sequence[Work],
    reason: str,
) -> tuple[dict[tuple[Key, int], Change], dict[tuple[Key, int], str]]:
    """What is to be written, and what is wrong, cell by cell. A cell that nobody touched is neither."""
    known = {work.engagement_id: work for work in works}
    changes: dict[tuple[Key, int], Change] = {}
    faults: dict[tuple[Key, int], str] = {}
    for at, typed in cells.items():
        key, day = at[0], monday + DAY * at[1]
        try:
            minutes = inputs.duration(typed.text) if typed.text.strip() else 0
            stands = standing.get((key, day), ())
            entry = stands[0] if stands else None
            notes = _notes(key, typed, entry)
        except ValueError as error:
            faults[at] = str(error)
            continue
        same = minutes == typed.saw or minutes == sum(one.minutes for one in stands)
        if same and notes == notes_of(entry):
            continue
        if not minutes and not stands and not typed.seen:
            faults[at] = "Say how long it took, too: a note alone is not kept"
        elif typed.seen != "_".join(f"{one.id}-{one.version}-{one.minutes}" for one in stands):
            faults[at] = _clash(minutes, stands)
        elif len(stands) > 1 or (stands and stands[0].adjusts_id):
            faults[at] = "Several entries stand here: open them to change one."
        elif key.engagement_id and key.engagement_id not in known:
            faults[at] = "You do not serve here any more. Nothing was saved."
        else:
            told = _told(key, notes, reason or (entry.note.reason if entry and entry.note else ""))
            stint = Stint(known.get(key.engagement_id), minutes, day, **told) if minutes else None
            changes[at] = Change(entry, stint)
    return changes, faults


def _notes(key: Key, typed: Typed, entry: TimeEntry | None) -> tuple[str, str]:
    """Both notes as they are to stand: what was typed, and what nobody touched. Practice time has no client to read one."""
    note, internal = notes_of(entry)
    if typed.internal is not None:
        internal = inputs.prose(typed.internal, at_most=INTERNAL)
    if typed.note is None:
        return note, internal
    typed_note = inputs.line(typed.note, at_most=NOTE)
    if key.engagement_id:
        return typed_note, internal
    return "", _together(typed_note, internal)


def _clash(minutes: int, stands: Sequence[TimeEntry]) -> str:
    """Both figures, or the note where they are the same: what stands now, and what was typed."""
    if len(stands) == 1 and minutes == stands[0].minutes:
        note = " · ".join(filter(None, notes_of(stands[0])))
        now = f"its note is now “{note}”" if note else "it has no note now"
        return f"This changed since you opened the week: {now}. Save again to keep yours."
    now = spoken(sum(one.minutes for one in stands)) if stands else "nothing"
    typed = spoken(minutes) if minutes else "nothing"
    return f"This changed since you opened the week: now it says {now}, you typed {typed}. Save again to keep yours."


def _told(key: Key, notes: tuple[str, str], reason: str) -> dict[str, Any]:
    """What the row says, and what the cell says beyond its minutes."""
    return {
        "kind": key.kind, "area": key.area, "deliverable_id": key.deliverable_id or None,
        "client_note": notes[0], "note": notes[1], "reason": reason,
    }  # fmt: skip


def named(key: Key, works: Sequence[Work], codes: Mapping[int, str], elsewhere: Mapping[int, str]) -> tuple[str, str]:
    """Whom a row is for, and what."""
    if not key.engagement_id:
        return "Practice", key.kind.value.capitalize()
    known = next((work.name for work in works if work.engagement_id == key.engagement_id), "")
    parts = [OF[key.area].short] if key.area else []
    parts += [codes[key.deliverable_id]] if key.deliverable_id in codes else []
    parts += [key.kind.value] if key.kind is not TimeKind.BILLABLE else []
    return known or elsewhere.get(key.engagement_id, "An engagement you left"), ", ".join(parts)
