"""The office: who may sign in, the practice's own data, mail that has not left. For admins only."""

from flask import abort, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import ADMINS, Pages
from crm.accounts.models import Account
from crm.accounts.security import hash_password
from crm.audit.trail import history_of
from crm.core.clock import now
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.lists import page_of
from crm.core.viewer import Role
from crm.core.web import answer
from crm.figures import ContactName, contacts_by_name
from crm.people.models import Person
from crm.practice.models import Practice
from crm.settings import operations, queries
from crm.settings.forms import AccountForm, NameForm, PasswordForm, PracticeForm, RoleForm
from crm.settings.operations import Hat

pages = Pages("settings", __name__, roles=ADMINS, url_prefix="/settings")

WHOM = "<any(person,contact):kind>/<id:whom_id>"


@pages.get("")
def home() -> ResponseReturnValue:
    failed, waiting, oldest = queries.mail_stuck(g.viewer)
    return render_template(
        "settings/home.html", access=queries.access(g.viewer), failed=failed, waiting=waiting, oldest=oldest,
        practice=the_practice(),
    )  # fmt: skip


# --- the practice ---


def the_practice() -> Practice:
    return db.get_or_404(Practice, 1)


@pages.get("/practice")
def practice() -> ResponseReturnValue:
    return practice_page(PracticeForm(obj=the_practice()))


@pages.post("/practice")
def revise_practice() -> ResponseReturnValue:
    practice, form = the_practice(), PracticeForm()
    return answer(
        form,
        lambda press: operations.revise_practice(practice, viewer=g.viewer, press=press, **form.fields()),
        practice_page,
        leads_to=url_for(".home"),
    )


def practice_page(form: Form) -> str:
    return render_template("settings/practice.html", form=form)


# --- accounts ---


@pages.get("/accounts")
def accounts() -> ResponseReturnValue:
    page = page_of(queries.accounts(g.viewer), queries.listing(now()))
    said = queries.hats_said(hat for one in page.rows for hat in one.hats)
    return render_template("settings/accounts.html", page=page, said=said, access=queries.access(g.viewer))


@pages.get("/accounts/new")
def choose() -> ResponseReturnValue:
    """First who, by a search; then as what."""
    return choose_page(None)


def choose_page(account: Account | None) -> str:
    words = " ".join(request.args.get("q", "").replace("\0", "").split())[:200]
    return render_template(
        "settings/choose.html", words=words, account=account, at_once=queries.AT_ONCE,
        people=queries.people_by_name(words), contacts=contacts_by_name(words, at_most=queries.AT_ONCE),
    )  # fmt: skip


@pages.get(f"/accounts/new/{WHOM}")
def new(kind: str, whom_id: int) -> ResponseReturnValue:
    whom = somebody(kind, whom_id)
    return new_page(whom, AccountForm(data={"email": whom.email, "role": usual_role(whom)}))


@pages.post(f"/accounts/new/{WHOM}")
def add(kind: str, whom_id: int) -> ResponseReturnValue:
    form = AccountForm()
    form.offer(roles_of(kind))

    def make(press: Press) -> Account:
        hashed = hash_password(form.password.data)  # slow, so before the transaction begins
        hat = Hat(form.role.data, somebody(kind, whom_id))
        return operations.add_account(viewer=g.viewer, hat=hat, email=form.email.data or "", hashed=hashed, press=press)

    return answer(
        form, make, lambda _: new_page(somebody(kind, whom_id), form), leads_to=lambda made: address_of(made.id)
    )


def new_page(whom: Person | ContactName, form: AccountForm) -> str:
    form.offer(roles_of(kind_of(whom)))
    return render_template("settings/new.html", form=form, whom=whom, kind=kind_of(whom))


def somebody(kind: str, whom_id: int) -> Person | ContactName:
    """Who gets access: a person of the practice, or a contact by name."""
    if kind == "person":
        return db.get_or_404(Person, whom_id)
    found = contacts_by_name(ids=[whom_id])
    return found[0] if found else abort(404)


def kind_of(whom: Person | ContactName) -> str:
    return "person" if isinstance(whom, Person) else "contact"


def roles_of(kind: str) -> tuple[Role, ...]:
    return queries.OF_THE_PRACTICE if kind == "person" else queries.OF_A_CLIENT


def usual_role(whom: Person | ContactName) -> Role:
    return Role(whom.kind.value) if isinstance(whom, Person) else Role.VIEWER


def address_of(account_id: int) -> str:
    return url_for(".show", account_id=account_id)


def account_of(account_id: int) -> Account:
    return queries.account_of(g.viewer, account_id) or abort(404)


@pages.get("/accounts/<id:account_id>")
def show(account_id: int) -> ResponseReturnValue:
    return account_page(account_of(account_id))


