"""Spreadsheet files (Office Open XML), read by hand: docs/decisions/0007 says why.

Reading gives the first sheet that is not hidden as lines of text, in the words that our forms take. It never holds more
than the limits below allow, whatever the file says of itself.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, BinaryIO
from xml.parsers import expat

from crm.core.tables import FIELD, Unreadable

MEMBERS, UNPACKED, RATIO = 1_000, 50 * 1024 * 1024, 100
A_DECADE = 3_650  # days that a duration may have
COLUMNS = 300  # further to the right nothing of ours can stand
DAMAGED = "This spreadsheet file is damaged. Open it, save it anew as XLSX, or save it as CSV."
TOO_LARGE = "This spreadsheet unpacks to more than can be read. Bring only the sheet with the rows, or save it as CSV."


def is_xlsx(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(4) == b"PK\x03\x04"


def rows_of_xlsx(file: BinaryIO, at_most: int, *, with_times: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row that holds something; `with_times`: what is shown as hours and minutes is said so, and a
    day keeps its time. Raises Unreadable."""
    try:
        with zipfile.ZipFile(file) as packed:
            yield from _Book(packed, at_most, with_times=with_times).rows()
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        LookupError,  # a string or an encoding that is not there
        ValueError,  # an encoding of several bytes a letter, a number of thousands of digits
        ArithmeticError,  # a day or a share that is no number
    ):
        raise Unreadable(DAMAGED) from None  # fmt: skip


class _Book:
    """A workbook that was looked at before anything in it is unpacked."""

    def __init__(self, packed: zipfile.ZipFile, at_most: int, *, with_times: bool = False) -> None:
        self.packed, self.at_most, self.with_times = packed, at_most, with_times
        parts = packed.infolist()
        unpacked, kept = sum(one.file_size for one in parts), sum(one.compress_size for one in parts)
        if len(parts) > MEMBERS or unpacked > UNPACKED or unpacked > RATIO * max(kept, 10_000):
            raise Unreadable(TOO_LARGE)
        self.names = {one.filename for one in parts}
        self.shared: list[str] = []
        self.kinds: list[str] = []  # of each style: day, moment, clock, percent or nothing
        self.begins = date(1899, 12, 30)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        home = self._office_document()
        sheet = self._first_sheet(home)
        folder = posixpath.dirname(home)
        self._read(posixpath.join(folder, "sharedStrings.xml"), _Strings(self.shared))
        self._read(posixpath.join(folder, "styles.xml"), _Styles(self.kinds))
        if sheet not in self.names:
            raise Unreadable("This file holds no sheet with cells. Save the rows as a workbook (XLSX) or as CSV.")
        found = _Cells(self)
        self._read(sheet, found)
        yield from sorted(found.lines.items())

    def _read(self, name: str, reader: "_Reader") -> None:
        if name not in self.names:
            return
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _no_doctype  # entities could grow without end
        parser.StartElementHandler = lambda tag, given: reader.begin(tag.rpartition(" ")[2], _plain_keys(given))
        parser.EndElementHandler = lambda tag: reader.end(tag.rpartition(" ")[2])
        parser.CharacterDataHandler = reader.letters
        parser.buffer_text = True
        with self.packed.open(name) as part:
            parser.ParseFile(part)

    def _relations(self, name: str) -> dict[str, str]:
        """Id or kind of each relation of a part, and what it leads to."""
        found = _Relations()
        folder, _, last = name.rpartition("/")
        self._read(posixpath.join(folder, "_rels", f"{last}.rels"), found)
        return {key: posixpath.normpath(posixpath.join("/", folder, to)).lstrip("/") for key, to in found.leads.items()}

    def _office_document(self) -> str:
        return self._relations("").get("officeDocument", "xl/workbook.xml")

    def _first_sheet(self, home: str) -> str:
        book = _Sheets()
        self._read(home, book)
        if book.from_1904:
            self.begins = date(1904, 1, 1)
        leads = self._relations(home)
        shown = [leads[key] for key in book.shown if key in leads]
        return shown[0] if shown else ""

    def said(self, kind: str, style: int, text: str) -> str:
        """A cell as somebody would type it into a form."""
        if kind == "s":
            return self.shared[int(text)] if text.isdecimal() else ""
        if kind == "b":
            return "yes" if text.strip() == "1" else "no"
        if kind in {"str", "inlineStr", "e", "d"}:
            return text
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        return self._number_as(self.kinds[style] if style < len(self.kinds) else "", number)

    def _number_as(self, look: str, number: Decimal) -> str:
        """A number as its cell shows it."""
        if look in {"day", "moment"} and 1 <= number < 3_000_000:
            on = (self.begins + timedelta(days=int(number))).isoformat()
            return f"{on} {_clock(number % 1)}" if self.with_times and look == "moment" else on
        if look == "clock" and self.with_times and 0 <= number < A_DECADE:
            return _clock(number)
        return _plainly(number * 100 if look == "percent" else number)


def _clock(days: Decimal) -> str:
    """A share of a day, or several days, in hours, minutes and seconds."""
    seconds = int((days * 86_400).quantize(Decimal(1), ROUND_HALF_UP))
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _no_doctype(*_: Any) -> None:
    raise Unreadable(DAMAGED)


def _plain_keys(given: dict[str, str]) -> dict[str, str]:
    return {key.rpartition(" ")[2]: value for key, value in given.items()}


