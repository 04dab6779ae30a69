"""The client's first page: are we all right, what do you need from us, what did we get for our money."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from urllib.parse import quote

from flask import g, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import PORTAL, Pages
from crm.access.policy import may
from crm.areas.across.models import Decision
from crm.areas.stakeholders.models import Commitment
from crm.areas.strategy.models import Initiative
from crm.audit.models import Opened
from crm.audit.openings import note_opening
from crm.core.clock import today
from crm.core.db import db
from crm.core.ring import Dial, dial
from crm.core.viewer import Role
from crm.core.words import money
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.engagements.queries import speaking_scopes
from crm.engagements.scopes import AreaScope, Rag
from crm.people.models import Person
from crm.portal import plain, queries
from crm.portal.shell import page, reads_lists
from crm.portal.told import SHOWN, Line, the_best_of, value_confirmed, what_is_next, what_you_got, whats_new

pages = Pages("portal", __name__, roles=PORTAL, url_prefix="/portal")
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
    costs: str = ""  # what waiting does
    other: str = ""  # the second button and where it leads: another answer, or somebody to ask
    other_href: str = ""


@pages.get("")
def home() -> ResponseReturnValue:
    """At most twelve statements, however much there is to tell."""
    on, me = today(), g.viewer
    decides = me.role is Role.SPONSOR
    scopes = db.session.scalars(speaking_scopes(me.client_id)).all()
    ring = dial(scopes, partial(_address, "portal_areas.show"), plain=True)
    engagements = db.session.scalars(queries.live_engagements()).unique().all()
    waiting = db.session.scalars(queries.waiting()).unique().all()
    questions = db.session.scalars(queries.questions()).unique().all()
    needs = needs_of(waiting, scopes, _to_decide(questions, asks=decides))
    got, ahead = what_you_got(on), what_is_next(on, scopes, engagements, decides=decides)
    note_opening(Opened.HOME, "First page")
    return page(
        "portal/home.html", ring=ring, scopes={one.number: one for one in scopes}, today=on,
        headline=plain.headline(ring), summary=plain.summary(ring), we_are=plain.who_we_are(engagements, on),
        needs=[_with_somebody_to_ask(one, _whom_to_ask(engagements, on)) for one in needs], first=first_days(ring, engagements, scopes, got, on),
        new=whats_new(on, scopes, waiting, questions, got), got=the_best_of(got), next_up=ahead,
        months=queries.months_used(engagements, on) if decides else [], value=value_confirmed() if decides else "",
        promise_of=plain.promise_of, ours=None if decides else ours_of(me.contact_id),
    )  # fmt: skip


def _whom_to_ask(engagements: Sequence[Engagement], on: date) -> Person | None:
    """Whoever leads for this client."""
    leads = (one.who_leads(on) for one in engagements)
    return next((one.person for one in leads if one), None)


def _with_somebody_to_ask(need: Need, whom: Person | None) -> Need:
    """A second button where there is no other answer: somebody to ask first."""
    if need.other or not need.is_theirs or whom is None or not whom.email:
        return need
    subject = quote(need.title[:120])
    return replace(need, other=f"Ask {whom.name.split()[0]}", other_href=f"mailto:{whom.email}?subject={subject}")


@dataclass(frozen=True)
class FirstDays:
    """What a new client reads instead of an empty dial: who we are and what happens next."""

    people: list[str]
    starts: date | None
    first_look: date | None


def first_days(
    ring: Dial, engagements: Sequence[Engagement], scopes: Sequence[AreaScope], got: Sequence[Line], on: date
) -> FirstDays | None:
    """Only as long as no area was looked at and nothing was finished."""
    if not ring.in_scope or ring.in_scope != ring.unseen or any(one.icon == "circle-check" for one in got):
        return None
    due = [one.review_due for one in scopes if one.is_in and one.review_due and one.review_due >= on]
    starts = min((one.starts for one in engagements), default=None)
    return FirstDays(plain.who_we_are(engagements, on), starts, min(due, default=None))


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


def _of_waiting(question: Decision) -> str:
    """What waiting for an answer does, where somebody said it: each week, and so far."""
    if not question.cost_a_week:
        return ""
    so_far = question.waiting_has_cost(today())
    more = f", {money(so_far, g.practice.currency)} so far" if so_far else ""
    return f"Waiting costs about {money(question.cost_a_week, g.practice.currency)} a week{more}."


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
        costs="No answer by then counts as a yes, as agreed." if mine and version.engagement.deemed and version.answer_by else "",
        other="Ask for changes" if mine else "",
        other_href=url_for("portal_deliverables.changes", deliverable_id=version.deliverable_id, version_id=version.id),
    )  # fmt: skip


def _to_decide(questions: Sequence[Decision], *, asks: bool) -> list[Need]:
    """Questions with somebody of the client's to answer them, and risks that a sponsor is asked to live with."""
    found = []
    for one in questions:
        mine = may(g.viewer, "decision.decide", one)
        if mine or (one.owner_contact_id is not None and not asks):  # a sponsor is not asked what a colleague decides
            found.append(
                Need(one.question, "We ask you to decide." if mine else f"{one.owner} is asked to decide.", one.needed_by,
                     url_for("portal_decisions.show", decision_id=one.id), "Read and decide" if mine else "Read it", mine,
                     costs=_of_waiting(one))
            )  # fmt: skip
    for item in db.session.scalars(queries.risks()).unique() if asks else ():
        mine = may(g.viewer, "raid.accept", item)
        found.append(
            Need(f"A risk that needs your word: {item.title}" if mine else item.title,
                 "Are you willing to live with it?" if mine else "Your sponsor is asked whether to live with it.", None,
                 url_for("portal_decisions.risk", item_id=item.id), "Read and answer" if mine else "Read it", mine)
        )  # fmt: skip
    return found
