"""How one signs in: an app that shows codes, passkeys, recovery codes. And proving again who one is."""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature
from werkzeug.exceptions import TooManyRequests

from crm.access.pages import EVERYBODY, Pages
from crm.accounts import ceremonies
from crm.accounts.factors import Passkey
from crm.accounts.limits import forgive, may_try, within
from crm.accounts.models import Account
from crm.accounts.security import fits
from crm.accounts.session import begin_session, prove
from crm.accounts.steps import CODE_LIMITS, STEP
from crm.core.clock import now
from crm.core.db import db
from crm.core.errors import NotFresh, Refused
from crm.core.forms import Form, Press
from crm.core.settings import KEYS_SHOWN, SEED_LASTS
from crm.core.viewer import Audience
from crm.core.web import answer, going
from crm.portal.shell import around
from crm.settings.keys import operations, queries
from crm.settings.keys.forms import AnswerForm, AppForm, NameForm, PasskeyForm, ProofForm, ProvenForm

pages = Pages("keys", __name__, roles=EVERYBODY, url_prefix="/me/keys")
proof = Pages("proof", __name__, roles=EVERYBODY, url_prefix="/me/proof")

WRONG = "This is not the password that you sign in with"


def library() -> Any:
    return current_app.extensions["security"]


def drawn(template: str, **shown: Any) -> str:
    """In the frame of the desk or of the portal."""
    frame = around() if g.viewer.audience is Audience.CLIENT else {}
    return render_template(f"settings/keys/{template}", **shown, **frame)


def own_account() -> Account:
    return queries.with_keys(g.viewer, g.viewer.account_id) or abort(404)


def new_codes() -> list[Any]:
    codes: list[Any] = library().mf_recovery_codes_util.new()
    return codes


def check_password(form: ProvenForm) -> None:
    """The password of now, counted as at the door. Who has none must have signed in lately. Raises Refused."""
    mine = g.signed.account
    if not mine.password:
        if not g.viewer.fresh:
            raise NotFresh("own.keys")
    elif not fits(form.password.data, mine):
        raise Refused(WRONG, "password")
    else:
        forgive(mine.email, request.remote_addr or "")


def count_a_try() -> None:
    if not may_try(g.signed.account.email, request.remote_addr or ""):
        raise TooManyRequests(retry_after=60)


def proven(
    form: ProvenForm, deed: Callable[[Press], Account], page: Callable[[Form], ResponseReturnValue], leads_to: str
) -> ResponseReturnValue:
    """Answer a form that changes a key: by password, and with a new session in place of all others."""

    def do_it(press: Press) -> Account:
        check_password(form)  # slow, so before the transaction begins
        account = deed(press)
        begin_session(g.signed.account, g.signed.standing.id, until=g.signed.trusted_until)
        return account

    count_a_try()
    return answer(form, do_it, page, leads_to=leads_to)


@pages.get("")
def show() -> ResponseReturnValue:
    return keys_page()


def keys_page(**forms: Form) -> str:
    account = own_account()
    version = str(account.version)
    passkey = forms.get("passkey") or PasskeyForm(None, account=account, data={"version": version})
    codes = forms.get("codes") or ProvenForm(None, account=account, data={"version": version})
    return drawn(
        "show.html", account=account, passkey=passkey, codes=codes, form=next(iter(forms.values()), passkey),
        answer=AnswerForm(None, data={"version": version}), just_made=bool(_lately_made(account)),
    )  # fmt: skip


# --- the app that shows codes ---


@pages.get("/app")
def new_app() -> ResponseReturnValue:
    account = own_account()
    seed = library().tf_setup_serializer.dumps(
        {"secret": library().totp_factory.generate_totp_secret(), "account": account.id}
    )
    return app_page(AppForm(None, account=account, data={"seed": seed, "version": str(account.version)}))


def app_page(form: Form) -> str:
    account, secret = own_account(), seed_of(form["seed"].data)
    codes = library().totp_factory
    return drawn(
        "app.html", form=form, account=account, picture=codes.generate_qrcode(account.email, secret),
        secret=codes.get_totp_pretty_key(secret), uri=codes.get_totp_uri(account.email, secret),
    )  # fmt: skip


