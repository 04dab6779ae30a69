"""Setting up, removing and resetting what opens an account beside its password."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.access.act import act
from crm.accounts.factors import Passkey, RecoveryCode, SignInLink
from crm.accounts.links import LASTS, token_of
from crm.accounts.models import Account
from crm.accounts.session import digest_of
from crm.core.clock import now
from crm.core.db import db, transaction
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.viewer import SYSTEM, Viewer, viewing_as
from crm.outbox.models import post
from crm.practice.models import Practice
from crm.settings.keys.notices import announce_key

MOST = 20  # passkeys of one account
NEEDED = "The practice asks you for a second factor. Set up another one first."


def set_app(account: Account, *, viewer: Viewer, press: Press, secret: str, codes: list[RecoveryCode]) -> Account:
    """Codes of an app from now on. Every session ends, for whoever opened one had less to show; so do old codes' ways."""
    with act(viewer, "own.set_app", account, press=press):
        account.tf_totp_secret = secret
        _give_codes(account, codes)
        account.end_sessions(now())
        announce_key(account, "app_set")
    return account


def drop_app(account: Account, *, viewer: Viewer, press: Press, needed: bool) -> Account:
    with act(viewer, "own.drop_app", account, press=press):
        if not account.tf_totp_secret:
            raise Refused("There is no app to switch off.")
        account.tf_totp_secret = None
        _without(account, needed=needed)
        announce_key(account, "app_dropped")
    return account


def add_passkey(
    account: Account, *, viewer: Viewer, press: Press, passkey: Passkey, codes: list[RecoveryCode]
) -> Account:
    with act(viewer, "own.add_passkey", account, press=press, reason=passkey.name):
        if len(account.passkeys) >= MOST:
            raise Refused(f"You have {MOST} passkeys. Remove one that you no longer use first.")
        _only_name(account, passkey.name)
        account.passkeys.append(passkey)
        _give_codes(account, codes)
        account.end_sessions(now())
        announce_key(account, "passkey_added")
    return account


def name_passkey(account: Account, *, viewer: Viewer, press: Press, passkey: Passkey, name: str) -> Account:
    with act(viewer, "own.name_passkey", account, press=press, reason=name):
        if name != passkey.name:
            _only_name(account, name)
        passkey.name = name
    return account


def drop_passkey(account: Account, *, viewer: Viewer, press: Press, passkey: Passkey, needed: bool) -> Account:
    with act(viewer, "own.drop_passkey", account, press=press, reason=passkey.name):
        account.passkeys.remove(passkey)
        _without(account, needed=needed)
        announce_key(account, "passkey_dropped")
    return account


def renew_codes(account: Account, *, viewer: Viewer, press: Press, codes: list[RecoveryCode]) -> Account:
    with act(viewer, "own.renew_codes", account, press=press):
        if not account.has_second_factor:
            raise Refused("Recovery codes stand in for a second factor. Set one up first.")
        account.recovery_codes = codes
        account.end_sessions(now())
        announce_key(account, "codes_renewed")
    return account


def tell_of_spent_code(account: Account, *, viewer: Viewer) -> Account:
    """The door has taken it already; this is its line in the trail, and the letter."""
    with act(viewer, "own.spend_code", account):
        announce_key(account, "code_spent")
    return account


def reset_factors(account: Account, *, viewer: Viewer, reason: str, press: Press | None = None) -> Account:
    """For somebody who lost them. Nobody sees what they were, and their owner hears of it."""
    with act(viewer, "account.reset_factors", account, press=press, reason=reason):
        if account.id == viewer.account_id:
            raise Refused("You cannot reset your own second factor. Another admin can.")
        if not (account.has_second_factor or account.recovery_codes):
            raise Refused(f"{account.name} has no second factor.")
        account.tf_totp_secret = None
        account.passkeys, account.recovery_codes = [], []
        account.end_sessions(now())
        announce_key(account, "reset")
    return account


def set_sign_in(
    practice: Practice, *, viewer: Viewer, press: Press, staff_second_factor: bool, mail_sign_in: bool
) -> Practice:
    with act(viewer, "practice.set_sign_in", practice, press=press):
        practice.staff_second_factor, practice.mail_sign_in = staff_second_factor, mail_sign_in
    return practice


def ask_for_link(email: str, *, leads_to: str, secret: str) -> None:
    """The same work for every address: a link for nobody is written down too, and no letter comes of it."""
    with viewing_as(SYSTEM, via="web"), transaction():
        asked = select(Account).where(Account.email == email).options(selectinload(Account.standings))
        account = db.session.scalars(asked).one_or_none()
        salt, moment = secrets.token_hex(32), now()
        mark = account.fs_uniquifier if account else ""
        link = SignInLink(
            account_id=account.id if account and account.may_sign_in_by_mail else None, salt=salt, leads_to=leads_to,
            token_hash=digest_of(token_of(salt, secret, mark)), made_at=moment, expires_at=moment + LASTS,
        )  # fmt: skip
        db.session.add(link)
        db.session.flush()
        post("account.sign_in_link", key=f"sign_in_link:{link.id}", link_id=link.id)


def _give_codes(account: Account, codes: list[RecoveryCode]) -> None:
    """With the first factor come the codes for the day when it is lost."""
    if not account.codes_left:
        account.recovery_codes = codes


def _without(account: Account, *, needed: bool) -> None:
    """What follows when one of them is gone."""
    if not account.has_second_factor:
        if needed:
            raise Refused(NEEDED)
        account.recovery_codes = []
    account.end_sessions(now())


def _only_name(account: Account, name: str) -> None:
    if any(one.name == name for one in account.passkeys):
        raise Refused("You have a passkey of this name. Write another one", "name")
