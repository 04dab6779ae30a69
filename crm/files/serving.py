"""Sending a file or a picture of its page. Whoever calls this has asked before whether the file may be seen."""

import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flask import Response, abort

from crm.core.errors import Refused
from crm.core.log import log
from crm.files.drawing import SHOWN, CannotDraw, draw
from crm.files.models import StoredFile
from crm.files.store import Lost, picture_of, place_of, store

# Whatever is in it, it runs nothing, loads nothing and is nobody's page (RFC 9110, CSP 3).
SANDBOX = "default-src 'none'; sandbox"


def download(file: StoredFile) -> Response:
    """The file itself, to be saved and not to be opened in the browser."""
    answer = Response(_pieces(file), mimetype=None, content_type=file.about.mime)
    answer.content_length = file.size
    answer.headers["Content-Disposition"] = disposition(file.name)
    return _locked(answer)


def picture(file: StoredFile, page: int) -> Response:
    """A page as a picture made here: from the store, or drawn now and kept there."""
    if not 1 <= page <= file.pages:
        abort(404)
    place = picture_of(file.key, page, SHOWN)
    try:
        pieces = store().read(place)
    except Lost:
        pieces = _drawn(file, page, place)
    return _locked(Response(pieces, content_type="image/png"))


def text_of(file: StoredFile, at_most: int) -> tuple[bytes, bool]:
    """The first bytes of a file, and whether there are more."""
    found = b""
    for piece in _pieces(file):
        found += piece
        if len(found) > at_most:
            return found[:at_most], True
    return found, False


def disposition(name: str) -> str:
    """The name in both forms: plain letters for old programs, all letters for the others (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(letter if letter.isprintable() and letter not in '"\\%;' else "_" for letter in plain)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _locked(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pieces(file: StoredFile) -> Iterator[bytes]:
    try:
        return store().read(place_of(file.key))
    except Lost:
        log.error("file is missing", file=file.id)
        raise Refused(
            f"{file.name} is not where it was kept. The practice has been told; nothing else of this page is touched."
        ) from None


def _drawn(file: StoredFile, page: int, place: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="twelvefold-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "page"
        with source.open("wb") as out:
            for piece in _pieces(file):
                out.write(piece)
        try:
            draw(source, target, file.kind, page)
        except CannotDraw:
            abort(404)
        with target.open("rb") as made:
            store().put(place, made)
        return iter([target.read_bytes()])
