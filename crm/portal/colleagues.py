"""What the sponsor lets colleagues read who only look on: nothing of the lists, what was promised to them, or all."""

from flask import g
from flask.typing import ResponseReturnValue

from crm.access.pages import Pages
from crm.clients.models import Client
from crm.clients.operations import open_client_to_viewers
from crm.core.db import db
from crm.core.forms import Form, Press, Tick
from crm.core.viewer import Role
from crm.core.web import answer
from crm.portal.shell import page

pages = Pages("portal_colleagues", __name__, roles={Role.SPONSOR}, url_prefix="/portal/colleagues")


class OpenForm(Form):
    viewers_see_promises = Tick("What was promised to them and to their department")
    viewers_see_registers = Tick("All working lists that are shared with you")


def _own_company() -> Client:
    found: Client = db.get_or_404(Client, g.viewer.client_id)
    return found


def _shown(form: Form) -> str:
    return page("portal/colleagues.html", form=form)


@pages.get("")
def show() -> ResponseReturnValue:
    return _shown(OpenForm(obj=_own_company()))


@pages.post("")
def allow() -> ResponseReturnValue:
    client, form = _own_company(), OpenForm()

    def deed(press: Press) -> Client:
        return open_client_to_viewers(
            client, promises=form.viewers_see_promises.data, registers=form.viewers_see_registers.data,
            changes=form.changes(client), viewer=g.viewer, press=press,
        )  # fmt: skip

    return answer(form, deed, _shown, leads_to="/portal/colleagues?saved=1")
