"""What a person holds in their hand: the app that shows codes."""

import time

from passlib.totp import TOTP
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from crm.accounts.factors import RecoveryCode
from crm.accounts.models import Account
from crm.accounts.security import hash_password

RIGHT = "ferry-lantern-cobalt-9"


class Phone:
    """The app on somebody's phone, with the secret that our page showed it."""

    def __init__(self, secret):
        self.secret = "".join(secret.split("-")).replace(" ", "")

    def code(self, steps=0):
        """The code of now, or of some steps later."""
        return TOTP(key=self.secret, format="base32").generate(time.time() + 30 * steps).token


def library(app):
    return app.extensions["security"]


def give_password(app, stage, account, password=RIGHT):
    with app.test_request_context():
        hashed = hash_password(password)
    stage.execute(update(Account).where(Account.id == account.id).values(password=hashed))


def give_app(app, stage, account):
    """As if they had set it up before: the phone that holds it."""
    secret = library(app).totp_factory.generate_totp_secret()
    stage.execute(update(Account).where(Account.id == account.id).values(tf_totp_secret=secret))
    return Phone(library(app).totp_factory.get_totp_pretty_key(secret))


def give_codes(app, stage, account):
    """Ten recovery codes, as their owner noted them."""
    with app.app_context():
        util = library(app).mf_recovery_codes_util
        rows = util.new()
        plain = util.read(rows)
    for row in rows:
        stage.add(RecoveryCode(account_id=account.id, secret=row.secret, made_at=row.made_at))
    stage.commit()
    return plain


def account_now(stage, account):
    """The row as it stands, with its keys."""
    whole = select(Account).options(
        selectinload(Account.passkeys), selectinload(Account.recovery_codes), selectinload(Account.sessions)
    )
    return stage.scalars(whole.where(Account.id == account.id).execution_options(populate_existing=True)).one()


def knock(app, account, password=RIGHT, **more):
    """A browser that has typed the password."""
    browser = app.test_client()
    return browser, browser.post("/sign-in", data={"email": account.email, "password": password, **more})
