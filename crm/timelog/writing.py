"""The other way round: an entry as a line that says the same."""

from itertools import product

from crm.core.errors import Refused
from crm.core.twelve import Area
from crm.core.words import clock_hours
from crm.timelog.grammar import read
from crm.timelog.models import TimeKind
from crm.timelog.reading import Entry, Known
from crm.timelog.tokens import quoted


def written(entry: Entry, known: Known) -> str:
    """The shortest line that reads as this entry; a note that would be read otherwise stands in quotes."""
    line = ""
    for comma, in_quotes, note_in_quotes in product(("", ","), (False, True), (False, True)):
        pieces = _head(entry, known, comma)
        pieces += [quoted(entry.client_note) if in_quotes else entry.client_note] if entry.client_note else []
        pieces += ["//", quoted(entry.note) if note_in_quotes else entry.note] if entry.note else []
        line = " ".join(pieces)
        try:
            found = read(line, known).entries
        except Refused:
            continue
        if len(found) == 1 and _same(found[0], entry):
            return line
    return line


def _head(entry: Entry, known: Known, comma: str) -> list[str]:
    pieces = [clock_hours(entry.minutes)] if entry.minutes else []
    pieces += [entry.day.isoformat()] if entry.day != known.today else []
    if entry.work:
        alone = sum(one.client_id == entry.work.client_id for one in known.works) == 1
        is_plain = alone and entry.work.client_code and entry.work.client_code not in set(Area)
        pieces.append(entry.work.client_code if is_plain else entry.work.code)
    if entry.kind not in {None, TimeKind.BILLABLE} or not entry.work:
        pieces.append((entry.kind or TimeKind.INTERNAL).value + comma)
    pieces += [entry.owed.code] if entry.owed else []
    pieces += [f"#{entry.area}"] if entry.area and not entry.owed else []
    return pieces


def _same(one: Entry, other: Entry) -> bool:
    names = ("minutes", "day", "work", "kind", "area", "owed", "client_note", "note")
    return one.problems == () and all(getattr(one, name) == getattr(other, name) for name in names)
