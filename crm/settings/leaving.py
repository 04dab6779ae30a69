"""Somebody leaves: every way in ends, and what hung on them is handed over. One screen, one press.

Whoever keeps the house sees no client, so what is done here is done by a session of the house's own beside theirs: the
page gets names and figures, never rows, and each thing that changes hands has its line in the trail with the admin's name.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from flask import current_app, g
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from crm.access.act import act
from crm.accounts.models import Account, Standing
from crm.clients.models import Contact
from crm.core.clock import now, today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import SYSTEM, Role, Viewer, viewing_as
from crm.engagements.people import Delegation
from crm.links.models import MailLink
from crm.people.models import Person
from crm.settings.handover import hand_over_ours, hand_over_theirs
from crm.settings.notices import announce_leaver
from crm.settings.queries import UNLIMITED, open_invitation, other_admins, waiting_changes


@contextmanager
def house_session() -> Iterator[None]:
    """Inside this request, a session that sees everything. The viewer's own gives its transaction up for it."""
    request_id, zone = g.get("request_id", ""), g.practice.zone
    db.session.rollback()
    with current_app.app_context(), viewing_as(SYSTEM, via="web", zone=zone):
        db.session.info["request_id"] = request_id
        yield


def part_with(whom_id: int, kind: str, takers: Mapping[int, int], *, viewer: Viewer, press: Press) -> tuple[str, int]:
    """Every way in ends, and what waited for them waits for others. Gives their name, and at how many clients it did."""
    whom = whoever(kind, whom_id)
    name = whom.name
    with act(viewer, "leaver.part", whom, press=press):
        _still_here(whom)
        accounts = _accounts(whom)
        _keep_the_office_open(accounts, viewer)
        told = (
            hand_over_ours(whom, takers, viewer) if isinstance(whom, Person) else hand_over_theirs(whom, takers, viewer)
        )
        for account in accounts:
            _let_go(account, whom)
        if isinstance(whom, Person):
            whom.employ(whom.joined_on, today())
        else:
            _end_mail_links(whom)
            whom.archive(now(), sponsors=[])
        db.session.flush()
        announce_leaver(whom, told)
    return name, sum(len(lines) for lines in told.values())


def whoever(kind: str, whom_id: int) -> Person | Contact:
    if kind == "person":
        person: Person = db.get_or_404(Person, whom_id)
        return person
    contact: Contact = db.get_or_404(Contact, whom_id)
    return contact


def _still_here(whom: Person | Contact) -> None:
    if isinstance(whom, Person):
        if whom.left_on and whom.left_on < today():
            raise Refused(f"{whom.name} has left already.")
    elif whom.archived_at:
        raise Refused(f"{whom.name} has left already.")


def _accounts(whom: Person | Contact) -> Sequence[Account]:
    column = Standing.person_id if isinstance(whom, Person) else Standing.contact_id
    theirs = select(Standing.account_id).where(column == whom.id, Standing.ended_at.is_(None))
    whole = (selectinload(Account.standings), selectinload(Account.sessions))
    asked = select(Account).where(Account.id.in_(theirs)).options(*whole)
    return db.session.scalars(asked.execution_options(**UNLIMITED)).all()


def _keep_the_office_open(accounts: Sequence[Account], viewer: Viewer) -> None:
    for account in accounts:
        if account.id == viewer.account_id:
            raise Refused("You cannot end your own way in. Another admin can.")
        if account.active and any(one.role is Role.ADMIN for one in account.hats) and not other_admins(account):
            raise Refused("This is the last account of an admin. Make another one first.")


def _let_go(account: Account, whom: Person | Contact) -> None:
    """This hat is off; an account with no other is closed. Sessions and links end either way."""
    for one in account.hats:
        if (one.person_id if isinstance(whom, Person) else one.contact_id) == whom.id:
            one.end(now())
    waiting = open_invitation(account.id)
    if waiting and not account.hats:
        waiting.withdraw(now())
    for change in waiting_changes(account.id):
        change.end(now())
    if account.active and not account.hats:
        account.close(now())
    else:
        account.end_sessions(now())
        account.end_links()


def _end_mail_links(whom: Contact) -> None:
    """What would be answered from a mail without signing in, and what was answered in another's place."""
    open_ones = (MailLink.contact_id == whom.id, MailLink.used_at.is_(None), MailLink.ended_at.is_(None))
    for link in db.session.scalars(select(MailLink).where(*open_ones)):
        link.ended_at = now()
    for_another = (
        or_(Delegation.contact_id == whom.id, Delegation.delegate_id == whom.id),
        Delegation.ended_at.is_(None),
    )
    for delegation in db.session.scalars(select(Delegation).where(*for_another)):
        delegation.end(now())
