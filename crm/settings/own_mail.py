"""How often mail of each kind comes: everybody chooses for themselves."""

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import EVERYBODY, Pages
from crm.core.forms import Form
from crm.core.viewer import Audience
from crm.core.web import answer
from crm.outbox.inbox import choice_of
from crm.outbox.models import MailChoice
from crm.portal.shell import surroundings
from crm.settings import operations
from crm.settings.forms import OwnMailForm

pages = Pages("own_mail", __name__, roles=EVERYBODY, url_prefix="/me/mail")


def own_choice() -> MailChoice:
    """What stands, or what would be the first choice."""
    return choice_of(g.viewer.account_id) or MailChoice(account_id=g.viewer.account_id, paces={}, weekly_on=0, zone="")


@pages.get("")
def show() -> ResponseReturnValue:
    choice = own_choice()
    form = OwnMailForm(data={"weekly_on": choice.weekly_on, "zone": choice.zone, "version": str(choice.version or 1)})
    form.offer(g.viewer.audience, choice.paces)
    return mail_page(form)


def mail_page(form: Form) -> str:
    return render_template(
        "settings/own_mail.html", form=form, zone=g.practice.zone, ours=g.viewer.audience is Audience.PRACTICE,
        email=g.signed.account.email, **surroundings(),
    )  # fmt: skip


@pages.post("")
def choose() -> ResponseReturnValue:
    choice, form = own_choice(), OwnMailForm()
    form.offer(g.viewer.audience)
    return answer(
        form,
        lambda press: operations.choose_mail(
            choice,
            viewer=g.viewer,
            press=press,
            paces=form.paces(),
            weekly_on=form.chosen_day,
            zone=form.zone.data or "",
        ),
        mail_page,
        leads_to=url_for("own.show"),
    )