def _plainly(number: Decimal) -> str:
    """5200.5 rather than 5.2005E+3, without what binary fractions leave behind the tenth digit."""
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        return str(number)
    text = f"{number.quantize(Decimal(1).scaleb(-10)):f}"
    return text.rstrip("0").rstrip(".") or "0"


class _Reader:
    """What is made of one part of the file as its elements go by."""

    def begin(self, tag: str, given: dict[str, str]) -> None:
        """An element opens."""

    def end(self, tag: str) -> None:
        """An element closes."""

    def letters(self, text: str) -> None:
        """Letters inside of it."""


class _Relations(_Reader):
    def __init__(self) -> None:
        self.leads: dict[str, str] = {}

    def begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship" and given.get("TargetMode") != "External":
            self.leads[given.get("Id", "")] = given.get("Target", "")
            self.leads.setdefault(given.get("Type", "").rpartition("/")[2], given.get("Target", ""))


class _Sheets(_Reader):
    def __init__(self) -> None:
        self.shown: list[str] = []
        self.from_1904 = False

    def begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "sheet" and given.get("state", "visible") == "visible":
            self.shown.append(given.get("id", ""))
        elif tag == "workbookPr":
            self.from_1904 = given.get("date1904") in {"1", "true"}


class _Strings(_Reader):
    """Texts that cells name by their number; what stands in a reading aid of East Asian letters is left out."""

    def __init__(self, into: list[str]) -> None:
        self.into, self.pieces, self.reads, self.aside = into, list[str](), False, False

    def begin(self, tag: str, given: dict[str, str]) -> None:  # noqa: ARG002
        if tag == "si":
            self.pieces = []
        self.aside = self.aside or tag == "rPh"
        self.reads = tag == "t" and not self.aside

    def end(self, tag: str) -> None:
        self.reads = False
        if tag == "rPh":
            self.aside = False
        elif tag == "si":
            self.into.append(_unescaped("".join(self.pieces)))

    def letters(self, text: str) -> None:
        if self.reads:
            self.pieces.append(text)


DAYS = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
WITH_TIME, CLOCKS, PERCENTS = 22, {*range(18, 22), *range(45, 48)}, {9, 10}
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


class _Styles(_Reader):
    """How each style shows a number."""

    def __init__(self, into: list[str]) -> None:
        self.into, self.codes, self.inside = into, dict[int, str](), False

    def begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "numFmt":
            self.codes[_number(given.get("numFmtId"))] = given.get("formatCode", "")
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            self.into.append(self._look(_number(given.get("numFmtId"))))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self.inside = False

    def _look(self, number: int) -> str:
        code = QUOTED.sub("", self.codes.get(number, "")).lower()
        if number in DAYS or "y" in code or ("d" in code and "m" in code):
            return "moment" if number == WITH_TIME or "h" in code else "day"
        if number in CLOCKS or re.search("h|:mm|mm:ss", code):
            return "clock"
        return "percent" if number in PERCENTS or "%" in code else ""


class _Cells(_Reader):
    """The cells of the sheet by line, with nothing where nothing stands."""

    def __init__(self, book: _Book) -> None:
        self.book = book
        self.lines: dict[int, list[str]] = {}
        self.line, self.place, self.size = 0, -1, 0
        self.kind, self.style = "", 0
        self.pieces: list[str] = []
        self.reads = self.aside = False

    def begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            self.line, self.place = _number(given.get("r")) or self.line + 1, -1
        elif tag == "c":
            self.place = _column(given.get("r", "")) if given.get("r") else self.place + 1
            self.kind, self.style, self.pieces = given.get("t", "n"), _number(given.get("s")), []
        self.aside = self.aside or tag == "rPh"
        self.reads = tag == "v" or (tag == "t" and not self.aside)

    def end(self, tag: str) -> None:
        self.reads = False
        if tag == "rPh":
            self.aside = False
        elif tag == "c" and (text := self.book.said(self.kind, self.style, "".join(self.pieces))):
            self._keep(_unescaped(text) if self.kind == "inlineStr" else text)

    def _keep(self, text: str) -> None:
        self.size += len(text) + 50
        if len(text) > FIELD or self.size > UNPACKED:
            raise Unreadable(TOO_LARGE)
        if self.place >= COLUMNS:
            raise Unreadable(
                f"Something stands to the right of column {COLUMNS}. Bring only the columns of the template."
            )
        cells = self.lines.setdefault(self.line, [])
        if len(self.lines) > self.book.at_most:
            raise Unreadable(f"The sheet has more than {self.book.at_most:,} rows. Bring it in parts.")
        cells.extend([""] * (self.place + 1 - len(cells)))
        cells[self.place] = text

    def letters(self, text: str) -> None:
        if self.reads:
            self.pieces.append(text)


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 0


def _column(place: str) -> int:
    """AB12 is 27."""
    found = 0
    for letter in place[:4].upper():
        if "A" <= letter <= "Z":
            found = found * 26 + ord(letter) - 64
    return found - 1 if found else 0


def _unescaped(text: str) -> str:
    """Spreadsheets write letters that XML cannot hold as _x000D_."""
    return re.sub("_x([0-9A-Fa-f]{4})_", _letter, text) if "_x" in text else text


def _letter(found: re.Match[str]) -> str:
    letter = int(found[1], 16)
    return "\ufffd" if letter == 0 or 0xD800 <= letter <= 0xDFFF else chr(letter)
