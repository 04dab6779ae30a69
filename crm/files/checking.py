"""Whether a file is what its name says: looked at before anything of it is kept. Each no is a sentence for the page."""

import re
import unicodedata
import zipfile
import zlib
from typing import BinaryIO

from crm.core.inputs import OVERRIDES, UNSHOWN
from crm.core.tables import Unreadable, encoding_of, size_of
from crm.core.words import plural
from crm.files.kinds import ANY, ENDINGS, LONGEST_NAME, MEGABYTE, PACKED, TEXTS, FileKind, Wanted

MEMBERS, UNPACKED, RATIO, DESCRIBED = 2_000, 200 * MEGABYTE, 100, MEGABYTE
HEAD, TAIL = 1024, 2048
RUN = {  # what an office or a browser would run, also when it stands before another ending
    "exe", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "mjs", "jar", "msi", "hta", "lnk", "sh", "php", "py", "app",
    "html", "htm", "xhtml", "svg", "xml", "docm", "xlsm", "pptm", "dll", "iso", "zip", "rar", "7z", "gz",
}  # fmt: skip
# How files of other kinds begin: none of these is plain text.
OTHERS = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ", b"{\\rtf", b"#!", b"Rar!", b"7z\xbc\xaf")  # fmt: skip
MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE)
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


class NotTaken(ValueError):
    """Why this file is not taken: a sentence with its name, what is wrong and what would do."""