def seed_of(seed: str) -> str:
    """The secret that this page showed to this account, half an hour ago at most. 404 for any other."""
    try:
        note = library().tf_setup_serializer.loads(seed or "", max_age=SEED_LASTS.total_seconds())
    except BadSignature:
        abort(404)
    if not isinstance(note, dict) or note.get("account") != g.viewer.account_id:
        abort(404)
    return str(note["secret"])


@pages.post("/app")
def set_app() -> ResponseReturnValue:
    mine = g.signed.account
    form = AppForm(account=mine)
    secret = seed_of(form.seed.data)

    def deed(press: Press) -> Account:
        if not library().totp_factory.verify_totp(form.code.data, secret, mine, STEP):
            raise Refused("That is not the code of now. Look at the app again: it changes every 30 seconds", "code")
        account = operations.set_app(own_account(), viewer=g.viewer, press=press, secret=secret, codes=new_codes())
        flash("Your app is set up. From now on you are asked for its code when you sign in.", "g")
        return account

    return proven(form, deed, app_page, url_for(".codes"))


@pages.get("/app/end")
def ask_drop_app() -> ResponseReturnValue:
    account = own_account()
    return drop_page(ProvenForm(None, account=account, data={"version": str(account.version)}))


def drop_page(form: Form) -> str:
    return drawn("drop_app.html", form=form, account=own_account())


@pages.post("/app/end")
def drop_app() -> ResponseReturnValue:
    form = ProvenForm(account=g.signed.account)

    def deed(press: Press) -> Account:
        return operations.drop_app(own_account(), viewer=g.viewer, press=press, needed=is_needed())

    return proven(form, deed, drop_page, url_for(".show"))


def is_needed() -> bool:
    """Whether the practice asks this account for a second factor."""
    return bool(g.practice.staff_second_factor and any(one.person_id for one in g.signed.standings))


# --- passkeys ---


@pages.post("/passkeys/options")
def passkey_options() -> ResponseReturnValue:
    """For the script of the page: what the browser's window shall make. The password is asked for here, before it opens,
    so that no passkey is made that then counts for nothing."""
    form = PasskeyForm(account=g.signed.account)
    count_a_try()
    if not form.validate():
        return jsonify(problem=form.problems[0][1] if form.problems else "Open the page anew and try again."), 422
    try:
        check_password(form)
    except Refused as wrong:
        return jsonify(problem=str(wrong)), 422
    account = own_account()
    if any(one.name == form.name.data for one in account.passkeys):
        return jsonify(problem="You have a passkey of this name. Write another one."), 422
    return jsonify(ceremonies.begin(account, form.name.data))


@pages.post("/passkeys")
def add_passkey() -> ResponseReturnValue:
    """The browser's answer. Our sealed note in it says that the password was right, and which name was written."""
    form = AnswerForm()

    def deed(press: Press) -> Account:
        made = ceremonies.finish(g.signed.account, form.credential.data or "", form.state.data or "")
        account = operations.add_passkey(own_account(), viewer=g.viewer, press=press, passkey=made, codes=new_codes())
        begin_session(g.signed.account, g.signed.standing.id, until=g.signed.trusted_until)
        flash(f"“{made.name}” opens your account from now on.", "g")
        return account

    return answer(form, deed, lambda form: keys_page(answer=form), leads_to=url_for(".codes"))


def own_passkey(account: Account, passkey_id: int) -> Passkey:
    return next((one for one in account.passkeys if one.id == passkey_id), None) or abort(404)


@pages.get("/passkeys/<id:passkey_id>")
def passkey(passkey_id: int) -> ResponseReturnValue:
    return passkey_page(passkey_id)


def passkey_page(passkey_id: int, **forms: Form) -> str:
    account = own_account()
    one = own_passkey(account, passkey_id)
    version = {"version": str(account.version)}
    naming = forms.get("naming") or NameForm(None, data={"name": one.name, **version})
    ending = forms.get("ending") or ProvenForm(None, account=account, data=version)
    return drawn(
        "passkey.html", one=one, naming=naming, ending=ending, form=next(iter(forms.values()), naming), account=account
    )


