"""What the office reads of accounts that no viewer's limits would show: all of them for admins, and one's own. Each
statement here says whom it is for, and nothing else of the house runs it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from crm.accounts.invitations import AddressChange, Invitation
from crm.accounts.models import Account, SignedIn, Standing
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.lists import Filter, Listing, holds
from crm.core.viewer import Role, Viewer
from crm.core.words import NOTHING, worded
from crm.figures import contacts_by_name
from crm.people.models import Person

UNLIMITED = {"named": "settings.accounts"}
LONG_UNUSED = timedelta(days=90)
AT_ONCE = 50  # people or contacts that a search shows
OF_A_CLIENT = (Role.SPONSOR, Role.VIEWER)
OF_THE_PRACTICE = (Role.CONSULTANT, Role.PARTNER, Role.ADMIN)


def for_the_office(viewer: Viewer) -> None:
    if viewer.role not in {Role.ADMIN, Role.SYSTEM}:
        raise NotPermitted("accounts are the admins' to see")


def accounts(viewer: Viewer) -> Select[Any]:
    """Every account with what it stands for."""
    for_the_office(viewer)
    return select(Account).options(selectinload(Account.standings)).execution_options(**UNLIMITED)


def account_of(viewer: Viewer, account_id: int) -> Account | None:
    """One account for an admin, or one's own, with standings and sessions. Read anew each time: after a press that was
    undone, a row is refreshed without the name of this statement, and what belongs to it would be missing."""
    if account_id != viewer.account_id:
        for_the_office(viewer)
    whole = (selectinload(Account.standings), selectinload(Account.sessions))
    return db.session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .options(*whole)
        .execution_options(populate_existing=True, **UNLIMITED)
    ).one_or_none()


def open_invitation(account_id: int) -> Invitation | None:
    """The one that waits for its owner. Asked of an account that the caller was given."""
    waits = (Invitation.account_id == account_id, Invitation.accepted_at.is_(None), Invitation.ended_at.is_(None))
    asked = select(Invitation).where(*waits).order_by(Invitation.id.desc()).limit(1)
    return db.session.scalars(asked.execution_options(**UNLIMITED)).one_or_none()


def ways_in(viewer: Viewer, kind: str, whom_id: int) -> Sequence[Account]:
    """The accounts that stand for somebody now, with their sessions."""
    for_the_office(viewer)
    column = Standing.person_id if kind == "person" else Standing.contact_id
    theirs = select(Standing.account_id).where(column == whom_id, Standing.ended_at.is_(None))
    asked = select(Account).where(Account.id.in_(theirs), Account.active)
    return db.session.scalars(asked.options(selectinload(Account.sessions)).execution_options(**UNLIMITED)).all()


def waiting_changes(account_id: int) -> Sequence[AddressChange]:
    """New addresses of an account that nobody confirmed yet."""
    open_ones = (
        AddressChange.account_id == account_id,
        AddressChange.confirmed_at.is_(None),
        AddressChange.ended_at.is_(None),
    )
    asked = select(AddressChange).where(*open_ones, AddressChange.expires_at > now())
    return db.session.scalars(asked.execution_options(**UNLIMITED)).all()


def address_change(account_id: int, change_id: int) -> AddressChange:
    asked = select(AddressChange).where(AddressChange.id == change_id, AddressChange.account_id == account_id)
    return db.session.scalars(asked.execution_options(**UNLIMITED)).one()


def account_by_mail(viewer: Viewer, email: str) -> Account | None:
    """For the office, whoever the address belongs to."""
    for_the_office(viewer)
    asked = select(Account).where(Account.email == email).options(selectinload(Account.standings))
    return db.session.scalars(asked.execution_options(**UNLIMITED)).one_or_none()


ROLES = [(role.value, worded(role)) for role in (*OF_THE_PRACTICE, *OF_A_CLIENT)]


def _worn_as(role: str) -> ColumnElement[bool]:
    return Account.standings.any(and_(Standing.role == Role(role), Standing.ended_at.is_(None)))


def listing(moment: datetime) -> Listing:
    """How accounts are searched, sorted and filtered."""
    states = {
        "open": Account.active,
        "closed": Account.active.is_(False),
        "invited": is_invited(),
        "never": never_used(),
        "long": long_unused(moment),
    }
    return Listing(
        sorts={"name": (Account.name,), "seen": (Account.signed_in_at,), "made": (Account.created_at,)},
        key=Account.id,
        search=(Account.name, Account.email),
        filters=(
            Filter("role", "Role", ROLES, _worn_as, "Every role"),
            Filter(
                "state", "State",
                [("open", "Open"), ("invited", "Invited"), ("closed", "Closed"), ("never", "Never signed in"), ("long", "Not here for 90 days")],
                states.__getitem__, "Every state",
            ),
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class HatSaid:
    """What one standing is, in words: the role, whose, and where from."""

    role: str
    who: str
    of: str  # the company, or nothing for our own
    href: str = ""


def hats_said(standings: Iterable[Standing]) -> dict[int, HatSaid]:
    """Each standing in words, for admins: two statements, however many there are."""
    every = list(standings)
    ours = {one.person_id for one in every if one.person_id}
    names = {row.id: row.name for row in db.session.scalars(select(Person).where(Person.id.in_(ours)))}
    theirs = {one.id: one for one in contacts_by_name(ids={row.contact_id for row in every if row.contact_id})}
    said = {}
    for one in every:
        contact = theirs.get(one.contact_id or 0)
        if contact:
            said[one.id] = HatSaid(worded(one.role), contact.name, contact.client)
        else:
            said[one.id] = HatSaid(
                worded(one.role), names.get(one.person_id or 0, NOTHING), "", f"/people/{one.person_id}"
            )
    return said


def people_by_name(words: str) -> Sequence[Person]:
    """Whom of the practice an account may be for."""
    here = or_(Person.left_on.is_(None), Person.left_on >= today())
    asked = select(Person).where(here, or_(holds(Person.name, words), holds(Person.email, words)))
    return db.session.scalars(asked.order_by(Person.name, Person.id).limit(AT_ONCE)).all()


@dataclass(frozen=True)
class Access:
    """How the practice's accounts stand, in figures."""

    accounts: int
    closed: int
    never: int
    long: int
    invited: int
    lapsed: int  # of the invited: those whose link is over


