"""What pages ask about deliverables: one of them with all that is shown, the lists, the figures of an engagement."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, load_only, selectinload, with_expression
from sqlalchemy.orm.exc import StaleDataError

from crm.clients.models import Client, Contact, Wall
from crm.core.calendar import month_after, month_of
from crm.core.clock import today
from crm.core.codes import DELIVERABLE, code_typed
from crm.core.db import db
from crm.core.lists import Filter, Listing
from crm.core.twelve import OF, Area
from crm.deliverables.agreed import BaselineChange, Cancellation, Contribution
from crm.deliverables.chains.models import Wait
from crm.deliverables.measures import OnTime, on_time, on_time_window, sign_off_time
from crm.deliverables.models import Deliverable
from crm.deliverables.rounds.models import ReviewRound
from crm.deliverables.states import ANSWERED, LIVE, OURS_TO_DO, SAID, State
from crm.deliverables.talk.models import Comment, TeamComment
from crm.deliverables.versions import DeliverableVersion, Rating, Said, SignOff, VersionComment
from crm.engagements.models import Engagement
from crm.engagements.people import Assignment, Sponsorship
from crm.engagements.states import OVER, Signers
from crm.people.models import Person, PersonKind

D = Deliverable
NUMBERED = 1000  # how far the number beside a tab is counted

_TEAM = joinedload(D.engagement).selectinload(Engagement.assignments).joinedload(Assignment.person)
_SPONSORS = joinedload(D.engagement).selectinload(Engagement.sponsors).joinedload(Sponsorship.contact)
_OWNER = joinedload(D.assignment).joinedload(Assignment.person)
_WRITERS = selectinload(D.contributions).joinedload(Contribution.assignment).joinedload(Assignment.person)


def for_deed(deliverable_id: int) -> Deliverable:
    """One deliverable with what the rules of the policy look at; 404 when it is not there for this viewer."""
    needed = (_TEAM, _SPONSORS, _OWNER, _WRITERS, joinedload(D.client))
    found: Deliverable = db.first_or_404(select(D).where(D.id == deliverable_id).options(*needed))
    return found


def _number(*of: Any) -> Any:
    """How many rows of these kinds hang on a deliverable."""
    counts = [select(func.count(one.id)).where(one.deliverable_id == D.id).correlate(D).scalar_subquery() for one in of]
    return sum(counts[1:], counts[0])


_NUMBERS = (
    with_expression(D.said, _number(Comment, TeamComment)),
    with_expression(D.rounds, _number(ReviewRound)),
    with_expression(D.waits, _number(Wait)),
)


def for_head(deliverable_id: int) -> Deliverable:
    """One deliverable with what stands above each of its pages, and what the rules of the policy look at."""
    versions = selectinload(D.versions).defer(DeliverableVersion.text)
    needed = (_TEAM, _OWNER, _WRITERS, joinedload(D.client), versions, *_NUMBERS)
    found: Deliverable = db.first_or_404(select(D).where(D.id == deliverable_id).options(*needed))
    return found


def for_comparison(deliverable_id: int) -> Deliverable:
    """One deliverable with texts, criteria and files of the versions that this viewer may read, and nothing else of it."""
    versions = selectinload(D.versions).options(
        selectinload(DeliverableVersion.criteria), selectinload(DeliverableVersion.attached)
    )
    needed = (joinedload(D.client), joinedload(D.engagement), selectinload(D.criteria), versions, *_NUMBERS)
    found: Deliverable = db.first_or_404(select(D).where(D.id == deliverable_id).options(*needed))
    return found


def for_page(deliverable_id: int) -> Deliverable:
    """One deliverable with all that its page shows."""
    version = selectinload(D.versions)
    comments = version.selectinload(DeliverableVersion.comments)
    needed = (
        _TEAM,
        _OWNER,
        joinedload(D.contributions).joinedload(Contribution.assignment).joinedload(Assignment.person),  # few each:
        *_NUMBERS,
        joinedload(D.client),
        joinedload(D.reviewer),
        joinedload(D.proposed_by),
        selectinload(D.criteria),
        joinedload(D.baseline_changes).options(  # no statement of their own
            joinedload(BaselineChange.agreed_by), joinedload(BaselineChange.recorded_by)
        ),
        *(version.joinedload(one) for one in _NAMES_OF_A_VERSION),
        version.selectinload(DeliverableVersion.criteria),
        version.selectinload(DeliverableVersion.sign_offs).options(joinedload(SignOff.sponsor), joinedload(SignOff.by)),
        version.selectinload(DeliverableVersion.attached),
        comments.joinedload(VersionComment.contact),
        comments.joinedload(VersionComment.criterion),
    )
    found = db.session.scalars(select(D).where(D.id == deliverable_id).options(*needed)).unique().one_or_none()
    return found or abort(404)


def asked_of(owed: Deliverable, waiting: DeliverableVersion) -> list[tuple[Contact, bool]]:
    """Whose yes it takes, and whether that is there: the sponsor who was asked, or each of them where all must agree."""
    whom = [waiting.asked] if waiting.asked else []
    if owed.engagement.signers is Signers.ALL:
        mine = select(Contact).join(Sponsorship, Sponsorship.contact_id == Contact.id)
        whom = list(
            db.session.scalars(mine.where(Sponsorship.engagement_id == owed.engagement_id).order_by(Contact.id))
        )
    yes = waiting.said_yes()
    return [(one, one.id in yes) for one in whom]


_NAMES_OF_A_VERSION = (
    DeliverableVersion.submitted_by,
    DeliverableVersion.recorded_by,
    DeliverableVersion.asked,
    DeliverableVersion.decided_by,
)


def ratings_of(owed: Deliverable) -> Sequence[Rating]:
    """What sponsors said of the versions that they accepted; the lead, the partners and the sponsors read it."""
    of = [one.id for one in owed.versions]
    given = select(Rating).where(Rating.version_id.in_(of)).order_by(Rating.id).options(joinedload(Rating.contact))
    return db.session.scalars(given).all() if of and owed.accepted_on else []


def cancellation_of(owed: Deliverable) -> Cancellation | None:
    kept = select(Cancellation).where(Cancellation.deliverable_id == owed.id)
    names = (joinedload(Cancellation.agreed_by), joinedload(Cancellation.recorded_by))
    return db.session.scalars(kept.options(*names)).one_or_none()


def reviewers_for(owed: Deliverable) -> list[tuple[int, str]]:
    """Who may review it: the team as it runs today and the partners, but nobody who writes it (invariant 15)."""
    on = today()
    team = {one.person_id: one.person.name for one in owed.engagement.assignments if one.runs(on)}
    walled = select(Wall.person_id).where(Wall.client_id == owed.client_id)
    partners = select(Person.id, Person.name).where(
        Person.kind == PersonKind.PARTNER,
        or_(Person.left_on.is_(None), Person.left_on >= on),
        Person.id.not_in(walled),
    )
    there = db.session.execute(partners, execution_options={"named": "deliverables.reviewers"})
    team |= {row.id: row.name for row in there}
    return sorted(((key, name) for key, name in team.items() if not owed.is_written_by(key)), key=lambda one: one[1])


def engagement_for_new(engagement_id: int) -> Engagement:
    """An engagement with what a new deliverable must fit into."""
    team = selectinload(Engagement.assignments).joinedload(Assignment.person)
    needed = (joinedload(Engagement.client), team, selectinload(Engagement.scopes))
    found: Engagement = db.first_or_404(select(Engagement).where(Engagement.id == engagement_id).options(*needed))
    return found


def engagements_open() -> Select[Any]:
    """Where a deliverable may be added, with what the policy looks at."""
    team = selectinload(Engagement.assignments)
    running = select(Engagement).where(Engagement.state.not_in(OVER)).options(joinedload(Engagement.client), team)
    return running.order_by(Engagement.number)


# --- Lists ---


@dataclass(frozen=True)
class View:
    """A tab of the list: its name in the address, its title, what it asks of a row, what to say when it is empty."""

    slug: str
    title: str
    where: Callable[[int, date], ColumnElement[bool]]
    empty: str
    newest_first: bool = False  # by the day of the sign-off, which is what one looks for there


def _mine(person_id: int, on: date) -> ColumnElement[bool]:  # noqa: ARG001
    """Owned, written in part, or waiting for my review."""
    assignments = select(Assignment.id).where(Assignment.person_id == person_id)
    shared = select(Contribution.deliverable_id).where(Contribution.assignment_id.in_(assignments))
    to_review = (D.reviewer_id == person_id) & (D.state == State.INTERNAL_REVIEW)
    return D.state.in_(LIVE) & or_(D.assignment_id.in_(assignments), D.id.in_(shared), to_review)


def _late(person_id: int, on: date) -> ColumnElement[bool]:  # noqa: ARG001
    return D.state.in_(OURS_TO_DO) & D.accepted_on.is_(None) & (D.baseline_due < on)


def quarter_of(day: date) -> date:
    """The first day of its calendar quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


