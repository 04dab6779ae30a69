"""A sheet that somebody brings: CSV or XLSX, its heading line found by the names of the register's columns."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from crm.core.tables import CHUNK, DELIMITERS, TITLES, Unreadable, encoding_of, lines_of, size_of
from crm.core.words import listed
from crm.core.xlsx import is_xlsx, rows_of_xlsx
from crm.registers.columns import Column, match

BYTES, ROWS = 5 * 1024 * 1024, 10_000  # what docs/import.md promises
Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """What a file holds: the place of each known column, and the lines below the headings."""

    places: Mapping[str, int]
    headings: Mapping[str, str]  # as the file writes them, by the name of the field
    unread: Sequence[str]  # headings that are none of ours
    lines: Sequence[Line]

    def cells(self) -> Iterator[tuple[int, dict[str, str]]]:
        for number, row in self.lines:
            yield number, {name: row[place] for name, place in self.places.items() if place < len(row)}


def table_of(file: BinaryIO, columns: Sequence[Column]) -> Table:
    """Raises Unreadable in words for whoever brought the file."""
    size = size_of(file)
    if size > BYTES:
        raise Unreadable(f"The file has {size / 1024 / 1024:.1f} MB; at most {BYTES // (1024 * 1024)} MB can be read.")
    if size == 0:
        raise Unreadable("The file is empty.")
    lines = [one for one in _lines(file, columns) if any(cell.strip() for cell in one[1])]
    above = lines[:TITLES]
    best = max(range(len(above)), key=lambda n: (len(match(above[n][1], columns)), -n), default=0)
    places = match(above[best][1], columns) if above else {}
    missing = [f"“{one.heading}”" for one in columns if one.is_required and one.name not in places]
    if not places or missing:
        said = f"has no column {listed(missing)}" if places else "has no heading line with the columns of this list"
        raise Unreadable(f"The file {said}. Take the headings from the template.")
    headings, below = above[best][1], lines[best + 1 :]
    if not below:
        raise Unreadable("There is a heading line and no row below it.")
    if len(below) > ROWS:
        raise Unreadable(f"The file has more than {ROWS:,} rows. Bring it in parts.")
    known = set(places.values())
    unread = [text.strip()[:60] for place, text in enumerate(headings) if place not in known and text.strip()]
    return Table(places, {name: headings[place].strip(" *")[:60] for name, place in places.items()}, unread, below)


def _lines(file: BinaryIO, columns: Sequence[Column]) -> Iterator[Line]:
    if is_xlsx(file):
        return rows_of_xlsx(file, ROWS + TITLES)
    encoding = encoding_of(file)
    return _at_most(lines_of(file, encoding, _delimiter(file, encoding, columns)))


def _at_most(lines: Iterator[Line]) -> Iterator[Line]:
    for number, one in enumerate(lines):
        if number > 2 * ROWS:
            raise Unreadable(f"The file has more than {ROWS:,} rows. Bring it in parts.")
        yield one


def _delimiter(file: BinaryIO, encoding: str, columns: Sequence[Column]) -> str:
    """The sign that makes most headings of the first lines known."""
    file.seek(0)
    head = file.read(CHUNK).decode(encoding, errors="replace")

    def known(sign: str) -> int:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=sign)
        try:
            return max((len(match(row, columns)) for row, _ in zip(rows, range(TITLES), strict=False)), default=0)
        except csv.Error:
            return 0

    return max(DELIMITERS, key=known)
