"""The second step of a sign-in, and passkeys: Flask-Security's own views, with what it leaves to us.

It takes a code again within its half minute, asks for a stick of hardware where any passkey will do, trusts the address
that a browser names, lets a half sign-in wait for ever, and counts nothing. Here each code opens once, also for those
that come at the same moment; the origin is that of the settings; ten minutes are left for the second step; every try is
counted.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import qrcode
import qrcode.image.svg
from blinker import Namespace
from flask import Flask, abort, current_app, flash, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import MfRecoveryCodesUtil, Totp, WebauthnUtil, login_user
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from passlib.exc import UsedTokenError
from sqlalchemy import or_, select, update
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from werkzeug.exceptions import TooManyRequests

from crm.accounts.factors import RecoveryCode
from crm.accounts.limits import within
from crm.accounts.models import Account
from crm.accounts.session import account_session, whoever_signed_in
from crm.core.clock import now

SECOND_STEP = timedelta(minutes=10)
CHALLENGE = timedelta(minutes=5)  # a phone may have to be fetched
STEP = 30  # seconds that a code is shown; one before and one after are taken too
CODES = 10
# Who comes this far has the password: a strict limit keeps nobody out whom others could not keep out anyway.
CODE_LIMITS = (RateLimitItemPerMinute(5), RateLimitItemPerHour(20))
KEY_LIMIT = RateLimitItemPerMinute(30)  # of one address
ONCE = RateLimitItemPerMinute(1, multiples=6)  # longer than a challenge lives

code_spent = Namespace().signal("recovery-code-spent")

Steps = Callable[..., Any]


class OnceTotp(Totp):
    """Codes of an app. The row of the account keeps the last one that was taken; a statement decides who took it."""

    def generate_qrcode(self, username: str, totp: str) -> str:
        """With a light ground of its own, or no camera finds it in the dark."""
        drawn = qrcode.make(self.get_totp_uri(username, totp), image_factory=qrcode.image.svg.SvgFillImage)
        return f"data:image/svg+xml;base64,{base64.b64encode(drawn.to_string()).decode()}"

    def get_last_counter(self, user: Any) -> int | None:
        return cast("int | None", user.tf_counter)

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        older = or_(Account.tf_counter.is_(None), Account.tf_counter < tmatch.counter)
        taken = update(Account).where(Account.id == user.id, older).values(tf_counter=tmatch.counter)
        with account_session(writes=True) as accounts:
            if not accounts.execute(taken).rowcount:  # type: ignore[attr-defined]
                raise UsedTokenError


class PaperCodes(MfRecoveryCodesUtil):
    """Recovery codes, a row each. Checking one spends it: of two that come at once, one is let in."""

    def new(self) -> list[RecoveryCode]:
        plain = current_app.extensions["security"].totp_factory.generate_recovery_codes(CODES)
        return [RecoveryCode(secret=secret, made_at=now()) for secret in self._encrypt_codes(plain)]

    def read(self, codes: Iterable[RecoveryCode]) -> list[str]:
        """As they are noted by their owner."""
        return self._decrypt_codes([one.secret for one in codes])

    def check_recovery_code(self, user: Any, code: str) -> bool:
        typed = _letters(code)
        unused = select(RecoveryCode).where(RecoveryCode.account_id == user.id, RecoveryCode.used_at.is_(None))
        with account_session(writes=True) as accounts:
            for row in accounts.scalars(unused):
                known = "".join(self._decrypt_codes([row.secret]))
                if known and hmac.compare_digest(_letters(known).encode(), typed.encode()):
                    spent = update(RecoveryCode).where(RecoveryCode.id == row.id, RecoveryCode.used_at.is_(None))
                    return bool(accounts.execute(spent.values(used_at=now())).rowcount)  # type: ignore[attr-defined]
        return False

    def delete_recovery_code(self, user: Any, code: str) -> bool:  # noqa: ARG002
        """The library throws a code away after it was checked; ours is spent by then."""
        return True


def _letters(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())


class Passkeys(WebauthnUtil):
    """Any passkey whose owner shows that it is them: phones, computers, sticks."""

    def origin(self) -> Any:
        """That of the settings, whatever a request says. On one's own machine also by its name, for a number has no
        passkeys."""
        base = current_app.config["BASE_URL"].rstrip("/")
        parts = urlsplit(base)
        if parts.hostname != "127.0.0.1":
            return base
        return [base, base.replace("127.0.0.1", "localhost")]

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:  # noqa: ARG002
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:  # noqa: ARG002
        return UserVerificationRequirement.REQUIRED


# --- between the password and the session ---


def begin_second_step(leads_to: str) -> str:
    """The right password was typed, and more is asked. Where that is asked: by the app, where there is one."""
    session["tf_state"] = "ready"  # the page of codes offers passkey and recovery code too: nobody chooses first
    session.pop("tf_select", None)
    session["half"] = {"since": int(time.time()), "leads_to": leads_to}
    account = current_app.extensions["accounts"].find_user(fs_uniquifier=session["tf_user_id"])
    has_app = bool(account and account.tf_totp_secret)
    return url_for("security.two_factor_token_validation" if has_app else "security.wan_signin")


def enter(account_id: int, via: str, leads_to: str) -> str:
    """Somebody proved one thing elsewhere than at the door: they are in, or asked for the second. Where they go now."""
    library = current_app.extensions["security"]
    account = library.datastore.find_user(id=account_id)
    if library.two_factor_plugins.tf_enter(account, False, via, None):
        return begin_second_step(leads_to)
    login_user(account, authn_via=[via])
    return leads_to


def is_half_signed_in() -> bool:
    """The password was right, and that is not long ago."""
    half = session.get("half")
    if not half or "tf_user_id" not in session:
        return False
    return bool(time.time() - half["since"] < SECOND_STEP.total_seconds())


def forget_half() -> dict[str, Any]:
    """Nothing is left of a sign-in that was finished or given up."""
    for key in ("tf_state", "tf_user_id", "tf_select", "tf_remember_login", "trusted"):
        session.pop(key, None)
    return session.pop("half", None) or {}


def step_after_password(view: Steps, kind: str) -> Steps:
    """A code or a recovery code: only after the password, and not often."""

    def step() -> ResponseReturnValue:
        if whoever_signed_in():
            return redirect("/", 303)
        if not is_half_signed_in() or request.is_json:
            forget_half()
            return redirect(url_for("security.login"), 303)
        if request.method == "POST":
            _count(kind, [(limit, session["tf_user_id"]) for limit in CODE_LIMITS])
        answer = make_response(view())
        if g.pop("let_in", None):
            return _let_in(kind)
        if request.method == "POST" and answer.status_code == 200:
            answer.status_code = 422
        return answer

    return step


def _let_in(kind: str) -> ResponseReturnValue:
    if kind == "recovery":
        code_spent.send(current_app._get_current_object(), signed=whoever_signed_in())  # type: ignore[attr-defined]
    return redirect(forget_half().get("leads_to", "/"), 303)


def passkey_page(view: Steps) -> Steps:
    """Its page; and by POST a new challenge for the browser's own window."""

    def step() -> ResponseReturnValue:
        if whoever_signed_in():
            return redirect("/", 303)
        if not is_half_signed_in():
            forget_half()
        if request.is_json:
            abort(400)
        if request.method == "POST":
            _count("passkey", [(KEY_LIMIT, request.remote_addr or "")])
        return make_response(view())

    return step


