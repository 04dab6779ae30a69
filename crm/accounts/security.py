"""Sign-in: Flask-Security does passwords and forms, on sessions of our own that end when the account is disabled."""

import unicodedata
from typing import Any, cast

from flask import Flask, Response, abort, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import user_logged_in, user_logged_out
from flask_security import MailUtil, RoleMixin, Security, SQLAlchemySessionUserDatastore
from flask_security.forms import LoginForm
from werkzeug.exceptions import TooManyRequests

from crm.accounts.limits import forgive, may_try
from crm.accounts.models import Account
from crm.accounts.session import account_sessions, begin_session, end_session, whoever_signed_in
from crm.core import inputs

ARGON2 = {"argon2__memory_cost": 19456, "argon2__time_cost": 2, "argon2__parallelism": 1}  # 19 MiB, 26 ms


class Accounts(SQLAlchemySessionUserDatastore):
    """Flask-Security's way to accounts. What it looks up is read in a transaction that ends at once."""

    def find_user(self, *args: Any, **by: Any) -> Account | None:
        found = cast("Account | None", super().find_user(*args, **by))
        account_sessions.commit()
        return found


class Addresses(MailUtil):
    """Mail addresses as everywhere in the house, in lower case. Whether one can be reached is not asked at the door."""

    def normalize(self, email: str) -> str:
        return inputs.mail(email)

    def validate(self, email: str) -> str:
        return inputs.mail(email)


class SignInForm(LoginForm):
    """The library's form, with labels of ours and no "remember me": a session lasts a working day."""

    remember = None
    submit = None

    def validate_next(self, field: Any) -> None:
        """A strange address keeps nobody out: `_where_to` leads home instead."""


def set_up(app: Flask) -> None:
    app.config.update(
        SECURITY_PASSWORD_SALT=app.config["PASSWORD_SALT"],
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_HASH_OPTIONS=ARGON2,
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_LOGIN_USER_TEMPLATE="accounts/sign_in.html",
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=("That mail address and password do not belong together.", "error"),
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_REDIRECT_ALLOW_SUBDOMAINS=False,
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_CLI_USERS_NAME=None,  # accounts are made by `flask user`, which knows our rules
        SECURITY_CLI_ROLES_NAME=None,
    )
    security = Security(
        app,
        Accounts(account_sessions, Account, RoleMixin),
        login_form=SignInForm,
        mail_util_cls=Addresses,
        register_blueprint=True,
    )
    app.extensions["accounts"] = security.datastore
    app.login_manager.user_loader(_load)  # type: ignore[attr-defined]
    app.login_manager.request_loader(lambda _: None)  # type: ignore[attr-defined]
    for endpoint, view in list(app.view_functions.items()):
        if endpoint == "security.login":
            app.view_functions[endpoint] = _limited(view)
        elif endpoint.startswith("security.") and endpoint != "security.logout":
            app.view_functions[endpoint] = lambda **_: abort(404)  # not offered yet
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end, app)
    app.teardown_appcontext(lambda _: account_sessions.remove())


def _load(_: str) -> Account | None:
    """Flask-Login asks by the account's own mark; ours is the session in the database that says who it is."""
    signed = whoever_signed_in()
    return signed.account if signed else None


def _begin(app: Flask, user: Account, **_: Any) -> None:  # noqa: ARG001
    begin_session(user)


def _end(app: Flask, **_: Any) -> None:  # noqa: ARG001
    end_session()


def _limited(view: Any) -> Any:
    """Too many tries: 429 at once. A form with an error: 422, as everywhere in the house."""

    def sign_in() -> ResponseReturnValue:
        if request.method != "POST":
            return make_response(view())
        email, address = request.form.get("email", "")[:200], request.remote_addr or ""
        if not may_try(email, address):
            raise TooManyRequests(retry_after=60)
        answer: Response = make_response(view())
        if answer.status_code == 200:
            answer.status_code = 422
        elif answer.status_code in {302, 303}:
            forgive(email, address)
            answer = make_response(redirect(_where_to(), 303))
        return answer

    return sign_in


def _where_to() -> str:
    """Where somebody was going when the door stopped them, if that is a path of ours."""
    try:
        return inputs.own_path(request.form.get("next") or request.args.get("next") or "/")
    except ValueError:
        return url_for("home.door")


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
