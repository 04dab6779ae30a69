"""Who of a client has opened what was published: for their sponsor, and for the team beside the thing itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crm.audit.models import Opened, Opening
from crm.clients.models import Contact
from crm.core.db import db


@dataclass(frozen=True)
class Seen:
    """Somebody of the client, and when they first opened a thing."""

    name: str
    at: datetime


def seen_by(kind: Opened, subject_ids: Collection[int]) -> list[Seen]:
    """Who of the client has opened one of these, the first first."""
    first = func.min(Opening.at).label("first")
    found = (
        select(Contact.name, first)
        .join(Contact, Contact.id == Opening.contact_id)
        .where(Opening.kind == kind, Opening.subject_id.in_(subject_ids))
        .group_by(Contact.id, Contact.name)
        .order_by(first)
    )
    return [Seen(name, at) for name, at in db.session.execute(found)]