def account_page(account: Account, **forms: Form) -> str:
    """One account, with the forms that were refused, or fresh ones."""
    names = forms.get("names") or NameForm(obj=account)
    secret = forms.get("secret") or PasswordForm(version=str(account.version))
    if isinstance(secret, PasswordForm):
        secret.offer(account)
    return render_template(
        "settings/account.html", account=account, said=queries.hats_said(account.standings), names=names, secret=secret,
        form=next(iter(forms.values()), names), press=Form(version=str(account.version)),
        live=queries.live_of(account, now()), done=db.session.scalars(history_of(account)).all(),
    )  # fmt: skip


@pages.post("/accounts/<id:account_id>")
def revise(account_id: int) -> ResponseReturnValue:
    account, form = account_of(account_id), NameForm()
    return answer(
        form,
        lambda press: operations.revise_account(account, viewer=g.viewer, press=press, **form.fields()),
        lambda form: account_page(account_of(account_id), names=form),
        leads_to=address_of(account_id),
    )


@pages.post("/accounts/<id:account_id>/password")
def set_password(account_id: int) -> ResponseReturnValue:
    form = PasswordForm()
    form.offer(account_of(account_id))
    db.session.rollback()

    def set_it(press: Press) -> Account:
        hashed = hash_password(form.password.data)  # slow, so before the transaction begins
        account = operations.set_password(account_of(account_id), viewer=g.viewer, hashed=hashed, press=press)
        flash("The new password is set, and whoever was signed in with the old one is out.", "g")
        return account

    return answer(
        form, set_it, lambda form: account_page(account_of(account_id), secret=form), leads_to=address_of(account_id)
    )


@pages.post("/accounts/<id:account_id>/<any(close,reopen,sessions):deed>")
def change(account_id: int, deed: str) -> ResponseReturnValue:
    """Close it, open it again, or end its sessions: a button each."""
    account, form = account_of(account_id), Form()
    does = {
        "close": operations.close_account,
        "reopen": operations.reopen_account,
        "sessions": operations.end_all_sessions,
    }
    return answer(
        form,
        lambda press: does[deed](account, viewer=g.viewer, press=press),
        lambda form: account_page(account_of(account_id), button=form),
        leads_to=address_of(account_id),
    )


@pages.get("/accounts/<id:account_id>/roles")
def choose_role(account_id: int) -> ResponseReturnValue:
    return choose_page(account_of(account_id))


@pages.get(f"/accounts/<id:account_id>/roles/{WHOM}")
def new_role(account_id: int, kind: str, whom_id: int) -> ResponseReturnValue:
    account, whom = account_of(account_id), somebody(kind, whom_id)
    return role_page(account, whom, RoleForm(data={"role": usual_role(whom), "version": str(account.version)}))


@pages.post(f"/accounts/<id:account_id>/roles/{WHOM}")
def give(account_id: int, kind: str, whom_id: int) -> ResponseReturnValue:
    account, whom, form = account_of(account_id), somebody(kind, whom_id), RoleForm()
    form.offer(roles_of(kind))
    return answer(
        form,
        lambda press: operations.give(account, viewer=g.viewer, hat=Hat(form.role.data, whom), press=press),
        lambda form: role_page(account_of(account_id), somebody(kind, whom_id), form),
        leads_to=address_of(account_id),
    )


def role_page(account: Account, whom: Person | ContactName, form: Form) -> str:
    if isinstance(form, RoleForm):
        form.offer(roles_of(kind_of(whom)))
    return render_template("settings/role.html", form=form, account=account, whom=whom, kind=kind_of(whom))


@pages.post("/accounts/<id:account_id>/roles/<id:standing_id>/end")
def take(account_id: int, standing_id: int) -> ResponseReturnValue:
    account, form = account_of(account_id), Form()
    standing = next((one for one in account.standings if one.id == standing_id), None) or abort(404)
    said = queries.hats_said([standing])[standing.id]
    return answer(
        form,
        lambda press: operations.take(account, viewer=g.viewer, standing=standing, press=press, said=f"{said.role}: {said.who}"),
        lambda form: account_page(account_of(account_id), button=form),
        leads_to=address_of(account_id),
    )  # fmt: skip


# --- mail ---


@pages.get("/mail")
def mail() -> ResponseReturnValue:
    """What has not left; and in the demo, what would have."""
    return mail_page(Form())


def mail_page(form: Form) -> str:
    practice = the_practice()
    failed, waiting, oldest = queries.mail_stuck(g.viewer)
    return render_template(
        "settings/mail.html", form=form, failed=failed, waiting=waiting, oldest=oldest, practice=practice,
        stuck=db.session.scalars(queries.waiting_mail(g.viewer)).all(), press=Form,
        letters=page_of(queries.demo_mail(g.viewer), queries.LETTERS_KEPT) if practice.is_demo else None,
    )  # fmt: skip


@pages.post("/mail/<id:message_id>/retry")
def retry(message_id: int) -> ResponseReturnValue:
    message = queries.message_of(g.viewer, message_id) or abort(404)
    return answer(
        Form(),
        lambda press: operations.retry_mail(message, viewer=g.viewer, press=press),
        mail_page,
        leads_to=url_for(".mail"),
    )
