"""The office: who may sign in, the practice's own data, mail that has not left. For admins only."""

from flask import Response, abort, current_app, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import ADMINS, Pages
from crm.accounts.models import Account
from crm.accounts.security import hash_password
from crm.audit.trail import history_of
from crm.core.clock import now
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.lists import all_rows, csv_of, page_of
from crm.core.viewer import Role
from crm.core.web import answer
from crm.core.words import clock_time, iso, local, worded
from crm.figures import ContactName, contacts_by_name
from crm.outbox.kinds import called
from crm.outbox.models import Outbox
from crm.people.models import Person
from crm.practice.models import Practice
from crm.settings import addresses, invitations, mail_queries, operations, queries
from crm.settings.forms import ColleagueForm, InvitationForm, NameForm, PasswordForm, PracticeForm, RoleForm
from crm.settings.housekeeping import chores
from crm.settings.operations import Hat

pages = Pages("settings", __name__, roles=ADMINS, url_prefix="/settings")

# Mail carries its style on its elements; the page may do nothing else, and is of no origin. A link in it opens.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-top-navigation-by-user-activation"
AT_FIRST = 20  # of what is stuck, above the demo's mailbox
WHOM = "<any(person,contact):kind>/<id:whom_id>"


@pages.get("")
def home() -> ResponseReturnValue:
    failed, waiting, oldest = mail_queries.mail_stuck(g.viewer)
    practice, access = the_practice(), queries.access(g.viewer)
    return render_template(
        "settings/home.html", access=access, failed=failed, waiting=waiting, oldest=oldest, practice=practice,
        chores=chores(access, failed, queries.without_access(g.viewer), practice, current_app.config),
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
    export = page.exported_by(".export_accounts")
    return render_template(
        "settings/accounts.html", page=page, said=said, access=queries.access(g.viewer), export=export
    )


@pages.get("/accounts.csv")
def export_accounts() -> Response:
    found = all_rows(queries.accounts(g.viewer), queries.listing(now()))
    said = queries.hats_said(hat for one in found for hat in one.hats)
    rows = (
        (one.name, one.email, "; ".join(", ".join(filter(None, (said[hat.id].role, said[hat.id].of))) for hat in one.hats),
         iso(one.signed_in_at.date() if one.signed_in_at else None), "Open" if one.active else "Closed")
        for one in found
    )  # fmt: skip
    return csv_of(("Name", "Mail", "Stands for", "Last signed in", "State"), rows, "accounts")


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


@pages.get("/accounts/new/colleague")
def new_colleague() -> ResponseReturnValue:
    """Somebody whom the practice does not know yet."""
    return colleague_page(ColleagueForm(data={"role": Role.CONSULTANT}))


@pages.post("/accounts/new/colleague")
def add_colleague() -> ResponseReturnValue:
    form = ColleagueForm()
    form.offer(queries.OF_THE_PRACTICE)
    return answer(
        form,
        lambda press: invitations.invite_colleague(viewer=g.viewer, press=press, **form.fields()),
        lambda _: colleague_page(form),
        leads_to=lambda made: address_of(made.id),
    )


def colleague_page(form: ColleagueForm) -> str:
    form.offer(queries.OF_THE_PRACTICE)
    return render_template("settings/colleague.html", form=form)


@pages.get(f"/accounts/new/{WHOM}")
def new(kind: str, whom_id: int) -> ResponseReturnValue:
    whom = somebody(kind, whom_id)
    return new_page(whom, InvitationForm(data={"email": whom.email, "role": usual_role(whom)}))


@pages.post(f"/accounts/new/{WHOM}")
def add(kind: str, whom_id: int) -> ResponseReturnValue:
    form = InvitationForm()
    form.offer(roles_of(kind))

    def make(press: Press) -> Account:
        hat = Hat(form.role.data, somebody(kind, whom_id))
        return invitations.invite(viewer=g.viewer, hat=hat, email=form.email.data or "", press=press)

    return answer(
        form, make, lambda _: new_page(somebody(kind, whom_id), form), leads_to=lambda made: address_of(made.id)
    )


def new_page(whom: Person | ContactName, form: InvitationForm) -> str:
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
        live=queries.live_of(account, now()), waiting=queries.open_invitation(account.id), over=now(), done=db.session.scalars(history_of(account)).all(),
    )  # fmt: skip


