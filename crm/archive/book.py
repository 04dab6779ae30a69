"""The archive itself: a ZIP that opens anywhere and for ever, written a piece at a time into a file of the moment.

It is made while whoever asked waits, in one reading transaction that is over before the first byte is sent: so it tells
one moment, keeps no writer waiting, and no copy of a client's data lies about for somebody to fetch.
"""

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from flask import current_app, g, render_template
from sqlalchemy import select

from crm.archive.sheets import Sheet, name_of, papers, pieces, sheets, told, typed
from crm.clients.models import Client
from crm.core.clock import now, today
from crm.core.db import db, reading
from crm.core.lists import safe_cell
from crm.core.viewer import Role, Viewer, viewing_as
from crm.deliverables.models import Deliverable
from crm.files.models import StoredFile
from crm.files.store import Lost, place_of, store

STYLE = "css/archive.css"


def eyes_for(viewer: Viewer, client_id: int) -> Viewer:
    """A sponsor takes what they read themselves; one of ours takes what a sponsor of the client would read: nothing of
    the team's can come in by either way."""
    return viewer if viewer.role is Role.SPONSOR else Viewer(Role.SPONSOR, client_id=client_id)


def archive_of(viewer: Viewer, client_id: int) -> IO[bytes]:
    """The file, open at its beginning."""
    practice, zone = g.practice, g.practice.zone
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    with current_app.app_context(), reading(), viewing_as(eyes_for(viewer, client_id), zone=zone):
        g.practice = practice
        _Book(file).write(client_id)
    file.seek(0)
    return file


@dataclass
class _Book:
    file: IO[bytes]
    digests: dict[str, tuple[str, int]] = field(default_factory=dict)
    lost: list[StoredFile] = field(default_factory=list)  # that the store has no more

    def write(self, client_id: int) -> None:
        client, on = db.session.get_one(Client, client_id), today()
        with zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED) as self.zip:
            index = [(sheet, self._sheet(sheet)) for sheet in sheets(client_id)]
            documents = list(self._documents(client))
            self._files(client_id)
            self._text("style.css", (Path(str(current_app.static_folder)) / STYLE).read_text())
            self._text(
                "index.html",
                self._page(
                    "index", client, index=[one for one in index if one[1]], documents=documents, lost=self.lost
                ),
            )
            manifest = {
                "company": client.name, "from": g.practice.name, "made": now().isoformat(timespec="seconds"), "day": on.isoformat(),
                "files": [{"name": name, "sha256": digest, "bytes": size} for name, (digest, size) in self.digests.items()],
                "lost": [{"name": name_of(one), "sha256": one.digest, "bytes": one.size} for one in self.lost],
            }  # fmt: skip
            self._text("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))

    @contextmanager
    def _member(self, name: str) -> Iterator["_Counted"]:
        with self.zip.open(name, "w", force_zip64=True) as raw:
            counted = _Counted(raw)
            yield counted
        self.digests[name] = (counted.digest.hexdigest(), counted.size)

    def _text(self, name: str, text: str) -> None:
        with self._member(name) as out:
            out.write(text.encode())

    def _page(self, template: str, client: Client, **shown: Any) -> str:
        return render_template(
            f"archive/{template}.html", client=client, company=client.name, on=today(), name_of=name_of, **shown
        )

    def _sheet(self, sheet: Sheet) -> int:
        """The table thrice: for a spreadsheet, for a machine, to read. How many rows it has."""
        number, heads = 0, list(sheet.tells)
        with self._member(f"data/{sheet.name}.csv") as out:
            out.write("\ufeff".encode() + _csv_line(heads))
            for row in sheet.rows():
                number += 1
                out.write(_csv_line([told(value) for value in row]))
        with self._member(f"data/{sheet.name}.json") as out:
            out.write(b"[")
            for place, row in enumerate(sheet.rows()):
                line = json.dumps(dict(zip(heads, map(typed, row), strict=True)), ensure_ascii=False)
                out.write(f"{',' if place else ''}\n{line}".encode())
            out.write(b"\n]\n")
        if number:
            with self._member(f"pages/{sheet.name}.html") as out:
                cells = ([told(value) for value in row] for row in sheet.rows())
                page = current_app.jinja_env.get_template("archive/sheet.html")
                for part in page.generate(title=sheet.title, heads=heads, rows=cells, number=number):
                    out.write(part.encode())
        return number

    def _documents(self, client: Client) -> Iterator[tuple[str, str]]:
        """Each document that was given to the client as a page to read."""
        for owed in pieces(papers(client.id), Deliverable.id):
            given = [one for one in owed.versions if one.submitted_at]
            if given:
                self._text(
                    f"documents/{owed.code}.html", self._page("document", client, owed=owed, versions=given[::-1])
                )
                db.session.expunge(owed)
                yield owed.code, given[-1].title or owed.title

    def _files(self, client_id: int) -> None:
        """What was attached, as it is kept. What the store has lost is named on the first page and in the manifest."""
        for one in pieces(select(StoredFile).where(StoredFile.client_id == client_id), StoredFile.id):
            try:
                found = store().read(place_of(one.key))
            except Lost:
                self.lost.append(one)
                continue
            with self._member(f"files/{name_of(one)}") as out:
                for piece in found:
                    out.write(bytes(piece))


def _csv_line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(one) for one in cells])
    return out.getvalue().encode()


class _Counted:
    """What is written, with its digest and size."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.raw, self.digest, self.size = raw, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self.raw.write(data)
        self.digest.update(data)
        self.size += len(data)
