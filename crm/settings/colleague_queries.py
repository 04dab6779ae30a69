"""What a sponsor reads of the people of their own company: who may look in here, and who was asked to."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.invitations import Invitation
from crm.accounts.models import Account, Standing
from crm.clients.models import Contact
from crm.core.db import db
from crm.core.errors import NotPermitted
from crm.core.viewer import Role, Viewer
from crm.settings.queries import UNLIMITED


@dataclass(frozen=True)
class Colleague:
    """Somebody of a company who may look in here, as their sponsor knows them."""

    standing: Standing
    account: Account
    contact: Contact
    invitation: Invitation | None


def for_their_sponsor(viewer: Viewer) -> None:
    if viewer.role is not Role.SPONSOR:
        raise NotPermitted("a company's people are its sponsors' to let in")


def colleagues(viewer: Viewer) -> list[Colleague]:
    """Everybody of the sponsor's own company with access now, by name."""
    for_their_sponsor(viewer)
    worn = (Standing.client_id == viewer.client_id, Standing.ended_at.is_(None), Account.active)
    asked = select(Standing, Account).join(Account, Account.id == Standing.account_id).where(*worn)
    found = db.session.execute(asked.execution_options(**UNLIMITED)).all()
    whom = select(Contact).where(Contact.id.in_([row.Standing.contact_id for row in found]))
    contacts = {one.id: one for one in db.session.scalars(whom.options(joinedload(Contact.department)))}
    waits = (Invitation.accepted_at.is_(None), Invitation.ended_at.is_(None))
    sent = select(Invitation).where(Invitation.account_id.in_([row.Account.id for row in found]), *waits)
    waiting = {one.account_id: one for one in db.session.scalars(sent.execution_options(**UNLIMITED))}
    there = [
        Colleague(row.Standing, row.Account, contacts[row.Standing.contact_id], waiting.get(row.Account.id))
        for row in found
        if row.Standing.contact_id in contacts
    ]
    return sorted(
        there, key=lambda one: (one.standing.role is Role.VIEWER, one.contact.name.casefold(), one.standing.id)
    )


def standing_of_a_viewer(viewer: Viewer, standing_id: int) -> Standing | None:
    """Of the sponsor's own company, with its account, whole."""
    for_their_sponsor(viewer)
    asked = select(Standing).where(
        Standing.id == standing_id, Standing.client_id == viewer.client_id, Standing.role == Role.VIEWER,
        Standing.ended_at.is_(None),
    )  # fmt: skip
    whole = joinedload(Standing.account).options(selectinload(Account.standings), selectinload(Account.sessions))
    return db.session.scalars(asked.options(whole).execution_options(**UNLIMITED)).one_or_none()


def account_for_a_viewer(viewer: Viewer, email: str) -> Account | None:
    """Whether somebody whom a sponsor lets in has an account already. What is found is shown to nobody."""
    for_their_sponsor(viewer)
    asked = (
        select(Account)
        .where(Account.email == email)
        .options(selectinload(Account.standings), selectinload(Account.sessions))
    )
    return db.session.scalars(asked.execution_options(**UNLIMITED)).one_or_none()
