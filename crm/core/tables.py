"""Tables that people bring in a file: the encoding and the lines of a CSV, told from the file itself."""

import codecs
import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, BinaryIO

FIELD, ROW = 100_000, 1_000_000  # characters of one cell, and of a whole row
CHUNK, TITLES = 1 << 20, 30  # bytes read at once; lines in which the heading must stand
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
csv.field_size_limit(FIELD)


class Unreadable(ValueError):
    """The file as a whole cannot be read. The sentence is for whoever brought it."""


def plain(text: str) -> str:
    """One kind of space, lower case: newer tools write a narrow space before AM and PM."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def plain_name(cell: str) -> str:
    """A heading without what tools and spreadsheets put around it."""
    return re.sub(r"[\s_]+", " ", plain(cell).replace("\ufeff", "")).strip(" *:")


def encoding_of(file: BinaryIO) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else Windows-1252. Reads the whole file once."""
    file.seek(0)
    head = file.read(4)
    if head[:2] == b"PK":
        raise Unreadable("This is a spreadsheet file. Save it as CSV and bring that.")
    marked = head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    for name in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        if _decodes(file, name):
            return name
    raise Unreadable("This is no text file: it is neither UTF-8 nor UTF-16 nor Windows-1252. Export it again as CSV.")


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def size_of(file: BinaryIO) -> int:
    file.seek(0, io.SEEK_END)
    return file.tell()


def name_of(file_name: str) -> str:
    """The name that a browser sent, without letters that no page shows and no database keeps."""
    return "".join(letter for letter in file_name if letter.isprintable())[:200] or "file"


def digest_of(file: BinaryIO) -> str:
    """Of the file as it was brought, for the history."""
    found = hashlib.sha256()
    file.seek(0)
    while piece := file.read(CHUNK):
        found.update(piece)
    return found.hexdigest()


def lines_of(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row of a CSV, its heading too. Raises Unreadable."""
    file.seek(0)
    text = io.TextIOWrapper(_kept(file), encoding=encoding, newline="")
    fed = _Fed(text)
    reader = csv.reader(fed, delimiter=delimiter)
    begins = 1
    try:
        for row in reader:
            fed.letters = 0
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        said = "a quote is opened and never closed" if "limit" in str(error) or "EOF" in str(error) else str(error)
        raise Unreadable(f"From line {begins} on the file cannot be read: {said}.") from None
    finally:
        text.detach()


class _Fed:
    """The lines of a text, as long as a row may be: one of fifty million commas would be as many cells in memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text, self.letters = text, 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(ROW):
            self.letters += len(line)
            if self.letters >= ROW:
                raise csv.Error(f"a row has more than {ROW:,} characters")
            yield line


class _kept(io.BufferedReader):  # noqa: N801
    """The file behind a text wrapper, which does not close it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(_Raw(file))


class _Raw(io.RawIOBase):
    """Any open file as the bytes that a buffered reader asks for (an upload is kept in a spooled file)."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = self.file.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)
