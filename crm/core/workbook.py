"""Workbooks to write (Office Open XML), by XlsxWriter: what is text stays text."""

import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet


@dataclass(frozen=True)
class Money:
    """A sum in minor units, shown with two decimals."""

    minor: int


@dataclass
class Sheet:
    """A sheet to write: headings, rows of text, numbers, days and sums, and the words that a column may hold."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]] = ()
    words: dict[int, Sequence[str]] = field(default_factory=dict)  # by column
    wide: int = 0  # how wide the columns are; 0: as wide as what stands in them, within reason


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_WRITTEN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets count a day that never was
IN_MEMORY, WIDE = 1 << 20, 18  # bytes that need no disk; letters in a column
CELL, OFFERED = 32_767, 10_000  # letters that a cell can hold; rows that offer words to choose from
UNHELD = re.compile("[\ud800-\udfff]")


def xlsx_of(*sheets: Sheet) -> bytes:
    """A workbook of these sheets. What is text stays text: no cell becomes a formula or a link."""
    out = io.BytesIO()
    with Workbook(out, AS_WRITTEN) as book:
        looks = _Looks(book)
        pages = [(book.add_worksheet(re.sub(r"[][:*?/\\']", " ", one.name)[:31]), one) for one in sheets]
        lists = book.add_worksheet("Allowed") if any(one.words for one in sheets) else None
        for page, sheet in pages:
            _write(page, sheet, looks)
        if lists:
            lists.hide()
            _offer(lists, pages, looks)
    return out.getvalue()


def xlsx_file(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """One sheet of any length, each row written and forgotten. What is text stays text."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    with Workbook(file, {**AS_WRITTEN, "in_memory": False, "constant_memory": True}) as book:
        looks, page = _Looks(book), book.add_worksheet(re.sub(r"[][:*?/\\']", " ", name)[:31])
        page.freeze_panes(1, 0)
        page.set_column(0, len(headings), WIDE)
        for place, heading in enumerate(headings):
            page.write_string(0, place, heading, looks.bold)
        for line, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                _cell(page, line, place, value, looks)
    file.seek(0, io.SEEK_END)
    return file


class _Looks:
    """How cells look."""

    def __init__(self, book: Workbook) -> None:
        self.bold = book.add_format({"bold": True, "bg_color": "#E8ECF1", "valign": "top", "text_wrap": True})
        self.day = book.add_format({"num_format": "yyyy\\-mm\\-dd"})
        self.sum = book.add_format({"num_format": "#,##0.00"})
        self.wrapped = book.add_format({"valign": "top", "text_wrap": True})


def _write(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    rows = [*sheet.rows]
    page.freeze_panes(1, 0)
    for n, column in enumerate(_turned([sheet.headings, *rows[:200]])):
        page.set_column(n, n, sheet.wide or _width(column), looks.wrapped if sheet.wide else None)
    for place, heading in enumerate(sheet.headings):
        page.write_string(0, place, heading, looks.bold)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            _cell(page, line, place, value, looks)


def _offer(lists: Worksheet, pages: Sequence[tuple[Worksheet, Sheet]], looks: _Looks) -> None:
    """A list to choose from in each cell of a column; the words themselves stand on a hidden sheet."""
    number = 0
    for page, sheet in pages:
        for column, words in sheet.words.items():
            for line, word in enumerate(words):
                _cell(lists, line, number, word, looks)
            source = f"=Allowed!{xl_range_abs(0, number, len(words) - 1, number)}"
            offer = {"validate": "list", "source": source, "show_error": False}
            page.data_validation(1, column, OFFERED, column, offer)
            number += 1


def _turned(lines: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The columns of rows."""
    widest = max(map(len, lines), default=0)
    return [[line[n] if n < len(line) else None for line in lines] for n in range(widest)]


def _width(column: Sequence[Any]) -> int:
    return max(10, min(50, 2 + max((len(str(one)) for one in column if one is not None), default=0)))


def _cell(page: Worksheet, line: int, place: int, value: Any, looks: _Looks) -> None:
    match value:
        case None | "":
            return
        case bool():
            page.write_string(line, place, "yes" if value else "no")
        case Money():
            page.write_number(line, place, value.minor / 100, looks.sum)
        case int() | Decimal():
            page.write_number(line, place, float(value))
        case date() if not isinstance(value, datetime) and value >= FIRST_DAY:
            page.write_datetime(line, place, value, looks.day)
        case _:
            said = value.isoformat() if isinstance(value, datetime) else str(value)
            page.write_string(line, place, UNHELD.sub("\ufffd", said)[:CELL])