VIEWS = {
    view.slug: view
    for view in (
        View("open", "Everything open", lambda person, on: D.state.in_(LIVE), "Nothing is open."),  # noqa: ARG005
        View("mine", "Mine", _mine, "You own nothing that is open, and nothing waits for your review."),
        View("late", "Late", _late, "Nothing is late."),
        View("waiting", "Waiting on clients", lambda person, on: D.state == State.SUBMITTED, "No client owes an answer."),  # noqa: ARG005
        View("signed-off", "Signed off this quarter",
             lambda person, on: (D.state == State.ACCEPTED) & (D.accepted_on >= quarter_of(on)),  # noqa: ARG005
             "Nothing was signed off in this quarter yet.", newest_first=True),
        View("all", "All", lambda person, on: D.id > 0, "There is no deliverable yet."),  # noqa: ARG005
    )
}  # fmt: skip


def numbers_of_views(person_id: int, on: date) -> dict[str, int]:
    """How many rows stand behind each tab, counted as far as NUMBERED, in one statement."""
    counted = []
    for view in VIEWS.values():
        if view.slug != "all":
            rows = select(D.id).where(view.where(person_id, on)).limit(NUMBERED).subquery(view.slug.replace("-", "_"))
            counted.append(select(literal(view.slug).label("view"), func.count(rows.c.id)))
    return {row[0]: row[1] for row in db.session.execute(union_all(*counted))}


