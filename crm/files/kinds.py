"""Which files are taken, and what each is called: of these alone, nothing that a browser or an office would run."""

from dataclasses import dataclass
from enum import StrEnum

MEGABYTE = 1024 * 1024
LARGEST = 25 * MEGABYTE  # one file
LONGEST_NAME = 150


class FileKind(StrEnum):
    PDF = "pdf"
    PNG = "png"
    JPG = "jpg"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    CSV = "csv"
    TXT = "txt"
    MD = "md"


@dataclass(frozen=True)
class Kind:
    """What is sent with a file of this kind, and what people call it."""

    mime: str
    called: str


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    FileKind.PDF: Kind("application/pdf", "PDF"),
    FileKind.PNG: Kind("image/png", "picture"),
    FileKind.JPG: Kind("image/jpeg", "picture"),
    FileKind.DOCX: Kind(f"{OFFICE}.wordprocessingml.document", "Word document"),
    FileKind.XLSX: Kind(f"{OFFICE}.spreadsheetml.sheet", "Excel workbook"),
    FileKind.PPTX: Kind(f"{OFFICE}.presentationml.presentation", "PowerPoint slides"),
    FileKind.CSV: Kind("text/csv; charset=utf-8", "table"),
    FileKind.TXT: Kind("text/plain; charset=utf-8", "text"),
    FileKind.MD: Kind("text/markdown; charset=utf-8", "text"),
}
PICTURES = {FileKind.PNG, FileKind.JPG}
PACKED = {FileKind.DOCX: "word/document.xml", FileKind.XLSX: "xl/workbook.xml", FileKind.PPTX: "ppt/presentation.xml"}
TEXTS = {FileKind.CSV, FileKind.TXT, FileKind.MD}
ENDINGS = {kind.value: kind for kind in FileKind} | {"jpeg": FileKind.JPG}
ALLOWED = "PDF, PNG, JPG, DOCX, XLSX, PPTX, CSV, TXT and MD"


@dataclass(frozen=True)
class Wanted:
    """What a field takes: these kinds, said like that, up to so many bytes."""

    kinds: frozenset[FileKind]
    said: str
    largest: int

    @property
    def accept(self) -> str:
        return ",".join(f".{ending}" for ending, kind in ENDINGS.items() if kind in self.kinds)


ANY = Wanted(frozenset(FileKind), ALLOWED, LARGEST)
A_LOGO = Wanted(frozenset(PICTURES), "PNG and JPG", 2 * MEGABYTE)
