"""Sign-in: Flask-Security does passwords and forms, on sessions of our own that end when the account is disabled."""

import unicodedata
from typing import Any, cast

from flask import Flask, Response, abort, current_app, g, make_response, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import user_logged_in, user_logged_out
from flask_security import MailUtil, RoleMixin, Security, SQLAlchemySessionUserDatastore
from flask_security.forms import LoginForm
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import TooManyRequests

from crm.accounts import steps
from crm.accounts.factors import Passkey
from crm.accounts.limits import forgive, may_try
from crm.accounts.models import Account
from crm.accounts.session import account_session, account_sessions, begin_session, end_session, whoever_signed_in
from crm.core import inputs
from crm.core.clock import now
from crm.core.web import going
from crm.practice.models import Practice

ARGON2 = {"argon2__memory_cost": 19456, "argon2__time_cost": 2, "argon2__parallelism": 1}  # 19 MiB, 26 ms


WRONG_CODE = "That is not the code of now. Type the six digits that the app shows; each code opens once"
WRONG_RECOVERY = "That is none of your codes, or it was used before. They look like 1a2b-3c4d-5e6f"


class Accounts(SQLAlchemySessionUserDatastore):
    """Flask-Security's way to accounts. What it looks up is read in a transaction that ends at once."""

    def find_user(self, *args: Any, **by: Any) -> Account | None:
        found = cast("Account | None", super().find_user(*args, **by))
        if found:
            whole = select(Account).where(Account.id == found.id).options(selectinload(Account.passkeys))
            found = account_sessions.scalars(whole.execution_options(populate_existing=True)).one()
        account_sessions.commit()
        return found

    def find_webauthn(self, credential_id: bytes) -> Passkey | None:
        """Of an account that is open: the library goes on after it said that one is closed."""
        asked = select(Passkey).join(Account, Account.id == Passkey.account_id)
        found = account_sessions.scalars(
            asked.where(Passkey.credential_id == credential_id, Account.active)
        ).one_or_none()
        account_sessions.commit()
        return found


class Addresses(MailUtil):
    """Mail addresses as everywhere in the house, in lower case. Whether one can be reached is not asked at the door."""

    def normalize(self, email: str) -> str:
        return inputs.mail(email)

    def validate(self, email: str) -> str:
        return inputs.mail(email)


class SignInForm(LoginForm):
    """The library's form, with labels of ours and no "remember me": that is a cookie of its own, which no list of
    sessions shows. Ours is a tick that makes the session itself last."""

    remember = None
    submit = None

    def validate_next(self, field: Any) -> None:
        """A strange address keeps nobody out: `going` leads home instead."""


class NoRescue(FlaskForm):
    """The library's ways around a lost app are not offered: recovery codes and an admin are."""


def _settings(app: Flask) -> dict[str, Any]:
    """What the library is told: where its pages at the door lie, what it checks by, and what of it is left out."""
    return {
        "SECURITY_PASSWORD_SALT": app.config["PASSWORD_SALT"],
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_HASH_OPTIONS": ARGON2,
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": ("That mail address and password do not belong together.", "error"),
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_REDIRECT_ALLOW_SUBDOMAINS": False,
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": steps.STEP,
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/code.html",
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TOTP_ISSUER": "Twelvefold",
        "SECURITY_TOTP_SECRETS": {"1": app.config["TOTP_SECRET"]},
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": steps.CODES,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [app.config["RECOVERY_KEY"].encode()],
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "accounts/recovery.html",
        "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (WRONG_CODE, "error"),
        "SECURITY_MSG_INVALID_RECOVERY_CODE": (WRONG_RECOVERY, "error"),
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Twelvefold",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_SIGNIN_URL": "/sign-in/passkey",
        "SECURITY_WAN_SIGNIN_TEMPLATE": "accounts/passkey.html",
        "SECURITY_WAN_SIGNIN_WITHIN": steps.CHALLENGE,
        "SECURITY_WAN_SIGNIN_TIMEOUT": int(steps.CHALLENGE.total_seconds()) * 1000,
        "SECURITY_CLI_USERS_NAME": None,  # accounts are made by `flask user`, which knows our rules
        "SECURITY_CLI_ROLES_NAME": None,
    }


