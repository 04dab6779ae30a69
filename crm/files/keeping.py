"""Bringing files into the store, how much room there is, and what lies there without anybody knowing of it."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import func, select

from crm.clients.models import Client
from crm.core.clock import now
from crm.core.db import db, reading, transaction
from crm.core.errors import Refused
from crm.core.log import log
from crm.core.tables import digest_of, size_of
from crm.core.viewer import SYSTEM, viewing_as
from crm.core.words import bytes_said
from crm.files.checking import NotTaken, check
from crm.files.drawing import PAGES, SHOWN, CannotDraw, cleaned, draw, refusal
from crm.files.kinds import MEGABYTE, PICTURES, FileKind
from crm.files.models import ClientQuota, StoredFile
from crm.files.store import Lost, Store, key_in, new_key, picture_of, place_of, store
from crm.practice.models import Practice

FORGOTTEN = timedelta(hours=24)  # after which what no row knows is removed
FIELD = "uploads"  # beside which a refusal stands
AT_ONCE = 20  # files in one go
ROOM = {"named": "files.room"}


class Upload(Protocol):
    """What a form field gives for each file."""

    filename: str | None
    stream: BinaryIO


@dataclass(frozen=True)
class Brought:
    """A file that was found good and lies in the store. Nobody knows of it until a row says so."""

    name: str
    kind: FileKind
    size: int
    digest: str
    source_digest: str
    key: str
    pages: int

    def row(self, *, client_id: int, engagement_id: int, added_by_id: int | None) -> StoredFile:
        return StoredFile(
            name=self.name, kind=self.kind, size=self.size, digest=self.digest, source_digest=self.source_digest, key=self.key,
            pages=self.pages, added_by_id=added_by_id, added_at=now(), client_id=client_id, engagement_id=engagement_id,
        )  # fmt: skip


class NotAll(Refused):
    """Some of the files cannot be taken, so none was kept; a sentence for each."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences), FIELD)
        self.sentences = list(sentences)


@contextmanager
def brought(uploads: Sequence[Upload]) -> Iterator[list[Brought]]:
    """Look at each file and put it into the store; when the block fails, they are taken out again.

    Slow, so it stands outside of every write. Raises NotAll.
    """
    if len(uploads) > AT_ONCE:
        raise NotAll([f"These are {len(uploads)} files. Bring at most {AT_ONCE} at once."])
    found: list[Brought] = []
    no: list[str] = []
    try:
        for one in uploads:
            try:
                found.append(_bring(one.stream, one.filename or ""))
            except (NotTaken, Refused) as error:
                no.append(str(error))
        if no:
            raise NotAll(no)
        yield found
    except BaseException:
        _discard(found)
        raise


def _bring(stream: BinaryIO, given: str) -> Brought:
    name, kind = check(stream, given)
    source = digest_of(stream)
    key = new_key()
    with tempfile.TemporaryDirectory(prefix="twelvefold-") as folder:
        try:
            pages, kept = _opened(stream, kind, Path(folder))
        except CannotDraw as error:
            raise refusal(error, name, kind) from None
        with kept.open("rb") if kept else _whole(stream) as file:
            store().put(place_of(key), file)
            found = Brought(name, kind, size_of(file), digest_of(file) if kept else source, source, key, pages)
        first = Path(folder) / "first"
        if first.exists():
            with first.open("rb") as picture:
                store().put(picture_of(key, 1, SHOWN), picture)
    return found


@contextmanager
def _whole(stream: BinaryIO) -> Iterator[BinaryIO]:
    stream.seek(0)
    yield stream


def _opened(stream: BinaryIO, kind: FileKind, folder: Path) -> tuple[int, Path | None]:
    """How many pages can be shown; and for a picture the file that is kept in its place."""
    if kind is not FileKind.PDF and kind not in PICTURES:
        return 0, None
    source = folder / "source"
    with source.open("wb") as out:
        stream.seek(0)
        while piece := stream.read(1 << 20):
            out.write(piece)
    if kind is FileKind.PDF:
        return min(draw(source, folder / "first", kind), PAGES), None
    clean = folder / "clean"
    cleaned(source, clean, kind)
    return 1, clean