def name_of(given: str) -> str:
    """The name that a browser sent, without any folder before it. Raises NotTaken."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1]).strip()
    if any(unicodedata.category(letter) in UNSHOWN or letter in OVERRIDES for letter in name):
        shown = "".join(letter for letter in name if letter.isprintable() and letter not in OVERRIDES)[:60]
        raise NotTaken(f"The name “{shown}” has letters that cannot be shown. Rename the file, like exit-plan.pdf.")
    if not name.strip(". "):
        raise NotTaken("This file has no name. Give it one, like exit-plan.pdf.")
    if len(name) > LONGEST_NAME:
        raise NotTaken(
            f"The name “{name[:40]}…” has {len(name)} letters; at most {LONGEST_NAME} are taken. Rename the file."
        )
    return name


def kind_of(name: str, wanted: Wanted = ANY) -> FileKind:
    """By its ending; and no other ending before it that somebody could be fooled with. Raises NotTaken."""
    stem, *endings = name.lower().split(".")
    if endings and not stem:
        raise NotTaken(f"The name “{name[:60]}” begins with a dot. Rename the file, like exit-plan.pdf.")
    kind = ENDINGS.get(endings[-1].strip()) if endings else None
    if kind not in wanted.kinds:
        said = f"files that end in .{endings[-1][:20]}" if endings else "files without an ending"
        raise NotTaken(f"{name}: {said} are not taken. Bring one of {wanted.said}.")
    if fooling := next((one for one in endings[:-1] if one.strip() in RUN), None):
        raise NotTaken(f"{name} has two endings, .{fooling} and .{endings[-1]}. Rename it so that it has one.")
    return kind


def check(file: BinaryIO, given: str, wanted: Wanted = ANY) -> tuple[str, FileKind]:
    """Its name and kind, when its content agrees. Pictures and PDF are opened later, by a process of their own."""
    name = name_of(given)
    kind = kind_of(name, wanted)
    size = size_of(file)
    if size == 0:
        raise NotTaken(f"{name} is empty. Was it saved?")
    if size > wanted.largest:
        raise NotTaken(
            f"{name} has {size / MEGABYTE:.1f} MB; at most {wanted.largest // MEGABYTE} MB are taken. "
            "Save it smaller, or in parts."
        )
    if kind in PACKED:
        _check_office(file, name, kind)
    elif kind in TEXTS:
        _check_text(file, name, kind)
    elif kind is FileKind.PDF:
        _check_pdf(file, name, size)
    else:
        _begins(file, name, kind, b"\x89PNG\r\n\x1a\n" if kind is FileKind.PNG else b"\xff\xd8\xff", wanted)
    file.seek(0)
    return name, kind


def _begins(file: BinaryIO, name: str, kind: FileKind, mark: bytes, wanted: Wanted = ANY) -> None:
    file.seek(0)
    if file.read(len(mark)) != mark:
        raise NotTaken(f"{name} is no {kind.value.upper()}: what is in it says otherwise. {_meant(file, wanted)}")


def _meant(file: BinaryIO, wanted: Wanted = ANY) -> str:
    """What it seems to be, so that somebody knows what went wrong."""
    file.seek(0)
    head = file.read(8)
    for mark, kind in ((b"%PDF-", FileKind.PDF), (b"\x89PNG", FileKind.PNG), (b"\xff\xd8\xff", FileKind.JPG)):
        if head.startswith(mark) and kind in wanted.kinds:
            return f"It looks like {kind.value.upper()}: rename it, or save it anew."
    return f"Bring one of {wanted.said}."


def _check_pdf(file: BinaryIO, name: str, size: int) -> None:
    """It begins and ends as a PDF: nothing stands before it, and nothing hangs behind it."""
    _begins(file, name, FileKind.PDF, b"%PDF-")
    file.seek(max(0, size - TAIL))
    _, found, behind = file.read(TAIL).rpartition(b"%%EOF")
    if not found:
        raise NotTaken(f"{name} is not whole: its end is missing. Save it anew and bring that.")
    if behind.strip(b" \t\r\n\0"):
        raise NotTaken(f"{name} has something behind its end that is no part of a PDF. Save it anew and bring that.")


def _check_text(file: BinaryIO, name: str, kind: FileKind) -> None:
    file.seek(0)
    head = file.read(HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(OTHERS):
        raise NotTaken(f"{name} is no plain text: what is in it says otherwise. {_meant(file)}")
    if MARKUP.match(head):
        raise NotTaken(f"{name} is a web page or XML, and not plain text. Bring it as PDF.")
    try:
        encoding = encoding_of(file)
    except Unreadable:
        raise NotTaken(
            f"{name} is no plain text: it has letters that no text has. Save it as {kind.value.upper()} in UTF-8."
        ) from None
    file.seek(0)
    while encoding != "utf-16" and (piece := file.read(1 << 20)):
        if CONTROLS.search(piece):
            raise NotTaken(
                f"{name} is no plain text: it has control letters in it. Save it as {kind.value.upper()} in UTF-8."
            )


def _check_office(file: BinaryIO, name: str, kind: FileKind) -> None:
    """A zip with the parts of its kind, and no more than can be unpacked."""
    file.seek(0)
    head = file.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotTaken(
            f"{name} is protected by a password, or was saved by an office of before 2007. "
            f"Save it as {kind.value.upper()} without a password."
        )
    if not head.startswith(b"PK\x03\x04"):
        raise NotTaken(f"{name} is no {kind.value.upper()}: what is in it says otherwise. {_meant(file)}")
    try:
        with zipfile.ZipFile(file) as packed:
            _check_parts(packed, name, kind)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, NotTaken):
            raise
        raise NotTaken(f"{name} is damaged. Open it, save it anew and bring that.") from None


def _check_parts(packed: zipfile.ZipFile, name: str, kind: FileKind) -> None:
    parts = packed.infolist()
    names = {one.filename for one in parts}
    unpacked, kept = sum(one.file_size for one in parts), sum(one.compress_size for one in parts)
    if len(parts) > MEMBERS or unpacked > UNPACKED or unpacked > RATIO * max(kept, 10_000):
        raise NotTaken(
            f"{name} unpacks to more than can be taken ({plural(len(parts), 'part')}, {unpacked // MEGABYTE} MB). "
            "Save it without what is embedded in it, or bring it as PDF."
        )
    if any(one.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", one) for one in names) or len(names) != len(parts):
        raise NotTaken(f"{name} is damaged: its parts have names that no office writes. Save it anew and bring that.")
    if any(one.flag_bits & 0x1 for one in parts):
        raise NotTaken(f"{name} is protected by a password. Save it without one and bring that.")
    if "[Content_Types].xml" not in names or PACKED[kind] not in names:
        raise NotTaken(f"{name} is no {kind.value.upper()}: what is in it says otherwise. Bring one of {ANY.said}.")
    with packed.open("[Content_Types].xml") as part:
        described = part.read(DESCRIBED).lower()
    if b"macroenabled" in described or any(one.lower().endswith("vbaproject.bin") for one in names):
        raise NotTaken(f"{name} holds macros. Save it without them, as plain {kind.value.upper()}.")
