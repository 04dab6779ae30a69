"""Who sees which rows. Every read of the viewer's session passes through here, and only this file decides."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnClause,
    Date,
    FromClause,
    Integer,
    Select,
    TextClause,
    false,
    inspect,
    literal_column,
    or_,
    select,
    text,
)  # fmt: skip
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.orm import ORMExecuteState, Session, UserDefinedOption, with_loader_criteria
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.sql.base import ExecutableOption

from crm.accounts.models import Standing
from crm.areas.data.models import SignalReading
from crm.areas.stakeholders.models import Commitment
from crm.areas.talent.models import MentoringPair
from crm.audit.models import AuditText
from crm.clients.models import Client, Contact, Department, Wall
from crm.core.clock import today
from crm.core.db import Unguarded, db
from crm.core.ownership import (
    AccountOwned,
    Addressed,
    Audited,
    ClientOwned,
    EngagementOwned,
    Indexed,
    InternalOnly,
    LeadsOnly,
    OpenTo,
    OwnWork,
    PairOnly,
    PartnersOnly,
    PersonOwned,
    Proposable,
    Sealed,
    Shareable,
    SponsorsOnly,
    Watched,
)
from crm.core.viewer import SYSTEM, Audience, Role, Viewer
from crm.deliverables.models import Deliverable
from crm.deliverables.versions import DeliverableVersion, FrozenCriterion, Rating, SignOff, VersionComment, VersionFile
from crm.engagements.models import Engagement, Pause
from crm.engagements.people import Assignment, AssignmentRole, Delegation, Sponsorship, Status
from crm.engagements.states import EngagementState
from crm.files.models import StoredFile
from crm.people.models import Leave, LeaveStatus, Person
from crm.registers.models import RegisterEntry
from crm.reviews.frozen import FrozenRow
from crm.reviews.models import Review
from crm.schema import TABLES
from crm.timelog.models import TimeEntry

# What may pass the hook unlimited, each a statement of one named function.
NAMED = {
    "demo.load",  # the large practice is written by the thousand rows
    "sight.reach",  # which clients and engagements a write may touch
    "sight.cards",  # engagements of others: name, sector, team and dates
    "sight.names",  # clients and contacts by name, for whoever gives access
    "workload.plan",  # planned days of everybody: figures for the load bands
    "workload.logged",  # minutes that somebody logged in a stretch of time: sums, of whatever work
    "closing.freeze",  # statements and figures of a month, each in one statement, by whoever locks it
    "time.approve",  # all entries of a month that waited, in one statement, by whoever may approve them
    "timelog.invoiced",  # whether an entry's month is invoiced: asked for whoever logged it, also where they left since
    "timelog.figures",  # minutes used on an engagement: a sum for those who may not read the rows
    "comments.readers",  # names of those who can open a comment on a client's deliverable, to be called in it
    "deliverables.chain",  # keys of what waits for what at a client, so that nothing comes to wait for itself
    "deliverables.reviewers",  # names of partners whom no wall keeps from a client
    "reviews.last",  # the colour last published on a client's area, whichever engagement said it
    "decisions.contract",  # the contract that a sponsor's answer is about, also where only the team reads it
    "practice.forget_logo",  # the one picture of the practice goes, for the next one
    "practice.next_number",  # the running number of a new thing
    "settings.accounts",  # accounts and their sessions, for admins, and one's own
    "notices.count",  # how many notices one has not read, kept beside the hat that one wears
    "settings.mail",  # messages that have not left, for admins
    "search.write",  # the index is written anew from the things themselves
    "imports.stage",  # rows of a file go to the staging table, and out of it
    "links.keep",  # links in mail: made by whoever asks, used by whoever answers, read by nobody
    "files.room",  # bytes of a client's files: a sum for those who may not read the rows
    "settings.files",  # clients by name with the bytes of their files, for admins
    "evidence.keep",  # what the rules say of areas, judged anew by whoever changed what they read
    "engagements.standing",  # how engagements stand, without a sum: their health, for those who read neither terms nor invoices
    "invoices.late",  # days that an invoice of an engagement is late: of its health, for those who may not read it
    "invoices.draft",  # drafts with their lines, each in one statement, of engagements that this partner held
    "invoices.mark_billed",  # what was spent stands on an invoice or on none again: in one statement, by whoever drafts it
    "invoices.next_number",  # the running number of an invoice that is issued
    "timelog.log_each",  # several entries of one's own at one press, in one statement
    "audit.each",  # their lines in the trail
    "imports.take",  # checked rows become time entries, in one statement
}
READ_ONLY = timedelta(days=30)


def seen(model: Any) -> FromClause:
    """The bare table, under a name of its own, for the inner selects: no limit, no correlation."""
    table: FromClause = model.__table__.alias(f"seen_{model.__tablename__}")
    return table


client, wall, engagement, assignment, pair = map(seen, (Client, Wall, Engagement, Assignment, MentoringPair))
department, commitment, version, version_file = map(seen, (Department, Commitment, DeliverableVersion, VersionFile))
entry, person, contact, review, standing = map(seen, (TimeEntry, Person, Contact, Review, Standing))


class NobodyIsLooking(RuntimeError):
    """A read before anyone was admitted. Jobs say who they are: `with viewing_as(SYSTEM)`."""


class Eyes(NamedTuple):
    """What of a viewer and of the day the limits compare with: each stands once in a statement, under its name."""

    sight_server: int
    sight_person: int
    sight_client: int
    sight_contact: int
    sight_today: date
    sight_since: date


def eyes(viewer: Viewer, on: date) -> Eyes:
    person = viewer.person_id or 0
    serves = person if viewer.role is Role.CONSULTANT else 0
    return Eyes(serves, person, viewer.client_id or 0, viewer.contact_id or 0, on, on - READ_ONLY)


class Said(BindParameter[Any]):
    """A value in a limit. A statement holds many copies of it, which SQLAlchemy keeps under one hash and compares for
    every execution; a bare parameter makes an expression of each comparison and asks whether that is true, which is
    whether the hashes are equal: a tenth of a page's time."""

    inherit_cache = True
    __hash__ = BindParameter.__hash__

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return hash(self) == hash(other)


