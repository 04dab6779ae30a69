"""Writing the trail, and reading it back beside the thing it concerns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, or_, select
from sqlalchemy.orm import joinedload

from crm.audit.models import AuditEntry, AuditText
from crm.core.clock import now
from crm.core.db import db
from crm.core.ownership import OpenTo, Visibility
from crm.core.viewer import Viewer


def state_of(subject: Any) -> str | None:
    return getattr(subject, "state", None) or getattr(subject, "status", None)


EACH = {"named": "audit.each"}


@dataclass(frozen=True)
class Deed:
    """One thing that was done, as it is told: what it was before, and why."""

    verb: str
    subject: Any
    reason: str = ""
    before: str | None = None
    open_to: OpenTo | None = None


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
    deed = Deed(verb, subject, reason, before, open_to)
    text = AuditText(**_text_of(deed)) if reason else None
    if text:
        db.session.add(text)
        db.session.flush()
    db.session.add(AuditEntry(**_line_of(viewer, deed, text.id if text else None)))


def record_each(viewer: Viewer, deeds: Sequence[Deed]) -> None:
    """A line for each of several things done at one press: two statements, however many they are."""
    db.session.flush()
    texts = [_text_of(deed) for deed in deeds if deed.reason]
    ids: dict[tuple[Any, ...], list[int]] = {}
    if texts:
        columns = (AuditText.body, AuditText.client_id, AuditText.engagement_id, AuditText.open_to)
        kept = insert(AuditText).values(texts).returning(AuditText.id, *columns)
        for number, *said in db.session.execute(kept, execution_options=EACH):
            ids.setdefault(tuple(said), []).append(number)  # of two that say the same either will do
    lines = [
        _line_of(viewer, deed, ids[tuple(_text_of(deed).values())].pop() if deed.reason else None) for deed in deeds
    ]
    if lines:
        db.session.execute(insert(AuditEntry), lines, execution_options=EACH)


def _text_of(deed: Deed) -> dict[str, Any]:
    return {"body": deed.reason, **whose_is(deed.subject), "open_to": deed.open_to or _opened(deed.subject)}


def _line_of(viewer: Viewer, deed: Deed, reason_id: int | None) -> dict[str, Any]:
    return {
        "at": now(), "account_id": viewer.account_id, "person_id": viewer.person_id, "contact_id": viewer.contact_id,
        "audience": viewer.audience.value, "verb": deed.verb, "subject_kind": deed.subject.__tablename__,
        "subject_id": deed.subject.id, "code": getattr(deed.subject, "code", ""), "from_state": deed.before,
        "to_state": state_of(deed.subject), "reason_id": reason_id, "open_to": deed.open_to or _opened(deed.subject),
        "via": db.session.info["via"], "request_id": db.session.info["request_id"], **whose_is(deed.subject),
    }  # fmt: skip


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
