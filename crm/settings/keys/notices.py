"""Whoever owns an account hears of every change to its keys: it may not have been them."""

from collections.abc import Iterator

from flask import current_app

from crm.accounts.links import invitation_lapsed, token_of
from crm.accounts.models import Account
from crm.core.clock import now
from crm.core.db import db
from crm.outbox.kinds import Kind
from crm.outbox.models import post
from crm.outbox.notices import Letter, notice
from crm.practice.models import Practice
from crm.settings.keys.queries import link_with_account
from crm.settings.notices import owner_of

SAID = {
    "app_set": ("Codes of an app were set up", "Your account now asks for a code of your authenticator app."),
    "app_dropped": ("Codes of an app were switched off", "Your account no longer asks for a code of an app."),
    "passkey_added": ("A passkey was added", "A new passkey opens your account."),
    "passkey_dropped": ("A passkey was removed", "A passkey that opened your account was removed."),
    "codes_renewed": ("Your recovery codes were renewed", "The ten old codes open nothing any more."),
    "code_spent": ("A recovery code was used", "Somebody signed in with your password and one of your recovery codes."),
    "reset": (
        "Your second factor was reset",
        "An admin removed your app, passkeys and recovery codes, and signed you out everywhere. Set them up again soon.",
    ),
}


def announce_key(account: Account, what: str) -> None:
    """Counted by moment: each change is told."""
    db.session.flush()
    key = f"account:{account.id}:key:{what}:{account.version}:{now():%Y%m%d%H%M%S%f}"
    post("account.key_changed", key=key, account_id=account.id, what=what)


@notice("account.key_changed")
def tell_the_owner(account_id: int, *, what: str) -> Iterator[Letter]:
    owner = owner_of(account_id)
    if owner is None:
        return
    subject, text = SAID[what]
    close = (
        "If this was you, or you know of it, there is nothing to do. If not, change your password and tell us at once."
    )
    yield Letter(
        to=owner, about=owner, subject=subject, text=f"{text}\n\n{close}", path="/me/keys", link="How you sign in",
        kind=Kind.SECURITY,
    )  # fmt: skip


@notice("account.sign_in_link")
def send_the_link(link_id: int) -> Iterator[Letter]:
    """Only while it opens something: a link for nobody, or one too old, is no letter."""
    found = link_with_account(link_id)
    if found is None:
        return
    link, account = found
    owner = owner_of(account.id)
    allowed = db.session.get_one(Practice, 1).mail_sign_in and account.may_sign_in_by_mail
    allowed = allowed and not invitation_lapsed(db.session(), account)
    if owner is None or not allowed or link.used_at or link.expires_at <= now():
        return
    text = (
        "You, or somebody who knows your address, asked to sign in by mail. The link opens once and for fifteen minutes;"
        " the page it leads to has a button that signs you in.\n\nIf it was not you, do nothing: without the link nobody"
        " gets in."
    )
    path = f"/sign-in/by-mail/{token_of(link.salt, current_app.config['SECRET_KEY'], account.fs_uniquifier)}"
    yield Letter(to=owner, about=owner, subject="Your link to sign in", text=text, path=path, link="Sign in",
                 kind=Kind.SECURITY, address=account.email)  # fmt: skip