def said(name: str, who: Eyes) -> BindParameter[Any]:
    value = getattr(who, name)
    return Said(name, value, type_=Date() if isinstance(value, date) else Integer())


def fixed(value: StrEnum) -> ColumnClause[Any]:
    """A word of ours as it stands in SQL: it never changes, so it needs no parameter."""
    return literal_column(f"'{value.value}'")


def serving(viewer: Viewer, on: date) -> Select[Any]:
    """Confirmed or ended since, begun, and not over for more than thirty days (in which one only reads)."""
    who = eyes(viewer, on)
    return select(assignment.c.engagement_id).where(
        assignment.c.person_id == said("sight_server", who),
        assignment.c.status != fixed(Status.TENTATIVE),
        assignment.c.begins <= said("sight_today", who),
        assignment.c.ends >= said("sight_since", who),
    )


def led(viewer: Viewer, on: date) -> Select[Any]:
    return serving(viewer, on).where(assignment.c.role == fixed(AssignmentRole.LEAD))


def walled(viewer: Viewer, on: date) -> Select[Any]:
    return select(wall.c.client_id).where(wall.c.person_id == said("sight_person", eyes(viewer, on)))


def clients_of(viewer: Viewer, on: date) -> Select[Any]:
    """Which clients exist for this viewer. Walls come last, so that no grant opens them."""
    clients = select(client.c.id)
    if viewer.audience is Audience.CLIENT:
        return clients.where(client.c.id == said("sight_client", eyes(viewer, on)))
    if viewer.role is not Role.PARTNER:
        served = client.c.id.in_(select(engagement.c.client_id).where(engagement.c.id.in_(serving(viewer, on))))
        clients = clients.where(or_(served, client.c.id.in_(viewer.granted)) if viewer.granted else served)
    return clients.where(client.c.id.not_in(walled(viewer, on)))