def _discard(found: Iterable[Brought]) -> None:
    """As far as it goes: what stays is swept a day later."""
    for one in found:
        try:
            store().remove(place_of(one.key))
            store().remove(picture_of(one.key, 1, SHOWN))
        except Exception as error:  # noqa: BLE001  what went wrong first is what is told
            log.warning("file stays behind", error=type(error).__name__)


# --- How much room there is ---


@dataclass(frozen=True)
class Room:
    """What the files of a client take up, and what they may, in bytes."""

    used: int
    allowed: int

    @property
    def left(self) -> int:
        return max(0, self.allowed - self.used)

    @property
    def share(self) -> int:
        return min(100, self.used * 100 // self.allowed)


def room_of(client_id: int) -> Room:
    """Sums, of all engagements of the client: also of those whose files this viewer may not see."""
    used = (
        select(func.coalesce(func.sum(StoredFile.size), 0)).where(StoredFile.client_id == client_id).scalar_subquery()
    )
    own = select(ClientQuota.megabytes).where(ClientQuota.client_id == client_id).scalar_subquery()
    said = select(used, func.coalesce(own, Practice.file_quota))
    found = db.session.execute(said, execution_options=ROOM).one()
    return Room(int(found[0]), int(found[1]) * MEGABYTE)


def need_room(client_id: int, more: int) -> None:
    """In the transaction that adds them: two who bring files at the same time wait for each other. Raises Refused."""
    db.session.scalar(select(Client.id).where(Client.id == client_id).with_for_update())
    room = room_of(client_id)
    if more > room.left:
        raise Refused(
            f"The files of this client may take {bytes_said(room.allowed)}, and {bytes_said(room.used)} of it are used. "
            f"There is no room for {bytes_said(more)} more: an administrator can give more.",
            FIELD,
        )


# --- What no row knows, and rows whose file is gone ---


@dataclass(frozen=True)
class Swept:
    """What a look through the store found."""

    files: int
    removed: int
    missing: int


def sweep(inner: Store | None = None) -> Swept:
    """Remove what has lain there for a day without a row; mark the rows whose file is gone, which is an alarm."""
    kept, removed = inner or store(), 0
    with viewing_as(SYSTEM), reading():
        known = {row.key: row.id for row in db.session.execute(select(StoredFile.key, StoredFile.id))}
        db.session.rollback()
    there: set[str] = set()
    old = now() - FORGOTTEN
    for one in list(kept.everything()):
        key = key_in(one.path)
        if key in known:
            if one.path == place_of(key):
                there.add(key)
        elif one.at < old:
            kept.remove(one.path)
            removed += 1
    missing = _mark({known[key] for key in known.keys() - there if not kept.has(place_of(key))})
    return Swept(len(there), removed, missing)


def _mark(gone: set[int]) -> int:
    """Say of each row since when its file is gone, and of those that came back that they are there."""
    with viewing_as(SYSTEM):
        with reading():
            marked = set(db.session.scalars(select(StoredFile.id).where(StoredFile.missing_since.is_not(None))))
            db.session.rollback()
        if gone ^ marked:
            with transaction():
                for row in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(gone ^ marked))):
                    row.missing_since = now() if row.id in gone else None
    for file_id in sorted(gone):
        log.error("file is missing", file=file_id)
    return len(gone)


def is_whole(file: StoredFile) -> bool:
    """Whether what lies in the store is still what was put there."""
    found = hashlib.sha256()
    try:
        for piece in store().read(place_of(file.key)):
            found.update(piece)
    except Lost:
        return False
    return found.hexdigest() == file.digest
