"""The client's first page: are we all right, what do you need from us, what did we get for our money."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from operator import attrgetter

from flask import g, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import PORTAL, Pages
from crm.access.policy import may
from crm.areas.stakeholders.models import Commitment
from crm.areas.strategy.models import Initiative
from crm.core.clock import day_of, today
from crm.core.db import db
from crm.core.ring import dial
from crm.core.viewer import Role
from crm.core.words import in_words
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import AreaScope, Engagement, Rag
from crm.engagements.queries import speaking_scopes
from crm.portal import plain, queries
from crm.portal.shell import page, reads_lists

pages = Pages("portal", __name__, roles=PORTAL, url_prefix="/portal")
SHOWN = 6  # lines of what we did and of what is next
PROMISES = 12


@dataclass(frozen=True)
class Need:
    """Something that waits for the client: a document to answer, or what we ask for in an area."""

    title: str
    what: str
    by: date | None
    href: str
    button: str
    is_theirs: bool  # this reader may do it; else it waits for a colleague


@dataclass(frozen=True)
class Line:
    """Something that was done or that comes: when, what, and a few words more."""

    on: date
    title: str
    more: str = ""
    href: str = ""
    icon: str = "check"


@pages.get("")
def home() -> ResponseReturnValue:
    """At most twelve statements, however much there is to tell."""
    on, me = today(), g.viewer
    decides = me.role is Role.SPONSOR
    scopes = db.session.scalars(speaking_scopes(me.client_id)).all()
    ring = dial(scopes, partial(_address, "portal_areas.show"), plain=True)
    engagements = db.session.scalars(queries.live_engagements()).unique().all()
    return page(
        "portal/home.html", ring=ring, scopes={one.number: one for one in scopes}, today=on,
        headline=plain.headline(ring), summary=plain.summary(ring), we_are=plain.who_we_are(engagements, on),
        needs=needs_of(db.session.scalars(queries.waiting(answers=decides)).unique().all(), scopes, _to_decide(asks=decides)), did=what_we_did(on),
        next_up=what_is_next(on, scopes, engagements, goals=decides),
        months=queries.months_used(engagements, on) if decides else [],
        promise_of=plain.promise_of, ours=None if decides else ours_of(me.contact_id),
    )  # fmt: skip


@dataclass(frozen=True)
class Ours:
    """What concerns whoever looks and their department: what was promised, and what will change for it."""

    promises: Sequence[Commitment]
    changes: Sequence[Initiative]


def ours_of(contact_id: int | None) -> Ours:
    promises = db.session.scalars(queries.promises_to(contact_id, PROMISES)).all()
    return Ours(
        promises, db.session.scalars(queries.changes_that_touch(contact_id, SHOWN)).all() if reads_lists() else []
    )


def _address(endpoint: str, slug: str) -> str:
    return url_for(endpoint, slug=slug)


def needs_of(
    waiting: Sequence[DeliverableVersion], scopes: Sequence[AreaScope], questions: Iterable[Need] = ()
) -> list[Need]:
    """What waits for the client, the most urgent first: documents to answer, questions, and what we ask for in red areas."""
    asked = [
        Need(one.ask, f"For “{one.responsibility.plain}”.", one.ask_by, url_for("portal_areas.show", slug=one.responsibility.slug),
             "See why", g.viewer.role is Role.SPONSOR)
        for one in scopes if one.ask and one.confirmed is Rag.RED
    ]  # fmt: skip
    found = [*map(_to_answer, waiting), *questions, *asked]
    return sorted(found, key=lambda one: (not one.is_theirs, one.by or date.max))


def _to_answer(version: DeliverableVersion) -> Need:
    mine = may(g.viewer, "deliverable.accept", version)
    sender = version.submitted_by.name if version.submitted_by else "Your team"
    who = "" if mine else f" {version.asked.name if version.asked else 'Your sponsor'} is asked to answer."
    return Need(
        f"Sign off “{version.title}”" if mine else f"“{version.title}” waits for a sign-off",
        f"Version {version.number}, from {sender}.{who}", version.answer_by,
        url_for("portal_deliverables.show", deliverable_id=version.deliverable_id),
        "Read and answer" if mine else "Read it", mine,
    )  # fmt: skip


def _to_decide(*, asks: bool) -> list[Need]:
    """Questions with somebody of the client's to answer them, and risks that a sponsor is asked to live with."""
    questions = db.session.scalars(queries.questions()).unique().all()
    found = []
    for one in questions:
        mine = may(g.viewer, "decision.decide", one)
        if mine or (one.owner_contact_id is not None and not asks):  # a sponsor is not asked what a colleague decides
            found.append(
                Need(one.question, "We ask you to decide." if mine else f"{one.owner} is asked to decide.", one.needed_by,
                     url_for("portal_decisions.show", decision_id=one.id), "Read and decide" if mine else "Read it", mine)
            )  # fmt: skip
    for item in db.session.scalars(queries.risks()).unique() if asks else ():
        mine = may(g.viewer, "raid.accept", item)
        found.append(
            Need(f"A risk that needs your word: {item.title}" if mine else item.title,
                 "Are you willing to live with it?" if mine else "Your sponsor is asked whether to live with it.", None,
                 url_for("portal_decisions.risk", item_id=item.id), "Read and answer" if mine else "Read it", mine)
        )  # fmt: skip
    return found


