"""What was done for the client and what comes: many kinds of things, told as lines, each in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import g, url_for
from sqlalchemy import Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from crm.areas.across.models import Decision, DecisionStatus
from crm.areas.budget.models import PROVEN, Saving, SavingStatus
from crm.areas.strategy.models import Objective
from crm.areas.vendors.models import ContractStatus, RenewalDecision, VendorContract
from crm.audit.openings import last_visit
from crm.clients.models import Activity, Contact
from crm.core.clock import day_of, zone
from crm.core.db import db
from crm.core.twelve import OF, Area
from crm.core.words import day, in_words, money
from crm.deliverables.models import Deliverable
from crm.deliverables.states import OURS_TO_DO, State
from crm.deliverables.versions import DeliverableVersion
from crm.engagements.models import Engagement
from crm.engagements.scopes import AreaScope
from crm.meetings.models import Meeting, MeetingState
from crm.people.models import Person
from crm.portal import queries

D, V = Deliverable, DeliverableVersion
SHOWN = 6  # lines of what was done, of what comes and of what is new
CONTRACTS_AHEAD = timedelta(days=180)
ICONS = {"call": "phone", "meeting": "users", "visit": "building-2", "mail": "mail", "note": "file-text"}


@dataclass(frozen=True)
class Line:
    """Something that was done or that comes: when, what, and a few words more."""

    on: date
    title: str
    more: str = ""
    href: str = ""
    icon: str = "check"
    when: str = ""  # instead of the day


def _told(kind: str, key: Any, title: Any, on: Any, *, name: Any = None, more: Any = None) -> Select[Any]:
    """The columns that all kinds share."""
    words = literal("", String)
    return select(
        literal(kind, String).label("kind"), key.label("key"), cast(title, String).label("title"), on.label("day"),
        (words if name is None else func.coalesce(name, "")).label("name"), (words if more is None else cast(more, String)).label("more"),
    )  # fmt: skip


def _lines(parts: Sequence[Select[Any]]) -> Sequence[Any]:
    return db.session.execute(union_all(*(select(one.subquery()) for one in parts))).all()


# What was done


def what_you_got(on: date) -> list[Line]:
    """What was signed off and decided, and what passed between us, newest first, in one statement."""
    since = on - queries.LATELY
    passed = _told("passed", Activity.id, Activity.title, Activity.happened_on, name=Person.name, more=Activity.kind)
    signed = _told("signed", V.deliverable_id, V.title, D.accepted_on, name=Contact.name)
    decided = _told("decided", Decision.id, Decision.question, Decision.decided_on, more=Decision.outcome)
    answered = (Decision.status == DecisionStatus.DECIDED, Decision.archived_at.is_(None), Decision.decided_on >= since)
    found = _lines((
        passed.join(Person, Person.id == Activity.person_id).order_by(Activity.happened_on.desc(), Activity.id.desc()).limit(SHOWN),
        signed.join(D, D.id == V.deliverable_id).outerjoin(Contact, Contact.id == V.decided_by_id)
        .where(V.state == State.ACCEPTED, V.decided_at.is_not(None), D.accepted_on >= since).order_by(D.accepted_on.desc(), V.id.desc()).limit(SHOWN),
        decided.where(*answered).order_by(Decision.decided_on.desc(), Decision.id.desc()).limit(SHOWN),
    ))  # fmt: skip
    return sorted(map(_done, found), key=attrgetter("on"), reverse=True)


def the_best_of(done: Sequence[Line]) -> list[Line]:
    """What was signed off and decided before what we talked about, where not all finds room."""
    lasting = sorted(done, key=lambda one: one.icon not in {"circle-check", "scale"})[:SHOWN]
    return sorted(lasting, key=attrgetter("on"), reverse=True)


def _done(row: Any) -> Line:
    if row.kind == "passed":
        address = f"{url_for('portal_timeline.show')}#activity-{row.key}"
        return Line(row.day, row.title, f"{row.more.capitalize()} with {row.name}", address, ICONS[row.more])
    if row.kind == "signed":
        address = url_for("portal_deliverables.show", deliverable_id=row.key)
        return Line(
            row.day,
            row.title,
            f"Signed off by {row.name}" if row.name else "Counted as signed off (deemed)",
            address,
            "circle-check",
        )
    answer = " ".join(row.more.split())
    said = f"Decided: {answer if len(answer) <= 80 else answer[:79].rstrip() + '…'}"
    return Line(row.day, row.title, said, url_for("portal_decisions.show", decision_id=row.key), "scale")


def value_confirmed() -> str:
    """Money saved each year that an invoice or a ledger proves; empty when there is none."""
    proven = (Saving.status == SavingStatus.REALISED, Saving.proof.in_(PROVEN), Saving.archived_at.is_(None))
    total = db.session.scalar(select(func.coalesce(func.sum(Saving.annual_realised), 0)).where(*proven))
    return money(int(total), g.practice.currency) if total else ""


# What comes


def what_is_next(
    on: date, scopes: Sequence[AreaScope], engagements: Sequence[Engagement], *, decides: bool
) -> list[Line]:
    """What comes, the nearest first: meetings and visits, documents that we bring again, areas that we look at, goals,
    contracts and ends."""
    ends = [
        Line(one.ends, f"{one.title} ends as agreed", "Before that day we talk about what comes after")
        for one in engagements
    ]
    found = _lines([_brought_again(), _met(on), *((_goals(on), _contracts(on)) if decides else ())])
    ahead = [_coming(row, on) for row in found]
    return sorted((*ahead, *_looks(on, scopes), *ends), key=attrgetter("on"))[:SHOWN]


def _brought_again() -> Select[Any]:
    """What goes through our hands again because changes were asked for: the last version that the client had."""
    sent = aliased(V)
    last = select(func.max(sent.number)).where(sent.deliverable_id == V.deliverable_id, sent.submitted_at.is_not(None))
    asked = (V.state == State.CHANGES_REQUESTED, D.state.in_(OURS_TO_DO), V.number == last.scalar_subquery())
    told = _told("again", V.deliverable_id, V.title, D.due).join(D, D.id == V.deliverable_id)
    return told.where(*asked).order_by(D.due, V.id).limit(queries.AT_MOST)


def _met(on: date) -> Select[Any]:
    """Meetings and visits that the client knows of."""
    M = Meeting  # noqa: N806
    told = _told("meeting", M.id, M.title, M.on, name=M.begins, more=M.place)
    return told.where(M.state == MeetingState.DRAFT, M.on >= on).order_by(M.on, M.begins, M.id).limit(SHOWN)


def _goals(on: date) -> Select[Any]:
    """The client's own goals that are shown to them and still open."""
    goals = queries.goals().where(Objective.due >= on).order_by(None).with_only_columns(Objective.id)
    wanted = Objective.id.in_(select(goals.subquery()))
    return (
        _told("goal", Objective.id, Objective.title, Objective.due).where(wanted).order_by(Objective.due).limit(SHOWN)
    )