@pages.post("/passkeys/<id:passkey_id>")
def name_passkey(passkey_id: int) -> ResponseReturnValue:
    form = NameForm()
    account = own_account()
    one = own_passkey(account, passkey_id)
    return answer(
        form,
        lambda press: operations.name_passkey(account, viewer=g.viewer, press=press, passkey=one, name=form.name.data),
        lambda form: passkey_page(passkey_id, naming=form),
        leads_to=url_for(".show"),
    )


@pages.post("/passkeys/<id:passkey_id>/end")
def drop_passkey(passkey_id: int) -> ResponseReturnValue:
    form = ProvenForm(account=g.signed.account)
    own_passkey(own_account(), passkey_id)
    db.session.rollback()  # the password is slow to check

    def deed(press: Press) -> Account:
        account = own_account()
        one = own_passkey(account, passkey_id)
        return operations.drop_passkey(account, viewer=g.viewer, press=press, passkey=one, needed=is_needed())

    return proven(form, deed, lambda form: passkey_page(passkey_id, ending=form), url_for(".show"))


# --- recovery codes ---


def _lately_made(account: Account) -> list[Any]:
    """Codes are shown for ten minutes after they were made, while their owner notes them; then never again."""
    unused = [one for one in account.recovery_codes if one.used_at is None]
    return [one for one in unused if one.made_at > now() - KEYS_SHOWN]


@pages.get("/codes")
def codes() -> ResponseReturnValue:
    account = own_account()
    shown = library().mf_recovery_codes_util.read(_lately_made(account)) if g.viewer.fresh else []
    return drawn("codes.html", account=account, shown=shown)


@pages.post("/codes")
def renew_codes() -> ResponseReturnValue:
    form = ProvenForm(account=g.signed.account)

    def deed(press: Press) -> Account:
        return operations.renew_codes(own_account(), viewer=g.viewer, press=press, codes=new_codes())

    return proven(form, deed, lambda form: keys_page(codes=form), url_for(".codes"))


# --- proving again who one is ---


@proof.get("")
def ask() -> ResponseReturnValue:
    return proof_page(ProofForm(None, data={"next": going()}))


def proof_page(form: Form) -> str:
    account = own_account()
    return drawn("proof.html", form=form, account=account, next=going(), by_mail=g.practice.mail_sign_in)


@proof.post("")
def check() -> ResponseReturnValue:
    form, mine = ProofForm(), g.signed.account

    def deed(_: Press) -> None:
        if form.code.data:
            _count_codes()
            if not mine.tf_totp_secret or not library().totp_factory.verify_totp(
                form.code.data, mine.tf_totp_secret, mine, STEP
            ):
                raise Refused("That is not the code of now. Each code opens once", "code")
        elif not fits(form.password.data or "", mine):
            raise Refused(WRONG, "password")
        forgive(mine.email, request.remote_addr or "")
        prove(g.signed.session_id)

    count_a_try()
    return answer(form, deed, proof_page, leads_to=going())


def _count_codes() -> None:
    """Under the same count as the codes at the door."""
    if not within("code", [(limit, g.signed.account.fs_uniquifier) for limit in CODE_LIMITS]):
        raise TooManyRequests(retry_after=60)


@proof.post("/passkey/options")
def proof_options() -> ResponseReturnValue:
    count_a_try()
    return jsonify(ceremonies.challenge(own_account()))


@proof.post("/passkey")
def check_passkey() -> ResponseReturnValue:
    form = AnswerForm()
    count_a_try()
    if form.validate() and ceremonies.proves(g.signed.account, form.credential.data or "", form.state.data or ""):
        forgive(g.signed.account.email, request.remote_addr or "")
        prove(g.signed.session_id)
        return redirect(going(), 303)
    flash("That passkey does not prove it. Try again, or take another way.")
    return redirect(url_for(".ask", next=going()), 303)
