"""One's own keys, and for admins how many of the practice have a second factor."""

from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from crm.accounts.factors import Passkey, SignInLink
from crm.accounts.models import Account, Standing
from crm.core.db import db
from crm.core.viewer import Role, Viewer
from crm.settings.queries import for_the_office

UNLIMITED = {"named": "settings.accounts"}
OURS = (Role.CONSULTANT, Role.PARTNER, Role.ADMIN)


def with_keys(viewer: Viewer, account_id: int | None) -> Account | None:
    """One's own account, or for an admin anybody's, with everything that opens it.

    Read anew each time: a row that expired is refreshed without the name of this statement, and its keys would be missing.
    """
    if account_id != viewer.account_id:
        for_the_office(viewer)
    whole = (
        selectinload(Account.sessions), selectinload(Account.passkeys), selectinload(Account.recovery_codes),
        selectinload(Account.standings),
    )  # fmt: skip
    asked = select(Account).where(Account.id == account_id).options(*whole).execution_options(populate_existing=True)
    return db.session.scalars(asked.execution_options(**UNLIMITED)).one_or_none()


@dataclass(frozen=True)
class Covered:
    """How many of our own people have a second factor."""

    people: int
    covered: int


def covered(viewer: Viewer) -> Covered:
    """How many open accounts of the practice there are, and how many of them have a second factor."""
    for_the_office(viewer)
    ours = Account.standings.any(Standing.role.in_(OURS) & Standing.ended_at.is_(None))
    has_one = or_(Account.tf_totp_secret.is_not(None), exists().where(Passkey.account_id == Account.id))
    asked = select(has_one).where(Account.active, ours).execution_options(**UNLIMITED)
    each = db.session.scalars(asked).all()
    return Covered(len(each), sum(1 for one in each if one))


def link_with_account(link_id: int) -> tuple[SignInLink, Account] | None:
    """For the worker, which looks as the system."""
    asked = select(SignInLink, Account).join(Account, Account.id == SignInLink.account_id)
    row = db.session.execute(
        asked.where(SignInLink.id == link_id).options(selectinload(Account.standings))
    ).one_or_none()
    return (row[0], row[1]) if row else None
