"""What a page shows of its files: pictures of pages, Markdown and text, and the others by name and size.

The addresses are given, so that the same part serves staff, the portal, and whoever came by a link from a mail.
"""

import codecs
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for

from crm.core.errors import Refused
from crm.files.kinds import FileKind
from crm.files.models import StoredFile
from crm.files.serving import text_of
from crm.files.store import Away

READ = 100_000  # bytes of a text that are shown; the whole of it is a click away


@dataclass(frozen=True)
class Addresses:
    """Where a file is fetched, and where the picture of its page."""

    download: Callable[[StoredFile], str]
    picture: Callable[[StoredFile, int], str]


OF_THE_HOUSE = Addresses(
    lambda file: url_for("files.download", file_id=file.id),
    lambda file, page: url_for("files.picture", file_id=file.id, page=page),
)


@dataclass(frozen=True)
class Shown:
    """One file as a page shows it."""

    file: StoredFile
    href: str
    page: int = 0  # of its pages; 0: it is not shown as pictures
    picture: str = ""
    text: str = ""
    is_cut: bool = False
    gone: str = ""  # why nothing of it can be shown now

    @property
    def anchor(self) -> str:
        return f"file-{self.file.id}"

    def turned_to(self, page: int) -> str:
        """This page of this file, and the others as they are."""
        asked = {name: value for name, value in request.args.items() if name.startswith("file-")}
        return f"?{urlencode(asked | {self.anchor: str(page)})}#{self.anchor}"

    @property
    def is_markdown(self) -> bool:
        return self.file.kind is FileKind.MD


def shown(files: Iterable[StoredFile], *, at: Addresses = OF_THE_HOUSE, args: Mapping[str, str] | None = None) -> list[Shown]:  # fmt: skip
    """Each file with the page that the address names. Reads of each text no more than is shown."""
    asked = request.args if args is None else args
    return [_shown(one, at, asked) for one in files]


def _shown(file: StoredFile, at: Addresses, asked: Mapping[str, str]) -> Shown:
    href = at.download(file)
    if file.is_drawn:
        said = asked.get(f"file-{file.id}", "1")
        page = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 1
        page = min(max(1, page), file.pages)
        return Shown(file, href, page, at.picture(file, page))
    if not file.is_text:
        return Shown(file, href)
    try:
        body, is_cut = text_of(file, READ)
    except Refused as error:
        return Shown(file, href, gone=str(error))
    except Away:
        return Shown(file, href, gone="The storage of files does not answer. Try again in a moment.")
    return Shown(file, href, text=_decoded(body), is_cut=is_cut)


def _decoded(body: bytes) -> str:
    """As its letters are written; a letter that was cut in two at the end is left out."""
    marked = body[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    try:
        return codecs.getincrementaldecoder("utf-16" if marked else "utf-8-sig")().decode(body)
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")