def select_ids(view: View, person_id: int | None, on: date) -> Select[Any]:
    """The keys of a tab's rows: what is searched, sorted and cut. The rows themselves come by lines_of()."""
    return select(D.id).where(view.where(person_id or 0, on))


def _due(choice: str) -> ColumnElement[bool]:
    on = today()
    monday = on - timedelta(days=on.weekday())
    month = month_of(on)
    first, last = {
        "past": (date.min, on - timedelta(1)),
        "week": (monday, monday + timedelta(6)),
        "next": (monday + timedelta(7), monday + timedelta(13)),
        "month": (month, month_after(month) - timedelta(1)),
        "later": (month_after(month), date.max),
    }[choice]
    return D.due.between(first, last)


DUE = (("past", "Before today"), ("week", "This week"), ("next", "Next week"), ("month", "This month"), ("later", "After this month"))  # fmt: skip
_STEP = case({state: number for number, state in enumerate(State)}, value=D.state)


def listing(
    view: View, clients: Iterable[tuple[int, str]], owners: Iterable[tuple[int, str]], *more: Filter
) -> Listing:
    """What the list of deliverables can do."""
    owner = (
        select(Person.name).join(Assignment, Assignment.person_id == Person.id).where(Assignment.id == D.assignment_id)
    )
    client = select(Client.name).where(Client.id == D.client_id).scalar_subquery()
    first = {"accepted": [D.accepted_on]} if view.newest_first else {"due": [D.due]}
    return Listing(
        newest_first=view.newest_first,
        sorts=first | {
            "due": [D.due],
            "code": [D.number],
            "title": [D.title],
            "client": [client],
            "area": [_AREA],
            "owner": [owner.scalar_subquery()],
            "stage": [_STEP],
            "accepted": [D.accepted_on],
        },
        key=D.id,
        search=[D.title, *code_typed(DELIVERABLE, D.number)],
        filters=(
            Filter("client", "Client", [(str(key), name) for key, name in clients], lambda x: D.client_id == int(x), "Any client"),
            Filter("area", "Area", [(area.value, f"{row.number} {row.short}") for area, row in OF.items()],
                   lambda x: D.area == Area(x), "Any area"),
            Filter("owner", "Consultant", [(str(key), name) for key, name in owners], _owned_by, "Anyone"),
            Filter("stage", "Stage", [(state.value, words.capitalize()) for state, words in SAID.items()],
                   lambda x: D.state == State(x), "Any stage"),
            Filter("due", "Due", DUE, _due, "Due any time"),
            *more,
        ),
    )  # fmt: skip


_AREA = case({area: row.number for area, row in OF.items()}, value=D.area)


def _owned_by(person_id: str) -> ColumnElement[bool]:
    return D.assignment_id.in_(select(Assignment.id).where(Assignment.person_id == int(person_id)))


def clients_with_any() -> list[tuple[int, str]]:
    """Clients to choose from: those who have an engagement that this viewer sees."""
    served = select(Engagement.client_id)
    found = db.session.execute(select(Client.id, Client.name).where(Client.id.in_(served)).order_by(Client.name))
    return [(row.id, row.name) for row in found]


