"""Writing the trail, and reading it back beside the thing it concerns."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from crm.audit.models import AuditEntry, AuditText
from crm.core.clock import now
from crm.core.db import db
from crm.core.ownership import OpenTo, Visibility
from crm.core.viewer import Viewer


def state_of(subject: Any) -> str | None:
    return getattr(subject, "state", None) or getattr(subject, "status", None)


def record(
    viewer: Viewer,
    verb: str,
    subject: Any,
    *,
    before: str | None = None,
    reason: str = "",
    open_to: OpenTo | None = None,
) -> None:
    """Add one line to the trail, inside whatever transaction is open."""
    db.session.flush()
    whose = whose_is(subject)
    shown = open_to or _opened(subject)
    text = AuditText(body=reason, open_to=shown, **whose) if reason else None
    if text:
        db.session.add(text)
        db.session.flush()
    db.session.add(
        AuditEntry(
            at=now(), account_id=viewer.account_id, person_id=viewer.person_id, contact_id=viewer.contact_id,
            audience=viewer.audience.value, verb=verb, subject_kind=subject.__tablename__, subject_id=subject.id,
            code=getattr(subject, "code", ""),
            from_state=before, to_state=state_of(subject), reason_id=text and text.id, open_to=shown,
            via=db.session.info["via"], request_id=db.session.info["request_id"], **whose,
        )
    )  # fmt: skip


def whose_is(subject: Any) -> dict[str, int | None]:
    """Client and engagement of a thing: a client and an engagement are their own. What belongs to the client keeps its
    history there, also where it names an engagement."""
    kind, follows = subject.__tablename__, getattr(subject, "follows_engagement", True)
    return {
        "client_id": subject.id if kind == "client" else getattr(subject, "client_id", None),
        "engagement_id": subject.id
        if kind == "engagement"
        else getattr(subject, "engagement_id", None)
        if follows
        else None,
    }


def _opened(subject: Any) -> OpenTo:
    """A line about a thing is shown to whoever sees the thing; a thing of no client to partners and admins."""
    if whose_is(subject)["client_id"] is None:
        return OpenTo.PARTNERS
    return OpenTo.CLIENT if getattr(subject, "visibility", None) is Visibility.CLIENT else OpenTo.TEAM


def history_of(*subjects: Any, newest: int = 100) -> Select[Any]:
    """What was done to these things, newest first, with names and reasons loaded."""
    ids: dict[str, list[int]] = {}
    for one in subjects:
        ids.setdefault(one.__tablename__, []).append(one.id)
    about = [(AuditEntry.subject_kind == kind) & AuditEntry.subject_id.in_(keys) for kind, keys in ids.items()]
    return _with_names(select(AuditEntry).where(or_(*about)), newest)


def history_of_engagement(engagement_id: int, newest: int = 100) -> Select[Any]:
    """What was done on an engagement and on everything that belongs to it."""
    return _with_names(select(AuditEntry).where(AuditEntry.engagement_id == engagement_id), newest)


def history_of_client(client_id: int, kinds: Collection[str], newest: int = 100) -> Select[Any]:
    """What was done to a client and to the things of these kinds that are the client's."""
    about = (AuditEntry.client_id == client_id, AuditEntry.subject_kind.in_(list(kinds)))
    return _with_names(select(AuditEntry).where(*about), newest)


def _with_names(query: Select[Any], newest: int) -> Select[Any]:
    names = (joinedload(AuditEntry.reason), joinedload(AuditEntry.person), joinedload(AuditEntry.contact))
    return query.options(*names).order_by(AuditEntry.id.desc()).limit(newest)