def engagements_of(viewer: Viewer, on: date) -> Select[Any]:
    """And which engagements. A partner's are all of their clients'; a client's are those agreed, not our drafts."""
    engagements = select(engagement.c.id)
    if viewer.audience is Audience.CLIENT:
        agreed = (
            engagement.c.state != fixed(EngagementState.DRAFT),
            engagement.c.state != fixed(EngagementState.CANCELLED),
        )
        return engagements.where(engagement.c.client_id == said("sight_client", eyes(viewer, on)), *agreed)
    if viewer.role is not Role.PARTNER:
        mine = engagement.c.id.in_(serving(viewer, on))
        engagements = engagements.where(
            or_(mine, engagement.c.client_id.in_(viewer.granted)) if viewer.granted else mine
        )
    return engagements.where(engagement.c.client_id.not_in(walled(viewer, on)))


def pairs_of(viewer: Viewer, on: date) -> Select[Any]:
    """A mentoring pair is for the two in it."""
    who = eyes(viewer, on)
    return select(pair.c.id).where(
        or_(pair.c.mentor_id == said("sight_person", who), pair.c.mentee_id == said("sight_contact", who))
    )


def opened_to(viewer: Viewer, on: date) -> Select[Any]:
    """Clients that let whoever only reads see their registers."""
    return select(client.c.id).where(
        client.c.id == said("sight_client", eyes(viewer, on)), client.c.viewers_see_registers
    )


def promised_to(viewer: Viewer, on: date) -> Select[Any]:
    """Promises made to whoever only reads and to their department, unless their sponsor keeps these from them too."""
    who = eyes(viewer, on)
    me = said("sight_contact", who)
    own = select(department.c.kind).join(contact, contact.c.department_id == department.c.id).where(contact.c.id == me)
    return (
        select(commitment.c.id)
        .join(client, client.c.id == commitment.c.client_id)
        .where(
            client.c.id == said("sight_client", who), client.c.viewers_see_promises,
            or_(commitment.c.to_contact_id == me, commitment.c.department.in_(own)),
        )
    )  # fmt: skip


Which = Callable[[Viewer, date], Select[Any]]
STYLES = {"sqlite": SQLiteDialect(paramstyle="named"), "postgresql": PGDialect(paramstyle="named")}  # type: ignore[no-untyped-call]


@cache
def _wording(which: Which, role: Role, dialect: str) -> tuple[str, tuple[str, ...]]:
    """The SQL of a limit for a role, and the names of the values in it."""
    compiled = which(Viewer(role), date.min + READ_ONLY).compile(dialect=STYLES[dialect])
    return str(compiled), tuple(compiled.params)


def written(which: Which, viewer: Viewer, on: date) -> TextClause | Select[Any]:
    """A limit's select as text. SQLAlchemy walks, copies and keeps a select once for each limit that holds it, in each
    statement; of a text only its few values."""
    if viewer.granted:
        return which(viewer, on)  # as many values as grants
    words, names = _wording(which, viewer.role, db.engine.dialect.name)
    who = eyes(viewer, on)
    return text(words).bindparams(*(said(name, who) for name in names))


def limit(owned: type, where: Callable[[Any], Any]) -> ExecutableOption:
    """What of this owner a viewer sees, also under an alias. SQLAlchemy caches the lambda by its code, so it closes
    over plain values only: raises TypeError for anything else."""
    for cell in where.__closure__ or ():
        if type(cell.cell_contents) not in {int, Select, TextClause, ColumnClause}:
            raise TypeError(f"a limit closes over an int, a word or a select, not {cell.cell_contents!r}")
    return with_loader_criteria(owned, where, include_aliases=True)


def sight_of(viewer: Viewer, on: date) -> list[ExecutableOption]:
    """The WHERE clauses this viewer carries into every query, join and lazy load."""
    if viewer is SYSTEM:
        return []
    account, pairs = viewer.account_id or 0, written(pairs_of, viewer, on)
    me, contact = viewer.person_id or 0, viewer.contact_id or 0
    limits = [
        limit(Addressed, lambda row: or_(row.person_id == me, row.contact_id == contact)),
        limit(PairOnly, lambda row: row.pair_id.in_(pairs)),
        limit(AccountOwned, lambda row: row.account_id == account),
        limit(Sealed, lambda row: false()),
    ]
    if viewer.only:
        return limits + _of_the_client(viewer, on) + _through_a_link(*viewer.only)
    if viewer.audience is Audience.CLIENT:
        return limits + _of_the_client(viewer, on)
    return limits + (_of_a_partner(viewer, on) if viewer.role is Role.PARTNER else _of_the_practice(viewer, on))


