"""One's own account: what one is called, the colours, the password, where one is signed in, whom one stands for."""

from collections.abc import Sequence

from flask import abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from crm.access.pages import EVERYBODY, Pages
from crm.accounts.kept import kept_form
from crm.accounts.limits import forgive, may_ask, may_try
from crm.accounts.models import Account, SignedIn
from crm.accounts.security import fits, hash_password
from crm.accounts.session import begin_session
from crm.core.errors import Refused
from crm.core.forms import Form, Press
from crm.core.web import answer
from crm.figures import own_companies
from crm.portal.shell import surroundings
from crm.settings import addresses, operations, queries
from crm.settings.devices import device_said
from crm.settings.forms import AddressForm, OwnForm, OwnPasswordForm

pages = Pages("own", __name__, roles=EVERYBODY, url_prefix="/me")


def own_account() -> Account:
    return queries.account_of(g.viewer, g.viewer.account_id) or abort(404)


@pages.get("")
def show() -> ResponseReturnValue:
    return own_page()


def own_page(**forms: Form) -> str:
    """Everything that is one's own to choose, with the form that was refused, or fresh ones."""
    account = own_account()
    version = str(account.version)
    secret = forms.get("secret") or OwnPasswordForm(version=version)
    return render_template(
        "settings/me.html", account=account, chosen=forms.get("chosen") or OwnForm(obj=account), secret=secret,
        address=forms.get("address") or AddressForm(version=version), moving=queries.waiting_changes(account.id),
        form=next(iter(forms.values()), secret), press=Form(version=version), device_said=device_said,
        sessions=queries.own_sessions(g.viewer),
        companies=own_companies() if len(g.signed.standings) > 1 else {},
        **surroundings(),
    )  # fmt: skip


@pages.post("")
def revise() -> ResponseReturnValue:
    account, form = own_account(), OwnForm()
    return answer(
        form,
        lambda press: operations.revise_own(
            account, viewer=g.viewer, press=press, name=form.name.data or "", theme=form.theme.data or "",
            single_keys=bool(form.single_keys.data), with_timer=bool(form.with_timer.data),
        ),
        lambda form: own_page(chosen=form),
        leads_to=url_for(".show"),
    )  # fmt: skip


@pages.post("/password")
def set_password() -> ResponseReturnValue:
    """Asks for the old one, and counts wrong answers as the door does: a borrowed screen is no key."""
    mine, form = g.signed.account, OwnPasswordForm()
    form.offer(mine)

    def set_it(press: Press) -> Account:
        if not fits(form.password.data, mine):
            raise Refused("This is not the password that you sign in with", "password")
        forgive(mine.email, request.remote_addr or "")
        hashed = hash_password(form.new_password.data)  # slow, so before the transaction begins
        account = operations.set_own_password(own_account(), viewer=g.viewer, press=press, hashed=hashed)
        begin_session(mine, g.signed.standing.id, until=g.signed.trusted_until)
        flash("Your new password counts from now on. Every other device is signed out.", "g")
        return account

    if not may_try(mine.email, request.remote_addr or ""):
        raise TooManyRequests(retry_after=60)
    return answer(form, set_it, lambda form: own_page(secret=form), leads_to=url_for(".show"))


@pages.post("/address")
def ask_address() -> ResponseReturnValue:
    """A new address is asked for with the password, and confirmed from there. A wrong password counts as at the door."""
    mine, form = g.signed.account, AddressForm()

    def ask(press: Press) -> Account:
        if not fits(form.password.data, mine):
            raise Refused("This is not the password that you sign in with", "password")
        forgive(mine.email, request.remote_addr or "")
        account = addresses.ask_address(own_account(), viewer=g.viewer, press=press, email=form.email.data)
        flash(f"We wrote to {form.email.data}. Your address changes as soon as you confirm it there.", "g")
        return account

    where = request.remote_addr or ""
    if not may_try(mine.email, where) or not may_ask(mine.email, where)[0]:  # each wish is a mail to somebody
        raise TooManyRequests(retry_after=60)
    return answer(form, ask, lambda form: own_page(address=form), leads_to=url_for(".show"))


@pages.post("/address/drop")
def drop_address() -> ResponseReturnValue:
    account = own_account()
    return answer(
        Form(),
        lambda press: addresses.drop_address(account, viewer=g.viewer, press=press),
        lambda form: own_page(button=form),
        leads_to=url_for(".show"),
    )


@pages.get("/kept/<id:kept_id>")
def kept(kept_id: int) -> ResponseReturnValue:
    """What was typed when the session had ended: shown filled, and sent by nobody but its author."""
    found = kept_form(g.signed.account.id, kept_id) or abort(404)
    return render_template("settings/kept.html", kept=found, **surroundings())


@pages.post("/sessions")
def end_others() -> ResponseReturnValue:
    """Out everywhere but here."""
    others = [one for one in queries.own_sessions(g.viewer) if one.id != g.signed.session_id]
    return end(others)


@pages.post("/sessions/<id:session_id>/end")
def end_one(session_id: int) -> ResponseReturnValue:
    return end([queries.own_session(g.viewer, session_id) or abort(404)])


def end(sessions: Sequence[SignedIn]) -> ResponseReturnValue:
    account = own_account()
    return answer(
        Form(),
        lambda press: operations.end_own_sessions(account, viewer=g.viewer, press=press, sessions=sessions),
        lambda form: own_page(button=form),
        leads_to=url_for(".show"),
    )
