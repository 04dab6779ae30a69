"""Everything of one client as one file: for their sponsor, and for whoever of ours leads there, and partners."""

from collections.abc import Iterator
from typing import IO

from flask import Response, g
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerHour
from werkzeug.exceptions import TooManyRequests

from crm.access.act import allow
from crm.access.pages import DESK, Pages
from crm.accounts.limits import within
from crm.archive.book import archive_of
from crm.audit.models import Opened
from crm.audit.openings import note_opening
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.viewer import Role

TAKEN = RateLimitItemPerHour(12)  # by one account: each reads all of a client, and its files
PIECE = 1 << 16  # bytes sent at once

pages = Pages("archive", __name__, roles=DESK, url_prefix="/clients/<id:client_id>")
own = Pages("own_archive", __name__, roles={Role.SPONSOR}, url_prefix="/portal")


@own.get("/archive.zip")
def everything() -> ResponseReturnValue:
    return _file_of(db.session.get_one(Client, g.viewer.client_id))


@pages.get("/archive.zip")
def of_client(client_id: int) -> ResponseReturnValue:
    """What a sponsor of theirs would get."""
    return _file_of(db.get_or_404(Client, client_id))


def _file_of(client: Client) -> Response:
    allow(g.viewer, "client.take_archive", client)
    if not within("archive", [(TAKEN, f"account:{g.viewer.account_id}")]):
        raise TooManyRequests(retry_after=600)
    note_opening(Opened.ARCHIVE, "Everything as one file", client_id=client.id)
    name, viewer, client_id = f"{client.code.lower()}-{today():%Y-%m-%d}.zip", g.viewer, client.id
    db.session.rollback()  # what was read to ask who may ends here
    file = archive_of(viewer, client_id)
    size = file.seek(0, 2)
    answer = Response(_sent(file), mimetype="application/zip", headers={"Content-Length": str(size)})
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.call_on_close(file.close)
    return answer


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    """Piece by piece; the file of the moment is gone when the last one left."""
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