def _of_a_partner(viewer: Viewer, on: date) -> list[ExecutableOption]:
    """All but what lies behind a wall. Every row of a client carries its key, which the composite keys hold to that of
    its engagement; so the walls alone are asked, and not for a list of all the others."""
    me, walls = viewer.person_id or 0, written(walled, viewer, on)
    return [
        limit(Client, lambda row: ~row.id.in_(walls)),
        limit(ClientOwned, lambda row: ~row.client_id.in_(walls)),
        limit(Engagement, lambda row: ~row.client_id.in_(walls)),
        limit(EngagementOwned, lambda row: ~row.client_id.in_(walls)),
        limit(OwnWork, lambda row: or_(row.client_id.is_(None), ~row.client_id.in_(walls), row.person_id == me)),
        limit(Audited, lambda row: or_(row.client_id.is_(None), ~row.client_id.in_(walls))),
        limit(Indexed, lambda row: ~row.client_id.in_(walls)),
        limit(Watched, lambda row: ~row.client_id.in_(walls)),
    ]


def _of_the_practice(viewer: Viewer, on: date) -> list[ExecutableOption]:
    me = viewer.person_id or 0
    clients, engagements = written(clients_of, viewer, on), written(engagements_of, viewer, on)
    mine = written(led, viewer, on)
    limits = [
        limit(Client, lambda row: row.id.in_(clients)),
        limit(ClientOwned, lambda row: row.client_id.in_(clients)),
        limit(Engagement, lambda row: row.id.in_(engagements)),
        limit(EngagementOwned, lambda row: row.engagement_id.in_(engagements)),
        limit(OwnWork, lambda row: or_(row.engagement_id.in_(engagements), row.person_id == me)),
        limit(PersonOwned, lambda row: row.person_id == me),
        limit(PartnersOnly, lambda row: false()),
        limit(LeadsOnly, lambda row: row.engagement_id.in_(mine)),
        limit(Indexed, lambda row: row.client_id.in_(clients) & (row.engagement_id.is_(None) | row.engagement_id.in_(engagements))),
        limit(Watched, lambda row: row.client_id.in_(clients) & (row.engagement_id.is_(None) | row.engagement_id.in_(engagements))),
    ]  # fmt: skip
    if viewer.role is Role.ADMIN:  # the trail, but not what somebody wrote about a client
        limits.append(limit(AuditText, lambda row: row.client_id.is_(None)))
        limits.append(limit(Leave, lambda row: false()))
    else:
        approved = fixed(LeaveStatus.APPROVED)  # of a colleague: when they are away, not what they asked for
        limits.append(limit(Leave, lambda row: or_(row.person_id == me, row.status == approved)))
        hidden = fixed(OpenTo.PARTNERS)
        limits.append(
            limit(Audited, lambda row: row.client_id.in_(clients) & (row.open_to != hidden)
                  & (row.engagement_id.is_(None) | row.engagement_id.in_(engagements)))
        )  # fmt: skip
    return limits