def what_we_did(on: date) -> list[Line]:
    """What passed between us and what was finished, newest first."""
    passed = [
        Line(one.happened_on, one.title, f"{one.kind.value.capitalize()} with {one.person.name}",
             f"{url_for('portal_timeline.show')}#activity-{one.id}", ICONS[one.kind.value])
        for one in db.session.scalars(queries.latest_activities(SHOWN))
    ]  # fmt: skip
    signed = [
        Line(day_of(one.decided_at) if isinstance(one.decided_at, datetime) else on, one.title,
             f"Signed off by {one.decided_by.name}" if one.decided_by else "Signed off",
             url_for("portal_deliverables.show", deliverable_id=one.deliverable_id), "circle-check")
        for one in db.session.scalars(queries.signed_since(on - queries.LATELY, SHOWN))
    ]  # fmt: skip
    return sorted((*passed, *signed), key=attrgetter("on"), reverse=True)[:SHOWN]


ICONS = {"call": "phone", "meeting": "users", "visit": "building-2", "mail": "mail", "note": "file-text"}


def what_is_next(
    on: date, scopes: Sequence[AreaScope], engagements: Sequence[Engagement], *, goals: bool
) -> list[Line]:
    """What comes, the nearest first: documents that we bring again, areas that we look at, goals and ends."""
    again = [
        Line(max(one.deliverable.due or on, on), f"The next version of “{one.title}”", "With the changes you asked for",
             url_for("portal_deliverables.show", deliverable_id=one.deliverable_id))
        for one in db.session.scalars(queries.being_changed())
    ]  # fmt: skip
    aims = [
        Line(one.due, one.title, "One of your goals")
        for one in (db.session.scalars(queries.goals()) if goals else ())
        if one.due and one.due >= on
    ]
    ends = [
        Line(one.ends, f"{one.title} ends as agreed", "We talk about what comes after before that")
        for one in engagements
    ]
    return sorted((*again, *_looks(on, scopes), *aims, *ends), key=attrgetter("on"))[:SHOWN]


def _looks(on: date, scopes: Sequence[AreaScope]) -> list[Line]:
    """The days on which areas are looked at again, several of one day together."""
    due = sorted(
        (one for one in scopes if one.is_in and one.review_due),
        key=lambda one: (max(one.review_due or on, on), one.number),
    )
    found = []
    for day, areas in groupby(due, key=lambda one: max(one.review_due or on, on)):
        names = [one.responsibility.plain for one in areas]
        if len(names) == 1:
            found.append(Line(day, f"We look again at “{names[0]}”", href="#areas"))
        else:
            more = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} more"]
            found.append(Line(day, f"We look again at {in_words(len(names)).lower()} areas", "; ".join(more), "#areas"))
    return found
