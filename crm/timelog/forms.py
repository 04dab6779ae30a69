"""What is asked when time is logged, changed or deleted, and when a month is locked."""

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

from crm.core import inputs
from crm.core.forms import Choice, Day, Form, Line, Parsed, Prose
from crm.core.twelve import TWELVE, Area
from crm.core.words import clock_hours
from crm.timelog.grammar import LONGEST
from crm.timelog.models import FOR_NOBODY, TimeEntry, TimeKind
from crm.timelog.taken import EXAMPLE

PICKS = [(15, "15 min"), (30, "30 min"), (60, "1 h"), (90, "1 h 30"), (225, "Half a day"), (450, "A day")]
USUAL = 30
FOR_THE_PRACTICE = [(kind.value, f"Practice: {kind.value}") for kind in FOR_NOBODY]
AREAS = [(row.code.value, f"{row.number} {row.short}") for row in TWELVE]
KINDS = [(kind.value, kind.value.capitalize()) for kind in TimeKind]


def answers_of(entry: TimeEntry) -> dict[str, Any]:
    """What the form of an entry says of it, by field."""
    note = entry.note
    return {
        "work": str(entry.engagement_id or entry.kind.value), "duration": entry.minutes, "worked_on": entry.worked_on,
        "area": entry.area and entry.area.value, "deliverable": entry.deliverable_id,
        "kind": entry.kind.value if entry.engagement_id else None, "client_note": entry.client_note,
        "note": note.body if note else "", "reason": note.reason if note else "",
    }  # fmt: skip


class EntryForm(Form):
    """One entry, whole: what the edit page asks."""

    work = Choice("Engagement or practice time", ask="Choose what it was for")
    duration = Parsed(
        "How long", inputs.duration, ask="Write how long it took: 1.5, 1:30, 90m, 1h30 or 0.2d", show=clock_hours
    )
    worked_on = Day("Date", ask="Choose the day, like 2026-11-20")
    area = Choice("Area", AREAS, kind=Area, blank="As last time")
    deliverable = Parsed("Deliverable", partial(inputs.whole, at_least=1))
    kind = Choice("Kind", KINDS, kind=TimeKind, blank="As usual")
    client_note = Line("Note for the client", at_most=500)
    note = Prose("Internal note", at_most=2000)
    reason = Line("Reason, when outside the agreed dates", at_most=500)

    def offer(self, works: Sequence[tuple[str, str]]) -> None:
        self.work.of([*works, *FOR_THE_PRACTICE])

    def show_clash(self, subject: TimeEntry) -> None:
        super().show_clash(SimpleNamespace(version=subject.version, **answers_of(subject)))
        if "deliverable" in self.clash and subject.deliverable:
            self.clash["deliverable"] = subject.deliverable.code

    @property
    def minutes(self) -> int | None:
        minutes: int | None = self.duration.data
        return minutes

    @property
    def for_what(self) -> str:
        return self.work.data or ""


class LogForm(Form):
    """The log line: a tap for the engagement, a tap for the duration, and the rest only where it is needed."""

    work = Choice("Engagement")  # one of the recent ones
    other = Choice("Another engagement, or practice time", blank="One of the above")
    pick = Choice("How long", PICKS, kind=int)
    duration = Parsed("Or type it", inputs.duration)
    client_note = Line("Note for the client", at_most=500)
    worked_on = Day("Date", ask="Choose the day, like 2026-11-20")
    area = Choice("Area", AREAS, kind=Area, blank="As last time")
    deliverable = Parsed("Deliverable", partial(inputs.whole, at_least=1))
    kind = Choice("Kind", KINDS, kind=TimeKind, blank="As usual")
    note = Prose("Internal note", at_most=2000)
    reason = Line("Reason, when outside the agreed dates", at_most=500)

    def offer(self, works: Sequence[tuple[str, str]]) -> None:
        every = [*works, *FOR_THE_PRACTICE]
        self.work.of(every)
        self.other.of(every)

    def validate(self, *args: Any, **options: Any) -> bool:
        """What is typed or chosen from the list goes before what is ticked."""
        super().validate(*args, **options)
        if self.other.data and not self.other.errors:
            self.work.errors = []
        if not (self.other.data or self.work.data) and not self.other.errors:
            self.other.errors = ["Choose what it was for"]
        if self.minutes is None and not self.duration.errors:
            self.duration.errors = ["Choose how long it took, or write it: 1.5, 1:30, 90m, 1h30 or 0.2d"]
        return not self.errors

    @property
    def minutes(self) -> int | None:
        minutes: int | None = self.duration.data or self.pick.data
        return minutes

    @property
    def for_what(self) -> str:
        return self.other.data or self.work.data or ""


class TypedForm(Form):
    """Time in one line, as crm.timelog.grammar reads it."""

    line = Line("Log time in one line", at_most=LONGEST, ask=f"Write how long, for whom and what, like {EXAMPLE}")
    reason = Line("Reason, since it lies outside the agreed dates", at_most=500)


class VoidForm(Form):
    """Deleting asks nothing, and takes a word if one is given."""

    reason = Line("Why it is deleted", at_most=500)


def duration_or_none(text: str) -> int:
    """As any duration; nought, too, where the work was not done at all."""
    return 0 if text.strip() in {"0", "0:00", "0h"} else inputs.duration(text)


class AdjustForm(Form):
    """What an entry of an invoiced month should have said; the difference is logged in the open month."""

    duration = Parsed(
        "How long it should have been", duration_or_none, ask="Write how long it really took, like 1:30; 0 if it was not",
        show=clock_hours,
    )  # fmt: skip
    worked_on = Day("Day in the open month that the correction stands on", ask="Choose the day, like 2026-11-20")
    client_note = Line("Note for the client", at_most=500)
    reason = Line("Why it is corrected", at_most=500, ask="Say why, in 10 characters or more")


class ReopenForm(Form):
    reason = Line("Why it is opened again", ask="Say why the month is opened again", at_most=500)