def access(viewer: Viewer) -> Access:
    for_the_office(viewer)

    def number(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, 1), else_=0)), 0)

    asked = select(
        func.count(Account.id), number(Account.active.is_(False)), number(never_used()), number(long_unused(now())),
        number(is_invited()), number(is_invited(over_at=now())),
    )  # fmt: skip
    return Access(*db.session.execute(asked.execution_options(**UNLIMITED)).one())


def live_of(account: Account, moment: datetime) -> list[SignedIn]:
    """Its sessions that would still open a page, last used first."""
    return [one for one in account.sessions if one.is_open(moment)]


def own_sessions(viewer: Viewer) -> Sequence[SignedIn]:
    """Where this account is signed in now, last used first."""
    asked = select(SignedIn).where(SignedIn.account_id == viewer.account_id, SignedIn.opens(now()))
    return db.session.scalars(asked.order_by(SignedIn.seen_at.desc()).execution_options(**UNLIMITED)).all()


def own_session(viewer: Viewer, session_id: int) -> SignedIn | None:
    asked = select(SignedIn).where(SignedIn.id == session_id, SignedIn.account_id == viewer.account_id)
    return db.session.scalars(asked.execution_options(**UNLIMITED)).one_or_none()


def is_invited(*, over_at: datetime | None = None) -> ColumnElement[bool]:
    """Whether an invitation waits for the owner; one that is over at a moment, where one is said."""
    waits = select(Invitation.id).where(
        Invitation.account_id == Account.id, Invitation.accepted_at.is_(None), Invitation.ended_at.is_(None)
    )
    if over_at:
        waits = waits.where(Invitation.expires_at <= over_at)
    return and_(Account.active, waits.exists())


def without_access(viewer: Viewer) -> Sequence[Person]:
    """People of the practice who are here and have no way in."""
    for_the_office(viewer)
    worn = (
        select(Standing.id)
        .join(Account, Account.id == Standing.account_id)
        .where(Standing.person_id == Person.id, Standing.ended_at.is_(None), Account.active)
    )
    here = or_(Person.left_on.is_(None), Person.left_on >= today())
    asked = select(Person).where(here, ~worn.exists()).order_by(Person.name, Person.id)
    return db.session.scalars(asked.execution_options(**UNLIMITED)).all()


def never_used() -> ColumnElement[bool]:
    return and_(Account.active, Account.signed_in_at.is_(None))


def long_unused(moment: datetime) -> ColumnElement[bool]:
    return and_(Account.active, Account.signed_in_at < moment - LONG_UNUSED)


def other_admins(account: Account) -> int:
    """How many other accounts can still run the installation."""
    asked = (
        select(func.count(Account.id.distinct()))
        .join(Standing, Standing.account_id == Account.id)
        .where(Account.id != account.id, Account.active, Standing.role == Role.ADMIN, Standing.ended_at.is_(None))
    )
    return db.session.scalar(asked.execution_options(**UNLIMITED)) or 0
