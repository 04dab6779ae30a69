"""Files on some of the demo's papers: a PDF, a picture, a note in Markdown; small, and the same for the same seed."""

import hashlib
import io
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from crm.core.db import db
from crm.core.ownership import Visibility
from crm.core.pdf import pdf_of
from crm.deliverables.models import Deliverable
from crm.deliverables.versions import DeliverableVersion
from crm.files.kinds import FileKind
from crm.files.models import StoredFile
from crm.files.store import place_of, store

EVERY = 3  # of the papers that were written have files


def attach(paper: Deliverable, version: DeliverableVersion, *, client: str, by: int, at: datetime, sent: bool) -> None:
    """What a consultant would add to this paper. To be called before it is sent."""
    if paper.number % EVERY:
        return
    body = pdf_of("paper", _parts(paper, version, client))
    name = "-".join("".join(one if one.isalnum() else " " for one in paper.title.lower()).split())[:60]
    found = [_row(paper, f"{name}.pdf", FileKind.PDF, body)]
    if paper.number % (2 * EVERY) == 0:
        found.append(_row(paper, "cost-by-quarter.png", FileKind.PNG, _chart(paper.number)))
        found.append(_row(paper, "how-we-worked.md", FileKind.MD, NOTE.format(client=client).encode()))
    for one in found:
        one.added_by_id, one.added_at = by, at
        one.visibility = Visibility.CLIENT if sent else Visibility.TEAM
    db.session.add_all(found)
    db.session.flush()
    paper.attach(found)


def _parts(paper: Deliverable, version: DeliverableVersion, client: str) -> dict[str, Any]:
    parts = [part.split("\n") for part in version.text.split("\n\n")[1:]]
    said = [{"head": lines[0].removeprefix("## "), "lines": lines[1:]} for lines in parts if len(lines) > 1]
    return {"title": paper.title, "client": client, "number": version.number, "parts": said}


def _row(paper: Deliverable, name: str, kind: FileKind, body: bytes) -> StoredFile:
    digest = hashlib.sha256(body).hexdigest()
    key = hashlib.sha256(f"{paper.number} {name} {digest}".encode()).hexdigest()[:40]
    store().put(place_of(key), io.BytesIO(body))
    pages = len(PdfDocument(body)) if kind is FileKind.PDF else int(kind is FileKind.PNG)
    return StoredFile(
        name=name, kind=kind, size=len(body), digest=digest, source_digest=digest, key=key, pages=pages,
        client_id=paper.client_id, engagement_id=paper.engagement_id,
    )  # fmt: skip


def _chart(number: int) -> bytes:
    """Bars of eight quarters."""
    picture = Image.new("RGB", (900, 480), "white")
    pen = ImageDraw.Draw(picture)
    write = pen.text
    write((40, 24), "Cost by quarter, thousand pounds", fill="#1d2a36", font_size=24)
    for n in range(8):
        height = 90 + (number * 37 + n * 53) % 240
        left = 50 + n * 105
        pen.rectangle((left, 420 - height, left + 70, 420), fill="#24418e" if n < 5 else "#b3c6ee")
        write((left + 18, 430), f"Q{n % 4 + 1}", fill="#42505c", font_size=20)
        write((left + 14, 392 - height), str(height // 4), fill="#1d2a36", font_size=20)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


NOTE = """# How we worked at {client}

- We read the contracts and the invoices of the last **twelve months**.
- We spoke to the people who use it every day.
- What we could not see is named as such.

| Step | When |
| --- | --- |
| Talks | first week |
| Figures | second week |
| Draft | third week |
"""