@pages.post("/accounts/<id:account_id>")
def revise(account_id: int) -> ResponseReturnValue:
    account, form = account_of(account_id), NameForm()
    return answer(
        form,
        lambda press: addresses.revise_account(account, viewer=g.viewer, press=press, **form.fields()),
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


@pages.post("/accounts/<id:account_id>/<any(close,invite,reopen,sessions,withdraw):deed>")
def change(account_id: int, deed: str) -> ResponseReturnValue:
    """Close it, open it again, end its sessions, send its invitation again or withdraw it: a button each."""
    account, form = account_of(account_id), Form()
    does = {
        "close": operations.close_account,
        "reopen": operations.reopen_account,
        "sessions": operations.end_all_sessions,
        "invite": invitations.invite_again,
        "withdraw": invitations.withdraw,
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
    """The demo pages through its mailbox, and shows what is stuck above it; a practice pages through what is stuck."""
    practice = the_practice()
    failed, waiting, oldest = mail_queries.mail_stuck(g.viewer)
    stuck, letters = mail_queries.waiting_mail(g.viewer), None
    if practice.is_demo:
        letters = page_of(mail_queries.demo_mail(g.viewer), mail_queries.LETTERS_KEPT)
        found = db.session.scalars(
            stuck.order_by(Outbox.dead_at.is_(None), Outbox.made_at, Outbox.id).limit(AT_FIRST)
        ).all()
        page = None
    else:
        page = page_of(stuck, mail_queries.NOT_LEFT)
        found = page.rows
    return render_template(
        "settings/mail.html", form=form, failed=failed, waiting=waiting, oldest=oldest, practice=practice, stuck=found,
        page=page, letters=letters, export=page and page.exported_by(".export_mail"), press=Form, all_at_once=Form(formdata=None, version=str(practice.version)),
    )  # fmt: skip


@pages.get("/mail/waiting.csv")
def export_mail() -> Response:
    """What has not left, and why. What it says is read by nobody here."""
    rows = (
        (one.id, called(one.kind) if one.kind else worded(one.topic.replace(".", " ")), one.recipient, iso(local(one.made_at).date()), clock_time(one.made_at),
         one.attempts, "Given up" if one.dead_at else "Trying again" if one.attempts else "Waiting", one.error)
        for one in all_rows(mail_queries.waiting_mail(g.viewer), mail_queries.NOT_LEFT)
    )  # fmt: skip
    return csv_of(("No.", "About", "To", "Since", "Time", "Tries", "State", "What happened"), rows, "mail-not-left")


@pages.post("/mail/retry")
def retry_all() -> ResponseReturnValue:
    """What was given up, all at once: the mail server is back."""
    return answer(
        Form(),
        lambda press: operations.retry_all_mail(the_practice(), viewer=g.viewer, press=press),
        mail_page,
        leads_to=url_for(".mail"),
    )


@pages.get("/mail/letters/<id:letter_id>")
def letter(letter_id: int) -> ResponseReturnValue:
    """A letter of the demo as a mail reader shows it: a page without rights of its own, that loads nothing."""
    found = mail_queries.demo_letter(g.viewer, letter_id) if the_practice().is_demo else None
    if found is None or not found.html:
        abort(404)
    shown = current_app.make_response(found.html)
    shown.headers["Content-Security-Policy"] = LETTER_POLICY
    return shown


@pages.post("/mail/<id:message_id>/retry")
def retry(message_id: int) -> ResponseReturnValue:
    message = mail_queries.message_of(g.viewer, message_id) or abort(404)
    return answer(
        Form(),
        lambda press: operations.retry_mail(message, viewer=g.viewer, press=press),
        mail_page,
        leads_to=url_for(".mail"),
    )