def _of_the_client(viewer: Viewer, on: date) -> list[ExecutableOption]:
    company, contact = viewer.client_id or 0, viewer.contact_id or 0
    engagements, shown = written(engagements_of, viewer, on), fixed(OpenTo.CLIENT)
    limits = [
        limit(Client, lambda row: row.id == company),
        limit(ClientOwned, lambda row: row.client_id == company),
        limit(Engagement, lambda row: row.id.in_(engagements)),
        limit(EngagementOwned, lambda row: (row.client_id == company) & row.engagement_id.in_(engagements)),
        limit(OwnWork, lambda row: row.engagement_id.in_(engagements)),
        limit(Shareable, lambda row: row.visibility == "client"),
        limit(Proposable, lambda row: (row.visibility == "client") | (row.proposed_by_id == contact)),
        limit(Indexed, lambda row: (row.client_id == company) & (row.visibility == "client")
              & (row.engagement_id.is_(None) | row.engagement_id.in_(engagements))),
        limit(Audited, lambda row: (row.client_id == company) & (row.open_to == shown)),
        limit(Watched, lambda row: row.client_id == company),
        limit(InternalOnly, lambda row: false()),
        limit(PartnersOnly, lambda row: false()),
        limit(PersonOwned, lambda row: false()),
    ]  # fmt: skip
    if viewer.role is Role.VIEWER:
        opened, promised = written(opened_to, viewer, on), written(promised_to, viewer, on)
        limits.append(limit(SponsorsOnly, lambda row: false()))
        limits.append(limit(Watched, lambda row: row.contact_id == contact))
        # the access table: risks, actions and decisions are read by whoever only reads, too
        risk: ColumnClause[Any] = literal_column("'raid_item'")
        action: ColumnClause[Any] = literal_column("'action'")
        decision: ColumnClause[Any] = literal_column("'decision'")
        limits.append(
            limit(RegisterEntry, lambda row: or_(row.client_id.in_(opened), row.id.in_(promised),
                                                 row.kind.in_([risk, action, decision])))
        )  # fmt: skip
        limits.append(limit(SignalReading, lambda row: row.client_id.in_(opened)))
        limits.append(limit(FrozenRow, lambda row: row.client_id.in_(opened)))
    return limits


# What a page that a link opened shows beside the thing: names, and whose answer counts. All other tables are empty there.
BESIDE_A_LINK = {
    "practice", "person", "client", "contact", "engagement", "sponsorship", "delegation", "pause", "assignment",
}  # fmt: skip


def _through_a_link(table: str, key: int) -> list[ExecutableOption]:
    """One version with its deliverable, or one question: whoever holds the link sees nothing else of the company."""
    version_id, entry_id = (key, 0) if table == "deliverable_version" else (0, key)
    owed = select(version.c.deliverable_id).where(version.c.id == version_id)
    works = select(version.c.engagement_id).where(version.c.id == version_id)
    held = select(version_file.c.file_id).where(version_file.c.version_id == version_id)
    narrowed = [
        limit(Deliverable, lambda row: row.id.in_(owed)),
        limit(DeliverableVersion, lambda row: row.deliverable_id.in_(owed)),
        limit(Engagement, lambda row: row.id.in_(works)),
        limit(RegisterEntry, lambda row: row.id == entry_id),
        *(limit(kind, lambda row: row.engagement_id.in_(works)) for kind in (Sponsorship, Delegation, Pause, Assignment)),
        *(limit(kind, lambda row: row.version_id == version_id) for kind in (FrozenCriterion, VersionComment, VersionFile, SignOff, Rating)),
        limit(StoredFile, lambda row: row.id.in_(held)),
    ]  # fmt: skip
    opened = {
        Deliverable,
        DeliverableVersion,
        FrozenCriterion,
        VersionComment,
        VersionFile,
        StoredFile,
        SignOff,
        Rating,
    }
    kinds: list[Any] = list(TABLES)
    closed = (
        kind
        for kind in kinds
        if kind not in opened and not issubclass(kind, RegisterEntry) and kind.__tablename__ not in BESIDE_A_LINK
    )
    return [*narrowed, *(limit(kind, lambda row: false()) for kind in closed)]


class Limited(UserDefinedOption):
    """Goes with the limits of one session: a statement that loads on behalf of another one brought them with it, and to
    add them again would say each as often as loads are nested (which PostgreSQL plans anew each time)."""

    propagate_to_loaders = True


def through_the_viewers_eyes(state: ORMExecuteState) -> None:
    """See to it that every statement carries the limits, lazy loads too; refuse what they would not reach."""
    info = state.session.info
    if "viewer" not in info:
        raise NobodyIsLooking(type(state.statement).__name__)
    if state.is_column_load:
        return  # the rest of a row that this viewer was given
    if "named" in state.execution_options:
        if state.execution_options["named"] not in NAMED:
            raise Unguarded(state.execution_options["named"])
        return
    if not state.is_orm_statement or not state.is_select or isinstance(state.statement, FromStatement):
        raise Unguarded(f"{type(state.statement).__name__}: no limit reaches it")
    if "sight" not in info:
        info["sight"] = [*sight_of(info["viewer"], today()), Limited()]
    if info["sight"][-1] not in state.user_defined_options:
        state.statement = state.statement.options(*info["sight"])


