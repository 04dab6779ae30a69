"""Whoever owns an account hears that its password was set anew: it may not have been them."""

from collections.abc import Iterator

from sqlalchemy import select

from crm.accounts.models import Account, Standing
from crm.clients.models import Contact
from crm.core.db import db
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.people.models import Person

BY_THEMSELVES = "The password of your account was changed on the page of your account"
BY_AN_ADMIN = "An admin set a new password for your account"


def announce_password(account: Account, *, own: bool) -> None:
    """Counted by the row's version: each new password is told."""
    post("account.password_set", key=f"account:{account.id}:password:{account.version}", account_id=account.id, own=own)


@notice("account.password_set")
def tell_the_owner(account_id: int, *, own: bool) -> Iterator[Letter]:
    worn = select(Standing).where(Standing.account_id == account_id, Standing.ended_at.is_(None)).order_by(Standing.id)
    standing = db.session.scalars(worn.limit(1)).one_or_none()
    if standing is None:
        return
    owner: Person | Contact
    if standing.person_id:
        owner = db.session.get_one(Person, standing.person_id)
    else:
        owner = db.session.get_one(Contact, standing.contact_id)
    yield Letter(
        to=owner,
        about=owner,
        subject="Your password was changed",
        text=(
            f"{BY_THEMSELVES if own else BY_AN_ADMIN}, and every other device was signed out. "
            "The old password opens nothing any more.\n\nIf you know of it, there is nothing to do. If not, tell us at once."
        ),
        path="/me",
        link="Your account",
    )
