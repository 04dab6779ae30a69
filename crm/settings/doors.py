"""Before the door: an invitation, a forgotten password, a new address. A link opens a page; only its button changes
anything, for scanners of mail follow every link."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from crm.access.pages import OpenPages
from crm.accounts import steps
from crm.accounts.invitations import AddressChange, Invitation
from crm.accounts.limits import may_ask
from crm.accounts.models import Account
from crm.accounts.security import hash_password
from crm.accounts.session import account_session, whoever_signed_in
from crm.accounts.tokens import Link, Opened, opened
from crm.core.clock import now
from crm.core.db import db, transaction
from crm.core.forms import Form, Press
from crm.core.viewer import SYSTEM, look_as
from crm.core.web import answer
from crm.outbox.models import post
from crm.settings import addresses, invitations, queries
from crm.settings.forms import AskForm, FirstPasswordForm

pages = OpenPages("doors", __name__)


@contextmanager
def as_its_owner(account: Account) -> Iterator[Account]:
    """What the link's owner does is done through their own eyes; the row is loaded by the session that writes it."""
    viewer = account.hats[0].viewer()
    look_as(viewer, via="link", request_id=g.setdefault("request_id", uuid4().hex))
    yield queries.account_of(viewer, account.id) or abort(404)


def dead(reason: str, found: Opened | None = None) -> ResponseReturnValue:
    """A link that opens nothing: why, and what to do. 404 for one that we never wrote, 410 for one that is over."""
    return render_template("accounts/dead.html", reason=reason), 410 if found else 404


def _somebody_else(account: Account) -> str:
    """The name of whoever is signed in here, if that is not the link's owner."""
    signed = whoever_signed_in()
    return signed.account.name if signed and signed.account.id != account.id else ""


# --- an invitation ---


def _invitation(found: Opened) -> Invitation | None:
    with account_session(writes=False) as accounts:
        asked = select(Invitation).where(Invitation.id == found.about, Invitation.account_id == found.account.id)
        return accounts.scalars(asked).one_or_none()


def _why_dead(found: Opened | None, invitation: Invitation | None) -> str:
    """Empty when the invitation is alive."""
    if found is None or invitation is None:
        return "unknown"
    if invitation.accepted_at:
        return "used"
    if invitation.ended_at or not found.account.active:
        return "withdrawn"
    if invitation.is_over(now()):
        return "expired"
    return "" if found.is_live else "resent"


@pages.get("/invitation/<token>")
def invitation(token: str) -> ResponseReturnValue:
    found = opened(Link.INVITATION, token)
    kept = _invitation(found) if found else None
    reason = _why_dead(found, kept)
    if found is None or kept is None or reason:
        return dead(reason, found)
    return _choose(found.account, FirstPasswordForm(version=str(found.account.version)), until=kept.expires_at)


@pages.post("/invitation/<token>")
def accept(token: str) -> ResponseReturnValue:
    found = opened(Link.INVITATION, token)
    reason = _why_dead(found, _invitation(found) if found else None)
    if found is None or reason:
        return dead(reason, found)
    return _set_password(found.account, invitations.accept, "/")


def _choose(account: Account, form: Form, **shown: Any) -> str:
    return render_template(
        "accounts/choose.html", form=form, account=account, other=_somebody_else(account), until=shown.get("until"),
        is_new=account.password is None,
    )  # fmt: skip


def _set_password(account: Account, deed: Any, leads_to: str) -> ResponseReturnValue:
    """The owner's own password. With the first one they are in, or
    at their second step; after a reset they sign in, by all that is asked there."""
    form = FirstPasswordForm()
    form.offer(account)
    if _somebody_else(account):
        return _choose(account, form), 409
    is_new = account.password is None

    def set_it(press: Press) -> None:
        hashed = hash_password(form.password.data)  # slow, so before the transaction begins
        with as_its_owner(account) as owner:
            deed(owner, viewer=db.session.info["viewer"], press=press, hashed=hashed)
        if is_new:
            steps.enter(account.id, "invitation", leads_to)

    return answer(form, set_it, lambda form: _choose(account, form), leads_to=leads_to)


# --- a forgotten password ---


@pages.get("/forgotten")
def forgotten() -> ResponseReturnValue:
    return render_template("accounts/forgotten.html", form=AskForm(), is_sent="sent" in request.args)


@pages.post("/forgotten")
def ask() -> ResponseReturnValue:
    """One answer in one time for every address, known or not: who there is, is found out when the mail is written."""
    form = AskForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form, is_sent=False), 422
    press = form.press(leads_to=url_for(".forgotten", sent=1))
    is_heard, is_written = may_ask(form.email.data, request.remote_addr or "")
    if not is_heard:
        raise TooManyRequests(retry_after=600)
    with account_session(writes=False) as accounts:
        found = accounts.scalar(select(Account.id).where(Account.email == form.email.data))
    if is_written:
        look_as(SYSTEM, via="link", request_id=g.setdefault("request_id", uuid4().hex))
        with transaction():
            post("account.reset_asked", key=f"reset:{found or 0}:{press.once}", account_id=found or 0)
    return redirect(url_for(".forgotten", sent=1), 303)


@pages.get("/reset/<token>")
def reset(token: str) -> ResponseReturnValue:
    found = opened(Link.RESET, token)
    if found is None or not found.is_live:
        return dead("reset", found)
    return _choose(found.account, FirstPasswordForm(version=str(found.account.version)))


@pages.post("/reset/<token>")
def set_anew(token: str) -> ResponseReturnValue:
    found = opened(Link.RESET, token)
    if found is None or not found.is_live:
        return dead("reset", found)
    return _set_password(found.account, invitations.reset_password, url_for(".done", what="password"))


# --- a new address ---


def _change(found: Opened | None) -> AddressChange | None:
    if found is None or not found.is_live or found.way not in {"confirm", "stop"}:
        return None
    with account_session(writes=False) as accounts:
        asked = select(AddressChange).where(
            AddressChange.id == found.about, AddressChange.account_id == found.account.id
        )
        change = accounts.scalars(asked).one_or_none()
    return change if change and change.is_open(now()) else None


@pages.get("/address/<token>")
def address(token: str) -> ResponseReturnValue:
    found = opened(Link.ADDRESS, token)
    change = _change(found)
    if found is None or change is None:
        return dead("address", found)
    return _address(found, change, Form(version=str(found.account.version)))


def _address(found: Opened, change: AddressChange, form: Form) -> str:
    return render_template("accounts/address.html", form=form, account=found.account, change=change, way=found.way)


@pages.post("/address/<token>")
def answer_address(token: str) -> ResponseReturnValue:
    found = opened(Link.ADDRESS, token)
    change = _change(found)
    if found is None or change is None:
        return dead("address", found)
    stops = (
        {"hashed": hash_password(token_urlsafe())} if found.way == "stop" else {}
    )  # slow, so before the transaction begins
    deed: Any = addresses.stop_address if stops else addresses.confirm_address

    def do(press: Press) -> None:
        with as_its_owner(found.account) as owner:
            deed(owner, change.id, viewer=db.session.info["viewer"], press=press, **stops)

    what = "address" if found.way == "confirm" else "stopped"
    return answer(Form(), do, lambda form: _address(found, change, form), leads_to=url_for(".done", what=what))


@pages.get("/done/<any(password,address,stopped):what>")
def done(what: str) -> ResponseReturnValue:
    """What was done, and where it goes on. Says nothing about anybody."""
    return render_template("accounts/done.html", what=what)
