"""Signing in by a link in a mail: for people of clients, if the practice allows it. Open to all, and the same for all."""

from flask import current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerMinute
from werkzeug.exceptions import NotFound, TooManyRequests

from crm.access.pages import OpenPages
from crm.accounts import links, steps
from crm.accounts.limits import may_ask, within
from crm.accounts.session import end_session
from crm.core.web import going
from crm.settings.keys.forms import LinkForm
from crm.settings.keys.operations import ask_for_link

pages = OpenPages("mail_sign_in", __name__, url_prefix="/sign-in/by-mail")

LOOKS = RateLimitItemPerMinute(20)  # of one address of the network


@pages.before_request
def is_offered() -> None:
    if not (g.practice and g.practice.mail_sign_in):
        raise NotFound


@pages.get("")
def ask() -> ResponseReturnValue:
    return render_template("accounts/by_mail.html", form=LinkForm(None, data={"next": going()}))


@pages.post("")
def send() -> ResponseReturnValue:
    form = LinkForm()
    if not form.validate():
        return render_template("accounts/by_mail.html", form=form), 422
    is_heard, is_written = may_ask(form.email.data, request.remote_addr or "")
    if not is_heard:
        raise TooManyRequests(retry_after=600)
    if is_written:
        ask_for_link(form.email.data, leads_to=going(), secret=current_app.config["SECRET_KEY"])
    return redirect(url_for(".sent"), 303)


@pages.get("/sent")
def sent() -> ResponseReturnValue:
    return render_template("accounts/mailed.html")


@pages.get("/<string(length=64):token>")
def show(token: str) -> ResponseReturnValue:
    """A page with a button. Whoever only looks, as mail scanners do, uses nothing up."""
    _count()
    if not links.opens(token):
        return render_template("accounts/link_over.html"), 404
    return render_template("accounts/link.html", token=token)


@pages.post("/<string(length=64):token>")
def enter(token: str) -> ResponseReturnValue:
    _count()
    used = links.use(token)
    if used is None:
        return render_template("accounts/link_over.html"), 404
    account, leads_to = used
    steps.forget_half()
    end_session()
    session["trusted"] = request.form.get("trusted") == "yes"
    return redirect(steps.enter(account.id, "link", leads_to), 303)


def _count() -> None:
    if not within("link", [(LOOKS, request.remote_addr or "")]):
        raise TooManyRequests(retry_after=60)
