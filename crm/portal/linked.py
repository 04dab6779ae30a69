"""What the link of a mail leads to at this moment: a text to sign off, a question to decide, or why nowhere any more."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.areas.across.models import Decision, DecisionStatus
from crm.clients.models import Client
from crm.core.clock import today
from crm.core.db import db
from crm.core.words import day
from crm.deliverables.measures import answer_due
from crm.deliverables.versions import DeliverableVersion
from crm.links.models import Opens
from crm.portal import plain, queries

RECEIPT_KEPT = timedelta(days=92)  # so long a used link still shows what was answered by it


@dataclass(frozen=True)
class Found:
    """What the link leads to now; or why it leads nowhere any more."""

    thing: Any = None  # a version or a question, as long as its reader may see it
    answer_by: date | None = None
    why: str = ""  # it is dead

    @property
    def is_version(self) -> bool:
        return isinstance(self.thing, DeliverableVersion)


def wants_code(found: Found) -> bool:
    """What is confidential, or what the practice says, unless this browser typed the code a moment ago."""
    practice, asks = g.practice, g.practice.code_always
    if found.is_version:
        owed = found.thing.deliverable
        is_large = practice.code_from_days is not None and (owed.estimate or 0) >= practice.code_from_days
        asks = asks or owed.confidential or is_large
    return asks and not g.code_passed


def reached(*, to_show: bool = True) -> Found:
    link = g.comer.link
    found = _version(to_show=to_show) if link.opens is Opens.VERSION else _question()
    if found.why or link.used_at is None:
        return found
    if link.used_at.date() + RECEIPT_KEPT < today():
        return Found(why="It was used long ago. What was answered stands in your company’s documents.")
    return found


def _version(*, to_show: bool) -> Found:
    link, version = g.comer.link, queries.version_to_answer(g.comer.link.thing_id, to_show=to_show)
    if version is None:
        return Found(why=plain.TAKEN_BACK)
    engagement = version.engagement
    mine = engagement.is_sponsored_by(link.contact_id)
    if not (mine or engagement.stands_for(link.contact_id, today())) or not g.comer.has_keys(as_sponsor=mine):
        return Found(why=plain.NOT_YOURS)
    due = answer_due(version, _region(), engagement.pauses)
    if link.used_at:
        return Found(version, due)
    why = _overtaken(version)
    return Found(why=why) if why else _in_time(version, due)


def _overtaken(version: DeliverableVersion) -> str:
    """Why this version takes no answer by this link any more."""
    link = g.comer.link
    if not version.is_waiting or version.submitted_at != link.asked_at or version.digest != link.digest:
        return plain.answered_since(version)
    if version.engagement.stands_for(link.contact_id, today()) in version.said_yes():
        return "This answer was given already. It waits for the other sponsor."
    return version.deliverable.stops("accept")


def _question() -> Found:
    link = g.comer.link
    wanted = select(Decision).where(Decision.id == link.thing_id, Decision.archived_at.is_(None))
    asked = db.session.scalars(wanted.options(joinedload(Decision.client))).one_or_none()
    if asked is None:
        return Found(why=plain.TAKEN_BACK)
    if asked.owner_contact_id != link.contact_id or not g.comer.has_keys(as_sponsor=True):
        return Found(why=plain.NOT_YOURS)
    if link.used_at:
        return Found(asked, asked.needed_by)
    if asked.status is DecisionStatus.WITHDRAWN:
        return Found(why=plain.TAKEN_BACK)
    if asked.is_settled:
        return Found(why=f"This was decided on {day(asked.decided_on)}: {asked.outcome}.")
    return _in_time(asked, asked.needed_by)


def _in_time(thing: Any, due: date | None) -> Found:
    link = g.comer.link
    if link.ended_at:
        return Found(why="A newer mail took the place of this one. Use the link in the newest mail.")
    last = max(link.expires_on, due + timedelta(days=1)) if due else link.expires_on
    if last < today():
        return Found(why=f"The link in that mail lived until {day(last)}.")
    return Found(thing, due)


def _region() -> str:
    return db.session.get_one(Client, g.viewer.client_id).region or str(g.practice.region)
