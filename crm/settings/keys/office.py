"""For admins: how everybody signs in, and a second factor that somebody lost."""

from flask import Flask, abort, current_app, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import ADMINS, Pages
from crm.accounts.models import Account
from crm.accounts.session import Signed
from crm.accounts.steps import code_spent
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.viewer import viewing_as
from crm.core.web import answer
from crm.practice.models import Practice
from crm.settings.keys import operations, queries
from crm.settings.keys.forms import ReasonForm, SignInForm

pages = Pages("sign_in_rules", __name__, roles=ADMINS, url_prefix="/settings")


@pages.get("/sign-in")
def show() -> ResponseReturnValue:
    return rules_page(SignInForm(obj=db.get_or_404(Practice, 1)))


def rules_page(form: Form) -> str:
    return render_template("settings/keys/rules.html", form=form, covered=queries.covered(g.viewer))


@pages.post("/sign-in")
def revise() -> ResponseReturnValue:
    practice, form = db.get_or_404(Practice, 1), SignInForm()

    def deed(press: Press) -> Practice:
        done = operations.set_sign_in(practice, viewer=g.viewer, press=press, **form.fields())
        flash("This counts from the next click on.", "g")
        return done

    return answer(form, deed, rules_page, leads_to=url_for(".show"))


def account_of(account_id: int) -> Account:
    return queries.with_keys(g.viewer, account_id) or abort(404)


@pages.get("/accounts/<id:account_id>/second-factor")
def factors(account_id: int) -> ResponseReturnValue:
    return factors_page(account_id, None)


def factors_page(account_id: int, form: Form | None) -> str:
    account = account_of(account_id)
    shown = form or ReasonForm(None, data={"version": str(account.version)})
    return render_template("settings/keys/reset.html", account=account, form=shown)


@pages.post("/accounts/<id:account_id>/second-factor")
def reset(account_id: int) -> ResponseReturnValue:
    account, form = account_of(account_id), ReasonForm()

    def deed(press: Press) -> Account:
        done = operations.reset_factors(account, viewer=g.viewer, press=press, reason=form.reason.data)
        flash("Their second factor is gone and they are signed out. A mail tells them.", "g")
        return done

    return answer(
        form,
        deed,
        lambda form: factors_page(account_id, form),
        leads_to=url_for("settings.show", account_id=account_id),
    )


def tell_of_spent_code(_: Flask, *, signed: Signed | None) -> None:
    """Somebody came in with a recovery code: how many are left, a line in the trail, and a mail to its owner."""
    if signed is None:
        return
    with current_app.app_context(), viewing_as(signed.viewer, via="web", zone=signed.practice.zone):
        account = queries.with_keys(signed.viewer, signed.account.id)
        if account is None:
            return
        left = account.codes_left  # before the commit, after which it would be read anew
        operations.tell_of_spent_code(account, viewer=signed.viewer)
    few = " Make new ones soon." if left < 4 else ""
    flash(f"You used a recovery code: {left} of ten left.{few}", "a" if left < 4 else "g")


def set_up(app: Flask) -> None:
    code_spent.connect(tell_of_spent_code, app)
