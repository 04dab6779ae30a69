"""Where the bytes of files lie: a folder of this machine or S3-compatible storage, by one setting.

The folder is written by hand, because a file must be on the disk before its row is committed; all else goes through
obstore, which speaks to both alike.
"""

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import obstore
from flask import Flask, current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from crm.core.settings import PREFIX, BadSetting

CHUNK = 1 << 20  # bytes held at once
PART = ".part-"  # how a file begins to be called that is still being written
FILES, PICTURES = "files", "pictures"


class Away(Exception):
    """The storage does not answer. Nothing was kept; it may work in a moment."""


class Lost(Exception):
    """The storage answers, and has no such file."""


@dataclass(frozen=True)
class Kept:
    """One thing in the store: its place and since when it lies there."""

    path: str
    at: datetime


def new_key() -> str:
    """A name that tells nothing and that nobody guesses."""
    return secrets.token_hex(20)


def place_of(key: str) -> str:
    """Spread over folders, for no folder likes a million files."""
    return f"{FILES}/{key[:2]}/{key}"


def picture_of(key: str, page: int, width: int) -> str:
    return f"{PICTURES}/{key[:2]}/{key}/{page}-{width}.png"


def key_in(path: str) -> str:
    """Whose file or picture lies at this place; empty where none of ours can."""
    parts = path.split("/")
    return parts[2] if len(parts) in {3, 4} and parts[0] in {FILES, PICTURES} else ""


class Store:
    """The one interface. Everything is a stream: no file is in memory as a whole."""

    def __init__(self, inner: Any, folder: Path | None = None) -> None:
        self.inner, self.folder = inner, folder

    def put(self, path: str, file: BinaryIO) -> None:
        """On the disk, or with the other side, when this returns."""
        file.seek(0)
        if self.folder:
            _write(self.folder / path, file)
            return
        with _answering():
            obstore.put(self.inner, path, file)

    def read(self, path: str) -> Iterator[bytes]:
        """Its bytes, piece by piece. Raises Lost at once and not at the first piece."""
        with _answering():
            found = obstore.get(self.inner, path).stream(min_chunk_size=CHUNK)

        def pieces() -> Iterator[bytes]:
            with _answering():
                for piece in found:
                    yield bytes(piece)

        return pieces()

    def has(self, path: str) -> bool:
        try:
            with _answering():
                obstore.head(self.inner, path)
        except Lost:
            return False
        return True

    def remove(self, path: str) -> None:
        """Gone, also when it was gone before."""
        try:
            with _answering():
                obstore.delete(self.inner, path)
        except Lost:
            return

    def everything(self) -> Iterator[Kept]:
        with _answering():
            for folder in (FILES, PICTURES):
                for some in obstore.list(self.inner, folder):
                    for one in some:
                        yield Kept(str(one["path"]), one["last_modified"])


def _write(target: Path, file: BinaryIO) -> None:
    """A temporary file in the target's folder, on the disk, under its name, the name on the disk; or nothing of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{PART}{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            while piece := file.read(CHUNK):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    for folder in (target.parent, target.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Lost from None
    except (BaseError, TimeoutError, ConnectionError) as error:
        raise Away(type(error).__name__) from error


_opening = threading.Lock()


def store() -> Store:
    """The store of this application. Opened at the first use in each process: its threads do not survive a fork."""
    opened: dict[int, Store] = current_app.extensions["files"]
    with _opening:
        if os.getpid() not in opened:
            opened.clear()
            opened[os.getpid()] = current_app.config["OPEN_STORE"]()
        return opened[os.getpid()]


def set_up(app: Flask) -> None:
    """Read the setting now, so that a wrong one is told at the start; open nothing yet."""
    app.extensions["files"] = {}
    app.config["OPEN_STORE"] = opener_of(app)


def opener_of(app: Flask) -> Callable[[], Store]:
    said = str(app.config["FILES"])
    if said.startswith("s3://"):
        return _bucket(app, said)
    if "://" in said:
        raise BadSetting(f"{PREFIX}FILES: say a folder or s3://bucket/prefix, not “{said}”.")
    folder = Path(said or Path(app.instance_path) / "files").absolute()
    if app.static_folder and folder.is_relative_to(app.static_folder):
        raise BadSetting(f"{PREFIX}FILES: {folder} is sent to anybody. Name a folder outside it.")

    def opened() -> Store:
        folder.mkdir(parents=True, exist_ok=True)
        return Store(LocalStore(folder), folder)

    return opened


def _bucket(app: Flask, said: str) -> Callable[[], Store]:
    parts, config = urlsplit(said), app.config
    if not parts.hostname:
        raise BadSetting(f"{PREFIX}FILES: name the bucket, like s3://our-files/twelvefold.")
    endpoint = config["FILES_ENDPOINT"]
    options = {
        "region": config["FILES_REGION"],
        "endpoint": endpoint or None,
        "access_key_id": config["FILES_KEY"] or None,
        "secret_access_key": config["FILES_SECRET"] or None,
    }
    given: dict[str, Any] = {name: value for name, value in options.items() if value}
    plain = endpoint.startswith("http://")
    return lambda: Store(
        S3Store(
            parts.netloc, prefix=parts.path.strip("/") or None, client_options={"allow_http": plain, "timeout": "30s"},
            retry_config={"max_retries": 2}, **given,
        )
    )  # fmt: skip