def _contracts(on: date) -> Select[Any]:
    """Contracts with a day to speak by."""
    C = VendorContract  # noqa: N806
    told = _told("contract", C.id, C.vendor + ": " + C.what, C.notice_by, more=C.area)
    running = (
        C.archived_at.is_(None),
        C.status == ContractStatus.ACTIVE,
        C.decision == RenewalDecision.UNDECIDED,
        C.notice_by.between(on, on + CONTRACTS_AHEAD),
    )
    return told.where(*running).order_by(C.notice_by, C.id).limit(SHOWN)


def _coming(row: Any, on: date) -> Line:
    if row.kind == "again":
        address = url_for("portal_deliverables.show", deliverable_id=row.key)
        return Line(
            max(row.day or on, on), f"The next version of “{row.title}”", "With the changes you asked for", address
        )
    if row.kind == "meeting":
        address, said = (
            url_for("portal_meetings.show", meeting_id=row.key),
            ", ".join(filter(None, (row.name, row.more))),
        )
        return Line(row.day, row.title, said, address, when="Today" if row.day == on else "")
    if row.kind == "goal":
        return Line(row.day, row.title, "One of your goals")
    slug = OF[Area(row.more)].slug
    address = url_for("portal_registers.show", slug=slug, register="contracts", entry_id=row.key)
    return Line(row.day, row.title, "The last day to end or change this contract", address)


def _looks(on: date, scopes: Sequence[AreaScope]) -> list[Line]:
    """The days on which areas are looked at again, several of one day together."""
    due = sorted(
        (one for one in scopes if one.is_in and one.review_due),
        key=lambda one: (max(one.review_due or on, on), one.number),
    )
    found = []
    for when, areas in groupby(due, key=lambda one: max(one.review_due or on, on)):
        which = list(areas)
        names, again = (
            [one.responsibility.plain for one in which],
            "again " if any(one.reviewed_on for one in which) else "",
        )
        if len(names) == 1:
            found.append(Line(when, f"We look {again}at “{names[0]}”", href="#areas"))
        else:
            more = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} more"]
            found.append(
                Line(when, f"We look {again}at {in_words(len(names)).lower()} areas", "; ".join(more), "#areas")
            )
    return found


# What is new


@dataclass(frozen=True)
class News:
    """What changed since this reader was last here, on an earlier day."""

    day: date
    lines: list[Line]
    more: int

    @property
    def since(self) -> str:
        return day(self.day)


def whats_new(
    on: date,
    scopes: Sequence[AreaScope],
    sent: Sequence[DeliverableVersion],
    asked: Sequence[Decision],
    done: Sequence[Line],
) -> News | None:
    """None on the first visit: then all is new, and nothing need be said of it. Out of what the page has read already."""
    moment: datetime | None = db.session.scalar(last_visit(g.viewer, datetime.combine(on, time.min, zone())))
    if moment is None:
        return None
    then = day_of(moment)
    looked = [
        _looked(one) for one in scopes if one.is_in and one.confirmed and one.reviewed_on and one.reviewed_on >= then
    ]
    came = [
        Line(day_of(one.submitted_at), f"“{one.title}” was sent to you", "", url_for("portal_deliverables.show", deliverable_id=one.deliverable_id), "file-text")
        for one in sent if one.submitted_at and one.submitted_at > moment
    ]  # fmt: skip
    put = [
        Line(day_of(one.made_at), one.question, "A question to you", url_for("portal_decisions.show", decision_id=one.id), "scale")
        for one in asked if one.made_at > moment
    ]  # fmt: skip
    new = sorted((*looked, *came, *put, *(one for one in done if one.on >= then)), key=attrgetter("on"), reverse=True)
    return News(then, new[:SHOWN], max(len(new) - SHOWN, 0))


MOVED = {"improving": "better than before", "worsening": "worse than before", "steady": "as before"}


def _looked(scope: AreaScope) -> Line:
    """Of an area that we looked at since: where it stands now, and which way it went."""
    here, said = scope.responsibility, {"green": "On track", "amber": "Watch", "red": "Needs action"}
    moved = f", {MOVED[scope.trend.value]}" if scope.trend else ""
    address = url_for("portal_areas.show", slug=here.slug)
    words = said[scope.confirmed.value] if scope.confirmed else ""
    return Line(scope.reviewed_on or date.min, here.plain, f"{words}{moved}", address, "circle-dot")
