"""The access log: who opened what was published. The one thing that a GET may write, in a short transaction of its own."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request, request
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import OperationalError

from crm.accounts.session import account_session
from crm.audit.models import Opened, Opening
from crm.core.clock import now
from crm.core.db import db
from crm.core.log import log
from crm.core.viewer import Viewer

ONE_SITTING = timedelta(hours=1)  # opening it again within the hour is the same look
KEPT = timedelta(days=730)


def note_opening(
    kind: Opened, title: str, subject_id: int | None = None, *, client_id: int | None = None, engagement_id: int | None = None
) -> None:  # fmt: skip
    """Whoever is looking opened this: noted when the answer has become one that they read."""
    viewer: Viewer = db.session.info["viewer"]
    row = {
        "kind": kind, "subject_id": subject_id, "title": title[:200], "engagement_id": engagement_id,
        "client_id": client_id or viewer.client_id,
        "contact_id": viewer.contact_id, "person_id": None if viewer.contact_id else viewer.person_id,
    }  # fmt: skip

    @after_this_request
    def note(response: Response) -> Response:
        if request.method == "GET" and response.status_code == 200:
            keep_opening(**row)
        return response


def keep_opening(**row: Any) -> None:
    """Write the line, unless the same eyes opened the same thing within the hour. Reading goes on where it cannot be
    written: a full disk takes nobody's page away."""
    moment = now()
    same = [Opening.at > moment - ONE_SITTING, *(_is(getattr(Opening, name), row[name]) for name in SAME)]
    try:
        with account_session(writes=False) as reading:
            if reading.scalar(select(Opening.id).where(*same).limit(1)):
                return
        with account_session(writes=True) as writing:
            writing.add(Opening(at=moment, **row))
    except OperationalError as error:
        log.error("an opening was not noted", error=type(error.orig).__name__)


SAME = ("kind", "subject_id", "client_id", "contact_id", "person_id")


def _is(column: Any, value: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_(None) if value is None else column == value
    return found


def last_visit(viewer: Viewer, before: datetime) -> Select[Any]:
    """When this reader last opened anything of the company they look at, before a moment."""
    mine = (Opening.client_id == viewer.client_id, Opening.contact_id == viewer.contact_id)
    return select(func.max(Opening.at)).where(*mine, Opening.at < before)