def passkey_answer(view: Steps, where_to: Callable[[], str]) -> Steps:
    """What the passkey answered. A challenge is answered once."""

    def step(token: str) -> ResponseReturnValue:
        if request.is_json:
            abort(400)
        if not is_half_signed_in():
            forget_half()
            session["trusted"] = request.form.get("trusted") == "yes"
        _count("passkey", [(KEY_LIMIT, request.remote_addr or "")])
        leads_to = (session.get("half") or {}).get("leads_to") or where_to()
        if answers_once(token):
            view(token=token)
            if g.pop("let_in", None):
                forget_half()
                return redirect(leads_to, 303)
        flash("That passkey does not open this. Try again, or take another way.")
        return redirect(url_for("security.wan_signin", next=leads_to if leads_to != "/" else None), 303)

    return step


def answers_once(challenge: str) -> bool:
    """Whether this challenge was not answered before, by anybody in any process."""
    return within("challenge", [(ONCE, hashlib.sha256(challenge.encode()).hexdigest())])


def _count(kind: str, keyed: list[tuple[RateLimitItem, str]]) -> None:
    if not within(kind, keyed):
        raise TooManyRequests(retry_after=60)


def set_up(app: Flask, where_to: Callable[[], str]) -> None:
    """Our steps around the library's views. All others of it are not there."""
    views = app.view_functions
    kept: dict[str, Steps] = {
        "security.two_factor_token_validation": step_after_password(views["security.two_factor_token_validation"], "code"),
        "security.mf_recovery": step_after_password(views["security.mf_recovery"], "recovery"),
        "security.wan_signin": passkey_page(views["security.wan_signin"]),
        "security.wan_signin_response": passkey_answer(views["security.wan_signin_response"], where_to),
    }  # fmt: skip
    app.view_functions.update(kept)
    for endpoint in list(views):
        if endpoint.startswith("security.") and endpoint not in {"security.login", "security.logout", *kept}:
            app.view_functions[endpoint] = lambda **_: abort(404)