def set_up(app: Flask) -> None:
    """Sign-in by Flask-Security, with our rows, limits and sessions in the place of its own."""
    app.config.update(_settings(app))
    security = Security(
        app,
        Accounts(account_sessions, Account, RoleMixin, Passkey),
        login_form=SignInForm,
        two_factor_rescue_form=NoRescue,
        mail_util_cls=Addresses,
        totp_cls=steps.OnceTotp,
        webauthn_util_cls=steps.Passkeys,
        mf_recovery_codes_util_cls=steps.PaperCodes,
        register_blueprint=True,
    )
    security.want_json(lambda request: request.endpoint == "security.wan_signin" and request.method == "POST")
    security.login_context_processor(_offered)
    app.extensions["accounts"] = security.datastore
    app.login_manager.user_loader(_load)  # type: ignore[attr-defined]
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]
    app.view_functions["security.login"] = _limited(app.view_functions["security.login"])
    steps.set_up(app, going)
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end, app)
    app.teardown_appcontext(lambda _: account_sessions.remove())


def _load(_: str) -> Account | None:
    """Flask-Login asks by the account's own mark; ours is the session in the database that says who it is."""
    signed = whoever_signed_in()
    return signed.account if signed else None


def _begin(app: Flask, user: Account, **_: Any) -> None:  # noqa: ARG001
    begin_session(user, trusted=bool(session.pop("trusted", False)))
    g.let_in = True


def _end(app: Flask, **_: Any) -> None:  # noqa: ARG001
    end_session()


def _limited(view: Any) -> Any:
    """Too many tries: 429 at once. A form with an error: 422, as everywhere in the house."""

    def sign_in() -> ResponseReturnValue:
        if request.method != "POST":
            return make_response(view())
        if request.is_json:
            abort(400)  # its address would not be counted
        steps.forget_half()
        session["trusted"] = request.form.get("trusted") == "yes"
        email, address = request.form.get("email", "")[:200], request.remote_addr or ""
        if not may_try(email, address):
            raise TooManyRequests(retry_after=60)
        answer: Response = make_response(view())
        if answer.status_code == 200:
            answer.status_code = 422
        elif answer.status_code in {302, 303}:
            forgive(email, address)
            leads_to = going()
            is_in = g.pop("let_in", None) or "tf_user_id" not in session
            answer = make_response(redirect(leads_to if is_in else steps.begin_second_step(leads_to), 303))
        return answer

    return sign_in


def _offered() -> dict[str, Any]:
    """Whose door it is, and what it says beside the password: whether people of clients may ask for a link by mail. It
    stands also where the database does not answer."""
    try:
        with account_session(writes=False) as accounts:
            practice = accounts.get(Practice, 1)
    except SQLAlchemyError:
        return {"by_mail": False}
    return {"by_mail": bool(practice and practice.mail_sign_in), "practice": practice}


def hash_password(password: str) -> str:
    """For commands and the admin's page: the library's own hash, of the letters as sign-in will compose them.

    Slow on purpose: never inside a transaction.
    """
    from flask_security import hash_password as hashed

    form = current_app.config["SECURITY_PASSWORD_NORMALIZE_FORM"]
    return str(hashed(unicodedata.normalize(form, password)))


def fits(password: str, account: Account) -> bool:
    """Whether this is the account's password. Slow on purpose: never inside a transaction."""
    from flask_security import verify_password

    form = current_app.config["SECURITY_PASSWORD_NORMALIZE_FORM"]
    return bool(account.password and verify_password(unicodedata.normalize(form, password), account.password))