def no_stowaways(session: Session, thing: Any) -> None:  # noqa: ARG001
    """A row that another session loaded is not carried into this one: nobody limited it for this viewer."""
    if inspect(thing).detached:
        raise Unguarded(f"{type(thing).__name__} was loaded by another viewer's session")


def within_reach(session: Session, context: Any) -> None:  # noqa: ARG001
    """Nothing is written, changed or deleted whose client or engagement the viewer may not see.

    In after_flush: keys are filled in by then. An engagement in reach brings its client with it.
    """
    viewer = session.info.get("viewer")
    if viewer is None:
        raise NobodyIsLooking("a write")
    if viewer is SYSTEM:
        return
    written = [*session.new, *session.dirty, *session.deleted]
    if viewer.role is Role.ADMIN:  # who gives somebody access to a client does not see the client
        written = [row for row in written if not isinstance(row, Sealed)]
    corrected = _corrected(session, viewer)
    reached = session.info.setdefault("reached", {"engagement_id": set(), "client_id": set()})
    for name, reachable in (
        ("engagement_id", engagements_of(viewer, today()).add_columns(engagement.c.client_id)),
        ("client_id", clients_of(viewer, today()).add_columns(client.c.id)),
    ):
        touched = {getattr(row, name, None) for row in written if not _needs_no(name, row, corrected)}
        touched -= reached[name] | {None}
        if not touched:
            continue
        allowed = reachable.where(reachable.selected_columns[0].in_(touched))
        for key, client_id in session.execute(allowed, execution_options={"named": "sight.reach"}):
            reached[name].add(key)
            reached["client_id"].add(client_id)
        if touched - reached[name]:
            raise Unguarded(f"{viewer.role} may not write for {name} {touched - reached[name]}")


def _corrected(session: Session, viewer: Viewer) -> dict[str, set[int]]:
    """One's own time stays one's own to correct, also where one serves no more (docs/domain.md, who sees what): the engagements
    and clients of entries that this session changed and that stay where they were."""
    kept: dict[str, set[int]] = session.info.setdefault("corrected", {"engagement_id": set(), "client_id": set()})
    for row in session.dirty:
        if isinstance(row, OwnWork) and row.person_id == viewer.person_id:
            attributes = inspect(row).attrs
            if not any(attributes[name].history.has_changes() for name in ("person_id", *kept)):
                for name, keys in kept.items():
                    keys.add(getattr(row, name))
    return kept


def _needs_no(name: str, row: Any, corrected: dict[str, set[int]]) -> bool:
    """What belongs to the client is written by whoever sees the client, also where it names an engagement of others."""
    return (name == "engagement_id" and not getattr(row, "follows_engagement", True)) or _is_ones_own(
        row, name, corrected
    )


def _is_ones_own(row: Any, name: str, corrected: dict[str, set[int]]) -> bool:
    """A corrected entry, its note, and the line that it leaves in the trail."""
    return isinstance(row, OwnWork | Audited) and getattr(row, name) in corrected[name]


@contextmanager
def everything() -> Iterator[None]:
    """A deed of the whole practice, such as closing a month, reaches also what lies behind the walls of whoever does it.
    What was loaded in here is let go of at its end: nothing of it reaches a page."""
    session = db.session
    info, known = session.info, set(session.identity_map.values())
    viewer, sight = info["viewer"], info.pop("sight", None)
    info["viewer"] = SYSTEM
    try:
        yield
        session.flush()
    finally:
        info["viewer"] = viewer
        info.pop("sight", None)
        if sight is not None:
            info["sight"] = sight
        for row in set(session.identity_map.values()) - known:
            session.expunge(row)


def guard(session: Any) -> None:
    """Fix the lock to a session (or to the factory of sessions)."""
    sqlalchemy_event.listen(session, "do_orm_execute", through_the_viewers_eyes)
    sqlalchemy_event.listen(session, "after_flush", within_reach)
    sqlalchemy_event.listen(session, "before_attach", no_stowaways)