def of_engagement(asked: str) -> list[Filter]:
    """One engagement of a client, where the address asks for it: a choice among all of them would be long, and of use to few."""
    served = db.session.get(Engagement, int(asked)) if re.fullmatch("[0-9]{1,9}", asked) else None
    if served is None:
        return []
    return [
        Filter(
            "engagement", "Engagement", [(asked, served.code)], lambda _: D.engagement_id == served.id, "Any engagement"
        )
    ]


def owners_to_choose() -> list[tuple[int, str]]:
    """Everybody who may own a deliverable, those who have left too: a list shows what they own."""
    consult = Person.kind.in_([PersonKind.CONSULTANT, PersonKind.PARTNER])
    return [
        (row.id, row.name)
        for row in db.session.execute(select(Person.id, Person.name).where(consult).order_by(Person.name))
    ]


@dataclass(frozen=True)
class Line:
    """One deliverable as a list shows it."""

    owed: Deliverable
    version: int | None  # the newest, by number
    answer_by: date | None = None  # asked of the client, while it waits for them

    @property
    def people(self) -> list[str]:
        """The owner first."""
        owner = [self.owed.assignment.person.name] if self.owed.assignment else []
        return owner + [one.assignment.person.name for one in self.owed.contributions]


def lines_of(ids: Sequence[int]) -> list[Line]:
    """These deliverables in this order. Rows are fetched by key, so that a far page costs no more than the first."""
    rows = select(D).where(D.id.in_(ids)).options(joinedload(D.client), joinedload(D.engagement), _OWNER, _WRITERS)
    found = {one.id: one for one in db.session.scalars(rows).unique()}
    newest = (
        select(
            DeliverableVersion.deliverable_id,
            func.max(DeliverableVersion.number),
            func.max(DeliverableVersion.answer_by),
        )
        .where(DeliverableVersion.deliverable_id.in_(ids))
        .group_by(DeliverableVersion.deliverable_id)
    )
    known = {row[0]: (row[1], row[2]) for row in db.session.execute(newest)}
    return [Line(found[one], *known.get(one, (None, None))) for one in ids if one in found]


def lines_of_many(ids: Sequence[int], at_once: int = 500) -> list[Line]:
    """For an export: so many at a time, that no statement names them all."""
    return [line for n in range(0, len(ids), at_once) for line in lines_of(ids[n : n + at_once])]


# --- Figures of an engagement ---


def on_time_of(engagement: Engagement, on: date) -> OnTime:
    """F11 of one engagement, over the last 90 dates that were not paused."""
    first, last = on_time_window(on, engagement.pauses)
    kept = selectinload(D.versions).options(
        load_only(
            DeliverableVersion.state,
            DeliverableVersion.submitted_at,
            DeliverableVersion.number,
            DeliverableVersion.deliverable_id,
        )
    )
    owed = select(D).where(D.engagement_id == engagement.id, D.baseline_due.between(first, last)).options(kept)
    return on_time(db.session.scalars(owed), first, last, engagement.pauses)


def sign_off_time_of(engagement: Engagement, region: str) -> Decimal | None:
    """F12 of one engagement, over all its answered versions."""
    answered = select(DeliverableVersion).where(
        DeliverableVersion.engagement_id == engagement.id, DeliverableVersion.state.in_(ANSWERED)
    )
    columns = load_only(
        DeliverableVersion.state, DeliverableVersion.submitted_at, DeliverableVersion.decided_at,
        DeliverableVersion.given_on, DeliverableVersion.engagement_id,
    )  # fmt: skip
    return sign_off_time(db.session.scalars(answered.options(columns)), region, lambda _: engagement.pauses)


def hold_version(version: DeliverableVersion) -> None:
    """Held until this transaction ends, and as it was read: two who answer or take it back at once wait for each other."""
    held = select(DeliverableVersion.version).where(DeliverableVersion.id == version.id).with_for_update()
    if db.session.scalar(held) != version.version:
        raise StaleDataError("answered or taken back meanwhile")


def whose_yes(version: DeliverableVersion) -> set[int]:
    """Whose yes to this asking is there already; asked by whoever holds the version, in a statement that begins then."""
    yes = select(SignOff.sponsor_id).where(
        SignOff.version_id == version.id, SignOff.asked_at == version.submitted_at, SignOff.said == Said.YES
    )
    return set(db.session.scalars(yes))
