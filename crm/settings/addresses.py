"""Another mail address: asked for with the password, confirmed from the new one, stopped from the old one."""

from crm.access.act import act
from crm.accounts.invitations import CONFIRMED_WITHIN, AddressChange
from crm.accounts.models import Account
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.outbox.models import post
from crm.settings.invitations import send_again
from crm.settings.notices import announce_address
from crm.settings.operations import only_one, rename_account
from crm.settings.queries import account_by_mail, address_change, open_invitation, waiting_changes


def ask_address(account: Account, *, viewer: Viewer, press: Press, email: str) -> Account:
    """Nothing changes yet: both addresses are written to. Whether another account has it is told to nobody here."""
    with act(viewer, "own.ask_address", account, press=press):
        begin_change(account, email)
    return account


def begin_change(account: Account, email: str) -> None:
    if email == account.email:
        raise Refused(f"{email} is the address of this account already. Write another one", "email")
    moment = now()
    for waiting in waiting_changes(account.id):
        waiting.end(moment)
    made = AddressChange(account_id=account.id, email=email, asked_at=moment, expires_at=moment + CONFIRMED_WITHIN)
    db.session.add(made)
    db.session.flush()
    announce_address(made)


def revise_account(account: Account, *, viewer: Viewer, press: Press, name: str, email: str) -> Account:
    """By an admin. An address that somebody signs in with is confirmed by them; that of an open invitation is a slip of
    the pen, and the invitation goes to the right one."""
    if email == account.email:
        return rename_account(account, viewer=viewer, press=press, name=name, email=email)
    if account.password:
        with act(viewer, "account.revise", account, press=press, reason=f"{email}, to be confirmed"):
            if account_by_mail(viewer, email):
                raise Refused(f"{email} belongs to another account. Write another address", "email")
            account.name = name
            begin_change(account, email)
        return account
    with act(viewer, "account.revise", account, press=press):
        rename_account(account, viewer=viewer, press=None, name=name, email=email)
        if open_invitation(account.id):
            send_again(account, viewer)
    return account


def drop_address(account: Account, *, viewer: Viewer, press: Press) -> Account:
    """Whoever asked for it thinks again: the links are dead."""
    with act(viewer, "own.stop_address", account, press=press):
        for waiting in waiting_changes(account.id):
            waiting.end(now())
    return account


def confirm_address(account: Account, change_id: int, *, viewer: Viewer, press: Press) -> Account:
    change = address_change(account.id, change_id)
    with act(viewer, "own.confirm_address", account, press=press, reason=f"{account.email}, now {change.email}"):
        change.confirm(now())
        account.email = change.email
        only_one(change.email)
        account.end_links()
    return account


def stop_address(account: Account, change_id: int, *, hashed: str, viewer: Viewer, press: Press) -> Account:
    """Whoever asked knew the password: they are out everywhere, it opens nothing any more, and the owner is written to
    with a link to choose a new one. `hashed` is of a password that nobody knows."""
    change = address_change(account.id, change_id)
    with act(viewer, "own.stop_address", account, press=press, reason="Stopped from the old address"):
        change.end(now())
        account.set_password(hashed, now())
        post("account.reset_asked", key=f"address_change:{change.id}:stopped", account_id=account.id)
    return account
